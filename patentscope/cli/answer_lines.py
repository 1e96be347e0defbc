"""A claim's answer as a person reads it on a terminal; `run`, `check` and `label apply` print no other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from patentscope.cli.printing import bar_lines, table_lines, text_lines
from patentscope.cli.technical_lines import technical_lines

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry, Way

#: Where a recognised way puts the left side, in words.
_STANDS = {"ahead": "ahead", "behind": "behind", "level": "about level", "open": "can't be told"}


def answer_lines(entry: Entry, run: str, *, verbose: bool) -> Iterator[str]:
    """Yield a claim and its answer.

    Args:
        entry: as verdict.json has it.
        run: the run's path, or its name under ./runs, which stands for RUN in commands.
        verbose: also what an analyst asks for: thresholds, reasons, results and ids.
    """
    yield from text_lines(f"“{entry['quote']}”")
    yield from text_lines(entry["chip"], indent=2, style="bold")
    yield from text_lines(entry["sentence"], indent=2)
    yield from _lines_of(entry["claimed_and_counted"])
    yield from _bars(entry)
    yield from _lines_of(entry["certainty_in_words"])
    for step in entry["raise"]:
        yield from text_lines(f"To be surer: {step['text']}", indent=2)
        if step["command"]:
            yield f"      {with_run(step['command'], run)}"
    yield from _ways(entry)
    yield ""
    yield from (line for one in entry["questions"] for line in text_lines(one["line"], indent=2))
    if entry["card"]:
        yield ""
        yield from text_lines("The publications behind the figure:", indent=2)
        yield from (f"      {with_run(command, run)}" for command in entry["card"]["show"])
    if verbose:
        yield ""
        yield from technical_lines(entry)
    yield ""


def with_run(command: str, run: str) -> str:
    """Return a command with *run* in place of RUN, as a shell takes it."""
    return re.sub(r"\bRUN\b", lambda _: shlex.quote(run), command)


def _lines_of(text: str) -> Iterator[str]:
    if text:
        yield from text_lines(text, indent=2)


def _bars(entry: Entry) -> Iterator[str]:
    """Yield a bar for each side of the figure to quote, where there is one."""
    from patentscope.aggregate.answers import number_words
    from patentscope.query import side_names

    if not entry["card"]:
        return
    is_audited = _is_audited(entry)
    yield from bar_lines(
        [
            (side_names.short(codes), n, number_words.count(n, is_audited=is_audited))
            for codes, n in ((entry["left"], entry["card"]["left_n"]), (entry["right"], entry["card"]["right_n"]))
        ],
        indent=2,
    )


def _is_audited(entry: Entry) -> bool:
    figures = (one["figure"] for one in entry["questions"])
    card = entry["card"]
    return any(card and one and one["spec_id"] == card["spec_id"] and one["is_audited"] for one in figures)


def _ways(entry: Entry) -> Iterator[str]:
    """Yield the recognised ways to count, each with both sides' counts and where it puts the left side."""
    from patentscope.aggregate.answers.headlines import WAYS
    from patentscope.aggregate.answers.number_words import count

    if not entry["ways"]:
        return
    yield ""
    yield from _lines_of(entry["ways_in_words"])
    rows = [(WAYS[way["way"]], count(way["left_n"]), count(way["right_n"]), _stands(way)) for way in entry["ways"]]
    yield from table_lines(rows, indent=4)


def _stands(way: Way) -> str:
    if way["stopped"]:
        return f"can't be counted: {way['reason']}"
    return "too little to tell" if way["stands"] is None else _STANDS[way["stands"]]
