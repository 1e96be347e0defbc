"""A claim held against its curve: a verdict per question and overall, the gates, and the nearest readings.

A curve shows what the choices do; it is no better estimate than any one of them. The rule is deterministic, looks at
each specification once, and leaves a question unanswered rather than answer it from too few (interface: definition 14).
"""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from patentscope.claim import Claim, side_text
from patentscope.convention import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from patentscope.multiverse import Specified
    from patentscope.query import Thresholds

SUPPORTED = "supported"
SIZE_DEPENDS = "direction right, size depends on the convention"
SIZE_NOT_REPRODUCED = "direction right, size not reproduced"
MIXED = "mixed"
CONTRADICTED = "contradicted"
NOT_ASSESSABLE = "not assessable"
_EQUAL = 1e-9
_NEAREST = 5


def _shares(specified: Sequence[Specified], claim: Claim) -> tuple[float | None, float, float]:
    """Return the shares of specifications near the claimed ratio, with the left ahead, and with it behind."""
    count = len(specified)
    ahead = sum(1 for entry in specified if (low := entry.bounds[0]) is not None and low > 1) / count
    behind = sum(1 for entry in specified if (high := entry.bounds[1]) is not None and high < 1) / count
    if claim.ratio is None:
        return None, ahead, behind
    near = sum(
        1
        for entry in specified
        if entry.ratio is not None and abs(float(entry.ratio) - claim.ratio) <= claim.tolerance + _EQUAL
    )
    return near / count, ahead, behind


def judge(specified: Sequence[Specified], claim: Claim, thresholds: Thresholds) -> str:
    """Return the verdict on one question from its admissible specifications."""
    if len(specified) < thresholds.specifications:
        return NOT_ASSESSABLE
    near, ahead, behind = _shares(specified, claim)
    if claim.ratio is not None and claim.ratio < 1:
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
    low, high = entry.bounds
    t = entry.tally
    whole = entry.convention.share != "fractional"
    sides = [int(side) if whole else _figure(float(side)) for side in (t.left, t.right)]
    return {
        "spec_id": entry.convention.spec_id,
        "ratio": None if entry.ratio is None else _figure(float(entry.ratio)),
        "low": None if low is None else _figure(float(low)),
        "high": None if high is None else _figure(float(high)),
        "left_n": sides[0],
        "right_n": sides[1],
        "overlap_n": t.overlap,
        "unknown_n": t.unknown,
        "in_words": entry.convention.in_words(),
    }


def _question(name: str, listed: Sequence[Specified], claim: Claim, thresholds: Thresholds) -> dict[str, Any]:
    """Return one question's entry of verdict.json."""
    admitted = [entry for entry in listed if entry.is_admissible]
    ratios = [float(entry.ratio) for entry in admitted if entry.ratio is not None]
    near, ahead, _ = _shares(admitted, claim) if admitted else (None, None, None)
    return {
        "question": name,
        "asks": QUESTIONS[name],
        "verdict": judge(admitted, claim, thresholds),
        "specifications": len(admitted),
        "listed": len(listed),
        "median_ratio": _figure(median(ratios)) if ratios else None,
        "min_ratio": _figure(min(ratios)) if ratios else None,
        "max_ratio": _figure(max(ratios)) if ratios else None,
        "share_left_ahead": _figure(ahead),
        "share_at_claimed_size": _figure(near),
        "baseline": _baseline(admitted[0]) if admitted else None,
    }


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


def _nearest(listed: Sequence[Specified], claim: Claim) -> list[dict[str, Any]]:
    """Return the admissible specifications whose ratios come nearest to the claimed one."""
    if claim.ratio is None:
        return []
    target = claim.ratio
    ratios = [(entry, float(entry.ratio)) for entry in listed if entry.is_admissible and entry.ratio is not None]
    ratios.sort(key=lambda pair: (round(abs(pair[1] - target), 9), pair[0].convention.spec_id))
    return [
        {"spec_id": entry.convention.spec_id, "ratio": _figure(ratio), "in_words": entry.convention.in_words()}
        for entry, ratio in ratios[:_NEAREST]
    ]


