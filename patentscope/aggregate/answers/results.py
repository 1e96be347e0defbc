"""What is judged of a question's counts, and what it says: distinct results, each ahead, behind, open or level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

from patentscope.aggregate.answers import ways
from patentscope.aggregate.claims import concerns, size
from patentscope.aggregate.claims.specified import Specified, firsts
from patentscope.query.claim import RATIO
from patentscope.query.convention import QUESTIONS
from patentscope.query.query import Thresholds

AHEAD, BEHIND, OPEN, LEVEL = "ahead", "behind", "open", "level"
NOT_MEASURED = "definition error not measured"


def stands(row: Specified) -> str:
    """Return where a row puts the left side against the claim's limit, or against a tie: ahead, behind, open or level.

    It is ahead or behind only if it stays so with every unit of unknown country on the other side; where countries
    cost points, or labels correct the count, with the ends of its range.
    """
    claim, t = row.claim, row.tally
    limit = _exact(claim.threshold)
    by_range = row.is_audited or row.concern(concerns.COUNTRIES) > 0
    if by_range:
        low, high = size.bounds(row, claim.measure)
        is_ahead = low is not None and low > limit if row.is_audited else low is None or low > limit
        is_behind = high is not None and high < limit
    elif claim.measure == RATIO:
        is_ahead = t.left > limit * (t.right + t.unknown)
        is_behind = t.left + t.unknown < limit * t.right
    else:
        both = row.units + t.unknown
        is_ahead, is_behind = t.left > limit * both, t.left + t.unknown < limit * both
    if is_ahead or is_behind:
        return AHEAD if is_ahead else BEHIND
    is_unsure = t.unknown > 0 or row.is_audited or (by_range and t.imputed_here > 0)
    return OPEN if is_unsure else LEVEL


@cache
def _exact(threshold: float) -> Fraction:
    return Fraction(str(threshold))


def is_near(row: Specified) -> bool:
    """Say whether a row comes near the size that its claim names; False for a claim without one."""
    claim = row.claim
    if claim.size is None or stands(row) == OPEN:
        return False
    return size.is_near(row, claim.measure, claim.size, claim.margin)


@dataclass(frozen=True)
class Result:
    """Judged rows with the same counts and ends: one result, however many ways to count give it.

    Attributes:
        shown: the row that it is shown as: that of a way with a name, else the first listed.
        way: the name of that way.
        stands: where it puts the left side.
        is_near: whether it comes near the claimed size.
    """

    shown: Specified
    way: str | None
    stands: str
    is_near: bool


@dataclass(frozen=True)
class Answers:
    """A claim's rows, what is judged of them by question, and why the others are not.

    Attributes:
        listed: every row, in order.
        judged: the rows that are judged, by question; of questions that list any row.
        results: the distinct results among them, in order.
        named: the rows of ways with a name.
        reasons: by spec_id, why a row that is not stopped is not judged.
    """

    listed: Sequence[Specified]
    judged: Mapping[str, Sequence[Specified]]
    results: Mapping[str, Sequence[Result]]
    named: Mapping[str, Specified]
    reasons: Mapping[str, str]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The spec_ids of the judged rows."""
        return frozenset(row.convention.spec_id for rows in self.judged.values() for row in rows)

    @property
    def shown(self) -> dict[str, list[Specified]]:
        """By question the row that each result is shown as."""
        return {name: [one.shown for one in found] for name, found in self.results.items()}

    def is_judged(self, row: Specified) -> bool:
        """Say whether a row is judged."""
        return row.convention.spec_id in self.ids

    def reason(self, row: Specified) -> str:
        """Return why a row is stopped, or not judged, and what no range of it covers."""
        why = row.stops or tuple(filter(None, [self.reasons.get(row.convention.spec_id)]))
        return "; ".join(why if row.is_audited else (*why, NOT_MEASURED))


def answers(listed: Sequence[Specified], thresholds: Thresholds) -> Answers:
    """Return what is judged of one claim's rows, and its results; rows with one id are one, in any order of listing."""
    distinct = firsts(listed, lambda row: row.convention.spec_id)
    named = ways.named(distinct)
    names = {row.convention.spec_id: name for name, row in reversed(named.items())}
    judged: dict[str, list[Specified]] = {}
    results: dict[str, list[Result]] = {}
    reasons: dict[str, str] = {}
    for question in QUESTIONS:
        rows = [row for row in distinct if row.convention.question == question]
        if rows:
            judged[question] = _judged(rows, thresholds, reasons)
            results[question] = _results(judged[question], names)
    return Answers(distinct, judged, results, named, reasons)


def _judged(rows: Sequence[Specified], thresholds: Thresholds, reasons: dict[str, str]) -> list[Specified]:
    """Return the rows with the fewest points that may be judged; note in *reasons* why each other one is not."""
    pool = []
    for row in rows:
        if row.stops:
            continue
        if row.is_wider:
            reasons[row.convention.spec_id] = "a wider topic than the claim's"
        elif not row.counts_anything:
            reasons[row.convention.spec_id] = "nothing counted on either side"
        else:
            pool.append(row)
    best = min((row.points or 0 for row in pool), default=0)
    fewest = []
    for row in pool:
        if row.points == best:
            fewest.append(row)
        else:
            reasons[row.convention.spec_id] = f"{_costs(row)} points, where others have {best}"
    units = {row.result: row.units for row in fewest}
    if 2 * sum(count >= thresholds.candidates for count in units.values()) < len(units):
        return fewest
    too_few = f"fewer than {thresholds.candidates} units, where most results have more"
    reasons.update({row.convention.spec_id: too_few for row in fewest if row.units < thresholds.candidates})
    return [row for row in fewest if row.units >= thresholds.candidates]


def _costs(row: Specified) -> str:
    """Return what a row's concerns cost, with what was found: `publication 2 (0.61 for US) + topic 1 = 3`."""
    terms = []
    for concern in row.concerns:
        if concern.points:
            side = f" for {concern.side}" if concern.side else ""
            found = f" ({concern.found:g}{side})" if isinstance(concern.found, (int, float)) else ""
            terms.append(f"{concern.name} {concern.points}{found}")
    return f"{' + '.join(terms)} = {row.points}"


def _results(judged: Sequence[Specified], names: Mapping[str, str]) -> list[Result]:
    alike: dict[object, list[Specified]] = {}
    for row in judged:
        alike.setdefault(row.result, []).append(row)
    order = list(ways.WAYS)
    found = []
    for rows in alike.values():
        as_way = [(order.index(name), row) for row in rows if (name := names.get(row.convention.spec_id))]
        place, shown = min(as_way, key=lambda pair: pair[0], default=(None, rows[0]))
        way = None if place is None else order[place]
        found.append(Result(shown, way, stands(shown), is_near(shown)))
    return found
