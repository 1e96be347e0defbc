"""A small BigQuery on loopback: as much of its REST API as Google's client uses, over made rows of the patents table.

The SQL is really run, by DuckDB, which shares BigQuery's regular expressions (RE2); `in_duckdb` writes the few words
that differ. Numbers go over the line as text, records as lists of fields, as the API has them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pyarrow as pa

from servers.loopback import Handler, serving

_NAMED = pa.struct([("name", pa.string()), ("country_code", pa.string())])
_CODE = pa.struct([("code", pa.string()), ("inventive", pa.bool_())])
_TEXT = pa.struct([("text", pa.string()), ("language", pa.string())])
_CLAIM = pa.struct([("application_number", pa.string()), ("filing_date", pa.int64()), ("type", pa.string())])
TABLE = pa.schema(
    [
        *((name, pa.string()) for name in ("publication_number", "application_number", "country_code", "kind_code")),
        ("family_id", pa.string()),
        *((name, pa.int64()) for name in ("publication_date", "filing_date", "priority_date")),
        ("title_localized", pa.list_(_TEXT)),
        *((name, pa.list_(_NAMED)) for name in ("assignee_harmonized", "inventor_harmonized")),
        *((name, pa.list_(_CODE)) for name in ("cpc", "ipc")),
        ("priority_claim", pa.list_(_CLAIM)),
    ]
)

_TYPES = ((pa.types.is_integer, "INTEGER"), (pa.types.is_boolean, "BOOLEAN"), (pa.types.is_date, "DATE"))


def row(number: str, **facts: Any) -> dict[str, Any]:
    """Return a made row of the table; `cpc` and `ipc` are symbols, `title` the English one."""
    office, _, kind = number.split("-")
    made: dict[str, Any] = {
        "publication_number": number,
        "application_number": f"{number}-APP",
        "country_code": office,
        "kind_code": kind,
        "family_id": number.split("-")[1],
        "publication_date": 20230601,
        "filing_date": 20220601,
        "priority_date": 20210601,
        "title_localized": [{"text": facts.pop("title", "Something else"), "language": "en"}],
        "assignee_harmonized": [{"name": "ACME", "country_code": office}],
        "inventor_harmonized": [],
        "priority_claim": [{"application_number": "JP-2021001-A", "filing_date": 20210601, "type": ""}],
    }
    for scheme in ("cpc", "ipc"):
        made[scheme] = [{"code": symbol, "inventive": True} for symbol in facts.pop(scheme, ())]
    return made | facts


def in_duckdb(sql: str) -> str:
    """Return BigQuery's SQL, as far as the program writes it, as DuckDB has it."""
    sql = re.sub(r"`patents-public-data\.patents\.publications`", "publications", sql)
    sql = re.sub(r"SELECT AS STRUCT ((?:c\.\w+(?:, )?)+)", _packed, sql)
    sql = re.sub(
        r"FROM UNNEST\((\S+)\) AS (\w+)( WITH OFFSET AS place ORDER BY place)?", r"FROM (SELECT UNNEST(\1) AS \2)", sql
    )
    sql = re.sub(r"NORMALIZE\((\S+), NFKC\)", r"nfkc(\1)", sql)
    words = {
        "REGEXP_CONTAINS(": "regexp_matches(",
        "LOGICAL_OR(": "bool_or(",
        "ARRAY_CONCAT(": "list_concat(",
        " r'": " '",
    }
    for theirs, ours in words.items():
        sql = sql.replace(theirs, ours)
    return sql


def _packed(match: re.Match[str]) -> str:
    names = [column.removeprefix("c.") for column in match[1].split(", ")]
    return f"SELECT struct_pack({', '.join(f'{name} := c.{name}' for name in names)})"


@dataclass
class Moods:
    """What goes wrong: `fail` answers the request of that number so (status, reason); `lie` is added to the total."""

    size: int = 3 << 30
    page: int = 10**9
    fail: dict[int, tuple[int, str]] = field(default_factory=dict)
    lie: int = 0
    fail_job: str = ""
    forget: bool = False


@dataclass
class State:
    """What the server holds, and what was asked of it."""

    rows: list[dict[str, Any]]
    moods: Moods
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, pa.Table] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dry_runs: int = 0

    def run(self, sql: str) -> pa.Table:
        """Run BigQuery's SQL over the made rows."""
        with duckdb.connect() as base:
            base.create_function("nfkc", lambda text: unicodedata.normalize("NFKC", text), ["VARCHAR"], "VARCHAR")
            base.register("publications", pa.Table.from_pylist(self.rows, schema=TABLE))
            return base.sql(in_duckdb(sql)).to_arrow_table()