def assess(claim: Claim, listed: Sequence[Specified], thresholds: Thresholds) -> dict[str, Any]:
    """Return a claim's entry of verdict.json from all its specifications, admissible or not."""
    by_question = {name: [s for s in listed if s.convention.question == name] for name in QUESTIONS}
    questions = [_question(name, rows, claim, thresholds) for name, rows in by_question.items() if rows]
    result = {
        "id": claim.id,
        "quote": claim.quote,
        "year": claim.years[0] if claim.years[0] == claim.years[1] else claim.year_text,
        "left": list(claim.left),
        "right": list(claim.right),
        "ratio_claimed": claim.ratio,
        "tolerance": claim.tolerance,
        "said_on": claim.said_on.isoformat() if claim.said_on else None,
        "source": claim.source,
        "verdict": overall(entry["verdict"] for entry in questions),
        "gates": [row for name, rows in by_question.items() for row in _gates(name, rows)],
        "questions": questions,
        "nearest": _nearest(listed, claim),
        "thresholds": asdict(thresholds),
    }
    if claim.illustration:
        result["illustration"] = {"note": claim.illustration, "questions": illustrate(claim, by_question, thresholds)}
    result["sentence"] = sentence(result)
    result["would_decide"] = would_decide(result)
    return result


def illustrate(claim: Claim, by_question: dict[str, list[Specified]], thresholds: Thresholds) -> list[dict[str, Any]]:
    """Return what the rule reads on the records alone, as if they were no sample: the machine at work, no verdict."""
    rows = []
    for name, listed in by_question.items():
        used = [entry for entry in listed if entry.is_admissible_but_for_sample]
        if not listed:
            continue
        ratios = [float(entry.ratio) for entry in used if entry.ratio is not None]
        rows.append(
            {
                "question": name,
                "listed": len(listed),
                "specifications": len(used),
                "median_ratio": _figure(median(ratios)) if ratios else None,
                "reads": judge(used, claim, thresholds),
            }
        )
    return rows


def sentence(result: dict[str, Any]) -> str:
    """Return the verdict as one plain sentence that says how many questions could be assessed, and which not."""
    questions = result["questions"]
    assessed = [entry for entry in questions if entry["verdict"] != NOT_ASSESSABLE]
    missing = [entry["question"] for entry in questions if entry["verdict"] == NOT_ASSESSABLE]
    left, right = side_text(tuple(result["left"])), side_text(tuple(result["right"]))
    what = f"{left} against {right} in {result['year']}"
    if "illustration" in result:
        reads = [f"{q['question']} {q['reads']} ({q['specifications']})" for q in result["illustration"]["questions"]]
        return (
            f"No verdict, an illustration: on these records alone the rule would read, for {what} (specifications "
            f"used): {', '.join(reads)}."
        )
    if not assessed:
        failed = sorted({row["gate"] for row in result["gates"] if not row["passed"]})
        why = f": {', '.join(failed)} stood in the way" if failed else ": too few specifications"
        return f"Not assessable: these records answer none of the {len(questions)} questions for {what}{why}."
    span = ", ".join(
        f"{entry['question']} {entry['median_ratio']:.2f} ({entry['min_ratio']:.2f} to {entry['max_ratio']:.2f})"
        for entry in assessed
        if entry["median_ratio"] is not None
    )
    claimed = "" if result["ratio_claimed"] is None else f" The claim says {result['ratio_claimed']:.2f}."
    tail = f" Not assessable: {', '.join(missing)}." if missing else ""
    verdict = result["verdict"][0].upper() + result["verdict"][1:]
    return (
        f"{verdict}: {len(assessed)} of {len(questions)} questions could be assessed for {what}; "
        f"median ratio (range) by question: {span}.{claimed}{tail}"
    )


_REMEDIES = {
    "sample data": "a complete search at a source that covers every office named, instead of the embedded sample",
    "candidates": "more records on the topic in the claim's year",
    "coverage": "records that state the applicants' or inventors' countries",
    "truncation": "a later data date, when the claim's year has been published",
    "truncation gap": "a later data date, when both sides' years have been published to the same degree",
    "source coverage": "a source that covers the offices that are missing",
    "completeness": "a fetch whose totals are proven",
    "family members": "the family step: all members of each family, not just those that match",
    "classifier": "more text to train the classifier on",
}


def would_decide(result: dict[str, Any]) -> list[str]:
    """Return what data would decide the questions that could not be assessed."""
    missing = {entry["question"] for entry in result["questions"] if entry["verdict"] == NOT_ASSESSABLE}
    failed = {row["gate"] for row in result["gates"] if not row["passed"] and row["question"] in missing}
    return [text for gate, text in _REMEDIES.items() if gate in failed]
