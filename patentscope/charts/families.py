"""Which simple families a question's baseline counts, read from the run's own files: what lies beneath its charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.documents import levels

if TYPE_CHECKING:
    from patentscope.charts.run_tables import RunTables
    from patentscope.convention import Convention


@dataclass(frozen=True)
class Counted:
    """The simple families of one convention.

    Attributes:
        convention: the question's baseline, with each simple family counted whole.
        publications: the documents that make a family count: rows of `RunTables.publications`, `place` being the row.
        holdings: of those families.
    """

    convention: Convention
    publications: pd.DataFrame
    holdings: pd.DataFrame


def counted(
    tables: RunTables, question: str, *, basis: str | None = None, documents: str | None = None
) -> Counted | None:
    """Return the families that *question*'s baseline counts, in any year; None where the run has no such baseline.

    A family without the baseline's date is in no year and in no count, so it is not here either.

    Args:
        tables: the run's.
        question: market, ownership, invention or international.
        basis: whose country it is, in place of the baseline's.
        documents: the level of documents, in place of the baseline's.
    """
    baseline = tables.conventions.get(question)
    if baseline is None or f"in_topic_{baseline.topic}" not in tables.scores.columns:
        return None
    convention = replace(
        baseline,
        unit="family",
        share="whole",
        basis=basis or baseline.basis,
        documents=documents or baseline.documents,
        date=baseline.date if baseline.date != "grant" else "publication",
    )
    chosen = tables.scores[f"in_topic_{convention.topic}"].fillna(value=False).astype(bool)
    on_topic = set(tables.scores.loc[chosen, "family_id"])
    frame = tables.publications
    seen = pd.to_datetime(frame["publication_date"]).le(pd.Timestamp(tables.as_of))
    kept = frame["family_id"].isin(on_topic) & seen & levels(tables.kinds)[convention.documents]
    dated = tables.holdings.loc[tables.holdings[f"{convention.date}_year"].notna(), "unit_id"]
    kept &= frame["family_id"].isin(set(dated))
    publications = frame[kept].assign(place=frame.index[kept])
    holdings = tables.holdings[tables.holdings["unit_id"].isin(set(publications["family_id"]))]
    return Counted(convention, publications, holdings)
