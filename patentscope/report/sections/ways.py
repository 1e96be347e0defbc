"""Ways to count that a reader should see before all others: those with a name, and those nearest to the claim."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.aggregate.answers.entry import Entry, Way
from patentscope.aggregate.answers.words.headlines import WAYS
from patentscope.query.claim import SHARE
from patentscope.query.convention import QUESTIONS
from patentscope.report.charts.curve import why
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, percent

_STANDS = {"level": "about level", "open": "unknown countries decide", None: "too little to tell"}
_MARKS = {"ahead": "supported", "behind": "contradicted"}


def ways(claim: Entry, left: str, right: str) -> Table | None:
    """Return the recognised ways to count, each with its counts and where it puts the left side.

    None where there are none, or all are stopped: their counts answer nothing.
    """
    if all(way["stopped"] for way in claim["ways"]):
        return None
    rows: list[list[Cell]] = [
        [
            {"text": WAYS[way["way"]], "more": way["in_words"]},
            *_counts(claim, way),
            _stands(way, left),
            NOTHING if way["stopped"] else way["certainty"] or NOTHING,
        ]
        for way in claim["ways"]
    ]
    head = ["way to count", left, right, measure(claim), "who leads", "evidence"]
    caption = "Recognised ways to count, and what each gives"
    return Table(caption, head, rows, {1, 2, 3}, name=f"{claim['id']}-ways")


def _counts(claim: Entry, way: Way) -> list[Cell]:
    """Return both sides' counts and the claim's figure; none where the way is stopped, whose counts answer nothing."""
    if way["stopped"]:
        return [NOTHING] * 3
    return [figure(way["left_n"]), figure(way["right_n"]), measured(claim, way["ratio"], way.get("share"))]


def measure(claim: Entry) -> str:
    """Return what the claim's figure is, as the head of a column."""
    return "share" if claim["measure"] == SHARE else "times as many"


def measured(claim: Entry, ratio: float | None, share: float | None) -> str:
    """Return the figure that the claim is of: a share in per cent, or a ratio with three digits."""
    return percent(share) if claim["measure"] == SHARE else figure(ratio)


def _stands(way: Way, left: str) -> Cell:
    if way["stopped"]:
        return {"text": "can't be counted", "mark": "quiet", "more": why(way["reason"])}
    stands = way["stands"]
    text = _STANDS.get(stands, f"{left} {stands}")
    more = {"more": "near the claimed size"} if way["near"] else {}
    return {"text": text, "mark": _MARKS.get(stands or "", "quiet"), **more}


def nearest(claim: Entry, left: str, right: str) -> Table | None:
    """Return the judged ways to count that come nearest to the claimed size; None where there are none."""
    rows: list[list[Cell]] = [
        [
            {"text": entry["in_words"], "more": f"{QUESTIONS[entry['question']]}; {entry['spec_id']}"},
            figure(entry["left_n"]),
            figure(entry["right_n"]),
            measured(claim, entry["ratio"], entry.get("share")),
            {"text": "✓ near enough", "mark": "passed"} if entry["near"] else {"text": "not near", "mark": "quiet"},
        ]
        for entry in claim["nearest"]
    ]
    if not rows:
        return None
    head = ["way to count", left, right, measure(claim), "near?"]
    caption = "Fair ways to count that come nearest to the claim"
    return Table(caption, head, rows, {1, 2, 3}, name=f"{claim['id']}-nearest")


def equal_readings(groups: Sequence[Sequence[str]]) -> list[str]:
    """Return a sentence on each group of topic definitions that find the same families."""
    return [
        f"These topic definitions find the same families, and count as one: {', '.join(names)}." for names in groups
    ]
