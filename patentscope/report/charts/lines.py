"""Two lines by year, the sides of a claim: where years and counts stand, lines, dots, and names beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from patentscope.report.charts.picture import Form, Words, ticks
from patentscope.report.charts.style import INK, LEFT, LINE, PAPER, RIGHT, SOFT

LEFT_SIDE, RIGHT_SIDE = "left", "right"
#: Pixels between two labels of years, and between a line and its name.
_APART, _OFF = (36, 84), 15
_ROOMY = 400
#: Years that are no multiple of 5 are marked only where fewer than so many would be.
_ROUND, _FEW = 5, 4
_SHADES = alt.Scale(domain=[LEFT_SIDE, RIGHT_SIDE], range=[LEFT, RIGHT])


@dataclass(frozen=True)
class Plane:
    """A plot of years against counts from 0: its ends in both, its size in pixels."""

    first: int
    last: float
    top: float
    width: int
    height: int

    def x(self, year: float) -> float:
        """Return where a year stands, from the left."""
        return (year - self.first) / max(self.last - self.first, 1) * self.width

    def y(self, n: float) -> float:
        """Return where a count stands, from the top."""
        return self.height * (1 - n / self.top)

    def along(self, years: Sequence[int], counts: Sequence[float]) -> list[tuple[float, float]]:
        """Return points of a line in pixels, close enough for nothing to slip between them."""
        x, y = ([at(value) for value in values] for at, values in ((self.x, years), (self.y, counts)))
        steps = np.linspace(x[0], x[-1], max(2, int((x[-1] - x[0]) / 4))) if x else np.array([])
        return list(zip(steps.tolist(), np.interp(steps, x, y).tolist(), strict=True)) if x else []

    def channels(self, marked: Sequence[int], step: Sequence[float]) -> tuple[alt.X, alt.Y]:
        """Return both axes, with the years *marked* and lines across at the counts *step*."""
        years = alt.Axis(title=None, format="d", grid=False, values=self._shown(marked))
        counts = alt.Axis(title=None, format=",d", gridColor=LINE, values=list(step))
        ends = alt.Scale(domain=[self.first, max(self.last, self.first + 1)], nice=False, zero=False)
        return (
            alt.X("year:Q", scale=ends, axis=years),
            alt.Y("n:Q", scale=alt.Scale(domain=[0, self.top], nice=False), axis=counts),
        )

    def _shown(self, marked: Sequence[int]) -> list[int]:
        """Return the years that have a label: *marked* first, then round ones, none too near to another."""
        shown: list[int] = []
        span = range(self.first, int(self.last) + 1)
        apart = _APART[self.width > _ROOMY]
        for by in (None, 10, 5, 2, 1):
            years = marked if by is None else [year for year in span if year % by == 0]
            for year in years if by is None or by >= _ROUND or len(shown) < _FEW else []:
                if all(abs(self.x(year) - self.x(other)) >= apart for other in shown):
                    shown.append(year)
        return sorted(shown)


def plane(form: Form, first: int, last: float, most: float, right: int) -> tuple[Plane, list[int], list[float]]:
    """Return a plot that fits a form and shows counts up to *most*, its margins, and the ticks of its counts."""
    step = ticks(most, 3 if form.height < 240 else 4)  # noqa: PLR2004 - a low picture
    top = max(most * 1.04, step[-2] if len(step) > 1 else 0)
    step = [tick for tick in step if tick <= top]
    margins = [int(len(f"{step[-1]:,.0f}") * form.type * 0.58) + 9, 14, right, form.type + 14]
    size = form.width - margins[0] - margins[2], form.height - margins[1] - margins[3]
    return Plane(first, last, float(top), *size), margins, step


def points(years: Sequence[int], left: Sequence[float], right: Sequence[float], **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever a point carries
    """Return a row for each side and year: year, side, n, and what each has besides."""
    return [
        {"year": int(year), "side": side, "n": float(n), **more}
        for side, counts in ((LEFT_SIDE, left), (RIGHT_SIDE, right))
        for year, n in zip(years, counts, strict=True)
        if n is not None
    ]


def side_lines(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, width: float = 2.6) -> alt.Chart:
    """Return a line for each side."""
    lines = alt.Chart(alt.InlineData(values=list(rows))).mark_line(
        strokeWidth=width, strokeCap="round", strokeJoin="round"
    )
    return lines.encode(x=x, y=y, color=alt.Color("side:N", scale=_SHADES, legend=None))


def side_dots(rows: Sequence[dict[str, Any]] | str, x: alt.X, y: alt.Y, size: int, *, is_hollow: bool) -> alt.Chart:
    """Return a dot for each row, or for each of a data set by its name; a hollow one isn't a whole count."""
    base = alt.Chart(alt.NamedData(rows) if isinstance(rows, str) else alt.InlineData(values=list(rows)))
    if is_hollow:
        dots = base.mark_point(size=size, filled=True, fill=PAPER, strokeWidth=2, opacity=1)
        return dots.encode(x=x, y=y, stroke=alt.Stroke("side:N", scale=_SHADES, legend=None))
    dots = base.mark_point(size=size, filled=True, opacity=1, stroke=PAPER, strokeWidth=1.6)
    return dots.encode(x=x, y=y, color=alt.Color("side:N", scale=_SHADES, legend=None))


def pointed_at(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, names: tuple[str, str], what: str) -> alt.Chart:
    """Return what shows a year's figure when somebody points at it; nothing of it can be seen."""
    named = dict(zip((LEFT_SIDE, RIGHT_SIDE), names, strict=True))
    data = [row | {"name": named[row["side"]]} for row in rows]
    shown = [
        alt.Tooltip("name:N", title="Of"),
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("n:Q", title=what, format=",.3~r" if any(row["n"] % 1 for row in rows) else ",d"),
    ]
    hidden = alt.Chart(alt.InlineData(values=data)).mark_point(size=160, opacity=0, filled=True, color=SOFT)
    return hidden.encode(x=x, y=y, tooltip=shown)


def name_beside(
    plane_of: Plane, name: str, years: Sequence[int], mine: Sequence[float], other: Sequence[float], *, left: bool
) -> Words:
    """Return a side's name with its places along the line, on the side away from the other line first."""
    places = []
    for year, n, rest in zip(years[:-1] or years, mine, other, strict=False):
        up = -1 if n >= rest else 1
        x, y = plane_of.x(year) + 4, plane_of.y(n)
        places += [(x, y + up * _OFF * by) for by in (1, 1.6, 2.4, 3.2)]
        places += [(x, y - up * _OFF)] if abs(plane_of.y(n) - plane_of.y(rest)) > 4 * _OFF else []
    return Words(name, places, LEFT if left else RIGHT, weight=700)


def ring(year: float, n: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the ring around a place of which the words beside it tell."""
    base = alt.Chart(alt.InlineData(values=[{"year": year, "n": n}]))
    return base.mark_point(size=110, filled=False, stroke=INK, strokeWidth=1.6, opacity=1).encode(x=x, y=y)