class _Handler(Handler):
    """The source's questions: statements over the one table, and their rows."""

    def post(self) -> None:
        """Take in a job, or price it."""
        body = json.loads(self.body())
        if self._is_refused():
            return
        state, configuration = self.server.state, body["configuration"]
        sql = configuration["query"]["query"]
        if configuration.get("dryRun"):
            state.dry_runs += 1
            size = {"totalBytesProcessed": str(state.moods.size)}
            statistics = {**size, "query": size}
            self.send(200, {**body, "status": {"state": "DONE"}, "statistics": statistics})
            return
        name = body["jobReference"]["jobId"]
        if name in state.jobs:
            self._error(409, "duplicate")
            return
        status: dict[str, Any] = {"state": "DONE"}
        reason = state.moods.fail_job
        if state.moods.size > int(configuration["query"]["maximumBytesBilled"]):
            reason = "bytesBilledLimitExceeded"
        if reason:
            status["errorResult"] = {"reason": reason, "message": f"as told: {reason}"}
        else:
            state.results[name] = state.run(sql)
        statistics = {"query": {"totalBytesBilled": str(state.moods.size)}}
        reference = {**body["jobReference"], "location": "US"}
        state.jobs[name] = {**body, "jobReference": reference, "status": status, "statistics": statistics}
        self.send(200, {**state.jobs[name], "status": {"state": "RUNNING"}})

    def get(self) -> None:
        """Tell of a job, or give a page of its rows."""
        if self._is_refused():
            return
        state, parts = self.server.state, urlsplit(self.path)
        kind, name = parts.path.rsplit("/", 2)[1:]
        found = state.jobs if kind == "jobs" else state.results
        if state.moods.forget or name not in found:
            self._error(404, "notFound")
        elif kind == "jobs":
            self.send(200, state.jobs[name])
        else:
            self.send(200, self._rows(state.results[name], parse_qs(parts.query)))

    def _rows(self, table: pa.Table, asked: dict[str, list[str]]) -> dict[str, Any]:
        first = int(asked.get("pageToken", asked.get("startIndex", ["0"]))[0])
        size = min(int(asked.get("maxResults", ["100"])[0]), self.server.state.moods.page)
        rows = [
            {"f": [{"v": _cell(value)} for value in entry.values()]} for entry in table.slice(first, size).to_pylist()
        ]
        answer: dict[str, Any] = {
            "jobComplete": True,
            "totalRows": str(table.num_rows + self.server.state.moods.lie),
            "schema": {"fields": [_field(one) for one in table.schema]},
        }
        if rows:  # the API leaves them out where there are none
            answer["rows"] = rows
        if size and first + size < table.num_rows:
            answer["pageToken"] = str(first + size)
        return answer

    def _is_refused(self) -> bool:
        state = self.server.state
        state.asked.append(f"{self.command} {self.path}")
        assert "Authorization" not in self.headers
        status, reason = state.moods.fail.get(len(state.asked), (0, ""))
        if status:
            self._error(status, reason)
        return bool(status)

    def _error(self, status: int, reason: str) -> None:
        error = {"code": status, "message": f"as told: {reason}", "errors": [{"reason": reason, "message": "as told"}]}
        self.send(status, {"error": error})


def _cell(value: Any) -> Any:
    """Return a value as the API writes it."""
    if isinstance(value, list):
        return [{"v": _cell(entry)} for entry in value]
    if isinstance(value, dict):
        return {"f": [{"v": _cell(entry)} for entry in value.values()]}
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


def _field(column: pa.Field) -> dict[str, Any]:
    """Return a column as the API declares it."""
    kind, mode = column.type, "NULLABLE"
    if pa.types.is_list(kind):
        kind, mode = kind.value_type, "REPEATED"
    if pa.types.is_struct(kind):
        return {"name": column.name, "type": "RECORD", "mode": mode, "fields": [_field(one) for one in kind]}
    named = next((name for test, name in _TYPES if test(kind)), "STRING")
    return {"name": column.name, "type": named, "mode": mode}


@contextmanager
def serve(rows: list[dict[str, Any]], moods: Moods | None = None) -> Iterator[tuple[str, State]]:
    """Serve *rows* on loopback; give the base address and what was asked."""
    state = State(rows, moods or Moods())
    with serving(_Handler, state) as base:
        yield f"{base}/bigquery/v2", state
