"""What a source is asked for, whatever its own language: the readings' groups, classes as stems, words as stems."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from patentscope.errors import Fault, QueryError
from patentscope.query.query import CLASSIFIER, Query, Reading
from patentscope.records.scheme import Scheme
from patentscope.records.symbols import SYMBOL, normal_symbol

_SHORTEST_STEM = 4
_QUOTED = re.compile(r'"[^"]*"')


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
    readings = [reading for reading in query.readings if CLASSIFIER not in reading.members]
    if not readings:
        expected = "a reading by classes or terms, so that there is something to ask for"
        raise QueryError(query.name, [Fault("topic.readings", "only the classifier", expected)])
    return readings


def groups(reading: Reading) -> list[tuple[str, ...]]:
    """Return the groups of members that *reading* wants one each of: every one of `all`, and `any` as a whole."""
    return [*((member,) for member in reading.all), *([reading.any] if reading.any else [])]


def condition(reading: Reading, met: Mapping[str, str]) -> str:
    """Return SQL for whether *reading* is met; *met* is SQL for whether a member is, by the member's name."""
    wanted = [[met[member] for member in members] for members in groups(reading)]
    return " AND ".join(some[0] if len(some) == 1 else f"({' OR '.join(some)})" for some in wanted)


def atoms(
    query: Query, reading: Reading, by_class: Callable[[str], Iterable[str]], by_term: Callable[[str], Iterable[str]]
) -> list[list[str]]:
    """Return what a search for *reading* wants one each of, group by group, in a source's own words.

    Groups with nothing to ask for are left out: the search then finds more than the reading takes. *by_class* writes a
    class symbol of the query, *by_term* an English term.
    """

    def written(member: str) -> Iterator[str]:
        kind, group = member.split(".", 1)
        if kind == "classes":
            return itertools.chain.from_iterable(map(by_class, query.classes[group]))
        return itertools.chain.from_iterable(map(by_term, query.terms["en"].get(group, ())))

    wanted = [list(dict.fromkeys(atom for member in group for atom in written(member))) for group in groups(reading)]
    return [group for group in wanted if group]


def in_pieces(groups: Iterable[Sequence[str]], room: int) -> Iterator[tuple[Sequence[str], ...]]:
    """Yield a piece of at most *room* atoms of each group, every piece with each of the others'."""
    return itertools.product(*([group[at : at + room] for at in range(0, len(group), room)] for group in groups))


def any_of(listed: Sequence[str], word: str = "OR") -> str:
    """Return a search for any of some atoms; *word* is how the source's language joins them."""
    return listed[0] if len(listed) == 1 else f"({f' {word} '.join(listed)})"


def both(search: str, *others: str, word: str = "AND") -> str:
    """Return a search for what meets *search* and all of *others*."""
    return f" {word} ".join([f"({search})", *others])


def faults_of(search: str, language: str, field: re.Pattern[str], known: Collection[str]) -> list[Fault]:
    """Return why a source would not understand a search: unknown fields, open quotes or brackets, other letters.

    *language* is its name, *field* finds the names of fields in it, and *known* are those that there are.
    """
    outside = _QUOTED.sub('""', search)
    unknown = sorted(set(field.findall(outside)) - set(known))
    rules = (
        (not unknown, ", ".join(unknown), f"expected the fields {', '.join(sorted(known))}"),
        (search.count('"') % 2 == 0, "an odd number of quotes", "quote whole terms"),
        (outside.count("(") == outside.count(")"), "unbalanced brackets", "close every bracket"),
        (search.isascii(), "letters beyond ASCII", "the source is asked in English"),
    )
    return [Fault(language, what, expected) for is_kept, what, expected in rules if not is_kept]


def symbols_of(query: Query) -> list[str]:
    """Return the distinct symbols of the classes that the readings name, in the query's order."""
    named = [member.partition(".") for reading in askable(query) for member in reading.members]
    listed = [symbol for kind, _, group in named if kind == "classes" for symbol in query.classes[group]]
    return list(dict.fromkeys(listed))


def stems(symbol: str) -> list[Stem]:
    """Return what the symbols that the query's *symbol* covers begin with, as `Scheme.covers` has it.

    A subgroup's children are not told by its digits; those of other digits are named one by one.

    >>> stems("C22B7")
    [Stem(subclass='C22B', group='7', subgroup='', is_alone=False)]
    """
    full = normal_symbol(symbol.removesuffix("=")) or ""
    starts = [stem_of(symbol)]
    if starts[0].subgroup and not starts[0].is_alone:
        begun = [full]
        for listed in sorted(Scheme.shipped().under(full)):
            if not listed.startswith(tuple(begun)):
                begun.append(listed)
        starts += [stem_of(listed) for listed in begun[1:]]
    return starts


def stem_of(symbol: str) -> Stem:
    """Return what the query's *symbol* itself begins with; a trailing `=` means it alone."""
    is_alone = symbol.endswith("=")
    match = SYMBOL.match(normal_symbol(symbol.removesuffix("=")) or "")
    if match is None:
        raise QueryError("query", [Fault("topic.classes", repr(symbol), "expected a symbol such as C22B7/00")])
    subgroup = match[5] or ""
    if set(subgroup) == {"0"} and not is_alone:
        subgroup = ""
    return Stem(f"{match[1]}{match[2]}{match[3]}", match[4] or "", subgroup, is_alone)


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
