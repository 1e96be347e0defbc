"""A small BigQuery on loopback that keeps tables: datasets, loads of parquet files, and statements that are really run.

It takes the statements in BigQuery's dialect, and has DuckDB run what they mean. What Google holds a user to is held
to here: full names, one kind of integer, a limit on what is billed, an end to every table's life.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from bigquery_server import Handler, Moods
from sqlglot import exp

PROJECT, DATASET = "local", "land"
_LEAST = 10 << 20
_TYPES = {"INTEGER": pa.int64(), "DATE": pa.date32(), "BOOLEAN": pa.bool_(), "STRING": pa.string()}
_SHORT = {"INT64": "INTEGER", "BOOL": "BOOLEAN"}


@dataclass
class Warehouse:
    """What the server holds and what was asked of it; `log` has dry runs, runs, loads and drops in their order."""

    moods: Moods
    size: int | None = None
    refuses_drops: bool = False
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, pa.Table] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Open the database."""
        self.base = duckdb.connect()
        self.base.execute(f"attach ':memory:' as \"{PROJECT}\"")
        self.base.execute(f'create schema "{PROJECT}"."{DATASET}"')

    def did(self, what: str) -> list[str]:
        """Return the statements or tables with which *what* was done."""
        return [about for kind, about in self.log if kind == what]

    def create(self, name: str, fields: list[dict[str, Any]], expires: str) -> None:
        """Make an empty table; it must end some day."""
        end = dt.datetime.fromtimestamp(int(expires) / 1000, tz=dt.UTC)
        assert dt.timedelta() < end - dt.datetime.now(tz=dt.UTC) <= dt.timedelta(days=1)
        self.tables[name] = fields
        self._fill(name, pa.table({one["name"]: pa.array([], _type_of(one)) for one in fields}))

    def load(self, configuration: dict[str, Any], raw: bytes) -> None:
        """Load a parquet file into a table that is there and empty, whose types must be the file's."""
        target = configuration["destinationTable"]["tableId"]
        assert (configuration["sourceFormat"], configuration["writeDisposition"]) == ("PARQUET", "WRITE_EMPTY")
        assert not self.sizes[target]
        rows = pq.read_table(io.BytesIO(raw))
        stated = pa.schema([(one["name"], _type_of(one)) for one in self.tables[target]])
        kinds = [pa.int64() if pa.types.is_integer(one) else one for one in rows.schema.types]
        assert kinds == stated.types, (kinds, stated)
        self._fill(target, rows.cast(stated))
        self.log.append(("load", target))

    def drop(self, name: str) -> bool:
        """Drop a table; say whether it was there."""
        if self.tables.pop(name, None) is None:
            return False
        self.base.execute(f'drop table "{PROJECT}"."{DATASET}"."{name}"')
        self.log.append(("drop", name))
        return True

    def size_of(self, sql: str) -> tuple[int, int]:
        """Return what a statement reads, and what is billed for that: of every table at least 10 MB."""
        tree = sqlglot.parse_one(sql, read="bigquery")
        own = {entry.alias for entry in tree.find_all(exp.CTE)}
        target = tree.this.name if isinstance(tree, exp.Create) else None
        read = {one.name for one in tree.find_all(exp.Table)} - own - {target}
        size = sum(self.sizes[name] for name in read) if self.size is None else self.size
        return size, max(size, _LEAST * max(1, len(read)))

    def run(self, sql: str) -> pa.Table | None:
        """Run a statement; return its rows, or None for one that stores them."""
        tree = sqlglot.parse_one(sql, read="bigquery")
        own = {entry.alias for entry in tree.find_all(exp.CTE)}
        for one in tree.find_all(exp.Table):
            assert one.name in own or (one.catalog, one.db) == (PROJECT, DATASET), one
        if not isinstance(tree, exp.Create):
            return _in_its_types(self.base.sql(tree.sql(dialect="duckdb")).to_arrow_table())
        assert re.search(r"TIMESTAMP_ADD\(CURRENT_TIMESTAMP\(\), INTERVAL 24 HOUR\)", sql)
        rows = _in_its_types(self.base.sql(tree.expression.sql(dialect="duckdb")).to_arrow_table())
        self.tables[tree.this.name] = []
        self._fill(tree.this.name, rows)
        return None

    def _fill(self, name: str, rows: pa.Table) -> None:
        self.base.register("incoming", rows)
        self.base.execute(f'create or replace table "{PROJECT}"."{DATASET}"."{name}" as select * from incoming')
        self.base.unregister("incoming")
        self.sizes[name] = sum(_size_of(column) for column in rows.columns)


def _type_of(declared: dict[str, Any]) -> pa.DataType:
    return _TYPES[_SHORT.get(declared["type"], declared["type"])]


def _in_its_types(rows: pa.Table) -> pa.Table:
    """Return rows with BigQuery's one kind of integer; DuckDB has several, and sums that Arrow has as decimals."""
    return rows.cast(
        pa.schema(
            [
                (one.name, pa.int64() if pa.types.is_integer(one.type) or pa.types.is_decimal(one.type) else one.type)
                for one in rows.schema
            ]
        )
    )


