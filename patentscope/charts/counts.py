"""Charts of counts: by year and country, by office and year, and by how a country is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from patentscope.attribute import HOW_KNOWN
from patentscope.charts.style import BLUE, GREY, ORANGE, SERIES, TEAL, WIDTH, either, titled, whole_axis
from patentscope.offices import UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

OTHER = "other"
#: Months from the first filing to its publication; before they are over, a year is not yet complete.
_SECRET = 18
#: The steps in few words, for a legend that fits a phone; the tables have them in full (`attribute.HOW_KNOWN`).
_SHORT = {
    1: "1 priority document",
    2: "2 another member of the family",
    3: "3 family that shares a priority",
    4: "4 other role, priority document",
    5: "5 other role, another member",
    6: "6 other role, shared priority",
    7: "7 priority office, a guess",
    0: "not known",
}
_STEPS = {1: BLUE, 2: "#6b9bd6", 3: "#a3c2e8", 4: TEAL, 5: "#4fb5a5", 6: "#93d3c8", 7: ORANGE, 0: "transparent"}


def leading(table: pd.DataFrame, first: Sequence[str] = (), most: int = 7) -> list[str]:
    """Return the countries to name, those in *first* before the largest others; `unknown` is never among them."""
    sums = table[~table["country"].isin([UNKNOWN, OTHER])].groupby("country")["n"].sum()
    ordered = sorted(sums.index, key=lambda code: (-sums[code], code))
    return list(dict.fromkeys([code for code in first if code in sums.index] + ordered))[:most]


def grouped(table: pd.DataFrame, named: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """Return *table* with all but the *named* countries and `unknown` summed up as `other`."""
    keep = [*named, UNKNOWN]
    country = table["country"].where(table["country"].isin(keep), OTHER)
    sums = table.assign(country=country).groupby(["country", *by], sort=True)["n"].sum()
    return sums.reset_index()


def trend(
    counts: pd.DataFrame, years: tuple[int, int], *, first: Sequence[str] = (), as_of: dt.date | None = None
) -> alt.LayerChart:
    """Return one question's counts by year and country, unknown shown, years that aren't complete yet marked.

    Args:
        counts: rows of counts.csv for one question.
        years: the first and the last year drawn.
        first: countries to name before the largest others.
        as_of: the data's own date; decides from which year on records are still to be published.
    """
    table = counts.assign(n=pd.to_numeric(counts["n"]), year=pd.to_numeric(counts["year"]))
    table = table[table["year"].between(*years)]
    named = leading(table, first)
    rows = grouped(table, named, ["year"])
    series = [name for name in (*named, OTHER, UNKNOWN) if name in set(rows["country"])]
    # A claim's countries keep their colours from chart to chart, whether they occur in this one or not.
    kept = list(dict.fromkeys([*first, *named]))
    colours = {name: SERIES[place % len(SERIES)] for place, name in enumerate(kept)}
    colours |= {OTHER: "#9aa1a8", UNKNOWN: "transparent"}
    rows = rows.assign(order=rows["country"].map({name: place for place, name in enumerate(series)}))
    most = float(rows.groupby("year")["n"].sum().max()) if len(rows) else 1.0
    span = list(range(years[0], years[1] + 1))
    x = alt.X("year:O", scale=alt.Scale(domain=span), axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    bars = (
        alt.Chart(rows)
        .mark_bar(strokeWidth=1)
        .encode(
            x=x,
            y=alt.Y("n:Q", axis=whole_axis("units", most)),
            color=alt.Color(
                "country:N",
                scale=alt.Scale(domain=series, range=[colours[name] for name in series]),
                legend=alt.Legend(title=None, orient="bottom", columns=4, symbolStrokeColor=GREY, symbolStrokeWidth=1),
            ),
            stroke=either(alt.StrokeValue, f"datum.country == '{UNKNOWN}'", GREY, "transparent"),
            order="order:Q",
            tooltip=["country:N", "year:O", alt.Tooltip("n:Q", title="units")],
        )
    )
    return alt.layer(*_not_complete(counts, span, as_of, x), bars).properties(
        width=WIDTH, height=240, title=titled("Counts by year and country", *_convention(counts))
    )


def first_incomplete(date: str, as_of: dt.date) -> int:
    """Return the first year whose records are not all published by *as_of*, counted by *date*."""
    if date in {"publication", "grant"}:
        return as_of.year
    months = as_of.year * 12 + as_of.month - 1 - _SECRET
    return months // 12


def _not_complete(counts: pd.DataFrame, span: list[int], as_of: dt.date | None, x: alt.X) -> list[alt.Chart]:
    if as_of is None or counts.empty:
        return []
    start = first_incomplete(str(counts["date"].iloc[0]), as_of)
    rows = [{"year": year} for year in span if year >= start]
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows))
    shade = base.mark_bar(color=GREY, opacity=0.18).encode(x=x, y=alt.YValue(0), y2=alt.Y2Value(240))
    words = base.transform_filter(f"datum.year == {rows[0]['year']}").mark_text(angle=270, fontSize=10, color=GREY)
    return [shade, words.encode(x=x, y=alt.YValue(60), text=alt.TextValue("not yet complete"))]


def _convention(counts: pd.DataFrame) -> list[str]:
    if counts.empty:
        return ["nothing is on topic"]
    row = counts.iloc[0]
    parts = [f"{row['question']}: {row['unit']} by {row['basis']}, {row['share']} counting, {row['date']} year"]
    parts.append(f"{row['documents']}, topic {row['topic']}, international: {row['international']}")
    return ["; ".join(parts), "a unit of several countries stands once in each; hollow: no country known"]


def office_by_year(holdings: pd.DataFrame, years: tuple[int, int], *, first: Sequence[str] = ()) -> alt.LayerChart:
    """Return families by office and by the year of their first publication there, as a heat map with its figures.

    Args:
        holdings: of the families to show; those with basis `office` are used.
        years: the first and the last year drawn.
        first: offices to name before the largest others.
    """
    rows = office_years(holdings, years, first=first)
    offices = [name for name in dict.fromkeys(rows["country"]) if name != OTHER]
    sums = rows.groupby("country")["n"].sum()
    order = sorted(offices, key=lambda code: (-sums[code], code)) + ([OTHER] if OTHER in sums.index else [])
    span = [str(year) for year in range(years[0], years[1] + 1)]
    rows = rows.assign(year=rows["year"].astype(str))
    x = alt.X("year:O", scale=alt.Scale(domain=span), axis=alt.Axis(title=None, labelAngle=-90, labelOverlap=True))
    y = alt.Y("country:N", sort=order, axis=alt.Axis(title=None))
    most = int(rows["n"].max()) if len(rows) else 1
    base = alt.Chart(rows).encode(x=x, y=y, tooltip=["country:N", "year:O", alt.Tooltip("n:Q", title="families")])
    cells = base.mark_rect(color=BLUE).encode(
        opacity=alt.Opacity("n:Q", scale=alt.Scale(domain=[0, most], range=[0.08, 1]), legend=None)
    )
    pale = base.transform_filter(f"datum.n <= {most} * 0.55").mark_text(fontSize=10).encode(text="n:Q")
    full = base.transform_filter(f"datum.n > {most} * 0.55").mark_text(fontSize=10, color="white").encode(text="n:Q")
    return alt.layer(cells, pale, full).properties(
        width=WIDTH,
        height=22 * max(1, len(order)),
        title=titled(
            "Where protection was sought, by office and year",
            "simple families on topic under any reading, every kind of document; year first published at the office",
            "a family with members at several offices stands once in each",
        ),
    )


def office_years(holdings: pd.DataFrame, years: tuple[int, int], *, first: Sequence[str] = ()) -> pd.DataFrame:
    """Return country (the office), year, n for families published at an office in *years*; undated ones fall out."""
    held = holdings[holdings["basis"].eq("office") & holdings["publication_year"].between(*years)]
    sums = held.groupby(["country", "publication_year"], as_index=False).size()
    sums = sums.rename(columns={"publication_year": "year", "size": "n"}).astype({"year": int})
    return grouped(sums, leading(sums, first, 11), ["year"])


def how_known(holdings: pd.DataFrame, basis: str) -> alt.Chart:
    """Return by which step each family's country is known, for one basis (`applicant` or `inventor`).

    Args:
        holdings: of the families to show.
        basis: whose country it is.
    """
    rows = steps_by_country(holdings, basis)
    totals = rows.groupby("country")["n"].sum()
    order = sorted(totals.index, key=lambda code: (code == UNKNOWN, code == OTHER, -totals[code], code))
    steps = [step for step in HOW_KNOWN if step in set(rows["step"])]
    words = [_SHORT[step] for step in steps]
    return (
        alt.Chart(rows.assign(known=rows["step"].map(_SHORT), order=rows["step"].replace(0, 8)))
        .mark_bar(strokeWidth=1, stroke=GREY)
        .encode(
            y=alt.Y("country:N", sort=order, axis=alt.Axis(title=None)),
            x=alt.X("n:Q", axis=whole_axis("families", float(totals.max()))),
            color=alt.Color(
                "known:N",
                scale=alt.Scale(domain=words, range=[_STEPS[step] for step in steps]),
                legend=alt.Legend(title=None, orient="bottom", columns=1, labelLimit=0, symbolStrokeColor=GREY),
            ),
            order="order:Q",
            tooltip=["country:N", "known:N", alt.Tooltip("n:Q", title="families")],
        )
        .properties(
            width=WIDTH,
            height=22 * max(1, len(order)),
            title=titled(
                f"How the {basis}'s country is known",
                "simple families on topic under any reading; the first step that finds a country decides",
            ),
        )
    )


def steps_by_country(holdings: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Return country, step (of `HOW_KNOWN`), n for one basis, small countries summed up as `other`."""
    held = holdings[holdings["basis"].eq(basis) & holdings["how_known"].notna()]
    sums = held.groupby(["country", "how_known"], as_index=False).size()
    sums = sums.rename(columns={"how_known": "step", "size": "n"}).astype({"step": int})
    return grouped(sums, leading(sums, (), 11), ["step"])
