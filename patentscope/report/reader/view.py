"""One claim as a reader meets it: the blocks of the page's first part, in their order."""

from __future__ import annotations

from typing import Any

from patentscope.aggregate.answers.entry import Entry
from patentscope.report.reader.panel import panel
from patentscope.report.run_tables import RunTables


def reader_view(tables: RunTables, claim: Entry) -> dict[str, Any]:
    """Return what the template `reader.html.j2` shows of one claim, by block."""
    left, right = tables.sides_of(claim)
    return {"id": claim["id"], "left": left, "right": right, "panel": panel(tables, claim)}
