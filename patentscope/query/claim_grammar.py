"""How a claim is written on the command line, and where what was written can't be read.

claim = SET (">" | "<") SET ["by" NUMBER "%"] "in" YEARS
      | SET (">" | "<" | "=" | "about") NUMBER "x" SET "in" YEARS
      | "share of" SET ["among" SET] (">" | "<" | "=" | "about") NUMBER "%" "in" YEARS
SET   = code ("+" code)* | "*"
YEARS = year [".." year]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from patentscope.errors import Fault, QueryError

EXAMPLES = (
    "`CN > US+AU+JP by 73% in 2024`, `JP+KR < CN in 2015..2020`, `CN > * in 2024` for all other countries, "
    "`CN > 2x US in 2024`, `share of CN > 60% in 2024` or `share of CN among CN+US+AU+JP = 63% in 2024`"
)
MORE, LESS, EQUAL = ">", "<", "="
_SIGNS = {">": MORE, "<": LESS, "=": EQUAL, "ABOUT": EQUAL}
_TIMES = {"X", "×", "TIMES"}
_RANGE = {"..", "-", "–"}
_THOUSANDS = re.compile(r"\d{1,3},\d{3}")
_LONGEST_NUMBER = 12
_TOKEN = re.compile(r"\s*(\d+(?:[.,]\d+)?|[A-Za-z]+|\.\.|\S)")


@dataclass(frozen=True)
class Said:
    """What a claim says, word by word: nothing in it has been checked but the order of its parts.

    Attributes:
        left: codes as written, in capitals; `*` for all others.
        right: likewise; empty for a share among all countries.
        sign: `>`, `<` or `=`.
        excess: 73 for `by 73%`.
        times: 2 for `2x`.
        percent: 60 for a share of 60 %; its claim's `right` is what stands behind `among`.
        years: first and last.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    sign: str
    years: tuple[int, int]
    excess: float | None = None
    times: float | None = None
    percent: float | None = None


def read(text: str) -> Said:
    """Return what *text* says.

    Raises:
        QueryError: where it does not follow the grammar, with the character at which it stops to do so.
    """
    reader = _Reader(text)
    said = reader.share() if reader.skip("SHARE") else reader.comparison()
    if reader.word():
        reader.fail("the claim's end")
    return said


class _Reader:
    """Reads a claim from left to right, one word at a time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [(match[1], match.start(1)) for match in _TOKEN.finditer(text)]
        self.place = 0

    def word(self) -> str:
        """The next word in capitals; empty at the end."""
        return self.words[self.place][0].upper() if self.place < len(self.words) else ""

    def sees(self, *wanted: str) -> bool:
        return self.word() in wanted

    def take(self) -> str:
        self.place += 1
        return self.words[self.place - 1][0].upper()

    def skip(self, *wanted: str) -> bool:
        """Take the next word if it is one of *wanted*, and say whether it was."""
        is_there = self.sees(*wanted)
        self.place += is_there
        return is_there

    def fail(self, expected: str) -> NoReturn:
        at = self.words[self.place][1] if self.place < len(self.words) else len(self.text.rstrip())
        rest = repr(self.text[at:].strip()) if self.text[at:].strip() else "its end"
        raise QueryError(
            f"the claim {self.text!r}",
            [Fault(f"claim, character {at + 1}", rest, f"expected {expected}; write it like {EXAMPLES}")],
        )

    def must(self, expected: str, *wanted: str) -> str:
        if not self.sees(*wanted):
            self.fail(expected)
        return self.take()

    def comparison(self) -> Said:
        left = self.countries()
        sign = _SIGNS[self.must("`+`, `>` or `<`", *_SIGNS)]
        if self.word()[:1].isdecimal():
            times = self.number()
            self.must("`x` behind a number, as in `2x US`", *_TIMES)
            return Said(left, self.countries(), sign, self.years(), times=times)
        if sign == EQUAL:
            self.fail("a size behind `=`, as in `CN = 2x US`")
        right = self.countries()
        excess = self.percent() if self.skip("BY") else None
        return Said(left, right, sign, self.years(), excess=excess)

    def share(self) -> Said:
        self.must("`of` behind `share`", "OF")
        left = self.countries()
        right = self.countries() if self.skip("AMONG") else ()
        signs = "`>`, `<`, `=` or `about`"
        sign = _SIGNS[self.must(signs if right else f"`among`, {signs}", *_SIGNS)]
        return Said(left, right, sign, percent=self.percent(), years=self.years())

    def countries(self) -> tuple[str, ...]:
        codes = [self.country()]
        while self.skip("+"):
            codes.append(self.country())
        return tuple(codes)

    def country(self) -> str:
        if not (self.word().isalpha() or self.sees("*")):
            self.fail("a country code, such as CN, or `*`")
        return self.take()

    def number(self) -> float:
        sign = -1 if self.sees("-") else 1
        self.skip("-", "+")
        if not self.word()[:1].isdecimal() or len(self.word()) > _LONGEST_NUMBER:
            self.fail("a number")
        if _THOUSANDS.fullmatch(self.word()):
            self.fail("a number without a separator of thousands, which could be a decimal comma")
        return sign * float(self.take().replace(",", "."))

    def percent(self) -> float:
        value = self.number()
        self.must("`%` behind the number", "%")
        return value

    def years(self) -> tuple[int, int]:
        self.must("`in` and a year", "IN")
        first = self.year()
        return first, self.year() if self.skip(*_RANGE) else first

    def year(self) -> int:
        if not self.word().isdecimal() or len(self.word()) > _LONGEST_NUMBER:
            self.fail("a year, such as 2024")
        return int(self.take())
