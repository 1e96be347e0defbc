"""What stops a way to count altogether: its row stays, with the reason, and is never judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from patentscope.aggregate.audit.correct import Cover
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.claim import ALL_OTHERS, Claim
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED
from patentscope.query.side_names import names_of
from patentscope.records.offices import office_codes


@dataclass(frozen=True)
class DataLimits:
    """What is known of the data as a whole, whoever counts it how.

    Attributes:
        is_sample: the records are the embedded sample.
        lacks_offices: offices that no source of the run covers.
        is_narrowed: it is the search of the user's own files that was limited to the other offices.
        search_points: of the concern `search`: the most points p such that a twentieth or more of the documents come
            only from sources of p points or more.
        search_found: the same in words, for the concern's finding.
        is_whole: the search is complete, be it proven or by the user's word.
        knows_members: members of families are known: each record's are named or fetched.
        untrained: why the classifier could not be trained, by topic; empty where it was.
        undated_before: the data's own date, where some named members have no record, and so no date.
    """

    is_sample: bool = False
    lacks_offices: tuple[str, ...] = ()
    is_narrowed: bool = False
    search_points: int = 0
    search_found: str = "complete, proven"
    is_whole: bool = True
    knows_members: bool = True
    untrained: Mapping[str, str] = field(default_factory=dict)
    undated_before: dt.date | None = None


SAMPLE = "the records are the embedded sample, too small and too selective to judge a claim"
_SAID = {"applicant": "owner", "inventor": "inventor"}


def stops(
    convention: Convention,
    claim: Claim,
    tally: Tally,
    limits: DataLimits,
    offices: AbstractSet[str],
    cover: Cover | None,
) -> tuple[str, ...]:
    """Return why a row can't be judged, whatever it counts; nothing where it can (METHODS, section 6).

    *offices* are those of which the run holds a publication. *cover* is what was labelled for the claim's years.
    """
    reasons = [SAMPLE] if limits.is_sample else []
    reasons += _not_covered(claim, limits)
    reasons += [] if limits.is_whole else _missing(convention, claim, offices)
    reasons += _silent(convention, tally)
    if convention.international != "all":
        if not limits.knows_members:
            reasons.append("family members are not known")
        elif limits.undated_before and convention.as_of < limits.undated_before:
            reasons.append("family members have no dates")
    if why := limits.untrained.get(convention.topic):
        reasons.append(f"the classifier could not be trained: {why.removeprefix('the text model was not trained: ')}")
    if convention.topic == AUDITED:
        reasons += _unlabelled(convention, claim, cover)
    return tuple(reasons)


def _not_covered(claim: Claim, limits: DataLimits) -> list[str]:
    """Return which of a claim's countries no source covers; of all others, whether any of them is covered at all."""
    lacking = set(limits.lacks_offices)
    named = sorted(lacking & {*claim.left, *claim.right})
    is_alone = claim.right == (ALL_OTHERS,) and lacking >= office_codes() - set(claim.left)
    if limits.is_narrowed and (named or is_alone):
        only = names_of(sorted(office_codes() - lacking))
        return [f"the search was limited to {only}, so that no other country can be in it"]
    reasons = [f"no source of this run covers {names_of(named)}"] if named else []
    return [*reasons, *(["no source of this run covers any other country"] if is_alone else [])]


def _missing(convention: Convention, claim: Claim, offices: AbstractSet[str]) -> list[str]:
    """Return which side's offices the run holds nothing of, so that it may never have been searched for.

    Who owns or invented what was filed elsewhere can still be told, unless the other side's offices are there.
    """
    sides = (claim.left, claim.right)
    is_held = [side == (ALL_OTHERS,) or not offices.isdisjoint(side) for side in sides]
    by_party = convention.basis in _SAID
    why = "nothing published in {} is among the records; if the search covers it, say --complete"
    return [
        why.format(names_of(side, "or"))
        for side, is_there, other_is in zip(sides, is_held, reversed(is_held), strict=True)
        if not is_there and (other_is or not by_party)
    ]


def _silent(convention: Convention, tally: Tally) -> list[str]:
    if convention.basis not in _SAID or not (tally.left or tally.right or tally.unknown):
        return []
    if tally.left > tally.left_imputed or tally.right > tally.right_imputed:
        return []
    return [f"no {_SAID[convention.basis]}'s country is stated"]


def _unlabelled(convention: Convention, claim: Claim, cover: Cover | None) -> list[str]:
    if convention.unit == "extended_family":
        return ["labels are of simple families, of which an extended one holds several"]
    if cover is None:
        return ["no labels for these years"]
    first, last = cover.drawn_for
    if first <= claim.years[0] <= claim.years[1] <= last:
        return []
    return [f"labels were drawn for {years_in_words(cover.drawn_for)}, not for {years_in_words(claim.years)}"]


def years_in_words(years: tuple[int, int]) -> str:
    """Return a span of years: `2024`, or `2015 to 2020`."""
    first, last = years
    return str(first) if first == last else f"{first} to {last}"
