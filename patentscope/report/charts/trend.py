"""Counts by country and year: which countries are named, which years are not complete yet, and the bars of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from patentscope.query.convention import Convention
from patentscope.query.side_names import names_of
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts.style import (
    EDGE,
    LEFT,
    OTHERS,
    RIGHT,
    SECOND,
    SOFT,
    THIRD,
    TONES,
    WIDTH,
    config,
    either,
    layered,
    tips,
    tone,
    whole_axis,
)

OTHER = "other"
#: The codes of a claim's left and right; empty without a claim.
Sides: TypeAlias = tuple[Sequence[str], Sequence[str]]
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
    return table.assign(country=country).groupby(["country", *by])["n"].sum().reset_index()


def by_size(rows: pd.DataFrame, side: str = "country", first: Sequence[str] = ()) -> list[str]:
    """Return the countries of *rows* in their column *side*: those in *first*, the largest, the summed up, unknown."""
    sums = rows.groupby(side)["n"].sum()
    place = {name: where for where, name in enumerate(first)}
    return sorted(
        sums.index, key=lambda code: (code == UNKNOWN, code == OTHER, place.get(code, len(place)), -sums[code], code)
    )


def coloured(names: Iterable[str], sides: Sides, unknown: str) -> dict[str, str]:
    """Return a colour for each country: tones of its side's, two more for the first that have no side, then greys."""
    shades = {
        code: tone(colour, TONES[min(place, len(TONES) - 1)])
        for side, colour in zip(sides, (LEFT, RIGHT), strict=True)
        for place, code in enumerate(side)
    }
    rest = [name for name in dict.fromkeys(names) if name not in {*shades, OTHER, UNKNOWN}]
    greys = (SECOND, THIRD, tone(SECOND, TONES[2]), tone(THIRD, TONES[2]), *(tone(OTHERS, part) for part in TONES))
    shades |= {name: greys[min(place, len(greys) - 1)] for place, name in enumerate(rest)}
    return shades | {OTHER: tone(OTHERS, TONES[-1]), UNKNOWN: unknown}


def most_of(rows: pd.DataFrame, side: str = "country") -> str:
    """Return the two countries of *rows* that have the most, or the one there is, as a sentence has them; else ''."""
    known = rows[~rows[side].isin([UNKNOWN, OTHER])]
    sums = known.groupby(side)["n"].sum()
    ordered = sorted(sums.index[sums > 0], key=lambda code: (-sums[code], code))
    return names_of(ordered[:2]) if ordered else ""


def lying_bars(rows: pd.DataFrame, title: alt.TitleParams, **channels: Any) -> alt.Chart:  # noqa: ANN401 - Altair's
    """Return families by country (country, n) as lying bars, the largest first; *channels* say what is in a bar."""
    order, most = by_size(rows), float(rows.groupby("country")["n"].sum().max())
    y = alt.Y("country:N", sort=order, axis=alt.Axis(title=None))
    x = alt.X("n:Q", axis=whole_axis("families", most))
    bars = alt.Chart(rows).mark_bar(strokeWidth=1, stroke=EDGE).encode(y=y, x=x, **channels)
    return bars.properties(width=WIDTH, height=22 * max(1, len(order)), title=title, config=config())


def trend(counts: pd.DataFrame, years: tuple[int, int], *, sides: Sides = ((), ())) -> alt.TopLevelMixin:
    """Return one question's counts by year and country, unknown shown, years that aren't complete yet marked.

    Args:
        counts: rows of counts.csv for one question, at least one.
        years: the first and the last year drawn.
        sides: codes of a claim's left and right, which are named before the largest others.
    """
    first = [*sides[0], *sides[1]]
    table = counts[counts["year"].between(*years)]
    named = leading(table, first)
    rows = grouped(table, named, ["year"])
    series = [name for name in (*named, OTHER, UNKNOWN) if name in set(rows["country"])]
    # A claim's countries keep their colours from chart to chart, whether they occur in this one or not.
    colours = coloured(named, sides, "transparent")
    convention = baseline(counts)
    order = {name: place for place, name in enumerate(series)}
    rows = rows.assign(order=rows["country"].map(order), spec_id=convention.spec_id)
    most = float(rows.groupby("year")["n"].sum().max()) if len(rows) else 1.0
    span = list(range(years[0], years[1] + 1))
    x = alt.X("year:O", scale=alt.Scale(domain=span), axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    legend = alt.Legend(title=None, orient="bottom", columns=4, symbolStrokeColor=EDGE, symbolStrokeWidth=1)
    shades = alt.Scale(domain=series, range=[colours[name] for name in series])
    bars = (
        alt.Chart(rows)
        .mark_bar(strokeWidth=1)
        .encode(
            x=x,
            y=alt.Y("n:Q", axis=whole_axis("units", most)),
            color=alt.Color("country:N", scale=shades, legend=legend),
            stroke=either(alt.StrokeValue, f"datum.country == '{UNKNOWN}'", EDGE, "transparent"),
            order=alt.Order("order:Q"),
            tooltip=tips({"country:N": "", "year:O": "", "n:Q": "units"}),
        )
    )
    lines = [in_full(convention), "a unit of several countries stands once in each; hollow: no country known"]
    late = [year for year in span if year >= first_incomplete(convention.date, convention.as_of)]
    found = most_of(rows)
    title = f"Most are of {found}, by year and country" if found else "Counts by year and country"
    return layered([*_not_complete(late, x), bars], _HEIGHT, title, *lines)


def baseline(counts: pd.DataFrame) -> Convention:
    """Return the convention of one question's rows of counts.csv."""
    row = counts.iloc[0].to_dict()
    return Convention.of(row, dt.date.fromisoformat(str(row["as_of"])))


def in_full(convention: Convention) -> str:
    """Return a convention as a subtitle says it: in words, with the id that `patentscope show` takes."""
    return f"{convention.in_words()} (spec_id {convention.spec_id})"


def first_incomplete(date: str, as_of: dt.date) -> int:
    """Return the first year whose records are not all published by *as_of*, counted by *date*."""
    if date in {"publication", "grant"}:
        return as_of.year
    # A first filing is published after eighteen months; before they are over, its year is not yet complete.
    return (as_of.year * 12 + as_of.month - 1 - 18) // 12


def _not_complete(years: list[int], x: alt.X) -> list[alt.Chart]:
    """Return the hatching over *years* whose records are not all published, with its words."""
    if not years:
        return []
    rows = alt.Chart(alt.InlineData(values=[{"year": year} for year in years]))
    hatch = rows.mark_bar(color=_hatching()).encode(x=x, y=alt.YValue(0), y2=alt.Y2Value(_HEIGHT))
    base = alt.Chart(alt.InlineData(values=[{"year": years[0]}]))
    words = base.mark_text(angle=270, fontSize=11, color=SOFT, fontWeight=600)
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
