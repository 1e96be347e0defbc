"""What a figure is often taken for: "by 73 %" against "73 % of" and "a share of 73 %", counted on the same results.

"1.73 times as many as" says the same as "by 73 %" and needs no count of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from patentscope.aggregate.answers.entry import Misreading, Near
from patentscope.aggregate.answers.figures import figures
from patentscope.aggregate.claims import size as measure
from patentscope.aggregate.claims.specified import Specified
from patentscope.query import side_names as sides
from patentscope.query.claim import RATIO, SHARE, Claim, margin_of


def misreadings(claim: Claim, by_question: Mapping[str, Sequence[Specified]]) -> list[Misreading]:
    """Return how many results of each question come near what the claim's figure is taken for.

    A claim that says by how much one side exceeds the other has misreadings; others have none.

    Args:
        claim: the claim.
        by_question: the distinct results that are judged, each as the specification that is shown for it.
    """
    figure = claim.exceeds_by
    if claim.measure != RATIO or figure is None or figure <= 0:
        return []
    left, right = sides.in_sentence(claim.left), sides.in_sentence(claim.right)
    has = "have" if sides.is_plural(claim.left) else "has"
    percent = f"{figure * 100:g} %"
    readings = [(f"{percent} of", f"{left} {has} {percent} as many as {right}", RATIO)]
    if figure < 1:
        readings.append((f"{percent} share", f"{left} {has} {percent} of the total of both sides", SHARE))
    return [
        _held(
            results,
            Misreading(
                reading=reading,
                says=says,
                measure=kind,
                ratio_or_share=figure,
                tolerance=margin_of(figure),
                question=question,
                near=0,
                results=len(results),
                nearest=None,
            ),
        )
        for reading, says, kind in readings
        for question, results in by_question.items()
        if results
    ]


def _held(results: Sequence[Specified], row: Misreading) -> Misreading:
    """Return *row* with how many *results* come near it, and the nearest of them."""
    kind, target, within = row["measure"], row["ratio_or_share"], row["tolerance"]
    measured = [(float(number), entry) for entry in results if (number := measure.value(entry, kind)) is not None]
    if not measured:
        return row
    row["near"] = sum(1 for _, entry in measured if measure.is_near(entry, kind, target, within))
    value, entry = min(measured, key=lambda pair: (round(abs(pair[0] - target), 9), pair[1].convention.spec_id))
    counted = figures(entry, None)
    nearest: dict[str, object] = {name: counted[name] for name in ("spec_id", "ratio", "left_n", "right_n", "in_words")}
    nearest |= {"question": row["question"], "near": measure.is_near(entry, kind, target, within)}
    if kind == SHARE:
        nearest["share"] = round(value, 6)
    row["nearest"] = cast("Near", nearest)
    return row
