"""Charts of ratios without a curve: the verdict at a glance, the counts behind it, and what others published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from patentscope.report.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    claim_layers,
    either,
    layered,
    ratio_axis,
    ratio_domain,
    tips,
    whole_axis,
)


def overview(questions: Sequence[Mapping[str, Any]], claimed: float | None, tolerance: float) -> alt.TopLevelMixin:
    """Return the one picture of a verdict: each question's range of ratios and its median, with the claim's line.

    Args:
        questions: as verdict.json has them; those without admissible specifications are named, and empty.
        claimed: the claimed ratio, if the claim names one.
        tolerance: absolute, on the ratio.
    """
    ratios = {"median": "median_ratio", "least": "min_ratio", "most": "max_ratio"}
    rows: list[dict[str, Any]] = []
    for entry in questions:
        theirs = entry.get("baseline") or {}
        row = {"row": entry["question"], **{name: entry[key] for name, key in ratios.items()}, "words": _words(entry)}
        rows.append(row | {"baseline": theirs.get("ratio"), "spec_id": theirs.get("spec_id", "")})
    names = (*ratios, "baseline")
    least, most = edges = ratio_domain([row[name] for row in rows for name in names if row[name]], claimed)
    axis = ratio_axis(edges, "ratio, log scale")
    drawn = [row | {name: min(max(row[name], least), most) for name in names if row[name] is not None} for row in rows]
    y = alt.Y("row:N", sort=[row["row"] for row in rows], axis=None)
    base = alt.Chart(alt.InlineData(values=drawn)).encode(y=y)
    has = base.transform_filter("isValid(datum.median)")
    bar = has.mark_bar(color=BLUE, opacity=0.35, height=12).encode(x=alt.X("least:Q", **axis), x2="most:Q")
    tick = has.mark_tick(color=BLUE, thickness=3, height=20).encode(x=alt.X("median:Q", **axis))
    first = has.transform_filter("isValid(datum.baseline)").mark_point(
        shape="diamond", size=70, stroke=BLUE, fill="white", strokeWidth=1.6, opacity=1
    )
    shown = [alt.Tooltip("row:N", title="question"), alt.Tooltip("baseline:Q", title="baseline", format=".3~g")]
    first = first.encode(x=alt.X("baseline:Q", **axis), tooltip=[*shown, "spec_id:N"])
    text = base.mark_text(align="left", dy=-18, fontSize=11).encode(x=alt.XValue(3), text="words:N")
    lines = ["bar: lowest to highest admissible specification; tick: median; shaded: what counts as the claimed size"]
    named = ", ".join(f"{row['row']} {row['spec_id']}" for row in rows if row["spec_id"])
    lines += [f"diamond: the baseline (spec_id: {named})"] if named else []
    layers = [*claim_layers(claimed, tolerance, "x", axis), bar, tick, first, text]
    return layered(layers, 52 * max(1, len(rows)), "The ratio by question", *lines)


def _words(entry: Mapping[str, Any]) -> str:
    """Return what stands above a question's bar: its figures, or that it has none."""
    if entry["median_ratio"] is None:
        return f"{entry['question']}: {entry['verdict']} ({entry['specifications']:,} of {entry['listed']:,})"
    ends = f"{entry['min_ratio']:.3g} to {entry['max_ratio']:.3g}"
    return f"{entry['question']}: {entry['median_ratio']:.3g} ({ends})"


