"""Which choice matters most: how far the ratio moves when one choice changes and all others stay."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentscope.charts_curve import AXES, is_usable
from patentscope.report_tables import Cell, Table, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def influence(rows: pd.DataFrame, axis: str) -> tuple[float, int] | None:
    """Return the median factor between two ratios that differ in *axis* alone, and the number of such pairs.

    Args:
        rows: specifications of one claim and one question: `AXES`, spec_id, and ratio as a number above 0.
        axis: one of `AXES`.
    """
    others = [name for name in AXES if name != axis]
    paired = rows.merge(rows, on=others)
    paired = paired[paired["spec_id_x"] < paired["spec_id_y"]]
    if paired.empty:
        return None
    moves = (np.log(paired["ratio_x"]) - np.log(paired["ratio_y"])).abs()
    return exp(float(moves.median())), len(paired)


def choices(rows: pd.DataFrame, questions: Sequence[str], *, illustration: bool) -> Table | None:
    """Return the influence of each choice by question over admissible specifications; None where there are no pairs."""
    number = pd.to_numeric(rows["ratio"], errors="coerce")
    used = rows.assign(ratio=number)[is_usable(rows, illustration=illustration) & number.gt(0)]
    used = used[["question", "spec_id", "ratio", *AXES]]
    found = {
        (axis, question): influence(used[used["question"].eq(question)], axis)
        for axis in AXES
        for question in questions
    }
    shown = [axis for axis in AXES if any(found[axis, question] for question in questions)]
    shown.sort(key=lambda axis: -max(pair[0] for question in questions if (pair := found[axis, question])))
    if not shown:
        return None
    body: list[list[Cell]] = [
        [_IN_WORDS[axis], *(_cell(found[axis, question]) for question in questions)] for axis in shown
    ]
    caption = "Which choice matters most: the median factor by which the ratio moves when that choice alone changes"
    note = "×1 is no difference. Admissible ways to count with a ratio above 0, in pairs that differ in one choice."
    return Table(caption, ["choice", *questions], body, note=note)


def _cell(found: tuple[float, int] | None) -> Cell:
    if found is None:
        return {"text": "no pairs", "mark": "quiet"}
    return {"text": f"×{found[0]:.2f}", "more": f"{figure(found[1])} pairs"}
