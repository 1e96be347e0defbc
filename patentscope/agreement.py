"""How far two readers agree: Cohen's kappa with its interval, and where they part. Borderline is a label of its own."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from patentscope.audit import BORDERLINE, IN, OUT, wilson

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LABELS = (IN, BORDERLINE, OUT)
_Z = 1.959964
#: With fewer agreements or disagreements than this, the normal interval has next to no width.
FEW = 5


def kappa(table: NDArray[np.int64]) -> tuple[float | None, float | None, float | None]:
    """Return Cohen's kappa with its 95 % interval; nothing where chance alone would make the readers agree.

    The interval is that of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72, 323-327). Where the readers
    disagree, or agree, on fewer than 5 families it is Wilson's for the share that they agree on, with what chance
    would give taken as known.

    Args:
        table: families by the first reader's label (rows) and the second's (columns).
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
    """Return how far two readers agree, overall and by country.

    Args:
        first: one reader's rows: `key`, `country`, `label` (empty where none was given).
        second: the other's.

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
    table = np.array([[int(counts.get((one, other), 0)) for other in LABELS] for one in LABELS], np.int64)
    value, low, high = kappa(table)
    cells = {f"{one}_{other}": int(table[i, j]) for i, one in enumerate(LABELS) for j, other in enumerate(LABELS)}
    return {
        "families": int(table.sum()),
        "agreed": int(np.trace(table)),
        "kappa": value,
        "low": low,
        "high": high,
        "table": cells,
    }
