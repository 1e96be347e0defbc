"""Documents as counts: lemmas and pairs of them, pieces of words, Chinese and Japanese characters.

What depends on a word alone, its lemma's column and its pieces, is looked up once per distinct word. Documents are only
counted by words: what their pieces weigh is a sum over words. Equal entries are added up by a product of two sparse
matrices, which sums without sorting. A vocabulary only names columns; nothing here knows of labels, or weighs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc
from scipy import sparse

from patentscope.classify.model.documents import Documents, Part
from patentscope.classify.words.chunks import CJK, gathered_runs, plain_array
from patentscope.classify.words.tokens import Tokens
from patentscope.records.components import Integers

#: A feature of one document only can't be learnt from.
LEAST_DOCUMENTS = 2
#: Words of a body that lead: a patent's abstract says first what the invention is. Of Chinese or Japanese, characters.
LEAD = 40
BLOCKS = {
    "words": "words of two letters or more, and pairs of them (lemmas)",
    "pieces": "pieces of words, 3 to 5 letters",
    "characters": "Chinese and Japanese characters, 1 to 3",
}
_PIECES = range(3, 6)
_GRAMS = 3
_CHARACTER_BITS = 21
_WORDS_KEPT = 1 << 17
_BATCH = 2000
#: The views of a document, and how many tokens that follow the title each has; None for all.
_VIEWS = {"": None, "title_": 0, "lead_": LEAD}

#: The blocks of all views.
EVERY = tuple(f"{view}{block}" for block in BLOCKS for view in _VIEWS)

#: Block name -> counts, a CSR matrix of documents by features; of pieces, a `Spelt`.
Counts = dict[str, Any]


@dataclass(frozen=True)
class Spelt:
    """Documents by pieces, as two CSR matrices: documents by *words*, int32, and those words by *pieces*, ones.

    Their product would have many times as many entries, and who only asks for sums needs none of them.
    """

    words: Any
    pieces: Any

    @property
    def shape(self) -> tuple[int, int]:
        """How many documents there are, and how many pieces."""
        return self.words.shape[0], self.pieces.shape[1]

    def __getitem__(self, rows: Integers) -> Spelt:
        """Return some documents."""
        return Spelt(self.words[rows], self.pieces)


def rows_of(counts: Counts, rows: Integers) -> Counts:
    """Return some documents' counts."""
    return {block: matrix[rows] for block, matrix in counts.items()}


