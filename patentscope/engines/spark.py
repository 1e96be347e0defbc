"""The heavy pass on Spark: the same SQL as on DuckDB, said in Spark's dialect.

A session that exists is used; else one is opened on the cluster that `SPARK_MASTER` names, or as Spark's own settings
say (`SPARK_REMOTE`, `MASTER`, spark-defaults.conf), and on this machine where they say nothing.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa

from patentscope.errors import FileFormatError, UsageError
from patentscope.provenance.run_folder import code_hash

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
_ON_WORKERS = (
    "Every worker needs this version of patentscope, with what it is built on, in a Python like this one. What works: "
    "install it there and name that Python in PYSPARK_PYTHON, or send it along (`spark.archives`)"
)
#: What a worker's traceback ends with, and what is said of it.
_WORKER_FAULTS = (
    (r"No module named '([^']+)'", r"a worker's Python has no \1"),
    (r"patentscope\.errors\.UsageError: ([^\n]+)", r"\1"),
    (r"\[(?:PACKAGE_NOT_INSTALLED|PYTHON_VERSION_MISMATCH)\] ([^\n]+)", r"\1"),
)
_ENDS_AT_ONCE, _USUAL_END = 16, 1 << 16
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
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        if is_here:
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("patentscope").config(map={**_SETTINGS, **(_HERE if is_here else {})})
        master = "local[*]" if is_here else os.environ.get("SPARK_MASTER")
        try:
            self._session: Any = (builder.master(master) if master else builder).getOrCreate()
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
        self._session.createDataFrame(arrow).createOrReplaceTempView(name)

    def take(self, name: str, table: pa.Table | Path | Sequence[str]) -> None:
        """Give *name* to a table, or to the rows of parquet files, which are read where they lie.

        A column is what the files hold, never a part of their path; one that a file has not is null there.
        """
        if isinstance(table, pa.Table):
            self.put(name, table)
            return
        paths = [f"file:{table.resolve()}"] if isinstance(table, Path) else table
        settings = {"recursiveFileLookup": "true", "mergeSchema": str(len(paths) > 1)}
        self._session.read.options(**settings).parquet(*paths).createOrReplaceTempView(name)

    def spread(
        self,
        name: str,
        select: str,
        work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
        schema: pa.Schema,
    ) -> None:
        """Store under *name* what *work* makes, in *schema*, of the rows of a query: the workers carry it out.

        It and what it was made with are sent there; the package that it is of is not.
        """
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra

        done = self._rows(select).mapInArrow(partial(_as_here, work, code_hash()), from_arrow_schema(schema))
        done.localCheckpoint(eager=True).createOrReplaceTempView(name)

    def ends(self, named: Sequence[str]) -> dict[str, bytes]:
        """Return the parquet files that *named* files, folders and patterns hold, and the end of each, from its footer.

        They may lie wherever the session can read; folders are looked into, and what isn't called `*.parquet` is not.

        Raises:
            UsageError: over Spark Connect, which reads no file for its client.
        """
        if getattr(self._session, "_jvm", None) is None:
            raise UsageError(
                "engine spark: over Spark Connect the footers of files can't be read, and --candidates needs them. "
                "What works: name the cluster in SPARK_MASTER in place of SPARK_REMOTE"
            )
        settings = {"recursiveFileLookup": "true", "pathGlobFilter": "*.parquet"}
        files = self._session.read.format("binaryFile").options(**settings).load(list(named)).select("path", "length")
        rows = files.orderBy("path").collect()
        with ThreadPoolExecutor(_ENDS_AT_ONCE) as readers:
            ends = readers.map(lambda row: self._end(row.path, row.length), rows)
            return dict(zip((row.path for row in rows), ends, strict=True))

    def _end(self, path: str, length: int) -> bytes:
        """Return the end of a parquet file of *length* bytes: its footer, the footer's length, the four letters."""
        jvm = self._session._jvm  # noqa: SLF001 - Hadoop's files have no other door
        place = jvm.org.apache.hadoop.fs.Path(path)
        files = place.getFileSystem(self._session._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
        with closing(files.open(place)) as stream:
            stream.seek(max(0, length - _USUAL_END))
            end: bytes = jvm.org.apache.commons.io.IOUtils.toByteArray(stream)
            size = int.from_bytes(end[-8:-4], "little") + 8
            if len(end) < size <= length:
                stream.seek(length - size)
                end = jvm.org.apache.commons.io.IOUtils.toByteArray(stream)
        return end[-size:]

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Read files within a `with` block; *what* names them to whoever is told that they can't be read.

        Raises:
            FileFormatError: where they can't.
            UsageError: where a worker has not what it needs.
        """
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

        try:
            yield
        except (Py4JError, PySparkException, pa.ArrowException) as error:
            text = str(error)
            for pattern, said in _WORKER_FAULTS:
                if found := re.search(pattern, text):
                    raise UsageError(f"engine spark: {found.expand(said)}. {_ON_WORKERS}") from error
            raise FileFormatError(f"{what}: can't be read ({' '.join(text.splitlines()[:2])[:300]})") from error

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

    def arrow(self, sql: str) -> pa.Table:
        """Return the rows of a query as an Arrow table; they come to this machine."""
        table: pa.Table = self._rows(sql).toArrow()
        return table

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame as DuckDB gives it: dates become timestamps."""
        table = self.arrow(sql)
        dates = {field.name: "datetime64[us]" for field in table.schema if pa.types.is_date(field.type)}
        frame: pd.DataFrame = table.to_pandas(date_as_object=False).astype(dates)
        for name, column in zip(table.column_names, table.columns, strict=True):
            if column.null_count and column.type in _WITH_NULLS:
                frame[name] = column.to_pandas(types_mapper=_WITH_NULLS.get)
        return frame


def _as_here(
    work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]], code: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Carry out *work* on a worker whose package is the one that has *code* as its hash.

    Raises:
        UsageError: where it is another.
    """
    if code_hash() != code:
        raise UsageError("a worker has another version of patentscope than this machine")
    yield from work(batches)
