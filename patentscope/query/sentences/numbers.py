"""Numbers as claims write them: in digits, with a decimal point or comma, or in words up to a hundred."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patentscope.query.sentences.tokens import NUMBER, Token
from patentscope.query.sentences.word_lists import listed

_WORDS = {word: float(value) for value, word in enumerate(listed("numbers", "to_twenty"), start=1)}
_TENS = {word: 10.0 * value for value, word in enumerate(listed("numbers", "tens"), start=2)}
_THOUSANDS = re.compile(r"\d{1,3},\d{3}")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,12})?")


def number_at(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Return the number that stands at a place and how many tokens it has; None for no number, or one in no known form.

    Known are `73`, `73.5`, `73,5`, `seven`, `twenty-five`, `one and a half`.
    """
    whole = _plain_at(tokens, at)
    if whole is None:
        return None
    value, length = whole
    behind = [token.key for token in tokens[at + length : at + length + 3]]
    if behind == ["and", "a", "half"]:
        return value + 0.5, length + 3
    return whole


def _plain_at(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == NUMBER:
        return None if number_fault(token) else (float(token.key.replace(",", ".")), 1)
    if token.key in _TENS:
        unit = _WORDS.get(tokens[at + 1].key, 10.0) if at + 1 < len(tokens) else 10.0
        return (_TENS[token.key] + unit, 2) if unit < 10 else (_TENS[token.key], 1)  # noqa: PLR2004
    value = _WORDS.get(token.key)
    return None if value is None else (value, 1)


def number_fault(token: Token) -> str:
    """Return what is wrong with a number in digits, empty for nothing."""
    if _THOUSANDS.fullmatch(token.key):
        return "a number without a separator of thousands, which could be a decimal comma"
    return "" if _PLAIN.fullmatch(token.key) else "a number such as 73, 73.5 or 73,5"
