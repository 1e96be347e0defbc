"""The panel's result as a sentence: both sides with their counts, and what the claim would need to hold.

The page's script puts them the same after each choice (`panel.js`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.headlines import THESE_RECORDS
from patentscope.aggregate.answers.words.need_words import asked, need_in_words
from patentscope.query import side_names as sides
from patentscope.query.claim import PARITY


def names_said(claim: Entry) -> dict[str, Any]:
    """Return the names and the claim's size as sentences put them."""
    left, right = claim["left"], claim["right"]
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
        **asked(claim),
        "measure_at_par": PARITY[claim["measure"]],
    }


def result(
    said: Mapping[str, Any], left: float, right: float, both: float, *, is_audited: bool, untold: Sequence[str] = ()
) -> Markup:
    """Return a result as a sentence, its size in bold; the page's script puts it the same (`panel_words.js`).

    Args:
        said: the names and the claim's size (`names_said`).
        left: units of the left side.
        right: those of the right side.
        both: those of both.
        is_audited: labels have put the counts right.
        untold: where the count leaves the answer open, why, what can't be told, and both ends (`undecided.told`).
    """
    all_units = round(left + right - both, 6)
    one, two, together = (numbers.count(n, is_audited=is_audited) for n in (left, right, all_units))
    mine, other = f"{_capital(said['left'])} {said['left_has']}", said["right"]
    if untold:
        unknown, what, span = untold
        counts = f"{one} of {together}" if said["is_share"] else f"{one} against {two}"
        return Markup("{} {}, {}: <b>{}</b>{}.").format(mine, counts, unknown, what, f" ({span})" if span else "")
    if not left and not right:
        return Markup("Neither side has any.")
    if said["is_share"]:
        part = numbers.percent(left / all_units)
        text = Markup("{} <b>{} of {}</b>: {} of {}.").format(mine, part, said["together"], one, together)
    elif not right:
        return Markup("{} {} <b>none</b>, {} {}.").format(_capital(other), said["right_has"], said["left"], one)
    elif not left:
        text = Markup("{} <b>none</b>, {} {}.").format(mine, other, two)
    else:
        text = Markup("{} <b>{}</b>: {} against {}.").format(mine, numbers.against(left, right, other), one, two)
    needs = need_in_words(said, left, right, both)
    return text + f" {needs}" if needs else text


def size(said: Mapping[str, Any], left: float, right: float, both: float, untold: Sequence[str] = ()) -> str:
    """Return a result in the claim's measure, for a table: `40 % fewer`, a share in per cent, or what can't be told."""
    if untold:
        return f"{untold[1]} ({untold[2]})" if untold[2] else untold[1]
    if said["is_share"]:
        together = left + right - both
        return numbers.percent(left / together) if together else "–"
    return numbers.compared(left, right, none_right=said["none_right"])


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
