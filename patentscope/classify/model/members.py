"""The models that a stack is made of: each reads one view of the documents, and gives each document a margin.

All are linear but one. Wang & Manning 2012, "Baselines and bigrams", is the source of the naive Bayes features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from patentscope.classify.model.margins import (
    Bayes,
    Floats,
    Linear,
    Margins,
    by_column,
    damped,
    lengths,
    like,
    presence,
)
from patentscope.classify.model.vocabulary import BLOCKS, LEAST_DOCUMENTS, Counts, Spelt
from patentscope.errors import NotEnoughEvidence

if TYPE_CHECKING:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.ensemble import ExtraTreesClassifier

Labels = npt.NDArray[np.int64]

#: Where a query's terms are given, the columns that say which of them a document holds.
LEXICON = "lexicon"
_STRENGTH = 1.0
#: Scikit-learn's own is .0001: what a machine gains after this costs half of its time and changes no ranking.
_TOLERANCE = 0.03
_MOST_ROUNDS = 10_000
_DIRECTIONS = 50
_TREES = 300
_SUREST = 0.998


@dataclass(frozen=True)
class Member:
    """A kind of model: its name, what it is, the blocks it reads, and how it learns from counts, labels and folds.

    `train` gives the margin of each of the documents by a machine that was trained without its fold, and what gives
    other documents the mean margin of all those machines. Document frequencies are taken once, from all documents:
    they know of no label.
    """

    name: str
    title: str
    blocks: tuple[str, ...]
    train: Callable[[Counts, Labels, Labels, int], tuple[Floats, Margins]]


def idf_of(counts: Any) -> Floats:  # noqa: ANN401 - scipy's types are not checked here
    """Return the inverse document frequency of each feature, as scikit-learn defines it; that of one document weighs 0.

    *counts* has a row per document, each feature once in it.
    """
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.where(spread >= LEAST_DOCUMENTS, np.log((1 + counts.shape[0]) / (1 + spread)) + 1, 0.0)


def weighed(counts: Any, idf: Floats | None = None) -> tuple[Any, Floats]:  # noqa: ANN401
    """Return TF-IDF: *counts* damped, times *idf*, each row of length 1; and the idf, theirs where none is given."""
    once = damped(counts)
    matrix = once @ counts.pieces if isinstance(counts, Spelt) else once
    idf = idf_of(matrix) if idf is None else idf
    scale = np.repeat(1 / lengths(once, by_column(counts, idf**2)), np.diff(matrix.indptr))
    return like(matrix, matrix.data * idf[matrix.indices] * scale), idf


def _tfidf(counts: Counts, blocks: Iterable[str], idf: Mapping[str, Floats]) -> tuple[Any, dict[str, Floats]]:
    """Return those of *blocks* that have features, weighed, side by side; and the idf of each, as in `weighed`."""
    found = {block: weighed(counts[block], idf.get(block)) for block in blocks if counts[block].shape[1]}
    matrix = sparse.hstack([matrix for matrix, _ in found.values()], format="csr")
    return matrix, {block: one for block, (_, one) in found.items()}


def _folds(y: Labels, fold: Labels) -> list[tuple[Labels, Labels]]:
    """Return for each fold the places of its documents, and of all others.

    Raises:
        NotEnoughEvidence: where the others lack one of the labels.
    """
    parts = [(np.flatnonzero(fold == place), np.flatnonzero(fold != place)) for place in range(int(fold.max()) + 1)]
    if any(len(np.unique(y[outside])) < 2 for _, outside in parts):  # noqa: PLR2004 - a fold that holds a whole label
        raise NotEnoughEvidence("the text model was not trained: too few different texts carry one of the labels")
    return parts


def _machine(matrix: Any, y: Labels, seed: int) -> tuple[Floats, float]:  # noqa: ANN401
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - scikit-learn takes a second, and others may do the work

    machine = LinearSVC(C=_STRENGTH, dual=True, tol=_TOLERANCE, max_iter=_MOST_ROUNDS, random_state=seed)
    machine.fit(matrix, y)
    return np.asarray(machine.coef_.ravel(), np.float64), float(machine.intercept_[0])


def _parted(weights: Floats, counts: Counts, blocks: tuple[str, ...]) -> dict[str, Floats]:
    """Return a machine's *weights*, a row per feature, by block."""
    ends = np.cumsum([counts[block].shape[1] for block in blocks])
    return dict(zip(blocks, np.split(weights, ends[:-1]), strict=True))


