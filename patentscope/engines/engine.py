"""Where the heavy pass runs: DuckDB in this process, or an engine that a larger pass has outgrown it for.

SQL is handed in as text, in DuckDB's dialect and in few words of it, so that others can say it too; tables go in and
come out as Arrow. Sums are of integers only, because grouped float sums differ from run to run when several threads
share the work.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import duckdb

from patentscope.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    import pandas as pd
    import pyarrow as pa


#: How much memory DuckDB may use before it spills to disk; its own default is 80 % of the machine's.
MEMORY = "PATENTSCOPE_MEMORY"


class Engine(Protocol):
    """Tables by name, and SQL over them; used in a `with` block."""

    def __enter__(self) -> Self:
        """Return the engine itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what it holds."""
        ...

    def put(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Store *table* under *name*, in place of what had that name."""
        ...

    def take(self, name: str, table: pa.Table | Path) -> None:
        """Give *name* to a table, or to the rows of a parquet file, which are read where they lie."""
        ...

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*, in place of what had that name."""
        ...

    def view(self, name: str, select: str) -> None:
        """Give *name* to a query, which is carried out where it is used."""
        ...

    def drop(self, *names: str) -> None:
        """Let go of the tables and views of these names."""
        ...

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame; integers stay integers, dates become timestamps."""
        ...


class FileEngine(Engine, Protocol):
    """An engine that also reads parquet files larger than this machine's memory, and gives rows as Arrow.

    `faults` are what it raises where a file can't be read.
    """

    faults: tuple[type[Exception], ...]

    def read(self, name: str, files: Sequence[str]) -> None:
        """Give *name* to the rows of parquet files, read where they lie; what a file has no column for is null."""
        ...

    def table(self, sql: str) -> pa.Table:
        """Return the rows of a query as Arrow."""
        ...


def open_engine(name: str) -> Engine:
    """Return the engine of a *name* in `query.ENGINES`.

    Raises:
        UsageError: where what it needs is not installed.
    """
    if name == "spark":
        from patentscope.engines.spark import SparkEngine  # noqa: PLC0415 - an extra

        return SparkEngine()
    return DuckEngine()


def open_file_engine(name: str) -> FileEngine:
    """Return the engine of a *name* in `query.ENGINES` to read files with.

    Raises:
        UsageError: where what it needs is not installed.
    """
    if name == "spark":
        from patentscope.engines.spark import SparkEngine  # noqa: PLC0415 - an extra

        return SparkEngine()
    return DuckEngine()


class DuckEngine:
    """One in-memory database of DuckDB's, closed at the end of a `with` block."""

    #: All but what Ctrl-C makes of a query.
    faults: tuple[type[Exception], ...] = (duckdb.OperationalError, duckdb.ProgrammingError, duckdb.DataError)

    def __init__(self) -> None:
        """Open it; what does not fit into memory goes into the system's folder for temporary files, and away again.

        Raises:
            UsageError: where `PATENTSCOPE_MEMORY` is no amount of memory.
        """
        spill = Path(tempfile.gettempdir()) / f"patentscope-{os.getpid()}"
        settings = {"temp_directory": str(spill)}
        if most := os.environ.get(MEMORY):
            settings["memory_limit"] = most
        try:
            self._connection = duckdb.connect(":memory:", config=settings)
        except duckdb.Error as error:
            raise UsageError(
                f"{MEMORY}={most}: expected an amount such as 4GB ({str(error).splitlines()[0]})"
            ) from error
        self._kinds: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self._connection.close()

    def put(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Store *table* under *name*, in place of what had that name."""
        self._connection.register("incoming", table)
        self.make(name, "select * from incoming")
        self._connection.unregister("incoming")

    def take(self, name: str, table: pa.Table | Path) -> None:
        """Give *name* to a table, or to the rows of a parquet file, which are read where they lie."""
        if isinstance(table, Path):
            quoted = str(table).replace("'", "''")
            self.view(name, f"select * from read_parquet('{quoted}')")
        else:
            self.put(name, table)

    def read(self, name: str, files: Sequence[str]) -> None:
        """Give *name* to the rows of parquet files, read where they lie; what a file has no column for is null."""
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        # A column is what the files hold, never a part of their path.
        options = "union_by_name = true, hive_partitioning = false"
        self.view(name, f"select * from read_parquet([{listed}], {options})")

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*, in place of what had that name."""
        self._define(name, "table", select)

    def view(self, name: str, select: str) -> None:
        """Give *name* to a query, which is carried out where it is used."""
        self._define(name, "view", select)

    def _define(self, name: str, kind: str, select: str) -> None:
        if self._kinds.get(name, kind) != kind:
            self._connection.execute(f"drop {self._kinds[name]} {name}")
        self._kinds[name] = kind
        self._connection.execute(f"create or replace {kind} {name} as {select}")

    def drop(self, *names: str) -> None:
        """Let go of the tables and views of these names."""
        for name in names:
            self._connection.execute(f"drop {self._kinds.pop(name)} {name}")

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame; integers stay integers."""
        found: pd.DataFrame = self._connection.execute(sql).df()
        return found

    def table(self, sql: str) -> pa.Table:
        """Return the rows of a query as Arrow."""
        return self._connection.sql(sql).to_arrow_table()
