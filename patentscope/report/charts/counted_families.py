"""Which simple families a question's baseline counts, read from the run's own files: what lies beneath its charts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from patentscope.aggregate.counts.units import DOCUMENTS
from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN
from patentscope.report.records import Records
from patentscope.report.run_tables import RunTables


@dataclass(frozen=True)
class Counted:
    """The simple families of one convention.

    Attributes:
        convention: the question's baseline, with each simple family counted whole.
        records: where they are, in the table *documents*.
        documents: the table of the documents that make a family count: pub, unit, office.
    """

    convention: Convention
    records: Records
    documents: str

    @property
    def families(self) -> int:
        """How many they are."""
        return int(self.records.row(f"select count(distinct unit) from {self.documents}")[0])

    def holdings(self, basis: str) -> pd.DataFrame:
        """Return on which *basis* which country holds how many of them, and how that is known.

        Returns:
            country, how_known, n.
        """
        return self.records.frame(f"""
select country, how_known, count(*) as n from holding
where basis = '{basis}' and unit in (select unit from {self.documents}) group by all order by all""")


def counted(
    tables: RunTables, question: str, *, basis: str | None = None, documents: str | None = None
) -> Counted | None:
    """Return the families that *question*'s baseline counts, in any year; None where the run has no such baseline.

    A family without the baseline's date is in no year and in no count, so it is not here either. *basis* (whose country
    it is), *documents* (their level) and the data's own date stand in place of the baseline's.
    """
    baseline = tables.conventions.get(question)
    if baseline is None or baseline.topic not in tables.records.readings:
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
    records, name = tables.records, f"counted_{convention.spec_id}"
    records.make(
        name,
        f"""
select v.pub, v.{records.key} as unit, coalesce(v.office, '{UNKNOWN}') as office
from document v join family f on f.family = v.family
where {records.on_topic(convention.topic)} and v.published <= date '{convention.as_of}'
  and {DOCUMENTS[convention.documents]}
  and v.{records.key} in (select unit from holding where {convention.date}_year is not null)""",
    )
    return Counted(convention, records, name)
