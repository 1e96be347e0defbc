"""An answer in plain words, the same on the page, on a terminal and in files; every function reads a claim's entry."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from patentscope.aggregate.answers.entry import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    OPEN,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    Card,
    Entry,
    Figures,
    Near,
    Question,
)
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words, headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words import reason_words as reasons
from patentscope.aggregate.answers.words.claim_words import range_in_words
from patentscope.aggregate.answers.words.headlines import chip, sentence
from patentscope.aggregate.answers.words.reason_words import why_not
from patentscope.query import side_names as sides

__all__ = [
    "card",
    "certainty_in_words",
    "chip",
    "claimed_and_counted",
    "figure_in_words",
    "line",
    "nearest_in_words",
    "range_in_words",
    "sentence",
    "ways_in_words",
    "why_not",
]

_PART_UNKNOWN = 1 / 20
#: How a line ends, by verdict, where it needs no more than that.
_ENDINGS = {
    SUPPORTED: "as claimed",
    SIZE_DEPENDS: "so; the size depends on how one counts",
    MIXED: "depends on how one counts",
    CONTRADICTED: "not so",
    OPEN: "can't be told",
    NOT_ASSESSABLE: "can't be checked",
}


def claimed_and_counted(entry: Entry) -> str:
    """Return the claim's size, and the headline's: `Claimed: 73 % more. Counted: 40 % fewer, 495 against 824`."""
    said = f"Claimed: {words.claimed(entry)}."
    first = headlines.headline(entry)
    if entry["verdict"] == NOT_ASSESSABLE or first is None or first["figure"] is None:
        return f"{said} Counted: nothing that could be judged."
    figure = first["figure"]
    if not words.has_size(entry, figure):
        return f"{said} Counted: {words.pair(entry, figure)}."
    return f"{said} Counted: {words.counted(entry, figure)}, {words.against(entry, figure)}."


def figure_in_words(entry: Entry, figure: Figures, *, between: Sequence[str] = ()) -> str:
    """Return a figure to quote: both sides by name, and the size: `China 443, Japan 102, 4.3 times as many`."""
    size = [words.counted(entry, figure)] * words.has_size(entry, figure)
    return ", ".join([words.pair(entry, figure), *between, *size])


def line(entry: Entry, question: Question) -> str:
    """Return the answer to one question: counts, size, range, what follows for the claim, and how sure it is.

    Why a question can't be checked is left out where the headline says it.
    """
    start = words.asks(question["question"])
    figure = question["figure"]
    if question["verdict"] == NOT_ASSESSABLE or figure is None:
        why = reasons.why_unanswered(entry, question)
        is_said = entry["verdict"] == NOT_ASSESSABLE and why == reasons.why_unanswered(
            entry, concern_words.main_questions(entry)[0]
        )
        return f"{start}{'' if is_said else f' ({why})'}: {_ENDINGS[NOT_ASSESSABLE]}."
    found = figure_in_words(entry, figure, between=_known_poorly(question, figure))
    said = f"{start}: {found} ({range_in_words(entry, question)}): {_ending(entry, question)}."
    return f"{said} Evidence: {question['certainty']}." if question["certainty"] else said


def _known_poorly(question: Question, figure: Figures) -> list[str]:
    """Return how many units state no country, where they are many; of an open question in any case."""
    loses = any(concern["concern"] == "countries" and concern["points"] for concern in question["concerns"])
    is_open = question["verdict"] == OPEN and not figure["is_audited"]
    if not (loses or is_open or figure["unknown_n"] > _PART_UNKNOWN * words.both_sides(figure)):
        return []
    by_office, unknown = figure["imputed_here_n"], figure["unknown_n"]
    return [
        *([f"of which {numbers.count(by_office)} by their office only"] if by_office else []),
        *([f"and {numbers.count(unknown)} of unknown country"] if unknown else []),
    ]


def _ending(entry: Entry, question: Question) -> str:
    """Return what follows for the claim, as a line ends with it: `so, but by more than claimed`."""
    if question["verdict"] == SIZE_NOT_REPRODUCED:
        how = headlines.by_how_much(entry, [question])
        return f"so, {how}" if how.startswith("but") else f"so, but {how}"
    if question["verdict"] == MIXED and headlines.is_level([question]):
        return "practically level"
    return _ENDINGS[question["verdict"]]


def certainty_in_words(entry: Entry, question: Question | None = None) -> str:
    """Return how sure an answer is, overall or of one question: its level, the sum of points and the main reasons."""
    of = entry if question is None else question
    if of["certainty"] is None:
        return why_not(entry) if question is None else reasons.why_not_of(entry, question)
    lost = concern_words.costing(of["concerns"])
    said = [f"Evidence: {of['certainty']} ({concern_words.points_sum(lost) if lost else 'nothing lowers it'})."]
    said += [reasons.as_sentence(why) for why in concern_words.main_reasons(entry, lost)]
    if lost and all(concern["concern"] == "topic" for concern in lost):
        said.append("High needs labels.")
    return " ".join(said)


def ways_in_words(entry: Entry) -> str:
    """Return how many of the recognised ways to count agree: `China is ahead in 2 of 5 recognised ways to count`."""
    told = [way for way in entry["ways"] if way["stands"] is not None]
    untold = len(entry["ways"]) - len(told)
    rest = f"; too little to tell: {untold}" if untold and told else ""
    if not entry["ways"]:
        return ""
    if not told:
        return f"None of the recognised ways to count can tell ({untold})."
    if words.is_limit(entry) or not words.has_direction(entry):
        wanted = "behind" if words.is_turned(entry) else "ahead"
        so = sum(1 for way in told if (way["stands"] == wanted if words.is_limit(entry) else way["near"]))
        if len(told) == 1:
            return f"{'So' if so else 'Not so'} by the one recognised way{rest}."
        return f"So in {so} of {len(told)} recognised ways{rest}."
    who = f"{sides.in_sentence(entry['left'])} {sides.present(entry['left'])}"
    who = who[0].upper() + who[1:]
    if len(told) == 1:
        stands = {"open": "neither ahead nor behind"}.get(str(told[0]["stands"]), told[0]["stands"])
        return f"{who} {stands} by the one recognised way{rest}."
    stands = "behind" if words.is_turned(entry) else "ahead"
    so = sum(1 for way in told if way["stands"] == stands)
    return f"{who} {stands} in {so} of {len(told)} recognised ways to count{rest}."


def nearest_in_words(entry: Entry) -> str:
    """Return which way to count comes nearest to the claimed size, whether near enough or not; empty without a size."""
    if entry["says"] != words.SIZE or entry["verdict"] == NOT_ASSESSABLE or not entry["nearest"]:
        return ""
    near = [found for found in entry["nearest"] if found["near"]]
    first = (near or entry["nearest"])[0]
    gives = _gives(first)
    claimed = words.claimed(entry)
    if near:
        return f"{claimed[0].upper()}{claimed[1:]}, or nearly, comes out if one counts {first['in_words']}: {gives}."
    return f"No way to count comes near the claim ({claimed}). The nearest gives {gives}: {first['in_words']}."


def _gives(near: Near) -> str:
    """Return the counts of a result near the claimed size, of a share what it is a share of."""
    left, right = (numbers.count(n) if n else "none" for n in (near["left_n"], near["right_n"]))
    share = near.get("share")
    return f"{left} of {numbers.count(round(near['left_n'] / share, 1))}" if share else f"{left} against {right}"


def card(entry: Entry) -> Card | None:
    """Return the figure to quote, with the commands that list each side's units; None where nothing is judged."""
    first = headlines.headline(entry)
    if first is None or first["figure"] is None:
        return None
    figure = first["figure"]
    listed = first.get("before_labels", figure)
    show = f"patentscope show RUN --claim {shlex.quote(entry['id'])} --spec {listed['spec_id']}"
    return {
        "question": first["question"],
        "spec_id": figure["spec_id"],
        "way": figure["way"],
        "figure": _quoted(entry, figure, first.get("before_labels")),
        "left_n": figure["left_n"],
        "right_n": figure["right_n"],
        "ratio": figure["ratio"],
        "range": range_in_words(entry, first),
        "certainty": entry["certainty"],
        "certainty_sum": f"{concern_words.points_sum(entry['concerns'])}: {entry['certainty']}"
        if entry["certainty"]
        else "",
        "convention": figure["in_words"],
        "show": [f"{show} --side {side} --year {entry['year']}" for side in ("left", "right")],
    }


def _quoted(entry: Entry, figure: Figures, listed: Figures | None) -> str:
    """Return the card's figure; of an audited one, what is listed and what the labels make of it."""
    said = figure_in_words(entry, figure)
    if listed is None:
        return said
    both = [
        f"{sides.short(codes)} {numbers.count(before)} listed, {numbers.count(round(after))} after the labels"
        for codes, before, after in (
            (entry["left"], listed["left_n"], figure["left_n"]),
            (entry["right"], listed["right_n"], figure["right_n"]),
        )
    ]
    return f"{said} ({'; '.join(both)})"
