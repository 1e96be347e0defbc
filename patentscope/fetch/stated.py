"""What sources state when they are only asked how many: one number per part of a query, office and publication year.

`fetch --count` writes them to `cache/counts/QUERY.SOURCE.csv`, and a run of the query takes the tables along. Parts
overlap, so that their numbers don't add up; nor are they counts of this program's own.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from patentscope.errors import UsageError
from patentscope.provenance.writing import make_folder, write_text

COLUMNS = ("source", "part", "office", "year", "stated", "asked_on")


class Stated(NamedTuple):
    """How many hits a source states; `is_at_least` where it says, or can only be asked for, a part of them."""

    source: str
    part: str
    office: str
    year: int
    stated: int
    is_at_least: bool
    asked_on: dt.date

    @property
    def in_words(self) -> str:
        """The number as tables have it: `1958`, or `at least 10000`."""
        return f"{'at least ' * self.is_at_least}{self.stated}"


def place_of(cache: Path, query: str, source: str) -> Path:
    """Return where the table of a *query*, by name, is kept for a *source*."""
    return cache / "counts" / f"{query}.{source}.csv"


def write(path: Path, rows: Iterable[Stated]) -> None:
    """Write the table of one source, in place of an earlier one.

    Raises:
        WriteError: where it can't be written.
    """
    make_folder(path.parent)
    write_text(path, _text((*row[:4], row.in_words, row.asked_on) for row in rows))


def together(cache: Path, query: str, sources: Iterable[str]) -> str:
    """Return the kept tables of *query* as one, in the order of *sources*; empty where none is kept.

    Raises:
        UsageError: for a table that has other columns.
    """
    rows: list[list[str]] = []
    for path in filter(Path.is_file, (place_of(cache, query, source) for source in sources)):
        try:
            header, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError, csv.Error) as error:
            raise UsageError(
                f"{path}: can't be read ({error}); count again with `fetch --count`, or remove it"
            ) from error
        if tuple(header) != COLUMNS or any(len(line) != len(COLUMNS) for line in lines):
            found = ", ".join(header) if tuple(header) != COLUMNS else "rows of other lengths"
            expected = f"expected the columns {', '.join(COLUMNS)}"
            raise UsageError(f"{path}: {found}; {expected}. Count again with `fetch --count`, or remove it")
        for line in lines:
            if not (line[3].isdecimal() and re.fullmatch("(at least )?[0-9]+", line[4])):
                raise UsageError(
                    f"{path}: found {', '.join(line)!r}; expected a year and a number of hits. Count again with "
                    "`fetch --count`, or remove it"
                )
        rows += lines
    return _text(rows) if rows else ""


def _text(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()
