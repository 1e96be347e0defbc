"""A text with the names of a claim's two sides in their colours."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from patentscope.aggregate.answers.entry import Entry
from patentscope.query import side_names as sides


def coloured(text: str, claim: Entry) -> Markup:
    """Return *text* for a page, each side's name as an element of its colour."""
    names = {name: side for side in ("left", "right") for name in _names(claim[side])}
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(str(escape(name))) for name in longest))
    by_html = {str(escape(name)): side for name, side in names.items()}
    marked = pattern.sub(lambda found: f'<span class="{by_html[found[0]]}">{found[0]}</span>', str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped before


def _names(codes: list[str]) -> list[str]:
    """Return what a side is called in our sentences, without article."""
    if sides.is_all_others(codes):
        return [sides.in_sentence(codes), "the other countries"]
    return [sides.names_of(codes, joint).removeprefix("the ") for joint in ("and", "or")]
