"""Exports of Google's `patents-public-data` from BigQuery: JSON lines or parquet, nested or flattened.

BigQuery writes integers into JSON as text, dates as YYYYMMDD with 0 for "missing", a family of -1 for "none", and
lists into parquet with or without an `element` level, as the export was set up. An export holds what its own SQL
matched; only the SQL that this program prints says of its rows that families are whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patentscope.errors import FileFormatError
from patentscope.files.container import heads, members, unpacking
from patentscope.files.spool import Aside, FileAccount, gathered
from patentscope.files.tables.bigquery_row import COLUMNS, TELLTALES, WHOLE_FAMILIES, publication_of
from patentscope.files.tables.parquet import MAGIC
from patentscope.records import texts
from patentscope.records.imported import Imported
from patentscope.records.intake import JOINED
from patentscope.records.publication import Publication
from patentscope.records.store import APART, SCHEMA, together
from patentscope.records.texts import Texts

_LONGEST_LINE = 16 << 20
_BATCH = 5000
_NUMBER_KEY = re.compile(rb'"publication_number"\s*:')
_TELLTALE_KEY = re.compile(rb'"(' + "|".join(sorted(TELLTALES)).encode() + rb')"\s*:')
_DASHED = re.compile(rb'"publication_number"\s*:\s*"[A-Z]{2}-[^"]+-[A-Z]\d?"')
_BLANKS = b"\xef\xbb\xbf \r\n\t"
_LICENCE = "CC BY 4.0, Google Patents Public Data by IFI CLAIMS Patent Services and Google"
_NOTE = "A table of Google Patents Public Data; the family is Google's copy of the DOCDB simple family."
_NOT_WHOLE = " It holds what its own SQL matched: other members of a family may be missing."


@dataclass
class _Seen:
    """What an export's rows were seen to have: which columns, and whether all of them say that families are whole."""

    columns: set[str] = field(default_factory=set)
    whole: bool = True


def recognises(head: bytes, path: Path) -> bool:
    """Say whether a file that begins with *head* is such an export (also in a gzip or zip); its name says nothing."""
    if head.startswith(MAGIC):
        try:
            return is_export(pq.read_schema(path))
        except (OSError, ValueError, pa.ArrowException):
            return False
    return any(
        start.lstrip(_BLANKS).startswith((b"{", b"["))
        and _NUMBER_KEY.search(start)
        and (_TELLTALE_KEY.search(start) or _DASHED.search(start))
        for start in heads(head, path)
    )


def is_export(schema: pa.Schema) -> bool:
    """Say whether a parquet file of this *schema* has the columns of BigQuery's table, and not our own."""
    dates = [schema.field(name).type for name in ("publication_date", "filing_date") if name in schema.names]
    return "publication_number" in schema.names and (
        bool(TELLTALES & set(schema.names)) or any(pa.types.is_integer(date) for date in dates)
    )


def read(path: Path) -> Imported:
    """Read an export: parquet, or JSON lines (or one JSON list), plain, gzip or zip.

    Raises:
        FileFormatError: where it is damaged, or has no publication numbers.
    """
    seen = _Seen()
    with unpacking(str(path)):
        account = FileAccount(path)
        with path.open("rb") as stream:
            is_parquet = stream.read(len(MAGIC)) == MAGIC
        rows = _parquet_rows(path) if is_parquet else _json_rows(path, account)
        table, told = _joined(*gathered(_publications(rows, account, seen)), account)
    if not table.num_rows + account.count:
        raise FileFormatError(f"{path}: found no row in it; expected an export of patents-public-data")
    absent = ", ".join(sorted(what for what, names in COLUMNS.items() if not names & seen.columns))
    account.notes = {"columns absent": absent} if absent else {}
    return account.imported(
        table,
        "bigquery_export",
        told=told,
        what="an export of patents-public-data from BigQuery",
        encoding="binary" if is_parquet else "utf-8",
        licence=_LICENCE,
        note=_NOTE + ("" if seen.whole else _NOT_WHOLE) + (f" Not in it: {absent}." if absent else ""),
        has_family_members=seen.whole,
    )


