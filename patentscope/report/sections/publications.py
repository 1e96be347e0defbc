"""The publications that the page lists, with their public pages, names, sources, dates and licences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any
from urllib.parse import quote

from patentscope.provenance.state import SourceEntry
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, language_of, shortened

MOST_RECORDS = 1000
#: The topic definitions of a query that nobody wrote, as a narrow column has them.
_SHORT = {"words": "by its words", "records": "as given"}
_LISTED = (
    *("publication_number", "office", "publication_date", "filing_date", "priority_date", "family_id"),
    *("title", "title_language", "title_original", "applicants", "source", "origin"),
)
PAGE = "https://patents.google.com/patent/{number}"


def records(tables: RunTables) -> list[dict[str, Any]]:
    """Return the first thousand publications, on-topic ones first, each with its page, source, date and licence."""
    names = [reading.name for reading in tables.query.readings]
    shown = [_SHORT.get(name, name) for name in names]
    met = [f"coalesce({tables.records.on_topic(name)}, false)" for name in names]
    hits = " + ".join(f"{one}::int" for one in met)
    rows = tables.records.rows(f"""
with first as (
  select d.pub, {hits} as hits, [{", ".join(met)}] as met from document d join family f on f.family = d.family
  order by hits desc, d.pub limit {MOST_RECORDS}
)
select f.met, {", ".join(f"p.{name}" for name in _LISTED)} from first f join publication p on p.file_row_number = f.pub
order by f.hits desc, f.pub""")
    by_hash = {entry["sha256"][:16]: entry for entry in tables.state["sources"]}
    known = {entry["name"]: entry for entry in tables.state["sources"]}
    return [
        _record(row, list(compress(shown, row["met"])), known.get(row["source"]) or by_hash.get(row["origin"]))
        for row in rows
    ]


def records_table(publications: Sequence[Mapping[str, Any]]) -> Table:
    """Return the same publications as a table to take away; the page shows them as a list of its own."""
    head = ["number", "titles", "applicants", "office", "dates", "family", "on topic", "source", "retrieved", "licence"]
    rows: list[list[Cell]] = [
        [
            {"text": row["number"], "more": row["page"]},
            " / ".join(title["text"] for title in row["titles"]),
            "; ".join(party["text"] for party in row["applicants"]),
            row["office"],
            "; ".join(f"{name} {date}" for name, date in row["dates"]),
            row["family"],
            ", ".join(row["topics"]),
            *(row[name] for name in ("source", "retrieved", "licence")),
        ]
        for row in publications
    ]
    return Table("Publications, with source, date of retrieval and licence", head, rows, name="publications")


def _record(row: Mapping[str, Any], topics: list[str], source: SourceEntry | None) -> dict[str, Any]:
    titles = []
    for title, language in ((row["title"], row["title_language"]), (row["title_original"], None)):
        if title:
            titles.append({"text": shortened(title), "lang": language_of(title, language, row["office"])})
    dates = [(name, row[f"{name}_date"]) for name in ("publication", "filing", "priority")]
    return {
        "number": row["publication_number"],
        "page": PAGE.format(number=quote(row["publication_number"], safe="")),
        "titles": titles,
        "applicants": [
            {"text": shortened(party["name"]), "lang": language_of(party["name"], None, row["office"])}
            for party in row["applicants"] or ()
            if party["name"]
        ],
        "office": row["office"] or NOTHING,
        "dates": [(name, str(date)) for name, date in dates if date is not None],
        "family": row["family_id"],
        "topics": topics,
        "source": (source and source["name"]) or row["source"] or NOTHING,
        "retrieved": (source and source["retrieved"]) or "date not stated",
        "licence": (source and source["licence"]) or "not stated",
    }
