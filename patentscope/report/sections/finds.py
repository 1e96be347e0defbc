"""What the page says of the search: what each symbol and word finds, and what became of documents that one knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from patentscope.query.convention import TOPICS_IN_WORDS
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, shortened

_KINDS = {"class": "class", "term": "word"}


def finds(tables: RunTables) -> Table | None:
    """Return each symbol and word with what it finds by the first topic definition that asks it, the most first.

    None where the query has neither.

    Words that find nothing share one row per group.
    """
    rows = tables.search_log.drop_duplicates(["kind", "name", "symbol_or_term"])
    if rows.empty:
        return None
    body: list[list[Cell]] = []
    for key, part in rows.groupby(["kind", "name", "reading"], sort=False):
        kind, name, reading = map(str, key)
        about: list[Cell] = [f"{name} ({_KINDS[kind]})", TOPICS_IN_WORDS.get(reading, reading)]
        silent = part["families"].eq(0) & (kind == "term")
        ordered = part[~silent].sort_values(["families", "only_here", "symbol_or_term"], ascending=[False, False, True])
        for row in ordered.to_dict(orient="records"):
            found = [figure(row["families"]), figure(row["only_here"])]
            body.append([_named(tables, kind, row["symbol_or_term"]), *found, *about])
        body += _silent(part.loc[silent, "symbol_or_term"], about)
    note = (
        "By the first topic definition that asks it; search-log.csv has every one. Only by it: families that would not "
        "be on topic without it. A symbol stands for its subgroups too."
    )
    head = ["symbol or word", "families", "only by it", "group", "topic definition"]
    return Table("What each symbol and word of the query finds", head, body, {1, 2}, note, name="search-log")


def _named(tables: RunTables, kind: str, text: str) -> Cell:
    """Return a symbol with its title, or a word."""
    official = tables.state["scheme"]["titles"].get(text) if kind == "class" else None
    title = {"more": shortened(official)} if official else {}
    return {"text": shortened(text), "verbatim": "yes", **title}


def _silent(words: pd.Series[str], about: list[Cell]) -> list[list[Cell]]:
    if words.empty:
        return []
    named: Cell = {"text": f"{len(words):,} that find nothing", "more": ", ".join(map(shortened, sorted(words)))}
    return [[named, figure(0), figure(0), *about]]


def known(tables: RunTables) -> Table | None:
    """Return the known documents, those that are not in the records first; None where the run was given no list."""
    if tables.known.empty:
        return None
    rows = tables.known.assign(n=tables.known["readings"].str.count(";") + tables.known["readings"].ne(""))
    # Lines that ask for nothing come last.
    rows = rows.assign(last=rows["found"].eq("")).sort_values(["last", "found", "n"], kind="stable")
    body: list[list[Cell]] = [
        [
            {"text": shortened(row["number"]), "verbatim": "yes", "more": _where(row)},
            row["readings"] or NOTHING,
            {"text": row["why_not"] or NOTHING, "more": row["remark"]},
        ]
        for row in rows.to_dict(orient="records")
    ]
    asked, found = int(rows["found"].ne("").sum()), int(rows["found"].eq("true").sum())
    caption = f"{figure(found)} of {figure(asked)} known documents are in the records"
    head = ["known document", "on topic by", "why not by the others"]
    note = "A family is on topic or not; a document is as its family is."
    return Table(caption, head, body, note=note, name="known-documents")


def _where(row: Mapping[Any, str]) -> str:
    """Return where a known document stands: in the list, and in the records."""
    found = f": {row['publication']}, family {row['family_id']}" if row["publication"] else ""
    return f"line {row['line']}{found}"
