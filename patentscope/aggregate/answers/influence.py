"""Which choice moves the answer most: what each axis does to the ratio over a question's admissible specifications.

Two figures, and they needn't agree. The share of variance is the axis's main effect: of the sum of squares of the log
ratio, the part that lies between the axis's levels (one-way). The specifications are no balanced design, because
combinations are pruned and gates stop some, so the shares of several axes may overlap and don't add up to one. The
median change is over pairs of specifications that differ in this axis alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import exp, fsum, log
from statistics import median

import pandas as pd

from patentscope.aggregate.claims.specified import Specified
from patentscope.query.convention import CHOICES, QUESTIONS

COLUMNS = (
    *("claim_id", "question", "axis", "levels", "specifications", "left_empty", "right_empty", "over"),
    *("variance_share", "pairs", "median_factor", "median_log_change", "median_ratio_change"),
)
_ROUNDING = 1e-18
_ADMISSIBLE, _BUT_FOR_SAMPLE = "admissible", "admissible but for sample data"


def table(curves: Mapping[str, Sequence[Specified]]) -> pd.DataFrame:
    """Return influence.csv: one row of text per claim, question and axis.

    Args:
        curves: by the claim's id, its specifications. Those of an illustration are taken as if they were no sample.

    Returns:
        levels: that the specifications used have; specifications: how many were used; left_empty, right_empty: how many
        were left out because a side counts nothing, so that the ratio has no logarithm; over: which were used;
        variance_share: of the log ratio, empty where it doesn't vary; pairs: that differ in this axis alone, and the
        medians over them of the factor between their ratios, of its logarithm, and of the ratios' difference.
    """
    rows = []
    for name, listed in curves.items():
        for question in QUESTIONS:
            mine = [entry for entry in listed if entry.convention.question == question]
            rows += [{"claim_id": name, "question": question, **row} for row in of_question(mine)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def of_question(listed: Sequence[Specified]) -> list[dict[str, str]]:
    """Return one question's rows, an axis each, without claim and question; none where nothing is listed."""
    if not listed:
        return []
    is_sample = bool(listed[0].claim.illustration)
    admitted = [entry for entry in listed if (entry.is_admissible_but_for_sample if is_sample else entry.is_admissible)]
    right_empty = [entry for entry in admitted if not entry.tally.right]
    left_empty = [entry for entry in admitted if entry.tally.right and not entry.tally.left]
    used = [entry for entry in admitted if entry.tally.left and entry.tally.right]
    points = [
        (tuple(str(getattr(entry.convention, axis)) for axis in CHOICES), float(entry.ratio or 0)) for entry in used
    ]
    head = {"specifications": str(len(used)), "left_empty": str(len(left_empty)), "right_empty": str(len(right_empty))}
    head["over"] = _BUT_FOR_SAMPLE if is_sample else _ADMISSIBLE
    return [{"axis": axis, **head, **_of_axis(points, place)} for place, axis in enumerate(CHOICES)]


def _of_axis(points: Sequence[tuple[tuple[str, ...], float]], place: int) -> dict[str, str]:
    """Return what the axis at *place* does, from (levels, ratio) of each specification."""
    by_level: dict[str, list[float]] = {}
    by_others: dict[tuple[str, ...], list[float]] = {}
    for levels, ratio in points:
        by_level.setdefault(levels[place], []).append(log(ratio))
        by_others.setdefault((*levels[:place], *levels[place + 1 :]), []).append(ratio)
    share = variance_share(list(by_level.values()))
    pairs = [pair for ratios in by_others.values() for pair in combinations(ratios, 2)]
    changes = [abs(log(one) - log(other)) for one, other in pairs]
    row = {"levels": str(len(by_level)), "variance_share": _text(share), "pairs": str(len(pairs))}
    row["median_log_change"] = _text(median(changes) if pairs else None)
    row["median_factor"] = _text(exp(median(changes)) if pairs else None)
    row["median_ratio_change"] = _text(median(abs(one - other) for one, other in pairs) if pairs else None)
    return row


def variance_share(groups: Sequence[Sequence[float]]) -> float | None:
    """Return the sum of squares between *groups* over the total one; None where nothing varies."""
    values = [value for group in groups for value in group]
    if not values:
        return None
    mean = fsum(values) / len(values)
    total = fsum((value - mean) ** 2 for value in values)
    between = fsum(len(group) * (fsum(group) / len(group) - mean) ** 2 for group in groups)
    # Where all ratios are equal, rounding alone is left over.
    return between / total if total > len(values) * _ROUNDING else None


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}"
