"""The heavy pass in this process: DuckDB, which spills to disk what does not fit into memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd
import pyarrow as pa

from patentscope.errors import UsageError

#: How much memory DuckDB may use before it spills to disk; its own default is 80 % of the machine's.
MEMORY = "PATENTSCOPE_MEMORY"


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

    def take(self, name: str, table: pa.Table | Path) -> None:
        """Give *name* to a table, or to the rows of a parquet file, which are read where they lie."""
        if isinstance(table, Path):
            quoted = str(table).replace("'", "''")
            self.view(name, f"select * from read_parquet('{quoted}')")
        else:
            self.put(name, table)

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

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame; integers stay integers."""
        return self.connection.execute(sql).df()
