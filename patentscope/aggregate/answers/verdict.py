"""A claim held against its curve: a verdict per question and overall, the gates, and the nearest readings.

A curve shows what the choices do; it is no better estimate than any one of them. The rule is deterministic, looks at
each specification once, and leaves a question unanswered rather than answer it from too few (METHODS, section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from statistics import median
from typing import Any, cast

from patentscope.aggregate.claims import size as measure
from patentscope.aggregate.answers.entry import Entry, Illustrated
from patentscope.aggregate.answers.misreadings import misreadings
from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.answers.verdict_words import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    nearest_sentence,
    nothing_to_count,
    sentence,
    would_decide,
)
from patentscope.query.claim import RATIO, SHARE, Claim
from patentscope.query.convention import QUESTIONS
from patentscope.query.query import Thresholds

_NEAREST = 5
_SPREAD = ("median", "min", "max")


def _shares(specified: Sequence[Specified], claim: Claim, width: float) -> tuple[float | None, float, float]:
    """Return the shares of specifications near the claimed size, with the left ahead, and with it behind."""
    count = len(specified)
    tie = Fraction(str(claim.threshold))
    ends = [measure.bounds(entry, claim.measure) for entry in specified]
    ahead = sum(1 for low, _ in ends if low is not None and low > tie) / count
    behind = sum(1 for _, high in ends if high is not None and high < tie) / count
    if claim.size is None:
        return None, ahead, behind
    size, kind = claim.size, claim.measure
    near = sum(1 for entry in specified if measure.is_near(entry, kind, size, claim.tolerance, width))
    return near / count, ahead, behind


def judge(specified: Sequence[Specified], claim: Claim, thresholds: Thresholds) -> str:
    """Return the verdict on one question from its admissible specifications."""
    if len(specified) < thresholds.specifications:
        return NOT_ASSESSABLE
    near, ahead, behind = _shares(specified, claim, thresholds.audited_width)
    if claim.is_turned:
        ahead, behind = behind, ahead
    if near is not None and near >= thresholds.near:
        return SUPPORTED
    if behind >= thresholds.behind:
        return CONTRADICTED
    if ahead >= thresholds.ahead:
        if near is None:
            return SUPPORTED
        return SIZE_DEPENDS if near >= thresholds.near_some else SIZE_NOT_REPRODUCED
    return MIXED


def overall(verdicts: Iterable[str]) -> str:
    """Return the verdict over all questions from those that could be assessed."""
    assessed = [verdict for verdict in verdicts if verdict != NOT_ASSESSABLE]
    if not assessed:
        return NOT_ASSESSABLE
    if len(set(assessed)) == 1:
        return assessed[0]
    if set(assessed) <= {SUPPORTED, SIZE_DEPENDS, SIZE_NOT_REPRODUCED}:
        return SIZE_DEPENDS
    return MIXED


def _figure(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _baseline(entry: Specified) -> dict[str, Any]:
    """Return one specification's figures; for a claim on a share, the share as well."""
    low, high = entry.bounds
    t = entry.tally
    whole = entry.convention.share != "fractional" and not entry.is_audited
    sides = [int(side) if whole else _figure(float(side)) for side in (t.left, t.right)]
    others = [_figure(float(n)) if entry.is_audited else int(n) for n in (t.overlap, t.unknown)]
    return {
        "spec_id": entry.convention.spec_id,
        "ratio": None if entry.ratio is None else _figure(float(entry.ratio)),
        "low": None if low is None else _figure(float(low)),
        "high": None if high is None else _figure(float(high)),
        "left_n": sides[0],
        "right_n": sides[1],
        "overlap_n": others[0],
        "unknown_n": others[1],
        **_share(entry),
        "in_words": entry.convention.in_words(),
    }


def _share(entry: Specified) -> dict[str, float | None]:
    if entry.claim.measure == RATIO:
        return {}
    ends = measure.bounds(entry, SHARE)
    found = dict(zip(("share", "share_low", "share_high"), (measure.value(entry, SHARE), *ends), strict=True))
    return {name: None if value is None else _figure(float(value)) for name, value in found.items()}


def _question(name: str, listed: Sequence[Specified], claim: Claim, thresholds: Thresholds) -> dict[str, Any]:
    """Return one question's entry of verdict.json."""
    admitted = [entry for entry in listed if entry.is_admissible]
    near, ahead, _ = _shares(admitted, claim, thresholds.audited_width) if admitted else (None, None, None)
    entry = {
        "question": name,
        "asks": QUESTIONS[name],
        "verdict": judge(admitted, claim, thresholds),
        "specifications": len(admitted),
        "listed": len(listed),
        **_spread(admitted, RATIO),
        **(_spread(admitted, claim.measure) if claim.measure != RATIO else {}),
        "share_left_ahead": _figure(ahead),
        "share_at_claimed_size": _figure(near),
        "baseline": _baseline(admitted[0]) if admitted else None,
    }
    audited = [one for one in listed if one.is_audited]
    if audited:
        entry["audited"] = _audited(audited)
    return entry


def _spread(admitted: Sequence[Specified], kind: str) -> dict[str, float | None]:
    """Return the median, the least and the most of what *admitted* measure, None where none of them has it."""
    found = [float(number) for entry in admitted if (number := measure.value(entry, kind)) is not None]
    figures = (median(found), min(found), max(found)) if found else (None, None, None)
    return {f"{name}_{kind}": _figure(number) for name, number in zip(_SPREAD, figures, strict=True)}


