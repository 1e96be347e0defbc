"""What was asked and how in the two runs: the query part by part, the program, its libraries, the sources' dates."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from patentscope.provenance.state import SourceEntry, State
from patentscope.query.query import Query, Reading

#: What is compared of a source. The hash is that of what it gave.
_SOURCE = (
    *("retrieved", "records", "sha256", "has_family_members", "licence"),
    *("search", "stated_total", "rows", "status", "says", "is_proven"),
)


def compare_rules(a: State, b: State, queries: tuple[Query, Query]) -> dict[str, Any]:
    """Return what differs between the heads of two run.json, each difference as a pair, first run first."""
    before, after = (dict(_parts(query)) for query in queries)
    changed = _pairs(before, after, sorted({*before, *after}))
    return {
        "query": [{"part": name, "a": one, "b": other} for name, (one, other) in changed.items()],
        "query_diff": list(
            difflib.unified_diff(
                queries[0].text.splitlines(), queries[1].text.splitlines(), "RUN_A", "RUN_B", lineterm="", n=1
            )
        ),
        "as_of": _pair(a["as_of"], b["as_of"]),
        "tool": _pair(a["tool"]["version"], b["tool"]["version"]),
        "code": _pair(a["code"], b["code"]),
        "versions": _pairs(a["versions"], b["versions"], sorted({*a["versions"], *b["versions"]})),
        "sources": _sources(a["sources"], b["sources"]),
        "labels": _pair(*(state.get("labels", {}).get("hash_out") for state in (a, b))),
    }


def changed_readings(queries: tuple[Query, Query], *, same_code: bool) -> set[str]:
    """Return the readings of the topic that are defined otherwise in the second query; all of them by another code."""
    a, b = ({reading.name: _definition(query, reading) for reading in query.readings} for query in queries)
    return {name for name in {*a, *b} if not same_code or a.get(name) != b.get(name)}


def _definition(query: Query, reading: Reading) -> list[Any]:
    """Return a reading with the classes and terms that it refers to."""
    groups = [member.split(".", 1)[1] for member in reading.members if "." in member]
    terms = [
        (language, group, words[group]) for language, words in query.terms.items() for group in groups if group in words
    ]
    # The classifier learns from all of the query's classes and terms.
    whole = [query.classes, query.terms] if "classifier" in reading.members else []
    return [reading, _scheme(query), [(group, query.classes.get(group)) for group in groups], terms, whole]


def _scheme(query: Query) -> str:
    """Return the name of the list of another edition that the query reads its classes in; empty for the shipped one."""
    return query.scheme_file.name if query.scheme_file else ""


def _parts(query: Query) -> Iterable[tuple[str, Any]]:
    """Yield everything that a query states, by its key, as JSON holds it."""
    yield "title", query.title
    yield "scope.years", list(query.years)
    yield "scope.sources", list(query.sources)
    yield "topic.scheme", _scheme(query)
    yield "applicants.aliases", query.aliases_file.name if query.aliases_file else ""
    for group, symbols in query.classes.items():
        yield f"topic.classes.{group}", list(symbols)
    for language, groups in query.terms.items():
        for group, terms in groups.items():
            yield f"topic.terms.{language}.{group}", list(terms)
    for reading in query.readings:
        yield f"topic.readings.{reading.name}", {"all": list(reading.all), "any": list(reading.any)}
    yield "topic.wider", sorted(query.wider)
    for axis, levels in query.axes.items():
        yield f"axes.{axis}", list(levels)
    for name, value in vars(query.thresholds).items():
        yield f"thresholds.{name}", value
    for claim in query.claims:
        for name, value in asdict(claim).items():
            plain = list(value) if isinstance(value, tuple) else value
            yield f"claims.{claim.id}.{name}", str(plain) if isinstance(plain, dt.date) else plain


def _pair(a: object, b: object) -> list[object] | None:
    """Return both values where they differ, else None."""
    return [a, b] if a != b else None


def _pairs(a: Mapping[str, Any], b: Mapping[str, Any], names: Iterable[str]) -> dict[str, list[object]]:
    return {name: [a.get(name), b.get(name)] for name in names if a.get(name) != b.get(name)}


def _sources(a: Iterable[SourceEntry], b: Iterable[SourceEntry]) -> list[dict[str, Any]]:
    """Return what changed of each source, by name; None stands for a source that only one run has."""
    before, after = ({str(source["name"]): source for source in sources} for sources in (a, b))
    differences: list[dict[str, Any]] = []
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            differences.append({"source": name, "only_in": "b" if one is None else "a"})
        elif changed := _pairs(one, other, _SOURCE):
            differences.append({"source": name, "changed": changed})
    return differences
