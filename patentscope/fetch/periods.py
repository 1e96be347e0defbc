"""Publication years, months and days as a search is cut by them: none overlaps another, and none is left out.

The years are the query's and not the calendar's, so that kept answers serve offline in any year; the last piece has no
upper end, for what is published tomorrow belongs to it.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
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
    return Period(f"{years[0]}..", dt.date(years[0], 1, 1), None)


def year_of(year: int) -> Period:
    """Return a calendar year."""
    return _period(year)


def parts_of(name: str, years: tuple[int, int]) -> Iterator[Period]:
    """Yield the periods that make up the one called *name*: `2024` its months, `2024-03` its days, `2026..` years.

    An empty *name* is the whole. A day is its own only part: nothing cuts it further.
    """
    match = _NAME.fullmatch(name)
    if match is None or match[4]:
        first, last = (int(match[1]), int(match[1]) + _LATER) if match else years
        yield from map(_period, range(first, last + 1))
        yield whole((last + 1, last + 1))
        return
    year, month, day = (int(number or 0) for number in match.groups()[:3])
    if day:
        yield _period(year, month, day)
    elif month:
        yield from (_period(year, month, number) for number in range(1, monthrange(year, month)[1] + 1))
    else:
        yield from (_period(year, number) for number in range(1, 13))


def _period(year: int, month: int = 0, day: int = 0) -> Period:
    """Return a year, a month or a day."""
    last_month = month or 12
    last = dt.date(year, last_month, day or monthrange(year, last_month)[1])
    name = "-".join([str(year), *(f"{number:02d}" for number in (month, day) if number)])
    return Period(name, dt.date(year, month or 1, day or 1), last)
