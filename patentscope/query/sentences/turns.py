"""Sentences that compare in another order, put into the plain one, and two numbers of patents beside two countries.

"Compared with Japan, Korea filed twice as many" has the parts of "Korea filed twice as many as Japan".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import TIMES as MULTIPLE
from patentscope.query.sentences.amounts import Amount
from patentscope.query.sentences.parts import (
    ACCOUNT,
    AS,
    AS_MANY,
    COMPARED,
    COUNT,
    EVERY,
    ORIGIN,
    RELATION,
    THAN,
    TIMES,
    Item,
)
from patentscope.query.sentences.said import EQUAL, LESS, MORE, Said
from patentscope.query.sentences.sizes import Reading, codes
from patentscope.query.sentences.tokens import Token

Parts = Sequence[Item]
_UNDATED = (0, 0)
#: "China filed 12,000, Japan 3,000"; "China filed 12,000, compared with 3,000 in Japan".
_COUNTED = re.compile(r"[vw](?:Sn|nS)(?:Sn|nS)|(?:Sn|nS)[vw](?:Sn|nS)|SnSn|nSnS")
_PAIRED = re.compile(r"(?:Sn|nS)(?:Sn|nS)")
_JOINTS = {",", ";", "and", "/", "(", "-"}
_LEADING = {"with", "having", "filing", "boasting", "holding", "owning"}


def in_plain_order(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Return the parts in the order in which `sizes` and `shares` read them, without numbers of patents.

    None are left where a sentence has such an order and says no one thing in it.
    """
    parts = [item for item in items if item.symbol != ORIGIN]
    plain = [item for item in parts if item.symbol != COUNT]
    for pattern, turn, is_counted in _TURNS:
        told = parts if is_counted else plain
        if pattern.fullmatch(_order(told)):
            return turn(told, tokens)
    return [item for item in items if item.symbol != COUNT]


def _order(items: Parts) -> str:
    return "".join(item.symbol for item in items)


def _plain(left: Item, size: Item | None, word: Item, right: Item) -> Parts:
    """Return "China filed twice as many as Japan" of its parts."""
    joint = Item(AS if word.symbol == AS_MANY else THAN, word.end, word.end)
    return [left, *([size] if size else []), word, joint, right]


def _parted(items: Parts) -> tuple[Item, Item, Item | None, Item]:
    """Return both sides, the size and `as many` or `more`."""
    first, second = (item for item in items if item.side)
    size = next((item for item in items if item.amount), None)
    return first, second, size, next(item for item in items if item.symbol in {COMPARED, AS_MANY})


def _right_first(items: Parts, _: Sequence[Token]) -> Parts:
    """Turn "compared with Japan, Korea filed twice as many"."""
    right, left, size, word = _parted(items)
    return _plain(left, size, word, right)


