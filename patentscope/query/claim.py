"""What a claim says: which countries, which years, by how much ("by 73 %" is a ratio of 1.73), and when it was said.

Its measure is the ratio left / right, or the share left / (left or right), in which a unit of both sides counts once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from patentscope.errors import Fault, QueryError
from patentscope.query.sentences.said import EQUAL, LESS, Said, shown
from patentscope.query.sentences.times import FIRST_YEAR, LAST_YEAR, Clock
from patentscope.records.offices import office_codes

ALL_OTHERS = "*"
_WHOLE = 100  # per cent
#: The id of a claim that nobody gave one.
UNNAMED = "check"
RATIO, SHARE = "ratio", "share"
#: What lies between more and less: as many as the other side, half of both together.
PARITY = {RATIO: 1.0, SHARE: 0.5}
#: How far from the claimed size still counts as it, where the claim doesn't say: this part of the size.
PART_OF_SIZE = 0.06
#: A publication of a family may be years after its first: so many before a claim's year tell most of them.
YEARS_BEFORE = 5


@dataclass(frozen=True)
class Claim:
    """A comparison of two disjoint sets of countries over a span of years.

    Attributes:
        quote: its words.
        years: first and last year, both counted.
        left: country codes; *right* likewise, or `("*",)` for every country that is not on the left.
        exceeds_by: 0.73 for "by 73 %"; None for a claim that names no size.
        tolerance: how far from the claimed size still counts as it, absolute, on the measure; None for 6 % of the size.
        said_on: the claim's vintage; None where it is not known.
        measure: `ratio` or `share`.
        share: 0.63 for "a share of 63 %".
        limit: what the measure is said to pass: 2 for "more than twice", 0.6 for "a share of over 60 %".
        is_below: the measure is said to stay under the limit.
        unread: the parts of the quote that are no part of the comparison: `in rare earth recycling`.
    """

    id: str
    quote: str
    years: tuple[int, int]
    left: tuple[str, ...]
    right: tuple[str, ...]
    exceeds_by: float | None = None
    tolerance: float | None = None
    source: str = ""
    said_on: dt.date | None = None
    measure: str = RATIO
    share: float | None = None
    limit: float | None = None
    is_below: bool = False
    unread: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """The claimed left / right: 1.73 for "by 73 %"."""
        return None if self.exceeds_by is None else round(1 + self.exceeds_by, 9)

    @property
    def size(self) -> float | None:
        """The claimed value of the measure; None for a claim of more or less."""
        return self.share if self.measure == SHARE else self.ratio

    @property
    def says(self) -> str:
        """What it says: a `size`, or only `more` or `less`, be it than a limit."""
        return "size" if self.size is not None else "less" if self.is_below else "more"

    @property
    def margin(self) -> float:
        """How far from the claimed size a measure may be and still count as it; 0 for a claim that names no size."""
        return margin_of(self.size or 0) if self.tolerance is None else self.tolerance

    @property
    def threshold(self) -> float:
        """What the left side must pass to be ahead: the limit that the claim names, else that of a tie."""
        return PARITY[self.measure] if self.limit is None else self.limit

    @property
    def is_turned(self) -> bool:
        """Whether the claim puts the left side under the threshold."""
        return self.is_below or (self.size is not None and self.size < self.threshold)

    @property
    def has_direction(self) -> bool:
        """Whether the claim puts the left side over or under something: not so equality, or the size of a share."""
        return self.size is None or (self.measure == RATIO and self.size != self.threshold)

    @property
    def year_text(self) -> str:
        """The years as results name them: `2024`, or `2015..2020`."""
        first, last = self.years
        return str(first) if first == last else f"{first}..{last}"

    def over(self, years: tuple[int, int], *, name: str) -> Claim:
        """Return the same comparison over other *years*, under another *name*."""
        return replace(self, years=years, id=name)

    def with_right(self, right: tuple[str, ...], *, name: str) -> Claim:
        """Return the same claim against another comparator set."""
        return replace(self, right=right, id=name)


def margin_of(size: float) -> float:
    """Return how far from *size* a measure may be and still count as it, where nobody says: 6 % of it."""
    return round(PART_OF_SIZE * size, 9)


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
            if code not in office_codes()
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


def parse_claim(
    text: str,
    *,
    name: str = UNNAMED,
    tolerance: float | None = None,
    said_on: dt.date | None = None,
    today: dt.date | None = None,
) -> Claim:
    """Return the claim that *text* states, in the short grammar (`sentences.short`) or in a sentence.

    `A < B` is read as `B > A`, but for shares and multiples, which are said to stay under a limit.

    Args:
        text: the claim.
        name: its id.
        tolerance: how far from the claimed size still counts as it, absolute, on the measure.
        said_on: the day on which it was said, which `last year` is counted from.
        today: the day that `since 2015` runs up to, this machine's where it is not given; no year after it is claimed.

    Raises:
        QueryError: where it can't be read, or can be read in two ways, names no country, or its sets overlap.
    """
    clock = Clock(today or dt.datetime.now(tz=dt.UTC).date(), said_on)
    from patentscope.query.sentences.reading import read  # noqa: PLC0415 - its word lists take a tenth of a second

    said = read(text, clock)
    left, right = _sides(said)
    faults = _faults_of_others(said) or [
        *_faults_of_size(said),
        *_faults_of_whole(said),
        *faults_of_sides("claim", left, right),
        *(faults_of_years("claim", *said.years) or _faults_of_clock(said, clock)),
    ]
    if faults:
        raise QueryError(f"the claim {shown(text)!r}", faults)
    measure = RATIO if said.percent is None else SHARE
    claim = Claim(name, text.strip(), said.years, left, right, tolerance=tolerance, said_on=said_on, measure=measure)
    return replace(_sized(claim, said), unread=said.unread)


def _faults_of_clock(said: Said, clock: Clock) -> list[Fault]:
    """Return what is wrong with years that were still to come."""
    last = said.years[1]
    known = f"name years up to {clock.last_whole_year}"
    if last > clock.today.year:
        return [Fault("claim", f"{last}, a year still to come", known)]
    if clock.said_on is not None and last > clock.said_on.year:
        return [
            Fault("claim", f"{last}, a year after the claim was made ({clock.said_on})", f"{known}, or mend the date")
        ]
    return []


def _sides(said: Said) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return left and right: a share's right side is the rest of its set, and less than turns the sides."""
    if said.percent is not None:
        return said.left, tuple(code for code in said.right if code not in said.left) or (ALL_OTHERS,)
    return (said.right, said.left) if said.sign == LESS and said.times is None else (said.left, said.right)


