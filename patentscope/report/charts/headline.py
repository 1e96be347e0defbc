"""The picture of an answer: both sides by year, counted as the headline counts, and what the claim would need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words
from patentscope.aggregate.answers.words.answer_words import without_topic
from patentscope.aggregate.answers.words.number_words import percent
from patentscope.query.side_names import brief, in_sentence, label
from patentscope.report.charts.findings import Course, finding
from patentscope.report.charts.headline_years import ALL, Years, years_of
from patentscope.report.charts.lines import (
    LEFT_SIDE,
    Plane,
    name_beside,
    plane,
    pointed_at,
    points,
    side_dots,
    side_lines,
)
from patentscope.report.charts.picture import Form, Picture, Words, pictured, placed, source_line, written
from patentscope.report.charts.style import INK, LEFT, PAPER, RIGHT, SOFT, TINT
from patentscope.report.run_tables import RunTables

FORMS = {
    "wide": Form("wide", 1120, 275),
    "paper": Form("paper", 760, 235),
    "narrow": Form("narrow", 358, 280, type=12),
}
#: What the claim would need is drawn where it is at most so many times the largest count.
_FAR = 2.5


def headline(tables: RunTables, claim: Entry) -> Picture | None:
    """Return both sides by year as the headline counts them; None where nothing is judged, or the years hold nothing.

    Where the headline's way shares units out, or looks from an earlier date, the lines are of the same way with whole
    units at the data's own date, and the subtitle says so.
    """
    drawn = years_of(tables, claim)
    if drawn is None:
        return None
    whole = drawn.whole
    so_far = whole[whole["year"] < tables.as_of.year]
    title = finding(Course(*(so_far[name].tolist() for name in ("year", "left_n", "right_n"))), drawn.sides)
    mine, theirs = drawn.sides.names
    rows = [
        [str(row["year"]), row["left_n"], row["right_n"], *map(_part, (row["left_published"], row["right_published"]))]
        for row in drawn.rows.to_dict(orient="records")
    ]
    heads = [label(claim["left"], claim["right"]), label(claim["right"], claim["left"])]
    return Picture(
        title or f"{mine[0].upper()}{mine[1:]} and {theirs}, year by year",
        _subtitle(drawn),
        FORMS,
        lambda form: _draw(drawn, form),
        ["Year", *heads, *(f"{head}: published" for head in heads)],
        rows,
        source_line(tables),
    )


def _subtitle(drawn: Years) -> str:
    figure = drawn.figure
    said = without_topic(figure)
    differs = {
        "as the records list them": figure["is_audited"],
        "each unit whole for every country": figure["share_level"] != "whole",
        f"as seen on {drawn.as_of}": figure["as_of"] != drawn.as_of,
    }
    if any(differs.values()):
        left, right = claim_words.counts(figure)
        how = ", ".join(name for name, is_so in differs.items() if is_so)
        return f"{said[0].upper()}{said[1:]}; the lines count {how}, the headline has {left} against {right}."
    once = "; a patent and its copies abroad count once" if figure["unit"] == "family" else ""
    return f"{said[0].upper()}{said[1:]}{once}."


def _part(value: float) -> str | None:
    return None if pd.isna(value) else percent(value)


def _draw(drawn: Years, form: Form) -> alt.LayerChart:
    """Return the picture in one form."""
    rows, claim, (begins, ends) = pd.concat([drawn.whole, drawn.late]), drawn.claim, drawn.claim["years"]
    most = float(rows[["left_n", "right_n"]].to_numpy().max())
    needed = drawn.needed if drawn.needed and drawn.needed[0] <= _FAR * most else None
    labels = _late_labels(drawn, form)
    wide = max((len(line) for text in labels.values() for line in text.split("\n")), default=0)
    right = int(wide * form.type * 0.53) + 26 if wide else 46 if form.is_paper else 24
    last = int(rows["year"].max())
    top = needed[0] if needed else most * 1.25 if drawn.needed else most
    plot, margins, step = plane(form, int(rows["year"].min()), last, max(most, top), right)
    x, y = plot.channels([ends, plot.first, last], step)
    spec_id = str(rows["spec_id"].iloc[0])
    lines, late = (_points(part, spec_id) for part in (drawn.whole, drawn.late))
    now = [row for row in lines if row["year"] == ends and begins == ends]
    layers: list[Any] = [_claim_years(claim, plot, x, y, needed[0] if needed else None)]
    layers += [side_lines(lines, x, y)] if lines else []
    layers += [side_dots(now, x, y, 100, is_hollow=False)] if now else []
    layers += [side_dots(late, x, y, 60, is_hollow=True)] if late else []
    layers += [_diamond(needed[0], ends, x, y)] if needed else []
    names = label(claim["left"], claim["right"]), label(claim["right"], claim["left"])
    layers.append(pointed_at([*lines, *late], x, y, names, claim_words.noun(drawn.figure).capitalize()))
    within = (0, -margins[1], plot.width + margins[2], plot.height - 2)
    marks = [point for side in ("left_n", "right_n") for point in plot.along(*_line(drawn.whole, side))]
    words = placed(_words(drawn, plot, form, needed, labels), within, marks)
    return pictured([*layers, *written(words, form)], form, margins)


def _points(rows: pd.DataFrame, spec_id: str) -> list[dict[str, Any]]:
    return points(rows["year"].tolist(), rows["left_n"].tolist(), rows["right_n"].tolist(), spec_id=spec_id)


def _line(rows: pd.DataFrame, side: str) -> tuple[list[int], list[float]]:
    return rows["year"].tolist(), rows[side].tolist()


def _claim_years(claim: Entry, plot: Plane, x: alt.X, y: alt.Y, top: float | None) -> alt.Chart:
    """Return the claim's year as a dotted line, or its years as a tinted span."""
    begins, ends = claim["years"]
    row = {"year": ends, "n": 0, "top": top or plot.top}
    row |= {"year": max(begins, plot.first), "to": ends} if begins != ends else {}
    base = alt.Chart(alt.InlineData(values=[row])).encode(x=x, y=y, y2=alt.Y2("top:Q"))
    if begins != ends:
        return base.mark_rect(color=TINT).encode(x2=alt.X2("to:Q"))
    return base.mark_rule(color=SOFT, strokeDash=[2, 3])


