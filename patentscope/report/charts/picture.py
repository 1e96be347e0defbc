"""A picture for readers: its forms, its words beside what they name and never upon other words, and its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import altair as alt
import numpy as np

from patentscope.provenance.state import dated
from patentscope.report.charts.style import PAPER, SOFT, config, titled
from patentscope.report.run_tables import RunTables

#: How wide a letter is against its size, on average, of plain and of bold type; how far lines stand apart.
_PLAIN, _BOLD, _LEADING = 0.53, 0.57, 3
_WEIGHT_OF_BOLD = 600
Align: TypeAlias = Literal["left", "center", "right"]
#: A box in pixels: left, top, right, bottom.
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Form:
    """One size of a picture: its width and height in pixels with all its margins, and that of its type.

    `is_alone` is a picture without a page around it: it has its title, and its words carry their halo with them.
    """

    name: str
    width: int
    height: int
    type: int = 13
    is_alone: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether room is short, as on a phone."""
        return self.name == "narrow"

    @property
    def is_paper(self) -> bool:
        """Whether it is the one that is printed and saved, which carries its counts."""
        return self.name == "paper"


@dataclass(frozen=True)
class Picture:
    """A chart that readers see: what it finds, in a title and a subtitle, its figures, and how it is drawn in any form.

    `head` and `rows` are its table: `rows` hold texts and numbers, a number that isn't known is None.
    """

    title: str
    subtitle: str
    forms: Mapping[str, Form]
    draw: Any
    head: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]
    source: str = ""

    def alone(self) -> alt.LayerChart:
        """Return it as a picture that needs no page: wide, with title, subtitle and source."""
        chart: alt.LayerChart = self.draw(replace(next(iter(self.forms.values())), is_alone=True))
        chart.title = titled(self.title, *filter(None, [self.subtitle, self.source]))
        return chart


@dataclass(frozen=True)
class Words:
    """Words in a picture, and the places in which they may stand, the best first; all sizes in pixels."""

    words: str
    places: Sequence[tuple[float, float]]
    colour: str = SOFT
    weight: int = 400
    align: Align = "left"
    size: int = 13
    halo: int = 4

    def box(self, x: float, y: float) -> Box:
        """Return what they cover with their anchor at a place; lines go downwards from it."""
        lines = self.words.split("\n")
        wide = max(map(len, lines)) * self.size * (_BOLD if self.weight >= _WEIGHT_OF_BOLD else _PLAIN)
        left = x - {"left": 0.0, "center": wide / 2, "right": wide}[self.align]
        step = self.size + _LEADING
        return left - 2, y - step / 2, left + wide + 2, y + step * (len(lines) - 0.5)


def placed(words: Iterable[Words], within: Box, marks: Sequence[tuple[float, float]] = ()) -> list[dict[str, Any]]:
    """Return the words with their places, none upon another: what finds no place is left out, the last first.

    A place that covers none of *marks* (points of lines and dots, in pixels) goes before one that does.
    """
    points = np.array(marks, float).reshape(-1, 2)
    taken: list[Box] = []
    found = []
    for one in words:
        free = [(box, place) for place in one.places if _is_free(box := one.box(*place), within, taken)]
        if not free:
            continue
        box, (x, y) = min(free, key=lambda pair: _covered(pair[0], points))
        taken.append(box)
        look = {"halo": one.halo, "colour": one.colour, "weight": one.weight, "align": one.align, "size": one.size}
        found.append({"x": round(x, 1), "y": round(y, 1), "words": one.words, **look})
    return found


def _is_free(box: Box, within: Box, taken: Sequence[Box]) -> bool:
    is_inside = within[0] <= box[0] and within[1] <= box[1] and box[2] <= within[2] and box[3] <= within[3]
    return is_inside and all(
        box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1] for other in taken
    )


def _covered(box: Box, points: np.ndarray[Any, Any]) -> int:
    x, y = points[:, 0], points[:, 1]
    return int(((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])).sum())


def written(rows: Sequence[Mapping[str, Any]], form: Form) -> list[alt.Chart]:
    """Return words that are `placed` as layers, with a halo of the ground around them.

    On the page one layer does, since its style sheet paints the outline first; a picture alone has the outline beneath.
    """
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None), text=alt.Text("words:N")
    )
    look: dict[str, Any] = {
        "align": alt.ExprRef("datum.align"),
        "fontWeight": alt.ExprRef("datum.weight"),
        "fontSize": alt.ExprRef("datum.size"),
        "fill": alt.ExprRef("datum.colour"),
        "lineHeight": alt.ExprRef(f"datum.size + {_LEADING}"),
        "lineBreak": "\n",
        "baseline": "middle",
        "tooltip": None,
    }
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": alt.ExprRef("datum.halo"), "strokeJoin": "round"}
    return [base.mark_text(**look, **halo), *([base.mark_text(**look)] if form.is_alone else [])]


def pictured(layers: Sequence[Any], form: Form, margins: Sequence[int]) -> alt.LayerChart:
    """Return *layers* as a picture of the size of its *form*; *margins* are left, top, right, bottom, in pixels."""
    left, top, right, bottom = margins
    picture: alt.LayerChart = alt.LayerChart(
        layer=list(layers),
        width=form.width - left - right,
        height=form.height - top - bottom,
        padding=12 if form.is_alone else {"left": left, "top": top, "right": right, "bottom": bottom},
        autosize=alt.AutoSizeParams(type="pad" if form.is_alone else "none"),
        config=config(form.type),
    )
    return picture


def source_line(tables: RunTables) -> str:
    """Return where a picture's figures come from, for one that leaves the page."""
    titles = list(dict.fromkeys(source["title"] for source in tables.state["sources"]))
    return f"{'; '.join(titles)}. Counted by patentscope {tables.state['tool']['version']}, {dated(tables.state)}."


def ticks(most: float, count: int = 4) -> list[float]:
    """Return the ticks of an axis from 0 that shows *most*, about *count* of them, in steps of 1, 2 or 5.

    >>> ticks(930), ticks(7), ticks(1426, 3)
    ([0, 200, 400, 600, 800, 1000], [0, 2, 4, 6, 8], [0, 500, 1000, 1500])
    """
    rough = max(most, 1) / count
    ten = 10 ** np.floor(np.log10(rough))
    step = max(1, next(int(ten * by) for by in (1, 2, 5, 10) if ten * by >= rough * 0.8 or by == 10))  # noqa: PLR2004
    return [place * step for place in range(int(np.ceil(max(most, 1) / step)) + 1)]
