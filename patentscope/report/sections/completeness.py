"""What the page says of a fetch: what was stated and what was received, search by search and slice by slice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from patentscope.provenance.state import SourceEntry
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Table, figure


def completeness(tables: RunTables) -> list[Table]:
    """Return the proof of completeness of every source that was asked in slices: by search, family, document, slice.

    Searches overlap, so that their totals add up to more than the publications; each is proven on its own. What was
    asked for by family or document has a `unit` in its row: its totals are those, never hits.
    """
    listed = []
    for source in tables.state["sources"]:
        hits = [piece for piece in source["slices"] if "unit" not in piece]
        families, documents = (
            [piece for piece in source["slices"] if piece.get("unit") == unit] for unit in ("simple family", "document")
        )
        listed += [_by_search(source, hits)] if hits else []
        listed += [_by_family(source, families)] if families else []
        listed += [_by_document(source, documents)] if documents else []
        listed += [_by_slice(source, hits)] if hits else []
    return listed


def _by_search(source: SourceEntry, hits: list[dict[str, Any]]) -> Table:
    rows = []
    for part in dict.fromkeys(piece["part"] for piece in hits):
        pieces = [piece for piece in hits if piece["part"] == part]
        stated, received = (sum(piece[name] for piece in pieces) for name in ("stated", "received"))
        splits = [split for split in source["splits"] if split["part"] == part and not split["at_least"]]
        unequal = [split for split in splits if split["stated"] != split["inside"]]
        offices: Counter[str] = Counter()
        for piece in pieces:
            offices.update(piece["offices"])
        state = "complete" if stated == received and not unequal else f"{figure(stated - received)} missing"
        rows.append([part, *map(figure, (len(pieces), stated, received)), state, _largest(offices)])
    title = f"{source['title']}: stated and received, by search"
    head = ["search", "slices", "hits stated", "received", "proof", "received by office"]
    return Table(title, head, rows, {1, 2, 3}, name=f"fetch-{source['name']}-searches")


def _by_family(source: SourceEntry, families: list[dict[str, Any]]) -> Table:
    """Return how many of the families found were answered with all that the search knew of them."""
    rows = []
    for piece in families:
        counts = [figure(piece[name]) for name in ("stated", "received", "answers", "members", "bare")]
        lacking = piece["stated"] - piece["received"]
        state = f"{figure(lacking)} not proven" if lacking else "complete"
        rows.append([piece["part"], *counts, state, _largest(piece["offices"])])
    head = ["step", "simple families found", "with all members", "answers", "members received"]
    head += ["of them without title, classes and parties", "proof", "received by office"]
    name = f"fetch-{source['name']}-families"
    return Table(f"{source['title']}: members of the families found", head, rows, {1, 2, 3, 4, 5}, name=name)


def _by_document(source: SourceEntry, documents: list[dict[str, Any]]) -> Table:
    """Return how many of the documents found were given whole."""
    rows = []
    for piece in documents:
        counts = (piece["stated"], piece["received"], piece["stated"] - piece["received"])
        rows.append([piece["part"], *map(figure, counts), _largest(piece["offices"])])
    head = ["step", "documents found", "given whole", "as the search shows them", "given whole by office"]
    name = f"fetch-{source['name']}-documents"
    return Table(f"{source['title']}: whole documents", head, rows, {1, 2, 3}, name=name)


def _largest(offices: dict[str, int]) -> str:
    largest = sorted(offices.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{office} {figure(count)}" for office, count in largest[:8]) or NOTHING


def _by_slice(source: SourceEntry, hits: list[dict[str, Any]]) -> Table:
    rows = []
    for piece in hits:
        counts = (piece["stated"], piece["received"], piece["stated"] - piece["received"])
        rows.append([piece["part"], piece["where"], *map(figure, counts)])
    head = ["search", "slice", "hits stated", "received", "difference"]
    name = f"fetch-{source['name']}-slices"
    return Table(f"{source['title']}: every slice", head, rows, {2, 3, 4}, name=name)
