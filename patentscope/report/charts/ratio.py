"""Charts of ratios without a curve: the answer at a glance, and the counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from patentscope.aggregate.answers.words.claim_words import asks, counts
from patentscope.report.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    claim_layers,
    layered,
    ratio_axis,
    ratio_domain,
    tips,
    whole_axis,
)


def overview(questions: Sequence[Mapping[str, Any]], claimed: float | None, tolerance: float) -> alt.TopLevelMixin:
    """Return the one picture of an answer: each question's range of ratios and its figure, with the claim's line.

    Args:
        questions: as verdict.json has them; those of which nothing is judged are named, and empty.
        claimed: the claimed ratio, if the claim names one.
        tolerance: absolute, on the ratio.
    """
    ends = [entry[key] for entry in questions for key in _ENDS.values() if entry[key]]
    edges = ratio_domain(ends, claimed)
    rows = [_row(entry, edges) for entry in questions]
    axis = ratio_axis(edges, "times as many, log scale")
    y = alt.Y("row:N", sort=[row["row"] for row in rows], axis=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    has = base.transform_filter("isValid(datum.least)")
    reach = has.mark_rule(color=BLUE, opacity=0.6).encode(x=alt.X("least:Q", **axis), x2="most:Q")
    bar = has.mark_bar(color=BLUE, opacity=0.35, height=12).encode(x=alt.X("from:Q", **axis), x2="to:Q")
    shown = [alt.Tooltip("words:N", title="question"), "spec_id:N"]
    dot = base.transform_filter("isValid(datum.ratio)").mark_point(
        shape="diamond", size=70, stroke=BLUE, fill="white", strokeWidth=1.6, opacity=1
    )
    dot = dot.encode(x=alt.X("ratio:Q", **axis), tooltip=shown)
    text = base.mark_text(align="left", dy=-18, fontSize=11).encode(x=alt.XValue(3), text="words:N")
    lines = [
        "diamond: the figure; bar: eight in ten results; line: all results; shaded: what counts as the claimed size"
    ]
    layers = [*claim_layers(claimed, tolerance, "x", axis), reach, bar, dot, text]
    return layered(layers, 52 * max(1, len(rows)), "How many times as many, question by question", *lines)


#: By what a row of the overview shows: the key of a question.
_ENDS = {"ratio": "ratio", "least": "min_ratio", "from": "p10_ratio", "to": "p90_ratio", "most": "max_ratio"}


def _row(entry: Mapping[str, Any], edges: tuple[float, float]) -> dict[str, Any]:
    """Return a question's places on an axis with *edges*, where an infinite ratio stands at the end, and its words."""
    ratios = {name: entry[key] for name, key in _ENDS.items()}
    if entry["figure"]:
        ratios = {
            name: min(max(edges[1] if ratio is None else ratio, edges[0]), edges[1]) for name, ratio in ratios.items()
        }
    return {"row": entry["asks"], "words": _words(entry), "spec_id": entry["spec_id"], **ratios}


def _words(entry: Mapping[str, Any]) -> str:
    """Return what stands above a question's bar: its figure and the range, or that it has none."""
    if not entry["figure"]:
        return f"{asks(entry['question'])}: can't be checked"
    left, right = counts(entry["figure"])
    return f"{asks(entry['question'])}: {left} against {right}"


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
    dots = alt.Chart(cells.head(4000)).mark_circle(color=BLUE, opacity=0.5, clip=False)
    layers = [dots.encode(x=x, y=y, size=size, tooltip=shown)]
    for slope, colour, dash in ((1.0, GREY, [5, 4]), (claimed or 1.0, ORANGE if claimed else GREY, [1, 0])):
        end = min(top[0], top[1] / slope)
        line = [{"right": 0.0, "left": 0.0}, {"right": end, "left": end * slope}]
        rule = alt.Chart(alt.InlineData(values=line)).mark_line(color=colour, strokeDash=dash, strokeWidth=1.6)
        layers.append(rule.encode(x=x, y=y))
    drawn = f"solid line: the claimed ratio {claimed:.2f}; " if claimed else ""
    subtitle = f"{len(frame):,} ways to count; a circle's area is how many count the same; {drawn}dashed: equal"
    return layered(layers, 260, f"What each way to count finds: {left} against {right}", subtitle)


def _some(ids: pd.Series) -> str:
    """Return the ids behind a circle, the first three by name."""
    first, more = " ".join(sorted(ids)[:3]), len(ids) - 3
    return f"{first} and {more:,} more" if more > 0 else first
