"""Which choice matters most, and what the claim's figure is often taken for: both against the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Misreading
from patentscope.aggregate.answers.words.claim_words import asks
from patentscope.query.claim import SHARE, UNNAMED
from patentscope.report.sections.table import Cell, Table, figure, percent

_IN_WORDS = {
    "topic": "topic definition",
    "unit": "what is counted",
    "basis": "whose country",
    "share": "how shared ones are split",
    "date": "which year",
    "documents": "kinds of document",
    "international": "filed abroad",
    "as_of": "seen on which date",
}


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
    caption = (
        f"Which choice matters most for {_named(claim)}: the factor by which the ratio moves when it alone changes"
    )
    note = (
        "×1 is no difference. Over fair ways to count with both sides above 0, in pairs that differ in one choice: the "
        "factor in the middle of all pairs, and beneath, the share of the variance of the log ratio that lies between "
        "the choice's levels (shares may overlap). All figures are in influence.csv."
    )
    return Table(caption, ["choice", *map(asks, questions)], body, note=note, name=f"{claim}-choices")


def _named(claim: str) -> str:
    """Return what a claim is called: one that nobody gave an id is the only one."""
    return "the claim" if claim == UNNAMED else claim


def _cell(row: Mapping[Any, str] | None) -> Cell:
    if row is None:
        return {"text": "no pairs", "mark": "quiet"}
    share = percent(float(row["variance_share"])) if row["variance_share"] else "none"
    pairs = int(row["pairs"])
    more = f"{figure(pairs)} pair{'s' * (pairs != 1)}; {share} of the variance"
    return {"text": f"×{float(row['median_factor']):.2f}", "more": more}


def misread_table(entries: Sequence[Misreading], claim: str = "the claim") -> Table | None:
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
        f"What the figure of {_named(claim)} is often taken for, and how many results would give it",
        ["taken for", *map(asks, questions)],
        rows,
        note=f"“{1 + claimed:g} times as many as” says the same as “by {claimed * 100:g} %”, and is no misreading.",
        name=f"{claim}-misreadings",
    )


def _near(entry: Misreading | None, kind: str) -> Cell:
    if entry is None or entry["nearest"] is None:
        return {"text": "nothing judged", "mark": "quiet"}
    nearest = entry["nearest"]
    value = nearest.get("share") if kind == SHARE else nearest["ratio"]
    more = f"nearest {figure(value)}: {nearest['in_words']} ({nearest['spec_id']})"
    return {"text": f"{entry['near']:,} of {entry['results']:,}", "more": more}
