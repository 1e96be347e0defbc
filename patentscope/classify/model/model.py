"""A text model of the topic, trained on weak labels, that scores each labelled family by a model that never saw it.

It sees text only, never classes or rules, from which the labels come; so it can find what they miss. It is a stack of
linear models on TF-IDF (`stack`): within reach of transformers on patent landscapes at a hundredth of the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from patentscope.classify.model.folds import related
from patentscope.classify.model.vocabulary import Documents, Vocabulary
from patentscope.errors import NotEnoughEvidence

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


def score(documents: Documents, labels: pd.Series[int], seed: int = 0) -> Scored:
    """Train on the labelled *documents* and score all of them.

    A labelled family's score comes from a model trained without it (and without families of the same text); an
    unlabelled one's from a model trained on all labels. Both are weighed and calibrated alike.

    Args:
        documents: One per family, empty where there is no text; in an order that does not depend on chance.
        labels: 1, 0 or NA per family, in the same order.
        seed: Seeds the folds and the models, and the draw of labels where there are more than 10,000.

    Raises:
        NotEnoughEvidence: Fewer than 10 positive or 10 negative labels on families with a text, or too few different
            texts among them.
    """
    has_text = np.array([bool(text.strip()) for text in documents.titles], np.bool_)
    has_text |= np.array([bool(text.strip()) for text in documents.bodies], np.bool_)
    truth = labels.reset_index(drop=True)
    labelled = np.flatnonzero(truth.notna().to_numpy(bool) & has_text)
    known = labelled
    if len(labelled) > MOST_LABELS:
        known = np.sort(np.random.default_rng(seed).choice(labelled, MOST_LABELS, replace=False))
    y = np.asarray(truth.iloc[known].to_numpy(np.int64), np.int64)
    positive, negative = int((y == 1).sum()), int((y == 0).sum())
    if min(positive, negative) < LEAST_LABELS:
        raise NotEnoughEvidence(
            f"the text model was not trained: the rules label {positive} families with a text as on topic and "
            f"{negative} as not; at least {LEAST_LABELS} of each are needed; more records or wider terms would help"
        )
    own = documents.chosen(known)
    vocabulary = Vocabulary.learn(own)
    if vocabulary.width == 0:
        raise NotEnoughEvidence("the text model was not trained: no word occurs in two families' texts")
    from patentscope.classify.model import stack  # noqa: PLC0415 - scikit-learn takes a second, and few labels train nothing
    from patentscope.classify.model.card import card_of  # noqa: PLC0415 - likewise

    groups = related([f"{title} {body}".casefold() for title, body in zip(own.titles, own.bodies, strict=True)])
    trained = stack.train(vocabulary.counts(own), y, groups, seed)
    scores = np.concatenate([np.zeros(0), *(trained.scores(vocabulary.counts(some)) for some in documents.batches())])
    scores[known] = trained.held_out
    scores[~has_text] = np.nan
    families = {
        "families": len(documents),
        "n_unlabelled": int(has_text.sum()) - len(labelled),
        "n_without_text": len(documents) - int(has_text.sum()),
        "n_not_learnt_from": len(labelled) - len(known),
    }
    return Scored(scores, card_of(trained, vocabulary, y, THRESHOLD, seed) | families)
