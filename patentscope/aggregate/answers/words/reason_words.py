"""Why there is no answer: what stopped a count, and what the unknown countries leave open, in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN, Entry, Question, Stopped
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.concern_words import main_questions, question_of

_NOTHING = "nothing is counted on either side"
_NOTHING_OF = re.compile(r"nothing published in (.+) is among the records")
_NOT_STATED = "country is stated"


def is_by_first_filing(entry: Entry, question: str) -> bool:
    """Say whether where it was invented is known by country of first filing only."""
    stops = [row["reason"] for row in entry["stopped"] if row["question"] == question == "invention"]
    return any(reason.startswith("no inventor's country") for reason in stops)


def stopping(stopped: Iterable[Stopped]) -> list[str]:
    """Return what stopped most ways to count: the one reason, or those that stopped as many."""
    most: Counter[str] = Counter()
    for row in stopped:
        most[row["reason"]] += row["n"]
    return [reason for reason, n in most.most_common() if n == most.most_common(1)[0][1]]


def stops_of(entry: Entry, question: Question) -> list[str]:
    """Return what stopped most ways to count of a question; nothing where others count, and all find nothing.

    Countries that are not stated stop only ways that find something; by a wider definition of the topic, it may be,
    where the topic's own finds nothing, which is then the reason; as it is that nothing of either side is there.
    """
    stopped = [row for row in entry["stopped"] if row["question"] == question["question"]]
    lacking = list(dict.fromkeys(row["reason"] for row in entry["stopped"] if _NOTHING_OF.match(row["reason"])))
    if len(lacking) > 1 and all(row["reason"].endswith(_NOT_STATED) or row["reason"] in lacking for row in stopped):
        return lacking
    if sum(row["n"] for row in stopped) >= question["listed"]:
        return stopping(stopped)
    if finds_nothing(entry):
        return []
    return stopping(row for row in stopped if row["reason"].endswith(_NOT_STATED))


def finds_nothing(entry: Entry) -> bool:
    """Say whether every recognised way that isn't stopped finds nothing on either side."""
    counted = [way for way in entry["ways"] if not way["stopped"]]
    return bool(counted) and not any(way["left_n"] or way["right_n"] for way in counted)


def why_unanswered(entry: Entry, question: Question) -> str:
    """Return why nothing is judged of a question, as a clause."""
    return together(stops_of(entry, question) or [_nothing(entry)])


def is_outside(entry: Entry) -> bool:
    """Say whether all records were published before the claim's years, or after them."""
    years = entry["record_years"]
    return bool(years) and (words.last_year(entry) < years[0] or words.first_year(entry) > years[-1])


def _nothing(entry: Entry) -> str:
    """Return that nothing is counted, and why where the records are of other years."""
    if not is_outside(entry):
        return _NOTHING
    first, last = entry["record_years"]
    return f"{_NOTHING}, as the records were published {f'from {first} to {last}' if first != last else f'in {last}'}"


def together(stops: Iterable[str]) -> str:
    """Return several reasons as one; what they all advise, behind a semicolon, is said once.

    >>> together(["no document of China is here; say so", "no document of Japan is here; say so"])
    'no document of China is here, and no document of Japan is here; say so'
    """
    parts = [reason.partition("; ") for reason in stops]
    advice = dict.fromkeys(tail for _, _, tail in parts if tail)
    heads = [head for head, _, _ in parts]
    lacking = [found[1] for head in heads if (found := _NOTHING_OF.fullmatch(head))]
    if heads and len(lacking) == len(heads):
        heads = [f"nothing published in {' or in '.join(lacking)} is among the records"]
    return "; ".join([", and ".join(heads), *advice])


def why_open(question: Question) -> str:
    """Return why a question is open: what the labels leave, or what the unknown countries do."""
    figure = question["figure"]
    if figure is not None and figure["is_audited"]:
        return "the labels' interval holds both answers"
    if figure is None or not figure["unknown_n"]:
        return "it depends on countries that the records do not state"
    if figure["unknown_n"] == 1:
        return "1 of unknown country decides"
    return f"{numbers.count(figure['unknown_n'])} {words.noun(figure)} of unknown country decide"


def why_not(entry: Entry) -> str:
    """Return why there is no answer, as a sentence; empty where there is one."""
    if entry["verdict"] not in {OPEN, NOT_ASSESSABLE}:
        return ""
    first = next((question_of(entry, name) for name in entry["rests_on"]), None) or next(
        iter(main_questions(entry)), None
    )
    if first is None:
        return as_sentence("; ".join(dict.fromkeys(entry["untold"].values())) or _nothing(entry))
    return why_not_of(entry, first)


def why_not_of(entry: Entry, question: Question) -> str:
    """Return why one question is open, or nothing is judged of it, as a sentence."""
    return as_sentence(why_open(question) if question["verdict"] == OPEN else why_unanswered(entry, question))


def as_sentence(clause: str) -> str:
    """Return a clause as a sentence of its own."""
    return f"{clause[:1].upper()}{clause[1:]}."
