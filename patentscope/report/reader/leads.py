"""Leads in what? How both sides compare in more than size, in a few measures that say something, and all in a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import sqrt
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.indicators.measures import COVERAGE
from patentscope.query import side_names as sides
from patentscope.report.reader.measures import (
    ANY,
    COMPANIES,
    NAMES,
    PART,
    UNKNOWN,
    both_of,
    every_measure,
    said,
    title_of,
    when,
)
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import figure

AHEAD, HIGHER = "ahead", "higher"
LEVEL, UNCLEAR, OPEN = "About level", "No clear difference", "Can’t be told"
#: Fewer rows than these say too little to be told.
_FEWEST = 3
#: Of the main groups, how many are shown: those in which the sides differ most.
_PARTS = 3
#: Within this part of each other, or (growth) so many a year, two values are about level.
_NEAR, _NEAR_GROWTH = 0.05, 0.01
#: A difference of fewer standard errors may be chance.
_ERRORS = 2


@dataclass(frozen=True)
class _Group:
    """Measures that answer one question: its head, what a title calls it (empty: it names no leader), what it can't."""

    name: str
    noun: str
    measures: tuple[str, ...]
    cannot: str


_GROUPS = (
    _Group("How fast", "growth", ("growth",), "Growth is of what was published, a year and more after it was filed."),
    _Group(
        "How far it reaches",
        "reach abroad",
        ("abroad", "triadic", "offices"),
        "Filing abroad shows where protection was bought, not how good an invention is.",
    ),
    _Group("What became of it", "", ("granted",), "More grants may come from a quicker or more generous office."),
    _Group(
        "Who is behind it",
        "",
        (COMPANIES, "joint"),
        "What an owner is, its name must tell; owners in two countries may be branches of one company.",
    ),
)
_CANNOT_PARTS = "A part’s share says nothing of its size."


