"""The answer in a few words, and the headline that names both sides with what was counted."""

from __future__ import annotations

import re

from patentscope.aggregate.answers.entry import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    OPEN,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    Entry,
    Figures,
    Question,
)
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words import reason_words as reasons
from patentscope.query import side_names as sides
from patentscope.query.convention import IN_WORDS

THESE_RECORDS = "these records"
VERY_LOW = "very low"
_LEVEL = (0.95, 1.05)
#: What the reason of a sample says after its name.
_TOO_SMALL = ", too small and too selective to judge a claim"
_UNTOLD = "Too little to tell"


def headline(entry: Entry) -> Question | None:
    """Return the question whose figure is the headline's: the first that the answer rests on; None without one."""
    return next((question for question in _rested_on(entry) if question["figure"] is not None), None)


def _rested_on(entry: Entry) -> list[Question]:
    """Return the questions that the answer rests on, in the headline's order."""
    return [question for name in entry["rests_on"] if (question := concern_words.question_of(entry, name))]


def chip(entry: Entry) -> str:
    """Return the answer in a few words; where it is very uncertain, that goes first, before a colon."""
    said = _chip(entry)
    if entry["certainty"] != VERY_LOW:
        return said
    return f"{_UNTOLD}: {said[0].lower()}{said[1:]}"


def _chip(entry: Entry) -> str:
    where = "Behind" if words.is_turned(entry) else "Ahead"
    return {
        SUPPORTED: "Holds in these records" if entry["scope"] == THESE_RECORDS else "Holds",
        SIZE_DEPENDS: f"{where}; by how much depends on how one counts",
        SIZE_NOT_REPRODUCED: f"{where}, {by_how_much(entry, _rested_on(entry))}",
        MIXED: "Practically level" if is_level(_rested_on(entry)) else "Depends on how one counts",
        CONTRADICTED: "Does not hold",
        OPEN: f"Open: too close to tell ({_why_open(entry)})",
        NOT_ASSESSABLE: "Can't be checked",
    }[entry["verdict"]]


def _why_open(entry: Entry) -> str:
    first = headline(entry)
    is_audited = first is not None and first["figure"] is not None and first["figure"]["is_audited"]
    return "the labels' interval holds both" if is_audited else "unknown countries decide"


def by_how_much(entry: Entry, questions: list[Question]) -> str:
    """Return on which side of the claimed size the results lie: `by more than claimed`."""
    claimed = words.claimed_value(entry)
    if claimed is None or not questions:
        return "but not by that figure"
    least = [question["min_ratio"] for question in questions]
    most = [question["max_ratio"] for question in questions]
    is_over = all(ratio is None or ratio > claimed for ratio in least)
    is_under = all(ratio is not None and ratio < claimed for ratio in most)
    if is_over == is_under:
        return "but not by that figure"
    return f"by {'more' if is_over != words.is_turned(entry) else 'less'} than claimed"


def is_level(questions: list[Question]) -> bool:
    """Say whether all results of *questions* lie within 5 % of level."""
    ends = [(question["min_ratio"], question["max_ratio"]) for question in questions]
    return bool(ends) and all(
        least is not None and most is not None and _LEVEL[0] <= least and most <= _LEVEL[1] for least, most in ends
    )


def sentence(entry: Entry) -> str:
    """Return the headline: both sides in full, and what was counted; without an answer, why there is none."""
    first = headline(entry)
    if entry["verdict"] == NOT_ASSESSABLE or first is None or first["figure"] is None:
        right = sides.in_sentence(entry["right"])
        why = re.sub("^The records ", "they ", reasons.why_not(entry).rstrip(".")).partition("; if ")[0]
        why = why.removesuffix(_TOO_SMALL).replace("among the records", "among them")
        why = why.replace("as the records were", "as they were")
        asked = f"how {sides.in_sentence(entry['left'])} compared with {right} in {words.years(entry)}"
        return f"These records can't say {asked}: {why[:1].lower()}{why[1:]}."
    two = two_figures(entry) if entry["verdict"] == MIXED else None
    if two is not None:
        return _in_these_records(entry, _mixed(entry, *two))
    said = counted(entry, first, first["figure"])
    if entry["verdict"] == OPEN:
        return f"{said.removesuffix('.')}; {reasons.why_open(first)}."
    if entry["verdict"] == MIXED and first["results"] > 1:
        return f"{said} In {words.range_in_words(entry, first)}."
    return said


def counted(entry: Entry, question: Question, figure: Figures) -> str:
    """Return what one figure says of the claim: `Counted as inventions, China was behind in 2024: ...`."""
    unit = words.unit_words(figure) + " filed abroad" * (question["question"] == "international")
    return _in_these_records(entry, f"Counted as {unit}, {_found(entry, figure)}")


def _in_these_records(entry: Entry, said: str) -> str:
    """Return a headline with its scope before it; a name keeps its capital."""
    if entry["scope"] != THESE_RECORDS:
        return said
    is_word = said.startswith(("Counted ", "Whether ", "The "))
    return f"In these records, {said[0].lower() if is_word else said[0]}{said[1:]}"


def _found(entry: Entry, figure: Figures) -> str:
    """Return what a figure says of the claim, in the claim's terms: who was ahead, or the share, or the multiple."""
    left, right = words.counts(figure)
    mine, others, year = sides.in_sentence(entry["left"]), sides.in_sentence(entry["right"]), words.years(entry)
    if words.is_share(entry):
        together = numbers.count(words.both_sides(figure), is_audited=figure["is_audited"])
        part = numbers.percent(words.share_of(figure))
        return f"{mine} had {part} of the total of {_all_countries(entry)} in {year}: {left} of {together}."
    if words.is_limit(entry) and figure["left_n"] and figure["right_n"]:
        times = numbers.against(figure["left_n"], figure["right_n"], others)
        return f"{mine} had {times} in {year}: {left} against {right}."
    against = f"{right} for {others}" if figure["right_n"] else sides.none_of(entry["right"])
    mine_n = left if figure["left_n"] else "none"
    return f"{mine} {sides.was(entry['left'])} {_standing(figure)} in {year}: {mine_n}, against {against}."


