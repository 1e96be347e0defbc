"""Where the heavy pass runs: DuckDB in this process, or Spark when the records outgrow it.

SQL is handed in as text, in DuckDB's dialect and in few words of it, so that others can say it too; tables go in and
come out as Arrow. Sums are of integers only, because grouped float sums differ from run to run when several threads
share the work.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pandas as pd
import pyarrow as pa

from patentscope.engines.duckdb import DuckEngine


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


def open_engine(name: str) -> Engine:
    """Return the engine of a *name* in `query.ENGINES`.

    Raises:
        UsageError: where what it needs is not installed.
    """
    if name == "spark":
        from patentscope.engines.spark import SparkEngine  # noqa: PLC0415 - an extra

        return SparkEngine()
    return DuckEngine()
