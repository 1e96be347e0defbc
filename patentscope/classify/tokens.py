"""Texts become arrays of token numbers, because a corpus repeats few distinct words very often.

spaCy tokenises and lemmatises the dictionary of a corpus, not the corpus: texts are split on white space with Arrow,
and only the distinct chunks go through the tokenizer. The tokens are the same as those of the whole text, because
spaCy's tokenizer never looks beyond a blank. Chinese and Japanese have no blanks and are taken by character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import spacy
from spacy.lookups import load_lookups

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

#: Han and kana, with the marks that only they use.
CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}ー]"
#: A hyphen joins the words of a term in one text and is a blank in the next.
_DASHES = r"[\x{2010}-\x{2015}\x{2212}\x{FE63}\-]"
_MARKS = r"([^\p{L}\p{M}\p{N}\s'’.]|\.(?:\P{N}|$))"


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


@lru_cache(maxsize=1)
def blank_english() -> Any:  # noqa: ANN401 - spaCy's types are not checked here
    """Return spaCy's English without a trained model: a tokenizer and a vocabulary, made once."""
    return spacy.blank("en")


@lru_cache(maxsize=1)
def _lemma_table() -> dict[str, str]:
    table: dict[str, str] = load_lookups("en", ["lemma_lookup"]).get_table("lemma_lookup")
    return table


def lemma_of(word: str) -> str:
    """Return the lemma of a small-letter English *word*, the word itself where spaCy's table has none.

    The table knows no parts of speech: `recycling` is always a form of `recycle`, and `used` one of `use`.
    """
    return str(_lemma_table().get(word, word))


def is_listed(word: str) -> bool:
    """Say whether spaCy's table holds *word* as an inflected form."""
    return word in _lemma_table()


def as_array(texts: Sequence[str | None]) -> pa.Array:
    """Return *texts* as an Arrow array in Unicode's NFKC form, an empty text for each null.

    NFKC makes wide Latin letters and half-width kana the ordinary ones, and a subscript figure a figure.
    """
    array = pa.array([text if isinstance(text, str) else "" for text in texts], pa.large_string())
    return pc.utf8_normalize(array, form="NFKC")


def words_of(texts: Sequence[str | None]) -> Tokens:
    """Return the tokens of *texts* outside Chinese and Japanese, in small letters and with their lemmas.

    Hyphens and dashes count as blanks; every other mark is a token of its own, so that no phrase reaches across it.
    """
    array = pc.replace_substring_regex(as_array(texts), pattern=f"{CJK}+|{_DASHES}", replacement=" ")
    array = pc.replace_substring_regex(array, pattern=_MARKS, replacement=r" \1 ")
    chunks = pc.utf8_split_whitespace(array)
    encoded = pc.dictionary_encode(chunks.flatten())
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    words: dict[str, int] = {}
    tokenizer = blank_english().tokenizer
    parts = [
        [words.setdefault(token.lower_, len(words)) for token in tokenizer(chunk) if not token.is_space]
        for chunk in encoded.dictionary.to_pylist()
    ]
    lengths = np.fromiter((len(part) for part in parts), np.int64, len(parts))
    flat = np.fromiter((token for part in parts for token in part), np.int32, int(lengths.sum()))
    starts = np.cumsum(lengths) - lengths
    repeats = lengths[codes] if len(codes) else np.zeros(0, np.int64)
    ends = np.cumsum(repeats)
    places = np.repeat(starts[codes] - (ends - repeats), repeats) + np.arange(ends[-1] if len(ends) else 0)
    bounds = np.concatenate([[0], ends])[chunks.offsets.to_numpy() - chunks.offsets[0].as_py()]
    return Tokens(tuple(words), tuple(lemma_of(word) for word in words), flat[places], bounds)


def characters_of(texts: Sequence[str | None]) -> Tokens:
    """Return the characters of those *texts* that hold Chinese or Japanese, in small letters and without blanks.

    A text in other scripts has no characters here.
    """
    array = as_array(texts)
    kept = pc.if_else(pc.match_substring_regex(array, pattern=CJK), pc.utf8_lower(array), "")
    kept = pc.replace_substring_regex(kept, pattern=rf"\s+|{_DASHES}", replacement="")
    joined = "".join(kept.to_pylist())
    points = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    distinct, ids = np.unique(points, return_inverse=True)
    words = tuple(chr(point) for point in distinct)
    lengths = pc.utf8_length(kept).to_numpy(zero_copy_only=False).astype(np.int64)
    return Tokens(words, words, ids.astype(np.int32), np.concatenate([[0], np.cumsum(lengths)]))
