"""The specification curve (Simonsohn, Simmons and Nelson 2020): sorted ratios above, the choices behind them below."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from patentscope.aggregate.answers.words.claim_words import asks
from patentscope.query.convention import CHOICES
from patentscope.report.charts.style import (
    LEFT,
    OTHERS,
    RIGHT,
    SOFT,
    THIRD,
    WIDTH,
    Rows,
    claim_layers,
    config,
    either,
    ratio_axis,
    ratio_domain,
    titled,
)

AXES = CHOICES
#: Points that are drawn of one curve, and those of them that are kept for judged ways to count.
MOST_POINTS, MOST_JUDGED = 600, 450
#: How a way to count stands: not counted for anything, counted and shown, judged.
STOPPED, COUNTED, JUDGED = 0, 1, 2
_STANDING = {STOPPED: "stopped", COUNTED: "counted and not judged", JUDGED: "judged"}
#: What a reason says of every reading without labels: the page says it once.
_NOT_MEASURED = "definition error not measured"
#: Pixels left of the plot for the names of the choices: fixed, so that both halves stand exactly under each other.
GUTTER = 152
_BINS = 120
#: The selection of ranks: whoever shows a curve may listen to it. The view it belongs to has a name of its own, for
#: Altair would number the views, and not the same way twice.
BRUSH, POINTS = "brush", "points"
_ROWS = "ways"
#: From so many points on they are drawn small; up to so many judged ones have a line of their own for low to high.
_CROWD, _MOST_LINES = 200, 150
_NAMES = {
    "topic": "topic",
    "unit": "counted",
    "basis": "country of",
    "share": "shared ones",
    "date": "year of",
    "documents": "kinds",
    "international": "abroad",
    "as_of": "seen on",
}
_LEVELS = {
    "topic": {"records": "every record", "words": "with its words"},
    "unit": {
        "family": "inventions",
        "application": "applications",
        "publication": "publications",
        "extended_family": "extended families",
    },
    "basis": {"priority": "first filing", "applicant": "owner"},
    "share": {"fractional": "split", "first": "first named"},
    "date": {"priority": "first filing"},
    "documents": {
        "inventions": "no utility models",
        "inventions+utility_models": "utility models too",
        "grants": "granted",
    },
    "international": {"all": "not asked", "two_offices": "two offices", "pct": "PCT", "triadic": "EP, JP and US"},
}


def standing(frame: pd.DataFrame) -> pd.Series:
    """Return how each row of curve.csv stands: stopped, counted and not judged, or judged, as rising numbers."""
    judged, stopped = (frame[name].astype(str).str.lower().eq("true") for name in ("judged", "stopped"))
    return judged.astype(int) * JUDGED + (~judged & ~stopped).astype(int) * COUNTED


def choice(axis: str, level: str) -> str:
    """Return one choice as the curve names it: `country of: inventor`."""
    return f"{_NAMES[axis]}: {_LEVELS.get(axis, {}).get(level, level)}"


def choices(axis: str, levels: pd.Series) -> pd.Series:
    """Return a column of choices as the curve names them."""
    return levels.map({level: choice(axis, level) for level in levels.unique().tolist()})


def why(reason: str) -> str:
    """Return why a way to count is stopped or not judged, without what holds for all of them."""
    return "; ".join(part for part in reason.split("; ") if part != _NOT_MEASURED)


def reasons(column: pd.Series) -> pd.Series:
    """Return a column of reasons, each as `why` has it."""
    return column.map({reason: why(reason) for reason in column.unique().tolist()})


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the ways to count that have a ratio, from the lowest to the highest, with their rank and standing."""
    table = frame.assign(**{name: pd.to_numeric(frame[name], errors="coerce") for name in ("ratio", "low", "high")})
    table["standing"] = standing(frame)
    table = table[table["ratio"].notna()].sort_values(["ratio", *AXES, "spec_id"], kind="stable")
    return table.assign(rank=range(1, len(table) + 1)).reset_index(drop=True)


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Return at most `MOST_POINTS` of *table*, evenly over the ranks, judged ones before the others."""
    is_judged = table["standing"].eq(JUDGED)
    judged, others = table[is_judged], table[~is_judged]
    kept = _evenly(judged, MOST_JUDGED if len(others) else MOST_POINTS)
    return pd.concat([kept, _evenly(others, MOST_POINTS - len(kept))]).sort_values("rank")


def _evenly(table: pd.DataFrame, most: int) -> pd.DataFrame:
    return table if len(table) <= most else table.iloc[np.linspace(0, len(table) - 1, most).round().astype(int)]


def curve(
    frame: pd.DataFrame,
    claimed: float | None,
    tolerance: float,
    *,
    sides: str = "left / right",
    table: pd.DataFrame | None = None,
) -> alt.VConcatChart | None:
    """Return one question's specification curve for one claim; None where all are stopped, or no ratio is above 0.

    Args:
        frame: rows of curve.csv: one claim, one question.
        claimed: the claimed ratio, if the claim names one.
        tolerance: absolute, on the ratio.
        sides: what is divided by what, for the axis.
        table: the same rows `ranked`, where that was done.
    """
    table = ranked(frame) if table is None else table
    if not table["ratio"].gt(0).any() or table["standing"].eq(STOPPED).all():
        return None
    drawn = thinned(table)
    edges = ratio_domain([*drawn["ratio"], *drawn["low"].dropna(), *drawn["high"].dropna()], claimed)
    data = _data(drawn, edges)
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    levels = {axis: [level for level in frame[axis].unique() if level in set(table[axis])] for axis in AXES}
    varied = {axis: [choice(axis, level) for level in there] for axis, there in levels.items() if len(there) > 1}
    axis = ratio_axis(edges, "", minExtent=GUTTER, maxExtent=GUTTER)
    layers = _points(axis, len(table), brush, ruled=0 < int(data["standing"].eq(JUDGED).sum()) <= _MOST_LINES)
    layers[-1:-1] = claim_layers(claimed, tolerance, axis)
    parts: list[Any] = [alt.layer(*layers, width=WIDTH, height=230)]
    if varied and len(table) > 1:
        parts.append(_choices(varied, len(table), brush))
    title = _title(frame, table, drawn, f"height: {sides}, on a logarithmic scale")
    scales = alt.ScaleResolveMap(x="shared", color="independent", opacity="independent")
    # In one go: every method of a chart copies all of it. The points by name: else each layer writes them out again.
    look: dict[str, Any] = {"spacing": 8, "title": title, "resolve": alt.Resolve(scale=scales), "config": config()}
    return alt.vconcat(*parts, **look, datasets={_ROWS: Rows(data.to_dict(orient="records"))})


def _title(frame: pd.DataFrame, table: pd.DataFrame, drawn: pd.DataFrame, height: str) -> alt.TitleParams:
    n = standing(frame).value_counts()
    how = ", ".join(f"{n[place]:,} {words}" for place, words in reversed(_STANDING.items()) if place in n)
    lines = [f"{len(frame):,} ways to count: {how}; {len(table):,} have a ratio"]
    if len(drawn) < len(table):
        lines.append(f"{len(drawn):,} of them drawn, evenly over the ranks; all are in curve.csv")
    return titled(f"{asks(str(frame['question'].iloc[0]))}: every way to count", *lines, height)


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
            "standing": drawn["standing"],
            "zero": drawn["ratio"].eq(0).astype(int),
            **{name: drawn[f"{name}_n"] for name in ("left", "right", "overlap", "unknown")},
            **{axis: choices(axis, drawn[axis]) for axis in AXES},
            "stands": drawn["standing"].map(_STANDING),
            "evidence": drawn["certainty"].where(drawn["certainty"].ne(""), "none"),
            "why": reasons(drawn["reason"]).where(drawn["standing"].ne(JUDGED), ""),
        }
    )


def _clipped(column: pd.Series, edges: tuple[float, float]) -> pd.Series:
    return column.clip(*edges).map("{:.4g}".format).astype(float)


def _points(axis: dict[str, Any], count: int, brush: alt.Parameter, *, ruled: bool) -> list[alt.Chart]:
    """Return the points, and beneath them how far each reaches; *ruled*: those that are judged with a line each."""
    x = alt.X("rank:Q", axis=None, scale=alt.Scale(domain=[0.5, count + 0.5], nice=False))
    marks = alt.Chart(alt.NamedData(_ROWS))
    words = " + '; ' + ".join(f"datum.{name}" for name in AXES)
    dots = marks.transform_calculate(choices=words).encode(
        x=x,
        y=alt.Y("y:Q", **axis),
        stroke=_by_test(alt.StrokeValue, OTHERS, {_IS_AHEAD: LEFT, _IS_JUDGED: RIGHT}),
        fill=_by_test(alt.FillValue, "transparent", {_IS_AHEAD: LEFT, _IS_JUDGED: RIGHT, _IS_STOPPED: OTHERS}),
        shape=_by_test(alt.ShapeValue, "circle", {"datum.zero == 1": "triangle-down", _IS_STOPPED: "cross"}),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in _TOOLTIP.items()],
        opacity=alt.OpacityValue(0.25, condition={"param": BRUSH, "value": 0.9}),
    )
    ends = {"x": x, "y": alt.Y("y0:Q", **axis), "y2": alt.Y2("y1:Q")}
    reach = [marks.mark_area(interpolate="step", color=OTHERS, opacity=0.17).encode(**ends)]
    if ruled:
        lone = marks.transform_filter(_IS_JUDGED)
        reach.append(lone.mark_rule(strokeWidth=1, color=SOFT, opacity=0.5).encode(**ends))
    dots = dots.mark_point(size=14 if count > _CROWD else 34, strokeWidth=1.2)
    return [*reach, dots.properties(name=POINTS).add_params(brush)]


_IS_JUDGED, _IS_STOPPED = f"datum.standing == {JUDGED}", f"datum.standing == {STOPPED}"
_IS_AHEAD = f"{_IS_JUDGED} && datum.y > 1"


def _by_test(channel: Any, otherwise: str, values: dict[str, str]) -> Any:  # noqa: ANN401 - a class of Altair's channels
    """Return a value channel that has the value of the first test that holds, else *otherwise*."""
    return channel(otherwise, condition=[{"test": test, "value": value} for test, value in values.items()])


_TOOLTIP = {
    "ratio": "ratio",
    "low": "lowest, all unknown against",
    "high": "highest, all unknown for",
    "left": "left side",
    "right": "right side",
    "overlap": "in both",
    "unknown": "country unknown",
    "choices": "way to count",
    "stands": "is",
    "why": "why",
    "evidence": "evidence",
    "spec_id": "spec_id",
}


def _choices(varied: dict[str, list[str]], count: int, brush: alt.Parameter) -> alt.Chart:
    """Return the dashboard of choices; where many ways to count share a column, its shade is their share."""
    rows = [row for levels in varied.values() for row in levels]
    odd = [row for levels in list(varied.values())[1::2] for row in levels]
    width = max(1.0, count / _BINS)
    return (
        alt.Chart(alt.NamedData(_ROWS))
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
            x2=alt.X2("end:Q"),
            y=alt.Y(
                "row:N",
                scale=alt.Scale(domain=rows),
                axis=alt.Axis(title=None, minExtent=GUTTER, maxExtent=GUTTER, labelLimit=GUTTER - 6, ticks=False),
            ),
            color=either(alt.ColorValue, f"indexof({json.dumps(odd)}, datum.row) >= 0", THIRD, SOFT),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.1, 1]), legend=None),
            tooltip=[
                alt.Tooltip("row:N", title="choice"),
                alt.Tooltip("share:Q", title="of the ways to count here", format=".0%"),
            ],
        )
        .properties(width=WIDTH, height=13 * len(rows))
    )
