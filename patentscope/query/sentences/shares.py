"""Orders of parts that say which part of all patents, or of those of a set, one side has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import AT_LEAST, AT_MOST, PERCENT
from patentscope.query.sentences.parts import Item
from patentscope.query.sentences.said import EQUAL, LESS, MORE, Said
from patentscope.query.sentences.sizes import Reading, codes, is_of_fields
from patentscope.query.sentences.tokens import Token

_UNDATED = (0, 0)
#: "China accounted for 60%", "the share of China was 60%", "China had a 60% share", "China's share exceeded 60%".
_OF_ALL = re.compile(r"Sk+[fp]|k+S[fp]|S[fp]k+|Sk+R[fp]|k+SR[fp]")
#: "China filed 60% of all patents"; "60% of all patents came from China".
_FILED, _CAME_FROM = re.compile(r"S[fp]"), re.compile(r"[fp]o?S")
#: "China accounted for 60% of the patents of China, Japan and Korea", and the same with `among`.
_OF_SET = re.compile(r"Sk*[fp]g?S")
#: "Germany's patents made up a quarter of Japan's".
_MADE_UP = re.compile(r"Sk[fp]S")
#: "60% of the patents of China, Japan and Korea came from China".
_OF_WHOM = re.compile(r"[fp]SoS")
_AMONG_FIRST = re.compile(r"gSSk*[fp]")
#: "of which 60%": of what was named before.
_OF_THOSE = {"which", "whom", "these"}
_OF_WORLD = {"of", "all", "the", "world"}
#: Words that may stand between a part and whom it came from.
_LED_BY = {"by", "from", "in", "to"}


def readings(items: Sequence[Item], tokens: Sequence[Token]) -> list[Reading]:
    """Return what a sentence with these parts says of a share; none where it says nothing of one."""
    size = next((item for item in items if item.amount), None)
    sides = [codes(item) for item in items if item.side]
    if size is None or not sides or is_of_fields(size, tokens):
        return []
    order = "".join(item.symbol for item in items)
    if len(sides) == 1:
        return [_share(items, size, sides[0], ())] if _is_alone(order, items, size, tokens) else []
    plain = order.replace("o", "")
    is_inside, is_whole = set(sides[0]) < set(sides[1]), set(sides[1]) < set(sides[0])
    if _MADE_UP.fullmatch(order) and not _is_theirs(items, tokens) and not set(sides[0]) & set(sides[1]):
        return _of_theirs(items, size, sides[0], sides[1])
    if _OF_SET.fullmatch(plain) and (is_inside or "k" in order or "g" in order):
        return [_share(items, size, sides[0], sides[1])]
    if _AMONG_FIRST.fullmatch(plain) or (_OF_WHOM.fullmatch(order) and is_whole):
        return [_share(items, size, sides[1], sides[0])]
    return []


def _is_alone(order: str, items: Sequence[Item], size: Item, tokens: Sequence[Token]) -> bool:
    """Say whether a sentence of one side says which part of all patents it has."""
    if _CAME_FROM.fullmatch(order):
        is_of_all = tokens[0].key == "of" or _is_of_all(size, tokens)
        return "o" in order or (is_of_all and _is_theirs(items, tokens))
    return bool(_OF_ALL.fullmatch(order) or (_FILED.fullmatch(order) and _is_of_all(size, tokens)))


def _is_of_all(size: Item, tokens: Sequence[Token]) -> bool:
    """Say whether what is measured is a part of all patents: `60% of global patents`, `half the world's`."""
    behind = tokens[size.end].key if size.end < len(tokens) else ""
    is_percent = size.amount is not None and size.amount.kind == PERCENT
    inside = {token.key for token in tokens[size.start : size.end]}
    if {token.key for token in tokens[size.end : size.end + 2]} & _OF_THOSE:
        return False
    return behind == "of" or bool(inside & {"of", "in"}) or (not is_percent and behind in _OF_WORLD)


def _is_theirs(items: Sequence[Item], tokens: Sequence[Token]) -> bool:
    """Say whether a side stands behind `were`: "60% of the patents were Chinese"."""
    before = [token.key for token in tokens[max(0, items[-1].start - 2) : items[-1].start]]
    return before[-1] in words.BE or (before[-1] in {"from", "by", "of"} and before[0] in words.BE)


def _of_theirs(items: Sequence[Item], size: Item, left: tuple[str, ...], right: tuple[str, ...]) -> list[Reading]:
    """Return both readings of a part of what another side has: so many as it has, or of both together."""
    share = _share(items, size, left, (*left, *right))
    times = round((share.said.percent or 0.0) / 100, 9)
    ratio = Reading(replace(share.said, right=right, percent=None, times=times), size, "as many as the other side has")
    return [ratio, replace(share, meaning="a share of both together")]


def _share(items: Sequence[Item], size: Item, left: tuple[str, ...], among: tuple[str, ...]) -> Reading:
    passed = next((item.sign for item in items if item.symbol == "R"), "")
    bound = {AT_LEAST: MORE, AT_MOST: LESS}.get(size.amount.bound if size.amount else "", EQUAL)
    sign = bound if bound != EQUAL or not passed else passed
    value = round(size.amount.value * 100, 9) if size.amount else 0.0
    return Reading(Said(left, among, sign, _UNDATED, percent=value), size)
