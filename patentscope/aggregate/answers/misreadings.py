"""What a figure is often taken for: "by 73 %" against "73 % of" and "a share of 73 %", counted on the same curves.

"1.73 times as many as" says the same as "by 73 %" and needs no count of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patentscope.aggregate.claims import size as measure
from patentscope.aggregate.claims.specified import Specified
from patentscope.query.claim import RATIO, SHARE, TOLERANCE, Claim, side_text


def misreadings(claim: Claim, by_question: Mapping[str, Sequence[Specified]], width: float) -> list[dict[str, Any]]:
    """Return how many admissible specifications of each question come near what the claim's figure is taken for.

    Args:
        claim: one that somebody made, and that says by how much one side exceeds the other; others have no misreading.
        by_question: its specifications, admissible or not.
        width: of an audited interval that counts as near.

    Returns:
        One entry per reading and question: reading, says, measure, ratio_or_share (what is looked for), tolerance,
        question, near, specifications, nearest (spec_id, the measure's value and the convention in words, or None).
    """
    figure = claim.exceeds_by
    if claim.illustration or claim.measure != RATIO or figure is None or figure <= 0:
        return []
    left, right = side_text(claim.left), side_text(claim.right)
    percent = f"{figure * 100:g} %"
    readings = [(f"{percent} of", f"{left} is {percent} of {right}", RATIO, claim.tolerance)]
    if figure < 1:
        says = f"{left} has {percent} of {left} and {right} together"
        readings.append((f"{percent} share", says, SHARE, TOLERANCE[SHARE]))
    return [
        {"reading": reading, "says": says, "measure": kind, "ratio_or_share": figure, "tolerance": tolerance}
        | {"question": question, **_held(listed, kind, figure, tolerance, width)}
        for reading, says, kind, tolerance in readings
        for question, listed in by_question.items()
        if listed
    ]


def _held(listed: Sequence[Specified], kind: str, target: float, tolerance: float, width: float) -> dict[str, Any]:
    """Return how many admissible specifications come near *target*, and the nearest of them."""
    admitted = [entry for entry in listed if entry.is_admissible]
    near = sum(1 for entry in admitted if measure.is_near(entry, kind, target, tolerance, width))
    nearest = [
        {"spec_id": entry.convention.spec_id, kind: round(value, 6), "in_words": entry.convention.in_words()}
        for entry, value in measure.nearest(admitted, kind, target)[:1]
    ]
    return {"near": near, "specifications": len(admitted), "nearest": nearest[0] if nearest else None}
