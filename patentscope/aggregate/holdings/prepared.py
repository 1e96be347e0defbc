"""The publications of a run as counting finds them: documents, priorities, party sets, and the names behind numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.aggregate.holdings.documents import Documents, prepare
from patentscope.aggregate.holdings.party_sets import PartySets, priority_sets
from patentscope.engines.engine import Engine
from patentscope.records import store
from patentscope.records.offices import office_codes

if TYPE_CHECKING:
    import pyarrow as pa

    from patentscope.provenance.run_folder import RunFolder
    from patentscope.records.families import Families

DOCUMENTS, CLAIMS, SETS = "documents.parquet", "priorities.parquet", "party_sets.parquet"
MEMBERS = "named_members.parquet"


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
        store.write(self.documents.members, folder.file(MEMBERS))

    @classmethod
    def read(cls, folder: RunFolder) -> Stock:
        """Return what `write` wrote, with the names in families.parquet; the large tables are read where they lie."""
        sets = PartySets.of_table(store.read(folder.file(SETS)))
        named = store.read(folder.file("families.parquet"), ["publication_number", "family_id"]).to_pandas()
        documents, claims, members = (folder.file(name) for name in (DOCUMENTS, CLAIMS, MEMBERS))
        return cls(Documents(documents, claims, sets, members), *_names(named))


def _names(units: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return units["publication_number"], pd.Series(sorted(units["family_id"].unique()), dtype=object)


def load(engine: Engine, documents: Documents, topic: pd.DataFrame) -> None:
    """Store `document`, `claim`, `named_member`, `shared_claim`, `priority_office` and `topic`.

    *topic* has one row per simple family: `family` (its number) and `topic`, an integer with one bit per reading.
    """
    engine.take("document", documents.documents)
    engine.take("claim", documents.claims)
    engine.take("named_member", documents.members)
    engine.put("priority_office", priority_sets(documents.sets, office_codes()))
    engine.put("topic", topic[["family", "topic"]])
    # Only an application that several families claim, or one of them claims and another holds, can lend one of them the
    # other's parties.
    engine.make(
        "shared_claim",
        """
with link as (
  select family, key, since from claim where key >= 0
  union all select family, own_key, published from document where published is not null
)
select l.family, l.key, min(l.since) as since from link l
join (select key from link group by key having min(family) <> max(family)) s on s.key = l.key
group by l.family, l.key""",
    )
