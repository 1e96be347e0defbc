"""How good scores are: precision, recall, F1 and average precision, each with an interval.

The interval is a percentile bootstrap over groups of related documents, with predictions held fixed: it says how far
other documents of the same kind might move the figure, and nothing of another draw of folds or another reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from patentscope.classify.model.margins import Floats
from patentscope.classify.model.members import Labels

DRAWS = 1000
LEVEL = 0.95
METRICS = ("f1", "precision", "recall", "average_precision")
#: Under so many documents of either label a figure is one document's opinion.
LEAST_OF_A_LABEL = 10
_DIGITS = 6
_BINS = 10


@dataclass(frozen=True)
class Judged:
    """Documents with their label (1 or 0), their score, whether they were called positive, and their group."""

    y: Labels
    scores: Floats
    called: npt.NDArray[np.bool_]
    groups: Labels

    def where(self, chosen: npt.NDArray[np.bool_]) -> Judged:
        """Return some of the documents."""
        return Judged(self.y[chosen], self.scores[chosen], self.called[chosen], self.groups[chosen])


def measure(judged: Judged, seed: int, draws: int = DRAWS) -> dict[str, Any]:
    """Return every metric with its 95 % interval, and how many rows, positives and groups it rests on.

    Where fewer than 10 documents carry one of the labels, values are None and `not_enough_evidence` says so.
    """
    positives = int(judged.y.sum())
    negatives = len(judged.y) - positives
    groups, numbers = np.unique(judged.groups, return_inverse=True)
    size = {"rows": len(judged.y), "positives": positives, "groups": len(groups)}
    if min(positives, negatives) < LEAST_OF_A_LABEL:
        nothing = {"value": None, "low": None, "high": None}
        why = f"{positives} positives and {negatives} negatives; at least {LEAST_OF_A_LABEL} of each are needed"
        return {**{name: dict(nothing) for name in METRICS}, **size, "not_enough_evidence": why}
    order = np.argsort(-judged.scores, kind="stable")
    ends = np.append(np.diff(judged.scores[order]) != 0, True)
    y, called, number = judged.y[order], judged.called[order], numbers[order]
    values = _metrics(y, called, ends, np.ones(len(y)))
    generator, many = np.random.default_rng(seed), len(groups)
    times = (np.bincount(generator.integers(0, many, many), minlength=many)[number] for _ in range(draws))
    drawn = np.array([_metrics(y, called, ends, weight.astype(np.float64)) for weight in times])
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail], axis=0)
    intervals = {
        name: {"value": _plain(value), "low": _plain(least), "high": _plain(most)}
        for name, value, least, most in zip(METRICS, values, low, high, strict=True)
    }
    return {**intervals, **size}


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), _DIGITS)


def _metrics(
    y: Labels, called: npt.NDArray[np.bool_], ends: npt.NDArray[np.bool_], weight: Floats
) -> tuple[float, ...]:
    """Return F1, precision, recall and average precision of documents in falling order of their scores.

    Args:
        y: labels.
        called: whether each was called positive.
        ends: whether the next document's score is another; documents of equal scores have no order.
        weight: how often each document counts.
    """
    hits, all_called, positives = (float((weight * part).sum()) for part in (y * called, called, y))
    nothing = float("nan")
    if not positives:
        return (nothing,) * len(METRICS)
    true_positives, seen = np.cumsum(weight * y)[ends], np.cumsum(weight)[ends]
    gained = np.diff(true_positives, prepend=0.0)
    average = float((gained * true_positives / np.maximum(seen, 1)).sum() / positives)
    precision = hits / all_called if all_called else nothing
    return 2 * hits / (all_called + positives), precision, hits / positives, average


def calibration(judged: Judged) -> dict[str, Any]:
    """Return the Brier score, and by tenths of the score the mean score beside the share of positives."""
    place = np.minimum((judged.scores * _BINS).astype(np.int64), _BINS - 1)
    bins = [
        {
            "from": step / _BINS,
            "to": (step + 1) / _BINS,
            "rows": int(inside.sum()),
            "mean_score": round(float(judged.scores[inside].mean()), _DIGITS),
            "share_positive": round(float(judged.y[inside].mean()), _DIGITS),
        }
        for step in range(_BINS)
        if (inside := place == step).any()
    ]
    return {"brier": round(float(((judged.scores - judged.y) ** 2).mean()), _DIGITS), "bins": bins}
