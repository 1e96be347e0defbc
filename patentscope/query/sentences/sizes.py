"""Orders of parts that compare two sides, and the size or the limit that each of them names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import AT_LEAST, AT_MOST, ODDS, PART, PERCENT, TIMES, Amount
from patentscope.query.sentences.countries import ALL_OTHERS, AMBIGUOUS
from patentscope.query.sentences.items import Item
from patentscope.query.sentences.said import EQUAL, LESS, MORE, Said
from patentscope.query.sentences.tokens import Token

_UNDATED = (0, 0)
#: "China outnumbered Japan by 73%", "China was outnumbered three to one by Japan", "China was 73% ahead of Japan".
_RELATED = re.compile(r"b?S[bp]?[RP][bd]?S[bd]?|S[pfd]?LS[pfd]?")
#: "China filed 73% more than Japan", "73% more patents were filed by China than by Japan".
_MORE_THAN = re.compile(r"(?:S[pfmd]?c|[pfmd]?cS)tSb?")
#: "China filed twice as many as Japan", "twice as many came from China as from Japan".
_AS_MANY_AS = re.compile(r"(?:S[pfmd]?a|[pfmd]?aS)AS")
#: "China filed three times Japan's number".
_TIMES_OF = re.compile(r"S[pfm]S")
#: "Japan's output equals a tenth of China's".
_EQUALS_PART = re.compile(r"SR[pfm]S")
_ORIGIN, _VERBS = "o", "RPL"
#: What a size in front of it belongs to, and must stand next to.
_SIZED = "RLca"
_OPPOSITE = {MORE: LESS, LESS: MORE, EQUAL: EQUAL}


@dataclass(frozen=True)
class Reading:
    """One way to read a sentence, what it takes the part *item* to mean, and what it says then."""

    said: Said
    item: Item
    meaning: str = ""


def readings(items: Sequence[Item], tokens: Sequence[Token]) -> list[Reading]:
    """Return what a sentence with these parts may say: one reading, two to ask back with, none where it is unknown."""
    parts = [item for item in items if item.symbol != _ORIGIN]
    order = "".join(item.symbol for item in parts)
    if order.count("S") != 2 or sum(item.amount is not None for item in parts) > 1:  # noqa: PLR2004
        return []
    found = _in_order(order, parts, tokens)
    return [replace(one, said=_turned(one.said)) for one in found]


def _turned(said: Said) -> Said:
    """Return what is said of all others the other way round: they are always the right side."""
    if said.left == (ALL_OTHERS,):
        times = 1.0 if said.times is None and said.excess is None else said.times or 1 + (said.excess or 0) / 100
        sign = EQUAL if said.excess is not None else _OPPOSITE[said.sign]
        if said.sign == LESS and said.times is None:
            return replace(said, left=said.right, right=said.left, sign=MORE)
        return Said(said.right, said.left, sign, said.years, times=_rounded(1 / times))
    if said.right == (ALL_OTHERS,) and said.sign == LESS and said.times is None:
        return replace(said, times=1.0)
    return said


def _in_order(order: str, parts: Sequence[Item], tokens: Sequence[Token]) -> list[Reading]:
    amounts = [item for item in parts if item.amount]
    size = amounts[0] if amounts else None
    left, right = (codes(item) for item in parts if item.side)
    if size and any(
        before is size and after.symbol in _SIZED and after.start != size.end for before, after in pairwise(parts)
    ):
        return []
    if _EQUALS_PART.fullmatch(order) and parts[1].sign == EQUAL:
        order, parts = order.replace("R", ""), [parts[0], *parts[2:]]
    if _RELATED.fullmatch(order):
        return _related(parts, size, left, right, tokens)
    if _MORE_THAN.fullmatch(order):
        return _more_than(parts, size, left, right)
    if _AS_MANY_AS.fullmatch(order):
        many = next(item for item in parts if item.symbol == "a")
        amount = size.amount if size and size.amount else Amount(TIMES, 1.0, 0)
        return [_times(left, right, amount, amount.value, size or many)]
    if _TIMES_OF.fullmatch(order) and size:
        return _times_of(parts, size, left, right, tokens)
    return []


def codes(item: Item) -> tuple[str, ...]:
    """Return the country codes of a side, those of a group all, of an ambiguous name the first."""
    names = item.side.names if item.side else ()
    return tuple(code for one in names for code in (one.codes[:1] if one.kind == AMBIGUOUS else one.codes))


def _related(
    parts: Sequence[Item], size: Item | None, left: tuple[str, ...], right: tuple[str, ...], tokens: Sequence[Token]
) -> list[Reading]:
    verb = next(item for item in parts if item.symbol in _VERBS)
    if verb.symbol == "P":
        left, right = right, left
    amount = size.amount if size else None
    if amount is None or size is None:
        said = Said(left, right, verb.sign, _UNDATED, times=1.0 if verb.sign == EQUAL else None)
        return [Reading(said, verb)]
    if verb.sign == EQUAL:
        return []
    if amount.kind == TIMES:
        return _by_times(left, right, amount, size, is_less=verb.sign == LESS)
    if amount.kind == ODDS:
        return [_times(*((right, left) if verb.sign == LESS else (left, right)), amount, amount.value, size)]
    lower = _percent(left, right, verb.sign, amount, size)
    if not lower or not {token.key for token in tokens[verb.start : verb.end]} & words.LAGGING:
        return lower
    higher = _percent(right, left, MORE, amount, size)[0]
    return [
        Reading(lower[0].said, size, "that part of the larger number"),
        Reading(higher.said, size, "that part of the smaller number"),
    ]


def _more_than(
    parts: Sequence[Item], size: Item | None, left: tuple[str, ...], right: tuple[str, ...]
) -> list[Reading]:
    compared = next(item for item in parts if item.symbol == "c")
    if size is None or size.amount is None:
        return [Reading(Said(left, right, compared.sign, _UNDATED), compared)]
    if size.amount.kind in {TIMES, ODDS}:
        return _by_times(left, right, size.amount, size, is_less=compared.sign == LESS)
    return _percent(left, right, compared.sign, size.amount, size)


def _percent(left: tuple[str, ...], right: tuple[str, ...], sign: str, amount: Amount, item: Item) -> list[Reading]:
    """Return so many per cent more, or fewer, than the right side has."""
    if sign == MORE and not amount.bound:
        return [Reading(Said(left, right, MORE, _UNDATED, excess=_rounded(amount.value * 100)), item)]
    ratio = 1 + amount.value if sign == MORE else 1 - amount.value
    if ratio <= 0:
        return []
    is_over = (amount.bound == AT_LEAST) == (sign == MORE)
    bound = {True: AT_LEAST, False: AT_MOST}[is_over] if amount.bound else ""
    return [_times(left, right, Amount(TIMES, ratio, 0, bound), ratio, item)]


def _by_times(
    left: tuple[str, ...], right: tuple[str, ...], amount: Amount, item: Item, *, is_less: bool
) -> list[Reading]:
    """Return both readings of "three times more than": three or four times as many."""
    if is_less:
        left, right = right, left
    as_many = _times(left, right, amount, amount.value, item)
    more = _times(left, right, amount, amount.value + 1, item)
    value = f"{amount.value:g}"
    return [
        Reading(as_many.said, item, f"{value} times as many"),
        Reading(more.said, item, f"{value} times as many on top"),
    ]


def _times_of(
    parts: Sequence[Item], size: Item, left: tuple[str, ...], right: tuple[str, ...], tokens: Sequence[Token]
) -> list[Reading]:
    """Return "three times Japan's number"; of "half of Japan's patents" also what the words may mean besides."""
    amount = size.amount
    between = [token.key for token in tokens[size.end : parts[-1].start]]
    if (
        amount is None
        or {",", "as"} & set(between)
        or (set(between) - words.FILLER - {"their", "its"} and amount.kind == PERCENT)
    ):
        return []
    after = {token.key for token in tokens[parts[-1].end : parts[-1].end + 2]}
    ratio = _times(left, right, amount, amount.value, size)
    is_all_theirs = tokens[parts[-1].end - 1].is_owner and not after & words.PATENTS
    is_number = is_all_theirs or bool((set(between) | after) & words.NUMBERS)
    if amount.kind == TIMES or amount.value > 1 or is_number or (amount.kind == PART and between[:1] != ["of"]):
        return [ratio]
    share = Said(left, (*left, *right), ratio.said.sign, _UNDATED, percent=_rounded(amount.value * 100))
    return [
        Reading(ratio.said, size, "so many as the other side has"),
        Reading(share, size, "a share of both together"),
    ]


def _times(left: tuple[str, ...], right: tuple[str, ...], amount: Amount, value: float, item: Item) -> Reading:
    sign = {AT_LEAST: MORE, AT_MOST: LESS}.get(amount.bound, EQUAL)
    return Reading(Said(left, right, sign, _UNDATED, times=_rounded(value)), item)


def _rounded(value: float) -> float:
    return round(value, 9)
