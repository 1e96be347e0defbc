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
from patentscope.fetch.askable import Stem, askable, groups, stems
from patentscope.fetch.periods import Period
from patentscope.query.query import LANGUAGES, Query, Reading

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
            must = _must(query, reading, language)
            if must:
                search = json.dumps({"language": language.upper(), "must": must}, ensure_ascii=False)
                names.setdefault(search, f"{reading.name}/{language}" if has_words else reading.name)
    if not names:
        raise QueryError(query.name, [Fault("topic", "no class and no term in any reading", "expected some")])
    return [(name, search) for search, name in names.items()]


def narrowed(search: str, period: Period) -> str:
    """Return *search* for what was published in *period*."""
    asked = json.loads(search)
    days = {"gte": str(period.first)} | ({"lte": str(period.last)} if period.last else {})
    asked["must"].append({"range": {"date_published": days}})
    return json.dumps(asked, ensure_ascii=False)


def body(search: str, first: int) -> bytes:
    """Return the body that asks for a page of *search*, from the hit numbered *first* (counted from 0) on."""
    asked = json.loads(search)
    question = {
        "query": {"bool": {"must": asked["must"]}},
        "language": asked["language"],
        "from": first,
        "size": PAGE,
        "sort": _SORT,
        "include": INCLUDE,
    }
    return json.dumps(question, ensure_ascii=False).encode()


def _must(query: Query, reading: Reading, language: str) -> list[dict[str, Any]]:
    """Return what a hit must meet in one language; nothing where the reading has no words in it to ask for."""
    wanted = groups(reading)
    # Where classes and words are alternatives and nothing else is wanted, the English search brings the classes.
    with_classes = language == "en" or len(wanted) > 1
    shoulds = [list(_should(query, group, language, with_classes=with_classes)) for group in wanted]
    if language != "en" and not all(shoulds):
        return []
    return [{"bool": {"should": should}} for should in shoulds if should]


def _should(query: Query, group: Sequence[str], language: str, *, with_classes: bool) -> Iterator[dict[str, Any]]:
    """Yield the queries for classes, and for terms in title and in abstract: phrases as they stand, words inflected.

    Words are stemmed unless a request says no. Chinese and Japanese terms are phrases; how these languages are cut
    into words is not documented (unverified).
    """
    for member in group:
        kind, name = member.split(".", 1)
        if kind != "classes":
            for term in query.terms[language].get(name, ()):
                words = _WORD.findall(term) if language == "en" else [term]
                match = "match" if language == "en" and len(words) == 1 else "match_phrase"
                yield from ({match: {field: " ".join(words)}} for field in ("title", "abstract"))
        elif with_classes and query.classes[name]:
            yield _classes(query.classes[name])


def _classes(symbols: Sequence[str]) -> dict[str, Any]:
    r"""Return the query for any of *symbols* and all below them, in CPC and in IPC.

    The documentation shows `class_cpc.symbol:Y02E10\/70`. That a trailing `*` finds what begins so is no more than
    the query language's own rule and other users' practice: unverified here.
    """
    in_cpc = list(dict.fromkeys(_pattern(stem) for symbol in symbols for stem in stems(symbol)))
    in_ipc = [pattern for pattern in in_cpc if not pattern.startswith("Y")]
    fields = (("class_cpc.symbol", in_cpc), ("class_ipcr.symbol", in_ipc))
    asked = [f"{field}:({' OR '.join(patterns)})" for field, patterns in fields if patterns]
    return {"query_string": {"query": " OR ".join(asked)}}


def _pattern(stem: Stem) -> str:
    if not stem.group:
        return f"{stem.subclass}*"
    return f"{stem.subclass}{stem.group}\\/{stem.subgroup}{'' if stem.is_alone else '*'}"
