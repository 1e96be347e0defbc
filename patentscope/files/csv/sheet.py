"""Text made rows under a known header: separator, preamble and header found together, and no row lost.

A row that doesn't fit its header is set aside with its line number, unless it can be mapped safely.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from patentscope.files.csv.dates import is_date
from patentscope.files.csv.rows import CUT_OFF, rows_of
from patentscope.files.spool import Aside

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_HEAD = 1 << 18
_HEADER_WITHIN = 40


@dataclass
class Sheet:
    """The rows of one file under its header.

    Attributes:
        places: our field names and the columns they stand in.
        rows: cells, one list per row, as wide as the header.
        lines: the line of the file on which each row starts.
        preamble: what stood above the header.
        aside: what is no readable row.
        notes: what was decided.
        rows_in_file: rows with any text, the header apart.
        further: publications that a row names beyond its first; each was made a row of its own.
    """

    places: Mapping[str, int]
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    preamble: list[list[str]] = field(default_factory=list)
    aside: Aside = field(default_factory=Aside)
    notes: dict[str, str] = field(default_factory=dict)
    rows_in_file: int = 0
    further: int = 0

    def cells(self, name: str) -> list[str]:
        """Return one column; empty cells where the file has no such column."""
        place = self.places.get(name)
        return [""] * len(self.rows) if place is None else [row[place] for row in self.rows]

    def set_aside(self, reason: str, where: str) -> None:
        """Write down one row that is no readable record."""
        self.aside.add(reason, None, where)


@dataclass(frozen=True)
class Header:
    """What a format's header looks like.

    Attributes:
        aliases: our field name -> the names that the format's generations and languages give it, as `name_of` writes
            them, the best first.
        telltales: names of which at least one is there in this format, and in no other.
        by_position: finds the columns of a header in an unknown language, from the header and what stands above it.
        realign: puts an irregular row's cells back under their header, or gives None.
    """

    aliases: Mapping[str, Sequence[str]]
    telltales: frozenset[str]
    by_position: Callable[[list[str], list[list[str]]], dict[str, int] | None] | None = None
    realign: Callable[[list[str], Mapping[str, int], int], list[str] | None] | None = None

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


@dataclass(frozen=True)
class HeaderAt:
    """A header found: its separator, our fields' columns, its cells, what stood above, and the line after it."""

    separator: str
    places: Mapping[str, int]
    header: list[str]
    above: list[list[str]]
    first_line: int


def name_of(cell: str) -> str:
    """Return a header cell in one form: lower case, no accents, no `(s)`, single blanks."""
    plain = unicodedata.normalize("NFKD", cell.casefold().lstrip("\ufeff"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"\((?:s|n|en)\)|[.:]", "", plain).split())


def first_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return the first rows of *text*, as far as they can be read, each with the number of the line after it."""
    rows: list[tuple[int, list[str]]] = []
    try:
        reader = csv.reader(io.StringIO(text[:_HEAD], newline="\n"), delimiter=separator)
        for row in reader:
            rows.append((reader.line_num, row))
            if len(rows) == _HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return rows


def find_header(text: str, header: Header) -> HeaderAt | None:
    """Return where the header stands in *text*, or None."""
    for separator in _SEPARATORS:
        rows = first_rows(text, separator)
        above: list[list[str]] = []
        for first_line, row in rows:
            places = header.find(row, above)
            if places is not None:
                return HeaderAt(separator, places, row, above, first_line)
            above.append(row)
    return None


def read_sheet(text: str, header: Header, at: HeaderAt, path: object) -> Sheet:
    """Read the rows below the header that `find_header` found.

    Raises:
        FileFormatError: where a cell is over 10 MB.
    """
    lines = text.split("\n")
    is_ended = not lines[-1]
    if is_ended:
        lines.pop()
    sheet = Sheet(at.places, at.header, [], [], at.above, notes={"separator": _SEPARATORS[at.separator]})
    number_at = at.places["publication_number"]
    width, number_name = len(at.header), at.header[number_at]
    blank = short = 0
    for line, row, fault in rows_of(lines, at.first_line, at.separator, (width, number_at), path):
        if not any(row):
            blank += 1
            continue
        sheet.rows_in_file += 1
        is_short = len(row) < width
        fitted = row if len(row) == width else _fit(row, header, sheet)
        if fault or (is_short and line == len(lines) and not is_ended):
            sheet.set_aside(fault or CUT_OFF, _where(line, row))
        elif fitted is None:
            sheet.set_aside(f"{'fewer' if is_short else 'more'} cells than the header", _where(line, row))
        elif fitted[number_at] == number_name:
            sheet.set_aside("the header again", f"line {line}")
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
    return header.realign(row, sheet.places, width) if header.realign else None


def _where(line: int, row: list[str]) -> str:
    return f"line {line}: {' | '.join(row)[:60]}".replace("\n", " ").strip()
