"""Lines made rows by CSV's rules, with one more: no row disappears inside another.

A quotation mark that is never closed swallows the rows after it, up to the next such mark. The publication number of a
swallowed row, standing in its place on a line of its own, gives that away; the row that swallowed is set aside and
reading goes on at the line after.
"""

from __future__ import annotations

import csv
from itertools import repeat
from typing import TYPE_CHECKING

from patentscope.errors import FileFormatError
from patentscope.files.csv.numbers import is_publication_number

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_CELL = 10 << 20
NEVER_CLOSED = "a quotation mark that is never closed"
CUT_OFF = "cut off at the end of the file"

# A row's line number, its cells, and why it is no row, or nothing.
Row = tuple[int, list[str], str]
# How many cells a row has, and in which its publication number stands.
Shape = tuple[int, int]


def rows_of(lines: list[str], first: int, separator: str, shape: Shape, path: object) -> Iterator[Row]:
    """Yield the rows from line *first* (counted from 0) on.

    Args:
        lines: the file's lines, without their ends.
        first: where the rows start.
        separator: what stands between cells.
        shape: how wide a row is, and the column of its publication number.
        path: the file, for the error.

    Raises:
        FileFormatError: where a cell is over 10 MB.
    """
    limit = csv.field_size_limit(LARGEST_CELL)
    try:
        while first < len(lines):
            at = first
            for at, row, fault in _until_broken(lines, first, separator, shape, path):
                yield at + 1, row, fault
                if fault == NEVER_CLOSED:
                    break
            else:
                return
            first = at + 1
    finally:
        csv.field_size_limit(limit)


def _until_broken(lines: list[str], first: int, separator: str, shape: Shape, path: object) -> Iterator[Row]:
    """Yield rows as the csv module reads them, up to and with the first one that swallows others."""
    # A cell that goes on over lines keeps its line ends, so each line is given its own again.
    reader = csv.reader(
        map(str.__add__, map(lines.__getitem__, range(first, len(lines))), repeat("\n")), delimiter=separator
    )
    before = first
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            if first + reader.line_num - before <= 1:
                raise FileFormatError(
                    f"{path}, line {before + 1}: found a cell of more than {LARGEST_CELL >> 20} MB ({error}); expected "
                    "an export's row. Is a separator or a quotation mark lost?"
                ) from error
            yield before, lines[before : before + 1], NEVER_CLOSED
            return
        if row is None:
            return
        after = first + reader.line_num
        if after - before > 1 and _swallows(lines[before:after], separator, shape, len(row)):
            yield before, lines[before : before + 1], NEVER_CLOSED
            return
        yield before, row, CUT_OFF if after == len(lines) and _ends_open(lines[before:after], separator) else ""
        before = after


def _swallows(span: list[str], separator: str, shape: Shape, found: int) -> bool:
    """Say whether a later line of a row's lines is the start of a row itself: a publication number in its place.

    A row as wide as the header whose quotation marks are all in order is what its tool wrote, whatever its cells say.
    """
    width, number_at = shape
    if found == width and not _fault(span, separator):
        return False
    for line in span[1:]:
        if line.count(separator) >= max(number_at, 1):
            cells = next(csv.reader([line], delimiter=separator), [])
            if len(cells) > number_at and is_publication_number(cells[number_at]):
                return True
    return False


def _ends_open(span: list[str], separator: str) -> bool:
    """Say whether the last row's last quotation mark is missing: the file was cut off inside a cell."""
    if sum(line.count('"') for line in span) % 2 == 0:
        return False
    return "unexpected end" in _fault(span, separator)


def _fault(span: list[str], separator: str) -> str:
    """Return what a strict reader says against a row's lines, or nothing."""
    try:
        list(csv.reader([f"{line}\n" for line in span], delimiter=separator, strict=True))
    except csv.Error as error:
        return str(error)
    return ""
