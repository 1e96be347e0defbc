"""Publication years, months and days as a search is cut by them: none overlaps another, and none is left out.

The years are the query's and not the calendar's, so that kept answers serve offline in any year; the last piece has no
upper end, for what is published tomorrow belongs to it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Years after the query's last that are told apart where what was published since is too much for one piece.
_LATER = 20
_NAME = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(\.\.)?")


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends counted; without `last` it has no end."""

    name: str
    first: dt.date
    last: dt.date | None


#: How often a period can be cut: the open end into years, a year into months, a month into days.
DEPTH = 4


def whole(years: tuple[int, int]) -> Period:
    """Return all that matters to a query of these *years*: from the first one on."""
    return _open_from(years[0])


def parts_of(name: str, years: tuple[int, int]) -> Iterator[Period]:
    """Yield the periods that make up the one called *name*: `2024` its months, `2024-03` its days, `2026..` years.

    An empty *name* is the whole. A day is its own only part: nothing cuts it further.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        yield from _years(years[0], years[1])
        return
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        yield from _years(year, year + _LATER)
    elif not month:
        yield from (_month(year, number) for number in range(1, 13))
    elif not day:
        yield from (_day(year, month, number) for number in range(1, calendar.monthrange(year, month)[1] + 1))
    else:
        yield _day(year, month, day)


def _years(first: int, last: int) -> Iterator[Period]:
    for year in range(first, last + 1):
        yield Period(str(year), dt.date(year, 1, 1), dt.date(year, 12, 31))
    yield _open_from(last + 1)


def _open_from(year: int) -> Period:
    return Period(f"{year}..", dt.date(year, 1, 1), None)


def _month(year: int, month: int) -> Period:
    last = calendar.monthrange(year, month)[1]
    return Period(f"{year}-{month:02d}", dt.date(year, month, 1), dt.date(year, month, last))


def _day(year: int, month: int, day: int) -> Period:
    date = dt.date(year, month, day)
    return Period(str(date), date, date)
