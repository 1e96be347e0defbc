"""A run's large tables, asked in SQL: of them only the columns and rows are read that an answer needs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from patentscope.aggregate.audit.reader import family_labels
from patentscope.engines.duckdb import DuckEngine
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store

#: What the page calls a family: one, or a publication where the records can't tell families. Unit, family, name.
_BY_FAMILY = "select family as unit, family, family_id as name from family"
_BY_PUBLICATION = """
select d.pub as unit, d.family, p.publication_number as name
from document d join publication p on p.file_row_number = d.pub"""
_HOLDING = """
select u.unit, u.family, h.basis, h.country, h.how_known, h.priority_year, h.filing_year, h.publication_year
from held h join family f on f.family_id = h.unit_id join unit u on u.family = f.family"""


class Records:
    """What the page asks of publications, families and holdings.

    Tables: `document` (documents.parquet), `publication` (publications.parquet, whose `file_row_number` is `pub` of
    `document`), `score` (scores.parquet), `family` (its families by their number of `document`, with `in_topic_*`),
    `unit` (unit, family, name: what the page calls a family), `holding` (holdings.parquet by unit and family).

    Attributes:
        key: the column of `document` that has the unit.
        readings: those that scores.parquet has.
    """

    def __init__(self, folder: RunFolder, readings: Sequence[str], *, is_by_family: bool) -> None:
        """Number the families, and read nothing else yet."""
        self.key, self.readings = "family" if is_by_family else "pub", tuple(readings)
        self._publications = folder.file("publications.parquet")
        self._engine = DuckEngine()
        files = {"document": "documents", "publication": "publications", "score": "scores", "held": "holdings"}
        for name, file in files.items():
            path = str(folder.file(f"{file}.parquet")).replace("'", "''")
            self._engine.view(name, f"select * from read_parquet('{path}', file_row_number = true)")
        columns = "".join(f', "in_topic_{name}"' for name in self.readings)
        # The families of documents.parquet are numbered in the order of their names.
        number = "row_number() over (order by family_id) - 1 as family"
        self._engine.make("family", f"select {number}, family_id{columns} from score")
        self._engine.make("unit", _BY_FAMILY if is_by_family else _BY_PUBLICATION)
        self._engine.make("holding", _HOLDING)

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""
        return self._engine.frame(sql)

    def row(self, sql: str) -> tuple[Any, ...]:
        """Return the only row of a query."""
        return self._engine.connection.execute(sql).fetchall()[0]

    def pairs(self, sql: str) -> list[tuple[Any, Any]]:
        """Return the rows of a query of two columns."""
        return self._engine.connection.execute(sql).fetchall()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query as plain values by column, those of nested columns too."""
        asked = self._engine.connection.execute(sql)
        names = [column[0] for column in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*."""
        self._engine.make(name, select)

    def put(self, name: str, table: pd.DataFrame) -> None:
        """Store *table* under *name*."""
        self._engine.put(name, table)

    @staticmethod
    def on_topic(reading: str) -> str:
        """Return the condition on `family f` that a reading takes it in."""
        return f'f."in_topic_{reading}"'

    def taken(self, reading: str) -> tuple[int, int]:
        """Return how many units a reading takes in, and of how many it can't tell."""
        column = self.on_topic(reading)
        counted = f"count(*) filter ({column}), count(*) filter ({column} is null)"
        taken, open_ones = self.row(f"select {counted} from unit u join family f on f.family = u.family")
        return taken, open_ones

    def sizes(self, as_of: dt.date) -> tuple[int, int, dt.date | None, dt.date | None]:
        """Return how many publications and units there are, and when the first and the last visible one came out."""
        seen = f"filter (published <= date '{as_of}')"
        ends = f"min(published) {seen}, max(published) {seen}"
        documents, units, first, last = self.row(f"select count(*), count(distinct {self.key}), {ends} from document")
        return documents, units, first, last

    def by_office(self) -> Counter[str]:
        """Return how many publications there are, by office."""
        return Counter(dict(self.pairs("select office, count(*) from document group by office")))

    @cached_property
    def parties(self) -> pa.Table:
        """Applicants and inventors of every publication."""
        return store.read(self._publications, ["applicants", "inventors"])

    def labels_of(self, by_number: Mapping[str, str]) -> pd.Series:
        """Return the labels of publications, by their number, as one for each unit that has any (`family_labels`)."""
        numbers = pd.DataFrame({"number": list(by_number), "label": list(by_number.values())}, dtype=object)
        self.put("labelled_number", numbers)
        found = self.frame(f"""
select u.name, l.label from labelled_number l join publication p on p.publication_number = l.number
join document d on d.pub = p.file_row_number join unit u on u.unit = d.{self.key} order by d.pub""")
        return family_labels(found["name"].astype(object), found["label"].astype(object))
