"""What the page says of each claim: the answer, the ways to count behind it, other years and sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    OPEN,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    Entry,
    Question,
)
from patentscope.aggregate.answers.words.claim_words import SIZE, asks, claimed, claimed_value, is_share, years
from patentscope.aggregate.answers.words.headlines import chip
from patentscope.query.claim import SHARE
from patentscope.report.run_tables import RunTables
from patentscope.report.sections import certainty, ways
from patentscope.report.sections.choices import choices, misread_table
from patentscope.report.sections.claim_card import alone
from patentscope.report.sections.specifications import specifications
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, percent
from patentscope.report.wording import wording

_CUES = {
    SUPPORTED: "✓",
    SIZE_DEPENDS: "≈",
    SIZE_NOT_REPRODUCED: "↗",
    MIXED: "±",
    CONTRADICTED: "✗",
    OPEN: "?",
    NOT_ASSESSABLE: "?",
}


def claim_view(tables: RunTables, claim: Entry) -> dict[str, Any]:
    """Return what the template shows of one claim, its charts apart."""
    left, right = tables.sides_of(claim)
    said = wording(tables.untold)
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
    influence = tables.influence[tables.influence["claim_id"].eq(claim["id"])]
    questions = [entry["question"] for entry in claim["questions"]]
    by_question = {question: rows[rows["question"].eq(question)] for question in questions}
    return {
        **claim,
        "reads_as": reads_as(claim, left, right),
        "questions_table": _questions(claim, left, right),
        "ways_table": ways.ways(claim, left, right),
        "concerns_table": certainty.concerns(claim, said),
        "stopped_table": certainty.stopped(claim, said),
        "choices_table": choices(influence, questions, claim["id"]),
        "misread_table": misread_table(claim["misreadings"], claim["id"]),
        "nearest_table": ways.nearest(claim, left, right),
        "equal": ways.equal_readings(claim["equal_readings"]),
        "listed": len(rows),
        "judged": int(rows["judged"].eq("true").sum()),
        "stopped_n": int(rows["stopped"].eq("true").sum()),
        "most_counted": _most_counted(rows[~rows["topic"].isin(tables.query.wider)], left, right),
        "undrawn": {question: _undrawn(part, left, right) for question, part in by_question.items()},
        "specifications": {
            question: specifications(part, claim, (left, right)) for question, part in by_question.items()
        },
    }


def _kind(verdict: str) -> str:
    """Return a verdict as the page's style sheet names it."""
    return verdict.partition(",")[0].replace(" ", "-")


def reads_as(claim: Entry, left: str, right: str) -> str:
    """Return what is held against the records: the sides, the year, and what counts as the claimed size."""
    what = f"{left} against {right} in {years(claim)}: {claimed(claim)}"
    size = claimed_value(claim)
    if claim["says"] != SIZE or size is None:
        return what
    ends = [size - claim["tolerance"], size + claim["tolerance"]]
    words = [percent(end) if is_share(claim) else f"{end:.2f}" for end in ends]
    return f"{what}; {' to '.join(words)}{'' if is_share(claim) else ' times as many'} counts as that"


def _questions(claim: Entry, left: str, right: str) -> Table:
    """Return the answer by question, with all that it rests on."""
    rows = [_question(claim, entry) for entry in claim["questions"]]
    head = [
        *("question", "answer", "evidence", "results", "judged", "counted", left, right),
        *(ways.measure(claim), "eight in ten results", "all results"),
    ]
    note = (
        "Ways to count that give the same counts are one result. Judged are those with the best evidence; the counts "
        "are those that the answer names. An end without a figure has no upper limit."
    )
    caption = "The answer, question by question"
    return Table(caption, head, rows, range(3, len(head)), note, f"{claim['id']}-questions")


def _question(claim: Entry, entry: Question) -> list[Cell]:
    verdict, kind = entry["verdict"], claim["measure"]
    figures = entry["figure"]
    shown = {"more": f"{figures['in_words']}; {figures['spec_id']}"} if figures else {}
    return [
        {"text": asks(entry["question"]), **shown},
        {"text": f"{_CUES[verdict]} {chip(alone(claim, entry))}", "mark": _kind(verdict)},
        entry["certainty"] or NOTHING,
        figure(entry["results"]),
        figure(entry["judged"]),
        figure(entry["listed"]),
        figure(entry["left_n"]),
        figure(entry["right_n"]),
        ways.measured(claim, entry["ratio"], entry.get("share")),
        _span(entry, f"p10_{kind}", f"p90_{kind}", kind),
        _span(entry, f"min_{kind}", f"max_{kind}", kind),
    ]


def _span(entry: Mapping[str, Any], low: str, high: str, kind: str) -> str:
    if not entry["judged"]:
        return NOTHING
    ends = [percent(end) if kind == SHARE else figure(end) for end in (entry.get(low), entry.get(high))]
    return " to ".join(dict.fromkeys(ends))


def _undrawn(rows: pd.DataFrame, left: str, right: str) -> str:
    """Return why a question has no curve, for one that has none."""
    n = f"{len(rows):,}"
    if len(rows) and rows["stopped"].eq("true").all():
        return f"No curve: all {n} ways to count were stopped, so there is nothing to compare."
    without, with_ratio = int(rows["ratio"].eq("").sum()), int(rows["ratio"].ne("").sum())
    if not with_ratio:
        return f"No curve: none of the {n} ways to count finds anything of {right}, so nothing can be divided by it."
    rest = f" By the other {without:,} there is nothing of {right}." if without else ""
    return f"No curve: by {with_ratio:,} ways to count there is nothing of {left}.{rest}"


def _most_counted(rows: pd.DataFrame, left: str, right: str) -> str:
    """Return the largest counts that any way to count gives, as a sentence."""
    if rows.empty:
        return "Nothing was counted."
    most = [float(pd.to_numeric(rows[name]).max()) for name in ("left_n", "right_n")]
    return f"The most that any of them finds is {figure(most[0])} of {left} and {figure(most[1])} of {right}."