def _audited(listed: Sequence[Specified]) -> dict[str, Any]:
    """Return a question's first admissible audited specification, or its first one, with the labels' interval."""
    first = next((entry for entry in listed if entry.is_admissible), listed[0])
    return {**_baseline(first), "admissible": first.is_admissible, "reason": first.reason}


def _gates(name: str, listed: Sequence[Specified]) -> list[dict[str, Any]]:
    """Return one row per gate and side: the worst that was found, and how many specifications it stopped."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in listed:
        for finding in entry.findings:
            key = (finding.gate, finding.country)
            row = rows.setdefault(
                key,
                {"gate": finding.gate, "question": name, "country": finding.country or None}
                | {"found": finding.found, "needed": finding.needed, "passed": True, "stopped": 0, "of": 0},
            )
            row["of"] += 1
            row["found"] = _worse(finding.gate)(row["found"], finding.found)
            if not finding.passed:
                row["passed"] = False
                row["stopped"] += 1
    return list(rows.values())


def _worse(gate: str) -> Callable[[Any, Any], Any]:
    """Return what picks the worse of two findings; an unknown share is worse than any."""

    def pick(one: Any, other: Any) -> Any:  # noqa: ANN401 - a finding is a number, a text or nothing
        if one is None or other is None or isinstance(one, str):
            return one if one is None or isinstance(one, str) else other
        return max(one, other) if gate in {"coverage", "truncation gap"} else min(one, other)

    return pick


def _nearest(listed: Iterable[Specified], claim: Claim, width: float) -> list[dict[str, Any]]:
    """Return the admissible specifications whose measures come nearest to the claimed size, and whether they are near.

    An estimate may lie close to it and yet be too uncertain to count as near.
    """
    if claim.size is None:
        return []
    size, kind = claim.size, claim.measure
    return [
        {"spec_id": entry.convention.spec_id, "ratio": None if entry.ratio is None else _figure(float(entry.ratio))}
        | ({} if kind == RATIO else {kind: _figure(value)})
        | {"near": measure.is_near(entry, kind, size, claim.tolerance, width), "in_words": entry.convention.in_words()}
        for entry, value in measure.nearest(listed, kind, size)[:_NEAREST]
    ]


def assess(
    claim: Claim, listed: Sequence[Specified], thresholds: Thresholds, untold: Mapping[str, str] | None = None
) -> Entry:
    """Return a claim's entry of verdict.json from all its specifications, admissible or not.

    Specifications with one id are one and count once, whatever order they come in. *untold* says which units the
    records can't tell, and why: where nothing is listed, that is the reason.
    """
    distinct: dict[str, Specified] = {}
    for entry in listed:
        distinct.setdefault(entry.convention.spec_id, entry)
    by_question = {name: [s for s in distinct.values() if s.convention.question == name] for name in QUESTIONS}
    questions = [_question(name, rows, claim, thresholds) for name, rows in by_question.items() if rows]
    result = {
        "id": claim.id,
        "quote": claim.quote,
        "year": claim.years[0] if claim.years[0] == claim.years[1] else claim.year_text,
        "left": list(claim.left),
        "right": list(claim.right),
        **_claimed(claim),
        "tolerance": claim.tolerance,
        "said_on": claim.said_on.isoformat() if claim.said_on else None,
        "source": claim.source,
        "verdict": overall(entry["verdict"] for entry in questions),
        "gates": [row for name, rows in by_question.items() for row in _gates(name, rows)],
        "questions": questions,
        "nearest": _nearest(distinct.values(), claim, thresholds.audited_width),
        "misreadings": misreadings(claim, by_question, thresholds.audited_width),
        "thresholds": asdict(thresholds),
    }
    if claim.illustration:
        result["illustration"] = {"note": claim.illustration, "questions": illustrate(claim, by_question, thresholds)}
    result["sentence"] = sentence(result) if listed else nothing_to_count(result, (untold or {}).values())
    result["nearest_in_words"] = nearest_sentence(result)
    result["would_decide"] = would_decide(result)
    return cast("Entry", result)


def _claimed(claim: Claim) -> dict[str, Any]:
    """Return what the claim says in figures, as a ratio (of sides without a common unit) and in its own measure."""
    says = "size" if claim.size is not None else "less" if claim.is_below else "more"
    figure = claim.size if claim.limit is None else claim.limit
    if claim.measure == RATIO or figure is None:
        return {"measure": claim.measure, "says": says, "ratio_claimed": figure}
    return {"measure": SHARE, "says": says, "ratio_claimed": round(figure / (1 - figure), 9), "share_claimed": figure}


def illustrate(claim: Claim, by_question: dict[str, list[Specified]], thresholds: Thresholds) -> list[Illustrated]:
    """Return what the rule reads on the records alone, as if they were no sample: the machine at work, no verdict."""
    rows: list[Illustrated] = []
    for name, listed in by_question.items():
        used = [entry for entry in listed if entry.is_admissible_but_for_sample]
        if not listed:
            continue
        rows.append(
            {
                "question": name,
                "listed": len(listed),
                "specifications": len(used),
                "median_ratio": _spread(used, RATIO)["median_ratio"],
                "reads": judge(used, claim, thresholds),
            }
        )
    return rows
