"""The classifier tried on labelled documents: each is judged by a stack that was trained without it.

Nested cross-validation. Weights, calibration and threshold are all learnt inside a training part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn

from patentscope.classify.evaluate.scores import Judged
from patentscope.classify.model import stack
from patentscope.classify.model.card import recipe
from patentscope.classify.model.documents import Documents
from patentscope.classify.model.folds import FOLDS, fold_of, folds_for
from patentscope.classify.model.members import LEXICON, Labels
from patentscope.classify.model.vocabulary import BLOCKS, Vocabulary, rows_of
from patentscope.errors import NotEnoughEvidence
from patentscope.provenance.progress import Progress


@dataclass(frozen=True)
class Trial:
    """What a cross-validation gave: every document judged, and each fold's stack with the labels that it was taught."""

    judged: Judged
    stacks: list[stack.Stack]
    taught: list[Labels]
    features: int
    folds: int

    def card(self, seed: int) -> dict[str, Any]:
        """Return what the stacks were made of, and how well their members did alone."""
        made = [recipe(one, y) for one, y in zip(self.stacks, self.taught, strict=True)]
        return {
            "model": "a stack of text models, trained anew in every fold",
            "stacks": dict(Counter(one["model"].removeprefix("stack: ") for one in made)),
            "members": {name: title for one in made for name, title in one["members"].items()},
            "alone": [one["alone"] for one in made],
            "calibrated": all(one["calibrated"] for one in made),
            "thresholds": [one["best_threshold"] for one in made],
            "blocks": list(BLOCKS.values()),
            "features": self.features,
            "seed": seed,
            "sklearn": sklearn.__version__,
            "limits": [
                "The figures are of texts like those in the files; another topic, office or language is another task.",
                "Readers disagree: what the labels have wrong counts as the model's error.",
                "A score is calibrated to the share of positives in the files.",
            ],
        }


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
    """Judge each of *documents* by a stack trained on the other folds, at most *folds*, outer and inner.

    Those of one of *groups* are held out together; *lexicon* says which of a query's terms each document holds.

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
        called[inside] = scores[inside] >= trained.threshold
        stacks.append(trained)
    taught = [y[fold != place] for place in range(count)]
    return Trial(Judged(y, scores, called, groups), stacks, taught, vocabulary.width, count)
