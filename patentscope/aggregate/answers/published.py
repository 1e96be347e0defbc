"""What others counted, held beside a claim: their series, nearest topic first, each with what it says of both sides.

Nothing here enters a count of our own, its certainty or its verdict (METHODS, section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from patentscope.aggregate.answers.series import PublishedFigure, Series
from patentscope.aggregate.answers.words.published_words import AHEAD, AT_LEAST, AT_MOST, BEHIND, LEVEL
from patentscope.query.claim import ALL_OTHERS, Claim
from patentscope.query.published import ASKED, NARROWER, NEIGHBOUR, NO, NOT_KNOWN, SAME, WIDER, YES, Published

#: The codes of a claim's left and right.
Sides: TypeAlias = tuple[Sequence[str], Sequence[str]]
#: What was asked of a source for this very query goes before all.
_NEARNESS = {SAME: 1, NARROWER: 2, NEIGHBOUR: 2, WIDER: 3}


@dataclass(frozen=True)
class Held:
    """What a row says of a claim's sides.

    `left` and `right` are sums, since nobody published what both sides have in common. Where the countries of one side
    aren't all given, and a total is, `bound` says which way the ratio can't go further; a `ratio` of None with both
    sides is infinite, without them not known.
    """

    row: Published
    left: Fraction | None
    right: Fraction | None
    ratio: Fraction | None = None
    bound: str = ""

    @property
    def says_something(self) -> bool:
        """Whether it compares the two sides, be it by a bound."""
        return bool(self.bound) or (self.left is not None and self.right is not None)

    @property
    def stands(self) -> str | None:
        """Where it puts the left side; None where it doesn't tell, as where codes are missing."""
        if not self.says_something or self.row.codes_missing == YES:
            return None
        if self.ratio is None:  # nothing on the right, or nothing on either side
            return AHEAD if self.left else None
        if self.ratio > 1:
            return None if self.bound == AT_MOST else AHEAD
        if self.ratio < 1:
            return None if self.bound == AT_LEAST else BEHIND
        return None if self.bound else LEVEL


def hold(row: Published, sides: Sides) -> Held:
    """Return what a row says of a claim's sides: their sums and ratio, or a bound."""
    left, right = (_sum(row, codes) for codes in sides)
    is_all_others = ALL_OTHERS in sides[1]
    if is_all_others:
        right = row.total - left if row.total is not None and left is not None else None
    if left is not None and right is not None:
        return Held(row, *_given(row, sides, left, right))
    if row.total is None or is_all_others:
        return Held(row, left, right)
    if left is not None:
        rest = row.total - left
        return Held(row, left, None, left / rest, AT_LEAST) if rest else Held(row, left, rest)
    if right:
        return Held(row, None, right, (row.total - right) / right, AT_MOST)
    return Held(row, None, right)


def _given(
    row: Published, sides: Sides, left: Fraction, right: Fraction
) -> tuple[Fraction | None, Fraction | None, Fraction | None, str]:
    """Return sides, ratio and bound of a row that gives both sides; a count that is *at least* bounds the ratio."""
    ratio = left / right if right else None
    lower, upper = (bool(row.at_least & set(codes)) for codes in sides)
    if lower and upper:
        return None, None, None, ""
    if not lower and not upper:
        return left, right, ratio, ""
    return left, right, ratio, (AT_LEAST if lower else AT_MOST) if ratio is not None else ""


def _sum(row: Published, codes: Sequence[str]) -> Fraction | None:
    """Return what the countries of a side have together; None where one isn't given."""
    found = [row.counts.get(code) for code in codes]
    return sum(filter(None, found), Fraction(0)) if all(n is not None for n in found) else None


def added(rows: Sequence[Published]) -> Published:
    """Return rows of one series over years apart as one: only what all of them give is added up."""
    if len(rows) == 1:
        return rows[0]
    spans = [row.years for row in rows if row.years]
    given = set.intersection(*(set(row.counts) for row in rows))
    totals = [row.total for row in rows if row.total is not None]
    missing = {row.codes_missing for row in rows}
    return replace(
        rows[-1],
        years=(min(first for first, _ in spans), max(last for _, last in spans)),
        counts={code: sum((row.counts[code] for row in rows), Fraction(0)) for code in sorted(given)},
        total=sum(totals, Fraction(0)) if len(totals) == len(rows) else None,
        codes_missing=next((word for word in (YES, NOT_KNOWN) if word in missing), NO),
        at_least=frozenset().union(*(row.at_least for row in rows)),
    )


def by_series(rows: Iterable[Published]) -> list[list[Published]]:
    """Return the rows of each series together, the years in their order; those without a year go first."""
    series: dict[tuple[bool, str], list[Published]] = {}
    for row in rows:
        series.setdefault((row.how_read == ASKED and row.relation == SAME, row.series), []).append(row)
    return [sorted(mine, key=lambda row: _last_first(row.years)) for mine in series.values()]


