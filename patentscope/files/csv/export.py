"""Exports of search results, as CSV or in a workbook: what their formats share, from the file's rows to its account.

Such an export holds only the documents that matched, never their other family members, and ends at its site's limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.blocks import sheets
from patentscope.files.csv.columns import Block, Columns, with_dates
from patentscope.files.csv.fitted import notes_of
from patentscope.files.csv.numbers import are_recent, plain
from patentscope.files.csv.sheet import (
    SEPARATORS,
    Header,
    HeaderAt,
    MovedCellsError,
    Sheet,
    together,
)
from patentscope.files.csv.workbook import Book
from patentscope.files.decode import Text
from patentscope.files.spool import FileAccount, gathered_tables
from patentscope.provenance.search import ends_early
from patentscope.records.imported import Imported
from patentscope.records.store import SCHEMA, lists


@dataclass(frozen=True)
class Form:
    """One site's CSV format: its name for `--format`, whose export it is, and how its header is recognised.

    Attributes:
        columns: gives `store.SCHEMA` columns (numbers null where unreadable), dates as written, and notes.
        lacks: what no file of this format says.
        in_blocks: whether the rows may be read a block at a time, since nothing but dates hangs on the whole file;
            those of other sites, whose exports end at 10,000 rows or fewer, are read together.
        prepare: changes the rows before they are read: one row for each publication.
        search: what stands above the header says of the file's search, verbatim, and how many hits it says there were.
        remarks: notes on the publications read.
    """

    name: str
    title: str
    header: Header
    columns: Callable[[Sheet], Columns]
    lacks: str
    in_blocks: bool = False
    prepare: Callable[[Sheet], Sheet] = lambda sheet: sheet
    search: Callable[[list[list[str]]], tuple[str | None, int | None]] = lambda _: (None, None)
    remarks: Callable[[pa.Table], dict[str, str]] = lambda _: {}


def import_sheet(path: Path, content: Text | Book, form: Form, at: HeaderAt) -> Imported:
    """Read the rows below the header *at* as *form* has them.

    Raises:
        FileFormatError: where a cell is over the limit.
        AssertionError: where a row is neither a publication nor set aside: a fault of the program.
    """
    try:
        return _Export(path, content, form, at).read(are_moved=False)
    except MovedCellsError:
        return _Export(path, content, form, at).read(are_moved=True)


class _Export:
    """One export while it is read."""

    def __init__(self, path: Path, content: Text | Book, form: Form, at: HeaderAt) -> None:
        self._content, self._form, self._at = content, form, at
        self._account = FileAccount(path, content.sha256)
        self._blocks: list[Block] = []
        self._tally: Counter[str] = Counter()
        self._rows_in_file = self._further = 0
        self._of_sheets: dict[str, str] = {}
        self._of_columns: dict[str, str] = {}

    def read(self, *, are_moved: bool) -> Imported:
        """Return what the file gave; where its cells *are_moved*, they are put back under their header."""
        found, told = gathered_tables(map(self._table, self._sheets(are_moved=are_moved)))
        missing = self._rows_in_file + self._further - found.num_rows - self._account.count
        if missing:
            raise AssertionError(f"{self._account.path}: {missing} rows are neither publications nor set aside")
        table, of_dates = with_dates(found, self._blocks)
        search, total = self._form.search(self._at.above)
        separator = {"separator": SEPARATORS[self._at.separator]} if self._at.separator else {}
        of_rows = separator | notes_of(self._tally) | self._of_sheets
        remarks = self._form.remarks(table)
        self._account.notes = {**self._content.notes, **of_rows, **of_dates, **self._of_columns, **remarks}
        return self._account.imported(
            table,
            self._form.name,
            told=told,
            what=self._form.title,
            encoding=self._content.encoding,
            licence="the terms of the site that it was exported from",
            note=self._form.lacks,
            search=search,
            stated_total=total,
            rows=self._rows_in_file,
            **ends_early(self._rows_in_file, total),
            has_family_members=False,
        )

    def _sheets(self, *, are_moved: bool) -> Iterator[Sheet]:
        content, header = self._content, self._form.header
        if isinstance(content, Book):
            yield content.read(header, self._at, self._account, are_moved=are_moved)
            return
        blocks = sheets(content, header, self._at, self._account, are_moved=are_moved)
        if self._form.in_blocks:
            yield from blocks
        elif found := list(blocks):
            yield together(found)

    def _table(self, read: Sheet) -> pa.Table:
        """Return the publications in some rows, but for their dates; write down the rows without a readable number."""
        sheet = self._form.prepare(read)
        columns = self._form.columns(sheet)
        self._tally += sheet.tally
        self._rows_in_file += sheet.rows_in_file
        self._further += sheet.further
        self._of_sheets |= sheet.notes
        self._of_columns |= columns.notes
        numbers = columns.arrays["publication_number"]
        is_number = numbers.is_valid()
        recent = are_recent(numbers) if columns.years is None else None
        self._blocks.append(Block(columns, recent, is_number, sheet.lines))
        columns.arrays |= {
            name: pa.repeat(text, len(sheet))
            for name, text in zip(("source", "origin"), self._account.names, strict=True)
        }
        table = pa.table([_column(columns.arrays, wanted, len(sheet)) for wanted in SCHEMA], schema=SCHEMA)
        columns.arrays.clear()
        if not numbers.null_count:
            return table
        self._set_aside(sheet, pc.invert(is_number))
        return table.filter(is_number)

    def _set_aside(self, sheet: Sheet, bad: pa.Array) -> None:
        stated = plain(sheet.cells("publication_number"))
        for row in pc.indices_nonzero(bad).to_pylist():
            text = stated[row].as_py() or ""
            reason = f"{'an unreadable' if text else 'no'} publication number"
            shown = f": {text[:40]!r}" if text else ""
            self._account.add(reason, None, f"line {sheet.lines[row]}{shown}")


def _column(arrays: dict[str, pa.Array], wanted: pa.Field, count: int) -> pa.Array:
    """Return one column, empty where there is none: nulls, or lists of nothing."""
    if wanted.name in arrays:
        return arrays[wanted.name]
    if pa.types.is_list(wanted.type):
        return lists(pa.nulls(0, wanted.type.value_type), np.empty(0, np.int64), count, wanted.type)
    return pa.nulls(count, wanted.type)
