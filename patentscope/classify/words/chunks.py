"""The dictionary of a process: each distinct chunk of text between blanks, and its tokens, read once.

spaCy tokenises and lemmatises this dictionary, not the texts. The tokens are those of the whole text, because Unicode's
NFKC form, the parting at marks and spaCy's tokenizer never look beyond a blank.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]

#: Han and kana, with the marks that only they use.
CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}ー]"
#: A hyphen joins the words of a term in one text and is a blank in the next.
DASHES = r"[\x{2010}-\x{2015}\x{2212}\x{FE63}\-]"
_MARKS = r"([^\p{L}\p{M}\p{N}\s'’.]|\.(?:\P{N}|$))"
#: Characters of chunks kept at most; most chunks of a corpus are seen once, and what is dropped is read again.
_MOST_KEPT = 1 << 22


@lru_cache(maxsize=1)
def _spacy() -> Any:  # noqa: ANN401 - spaCy's types are not checked here
    """Return spaCy, loaded without its command line: that takes a third of the time, for one function of no use here.

    Whoever imports `spacy.cli` afterwards gets it.
    """
    left_out = ModuleType("spacy.cli.info")
    left_out.info = None  # type: ignore[attr-defined]
    held = {} if "spacy" in sys.modules else dict.fromkeys(("spacy.cli", "spacy.cli.info"), left_out)
    sys.modules.update(held)
    try:
        import spacy  # noqa: PLC0415 - it takes half a second, and a run may look for no words
    finally:
        for name in held:
            del sys.modules[name]
    return spacy


@lru_cache(maxsize=1)
def blank_english() -> Any:  # noqa: ANN401 - as above
    """Return spaCy's English without a trained model: a tokenizer and a vocabulary, made once."""
    return _spacy().blank("en")


@lru_cache(maxsize=1)
def _lemma_table() -> dict[str, str]:
    table: dict[str, str] = _spacy().lookups.load_lookups("en", ["lemma_lookup"]).get_table("lemma_lookup")
    return table


def lemma_of(word: str) -> str:
    """Return the lemma of a small-letter English *word*, the word itself where spaCy's table has none.

    The table knows no parts of speech: `recycling` is always a form of `recycle`, and `used` one of `use`.
    """
    return str(_lemma_table().get(word, word))


def is_listed(word: str) -> bool:
    """Say whether spaCy's table holds *word* as an inflected form."""
    return word in _lemma_table()


def plain_array(texts: Sequence[str | None] | pa.Array) -> pa.Array:
    """Return *texts* as an Arrow array, an empty text for each null; an array is taken to have none."""
    if isinstance(texts, pa.Array):
        return texts
    return pa.array(texts, pa.large_string(), from_pandas=True).fill_null("")


def gathered(values: npt.NDArray[Any], starts: Numbers, codes: Numbers) -> tuple[npt.NDArray[Any], Numbers]:
    """Return the lists named by *codes* one after another, and where each ends; list i is `values[starts[i]:...]`."""
    return gathered_runs(values, starts[:-1][codes], np.diff(starts)[codes])


def gathered_runs(values: npt.NDArray[Any], starts: Numbers, lengths: Numbers) -> tuple[npt.NDArray[Any], Numbers]:
    """Return runs of *values* one after another, and where each ends; run i has `lengths[i]` from `starts[i]` on."""
    ends = np.cumsum(lengths)
    places = np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
    return values[places], ends


class Dictionary:
    """Chunks and their tokens; words and lemmas are numbered in the order in which they were first read.

    Attributes:
        words: the words read so far, in small letters.
        lemmas: their lemmas.
        ids: the tokens of all chunks, as numbers of words.
        starts: where each chunk's tokens start in `ids`, and where the last one's end.
    """

    def __init__(self, most_kept: int = _MOST_KEPT) -> None:
        """Start empty; drop everything when chunks of more than *most_kept* characters are known."""
        self._most_kept = most_kept
        self._clear()

    def _clear(self) -> None:
        self._chunks: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._size = 0
        self.words: list[str] = []
        self.lemmas: list[str] = []
        self.ids: Numbers = np.zeros(0, np.int64)
        self.starts: Numbers = np.zeros(1, np.int64)

    def look_up(self, chunks: Sequence[str]) -> Numbers:
        """Return the number of each of the distinct *chunks*, whose tokens are read where they are not known yet."""
        new = [chunk for chunk in chunks if chunk not in self._chunks]
        size = sum(map(len, new))
        if self._size + size > self._most_kept:
            self._clear()
            new, size = list(chunks), sum(map(len, chunks))
        if new:
            self._add(new)
            self._size += size
        return np.fromiter(map(self._chunks.__getitem__, chunks), np.int64, len(chunks))

    def _add(self, new: Sequence[str]) -> None:
        pieces, starts, codes = _pieces(new)
        lists = _tokenised(pieces)
        flat = [self._number(word) for words in lists for word in words]
        bounds = np.concatenate([[0], np.cumsum([len(words) for words in lists], dtype=np.int64)])
        ids, ends = gathered(np.array(flat, np.int64), bounds, codes)
        ends = np.concatenate([[0], ends])[starts]
        self._chunks.update(zip(new, range(len(self._chunks), len(self._chunks) + len(new)), strict=True))
        self.starts = np.concatenate([self.starts, len(self.ids) + ends[1:]])
        self.ids = np.concatenate([self.ids, ids])

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
            self.lemmas.append(lemma_of(word))
        return number


def _pieces(chunks: Sequence[str]) -> tuple[list[str], Numbers, Numbers]:
    """Part *chunks* at dashes, marks, blanks of any kind, Chinese and Japanese.

    Returns:
        the distinct pieces; where each chunk's start among all, with the end; and all pieces, as places in the first.
    """
    array = pc.utf8_normalize(plain_array(chunks), form="NFKC")
    array = pc.replace_substring_regex(array, pattern=f"{CJK}+|{DASHES}", replacement=" ")
    array = pc.replace_substring_regex(array, pattern=_MARKS, replacement=r" \1 ")
    parts = pc.utf8_split_whitespace(array)
    encoded = pc.dictionary_encode(parts.flatten())
    starts = parts.offsets.to_numpy() - parts.offsets[0].as_py()
    return encoded.dictionary.to_pylist(), starts, encoded.indices.to_numpy(zero_copy_only=False)


def _tokenised(pieces: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the tokens of each piece; one of letters alone that is none of spaCy's exceptions is its own only one."""
    english = blank_english()
    # The zone lets spaCy forget each piece's strings; without it, a million documents would stay in its vocabulary.
    with english.memory_zone():
        tokenizer = english.tokenizer
        special = tokenizer.rules
        return [
            (piece.lower(),)
            if piece.isalpha() and piece not in special
            else tuple(token.lower_ for token in tokenizer(piece) if not token.is_space)
            for piece in pieces
        ]


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Return the process's one dictionary."""
    return Dictionary()
