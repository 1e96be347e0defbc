"""How a claim is written on the command line, and where what was written can't be read.

claim   = SET (">" | "<") SET ["by" NUMBER "%"] YEARS
        | SET (">" | "<") SET "by" ("a factor of" NUMBER | "a third" | "at least" NUMBER "%") YEARS
        | SET (">" | "<" | "=" | "about") NUMBER "x" SET YEARS
        | "share of" SET ["among" SET] (">" | "<" | "=" | "about") NUMBER "%" YEARS
SET     = COUNTRY ("+" COUNTRY)* | "*" | "all other countries"
COUNTRY = code, name, short form or adjective, in capitals or not
YEARS   = "in" year [".." year] | "since" year | "last year" | ... (`times`)
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from patentscope.query.sentences.amounts import AT_LEAST, AT_MOST, ODDS, PART, PERCENT, TIMES, amount_at
from patentscope.query.sentences.countries import ALL_OTHERS, AMBIGUOUS, GROUP, Named, grammar_name, named_at, nearest
from patentscope.query.sentences.numbers import number_at, number_fault
from patentscope.query.sentences.said import EQUAL, EXAMPLES, LESS, MORE, Said, asked, refuse, when
from patentscope.query.sentences.times import FIRST_YEAR, LAST_YEAR, Clock, span_at
from patentscope.query.sentences.tokens import NUMBER, WORD, tokens_of

_SIGNS = {">": MORE, "<": LESS, "=": EQUAL, "about": EQUAL}
_MULTIPLE = {"x", "×", "times"}
_PERCENT = {"%", "percent"}


def read(text: str, clock: Clock) -> Said:
    """Return what *text* says.

    Raises:
        QueryError: where it does not follow the grammar, with the character at which it stops to do so.
    """
    reader = _Reader(text, clock)
    said = reader.share() if reader.skip("share") else reader.comparison()
    reader.skip(".")
    if reader.word():
        reader.fail("the claim's end")
    return said


class _Reader:
    """Reads a claim from left to right, one word at a time."""

    def __init__(self, text: str, clock: Clock) -> None:
        self.text = text
        self.clock = clock
        self.tokens = tokens_of(text)
        self.place = 0

    def word(self) -> str:
        """The next word; empty at the end."""
        return self.tokens[self.place].key if self.place < len(self.tokens) else ""

    def skip(self, *wanted: str) -> bool:
        """Take the next word if it is one of *wanted*, and say whether it was."""
        is_there = self.word() in wanted
        self.place += is_there
        return is_there

    def fail(self, expected: str) -> NoReturn:
        at = self.tokens[self.place].start if self.place < len(self.tokens) else len(self.text.rstrip())
        refuse(self.text, at, f"expected {expected}; write it like {EXAMPLES}")

    def sign(self, expected: str) -> str:
        if self.word() not in _SIGNS:
            self.fail(expected)
        self.place += 1
        return _SIGNS[self.tokens[self.place - 1].key]

    def comparison(self) -> Said:
        left = self.countries()
        sign = self.sign("`+`, `>` or `<`")
        if self.place < len(self.tokens) and self.tokens[self.place].kind == NUMBER:
            times = self.number()
            if not self.skip(*_MULTIPLE):
                self.fail("`x` behind a number, as in `2x US`")
            return Said(left, self.countries(), sign, self.years(), times=times)
        if sign == EQUAL:
            self.fail("a size behind `=`, as in `CN = 2x US`")
        right = self.countries()
        said = self.by(Said(left, right, sign, (0, 0))) if self.skip("by") else Said(left, right, sign, (0, 0))
        return replace(said, years=self.years())

    def by(self, said: Said) -> Said:
        """Read `73%`, `a third`, `at least 20%` and `a factor of 5` behind `by`; ask back for `by 3 times`."""
        amount = amount_at(self.tokens, self.place)
        is_plain = amount is None or (amount.kind == PERCENT and not amount.bound)
        if amount is None or is_plain or (said.sign == LESS and (amount.kind == PART or said.right == (ALL_OTHERS,))):
            return replace(said, excess=self.percent())
        start = self.place
        self.place += amount.length
        value = amount.value if amount.kind in {TIMES, ODDS} else 1 + amount.value
        if amount.kind == PART and not amount.bound:
            return replace(said, excess=round(amount.value * 100, 9))
        sign = {AT_LEAST: MORE, AT_MOST: LESS}.get(amount.bound, EQUAL)
        left, right = (said.right, said.left) if said.sign == LESS else (said.left, said.right)
        size, on_top = (Said(left, right, sign, said.years, times=round(n, 9)) for n in (value, value + 1))
        if amount.kind == TIMES:
            words = (self.tokens[start].start, self.tokens[self.place - 1].end)
            years = self.years()
            meanings = ((f"{value:g} times as many", size), (f"{value:g} times as many on top", on_top))
            asked(self.text, words, [(meaning, replace(one, years=years)) for meaning, one in meanings])
        return size

    def share(self) -> Said:
        if not self.skip("of"):
            self.fail("`of` behind `share`")
        left = self.countries()
        right = self.countries() if self.skip("among") else ()
        signs = "`>`, `<`, `=` or `about`"
        sign = self.sign(signs if right else f"`among`, {signs}")
        return Said(left, right, sign, percent=self.percent(), years=self.years())

    def countries(self) -> tuple[str, ...]:
        codes = [self.country()]
        while self.skip("+"):
            codes.append(self.country())
        return tuple(codes)

    def country(self) -> str:
        self.skip("the")
        named = named_at(self.tokens, self.place, is_sentence=False)
        if named is None:
            self.no_country()
        if named.kind in {GROUP, AMBIGUOUS}:
            self._several(named)
        self.place += named.length
        return named.codes[0]

    def _several(self, named: Named) -> NoReturn:
        """Fail at a name of several countries, with the claim on a group's members, or on each that may be meant."""
        first, last = self.tokens[self.place], self.tokens[self.place + named.length - 1]
        names = [grammar_name(code) for code in named.codes]
        written = [" + ".join(names)] if named.kind == GROUP and names else names
        claims = [f"`{self.text[: first.start]}{one}{self.text[last.end :]}`" for one in written]
        why = f"a group of countries is not counted as one: name {named.meant}" if named.kind == GROUP else named.meant
        joint = "; ready to paste: " if named.kind == GROUP else ": "
        expected = joint.join(filter(None, (why, " or ".join(claims))))
        refuse(self.text, first.start, expected, found=repr(self.text[first.start : last.end]))

    def no_country(self) -> NoReturn:
        """Fail at what is no country, with the names that are most like it."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        close = nearest(token.text) if token and token.kind == WORD else []
        like = f" (is it {' or '.join(close)}?)" if close else ""
        self.fail(f"a country, as a two-letter code such as CN or by name, or `*`{like}")

    def number(self) -> float:
        sign = -1 if self.word() == "-" else 1
        self.skip("-", "+")
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        found = number_at(self.tokens, self.place)
        if token is None or found is None:
            self.fail(number_fault(token) if token and token.kind == NUMBER else "a number")
        self.place += found[1]
        return sign * found[0]

    def percent(self) -> float:
        value = self.number()
        if not (self.skip(*_PERCENT) or (self.skip("per") and self.skip("cent"))):
            self.fail("`%` behind the number")
        return value

    def years(self) -> tuple[int, int]:
        span = span_at(self.tokens, self.place, self.clock)
        if span is None:
            is_begun = self.skip("in")
            self.fail(f"a year, such as 2024, from {FIRST_YEAR} to {LAST_YEAR}" if is_begun else "`in` and a year")
        start, self.place = self.tokens[self.place].start, self.place + span.length
        if span.asks:
            found = self.text[start : self.tokens[self.place - 1].end]
            meant = " or ".join(f"`{when(years)}`" for years in span.meant)
            refuse(self.text, start, f"{span.asks} {meant}", found=repr(found))
        return span.years
