"""How far a reading agrees with what people decided: labels by simple family, and what they say of each reading.

A convenience sample's labels show where a reading errs. They are never an audit of a country.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

IN, BORDERLINE, OUT = "in", "borderline", "out"
#: Rows of a label sheet that the reader passed over, and those behind the last one with a label.
SKIPPED, UNREAD = "skipped", "unread"
#: What labels are for: putting counts right, or teaching the classifier.
AUDIT, TRAIN = "audit", "train"
_Z = 1.959964


def family_labels(family_id: pd.Series, labels: pd.Series) -> pd.Series:
    """Return one label per family that has any: its members' own where they agree, else `borderline`."""
    known = labels.dropna()
    by_family = known.groupby(family_id[known.index])
    return by_family.agg(lambda column: column.iloc[0] if column.eq(column.iloc[0]).all() else BORDERLINE)


def wilson(hits: int, trials: int) -> tuple[float | None, float | None, float | None]:
    """Return a share with its 95 % interval (Wilson 1927); nothing where there are no trials."""
    if not trials:
        return None, None, None
    share = hits / trials
    middle = (share + _Z**2 / (2 * trials)) / (1 + _Z**2 / trials)
    half = _Z / (1 + _Z**2 / trials) * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    return round(share, 6), round(max(0.0, middle - half), 6), round(min(1.0, middle + half), 6)


def agreement(scores: pd.DataFrame, labels: pd.Series, readings: Sequence[str]) -> list[dict[str, Any]]:
    """Return for each reading how labelled families fell: precision and recall with intervals, borderline apart.

    A family that a reading can't decide (no score) counts as not in, and in `undecided`.
    """
    labelled = scores[scores["family_id"].isin(labels.index)]
    truth = labelled["family_id"].map(labels)
    rows = []
    for name in readings:
        decided = labelled[f"in_topic_{name}"]
        chosen = decided.fillna(value=False).astype(bool)
        cells = {
            f"{label}_{state}": int((truth.eq(label) & chosen.eq(state == "chosen")).sum())
            for label in (IN, BORDERLINE, OUT)
            for state in ("chosen", "left")
        }
        hits = cells["in_chosen"]
        precision = wilson(hits, hits + cells["out_chosen"])
        recall = wilson(hits, hits + cells["in_left"])
        row = {"reading": name, "families": len(labelled), "undecided": int(decided.isna().sum()), **cells}
        for measure, figures in (("precision", precision), ("recall", recall)):
            row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), figures, strict=True))
        rows.append(row)
    return rows
