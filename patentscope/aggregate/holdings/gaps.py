"""What is counted in spite of a gap, or counted nowhere: kind codes that nobody confirms, countries not known."""

from __future__ import annotations

import pandas as pd

from patentscope.aggregate.holdings.documents import OTHER_KIND, UNKNOWN_KIND
from patentscope.provenance.ledger import Loss, losses_of
from patentscope.records.offices import UNKNOWN

#: What is read of documents.parquet for it.
COLUMNS = ("office", "published", "document", "kind_sources", "family", "application")


def of_kinds(rows: pd.DataFrame, visible: pd.DataFrame) -> list[Loss]:
    """Return which documents rest on kind codes that nobody or one source confirms, and what no document is a unit of.

    A search report, a design, a correction gives no unit, so that what is known only by such documents is counted
    nowhere. *rows* are documents (`COLUMNS`, and their `number`), *visible* those that are dated at all.
    """
    is_unknown = rows["document"].eq(UNKNOWN_KIND)
    parts = {
        "kind of document unknown, counted as an invention": rows[is_unknown],
        "kind code that no public source confirms": rows[rows["kind_sources"].eq(0) & ~is_unknown],
        "kind code that only one source confirms": rows[rows["kind_sources"].eq(1)],
    }
    for unit in ("family", "application"):
        # The greatest of the numbers that stand for a kind of document, so all are of it where the least is.
        alone = visible[visible.groupby(unit)["document"].transform("min").eq(OTHER_KIND)]
        what = f"{unit} known only by documents that give no unit (search reports, designs, corrections and others)"
        parts[what] = alone.drop_duplicates(unit)
    return [loss for reason, part in parts.items() for loss in losses_of(reason, part["office"], part["number"])]


def of_countries(holdings: pd.DataFrame) -> list[Loss]:
    """Return by basis how many families' country is unknown; *holdings* are those of the data's own date."""
    silent = holdings[holdings["country"].eq(UNKNOWN)]
    parts = {f"{basis} country of the family unknown": part for basis, part in silent.groupby("basis", sort=True)}
    return [loss for reason, part in parts.items() for loss in losses_of(reason, part["country"], part["unit_id"])]