def _size_of(column: pa.ChunkedArray) -> int:
    """Return a column's size as it is billed: two bytes and the text, eight for a number or a date, one for a truth."""
    known = len(column) - column.null_count
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return 2 * known + sum(len(value.encode()) for value in column.to_pylist() if value is not None)
    return known * (1 if pa.types.is_boolean(column.type) else 8)


class _Handler(Handler):
    def do_POST(self) -> None:  # noqa: N802 - the library's names
        """Take in a table, an upload, or a statement."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_refused():
            return
        parts = urlsplit(self.path)
        with self.server.state.lock:
            if parts.path.startswith("/upload/"):
                self._upload(parts.query, raw)
            elif parts.path.endswith("/tables"):
                table = json.loads(raw)
                name = table["tableReference"]["tableId"]
                self.server.state.create(name, table["schema"]["fields"], table["expirationTime"])
                self._send(200, table)
            else:
                self._query(json.loads(raw))

    def do_PUT(self) -> None:  # noqa: N802 - the library's names
        """Take in the bytes of an upload that was announced."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_refused():
            return
        with self.server.state.lock:
            (name,) = parse_qs(urlsplit(self.path).query)["upload_id"]
            self._load(self.server.state.uploads.pop(name), raw)

    def do_DELETE(self) -> None:  # noqa: N802 - the library's names
        """Drop a table."""
        if self._is_refused():
            return
        with self.server.state.lock:
            if self.server.state.refuses_drops:
                self._error(403, "accessDenied")
            elif self.server.state.drop(urlsplit(self.path).path.rsplit("/", 1)[1]):
                self._send(200, {})
            else:
                self._error(404, "notFound")

    def do_GET(self) -> None:  # noqa: N802 - the library's names
        """Tell of a dataset or a job, or give a page of a job's rows."""
        kind, name = urlsplit(self.path).path.rsplit("/", 2)[1:]
        if kind == "datasets":
            if self._is_refused():
                return
            if name == DATASET:
                reference = {"projectId": PROJECT, "datasetId": name}
                self._send(200, {"datasetReference": reference, "location": "EU"})
            else:
                self._error(404, "notFound")
        elif kind == "queries" and self.server.state.results.get(name, False) is None:
            self._send(200, {"jobComplete": True, "jobReference": {"jobId": name}, "schema": {}})
        else:
            super().do_GET()

    def _upload(self, query: str, raw: bytes) -> None:
        """Take in a load, with its file or before it."""
        if parse_qs(query)["uploadType"] == ["resumable"]:
            job = json.loads(raw)
            name = job["jobReference"]["jobId"]
            self.server.state.uploads[name] = job
            place = f"http://{self.headers['Host']}{self.path}&upload_id={name}"
            self._send(200, {}, {"Location": place})
            return
        boundary = re.search(r"boundary=\"?([^\";]+)", self.headers["Content-Type"])
        assert boundary is not None
        _, head, body, _ = raw.split(b"--" + boundary[1].encode())
        job, file = (part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for part in (head, body))
        self._load(json.loads(job), file)

    def _load(self, job: dict[str, Any], raw: bytes) -> None:
        self.server.state.load(job["configuration"]["load"], raw)
        self._done(job, {})

    def _query(self, job: dict[str, Any]) -> None:
        """Price a statement, or run it where its limit allows that."""
        state, configuration = self.server.state, job["configuration"]
        assert job["jobReference"]["location"] == "EU"
        sql = configuration["query"]["query"]
        size, billed = state.size_of(sql)
        if configuration.get("dryRun"):
            state.log.append(("dry run", sql))
            statistics = {"totalBytesProcessed": str(size), "query": {"totalBytesProcessed": str(size)}}
            self._send(200, {**job, "status": {"state": "DONE"}, "statistics": statistics})
            return
        reason = state.moods.fail_job
        if billed > int(configuration["query"]["maximumBytesBilled"]):
            reason = "bytesBilledLimitExceeded"
        if reason:
            error = {"errorResult": {"reason": reason, "message": f"as told: {reason}"}}
            self._done(job, {"query": {"totalBytesBilled": "0"}}, error)
            return
        state.log.append(("run", sql))
        try:
            state.results[job["jobReference"]["jobId"]] = state.run(sql)
        except duckdb.Error as error:
            self._error(400, f"invalidQuery: {error}")
            return
        self._done(job, {"query": {"totalBytesBilled": str(billed)}})

    def _done(self, job: dict[str, Any], statistics: dict[str, Any], error: dict[str, Any] | None = None) -> None:
        answer = {**job, "status": {"state": "DONE", **(error or {})}, "statistics": statistics}
        self.server.state.jobs[job["jobReference"]["jobId"]] = answer
        self._send(200, answer)


@contextmanager
def serve(moods: Moods | None = None) -> Iterator[tuple[str, Warehouse]]:
    """Serve an empty dataset on loopback; give the base address and what is held and asked there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.state = state = Warehouse(moods or Moods())  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/bigquery/v2", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        state.base.close()
