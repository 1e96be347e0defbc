"""Exported files into one parquet file of publications, with an account of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from patentscope.errors import FileFormatError
from patentscope.files import recognise
from patentscope.provenance.ledger import as_json
from patentscope.provenance.progress import Progress
from patentscope.provenance.search import in_words
from patentscope.records import intake, store
from patentscope.records.imported import Imported


def import_files(
    paths: Sequence[Path],
    out: Path,
    *,
    form: str | None,
    most_bad: float,
    progress: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Any]:
    """Read *paths*, merge records of one document, write *out*, and return the account.

    For each file rows_in = publications + duplicates + what was set aside. A duplicate is counted at the file whose
    record was the less full one: it filled gaps of the other. The rows that a flattened export has of one publication
    are duplicates but for one.
    *progress* is told which file is being read.

    Raises:
        FileFormatError: where a file is in no known format, or holds nothing at all.
        RecordError: where more records are bad than *most_bad* allows.
    """
    imported = recognise.read_files(paths, form=form, progress=progress)
    progress(Progress("merging what the files hold"))
    if not any(one.rows_in for one in imported):
        raise FileFormatError(f"{', '.join(map(str, paths))}: no record in any of them")
    set_aside = [loss for one in imported for loss in one.set_aside]
    counts = [one.table.num_rows for one in imported]
    tables = [one.records for one in imported]
    imported = [replace(one, table=one.table.schema.empty_table(), texts=None) for one in imported]
    merged = intake.merge(
        (tables.pop(0) for _ in range(len(tables))), most_bad=most_bad, set_aside=set_aside
    )  # no table stays in memory beside what is made of it
    searches = [part for one in imported for part in one.source.made_of or (one.source,)]
    is_whole = all(one.source.has_family_members for one in imported)
    store.write(_given_back(merged.blocks(merged.apart)), out, searches, has_family_members=is_whole)
    files = [
        _account(path, one, count - numberless, kept, numberless)
        for path, one, count, kept, numberless in zip(
            paths, imported, counts, merged.kept, merged.numberless, strict=True
        )
    ]
    return {"files": files, "publications": merged.apart.num_rows, "out": str(out)}


def _given_back(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Give *tables* one after the other; the memory that one took is given back before the next is made."""
    pa.default_memory_pool().release_unused()
    for table in tables:
        yield table
        del table
        pa.default_memory_pool().release_unused()


def _account(path: Path, one: Imported, numbered: int, kept: int, numberless: int) -> dict[str, Any]:
    unread = [loss for loss in one.set_aside if loss.reason != intake.JOINED]
    joined = sum(loss.count for loss in one.set_aside) - sum(loss.count for loss in unread)
    aside = [{"reason": loss.reason, "count": loss.count, "first": list(loss.first)} for loss in unread]
    if numberless:
        aside.append({"reason": "no publication number", "count": numberless, "first": []})
    told = {
        "joined rows": joined and f"{joined} further rows of the same publications, among the duplicates",
        "lacks": one.source.note,
        "its own search": one.source.search,
        "whole": in_words(as_json(one.source)).removeprefix(f"{one.source.name}: "),
    }
    return {
        "path": str(path),
        "format": one.format,
        "encoding": one.encoding,
        "rows_in": one.rows_in,
        "publications": kept,
        "duplicates": numbered - kept + joined,
        "set_aside": aside,
        "notes": {**one.notes, **{name: text for name, text in told.items() if text}},
    }
