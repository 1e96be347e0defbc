"""Documents as counts: lemmas and pairs of them, pieces of words, Chinese and Japanese characters.

Words are counted from token numbers (`tokens`), so that spaCy sees each distinct word once. A word's pieces depend on
the word alone: they are looked up once per distinct word, and a document's pieces are the sum of its words'. A
vocabulary only names columns; nothing here knows of labels, or weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc
from scipy import sparse

from patentscope.classify.words.chunks import CJK, plain_array
from patentscope.classify.words.tokens import Tokens, characters_of, words_of
from patentscope.records.components import Integers

# For each entry its key and the number of its document.
Entries = tuple[Integers, Integers]

#: A feature of one document only can't be learnt from.
LEAST_DOCUMENTS = 2
#: In characters; abstracts are longer.
LONGEST_TITLE = 200
#: Words of a body that lead: a patent's abstract says first what the invention is. Of Chinese or Japanese, characters.
LEAD = 40
BLOCKS = {
    "words": "words of two letters or more, and pairs of them (lemmas)",
    "pieces": "pieces of words, 3 to 5 letters",
    "characters": "Chinese and Japanese characters, 1 to 3",
}
_PIECES = range(3, 6)
_LETTERS = 2
_NO_LETTER = re.compile(r"[\W_]")
_GRAMS = 3
_CHARACTER_BITS = 21
_WORDS_KEPT = 1 << 17
_BATCH = 4000

#: Block name -> counts, a CSR matrix of documents by features.
Counts = dict[str, Any]


def rows_of(counts: Counts, rows: Integers) -> Counts:
    """Return some documents' counts."""
    return {block: matrix[rows] for block, matrix in counts.items()}


@dataclass(frozen=True)
class Documents:
    """Texts to be classified: each has a title and a body, and either may be empty."""

    titles: Sequence[str]
    bodies: Sequence[str]

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.titles)

    def chosen(self, places: Integers) -> Documents:
        """Return some of the documents, in the order of *places*."""
        return Documents([self.titles[at] for at in places.tolist()], [self.bodies[at] for at in places.tolist()])

    def batches(self, size: int = _BATCH) -> Iterable[Documents]:
        """Yield the documents in order, *size* at a time."""
        for start in range(0, len(self), size):
            yield Documents(self.titles[start : start + size], self.bodies[start : start + size])


def documents_of(texts: Iterable[Sequence[str]]) -> Documents:
    """Return one document per list of texts: the short ones are its titles, the others its body."""
    titles, bodies = [], []
    for parts in texts:
        titles.append(" . ".join(text for text in parts if len(text) <= LONGEST_TITLE))
        bodies.append(" . ".join(text for text in parts if len(text) > LONGEST_TITLE))
    return Documents(titles, bodies)


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
        """Return the features that occur in at least *least* of *documents*."""
        parts = [_telling(documents.titles), _telling(documents.bodies)]
        lemmas = sorted({lemma for part in parts for lemma in part.lemmas})
        every = {lemma: place for place, lemma in enumerate(lemmas)}
        often = _frequent([(_numbers(part, every), part.owners()) for part in parts], least)
        words = {lemmas[place]: column for column, place in enumerate(often.tolist())}
        pairs = _frequent([_pairs(_numbers(part, words), part, len(words)) for part in parts], least)
        characters = [characters_of(texts) for texts in (documents.titles, documents.bodies)]
        grams = _frequent([_grams(part) for part in characters], least)
        pieces = sorted({piece for part in parts for word in part.words for piece in pieces_of(word)})
        all_pieces = cls({}, pairs[:0], {piece: place for place, piece in enumerate(pieces)}, grams[:0])
        spread = np.zeros(len(pieces), np.int64)
        for batch in documents.batches():
            spread += np.bincount(all_pieces.counts(batch, ("pieces",))["pieces"].indices, minlength=len(pieces))
        kept = np.flatnonzero(spread >= least).tolist()
        return cls(words, pairs, {pieces[place]: column for column, place in enumerate(kept)}, grams)

    @property
    def width(self) -> int:
        """The number of features in all blocks."""
        return len(self.words) + len(self.pairs) + len(self.pieces) + len(self.grams)

    def counts(self, documents: Documents, blocks: Sequence[str] = tuple(BLOCKS)) -> Counts:
        """Return the counts of *documents*, float64, by block; beside them `title_<block>` and `lead_<block>`.

        A lead is the title with the words that lead the body.
        """
        by_block: Counts = {}
        both = documents.titles, documents.bodies
        read_by = {block: characters_of if block == "characters" else _telling for block in blocks}
        reads = {read: [read(texts) for texts in both] for read in dict.fromkeys(read_by.values())}
        for block in blocks:
            count = getattr(self, f"_{block}")
            title, body = reads[read_by[block]]
            titles, bodies = count(title), count(body)
            by_block[block] = titles + bodies if titles.nnz else bodies
            by_block[f"title_{block}"] = titles
            leads = count(body.first(LEAD))
            by_block[f"lead_{block}"] = titles + leads if titles.nnz else leads
        return by_block

    def _words(self, read: Tokens) -> Any:  # noqa: ANN401 - scipy's types are not checked here
        ids = _numbers(read, self.words)
        keys, owners = _pairs(ids, read, len(self.words))
        columns = self.pairs.get_indexer(pd.Index(keys))
        columns[columns >= 0] += len(self.words)
        entries = (np.concatenate([ids, columns]), np.concatenate([read.owners(), owners]))
        return _matrix(entries, len(read.offsets) - 1, len(self.words) + len(self.pairs))

    def _pieces(self, read: Tokens) -> Any:  # noqa: ANN401
        if len(self._by_word) > _WORDS_KEPT:
            self._by_word.clear()
        lists = [self._columns_of(word) for word in read.words]
        bounds = np.concatenate([[0], np.cumsum([len(columns) for columns in lists], dtype=np.int64)])
        columns = np.concatenate([np.zeros(0, np.int32), *lists])
        width = (len(read.words), len(self.pieces))
        by_word = sparse.csr_matrix((np.ones(len(columns)), columns, bounds), width)
        size = (len(read.offsets) - 1, len(read.words))
        words = sparse.csr_matrix((np.ones(len(read.ids)), read.ids.copy(), read.offsets.copy()), size)
        words.sum_duplicates()
        return words @ by_word

    def _columns_of(self, word: str) -> npt.NDArray[np.int32]:
        if word not in self._by_word:
            columns = [self.pieces[piece] for piece in pieces_of(word) if piece in self.pieces]
            self._by_word[word] = np.array(columns, np.int32)
        return self._by_word[word]

    def _characters(self, read: Tokens) -> Any:  # noqa: ANN401
        keys, owners = _grams(read)
        return _matrix((self.grams.get_indexer(pd.Index(keys)), owners), len(read.offsets) - 1, len(self.grams))


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


