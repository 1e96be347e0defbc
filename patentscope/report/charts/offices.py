"""Where protection is sought: by office and year, and by office with utility models apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN, office_name
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.style import OTHERS, PAPER, SECOND, THIRD, layered, tips, titled
from patentscope.report.charts.trend import (
    OTHER,
    baseline,
    by_size,
    first_incomplete,
    grouped,
    in_full,
    leading,
    lying_bars,
    most_of,
)
from patentscope.report.run_tables import RunTables

INVENTION, MODEL = "an invention", "a utility model alone"
_MOST = 11


def office_by_year(counts: pd.DataFrame, years: tuple[int, int], *, first: Sequence[str] = ()) -> alt.TopLevelMixin:
    """Return counts by office and year as a heat map with its figures.

    Args:
        counts: rows of counts.csv for the question `market`, at least one.
        years: the first and the last year drawn.
        first: offices to name before the largest others.
    """
    convention = baseline(counts)
    rows = office_years(counts, years, first=first)
    order = by_size(rows)
    span = [str(year) for year in range(years[0], years[1] + 1)]
    rows = rows.assign(year=rows["year"].astype(str), spec_id=convention.spec_id)
    most = int(rows["n"].max()) if len(rows) else 1
    base = alt.Chart(rows).encode(
        x=alt.X("year:O", scale=alt.Scale(domain=span), axis=alt.Axis(title=None, labelAngle=-90, labelOverlap=True)),
        y=alt.Y("country:N", sort=order, axis=alt.Axis(title=None)),
        tooltip=tips({"country:N": "office", "year:O": "", "n:Q": "units"}),
    )
    cells = base.mark_rect(color=THIRD).encode(
        opacity=alt.Opacity("n:Q", scale=alt.Scale(domain=[0, most], range=[0.08, 1]), legend=None)
    )
    figures = alt.Text("n:Q", format=",d")
    pale = base.transform_filter(f"datum.n <= {most} * 0.55").mark_text(fontSize=10).encode(text=figures)
    full = base.transform_filter(f"datum.n > {most} * 0.55").mark_text(fontSize=10, color=PAPER).encode(text=figures)
    lines = [in_full(convention)]
    if (late := first_incomplete(convention.date, convention.as_of)) <= years[1]:
        lines.append(f"{late} and later are not yet complete")
    lines.append("a unit with documents at several offices stands once in each")
    found = most_of(rows)
    title = f"Most protection was sought in {found}, by office and year" if found else "By office and year"
    return layered([cells, pale, full], 22 * max(1, len(order)), title, *lines)


def office_years(counts: pd.DataFrame, years: tuple[int, int], *, first: Sequence[str] = ()) -> pd.DataFrame:
    """Return country (the office), year, n of counts.csv within *years*, small offices summed up as `other`."""
    inside = counts[counts["year"].between(*years)]
    return grouped(inside, leading(inside, first, _MOST), ["year"])


def models_by_office(tables: RunTables) -> tuple[pd.DataFrame, dict[str, Convention]] | None:
    """Return families by office and by what they have there, and the conventions that count the two.

    A family with an invention at an office counts as one there, whatever else it has: what a utility model alone adds
    is the difference between the two levels of documents. None where the run has no baseline for `market`.

    Returns:
        country (the office), what (`INVENTION` or `MODEL`), n, spec_id; and the convention by what it counts.
    """
    levels = {INVENTION: "inventions", MODEL: "inventions+utility_models"}
    sums: dict[str, pd.Series] = {}
    conventions: dict[str, Convention] = {}
    for what, level in levels.items():
        kept = counted(tables, "market", documents=level)
        if kept is None:
            return None
        asked = f"select office as country, count(distinct unit) as n from {kept.documents} group by office order by 1"
        sums[what] = tables.records.frame(asked).set_index("country")["n"]
        conventions[what] = kept.convention
    sums[MODEL] = sums[MODEL].sub(sums[INVENTION].reindex(sums[MODEL].index, fill_value=0))
    table = pd.concat(
        [part.rename("n").rename_axis("country").reset_index().assign(what=what) for what, part in sums.items()]
    )
    table = grouped(table, leading(table, (), _MOST), ["what"])
    ids = {what: convention.spec_id for what, convention in conventions.items()}
    return table.assign(spec_id=table["what"].map(ids)).astype({"n": int}), conventions


def utility_models(rows: pd.DataFrame, conventions: Mapping[str, Convention]) -> alt.Chart:
    """Return families by office, those that have nothing but a utility model there apart.

    Args:
        rows: country (the office), what, n, spec_id.
        conventions: what counts the families, by what.
    """
    shades = alt.Scale(domain=[INVENTION, MODEL], range=[OTHERS, SECOND])
    legend = alt.Legend(title="the family has there", orient="bottom", columns=1, labelLimit=0)
    lines = [f"{what}: {in_full(convention)}" for what, convention in conventions.items()]
    lines.append("all years; a family with an invention at an office counts as one there")
    return lying_bars(
        rows.assign(place=rows["what"].eq(MODEL).astype(int)),
        titled(_models_title(rows), *lines),
        color=alt.Color("what:N", scale=shades, legend=legend),
        order=alt.Order("place:Q"),
        tooltip=tips({"country:N": "office", "what:N": "has there", "n:Q": "families"}),
    )


def _models_title(rows: pd.DataFrame) -> str:
    """Return the office at which the most families have nothing but a utility model."""
    alone = rows[rows["what"].eq(MODEL) & rows["n"].gt(0) & ~rows["country"].isin([OTHER, UNKNOWN])]
    if alone.empty:
        return "Utility models apart, by office"
    largest = alone.sort_values(["n", "country"], ascending=[False, True]).iloc[0]
    total = int(rows.loc[rows["country"].eq(largest["country"]), "n"].sum())
    where = office_name(largest["country"])
    return f"In {where} {largest['n']:,} of {total:,} families have a utility model alone"
