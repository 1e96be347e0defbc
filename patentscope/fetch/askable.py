"""What a source is asked for, whatever its own language: the readings' groups, cut into pieces; words as stems."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote_plus

from patentscope.errors import Fault, QueryError
from patentscope.fetch.listing import Listed, listed
from patentscope.query.query import CLASSIFIER, RECORDS, Query, Reading
from patentscope.query.term import parted

#: Letters of a search once it stands in an address; servers commonly stop at 8 KiB for address and headers together.
MOST_LETTERS = 4000
#: Symbols and terms of a search that is sent beside the address: Lucene, on which such services are mostly built, takes
#: 1,024 unless it is told otherwise.
MOST_CLAUSES = 1000
#: The smallest part of a search: a symbol or a term in a source's own words.
Atom = TypeVar("Atom")
#: What is taken off an English word, so that a search for what begins so finds its inflections.
ENDINGS = ("ing", "ies", "es", "s", "e", "y")
_SHORTEST_STEM = 4
_ASK_NOTHING = {CLASSIFIER: "the classifier", RECORDS: "every record that is given"}
_QUOTED = re.compile(r'"[^"]*"')


def searchable(query: Query) -> list[Reading]:
    """Return the readings that ask for something, by the classes and terms that they ask for; there may be none.

    The classifier scores what the others bring, and `records` takes whatever was given: neither asks for anything.
    """
    asking = [
        replace(
            reading,
            all=tuple(member for member in reading.all if member != RECORDS),
            any=() if RECORDS in reading.any else reading.any,
        )
        for reading in query.readings
    ]
    return [reading for reading in asking if reading.members and CLASSIFIER not in reading.members]


def askable(query: Query) -> list[Reading]:
    """Return the readings that ask for something (`searchable`).

    Raises:
        QueryError: where there is none.
    """
    readings = searchable(query)
    if not readings:
        members = {member for reading in query.readings for member in reading.members}
        found = f"only {' and '.join(words for member, words in _ASK_NOTHING.items() if member in members)}"
        expected = (
            "a reading by classes or terms, so that there is something to search for; files that are exported already "
            "need none: give them with --input"
        )
        raise QueryError(query.name, [Fault("topic.readings", found, expected)])
    return readings


def groups(reading: Reading) -> list[tuple[str, ...]]:
    """Return the groups of members that *reading* wants one each of: every one of `all`, and `any` as a whole."""
    return [*((member,) for member in reading.all), *([reading.any] if reading.any else [])]


def condition(reading: Reading, met: Mapping[str, str]) -> str:
    """Return SQL for whether *reading* is met; *met* is SQL for whether a member is, by the member's name."""
    wanted = [[met[member] for member in members] for members in groups(reading)]
    return " AND ".join(some[0] if len(some) == 1 else f"({' OR '.join(some)})" for some in wanted)


def atoms(
    query: Query,
    reading: Reading,
    by_class: Callable[[Listed], Iterable[Atom]],
    by_term: Callable[[str], Iterable[Atom]],
) -> list[list[Atom]]:
    """Return what a search for *reading* wants one each of, group by group, in a source's own words.

    Groups with nothing to ask for are left out: the search then finds more than the reading takes. *by_class* writes
    what a class symbol of the query covers, *by_term* an English term.
    """

    def written(member: str) -> Iterator[Atom]:
        kind, group = member.split(".", 1)
        if kind == "classes":
            return itertools.chain.from_iterable(by_class(listed(one, query.scheme)) for one in query.classes[group])
        return itertools.chain.from_iterable(map(by_term, query.terms["en"].get(group, ())))

    wanted = [list(dict.fromkeys(atom for member in group for atom in written(member))) for group in groups(reading)]
    return [group for group in wanted if group]


def in_pieces(
    groups: Sequence[Sequence[Atom]], fits: Callable[[Sequence[Sequence[Atom]]], bool]
) -> list[tuple[Sequence[Atom], ...]]:
    """Return the pieces in which *groups* are asked: some atoms of each, every piece with each of the others'.

    A piece holds as many of a group's atoms as *fits* allows, and one of each where it allows none.
    """

    def pieces(room: int) -> list[tuple[Sequence[Atom], ...]]:
        return list(
            itertools.product(*([group[at : at + room] for at in range(0, len(group), room)] for group in groups))
        )

    rooms = range(max(map(len, groups), default=1), 0, -1)
    first = bisect.bisect_left(rooms, True, key=lambda room: all(map(fits, pieces(room))))
    return pieces(rooms[min(first, len(rooms) - 1)])


def fits_in_address(search: str) -> bool:
    """Say whether *search* is short enough to stand in an address."""
    return len(quote_plus(search)) <= MOST_LETTERS


def any_of(atoms: Sequence[str], word: str = "OR") -> str:
    """Return a search for any of some atoms; *word* is how the source's language joins them."""
    return atoms[0] if len(atoms) == 1 else f"({f' {word} '.join(atoms)})"


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


def symbols_of(query: Query) -> list[Listed]:
    """Return the distinct symbols of the classes that the readings name, in the query's order, with what they cover."""
    named = [member.partition(".") for reading in askable(query) for member in reading.members]
    symbols = [symbol for kind, _, group in named if kind == "classes" for symbol in query.classes[group]]
    return [listed(symbol, query.scheme) for symbol in dict.fromkeys(symbols)]


def english_stem(term: str) -> str:
    """Return an English term without a `*` as search languages write it: a phrase in quotes, or a word, inflected.

    >>> english_stem("recycle"), english_stem("batteries"), english_stem("rare earth"), english_stem("REE")
    ('recycl*', 'batter*', '"rare earth"', 'REE')
    """
    words = re.findall(r"[A-Za-z0-9]+", term)
    if len(words) != 1:
        return f'"{" ".join(words)}"'
    word = str(words[0])
    if not word.islower() or len(word) < _SHORTEST_STEM:
        return word
    stems = (word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))
    return f"{next((stem for stem in stems if len(stem) >= _SHORTEST_STEM), word)}*"


def in_field(field: str, term: str, word: str = "AND") -> str:
    """Return how an English term is asked for in a *field*, written with what stands before its value.

    Not every search language takes a `*` in quotes. So a phrase whose last word has one is asked for as the words
    before it *and* that word, which finds more; *word* is how the language joins them.

    >>> in_field("ta=", "recycle"), in_field("ttl:", "rare earth recover*")
    ('ta=recycl*', '(ttl:"rare earth" AND ttl:recover*)')
    """
    before, begins = parted(term)
    asked = [*([english_stem(before)] if before or not begins else []), *([f"{begins}*"] if begins else [])]
    both_parts = f" {word} ".join(f"{field}{one}" for one in asked)
    return both_parts if len(asked) == 1 else f"({both_parts})"