def _telling(texts: Sequence[str]) -> Tokens:
    """Return the tokens of *texts* that have two letters or figures; what is left out parts no neighbours."""
    read = words_of(texts)
    tells = np.array([len(word) - len(_NO_LETTER.findall(word)) >= _LETTERS for word in read.words], np.bool_)
    return read.kept(tells[read.ids])


def _numbers(read: Tokens, words: Mapping[str, int]) -> Integers:
    """Return each token's column in *words*, -1 where it has none."""
    numbers = np.array([words.get(lemma, -1) for lemma in read.lemmas], np.int64)
    return numbers[read.ids] if len(read.ids) else np.zeros(0, np.int64)


def _pairs(ids: Integers, read: Tokens, width: int) -> Entries:
    """Return a key for each two neighbours that both have a number."""
    known = ids >= 0
    owners = read.owners()
    at = np.flatnonzero(known[:-1] & known[1:] & (owners[:-1] == owners[1:]))
    return ids[at] * width + ids[at + 1], owners[at]


def _grams(read: Tokens) -> Entries:
    """Return a key for each one, two and three neighbouring characters: their code points side by side.

    Those without a Chinese or Japanese character among them are left to the words.
    """
    code = np.array([ord(character) + 1 for character in read.words], np.int64)
    is_asian = pc.match_substring_regex(plain_array(read.words), pattern=CJK).to_numpy(zero_copy_only=False)
    points, owners, asian = code[read.ids], read.owners(), is_asian[read.ids].astype(np.bool_)
    grams, keys, has = [(points[asian], owners[asian])], points, asian
    for length in range(1, _GRAMS):
        keys = (keys[:-1] << _CHARACTER_BITS) | points[length:]
        has = has[:-1] | asian[length:]
        kept = has & (owners[:-length] == owners[length:])
        grams.append((keys[kept], owners[length:][kept]))
    return np.concatenate([keys for keys, _ in grams]), np.concatenate([rows for _, rows in grams])


def _frequent(entries: Sequence[Entries], least: int) -> pd.Index[int]:
    """Return the sorted keys that occur in at least *least* documents; keys below 0 are none."""
    keys, owners = (np.concatenate(arrays) for arrays in zip(*entries, strict=True))
    keys, owners = keys[keys >= 0], owners[keys >= 0]
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    distinct, spread = np.unique(keys[is_first], return_counts=True)
    often: pd.Index[int] = pd.Index(distinct[spread >= least], dtype=np.int64)
    return often


def _matrix(entries: Entries, size: int, width: int) -> Any:  # noqa: ANN401
    columns, owners = entries
    kept = columns >= 0
    return sparse.csr_matrix((np.ones(int(kept.sum())), (owners[kept], columns[kept])), (size, width))
