"""The heavy pass on Spark: the same SQL as on DuckDB, said in Spark's dialect.

A session that exists is used; else one is opened as Spark's own settings say (`SPARK_REMOTE`, spark-defaults.conf),
and on this machine where they say nothing.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa

from patentscope.errors import UsageError

_SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_HERE: dict[str, bool | float | int | str | None] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
}
_INSTALL = "pip install 'patentscope[spark]', and Java 17 or newer"
#: What pandas has for columns that nulls would make ones of floats or of objects.
_WITH_NULLS = {pa.bool_(): pd.BooleanDtype()} | {
    getattr(pa, f"int{bits}")(): getattr(pd, f"Int{bits}Dtype")() for bits in (8, 16, 32, 64)
}


class SparkEngine:
    """One Spark session, with the methods of `DuckEngine`; it is stopped at the end if it was opened here."""

    def __init__(self) -> None:
        """Open the session.

        Raises:
            UsageError: where Spark, or the Java that it needs, is not installed.
        """
        try:
            import sqlglot  # noqa: PLC0415 - an extra
            from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise UsageError(f"engine spark: {error.name} is not installed; it needs: {_INSTALL}") from error
        self._transpile: Callable[..., list[str]] = sqlglot.transpile
        self._is_ours = SparkSession.getActiveSession() is None
        is_here = not any(os.environ.get(name) for name in ("SPARK_REMOTE", "SPARK_MASTER", "MASTER", "SPARK_CONF_DIR"))
        builder = SparkSession.builder.appName("patentscope").config(map={**_SETTINGS, **(_HERE if is_here else {})})
        try:
            self._session: Any = (builder.master("local[*]") if is_here else builder).getOrCreate()
        except Exception as error:
            why = str(error).splitlines()[0]
            raise UsageError(f"engine spark: no session ({why}); it needs: {_INSTALL}") from error
        if is_here:
            self._session.sparkContext.setLogLevel("ERROR")

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the session, unless somebody else opened it."""
        if self._is_ours:
            self._session.stop()

    def _rows(self, sql: str) -> Any:  # noqa: ANN401 - Spark's own type
        return self._session.sql(self._transpile(sql, read="duckdb", write="spark")[0])

    def put(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Store *table* under *name*, in place of what had that name."""
        arrow = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which we use
            self._session.createDataFrame(arrow).createOrReplaceTempView(name)

    def take(self, name: str, table: pa.Table | Path) -> None:
        """Give *name* to a table, or to the rows of a parquet file, which are read where they lie."""
        if isinstance(table, Path):
            self._session.read.parquet(str(table)).createOrReplaceTempView(name)
        else:
            self.put(name, table)

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*, in place of what had that name."""
        self._rows(select).localCheckpoint(eager=True).createOrReplaceTempView(name)

    def view(self, name: str, select: str) -> None:
        """Give *name* to a query, which is carried out where it is used."""
        self._rows(select).createOrReplaceTempView(name)

    def drop(self, *names: str) -> None:
        """Let go of the tables and views of these names."""
        for name in names:
            self._session.catalog.dropTempView(name)

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame as DuckDB gives it: dates become timestamps."""
        table = self._rows(sql).toArrow()
        dates = {field.name: "datetime64[us]" for field in table.schema if pa.types.is_date(field.type)}
        frame: pd.DataFrame = table.to_pandas(date_as_object=False).astype(dates)
        for name, column in zip(table.column_names, table.columns, strict=True):
            if column.null_count and column.type in _WITH_NULLS:
                frame[name] = column.to_pandas(types_mapper=_WITH_NULLS.get)
        return frame
