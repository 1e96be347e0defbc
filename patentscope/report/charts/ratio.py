"""The counts behind the ratios: what each way to count finds on either side."""

from __future__ import annotations

import altair as alt
import pandas as pd

from patentscope.report.charts.style import EDGE, INK, LEFT, RIGHT, either, layered, tips, whole_axis


def counted(frame: pd.DataFrame, claimed: float | None, left: str, right: str) -> alt.TopLevelMixin:
    """Return what lies behind the ratios: how many ways to count find how much on either side.

    Args:
        frame: rows of curve.csv for one claim.
        claimed: the claimed ratio; its line separates what reaches it from what doesn't.
        left: the name of the left side.
        right: the name of the right side.
    """
    sides = frame.assign(left=pd.to_numeric(frame["left_n"]).round(), right=pd.to_numeric(frame["right_n"]).round())
    cells = sides.groupby(["left", "right"], as_index=False).agg(n=("spec_id", "size"), spec_id=("spec_id", _some))
    top = [float(max(cells[name].max(), 1) * 1.08) for name in ("right", "left")] if len(cells) else [1.0, 1.0]
    titles = [whole_axis(f"{name}: units counted", end) for name, end in zip((right, left), top, strict=True)]
    x = alt.X("right:Q", axis=titles[0], scale=alt.Scale(domain=[0, top[0]]))
    y = alt.Y("left:Q", axis=titles[1], scale=alt.Scale(domain=[0, top[1]]))
    size = alt.Size("n:Q", legend=None, scale=alt.Scale(range=[30, 700]))
    shown = tips({"left:Q": left, "right:Q": right, "n:Q": "ways to count"})
    dots = alt.Chart(cells.head(4000)).mark_circle(opacity=0.55)
    colour = either(alt.ColorValue, "datum.left > datum.right", LEFT, RIGHT)
    layers = [dots.encode(x=x, y=y, size=size, color=colour, tooltip=shown)]
    for slope, shade, dash in ((1.0, EDGE, [1, 0]), *([(claimed, INK, [2, 3])] if claimed else [])):
        end = min(top[0], top[1] / slope)
        line = [{"right": 0.0, "left": 0.0}, {"right": end, "left": end * slope}]
        rule = alt.Chart(alt.InlineData(values=line)).mark_line(color=shade, strokeDash=dash, strokeWidth=1.6)
        layers.append(rule.encode(x=x, y=y))
    drawn = f"dotted line: the claimed ratio {claimed:.2f}; " if claimed else ""
    many = f"{len(frame):,} ways to count; a circle's area is how many count the same"
    ahead = int((sides["left"] > sides["right"]).sum())
    title = f"{ahead:,} of {len(frame):,} ways to count find more for {left} than for {right}"
    return layered(layers, 260, title, f"{many}; {drawn}line: as many on both sides")


def _some(ids: pd.Series) -> str:
    """Return the ids behind a circle, the first three by name."""
    first, more = " ".join(sorted(ids)[:3]), len(ids) - 3
    return f"{first} and {more:,} more" if more > 0 else first