def _sized(claim: Claim, said: Said) -> Claim:
    """Return *claim* with the size that was said, or with the limit that it is said to pass or to stay under."""
    if said.excess is not None:
        return replace(claim, exceeds_by=_part(said.excess))
    value = said.times if said.percent is None else _part(said.percent)
    if value is None:
        return claim
    if said.sign != EQUAL:
        return replace(claim, limit=value, is_below=said.sign == LESS)
    return replace(claim, share=value) if claim.measure == SHARE else replace(claim, exceeds_by=round(value - 1, 9))


def _part(percent: float) -> float:
    return round(percent / 100, 9)


def _faults_of_others(said: Said) -> list[Fault]:
    """Return what is wrong with a set that is said to have less than all others, which can't be turned round."""
    if said.sign != LESS or said.right != (ALL_OTHERS,) or said.times is not None or said.percent is not None:
        return []
    first, last = said.years
    mine, span = "+".join(said.left), str(first) if first == last else f"{first}..{last}"
    expected = f"write `{mine} < 1x * in {span}`, or `share of {mine} < 50% in {span}`"
    return [Fault("claim", f"{mine} < *, less than all others", expected)]


def _faults_of_size(said: Said) -> list[Fault]:
    if said.excess is not None and said.excess <= -_WHOLE:
        return [Fault("claim", f"by {said.excess:g}%", "a side can't be smaller by 100 % or more")]
    if said.times is not None and said.times <= 0:
        return [Fault("claim", f"{said.times:g}x", "expected a multiple over 0, such as 2x")]
    if said.percent is not None and not 0 < said.percent < _WHOLE:
        return [Fault("claim", f"{said.percent:g}%", "a share lies between 0 and 100 %")]
    return []


def _faults_of_whole(said: Said) -> list[Fault]:
    """Return what is wrong with the set that a share is taken among."""
    if said.percent is None or said.right in {(), (ALL_OTHERS,)}:
        return []
    whole = "+".join(dict.fromkeys((*said.left, *said.right)))
    outside = [code for code in said.left if code not in said.right]
    if outside:
        text = f"{', '.join(outside)} is not among {'+'.join(said.right)}"
        return [Fault("claim", text, f"name the whole set: `among {whole}`")]
    if set(said.left) == set(said.right):
        return [Fault("claim", f"a set among itself, {whole}", "name others, too: `among CN+US+AU+JP`")]
    return []
