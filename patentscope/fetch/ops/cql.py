"""The query as OPS is asked it: CQL, built from classes and terms, checked here before it costs a request.

OPS answers a malformed query with "nothing found", which would look like an empty topic; so nothing is sent that was
not checked. A search may hold about twenty terms, so a long list of classes or terms is asked in several searches,
whose union is the pool of candidates.
"""

from __future__ import annotations

import re
from functools import partial

from patentscope.errors import Fault, QueryError
from patentscope.fetch import askable
from patentscope.fetch.askable import any_of, english_stem, stem_of
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
        groups = askable.atoms(query, reading, class_atoms, lambda term: [f"ta={english_stem(term)}"])
        room = MOST_TERMS if sum(map(len, groups)) <= MOST_TERMS else MOST_TERMS // len(groups)
        for place, chosen in enumerate(askable.in_pieces(groups, room), start=1):
            cql = " and ".join(any_of(piece, "or") for piece in chosen)
            check(cql)
            names.setdefault(cql, f"{reading.name}/{place}")
    return [(name, cql) for cql, name in names.items()]


def class_atoms(symbol: str) -> list[str]:
    """Return how OPS is asked for a symbol and all below it: by CPC, and by IPC where the symbol can be one.

    >>> class_atoms("C22B7"), class_atoms("B09B"), class_atoms("Y02P10/20")
    (['cpc=/low C22B7/00', 'ipc=C22B7'], ['cpc=B09B', 'ipc=B09B'], ['cpc=/low Y02P10/20'])
    """
    stem = stem_of(symbol)
    group = f"{stem.subclass}{stem.group}"
    full = f"{group}/{stem.subgroup or '00'}" if stem.group else group
    in_cpc = f"cpc={'/low ' if stem.group and not stem.is_alone else ''}{full}"
    if stem.subclass.startswith("Y"):
        return [in_cpc]
    # Long subgroups are mostly CPC's own, but IPC has some too (C04B33/132), and Chinese documents may have only IPC.
    return [in_cpc, f"ipc={full if stem.subgroup else group}"]


#: Gives a search for what meets the first and all of the others.
both = partial(askable.both, word="and")


def published(period: Period) -> str:
    """Return what asks for the publication dates of *period*: a year, a month, or all from a year on."""
    return f"pd={period.name.replace('-', '')}" if period.last else f"pd>={period.first.year}"


def check(cql: str) -> None:
    """Raise a QueryError where *cql* would not be understood: unknown index, open quote or bracket, too many terms."""
    faults = askable.faults_of(cql, "CQL", _INDEX, _INDEXES)
    terms = len(_INDEX.findall(re.sub(r'"[^"]*"', '""', cql)))
    if terms > MOST_TERMS + 4:  # year or month, office, and what keeps slices apart
        faults.append(Fault("CQL", f"{terms} terms", f"at most {MOST_TERMS + 4} in one search"))
    if faults:
        raise QueryError(f"the search {cql[:80]!r}", faults)
