"""What the page says of a fetch: what was stated and what was received, search by search and slice by slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentscope.report_tables import NOTHING, Table, figure, numeric

if TYPE_CHECKING:
    from patentscope.charts_tables import RunTables


def completeness(tables: RunTables) -> list[Table]:
    """Return the proof of completeness of every source that was asked in slices: by search, then by slice.

    Searches overlap, so that their totals add up to more than the publications; each is proven on its own.
    """
    found = []
    for source in tables.state["sources"]:
        if source["slices"]:
            found += [_by_search(source), _by_slice(source)]
    return found


def _by_search(source: dict[str, Any]) -> Table:
    parts: dict[str, list[dict[str, Any]]] = {}
    for piece in source["slices"]:
        parts.setdefault(piece["part"], []).append(piece)
    rows = []
    for part, pieces in parts.items():
        stated, received = (sum(piece[name] for piece in pieces) for name in ("stated", "received"))
        splits = [split for split in source["splits"] if split["part"] == part]
        unequal = [split for split in splits if not split["at_least"] and split["stated"] != split["inside"]]
        offices: dict[str, int] = {}
        for piece in pieces:
            for office, count in piece["offices"].items():
                offices[office] = offices.get(office, 0) + count
        largest = sorted(offices.items(), key=lambda pair: (-pair[1], pair[0]))
        by_office = ", ".join(f"{office} {figure(count)}" for office, count in largest[:8])
        state = "complete" if stated == received and not unequal else f"{figure(stated - received)} missing"
        row = [part, figure(len(pieces)), figure(stated), figure(received), state, by_office or NOTHING]
        rows.append(row)
    title = f"{source['title']}: stated and received, by search"
    head = ["search", "slices", "hits stated", "received", "proof", "received by office"]
    return Table(title, head, rows, numeric(1, 2, 3))


def _missing(piece: dict[str, Any]) -> str:
    return figure(piece["stated"] - piece["received"])


def _by_slice(source: dict[str, Any]) -> Table:
    rows = [
        [piece["part"], piece["where"], *map(figure, (piece["stated"], piece["received"])), _missing(piece)]
        for piece in source["slices"]
    ]
    head = ["search", "slice", "hits stated", "received", "difference"]
    return Table(f"{source['title']}: every slice", head, rows, numeric(2, 3, 4))
