"""What others counted (`[published] file`): a CSV beside the query, one row per series and year, read as a whole.

These are facts of others, each with its source. They are shown beside a claim's answer and enter no count of our own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from patentscope.errors import Fault, QueryError
from patentscope.query.claim import faults_of_years
from patentscope.query.convention import QUESTIONS
from patentscope.records.offices import office_codes

SAME, NARROWER, NEIGHBOUR, WIDER = "same", "narrower", "neighbour", "wider"
RELATIONS = (SAME, NARROWER, NEIGHBOUR, WIDER)
READ, RECOUNTED, QUOTED, ASKED = "read", "recounted", "quoted", "asked"
HOW_READ = (READ, RECOUNTED, QUOTED, ASKED)
YES, NO, NOT_KNOWN = "yes", "no", "unknown"
#: Columns besides those of countries; the years stand under `year` or `years`.
COLUMNS = (
    *("series", "topic", "relation", "question", "unit", "convention", "total", "codes_missing", "how_read"),
    *("author", "title", "published", "address", "note"),
)
_YEARS = ("year", "years")
_NEEDED = ("series", "topic", "relation", "how_read", "author", "title")
#: What a cell may say, where only some words will do; an empty one says that it is not known.
_CHOICES = {
    "relation": RELATIONS,
    "question": ("", *QUESTIONS),
    "codes_missing": ("", YES, NO, NOT_KNOWN),
    "how_read": HOW_READ,
}
#: What the rows of a series agree in.
_OF_SERIES = ("topic", "relation", "question", "unit")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_SPAN = re.compile(r"([0-9]{4})(?: ?(?:-|–|\.\.) ?([0-9]{4}))?")


@dataclass(frozen=True)
class Published:
    """One row: what a series counts in a year, or over some years.

    Attributes:
        series: its name; the rows of a name are one series.
        relation: of its topic to the query's, one of `RELATIONS`.
        question: one of `QUESTIONS`; empty where the source doesn't say.
        years: first and last; None where the source doesn't say.
        counts: by country or office code.
        total: over all categories, given only where they exclude each other.
        codes_missing: `yes` where the source lacks the countries of many; `no`, or `unknown`.
        how_read: one of `HOW_READ`.
        at_least: codes whose counts are lower bounds.
        lacks: codes that the source doesn't cover.
    """

    series: str
    topic: str
    relation: str
    question: str
    unit: str
    convention: str
    years: tuple[int, int] | None
    counts: Mapping[str, Fraction]
    total: Fraction | None
    codes_missing: str
    how_read: str
    author: str
    title: str
    published: str = ""
    address: str = ""
    note: str = ""
    at_least: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()


def read(path: Path) -> tuple[Published, ...]:
    """Return the rows of a published table.

    Raises:
        QueryError: listing every fault at once, each with its line and column, what was found and what would work.
    """
    return _rows(path, _text_at(path))


def text_of(path: Path) -> str:
    """Return a published table as it stands, its rows being what they should be; raise QueryError as `read`."""
    text = _text_at(path)
    _rows(path, text)
    return text


def _text_at(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(str(path), [Fault("file", str(error), "expected a readable CSV file in UTF-8")]) from error


def _rows(path: Path, text: str) -> tuple[Published, ...]:
    reader = _Reader()
    try:
        rows = reader.rows(text)
    except csv.Error as error:
        raise QueryError(str(path), [Fault("CSV", str(error), "expected comma-separated values in UTF-8")]) from error
    if reader.faults:
        raise QueryError(str(path), reader.faults)
    return rows


class _Reader:
    """Collects faults on the way; what it returns is only to be used where there were none."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.line = 1

    def fault(self, column: str, found: str, expected: str) -> None:
        where = f"line {self.line}, column {column}" if column else f"line {self.line}"
        self.faults.append(Fault(where, found, expected))

    def rows(self, text: str) -> tuple[Published, ...]:
        """Return the rows of a table whose first line names its columns."""
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [cell.strip() for cell in next(lines, [])]
        codes = self._codes(header)
        rows: list[Published] = []
        first: dict[tuple[str, ...], tuple[int, Published]] = {}
        for cells in lines:
            self.line = lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                self.fault("", f"{len(cells)} cells", f"expected {len(header)}, one for each column of line 1")
                continue
            named = dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=True))
            row = self._row({column: named.get(column, "") for column in (*COLUMNS, *_YEARS)}, named, codes)
            self._agrees(row, first)
            rows.append(row)
        if not rows and not self.faults:
            self.fault("", "no row below the columns", "expected one row for each series and year")
        return tuple(rows)

    def _codes(self, header: Sequence[str]) -> list[str]:
        """Return the columns that are of countries, with faults for all that lack, are twice, or are neither."""
        for column in COLUMNS:
            if column not in header:
                self.fault(column, "no such column", f"expected {', '.join(COLUMNS)}, year or years, and country codes")
        if not set(_YEARS) & set(header):
            self.fault("year", "no such column", "expected `year`, or `years` for rows over several")
        others = [column for column in header if column not in {*COLUMNS, *_YEARS}]
        for column in dict.fromkeys(header):
            if header.count(column) > 1:
                self.fault(column, "a column twice", "name each column once")
        for column in others:
            if column not in office_codes():
                expected = "expected a two-letter country or office code (WIPO ST.3), such as CN"
                self.fault(repr(column), "an unknown column", expected)
        return [column for column in others if column in office_codes()]

    def _row(self, said: Mapping[str, str], cells: Mapping[str, str], codes: Iterable[str]) -> Published:
        for column in _NEEDED:
            if not said[column] and column in cells:
                self.fault(column, "nothing", "expected a text")
        for column, words in _CHOICES.items():
            if said[column] not in words and (said[column] or column not in _NEEDED):
                listed = ", ".join(filter(None, words))
                may = ", or nothing where the source doesn't say" if "" in words else ""
                self.fault(column, repr(said[column]), f"expected one of {listed}{may}")
        counts = {code: n for code in codes if (n := self._number(code, cells[code])) is not None}
        total = self._number("total", said["total"])
        parts = sum(counts.values(), Fraction(0))
        if total is not None and parts > total:
            expected = "a total is given only where the categories exclude each other: else leave it empty"
            self.fault("total", f"{said['total']}, less than its parts, {_text(parts)}", expected)
        texts = {column: said[column] for column in COLUMNS if column != "total"}
        texts["codes_missing"] = said["codes_missing"] or NOT_KNOWN
        return Published(**texts, years=self._years(said), counts=counts, total=total)  # type: ignore[arg-type]

    def _number(self, column: str, cell: str) -> Fraction | None:
        if not cell:
            return None
        if not _NUMBER.fullmatch(cell):
            self.fault(column, repr(cell), "expected a count such as 39752 or 12.5, or nothing where none is given")
            return None
        return Fraction(cell)

    def _years(self, said: Mapping[str, str]) -> tuple[int, int] | None:
        given = [(column, said[column]) for column in _YEARS if said[column]]
        if not given:
            return None
        column, cell = given[0]
        if len(given) > 1:
            self.fault("years", f"{cell} and {given[1][1]}", "give `year` or `years`, not both")
        match = _SPAN.fullmatch(cell)
        if not match:
            self.fault(column, repr(cell), "expected a year such as 2012, or a span such as 2010-2024")
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        self.faults += faults_of_years(f"line {self.line}, column {column}", first, last)
        return first, last

    def _agrees(self, row: Published, first: dict[tuple[str, ...], tuple[int, Published]]) -> None:
        """Write down a second row of a series and year, and rows of one series that are of two."""
        year = "-".join(map(str, dict.fromkeys(row.years or ())))
        line, _ = first.setdefault((row.series, year), (self.line, row))
        if line != self.line:
            found = f"a second row of {row.series!r}{f' in {year}' if year else ' without a year'}, as in line {line}"
            self.fault("series", found, "expected one row for each series and year: give the other a series of its own")
        line, before = first.setdefault((row.series,), (self.line, row))
        for column in _OF_SERIES:
            mine, theirs = getattr(row, column), getattr(before, column)
            if mine != theirs:
                found = f"{mine!r}, and in line {line}, of the same series, {theirs!r}"
                self.fault(column, found, "the rows of a series are of one topic and unit: name another series")


def _text(number: Fraction) -> str:
    return f"{float(number):.15g}"
