"""The query as OPS is asked it: CQL, built from classes and terms, checked here before it costs a request.

OPS answers a malformed query with "nothing found", which would look like an empty topic; so nothing is sent that was
not checked. A search may hold about twenty terms, so a long list of classes or terms is asked in several searches,
whose union is the pool of candidates.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentscope.errors import Fault, QueryError
from patentscope.query.query import CLASSIFIER
from patentscope.records.symbols import SYMBOL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentscope.query.query import Query, Reading

MOST_TERMS = 18
_INDEXES = frozenset({"cpc", "ipc", "ta", "pd", "pn"})
_INDEX = re.compile(r"\b([a-z]+)(?==|\s*within\b|\s*>=)")
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Part:
    """One search of the pool: the reading that asks for it, its place among that reading's searches, and its CQL."""

    reading: str
    place: int
    cql: str


def parts(query: Query) -> tuple[Part, ...]:
    """Return the searches whose union is the query's pool of candidates.

    The classifier's own reading asks for nothing: it scores what the others bring. A reading without Y02 brings a part
    of what the same reading with Y02 does.

    Raises:
        QueryError: where no reading can be asked, or a search would be malformed.
    """
    found: dict[str, Part] = {}
    for reading in query.readings:
        if CLASSIFIER in reading.members:
            continue
        for place, cql in enumerate(_searches(query, reading)):
            found.setdefault(cql, Part(reading.name, place, cql))
    if not found:
        expected = "a reading by classes or terms, so that there is something to ask for"
        raise QueryError(query.name, [Fault("topic.readings", "only the classifier", expected)])
    for part in found.values():
        check(part.cql)
    return tuple(found.values())


def _searches(query: Query, reading: Reading) -> Iterator[str]:
    """Yield the searches of one reading: every group of `all` in pieces, each piece with each of the others'."""
    groups = [_atoms(query, member) for member in reading.all]
    if reading.any:
        groups.append([atom for member in reading.any for atom in _atoms(query, member)])
    groups = [list(dict.fromkeys(group)) for group in groups if group]
    room = MOST_TERMS // max(1, len(groups))
    if sum(map(len, groups)) <= MOST_TERMS:
        room = MOST_TERMS
    pieces = [[group[i : i + room] for i in range(0, len(group), room)] for group in groups]
    for chosen in itertools.product(*pieces):
        yield " and ".join(_any_of(piece) for piece in chosen)


def _atoms(query: Query, member: str) -> list[str]:
    kind, group = member.split(".", 1)
    if kind == "classes":
        return [atom for symbol in query.classes[group] for atom in class_atoms(symbol)]
    return [term_atom(term) for term in query.terms["en"].get(group, ())]


def class_atoms(symbol: str) -> list[str]:
    """Return how OPS is asked for a symbol and all below it: by CPC, and by IPC where the symbol can be one.

    >>> class_atoms("C22B7"), class_atoms("B09B"), class_atoms("Y02P10/20")
    (['cpc=/low C22B7/00', 'ipc=C22B7'], ['cpc=B09B', 'ipc=B09B'], ['cpc=/low Y02P10/20'])
    """
    bare = symbol.removesuffix("=")
    match = SYMBOL.match(bare)
    if match is None:
        raise QueryError("query", [Fault("topic.classes", repr(symbol), "expected a symbol such as C22B7/00")])
    is_tag = bare.startswith("Y")
    if not match[4]:
        return [f"cpc={bare}"] if is_tag else [f"cpc={bare}", f"ipc={bare}"]
    group = f"{match[1]}{match[2]}{match[3]}{match[4]}"
    full = bare if match[5] else f"{group}/00"
    if symbol.endswith("="):
        return [f"cpc={full}"] if is_tag else [f"cpc={full}", f"ipc={full}"]
    in_cpc = f"cpc=/low {full}"
    if is_tag:
        return [in_cpc]
    # Long subgroups are mostly CPC's own, but IPC has some too (C04B33/132), and Chinese documents may have only IPC.
    return [in_cpc, f"ipc={group}" if full.endswith("/00") else f"ipc={full}"]


def term_atom(term: str) -> str:
    """Return how OPS is asked for an English term in title or abstract, inflections included where that is safe.

    >>> term_atom("recycle"), term_atom("rare earth"), term_atom("REE")
    ('ta=recycl*', 'ta="rare earth"', 'ta=REE')
    """
    words = re.findall(r"[A-Za-z0-9]+", term)
    if len(words) != 1:
        return f'ta="{" ".join(words)}"'
    (word,) = words
    if not word.islower() or len(word) < _SHORTEST_STEM:
        return f"ta={word}"
    stem = word.removesuffix("e")
    return f"ta={stem if len(stem) >= _SHORTEST_STEM else word}*"


def _any_of(atoms: Sequence[str]) -> str:
    return atoms[0] if len(atoms) == 1 else f"({' or '.join(atoms)})"


def both(cql: str, *others: str) -> str:
    """Return a search for what meets *cql* and all of *others*."""
    return " and ".join([f"({cql})", *others])


def check(cql: str) -> None:
    """Raise where *cql* would not be understood: unknown index, unbalanced quote or bracket, too many terms.

    Raises:
        QueryError: naming what was found and what was expected.
    """
    faults = []
    outside = re.sub(r'"[^"]*"', '""', cql)
    unknown = sorted({name for name in _INDEX.findall(outside) if name not in _INDEXES})
    if unknown:
        faults.append(Fault("CQL", ", ".join(unknown), f"expected the indexes {', '.join(sorted(_INDEXES))}"))
    if cql.count('"') % 2:
        faults.append(Fault("CQL", "an odd number of quotes", "quote whole terms"))
    if outside.count("(") != outside.count(")"):
        faults.append(Fault("CQL", "unbalanced brackets", "close every bracket"))
    terms = len(_INDEX.findall(outside))
    if terms > MOST_TERMS + 4:  # year or month, office, and what keeps slices apart
        faults.append(Fault("CQL", f"{terms} terms", f"at most {MOST_TERMS + 4} in one search"))
    if not cql.isascii():
        faults.append(Fault("CQL", "letters beyond ASCII", "OPS searches English titles and abstracts"))
    if faults:
        raise QueryError(f"the search {cql[:80]!r}", faults)
