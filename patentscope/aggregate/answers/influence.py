"""Which choice moves the answer most: what each axis does to the ratio over a question's judged specifications.

Two figures, and they needn't agree. The share of variance is the axis's main effect: of the sum of squares of the log
ratio, the part that lies between the axis's levels (one-way). The specifications are no balanced design, because
combinations are pruned and only the surest are judged, so the shares of several axes may overlap and don't add up to
one. The median change is over what changing this axis alone does.

Both are over results, not labels: what counts the same is one, so a reading that is listed twice and a level that
changes nothing move no figure.
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
    *("claim_id", "question", "axis", "levels", "specifications", "results", "left_empty", "right_empty", "over"),
    *("variance_share", "pairs", "median_factor", "median_log_change", "median_ratio_change"),
)
_ROUNDING = 1e-18


def table(judged: Mapping[str, Sequence[Specified]]) -> pd.DataFrame:
    """Return influence.csv: one row of text per claim, question and axis; none for a question without a judged row.

    Args:
        judged: by the claim's id, its judged specifications.

    Returns:
        levels: that the specifications used have; specifications: how many were used; results: the distinct ones;
        left_empty, right_empty: how many specifications were left out because a side counts nothing, so that the ratio
        has no logarithm; over: which were used; variance_share: of the log ratio, empty where it doesn't vary; pairs:
        of results that differ in this axis alone, and the medians over them of the factor between their ratios, of its
        logarithm, and of the ratios' difference.
    """
    rows = []
    for name, listed in judged.items():
        for question in QUESTIONS:
            mine = [entry for entry in listed if entry.convention.question == question]
            rows += [{"claim_id": name, "question": question, **row} for row in of_question(mine)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def of_question(judged: Sequence[Specified]) -> list[dict[str, str]]:
    """Return one question's rows, an axis each, without claim and question; none where nothing is judged."""
    if not judged:
        return []
    right_empty = sum(1 for entry in judged if not entry.tally.right)
    left_empty = sum(1 for entry in judged if entry.tally.right and not entry.tally.left)
    used = [entry for entry in judged if entry.tally.left and entry.tally.right]
    number = {result: place for place, result in enumerate(dict.fromkeys(entry.result for entry in used))}
    points = [(tuple(str(getattr(entry.convention, axis)) for axis in CHOICES), number[entry.result]) for entry in used]
    ratios = {number[entry.result]: float(entry.ratio or 0) for entry in used}
    head = {"specifications": str(len(used)), "results": str(len(ratios))}
    head |= {"left_empty": str(left_empty), "right_empty": str(right_empty), "over": "judged"}
    return [{"axis": axis, **head, **_of_axis(points, ratios, place)} for place, axis in enumerate(CHOICES)]


def _of_axis(points: Sequence[tuple[tuple[str, ...], int]], ratios: Mapping[int, float], place: int) -> dict[str, str]:
    """Return what the axis at *place* does, from (levels, result) of each specification and each result's ratio."""
    by_level: dict[str, dict[tuple[str, ...], int]] = {}
    for levels, result in points:
        by_level.setdefault(levels[place], {})[*levels[:place], *levels[place + 1 :]] = result
    told_apart = {frozenset(at.items()): at for at in by_level.values()}
    # Levels that give the same everywhere are one. If all do, each result is paired with itself: the axis moves none.
    kept = [*(told_apart if len(told_apart) > 1 else by_level).values()]
    share = variance_share([[log(ratios[one]) for one in set(at.values())] for at in kept])
    pairs = [[ratios[one] for one in pair] for pair in _pairs(kept)]
    changes = [abs(log(one) - log(other)) for one, other in pairs]
    row = {"levels": str(len(by_level)), "variance_share": _text(share), "pairs": str(len(pairs))}
    row["median_log_change"] = _text(median(changes) if pairs else None)
    row["median_factor"] = _text(exp(median(changes)) if pairs else None)
    row["median_ratio_change"] = _text(median(abs(one - other) for one, other in pairs) if pairs else None)
    return row


def _pairs(by_level: Sequence[Mapping[tuple[str, ...], int]]) -> set[tuple[int, int]]:
    """Return each two results of two levels that differ in nothing else, once; *by_level* has them by all the rest."""
    both = ((one[rest], other[rest]) for one, other in combinations(by_level, 2) for rest in one.keys() & other.keys())
    return {(min(pair), max(pair)) for pair in both}


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
