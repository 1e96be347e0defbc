"""The panel's result as a sentence: both sides with their counts, and what the claim would need to hold.

The page's script puts them the same after each choice (`panel.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from markupsafe import Markup

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.headlines import THESE_RECORDS
from patentscope.query import side_names as sides
from patentscope.query.claim import PARITY

_ROUNDING = 1e-9


def names_said(claim: Entry) -> dict[str, Any]:
    """Return the names and the claim's size as sentences put them."""
    left, right = claim["left"], claim["right"]
    value = words.claimed_value(claim)
    is_sized = value is not None and not (claim["says"] != words.SIZE and value == PARITY[claim["measure"]])
    size = words.claimed(claim)
    return {
        "year": words.years(claim),
        "left": sides.brief(left, right),
        "right": sides.brief(right, left),
        "left_label": sides.label(left, right),
        "right_label": sides.label(right, left),
        "left_full": sides.in_sentence(left),
        "right_full": sides.in_sentence(right),
        "none_right": sides.none_of(right),
        "all_countries": "all countries" if sides.is_all_others(right) else sides.names_of((*left, *right)),
        "scope": "In these records, c" if claim["scope"] == THESE_RECORDS else "C",
        "left_was": sides.was(left),
        "left_has": "have" if sides.is_plural(left) else "has",
        "right_has": "have" if sides.is_plural(right) else "has",
        "it": "they" if sides.is_plural(left) else "it",
        "together": "all countries together" if sides.is_all_others(right) else "both together",
        "is_share": words.is_share(claim),
        "size": size,
        "value": value if is_sized else None,
        "says": claim["says"],
        "is_reached": size.startswith(("at least", "at most")),
        "measure_at_par": PARITY[claim["measure"]],
    }


def need(said: Mapping[str, Any], right: float, both: float) -> int | None:
    """Return how many the left side needs, or may have at most, for the claim to hold; None where it names no size."""
    value = said["value"]
    if value is None or (said["is_share"] and value >= 1):
        return None
    exact: float = value / (1 - value) * (right - both) if said["is_share"] else value * right
    if said["says"] == words.LESS:
        return floor(exact + _ROUNDING) if said["is_reached"] else ceil(exact - _ROUNDING) - 1
    if said["says"] == words.MORE and not said["is_reached"]:
        return floor(exact + _ROUNDING) + 1
    return ceil(exact - _ROUNDING)


def result(said: Mapping[str, Any], left: float, right: float, both: float, *, is_audited: bool) -> Markup:
    """Return a result as a sentence, its size in bold; the page's script puts it the same (`panel.js`)."""
    all_units = round(left + right - both, 6)
    one, two, together = (numbers.count(n, is_audited=is_audited) for n in (left, right, all_units))
    mine, other = said["left"], said["right"]
    if not left and not right:
        return Markup("Neither side has any.")
    if said["is_share"]:
        part = numbers.percent(left / all_units)
        text = Markup("{} {} <b>{} of {}</b>: {} of {}.").format(
            _capital(mine), said["left_has"], part, said["together"], one, together
        )
    elif not left:
        text = Markup("{} {} <b>none</b>, {} {}.").format(_capital(mine), said["left_has"], other, two)
    elif not right:
        return Markup("{} {} <b>none</b>, {} {}.").format(_capital(other), said["right_has"], mine, one)
    else:
        size = numbers.against(left, right, other)
        text = Markup("{} {} <b>{}</b>: {} against {}.").format(_capital(mine), said["left_has"], size, one, two)
    wanted = need(said, right, both)
    if wanted is None or not right:
        return text
    most = " may have at most" if said["says"] == words.LESS else " would need"
    return text + Markup(" For {} {}{} {} (dashed).").format(said["size"], said["it"], most, numbers.count(wanted))


def size(said: Mapping[str, Any], left: float, right: float, both: float) -> str:
    """Return a result in the claim's measure, for a table: `40 % fewer`, or a share in per cent."""
    if said["is_share"]:
        together = left + right - both
        return numbers.percent(left / together) if together else "–"
    return numbers.compared(left, right, none_right=said["none_right"])


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