def _last_first(years: tuple[int, int] | None) -> tuple[int, int]:
    """Return years as they sort: by the last, of one last the longest span first."""
    return (years[1], years[0]) if years else (0, 0)


def told(rows: Sequence[Published], claim: Claim, few: int) -> Published:
    """Return the figure by which a series is told of: the claim's own years, else its last row.

    Where the last of several years has fewer than *few* units on both sides, all years together are told.
    """
    inside = [row for row in rows if row.years and _within(row.years, claim.years)]
    if _covers(inside, claim.years):
        return added(inside)
    last = hold(rows[-1], (claim.left, claim.right))
    is_small = last.left is not None and last.right is not None and last.left + last.right < few
    spans = [row.years for row in rows if row.years]
    if is_small and len(spans) == len(rows) and _are_apart(spans):
        return added(rows)
    return rows[-1]


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _covers(rows: Sequence[Published], years: tuple[int, int]) -> bool:
    """Say whether rows, in their order, follow each other from the first of *years* to the last."""
    spans = sorted(row.years for row in rows if row.years)
    ends = [years[0] - 1, *(last for _, last in spans)]
    follow = all(first == before + 1 for before, (first, _) in zip(ends, spans, strict=False))
    return bool(spans) and follow and ends[-1] == years[1]


def _are_apart(spans: Sequence[tuple[int, int]]) -> bool:
    ordered = sorted(spans)
    return all(before[1] < after[0] for before, after in pairwise(ordered))


def evidence(rows: Iterable[Published], claim: Claim, few: int) -> list[Series]:
    """Return every series with what it says of a claim, in the order in which they are told.

    What the query's sources stated when asked goes first; then by topic: the same, narrower and neighbouring alike,
    wider; within these those with the most of the claim's years, then the newest, then the one with more years.

    Args:
        rows: of all series, in any order.
        claim: the claim.
        few: fewer units than these on both sides are too few to tell a series by (`Thresholds.candidates`).
    """
    ordered = sorted(by_series(rows), key=lambda mine: _order(mine, claim))
    return [_series(mine, claim, few) for mine in ordered]


def _order(rows: Sequence[Published], claim: Claim) -> tuple[int, int, int, int, str]:
    first = rows[-1]
    years = [row.years for row in rows if row.years]
    wanted = range(claim.years[0], claim.years[1] + 1)
    shared = sum(1 for year in wanted if any(begin <= year <= end for begin, end in years))
    nearness = 0 if first.how_read == ASKED and first.relation == SAME else _NEARNESS[first.relation]
    return nearness, -shared, -max((end for _, end in years), default=0), -len(rows), first.series


def _series(rows: Sequence[Published], claim: Claim, few: int) -> Series:
    last, shown = hold(rows[-1], (claim.left, claim.right)), hold(told(rows, claim, few), (claim.left, claim.right))
    row = rows[-1]
    years = [one.years for one in rows if one.years]
    named = [code for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    return {
        "series": row.series,
        "topic": row.topic,
        "relation": row.relation,
        "question": row.question or None,
        "unit": row.unit,
        "convention": row.convention,
        "how_read": row.how_read,
        "source": f"{row.author}: {row.title}{f', {row.published}' if row.published else ''}",
        "address": row.address,
        "note": row.note,
        "years": [min(first for first, _ in years), max(end for _, end in years)] if years else None,
        "last_year": max((end for _, end in years), default=None),
        "ratio_last": None if last.bound else _rounded(last.ratio),
        "bound_last": _rounded(last.ratio) if last.bound else None,
        "ahead_since": ahead_since(rows, claim),
        "lacks": [code for code in named if code not in row.counts],
        "not_covered": [code for code in named if code in row.lacks],
        "figure": _figure(shown, named),
    }


def ahead_since(rows: Sequence[Published], claim: Claim) -> int | None:
    """Return the first year from which the left side stays ahead to the series' last; None where it is not by year."""
    since = None
    for row in reversed(rows):
        if row.years is None or row.years[0] != row.years[1] or hold(row, (claim.left, claim.right)).stands != AHEAD:
            break
        since = row.years[0]
    return since


def _figure(shown: Held, named: Sequence[str]) -> PublishedFigure:
    row = shown.row
    return {
        "years": list(row.years) if row.years else None,
        "left_n": None if shown.left is None else _number(shown.left),
        "right_n": None if shown.right is None else _number(shown.right),
        "total": None if row.total is None else _number(row.total),
        "ratio": _rounded(shown.ratio),
        "bound": shown.bound,
        "stands": shown.stands,
        "codes_missing": row.codes_missing,
        "counts": {code: _number(row.counts[code]) for code in named if code in row.counts},
        "at_least": sorted(row.at_least & set(named)),
    }


def _number(n: Fraction) -> float:
    return int(n) if n.denominator == 1 else round(float(n), 9)


def _rounded(ratio: Fraction | None) -> float | None:
    return None if ratio is None else round(float(ratio), 6)
