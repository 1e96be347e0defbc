"""The choices of the panel in plain words: what each axis asks, and what its levels are called.

Only levels that a claim's ways to count have are named: what the records can't tell is no choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words.claim_words import UNITS, years
from patentscope.aggregate.answers.words.concern_words import day
from patentscope.query.query import Query
from patentscope.report.reader.topics import in_a_sentence, topic_names

#: In the order of the page, with what each asks; `{year}` is the claim's.
ASKS = {
    "basis": "Whose patents?",
    "unit": "What is one patent?",
    "topic": "What is on the topic?",
    "date": "{year} by which date?",
    "documents": "Which documents?",
    "as_of": "As seen on",
    "international": "Filed abroad too?",
    "share": "Shared between countries",
}
#: The choices that stand folded, and what they are called together.
FOLDED = {"documents": "documents", "as_of": "day", "international": "abroad", "share": "shared"}
#: By axis and level: on a button, and in a sentence.
_LEVELS = {
    "basis": {
        "priority": ("Country of first filing", "by the country where they were first filed"),
        "applicant": ("Owner's country", "by the owner's country"),
        "inventor": ("Inventor's country", "by the inventor's country"),
        "office": ("Where they are filed", "by the office where they are filed"),
    },
    "unit": {
        "family": ("Invention", " (a patent and its copies abroad count once)"),
        "application": ("Application", ""),
        "publication": ("Publication", ""),
        "extended_family": ("Group of inventions", ""),
    },
    "date": {
        "priority": ("First filed", "first filed in"),
        "filing": ("Filed", "filed in"),
        "publication": ("Published", "published in"),
        "grant": ("Granted", "granted in"),
    },
    "documents": {
        "inventions": ("No utility models", ""),
        "inventions+utility_models": ("Utility models too", ""),
        "grants": ("Granted only", ""),
    },
    "international": {
        "all": ("Any", ""),
        "two_offices": ("Two offices or more", "filed at two offices or more"),
        "pct": ("World application (PCT)", "with a world application (PCT)"),
        "triadic": ("Europe, Japan and US", "filed in Europe, Japan and the United States"),
    },
    "share": {
        "whole": ("Counts for each", ""),
        "fractional": ("Split", "shared ones split"),
        "first": ("First named", "shared ones for the first named"),
    },
}


@dataclass(frozen=True)
class Axis:
    """One choice: its name in the run's tables, what it asks, its levels, and how buttons and sentences put them."""

    key: str
    asks: str
    levels: tuple[str, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]


def axes_of(rows: pd.DataFrame, claim: Entry, query: Query) -> list[Axis]:
    """Return the choices of one claim, *rows* its ways to count: every axis, levels in the query's order."""
    topics = topic_names(query)
    axes = []
    for key, asks in ASKS.items():
        there = list(rows[key].unique())
        levels = sorted(there, key=lambda level: (level in query.wider, _place(level, query.axes.get(key, there))))
        named = [_said(key, level, topics) for level in levels]
        names, phrases = zip(*named, strict=True)
        axes.append(Axis(key, asks.format(year=years(claim)), tuple(levels), names, phrases))
    return axes


def _place(level: str, order: Iterable[str]) -> int:
    listed = list(order)
    return listed.index(level) if level in listed else len(listed)


def _said(key: str, level: str, topics: dict[str, str]) -> tuple[str, str]:
    if key == "topic":
        return topics[level], in_a_sentence(topics[level])
    return (day(level), day(level)) if key == "as_of" else _LEVELS[key][level]


def in_words(levels: dict[str, str], claim: Entry, query: Query) -> str:
    """Return a way to count as two or three short sentences; the page's script puts them the same (`panel.js`)."""
    topics = topic_names(query)
    said = {key: _said(key, level, topics)[1] for key, level in levels.items()}
    unit = UNITS[levels["unit"], levels["documents"]]
    parts = [
        f"{unit[0].upper()}{unit[1:]}{said['unit']}",
        said["basis"],
        f"{said['date']} {years(claim)}",
        said["international"],
        said["share"],
    ]
    return f"{', '.join(filter(None, parts))}. Topic: {said['topic']}. As seen on {said['as_of']}."
