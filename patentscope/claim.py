"""What a claim says: which countries, which years, by how much ("by 73 %" is a ratio of 1.73), and when it was said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from patentscope.errors import Fault, QueryError
from patentscope.offices import is_office

FIRST_YEAR, LAST_YEAR = 1790, 2100
ALL_OTHERS = "*"
_GRAMMAR = "`CN > US+AU+JP by 73% in 2024`, `JP+KR < CN in 2015..2020`, or `CN > * in 2024` for all other countries"
_CLAIM = re.compile(
    r"^\s*(?P<left>[A-Za-z+\s*]+?)\s*(?P<sign>[<>])\s*(?P<right>[A-Za-z+\s*]+?)"
    r"(?:\s+by\s+(?P<size>[+-]?\d+(?:[.,]\d+)?)\s*%)?"
    r"\s+in\s+(?P<first>\d+)(?:\s*(?:\.\.|-|–)\s*(?P<last>\d+))?\s*$"
)


@dataclass(frozen=True)
class Claim:
    """A comparison of two disjoint sets of countries over a span of years.

    Attributes:
        years: first and last year, both counted.
        left: country codes; *right* likewise, or `("*",)` for every country that is not on the left.
        exceeds_by: 0.73 for "by 73 %"; None for a claim that names no size.
        tolerance: absolute, on the ratio.
        said_on: the claim's vintage; None where it is not known.
        illustration: why this claim is shown without being judged; empty for a claim that somebody made.
    """

    id: str
    quote: str
    years: tuple[int, int]
    left: tuple[str, ...]
    right: tuple[str, ...]
    exceeds_by: float | None = None
    tolerance: float = 0.10
    source: str = ""
    said_on: dt.date | None = None
    illustration: str = ""

    @property
    def ratio(self) -> float | None:
        """The claimed left / right: 1.73 for "by 73 %"."""
        return None if self.exceeds_by is None else round(1 + self.exceeds_by, 9)

    @property
    def year_text(self) -> str:
        """The years as results name them: `2024`, or `2015..2020`."""
        first, last = self.years
        return str(first) if first == last else f"{first}..{last}"

    def over(self, years: tuple[int, int], *, name: str, illustration: str = "") -> Claim:
        """Return the same comparison over other *years*, under another *name*."""
        return replace(self, years=years, id=name, illustration=illustration)

    def with_right(self, right: tuple[str, ...], *, name: str) -> Claim:
        """Return the same claim against another comparator set."""
        return replace(self, right=right, id=name)


def side_text(codes: tuple[str, ...]) -> str:
    """Return a side as results name it: `US+AU+JP`, or `all others`."""
    return "all others" if codes == (ALL_OTHERS,) else "+".join(codes)


def faults_of_sides(where: str, left: tuple[str, ...], right: tuple[str, ...]) -> list[Fault]:
    """Return what is wrong with a claim's two sets of country codes."""
    faults = []
    for side, codes in (("left", left), ("right", right)):
        known = [code for code in codes if code != ALL_OTHERS]
        faults += [
            Fault(f"{where}.{side}", repr(code), "expected a two-letter office or country code (WIPO ST.3), such as CN")
            for code in known
            if not is_office(code)
        ]
        if not codes:
            faults.append(Fault(f"{where}.{side}", "no country", 'expected at least one code, such as ["CN"]'))
        if len(set(codes)) < len(codes):
            faults.append(Fault(f"{where}.{side}", f"{list(codes)}, a code twice", "name each country once"))
        if ALL_OTHERS in codes and (known or side == "left"):
            faults.append(Fault(f"{where}.{side}", f"{list(codes)}", '"*" stands alone, and on the right only'))
    both = sorted(set(left) & set(right))
    if both:
        faults.append(
            Fault(where, f"{', '.join(both)} on both sides", "the two sets must not overlap: take it out of one")
        )
    return faults


def faults_of_years(where: str, first: int, last: int) -> list[Fault]:
    """Return what is wrong with a claim's span of years."""
    faults = [
        Fault(where, str(year), f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
        for year in sorted({first, last})
        if not FIRST_YEAR <= year <= LAST_YEAR
    ]
    if first > last:
        faults.append(Fault(where, f"{first}..{last}", f"the first year goes first: {last}..{first}"))
    return faults


def parse_claim(text: str, *, name: str = "check", tolerance: float = 0.10) -> Claim:
    """Return the claim that *text* states in the grammar of `patentscope check`.

    Raises:
        QueryError: where it does not follow the grammar, names no country, or its sets overlap.
    """
    match = _CLAIM.match(text)
    if match is None:
        raise QueryError("the claim", [Fault("claim", repr(text), f"write it like {_GRAMMAR}")])
    sides = [
        tuple(code.strip().upper() for code in match[side].split("+") if code.strip()) for side in ("left", "right")
    ]
    left, right = sides if match["sign"] == ">" else reversed(sides)
    first = int(match["first"])
    last = int(match["last"] or first)
    size = None if match["size"] is None else float(match["size"].replace(",", ".")) / 100
    faults = [*faults_of_sides("claim", left, right), *faults_of_years("claim", first, last)]
    if size is not None and size <= -1:
        faults.append(Fault("claim", f"by {match['size']}%", "a side can't be smaller by 100 % or more"))
    if faults:
        raise QueryError(f"the claim {text!r}", faults)
    return Claim(name, text.strip(), (first, last), left, right, None if size is None else round(size, 9), tolerance)