def counted(frame: pd.DataFrame, claimed: float | None, left: str, right: str) -> alt.TopLevelMixin:
    """Return what lies behind the ratios: how many specifications counted how much on either side.

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
    shown = tips({"left:Q": left, "right:Q": right, "n:Q": "specifications"})
    dots = alt.Chart(cells.head(4000)).mark_circle(color=BLUE, opacity=0.5, clip=False)
    layers = [dots.encode(x=x, y=y, size=size, tooltip=shown)]
    for slope, colour, dash in ((1.0, GREY, [5, 4]), (claimed or 1.0, ORANGE if claimed else GREY, [1, 0])):
        end = min(top[0], top[1] / slope)
        line = [{"right": 0.0, "left": 0.0}, {"right": end, "left": end * slope}]
        rule = alt.Chart(alt.InlineData(values=line)).mark_line(color=colour, strokeDash=dash, strokeWidth=1.6)
        layers.append(rule.encode(x=x, y=y))
    drawn = f"solid line: the claimed ratio {claimed:.2f}; " if claimed else ""
    subtitle = f"{len(frame):,} specifications; a circle's area is how many count the same; {drawn}dashed: equal"
    return layered(layers, 260, f"What the specifications counted: {left} against {right}", subtitle)


def _some(ids: pd.Series) -> str:
    """Return the ids behind a circle, the first three by name."""
    first, more = " ".join(sorted(ids)[:3]), len(ids) - 3
    return f"{first} and {more:,} more" if more > 0 else first


def published_ratio(row: Mapping[str, str], left: Sequence[str], right: Sequence[str]) -> float | None:
    """Return left / right of a published figure, or None where it doesn't give every country of both sides."""
    if not left or not right or not all(row.get(code) for code in (*left, *right)):
        return None
    below = sum(int(row[code]) for code in right)
    return sum(int(row[code]) for code in left) / below if below else None


def ratio_words(left: Sequence[str], right: Sequence[str]) -> str:
    """Return a ratio of two sides in words: `CN / (US + AU + JP)`."""
    sides = [" + ".join(codes) for codes in (left, right)]
    return " / ".join(f"({side})" if " " in side else side for side in sides)


def published(
    rows: Sequence[Mapping[str, str]],
    sides: tuple[Sequence[str], Sequence[str]],
    claimed: float | None,
    tolerance: float,
    *,
    ours: Sequence[Mapping[str, Any]] = (),
) -> alt.TopLevelMixin:
    """Return left / right for every published figure that names all their countries; missing codes are drawn hollow.

    Args:
        rows: of data/published_counts.csv.
        sides: the country codes of the claim's left and right.
        claimed: the claimed ratio, if the claim names one.
        tolerance: absolute, on the ratio.
        ours: this run's own baselines to draw beside them: question, ratio, spec_id.
    """
    words, codes = ratio_words(*sides), [*sides[0], *sides[1]]
    points: list[dict[str, Any]] = [
        {"id": row["id"], "ratio": round(ratio, 4), "missing": row["codes_missing"] == "yes"}
        | {code: int(row[code]) for code in codes}
        for row in rows
        if (ratio := published_ratio(row, *sides)) is not None
    ]
    mine = [row for row in ours if row["ratio"]]
    points += [
        {"id": f"ours: {row['question']}", "ratio": round(row["ratio"], 4), "missing": False, "spec_id": row["spec_id"]}
        for row in mine
    ]
    lines = ["each by its own convention, topic and years; hollow: an effect of missing country codes"]
    if mine:
        named = ", ".join(f"{row['question']} {row['spec_id']}" for row in mine)
        lines.append(f"diamonds: this run's baselines (spec_id: {named})")
    axis = ratio_axis(ratio_domain([point["ratio"] for point in points], claimed), f"{words}, log scale")
    order = [point["id"] for point in sorted(points, key=lambda point: point["ratio"])]
    base = alt.Chart(alt.InlineData(values=points)).encode(y=alt.Y("id:N", sort=order, axis=None))
    dots = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=alt.X("ratio:Q", **axis),
        fill=either(alt.FillValue, "datum.missing", "transparent", BLUE),
        stroke=either(alt.StrokeValue, "datum.missing", GREY, BLUE),
        shape=either(alt.ShapeValue, "isValid(datum.spec_id)", "diamond", "circle"),
        tooltip=["id:N", alt.Tooltip("ratio:Q", format=".3~g"), *(f"{code}:Q" for code in codes), "spec_id:N"],
    )
    text = base.mark_text(align="left", dy=-15, fontSize=11).encode(x=alt.XValue(2), text="id:N")
    hollow = base.transform_filter("datum.missing").mark_text(align="left", dy=16, fontSize=11, fontStyle="italic")
    hollow = hollow.encode(x=alt.XValue(2), text=alt.TextValue("missing codes, not a convention"))
    layers = [*claim_layers(claimed, tolerance, "x", axis), dots, text, hollow]
    return layered(layers, 50 * max(1, len(points)), f"What others published: {words}", *lines)
