"""The heavy pass in this process: DuckDB, which spills to disk what does not fit into memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd
import pyarrow as pa

from patentscope.errors import FileFormatError, UsageError

#: How much memory DuckDB may use before it spills to disk; its own default is 80 % of the machine's.
MEMORY = "PATENTSCOPE_MEMORY"
#: Rows that `spread` hands on at once.
_BATCH = 20_000


class DuckEngine:
    """One in-memory database, closed at the end of a `with` block; `connection` is DuckDB's own."""

    def __init__(self) -> None:
        """Open it; what does not fit into memory goes into the folder for temporary files, and away again.

        Raises:
            UsageError: where `PATENTSCOPE_MEMORY` is no amount of memory.
        """
        spill = Path(tempfile.gettempdir()) / f"patentscope-{os.getpid()}"
        settings: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(spill)}
        if most := os.environ.get(MEMORY):
            settings["memory_limit"] = most
        try:
            self.connection = duckdb.connect(":memory:", config=settings)
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise UsageError(f"{MEMORY}={most}: expected an amount such as 4GB ({why})") from error
        self._kinds: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.connection.close()

    def put(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Store *table* under *name*, in place of what had that name."""
        self.connection.register("incoming", table)
        self.make(name, "select * from incoming")
        self.connection.unregister("incoming")

    def take(self, name: str, table: pa.Table | Path | Sequence[str]) -> None:
        """Give *name* to a table, or to the rows of parquet files, which are read where they lie.

        A column is what the files hold, never a part of their path; one that a file has not is null there.
        """
        if isinstance(table, pa.Table):
            self.put(name, table)
            return
        paths = [str(table)] if isinstance(table, Path) else table
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        self.view(name, f"select * from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)")

    def spread(
        self,
        name: str,
        select: str,
        work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
        schema: pa.Schema,
    ) -> None:
        """Store under *name* what *work* makes, in *schema*, of the rows of a query, some at a time."""
        self.put(name, schema.empty_table())
        # A cursor of its own, because the table is written to while rows are read.
        with self.connection.cursor() as reader:
            for batch in work(iter(reader.sql(select).to_arrow_reader(_BATCH))):
                self.connection.register("incoming", pa.Table.from_batches([batch]))
                self.connection.execute(f"insert into {name} by name select * from incoming")
                self.connection.unregister("incoming")

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Read files within a `with` block; *what* names them to whoever is told that they can't be read.

        Raises:
            FileFormatError: where they can't.
        """
        try:
            yield
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, pa.ArrowException) as error:
            raise FileFormatError(f"{what}: can't be read ({str(error).splitlines()[0][:300]})") from error

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*, in place of what had that name."""
        self._define(name, "table", select)

    def view(self, name: str, select: str) -> None:
        """Give *name* to a query, which is carried out where it is used."""
        self._define(name, "view", select)

    def _define(self, name: str, kind: str, select: str) -> None:
        if self._kinds.get(name, kind) != kind:
            self.connection.execute(f"drop {self._kinds[name]} {name}")
        self._kinds[name] = kind
        self.connection.execute(f"create or replace {kind} {name} as {select}")

    def drop(self, *names: str) -> None:
        """Let go of the tables and views of these names."""
        for name in names:
            self.connection.execute(f"drop {self._kinds.pop(name)} {name}")

    def arrow(self, sql: str) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        return self.connection.sql(sql).to_arrow_table()

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame; integers stay integers."""
        return self.connection.execute(sql).df()
