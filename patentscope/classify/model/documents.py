"""Documents to be classified, as tokens: each has a title and a body, and either may be empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from patentscope.classify.words.tokens import Tokens, characters_of, words_of
from patentscope.records.components import Integers

#: In characters; abstracts are longer.
LONGEST_TITLE = 200
_LETTERS = 2
_NO_LETTER = re.compile(r"[\W_]")


def _tells(word: str) -> bool:
    return len(word if word.isalnum() else _NO_LETTER.sub("", word)) >= _LETTERS


@dataclass(frozen=True)
class Part:
    """Documents' words, or their characters: of each document its title's first, `heads` of them, then its body's."""

    tokens: Tokens
    heads: Integers

    def begins(self) -> Integers:
        """Return where titles and bodies begin among all tokens."""
        starts = self.tokens.offsets[:-1]
        found = np.concatenate([starts, starts + self.heads])
        return found[found < len(self.tokens.ids)]

    def taken(self, places: Integers) -> Part:
        """Return the documents at *places*, in that order."""
        return Part(self.tokens.taken(places), self.heads[places])

    def raw(self) -> Iterator[bytes]:
        """Yield each document's tokens as bytes."""
        for start, end in pairwise(self.tokens.offsets.tolist()):
            yield self.tokens.ids[start:end].tobytes()

    @classmethod
    def of(cls, texts: Tokens, owners: Integers, is_title: Integers, size: int) -> Part:
        """Return *size* documents' tokens, put together from texts: each one's document, and whether it is a title."""
        order = np.lexsort((~is_title, owners))
        lengths = np.diff(texts.offsets)
        ends = np.searchsorted(owners[order], np.arange(size + 1))
        heads = np.bincount(owners, lengths * is_title, size).astype(np.int64)
        return cls(texts.taken(order).together(ends), heads)

    @classmethod
    def joined(cls, parts: Sequence[Part]) -> Part:
        """Return the documents of all *parts*, one after the other, with one list of words."""
        places: dict[tuple[str, str], int] = {}
        ids, lengths = [], []
        for part in parts:
            pairs = zip(part.tokens.words, part.tokens.lemmas, strict=True)
            own = np.array([places.setdefault(pair, len(places)) for pair in pairs], np.int32)
            ids.append(own[part.tokens.ids])
            lengths.append(np.diff(part.tokens.offsets))
        words, lemmas = zip(*places, strict=True) if places else ((), ())
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
        return cls(Tokens(words, lemmas, np.concatenate(ids), offsets), np.concatenate([part.heads for part in parts]))


@dataclass(frozen=True)
class Documents:
    """Documents by their words, of two letters or figures or more, and by their Chinese and Japanese characters."""

    words: Part
    characters: Part

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.words.heads)

    @classmethod
    def of(cls, titles: Sequence[str], bodies: Sequence[str]) -> Documents:
        """Read documents whose titles and bodies are given."""
        texts = [text for pair in zip(titles, bodies, strict=True) for text in pair]
        owners = np.repeat(np.arange(len(titles)), 2)
        is_title = np.arange(len(texts)) % 2 == 0
        words, characters = words_of(texts), characters_of(texts)
        return cls.read(words, characters, owners, is_title, len(titles))

    @classmethod
    def read(cls, words: Tokens, characters: Tokens, owners: Integers, is_title: Integers, size: int) -> Documents:
        """Return *size* documents from texts that were read: each one's document, and whether it is a title."""
        tells = np.array([_tells(word) for word in words.words], np.bool_)
        telling = words.kept(tells[words.ids])
        return cls(*(Part.of(tokens, owners, is_title, size) for tokens in (telling, characters)))

    @classmethod
    def joined(cls, parts: Sequence[Documents]) -> Documents:
        """Return the documents of all *parts*, one after the other."""
        return cls(Part.joined([part.words for part in parts]), Part.joined([part.characters for part in parts]))

    def taken(self, places: Integers) -> Documents:
        """Return the documents at *places*, in that order."""
        return Documents(self.words.taken(places), self.characters.taken(places))

    def keys(self) -> list[bytes]:
        """Return of each document what is another's only if both read alike, word for word."""
        return [b"|".join(both) for both in zip(self.words.raw(), self.characters.raw(), strict=True)]
