"""The heavy pass on BigQuery: the same SQL as on DuckDB, said in Google's dialect, over tables in the user's dataset.

Uploads are free; a statement is billed by the columns that it reads, and by at least 10 MB for each of its tables. So
every statement is priced by a dry run, which is free, and is run only where what `--most-gib` allows for the run still
covers it. Tables carry a name of the run in front. They are dropped at the end, and expire where that was prevented.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import os
import re
import secrets
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.addresses import https_only
from patentscope.arrow_tables import as_arrow, as_frame
from patentscope.bigquery_client import BASE, PATH, VARIABLE, Advice, Google, RowsGone
from patentscope.bigquery_dialect import Dialect, plain, type_of
from patentscope.bigquery_price import GIB, LEAST, Allowance, price, volume
from patentscope.errors import PatentscopeError, UsageError
from patentscope.notice import Notice

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

    import pandas as pd

DATASET = "PATENTSCOPE_BIGQUERY_DATASET"
_LIFE = dt.timedelta(days=1)
#: Bytes: smaller tables are remembered, and not uploaded again while nothing in them changed.
_SMALL = 1 << 20
_PLACE = re.compile(r"(?:(?P<project>(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*)\.)?(?P<dataset>\w+)", re.ASCII)
_WITHOUT = "`--engine duckdb` counts the same figures on this machine, and nothing is billed"
_ADVICE = Advice(
    without=f"Without it: {_WITHOUT}",
    kept="stages that are done are not done again",
    again=f"What works: run again later, or {_WITHOUT}",
)


class BigQueryEngine:
    """Tables in one dataset, with the methods of `engine.Engine`; they are dropped at the end of a `with` block."""

    def __init__(self, allowance: Allowance | None = None) -> None:
        """Find the dataset; nothing is uploaded yet.

        Raises:
            UsageError: where the extra is not installed, no dataset is named or found, or nothing may be billed.
            Unauthorized, QuotaExceeded, FetchError: where Google refuses or can't be reached, as for all that follows.
        """
        project, dataset = _named_dataset()
        self._allowance = allowance or Allowance()
        self._google = Google(https_only(os.environ.get(VARIABLE, BASE), VARIABLE).removesuffix(PATH), _ADVICE)
        if not self._allowance.most:
            raise UsageError(
                "engine bigquery: it is billed by what it reads, and --most-gib allows 0 GiB, so nothing was uploaded, "
                f"run or billed. What works: `patentscope run QUERY --engine bigquery --most-gib 20`; or {_WITHOUT}"
            )
        with ExitStack() as stack:
            stack.callback(self._google.close)
            self._place = self._found(project, dataset)
            self._dialect = _dialect(self._place)
            stack.pop_all()
        self._run = f"patentscope_{secrets.token_hex(4)}"
        self._made: list[str] = []
        self._small: dict[str, pa.Table] = {}
        self._names = self._statements = 0

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop the tables; an error is not hidden by another one here."""
        tell = self._allowance.progress
        try:
            for name in [*self._made]:
                self._drop(name)
        except PatentscopeError as trouble:
            left = f"tables {self._place}.{self._run}_* are not dropped"
            tell(Notice(f"engine bigquery: {left}; they expire within a day; {trouble}"))
        finally:
            self._google.close()
        if self._statements:
            billed = volume(self._allowance.billed)
            tell(Notice(f"engine bigquery: {self._statements} statements; {billed} billed for this run so far"))

    def put(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Store *table* under *name*, in place of what had that name."""
        ours = plain(as_arrow(table))
        if name in self._small and self._small[name].equals(ours):
            return
        with io.BytesIO() as file:
            pq.write_table(ours, file)
            self._upload(name, file)
        if ours.nbytes < _SMALL:
            self._small[name] = ours

    def take(self, name: str, table: pa.Table | Path) -> None:
        """Give *name* to a table, or to the rows of a parquet file, which is uploaded as it is."""
        if isinstance(table, Path):
            with table.open("rb") as file:
                self._upload(name, file)
        else:
            self.put(name, table)

    def make(self, name: str, select: str) -> None:
        """Store the rows of a query under *name*, in place of what had that name."""
        sql, reads = self._dialect.said(select)
        target = self._new(name)
        expires = f"expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL {_LIFE.days * 24} HOUR)"
        self._carry_out(f"CREATE OR REPLACE TABLE `{self._place}.{target}`\nOPTIONS ({expires}) AS\n{sql}", reads)
        self._give(name, target)

    def view(self, name: str, select: str) -> None:
        """Give *name* to a query, which stands in every statement that uses it: nothing is asked for it."""
        self._small.pop(name, None)
        self._dialect.views[name] = self._dialect.parsed(select)
        if name in self._dialect.tables:
            self._drop(self._dialect.tables.pop(name))

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query as a pandas frame; integers stay integers, dates become timestamps."""
        rows = self._carry_out(*self._dialect.said(sql))
        with self._google.asked():
            table = rows.to_arrow(create_bqstorage_client=False)
        return as_frame(table)

    def _found(self, project: str | None, dataset: str) -> str:
        """Return the dataset's full name, and let jobs run where it is.

        Raises:
            UsageError: where it is not there.
        """
        full = dataset
        try:
            with self._google.asked() as (client, how):
                full = f"{project or client.project}.{dataset}"
                self._google.location = client.get_dataset(full, **how).location
        except RowsGone as error:
            raise UsageError(f"engine bigquery: {DATASET} names {full}, which is not there. {_advice(full)}") from error
        return full

    def _new(self, name: str) -> str:
        """Return a name in the dataset that nothing had before, so that no limit on changes of a table is met."""
        self._names += 1
        target = f"{self._run}_{name}_{self._names}"
        self._made.append(target)
        return target

    def _give(self, name: str, target: str) -> None:
        """Let *name* mean the table *target*, and drop what it meant."""
        self._small.pop(name, None)
        self._dialect.views.pop(name, None)
        before, self._dialect.tables[name] = self._dialect.tables.get(name), target
        if before is not None:
            self._drop(before)

    def _drop(self, target: str) -> None:
        with self._google.asked() as (client, how):
            client.delete_table(f"{self._place}.{target}", not_found_ok=True, **how)
        self._made.remove(target)

    def _upload(self, name: str, file: IO[bytes]) -> None:
        """Store the rows of a parquet file: into a table made first, because a load says nothing of when it expires."""
        self._allowance.progress(f"bigquery: uploading {name}")
        target, about = self._new(name), pq.ParquetFile(file)
        with self._google.asked() as (client, how):
            from google.cloud.bigquery import SchemaField, Table  # noqa: PLC0415 - an extra

            fields = [SchemaField(field.name, type_of(field.type)[0]) for field in about.schema_arrow]
            table = Table(f"{self._place}.{target}", schema=fields)
            table.expires = dt.datetime.now(tz=dt.UTC) + _LIFE
            client.create_table(table, exists_ok=True, **how)
        if about.metadata.num_rows:
            self._google.load(file, f"{self._place}.{target}", fields)
        self._give(name, target)

    def _carry_out(self, sql: str, reads: int) -> Any:  # noqa: ANN401 - the library's own type
        """Carry out a statement over so many tables, if its price is allowed; return its rows."""
        size = max(self._google.size_of(sql), LEAST * max(1, reads))
        self._settle(size)
        job = self._google.begin(sql, f"patentscope-{uuid.uuid4().hex}", self._allowance.left)
        rows = self._google.finish(job)
        billed = job.total_bytes_billed
        self._allowance.billed += size if billed is None else billed
        return rows

    def _settle(self, size: int) -> None:
        """Say what the next statement bills at most; stop where that is more than is left of what is allowed."""
        most, billed = self._allowance.most, self._allowance.billed
        if size > self._allowance.left:
            raise UsageError(
                f"engine bigquery: the next statement would bill {volume(size)}. --most-gib allows {volume(most)}, "
                f"of which {volume(billed)} are billed, so it was not run. What works: a larger one, at least "
                f"--most-gib {math.ceil((billed + size) / GIB)}; or {_WITHOUT}"
            )
        self._statements += 1
        text = f"bigquery: statement {self._statements}; it bills {volume(size)}, after {volume(billed)}"
        if self._statements == 1:
            text = Notice(
                f"engine bigquery: the first statement bills {volume(size)}, the whole run at most {volume(most)}, as "
                f"--most-gib allows: {price(most)}. Its tables are {self._place}.{self._run}_*"
            )
        self._allowance.progress(text)


def _dialect(place: str) -> Dialect:
    try:
        return Dialect(place)
    except ImportError as error:
        raise UsageError(
            f"engine bigquery: {error.name} is not installed: pip install 'patentscope[bigquery]'. {_ADVICE.without}"
        ) from error


def _named_dataset() -> tuple[str | None, str]:
    """Return the project, if one is named, and the dataset that the environment names.

    Raises:
        UsageError: where it names none.
    """
    stated = os.environ.get(DATASET, "")
    found = _PLACE.fullmatch(stated)
    if found is None:
        what = f"found {stated!r}" if stated else "it is not set"
        raise UsageError(
            f"engine bigquery: {DATASET} names the dataset that its tables are put in ({what}; expected "
            f"PROJECT.DATASET, or DATASET alone). {_advice('PROJECT.patentscope')}"
        )
    return found["project"], found["dataset"]


def _advice(full: str) -> str:
    """Return how a dataset is made, and what works without one."""
    project, _, dataset = full.rpartition(".")
    return f"Make one with `bq mk --dataset {project}:{dataset}`, and `export {DATASET}={full}`. {_ADVICE.without}"
