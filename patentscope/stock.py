"""The publications of a run as counting finds them: documents, priorities, party sets, and the names behind numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentscope import store
from patentscope.documents import Documents, prepare
from patentscope.party_sets import PartySets

if TYPE_CHECKING:
    import pyarrow as pa

    from patentscope.families import Families
    from patentscope.run_folder import RunFolder

DOCUMENTS, CLAIMS, SETS = "documents.parquet", "priorities.parquet", "party_sets.parquet"


@dataclass(frozen=True)
class Stock:
    """A run's publications, ready to be counted.

    Attributes:
        documents: their tables.
        numbers: publication numbers, by row.
        families: the simple families' ids, by their numbers.
    """

    documents: Documents
    numbers: pd.Series
    families: pd.Series

    @classmethod
    def of(cls, publications: pa.Table, families: Families) -> Stock:
        """Return the stock of *publications* (sorted by number) with their *families*."""
        return cls(prepare(publications, families), *_names(families.units))

    def write(self, folder: RunFolder) -> None:
        """Write the tables into a run's folder."""
        store.write(self.documents.documents, folder.file(DOCUMENTS))
        store.write(self.documents.claims, folder.file(CLAIMS))
        store.write(self.documents.sets.table(), folder.file(SETS))

    @classmethod
    def read(cls, folder: RunFolder) -> Stock:
        """Return what `write` wrote, with the names in families.parquet; the large tables are read where they lie."""
        sets = PartySets.of_table(store.read(folder.file(SETS)))
        named = store.read(folder.file("families.parquet"), ["publication_number", "family_id"]).to_pandas()
        return cls(Documents(folder.file(DOCUMENTS), folder.file(CLAIMS), sets), *_names(named))


def _names(units: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return units["publication_number"], pd.Series(sorted(units["family_id"].unique()), dtype=object)
