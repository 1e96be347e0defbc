"""What a specification must show before its number may count: enough records, known countries, a complete year.

A gate stops the specifications that it touches and no others; their rows stay, with their counts and the reason.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from patentscope.aggregate.audit.correct import Cover
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.claim import ALL_OTHERS, Claim, side_text
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED, Thresholds

NOT_MEASURED = "definition error not measured"


@dataclass(frozen=True)
class Finding:
    """One gate held against one specification: *found* against *needed*, for one side (`country`) or for both."""

    gate: str
    country: str
    found: float | str | None
    needed: str
    passed: bool
    reason: str


def findings(
    convention: Convention,
    claim: Claim,
    tally: Tally,
    shares: tuple[float | None, float | None],
    limits: DataLimits,
    thresholds: Thresholds,
    cover: Cover | None = None,
) -> list[Finding]:
    """Return every gate that applies to *convention*, passed or not (METHODS, section 6).

    *cover* is what was labelled for the claim's years, for the audited reading.
    """
    found = [*_data(convention, claim, limits), *_coverage(claim, tally, thresholds)]
    found += _candidates(claim, tally, thresholds)
    found += _whole_year(convention, claim)
    if convention.date in {"priority", "filing"} or convention.international != "all":
        found += _truncation(claim, shares, thresholds)
    if cover is not None and convention.topic == AUDITED:
        found += _labels(convention, claim, cover, thresholds)
    return found


def _labels(convention: Convention, claim: Claim, cover: Cover, thresholds: Thresholds) -> list[Finding]:
    """Hold what was labelled in each of the claim's countries, by that of the draw, against what an audit needs."""
    found = []
    if convention.unit == "extended_family":
        reason = "labels: of simple families, of which an extended one holds several"
        found.append(Finding("labels", "", "simple families", "the unit labelled", passed=False, reason=reason))
    first, last = cover.drawn_for
    if not first <= claim.years[0] <= claim.years[1] <= last:
        drawn = str(first) if first == last else f"{first}..{last}"
        reason = f"labels: drawn for {drawn}, not for {claim.year_text}"
        found.append(Finding("labels", "", drawn, claim.year_text, passed=False, reason=reason))
    for side in ((code,) for code in (*claim.left, *claim.right)):
        codes = set(cover.families) - set(claim.left) if side == (ALL_OTHERS,) else set(side)
        read, families = (sum(counts.get(code, 0) for code in codes) for counts in (cover.read, cover.families))
        found.append(
            Finding(
                "labels",
                side_text(side),
                read,
                f"at least {thresholds.labels} families labelled, or all of {families}",
                passed=read >= min(thresholds.labels, families),
                reason=f"labels: {read} of {families} families of {side_text(side)} labelled",
            )
        )
    return found


def _data(convention: Convention, claim: Claim, limits: DataLimits) -> list[Finding]:
    found = []
    if limits.is_sample:
        found.append(
            Finding("sample data", "", "a convenience sample", "a complete search", passed=False, reason="sample data")
        )
    lacking = sorted(set(limits.lacks_offices) & {*claim.left, *claim.right})
    if lacking:
        text = "+".join(lacking)
        found.append(
            Finding(
                "source coverage", text, "not covered", "every country", passed=False, reason=f"source without {text}"
            )
        )
    if limits.search_points > 1:
        found.append(
            Finding("completeness", "", "cut", "whole searches", passed=False, reason=f"search {limits.search_found}")
        )
    is_international = convention.international != "all"
    if is_international and not limits.knows_members:
        found.append(
            Finding("family members", "", "not fetched", "all", passed=False, reason="family members not fetched")
        )
    if is_international and limits.undated_before and convention.as_of < limits.undated_before:
        needed = f"{limits.undated_before}, the data's own date"
        reason = "family members have no dates"
        found.append(Finding("dates of family members", "", str(convention.as_of), needed, passed=False, reason=reason))
    if limits.untrained.get(convention.topic):
        why = limits.untrained[convention.topic]
        found.append(
            Finding(
                "classifier", "", why, "a trained classifier", passed=False, reason=f"classifier not trained: {why}"
            )
        )
    return found


def _coverage(claim: Claim, tally: Tally, thresholds: Thresholds) -> list[Finding]:
    """Hold each side's share of units without a stated country against the limit."""
    found = []
    for side, units, imputed in (
        (claim.left, tally.left, tally.left_imputed),
        (claim.right, tally.right, tally.right_imputed),
    ):
        base = units + tally.unknown
        share = Fraction(imputed + tally.unknown, base) if base else Fraction(0)
        passed = share <= Fraction(str(thresholds.coverage))
        name = side_text(side)
        found.append(
            Finding(
                "coverage",
                name,
                round(float(share), 6),
                f"at most {thresholds.coverage:g} of units without a stated country",
                passed=passed,
                reason=f"coverage: country unknown or by priority office alone for {float(share):.0%} of {name}",
            )
        )
    return found


def _candidates(claim: Claim, tally: Tally, thresholds: Thresholds) -> list[Finding]:
    together = tally.left + tally.right - tally.overlap
    names = (side_text(claim.left), side_text(claim.right))
    rows = [(f"{names[0]} and {names[1]}", together, thresholds.candidates)]
    rows += [(name, units, thresholds.side) for name, units in zip(names, (tally.left, tally.right), strict=True)]
    return [
        Finding(
            "candidates",
            name,
            round(float(units), 6),
            f"at least {least}",
            passed=units >= least,
            reason=f"candidates: {float(units):g} for {name}, fewer than {least}",
        )
        for name, units, least in rows
    ]


def _whole_year(convention: Convention, claim: Claim) -> list[Finding]:
    """Stop a count by publication or grant of a year that is not over at the data's date: its rest is not published.

    By priority or filing `_truncation` asks more. An illustration, which is never judged, spans all years.
    """
    by_publication = convention.date in {"publication", "grant"}
    if not by_publication or claim.illustration or convention.as_of >= dt.date(claim.years[1], 12, 31):
        return []
    reason = f"whole year: {claim.years[1]} is not over on {convention.as_of}"
    needed = f"{claim.years[1]} over at the data's date"
    return [Finding("whole year", "", convention.as_of.isoformat(), needed, passed=False, reason=reason)]


def _truncation(claim: Claim, shares: tuple[float | None, float | None], thresholds: Thresholds) -> list[Finding]:
    names = (side_text(claim.left), side_text(claim.right))
    found = []
    for name, visible in zip(names, shares, strict=True):
        passed = visible is not None and visible >= thresholds.truncation
        state = "can't be estimated" if visible is None else f"{visible:.0%}"
        found.append(
            Finding(
                "truncation",
                name,
                None if visible is None else round(visible, 6),
                f"at least {thresholds.truncation:g} of the year's units published",
                passed=passed,
                reason=f"truncation: published share of {name} {state}",
            )
        )
    left, right = shares
    if left is not None and right is not None:
        gap = abs(left - right)
        found.append(
            Finding(
                "truncation gap",
                f"{names[0]} and {names[1]}",
                round(gap, 6),
                f"published shares at most {thresholds.truncation_gap:g} apart",
                passed=gap <= thresholds.truncation_gap + 1e-9,
                reason=f"truncation: published shares {left:.0%} and {right:.0%} are too far apart",
            )
        )
    return found
