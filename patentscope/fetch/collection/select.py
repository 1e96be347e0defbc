"""Of a collection too large to be taken in, the families that may meet a reading of the query, with all their rows.

A family is a candidate where its publications together meet a reading that asks for something, whatever its scope.
The query's engine reads the files where they lie, and only the rows of candidates come into memory here. What was
selected is kept on disk, so that it is not selected twice.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from patentscope.engines.engine import Engine, open_engine
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.candidates import by_office, make_candidates, record, rows_of
from patentscope.fetch.collection.collection import Collection, collect
from patentscope.provenance.hashes import hash_of, hash_of_files
from patentscope.provenance.ledger import Loss, Selection, Source
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import code_hash
from patentscope.provenance.writing import make_folder, write_json
from patentscope.query.query import CLASSIFIER, Query
from patentscope.records import intake, intake_columns, store
from patentscope.records.imported import Imported


def select(query: Query, inputs: Sequence[Path | str], asking: Asking) -> Imported:
    """Return the publications of *inputs*, one collection, whose families are candidates of *query*.

    Args:
        query: the question, and the engine that reads the collection.
        inputs: as `collection.collect` takes them.
        asking: where what was selected is kept, and who is told.

    Raises:
        QueryError: where every reading is the classifier's.
        UsageError: where the files are not in our own columns, or not of this machine and the engine is DuckDB; where
            Spark, or what its workers need, is not there.
        FileFormatError: where they can't be read.
    """
    scheme = query.scheme
    asked = [vars(reading) for reading in query.readings if CLASSIFIER not in reading.members]
    topic = [scheme.edition, scheme.sha256, query.classes, query.terms, asked]
    asking.progress(Progress(f"candidates: looking at {', '.join(map(str, inputs))}"))
    with open_engine(query.engine) as engine:
        collection = collect(inputs, engine)
        kept = asking.cache / "candidates" / hash_of([code_hash(), collection.sha256, topic])
        selected = _again(kept)
        if selected is None:
            asking.progress(Progress(f"candidates: reading {len(collection.files)} files of {collection.name}"))
            selected = _selected(engine, collection, query)
            _keep(kept, *selected)
    table, account = selected
    selection = Selection(**account["selection"])
    latest = dt.date.fromisoformat(account["latest"]) if account["latest"] else None
    left_out = [Loss(**{**loss, "first": tuple(loss["first"])}) for loss in account["left_out"]]
    source = _source(collection, selection)
    if any(store.searches_of(file.schema) for file in collection.files):
        source = source.made([part for file in collection.files for part in file.searches])
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
        has_family_members=all(store.has_family_members(file.schema) for file in collection.files),
        selection=said,
    )


def _selected(engine: Engine, collection: Collection, query: Query) -> tuple[pa.Table, dict[str, Any]]:
    """Return the rows of candidates (`store.SCHEMA`), and the account of every row of the collection as JSON has it."""
    today = dt.datetime.now(tz=dt.UTC).date()
    with engine.reading(collection.name):
        engine.take("world", [file.path for file in collection.files])
        engine.view("record", record(collection.columns))
        make_candidates(engine, query)
        offices = engine.frame(by_office(today))
        families = int(engine.frame("select count(*) as n from candidate")["n"].iloc[0])
        rows = engine.arrow(rows_of(collection.columns))
    table = store.publications_of(rows, collection.name)
    latest = offices["latest"].max()
    return table, {
        "left_out": [asdict(loss) for loss in _left_out(offices)],
        "selection": asdict(Selection(int(offices["n"].sum()), table.num_rows, families, int(offices["alone"].sum()))),
        "latest": None if pd.isna(latest) else f"{latest:%Y-%m-%d}",
    }


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
