"""What the page says of the counts: the figures beneath each chart, and what lies outside the years drawn."""

from __future__ import annotations

from patentscope.aggregate.holdings.attribute import HOW_KNOWN
from patentscope.query.convention import QUESTIONS, Convention
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts.all_charts import BASES
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.how_known import steps_by_country
from patentscope.report.charts.offices import INVENTION, MODEL, models_by_office, office_years
from patentscope.report.charts.trend import OTHER, by_size, grouped, in_full, leading
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Table, crossed, figure


def counts_table(tables: RunTables, question: str) -> tuple[Table, str]:
    """Return one question's counts by country and year, and a sentence on what lies outside the years."""
    first, last = tables.query.years
    counts = tables.counts[tables.counts["question"].eq(question)]
    inside = counts[counts["year"].between(first, last)]
    named = leading(inside, named_first(tables), 12)
    rows = grouped(inside, named, ["year"])
    order = [name for name in (*named, OTHER, UNKNOWN) if name in set(rows["country"])]
    outside = counts["n"].sum() - inside["n"].sum()
    notes = next((entry["notes"] for entry in tables.state["stages"] if entry["stage"] == "counts"), {})
    undated = notes.get("undated units", {}).get(question, 0)
    words = (
        f"{figure(float(outside))} of {figure(float(counts['n'].sum()))} lie outside {first} to {last}; "
        f"{figure(undated)} units on topic have no {counts['date'].iloc[0]} date and are in no year."
    )
    convention = tables.conventions[question]
    caption, name = f"Counts by country and year: {QUESTIONS[question]}", f"counts-{question}"
    note = f"{in_full(convention)}. {shown(tables, convention, year=True)}"
    return crossed(caption, rows, ("country", "country", order), _years(tables), note=note, name=name), words


def _years(tables: RunTables) -> tuple[str, dict[int, str]]:
    first, last = tables.query.years
    return "year", {year: str(year) for year in range(first, last + 1)}


def offices_table(tables: RunTables) -> Table:
    """Return the market's counts by office and year, the figures of the heat map."""
    market = tables.counts[tables.counts["question"].eq("market")]
    rows = office_years(market, tables.query.years, first=named_first(tables))
    down = ("country", "office", by_size(rows))
    return crossed("Counts by office and year", rows, down, _years(tables), name="office-by-year")


def models_table(tables: RunTables) -> Table | None:
    """Return families by office, those with nothing but a utility model there apart; None without a baseline."""
    models = models_by_office(tables)
    if models is None:
        return None
    rows, conventions = models
    ids = ", ".join(f"{what}: {convention.spec_id}" for what, convention in conventions.items())
    note = f"spec_id of what counts them: {ids}. {shown(tables, conventions[MODEL])}"
    across = ("what", {what: f"families with {what}" for what in (INVENTION, MODEL)})
    down = ("country", "office", by_size(rows))
    return crossed("Utility models apart, by office", rows, down, across, note=note, name="utility-models")


def known_table(tables: RunTables, basis: str) -> Table | None:
    """Return by which step countries are known, the figures of the bars; None where the run has no such baseline."""
    held = counted(tables, BASES[basis], basis=basis)
    if held is None:
        return None
    rows = steps_by_country(held.holdings(basis))
    across = ("step", {step: words for step, words in HOW_KNOWN.items() if step in set(rows["step"])})
    caption, note = f"How the {basis}'s country is known", shown(tables, held.convention)
    return crossed(caption, rows, ("country", "country", by_size(rows)), across, note=note, name=f"how-known-{basis}")


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
