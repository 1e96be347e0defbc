"""The query as The Lens is asked it: a boolean query in JSON, from classes, terms and publication dates.

Field names and the kinds of query are those of the documentation of API 2.19 (request-patent, "Searchable Fields" and
"Supported Query Types"); a field or kind that it does not name would be answered with HTTP 400, not with nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from patentscope.errors import Fault, QueryError
from patentscope.fetch.askable import MOST_CLAUSES, askable, groups, in_field, in_pieces
from patentscope.fetch.listing import any_in_field, lens_atoms, listed
from patentscope.fetch.periods import Period
from patentscope.query.query import Query, Reading
from patentscope.query.term import LANGUAGES, parted

PAGE = 100
#: What is wanted of a record, by the paths of the response; an unknown path is refused with HTTP 400.
INCLUDE = (
    "lens_id",
    "jurisdiction",
    "doc_number",
    "kind",
    "date_published",
    "lang",
    "abstract",
    "biblio.publication_reference",
    "biblio.application_reference",
    "biblio.priority_claims",
    "biblio.invention_title",
    "biblio.parties.applicants",
    "biblio.parties.inventors",
    "biblio.classifications_cpc",
    "biblio.classifications_ipcr",
    "families.simple_family",
)
# One order for all pages of a search. Any searchable field may be sorted by; of those that tell records apart this one
# is a number, and few records are without it.
_SORT = ({"date_published": "asc"}, {"docdb_id": "asc"})
_WORD = re.compile(r"[A-Za-z0-9]+")
#: A symbol as text, or the query for a term.
_Atom = str | dict[str, Any]


def searches(query: Query) -> list[tuple[str, str]]:
    """Return the searches whose union is the query's pool of candidates: name, and search as JSON.

    The language of words is settled per request, so a reading with Chinese or Japanese terms is asked once in each
    language. A record whose words of one group are in one language and those of another group in another is found only
    where its class, or its English abstract, is.

    Raises:
        QueryError: where no reading can be asked.
    """
    names: dict[str, str] = {}
    for reading in askable(query):
        has_words = any(member.startswith("terms.") for member in reading.members)
        for language in LANGUAGES if has_words else LANGUAGES[:1]:
            name = f"{reading.name}/{language}" if has_words else reading.name
            pieces = _pieces(query, reading, language)
            for place, chosen in enumerate(pieces, start=1):
                must = [{"bool": {"should": _should(atoms)}} for atoms in chosen]
                search = json.dumps({"language": language.upper(), "must": must}, ensure_ascii=False)
                names.setdefault(search, name if len(pieces) == 1 else f"{name}/{place}")
    if not names:
        raise QueryError(query.name, [Fault("topic", "no class and no term in any reading", "expected some")])
    return [(name, search) for search, name in names.items()]


def narrowed(search: str, period: Period) -> str:
    """Return *search* for what was published in *period*."""
    asked = json.loads(search)
    days = {"gte": str(period.first)} | ({"lte": str(period.last)} if period.last else {})
    asked["must"].append({"range": {"date_published": days}})
    return json.dumps(asked, ensure_ascii=False)


def at_office(search: str, office: str) -> str:
    """Return *search* for what an office published."""
    asked = json.loads(search)
    asked["must"].append({"match": {"jurisdiction": office}})
    return json.dumps(asked, ensure_ascii=False)


def body(search: str, first: int, size: int = PAGE) -> bytes:
    """Return the body that asks for *size* hits of *search*, from the one numbered *first* (counted from 0) on."""
    asked = json.loads(search)
    question = {
        "query": {"bool": {"must": asked["must"]}},
        "language": asked["language"],
        "from": first,
        "size": size,
        "sort": _SORT,
        "include": INCLUDE,
    }
    return json.dumps(question, ensure_ascii=False).encode()


def _pieces(query: Query, reading: Reading, language: str) -> list[tuple[Sequence[_Atom], ...]]:
    """Return what hits must meet in one language, cut where it is long; nothing where no words in it are asked for."""
    wanted = groups(reading)
    # Where classes and words are alternatives and nothing else is wanted, the English search brings the classes.
    with_classes = language == "en" or len(wanted) > 1
    atoms = [list(_atoms(query, group, language, with_classes=with_classes)) for group in wanted]
    if not any(atoms) or (language != "en" and not all(atoms)):
        return []
    return in_pieces(list(filter(None, atoms)), lambda piece: sum(map(len, piece)) <= MOST_CLAUSES)


def _atoms(query: Query, group: Sequence[str], language: str, *, with_classes: bool) -> Iterator[_Atom]:
    """Yield symbols as text, and queries for terms in title and abstract: phrases as they stand, words inflected.

    Words are stemmed unless a request says no. Chinese and Japanese terms are phrases; how these languages are cut
    into words is not documented, nor whether a `*` is held against words or their stems (both unverified).
    """
    for member in group:
        kind, name = member.split(".", 1)
        if kind != "classes":
            for term in query.terms[language].get(name, ()):
                yield from (_asked(term, field, language) for field in ("title", "abstract"))
        elif with_classes:
            for symbol in query.classes[name]:
                yield from lens_atoms(listed(symbol, query.scheme))


def _asked(term: str, field: str, language: str) -> dict[str, Any]:
    """Return the query for a term in one field."""
    if parted(term)[1]:
        return {"query_string": {"query": in_field(f"{field}:", term)}}
    words = _WORD.findall(term) if language == "en" else [term]
    match = "match" if language == "en" and len(words) == 1 else "match_phrase"
    return {match: {field: " ".join(words)}}


def _should(atoms: Sequence[_Atom]) -> list[dict[str, Any]]:
    """Return queries of which a hit must meet one: all symbols as one text, and each term."""
    symbols = dict.fromkeys(atom for atom in atoms if isinstance(atom, str))
    asked = [{"query_string": {"query": any_in_field(symbols)}}] if symbols else []
    return [*asked, *(atom for atom in atoms if not isinstance(atom, str))]
