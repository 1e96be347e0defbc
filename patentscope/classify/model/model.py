"""A text model of the topic, trained on weak labels, that scores each labelled family by a model that never saw it.

It sees text only, never classes or rules, from which the labels come; so it can find what they miss. It is a stack of
linear models on TF-IDF (`stack`): within reach of transformers on patent landscapes at a hundredth of the cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from patentscope.classify.model.documents import Documents
from patentscope.classify.model.folds import related
from patentscope.classify.model.margins import Scorer
from patentscope.classify.model.vocabulary import Vocabulary
from patentscope.engines.aside import Aside
from patentscope.engines.workers import each
from patentscope.errors import NotEnoughEvidence
from patentscope.records.components import Integers

Bools = npt.NDArray[np.bool_]

LEAST_LABELS = 10
#: More labels than this are not learnt from: weak labels have told by then what they know.
MOST_LABELS = 10_000
#: Not the threshold of the highest F1: that one is tuned to the rules' votes, which are not the topic.
THRESHOLD = 0.5


@dataclass(frozen=True)
class Scored:
    """Scores (float, 0 to 1, NaN without text), one per family in the given order, and the model's card."""

    scores: npt.NDArray[np.float64]
    card: dict[str, Any]


@dataclass(frozen=True)
class Model:
    """A trained model: its features, and what scores documents by them."""

    vocabulary: Vocabulary
    scorer: Scorer


def score(
    blocks: Sequence[Aside[Documents]], labels: pd.Series[int], seed: int = 0, has_text: Bools | None = None
) -> Scored:
    """Train on the labelled documents and score all of them.

    A labelled family's score comes from a model trained without it (and without families that read alike); an
    unlabelled one's is the mean of the models trained for that. Both are weighed and calibrated alike.

    Args:
        blocks: One document per family, in an order that does not depend on chance; in blocks, each here or in a file.
        labels: 1, 0 or NA per family, in the same order.
        seed: Seeds the folds and the models, and the draw of labels where there are more than 10,000.
        has_text: Which families have a text at all; without it all have.

    Raises:
        NotEnoughEvidence: Fewer than 10 positive or 10 negative labels on families with a text, or too few different
            texts among them.
    """
    truth = labels.reset_index(drop=True)
    has_text = np.ones(len(truth), np.bool_) if has_text is None else has_text
    labelled = np.flatnonzero(truth.notna().to_numpy(bool) & has_text)
    known = labelled
    if len(labelled) > MOST_LABELS:
        known = np.sort(np.random.default_rng(seed).choice(labelled, MOST_LABELS, replace=False))
    y = np.asarray(truth.iloc[known].to_numpy(np.int64), np.int64)
    _check(y)
    own = _chosen(blocks, known)
    vocabulary = Vocabulary.learn(own)
    if vocabulary.width == 0:
        raise NotEnoughEvidence("the text model was not trained: no word occurs in two families' texts")
    from patentscope.classify.model import stack  # noqa: PLC0415 - few labels train nothing

    trained = stack.train(vocabulary.counts(own), y, related(own.keys()), seed)
    from patentscope.classify.model.card import card_of  # noqa: PLC0415 - scikit-learn takes a second

    scores = _scores(blocks, Model(vocabulary, trained.scorer))
    scores[known] = trained.held_out
    scores[~has_text] = np.nan
    families = {
        "families": len(truth),
        "n_unlabelled": int(has_text.sum()) - len(labelled),
        "n_without_text": len(truth) - int(has_text.sum()),
        "n_not_learnt_from": len(labelled) - len(known),
    }
    return Scored(scores, card_of(trained, vocabulary, y, THRESHOLD, seed) | families)


def _check(y: Integers) -> None:
    """Raise where there are too few labels of a sign to learn from."""
    positive, negative = int((y == 1).sum()), int((y == 0).sum())
    if min(positive, negative) < LEAST_LABELS:
        raise NotEnoughEvidence(
            f"the text model was not trained: the rules label {positive} families with a text as on topic and "
            f"{negative} as not; at least {LEAST_LABELS} of each are needed; more records or wider terms would help"
        )


def _chosen(blocks: Sequence[Aside[Documents]], places: Integers) -> Documents:
    """Return the documents at *places*, in ascending order, of all *blocks*; one block is in memory at a time."""
    start, parts = 0, []
    for block in blocks:
        documents = block.get()
        end = start + len(documents)
        parts.append(documents.taken(places[(places >= start) & (places < end)] - start))
        start = end
    return Documents.joined(parts)


def _scores(blocks: Sequence[Aside[Documents]], model: Model) -> npt.NDArray[np.float64]:
    """Return the scores of all documents, block by block, where there are many on every core."""
    first = blocks[0].file
    aside = Aside.put(model, first and first.with_name("model"))
    return np.concatenate([np.zeros(0), *each(partial(_score, aside), blocks)])


def _score(model: Aside[Model], block: Aside[Documents]) -> npt.NDArray[np.float64]:
    one = model.get() if model.file is None else _read(model.file)
    return np.concatenate([one.scorer.scores(counts) for counts in one.vocabulary.parts(block.get())])


@lru_cache(maxsize=1)
def _read(file: Path) -> Model:
    """Return the model in a *file*: a process reads it once."""
    return Aside[Model](None, file).get()