def leads(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return in what each side leads, by groups of measures; None where nothing is judged, or too little.

    `title` says it, `groups` have the rows, `cannot` what these measures don't say, `table` every measure of both sides
    and of the largest countries.
    """
    if not any(question["judged"] for question in claim["questions"]):
        return None
    held = _held(tables, claim["id"])
    groups: list[dict[str, Any]] = []
    found: dict[str, set[str]] = {}
    for group in _GROUPS:
        rows = [_row(claim, name, *held[name]) for name in group.measures if name in held]
        if rows:
            about = _cohort(
                group.measures[0], tables.as_of, held[next(name for name in group.measures if name in held)]
            )
            groups.append({"name": group.name, "about": about, "rows": rows, "cannot": group.cannot})
            if group.noun:
                found[group.noun] = {row["side"] or row["who"] for row in rows}
    if parts := list(_parts(tables, claim, held)):
        about = "1 is the share that all countries give it"
        groups.append({"name": "In which part", "about": about, "rows": parts, "cannot": _CANNOT_PARTS})
    if sum(len(group["rows"]) for group in groups) < _FEWEST:
        return None
    return {
        "title": _title(claim, found),
        "left": sides.label(claim["left"], claim["right"]),
        "right": sides.label(claim["right"], claim["left"]),
        "groups": groups,
        "cannot": " ".join(group["cannot"] for group in groups),
        "table": every_measure(tables, claim),
    }


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def _held(tables: RunTables, claim_id: str) -> dict[str, Pair]:
    """Return both sides' rows of each indicator that both have a value of, and one of them any, figures as numbers.

    An owner of unknown kind tells nothing of how many are companies.
    """
    rows = tables.indicators[tables.indicators["claim_id"].eq(claim_id) & tables.indicators["value"].ne("")]
    figures = {name: pd.to_numeric(rows[name]) for name in ("value", "low", "high", "n", "coverage")}
    by_side: dict[str, dict[str, Mapping[str, Any]]] = {"left": {}, "right": {}}
    for row in rows.assign(**figures).to_dict(orient="records"):
        by_side[row["side"]][row["indicator"]] = {str(name): value for name, value in row.items()}
    left, right = by_side.values()
    for side in (left, right):
        if COMPANIES in side:
            told = side[COMPANIES]["coverage"] * (1 - side[UNKNOWN]["value"])
            side[COMPANIES] = {**side.pop(COMPANIES), "coverage": told}
            if told < COVERAGE:
                del side[COMPANIES]
    pairs = {name: (left[name], right[name]) for name in left if name in right}
    return {name: pair for name, pair in pairs.items() if pair[0]["value"] or pair[1]["value"]}


def _row(claim: Entry, name: str, left: Mapping[str, Any], right: Mapping[str, Any], text: str = "") -> dict[str, Any]:
    """Return one measure: both values in words, their bars to one scale, and who is ahead (or higher), if anyone."""
    values, most = (left["value"], right["value"]), max(left["value"], right["value"])
    who, side = _who(name, left, right), ""
    if who in {AHEAD, HIGHER}:
        side = "left" if values[0] > values[1] else "right"
        who = f"{sides.label(*both_of(claim, side))} {who}"
    known = [said("abroad", one["coverage"]) for one in (left, right)]
    is_told = who != OPEN and min(left["coverage"], right["coverage"]) > 1 - _NEAR
    return {
        "name": text or NAMES[name],
        "left": said(name, values[0]),
        "right": said(name, values[1]),
        "widths": [] if name == "growth" or not most else [100 * value / most for value in values],
        "who": who,
        "side": side,
        "known": "" if is_told else f"known of {' and '.join(known)}",
    }


def _who(name: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """Return what is said of two values: one is ahead where more is more, else higher; or why neither is.

    Where the unknown families could turn them round it can't be told; where chance could, the difference isn't clear.
    """
    a, b = left["value"], right["value"]
    if abs(a - b) <= _NEAR_GROWTH if name == "growth" else abs(a - b) <= _NEAR * min(a, b):
        return LEVEL
    if left["low"] <= right["high"] and right["low"] <= left["high"]:
        return OPEN
    if abs(a - b) <= _ERRORS * sqrt(_variance(name, left) + _variance(name, right)):
        return UNCLEAR
    return AHEAD if any(group.noun and name in group.measures for group in _GROUPS) else HIGHER


def _variance(name: str, one: Mapping[str, Any]) -> float:
    """Return about how much chance adds to a value: that of a share, or of counts of so many families."""
    value, n = float(one["value"]), int(one["n"])
    if name == "growth":
        return (1 + value) ** 2 / 16 * 10 / n  # of the fourth root of a ratio of two fifths of n
    if name == "offices":
        return (value - 1) / n
    if name.startswith(PART):
        return value / n  # at least: a part is a share of the families
    return value * (1 - value) / n


def _parts(tables: RunTables, claim: Entry, held: Mapping[str, Pair]) -> Iterator[dict[str, Any]]:
    """Yield the main groups with an official title in which the sides differ most, beyond chance."""
    titles = {name: title_of(tables, name) for name in held if name.startswith(PART)}
    titled = [name for name, title in titles.items() if title]
    largest = sorted(titled, key=lambda name: -abs(held[name][0]["value"] - held[name][1]["value"]))
    rows = (_row(claim, name, *held[name], titles[name]) for name in largest)
    yield from islice((row for row in rows if row["side"]), _PARTS)


def _title(claim: Entry, found: Mapping[str, set[str]]) -> str:
    """Return who leads in what: a group goes to the side that leads all its rows."""
    says: dict[str, list[str]] = {}
    for noun, who in found.items():
        says.setdefault("split" if len(who) > 1 else next(iter(who)), []).append(noun)
    parts = []
    for side in ("left", "right"):
        if nouns := says.get(side):
            own = both_of(claim, side)
            parts.append(f"{sides.brief(*own)} lead{'' if sides.is_plural(own[0]) else 's'} in {sides.listed(nouns)}")
    for state, word in ((LEVEL, "level"), ("split", "split")):
        if nouns := says.get(state):
            parts.append(f"{sides.listed(nouns)} {'is' if len(nouns) == 1 else 'are'} {word}")
    if nouns := says.get(UNCLEAR):
        parts.append(f"no clear difference in {sides.listed(nouns)}")
    if nouns := says.get(OPEN):
        parts.append(f"{sides.listed(nouns)} can’t be told")
    if not parts:
        return "Leads in what? How the two sides differ"
    text = "; ".join(parts)
    return f"Leads in what? {text[0].upper()}{text[1:]}"


def _cohort(name: str, as_of: dt.date, rows: Pair) -> str:
    """Return when a group's families were first published, and how many there are on both sides."""
    n = " and ".join(figure(row["n"]) for row in rows)
    years = when(name, as_of, rows[0]["years"])
    return f"{years if years == ANY else f'first published {years}'}: {n} inventions"
