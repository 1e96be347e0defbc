"""What others published: near series on one axis, and all series by year; none of our own figures beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from patentscope.aggregate.answers.entry import Entry, Series
from patentscope.aggregate.answers.published import Held, hold
from patentscope.aggregate.answers.words.published_words import AT_LEAST, how
from patentscope.query.published import WIDER, YES, Published
from patentscope.report.charts.style import (
    BLUE,
    GREY,
    LEAST,
    MOST,
    SERIES,
    claim_layers,
    either,
    layered,
    ratio_axis,
    ratio_domain,
)

_HOLLOW = "hollow: an effect of missing country codes"


def near(series: Sequence[Series]) -> list[Series]:
    """Return the series that have a place on the axis: of a topic that isn't wider, with a ratio or a bound over 0."""
    return [one for one in series if one["relation"] != WIDER and one["figure"]["ratio"]]


def published(series: Sequence[Series], names: tuple[str, str]) -> alt.TopLevelMixin:
    """Return left / right of published series near the topic; a bound is a bar with an open end.

    Args:
        series: what `near` gives, at least one.
        names: the sides in words.
    """
    edges = ratio_domain([one["figure"]["ratio"] or 1.0 for one in series], None)
    points = [_point(one, edges) for one in series]
    axis = ratio_axis(edges, "times as many, log scale")
    order = [point["series"] for point in points]
    base = alt.Chart(alt.InlineData(values=points)).encode(y=alt.Y("series:N", sort=order, axis=None))
    dots = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=alt.X("ratio:Q", **axis),
        fill=either(alt.FillValue, "datum.missing", "transparent", BLUE),
        stroke=either(alt.StrokeValue, "datum.missing", GREY, BLUE),
        tooltip=["series:N", "topic:N", alt.Tooltip("ratio:Q", format=".3~g"), "bound:N", "left:Q", "right:Q"],
    )
    bars = base.transform_filter("isValid(datum.end)").mark_bar(color=BLUE, opacity=0.35, height=12)
    bars = bars.encode(x=alt.X("ratio:Q", **axis), x2="end:Q")
    text = base.mark_text(align="left", dy=-15, fontSize=11).encode(x=alt.XValue(2), text="topic:N")
    lines = ["each on its own topic and years, counted in its own way; bar: at least, or at most, as much", _HOLLOW]
    layers = [*claim_layers(None, 0.0, "x", axis), bars, dots, text]
    return layered(layers, 50 * len(points), f"What others counted near this topic: {' against '.join(names)}", *lines)


def _point(series: Series, edges: tuple[float, float]) -> dict[str, Any]:
    figure = series["figure"]
    end = {"end": edges[1] if figure["bound"] == AT_LEAST else edges[0]} if figure["bound"] else {}
    return {
        "series": series["series"],
        "topic": how(series),
        "ratio": min(max(figure["ratio"] or 1.0, LEAST), MOST),
        "bound": figure["bound"],
        "left": figure["left_n"],
        "right": figure["right_n"],
        "missing": figure["codes_missing"] == YES,
        **end,
    }


def yearly(every: Sequence[Sequence[Published]], claim: Entry) -> list[dict[str, Any]]:
    """Return left / right of every series by year, where it has two years or more with enough to tell."""
    drawn = []
    for rows in every:
        held = [hold(row, (claim["left"], claim["right"])) for row in rows if row.years and len(set(row.years)) == 1]
        points = [_year(one) for one in held if _tells(one, claim["thresholds"]["candidates"])]
        drawn += points if len(points) > 1 else []
    return drawn


def _tells(held: Held, few: float) -> bool:
    return bool(held.ratio) and not held.bound and (held.left or 0) + (held.right or 0) >= few


def _year(held: Held) -> dict[str, Any]:
    row = held.row
    return {
        "series": f"{row.series}: {row.topic}",
        "year": row.years[0] if row.years else None,
        "ratio": min(max(float(held.ratio or 1), LEAST), MOST),
        "left": float(held.left or 0),
        "right": float(held.right or 0),
        "missing": row.codes_missing == YES,
    }


def published_by_year(points: Sequence[Mapping[str, Any]], names: tuple[str, str]) -> alt.TopLevelMixin:
    """Return left / right of published series by year, wider topics among them.

    Args:
        points: what `yearly` gives, at least two.
        names: the sides in words.
    """
    axis = ratio_axis(ratio_domain([point["ratio"] for point in points], None), "times as many, log scale")
    series = list(dict.fromkeys(point["series"] for point in points))
    shades = alt.Scale(domain=series, range=[SERIES[place % len(SERIES)] for place in range(len(series))])
    span = alt.Scale(domain=[end(point["year"] for point in points) for end in (min, max)])
    years = alt.X("year:Q", axis=alt.Axis(title=None, format="d", tickMinStep=1), scale=span)
    base = alt.Chart(alt.InlineData(values=list(points))).encode(x=years, y=alt.Y("ratio:Q", **axis))
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=600)
    colour = alt.Color("series:N", scale=shades, legend=legend)
    lines = base.mark_line(strokeWidth=1.8).encode(color=colour)
    shown = ["series:N", "year:Q", alt.Tooltip("ratio:Q", format=".3~g"), "left:Q", "right:Q"]
    dots = [
        base.transform_filter(test).mark_point(size=34, opacity=1, filled=is_filled).encode(color=colour, tooltip=shown)
        for test, is_filled in (("!datum.missing", True), ("datum.missing", False))
    ]
    said = [
        "each series on its own topic, counted in its own way; under a fiftieth, or over fifty times: at the edge",
        _HOLLOW,
    ]
    layers = [*claim_layers(None, 0.0, "y", axis), lines, *dots]
    return layered(layers, 300, f"What others counted, year by year: {' against '.join(names)}", *said)
