"""Of a collection too large to be taken in, the families that may meet a reading of the query, with all their rows.

A family is a candidate where its publications together meet a reading that asks for something, whatever its scope.
DuckDB reads the files where they lie, and only the rows of candidates are kept in memory. What was selected is kept on
disk, so that it is not selected twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.engines.duckdb import DuckEngine
from patentscope.errors import FileFormatError
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.candidates import by_office, make_candidates, record, rows_of
from patentscope.fetch.collection.collection import Collection, collect
from patentscope.provenance.hashes import hash_of, hash_of_files
from patentscope.provenance.ledger import Loss, Selection, Source
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import code_hash
from patentscope.provenance.search import Search
from patentscope.provenance.writing import make_folder, write_json
from patentscope.query.query import CLASSIFIER, Query
from patentscope.records import intake, intake_columns, store
from patentscope.records.imported import Imported


def select(query: Query, inputs: Sequence[Path | str], asking: Asking) -> Imported:
    """Return the publications of *inputs*, one collection, whose families are candidates of *query*.

    Args:
        query: the question. Whatever its engine, the collection is read here, by DuckDB.
        inputs: as `collection.collect` takes them.
        asking: where what was selected is kept, and who is told.

    Raises:
        QueryError: where every reading is the classifier's.
        UsageError: where the files are not of this machine, or not in our own columns.
        FileFormatError: where they can't be read.
    """
    scheme = query.scheme
    asked = [vars(reading) for reading in query.readings if CLASSIFIER not in reading.members]
    topic = [scheme.edition, scheme.sha256, query.classes, query.terms, asked]
    asking.progress(Progress(f"candidates: looking at {', '.join(map(str, inputs))}"))
    collection = collect(inputs)
    kept = asking.cache / "candidates" / hash_of([code_hash(), collection.sha256, topic])
    selected = _again(kept)
    if selected is None:
        asking.progress(Progress(f"candidates: reading {len(collection.files)} files of {collection.name}"))
        selected = _selected(collection, query)
        _keep(kept, *selected)
    table, account = selected
    selection = Selection(**account["selection"])
    latest = dt.date.fromisoformat(account["latest"]) if account["latest"] else None
    left_out = [Loss(**{**loss, "first": tuple(loss["first"])}) for loss in account["left_out"]]
    source = _source(collection, selection)
    searches = {path: store.searches_of(path) for path in map(Path, collection.files)}
    if any(searches.values()):
        source = source.made([part for path, parts in searches.items() for part in parts or (_unsaid(path),)])
    return Imported(table, source, "parquet", "binary", selection.rows, left_out, latest=latest)


def _source(collection: Collection, said: Selection) -> Source:
    """Return the collection as a source, with what was read of it."""
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
        sha256=collection.sha256,
        records=said.rows,
        rows=said.rows,
        note=f"Of {said.rows:,} rows {said.kept:,} were read: those of the {said.families:,} families whose "
        f"publications together may meet a reading of the query.{alone if said.without_family else ''}",
        has_family_members=all(map(store.has_family_members, map(Path, collection.files))),
        selection=said,
    )


def _unsaid(path: Path) -> Search:
    return Search(path.name, rows=pq.read_metadata(path).num_rows)


def _selected(collection: Collection, query: Query) -> tuple[pa.Table, dict[str, Any]]:
    """Return the rows of candidates (`store.SCHEMA`), and the account of every row of the collection as JSON has it."""
    today = dt.datetime.now(tz=dt.UTC).date()
    # A column is what the files hold, never a part of their path; one that a file has not is null there.
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in collection.files)
    files = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    try:
        with DuckEngine() as engine:
            engine.view("world", f"select * from {files}")
            schema = engine.connection.sql("select * from world limit 0").to_arrow_table().schema
            present = frozenset(entry.name for entry in schema if not _is_empty(entry.type))
            engine.view("record", record(present))
            make_candidates(engine, query)
            offices = engine.frame(by_office(today))
            families = int(engine.frame("select count(*) as n from candidate")["n"].iloc[0])
            rows = engine.connection.sql(rows_of(present)).to_arrow_table()
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, pa.ArrowException) as error:
        raise FileFormatError(f"{collection.name}: can't be read ({str(error).splitlines()[0][:300]})") from error
    table = store.publications_of(rows, collection.name)
    latest = offices["latest"].max()
    return table, {
        "left_out": [asdict(loss) for loss in _left_out(offices)],
        "selection": asdict(Selection(int(offices["n"].sum()), table.num_rows, families, int(offices["alone"].sum()))),
        "latest": None if pd.isna(latest) else f"{latest:%Y-%m-%d}",
    }


def _is_empty(kind: pa.DataType) -> bool:
    """Say whether a column can hold nothing but nulls."""
    return bool(pa.types.is_null(kind) or (pa.types.is_list(kind) and pa.types.is_null(kind.value_type)))


def _left_out(counts: pd.DataFrame) -> list[Loss]:
    """Return what is not among the candidates, by reason and office: as stated, else as the first number shows it."""
    first = pa.array(counts["first"], pa.string(), from_pandas=True)
    shown, _ = intake_columns.shown_in(intake_columns.publication_numbers(first))
    stated = pa.array(counts["stated"], pa.string(), from_pandas=True)
    country = intake_columns.codes(stated, shown, intake_columns.OFFICE)[0].fill_null("unknown")
    reason = counts["is_numbered"].map({False: intake.NO_NUMBER, True: intake.NO_CANDIDATE})
    table = counts.assign(country=country.to_pylist(), reason=reason)[~counts["is_in"]]
    return [
        Loss(str(why), str(office), int(part["n"].sum()), tuple(sorted(part["first"].dropna())[:1]))
        for (why, office), part in table.groupby(["reason", "country"], sort=True)
    ]


def _keep(path: Path, table: pa.Table, account: dict[str, Any]) -> None:
    """Keep what was selected: rows as parquet, the account beside them, in this order."""
    make_folder(path.parent)
    store.write(table, path.with_suffix(".parquet"))
    write_json(path.with_suffix(".json"), {**account, "seal": _seal(path, account)})


def _again(path: Path) -> tuple[pa.Table, dict[str, Any]] | None:
    """Return what was selected before; None where nothing whole is kept."""
    try:
        account: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        is_whole = account.pop("seal") == _seal(path, account)
        return (store.read(path.with_suffix(".parquet")), account) if is_whole else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _seal(path: Path, account: dict[str, Any]) -> str:
    return hash_of([hash_of_files([path.with_suffix(".parquet")]), account])
