"""A text model of the topic, trained on weak labels, that scores each labelled family by a model that never saw it.

It sees text only, never classes, from which some labels come; so it can find what the classes miss. It is regularised
logistic regression on TF-IDF: the plain baseline of the field, within reach of transformers on patent landscapes at a
hundredth of the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold

from patentscope.classify.text import BLOCKS, text_matrix
from patentscope.errors import NotEnoughEvidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.int64]

LEAST_LABELS = 10
#: Below so many labels of either sign, a fitted calibration curve is more noise than cure.
LEAST_TO_CALIBRATE = 30
THRESHOLD = 0.5
_FOLDS = 5
_STRENGTH = 10.0
_LIMITS = (
    "The labels are weak: votes of rules over classes and words, not judgements of readers.",
    "F1 and average precision say how well text predicts those votes, not how well it predicts the topic.",
    "A score is calibrated, if at all, to the share of positives among the weak labels, not in the world.",
    "Families in languages other than English, Chinese and Japanese are scored by pieces of words alone.",
    "Families without any text have no score.",
)


@dataclass(frozen=True)
class Scored:
    """Scores (float, 0 to 1, NaN without text), one per family in the given order, and the model's card."""

    scores: Floats
    card: dict[str, Any]


def score(texts: Sequence[str], labels: pd.Series[int], seed: int = 0) -> Scored:
    """Train on the labelled *texts* and score all of them.

    A labelled family's score comes from a model trained without it (and without families of the same text); an
    unlabelled one's from a model trained on all labels. Both pass through the same calibration.

    Args:
        texts: One text per family, empty where there is none; in an order that does not depend on chance.
        labels: 1, 0 or NA per family, in the same order.
        seed: Seeds the folds.

    Raises:
        NotEnoughEvidence: Fewer than 10 positive or 10 negative labels on families with a text, or too few different
            texts among them.
    """
    has_text = np.array([bool(text.strip()) for text in texts], np.bool_)
    truth = labels.reset_index(drop=True)
    known = np.flatnonzero(truth.notna().to_numpy(bool) & has_text)
    y = np.asarray(truth.iloc[known].to_numpy(np.int64), np.int64)
    same = pd.Series([texts[i].casefold() for i in known.tolist()], dtype="str")
    groups = np.asarray(pd.factorize(same)[0], np.int64)
    folds = _folds(y, groups)
    matrix = text_matrix(texts)
    if matrix.shape[1] == 0:
        raise NotEnoughEvidence("the text model was not trained: no word occurs in two families' texts")
    held_out = _held_out(matrix[known], y, groups, folds, seed)
    margins = np.asarray(_fitted(matrix[known], y, seed).decision_function(matrix), np.float64)
    margins[known] = held_out
    is_calibrated = bool(min(y.sum(), len(y) - y.sum()) >= LEAST_TO_CALIBRATE)
    scores = _calibrated(margins, held_out, y) if is_calibrated else 1 / (1 + np.exp(-margins))
    scores[~has_text] = np.nan
    card = _card(scores[known], y, int(has_text.sum()) - len(y), len(texts))
    card |= {"features": int(matrix.shape[1]), "folds": folds, "calibrated": is_calibrated, "seed": seed}
    return Scored(scores, card)


def _folds(y: Labels, groups: Labels) -> int:
    """Return the number of folds that the labels allow: 5, or fewer where few different texts carry a sign."""
    positive, negative = int((y == 1).sum()), int((y == 0).sum())
    if min(positive, negative) < LEAST_LABELS:
        raise NotEnoughEvidence(
            f"the text model was not trained: the rules label {positive} families with a text as on topic and "
            f"{negative} as not; at least {LEAST_LABELS} of each are needed; more records or wider terms would help"
        )
    distinct = min(len(set(groups[y == sign])) for sign in (0, 1))
    if distinct < 2:  # noqa: PLR2004 - no fold could be held out
        raise NotEnoughEvidence(
            "the text model was not trained: all families with one of the labels have the same text"
        )
    return min(_FOLDS, distinct)


def _fitted(matrix: Any, y: Labels, seed: int) -> Any:  # noqa: ANN401
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000, random_state=seed)
    return model.fit(matrix, y)


def _held_out(
    matrix: Any,  # noqa: ANN401
    y: Labels,
    groups: Labels,
    folds: int,
    seed: int,
) -> Floats:
    """Return each labelled family's margin by a model of the other folds; equal texts share a fold."""
    margins = np.zeros(len(y))
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for train, test in splitter.split(matrix, y, groups):
        if len(set(y[train])) < 2:  # noqa: PLR2004 - a fold that holds a whole sign leaves nothing to learn from
            raise NotEnoughEvidence("the text model was not trained: too few different texts carry one of the labels")
        margins[test] = _fitted(matrix[train], y[train], seed).decision_function(matrix[test])
    return margins


def _calibrated(margins: Floats, held_out: Floats, y: Labels) -> Floats:
    """Return *margins* as probabilities by Platt's sigmoid, fitted on the held-out margins (Platt 1999)."""
    curve = LogisticRegression().fit(held_out.reshape(-1, 1), y)
    return np.asarray(curve.predict_proba(margins.reshape(-1, 1))[:, 1], np.float64)


def _card(scores: Floats, y: Labels, unlabelled: int, families: int) -> dict[str, Any]:
    """Return what a reader must know of the model, in plain values that JSON can hold."""
    return {
        "model": f"logistic regression (C = {_STRENGTH:g}, balanced) on TF-IDF",
        "blocks": list(BLOCKS),
        "families": families,
        "n_positive": int(y.sum()),
        "n_negative": int(len(y) - y.sum()),
        "n_unlabelled": unlabelled,
        "n_without_text": families - unlabelled - len(y),
        "threshold": THRESHOLD,
        "f1": round(float(f1_score(y, scores >= THRESHOLD)), 6),
        "average_precision": round(float(average_precision_score(y, scores)), 6),
        "sklearn": sklearn.__version__,
        "limits": list(_LIMITS),
    }
