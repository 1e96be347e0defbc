"""The specification curve (Simonsohn, Simmons and Nelson 2020): sorted ratios above, the choices behind them below."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from patentscope.query.convention import CHOICES, QUESTIONS
from patentscope.report.charts.style import (
    BLUE,
    GREY,
    TEAL,
    WIDTH,
    claim_layers,
    either,
    ratio_axis,
    ratio_domain,
    titled,
)

AXES = CHOICES
#: Points that are drawn of one curve, and those of them that are kept for admissible specifications.
MOST_POINTS, MOST_ADMISSIBLE = 600, 450
#: What a reason holds when nothing but the data's being a sample stands against a specification.
SAMPLE_ONLY = "sample data; definition error not measured"
#: Pixels left of the plot for the names of the choices: fixed, so that both halves stand exactly under each other.
GUTTER = 152
_BINS = 120
#: The selection of ranks: whoever shows a curve may listen to it. The view it belongs to has a name of its own, for
#: Altair would number the views, and not the same way twice.
BRUSH, POINTS = "brush", "points"
#: From so many points on they are drawn small; up to so many admissible ones have a line of their own for low to high.
_CROWD, _MOST_LINES = 200, 150
_NAMES = {
    "topic": "topic",
    "unit": "unit",
    "basis": "country",
    "share": "share",
    "date": "year of",
    "documents": "kind",
    "international": "borders",
    "as_of": "seen by",
}
_LEVELS = {
    "inventions+utility_models": "with utility models",
    "two_offices": "two offices or more",
    "extended_family": "extended family",
    "all": "not asked",
}


def is_usable(frame: pd.DataFrame, *, illustration: bool) -> pd.Series:
    """Return which specifications every gate lets through; for an illustration, every gate but the sample's."""
    passed = frame["admissible"].astype(str).str.lower().eq("true")
    return passed | frame["reason"].eq(SAMPLE_ONLY) if illustration else passed


def choice(axis: str, level: str) -> str:
    """Return one choice as the curve names it: `country: inventor`."""
    return f"{_NAMES[axis]}: {_LEVELS.get(level, level)}"


def stopped_by(reason: str) -> str:
    """Return the names of the gates in a reason, without their figures."""
    parts = [part.split(":")[0].strip() for part in reason.split("; ")]
    return ", ".join(dict.fromkeys(part for part in parts if part != "definition error not measured"))


