"""What the page says of each claim: the verdict, the gates, the specifications nearest to it, other years and sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE
from patentscope.query.claim import side_text
from patentscope.query.convention import QUESTIONS
from patentscope.report.charts.curve import is_usable
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.choices import choices, misread_table, would_change
from patentscope.report.sections.specifications import specifications
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, percent

_CUES = {
    "supported": "✓",
    "direction right, size depends on the convention": "≈",
    "direction right, size not reproduced": "↗",
    "mixed": "±",
    "contradicted": "✗",
    "not assessable": "?",
}
#: Gates whose finding is a share, not a count.
_SHARES = {"coverage", "truncation", "truncation gap"}


def claim_view(tables: RunTables, claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template shows of one claim, its charts apart."""
    note = tables.note_of(claim)
    left, right = side_text(tuple(claim["left"])), side_text(tuple(claim["right"]))
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
    influence = tables.influence[tables.influence["claim_id"].eq(claim["id"])]
    verdicts = {entry["question"]: entry["verdict"] for entry in claim["questions"]}
    by_question = {question: rows[rows["question"].eq(question)] for question in verdicts}
    assessed = [question for question, verdict in verdicts.items() if verdict != NOT_ASSESSABLE]
    return {
        **claim,
        "note": note,
        "cue": _CUES.get(claim["verdict"], "?"),
        "kind": _kind(claim["verdict"]),
        "reads_as": _reads_as(claim, left, right),
        "verdicts": _verdicts(claim),
        "illustrated": _illustrated(claim) if note else None,
        "would_change": would_change(influence, assessed),
        "gates_table": _gates(claim),
        "choices_table": choices(influence, list(verdicts), claim["id"]),
        "misread_table": misread_table(claim["misreadings"], claim["id"]),
        "nearest_table": _nearest(claim),
        "listed": len(rows),
        "admissible": int(is_usable(rows, illustration=bool(note)).sum()),
        "with_ratio": int(rows["ratio"].ne("").sum()),
        "most_counted": _most_counted(rows, left, right),
        "undrawn": {question: _undrawn(part, left, right) for question, part in by_question.items()},
        "specifications": {
            question: specifications(part, claim, note, (left, right)) for question, part in by_question.items()
        },
    }


def _kind(verdict: str) -> str:
    """Return a verdict as the page's style sheet names it."""
    return verdict.partition(",")[0].replace(" ", "-")


def _reads_as(claim: Mapping[str, Any], left: str, right: str) -> str:
    if claim["ratio_claimed"] is None:
        return f"{left} more than {right} in {claim['year']}; the claim names no size"
    ratio = claim["ratio_claimed"]
    return (
        f"{left} / ({right}) = {ratio:.2f} in {claim['year']}, {ratio / (1 + ratio):.1%} of the two sides together; "
        f"{ratio - claim['tolerance']:.2f} to {ratio + claim['tolerance']:.2f} counts as the claimed size"
    )


def _verdicts(claim: Mapping[str, Any]) -> Table:
    rows: list[list[Cell]] = []
    for entry in claim["questions"]:
        verdict, base, span = entry["verdict"], entry["baseline"], NOTHING
        baseline: Cell = NOTHING
        if entry["median_ratio"] is not None:
            ends = f"{figure(entry['min_ratio'])} to {figure(entry['max_ratio'])}"
            span = f"{figure(entry['median_ratio'])} ({ends})"
        if base:
            text = f"{figure(base['ratio'])} = {figure(base['left_n'])} / {figure(base['right_n'])}"
            baseline = {"text": text, "more": f"spec_id {base['spec_id']}"}
        rows.append(
            [
                {"text": entry["question"], "more": QUESTIONS[entry["question"]]},
                {"text": f"{_CUES.get(verdict, '?')} {verdict}", "mark": _kind(verdict)},
                f"{entry['specifications']:,} of {entry['listed']:,}",
                span,
                percent(entry["share_left_ahead"]),
                percent(entry["share_at_claimed_size"]),
                baseline,
            ]
        )
    head = [
        *("question", "verdict", "ways to count admitted", "median ratio (range)"),
        *("left side ahead", "at the claimed size", "baseline"),
    ]
    note = "The baseline is the first admissible way to count; see the publications behind it with its spec_id."
    note = note if any(entry["baseline"] for entry in claim["questions"]) else ""
    return Table("The verdict, question by question", head, rows, note=note, name=f"{claim['id']}-verdicts")


