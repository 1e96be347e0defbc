"""Why a way to count isn't fair: what stopped it, or what makes its evidence weaker, as clauses for the panel."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any, cast

import pandas as pd

from patentscope.aggregate.answers.entry import Concern, Entry, Figures
from patentscope.aggregate.answers.words import concern_words
from patentscope.report.charts.curve import why

#: How a way stands: fair, counted on weaker evidence, not judged for another reason, or stopped.
FAIR, WEAK, UNJUDGED, STOPPED = "fair", "weak", "unjudged", "stopped"
#: What a sentence that gives the reason begins with.
PREFIXES = {
    WEAK: "Weaker evidence: ",
    UNJUDGED: "Not a fair count: ",
    STOPPED: "Not a fair count: ",
}
_COST = re.compile(r"(\w+) (\d)(?: \(([\d.e+-]+)(?: for ([^)]+))?\))?")
#: What `results` says of a row that is counted and not judged for another reason than its points.
_WIDER, _NOTHING, _FEW = "a wider topic", "nothing counted", "fewer than"


def reasons_of(rows: pd.DataFrame, claim: Entry) -> tuple[list[int], list[tuple[str, str]]]:
    """Return for every row of curve.csv the place of its reason, and the reasons: how a way stands, and why.

    The first is that of fair ways, which need none.
    """
    counts = ["left_n", "right_n", "overlap_n"]
    told = rows[["judged", "stopped", "reason", "question", "unit", "documents", "as_of", *counts]]
    # Only a reason of few units speaks of the row's own counts.
    told = told.assign(**{name: told[name].where(told["reason"].str.contains("number "), "0") for name in counts})
    alike = told.groupby(list(told), sort=False).ngroup()
    places: dict[tuple[str, str], int] = {(FAIR, ""): 0}
    kinds = told.drop_duplicates().to_dict(orient="records")
    found = [places.setdefault(_reason(row, claim), len(places)) for row in kinds]
    return [found[kind] for kind in alike], list(places)


def sentence_of(row: Mapping[Hashable, Any], claim: Entry) -> str:
    """Return why one row isn't fair, as a sentence; empty for one that is. The page's script puts it the same."""
    kind, reason = _reason(row, claim)
    return f"{PREFIXES[kind]}{reason}." if reason else ""


def _reason(row: Mapping[Hashable, Any], claim: Entry) -> tuple[str, str]:
    reason = why(row["reason"])
    if row["judged"] == "true":
        return FAIR, ""
    if row["stopped"] == "true":
        return STOPPED, reason
    if reason.startswith(_NOTHING):
        return UNJUDGED, "nothing is counted on either side"
    if reason.startswith(_WIDER):
        return UNJUDGED, "this topic takes in more than the claim speaks of"
    if reason.startswith(_FEW):
        return UNJUDGED, f"both sides together have {reason}"
    return WEAK, _weaker(row, reason, claim)


def _weaker(row: Mapping[Hashable, Any], reason: str, claim: Entry) -> str:
    """Return what costs more than it does at the question's figure, else all that costs anything."""
    figure = cast("Figures", {**row, **{name: float(row[name]) for name in ("left_n", "right_n", "overlap_n")}})
    question = concern_words.question_of(claim, row["question"])
    usual = {one["concern"]: one for one in question["concerns"]} if question else {}
    costs = [_concern(match, row["question"], usual) for match in _COST.finditer(reason.partition(" = ")[0])]
    more = [one for one in costs if one["points"] > usual.get(one["concern"], {"points": 0})["points"]]
    return "; ".join(concern_words.in_words(claim, one, figure) for one in more or costs)


def _concern(cost: re.Match[str], question: str, usual: Mapping[str, Concern]) -> Concern:
    """Return a concern as a reason of curve.csv names it; what the search was said to be is the same for all rows."""
    name, points, found, side = cost.groups()
    said = usual[name]["found"] if found is None and name in usual else None
    return {
        "concern": name,
        "question": question,
        "side": side,
        "found": said if found is None else float(found),
        "needed": "",
        "points": int(points),
        "documents": None,
    }
