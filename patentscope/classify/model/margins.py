"""Trained members as plain arrays: what gives a document its margin, without a library that trains.

Each is the mean over the machines of all folds. Margins are taken block by block of the features, which are never put
side by side: a block's part is a product of its counts with a column of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit

from patentscope.classify.model.vocabulary import Counts, Spelt

Floats = npt.NDArray[np.float64]

Margins = Callable[[Counts], Floats]


def like(matrix: Any, data: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - scipy's types are not checked here
    """Return a CSR matrix with *data* where *matrix* has its own."""
    return sparse.csr_matrix((data, matrix.indices, matrix.indptr), matrix.shape)


def damped(counts: Any) -> Any:  # noqa: ANN401
    """Return *counts* (CSR, whole numbers from 1 on), each n as 1 + log n: the tenth time says less than the second.

    Of pieces it gives the words that they are of, each n as its root.
    """
    if isinstance(counts, Spelt):
        return like(counts.words, np.sqrt(counts.words.data))
    table = np.append(0, 1 + np.log(np.arange(1, counts.data.max(initial=1) + 1)))
    return like(counts, table[counts.data])


def by_column(counts: Any, weights: Floats) -> Floats:  # noqa: ANN401
    """Return the *weights* of features, a row for each, by column of damped *counts*: a word's are its pieces' sum."""
    return np.asarray(counts.pieces @ weights) if isinstance(counts, Spelt) else weights


def presence(counts: Any) -> Any:  # noqa: ANN401
    """Return a one for each of *counts* (CSR)."""
    return like(counts, np.ones(counts.nnz))


def lengths(matrix: Any, squares: Floats) -> Floats:  # noqa: ANN401
    """Return the Euclidean lengths of a matrix's rows, its columns scaled by weights whose *squares* are given.

    A row of nothing has the length 1. Words count as if they shared no pieces.
    """
    found = np.sqrt(like(matrix, matrix.data * matrix.data) @ squares)
    found[found == 0] = 1
    return np.asarray(found, np.float64)


@dataclass(frozen=True)
class Linear:
    """A linear machine on TF-IDF: by block the inverse document frequencies (idf) and the machine's weights.

    Blocks without an idf (the query's terms) are taken as they are.
    """

    idf: Mapping[str, Floats]
    weights: Mapping[str, Floats]
    intercept: float

    def __call__(self, counts: Counts) -> Floats:
        """Return a margin for each document."""
        margins = self.intercept
        for block, weights in self.weights.items():
            if block in self.idf:
                matrix, idf = damped(counts[block]), self.idf[block]
                long = lengths(matrix, by_column(counts[block], idf**2))
                margins = margins + (matrix @ by_column(counts[block], idf * weights)) / long
            else:
                margins = margins + counts[block] @ weights
        return np.asarray(margins, np.float64)


@dataclass(frozen=True)
class Bayes:
    """Linear machines on which features a document has, each machine with its own log-count ratios: a column for each.

    By block `scales` has the ratios and `weights` the machines' weights.
    """

    scales: Mapping[str, Floats]
    weights: Mapping[str, Floats]
    intercepts: Floats

    def __call__(self, counts: Counts) -> Floats:
        """Return a margin for each document, the machines' mean."""
        present = {block: presence(counts[block]) for block in self.weights}
        sums = sum(matrix @ (self.scales[block] * self.weights[block]) for block, matrix in present.items())
        squares = sum(matrix @ self.scales[block] ** 2 for block, matrix in present.items())
        long = np.where(squares > 0, np.sqrt(squares), 1)
        return np.asarray((sums / long + self.intercepts).mean(axis=1), np.float64)


@dataclass(frozen=True)
class Blend:
    """How margins become scores: weighed, summed, and through a sigmoid."""

    weights: Floats
    intercept: float

    def scores(self, margins: Floats) -> Floats:
        """Return scores, 0 to 1, from *margins*, a column for each member."""
        # Not a matrix product: those may add up in another order on another number of threads.
        return np.asarray(expit((margins * self.weights).sum(axis=1) + self.intercept), np.float64)


@dataclass(frozen=True)
class Scorer:
    """What gives documents that nobody learnt from their scores: the members' margins, blended."""

    members: tuple[Margins, ...]
    blend: Blend

    def scores(self, counts: Counts) -> Floats:
        """Return a score, 0 to 1, for each document."""
        return self.blend.scores(np.column_stack([margins(counts) for margins in self.members]))