def _illustrated(claim: Mapping[str, Any]) -> Table:
    rows = [
        [entry["question"], f"{entry['specifications']:,} of {entry['listed']:,}", figure(entry["median_ratio"])]
        for entry in claim["illustration"]["questions"]
    ]
    head = ["question", "would be admitted", "median ratio"]
    caption = f"What the machine would read, if the records were no sample ({claim['illustration']['note']})"
    return Table(caption, head, rows, {1, 2}, name=f"{claim['id']}-illustration")


def _gates(claim: Mapping[str, Any]) -> Table:
    """Return the gates against the questions: the worst that was found, and how many ways to count it stopped."""
    questions = [entry["question"] for entry in claim["questions"]]
    worst = {(row["gate"], row["country"], row["question"]): row for row in claim["gates"]}
    rows: list[list[Cell]] = []
    for gate, country in dict.fromkeys((row["gate"], row["country"]) for row in claim["gates"]):
        here = [worst.get((gate, country, question)) for question in questions]
        needed = next(row["needed"] for row in here if row)
        title = {"text": gate, "more": country or "both sides"}
        rows.append([title, needed, *(_gate_cell(row) for row in here)])
    return Table(
        f"Gates of {claim['id']} by question: the worst finding over all ways to count, and how many it stopped",
        ["gate and side", "needed", *questions],
        rows,
        name=f"{claim['id']}-gates",
    )


def _gate_cell(row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return {"text": "does not apply", "mark": "quiet"}
    worst = row["found"]
    if worst is None:
        worst = "can't be estimated"
    elif not isinstance(worst, str):
        worst = percent(worst) if row["gate"] in _SHARES else figure(worst)
    if row["passed"]:
        return {"text": "✓ passed", "mark": "passed", "more": f"worst: {worst}"}
    return {"text": "✗ failed", "mark": "failed", "more": f"worst: {worst}; stops {row['stopped']:,} of {row['of']:,}"}


def _nearest(claim: Mapping[str, Any]) -> Table | None:
    rows = [[entry["spec_id"], figure(entry["ratio"]), entry["in_words"]] for entry in claim["nearest"]]
    if not rows:
        return None
    caption = f"Admissible ways to count that come nearest to {claim['id']}"
    return Table(caption, ["spec_id", "ratio", "convention"], rows, {1}, name=f"{claim['id']}-nearest")


def _undrawn(rows: pd.DataFrame, left: str, right: str) -> str:
    """Return why a question has no curve, for one that has none."""
    without, with_ratio = int(rows["ratio"].eq("").sum()), int(rows["ratio"].ne("").sum())
    if not with_ratio:
        return f"No curve: in none of its {without:,} specifications does {right} count anything, so there is no ratio."
    rest = f" In the other {without:,}, {right} counts nothing, so there is no ratio." if without else ""
    return f"No curve: in the {with_ratio:,} of its specifications that have a ratio, {left} counts nothing.{rest}"


def _most_counted(rows: pd.DataFrame, left: str, right: str) -> str:
    """Return the largest counts that any specification gives, as a sentence."""
    if rows.empty:
        return "No specification was counted."
    most = [float(pd.to_numeric(rows[name]).max()) for name in ("left_n", "right_n")]
    return f"The largest count under any of them is {figure(most[0])} for {left} and {figure(most[1])} for {right}."
