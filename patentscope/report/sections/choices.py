"""Which choice matters most, and what the claim's figure is often taken for: both against the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from patentscope.report.sections.table import Cell, Table, figure, percent

_IN_WORDS = {
    "topic": "reading of the topic",
    "unit": "unit counted",
    "basis": "whose country",
    "share": "sharing between parties",
    "date": "which year",
    "documents": "kinds of document",
    "international": "borders crossed",
    "as_of": "date of the data",
}


def would_change(rows: pd.DataFrame, questions: Sequence[str]) -> list[str]:
    """Return by question which choice moves the ratio most when it alone changes, and which comes next.

    Args:
        rows: one claim's rows of influence.csv.
        questions: those that could be assessed.
    """
    lines = []
    for question in questions:
        mine = rows[rows["question"].eq(question) & rows["median_factor"].ne("")]
        factors = sorted(((float(row["median_factor"]), str(row["axis"])) for _, row in mine.iterrows()), reverse=True)
        told = [f"{_IN_WORDS[axis]} (×{factor:.2f})" for factor, axis in factors[:2] if factor > 1]
        if told:
            lines.append(f"{question}: {', then '.join(told)}")
    return lines


def choices(rows: pd.DataFrame, questions: Sequence[str], claim: str = "the claim") -> Table | None:
    """Return one claim's rows of influence.csv, each choice against the questions; None where there are no pairs."""
    pairs = {(row["axis"], row["question"]): row for row in rows.to_dict(orient="records") if row["median_factor"]}
    axes = dict.fromkeys(axis for axis, _ in pairs)
    if not axes:
        return None
    most = {axis: max(float(row["median_factor"]) for (name, _), row in pairs.items() if name == axis) for axis in axes}
    body: list[list[Cell]] = [
        [_IN_WORDS[axis], *(_cell(pairs.get((axis, question))) for question in questions)]
        for axis in sorted(axes, key=lambda axis: -most[axis])
    ]
    caption = f"Which choice matters most for {claim}: the median factor by which the ratio moves when it alone changes"
    note = (
        "×1 is no difference. Admissible ways to count with a ratio above 0, in pairs that differ in one choice; "
        "beneath, the share of the variance of the log ratio that lies between the choice's levels (shares may "
        "overlap). All figures are in influence.csv."
    )
    return Table(caption, ["choice", *questions], body, note=note, name=f"{claim}-choices")


def _cell(row: Mapping[Any, str] | None) -> Cell:
    if row is None:
        return {"text": "no pairs", "mark": "quiet"}
    share = percent(float(row["variance_share"])) if row["variance_share"] else "none"
    more = f"{figure(int(row['pairs']))} pairs; {share} of the variance"
    return {"text": f"×{float(row['median_factor']):.2f}", "more": more}


def misread_table(entries: Sequence[Mapping[str, Any]], claim: str = "the claim") -> Table | None:
    """Return the misreadings of verdict.json against the questions; None where the claim has none."""
    if not entries:
        return None
    questions = list(dict.fromkeys(entry["question"] for entry in entries))
    claimed = entries[0]["ratio_or_share"]
    rows: list[list[Cell]] = []
    for reading in dict.fromkeys(entry["reading"] for entry in entries):
        mine = {entry["question"]: entry for entry in entries if entry["reading"] == reading}
        first = next(iter(mine.values()))
        kind, target, tolerance = first["measure"], first["ratio_or_share"], first["tolerance"]
        ends = f"{kind} of {target - tolerance:.2f} to {target + tolerance:.2f}"
        rows.append([{"text": first["says"], "more": ends}, *(_near(mine.get(name), kind) for name in questions)])
    return Table(
        f"What the figure of {claim} is often taken for: admissible ways to count that would give it",
        ["taken for", *questions],
        rows,
        note=f"“{1 + claimed:g} times as many as” says the same as “by {claimed * 100:g} %”, and is no misreading.",
        name=f"{claim}-misreadings",
    )


def _near(entry: Mapping[str, Any] | None, kind: str) -> Cell:
    if entry is None or entry["nearest"] is None:
        return {"text": "none admitted", "mark": "quiet"}
    nearest = entry["nearest"]
    more = f"nearest {figure(nearest[kind])}: {nearest['in_words']} ({nearest['spec_id']})"
    return {"text": f"{entry['near']:,} of {entry['results']:,}", "more": more}
