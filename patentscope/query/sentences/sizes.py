"""Orders of parts that compare two sides, and the size or the limit that each of them names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import AT_LEAST, AT_MOST, ODDS, PART, PERCENT, TIMES, Amount
from patentscope.query.sentences.countries import ALL_OTHERS, AMBIGUOUS
from patentscope.query.sentences.parts import Item
from patentscope.query.sentences.said import EQUAL, LESS, MORE, Said
from patentscope.query.sentences.tokens import Token

_UNDATED = (0, 0)
_TWO_SIDES = 2
#: "China outnumbered Japan by 73%", "China was outnumbered three to one by Japan", "China was 73% ahead of Japan".
_RELATED = re.compile(r"b?S[bp]?[RP][bd]?S[bd]?|S[pfd]?LS[pfdb]?")
#: "China filed 73% more than Japan", "73% more patents were filed by China than by Japan".
_MORE_THAN = re.compile(r"(?:S[pfmd]?c|[pfmd]?cS)tSb?")
#: "China filed twice as many as Japan", "twice as many came from China as from Japan".
_AS_MANY_AS = re.compile(r"(?:S[pfmd]?a|[pfmd]?aS)[At]S")
#: "China filed three times Japan's number"; "Japan's output equals a tenth of China's".
_TIMES_OF, _EQUALS_PART = re.compile(r"S[pfm]S"), re.compile(r"SR[pfm]S")
_ORIGIN, _VERBS = "o", "RPL"
#: What a size in front of it belongs to, and must stand next to.
_SIZED = "RLca"
_WITHIN = {"in", "across", "within"}
_OPPOSITE = {MORE: LESS, LESS: MORE, EQUAL: EQUAL}


@dataclass(frozen=True)
class Reading:
    """One way to read a sentence, what it takes the part *item* to mean, and what it says then."""

    said: Said
    item: Item
    meaning: str = ""


@dataclass(frozen=True)
class _Compared:
    """Two sides in their order, the size between, before or behind them, and whether something `came from` one."""

    parts: tuple[Item, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    size: Item | None
    has_origin: bool
    tokens: Sequence[Token]

    @property
    def amount(self) -> Amount | None:
        return self.size.amount if self.size else None

    def turned(self) -> _Compared:
        """The same with the sides exchanged."""
        return replace(self, left=self.right, right=self.left)

    def times(self, value: float, bound: str = "", meaning: str = "") -> Reading:
        """So many times as many as the right side has, or over or under it."""
        sign = {AT_LEAST: MORE, AT_MOST: LESS}.get(bound, EQUAL)
        said = Said(self.left, self.right, sign, _UNDATED, times=round(value, 9))
        return Reading(said, self.size or self.parts[0], meaning)

    def percent(self, sign: str, meaning: str = "") -> list[Reading]:
        """So many per cent more or fewer than the right side has."""
        amount = self.amount or Amount(PERCENT, 0.0, 0)
        if sign == MORE and not amount.bound:
            said = Said(self.left, self.right, MORE, _UNDATED, excess=round(amount.value * 100, 9))
            return [Reading(said, self.size or self.parts[0], meaning)]
        ratio = 1 + amount.value if sign == MORE else 1 - amount.value
        bound = amount.bound
        if bound and sign == LESS:
            bound = AT_MOST if bound == AT_LEAST else AT_LEAST
        return [self.times(ratio, bound, meaning)]

    def by_times(self) -> list[Reading]:
        """Both readings of "three times more than": three or four times as many."""
        amount = self.amount or Amount(TIMES, 1.0, 0)
        meaning = f"{amount.value:g} times as many"
        return [
            self.times(amount.value, amount.bound, meaning),
            self.times(amount.value + 1, amount.bound, f"{meaning} on top"),
        ]


def readings(items: Sequence[Item], tokens: Sequence[Token]) -> list[Reading]:
    """Return what a sentence with these parts may say: one reading, two to ask back with, none where it is unknown."""
    parts = tuple(item for item in items if item.symbol != _ORIGIN)
    sizes = [item for item in parts if item.amount]
    sides = [codes(item) for item in parts if item.side]
    if len(sides) != _TWO_SIDES or len(sizes) > 1 or any(_is_parted(*pair) for pair in pairwise(parts)):
        return []
    if any(is_of_fields(item, tokens) for item in sizes):
        return []
    if _EQUALS_PART.fullmatch(_order(parts)) and parts[1].sign == EQUAL:
        parts = (parts[0], *parts[2:])
    size = sizes[0] if sizes else None
    has_origin = any(item.symbol == _ORIGIN for item in items)
    found = _in_order(_Compared(parts, sides[0], sides[1], size, has_origin, tokens))
    return [replace(one, said=_with_others_right(one.said)) for one in found]


def codes(item: Item) -> tuple[str, ...]:
    """Return the country codes of a side, those of a group all, of an ambiguous name the first."""
    names = item.side.names if item.side else ()
    return tuple(code for one in names for code in (one.codes[:1] if one.kind == AMBIGUOUS else one.codes))


def _order(parts: Sequence[Item]) -> str:
    return "".join(item.symbol for item in parts)


def _is_parted(before: Item, after: Item) -> bool:
    """Say whether words stand between a size and what it is a size of: "in 60% of fields ahead of Japan"."""
    is_size = before.amount is not None and before.symbol != "b"
    return is_size and after.symbol in _SIZED and after.start != before.end


def is_of_fields(size: Item, tokens: Sequence[Token]) -> bool:
    """Say whether it is a size of what is compared in: "in 60% of technologies"."""
    return size.start > 0 and tokens[size.start - 1].key in _WITHIN


def _in_order(compared: _Compared) -> list[Reading]:
    order = _order(compared.parts)
    if _RELATED.fullmatch(order):
        return _related(compared)
    if _MORE_THAN.fullmatch(order):
        return _more_than(compared)
    if _AS_MANY_AS.fullmatch(order):
        amount = compared.amount or Amount(TIMES, 1.0, 0)
        return [compared.times(amount.value, amount.bound)]
    return _times_of(compared) if _TIMES_OF.fullmatch(order) else []


def _related(compared: _Compared) -> list[Reading]:
    """Return what a verb says: `outnumbered`, `was outnumbered by`, `was ahead of`, and by how much."""
    verb = next(item for item in compared.parts if item.symbol in _VERBS)
    if verb.symbol == "P":
        compared = compared.turned()
    amount = compared.amount
    if amount is None:
        times = 1.0 if verb.sign == EQUAL else None
        return [Reading(Said(compared.left, compared.right, verb.sign, _UNDATED, times=times), verb)]
    if verb.sign == EQUAL:
        return []
    higher = compared.turned() if verb.sign == LESS else compared
    if amount.kind == TIMES:
        return higher.by_times()
    if amount.kind == ODDS:
        return [higher.times(amount.value, amount.bound)]
    if not {token.key for token in compared.tokens[verb.start : verb.end]} & words.LAGGING:
        return compared.percent(verb.sign)
    lower = compared.percent(LESS, "that part of the larger number")
    return [*lower, *higher.percent(MORE, "that part of the smaller number")]


def _more_than(compared: _Compared) -> list[Reading]:
    """Return what `73% more than` says."""
    word = next(item for item in compared.parts if item.symbol == "c")
    if compared.amount is None:
        return [Reading(Said(compared.left, compared.right, word.sign, _UNDATED), word)]
    if compared.amount.kind in {TIMES, ODDS}:
        return (compared.turned() if word.sign == LESS else compared).by_times()
    return compared.percent(word.sign)


def _times_of(compared: _Compared) -> list[Reading]:
    """Return "three times Japan's number"; of "half of Japan's patents" also what the words may mean besides."""
    amount, size, last, tokens = compared.amount, compared.size, compared.parts[-1], compared.tokens
    if amount is None or size is None or compared.has_origin:
        return []
    between = [token.key for token in tokens[size.end : last.start]]
    unknown = set(between) - words.FILLER - {"their", "its"}
    if {",", "as", *words.BE} & set(between) or (unknown and amount.kind == PERCENT):
        return []
    after = {token.key for token in tokens[last.end : last.end + 2]}
    is_all_theirs = tokens[last.end - 1].is_owner and not after & words.PATENTS
    is_number = is_all_theirs or bool((set(between) | after) & words.NUMBERS)
    is_part = amount.kind == PART and between[:1] != ["of"] and "in" not in between
    if amount.kind == TIMES or amount.value > 1 or is_number or is_part:
        return [compared.times(amount.value, amount.bound)]
    ratio = compared.times(amount.value, amount.bound, "as many as the other side has")
    both = (*compared.left, *compared.right)
    share = Said(compared.left, both, ratio.said.sign, _UNDATED, percent=round(amount.value * 100, 9))
    return [ratio, Reading(share, size, "a share of both together")]


def _with_others_right(said: Said) -> Said:
    """Return what is said of all others the other way round: they are always the right side, and never only fewer."""
    if said.right == (ALL_OTHERS,) and said.sign == LESS and said.times is None:
        return replace(said, times=1.0)
    if said.left != (ALL_OTHERS,):
        return said
    if said.sign == LESS and said.times is None:
        return replace(said, left=said.right, right=said.left, sign=MORE)
    times = 1 + (said.excess or 0) / 100 if said.times is None else said.times
    sign = EQUAL if said.excess is not None else _OPPOSITE[said.sign]
    return Said(said.right, said.left, sign, said.years, times=round(1 / times, 9))
