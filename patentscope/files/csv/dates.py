"""Dates as files write them: the order of day and month is decided once per file, by evidence, and said.

One value over 12 decides the order for the whole file; dots mean day first. Without evidence a date that could be
read both ways stays null, as does one that is impossible: a gap, counted, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

_ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]\d.*)?")
_DAY_MONTH = re.compile(r"(\d{1,2})[-\s./]+([A-Za-z]{3})[a-z]*\.?[-\s./,]+(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))  # noqa: SIM905
# What files write for "no date".
_NO_DATE = frozenset({"", "-", "--", "na", "n/a", "none", "null", "nan", "nat", "0000-00-00", "00000000", "9999-12-31"})
_EPOCH = dt.date(1970, 1, 1).toordinal()
_YEARS = range(1790, 2100)
_MOST_MONTHS = 12
_CENTURY = 100
_WINDOW_START = 1970
_LATE_DECEMBER, _NO_MONTH = (12, 26), (13,)
_EXAMPLES = 3

# year, first number, second number, order known (`ymd`) or to be decided (`?` or `.`), two-digit year
_Parts = tuple[int, int, int, str, bool]


def is_date(cell: str) -> bool:
    """Say whether *cell* is empty or reads as a date, in whatever order."""
    return cell.strip().casefold() in _NO_DATE or _parts(cell) is not None


def read_dates(
    columns: Mapping[str, pa.ChunkedArray],
    line_of: Callable[[int], int | str],
    years: pa.ChunkedArray | None = None,
    is_recent: pa.ChunkedArray | None = None,
) -> tuple[dict[str, pa.ChunkedArray], dict[str, str]]:
    """Return the columns as date32, and notes: the order decided, what was unreadable.

    Args:
        columns: a field's name and its cells, null where empty; `publication_date` first, where there is one.
        line_of: gives the line of a row, for the examples.
        years: each row's year of publication where the file states one: it tells the century of two-digit years.
        is_recent: whether each row's document is of 1970 or later; asked only where no year is stated.
    """
    encoded = {name: _encoded(cells) for name, cells in columns.items()}
    parts = {cell: _parts(cell) for cell in set().union(*(distinct for distinct, _ in encoded.values()))}
    order, notes = _decide([part for part in parts.values() if part and part[3] != "ymd"])
    short = {cell: part for cell, part in parts.items() if part and part[4]}
    century = _Century(order, years, is_recent)
    arrays = {}
    for name, (distinct, codes) in encoded.items():
        known = [None if part is None or part[4] else _days(part, order) for part in map(parts.get, distinct)]
        days = _at(known, codes)
        if not short.keys().isdisjoint(distinct):
            by_row = days.to_pylist()
            for row in np.flatnonzero(np.isin(codes, [code for code, cell in enumerate(distinct) if cell in short])):
                by_row[row] = century.days(name, int(row), short[distinct[codes[row]]])
            days = pa.array(by_row, pa.int32())
        says_none = np.array([*(cell.strip().casefold() in _NO_DATE for cell in distinct), True])
        bad = np.flatnonzero(days.is_null().to_numpy(zero_copy_only=False) & ~says_none[codes])
        if len(bad):
            first = ((int(row), distinct[codes[row]]) for row in bad[:_EXAMPLES])
            shown = "; ".join(f"line {line_of(row)} {cell.strip()[:30]!r}" for row, cell in first)
            notes[f"no {name.replace('_', ' ')} read"] = f"{len(bad)} rows, left null: {shown}"
        arrays[name] = pa.chunked_array([days.cast(pa.date32())])
    return arrays, notes | century.notes()


def _encoded(cells: pa.ChunkedArray) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return the distinct cells, and of each row which it has: -1 where none."""
    encoded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    whole = encoded.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    return whole.dictionary.to_pylist(), whole.indices.fill_null(-1).to_numpy()


def _at(known: list[int | None], codes: np.ndarray[Any, Any]) -> pa.Array:
    """Return the days of each row."""
    return pa.array(known, pa.int32()).take(pa.array(codes, mask=codes < 0))


