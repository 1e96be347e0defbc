"""What others counted: every published series in a line, nearest topic first, with what it says of the two sides."""

from __future__ import annotations

from typing import Any

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, Entry
from patentscope.aggregate.answers.series import Series
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.published_words import is_older, ratio_of, says_something, unit_words, years_of
from patentscope.query import side_names as sides
from patentscope.query.published import NARROWER, NEIGHBOUR, SAME, WIDER, YES

_RELATIONS = {SAME: "The same topic", NARROWER: "Narrower", NEIGHBOUR: "Neighbouring", WIDER: "Wider"}
#: Beside an answer so many are shown at once, and all of them folded.
_FIRST = 5


def others(claim: Entry) -> dict[str, Any] | None:
    """Return the published series beside a claim, and beside an answer the nearest ones; None where there is none."""
    if not claim["published"]:
        return None
    is_met = any(one["relation"] == SAME and says_something(one["figure"]) for one in claim["published"])
    year = str(claim["year"]).replace("..", " to ")
    names = sides.label(claim["left"], claim["right"]), sides.label(claim["right"], claim["left"])
    return {
        "title": "What others counted" if is_met else f"What others counted: not this topic in {year}",
        "text": claim["published_sentence"],
        "names": names,
        "against": f"{names[0]} against {sides.brief(claim['right'], claim['left']).removesuffix(' together')}",
        "near": [_row(claim, series) for series in _nearest(claim)] if claim["verdict"] != NOT_ASSESSABLE else [],
        "rows": [_row(claim, series) for series in claim["published"]],
    }


def _nearest(claim: Entry) -> list[Series]:
    """Return the first series of each topic that compares the sides, and those of the same topic in any case."""
    found: dict[str, Series] = {}
    for series in claim["published"]:
        compares = says_something(series["figure"]) and series["figure"]["codes_missing"] != YES
        if (compares or series["relation"] == SAME) and not is_older(series, claim["published"]):
            found.setdefault(series["topic"], series)
    return list(found.values())[:_FIRST]


def _row(claim: Entry, series: Series) -> dict[str, str]:
    figure = series["figure"]
    left, right = figure["left_n"], figure["right_n"]
    unit = unit_words(series["unit"]).strip().strip("()")
    return {
        "topic": f"{series['topic'][0].upper()}{series['topic'][1:]}",
        "unit": f", {unit}" if unit else "",
        "source": series["source"].partition(": ")[0],
        "address": series["address"] if series["address"].startswith(("https://", "http://")) else "",
        "relation": f"{_RELATIONS[series['relation']]}{', older edition' * is_older(series, claim['published'])}",
        "years": years_of(figure).replace(" to ", "–") or "–",
        "left": "–" if left is None else numbers.count(left),
        "right": "–" if right is None else numbers.count(right),
        "says": _says(claim, series),
        "in_short": _says(claim, series).replace(" as many", "").rpartition("; ")[2],
    }


def _says(claim: Entry, series: Series) -> str:
    """Return what a series says of the two sides, or why it says nothing of them."""
    figure = series["figure"]
    if figure["codes_missing"] == YES:
        return "many countries missing: no direction"
    if said := ratio_of(claim, series):
        return said
    if figure["counts"]:
        return f"{sides.names_of(series['lacks'])} not given"
    total = figure["total"]
    return f"{numbers.count(total)} in all; no country given" if total is not None else "no figure by country"