def _publications(rows: Iterator[tuple[str, Any]], account: FileAccount, seen: _Seen) -> Iterator[Publication]:
    for where, row in rows:
        if not isinstance(row, dict):
            account.add("a row that is no record", None, where)
            continue
        seen.columns.update(row)
        seen.whole = seen.whole and row.get(WHOLE_FAMILIES) in (True, "true")
        if publication := publication_of(row, *account.names):
            yield publication
        else:
            account.add("no publication number", None, where)


def _parquet_rows(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with pq.ParquetFile(path) as file:
            if "publication_number" not in file.schema_arrow.names:
                raise FileFormatError(
                    f"{path}: no column `publication_number`; found {', '.join(file.schema_arrow.names[:12])}"
                )
            known = sorted({WHOLE_FAMILIES}.union(*COLUMNS.values()) & set(file.schema_arrow.names))
            place = 0
            for batch in file.iter_batches(_BATCH, columns=known):
                for place, row in enumerate(batch.to_pylist(), start=place + 1):  # noqa: B020 - it goes on counting
                    yield f"{path}: row {place}", row
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise FileFormatError(f"{path}: not a readable parquet file ({str(error).splitlines()[0][:160]})") from error


def _json_rows(path: Path, aside: Aside) -> Iterator[tuple[str, Any]]:
    for member in members(path):
        if member.head().lstrip(_BLANKS).startswith(b"["):
            # One list, as the console saves small results; `Member` limits its size.
            try:
                rows = json.loads(member.stream.read().decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                raise FileFormatError(f"{member.where}: a JSON list that can't be read ({error})") from error
            yield from ((f"{member.where}: record {place}", row) for place, row in enumerate(rows, start=1))
            continue
        for place, line in enumerate(iter(lambda: member.stream.readline(_LONGEST_LINE), b""), start=1):  # noqa: B023
            text, where = line.removeprefix(b"\xef\xbb\xbf").strip(), f"{member.where}: line {place}"
            if len(line) == _LONGEST_LINE:
                raise FileFormatError(
                    f"{where}: a line of over {_LONGEST_LINE >> 20} MB, {line[:40]!r} ...; expected one record a line"
                )
            member.record_ended()
            if not text:
                continue
            try:
                yield where, json.loads(text)
            except (ValueError, RecursionError):
                aside.add("a line that is no JSON", None, where)


def _joined(table: pa.Table, told: Texts | None, aside: Aside) -> tuple[pa.Table, Texts | None]:
    """Return *table*, and texts where they are apart, with one row a number.

    Lists are united, the first stated value of everything else is kept.

    The further rows of a publication are counted in *aside*, so that rows in stay rows out and rows set aside; they are
    no bad records (`intake.merge`).
    """
    counts = pc.value_counts(table.column("publication_number"))
    repeated = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if not len(repeated):
        return table, told
    is_repeated = pc.is_in(table.column("publication_number"), value_set=repeated)
    whole: dict[str, dict[str, Any]] = {}
    found, rows = table.filter(is_repeated), np.flatnonzero(is_repeated)
    for row in (found if told is None else together(found, told.at(rows))).to_pylist():
        first = whole.setdefault(row["publication_number"], row)
        if first is row:
            continue
        aside.add(JOINED, row["office"], row["publication_number"])
        for name, value in row.items():
            if isinstance(value, list):
                first[name] += [entry for entry in value if entry not in first[name]]
            elif first[name] is None:
                first[name] = value
    rest = table.filter(pc.invert(is_repeated))
    joined = pa.Table.from_pylist(list(whole.values()), schema=SCHEMA)
    if told is None:
        return pa.concat_tables([rest, joined]), None
    numbers = joined.column("publication_number")
    read = pc.unique(table.column("publication_number").take(pa.array(np.intersect1d(rows, told.with_entities))))
    had = np.flatnonzero(pc.is_in(numbers, value_set=read))
    parts = told.only(~np.asarray(is_repeated)), texts.keep(numbers, [joined], with_entities=had)
    return pa.concat_tables([rest, joined.select(APART.names)]), Texts.joined(parts)
