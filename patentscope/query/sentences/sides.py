"""The sides of a comparison in a sentence: one country, or several in a list, `the U.S., Australia, and Japan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.countries import ONE_BY_ONE, OTHERS, Named, named_at
from patentscope.query.sentences.tokens import Token

_ALONG = {
    ("as", "well", "as"),
    ("along", "with"),
    ("together", "with"),
    ("combined", "with"),
    ("plus",),
    ("&",),
    ("+",),
}
_LED_BY = {"the", "those", "that", "of", "by", "from", "in", "its"}
_ARTICLES = {"the", "a", "an"}
_INSIDE = {"in", "at", "within", "across", "inside", "like"}


@dataclass(frozen=True)
class Side:
    """Countries that a sentence names together.

    Attributes:
        names: what names them, in their order.
        length: so many tokens name them, from the first name to the last.
        is_each: they are joined by `or`, or one by one.
    """

    names: tuple[Named, ...]
    length: int
    is_each: bool = False


def side_at(tokens: Sequence[Token], at: int, *, is_led: bool = False) -> Side | None:
    """Return the countries that are listed from *at* on; None where none begins there.

    Args:
        tokens: the sentence.
        at: where the first would begin.
        is_led: the other side follows behind a comma: "compared to Japan, Korea filed more".
    """
    first = _named(tokens, at)
    if first is None:
        return None
    names, places, joints = [first], [at], [""]
    behind = at + first.length
    while (joint := _joint(tokens, behind, len(names), joints)) and (named := _named(tokens, joint[1])):
        names.append(named)
        places.append(joint[1])
        joints.append(joint[0])
        behind = joint[1] + named.length
    names, behind = _kept(tokens, names, places, joints, is_led=is_led)
    is_each = "or" in joints[: len(names)]
    return Side(tuple(names), behind - at, is_each)


def _named(tokens: Sequence[Token], at: int) -> Named | None:
    for phrase in words.ONE_BY_ONE:
        if tuple(token.key for token in tokens[at : at + len(phrase)]) == phrase:
            behind = {token.key for token in tokens[at + len(phrase) : at + len(phrase) + 2]}
            if behind & words.TOGETHER:
                return Named(OTHERS, ("*",), length=len(phrase))
            meant = "one by one, or together? `China > * in 2024` is all others together"
            return Named(ONE_BY_ONE, ("*",), meant, len(phrase))
    return named_at(tokens, at, is_sentence=True)


def _joint(tokens: Sequence[Token], at: int, listed: int, joints: Sequence[str]) -> tuple[str, int] | None:
    """Return what joins the next name to a list, and where that name would begin; None where the list ends."""
    start = at
    while at < len(tokens) and at < start + 2 and tokens[at].key in words.PATENTS | words.OWNERS:
        at += 1
    joint = ""
    if at < len(tokens) and tokens[at].key == ",":
        if "and" in joints:
            return None
        joint, at = ",", at + 1
    key = tokens[at].key if at < len(tokens) else ""
    if key in {"and", "or"}:
        if joint and listed == 1:
            return None
        joint, at = key, at + 1
    else:
        for phrase in _ALONG:
            if tuple(token.key for token in tokens[at : at + len(phrase)]) == phrase:
                joint, at = "and", at + len(phrase)
                break
    while joint and at < len(tokens) and tokens[at].key in _LED_BY:
        at += 1
    return (joint, at) if joint else None


def _kept(
    tokens: Sequence[Token], names: list[Named], places: list[int], joints: list[str], *, is_led: bool
) -> tuple[list[Named], int]:
    """Return the names that are one list and the place behind it: commas alone join only what nothing else parts.

    "In China, Japan filed more" and "China, Japan's rival" each name two sides.
    """
    has_and = "and" in joints or "or" in joints
    before = [token.key for token in tokens[max(0, places[0] - 2) : places[0]] if token.key not in _ARTICLES]
    is_inside = before[-1:] != [] and before[-1] in _INSIDE
    is_owner = any(tokens[at + named.length - 1].is_owner for at, named in zip(places[1:], names[1:], strict=True))
    many = len(names) if has_and or not (is_inside or is_owner or is_led) else 1
    return names[:many], places[many - 1] + names[many - 1].length
