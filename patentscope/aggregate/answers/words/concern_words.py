"""Concerns in plain words with their figures: why an answer isn't surer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from patentscope.aggregate.answers.entry import (
    MAIN_QUESTIONS,
    NOT_ASSESSABLE,
    OPEN,
    Concern,
    Entry,
    Figures,
    Question,
)
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.claim import side_text

_SEARCH_CUT = 2
_PUBLISHED = 0.9
_SAME = 0.5
_LEAST = 0.01
_NO_COUNTRY = {
    "ownership": "the records do not say where the owners are based",
    "invention": "the records do not say where they were invented",
}


def day(iso: str) -> str:
    """Return a date as texts have it.

    >>> day("2025-06-30")
    '30 June 2025'
    """
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def codes(side: str | None, entry: Entry) -> Sequence[str]:
    """Return the codes of the side that a concern names; of both, those of the claim's left side and right side."""
    for name in (entry["left"], entry["right"]):
        if side == side_text(tuple(name)):
            return name
    return side.split("+") if side else [*entry["left"], *entry["right"]]


def question_of(entry: Entry, name: str) -> Question | None:
    """Return the question called *name*, None where it isn't listed."""
    return next((question for question in entry["questions"] if question["question"] == name), None)


def costing(concerns: Iterable[Concern]) -> list[Concern]:
    """Return the concerns that cost points, those that cost most first."""
    return sorted((concern for concern in concerns if concern["points"]), key=lambda concern: -concern["points"])


def points_sum(concerns: Iterable[Concern]) -> str:
    """Return the points as a sum: `search 1 + topic 1 + countries 1 = 3`; nothing lost is 0."""
    lost = costing(concerns)
    if not lost:
        return "0"
    terms = " + ".join(f"{concern['concern']} {concern['points']}" for concern in lost)
    return f"{terms} = {sum(concern['points'] for concern in lost)}"


@dataclass(frozen=True)
class _Seen:
    """A concern with what its words need: the figure that it is of, its unit, and the side as what follows `of`."""

    entry: Entry
    concern: Concern
    figure: Figures | None

    @property
    def found(self) -> float | str | None:
        return self.concern["found"]

    @property
    def unit(self) -> str:
        return words.noun(self.figure) if self.figure else "units"

    @property
    def side(self) -> str:
        return sides.in_sentence(codes(self.concern["side"], self.entry)).removesuffix(" together")


def in_words(entry: Entry, concern: Concern, figure: Figures | None = None) -> str:
    """Return what a concern has found, as a clause that names the side and the figure: its question's, or *figure*."""
    question = question_of(entry, concern["question"])
    return _WORDS[concern["concern"]](_Seen(entry, concern, figure or (question["figure"] if question else None)))


def _part(found: float | str | None) -> str:
    return numbers.percent(found) if isinstance(found, (int, float)) else "an unknown part"


def _about(found: float) -> str:
    """Return a part roughly; next to nothing isn't called 0 %."""
    return f"about {numbers.percent(found)}" if found >= _LEAST else "under 1 %"


def _search(seen: _Seen) -> str:
    if seen.concern["points"] >= _SEARCH_CUT:
        return f"some of what the search found is not here ({seen.found})"
    if str(seen.found).startswith("complete"):
        return "nothing proves that the search is complete but the user's word"
    return "nobody has said whether the search is complete"


def _window(seen: _Seen) -> str:
    older = f"{_part(seen.found)} of the {seen.unit} of {seen.side}"
    return f"{older} go back to filings from long before these records begin"


def _countries(seen: _Seen) -> str:
    why = _NO_COUNTRY.get(seen.concern["question"], "the records do not state the country")
    return f"for up to {_part(seen.found)} of the {seen.unit} of {seen.side}, {why}"


def _publication(seen: _Seen) -> str:
    year = words.years(seen.entry)
    by = f" by {day(seen.figure['as_of'])}" if seen.figure else " by then"
    if not isinstance(seen.found, (int, float)):
        return f"how much of {year} had been published{by} can't be told"
    if seen.found >= _PUBLISHED:
        return f"the two sides' {seen.unit} of {year} had not been published to the same degree{by}"
    if seen.figure and seen.figure["as_of"] < f"{words.last_year(seen.entry)}-12-31":
        over = f"before {words.last_year(seen.entry)} was over"
        return f"the records end on {day(seen.figure['as_of'])}, {over}: they cover {_about(seen.found)} of it"
    of_side = f"for {seen.side}, " if seen.concern["side"] else ""
    return f"{of_side}only {_about(seen.found)} of the {seen.unit} of {year} had been published{by}"


def _number(seen: _Seen) -> str:
    """Return how few units there are; the finding may be of other definitions of the topic, or of other documents."""
    if not isinstance(seen.found, (int, float)):
        return f"few {seen.unit} are counted"
    found = numbers.count(int(seen.found)) if seen.found >= 1 else numbers.count(seen.found)
    if seen.concern["documents"] == "inventions":
        return f"both sides together have only {found} without utility models"
    if seen.figure is None or abs(seen.found - words.both_sides(seen.figure)) < _SAME:
        return f"both sides together have only {found} {'in all' if seen.found == 1 else seen.unit}"
    many = numbers.count(seen.entry["thresholds"]["many"])
    return f"counts of this kind have about {found} on both sides together, under {many}"


def _sight(seen: _Seen) -> str:
    found = seen.found
    by = f"for {found * 100:.0f} more in 100" if isinstance(found, (int, float)) else "how much can't be told"
    return f"abstracts or class symbols are missing more often from the records of {seen.side}: {by}"


def _topic(seen: _Seen) -> str:
    if isinstance(seen.found, (int, float)) and seen.found:
        of_side = f" of {seen.side}" if seen.concern["side"] else ""
        read = "1 record" if seen.found == 1 else f"{numbers.count(seen.found)} records"
        return f"only {read}{of_side} {'was' if seen.found == 1 else 'were'} read by hand to judge the topic"
    return "nobody has read a sample of the records to see whether they are on topic"


def _unanswered(seen: _Seen) -> str:
    missing = unanswered(seen.entry)
    asked = [question["asks"] for question in missing]
    untold = [question for question in missing if question["verdict"] in {OPEN, NOT_ASSESSABLE}]
    if not untold:
        return f"the records say less surely {sides.listed(asked)}"
    if len(untold) == len(missing):
        return f"the records can't say {sides.listed(asked, 'or')}"
    return f"the records can't say, or say less surely, {sides.listed(asked)}"


_WORDS: Mapping[str, Callable[[_Seen], str]] = {
    "search": _search,
    "window": _window,
    "countries": _countries,
    "publication": _publication,
    "number": _number,
    "sight": _sight,
    "topic": _topic,
    "unanswered": _unanswered,
}


def unanswered(entry: Entry) -> list[Question]:
    """Return the questions that the answer needs and doesn't rest on."""
    return [question for question in main_questions(entry) if question["question"] not in entry["rests_on"]]


def main_reasons(entry: Entry, concerns: Iterable[Concern]) -> list[str]:
    """Return in words the concerns that cost most."""
    lost = costing(concerns)
    return list(dict.fromkeys(in_words(entry, one) for one in lost if one["points"] == lost[0]["points"]))


def main_questions(entry: Entry) -> list[Question]:
    """Return the questions that an answer needs, the headline's first; what was filed abroad only where it is alone."""
    found = [question for name in MAIN_QUESTIONS if (question := question_of(entry, name))]
    return found or entry["questions"]
