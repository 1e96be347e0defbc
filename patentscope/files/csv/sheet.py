"""Text made rows under a known header: separator, preamble and header found together, and no row lost.

A row that doesn't fit its header is set aside with its line number, unless it can be mapped safely.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from patentscope.files.csv.dates import is_date
from patentscope.files.csv.rows import CUT_OFF, Row, rows_of
from patentscope.files.spool import FileAccount

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_HEAD = 1 << 18
_HEADER_WITHIN = 40


@dataclass
class Sheet:
    """The rows of one file under its header.

    Attributes:
        places: our field names and the columns they stand in.
        rows: cells, one list per row, as wide as the header.
        lines: the line of the file on which each row starts; of a workbook the row's number, `7 of Sheet2`.
        rows_in_file: rows with any text, the header apart.
        further: publications that a row names beyond its first; each was made a row of its own.
    """

    places: Mapping[str, int]
    header: list[str]
    preamble: list[list[str]]
    aside: FileAccount
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int | str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    rows_in_file: int = 0
    further: int = 0

    def cells(self, name: str) -> list[str]:
        """Return one column; empty cells where the file has no such column."""
        place = self.places.get(name)
        return [""] * len(self.rows) if place is None else [row[place] for row in self.rows]


@dataclass(frozen=True)
class Header:
    """What a format's header looks like.

    Attributes:
        aliases: our field name -> the names that the format's generations and languages give it, as `name_of` writes
            them, the best first.
        telltales: names of which at least one is there in this format, and in no other.
        by_position: finds the columns of a header in an unknown language, from the header and what stands above it.
        realign: gives an irregular row's cells under their header, and whether all could be told; or None.
    """

    aliases: Mapping[str, Sequence[str]]
    telltales: frozenset[str]
    by_position: Callable[[list[str], list[list[str]]], dict[str, int] | None] | None = None
    realign: Callable[[list[str], Mapping[str, int], int], tuple[list[str], bool] | None] | None = None

    def find(self, row: list[str], above: list[list[str]]) -> dict[str, int] | None:
        """Return the columns of *row* if it is this format's header, else None."""
        names = [name_of(cell) for cell in row]
        if self.telltales.intersection(names):
            places = {
                name: names.index(alias)
                for name, aliases in self.aliases.items()
                for alias in aliases[::-1]
                if alias in names
            }
            if "publication_number" in places:
                return places
        return self.by_position(row, above) if self.by_position else None


class HeaderAt(NamedTuple):
    """A header found: our fields' columns, its cells, what stood above, and the line after it.

    `separator` is the text's, `sheet` the name of a workbook's.
    """

    places: Mapping[str, int]
    header: list[str]
    above: list[list[str]]
    first_line: int
    separator: str = ""
    sheet: str = ""


def plainly(*names: str) -> dict[str, tuple[str, ...]]:
    """Return the aliases of fields that a format's header calls as we do."""
    return {name: (name.replace("_", " "),) for name in names}


def name_of(cell: str) -> str:
    """Return a header cell in one form: lower case, no accents, no `(s)`, single blanks."""
    plain = unicodedata.normalize("NFKD", cell.casefold().lstrip("\ufeff"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"\((?:s|n|en)\)|[.:]", "", plain).split())


def first_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return the first rows of *text*, as far as they can be read, each with the number of the line after it."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text[:_HEAD], newline="\n"), delimiter=separator)
    with contextlib.suppress(csv.Error):
        rows.extend((reader.line_num, row) for row in itertools.islice(reader, _HEADER_WITHIN))
    return rows


def tops(text: str) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """Yield each separator that *text* may have, and its first rows by it, as `first_rows` gives them."""
    for separator in _SEPARATORS:
        yield separator, first_rows(text, separator)


def find_header(text: str, header: Header) -> HeaderAt | None:
    """Return where the header stands in *text*, or None."""
    return next(filter(None, (header_in(rows, header, separator=mark) for mark, rows in tops(text))), None)


def header_in(
    rows: Iterable[tuple[int, list[str]]], header: Header, *, separator: str = "", sheet: str = ""
) -> HeaderAt | None:
    """Return where the header stands among the first *rows*, each with the number of the line after it; or None."""
    above: list[list[str]] = []
    for first_line, row in rows:
        if (places := header.find(row, above)) is not None:
            return HeaderAt(places, row, above, first_line, separator, sheet)
        above.append(row)
    return None


def read_sheet(text: str, header: Header, at: HeaderAt, account: FileAccount) -> Sheet:
    """Read the rows below the header that `find_header` found.

    Raises:
        FileFormatError: where a cell is over 10 MB.
    """
    lines = text.removesuffix("\n").split("\n")
    shape = len(at.header), at.places["publication_number"]
    rows = rows_of(lines, at.first_line, at.separator, shape, account.path)
    sheet = read_rows(rows, header, at, account, last_line=0 if text.endswith("\n") else len(lines))
    sheet.notes = {"separator": _SEPARATORS[at.separator], **sheet.notes}
    return sheet


def read_rows(rows: Iterable[Row], header: Header, at: HeaderAt, account: FileAccount, *, last_line: int = 0) -> Sheet:
    """Put *rows* under the header *at*, or aside; a short one on *last_line*, which has no end, was cut off."""
    sheet = Sheet(at.places, at.header, at.above, account)
    number_at = at.places["publication_number"]
    width, number_name = len(at.header), at.header[number_at]
    blank = short = 0
    for line, row, fault in rows:
        if not any(row):
            blank += 1
            continue
        sheet.rows_in_file += 1
        is_short = len(row) < width
        fitted = row if len(row) == width else _fit(row, header, sheet)
        if fault or (is_short and line == last_line):
            sheet.aside.add(fault or CUT_OFF, None, _where(line, row))
        elif fitted is None:
            sheet.aside.add(f"{'fewer' if is_short else 'more'} cells than the header", None, _where(line, row))
        elif fitted[number_at] == number_name:
            sheet.aside.add("the header again", None, f"line {line}")
        else:
            short += is_short
            sheet.rows.append(fitted)
            sheet.lines.append(line)
    sheet.notes |= {"blank rows": str(blank)} if blank else {}
    sheet.notes |= {"short rows": f"{short} end early; the cells missing are read as empty"} if short else {}
    return sheet


def _fit(row: list[str], header: Header, sheet: Sheet) -> list[str] | None:
    """Return *row* as wide as the header, or None.

    Empty cells at its end are cut. Cells are added where all its dates stand in their places: an export's tool left out
    empty ones at the end.
    """
    width = len(sheet.header)
    if len(row) > width and not any(row[width:]):
        return row[:width]
    if len(row) < width and len(row) > sheet.places["publication_number"]:
        padded = row + [""] * (width - len(row))
        dated = [padded[place] for name, place in sheet.places.items() if name.endswith("_date")]
        if all(is_date(cell) or all(map(is_date, cell.split())) for cell in dated):
            return padded
    realigned = header.realign(row, sheet.places, width) if header.realign else None
    return realigned[0] if realigned else None


def _where(line: int | str, row: list[str]) -> str:
    return f"line {line}: {' | '.join(row)[:60]}".replace("\n", " ").strip()
