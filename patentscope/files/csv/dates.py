"""Dates as files write them: the order of day and month is decided once per file, by evidence, and said.

One value over 12 decides the order for the whole file; dots mean day first. Without evidence a date that could be
read both ways stays null, as does one that is impossible: a gap, counted, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

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
    columns: Mapping[str, Sequence[str]],
    lines: Sequence[int | str],
    years: Sequence[int | None] = (),
    is_recent: Sequence[bool] = (),
) -> tuple[dict[str, pa.Array], dict[str, str]]:
    """Return the columns as date32 arrays, and notes: the order decided, what was unreadable.

    Args:
        columns: a field's name and its cells, one per row; `publication_date` first, where there is one.
        lines: the line of each row, for the examples.
        years: each row's year of publication where the file states one: it tells the century of two-digit years.
        is_recent: whether each row's document is of 1970 or later; asked only where no year is stated.
    """
    parts = {cell: _parts(cell) for cell in set().union(*columns.values())}
    order, notes = _decide([part for part in parts.values() if part and part[3] != "ymd"])
    known = {cell: _days(part, order) for cell, part in parts.items() if part and not part[4]}
    short = {cell: part for cell, part in parts.items() if part and part[4]}
    arrays, week_years = {}, 0
    for name, cells in columns.items():
        days = [known.get(cell) for cell in cells]
        for row, cell in enumerate(cells if short else ()):
            if part := short.get(cell):
                stated = years[row] if years else None
                is_late = _LATE_DECEMBER <= (_month_and_day(part, order) or (0, 0)) < _NO_MONTH
                if stated is None:
                    year = _WINDOW_START + (part[0] - _WINDOW_START) % _CENTURY if is_recent and is_recent[row] else 0
                elif name != "publication_date":  # the latest such year that isn't after the publication's
                    year = 0 if is_late and week_years else stated - (stated - part[0]) % _CENTURY
                else:
                    ahead = (part[0] - stated) % _CENTURY
                    week_years += is_late and ahead == 1
                    year = stated if ahead == 0 or (is_late and ahead == 1) else 0
                days[row] = _days(part, order, year)
        bad = [row for row, day in enumerate(days) if day is None and cells[row].strip().casefold() not in _NO_DATE]
        if bad:
            shown = "; ".join(f"line {lines[row]} {cells[row].strip()[:30]!r}" for row in bad[:_EXAMPLES])
            notes[f"no {name.replace('_', ' ')} read"] = f"{len(bad)} rows, left null: {shown}"
        arrays[name] = pa.array(days, pa.int32()).cast(pa.date32())
    if week_years:
        notes["week years"] = (
            f"{week_years} publication dates of late December carry the next year, as a week count does; "
            "the file's own publication year is used, and other dates of late December stay null"
        )
    return arrays, notes


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
