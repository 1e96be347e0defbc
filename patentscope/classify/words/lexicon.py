"""Where a topic's terms occur: English by lemma, Chinese and Japanese by character, matched with spaCy.

A phrase is matched by characters if it holds Han or kana, else by lemmas; a text is tried in every script it holds,
because one record's title may hold two and its language is often not stated.

Only the words that some phrase uses matter to a matcher. So every other word becomes one filler, equal texts fall
together ("recover rare earth - scrap" is the whole of many titles), and spaCy's matcher sees each only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from patentscope.classify.words.chunks import blank_english, is_listed, lemma_of
from patentscope.classify.words.tokens import Tokens, characters_of, words_of
from patentscope.errors import Fault, QueryError
from patentscope.query import term
from patentscope.query.term import ASIAN

if TYPE_CHECKING:
    from spacy.tokens import Doc

_FILLER = -1
_NO_WORD = "\x00"
_VOWELS = "aeiou"
_SHORTEST_VERB = 5
#: Reduced texts that a matcher keeps with what it found in them.
_MOST_KNOWN = 1 << 17


def inflections_of(word: str) -> frozenset[str]:
    """Return *word* with its regular English inflections, as a noun and as a verb.

    They help with words that spaCy's table doesn't know (`reutilize`, `REE`); a form that the table gives to another
    word is left to that one. A short word is an acronym and has a plural only: a reed is no form of REE.

    >>> sorted(inflections_of("reutilize"))
    ['reutilize', 'reutilized', 'reutilizes', 'reutilizing']
    """
    if not re.fullmatch(r"[a-z]{3,}", word):
        return frozenset({word})
    stem, s, ed = word, "s", "ed"
    if word.endswith("e"):
        stem, s = word[:-1], "es"
    elif word.endswith("y") and word[-2] not in _VOWELS:
        stem, s, ed = word[:-1], "ies", "ied"
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        s = "es"
    ing = f"{word}ing" if word.endswith("y") else f"{stem}ing"
    forms = {stem + s} if len(word) < _SHORTEST_VERB else {stem + s, stem + ed, ing}
    return frozenset({word} | {form for form in forms if not is_listed(form) or lemma_of(form) == word})


def forms_of(word: str) -> tuple[str, frozenset[str]]:
    """Return what a phrase's *word* takes: a lemma (empty if none) and forms taken as they are written.

    A word in its base form, a plural or a word in -ing takes all inflections. A past participle is an adjective of
    the trade (`used`, `spent`, `recycled`) and takes itself only: else `used` would take every "using".
    """
    lemma = lemma_of(word)
    if lemma != word and not word.endswith(("s", "ing")):
        return "", frozenset({word})
    return lemma, inflections_of(lemma)


class _Side:
    """The phrases of one kind (words or characters), compiled into one spaCy matcher."""

    def __init__(
        self, phrases: Sequence[tuple[str, str]], longer: Sequence[tuple[str, str]], *, characters: bool
    ) -> None:
        from spacy.matcher import Matcher  # noqa: PLC0415 - spaCy takes a second, and a run may look for no words

        self.read = characters_of if characters else words_of
        self.size = len(phrases)
        self.vocab = blank_english().vocab
        self.matcher = Matcher(self.vocab, validate=False)
        self.lemmas: set[str] = set()
        self.forms: set[str] = set()
        self.begins: tuple[str, ...] = ()
        self.base: dict[str, str] = {}
        self.places: dict[tuple[str, str], int] = {}
        self.known: dict[bytes, tuple[int, ...]] = {}
        listed = [(f"term:{number}", phrase) for number, (_, phrase) in enumerate(phrases)]
        listed += [(f"longer:{group}", phrase) for group, phrase in longer]
        mine = [(label, phrase) for label, phrase in listed if bool(ASIAN.search(phrase)) is characters]
        parts = [term.parted(phrase) for _, phrase in mine]
        tokens = self.read([before for before, _ in parts])
        starts, ends = tokens.offsets[:-1], tokens.offsets[1:]
        for (label, _), (_, begins), start, end in zip(mine, parts, starts, ends, strict=True):
            words = [tokens.words[i] for i in tokens.ids[start:end]]
            listed_forms = [("", frozenset({word})) if characters else forms_of(word) for word in words]
            self._add(label, listed_forms, begins.lower())
        key_of = self.vocab.strings
        self.terms = {key_of[f"term:{number}"]: (number, group) for number, (group, _) in enumerate(phrases)}
        self.longer = {key_of[f"longer:{group}"]: group for group, _ in longer}

    def _add(self, label: str, words: Sequence[tuple[str, frozenset[str]]], begins: str) -> None:
        pattern: list[dict[str, Any]] = []
        for lemma, forms in words:
            self.forms |= forms
            if lemma:
                self.lemmas.add(lemma)
                self.base.update(dict.fromkeys(forms, lemma))
            pattern.append({"LEMMA": lemma} if lemma else {"LOWER": next(iter(forms))})
        if begins:
            self.begins = (*self.begins, begins)
            pattern.append({"LOWER": {"REGEX": rf"\A{re.escape(begins)}"}})
        self.matcher.add(label, [pattern])

    def found(self, tokens: Tokens) -> sparse.csr_array:
        """Return a matrix of texts by phrases, of the texts' *tokens*: bool."""
        pairs = zip(tokens.words, tokens.lemmas, strict=True)
        numbers = np.array([self._number(word, lemma) for word, lemma in pairs], np.int32)
        rows, keys = _reduced(tokens, numbers)
        if len(self.known) > _MOST_KNOWN:
            self.known.clear()
        lists = [self.known[key] if key in self.known else self._matched(key) for key in keys]
        ends = np.zeros(len(tokens.offsets), np.int32)
        ends[rows + 1] = [len(found) for found in lists]
        columns = np.array([number for found in lists for number in found], np.int32)
        data = np.ones(len(columns), np.bool_)
        return sparse.csr_array((data, columns, np.cumsum(ends, dtype=np.int32)), (len(ends) - 1, self.size))

    def _number(self, word: str, lemma: str) -> int:
        """Return the place of a word that some phrase may use among all those met so far; -1 for any other."""
        if lemma not in self.lemmas and word not in self.forms and not word.startswith(self.begins):
            return _FILLER
        return self.places.setdefault((word, self.base.get(word, lemma)), len(self.places))

    def _matched(self, key: bytes) -> tuple[int, ...]:
        """Return the phrases of a reduced text, which is kept with them."""
        listed = [*self.places, (_NO_WORD, _NO_WORD)]
        words, lemmas = zip(*(listed[place] for place in np.frombuffer(key, np.int32)), strict=True)
        from spacy.tokens import Doc  # noqa: PLC0415 - as above

        self.known[key] = self._numbers(Doc(self.vocab, words=list(words), lemmas=list(lemmas)))
        return self.known[key]

    def _numbers(self, doc: Doc) -> tuple[int, ...]:
        """Return the phrases that *doc* holds by number, each once."""
        matches = self.matcher(doc)
        longer: dict[str, list[tuple[int, int]]] = {}
        for key, start, end in matches:
            if key in self.longer:
                longer.setdefault(self.longer[key], []).append((start, end))
        hits = [(*self.terms[key], (start, end)) for key, start, end in matches if key in self.terms]
        return tuple(sorted({number for number, group, span in hits if not _inside(span, longer.get(group, ()))}))


