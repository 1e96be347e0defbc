"""Every defensible specification, listed first, then counted: one curve per question, never pooled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from patentscope import gates, vintage
from patentscope.attribute import hold
from patentscope.claim import ALL_OTHERS, Claim, side_text
from patentscope.convention import Convention, combinations, reason_to_prune
from patentscope.count import PatternTable, Tally, patterns
from patentscope.errors import Fault, QueryError
from patentscope.units import make_units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from patentscope.engine import Engine
    from patentscope.query import Query, Thresholds

MOST_SPECIFICATIONS = 20_000


@dataclass(frozen=True)
class Listing:
    """The specifications of one claim, in order, and how many combinations were pruned for which reason."""

    conventions: tuple[Convention, ...]
    pruned: Mapping[str, int]


def list_specifications(claim: Claim, query: Query, topics: Sequence[str], today: dt.date) -> Listing:
    """List the specifications for *claim* before anything is counted; equal ones once, in the order of the axes.

    Raises:
        QueryError: where the axes give more than 20,000.
    """
    as_of = [today]
    if claim.said_on is not None and claim.said_on < today:
        as_of.append(claim.said_on)
    found: dict[str, Convention] = {}
    pruned: Counter[str] = Counter()
    for convention in combinations(topics, query.axes, as_of):
        reason = reason_to_prune(convention)
        if reason is not None:
            pruned[reason] += 1
        elif found.setdefault(convention.spec_id, convention) is not convention:
            pruned["the same as another specification"] += 1
        if len(found) > MOST_SPECIFICATIONS:
            expected = f"at most {MOST_SPECIFICATIONS:,}: take levels or readings out"
            raise QueryError(query.name, [Fault("axes", f"over {MOST_SPECIFICATIONS:,} specifications", expected)])
    return Listing(tuple(found.values()), dict(sorted(pruned.items())))


@dataclass
class Tables:
    """The pattern tables and publication lags of a run: all that specifications need, whatever the data's size."""

    today: dt.date
    periods: tuple[tuple[int, int], ...]
    sides: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    patterns: dict[tuple[dt.date, str, str], PatternTable] = field(default_factory=dict)
    lags: dict[tuple[str, str], dict[tuple[str, str, str, int], pd.DataFrame]] = field(default_factory=dict)
    _shares: dict[tuple[object, ...], vintage.VisibleShare] = field(default_factory=dict)

    def tally(self, convention: Convention, bit: int, claim: Claim) -> Tally:
        """Return what *convention* counts for *claim*."""
        table = self.patterns[convention.as_of, convention.unit, convention.documents]
        return table.tally(convention, bit, self.periods.index(claim.years), claim.left, claim.right)

    def shares(self, convention: Convention, claim: Claim) -> tuple[vintage.VisibleShare, vintage.VisibleShare] | None:
        """Return both sides' published shares, or None where truncation is no question for *convention*."""
        crossing = convention.international != "all"
        if convention.date not in {"priority", "filing"} and not crossing:
            return None
        group = "office" if convention.basis == "office" else "priority"
        date = "publication" if convention.date == "grant" else convention.date
        keys = [
            (convention.unit, convention.documents, group, convention.international, date, place)
            for place in (self.sides.index((side, claim.left)) for side in (claim.left, claim.right))
        ]
        found = [self._share(key, claim.years[1], convention.as_of) for key in keys]
        return found[0], found[1]

    def _share(self, key: tuple[str, str, str, str, str, int], year: int, as_of: dt.date) -> vintage.VisibleShare:
        """Return one side's published share; specifications that differ in topic or share have it in common."""
        known = self._shares.get((*key, year, as_of))
        if known is None:
            nothing = pd.DataFrame({"n": [], "year": [], "day": []})
            rows = self.lags[key[:2]].get(key[2:], nothing)
            known = self._shares[(*key, year, as_of)] = vintage.visible_share(rows, year, as_of)
        return known


def named_countries(claims: Iterable[Claim]) -> list[str]:
    """Return the countries that any claim names, in a fixed order."""
    return sorted({code for claim in claims for code in (*claim.left, *claim.right)} - {ALL_OTHERS})


def make_tables(engine: Engine, claims: Sequence[Claim], conventions: Iterable[Convention], today: dt.date) -> Tables:
    """Make the tables that *conventions* need to count *claims*: one pass per vintage, unit and documents level.

    The lags of the units are made at the data's own date only.
    """
    named = named_countries(claims)
    periods = tuple(dict.fromkeys(claim.years for claim in claims))
    sides = tuple(dict.fromkeys((side, claim.left) for claim in claims for side in (claim.left, claim.right)))
    tables = Tables(today, periods, sides)
    levels = {(c.as_of, c.unit, c.documents) for c in conventions}
    needed = {*levels, *((today, unit, documents) for _, unit, documents in levels)}
    for as_of in sorted({key[0] for key in needed}, reverse=True):
        hold(engine, as_of)
        for unit, documents in sorted(key[1:] for key in needed if key[0] == as_of):
            make_units(engine, unit, documents)
            tables.patterns[as_of, unit, documents] = PatternTable(patterns(engine, named, periods), named)
            if as_of == today:
                rows = vintage.lags(engine, today, sides)
                tables.lags[unit, documents] = {
                    (str(group), str(level), str(date), int(str(side))): part
                    for (group, level, date, side), part in rows.groupby(
                        ["group", "international", "date", "side"], sort=False
                    )
                }
    return tables


