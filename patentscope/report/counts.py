"""What the page says of the counts: the figures beneath each chart, and what lies outside the years drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentscope.attribute import HOW_KNOWN
from patentscope.charts.counts import OTHER, grouped, leading, office_years, steps_by_country
from patentscope.offices import UNKNOWN
from patentscope.report.table import Table, crossed, figure

if TYPE_CHECKING:
    from patentscope.charts.run_tables import RunTables


def counts_table(tables: RunTables, question: str) -> tuple[Table, str]:
    """Return one question's counts by country and year, and a sentence on what lies outside the years."""
    first, last = tables.query.years
    counts = tables.counts[tables.counts["question"].eq(question)]
    inside = counts[counts["year"].between(first, last)]
    named = leading(inside, _named(tables), 12)
    rows = grouped(inside, named, ["year"])
    order = [name for name in (*named, OTHER, UNKNOWN) if name in set(rows["country"])]
    columns = list(range(first, last + 1))
    outside = counts["n"].sum() - inside["n"].sum()
    undated = _notes(tables, "counts").get("undated units", {}).get(question, 0)
    words = (
        f"{figure(float(outside))} of {figure(float(counts['n'].sum()))} lie outside {first} to {last}; "
        f"{figure(undated)} units on topic have no {counts['date'].iloc[0]} date and are in no year."
    )
    body = crossed(rows, "country", "year", order, columns)
    head = ["country", *(str(year) for year in columns), "sum"]
    return Table(f"Counts by country and year: {question}", head, body, frozenset(range(1, len(head)))), words


def offices_table(tables: RunTables) -> Table:
    """Return families by office and year, the figures of the heat map."""
    first, last = tables.query.years
    rows = office_years(tables.on_topic, (first, last), first=_named(tables))
    sums = rows.groupby("country")["n"].sum()
    order = sorted(sums.index, key=lambda code: (code == OTHER, -sums[code], code))
    head = ["office", *(str(year) for year in range(first, last + 1)), "sum"]
    body = crossed(rows, "country", "year", order, range(first, last + 1))
    return Table("Families by office and year of first publication there", head, body, frozenset(range(1, len(head))))


def known_table(tables: RunTables, basis: str) -> Table:
    """Return by which step countries are known, the figures of the bars."""
    rows = steps_by_country(tables.on_topic, basis)
    sums = rows.groupby("country")["n"].sum()
    order = sorted(sums.index, key=lambda code: (code == UNKNOWN, code == OTHER, -sums[code], code))
    steps = [step for step in HOW_KNOWN if step in set(rows["step"])]
    head = ["country", *(HOW_KNOWN[step] for step in steps), "sum"]
    body = crossed(rows, "country", "step", order, steps)
    return Table(f"How the {basis}'s country is known", head, body, frozenset(range(1, len(head))))


def _named(tables: RunTables) -> list[str]:
    return [*tables.claims[0]["left"], *tables.claims[0]["right"]] if tables.claims else []


def _notes(tables: RunTables, stage: str) -> dict[str, Any]:
    return next((entry["notes"] for entry in tables.state["stages"] if entry["stage"] == stage), {})
