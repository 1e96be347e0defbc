"""TF-IDF: counts weighed by how rare a feature is among the documents that a model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    import numpy.typing as npt

    from patentscope.classify.model.vocabulary import Counts

LEAST_DOCUMENTS = 2


@dataclass(frozen=True)
class Weights:
    """Inverse document frequencies of one block; 0 for a feature that occurs in fewer than two documents."""

    idf: npt.NDArray[np.float64]

    @classmethod
    def learn(cls, counts: Any) -> Weights:  # noqa: ANN401 - scipy's types are not checked here
        """Learn from the documents to be trained on, and from no others."""
        size, width = counts.shape
        spread = np.bincount(counts.indices, minlength=width)
        idf = np.log((1 + size) / (1 + spread)) + 1
        return cls(np.where(spread >= LEAST_DOCUMENTS, idf, 0.0))

    def apply(self, counts: Any) -> Any:  # noqa: ANN401
        """Return (1 + log of the count) x idf, each row of length 1, or 0 where nothing known occurs in it."""
        if not counts.nnz:
            return counts
        data = np.log(counts.data) + 1
        data *= self.idf.take(counts.indices)
        return normalize(sparse.csr_matrix((data, counts.indices, counts.indptr), counts.shape), copy=False)


def rows_of(counts: Counts, rows: npt.NDArray[np.int64]) -> Counts:
    """Return some documents' counts."""
    return {block: matrix[rows] for block, matrix in counts.items()}
