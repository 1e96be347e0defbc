"""A swarm of results: a dot each, packed in rows on an axis in the claim's words, the halves of who is ahead tinted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from patentscope.report.charts.picture import Form
from patentscope.report.charts.style import INK, LEFT, LEFT_TINT, PAPER, RIGHT, RIGHT_TINT, SOFT, either

#: Pixels of a row, and of its heading.
ROW, HEAD = 74, 18
#: The size of the ring around a dot.
_RING = 190
#: What the axis shows at least, and at most: left per 100 right.
_LEAST, _MOST, _ENDS = (40.0, 250.0), (1.0, 10_000.0), 1.15


@dataclass(frozen=True)
class Axis:
    """An axis in pixels: logarithmic for a ratio, plain for a share; its ends in left per 100."""

    width: int
    least: float
    most: float
    is_share: bool

    def x(self, value: Any) -> Any:  # noqa: ANN401 - a number, or an array of them
        """Return where a value stands."""
        inside = np.clip(value, self.least, self.most)
        if self.is_share:
            return (inside - self.least) / (self.most - self.least) * self.width
        return np.log(inside / self.least) / np.log(self.most / self.least) * self.width

    def channel(self) -> alt.X:
        """Return it for a chart; its labels are words, which are placed."""
        kind = "linear" if self.is_share else "log"
        scale = alt.Scale(type=kind, domain=[self.least, self.most], nice=False)  # type: ignore[arg-type]
        return alt.X("value:Q", axis=None, scale=scale)


def radius_of(form: Form) -> float:
    """Return the radius of a dot, in pixels."""
    return 1.8 if form.is_narrow else 2.6


def dot_layer(tie: float, form: Form, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return a dot for each row of the data set `dots`, in the colour of who is ahead, hollow where that is open."""
    shown = [
        alt.Tooltip("left:Q", title="Left side", format=",.4~g"),
        alt.Tooltip("right:Q", title="Right side", format=",.4~g"),
        alt.Tooltip("n:Q", title="Ways to count that give it", format=",d"),
    ]
    size = round(np.pi * radius_of(form) ** 2, 1)
    dots = alt.Chart(alt.NamedData("dots")).mark_point(size=size, filled=True, opacity=0.8, cursor="pointer")
    colour = {"expr": f"datum.is_open ? '{SOFT}' : datum.value > {tie} ? '{LEFT}' : '{RIGHT}'"}
    fill = {"expr": f"datum.is_open ? '{PAPER}' : datum.value > {tie} ? '{LEFT}' : '{RIGHT}'"}
    width = {"expr": "datum.is_open ? 1.4 : 0"}
    look = {"fill": alt.FillValue(fill), "stroke": alt.StrokeValue(colour), "strokeWidth": alt.StrokeWidthValue(width)}
    return dots.encode(x=x, y=y, tooltip=shown, **look)


def axis_of(values: pd.Series, claimed: float | None, width: int, *, is_share: bool) -> Axis:
    """Return an axis that shows *values*, the tie and the claim, all in left per 100."""
    if is_share:
        return Axis(width, 0.0, 100.0, is_share=True)
    known = values[np.isfinite(values) & (values > 0)].clip(*_MOST)
    least = min([_LEAST[0], *(known / _ENDS), (claimed or 100) / _ENDS])
    most = max([_LEAST[1], *(known * _ENDS), (claimed or 100) * _ENDS])
    return Axis(width, round(least, 4), round(most, 4), is_share=False)


def ground_layers(axis: Axis, tie: float, claimed: float | None, height: int, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the tinted halves of who is ahead, row by row, and the tie and the claim as upright lines in them."""
    rows = [{"py": top + HEAD, "foot": top + ROW} for top in range(0, height, ROW)]

    def across(**more: float) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=[row | more for row in rows])).encode(x=x, y=y, y2=alt.Y2("foot:Q"))

    halves = [
        across(value=low, end=high).mark_rect(color=tint).encode(x2=alt.X2("end:Q"))
        for low, high, tint in ((axis.least, tie, RIGHT_TINT), (tie, axis.most, LEFT_TINT))
    ]
    lines = [across(value=tie).mark_rule(color=SOFT, strokeWidth=1.4)]
    if claimed is not None:
        lines.append(across(value=claimed).mark_rule(color=INK, strokeWidth=1.4, strokeDash=[2, 3]))
    return [*halves, *lines]


def ring_layers(x: alt.X, y: alt.Y, form: Form) -> list[alt.Chart]:
    """Return the ring at the chosen result, dashed where that isn't fair, and in the heading of its row what it is.

    The words stand where the heading has room for them (`begins`, `ends`); a thin line leads from them to the ring.
    """
    base = alt.Chart(alt.NamedData("chosen")).encode(x=x, y=y)
    dash = either(alt.StrokeDashValue, "datum.fair === false", [3, 2], [1, 0])
    ring = base.mark_point(size=_RING, filled=False, stroke=INK, strokeWidth=2.4, opacity=1).encode(strokeDash=dash)
    half = f"({form.type * 0.29:.2f} * length(datum.words))"
    first, last = f"datum.begins + {half}", f"datum.ends - {half}"
    at = f"clamp(scale('x', datum.value), {first}, max({first}, {last}))"
    top = f"datum.py - {(ROW - HEAD) / 2}"
    look: dict[str, Any] = {
        "align": "center",
        "dx": alt.ExprRef(f"{at} - scale('x', datum.value)"),
        "dy": -ROW / 2,
        "fontWeight": 700,
        "fontSize": form.type,
        "fill": INK,
        "baseline": "middle",
        "tooltip": None,
    }
    ends = {"x2": alt.X2Value({"expr": at}), "y2": alt.Y2Value({"expr": top})}
    leader = base.mark_rule(color=INK, strokeWidth=1).encode(**ends)
    return [leader, ring, base.mark_text(**look).encode(text=alt.Text("words:N"))]


def packing(x: np.ndarray[Any, Any], apart: float, most: float) -> np.ndarray[Any, Any]:
    """Return how far from the middle dots at *x* (rising, in pixels) stand, so that none lies upon another.

    Each goes to the free place nearest to the middle; where a row is too low for all, all are drawn together.

    Args:
        x: places along the axis.
        apart: how far apart two dots' middles stay.
        most: how far from the middle a dot may stand.
    """
    y = np.zeros(len(x))
    for place in range(len(x)):
        first = np.searchsorted(x, x[place] - apart, side="right")
        near_x, near_y = x[first:place], y[first:place]
        reach = np.sqrt(np.maximum(apart**2 - (x[place] - near_x) ** 2, 0))
        candidates = np.concatenate([[0.0], near_y + reach, near_y - reach])
        is_free = (np.abs(candidates[:, None] - near_y[None, :]) >= reach[None, :] - 1e-6).all(axis=1)
        free = candidates[is_free]
        y[place] = free[np.argmin(np.abs(free))]
    furthest = float(np.abs(y).max(initial=0.0))
    return y * (most / furthest) if furthest > most else y
