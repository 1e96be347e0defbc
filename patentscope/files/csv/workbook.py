"""A spreadsheet's workbook (.xlsx, .xls, .xlsb, .ods) made rows of text, as a CSV file of the same table has them.

Only visible sheets are read. What a sheet shows as a date becomes an ISO date, a whole number has no decimal point, and
a formula is read as the result that the spreadsheet stored; where it stored none, the cell is empty and that is said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from patentscope.errors import FileFormatError
from patentscope.files.csv.fitted import read_rows
from patentscope.files.csv.rows import Row
from patentscope.files.csv.sheet import Header, HeaderAt, Sheet, header_in
from patentscope.files.spool import FileAccount

#: A workbook is read whole: one that unpacks to more is better saved as CSV.
MOST_BYTES = 2 << 30
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
#: The stream that an encrypted workbook is packed in ([MS-OFFCRYPTO], 2.3).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)(?:<v\s*/>|<v></v>)?</c>")
_FROM_1904 = re.compile(rb'date1904="(?:1|true)"')
_HEADER_WITHIN = 40
#: Day 0 of a spreadsheet's day numbers, in its two systems. From day 61 on, the first one has no false leap day.
_DAY_0 = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_DAY = re.compile(r"\d{5}")


@dataclass(frozen=True)
class Book:
    """A workbook's visible sheets, by name, their rows as text; and what was seen of the file.

    Attributes:
        sheets: the rows of each sheet from its first one on, so that a row's place is its number less one.
        day_0: the date of which the file's day numbers count the days.
    """

    path: Path
    sheets: dict[str, list[list[str]]]
    day_0: dt.date
    encoding: str
    sha256: str
    notes: dict[str, str]

    def tops(self) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
        """Yield the name of each sheet, and its first rows, each with the number of rows down to it."""
        for name, rows in self.sheets.items():
            yield name, list(enumerate(rows[:_HEADER_WITHIN], start=1))

    def find_header(self, header: Header) -> HeaderAt | None:
        """Return where *header* stands in the first sheet that has it, or None."""
        return next(filter(None, (header_in(rows, header, sheet=name) for name, rows in self.tops())), None)

    def read(self, header: Header, at: HeaderAt, account: FileAccount, *, are_moved: bool) -> Sheet:
        """Read the rows below the header *at*, and those of the sheets after it that begin with the same header.

        Raises:
            MovedCellsError: as `read_rows`.
        """
        sheet = read_rows(self._rows(at), header, at, account, are_moved=are_moved)
        others = [name for name in self.sheets if name != at.sheet and not self._goes_on(name, at)]
        if others:
            sheet.notes["sheets not read"] = f"{', '.join(others)}: another header than {at.sheet}"
        self._read_day_numbers(sheet)
        return sheet

    def _goes_on(self, name: str, at: HeaderAt) -> bool:
        return self.sheets[name][:1] == [at.header]

    def _rows(self, at: HeaderAt) -> Iterator[Row]:
        width = len(at.header)
        for name, rows in self.sheets.items():
            first = at.first_line if name == at.sheet else 1
            if name == at.sheet or self._goes_on(name, at):
                for number, row in enumerate(rows[first:], start=first + 1):
                    # A row of a sheet is as wide as the widest one.
                    yield number if name == at.sheet else f"{number} of {name}", row[:width], ""

    def _read_day_numbers(self, sheet: Sheet) -> None:
        """Make ISO dates of day numbers in columns of dates: what a cell shows that nobody formatted as a date."""
        counted = 0
        for name in (name for name in sheet.columns if name.endswith("_date")):
            cells = sheet.texts(name)
            days = {cell: self.day_0 + dt.timedelta(days=int(cell)) for cell in set(cells) if _DAY.fullmatch(cell)}
            counted += sum(cell in days for cell in cells)
            if days:
                dated = [days[cell].isoformat() if cell in days else cell or None for cell in cells]
                sheet.columns[name] = pa.array(dated, pa.string())
        if counted:
            sheet.notes["day numbers"] = f"{counted} dates are stored as numbers of days, and read as those days"


def is_workbook(head: bytes, path: Path) -> bool:
    """Say whether a file is a workbook, by its first bytes and, of a zip archive, by its parts."""
    if head.startswith(_OLE):
        return True
    if not head.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(part in archive.namelist() for part in _PARTS)
    except (zipfile.BadZipFile, OSError):
        return False


def read_book(path: Path) -> Book:
    """Read the visible sheets of a workbook.

    Raises:
        FileFormatError: where it has a password, is damaged, or is too large to be read whole.
    """
    import python_calamine as calamine  # noqa: PLC0415 - only workbooks need it

    raw = path.read_bytes()
    if raw.startswith(_OLE) and _ENCRYPTED in raw:
        raise FileFormatError(f"{path}: the workbook has a password; save it without one, or as CSV")
    notes, from_1904 = _package(path, raw) if raw.startswith(_ZIP) else ({}, False)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        shown = [one.name for one in book.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible]
        pages = {name: book.get_sheet_by_name(name).iter_rows() for name in shown}
        sheets = {name: [list(map(_text, row)) for row in rows] for name, rows in pages.items()}
    except (calamine.CalamineError, ValueError) as error:
        raise FileFormatError(
            f"{path}: a workbook that can't be read ({str(error)[:120]}). Is it whole? "
            "Open it in a spreadsheet program and save it as .xlsx or CSV"
        ) from error
    hidden = [one.name for one in book.sheets_metadata if one.name not in sheets]
    if hidden:
        notes["hidden sheets"] = f"not read: {', '.join(hidden)}"
    return Book(path, sheets, _DAY_0[from_1904], "workbook", hashlib.sha256(raw).hexdigest(), notes)


def _package(path: Path, raw: bytes) -> tuple[dict[str, str], bool]:
    """Return notes on an .xlsx file's formulas without results, and whether its day numbers count from 1904."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > MOST_BYTES:
            raise FileFormatError(
                f"{path}: the workbook unpacks to {size / 2**30:.1f} GiB; at most {MOST_BYTES >> 30} GiB are read. "
                "Save its sheet as CSV"
            )
        names = archive.namelist()
        from_1904 = "xl/workbook.xml" in names and bool(_FROM_1904.search(archive.read("xl/workbook.xml")))
        empty = sum(
            len(_NO_RESULT.findall(archive.read(name)))
            for name in names
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    said = f"{empty} formulas have no stored result and are read as empty; open the file in a spreadsheet and save it"
    return ({"formulas": said} if empty else {}), from_1904


def _text(value: object) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates as ISO dates."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
