"""Lines made rows by CSV's rules, with one more: no row disappears inside another.

A quotation mark that is never closed swallows the rows after it, up to the next such mark. The publication number of a
swallowed row, standing in its place on a line of its own, gives that away; the row that swallowed is set aside and
reading goes on at the line after.
"""

from __future__ import annotations

import _csv
import csv
from itertools import repeat

from patentscope.errors import FileFormatError
from patentscope.files.csv.numbers import is_publication_number

LARGEST_CELL = 10 << 20
NEVER_CLOSED = "a quotation mark that is never closed"
CUT_OFF = "cut off at the end of the file"

# A row's line number, or its place in a workbook; its cells; and why it is no row, or nothing.
Row = tuple[int | str, list[str], str]
# How many cells a row has, and in which its publication number stands.
Shape = tuple[int, int]


def rows_of(lines: list[str], first: int, separator: str, shape: Shape, path: object) -> list[Row]:
    """Return the rows from line *first* (counted from 0) on; *path* is named in the error.

    Raises:
        FileFormatError: where a cell is over 10 MB.
    """
    return some_rows(lines[first:], first, separator, shape, path, are_last=True)[0]


def some_rows(
    lines: list[str], before: int, separator: str, shape: Shape, path: object, *, are_last: bool
) -> tuple[list[Row], int]:
    """Return the rows of some lines, and how many of the lines these are; *before* is how many the file has above.

    Unless the lines *are_last*, the last row, which may go on, is not among them.

    Raises:
        FileFormatError: where a cell is over 10 MB.
    """
    # The csv module's limit holds for the whole process, so it is put back before anybody else's code runs.
    limit = csv.field_size_limit(LARGEST_CELL)
    try:
        return _read(lines, before, separator, shape, path, are_last=are_last)
    finally:
        csv.field_size_limit(limit)


def _read(
    lines: list[str], before: int, separator: str, shape: Shape, path: object, *, are_last: bool
) -> tuple[list[Row], int]:
    rows: list[Row] = []
    at, start, reader = 0, 0, _reader(lines, 0, separator)
    while at < len(lines):
        row: list[str] | None = None
        try:
            row = next(reader)
        except csv.Error as error:
            if start + reader.line_num - at <= 1:
                raise FileFormatError(
                    f"{path}, line {before + at + 1}: found a cell of more than {LARGEST_CELL >> 20} MB ({error}); "
                    "expected an export's row. Is a separator or a quotation mark lost?"
                ) from error
        after = start + reader.line_num
        if row is not None and after == len(lines) and not are_last:
            break
        span = lines[at:after]
        if row is None or (len(span) > 1 and _swallows(span, separator, shape, len(row))):
            rows.append((before + at + 1, lines[at : at + 1], NEVER_CLOSED))
            at = start = at + 1
            reader = _reader(lines, start, separator)
        else:
            is_cut = are_last and after == len(lines) and _ends_open(span, separator)
            rows.append((before + at + 1, row, CUT_OFF if is_cut else ""))
            at = after
    return rows, at


def _reader(lines: list[str], start: int, separator: str) -> _csv.Reader:
    # A cell that goes on over lines keeps its line ends, so each line is given its own again.
    ended = map(str.__add__, map(lines.__getitem__, range(start, len(lines))), repeat("\n"))
    return csv.reader(ended, delimiter=separator)


def _swallows(span: list[str], separator: str, shape: Shape, cells_read: int) -> bool:
    """Say whether a later line of a row's lines is the start of a row itself: a publication number in its place.

    A row as wide as the header whose quotation marks are all in order is what its tool wrote, whatever its cells say.
    """
    width, number_at = shape
    if cells_read == width and not _fault(span, separator):
        return False
    for line in span[1:]:
        if line.count(separator) >= max(number_at, 1):
            cells = next(csv.reader([line], delimiter=separator), [])
            if len(cells) > number_at and is_publication_number(cells[number_at]):
                return True
    return False


def _ends_open(span: list[str], separator: str) -> bool:
    """Say whether the last row's last quotation mark is missing: the file was cut off inside a cell."""
    return sum(line.count('"') for line in span) % 2 == 1 and "unexpected end" in _fault(span, separator)


def _fault(span: list[str], separator: str) -> str:
    """Return what a strict reader says against a row's lines, or nothing."""
    try:
        list(csv.reader([f"{line}\n" for line in span], delimiter=separator, strict=True))
    except csv.Error as error:
        return str(error)
    return ""
