"""What the page says of the counts: the figures beneath each chart, and what lies outside the years drawn."""

from __future__ import annotations

from typing import Any

from patentscope.aggregate.holdings.attribute import HOW_KNOWN
from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts.all_charts import BASES
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.how_known import steps_by_country
from patentscope.report.charts.offices import INVENTION, MODEL, by_size, models_by_office, office_years
from patentscope.report.charts.trend import OTHER, grouped, in_full, leading
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Table, crossed, figure, numeric


def counts_table(tables: RunTables, question: str) -> tuple[Table, str]:
    """Return one question's counts by country and year, and a sentence on what lies outside the years."""
    first, last = tables.query.years
    counts = tables.counts[tables.counts["question"].eq(question)]
    inside = counts[counts["year"].between(first, last)]
    named = leading(inside, named_first(tables), 12)
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
    convention = tables.conventions[question]
    table = Table(
        f"Counts by country and year: {question}",
        head,
        body,
        frozenset(range(1, len(head))),
        f"{in_full(convention)}. {shown(tables, convention, year=True)}",
        name=f"counts-{question}",
    )
    return table, words


def offices_table(tables: RunTables) -> Table:
    """Return the market's counts by office and year, the figures of the heat map."""
    first, last = tables.query.years
    market = tables.counts[tables.counts["question"].eq("market")]
    rows = office_years(market, (first, last), first=named_first(tables))
    head = ["office", *(str(year) for year in range(first, last + 1)), "sum"]
    body = crossed(rows, "country", "year", by_size(rows), range(first, last + 1))
    return Table("Counts by office and year", head, body, frozenset(range(1, len(head))), name="office-by-year")


def models_table(tables: RunTables) -> Table:
    """Return families by office, those with nothing but a utility model there apart."""
    found = models_by_office(tables)
    head = ["office", f"families with {INVENTION}", f"families with {MODEL}", "sum"]
    if found is None:
        return Table("Utility models apart", head, [], name="utility-models")
    rows, conventions = found
    body = crossed(rows, "country", "what", by_size(rows), [INVENTION, MODEL])
    ids = ", ".join(f"{what}: {convention.spec_id}" for what, convention in conventions.items())
    note = f"spec_id of what counts them: {ids}. {shown(tables, conventions[MODEL])}"
    return Table("Utility models apart, by office", head, body, numeric(1, 2, 3), note, name="utility-models")


def known_table(tables: RunTables, basis: str) -> Table:
    """Return by which step countries are known, the figures of the bars."""
    name = f"how-known-{basis}"
    held = counted(tables, BASES[basis], basis=basis)
    if held is None:
        return Table(f"How the {basis}'s country is known", ["country", "sum"], [], name=name)
    rows = steps_by_country(held.holdings, basis)
    steps = [step for step in HOW_KNOWN if step in set(rows["step"])]
    head = ["country", *(HOW_KNOWN[step] for step in steps), "sum"]
    body = crossed(rows, "country", "step", by_size(rows), steps)
    places = frozenset(range(1, len(head)))
    return Table(f"How the {basis}'s country is known", head, body, places, shown(tables, held.convention), name=name)


def shown(tables: RunTables, convention: Convention, *, year: bool = False) -> str:
    """Return how to see the publications behind a figure that *convention* counts, where the run lists it."""
    if convention.spec_id not in tables.listed:
        return ""
    which = "--country CODE --year YEAR" if year else "--country CODE"
    return f"The publications behind a figure: patentscope show RUN --spec {convention.spec_id} {which}"


def example(tables: RunTables, question: str) -> str:
    """Return the command that lists the publications behind one number of a question's counts, the newest there is."""
    convention = tables.conventions[question]
    counts = tables.counts[tables.counts["question"].eq(question) & tables.counts["country"].ne(UNKNOWN)]
    counts = counts[counts["n"].gt(0) & counts["year"].le(tables.query.years[1])]
    if counts.empty or convention.spec_id not in tables.listed:
        return ""
    named = counts[counts["country"].isin(named_first(tables))]
    last = (named if len(named) else counts).sort_values(["year", "country"]).iloc[-1]
    return f"patentscope show RUN --spec {convention.spec_id} --country {last['country']} --year {last['year']}"


def named_first(tables: RunTables) -> list[str]:
    """Return the countries of the first claim, which stand before others in every chart and table."""
    return [*tables.claims[0]["left"], *tables.claims[0]["right"]] if tables.claims else []


def _notes(tables: RunTables, stage: str) -> dict[str, Any]:
    return next((entry["notes"] for entry in tables.state["stages"] if entry["stage"] == stage), {})
