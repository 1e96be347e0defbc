"""A claim's answer as a person reads it on a terminal; `run`, `check` and `label apply` print no other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from patentscope.cli.printing import bar_lines, table_lines, text_lines
from patentscope.cli.technical_lines import technical_lines

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry, Way

#: Where a recognised way puts the left side, in words.
_STANDS = {"ahead": "ahead", "behind": "behind", "level": "about level", "open": "can't be told"}


def answer_lines(
    entry: Entry,
    run: str,
    *,
    query: str = "QUERY",
    files: Sequence[str] = (),
    offers_topic: bool = False,
    verbose: bool,
) -> Iterator[str]:
    """Yield a claim and its answer.

    Args:
        entry: as verdict.json has it.
        run: the run's path, or its name under ./runs, which stands for RUN in commands.
        query: the query file, which stands for QUERY, where it is known.
        files: the inputs, which stand for FILE, where there are some.
        offers_topic: what of the claim was not read can be given as a topic.
        verbose: also what an analyst asks for: thresholds, reasons, results and ids.
    """
    from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN
    from patentscope.aggregate.answers.words.answer_words import at_the_claim

    names = {"RUN": [run], "QUERY": [query], "FILE": files or ["FILE"]}
    yield from text_lines(f"“{entry['quote']}”")
    offered = entry["topic_offered"] if offers_topic else None
    yield from read_as_lines(entry["read_as"], entry["unread"], offered)
    yield from text_lines(entry["chip"], indent=2, style="bold")
    is_answered = entry["verdict"] not in {NOT_ASSESSABLE, OPEN}
    if not is_answered:  # what is known besides goes before why there is no answer
        besides = filter(None, (entry["on_topic_sentence"], entry["published_sentence"]))
        yield from (line for text in besides for line in text_lines(text, indent=2))
    yield from text_lines(entry["sentence"], indent=2)
    yield from text_lines(entry["claimed_and_counted"], indent=2)
    yield from text_lines(at_the_claim(entry), indent=2)
    yield from _bars(entry)
    if entry["verdict"] != NOT_ASSESSABLE:  # whose sentence says why
        yield from text_lines(entry["certainty_in_words"], indent=2)
    yield from _steps(entry, names)
    yield from _ways(entry)
    yield ""
    yield from (line for one in entry["questions"] for line in text_lines(one["line"], indent=2))
    if is_answered and entry["published_sentence"]:
        yield ""
        yield from text_lines(f"What others counted: {entry['published_sentence']}", indent=2)
    if entry["card"]:
        yield from ("", "  The publications behind the figure:")
        yield from (f"      {with_names(command, names)}" for command in entry["card"]["show"])
    if verbose:
        yield ""
        yield from technical_lines(entry)
    yield ""


def read_as_lines(read_as: str, unread: Sequence[str], topic: str | None = None) -> Iterator[str]:
    """Yield how a claim was read, and what of it was not.

    Where every record is counted, whatever its topic, that is said: *topic* is then what the rest could be as
    `--topic`, empty where it could be none.
    """
    yield from text_lines(f"Read as: {read_as}.", indent=2)
    if unread:
        counted = "" if topic is None else "; every record given is counted, whatever it is on"
        offer = f' To count only such patents: --topic "{topic}"' if topic else ""
        yield from text_lines(f"Not read: {'; '.join(unread)}{counted}.{offer}", indent=2)


def with_names(command: str, names: Mapping[str, Sequence[str]]) -> str:
    """Return a command with what stands for RUN, QUERY and FILE in their place, as a shell takes it."""
    plain = re.split(r"[\"']", command)[0]  # what is quoted, and behind it, stays as it is
    named = re.sub(rf"\b({'|'.join(names)})\b", lambda found: shlex.join(names[found[0]]), plain)
    return named + command.removeprefix(plain)


def _bars(entry: Entry) -> Iterator[str]:
    """Yield a bar for each side of the figure to quote, where there is one."""
    from patentscope.aggregate.answers.words.number_words import count
    from patentscope.query import side_names

    card = entry["card"]
    if not card:
        return
    figures = [one["figure"] for one in entry["questions"] if one["question"] == card["question"]]
    is_audited = any(figure and figure["is_audited"] for figure in figures)
    sides = ((entry["left"], card["left_n"]), (entry["right"], card["right_n"]))
    bars = [(side_names.short(codes), n, count(n, is_audited=is_audited)) for codes, n in sides]
    yield from bar_lines(bars, indent=2)


def _steps(entry: Entry, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield what would make the answer surer, or give one, with the command for it."""
    if entry["raise"]:
        yield "  To get an answer:" if entry["certainty"] is None else "  To be surer:"
    for step in entry["raise"]:
        yield from text_lines(step["text"], indent=4)
        if step["command"]:
            yield f"      {with_names(step['command'], names)}"


def _ways(entry: Entry) -> Iterator[str]:
    """Yield the recognised ways to count: both sides' counts, and where each puts the left side, if any can tell."""
    from patentscope.aggregate.answers.words.headlines import WAYS
    from patentscope.aggregate.answers.words.number_words import count

    if not entry["ways"]:
        return
    yield ""
    yield from text_lines(entry["ways_in_words"], indent=2)
    if all(way["stopped"] for way in entry["ways"]):
        return
    counts = [("–", "–") if way["stopped"] else (count(way["left_n"]), count(way["right_n"])) for way in entry["ways"]]
    width = max(len(n) for pair in counts for n in pair)
    rows = [
        (WAYS[way["way"]], *(n.rjust(width) for n in pair), _stands(entry, way))
        for way, pair in zip(entry["ways"], counts, strict=True)
    ]
    yield from table_lines(rows, indent=4)


def _stands(entry: Entry, way: Way) -> str:
    """Return where a way puts the left side; of a claim on a limit, or on one exact size, whether it bears that out."""
    from patentscope.aggregate.answers.words import claim_words

    if way["stopped"]:
        return f"can't be counted: {way['reason'].partition('; ')[0]}"
    if way["stands"] is None:
        return "too little to tell"
    if claim_words.is_limit(entry) and way["stands"] != "open":
        return "so" if way["stands"] == ("behind" if claim_words.is_turned(entry) else "ahead") else "not so"
    if not claim_words.has_direction(entry):
        return "so" if way["near"] else "not so"
    return _STANDS[way["stands"]]