@dataclass(frozen=True)
class Specified:
    """One specification counted for one claim."""

    claim: Claim
    convention: Convention
    tally: Tally
    findings: tuple[gates.Finding, ...]

    @property
    def ratio(self) -> Fraction | None:
        """Left / right; None where the right side is empty."""
        return self.tally.left / self.tally.right if self.tally.right else None

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The ratio with all that is unknown or imputed put wholly on the right, and wholly on the left.

        Units of third countries stay where they are (interface: definition 12).
        """
        t = self.tally
        left, right = t.left - t.left_imputed, t.right - t.right_imputed
        unsure = t.unknown + t.imputed_here
        low = left / (right + unsure) if right + unsure else None
        return low, (left + unsure) / right if right else None

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
        return "; ".join([*(f.reason for f in self.findings if not f.passed), gates.NOT_MEASURED])


def count(
    claim: Claim,
    conventions: Iterable[Convention],
    tables: Tables,
    bits: Mapping[str, int],
    limits: gates.DataLimits,
    thresholds: Thresholds,
) -> list[Specified]:
    """Count *claim* under every convention; *bits* gives the place of each topic in the topic's bits."""
    found = []
    for convention in conventions:
        tally = tables.tally(convention, bits[convention.topic], claim)
        held = gates.findings(convention, claim, tally, tables.shares(convention, claim), limits, thresholds)
        found.append(Specified(claim, convention, tally, tuple(held)))
    return found


def _number(value: Fraction | int | None, *, whole: bool) -> str:
    if value is None:
        return ""
    return str(int(value)) if whole else f"{float(value):.6f}"


CURVE_COLUMNS = [
    *("claim_id", "spec_id", "question", "unit", "basis", "share", "date", "documents", "topic", "international"),
    *("as_of", "year", "left_n", "right_n", "overlap_n", "imputed_n", "unknown_n", "ratio", "low", "high"),
    *("admissible", "reason"),
]


def curve(specified: Iterable[Specified]) -> pd.DataFrame:
    """Return one row of text per specification: `CURVE_COLUMNS`, and both sets of countries as `left` and `right`."""
    rows = [_curve_row(entry) for entry in specified]
    return pd.DataFrame(rows, columns=[*CURVE_COLUMNS, "left", "right"])


def _curve_row(entry: Specified) -> dict[str, str]:
    c, t = entry.convention, entry.tally
    whole = c.share != "fractional"
    low, high = entry.bounds
    row = {"claim_id": entry.claim.id, "spec_id": c.spec_id, "question": c.question}
    row |= {name: getattr(c, name) for name in ("unit", "basis", "share", "date", "documents", "topic")}
    return row | {
        "international": c.international,
        "as_of": c.as_of.isoformat(),
        "year": entry.claim.year_text,
        "left": side_text(entry.claim.left),
        "right": side_text(entry.claim.right),
        "left_n": _number(t.left, whole=whole),
        "right_n": _number(t.right, whole=whole),
        "overlap_n": str(t.overlap),
        "imputed_n": str(t.imputed),
        "unknown_n": str(t.unknown),
        "ratio": _number(entry.ratio, whole=False),
        "low": _number(low, whole=False),
        "high": _number(high, whole=False),
        "admissible": "true" if entry.is_admissible else "false",
        "reason": entry.reason,
    }


def variants(claim: Claim) -> list[Claim]:
    """Return the same comparison in placebo years and against other comparator sets, for sensitivity.csv."""
    first, last = claim.years
    found = [
        claim.over((first - back, last - back), name=f"{claim.id} {back} year{'s' * (back > 1)} earlier")
        for back in (1, 2)
    ]
    right = tuple(code for code in claim.right if code != ALL_OTHERS)
    sets = [(*right, code) for code in ("KR", "EP") if right and code not in {*right, *claim.left}]
    sets += [tuple(code for code in right if code != "AU")] if "AU" in right and len(right) > 1 else []
    sets += [(ALL_OTHERS,)] if claim.right != (ALL_OTHERS,) else []
    return found + [claim.with_right(codes, name=f"{claim.id} against {side_text(codes)}") for codes in sets]


def baselines(specified: Sequence[Specified]) -> list[Specified]:
    """Return each question's first admissible specification, or its first one where none is."""
    found: dict[str, Specified] = {}
    for entry in specified:
        question = entry.convention.question
        if question not in found or (entry.is_admissible and not found[question].is_admissible):
            found[question] = entry
    return list(found.values())
