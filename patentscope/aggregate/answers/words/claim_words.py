"""What a claim says, and what one way to count finds for it, in the claim's terms: sides, years, unit and size."""

from __future__ import annotations

import re

from patentscope.aggregate.answers.entry import OPEN, Entry, Figures, Question
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.claim import PARITY, SHARE
from patentscope.query.convention import QUESTIONS

MORE, LESS, SIZE = "more", "less", "size"
_MANY = 10
#: What a unit is called, by what counts as one and by the documents.
UNITS = {
    ("family", "inventions"): "inventions",
    ("family", "inventions+utility_models"): "inventions and utility models",
    ("family", "grants"): "granted inventions",
    ("application", "inventions"): "applications",
    ("application", "inventions+utility_models"): "applications, utility models included",
    ("application", "grants"): "granted applications",
    ("publication", "inventions"): "publications",
    ("publication", "inventions+utility_models"): "publications, utility models included",
    ("publication", "grants"): "published grants",
    ("extended_family", "inventions"): "groups of related inventions",
    ("extended_family", "inventions+utility_models"): "groups of related inventions and utility models",
    ("extended_family", "grants"): "groups of related granted inventions",
}


def unit_words(figure: Figures) -> str:
    """Return what is counted: `inventions`, `publications, utility models included`."""
    return UNITS[figure["unit"], figure["documents"]]


def noun(figure: Figures) -> str:
    """Return what is counted in a clause that goes on: `publications`, without what they include."""
    return unit_words(figure).partition(",")[0]


def asks(question: str) -> str:
    """Return a question as a line begins with it: `Where protection is sought`."""
    return QUESTIONS[question][0].upper() + QUESTIONS[question][1:]


def years(entry: Entry) -> str:
    """Return the claim's years: `2024`, or `2015 to 2020`."""
    return str(entry["year"]).replace("..", " to ")


def last_year(entry: Entry) -> int:
    """Return the claim's last year."""
    return int(str(entry["year"]).rpartition("..")[2])


def first_year(entry: Entry) -> int:
    """Return the claim's first year."""
    return int(str(entry["year"]).partition("..")[0])


def is_share(entry: Entry) -> bool:
    """Say whether the claim is on the left side's share of both."""
    return entry["measure"] == SHARE


def claimed_value(entry: Entry) -> float | None:
    """Return the size or the limit that the claim names, in its own measure."""
    return entry.get("share_claimed") if is_share(entry) else entry["ratio_claimed"]


def is_limit(entry: Entry) -> bool:
    """Say whether the claim names a limit that is passed, or stayed under: `over 60 %`, `more than twice as many`."""
    return entry["says"] != SIZE and claimed_value(entry) is not None


def is_turned(entry: Entry) -> bool:
    """Say whether the claim puts the left side behind."""
    value = claimed_value(entry)
    return entry["says"] == LESS or (entry["says"] == SIZE and value is not None and value < PARITY[entry["measure"]])


def has_direction(entry: Entry) -> bool:
    """Say whether the claim puts a side ahead: not one that both have as many, nor one that a share is so much."""
    return not (entry["says"] == SIZE and (is_share(entry) or claimed_value(entry) == 1))


def claimed(entry: Entry) -> str:
    """Return the claim's size in its own words: `73 % more`, `at least twice as many`, `over 60 %`, `more`."""
    value, quote = claimed_value(entry), entry["quote"]
    is_tie = entry["says"] != SIZE and not is_share(entry) and value == 1
    if value is None or is_tie:
        return "fewer" if entry["says"] == LESS else "more"
    if is_share(entry):
        return _share(value, entry["says"], quote)
    size = _multiple(value, quote)
    return _bound(entry["says"], quote, is_fewer=size.endswith("fewer")) + size


def _share(value: float, says: str, quote: str) -> str:
    """Return a claimed share, half as such where the quote says so."""
    if value == PARITY[SHARE] and re.search(r"\b(half|majority)\b", quote, re.IGNORECASE):
        return f"{_bound(says, '')}half"
    limit = {MORE: "over ", LESS: "under "}.get(says, "a share of ")
    return f"{limit}{round(value * 100, 1):g} %"


def _bound(says: str, quote: str, *, is_fewer: bool = False) -> str:
    """Return the words before a limit, those of the quote; of so many per cent fewer the limit is the other way."""
    if says == SIZE:
        return ""
    if (says == MORE) is not is_fewer:
        is_reached = re.search(r"\bat least\b|\bno (fewer|less) than\b", quote, re.IGNORECASE)
        return "at least " if is_reached else "more than "
    return "at most " if re.search(r"\bat most\b|\bno more than\b", quote, re.IGNORECASE) else "less than "


