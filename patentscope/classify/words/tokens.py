"""Texts become arrays of token numbers, because a corpus repeats few distinct words very often.

Texts are split at blanks with Arrow, and each distinct chunk is looked up in the process's dictionary (`chunks`).
Chinese and Japanese have no blanks and are taken by character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.classify.words.chunks import CJK, DASHES, dictionary, gathered, plain_array


@dataclass(frozen=True)
class Tokens:
    """Texts as token numbers: text i is `ids[offsets[i]:offsets[i + 1]]`, each an index into `words` and `lemmas`."""

    words: tuple[str, ...]
    lemmas: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    def owners(self) -> npt.NDArray[np.int64]:
        """Return, for each token, the number of the text that it is in."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def together(self, starts: npt.NDArray[np.int64]) -> Tokens:
        """Return neighbouring texts as one: text i is what were those from `starts[i]` to before `starts[i + 1]`."""
        return Tokens(self.words, self.lemmas, self.ids, self.offsets[starts])

    def taken(self, places: npt.NDArray[np.int64]) -> Tokens:
        """Return the texts at *places*, in that order."""
        ids, ends = gathered(self.ids, self.offsets, places)
        return Tokens(self.words, self.lemmas, ids, np.concatenate([[0], ends]))

    def kept(self, chosen: npt.NDArray[np.bool_]) -> Tokens:
        """Return the same texts with the *chosen* tokens alone."""
        offsets = np.concatenate([[0], np.cumsum(chosen)])[self.offsets]
        return Tokens(self.words, self.lemmas, self.ids[chosen], offsets)


def as_array(texts: Sequence[str | None] | pa.Array) -> pa.Array:
    """Return *texts* as an Arrow array in Unicode's NFKC form, an empty text for each null.

    NFKC makes wide Latin letters and half-width kana the ordinary ones, and a subscript figure a figure.
    """
    return pc.utf8_normalize(plain_array(texts), form="NFKC")


def words_of(texts: Sequence[str | None] | pa.Array) -> Tokens:
    """Return the tokens of *texts* outside Chinese and Japanese, in small letters and with their lemmas.

    Hyphens and dashes count as blanks; every other mark is a token of its own, so that no phrase reaches across it.
    """
    chunks = pc.split_pattern(plain_array(texts), pattern=" ")
    encoded = pc.dictionary_encode(chunks.flatten())
    book = dictionary()
    numbers = book.look_up(encoded.dictionary.to_pylist())
    ids, ends = gathered(book.ids, book.starts, numbers[encoded.indices.to_numpy(zero_copy_only=False)])
    offsets = np.concatenate([[0], ends])[chunks.offsets.to_numpy() - chunks.offsets[0].as_py()]
    # The dictionary is the process's; a corpus's own words are the ones among them that occur in it.
    occurs = np.zeros(len(book.words), np.bool_)
    occurs[ids] = True
    own = np.flatnonzero(occurs)
    places = np.zeros(len(book.words), np.int32)
    places[own] = np.arange(len(own))
    words, lemmas = ([names[number] for number in own.tolist()] for names in (book.words, book.lemmas))
    return Tokens(tuple(words), tuple(lemmas), places[ids], offsets.astype(np.int64))


def characters_of(texts: Sequence[str | None] | pa.Array) -> Tokens:
    """Return the characters of those *texts* that hold Chinese or Japanese, in small letters and without blanks.

    A text in other scripts has no characters here.
    """
    array = plain_array(texts)
    array = pc.utf8_normalize(pc.if_else(pc.string_is_ascii(array), "", array), form="NFKC")
    kept = pc.if_else(pc.match_substring_regex(array, pattern=CJK), pc.utf8_lower(array), "")
    kept = pc.replace_substring_regex(kept, pattern=rf"\s+|{DASHES}", replacement="")
    joined = "".join(kept.to_pylist())
    points = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    distinct, ids = np.unique(points, return_inverse=True)
    words = tuple(chr(point) for point in distinct)
    lengths = pc.utf8_length(kept).to_numpy(zero_copy_only=False).astype(np.int64)
    return Tokens(words, words, ids.astype(np.int32), np.concatenate([[0], np.cumsum(lengths)]))
