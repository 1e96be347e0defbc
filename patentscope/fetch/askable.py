"""What a source is asked for, whatever its own language: the readings' groups, classes as stems, words as stems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentscope.errors import Fault, QueryError
from patentscope.query.query import CLASSIFIER
from patentscope.records.symbols import SYMBOL, covers, normal_symbol, scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentscope.query.query import Query, Reading

_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Stem:
    """What a wanted symbol begins with; `group` and `subgroup` are empty where all below is wanted.

    `is_alone`: only this very symbol is wanted, nothing that its digits begin.
    """

    subclass: str
    group: str = ""
    subgroup: str = ""
    is_alone: bool = False


def askable(query: Query) -> list[Reading]:
    """Return the readings that ask for something: all but the classifier's own, which scores what the others bring.

    Raises:
        QueryError: where there is none.
    """
    found = [reading for reading in query.readings if CLASSIFIER not in reading.members]
    if not found:
        expected = "a reading by classes or terms, so that there is something to ask for"
        raise QueryError(query.name, [Fault("topic.readings", "only the classifier", expected)])
    return found


def groups(reading: Reading) -> list[tuple[str, ...]]:
    """Return the groups of members that *reading* wants one each of: every one of `all`, and `any` as a whole."""
    return [*((member,) for member in reading.all), *([reading.any] if reading.any else [])]


def condition(reading: Reading, met: Mapping[str, str]) -> str:
    """Return SQL that says whether *reading* is met: every one of `all`, and one of `any` where there are some.

    Args:
        reading: of the query.
        met: SQL that says whether a member is met, by the member's name.
    """
    wanted = [[met[member] for member in members] for members in groups(reading)]
    return " AND ".join(some[0] if len(some) == 1 else f"({' OR '.join(some)})" for some in wanted)


def stems(symbol: str) -> list[Stem]:
    """Return what the symbols that the query's *symbol* covers begin with, as `symbols.covers` has it.

    A subgroup's children are not told by its digits; those listed in `data/classes.csv` are named one by one.

    >>> stems("C22B7")
    [Stem(subclass='C22B', group='7', subgroup='', is_alone=False)]
    """
    full = normal_symbol(symbol.removesuffix("=")) or ""
    found = [_stem(full, is_alone=symbol.endswith("="))]
    if found[0].subgroup and not found[0].is_alone:
        begun = [full]
        for listed in sorted(scheme()):
            if covers(full, listed) and not listed.startswith(tuple(begun)):
                begun.append(listed)
        found += [_stem(listed, is_alone=False) for listed in begun[1:]]
    return found


def _stem(symbol: str, *, is_alone: bool) -> Stem:
    match = SYMBOL.match(symbol)
    if match is None:
        raise QueryError("query", [Fault("topic.classes", repr(symbol), "expected a symbol such as C22B7/00")])
    subclass = f"{match[1]}{match[2]}{match[3]}"
    subgroup = match[5] or ""
    if set(subgroup) == {"0"} and not is_alone:
        subgroup = ""
    return Stem(subclass, match[4] or "", subgroup, is_alone)


def english_stem(term: str) -> str:
    """Return an English term as search languages write it: a phrase in quotes, or a word with its inflections.

    >>> english_stem("recycle"), english_stem("rare earth"), english_stem("REE")
    ('recycl*', '"rare earth"', 'REE')
    """
    words = re.findall(r"[A-Za-z0-9]+", term)
    if len(words) != 1:
        return f'"{" ".join(words)}"'
    word = str(words[0])
    if not word.islower() or len(word) < _SHORTEST_STEM:
        return word
    short = word.removesuffix("e")
    return f"{short if len(short) >= _SHORTEST_STEM else word}*"
