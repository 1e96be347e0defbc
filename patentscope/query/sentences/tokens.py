"""A claim's text cut into words, numbers and signs, each with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WORD, NUMBER, SIGN = "word", "number", "sign"
_TOKEN = re.compile(
    r"(?P<initials>(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_]))"  # U.S. and U.S
    r"|(?P<mixed>\d+(?!(?:x|pc|pct|fold|times)\b)[^\W\d_][^\W_]*)"  # 5G, 2010s
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<named>[^\W\d_a-z][^\W\d_]*-\d{1,3}(?![\w.,]*\d))"  # Covid-19
    r"|(?P<word>[^\W\d_][^\W_]*)"
    r"|(?P<dots>\.\.+|…)"
    r"|(?P<sign>\S)"
)
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])", re.IGNORECASE)
_JOINED = re.compile(r"['’][^\W\d_]+")
_DASHES = "-‐‑–—−"


@dataclass(frozen=True)
class Token:
    """One word, number or sign.

    Attributes:
        kind: `word`, `number` or `sign`.
        key: what it is compared by: small letters without marks, points, hyphens and possessive `'s`; a dash is `-`.
        text: as written, without the possessive.
        start: its first character; *end* is behind its last, the possessive included.
        is_owner: it has a possessive.
    """

    kind: str
    key: str
    text: str
    start: int
    end: int
    is_owner: bool = False


def folded(text: str) -> str:
    """Return a text in small letters without marks, in the forms that compare equal.

    >>> folded("Türkiye"), folded("Côte d’Ivoire")
    ('turkiye', "cote d'ivoire")
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of *text*; a hyphen between words is none: `rare-earth` has two tokens."""
    found: list[Token] = []
    place = 0
    while match := _TOKEN.search(text, place):
        place = match.end()
        kind = match.lastgroup or ""
        if kind in {"number", "dots", "sign"}:
            found.append(_sign(kind, match[0], match.start()))
            continue
        joined = _JOINED.match(text, place)
        owner = _POSSESSIVE.match(text, place)
        if owner and found is not None:
            place = owner.end()
        elif joined:
            place = joined.end()
        word = text[match.start() : match.end() if owner else place]
        key = re.sub(r"[.-]", "", folded(word))
        found.append(Token(WORD, key, word, match.start(), place, is_owner=owner is not None))
    return tuple(token for at, token in enumerate(found) if not _is_hyphen(found, at))


def _sign(kind: str, text: str, start: int) -> Token:
    if kind == NUMBER:
        return Token(NUMBER, text, text, start, start + len(text))
    key = "-" if text in _DASHES else ".." if kind == "dots" else text
    return Token(SIGN, key, text, start, start + len(text))


def _is_hyphen(tokens: list[Token], at: int) -> bool:
    """Say whether the token joins two words, or a word and a number, without blanks."""
    if tokens[at].key != "-" or not 0 < at < len(tokens) - 1:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    is_glued = before.end == tokens[at].start and after.start == tokens[at].end
    return is_glued and WORD in {before.kind, after.kind} and SIGN not in {before.kind, after.kind}
