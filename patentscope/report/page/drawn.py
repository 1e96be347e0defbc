"""A picture on the page: stills in every size at once, what Vega needs to make them alive, and its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from patentscope.report.charts.picture import Form, Picture
from patentscope.report.charts.published_small import readings
from patentscope.report.charts.style import FONT, on_page
from patentscope.report.page import embed
from patentscope.report.sections.table import NOTHING, Table, figure
from patentscope.report.wording import of_chart

#: What a still needs nothing of: what Vega says for screen readers and events, empty groups, digits of no pixel.
_ATTRIBUTES = re.compile(
    r' (?:aria-[a-z]+|role|pointer-events|class|xmlns:xlink|version|font-family)="[^"]*"| opacity="1"'
)
_EMPTY = re.compile(r'<path d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>|<path [^>]*opacity="0"/>|<g></g>')
_DIGITS = re.compile(r"(\d+\.\d\d)\d+")
#: A round dot as Vega writes it, of which a picture may have a thousand.
_DOT = re.compile(
    r'<path transform="translate\(([\d.-]+),([\d.-]+)\)" d="M([\d.]+),0A[^"]*" fill="([^"]+)" stroke-width="2" '
    r'opacity="([\d.]+)"/>'
)


@dataclass(frozen=True)
class Still:
    """A picture in one size: its SVG with the page's colours, and its width and height in pixels."""

    form: str
    width: int
    height: int
    svg: Markup


@dataclass(frozen=True)
class Drawn:
    """A picture on the page.

    `file` is the name of the file that it is saved as, without its end; `label` is what a screen reader says of it;
    `stills` are in the order wide, paper, narrow, as far as they differ; `spec` is the JSON of the same forms, as
    charts.js takes it; `table` has its figures, `readings` those that can be looked up year by year, if any.
    """

    name: str
    file: str
    title: str
    subtitle: str
    source: str
    label: str
    stills: tuple[Still, ...]
    spec: Markup
    table: Table
    readings: Markup


def specs_of(picture: Picture, said: Callable[[str], str] = str) -> dict[str, dict[str, Any]]:
    """Return what Vega-Lite draws of a picture, by form; *said* puts its titles into the run's words."""
    return {form: _spec(picture, size, said) for form, size in picture.forms.items()}


def drawn(
    name: str,
    picture: Picture,
    run: str,
    specs: Mapping[str, dict[str, Any]],
    svgs: Mapping[str, str],
    said: Callable[[str], str] = str,
) -> Drawn:
    """Return a picture of a *run* for the page, from what `specs_of` gave and its SVG, by form."""
    title, subtitle = said(picture.title), said(picture.subtitle)
    rows = [[NOTHING if cell is None else figure(cell) for cell in row] for row in picture.rows]
    table = Table(title, picture.head, rows, range(1, len(picture.head)), name=name)
    return Drawn(
        name,
        f"{run}-{name}",
        title,
        subtitle,
        picture.source,
        f"{title}. {subtitle} The figures are in the table beneath.",
        tuple(_still(size, svgs[form]) for form, size in picture.forms.items()),
        _embedded(specs),
        table,
        embed.embedded(readings(picture)) if name.startswith("published") else Markup(),
    )


def _spec(picture: Picture, form: Form, said: Callable[[str], str]) -> dict[str, Any]:
    spec: dict[str, Any] = of_chart(picture.draw(form).to_dict(validate=False), said)
    spec.pop("$schema")
    spec["config"]["background"] = None  # the page's own ground
    return spec


def _still(form: Form, svg: str) -> Still:
    svg = _DIGITS.sub(r"\1", _EMPTY.sub("", _ATTRIBUTES.sub("", svg)))
    svg = _DOT.sub(r'<circle cx="\1" cy="\2" r="\3" fill="\4" opacity="\5"/>', svg)
    root = f"<svg font-family='{FONT}' paint-order=\"stroke\" "
    svg = _EMPTY.sub("", svg).replace("<svg ", root, 1)
    return Still(form.name, form.width, form.height, Markup(on_page(svg)))  # noqa: S704 - made by Vega, which escapes


def _embedded(specs: Mapping[str, dict[str, Any]]) -> Markup:
    """Return the specifications as JSON in which a data set that several forms have stands once."""
    shared: dict[str, Any] = {}
    for spec in specs.values():
        spec["datasets"] = {key: embed.packed(embed.by_column(rows)) for key, rows in spec.get("datasets", {}).items()}
        for key in [key for key in spec["datasets"] if key.startswith("data-")]:
            shared[key] = spec["datasets"].pop(key)
    text = embed.embedded({"shared": shared, "forms": dict(specs)})
    return Markup(on_page(text))  # noqa: S704 - no colour has a character that HTML reads
