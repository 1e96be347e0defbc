"""Specifications as tables: the first of each question, and the claim in other years and against other sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from patentscope.report.charts.curve import AXES, choice, is_usable, stopped_by
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Table, figure

LISTED = 20


def specifications(rows: pd.DataFrame, claim: Mapping[str, Any], note: str, sides: tuple[str, str]) -> Table:
    """Return the first specifications of a question: admissible ones first, then by how near they come to the claim.

    The page lists them all where a script may run (`lists`); these are what it has without.
    """
    ratio = pd.to_numeric(rows["ratio"], errors="coerce")
    target = claim["ratio_claimed"] or 1.0
    order = rows.assign(usable=is_usable(rows, illustration=bool(note)), far=(ratio - target).abs().round(9))
    order = order.sort_values(["usable", "far", "spec_id"], ascending=[False, True, True], na_position="last")
    varied = [axis for axis in AXES if len(set(rows[axis])) > 1]
    shown = []
    for row in order.head(LISTED).to_dict(orient="records"):
        state = "✓ admissible" if row["usable"] else f"✗ {stopped_by(row['reason'])}"
        ends = f"{figure_of(row['low'])} to {figure_of(row['high'], 'no upper end')}" if row["ratio"] else NOTHING
        counts = [figure_of(row[name]) for name in ("left_n", "right_n", "overlap_n", "unknown_n")]
        words = "; ".join(choice(axis, row[axis]) for axis in varied)
        shown.append([row["spec_id"], figure_of(row["ratio"]), ends, *counts, words, state])
    same = "; ".join(choice(axis, rows[axis].iloc[0]) for axis in AXES if axis not in varied and len(rows))
    head = ["spec_id", "ratio", "low to high", *sides, "in both", "unknown", "choices", "gates"]
    year = f" --year {claim['year']}" if str(claim["year"]).isdigit() else ""
    note_text = f"The same in all of them: {same}." if same else ""
    question = rows["question"].iloc[0] if len(rows) else "none"
    listed = f"{len(shown)} of {len(rows):,} specifications"
    caption = f"{listed} of {claim['id']}, {question}: admissible ones first, then nearest to the claim"
    note_text += f" The publications behind a row: patentscope show RUN --spec SPEC_ID{year}"
    name = f"{claim['id']}-specifications-{question}"
    return Table(caption, head, shown, {1, 2, 3, 4, 5, 6}, note_text.strip(), name)


def figure_of(text: str, nothing: str = NOTHING) -> str:
    """Return a figure of curve.csv as the page writes it; *nothing* where it is empty."""
    return figure(float(text)) if text else nothing


def sensitivity(tables: RunTables) -> Table | None:
    """Return other years and other comparator sets, one row per question, or None where the run has none."""
    rows = [
        [
            {"text": row["claim_id"], "more": row["question"]},
            row["year"],
            f"{row['left']} / {row['right']}",
            f"{figure_of(row['left_n'])} / {figure_of(row['right_n'])}",
            figure_of(row["ratio"]),
            "✓ admissible" if row["admissible"] == "true" else f"✗ {stopped_by(row['reason'])}",
        ]
        for row in tables.sensitivity.to_dict(orient="records")
    ]
    if not rows:
        return None
    head = ["variant and question", "year", "sides", "counts", "ratio", "gates"]
    caption = "Other years and other comparator sets, each by its question's baseline"
    return Table(caption, head, rows, {3, 4}, name="sensitivity")
