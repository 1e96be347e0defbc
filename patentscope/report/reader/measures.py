"""The measures by which sides are compared, in words: their names, their values, all of them in one table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.indicators.measures import GRANTED, REACH
from patentscope.query import side_names as sides
from patentscope.records.offices import short_name
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Figure, Table, figure

PART = "specialisation:"
COMPANIES, UNKNOWN = "sector:company", "sector:unknown"
#: A smaller share has a decimal.
_TENTH = 0.1
ANY = "all years"
NAMES = {
    "growth": "Growth a year",
    "abroad": "Filed at two offices or more",
    "ip5": "The same, one of them of the five largest",
    "triadic": "Filed in Europe, Japan and the US",
    "offices": "Offices per invention",
    "granted": "Granted somewhere",
    "utility_models": "Utility models only",
    COMPANIES: "Owned by companies",
    "sector:university or institute": "Owned by universities or institutes",
    "sector:person": "Owned by persons",
    UNKNOWN: "Kind of owner unknown",
    "concentration": "Share of the five largest owners",
    "joint": "Owners in two countries or more",
}


def when(name: str, as_of: dt.date, years: str) -> str:
    """Return when an indicator's families were first published, *years* being those of indicators.csv."""
    back = pd.Timestamp(as_of)
    if name in {"abroad", "ip5", "triadic", "offices"}:
        first, last = (f"{back - pd.DateOffset(years=n):%b %Y}" for n in REACH)
        return f"{first} to {last}"
    if name == "granted":
        return f"by {back - pd.DateOffset(years=GRANTED):%b %Y}"
    return years.replace("..", " to ") if name == "growth" else ANY


def said(name: str, value: float) -> str:
    """Return a value as the page writes it, with the number for files: a share in per cent, growth with its sign."""
    if name == "offices":
        return Figure(f"{value:.1f}", value)
    if name.startswith(PART):
        return Figure(f"{value:.2f}", value)
    is_small = abs(value) < _TENTH and round(abs(value) * 1000)
    text = f"{abs(value) * 100:.1f} %" if is_small else numbers.percent(abs(value))
    sign = "" if name != "growth" or not round(value * 1000) else "\u2212" if value < 0 else "+"
    return Figure(f"{sign}{text}".replace(" %", "\u00a0%"), value)


def every_measure(tables: RunTables, claim: Entry) -> Table:
    """Return every measure: of both sides, with how many inventions it is of and what part tells, and by country."""
    rows = tables.indicators[tables.indicators["claim_id"].isin(["", claim["id"]])]
    cells = {(row["indicator"], row["side"]): row for row in rows.to_dict(orient="records")}
    single = {side[0] for side in (claim["left"], claim["right"]) if len(side) == 1}
    codes = [code for code in rows.loc[rows["claim_id"].eq(""), "side"].unique() if code not in single]
    body: list[list[Cell]] = []
    for name in rows["indicator"].unique():
        both = [cells.get((name, side)) for side in ("left", "right")]
        years = next((row["years"] for row in both if row), "")
        of_sides = [cell for row in both for cell in _cells(name, row)]
        of_countries = [_cells(name, cells.get((name, code)))[0] for code in codes]
        body.append([_name(tables, name), when(name, tables.as_of, years), *of_sides, *of_countries])
    names = [sides.label(*both_of(claim, side)) for side in ("left", "right")]
    head = [
        "Measure",
        "First published",
        *(part for name in names for part in (name, "inventions", "known")),
        *map(short_name, codes),
    ]
    note = (
        "By country of first filing. Known: of how many inventions the records tell. Empty: fewer than 30 of them, or "
        "under half. indicators.csv has what each would be if the others lay at either end; METHODS defines each."
    )
    return Table("Every measure, and the largest countries", head, body, range(2, len(head)), note, name="leads")


def _cells(name: str, row: Mapping[Any, Any] | None) -> list[Cell]:
    if row is None:
        return [NOTHING] * 3
    value = said(name, float(row["value"])) if row["value"] else NOTHING
    return [value, figure(int(row["n"])), said("abroad", float(row["coverage"]))]


def _name(tables: RunTables, name: str) -> str:
    group = name.removeprefix(PART)
    title = title_of(tables, name) if group != name else ""
    return NAMES.get(name) or (f"Part: {title} ({group})" if title else f"Part: class {group}")


def title_of(tables: RunTables, name: str) -> str:
    """Return the beginning of a main group's official title; empty where it isn't known."""
    title = tables.query.scheme.title(f"{name.removeprefix(PART)}/00")
    return re.split(r"[;({]|, e\.g\.", title)[0].strip()


def both_of(claim: Entry, side: str) -> tuple[list[str], list[str]]:
    """Return a *side* of the claim, then the other one."""
    return (claim["left"], claim["right"]) if side == "left" else (claim["right"], claim["left"])
