"""Every defensible specification, listed first, then counted: one curve per question, never pooled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from patentscope.aggregate.audit.correct import Widening
from patentscope.aggregate.claims import gates
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.claims.summaries import Tables
from patentscope.aggregate.counts.tally import Tally
from patentscope.errors import Fault, QueryError
from patentscope.query.claim import ALL_OTHERS, Claim, side_text
from patentscope.query.convention import LEVELS, Convention, combinations, reason_to_prune
from patentscope.query.query import AUDITED, Query, Thresholds

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
    for convention in combinations(topics, query.axes, as_of):
        needed = "family" if convention.international != "all" else convention.unit
        reason = untold.get(convention.unit) or untold.get(needed) or reason_to_prune(convention)
        if reason is not None:
            pruned[reason] += 1
        elif listed.setdefault(convention.spec_id, convention) is not convention:
            pruned["the same as another specification"] += 1
        if len(listed) > MOST_SPECIFICATIONS:
            expected = f"at most {MOST_SPECIFICATIONS:,}: take levels or readings out"
            raise QueryError(query.name, [Fault("axes", f"over {MOST_SPECIFICATIONS:,} specifications", expected)])
    return Listing(tuple(listed.values()), dict(sorted(pruned.items())))


@dataclass(frozen=True)
class Specified:
    """One specification counted for one claim."""

    claim: Claim
    convention: Convention
    tally: Tally
    findings: tuple[gates.Finding, ...]
    widening: Widening = None

    @property
    def is_audited(self) -> bool:
        """Whether labels have put the counts right, which then are estimates."""
        return self.convention.topic == AUDITED

    @property
    def ratio(self) -> Fraction | None:
        """Left / right; None where the right side is empty."""
        return self.tally.left / self.tally.right if self.tally.right else None

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The ratio with all that is unknown or imputed put wholly on the right, and wholly on the left.

        Units of third countries stay where they are (METHODS, section 6). An audit's interval widens both.
        """
        t = self.tally
        left, right = t.left - t.left_imputed, t.right - t.right_imputed
        unsure = t.unknown + t.imputed_here
        low = left / (right + unsure) if right + unsure else None
        high = (left + unsure) / right if right else None
        if not self.is_audited:
            return low, high
        down, up = self.widening or (None, None)
        return (
            None if low is None or down is None else low * down,
            None if high is None or up is None else high * up,
        )

    @property
    def is_admissible(self) -> bool:
        """Whether every gate was passed."""
        return all(finding.passed for finding in self.findings)

    @property
    def is_admissible_but_for_sample(self) -> bool:
        """Whether the data's being a sample is the only gate that was not passed."""
        return all(finding.passed for finding in self.findings if finding.gate != "sample data")

    @property
    def reason(self) -> str:
        """Why it is not admissible, and what no interval covers."""
        reasons = [f.reason for f in self.findings if not f.passed]
        return "; ".join(reasons if self.is_audited else [*reasons, gates.NOT_MEASURED])


def count(
    claim: Claim,
    conventions: Iterable[Convention],
    tables: Tables,
    bits: Mapping[str, int],
    limits: DataLimits,
    thresholds: Thresholds,
) -> list[Specified]:
    """Count *claim* under every convention; *bits* gives the place of each topic in the topic's bits."""
    counted = []
    cover = tables.audit.covers.get(claim.years) if tables.audit is not None else None
    for convention in conventions:
        tally, widening = tables.counted(convention, bits[convention.topic], claim)
        shares = tables.shares(convention, claim)
        held = gates.findings(convention, claim, tally, shares, limits, thresholds, cover)
        counted.append(Specified(claim, convention, tally, tuple(held), widening))
    return counted


def _number(value: Fraction | int | None, *, whole: bool) -> str:
    if value is None:
        return ""
    return str(int(value)) if whole else f"{float(value):.6f}"


CURVE_COLUMNS = [
    *("claim_id", "spec_id", "question", *LEVELS),
    *("as_of", "year", "left_n", "right_n", "overlap_n", "imputed_n", "unknown_n", "ratio", "low", "high"),
    *("admissible", "reason"),
]


def curve(specified: Iterable[Specified]) -> pd.DataFrame:
    """Return one row of text per specification: `CURVE_COLUMNS`, and both sets of countries as `left` and `right`."""
    rows = [_curve_row(entry) for entry in specified]
    return pd.DataFrame(rows, columns=[*CURVE_COLUMNS, "left", "right"])


def _curve_row(entry: Specified) -> dict[str, str]:
    c, t = entry.convention, entry.tally
    whole = c.share != "fractional" and not entry.is_audited
    low, high = entry.bounds
    return {
        "claim_id": entry.claim.id,
        "spec_id": c.spec_id,
        "question": c.question,
        **c.levels(),
        "as_of": c.as_of.isoformat(),
        "year": entry.claim.year_text,
        "left": side_text(entry.claim.left),
        "right": side_text(entry.claim.right),
        "left_n": _number(t.left, whole=whole),
        "right_n": _number(t.right, whole=whole),
        "overlap_n": _number(t.overlap, whole=not entry.is_audited),
        "imputed_n": _number(t.imputed, whole=not entry.is_audited),
        "unknown_n": _number(t.unknown, whole=not entry.is_audited),
        "ratio": _number(entry.ratio, whole=False),
        "low": _number(low, whole=False),
        "high": _number(high, whole=False),
        "admissible": "true" if entry.is_admissible else "false",
        "reason": entry.reason,
    }


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


def baselines(specified: Sequence[Specified]) -> list[Specified]:
    """Return each question's first admissible specification, or its first one where none is."""
    first: dict[str, Specified] = {}
    for entry in specified:
        question = entry.convention.question
        if question not in first or (entry.is_admissible and not first[question].is_admissible):
            first[question] = entry
    return list(first.values())
