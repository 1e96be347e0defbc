"""Sizes as sentences name them, `73 per cent`, `three times`, `a third`, `three to one`, and what limits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.tokens import Token
from patentscope.query.sentences.word_lists import listed

PERCENT, TIMES, PART, ODDS = "percent", "times", "part", "odds"
AT_LEAST, AT_MOST = "more", "less"
#: Words before a size, longest first: what they make of it. An empty text is a size with the usual tolerance.
_BOUNDS: tuple[tuple[tuple[str, ...], str], ...] = tuple(
    (tuple(words.split()), bound)
    for bound, listed in (
        (AT_LEAST, "no fewer than,no less than,not less than,upwards of,just over,slightly over,slightly more than"),
        (AT_LEAST, "just more than,well over,well above,more than,greater than,at least,over,above,exceeding"),
        (AT_MOST, "no more than,not more than,just under,slightly under,slightly less than,slightly fewer than"),
        (AT_MOST, "well under,well below,less than,fewer than,at most,under,below"),
        ("", "close to,almost exactly,just about,nearly,almost,about,around,roughly,approximately,some,exactly,circa"),
        ("", "fully,precisely"),
    )
    for words in listed.split(",")
)
_MULTIPLES = {
    "twice": 2.0,
    "double": 2.0,
    "thrice": 3.0,
    "triple": 3.0,
    "treble": 3.0,
    "quadruple": 4.0,
    "quintuple": 5.0,
}
#: "Denmark's number quadrupled that of Norway".
_MULTIPLIED = {"doubled": 2.0, "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0}
_PARTS = {word: value for value, word in enumerate(listed("numbers", "parts"), start=3)}
_MAJORITIES = {("a", "majority"): 2, ("the", "majority"): 2, ("most", "of"): 1}
_PERCENT = {"%", "percent", "pc", "pct"}
_TIMES = {"times": TIMES, "x": TIMES, "×": TIMES, "fold": ODDS}
_LARGEST_WHOLE = 100


@dataclass(frozen=True)
class Amount:
    """A size.

    Attributes:
        kind: `percent`, `times`, `part` (a third) or `odds` (three to one).
        value: 73 per cent is .73; a third is 1/3.
        length: so many tokens name it, the words before it included.
        bound: `more` for `at least`, `less` for `under`, empty for the size itself.
    """

    kind: str
    value: float
    length: int
    bound: str = ""


def amount_at(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return the size that the tokens from *at* on name, with the words that limit it; None for none."""
    for words, bound in _BOUNDS:
        if _begins(tokens, at, words):
            skipped = len(words)
            size = _size_at(tokens, at + skipped) or _as_many(tokens, at + skipped)
            return None if size is None else replace(size, bound=bound or size.bound, length=skipped + size.length)
    return _size_at(tokens, at)


def bound_length(tokens: Sequence[Token], at: int) -> int:
    """Return how many tokens from a place on are words that limit a size: `more than`."""
    return next((len(words) for words, _ in _BOUNDS if _begins(tokens, at, words)), 0)


def _begins(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> bool:
    return tuple(token.key for token in tokens[at : at + len(words)]) == words


def _as_many(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return the size of `as many` behind `at least`: it takes no token of its own."""
    words = [token.key for token in tokens[at : at + 2]]
    return Amount(TIMES, 1.0, 0) if words in (["as", "many"], ["as", "much"]) else None


def _size_at(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return the size that begins with the word at a place, whichever kind has it."""
    if at >= len(tokens):
        return None
    return _multiple(tokens, at) or _part(tokens, at) or _factor(tokens, at) or _counted(tokens, at)


def _multiple(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return `twice` and `double`."""
    value = _MULTIPLES.get(tokens[at].key)
    if [token.key for token in tokens[at + 1 : at + 3]] in (["that", "of"], ["those", "of"]):
        value = value or _MULTIPLIED.get(tokens[at].key)
    is_other = at + 1 < len(tokens) and tokens[at + 1].key in {"digit", "digits"}
    return None if value is None or is_other else Amount(TIMES, value, 1)


def _part(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return `half`, `a third` and `a majority`."""
    first, second = ([token.key for token in tokens[at : at + 2]] + [""])[:2]
    if first == "half":
        return Amount(PART, 0.5, 1)
    if (first, second) in _MAJORITIES:
        return Amount(PART, 0.5, _MAJORITIES[first, second], AT_LEAST)
    return Amount(PART, 1 / _PARTS[second], 2) if first in {"a", "an"} and second in _PARTS else None


def _factor(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return `a factor of three` and `threefold`."""
    if [token.key for token in tokens[at : at + 3]] == ["a", "factor", "of"]:
        number = number_at(tokens, at + 3)
        return Amount(ODDS, number[0], 3 + number[1]) if number else None
    word = tokens[at].key.removesuffix("fold")
    number = number_at((replace(tokens[at], key=word),), 0) if word != tokens[at].key else None
    return Amount(ODDS, number[0], 1) if number else None


def _counted(tokens: Sequence[Token], at: int) -> Amount | None:
    """Return the size that begins with a number, by the words behind it."""
    number = number_at(tokens, at)
    if number is None:
        return None
    value, length = number
    if value == 1 and tuple(token.key for token in tokens[at + length : at + length + 2]) == ("patent", "in"):
        length += 1
    behind = [*(token.key for token in tokens[at + length : at + length + 2]), "", ""]
    if behind[0] in _PERCENT or behind[:2] == ["per", "cent"]:
        return Amount(PERCENT, value / 100, length + 1 + (behind[0] not in _PERCENT))
    if behind[0] in _TIMES:
        return Amount(_TIMES[behind[0]], value, length + 1)
    part = _PARTS.get(behind[0]) or _PARTS.get(behind[0][:-1])
    if part:
        return Amount(PART, value / part, length + 1) if value < part else None
    return _of_two_numbers(tokens, at, value, length, behind)


def _of_two_numbers(
    tokens: Sequence[Token], at: int, value: float, length: int, behind: Sequence[str]
) -> Amount | None:
    """Return `three to one` as a multiple, `two out of three` and `six in ten` as a part."""
    joined = 2 if behind[:2] == ["out", "of"] else 1 if behind[0] in {"to", ":", "in"} else 0
    joined = joined or int(list(behind[:2]) == ["of", "every"])
    joined += joined > 0 and [token.key for token in tokens[at + length + joined :][:1]] == ["every"]
    second = number_at(tokens, at + length + joined) if joined else None
    if second is None or not 0 < second[0] <= _LARGEST_WHOLE:
        return None
    length += joined + second[1]
    if behind[0] in {"to", ":"}:
        return Amount(ODDS, value / second[0], length)
    return Amount(PART, value / second[0], length) if value < second[0] else None
