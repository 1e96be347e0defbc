"""How every chart looks: middle tones that read on white and on near-black, and never the only carrier of a meaning."""

from __future__ import annotations

from typing import Any

import altair as alt

BLUE, ORANGE, TEAL, GREY = "#3b7dc4", "#c8641b", "#17907f", "#808891"
#: For countries, in the order in which they are named; `other` and `unknown` have their own.
SERIES = ("#c8641b", "#3b7dc4", "#17907f", "#a9821a", "#8a67c7", "#c2548a", "#5f8f2e", "#4f8fa8")
WIDTH = 640
#: Below and above these a ratio is drawn at the edge of the axis, and said in words.
LEAST, MOST = 1 / 50, 50.0
_DOZEN = 12
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def titled(text: str, *subtitle: str) -> alt.TitleParams:
    """Return a chart's title with its convention beneath."""
    return alt.TitleParams(text=text, subtitle=list(subtitle), anchor="start")


def layered(layers: list[Any], height: int, text: str, *subtitle: str) -> alt.TopLevelMixin:
    """Return *layers* as one chart, *height* pixels high, with its title and its convention beneath."""
    return alt.layer(*layers, width=WIDTH, height=height, title=titled(text, *subtitle))


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
    ticks = [tick for tick in _TICKS if domain[0] <= tick <= domain[1]]
    axis = alt.Axis(title=title, values=ticks, format="~g", grid=True, **more)
    return {"axis": axis, "scale": alt.Scale(type="log", domain=list(domain), nice=False)}


def whole_axis(title: str, most: float) -> alt.Axis:
    """Return an axis of whole units: below a dozen every one has its tick, and no half unit ever has."""
    few = most <= _DOZEN
    return alt.Axis(title=title, values=list(range(int(most) + 1)), format="d") if few else alt.Axis(title=title)


def claim_layers(claimed: float | None, tolerance: float, channel: str, axis: dict[str, Any]) -> list[alt.Chart]:
    """Return the band and the lines at the claim and at equality, for a ratio on *channel* (`x` or `y`), and its words.

    The words of the lower line stand before it, those of the higher one after it, so that they never meet.
    """
    lines: list[dict[str, Any]] = [{"at": 1.0, "from": 1.0, "to": 1.0, "words": "equal", "what": "equal"}]
    if claimed is not None:
        edges = {"from": max(claimed - tolerance, LEAST), "to": claimed + tolerance}
        lines.append({"at": claimed, **edges, "words": f"claimed {claimed:.2f}", "what": "claimed"})
    lines = [line | {"after": line["at"] == max(1.0, claimed or 1.0)} for line in lines]
    place = alt.Y if channel == "y" else alt.X
    base = alt.Chart(alt.InlineData(values=lines))
    colour = either(alt.ColorValue, "datum.what == 'claimed'", ORANGE, GREY)
    at = {channel: place("at:Q", **axis)}
    band = base.transform_filter("datum.what == 'claimed'").mark_rect(color=ORANGE, opacity=0.16)
    dash = either(alt.StrokeDashValue, "datum.what == 'claimed'", [1, 0], [5, 4])
    layers = [
        band.encode(**{channel: place("from:Q", **axis), f"{channel}2": "to:Q"}),
        base.mark_rule(strokeWidth=1.6).encode(**at, color=colour, strokeDash=dash),
    ]
    style: dict[str, Any] = {"fontSize": 11, "fontWeight": 600}
    if channel == "y":
        words = base.mark_text(align="left", dx=3, dy=-6, **style)
        return [*layers, words.encode(**at, x=alt.XValue(0), text="words:N", color=colour)]
    for test, align, dx in (("datum.after", "left", 4), ("!datum.after", "right", -4)):
        words = base.transform_filter(test).mark_text(**style | {"align": align, "dx": dx})
        layers.append(words.encode(**at, y=alt.YValue(-8), text="words:N", color=colour))
    return layers
