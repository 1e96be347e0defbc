"""How every chart looks: middle tones that read on white and on near-black, and never the only carrier of a meaning."""

from __future__ import annotations

import altair as alt

BLUE, ORANGE, TEAL, GREY = "#3b7dc4", "#c8641b", "#17907f", "#808891"
#: For countries, in the order in which they are named; `other` and `unknown` have their own.
SERIES = ("#c8641b", "#3b7dc4", "#17907f", "#a9821a", "#8a67c7", "#c2548a", "#5f8f2e", "#4f8fa8")
WIDTH = 640
#: Below and above these a ratio is drawn at the edge of the axis, and said in words.
LEAST, MOST = 1 / 50, 50.0
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def titled(text: str, *subtitle: str) -> alt.TitleParams:
    """Return a chart's title with its convention beneath."""
    return alt.TitleParams(text=text, subtitle=list(subtitle), anchor="start")


def ratio_domain(values: list[float], claimed: float | None) -> tuple[float, float]:
    """Return the ends of a logarithmic ratio axis that shows *values*, equality and the claim."""
    known = [min(max(value, LEAST), MOST) for value in values if value > 0] + [1.0, claimed or 1.0]
    return min(0.5, min(known) / 1.35), max(3.0, max(known) * 1.35)


def ratio_axis(domain: tuple[float, float], title: str, **more: object) -> dict[str, object]:
    """Return axis and scale of a ratio, as keywords for `alt.X` or `alt.Y`."""
    ticks = [tick for tick in _TICKS if domain[0] <= tick <= domain[1]]
    axis = alt.Axis(title=title, values=ticks, format="~g", grid=True, **more)
    return {"axis": axis, "scale": alt.Scale(type="log", domain=list(domain), nice=False)}


def claim_lines(claimed: float | None, tolerance: float) -> list[dict[str, object]]:
    """Return the lines of a ratio axis, at equality and at the claim, with the words beside them."""
    lines: list[dict[str, object]] = [{"at": 1.0, "from": 1.0, "to": 1.0, "words": "1 = equal", "what": "equal"}]
    if claimed is not None:
        words = f"claimed {claimed:.2f} ± {tolerance:.2f}"
        edges = {"from": max(claimed - tolerance, LEAST), "to": claimed + tolerance}
        lines.append({"at": claimed, **edges, "words": words, "what": "claimed"})
    return lines


def claim_layers(lines: list[dict[str, object]], channel: str, axis: dict[str, object]) -> list[alt.Chart]:
    """Return the band and the lines at the claim and at equality, for a ratio on *channel* (`x` or `y`)."""
    place = alt.Y if channel == "y" else alt.X
    base = alt.Chart(alt.InlineData(values=lines))
    colour = alt.condition("datum.what == 'claimed'", alt.value(ORANGE), alt.value(GREY))
    band = base.transform_filter("datum.what == 'claimed'").mark_rect(color=ORANGE, opacity=0.16)
    rule = base.mark_rule(strokeWidth=1.6).encode(
        **{channel: place("at:Q", **axis)},
        color=colour,
        strokeDash=alt.condition("datum.what == 'claimed'", alt.value([1, 0]), alt.value([5, 4])),
    )
    beside = {"align": "left", "dy": -5, "dx": 3} if channel == "y" else {"align": "left", "dx": 4, "dy": 0}
    edge = {"x": alt.value(0)} if channel == "y" else {"y": alt.value(7)}
    words = base.mark_text(fontSize=11, fontWeight=600, **beside).encode(
        **{channel: place("at:Q", **axis)}, **edge, text="words:N", color=colour
    )
    return [band.encode(**{channel: place("from:Q", **axis), f"{channel}2": "to:Q"}), rule, words]
