"""A file's rows under a known header, as columns: separator, preamble and header are found together."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_HEAD = 1 << 18
_HEADER_WITHIN = 40


#: Where rows start: lines of a file, or rows of a workbook's sheets.
Lines = Sequence[int | str] | np.ndarray[Any, np.dtype[np.int64]]


class MovedCellsError(Exception):
    """A row shows that a spreadsheet moved the cells of the whole file; it is to be read anew as such."""


@dataclass
class Sheet:
    """Rows of one file under its header, as columns: all of them, or a block.

    Attributes:
        columns: by our field names, text; null where a cell is empty.
        lines: the line of the file on which each row starts; of a workbook the row's number, `7 of Sheet2`.
        rows_in_file: rows with any text, the header apart.
        further: publications that a row names beyond its first; each was made a row of its own.
        tally: how many rows there were of each kind that a note tells of.
    """

    columns: dict[str, pa.Array]
    lines: Lines
    rows_in_file: int
    further: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    notes: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many rows it has."""
        return len(self.lines)

    def cells(self, name: str) -> pa.Array:
        """Return one column; nulls where the file has no such column."""
        return self.columns[name] if name in self.columns else pa.nulls(len(self), pa.string())

    def texts(self, name: str) -> list[str]:
        """Return one column as Python's text, empty where a cell is."""
        return [cell or "" for cell in self.cells(name).to_pylist()]


def together(sheets: Sequence[Sheet]) -> Sheet:
    """Return the blocks of one file as one sheet."""
    first = sheets[0]
    return Sheet(
        {name: pa.concat_arrays([one.columns[name] for one in sheets]) for name in first.columns},
        [line for one in sheets for line in one.lines],
        sum(one.rows_in_file for one in sheets),
        sum(one.further for one in sheets),
        sum((one.tally for one in sheets), Counter()),
        {name: text for one in sheets for name, text in one.notes.items()},
    )


@dataclass(frozen=True)
class Shift:
    """How to tell, and to put back, the cells of a format's rows that a spreadsheet moved.

    Attributes:
        link: the column that begins with `http` in every row whose cells are in their places.
        is_moved: whether a row shows that the cells of its file were moved.
        realign: gives a row's cells under their header, and whether all could be told; or None.
    """

    link: str
    is_moved: Callable[[list[str], HeaderAt], bool]
    realign: Callable[[list[str], Mapping[str, int], int], tuple[list[str], bool] | None]


@dataclass(frozen=True)
class Header:
    """What a format's header looks like.

    Attributes:
        aliases: our field name -> the names that the format's generations and languages give it, as `name_of` writes
            them, the best first.
        telltales: names of which at least one is there in this format, and in no other.
        by_position: finds the columns of a header in an unknown language, from the header and what stands above it.
        shift: what spreadsheets are known to do to its cells.
    """

    aliases: Mapping[str, Sequence[str]]
    telltales: frozenset[str]
    by_position: Callable[[list[str], list[list[str]]], dict[str, int] | None] | None = None
    shift: Shift | None = None

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
    """A header found: our fields' columns, its cells, what stood above, and the line after it.

    `separator` is the text's, `sheet` the name of a workbook's.
    """

    places: Mapping[str, int]
    header: list[str]
    above: list[list[str]]
    first_line: int
    separator: str = ""
    sheet: str = ""

    @cached_property
    def named(self) -> int:
        """How many columns there are up to the last one with a name."""
        return max((place for place, name in enumerate(self.header) if name.strip()), default=0) + 1


def plainly(*names: str) -> dict[str, tuple[str, ...]]:
    """Return the aliases of fields that a format's header calls as we do."""
    return {name: (name.replace("_", " "),) for name in names}


def name_of(cell: str) -> str:
    """Return a header cell in one form: lower case, no accents, no `(s)`, single blanks."""
    plain = cell.casefold().lstrip("\ufeff")
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
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
    for separator in SEPARATORS:
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