def _all_countries(entry: Entry) -> str:
    """Return the countries that a share is taken among."""
    if sides.is_all_others(entry["right"]):
        return "all countries"
    return sides.names_of((*entry["left"], *entry["right"]))


def _standing(figure: Figures) -> str:
    """Return where the left side stands: `ahead`, `just behind`, `level`."""
    if figure["left_n"] == figure["right_n"]:
        return "level"
    where = "ahead" if figure["left_n"] > figure["right_n"] else "behind"
    is_close = figure["right_n"] and numbers.compared(figure["left_n"], figure["right_n"]) == "about as many"
    return f"just {where}" if is_close else where


def two_figures(entry: Entry) -> tuple[tuple[Question, Figures], tuple[Question, Figures]] | None:
    """Return a figure that puts the left side ahead and one that puts it behind; the headline's own goes first.

    The other is the first of the questions that the answer rests on, recognised ways to count first.
    """
    first = headline(entry)
    if first is None or first["figure"] is None or not words.has_direction(entry):
        return None
    ahead = _named_first([(question, question["ahead"]) for question in _rested_on(entry)])
    behind = _named_first([(question, question["behind"]) for question in _rested_on(entry)])
    if ahead is None or behind is None:
        return None
    own, spec_id = (first, first["figure"]), first["figure"]["spec_id"]
    if first["behind"] and first["behind"]["spec_id"] == spec_id:
        return own, ahead
    return (own if first["ahead"] and first["ahead"]["spec_id"] == spec_id else ahead), behind


def _named_first(found: list[tuple[Question, Figures | None]]) -> tuple[Question, Figures] | None:
    """Return the first figure that is a recognised way to count, else the first one."""
    there = [(question, figure) for question, figure in found if figure is not None]
    return next((one for one in there if one[1]["way"]), there[0] if there else None)


def _mixed(entry: Entry, one: tuple[Question, Figures], other: tuple[Question, Figures]) -> str:
    """Return the headline of an answer that depends on how one counts: a figure of each side."""
    mine, others, year = sides.in_sentence(entry["left"]), sides.in_sentence(entry["right"]), words.years(entry)
    first, second = (
        f"{words.against(entry, found[1])}{how}"
        for found, how in zip((one, other), ways_apart(one, other), strict=True)
    )
    if words.is_share(entry):
        what = f"{mine} had {words.claimed(entry)} of the total of {_all_countries(entry)} in {year}"
        return f"Whether {what} depends on how one counts: {first}; {second}."
    if words.is_limit(entry):
        what = f"{mine} had {numbers.joined(words.claimed(entry), others)} in {year}"
        return f"Whether {what} depends on how one counts: {first}; {second}."
    were = sides.was(entry["left"])
    if is_level(_rested_on(entry)):
        level = f"{mine} {were} practically level with {others} in {year}"
        return f"{level[0].upper()}{level[1:]}: {first}; {second}."
    what = f"{mine} {were} {'behind' if words.is_turned(entry) else 'ahead of'} {others} in {year}"
    return f"Whether {what} depends on how one counts: {first}; {second}."


def ways_apart(one: tuple[Question, Figures], other: tuple[Question, Figures]) -> tuple[str, str]:
    """Return what tells two figures apart: the unit, else the question, else the first other choice that differs."""
    pairs = zip(_tellings(*one), _tellings(*other), strict=True)
    return next((pair for pair in pairs if all(pair) and pair[0] != pair[1]), (" in one way", " in another"))


def _tellings(question: Question, figure: Figures) -> tuple[str, ...]:
    """Return what may be said of how a figure was counted, what says most first."""
    return (
        f" as {words.unit_words(figure)}",
        f" {BY_QUESTION[question['question']]}",
        f", by {WAYS[figure['way']]}" if figure["way"] else "",
        IN_WORDS["basis"][figure["basis"]],
        f", {_SHARED[figure['share_level']]}",
        IN_WORDS["date"][figure["date"]].removeprefix(","),
        f" by the topic definition {figure['topic']}",
        f" as seen on {concern_words.day(figure['as_of'])}",
    )


BY_QUESTION = {
    "market": "by where protection is sought",
    "ownership": "by who owns it",
    "invention": "by where it was invented",
    "international": "among what was filed abroad",
}


def by_question(entry: Entry, question: str) -> str:
    """Return how a question counts, `by who owns it`; by country of first filing where no inventor's is stated."""
    return (
        IN_WORDS["basis"]["priority"].strip() if reasons.is_by_first_filing(entry, question) else BY_QUESTION[question]
    )


_SHARED = {
    "whole": "each counted whole for every country",
    "fractional": "shared out between countries",
    "first": "for the country of the party named first",
}
#: What readers call the recognised ways to count.
WAYS = {
    "first_filings": "first filings",
    "oecd": "inventors, shared out (as the OECD counts)",
    "owners": "owners",
    "international": "inventions filed at two offices or more (as EPO and IEA count)",
    "office_statistics": "applications at each office (as WIPO counts)",
    "quick_search": "hits of a quick search",
}
#: The same where room is short: above a figure, or on a button.
WAYS_IN_SHORT = {
    "first_filings": "First filings",
    "quick_search": "Search hits",
    "owners": "Owners",
    "oecd": "Inventors (OECD)",
    "international": "Filed abroad (EPO, IEA)",
    "office_statistics": "Office filings (WIPO)",
}
