"""Of a collection too large to be taken in, the families that may meet a reading of the query, with all their rows.

A family is a candidate where its publications together meet a reading that asks for something. An engine reads the
files where they lie and judges by expressions that take all that the readings take later, and some more; only the
rows of candidates come into this process. What was selected is kept, so that it is not selected twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from patentscope.engines.engine import open_file_engine
from patentscope.errors import FileFormatError
from patentscope.fetch.collection import sql as candidates_sql
from patentscope.fetch.collection.collection import collect
from patentscope.provenance.hashes import hash_of_files
from patentscope.provenance.ledger import Loss, Selection, Source
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import code_hash
from patentscope.provenance.writing import make_folder, write_json
from patentscope.records import intake, intake_columns, store
from patentscope.records.imported import Imported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from patentscope.engines.engine import FileEngine
    from patentscope.fetch.asking import Asking
    from patentscope.fetch.collection.collection import Collection
    from patentscope.query.query import Query

#: The folder of the cache that what was selected is kept in.
KEPT = "candidates"


@dataclass(frozen=True)
class _Selected:
    """Rows of candidates (`store.SCHEMA`), what of the collection was left out and why, and its latest date."""

    table: pa.Table
    left_out: list[Loss]
    selection: Selection
    latest: dt.date | None


def select(query: Query, inputs: Sequence[Path | str], asking: Asking) -> Imported:
    """Return the publications of *inputs*, one collection, whose families are candidates of *query*.

    Args:
        query: the question; its engine reads the collection.
        inputs: as `collection.collect` takes them.
        asking: where what was selected is kept, and who is told.

    Raises:
        QueryError: where every reading is the classifier's.
        UsageError: where the engine reads no files or isn't installed, or the files are not in our own columns.
        FileFormatError: where they can't be read.
    """
    statement = candidates_sql.candidate(query)
    with open_file_engine(query.engine) as engine:
        asking.progress(Progress(f"candidates: looking at {', '.join(map(str, inputs))}"))
        collection = collect(inputs)
        kept = asking.cache / KEPT / hashlib.sha256(f"{code_hash()}{collection.sha256}{statement}".encode()).hexdigest()
        found = _again(kept) if collection.sha256 else None
        if found is None:
            reads = f"candidates: {query.engine} reads {len(collection.files)} files of {collection.name}"
            asking.progress(Progress(reads))
            found = _selected(engine, collection, statement)
            if collection.sha256:
                _keep(kept, found)
    return Imported(
        found.table,
        _source(collection, found),
        "parquet",
        "binary",
        found.selection.rows,
        found.left_out,
        latest=found.latest,
    )


def _source(collection: Collection, found: _Selected) -> Source:
    """Return the collection as a source, with what was read of it."""
    said = found.selection
    alone = (
        f" {said.without_family:,} rows state no family: they are held together by their priorities as written, else "
        "by their application number, so that a member of such a family may be missing."
    )
    return Source(
        name=collection.name,
        kind="file",
        title=f"{collection.name}, a collection in parquet",
        retrieved=None,
        licence="as its owner states",
        sha256=collection.sha256 or _digest(found.table),
        records=said.rows,
        note=f"Of {said.rows:,} rows {said.kept:,} were read: those of the {said.families:,} families whose "
        f"publications together may meet a reading of the query.{alone if said.without_family else ''}",
        selection=said,
    )


def _digest(table: pa.Table) -> str:
    """Return a hash of a table's rows, whatever their order: that of a collection whose own bytes are out of reach."""
    rows = (
        json.dumps(row, default=str) for batch in table.to_batches(max_chunksize=10_000) for row in batch.to_pylist()
    )
    digests = sorted(hashlib.sha256(row.encode("utf-8", "surrogatepass")).digest() for row in rows)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _selected(engine: FileEngine, collection: Collection, statement: str) -> _Selected:
    """Have the engine select, and account for every row of the collection."""
    today = dt.datetime.now(tz=dt.UTC).date()
    try:
        engine.read("world", collection.files)
        schema = engine.table("select * from world limit 0").schema
        present = frozenset(entry.name for entry in schema if not _is_empty(entry.type))
        if "publication_number" not in present:
            raise FileFormatError(f"{collection.name}: no column `publication_number`; found {', '.join(schema.names)}")
        engine.view("record", candidates_sql.record(present))
        engine.make("candidate", statement)
        offices = engine.frame(candidates_sql.by_office(today))
        numberless = engine.frame(candidates_sql.without_number(present))
        families = int(engine.frame("select count(*) as n from candidate")["n"].iloc[0])
        rows = engine.table(candidates_sql.rows(present))
    except engine.faults as error:
        raise FileFormatError(f"{collection.name}: can't be read ({str(error).splitlines()[0][:300]})") from error
    table = store.publications_of(rows, collection.name)
    others = offices[offices["is_in"].eq(0)]
    dates = offices["latest"].dropna()
    total = int(offices["n"].sum() + numberless["n"].sum())
    return _Selected(
        table,
        [*_by_office(intake.NO_NUMBER, numberless), *_by_office(intake.NO_CANDIDATE, others)],
        Selection(total, table.num_rows, families, int(offices["alone"].sum())),
        dates.max().date() if len(dates) else None,
    )


def _is_empty(kind: pa.DataType) -> bool:
    """Say whether a column can hold nothing but nulls."""
    return bool(pa.types.is_null(kind) or (pa.types.is_list(kind) and pa.types.is_null(kind.value_type)))


def _by_office(reason: str, counts: pd.DataFrame) -> list[Loss]:
    """Return what was left out, by office: as stated, else as the first number shows it."""
    first = pa.array(counts["first"] if "first" in counts else [None] * len(counts), pa.string())
    shown, _ = intake_columns.shown_in(intake_columns.publication_numbers(first))
    stated = pa.array(counts["stated"], pa.string(), from_pandas=True)
    country = intake_columns.codes(stated, shown, intake_columns.OFFICE)[0].fill_null("unknown")
    table = pd.DataFrame({"country": country.to_pylist(), "n": counts["n"].to_numpy(), "first": first.to_pylist()})
    return [
        Loss(reason, str(office), int(part["n"].sum()), tuple(sorted(part["first"].dropna())[:1]))
        for office, part in table.groupby("country", sort=True)
    ]


def _keep(path: Path, found: _Selected) -> None:
    """Keep what was selected: rows as parquet, the account beside them, in this order."""
    make_folder(path.parent)
    store.write(found.table, path.with_suffix(".parquet"))
    account = {
        "rows": hash_of_files([path.with_suffix(".parquet")]),
        "left_out": [vars(loss) for loss in found.left_out],
        "selection": vars(found.selection),
        "latest": found.latest,
    }
    write_json(path.with_suffix(".json"), account)


def _again(path: Path) -> _Selected | None:
    """Return what was selected before; None where nothing whole is kept."""
    try:
        account: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if account["rows"] != hash_of_files([path.with_suffix(".parquet")]):
            return None
        return _Selected(
            store.read(path.with_suffix(".parquet")),
            [Loss(**{**loss, "first": tuple(loss["first"])}) for loss in account["left_out"]],
            Selection(**account["selection"]),
            dt.date.fromisoformat(account["latest"]) if account["latest"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
