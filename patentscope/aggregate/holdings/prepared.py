"""The publications of a run as counting finds them: documents, priorities, party sets, and the names behind numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentscope.aggregate.holdings.documents import Documents, prepare
from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.engines.engine import Engine
from patentscope.records import store

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from patentscope.provenance.run_folder import RunFolder
    from patentscope.records.families import Families

DOCUMENTS, CLAIMS, SETS = "documents.parquet", "priorities.parquet", "party_sets.parquet"
MEMBERS = "named_members.parquet"
#: Whose each family is at the data's own date, and the party sets with those that this took up.
HELD, HELD_SETS = "family_sets.parquet", "family_party_sets.parquet"


@dataclass(frozen=True)
class Stock:
    """A run's publications, ready to be counted.

    Attributes:
        documents: their tables.
        numbers: publication numbers, by row; or families.parquet, which has them.
        families: the simple families' ids, by their numbers.
        held: whose each family is at the data's own date (`Vintage.holdings`), where that was worked out before.
    """

    documents: Documents
    numbers: pd.Series | Path
    families: pd.Series
    held: Path | None = None

    @classmethod
    def of(cls, publications: pa.Table, families: Families) -> Stock:
        """Return the stock of *publications* (sorted by number) with their *families*."""
        ids = pd.Series(sorted(families.units["family_id"].unique()), dtype=object)
        return cls(prepare(publications, families), families.units["publication_number"], ids)

    def write(self, folder: RunFolder) -> None:
        """Write the tables into a run's folder."""
        store.write(self.documents.documents, folder.file(DOCUMENTS))
        store.write(self.documents.claims, folder.file(CLAIMS))
        store.write(self.documents.sets.table(), folder.file(SETS))
        store.write(self.documents.members, folder.file(MEMBERS))

    @classmethod
    def read(cls, folder: RunFolder, families: pd.Series, *, is_held: bool) -> Stock:
        """Return what `write` wrote; the large tables are read where they lie.

        *families* are the simple families' ids in the order of the alphabet. *is_held* says that the stage `holdings`
        is done, so that whose they are is read, too.
        """
        sets = PartySets.of_table(store.read(folder.file(HELD_SETS if is_held else SETS)))
        documents, claims, members = (folder.file(name) for name in (DOCUMENTS, CLAIMS, MEMBERS))
        held = folder.file(HELD) if is_held else None
        return cls(Documents(documents, claims, sets, members), folder.file("families.parquet"), families, held)

    def numbers_of(self, rows: NDArray[np.int32]) -> NDArray[np.object_]:
        """Return the publication numbers of *rows*."""
        if isinstance(self.numbers, pd.Series):
            return self.numbers.to_numpy(object)[rows]
        numbers = store.rows(self.numbers, rows, ["publication_number"]).column(0)
        return np.asarray(numbers.to_numpy(), dtype=object)


def load(engine: Engine, documents: Documents, topic: pd.DataFrame) -> None:
    """Store `document`, `claim`, `named_member` and `topic`.

    *topic* has one row per simple family: `family` (its number), `topic`, an integer with one bit per reading, and what
    else is asked of families, as integers.
    """
    engine.take("document", documents.documents)
    engine.take("claim", documents.claims)
    engine.take("named_member", documents.members)
    engine.put("topic", topic)
