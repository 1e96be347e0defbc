"""TF-IDF: counts weighed by how rare a feature is among the documents that a model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    from patentscope.classify.text import Counts

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
        data = (np.log(counts.data) + 1) * self.idf[counts.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=counts.shape[0]))
        norms[norms == 0] = 1
        return sparse.csr_matrix((data / norms[rows], counts.indices, counts.indptr), counts.shape)


def rows_of(counts: Counts, rows: npt.NDArray[np.int64]) -> Counts:
    """Return some documents' counts."""
    return {block: matrix[rows] for block, matrix in counts.items()}
