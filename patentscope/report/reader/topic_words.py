"""A topic definition in plain words, by what it asks for: what a reader sees, and what it can't see."""

from __future__ import annotations

from patentscope.query.made import WORDS, is_made
from patentscope.query.query import AUDITED, CLASSIFIER, Query, Reading
from patentscope.query.side_names import listed
from patentscope.report.reader.topics import topic_names

_FEEDS = {
    "eol": "from end-of-life products",
    "scrap": "from scrap or end-of-life products",
    "byproduct": "from scrap, by-products or end-of-life products",
}


def _reading(query: Query, name: str) -> Reading:
    """Return the reading that a topic's name in the run's tables is of: the audited one is the classifier's."""
    return next(one for one in query.readings if one.name == (CLASSIFIER if name == AUDITED else name))


def short(query: Query, name: str) -> str:
    """Return a topic definition where room is short: `Patent classes`, `Words in the text`."""
    return topic_names(query)[name]


def full(query: Query, name: str) -> str:
    """Return the same with the groups of classes and words that it asks for."""
    reading = _reading(query, name)
    said = _kind(reading)
    if reading.name == WORDS and is_made(query.text):
        said = "Records with the topic's words"
    elif groups := _groups(reading):
        said += f": {groups}"
    said += "; no green-tech tags (Y02)" if reading.without_y02 else ""
    said += f"; {_FEEDS[reading.scope]}" if reading.scope else ""
    said += "; checked by a reader" if name == AUDITED else ""
    return f"{said} (wider, never judged)" if name in query.wider else said


def _kind(reading: Reading) -> str:
    """Return by what a reading decides."""
    kinds = {member.partition(".")[0] for member in reading.members}
    if reading.takes_all:
        return "Every record given"
    if CLASSIFIER in kinds:
        return "Text model"
    if kinds == {"classes", "terms"}:
        return "Classes and words"
    return "Patent classes" if "classes" in kinds else "Words in the text"


def _groups(reading: Reading) -> str:
    """Return the groups of a reading's classes and words as a list: `rare earth and recycling`."""
    parts = []
    for members, joined in ((reading.all, "and"), (reading.any, "or")):
        names = list(dict.fromkeys(member.partition(".")[2].replace("_", " ") for member in members if "." in member))
        parts += [listed(names, joined)] if names else []
    return "; ".join(parts)


def cannot_see(query: Query, name: str) -> str:
    """Return what a topic definition misses, in general: what it doesn't look at."""
    reading = _reading(query, name)
    kinds = {member.partition(".")[0] for member in reading.members}
    if name in query.wider:
        return "whether it is this topic, or only near it"
    if reading.takes_all:
        return "whether a record is on the topic"
    if CLASSIFIER in kinds:
        return "whatever its examples lack"
    if reading.without_y02:
        return "what only such a tag marks"
    if kinds == {"classes", "terms"}:
        return "texts that don't name it, other classes"
    return "what is filed under other classes" if "classes" in kinds else "other words, and records without a summary"
