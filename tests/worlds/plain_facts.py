"""What the certainty of a count reads off a made world, worked out a second, plain way, document by document."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

from worlds.plain_count import Vintage, _families, _kin, _parts, _units, _year

COHORTS = 5


def part_published(
    vintage: Vintage, today: dt.date, convention: Any, side: tuple[str, ...], left: tuple[str, ...], year: int
) -> float | None:
    """Return what part of a side's units of *year* is published, as the concern `publication` has it.

    *vintage* is what can be seen *today*, the data's own date. International units have to be international, too.
    Neither topic nor share matters, nor whose a unit is, but for offices.
    """
    basis = "office" if convention.basis == "office" else "priority"
    return _part(vintage, today, replace(convention, topic="", share="", basis=basis), side, left, year)


@cache
def _part(
    vintage: Vintage, today: dt.date, convention: Any, side: tuple[str, ...], left: tuple[str, ...], year: int
) -> float | None:
    over = None
    if convention.date in {"publication", "grant"}:
        days = [dt.date(year, 1, 1) + dt.timedelta(days=place) for place in range(366)]
        days = [day for day in days if day.year == year]
        over = sum(day <= convention.as_of for day in days) / len(days)
        if convention.international == "all":
            return over
    newest = max(one for one in range(today.year - 10, today.year) if dt.date(one + 5, 12, 31) <= today)
    cohorts = range(newest - COHORTS + 1, newest + 1)
    found = []
    for docs in _units(vintage, convention.unit, convention.documents).values():
        cohort = _year(docs, convention.date)
        day = _visible_from(vintage, docs, convention, side, left)
        if cohort in cohorts and day:
            found.append(day <= _moved(convention.as_of, cohort - year))
    complete = 1.0 if dt.date(year + 5, 12, 31) <= convention.as_of else None
    part = sum(found) / len(found) if found else complete
    return part if part is None or over is None else min(part, over)


def _visible_from(
    vintage: Vintage, docs: tuple[Any, ...], convention: Any, side: tuple[str, ...], left: tuple[str, ...]
) -> dt.date | None:
    """Return since when a unit on topic is visible at a side's offices, or as one of its priority countries."""
    kin = _kin(vintage, convention.unit, docs)
    if not set(kin) & set().union(*vintage.world.topics.values()):
        return None
    if convention.basis == "office":
        days = [doc.published for doc in docs if meets({doc.office}, side, left)]
    else:
        parts, _ = _parts(vintage, _families(vintage, docs), "priority")
        days = [doc.published for doc in docs if meets(set(parts), side, left)]
    if convention.international == "all" or not days:
        return min(days, default=None)
    crossed = [day for name in kin if (day := _crossed(vintage, name, convention.international))]
    return max(min(days), min(crossed)) if crossed else None


def meets(codes: set[str], side: tuple[str, ...], left: tuple[str, ...]) -> bool:
    """Say whether any of *codes* is on a side; `*` is all that is not on the *left*."""
    return bool(codes - set(left) if side == ("*",) else codes & set(side))


def _crossed(vintage: Vintage, family: str, level: str) -> dt.date | None:
    """Return the day on which a family had become international."""
    first: dict[str, dt.date] = {}
    for doc in vintage.by_family.get(family, []):
        first.setdefault(doc.office, doc.published)  # documents come in the order of their publication
    if level == "two_offices":
        return sorted(first.values())[1] if len(first) > 1 else None
    if level == "pct":
        return first.get("WO")
    return max(first[code] for code in ("EP", "JP", "US")) if {"EP", "JP", "US"} <= set(first) else None


def _moved(day: dt.date, years: int) -> dt.date:
    """Return a day of another year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
