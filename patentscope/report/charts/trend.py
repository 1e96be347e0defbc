"""Counts by country and year: which countries are named, which years are not complete yet, and the bars of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt
import pandas as pd

from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts.style import GREY, SERIES, WIDTH, either, titled, whole_axis

OTHER = "other"
#: Months from the first filing to its publication; before they are over, a year is not yet complete.
_SECRET = 18
#: Height of the bars in pixels, and the lines of the hatching over one year.
_HEIGHT, _LINES = 240, 10


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
) -> alt.TopLevelMixin:
    """Return one question's counts by year and country, unknown shown, years that aren't complete yet marked.

    Args:
        counts: rows of counts.csv for one question.
        years: the first and the last year drawn.
        first: countries to name before the largest others.
        as_of: the data's own date; decides from which year on records are still to be published, and is part of the
            convention, whose `spec_id` every bar carries.
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
    convention = baseline(counts, as_of)
    order = {name: place for place, name in enumerate(series)}
    rows = rows.assign(order=rows["country"].map(order), spec_id=convention.spec_id if convention else "")
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
            tooltip=["country:N", "year:O", alt.Tooltip("n:Q", title="units", format=",d"), "spec_id:N"],
        )
    )
    lines = [in_full(convention) if convention else "nothing is on topic"]
    lines.append("a unit of several countries stands once in each; hollow: no country known")
    return alt.layer(
        *_not_complete(convention, span, as_of, x),
        bars,
        width=WIDTH,
        height=_HEIGHT,
        title=titled("Counts by year and country", *lines),
    )


def baseline(counts: pd.DataFrame, as_of: dt.date | None) -> Convention | None:
    """Return the convention of one question's rows of counts.csv; None where there is no row, or no date."""
    return None if counts.empty or as_of is None else Convention.of(counts.iloc[0].to_dict(), as_of)


def in_full(convention: Convention) -> str:
    """Return a convention as a subtitle says it: in words, with the id that `patentscope show` takes."""
    return f"{convention.question}: {convention.in_words()} (spec_id {convention.spec_id})"


def first_incomplete(date: str, as_of: dt.date) -> int:
    """Return the first year whose records are not all published by *as_of*, counted by *date*."""
    if date in {"publication", "grant"}:
        return as_of.year
    months = as_of.year * 12 + as_of.month - 1 - _SECRET
    return months // 12


def _not_complete(
    convention: Convention | None, span: list[int], as_of: dt.date | None, x: alt.X
) -> list[alt.Chart | alt.LayerChart]:
    """Return the hatching over the years whose records are not all published by *as_of*, with its words."""
    if as_of is None or convention is None:
        return []
    start = first_incomplete(convention.date, as_of)
    years = [year for year in span if year >= start]
    if not years:
        return []
    rows = alt.Chart(alt.InlineData(values=[{"year": year} for year in years]))
    hatch = rows.mark_bar(color=_hatching()).encode(x=x, y=alt.YValue(0), y2=alt.Y2Value(_HEIGHT))
    base = alt.Chart(alt.InlineData(values=[{"year": years[0]}]))
    words = base.mark_text(angle=270, fontSize=10, color=GREY, fontWeight=600)
    return [hatch, words.encode(x=x, y=alt.YValue(60), text=alt.TextValue("not yet complete"))]


def _hatching() -> alt.LinearGradient:
    """Return a fill of slanting lines: a gradient whose colours change at once, there being no patterns in Vega."""
    line, ground = "rgba(128,136,145,0.55)", "rgba(128,136,145,0.08)"
    parts = ((0.0, ground), (0.75, ground), (0.75, line), (1.0, line))
    stops = [
        alt.GradientStop(offset=round((place + part) / _LINES, 4), color=colour)
        for place in range(_LINES)
        for part, colour in parts
    ]
    return alt.LinearGradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)
