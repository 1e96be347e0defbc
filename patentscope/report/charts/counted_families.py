"""Which simple families a question's baseline counts, read from the run's own files: what lies beneath its charts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from patentscope.aggregate.holdings.documents import levels
from patentscope.query.convention import Convention
from patentscope.report.run_tables import RunTables


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

    A family without the baseline's date is in no year and in no count, so it is not here either. *basis* (whose country
    it is), *documents* (their level) and the data's own date stand in place of the baseline's.
    """
    baseline = tables.conventions.get(question)
    if baseline is None or f"in_topic_{baseline.topic}" not in tables.scores.columns:
        return None
    convention = replace(
        baseline,
        unit="publication" if "family" in tables.untold else "family",
        share="whole",
        basis=basis or baseline.basis,
        documents=documents or baseline.documents,
        date=baseline.date if baseline.date != "grant" else "publication",
        as_of=tables.as_of,  # the date of holdings.parquet
    )
    return tables.once(("counted", convention), lambda: _counted(tables, convention))


def _counted(tables: RunTables, convention: Convention) -> Counted:
    of_publications, of_holdings, of_scores = tables.family_places
    chosen = tables.scores[f"in_topic_{convention.topic}"].fillna(value=False).to_numpy(bool)
    dated = tables.holdings[f"{convention.date}_year"].notna().to_numpy()
    frame = tables.publications
    kept = np.isin(of_publications, of_scores[chosen]) & np.isin(of_publications, of_holdings[dated])
    kept &= frame["publication_date"].le(pd.Timestamp(tables.as_of)).to_numpy()
    kept &= levels(tables.kinds)[convention.documents].to_numpy()
    publications = frame[kept].assign(place=np.flatnonzero(kept))
    return Counted(convention, publications, tables.holdings[np.isin(of_holdings, of_publications[kept])])
