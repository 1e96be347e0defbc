"""Countries as claims name them: by code, name, short form or adjective; and the groups that name no one set."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from patentscope.query.sentences.tokens import WORD, Token, tokens_of
from patentscope.query.sentences.word_lists import listed, words
from patentscope.records.offices import office_codes, short_name
from patentscope.records.reference import reference_rows

ALL_OTHERS = "*"
NAME, CODE, GROUP, AMBIGUOUS, OTHERS = "name", "code", "group", "ambiguous", "others"
ONE_BY_ONE = "one by one"
#: Two letters that a sentence has for nothing else than a country: no AI, IT, ID, GE or CO.
_CODES_IN_SENTENCES = words("sides", "codes")
#: Names that are words of another meaning where they are written small.
_WITH_CAPITAL = words("sides", "with_capital")
_OTHERS = listed("sides", "others")
_MOST_NEAR = 3
_LIKE = 0.78


@dataclass(frozen=True)
class Named:
    """A country, or something like one, that a claim names.

    Attributes:
        kind: `name`, `code`, `group`, `ambiguous` or `others`.
        codes: of a country one; of a group its members; of an ambiguous name what it may be.
        meant: of a group or an ambiguous name, what could be meant.
        length: so many tokens name it.
    """

    kind: str
    codes: tuple[str, ...]
    meant: str = ""
    length: int = 1


def named_at(tokens: Sequence[Token], at: int, *, is_sentence: bool) -> Named | None:
    """Return what the tokens from *at* on name, by the longest name that fits; None for nothing.

    In a sentence a code is one in capitals only, and of two letters that mean nothing else there.
    """
    if at >= len(tokens):
        return None
    if tokens[at].key == ALL_OTHERS:
        return Named(OTHERS, (ALL_OTHERS,))
    for length in range(min(_longest(), len(tokens) - at), 0, -1):
        found = _names().get(tuple(token.key for token in tokens[at : at + length]))
        if found and not (is_sentence and length == 1 and _is_small(tokens[at], found)):
            return Named(found.kind, found.codes, found.meant, length)
    token = tokens[at]
    code = token.key.upper()
    if token.kind != WORD or code not in office_codes():
        return None
    if is_sentence and not (token.text == code and code in _CODES_IN_SENTENCES):
        return None
    return Named(CODE, (code,))


def _is_small(token: Token, found: Named) -> bool:
    """Say whether a word is written small that names a country in capitals only."""
    return token.text.islower() and "." not in token.text and (token.key in _WITH_CAPITAL or found.kind == GROUP)


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, ...], Named]:
    """Return every name, as keys of its tokens."""
    listed = [(row["name"], Named(NAME, (row["code"],))) for row in reference_rows("country_names")]
    listed += [(short_name(code), Named(NAME, (code,))) for code in sorted(office_codes())]
    listed += [(row["name"].partition(" (")[0], Named(NAME, (row["code"],))) for row in reference_rows("offices")]
    for row in reference_rows("country_words"):
        kind = AMBIGUOUS if row["kind"] == AMBIGUOUS else NAME
        named = Named(kind, tuple(filter(None, row["code"].split(";"))), row["reference"] if kind == AMBIGUOUS else "")
        listed.append((row["word"], named))
        if row["kind"] == "adjective" and not row["word"].endswith(("s", "sh", "ch", "ese")):
            listed.append((f"{row['word']}s", named))
    for row in reference_rows("country_groups"):
        listed.append((row["name"], Named(GROUP, tuple(filter(None, row["codes"].split(";"))), row["meant"])))
    listed += [(name, Named(OTHERS, (ALL_OTHERS,))) for name in _OTHERS]
    return {_key(name): named for name, named in listed if not set(name) & set(",;()")}


def _key(name: str) -> tuple[str, ...]:
    return tuple(token.key for token in tokens_of(name))


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _names()))


def nearest(word: str) -> list[str]:
    """Return the countries whose names are most like *word*, or whose code it is, at most three."""
    code = word.upper()
    if word == code and code in office_codes():
        return [short_name(code)]
    known = {" ".join(key): named.codes[0] for key, named in _names().items() if named.kind == NAME}
    close = difflib.get_close_matches(" ".join(_key(word)), known, n=_MOST_NEAR, cutoff=_LIKE)
    return list(dict.fromkeys(short_name(known[name]) for name in close))


@lru_cache(maxsize=512)
def grammar_name(code: str) -> str:
    """Return a code's name as the short grammar reads it back: the code itself where its name is ambiguous.

    >>> grammar_name("US"), grammar_name("GE")
    ('United States', 'GE')
    """
    name = short_name(code)
    named = _names().get(_key(name))
    return name if named == Named(NAME, (code,)) else code
