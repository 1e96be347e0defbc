"""The classifier tried on labelled documents: each is judged by a stack that was trained without it.

Nested cross-validation. Weights, calibration and threshold are all learnt inside a training part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from patentscope.classify.evaluate.scores import Judged
from patentscope.classify.model import stack
from patentscope.classify.model.folds import FOLDS, fold_of, folds_for
from patentscope.classify.model.members import LEXICON
from patentscope.classify.model.tfidf import rows_of
from patentscope.classify.model.vocabulary import Documents, Vocabulary
from patentscope.errors import NotEnoughEvidence
from patentscope.provenance.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentscope.classify.model.members import Labels


@dataclass(frozen=True)
class Trial:
    """What a cross-validation gave: every document judged, and each fold's stack with the labels that it was taught."""

    judged: Judged
    stacks: list[stack.Stack]
    taught: list[Labels]
    features: int
    folds: int


def cross_validate(
    documents: Documents,
    y: Labels,
    groups: Labels,
    *,
    lexicon: Any = None,  # noqa: ANN401 - a scipy CSR matrix, whose types are not checked here
    folds: int = FOLDS,
    seed: int = 0,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Trial:
    """Judge each of *documents* by a stack trained on the other folds.

    Args:
        documents: with a text each.
        y: 1 or 0 by document.
        groups: documents of one group are held out together.
        lexicon: which of a query's terms each document holds, documents by groups of terms.
        folds: at most so many, outer and inner.
        seed: of folds and models.
        progress: told which fold is being trained.

    Raises:
        NotEnoughEvidence: where no document of a label could be held out, or no word occurs in two documents.
    """
    count = folds_for(y, groups, folds)
    fold = fold_of(y, groups, count, seed)
    # A vocabulary only names columns: weights are learnt in each training part.
    vocabulary = Vocabulary.learn(documents)
    if not vocabulary.width:
        raise NotEnoughEvidence("nothing to learn from: no word occurs in two texts")
    counts = vocabulary.counts(documents)
    if lexicon is not None:
        counts[LEXICON] = lexicon
    scores, called, stacks = np.zeros(len(y)), np.zeros(len(y), np.bool_), []
    for place in range(count):
        progress(Progress("cross-validation", place, count, "folds"))
        inside, outside = np.flatnonzero(fold == place), np.flatnonzero(fold != place)
        trained = stack.train(rows_of(counts, outside), y[outside], groups[outside], seed, folds)
        scores[inside] = trained.scores(rows_of(counts, inside))
        called[inside] = trained.predicted(scores[inside])
        stacks.append(trained)
    taught = [y[fold != place] for place in range(count)]
    return Trial(Judged(y, scores, called, groups), stacks, taught, vocabulary.width, count)
