"""Every defensible specification, listed first, then counted: one curve per question, never pooled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import product

from patentscope.aggregate.claims.concerns import Grounds, weigh
from patentscope.aggregate.claims.specified import Specified
from patentscope.aggregate.claims.stops import DataLimits, stops
from patentscope.aggregate.claims.summaries import Tables
from patentscope.errors import Fault, QueryError
from patentscope.query.claim import ALL_OTHERS, Claim, side_text
from patentscope.query.convention import Convention, combinations, reason_to_prune
from patentscope.query.query import Query, Thresholds

MOST_SPECIFICATIONS = 20_000
#: Offices that a comparison seldom names and that receive many filings: a claim's right side is tried with each.
_LARGE_OFFICES = ("KR", "EP")
#: Each member of a right side is left out in turn, where there are no more than these.
_MOST_LEFT_OUT = 5


@dataclass(frozen=True)
class Listing:
    """The specifications of one claim, in order, and how many combinations were pruned for which reason."""

    conventions: tuple[Convention, ...]
    pruned: Mapping[str, int]


def list_specifications(
    claim: Claim, query: Query, topics: Sequence[str], today: dt.date, untold: Mapping[str, str]
) -> Listing:
    """List the specifications for *claim* before anything is counted; equal ones once, in the order of the axes.

    *untold* are units that the records can't tell, and why; none of them is listed.

    Raises:
        QueryError: where the axes give more than 20,000.
    """
    as_of = [today]
    if claim.said_on is not None and claim.said_on < today:
        as_of.append(claim.said_on)
    listed: dict[str, Convention] = {}
    pruned: Counter[str] = Counter()
    # No reason to prune is of a topic or a date.
    kept = []
    for way in combinations(topics[:1], query.axes, as_of[:1]):
        if reason := _reason_against(way, untold):
            pruned[reason] += len(topics) * len(as_of)
        else:
            kept.append(way)
    for topic, way, day in product(topics, kept, as_of):
        convention = replace(way, topic=topic, as_of=day)
        if listed.setdefault(convention.spec_id, convention) is not convention:
            pruned["the same as another specification"] += 1
        if len(listed) > MOST_SPECIFICATIONS:
            expected = f"at most {MOST_SPECIFICATIONS:,}: take levels or readings out"
            raise QueryError(query.name, [Fault("axes", f"over {MOST_SPECIFICATIONS:,} specifications", expected)])
    return Listing(tuple(listed.values()), dict(sorted(pruned.items())))


def _reason_against(way: Convention, untold: Mapping[str, str]) -> str | None:
    needed = "family" if way.international != "all" else way.unit
    return untold.get(way.unit) or untold.get(needed) or reason_to_prune(way)


@dataclass(frozen=True)
class Basis:
    """What a landscape gives to count claims by, beside the small tables.

    Attributes:
        bits: the place of each topic in the topic's bits.
        wider: topics that are shown and never judged.
        limits: what is known of the data as a whole.
        offices: those of which the run holds a publication.
        sights: gives, by topic, what `concerns.Grounds` has.
        thresholds: the query's.
    """

    bits: Mapping[str, int]
    wider: AbstractSet[str]
    limits: DataLimits
    offices: AbstractSet[str]
    sights: Callable[[Claim], Mapping[str, Mapping[str, tuple[float | None, float | None]]]]
    thresholds: Thresholds


def count(claim: Claim, conventions: Iterable[Convention], tables: Tables, basis: Basis) -> list[Specified]:
    """Count *claim* under every convention, with what stops each and what lowers its certainty."""
    counted = []
    cover = tables.audit.covers.get(claim.years) if tables.audit is not None else None
    for convention in conventions:
        topic = convention.topic
        tally, widening = tables.counted(convention, basis.bits[topic], claim)
        visible = tables.shares(convention, claim)
        held = stops(convention, claim, tally, basis.limits, basis.offices, cover)
        counted.append(Specified(claim, convention, tally, widening, visible, held, topic in basis.wider))
    return weigh(counted, Grounds(basis.limits, basis.thresholds, basis.sights(claim), cover))


def variants(claim: Claim) -> list[Claim]:
    """Return the same comparison in placebo years and against other comparator sets, for sensitivity.csv.

    The sets are the claim's own with a large office more, with one of its members less, and all other countries.
    """
    first, last = claim.years
    placebos = [
        claim.over((first - back, last - back), name=f"{claim.id} {back} year{'s' * (back > 1)} earlier")
        for back in (1, 2)
    ]
    right = tuple(code for code in claim.right if code != ALL_OTHERS)
    sets = [(*right, code) for code in _LARGE_OFFICES if right and code not in {*right, *claim.left}]
    if 1 < len(right) <= _MOST_LEFT_OUT:
        sets += [tuple(code for code in right if code != out) for out in right]
    sets += [(ALL_OTHERS,)] if claim.right != (ALL_OTHERS,) else []
    return placebos + [claim.with_right(codes, name=f"{claim.id} against {side_text(codes)}") for codes in sets]
