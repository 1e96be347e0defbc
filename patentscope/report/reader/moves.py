"""What moves the answer: each choice alone, and what the claim's figure is often taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry, Figures
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.claim import SHARE
from patentscope.query.convention import CHOICES
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

#: A choice that moves the ratio by less moves nothing that a reader would see.
_MOVES = 1.1
#: What each choice is, as a row is headed, and in a sentence.
_ASKS = {
    "topic": ("What counts as on topic", "what counts as on topic"),
    "unit": ("Invention, application or publication", "whether copies of an invention count"),
    "basis": ("Whose country", "whose country counts"),
    "share": ("How shared ones are split", "how shared ones are split"),
    "date": ("By which date", "which date counts"),
    "documents": ("Which documents", "which documents count"),
    "international": ("Filed abroad or not", "whether it was filed abroad"),
    "as_of": ("The day on which it is seen", "the day on which it is seen"),
}
_LEVELS = {
    "unit": {"family": "inventions", "application": "applications", "publication": "publications",
             "extended_family": "groups of related inventions"},
    "basis": {"priority": "first filing", "applicant": "owner", "inventor": "inventor", "office": "office"},
    "share": {"whole": "whole", "fractional": "split", "first": "first named"},
    "date": {"priority": "first filed", "filing": "filed", "publication": "published", "grant": "granted"},
    "documents": {"inventions": "without utility models", "inventions+utility_models": "utility models too",
                  "grants": "granted only"},
    "international": {"all": "all", "two_offices": "two offices or more", "pct": "with a world application",
                      "triadic": "in Europe, Japan and the US"},
}  # fmt: skip


def moves(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return by which factor each choice moves the number, largest first, and which of them decide who leads.

    It is of the headline's question; None where nothing is judged of it, or no choice is left to it.
    """
    first = headlines.headline(claim)
    if first is None or first["figure"] is None:
        return None
    of_question = tables.influence["claim_id"].eq(claim["id"]) & tables.influence["question"].eq(first["question"])
    rows = tables.influence[of_question & tables.influence["median_factor"].ne("")]
    factors = sorted(((float(row["median_factor"]), str(row["axis"])) for _, row in rows.iterrows()), reverse=True)
    if not factors:
        return None
    told = {axis: _options(tables, claim, first["figure"], axis) for _, axis in factors}
    large = [(factor, axis) for factor, axis in factors if factor >= _MOVES]
    deciding = [axis for _, axis in large if any(option["turns"] for option in told[axis])]
    most = log(large[0][0]) if large else 1
    return {
        "title": _title(claim, deciding, [axis for _, axis in large]),
        "by": headlines.BY_QUESTION[first["question"]],
        "rows": [
            {
                "name": _ASKS[axis][0],
                "options": told[axis],
                "turns": axis in deciding,
                "factor": f"×{factor:.1f}",
                "width": 100 * log(factor) / most,
            }
            for factor, axis in large
        ],
        "small": _small([axis for factor, axis in factors if factor < _MOVES]),
    }


def _title(claim: Entry, deciding: Sequence[str], large: Sequence[str]) -> str:
    """Return which choices decide who leads, or that none does, and which one moves the number most."""
    what = "who leads" if words.has_direction(claim) and not words.is_limit(claim) else "the answer"
    if deciding:
        named = sides.listed([_ASKS[axis][1] for axis in deciding])
        n = sides.in_words(len(deciding)).capitalize()
        return f"{n} choice{'s' * (len(deciding) > 1)} decide{'s' * (len(deciding) == 1)} {what}: {named}"
    if large:
        return f"No single choice changes {what}; most depends on {_ASKS[large[0]][1]}"
    return "No choice moves the number by a tenth"


def _small(axes: Sequence[str]) -> str:
    if not axes:
        return ""
    named = sides.listed([_ASKS[axis][1] for axis in axes])
    return f"{named[0].upper()}{named[1:]}"


