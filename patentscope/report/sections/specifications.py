"""Ways to count as tables: the first of each question, and the claim in other years and against other sets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.query.claim import ALL_OTHERS, side_text
from patentscope.query.convention import QUESTIONS
from patentscope.query.side_names import short
from patentscope.report.charts.curve import AXES, choice, standing, why
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, figure

LISTED = 20


def specifications(rows: pd.DataFrame, claim: Entry, sides: tuple[str, str]) -> Table:
    """Return the first ways to count of a question: judged ones, then others, nearest to the claim before the rest.

    The page lists them all where a script may run (`lists`); these are what it has without.
    """
    ratio = pd.to_numeric(rows["ratio"], errors="coerce")
    target = claim["ratio_claimed"] or 1.0
    order = rows.assign(standing=standing(rows), far=(ratio - target).abs().round(9))
    order = order.sort_values(["standing", "far", "spec_id"], ascending=[False, True, True], na_position="last")
    varied = [axis for axis in AXES if len(set(rows[axis])) > 1]
    shown = []
    for row in order.head(LISTED).to_dict(orient="records"):
        ends = f"{figure_of(row['low'])} to {figure_of(row['high'], 'no upper end')}" if row["ratio"] else NOTHING
        counts = [figure_of(row[name]) for name in ("left_n", "right_n", "overlap_n", "unknown_n")]
        words = "; ".join(choice(axis, row[axis]) for axis in varied)
        shown.append([row["spec_id"], figure_of(row["ratio"]), ends, *counts, words, row["certainty"], _judged(row)])
    same = "; ".join(choice(axis, rows[axis].iloc[0]) for axis in AXES if axis not in varied and len(rows))
    head = ["spec_id", "ratio", "low to high", *sides, "in both", "unknown", "choices", "evidence", "judged?"]
    note_text = f"The same in all of them: {same}." if same else ""
    question = rows["question"].iloc[0] if len(rows) else "none"
    listed = f"{len(shown)} of {len(rows):,} ways to count"
    caption = (
        f"{listed} of {claim['id']}, {QUESTIONS.get(question, question)}: judged ones first, then nearest to the claim"
    )
    note_text += f" The publications behind a row: patentscope show RUN --spec SPEC_ID --year {claim['year']}"
    name = f"{claim['id']}-specifications-{question}"
    return Table(caption, head, shown, {1, 2, 3, 4, 5, 6}, note_text.strip(), name)


def _judged(row: Mapping[Hashable, Any]) -> Cell:
    """Return whether a way to count is judged, and why it isn't."""
    if row["judged"] == "true":
        return {"text": "● judged", "mark": "passed"}
    text = "✕ stopped" if row["stopped"] == "true" else "○ counted, not judged"
    return {"text": text, "mark": "quiet", "more": why(row["reason"])}


def _named(side: str) -> str:
    """Return a side of sensitivity.csv by name."""
    return short([ALL_OTHERS] if side == side_text((ALL_OTHERS,)) else side.split("+"))


def figure_of(text: str, nothing: str = NOTHING) -> str:
    """Return a figure of curve.csv as the page writes it; *nothing* where it is empty."""
    return figure(float(text)) if text else nothing


def sensitivity(tables: RunTables) -> Table | None:
    """Return other years and other comparator sets, one row per question, or None where the run has none."""
    rows = [
        [
            {"text": row["claim_id"], "more": QUESTIONS[row["question"]]},
            row["year"],
            " / ".join(_named(row[side]) for side in ("left", "right")),
            f"{figure_of(row['left_n'])} / {figure_of(row['right_n'])}",
            figure_of(row["ratio"]),
            row["certainty"] or NOTHING,
            {"text": "✕ stopped", "mark": "quiet", "more": why(row["reason"])} if row["stopped"] == "true" else "no",
        ]
        for row in tables.sensitivity.to_dict(orient="records")
    ]
    if not rows:
        return None
    head = ["variant and question", "year", "sides", "counts", "ratio", "evidence", "stopped?"]
    caption = "Other years and other sets of countries, each counted as its question's figure is"
    return Table(caption, head, rows, {3, 4}, name="sensitivity")
