"""How sure an answer is, and why: what lowers the certainty, and what stopped ways to count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from patentscope.aggregate.answers.entry import Concern, Entry, Question
from patentscope.aggregate.answers.words.claim_words import asks
from patentscope.aggregate.answers.words.concern_words import in_words
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, percent

#: What must be so for a concern to cost nothing, in the order in which they are told.
_SOUND = {
    "search": "the search is complete",
    "window": "the records begin early enough",
    "countries": "countries are known",
    "publication": "the year has been published",
    "number": "there are enough to compare",
    "sight": "both sides can be seen alike",
    "topic": "a reader has checked the topic",
    "unanswered": "every question is answered",
}
#: Concerns whose finding is a part of something, not a number of it.
_PARTS = {"window", "countries", "publication", "sight"}


def concerns(claim: Entry, said: Callable[[str], str]) -> Table | None:
    """Return the concerns against the questions: what was found, and the points that it costs; None without any.

    *said* puts our words into those that fit the run (`wording`).
    """
    questions = [entry for entry in claim["questions"] if entry["figure"]]
    if not questions:
        return None
    judged: list[Entry | Question] = [*questions, *([claim] if claim["certainty"] else [])]
    held = [{one["concern"]: one for one in mine["concerns"]} for mine in judged]
    rows: list[list[Cell]] = [
        [
            {"text": words, "more": said(next(mine[name]["needed"] for mine in held if name in mine))},
            *(_found(claim, mine.get(name), said) for mine in held),
        ]
        for name, words in _SOUND.items()
        if any(name in mine for mine in held)
    ]
    rows.append(["points in all", *(_sum(mine["points"], mine["certainty"]) for mine in judged)])
    head = [
        "what is needed",
        *(asks(entry["question"]) for entry in questions),
        *(["overall"] if claim["certainty"] else []),
    ]
    note = "Each point lowers the certainty: none high, 1 or 2 moderate, 3 or 4 low, more very low."
    return Table("How sure the answer is, and why", head, rows, note=note, name=f"{claim['id']}-concerns")


def _sum(points: int | None, certainty: str | None) -> Cell:
    return NOTHING if points is None else {"text": str(points), "more": certainty or ""}


def _found(claim: Entry, concern: Concern | None, said: Callable[[str], str]) -> Cell:
    if concern is None:
        return {"text": NOTHING, "mark": "quiet"}
    if cost := concern["points"]:
        return {"text": f"✗ {cost} point{'s' * (cost > 1)}", "mark": "failed", "more": said(in_words(claim, concern))}
    found = concern["found"]
    if not isinstance(found, (int, float)):
        return {"text": "✓", "mark": "passed", "more": found or "does not apply"}
    worst = percent(found) if concern["concern"] in _PARTS else figure(found)
    return {"text": "✓", "mark": "passed", "more": f"found: {worst}"}


def stopped(claim: Entry, said: Callable[[str], str]) -> Table | None:
    """Return why ways to count were stopped, and how many of which question; None where none was."""
    questions = [entry["question"] for entry in claim["questions"]]
    cells: Counter[tuple[str, str]] = Counter()
    for row in claim["stopped"]:
        cells[row["reason"], row["question"]] += row["n"]
    if not cells:
        return None
    rows = [
        [said(reason), *(figure(cells[reason, question]) for question in questions)]
        for reason in dict.fromkeys(reason for reason, _ in cells)
    ]
    note = "Their counts are in the lists, with the reason; they are never judged."
    heads = range(1, len(questions) + 1)
    caption = "What stopped ways to count, and how many by question"
    return Table(caption, ["reason", *map(asks, questions)], rows, heads, note, f"{claim['id']}-stopped")
