"""Ways to count that have a name: what others call a patent count (METHODS, section 6, has the source of each)."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.aggregate.claims.specified import Specified

_PLAIN = {"share": "whole", "documents": "inventions", "international": "all"}
#: By name, the levels of each, in the order in which they are shown; topic and vintage are the first listed.
WAYS = {
    "first_filings": {**_PLAIN, "unit": "family", "basis": "priority", "date": "priority"},
    "oecd": {**_PLAIN, "unit": "family", "basis": "inventor", "share": "fractional", "date": "priority"},
    "owners": {**_PLAIN, "unit": "family", "basis": "applicant", "date": "priority"},
    "international": {
        "unit": "family",
        "basis": "inventor",
        "share": "fractional",
        "date": "publication",
        "documents": "inventions",
        "international": "two_offices",
    },
    "office_statistics": {**_PLAIN, "unit": "application", "basis": "office", "date": "filing"},
    "quick_search": {
        **_PLAIN,
        "unit": "publication",
        "basis": "office",
        "date": "publication",
        "documents": "inventions+utility_models",
    },
}


def named(listed: Sequence[Specified]) -> dict[str, Specified]:
    """Return the rows of *listed*, one claim's in their order, that are ways with a name; those that are listed."""
    if not listed:
        return {}
    first = listed[0].convention
    rows = [row for row in listed if (row.convention.topic, row.convention.as_of) == (first.topic, first.as_of)]
    by_levels = {tuple(sorted(_choices(row).items())): row for row in rows}
    keys = {name: tuple(sorted(levels.items())) for name, levels in WAYS.items()}
    return {name: by_levels[key] for name, key in keys.items() if key in by_levels}


def _choices(row: Specified) -> dict[str, str]:
    return {name: level for name, level in row.convention.levels().items() if name != "topic"}
