"""Where the heavy pass runs: DuckDB in this process, or Spark when the records outgrow it.

SQL is handed in as text, in DuckDB's dialect and in few words of it, so that others can say it too; tables go in and
come out as Arrow. Sums are of integers only, because grouped float sums differ from run to run when several threads
share the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from patentscope.engines.duckdb import DuckEngine
    from patentscope.engines.spark import SparkEngine

#: Tables by name, and SQL over them; used in a `with` block.
Engine: TypeAlias = "DuckEngine | SparkEngine"


def open_engine(name: str) -> Engine:
    """Return the engine of a *name* in `query.ENGINES`.

    Raises:
        UsageError: where what it needs is not installed.
    """
    if name == "spark":
        from patentscope.engines.spark import SparkEngine  # noqa: PLC0415 - the engine that is used, and no other

        return SparkEngine()
    from patentscope.engines.duckdb import DuckEngine  # noqa: PLC0415 - as above

    return DuckEngine()
