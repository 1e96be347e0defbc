"""Numbers of patents in a sentence, `1.5 million patents`, `Japan's 3,000`, and `for every American one`.

It is one only where it can be nothing else: "in 37 of 44 technologies" and "500 more than Japan" have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import amount_at, bound_length
from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.tokens import NUMBER, SIGN, WORD, Token

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
#: Before a number these make it one of something else, or a difference.
_NEVER_BEHIND = {"in", "on", "by", "across", "from", "to", "for", "within", "number"}
_TOTAL = {("amounted", "to"), ("came", "to"), ("accounted", "for")}
_DIFFERENCE = {(word, of) for word in ("lead", "margin", "gap", "difference", "advantage") for of in ("of", "by")}
#: Behind a number of patents these make it a difference.
_OVER = {*words.COMPARED, "ahead", "above", "behind", "below", "short", "clear"}
_OF_COUNTRIES = {"the", "these", "those", "all", "other"}
#: Between a number and the patents that it counts these do not stand.
_PARTING = (
    words.PREPOSITIONS | words.BE | {"and", "or", "than", "as", "times", "country", "countries", "nations", "other"}
)
#: What may stand right behind a number that names no patents.
_BEHIND = words.BE | {
    *("in", "on", "from", "for", "by", "and", "while", "whereas", "against", "versus", "vs", "compared", "worldwide"),
    *("globally", "last", "went", "came", "filed", "during", "between", "since", "over"),
}
_ENDS = set(",.:;!?()-\"”’'")
_FARTHEST = 8
_SMALL = 20
_EVERY = {("for", "every"), ("for", "each"), ("to", "every"), ("to", "each"), ("against", "every")}
_NO_PATENTS = {"year", "month", "week", "day", "decade"}


@dataclass(frozen=True)
class Count:
    """A number of patents, and how many tokens name it; the first *skipped* limit it, `more than`."""

    value: float
    length: int
    skipped: int = 0


def number_of(tokens: Sequence[Token], at: int) -> Count | None:
    """Return the whole number that stands at a place: `38,000`, `1.5 million`, `three`; None for none."""
    if at >= len(tokens):
        return None
    if tokens[at].kind == NUMBER and _GROUPED.fullmatch(tokens[at].key):
        value, length = float(tokens[at].key.replace(",", "")), 1
    elif found := number_at(tokens, at):
        value, length = found
    else:
        return None
    while at + length < len(tokens) and tokens[at + length].key in _SCALES:
        value, length = value * _SCALES[tokens[at + length].key], length + 1
    value = round(value, 6)
    return Count(value, length) if value.is_integer() else None


def count_at(tokens: Sequence[Token], at: int, *, is_compared: bool = False) -> Count | None:
    """Return the number of patents at a place, with the words that limit it; None for none.

    Args:
        tokens: the sentence.
        at: where it would begin.
        is_compared: `compared with`, or another number and `to`, stands right before.
    """
    skipped = bound_length(tokens, at)
    number = number_of(tokens, at + skipped)
    if number is None or number.value in {0, 1} or amount_at(tokens, at):
        return None
    before = tuple(token.key for token in tokens[max(0, at - 2) : at])
    behind = at + skipped + number.length
    is_pair = before[-1:] != ("from",) and _keys(tokens, behind, 1) == ["to"] and number_of(tokens, behind + 1)
    is_other = set(before[-1:]) & _NEVER_BEHIND and before not in _TOTAL and not (is_compared or is_pair)
    if before in _DIFFERENCE or is_other:
        return None
    is_small = tokens[at + skipped].kind == WORD and number.value <= _SMALL
    is_countries = is_small and bool(set(before[-1:]) & _OF_COUNTRIES)
    if not (is_pair or _is_of_patents(tokens, behind) or (_is_alone(tokens, behind) and not is_countries)):
        return None
    return Count(number.value, skipped + number.length, skipped)


def _is_of_patents(tokens: Sequence[Token], at: int) -> bool:
    """Say whether the words behind a number name the patents that it counts, and compare no difference."""
    for place in range(at, min(at + _FARTHEST, len(tokens))):
        key = tokens[place].key
        if tokens[place].kind == NUMBER or key in _PARTING or key in words.COMPARED or tokens[place].key in _ENDS:
            return False
        if key in words.PATENTS | {"ones"} and key.endswith("s"):
            return not set(_keys(tokens, place + 1, 1)) & _OVER
    return False


def _is_alone(tokens: Sequence[Token], at: int) -> bool:
    return at >= len(tokens) or tokens[at].key in _BEHIND | _ENDS


def every_at(tokens: Sequence[Token], at: int) -> Count | None:
    """Return what `for every` and `to every ten` count patents by; None where it is something else, or nothing."""
    if tuple(token.key for token in tokens[at : at + 2]) not in _EVERY:
        return None
    number = number_of(tokens, at + 2) or Count(1.0, 0)
    place = at + 2 + number.length
    if set(_keys(tokens, place, 1)) & _NO_PATENTS or not number.value:
        return None
    ends = (end for end in range(place, len(tokens)) if tokens[end].kind == SIGN)
    named = set(_keys(tokens, at + 2, next(ends, len(tokens)) - at - 2))
    is_number = number.length and set(_keys(tokens, place, 1)) & {"that", "by", "from", "filed"}
    return Count(number.value, 2 + number.length) if is_number or named & (words.PATENTS | {"one", "ones"}) else None


def _keys(tokens: Sequence[Token], at: int, many: int) -> list[str]:
    return [token.key for token in tokens[at : at + many]]


def is_count(tokens: Sequence[Token]) -> bool:
    """Say whether tokens are a number and nothing else: no topic."""
    skipped = bound_length(tokens, 0)
    number = number_of(tokens, skipped)
    return number is not None and skipped + number.length == len(tokens)