def _linear(blocks: tuple[str, ...], counts: Counts, y: Labels, fold: Labels, seed: int) -> tuple[Floats, Margins]:
    """Train a support vector machine on TF-IDF of *blocks*."""
    matrix, idf = _tfidf(counts, blocks, {})
    asked = (*idf, *((LEXICON,) if LEXICON in counts else ()))
    matrix = sparse.hstack([matrix, *(counts[name] for name in asked[len(idf) :])], format="csr")
    unseen, found = np.zeros(len(y)), []
    for inside, outside in _folds(y, fold):
        weights, intercept = _machine(matrix[outside], y[outside], seed)
        unseen[inside] = matrix[inside] @ weights + intercept
        found.append((weights, intercept))
    weights, intercept = (np.mean(values, axis=0) for values in zip(*found, strict=True))
    return unseen, Linear(idf, _parted(weights, counts, asked), float(intercept))


def _naive_bayes(counts: Counts, y: Labels, fold: Labels, seed: int) -> tuple[Floats, Margins]:
    """Train a support vector machine on the presence of words, each scaled by its log-count ratio.

    Rows are then scaled to length 1, which the source does not do; so a long text is no surer than a short one.
    """
    blocks = ("words", "characters")
    present = presence(sparse.hstack([counts[block] for block in blocks], format="csr"))
    unseen, scales, found = np.zeros(len(y)), [], []
    for inside, outside in _folds(y, fold):
        taught, labels = present[outside], y[outside]
        spread = np.bincount(taught.indices, minlength=present.shape[1])
        ratio = np.log(_shares(taught, labels == 1) / _shares(taught, labels == 0)) * (spread >= LEAST_DOCUMENTS)
        long = np.repeat(1 / lengths(present, ratio**2), np.diff(present.indptr))
        matrix = like(present, ratio[present.indices] * long)
        machine, intercept = _machine(matrix[outside], labels, seed)
        unseen[inside] = matrix[inside] @ machine + intercept
        scales.append(ratio)
        found.append((machine, intercept))
    ratios = _parted(np.column_stack(scales), counts, blocks)
    weights = _parted(np.column_stack([one for one, _ in found]), counts, blocks)
    return unseen, Bayes(ratios, weights, np.array([intercept for _, intercept in found]))


def _shares(present: Any, chosen: npt.NDArray[np.bool_]) -> Floats:  # noqa: ANN401
    """Return each feature's share of all that the *chosen* documents hold, one added to each."""
    occurrences = 1 + np.asarray(present[np.flatnonzero(chosen)].sum(axis=0), np.float64).ravel()
    return np.asarray(occurrences / occurrences.sum(), np.float64)


@dataclass(frozen=True)
class _Trees:
    """A forest on the query's terms and the text's main directions: its log odds."""

    idf: dict[str, Floats]
    reduction: TruncatedSVD
    forest: ExtraTreesClassifier

    def __call__(self, counts: Counts) -> Floats:
        return _log_odds(self.forest, _view(self.reduction, _tfidf(counts, self.idf, self.idf)[0], counts))


def _view(reduction: TruncatedSVD, read: Any, counts: Counts) -> Floats:  # noqa: ANN401
    return np.hstack([reduction.transform(read), counts[LEXICON].toarray()])


def _log_odds(forest: ExtraTreesClassifier, seen: Floats) -> Floats:
    share = np.clip(forest.predict_proba(seen)[:, 1], 1 - _SUREST, _SUREST)
    return np.asarray(np.log(share / (1 - share)), np.float64)


def _trees(counts: Counts, y: Labels, fold: Labels, seed: int) -> tuple[Floats, Margins]:
    """Train randomised trees on the query's terms and the text's main directions (latent semantic analysis).

    The last forest, which is for other documents, is grown on all: five times as many trees would take as much longer.
    """
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - as above

    read, idf = _tfidf(counts, tuple(BLOCKS), {})
    directions = max(min(_DIRECTIONS, *(side - 1 for side in read.shape)), 1)
    reduction = TruncatedSVD(directions, random_state=seed).fit(read)
    seen, unseen = _view(reduction, read, counts), np.zeros(len(y))
    for inside, outside in _folds(y, fold):
        unseen[inside] = _log_odds(_forest(seen[outside], y[outside], seed), seen[inside])
    return unseen, _Trees(idf, reduction, _forest(seen, y, seed))


def _forest(seen: Floats, y: Labels, seed: int) -> ExtraTreesClassifier:
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415 - as above

    return ExtraTreesClassifier(_TREES, class_weight="balanced", random_state=seed).fit(seen, y)


def _machine_on(name: str, title: str, view: str = "") -> Member:
    blocks = tuple(f"{view}{block}" for block in BLOCKS)
    return Member(name, title, blocks, partial(_linear, blocks))


TEXT = _machine_on("text", "linear SVM on TF-IDF of words, pieces of words and characters")
TITLE = _machine_on("title", "the same on titles alone", "title_")
LEAD = _machine_on("lead", "the same on titles and the first 40 words of what follows", "lead_")
WORDS = Member(
    "words", "linear SVM on words scaled by naive Bayes (Wang & Manning 2012)", ("words", "characters"), _naive_bayes
)
TREES = Member(
    "trees", "300 randomised trees on the query's terms and 50 directions of the text", tuple(BLOCKS), _trees
)
