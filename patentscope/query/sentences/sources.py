"""Who says so: the parts of a sentence that name its source, and nothing of what is compared."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import amount_at
from patentscope.query.sentences.countries import named_at
from patentscope.query.sentences.times import Clock, span_at
from patentscope.query.sentences.tokens import NUMBER, SIGN, Token

_MOST_FIRST, _MOST_LAST = 12, 6
_ENDS = {",", "."}
_BEFORE_LAST = {",", '"', "”"}


def first_words(tokens: Sequence[Token], clock: Clock) -> int:
    """Return how many tokens a sentence begins with that say who says so: `Figures from WIPO show that`."""
    for at, token in enumerate(tokens[:_MOST_FIRST]):
        if token.key in words.CLAIMED and amount_at(tokens, at + 1) and named_at(tokens, at - 1, is_sentence=True):
            return 0
        if token.key in words.SOURCES and at > 0:
            is_dated = any(span_at(tokens, one, clock) for one in range(at))
            is_led = at + 1 < len(tokens) and tokens[at + 1].key in {"that", ":", ","}
            return 0 if is_dated else at + 1 + is_led
        if token.kind in {NUMBER, SIGN} or (token.key,) in words.RELATIONS or token.key in words.COMPARED:
            return 0
    return 0


def length_at(tokens: Sequence[Token], at: int) -> int:
    """Return how many tokens from a place on do so: `according to WIPO`, or behind a comma at the end `WIPO said`."""
    is_according = [token.key for token in tokens[at : at + 2]] == ["according", "to"]
    if not is_according and not _is_last(tokens, at):
        return 0
    ends = (place for place in range(at, len(tokens)) if tokens[place].key in _ENDS)
    return next(ends, len(tokens)) - at


def _is_last(tokens: Sequence[Token], at: int) -> bool:
    rest = [token.key for token in tokens[at:] if token.key != "."]
    is_said = at > 0 and tokens[at - 1].key in _BEFORE_LAST and len(rest) <= _MOST_LAST and set(rest) & words.SOURCES
    return bool(is_said) and not set(rest) & {",", "than", *words.COMPARED}