def _diamond(units: int, year: int, x: alt.X, y: alt.Y) -> alt.Chart:
    base = alt.Chart(alt.InlineData(values=[{"year": year, "n": units}]))
    look: dict[str, Any] = {"shape": "diamond", "size": 170, "filled": True, "stroke": PAPER, "strokeWidth": 2}
    return base.mark_point(color=INK, opacity=1, **look).encode(x=x, y=y)


def _late_labels(drawn: Years, form: Form) -> dict[str, str]:
    """Return what is said of the years that aren't whole, by side: how much of each is published."""
    labels = {}
    for side in ("left", "right"):
        parts = zip(drawn.late["year"], drawn.late[f"{side}_published"], strict=True)
        said = [f"{year}: {'not all' if pd.isna(part) else f'about {percent(part)}'}" for year, part in parts]
        if said:
            labels[side] = "\n".join([*said[:-1], f"{said[-1]}{chr(10) if form.is_narrow else ' '}published"])
    return labels


def _words(
    drawn: Years, plot: Plane, form: Form, needed: tuple[int, str] | None, labels: dict[str, str]
) -> list[Words]:
    """Return what stands in the picture, what matters most first."""
    claim, (begins, ends), size = drawn.claim, drawn.claim["years"], form.type
    now, found = plot.x(ends), []
    mine = brief(claim["left"], claim["right"])
    if drawn.needed:
        found.append(_need(drawn.needed[1], mine, now, plot.y(needed[0]) if needed else None, size))
    years, whole = drawn.whole["year"].tolist(), drawn.whole
    names = (
        label(claim["left"], claim["right"]),
        label(claim["right"], claim["left"]) if form.is_narrow else _full(claim["right"]),
    )
    for left, name in ((False, names[1]), (True, names[0])):
        counts = [whole[side].tolist() for side in (("left_n", "right_n") if left else ("right_n", "left_n"))]
        found.append(name_beside(plot, name, years, *counts, left=left))
    for side, text in labels.items():
        n = drawn.late[f"{side}_n"].iloc[-1]
        up = [(plot.width + 12, plot.y(n) + step) for by in range(7) for step in (-14 * by, 14 * by)]
        found.append(Words(text, up, LEFT if side == LEFT_SIDE else RIGHT, 400, "left", size))
    found += _of_the_year(drawn, plot, form) if begins == ends else []
    said = "the claim\u2019s year" if begins == ends else "the claim\u2019s years"
    places = [(now - 8.0, plot.height - by) for by in (14.0, 34.0, 54.0)] + [(now - 8, by) for by in (10.0, 30.0)]
    return [*found, Words(said, places, SOFT, 400, "right", size)]


def _need(units: str, mine: str, now: float, at: float | None, size: int) -> Words:
    """Return what the claim would need, beside its diamond; with an arrow where that lies beyond the picture."""
    beyond = "\u2191 " if at is None else ""
    full = f"{beyond}{units}: what {mine} would need for the claim to hold"
    said = full if len(full) * size * 0.57 < now - 18 else f"{beyond}{units} needed\nfor the claim"
    is_left = len(said.partition("\n")[0]) * size * 0.57 > now - 18
    x, y = now + 14 if is_left else now - 14, 2 if at is None else at
    return Words(said, [(x, y + by) for by in (0, 12, -12, 24)], INK, 700, "left" if is_left else "right", size)


def _full(codes: Sequence[str]) -> str:
    said = in_sentence(codes).removeprefix("the ")
    return f"{said[0].upper()}{said[1:]}"


def _of_the_year(drawn: Years, plot: Plane, form: Form) -> list[Words]:
    """Return each side's count in the claim's year, on paper, and how much of it is published where that is not all."""
    year = drawn.claim["years"][1]
    row = drawn.rows[drawn.rows["year"].eq(year)].iloc[0]
    found = []
    for side, other, colour in (("left", "right", LEFT), ("right", "left", RIGHT)):
        n, part = row[f"{side}_n"], row[f"{side}_published"]
        said = [f"{n:,.0f}"] if form.is_paper or form.is_alone else []
        said += [f"{percent(part)} published"] if row["is_whole"] and part < ALL else []
        if not said:
            continue
        up = -1 if n > row[f"{other}_n"] else 1
        places = [(plot.x(year) - 9, plot.y(n) + up * by) for by in (15, 30, -15)]
        words = said[0] if len(said) == 1 else f"{said[0]} ({said[1]})"
        found.append(Words(words, places, colour, 700, "right", form.type))
    return found
