"""What would make an answer surer, or give one: for each thing that it lacks, what to do next, and the command."""

from __future__ import annotations

import re
from collections.abc import Iterable

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN, Concern, Entry, Question, Raise
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words
from patentscope.aggregate.answers.words import reason_words as reasons
from patentscope.query import side_names as sides
from patentscope.query.claim import YEARS_BEFORE, Claim
from patentscope.query.commands import check_line

LABEL = "patentscope label draw RUN --per-country 50 --out SHEET.csv"
COMPLETE = "patentscope run QUERY --input FILE --stated-total N --complete"
COMPLETE_BY_FILE = "patentscope run QUERY --input FILE --complete"
WITH_MORE = "patentscope run QUERY --input FILE MORE.csv --stated-total N --complete"
COUNTRIES = "patentscope run QUERY --source ops"
MEMBERS = "patentscope run QUERY --source ops --families"
SEARCHES = "patentscope sources --query QUERY"
SOURCES = "patentscope sources"
_CUT = 2
#: A file that states as many hits as it has rows.
_ALL_STATED = re.compile(r"\b(\d[\d,]*) of \1 stated rows")
#: By the middle of the second year after a year's end, the applications of that year are published.
_PUBLISHED_AFTER = 2


def raising(entry: Entry) -> list[Raise]:
    """Return what would raise the overall certainty, or answer what is open or can't be checked; once each."""
    if entry["verdict"] in {OPEN, NOT_ASSESSABLE}:
        found = [one for question in concern_words.main_questions(entry) for one in _of_unanswered(entry, question)]
        found = found or [_both_sides(entry)]
    else:
        found = [one for concern in concern_words.costing(entry["concerns"]) for one in _of_concern(entry, concern)]
    return _distinct(found)


def of_files(found: Iterable[Raise], claim: Claim, topic: str) -> list[Raise]:
    """Return what would raise an answer from files checked without a query: by commands that need none, each once."""
    commands = {
        COMPLETE: f"{check_line(claim, topic, 'FILE')} --stated-total N --complete",
        COMPLETE_BY_FILE: f"{check_line(claim, topic, 'FILE')} --complete",
        WITH_MORE: f"{check_line(claim, topic, 'FILE', 'MORE.csv')} --stated-total N --complete",
        COUNTRIES: SOURCES,
        MEMBERS: SOURCES,
        SEARCHES: check_line(claim, topic) if topic else None,
        SOURCES: check_line(claim, topic) if topic else SOURCES,
    }
    told: list[Raise] = [{**one, "command": commands.get(one["command"] or "", one["command"])} for one in found]
    first = {one["command"]: one["text"] for one in reversed(told)}
    return [{**one, "command": one["command"] if first[one["command"]] == one["text"] else None} for one in told]


def _distinct(found: Iterable[Raise]) -> list[Raise]:
    distinct: dict[str, Raise] = {}
    for one in found:
        distinct.setdefault(one["text"], one)
    return list(distinct.values())


def _of_concern(entry: Entry, concern: Concern) -> list[Raise]:
    name = concern["concern"]
    if name == "unanswered":
        found = [one for question in concern_words.unanswered(entry) for one in _of_unanswered(entry, question)]
        return [{**one, "concern": name} for one in found]
    if name == "search":
        return [_search(concern)]
    side = sides.in_sentence(concern_words.codes(concern["side"], entry)).removesuffix(" together")
    text, command = {
        "window": (_earlier(entry), SEARCHES),
        "countries": (f"Use a source that states the countries for {side}.", COUNTRIES),
        "publication": (_later(entry, concern), None),
        "number": ("A wider topic, or a claim on more years, gives more to count.", None),
        "sight": (f"Use records that have abstracts and class symbols for {side}, too.", None),
        "topic": ("Draw a sample, read whether each record is on topic, and run again with the labels.", LABEL),
    }[name]
    return [_raise(name, text, command)]


def _earlier(entry: Entry) -> str:
    first = words.first_year(entry) - YEARS_BEFORE
    return f"Search again with publication dates from 1 January {first} on, to see older inventions whole."


