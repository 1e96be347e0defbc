"""One claim as a reader meets it: the blocks of the page's first part, in their order."""

from __future__ import annotations

from typing import Any

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN, Entry
from patentscope.aggregate.answers.words.remedies import LABEL
from patentscope.query import side_names as sides
from patentscope.report.reader.about import about
from patentscope.report.reader.answer import answer
from patentscope.report.reader.leads import leads
from patentscope.report.reader.moves import misread, moves
from patentscope.report.reader.others import others
from patentscope.report.reader.owners import owners
from patentscope.report.reader.panel import panel
from patentscope.report.reader.quote import quote
from patentscope.report.reader.strip import strip, years_title
from patentscope.report.run_tables import RunTables


def reader_view(tables: RunTables, claim: Entry) -> dict[str, Any]:
    """Return what the template `reader.html.j2` shows of one claim, by block; a block without content is None.

    `suffix` ends the ids of a claim that isn't the first, so that they are told apart on one page.
    """
    left, right = tables.sides_of(claim)
    place = [one["id"] for one in tables.claims].index(claim["id"])
    return {
        "id": claim["id"],
        "suffix": f"-{claim['id']}" if place else "",
        "left": left,
        "right": right,
        "left_label": sides.label(claim["left"], claim["right"]),
        "right_label": sides.label(claim["right"], claim["left"]),
        "answer": answer(tables, claim),
        "strip": strip(tables, claim),
        "headline": None,
        "smalls": [],
        "years_title": years_title(tables, claim),
        "panel": panel(tables, claim),
        "moves": moves(tables, claim),
        "misread": misread(claim),
        "leads": leads(tables, claim),
        "owners": owners(tables, claim),
        "settle": _settle(claim),
        "about": about(tables, claim),
        "quote": quote(tables, claim),
        "others": others(claim),
    }


def _settle(claim: Entry) -> list[dict[str, str | None]] | None:
    """Return what would answer a claim that can't be checked or is open, a step each, the reading of a sample last."""
    if claim["verdict"] not in {NOT_ASSESSABLE, OPEN}:
        return None
    steps = [{"text": step["text"], "command": step["command"]} for step in claim["raise"]]
    if not any(step["command"] == LABEL for step in steps):
        text = "Then read 50 finds of each country, so that one knows how many really are on the topic."
        steps.append({"text": text, "command": LABEL})
    return steps
