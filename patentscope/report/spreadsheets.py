"""To take away: the page's tables as one XLSX and the applicants' names as CSV, with numbers as numbers.

A cell that a spreadsheet would take for a formula is inert in both: in CSV an apostrophe stands before it, in XLSX it
is written as a text. The same tables give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

import xlsxwriter

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.writing import inert, replaced, write_text
from patentscope.report.sections.table import NOTHING, Cell, Figure, Table, harmless

CONTENTS = "contents"
_LONGEST_CELL, _LONGEST_SHEET = 32_000, 31


def write(folder: RunFolder, tables: Sequence[Table], names: Table) -> None:
    """Write the workbook of the page's *tables*, each with a name of its own, and the applicants' *names* as CSV."""
    write_text(folder.file("applicant-names.csv"), as_csv(names))
    date = dt.date.fromisoformat(folder.state["as_of"])
    about = [[table.name, table.caption, table.note] for table in tables]
    contents = Table("The tables", ["name", "table", "note"], about, name=CONTENTS)
    write_workbook(folder.file("tables.xlsx"), [contents, *tables], date)


def as_csv(table: Table) -> str:
    """Return a table as CSV (RFC 4180, UTF-8), its head first."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in (table.head, *table.rows):
        values = map(_value, row)
        writer.writerow([inert(value) if isinstance(value, str) else f"{value:.10g}" for value in values])
    return stream.getvalue()


def write_workbook(path: Path, tables: Sequence[Table], date: dt.date) -> None:
    """Write tables as the sheets of one XLSX file, dated *date*: the clock is no part of it."""
    made = _workbook(tables, date)
    with replaced(path) as part:
        part.write_bytes(made)


def get_ready() -> None:
    """Do what the first workbook takes and others don't."""
    _workbook([Table("", [], [["", "1"]])], dt.date.min)


def _workbook(tables: Sequence[Table], date: dt.date) -> bytes:
    as_they_are = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    settings = dict.fromkeys(as_they_are, False) | {"constant_memory": True}
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, settings) as book:
        book.set_properties({"created": dt.datetime.combine(date, dt.time()), "author": "patentscope"})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        for table in tables:
            _write_sheet(book.add_worksheet(_sheet_name(table.name, taken)), table, bold, wrapped)
    return made.getvalue()


def _write_sheet(sheet: Any, table: Table, bold: object, wrapped: object) -> None:  # noqa: ANN401 - xlsxwriter's own
    sheet.set_column(0, 0, 36, wrapped)
    sheet.set_column(1, max(1, len(table.head) - 1), 18, wrapped)
    sheet.write_string(0, 0, _cut(table.caption), bold)
    sheet.write_string(1, 0, _cut(table.note))
    for column, name in enumerate(table.head):
        sheet.write_string(3, column, _cut(name), bold)
    for place, row in enumerate(table.rows, 4):
        for column, value in enumerate(map(_value, row)):
            if isinstance(value, str):
                sheet.write_string(place, column, _cut(value))
            else:
                sheet.write_number(place, column, value)


def _cut(text: str) -> str:
    """Return *text* as long as a cell can hold it; what is cut is said."""
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} … (cut here; {len(text):,} characters)"


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a sheet's name, which has 31 characters at most and comes once."""
    short = name[: _LONGEST_SHEET - 4]
    names = chain([name[:_LONGEST_SHEET]], (f"{short}-{place}" for place in count(2)))
    free = next(free for free in names if free not in taken)
    taken.add(free)
    return free


def _value(cell: Cell) -> str | float:
    """Return a figure's number, a text as it is, nothing for a dash; what stands beneath a text follows it."""
    if type(cell) is str and cell.isprintable():  # most cells
        return "" if cell == NOTHING else cell
    text, more = (cell, "") if isinstance(cell, str) else (cell["text"], cell.get("more", ""))
    if not more and isinstance(text, Figure):
        return text.value
    own = "" if text == NOTHING else str(text)
    joined = "; ".join(part for part in (own, more) if part) if more else own
    return joined if joined.isprintable() else re.sub(r"\r\n?", "\n", harmless(joined))