@dataclass(frozen=True)
class Vocabulary:
    """The features of a corpus by block; a feature's number is its column.

    Attributes:
        words: lemma -> column.
        pairs: neighbouring words, as keys (first * number of words + second); their columns follow the words'.
        pieces: pieces of words -> column; a blank in one is an end of the word (`char_wb` in scikit-learn).
        grams: one to three characters, as keys.
    """

    words: Mapping[str, int]
    pairs: pd.Index[int]
    pieces: Mapping[str, int]
    grams: pd.Index[int]
    _by_word: dict[str, npt.NDArray[np.int32]] = field(default_factory=dict, repr=False)

    @classmethod
    def learn(cls, documents: Documents, least: int = LEAST_DOCUMENTS) -> Vocabulary:
        """Return the features that occur in at least *least* of *documents*.

        A document with two words that share a piece counts twice for it.
        """
        part, grams = documents.words, _grams(documents.characters)
        lemmas = sorted(set(part.tokens.lemmas))
        every = {lemma: place for place, lemma in enumerate(lemmas)}
        often = _frequent(_numbers(part.tokens, every), part.tokens.offsets, least)
        words = {lemmas[place]: column for column, place in enumerate(often.tolist())}
        pairs = _frequent(_pairs(_numbers(part.tokens, words), part, len(words)), part.tokens.offsets, least)
        lists = [pieces_of(word) for word in part.tokens.words]
        held = _summed(part.tokens.ids, part.tokens.offsets, len(lists))
        by_word = np.bincount(held.indices, minlength=len(lists))
        pieces, names = pd.factorize(np.array(list(chain.from_iterable(lists)), dtype=object))
        spread = np.bincount(pieces, np.repeat(by_word, list(map(len, lists))), len(names))
        columns = {piece: column for column, piece in enumerate(sorted(names[spread >= least]))}
        return cls(words, pairs, columns, _frequent(grams.keys, grams.offsets, least))

    @property
    def width(self) -> int:
        """The number of features in all blocks."""
        return len(self.words) + len(self.pairs) + len(self.pieces) + len(self.grams)

    def counts(self, documents: Documents, blocks: Sequence[str] = EVERY) -> Counts:
        """Return the counts of *documents*, int32, by block; `title_<block>` and `lead_<block>` are of those parts.

        A lead is the title with the words that lead the body.
        """
        return next(self.parts(documents, max(len(documents), 1), blocks))

    def parts(self, documents: Documents, size: int = _BATCH, blocks: Sequence[str] = EVERY) -> Iterator[Counts]:
        """Yield the counts of *size* documents at a time, so that they stay near the processor; at least once."""
        asked = [block for block in BLOCKS if any(f"{view}{block}" in blocks for view in _VIEWS)]
        whole = {block: getattr(self, f"_{block}")(documents) for block in asked}
        spelling = self._by_words(documents.words.tokens.words) if "pieces" in whole else None
        for start in range(0, max(len(documents), 1), size):
            counts = {
                f"{view}{block}": entries.rows(start, start + size).first(most) @ _identity(entries.width)
                for block, entries in whole.items()
                for view, most in _VIEWS.items()
                if f"{view}{block}" in blocks
            }
            yield {name: Spelt(one, spelling) if name.endswith("pieces") else one for name, one in counts.items()}

    def _words(self, documents: Documents) -> _Entries:
        """Return the columns of words, each with that of the pair it ends."""
        part, width = documents.words, len(self.words) + len(self.pairs)
        ids = _numbers(part.tokens, self.words)
        pairs = self.pairs.get_indexer(pd.Index(_pairs(ids, part, len(self.words))))
        pairs[pairs >= 0] += len(self.words)
        columns = np.column_stack([ids, pairs]).ravel()
        return _Entries(columns, part.tokens.offsets, part.heads, width, each=2)

    def _pieces(self, documents: Documents) -> _Entries:
        """Return the words themselves, whose pieces `_by_words` gives."""
        part = documents.words
        return _Entries(part.tokens.ids, part.tokens.offsets, part.heads, len(part.tokens.words))

    def _by_words(self, words: Sequence[str]) -> Any:  # noqa: ANN401 - scipy's types are not checked here
        """Return the matrix of *words* by pieces."""
        if len(self._by_word) > _WORDS_KEPT:
            self._by_word.clear()
        lists = [self._by_word[word] if word in self._by_word else self._columns_of(word) for word in words]
        bounds = np.concatenate([[0], np.cumsum([len(columns) for columns in lists], dtype=np.int32)])
        columns = np.concatenate([np.zeros(0, np.int32), *lists])
        return sparse.csr_matrix((np.ones(len(columns), np.int32), columns, bounds), (len(words), len(self.pieces)))

    def _columns_of(self, word: str) -> npt.NDArray[np.int32]:
        columns = [self.pieces[piece] for piece in pieces_of(word) if piece in self.pieces]
        self._by_word[word] = np.array(columns, np.int32)
        return self._by_word[word]

    def _characters(self, documents: Documents) -> _Entries:
        grams = _grams(documents.characters)
        columns = self.grams.get_indexer(pd.Index(grams.keys))
        heads = documents.characters.heads
        return _Entries(columns, grams.offsets, heads, len(self.grams), each=_GRAMS)


def pieces_of(word: str) -> list[str]:
    """Return the pieces of *word*, a blank put before and behind it; a short word is one piece, once.

    >>> pieces_of("ore")
    [' or', 'ore', 're ', ' ore', 'ore ', ' ore ']
    """
    padded = f" {word} "
    pieces = []
    for length in _PIECES:
        pieces += [padded[start : start + length] for start in range(max(len(padded) - length + 1, 1))]
        if len(padded) <= length:
            break
    return pieces