def _raise(concern: str, text: str, command: str | None = None) -> Raise:
    return {"concern": concern, "text": text, "command": command}


def _search(concern: Concern) -> Raise:
    if concern["points"] >= _CUT:
        text = "Export the rest, too: cut the search into smaller pieces, by year or office, and give all the files."
        return _raise("search", text, WITH_MORE)
    if _ALL_STATED.search(str(concern["found"])):
        return _raise(
            "search", "Say that these files are all of the search, which their own totals bear out.", COMPLETE_BY_FILE
        )
    text = "Say how many results the site shows for the search (N), and that these files are all of them."
    return _raise("search", text, COMPLETE)


def _later(entry: Entry, concern: Concern) -> str:
    """Return when more of the claim's last year will have been published, or what would tell how much has been."""
    year = words.last_year(entry)
    if concern["found"] is None:
        return "Search earlier years, too: how soon each side's filings are published is read off its older ones."
    question = concern_words.question_of(entry, concern["question"])
    figure = question["figure"] if question else None
    if figure is not None and figure["as_of"] >= f"{year + _PUBLISHED_AFTER}-07-01":
        return f"Count again later, when more of {year} has been published."
    until = f"applications of {year} are published until the middle of {year + _PUBLISHED_AFTER}."
    if figure is not None and figure["as_of"] <= f"{year}-12-31":
        return f"Search again for newer records: these end before {year} was over; {until}"
    return f"Count again later: {until}"


def _of_unanswered(entry: Entry, question: Question) -> list[Raise]:
    """Return what would answer a question that is open or can't be checked, or answer it more surely."""
    if question["verdict"] == OPEN:
        if question["figure"] is not None and question["figure"]["is_audited"]:
            return [_raise("unanswered", "Read and label more records: the labels leave both answers possible.", LABEL)]
        text = f"To tell {question['asks']}, use a source that states the countries that these records leave out."
        return [_raise("unanswered", text, COUNTRIES)]
    if question["verdict"] != NOT_ASSESSABLE:
        costs = {concern["concern"]: concern["points"] for concern in entry["concerns"]}
        more = [concern for concern in question["concerns"] if concern["points"] > costs.get(concern["concern"], 0)]
        return [one for concern in more for one in _of_concern(entry, concern)]
    return [_of_stop(reason) for reason in reasons.stops_of(entry, question)] or [_both_sides(entry)]


def _both_sides(entry: Entry) -> Raise:
    wider = "" if reasons.is_outside(entry) else ", or widen the topic"
    return _raise("stopped", f"Search for records of both sides in {words.years(entry)}{wider}.")


def _of_stop(reason: str) -> Raise:
    """Return what would remove what stopped a count."""
    text, command = next((way for words_of, way in _STOPS.items() if words_of in reason), _OTHERWISE)
    return _raise("stopped", text, command)


#: What would remove a stop, by words of its reason.
_STOPS: dict[str, tuple[str, str | None]] = {
    "embedded sample": (
        "Search every country of the claim, in place of the sample. This prints what to paste, and what to run then.",
        "patentscope sources --query QUERY",
    ),
    "search was limited": ("Search again without that limit, for every country of the claim.", SEARCHES),
    "no source": ("Search every country of the claim; a source, or an export, may cover some only.", SOURCES),
    "nothing published": (
        "If the search covers these offices, say that it is complete; else search there, too.",
        COMPLETE,
    ),
    "country is stated": ("Use a source that states the countries of owners and inventors.", COUNTRIES),
    "members are not known": ("Fetch all members of each family.", MEMBERS),
    "have no dates": ("Fetch a record of every family member, which has a date.", MEMBERS),
    "classifier": ("Give the classifier more records with abstracts to learn from.", None),
    "labels": ("Draw and label a sample for the claim's years.", LABEL),
}
_OTHERWISE: tuple[str, str | None] = ("Give records that the claim's sides can be counted in.", None)
