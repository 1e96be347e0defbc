"""The models that a stack is made of: each reads one view of the documents, and gives each document a margin.

All are linear but one. Wang & Manning 2012, "Baselines and bigrams", is the source of the naive Bayes features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from patentscope.classify.model.vocabulary import LEAST_DOCUMENTS, Counts

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

Margins = Callable[[Counts], Floats]

#: Where a query's terms are given, the columns that say which of them a document holds.
LEXICON = "lexicon"
_STRENGTH = 1.0
_MOST_ROUNDS = 10_000
_DIRECTIONS = 50
_TREES = 300
_SUREST = 0.998


@dataclass(frozen=True)
class Member:
    """A kind of model: its name, what it is, and how it is trained on counts and labels (1, 0)."""

    name: str
    title: str
    train: Callable[[Counts, Labels, int], Margins]


def weights_of(counts: Any) -> TfidfTransformer:  # noqa: ANN401 - scipy's types are not checked here
    """Return TF-IDF learnt from one block of the documents to be trained on; a feature of one document weighs 0."""
    weights = TfidfTransformer(sublinear_tf=True).fit(counts)
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    weights.idf_ = np.where(spread >= LEAST_DOCUMENTS, weights.idf_, 0.0)
    return weights


def _tfidf(counts: Counts, blocks: tuple[str, ...]) -> Callable[[Counts], Any]:
    """Return what weighs those of *blocks* that have features, side by side."""
    weights = {block: weights_of(counts[block]) for block in blocks if counts[block].shape[1]}
    return lambda rows: sparse.hstack([one.transform(rows[block]) for block, one in weights.items()], format="csr")


def _weighed(blocks: tuple[str, ...]) -> Callable[[Counts, Labels, int], Margins]:
    """Return how a support vector machine on TF-IDF of *blocks* is trained."""

    def train(counts: Counts, y: Labels, seed: int) -> Margins:
        weigh = _tfidf(counts, blocks)

        def matrix(rows: Counts) -> Any:  # noqa: ANN401
            return sparse.hstack([weigh(rows), *([rows[LEXICON]] if LEXICON in rows else [])], format="csr")

        machine = _machine(matrix(counts), y, seed)
        return lambda rows: np.asarray(machine.decision_function(matrix(rows)), np.float64)

    return train


def _naive_bayes(counts: Counts, y: Labels, seed: int) -> Margins:
    """Train a support vector machine on the presence of words, each scaled by its log-count ratio.

    Rows are then scaled to length 1, which the source does not do; so a long text is no surer than a short one.
    """
    blocks = ("words", "characters")
    present = _present(counts, blocks)
    spread = np.bincount(present.indices, minlength=present.shape[1])
    ratio = np.log(_shares(present, y == 1) / _shares(present, y == 0)) * (spread >= LEAST_DOCUMENTS)

    def matrix(rows: Counts) -> Any:  # noqa: ANN401
        return normalize(_present(rows, blocks).multiply(ratio).tocsr())

    machine = _machine(matrix(counts), y, seed)
    return lambda rows: np.asarray(machine.decision_function(matrix(rows)), np.float64)


def _shares(present: Any, chosen: npt.NDArray[np.bool_]) -> Floats:  # noqa: ANN401
    """Return each feature's share of all that the *chosen* documents hold, one added to each."""
    occurrences = 1 + np.asarray(present[np.flatnonzero(chosen)].sum(axis=0), np.float64).ravel()
    return np.asarray(occurrences / occurrences.sum(), np.float64)


def _present(counts: Counts, blocks: tuple[str, ...]) -> Any:  # noqa: ANN401
    matrix = sparse.hstack([counts[block] for block in blocks], format="csr")
    return sparse.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), matrix.shape)


def _machine(matrix: Any, y: Labels, seed: int) -> Any:  # noqa: ANN401
    return LinearSVC(C=_STRENGTH, dual=True, max_iter=_MOST_ROUNDS, random_state=seed).fit(matrix, y)


def _trees(counts: Counts, y: Labels, seed: int) -> Margins:
    """Train randomised trees on the query's terms and the text's main directions (latent semantic analysis)."""
    weigh = _tfidf(counts, ("words", "pieces", "characters"))

    def view(rows: Counts) -> Floats:
        return np.hstack([reduction.transform(weigh(rows)), rows[LEXICON].toarray()])

    read = weigh(counts)
    directions = max(min(_DIRECTIONS, *(side - 1 for side in read.shape)), 1)
    reduction = TruncatedSVD(directions, random_state=seed).fit(read)
    forest = ExtraTreesClassifier(_TREES, class_weight="balanced", random_state=seed).fit(view(counts), y)

    def margins(rows: Counts) -> Floats:
        share = np.clip(forest.predict_proba(view(rows))[:, 1], 1 - _SUREST, _SUREST)
        return np.asarray(np.log(share / (1 - share)), np.float64)

    return margins


TEXT = Member(
    "text", "linear SVM on TF-IDF of words, pieces of words and characters", _weighed(("words", "pieces", "characters"))
)
TITLE = Member("title", "the same on titles alone", _weighed(("title_words", "title_pieces", "title_characters")))
LEAD = Member(
    "lead",
    "the same on titles and the first 40 words of what follows",
    _weighed(("lead_words", "lead_pieces", "lead_characters")),
)
WORDS = Member("words", "linear SVM on words scaled by naive Bayes (Wang & Manning 2012)", _naive_bayes)
TREES = Member("trees", "300 randomised trees on the query's terms and 50 directions of the text", _trees)
