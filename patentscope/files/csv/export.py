"""Exports of search results, as CSV or in a workbook: what their formats share, from the file's rows to its account.

Such an export holds only the documents that matched, never their other family members, and ends at its site's limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns
from patentscope.files.csv.numbers import plain
from patentscope.files.csv.sheet import Header, HeaderAt, Sheet, read_sheet
from patentscope.files.csv.workbook import Book
from patentscope.files.decode import Decoded
from patentscope.files.spool import FileAccount
from patentscope.provenance.search import ends_early
from patentscope.records.imported import Imported
from patentscope.records.store import publications_of


@dataclass(frozen=True)
class Form:
    """One site's CSV format: its name for `--format`, whose export it is, and how its header is recognised.

    Attributes:
        columns: gives `store.SCHEMA` columns (numbers null where unreadable) and notes from the rows.
        lacks: what no file of this format says.
        prepare: changes the rows before they are read: one row for each publication, cells under their header.
        search: what the file says of its own search, verbatim, and how many hits it says there were, where it does.
    """

    name: str
    title: str
    header: Header
    columns: Callable[[Sheet], Columns]
    lacks: str
    prepare: Callable[[Sheet], None] = lambda _: None
    search: Callable[[Sheet], tuple[str | None, int | None]] = lambda _: (None, None)


def import_sheet(path: Path, content: Decoded | Book, form: Form, at: HeaderAt) -> Imported:
    """Read the rows below the header *at* as *form* has them.

    Raises:
        FileFormatError: where a cell is over the limit.
        AssertionError: where a row is neither a publication nor set aside: a fault of the program.
    """
    account = FileAccount(path, content.sha256)
    if isinstance(content, Book):
        sheet = content.read(form.header, at, account)
    else:
        sheet = read_sheet(content.text, form.header, at, account)
    form.prepare(sheet)
    columns, notes = form.columns(sheet)
    columns["source"], columns["origin"] = (pa.repeat(name, len(sheet.rows)) for name in account.names)
    table = _with_numbers(publications_of(pa.table(columns), path.name), sheet)
    missing = sheet.rows_in_file + sheet.further - table.num_rows - sheet.aside.count
    if missing:
        raise AssertionError(f"{path}: {missing} rows are neither publications nor set aside")
    search, total = form.search(sheet)
    account.notes = {**content.notes, **sheet.notes, **notes}
    return account.imported(
        table,
        form.name,
        what=form.title,
        encoding=content.encoding,
        licence="the terms of the site that it was exported from",
        note=form.lacks,
        search=search,
        stated_total=total,
        rows=sheet.rows_in_file,
        **ends_early(sheet.rows_in_file, total),
        has_family_members=False,
    )


def _with_numbers(table: pa.Table, sheet: Sheet) -> pa.Table:
    """Leave out rows without a readable publication number, and write them down."""
    bad = table.column("publication_number").is_null().combine_chunks()
    if not pc.any(bad).as_py():
        return table
    stated = plain(sheet.cells("publication_number")).to_pylist()
    for row in pc.indices_nonzero(bad).to_pylist():
        shown = f": {stated[row][:40]!r}" if stated[row] else ""
        reason = f"{'an unreadable' if stated[row] else 'no'} publication number"
        sheet.aside.add(reason, None, f"line {sheet.lines[row]}{shown}")
    return table.filter(pc.invert(bad))