def ranked(frame: pd.DataFrame, *, illustration: bool = False) -> pd.DataFrame:
    """Return the specifications that have a ratio, from the lowest to the highest, with their rank."""
    table = frame.assign(**{name: pd.to_numeric(frame[name], errors="coerce") for name in ("ratio", "low", "high")})
    table["usable"] = is_usable(frame, illustration=illustration)
    table = table[table["ratio"].notna()].sort_values(["ratio", *AXES, "spec_id"], kind="stable")
    return table.assign(rank=range(1, len(table) + 1)).reset_index(drop=True)


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Return at most `MOST_POINTS` of *table*, evenly over the ranks, admissible ones before the others."""
    usable, others = table[table["usable"]], table[~table["usable"]]
    kept = _evenly(usable, MOST_ADMISSIBLE if len(others) else MOST_POINTS)
    return pd.concat([kept, _evenly(others, MOST_POINTS - len(kept))]).sort_values("rank")


def _evenly(table: pd.DataFrame, most: int) -> pd.DataFrame:
    return table if len(table) <= most else table.iloc[np.linspace(0, len(table) - 1, most).round().astype(int)]


def curve(
    frame: pd.DataFrame, claimed: float | None, tolerance: float, *, note: str = "", sides: str = "left / right"
) -> alt.VConcatChart | None:
    """Return one question's specification curve for one claim, or None where no specification has a ratio above 0.

    Args:
        frame: rows of curve.csv: one claim, one question.
        claimed: the claimed ratio, if the claim names one.
        tolerance: absolute, on the ratio.
        note: for an illustration, what it is; it goes into the title.
        sides: what is divided by what, for the axis.
    """
    table = ranked(frame, illustration=bool(note))
    if not table["ratio"].gt(0).any():
        return None
    drawn = thinned(table)
    edges = ratio_domain([*drawn["ratio"], *drawn["low"].dropna(), *drawn["high"].dropna()], claimed)
    data = _data(drawn, edges)
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    levels = {axis: [level for level in frame[axis].unique() if level in set(table[axis])] for axis in AXES}
    varied = {axis: [choice(axis, level) for level in there] for axis, there in levels.items() if len(there) > 1}
    axis = ratio_axis(edges, "", minExtent=GUTTER, maxExtent=GUTTER)
    layers = _points(data, axis, len(table), brush)
    layers[-1:-1] = claim_layers(claimed, tolerance, "y", axis)
    parts: list[Any] = [alt.layer(*layers, width=WIDTH, height=230)]
    if varied and len(table) > 1:
        parts.append(_choices(data, varied, len(table), brush))
    title = _title(frame, table, drawn, note, f"height: {sides}, on a logarithmic scale")
    scales = alt.ScaleResolveMap(x="shared", color="independent", opacity="independent")
    # In one go: every method of a chart copies all of it.
    return alt.vconcat(*parts, spacing=8, title=title, resolve=alt.Resolve(scale=scales))


def _title(frame: pd.DataFrame, table: pd.DataFrame, drawn: pd.DataFrame, note: str, height: str) -> alt.TitleParams:
    question = str(frame["question"].iloc[0])
    text = f"{question.capitalize()}: {QUESTIONS[question]}"
    lines = [f"{len(frame):,} specifications, {len(table):,} with a ratio, {int(table['usable'].sum()):,} admissible"]
    if len(drawn) < len(table):
        lines.append(f"{len(drawn):,} of them drawn, evenly over the ranks; all are in curve.csv")
    if note:
        lines.append("admissible here: if the records were no sample")
        text = f"{text} ({note})"
    return titled(text, *lines, height)


def _data(drawn: pd.DataFrame, edges: tuple[float, float]) -> pd.DataFrame:
    """Return what the points show: places on the axes, and the words of the tooltip."""
    return pd.DataFrame(
        {
            "rank": drawn["rank"],
            "spec_id": drawn["spec_id"],
            "ratio": drawn["ratio"].map("{:.3g}".format),
            "low": drawn["low"].map("{:.3g}".format).where(drawn["low"].notna(), "not known"),
            "high": drawn["high"].map("{:.3g}".format).where(drawn["high"].notna(), "no upper end"),
            "y": _clipped(drawn["ratio"], edges),
            "y0": _clipped(drawn["low"].fillna(0.0), edges),
            "y1": _clipped(drawn["high"].fillna(edges[1]), edges),
            "usable": drawn["usable"].astype(int),
            "zero": drawn["ratio"].eq(0).astype(int),
            **{name: drawn[f"{name}_n"] for name in ("left", "right", "overlap", "unknown")},
            **{axis: [choice(axis, level) for level in drawn[axis]] for axis in AXES},
            "gates": drawn["reason"].map(stopped_by).where(~drawn["usable"], ""),
        }
    )


def _clipped(column: pd.Series, edges: tuple[float, float]) -> pd.Series:
    return column.clip(*edges).map("{:.4g}".format).astype(float)


def _points(data: pd.DataFrame, axis: dict[str, Any], count: int, brush: alt.Parameter) -> list[alt.Chart]:
    """Return the points, and beneath them how far each reaches."""
    x = alt.X("rank:Q", axis=None, scale=alt.Scale(domain=[0.5, count + 0.5], nice=False))
    marks = alt.Chart(data)
    words = " + '; ' + ".join(f"datum.{name}" for name in AXES)
    dots = marks.transform_calculate(choices=words).encode(
        x=x,
        y=alt.Y("y:Q", **axis),
        stroke=either(alt.StrokeValue, "datum.usable == 1", BLUE, GREY),
        fill=either(alt.FillValue, "datum.usable == 1", BLUE, "transparent"),
        shape=either(alt.ShapeValue, "datum.zero == 1", "triangle-down", "circle"),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
        opacity=alt.when(brush).then(alt.value(0.9)).otherwise(alt.value(0.25)),
    )
    ends = {"x": x, "y": alt.Y("y0:Q", **axis), "y2": "y1:Q"}
    reach = [marks.mark_area(interpolate="step", color=GREY, opacity=0.17).encode(**ends)]
    if 0 < int(data["usable"].sum()) <= _MOST_LINES:
        lone = marks.transform_filter("datum.usable == 1")
        reach.append(lone.mark_rule(strokeWidth=1, color=BLUE, opacity=0.5).encode(**ends))
    dots = dots.mark_point(size=14 if count > _CROWD else 34, strokeWidth=1.2)
    return [*reach, dots.properties(name=POINTS).add_params(brush)]


_TOOLTIP = {
    "ratio": "ratio",
    "low": "lowest, all unknown against",
    "high": "highest, all unknown for",
    "left": "left side",
    "right": "right side",
    "overlap": "in both",
    "unknown": "country unknown",
    "choices": "convention",
    "gates": "stopped by",
    "spec_id": "spec_id",
}


def _choices(data: pd.DataFrame, varied: dict[str, list[str]], count: int, brush: alt.Parameter) -> alt.Chart:
    """Return the dashboard of choices; where many specifications share a column, its shade is their share."""
    rows = [row for levels in varied.values() for row in levels]
    odd = [row for levels in list(varied.values())[1::2] for row in levels]
    width = max(1.0, count / _BINS)
    return (
        alt.Chart(data)
        .transform_filter(brush)
        .transform_calculate(bin=f"floor((datum.rank - 1) / {width})")
        .transform_joinaggregate(total="count()", groupby=["bin"])
        .transform_fold(list(varied), as_=["axis", "row"])
        .transform_aggregate(n="count()", of="max(total)", groupby=["bin", "row"])
        .transform_calculate(
            share="datum.n / datum.of", start=f"datum.bin * {width} + 0.5", end=f"(datum.bin + 1) * {width} + 0.5"
        )
        .mark_rect(height=9)
        .encode(
            x=alt.X(
                "start:Q",
                scale=alt.Scale(domain=[0.5, count + 0.5], nice=False),
                axis=alt.Axis(title="rank of the ratio", grid=False, format=",d", tickMinStep=1),
            ),
            x2="end:Q",
            y=alt.Y(
                "row:N",
                scale=alt.Scale(domain=rows),
                axis=alt.Axis(title=None, minExtent=GUTTER, maxExtent=GUTTER, labelLimit=GUTTER - 6, ticks=False),
            ),
            color=either(alt.ColorValue, f"indexof({json.dumps(odd)}, datum.row) >= 0", TEAL, BLUE),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.1, 1]), legend=None),
            tooltip=[
                alt.Tooltip("row:N", title="choice"),
                alt.Tooltip("share:Q", title="of the specifications here", format=".0%"),
            ],
        )
        .properties(width=WIDTH, height=13 * len(rows))
    )