class _Century:
    """Tells the years of dates that are written with two digits."""

    def __init__(self, order: str, years: pa.ChunkedArray | None, is_recent: pa.ChunkedArray | None) -> None:
        self._order = order
        self._years, self._is_recent = years, is_recent
        self._week_years = 0

    def days(self, name: str, row: int, part: _Parts) -> int | None:
        """Return the days of a row's date."""
        is_late = _LATE_DECEMBER <= (_month_and_day(part, self._order) or (0, 0)) < _NO_MONTH
        stated = self._stated[row]
        if stated is None:
            year = _WINDOW_START + (part[0] - _WINDOW_START) % _CENTURY if self._recent[row] else 0
        elif name != "publication_date":  # the latest such year that isn't after the publication's
            year = 0 if is_late and self._week_years else stated - (stated - part[0]) % _CENTURY
        else:
            ahead = (part[0] - stated) % _CENTURY
            self._week_years += is_late and ahead == 1
            year = stated if ahead == 0 or (is_late and ahead == 1) else 0
        return _days(part, self._order, year)

    def notes(self) -> dict[str, str]:
        """Return what is to be said of publication dates that follow a week count."""
        if not self._week_years:
            return {}
        said = (
            f"{self._week_years} publication dates of late December carry the next year, as a week count does; "
            "the file's own publication year is used, and other dates of late December stay null"
        )
        return {"week years": said}

    @cached_property
    def _stated(self) -> Mapping[int, int | None]:
        if self._years is None:
            return defaultdict(lambda: None)
        return dict(enumerate(int(cell) if cell and cell.isdecimal() else None for cell in self._years.to_pylist()))

    @cached_property
    def _recent(self) -> Mapping[int, bool]:
        if self._is_recent is None:
            return defaultdict(bool)
        return dict(enumerate(map(bool, self._is_recent.to_pylist())))


def _parts(cell: str) -> _Parts | None:
    cell = cell.strip()
    if match := (_ISO.fullmatch(cell) or _COMPACT.fullmatch(cell)):
        return int(match[1]), int(match[2]), int(match[3]), "ymd", False
    if match := _NUMERIC.fullmatch(cell):
        order = "." if match[2] == "." else "?"
        return int(match[4]), int(match[1]), int(match[3]), order, len(match[4]) == 2  # noqa: PLR2004
    if (match := _DAY_MONTH.fullmatch(cell)) and match[2].casefold() in _MONTHS:
        return int(match[3]), _MONTHS[match[2].casefold()], int(match[1]), "ymd", len(match[3]) == 2  # noqa: PLR2004
    if (match := _MONTH_DAY.fullmatch(cell)) and match[1].casefold() in _MONTHS:
        return int(match[3]), _MONTHS[match[1].casefold()], int(match[2]), "ymd", False
    return None


def _decide(written: Sequence[_Parts]) -> tuple[str, dict[str, str]]:
    """Decide day first, month first or undecided, from the distinct dates of the file that don't say it."""
    if not written:
        return "none", {}
    day_first = sum(first > _MOST_MONTHS for _, first, _, _, _ in written)
    month_first = sum(second > _MOST_MONTHS for _, _, second, _, _ in written)
    if day_first and month_first:
        order, why = "undecided", f"{day_first} dates can only be day first and {month_first} only month first"
        why += ": those that could be either stay null"
    elif day_first:
        order, why = "day first", f"day first: {day_first} dates have a first number over 12"
    elif month_first:
        order, why = "month first", f"month first: {month_first} dates have a second number over 12"
    elif all(part[3] == "." for part in written):
        order, why = "day first", "day first: dates written with dots"
    else:
        order, why = "undecided", "no date tells day from month: those that could be either stay null"
    return order, {"date order": why}


def _month_and_day(part: _Parts, order: str) -> tuple[int, int] | None:
    _, first, second, how, _ = part
    if how == "ymd" or order == "month first" or first == second:
        return first, second
    if order == "day first" or first > _MOST_MONTHS:
        return second, first
    return (first, second) if second > _MOST_MONTHS else None


def _days(part: _Parts, order: str, year: int | None = None) -> int | None:
    """Return days since 1970, or None for a date that is impossible or can't be told."""
    month_and_day = _month_and_day(part, order)
    year = part[0] if year is None else year
    if month_and_day is None or year not in _YEARS:
        return None
    try:
        return dt.date(year, *month_and_day).toordinal() - _EPOCH
    except ValueError:
        return None