def _options(tables: RunTables, claim: Entry, figure: Figures, axis: str) -> list[dict[str, Any]]:
    """Return what the headline's way to count gives with one choice changed, each other level of it in a few words."""
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
    own = rows[rows["spec_id"].eq(figure["spec_id"])]
    if own.empty:
        return []
    first = own.iloc[0]
    alike = pd.Series(data=True, index=rows.index)
    for other in CHOICES:
        if other != axis:
            alike &= rows[other].eq(first[other])
    counted = rows[alike & rows["stopped"].eq("false") & rows[axis].ne(first[axis])]
    counted = counted[~counted["topic"].isin(tables.query.wider)]
    left, right = float(first["left_n"]), float(first["right_n"])
    return [_option(tables, claim, axis, row, _side(claim, left, right)) for row in counted.to_dict(orient="records")]


def _option(tables: RunTables, claim: Entry, axis: str, row: Mapping[Any, Any], stood: bool | None) -> dict[str, Any]:
    left, right = float(row["left_n"]), float(row["right_n"])
    measured = _measured(claim, row, left, right)
    name = _level(tables, axis, str(row[axis]))
    stands = _side(claim, left, right)
    return {
        "text": f"{name} {measured}",
        "side": "left" if left > right else "right" if right > left else "",
        "turns": None not in {stood, stands} and stood is not stands,
    }


def _side(claim: Entry, left: float, right: float) -> bool | None:
    """Say whether counts are over the claim's limit, or its tie; None where they are just at it."""
    limit = words.claimed_value(claim) if words.is_limit(claim) else None
    if words.is_share(claim):
        measure, limit = (left / (left + right) if left + right else 0.0), 0.5 if limit is None else limit
        return None if measure == limit else measure > limit
    limit = 1.0 if limit is None else limit
    return None if left == limit * right else left > limit * right


def _measured(claim: Entry, row: Mapping[Any, Any], left: float, right: float) -> str:
    if words.is_share(claim):
        both = left + right - float(row["overlap_n"])
        return numbers.percent(left / both) if both else "none"
    none = {f"none_{side}": "none" if side == "left" else sides.none_of(claim["right"]) for side in ("left", "right")}
    return numbers.compared(left, right, **none)


def _level(tables: RunTables, axis: str, level: str) -> str:
    """Return one level of a choice in a few words."""
    if axis == "topic":
        return in_a_sentence(topic_names(tables.query)[level])
    if axis == "as_of":
        return "at the claim's own day"
    return wording(tables.untold)(_LEVELS[axis][level])


def misread(claim: Entry) -> dict[str, Any] | None:
    """Return what the claim's figure is often taken for, and how many of 100 results would give it.

    None where no result gives any of that.
    """
    entries = [one for one in claim["misreadings"] if one["results"]]
    judged = [one for one in claim["questions"] if one["judged"]]
    if not any(one["near"] for one in entries):
        return None
    size = entries[0]["ratio_or_share"]
    percent = f"{size * 100:g} %"
    rows = [(f"{percent} more, as printed", words.claimed(claim), _of_100([one["share_near"] for one in judged]))]
    for reading in dict.fromkeys(one["reading"] for one in entries):
        mine = [one for one in entries if one["reading"] == reading]
        is_share = mine[0]["measure"] == SHARE
        ratio = size / (1 - size) if is_share else size
        meant = f"{percent} of both together" if is_share else f"{percent} of their number"
        rows.append((meant, numbers.ratio_in_words(ratio), _of_100([one["near"] / one["results"] for one in mine])))
    has = "have" if sides.is_plural(claim["left"]) else "has"
    return {
        "title": f"Was it “{percent} of”, not “{percent} more”?",
        "head": ("If it meant", f"{sides.label(claim['left'], claim['right'])} {has}", "Of 100"),
        "rows": rows,
        "n": sides.in_words(len(judged)),
        "is_one": len(judged) == 1,
    }


def _of_100(parts: Sequence[float | None]) -> str:
    """Return the lowest and the highest of some shares, of 100."""
    of_100 = [round(100 * part) for part in parts if part is not None]
    return " to ".join(map(str, dict.fromkeys([min(of_100), max(of_100)])))