def _after_a_number(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Turn "the US filed 3,000 and China four times as many"."""
    return _right_first(items, tokens) if _are_set_apart(items, tokens) else ()


def _size_first(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Turn "with twice as many patents as Japan, China leads"."""
    right, left, size, word = _parted(items)
    begins = {token.key for token in tokens[max(0, items[0].start - 2) : items[0].start]}
    is_parted = "," in {token.key for token in tokens[right.end : left.start]}
    return _plain(left, size, word, right) if begins & _LEADING and is_parted and _agree(items) else ()


def _size_last(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Turn "China leads Japan, filing twice as many" and "China leads Japan, which filed half as many"."""
    left, right, size, word = _parted(items)
    is_theirs = bool(
        {token.key for token in tokens[right.end : word.start]} & {"which", "who", "whose", "where", "that"}
    )
    if not _agree(items, is_turned=is_theirs):
        return ()
    return _plain(right, size, word, left) if is_theirs else _plain(left, size, word, right)


def _led_last(items: Parts, _: Sequence[Token]) -> Parts:
    """Turn "China, with more patents than Japan, led"."""
    left, right, size, word = _parted(items)
    return _plain(left, size, word, right) if _agree(items) else ()


def _agree(items: Parts, *, is_turned: bool = False) -> bool:
    """Say whether what puts one side over the other and the size say the same of it."""
    signs = {item.sign for item in items if item.symbol == RELATION}
    _, _, size, word = _parted(items)
    more = word.sign == MORE if word.symbol == COMPARED else size is not None and (size.amount or _NONE).value > 1
    return signs <= {MORE if more != is_turned else LESS}


_NONE = Amount(MULTIPLE, 0.0, 0)


def _for_every(items: Parts, _: Sequence[Token]) -> Parts:
    """Turn "for every American patent, China filed three"."""
    sides = [item for item in items if item.side]
    every = next(item for item in items if item.symbol == EVERY)
    count = next(item for item in items if item.symbol == COUNT)
    left, right = sides[::-1] if items[0] is every else sides
    size = Item(TIMES, count.start, count.end, amount=Amount(MULTIPLE, count.number / every.number, 1))
    return _plain(left, size, Item(AS_MANY, count.end, count.end), right)


def _one_for_every(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Turn "one American patent for every three Chinese ones"."""
    left, every, right = items
    if tokens[left.start - 1].key not in {"one", "a", "single"}:
        return ()
    return _for_every([replace(every, symbol=COUNT, number=1.0), left, every, right], tokens)


def _in_ratio(items: Parts, tokens: Sequence[Token]) -> Parts:
    """Turn "the ratio of Chinese to American patents was 3 to 1"."""
    _, left, right, size = items
    between = tokens[left.end : right.start]
    is_of_owners = any(token.key in words.OWNERS and not token.is_owner for token in between)
    is_joined = "to" in {token.key for token in between} and not is_of_owners
    return [left, Item(RELATION, left.end, left.end, sign=MORE), size, right] if is_joined else ()


_TURNS: tuple[tuple[re.Pattern[str], Callable[[Parts, Sequence[Token]], Parts], bool], ...] = (
    (re.compile(r"eSSn|eSnS|nSeS|SneS"), _for_every, True),
    (re.compile(r"SeS"), _one_for_every, True),
    (re.compile(r"w?(?:Sn|nS)[vw]?S[pfmd][ac]"), _after_a_number, True),
    (re.compile(r"qSSd"), _in_ratio, False),
    (re.compile(r"vSS[pfmd]?[ac]"), _right_first, False),
    (re.compile(r"(?:[pfmd]?aA|[pfmd]?ct)SSR?"), _size_first, False),
    (re.compile(r"SRS[pfmd][ac]"), _size_last, False),
    (re.compile(r"S[pfmd]?(?:aA|ct)SR"), _led_last, False),
)


def of_counts(items: Parts, tokens: Sequence[Token]) -> list[Reading]:
    """Return what two numbers of patents beside two countries say: that one has more, and how many times as many."""
    parts = [
        item
        for item in items
        if item.symbol not in {ORIGIN, ACCOUNT} or (item.symbol == ACCOUNT and tokens[item.start].key in words.SHARES)
    ]
    counts = [item for item in parts if item.symbol == COUNT]
    if not _COUNTED.fullmatch(_order(parts)) or not _are_set_apart(parts, tokens) or _is_inside(parts, tokens):
        return []
    (many, higher), (few, lower) = sorted(
        zip(_values(counts), [codes(item) for item in parts if item.side], strict=True), key=lambda one: -one[0]
    )
    said = Said(higher, lower, EQUAL, _UNDATED, times=float(f"{many / few:.3g}"))
    times = Reading(said, counts[1], f"{many:,.0f} against {few:,.0f}")
    return [times] if many == few else [Reading(Said(higher, lower, MORE, _UNDATED), counts[1]), times]


def _is_inside(items: Parts, tokens: Sequence[Token]) -> bool:
    """Say whether one number is a part of the other: "12,000 in China, of which 3,000 by Japan"."""
    sides = [item for item in items if item.side]
    behind = {token.key for token in tokens[items[1].end : items[-1].start]}
    before = {tokens[item.start - 1].key for item in sides if item.start}
    return bool(behind & {"which", "whom"}) or before == {"in", "by"}


def _values(counts: Sequence[Item]) -> list[float]:
    return [item.number for item in counts]


def _are_set_apart(items: Parts, tokens: Sequence[Token]) -> bool:
    """Say whether a comma or a word such as `and` or `while` parts what is said of one side from that of the other."""
    if {"v", "w"} & {item.symbol for item in items}:
        return True
    between = [token.key for token in tokens[items[1].end : items[2].start]]
    return bool(set(between) & _JOINTS or between[-1:] == ["to"])


def contradict(items: Parts, said: Said) -> bool:
    """Say whether two numbers of patents put the sides the other way round than the words do."""
    pairs = [item for item in items if item.side or item.symbol == COUNT]
    if said.percent is not None or not _PAIRED.fullmatch(_order(pairs)) or EVERY in _order(items):
        return False
    counts = [item for item in pairs if item.symbol == COUNT]
    if counts[1].start - counts[0].end == 1:
        return False
    first, second = _values(counts)
    left = codes(next(item for item in pairs if item.side))
    counted = (first - second) * (1 if said.left == left else -1)
    claimed = 1 if said.sign == MORE else -1
    if said.excess is None and said.times is not None:
        claimed = (said.times > 1) - (said.times < 1) if said.sign == EQUAL else 0
    return counted * claimed < 0