@dataclass(frozen=True)
class _Entries:
    """For each document the columns of what it holds, -1 for nothing; *each* of a token's are neighbours.

    A document's entries are from `each * offsets[i]` to before `each * offsets[i + 1]`, its title's first: those of
    `heads[i]` tokens.
    """

    columns: npt.NDArray[Any]
    offsets: Integers
    heads: Integers
    width: int
    each: int = 1

    def rows(self, start: int, end: int) -> _Entries:
        """Return some of the documents."""
        return replace(self, offsets=self.offsets[start : end + 1], heads=self.heads[start:end])

    def first(self, most: int | None) -> Any:  # noqa: ANN401
        """Return documents by columns: of every document all, or those of its title and *most* tokens that follow."""
        starts, ends = self.offsets[:-1], self.offsets[1:]
        if most is None:
            return _matrix(self.columns, self.offsets * self.each, self.width)
        lengths = np.minimum(self.heads + most, ends - starts)
        columns, ends = gathered_runs(self.columns, starts * self.each, lengths * self.each)
        return _matrix(columns, np.concatenate([[0], ends]), self.width)


def _matrix(columns: npt.NDArray[Any], offsets: Integers, width: int) -> Any:  # noqa: ANN401
    """Return a matrix of rows by *columns*, a one for each that is not below 0; a row may have a column several times.

    Row i has those from `offsets[i]` to before `offsets[i + 1]`.
    """
    columns, offsets = columns[offsets[0] : offsets[-1]], offsets - offsets[0]
    kept = columns >= 0
    if not kept.all():
        offsets, columns = np.concatenate([[0], np.cumsum(kept)])[offsets], columns[kept]
    ones = np.ones(len(columns), np.int32)
    return sparse.csr_matrix((ones, columns.astype(np.int32), offsets.astype(np.int32)), (len(offsets) - 1, width))


def _summed(columns: npt.NDArray[Any], offsets: Integers, width: int) -> Any:  # noqa: ANN401
    """Return how often each row has each column: as `_matrix`, each column once in a row."""
    return _matrix(columns, offsets, width) @ _identity(width)


def _identity(width: int) -> Any:  # noqa: ANN401
    return sparse.identity(width, np.int32, format="csr")


def _numbers(read: Tokens, words: Mapping[str, int]) -> Integers:
    """Return each token's column in *words*, -1 where it has none."""
    numbers = np.array([words.get(lemma, -1) for lemma in read.lemmas], np.int64)
    return numbers[read.ids] if len(read.ids) else np.zeros(0, np.int64)


def _pairs(ids: Integers, part: Part, width: int) -> Integers:
    """Return for each token a key of it and the one before, where both have a number and neither begins a text."""
    keys = np.full(len(ids), -1)
    keys[1:] = np.where((ids[:-1] >= 0) & (ids[1:] >= 0), ids[:-1] * width + ids[1:], -1)
    keys[part.begins()] = -1
    return keys


@dataclass(frozen=True)
class _Grams:
    keys: Integers
    offsets: Integers


def _grams(part: Part) -> _Grams:
    """Return for each character a key of it, of it with the one before, and with two before: code points side by side.

    The key is -1 where there is none before in the text, and without a Chinese or Japanese character among them: those
    are left to the words.
    """
    read = part.tokens
    code = np.array([ord(character) + 1 for character in read.words], np.int64)
    is_asian = pc.match_substring_regex(plain_array(read.words), pattern=CJK).to_numpy(zero_copy_only=False)
    points, asian = code[read.ids], is_asian[read.ids].astype(np.bool_)
    texts = np.cumsum(np.bincount(part.begins(), minlength=len(points))[: len(points)] > 0)
    keys = np.full((len(points), _GRAMS), -1)
    longer, has = points, asian
    for length in range(_GRAMS):
        if length:
            longer = (longer[:-1] << _CHARACTER_BITS) | points[length:]
            has = has[:-1] | asian[length:]
        kept = has & (texts[: len(texts) - length] == texts[length:])
        keys[length:, length] = np.where(kept, longer, -1)
    return _Grams(keys.ravel(), read.offsets)


def _frequent(keys: Integers, offsets: Integers, least: int) -> pd.Index[int]:
    """Return the sorted keys that occur in at least *least* documents; keys below 0 are none.

    There are as many keys per token as fit: those of document i are an equal part of all that its tokens have.
    """
    each = len(keys) // max(int(offsets[-1]), 1)
    # Hashed, not sorted: a corpus has millions of pairs, and few of them often.
    places, distinct = pd.factorize(keys)
    places[keys < 0] = -1
    spread = np.bincount(_summed(places, offsets * each, len(distinct)).indices, minlength=len(distinct))
    often: pd.Index[int] = pd.Index(np.sort(distinct[(spread >= least) & (distinct >= 0)]), dtype=np.int64)
    return often
