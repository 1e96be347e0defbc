"""The reasons behind the evidence, good and bad, each in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN, Concern, Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words import reason_words as reasons

#: What each concern is called, in the order in which they are told.
NAMES = {
    "search": "Search",
    "window": "Window",
    "countries": "Countries",
    "publication": "Year",
    "number": "Number",
    "sight": "Sight",
    "topic": "Topic",
    "unanswered": "Questions",
}
#: Why nothing of the embedded sample is judged.
_SAMPLE = "the records are the embedded sample, too small and too selective to judge a claim"
#: Dots of four, by certainty.
DOTS = {"high": 4, "moderate": 3, "low": 2, "very low": 1}


@dataclass(frozen=True)
class Reason:
    """One reason in a line: what it is about, whether it speaks for the answer, and what was found."""

    name: str
    is_good: bool
    text: str


def heading(entry: Entry) -> str:
    """Return the head of the reasons: `Evidence: moderate`, or `Why not`."""
    return f"Evidence: {entry['certainty']}" if entry["certainty"] else "Why not"


def points(entry: Entry) -> str:
    """Return the sum of what is lost: `Points lost: search 1 + topic 1 = 2`; empty where there is no certainty."""
    if not entry["certainty"]:
        return ""
    lost = concern_words.points_sum(entry["concerns"])
    return f"Points lost: {lost}" if concern_words.costing(entry["concerns"]) else "No points lost"


def of_answer(entry: Entry) -> list[Reason]:
    """Return the fixed reasons, good or bad, in their order; of an answer that isn't there, also what prevents it."""
    held = {one["concern"]: one for one in entry["concerns"]}
    fixed = [
        Reason(said, not held[name]["points"], in_a_line(entry, held[name]))
        for name, said in NAMES.items()
        if name in held
    ]
    return [*_preventing(entry), *fixed]


def _preventing(entry: Entry) -> list[Reason]:
    if entry["verdict"] == OPEN:
        undecided = [one for one in entry["questions"] if one["verdict"] == OPEN]
        return [Reason(words.asks(one["question"]), is_good=False, text=reasons.why_open(one)) for one in undecided]
    if entry["verdict"] != NOT_ASSESSABLE:
        return []
    if any(row["reason"] == _SAMPLE for row in entry["stopped"]):
        return _of_sample(entry)
    why = {words.asks(one["question"]): reasons.why_unanswered(entry, one) for one in entry["questions"]}
    if len(set(why.values())) > 1:
        return [Reason(name, is_good=False, text=text) for name, text in why.items()]
    alone = next(iter(why.values()), reasons.why_not(entry).rstrip("."))
    return [Reason("", is_good=False, text=f"{alone[:1].upper()}{alone[1:]}")]


def _of_sample(entry: Entry) -> list[Reason]:
    """Return why the embedded sample answers nothing: its search, and what it has of the claim's year and countries."""
    year = words.years(entry)
    most = max((way["left_n"] + way["right_n"] for way in entry["ways"]), default=0)
    few = f"at most {numbers.count(round(most))} of both sides by any recognised way" if most else "none of either side"
    unstated = [row["reason"] for row in entry["stopped"] if row["reason"].endswith("country is stated")]
    lines = {
        "search": "a sample, picked by one reader: too selective to judge a claim",
        "number": f"too small: of {year}, {few}",
        "countries": f"by some ways to count, {' and '.join(dict.fromkeys(unstated))}" if unstated else "",
        "topic": "nobody has read a sample of each country's records",
    }
    return [Reason(NAMES[name], is_good=False, text=text) for name, text in lines.items() if text]


def in_a_line(entry: Entry, concern: Concern) -> str:
    """Return what was found: what it costs the answer, or what speaks for it."""
    if concern["points"]:
        return concern_words.in_words(entry, concern)
    return _GOOD[concern["concern"]](entry, concern)


def _search(_: Entry, concern: Concern) -> str:
    return "whole, and proven so" if concern["found"] == "complete, proven" else str(concern["found"])


def _countries(entry: Entry, concern: Concern) -> str:
    found = concern["found"]
    of = "of first filing, " * reasons.is_by_first_filing(entry, concern["question"])
    if not isinstance(found, (int, float)) or not found:
        return f"{of}known for all"
    return f"{of}known for {numbers.percent(1 - found)} or more on each side"


def _publication(entry: Entry, concern: Concern) -> str:
    found, year = concern["found"], words.years(entry)
    if not isinstance(found, (int, float)):
        return f"{year} has been published alike on both sides"
    part = "all" if found == 1 else f"{numbers.percent(found)} or more"
    return f"{part} of {words.last_year(entry)} published by then, on both sides"


def _number(entry: Entry, concern: Concern) -> str:
    found = concern["found"]
    question = concern_words.question_of(entry, concern["question"])
    unit = words.noun(question["figure"]) if question and question["figure"] else "units"
    return f"{numbers.count(found)} {unit} together" if isinstance(found, (int, float)) else f"enough {unit}"


def _topic(_: Entry, concern: Concern) -> str:
    return f"a reader has checked {numbers.count(float(concern['found'] or 0))} or more of each country"


def _always(text: str) -> Callable[[Entry, Concern], str]:
    return lambda _, __: text


_GOOD: Mapping[str, Callable[[Entry, Concern], str]] = {
    "search": _search,
    "window": _always("the records begin early enough"),
    "countries": _countries,
    "publication": _publication,
    "number": _number,
    "sight": _always("the records of both sides say as much"),
    "topic": _topic,
    "unanswered": _always("every question is answered"),
}