def _multiple(ratio: float, quote: str) -> str:
    """Return a claimed ratio in the words that it was said in, percent or a multiple, as far as the quote tells."""
    excess = round((ratio - 1) * 100, 6)
    if excess and re.search(rf"(?<![\d.]){abs(excess):g}\s?(%|per\s?cent)", quote):
        return _percent(excess)
    names = {1.0: "as many", 2.0: "twice as many", 0.5: "half as many"}
    if ratio in names:
        return names[ratio]
    part = numbers.part_named(ratio)
    if part:
        return f"{part} as many"
    is_said = re.search(rf"(?<![\d.]){ratio:g}\s?(x|×|times|-?fold)\b|factor of {ratio:g}\b", quote, re.IGNORECASE)
    if is_said or not 0 < abs(excess) < 100:  # noqa: PLR2004 - from double on
        return f"{ratio:g} times as many"
    return _percent(excess)


def _percent(excess: float) -> str:
    return f"{round(abs(excess), 1):g} % {'more' if excess > 0 else 'fewer'}"


def counts(figure: Figures) -> tuple[str, str]:
    """Return both sides' counts as texts have them."""
    return (
        numbers.count(figure["left_n"], is_audited=figure["is_audited"]),
        numbers.count(figure["right_n"], is_audited=figure["is_audited"]),
    )


def both_sides(figure: Figures) -> float:
    """Return how many units the sides have together, those of both once."""
    return figure["left_n"] + figure["right_n"] - figure["overlap_n"]


def counted(entry: Entry, figure: Figures) -> str:
    """Return what a figure gives in the claim's measure: `40 % fewer`, or `a share of 45 %`."""
    if is_share(entry):
        return f"a share of {numbers.percent(share_of(figure))}"
    left, right = figure["left_n"], figure["right_n"]
    return numbers.compared(
        left, right, none_left=sides.none_of(entry["left"]), none_right=sides.none_of(entry["right"])
    )


def has_size(entry: Entry, figure: Figures) -> bool:
    """Say whether a figure gives a size, beside its counts: a share always does, a ratio of an empty side none."""
    return is_share(entry) or bool(figure["left_n"] and figure["right_n"])


def share_of(figure: Figures) -> float:
    """Return the left side's share of both sides' units, 0 where there are none."""
    stated = figure.get("share")
    if stated is not None:
        return stated
    together = both_sides(figure)
    return figure["left_n"] / together if together else 0.0


def span(entry: Entry, ends: tuple[float | None, float | None]) -> str:
    """Return a range of the claim's measure in words: `3.2 to 4.4 times`, `20 % to 35 %`."""
    if not is_share(entry):
        if ends == (0, None):
            return "from none on one side to none on the other"
        return numbers.span(*ends, none_left=sides.none_of(entry["left"]), none_right=sides.none_of(entry["right"]))
    low, high = (numbers.percent(0.0 if end is None else end) for end in ends)
    return low if low == high else f"{low} to {high}"


def range_in_words(entry: Entry, question: Question) -> str:
    """Return the range of the middle eight in ten results; of an open answer, what the unknown may make of it."""
    figure = question["figure"]
    of_share = is_share(entry)
    if figure is not None and question["verdict"] == OPEN:
        ends = (figure.get("share_low"), figure.get("share_high")) if of_share else (figure["low"], figure["high"])
        if figure["is_audited"] and None in ends:
            return "the labels leave no bounds"
        why = "what the labels leave" if figure["is_audited"] else "with all of them on one side or the other"
        return f"{why}: {span(entry, ends)}"
    if question["results"] == 1:
        return "the only result"
    inner = (
        (question.get("p10_share"), question.get("p90_share"))
        if of_share
        else (question["p10_ratio"], question["p90_ratio"])
    )
    found = span(entry, inner)
    is_alike = figure is not None and counted(entry, figure) in {found, f"a share of {found}"}
    return f"{'most' if question['results'] >= _MANY else 'all'} results: {'the same' if is_alike else found}"


def pair(entry: Entry, figure: Figures) -> str:
    """Return both sides with their counts: `China 443, United States + Japan 102`; an empty one as `none of Japan`."""
    left, right = counts(figure)
    first = f"{sides.short(entry['left'])} {left}" if figure["left_n"] else sides.none_of(entry["left"])
    second = f"{sides.short(entry['right'])} {right}" if figure["right_n"] else sides.none_of(entry["right"])
    if is_share(entry):
        return f"{first} of {numbers.count(both_sides(figure), is_audited=figure['is_audited'])}"
    return f"{first}, {second}"


def against(entry: Entry, figure: Figures) -> str:
    """Return a figure's counts beside each other: `495 against 824`, or of a share `120 of 267`."""
    left, right = counts(figure)
    if is_share(entry):
        return f"{left} of {numbers.count(both_sides(figure), is_audited=figure['is_audited'])}"
    return f"{left if figure['left_n'] else 'none'} against {right if figure['right_n'] else 'none'}"
