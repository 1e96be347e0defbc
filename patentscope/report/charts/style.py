"""How every chart looks: the page's one palette, its tones, and what axes, titles and tooltips have in common."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import altair as alt

#: The light colours of the page, by their names in its style sheet `tokens.css`.
COLOURS = {
    "paper": "#fcfbf8",
    "tint": "#f4f2ed",
    "ink": "#16191d",
    "soft": "#525a63",
    "line": "#dcd8d0",
    "edge": "#82888f",
    "left": "#ad3e0a",
    "left-tint": "#fcefe6",
    "right": "#1a5fa8",
    "right-tint": "#e9f1fa",
    "others": "#6c747c",
    "unknown": "#7f8790",
    "series-2": "#6b4a98",
    "series-3": "#006f68",
}
PAPER, TINT, INK, SOFT, LINE, EDGE = (COLOURS[name] for name in ("paper", "tint", "ink", "soft", "line", "edge"))
LEFT, LEFT_TINT, RIGHT, RIGHT_TINT = (COLOURS[name] for name in ("left", "left-tint", "right", "right-tint"))
OTHERS, UNKNOWN, SECOND, THIRD = (COLOURS[name] for name in ("others", "unknown", "series-2", "series-3"))
FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", '
    '"Liberation Sans", Arial, "Noto Sans CJK SC", sans-serif'
)
#: Paler tones of a colour, by the part of it that is left in them, in per cent.
TONES = (100, 72, 48, 28)


def tone(colour: str, part: int) -> str:
    """Return a paler *colour*: so many per cent of it on the ground."""
    mixed = [
        round((int(colour[at : at + 2], 16) * part + int(PAPER[at : at + 2], 16) * (100 - part)) / 100)
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{value:02x}" for value in mixed)


_VARIABLES = {
    tone(COLOURS[name], part): f"color-mix(in srgb, var(--{name}) {part}%, var(--paper))"
    for name in ("left", "right", "others", "series-2", "series-3")
    for part in TONES[1:]
} | {colour: f"var(--{name})" for name, colour in COLOURS.items()}
_ANY_COLOUR = re.compile("|".join(_VARIABLES))


def on_page(text: str) -> str:
    """Return a chart as SVG or JSON with the page's variables in the places of the light colours."""
    return _ANY_COLOUR.sub(lambda match: _VARIABLES[match[0]], text)


def config(size: int = 12) -> alt.Config:
    """Return what all charts have in common, with type of *size* pixels."""
    plain: dict[str, Any] = {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": size, "titleFontSize": size}
    return alt.Config(
        aria=False,
        background=PAPER,
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            **plain, gridColor=LINE, domain=False, ticks=False, labelPadding=6, titleFontWeight=400, titlePadding=8
        ),
        legend=alt.LegendConfig(**plain),
        title=alt.TitleConfig(
            color=INK, fontSize=16, subtitleColor=SOFT, subtitleFontSize=size, anchor="start", offset=14
        ),
        text=alt.MarkConfig(fontSize=size, color=INK),
    )


WIDTH = 640
#: Below and above these a ratio is drawn at the edge of the axis, and said in words.
LEAST, MOST = 1 / 50, 50.0
_DOZEN = 12
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


class Rows:
    """Rows of a data set that Altair takes as they are: else it looks at every value, for each chart and each copy."""

    _schema: ClassVar[dict[str, Any]] = {"type": "array"}

    def __init__(self, rows: list[dict[Any, Any]]) -> None:
        """Take *rows* of plain values, which JSON can hold."""
        self._rows = rows

    def to_dict(self, *_: Any, **__: Any) -> list[dict[Any, Any]]:  # noqa: ANN401 - as Altair calls its own
        """Return the rows."""
        return self._rows


def titled(text: str, *subtitle: str) -> alt.TitleParams:
    """Return a chart's title with its convention beneath."""
    return alt.TitleParams(text=text, subtitle=list(subtitle), anchor="start")


def layered(layers: list[Any], height: int, text: str, *subtitle: str) -> alt.TopLevelMixin:
    """Return *layers* as one chart, *height* pixels high, with its title and its convention beneath."""
    return alt.layer(*layers, width=WIDTH, height=height, title=titled(text, *subtitle), config=config())


def tips(titles: dict[str, str]) -> list[alt.Tooltip]:
    """Return a tooltip of fields with their titles (`n:Q` as a count), and the `spec_id` behind them."""
    shown = [
        alt.Tooltip(name, title=title or alt.Undefined, format=",d" if name == "n:Q" else alt.Undefined)
        for name, title in titles.items()
    ]
    return [*shown, alt.Tooltip("spec_id:N")]


def either(channel: Any, test: str, yes: object, no: object) -> Any:  # noqa: ANN401 - a class of Altair's channels
    """Return a value channel (`alt.ColorValue` ...) that is *yes* where *test* holds, else *no*."""
    return channel(no, condition={"test": test, "value": yes})


def ratio_domain(values: list[float], claimed: float | None) -> tuple[float, float]:
    """Return the ends of a logarithmic ratio axis that shows *values*, equality and the claim."""
    known = [min(max(value, LEAST), MOST) for value in values if value > 0] + [1.0, claimed or 1.0]
    return min(0.5, min(known) / 1.35), max(3.0, max(known) * 1.35)


def ratio_axis(domain: tuple[float, float], title: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - Altair's
    """Return axis and scale of a ratio, as keywords for `alt.X` or `alt.Y`."""
    shown = [tick for tick in _TICKS if domain[0] <= tick <= domain[1]]
    axis = alt.Axis(title=title, values=shown, format="~g", grid=True, **more)
    return {"axis": axis, "scale": alt.Scale(type="log", domain=list(domain), nice=False)}


def whole_axis(title: str, most: float) -> alt.Axis:
    """Return an axis of whole units: below a dozen every one has its tick, and no half unit ever has."""
    few = most <= _DOZEN
    return alt.Axis(title=title, values=list(range(int(most) + 1)), format="d") if few else alt.Axis(title=title)


def claim_layers(claimed: float | None, tolerance: float, axis: dict[str, Any]) -> list[alt.Chart]:
    """Return the band and the lines at the claim and at equality, for a ratio on the upright axis, and their words."""
    lines: list[dict[str, Any]] = [{"at": 1.0, "from": 1.0, "to": 1.0, "words": "equal", "what": "equal"}]
    if claimed is not None:
        edges = {"from": max(claimed - tolerance, LEAST), "to": claimed + tolerance}
        lines.append({"at": claimed, **edges, "words": f"claimed {claimed:.2f}", "what": "claimed"})
    base = alt.Chart(alt.InlineData(values=lines))
    band = base.transform_filter("datum.what == 'claimed'").mark_rect(color=EDGE, opacity=0.18)
    dash = either(alt.StrokeDashValue, "datum.what == 'claimed'", [2, 3], [1, 0])
    colour = either(alt.ColorValue, "datum.what == 'claimed'", INK, SOFT)
    at = {"y": alt.Y("at:Q", **axis)}
    words = base.mark_text(align="left", dx=3, dy=-6, fontSize=11, fontWeight=600)
    return [
        band.encode(y=alt.Y("from:Q", **axis), y2=alt.Y2("to:Q")),
        base.mark_rule(strokeWidth=1.6).encode(**at, color=colour, strokeDash=dash),
        words.encode(**at, x=alt.XValue(0), text=alt.Text("words:N"), color=colour),
    ]
