"""Families' texts as one sparse matrix: lemmas and pairs of them, pieces of words, Chinese and Japanese characters.

Words are counted from token numbers (`tokens`), so that spaCy sees each distinct word once. A word's pieces depend on
the word alone: they too are counted per distinct word, and a text's pieces are the sum of its words'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from patentscope.classify.tokens import characters_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from patentscope.classify.tokens import Tokens

#: A feature of one text only can't be learnt from.
_LEAST_TEXTS = 2
_PIECES = (3, 5)
_CHARACTERS = (1, 3)
BLOCKS = ("words and word pairs (lemmas)", "pieces of words, 3 to 5 letters", "Chinese and Japanese characters, 1 to 3")


def text_matrix(texts: Sequence[str]) -> Any:  # noqa: ANN401 - a scipy CSR matrix, whose types are not checked here
    """Return *texts* as a sparse float matrix, one row per text, each block's TF-IDF rows of length 1 (or 0).

    Features that occur in one text only are left out; a text in none of our scripts is a row of zeros. The inverse
    document frequencies come from all *texts*, labelled or not; they know nothing of labels.
    """
    read = words_of(texts)
    lemmas = tuple(sorted(set(read.lemmas)))
    number = {lemma: place for place, lemma in enumerate(lemmas)}
    ids = np.array([number[lemma] for lemma in read.lemmas], np.int64)[read.ids]
    size = len(texts)
    blocks = [
        sparse.hstack([_counts(ids, read.owners(), size), _pairs(ids, read.owners(), size)], format="csr"),
        _pieces(read, size),
        _character_grams(texts),
    ]
    return sparse.hstack([_weighted(block) for block in blocks], format="csr")


def _counts(columns: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], size: int) -> Any:  # noqa: ANN401
    width = int(columns.max()) + 1 if len(columns) else 0
    return sparse.csr_matrix((np.ones(len(columns)), (rows, columns)), (size, width))


def _pairs(ids: npt.NDArray[np.int64], owners: npt.NDArray[np.int64], size: int) -> Any:  # noqa: ANN401
    """Return the counts of neighbouring words, one column per distinct pair."""
    if len(ids) < 2:  # noqa: PLR2004 - a pair is two
        return sparse.csr_matrix((size, 0))
    same = owners[1:] == owners[:-1]
    _, columns = np.unique((ids[:-1] * (int(ids.max()) + 1) + ids[1:])[same], return_inverse=True)
    return _counts(columns.astype(np.int64), owners[1:][same], size)


def _pieces(read: Tokens, size: int) -> Any:  # noqa: ANN401
    """Return the counts of pieces of words, a blank at each end (`char_wb`), summed over each text's words."""
    if not read.words:
        return sparse.csr_matrix((size, 0))
    by_word = CountVectorizer(analyzer="char_wb", ngram_range=_PIECES).fit_transform([*read.words, "any"])[:-1]
    words = sparse.csr_matrix((np.ones(len(read.ids)), (read.owners(), read.ids)), (size, len(read.words)))
    return (words @ by_word).tocsr()


def _character_grams(texts: Sequence[str]) -> Any:  # noqa: ANN401
    read = characters_of(texts)
    joined = "".join(read.words[i] for i in read.ids)
    parts = [joined[start:end] for start, end in zip(read.offsets[:-1], read.offsets[1:], strict=True)]
    if not joined:
        return sparse.csr_matrix((len(texts), 0))
    return CountVectorizer(analyzer="char", ngram_range=_CHARACTERS).fit_transform(parts)


def _weighted(counts: Any) -> Any:  # noqa: ANN401
    """Return TF-IDF weights (1 + log of the count) of the features that occur in at least two texts."""
    counts = sparse.csr_matrix(counts, copy=True)
    counts.sum_duplicates()
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = counts[:, np.flatnonzero(spread >= _LEAST_TEXTS)]
    return TfidfTransformer(sublinear_tf=True).fit_transform(kept) if kept.shape[1] else kept