def _inside(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Say whether *span* lies in a longer one of *others*."""
    return any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in others)


def _reduced(tokens: Tokens, numbers: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], list[bytes]]:
    """Return which texts have a relevant word, and of each of them its reduced text, as bytes of *numbers*.

    A run of irrelevant words between two others becomes one filler, which keeps apart what was not adjacent.
    """
    told = numbers[tokens.ids]
    at = np.flatnonzero(told != _FILLER)
    owners = np.searchsorted(tokens.offsets, at, side="right") - 1
    is_next = owners[1:] == owners[:-1]
    apart = np.flatnonzero(is_next & (np.diff(at) > 1)) + 1
    told = np.insert(told[at], apart, _FILLER).astype(np.int32)
    starts = np.flatnonzero(np.append(np.ones(min(len(at), 1), np.bool_), ~is_next))
    bounds = [*(starts + np.searchsorted(apart, starts)).tolist(), len(told)]
    raw, width = told.tobytes(), told.itemsize
    return owners[starts], [raw[start * width : end * width] for start, end in pairwise(bounds)]


class Lexicon:
    """A topic's terms by language and group, ready to be looked for in texts.

    Args:
        terms: `terms[language][group]` is a list of phrases; the language is for the reader of the query only.
        longer_words: `longer_words[group]` lists longer words that contain a term of the group without being one
            (可再生, "renewable", holds 再生, "regenerate"); a hit inside one of them does not count.

    Raises:
        QueryError: Phrases without a letter or figure, all of them named.
    """

    def __init__(
        self,
        terms: Mapping[str, Mapping[str, Sequence[str]]],
        longer_words: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Compile *terms*; see the class."""
        listed = [
            (f"topic.terms.{language}.{group}", group, phrase)
            for language, groups in terms.items()
            for group, phrases in groups.items()
            for phrase in phrases
        ]
        longer = [("longer_words", group, phrase) for group, words in (longer_words or {}).items() for phrase in words]
        faults = [
            Fault(where, repr(phrase), "expected a term with a letter or a figure")
            for where, _, phrase in (*listed, *longer)
            if not re.search(r"\w", phrase)
        ]
        if faults:
            raise QueryError("the query's terms", faults)
        self.groups = tuple(dict.fromkeys(group for groups in terms.values() for group in groups))
        self.phrases = tuple(dict.fromkeys((group, phrase) for _, group, phrase in listed))
        self._longer = [(group, phrase) for _, group, phrase in longer]
        places = [self.groups.index(group) for group, _ in self.phrases]
        self._members = sparse.csr_array(
            (np.ones(len(places), np.bool_), places, np.arange(len(places) + 1)), (len(places), len(self.groups))
        )

    @cached_property
    def _sides(self) -> list[_Side]:
        return [_Side(self.phrases, self._longer, characters=characters) for characters in (False, True)]

    def hits(self, texts: Sequence[str | None]) -> pd.DataFrame:
        """Return which groups occur in which texts: bool, one row per text (0, 1, ...), one column per group.

        An empty or missing text has no hits.
        """
        return self.by_group(self.found(words_of(texts), characters_of(texts)))

    def found(self, words: Tokens, characters: Tokens) -> sparse.csr_array:
        """Return which phrases occur in texts, read as *words* and as *characters*: bool.

        It has one row per text, one column for each of `phrases`.
        """
        return self._sides[0].found(words) + self._sides[1].found(characters)

    def by_group(self, found: sparse.csr_array) -> pd.DataFrame:
        """Return what was `found` by phrase, by group."""
        return pd.DataFrame((found @ self._members).toarray(), columns=list(self.groups))
