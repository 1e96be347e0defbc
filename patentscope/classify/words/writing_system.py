"""Which script a text is written in, and whether the lexicon's languages can read it at all.

A text that nobody can read says nothing: a French title without a term is no evidence that it is off topic.
"""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.classify.words.tokens import Tokens, as_array

#: A character of Chinese or Japanese says about as much as three letters.
LETTERS_PER_CHARACTER = 3
#: Languages in Latin script whose titles and abstracts the offices publish beside, or instead of, English ones.
_FOREIGN = ("fr", "de", "es", "pt", "it", "nl")


@lru_cache(maxsize=1)
def _stop_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return spaCy's English stop words, and those of the foreign languages that are no English ones.

    They are read from their files: to import a language by name builds its tokenizer too, four seconds for French.
    """
    folder = Path(str(distribution("spacy").locate_file("spacy/lang")))
    files = (folder / language / "stop_words.py" for language in ("en", *_FOREIGN))
    english, *foreign = (frozenset(runpy.run_path(str(file))["STOP_WORDS"]) for file in files)
    return english, frozenset().union(*foreign) - english


def scripts_of(texts: Sequence[str | None] | pa.Array) -> pd.Series[str]:
    """Return the script of each text: `latin`, `han` (no kana), `kana` (Japanese), `other` (Cyrillic, ...) or `none`.

    A few Latin letters in a Chinese title (FCC, NdFeB) leave it Chinese.
    """
    array = as_array(texts)
    is_plain = pc.string_is_ascii(array)
    has_letter = pc.match_substring_regex(array, "[A-Za-z]").to_numpy(zero_copy_only=False)
    scripts = np.where(has_letter, "latin", "none").astype(object)
    # Letters are counted where they may be of several scripts only: most texts are plain, and counting is slow.
    rest = np.flatnonzero(~is_plain.to_numpy(zero_copy_only=False))
    scripts[rest] = _counted(array.take(pa.array(rest)))
    return pd.Series(scripts, dtype="str")


def _counted(array: pa.Array) -> npt.NDArray[np.str_]:
    """Return the script of each text by how many letters of each it has."""

    def count(pattern: str) -> npt.NDArray[np.int64]:
        return np.asarray(pc.count_substring_regex(array, pattern=pattern).to_numpy(zero_copy_only=False))

    latin, han, kana = count(r"\p{Latin}"), count(r"\p{Han}"), count(r"[\p{Hiragana}\p{Katakana}]")
    other = count(r"\p{L}") - latin - han - kana
    asian = (han + kana) * LETTERS_PER_CHARACTER
    return np.select(
        [
            latin + han + kana + other == 0,
            (asian >= latin) & (asian >= other) & (kana > 0),
            (asian >= latin) & (asian >= other),
            latin >= other,
        ],
        ["none", "kana", "han", "latin"],
        "other",
    )


def readable(tokens: Tokens, scripts: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Say from the words of each text whether it is in English, Chinese or Japanese, as far as script and words show.

    A Latin text is foreign when it holds more stop words of French, German, Spanish, Portuguese, Italian or Dutch
    than of English; one without any is taken for English.
    """
    english, foreign = _stop_words()
    score = np.array([(word in foreign) - (word in english) for word in tokens.words], np.int64)
    sums = np.concatenate([[0], np.cumsum(score[tokens.ids])])
    balance = np.diff(sums[tokens.offsets])
    in_latin = (scripts == "latin").to_numpy() & (balance <= 0)
    return np.asarray(in_latin | scripts.isin(["han", "kana"]).to_numpy())
