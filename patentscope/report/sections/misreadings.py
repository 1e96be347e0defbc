"""What the claim's figure is often taken for, and how many ways to count would give that instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patentscope.report.sections.table import Cell, Table, figure


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
        rows.append([{"text": first["says"], "more": ends}, *(_cell(mine.get(name), kind) for name in questions)])
    return Table(
        f"What the figure of {claim} is often taken for: admissible ways to count that would give it",
        ["taken for", *questions],
        rows,
        note=f"“{1 + claimed:g} times as many as” says the same as “by {claimed * 100:g} %”, and is no misreading.",
        name=f"{claim}-misreadings",
    )


def _cell(entry: Mapping[str, Any] | None, kind: str) -> Cell:
    if entry is None or entry["nearest"] is None:
        return {"text": "none admitted", "mark": "quiet"}
    nearest = entry["nearest"]
    more = f"nearest {figure(nearest[kind])}: {nearest['in_words']} ({nearest['spec_id']})"
    return {"text": f"{entry['near']:,} of {entry['specifications']:,}", "more": more}
