"""The query as OPS is asked it: CQL, built from classes and terms, checked here before it costs a request.

OPS answers a malformed query with "nothing found", which would look like an empty topic; so nothing is sent that was
not checked. A search may hold about twenty terms, so a long list of classes or terms is asked in several searches,
whose union is the pool of candidates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from patentscope.errors import Fault, QueryError
from patentscope.fetch import askable
from patentscope.fetch.askable import any_of, in_field
from patentscope.fetch.listing import Listed
from patentscope.fetch.periods import Period
from patentscope.query.query import Query

MOST_TERMS = 18
_INDEXES = frozenset({"cpc", "ipc", "ta", "pd", "pn"})
_INDEX = re.compile(r"\b([a-z]+)(?==|\s*within\b|\s*>=)")


def searches(query: Query) -> list[tuple[str, str]]:
    """Return the searches whose union is the query's pool of candidates: name and CQL, each checked.

    A reading without Y02 brings a part of what the same reading with Y02 does.

    Raises:
        QueryError: where no reading can be asked, or a search would be malformed.
    """
    names: dict[str, str] = {}
    for reading in askable.askable(query):
        groups = askable.atoms(query, reading, class_atoms, lambda term: [in_field("ta=", term, "and")])
        for place, chosen in enumerate(askable.in_pieces(groups, _fits), start=1):
            cql = " and ".join(any_of(piece, "or") for piece in chosen)
            check(cql)
            names.setdefault(cql, f"{reading.name}/{place}")
    return [(name, cql) for cql, name in names.items()]


def class_atoms(wanted: Listed) -> list[str]:
    """Return how OPS is asked for what a symbol covers: by CPC, and by IPC what can stand there.

    `/low` is for CPC alone (OPS Reference Guide 1.3.20, table 28). A subclass or main group of the IPC finds what it
    holds, a subgroup only itself, so what is under that one is listed.

    >>> class_atoms(Listed("C22B7", "C22B7/", ())), class_atoms(Listed("Y02P10/20", "", ("Y02P10/20", "Y02P10/25")))
    (['cpc=/low C22B7/00', 'ipc=C22B7'], ['cpc=/low Y02P10/20'])
    >>> class_atoms(Listed("B03B9/062", "", ("B03B9/062", "B03B9/063")))
    ['cpc=/low B03B9/062', 'ipc=B03B9/062', 'ipc=B03B9/063']
    """
    in_ipc = wanted.in_ipc()
    stem = [in_ipc.stem.removesuffix("/")] if in_ipc.stem else []
    is_low = "/" in wanted.full and not wanted.is_alone
    # Long subgroups are mostly CPC's own, but IPC has some too (C04B33/132), and Chinese documents may have only IPC.
    return [f"cpc={'/low ' if is_low else ''}{wanted.full}", *(f"ipc={one}" for one in (*stem, *in_ipc.symbols))]


def _fits(piece: Sequence[Sequence[str]]) -> bool:
    return sum(len(_terms_of(atom)) for group in piece for atom in group) <= MOST_TERMS


def _terms_of(cql: str) -> list[str]:
    return _INDEX.findall(re.sub(r'"[^"]*"', '""', cql))


#: Gives a search for what meets the first and all of the others.
both = partial(askable.both, word="and")


def published(period: Period) -> str:
    """Return what asks for the publication dates of *period*: a year, a month, or all from a year on."""
    return f"pd={period.name.replace('-', '')}" if period.last else f"pd>={period.first.year}"


def check(cql: str) -> None:
    """Raise a QueryError where *cql* would not be understood: unknown index, open quote or bracket, too many terms."""
    faults = askable.faults_of(cql, "CQL", _INDEX, _INDEXES)
    terms = len(_terms_of(cql))
    if terms > MOST_TERMS + 4:  # year or month, office, and what keeps slices apart
        faults.append(Fault("CQL", f"{terms} terms", f"at most {MOST_TERMS + 4} in one search"))
    if faults:
        raise QueryError(f"the search {cql[:80]!r}", faults)
