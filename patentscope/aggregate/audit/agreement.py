"""How far two readers agree, and a reading of the topic with a reader: Cohen's kappa, precision, recall, intervals.

Borderline is a label of its own. A convenience sample's labels show where a reading errs; they are never an audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patentscope.aggregate.audit.reader import LABELS

_Z = 1.959964
#: With fewer agreements or disagreements than this, the normal interval has next to no width.
FEW = 5


def kappa(table: NDArray[np.int64]) -> tuple[float | None, float | None, float | None]:
    """Return Cohen's kappa with its 95 % interval; nothing where chance alone would make the readers agree.

    The interval is that of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72, 323-327). Where the readers
    disagree, or agree, on fewer than 5 families it is Wilson's for the share that they agree on, with what chance
    would give taken as known. *table* has families by the first reader's label (rows) and the second's (columns).
    """
    n = int(table.sum())
    if not n:
        return None, None, None
    share = table / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    agreed, chance = float(np.trace(share)), float(rows @ columns)
    if np.isclose(chance, 1.0):
        return None, None, None
    value = (agreed - chance) / (1 - chance)
    same = int(np.trace(table))
    if min(same, n - same) < FEW:
        _, low, high = ((edge or 0.0) for edge in wilson(same, n))
        ends = (low - chance) / (1 - chance), (high - chance) / (1 - chance)
    else:
        sums = columns[:, None] + rows[None, :]
        inside = np.diag(share) * ((1 - chance) - np.diag(sums) * (1 - agreed)) ** 2
        outside = share * sums**2 * (1 - np.eye(len(share)))
        shift = agreed * chance - 2 * chance + agreed
        variance = float(inside.sum() + (1 - agreed) ** 2 * outside.sum() - shift**2)
        half = _Z * sqrt(max(variance, 0.0) / n) / (1 - chance) ** 2
        ends = value - half, value + half
    return round(value, 6), round(max(ends[0], -1.0), 6), round(min(ends[1], 1.0), 6)


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> dict[str, Any]:
    """Return how far two readers agree, from their rows: `key`, `country`, `label` (empty where none was given).

    Returns:
        `overall` and `by` (country) with families, agreed, kappa, low, high and table (`in_out`: the first reader says
        in, the second out); `only_first`, `only_second`, `neither`: families that have one label or none.
    """
    both = first.merge(second[["key", "label"]], on="key", how="outer", suffixes=("", "_second"))
    has = [both[name].notna() & both[name].ne("") for name in ("label", "label_second")]
    pairs = both[has[0] & has[1]]
    return {
        "overall": _entry(pairs),
        "by": {str(country): _entry(part) for country, part in pairs.groupby("country", sort=True)},
        "only_first": int((has[0] & ~has[1]).sum()),
        "only_second": int((~has[0] & has[1]).sum()),
        "neither": int((~has[0] & ~has[1]).sum()),
    }


def _entry(pairs: pd.DataFrame) -> dict[str, Any]:
    """Return one group's agreement."""
    counts = pairs.groupby(["label", "label_second"]).size()
    cells = {(one, other): int(counts.get((one, other), 0)) for one in LABELS for other in LABELS}
    table = np.array([*cells.values()], np.int64).reshape(len(LABELS), -1)
    return {
        "families": len(pairs),
        "agreed": int(np.trace(table)),
        **dict(zip(("kappa", "low", "high"), kappa(table), strict=True)),
        "table": {f"{one}_{other}": count for (one, other), count in cells.items()},
    }


def wilson(hits: int, trials: int) -> tuple[float | None, float | None, float | None]:
    """Return a share with its 95 % interval (Wilson 1927); nothing where there are no trials."""
    if not trials:
        return None, None, None
    share = hits / trials
    middle = (share + _Z**2 / (2 * trials)) / (1 + _Z**2 / trials)
    half = _Z / (1 + _Z**2 / trials) * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    return round(share, 6), round(max(0.0, middle - half), 6), round(min(1.0, middle + half), 6)


def against_labels(scores: pd.DataFrame, labels: pd.Series, readings: Sequence[str]) -> list[dict[str, Any]]:
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
            for label in LABELS
            for state in ("chosen", "left")
        }
        hits = cells["in_chosen"]
        row = {"reading": name, "families": len(labelled), "undecided": int(decided.isna().sum()), **cells}
        for measure, missed in (("precision", "out_chosen"), ("recall", "in_left")):
            figures = wilson(hits, hits + cells[missed])
            row |= dict(zip((measure, f"{measure}_low", f"{measure}_high"), figures, strict=True))
        rows.append(row)
    return rows
