"""What would make an answer surer, or give one."""

from __future__ import annotations

from typing import Any

import pytest

from patentscope.aggregate.answers.words.remedies import raising

from worlds.entries import make_concern, make_entry, make_figures, make_question

LABEL = "patentscope label draw RUN --per-country 50 --out SHEET.csv"
WHOLE = "patentscope run QUERY --input FILE --stated-total N --complete"
SEARCHES = "patentscope sources --query QUERY"
COUNTRIES = "patentscope run QUERY --source ops"
MEMBERS = f"{COUNTRIES} --families"


def raised(*concerns: Any, **figures: Any) -> list[tuple[str, str | None]]:
    """Return what would raise a supported answer with *concerns*: texts and commands."""
    question = make_question("market", "supported", make_figures(173, 100, **figures))
    entry = make_entry("supported", question, concerns=list(concerns), year="2019..2024")
    return [(one["text"], one["command"]) for one in raising(entry)]


@pytest.mark.parametrize(
    ("concern", "says", "command"),
    [
        (make_concern("search", 1, "not known whether it is whole"), "how many results the site shows", WHOLE),
        (make_concern("search", 2, "cut"), "smaller pieces", WHOLE.replace("FILE", "FILE MORE.csv")),
        (make_concern("window", 1, 0.3, side="CN"), "dates from 1 January 2014 on", SEARCHES),
        (make_concern("countries", 1, 0.3, side="US+AU+JP"), "for the United States, Australia and Japan.", COUNTRIES),
        (make_concern("publication", 1, 0.8), "Count again later, when more of 2024 has been published.", None),
        (make_concern("publication", 2, None), "Search earlier years, too", None),
        (make_concern("number", 3, 12.0), "A wider topic, or a claim on more years", None),
        (make_concern("sight", 1, 0.7, side="CN"), "abstracts and class symbols for China", None),
        (make_concern("topic", 1, "nobody has read a sample of it"), "Draw a sample", LABEL),
    ],
    ids=lambda value: value["concern"] if isinstance(value, dict) else None,
)
def test_each_concern_says_what_would_take_it_away(concern: Any, says: str, command: str | None) -> None:
    """The text says what to do next, and the command is there where one does it."""
    [(text, found)] = raised(concern, as_of="2026-07-01")
    assert says in text
    assert found == command


def test_what_is_published_later_says_until_when() -> None:
    """Before the middle of the second year after it, the day by which a year's applications are out is named."""
    [(text, _)] = raised(make_concern("publication", 1, 0.8), as_of="2025-12-31")
    assert text == "Count again later: applications of 2024 are published until the middle of 2026."


def test_nothing_is_advised_that_changes_nothing() -> None:
    """An answer that nothing lowers needs nothing, and a concern without points is no reason to do anything."""
    assert raised() == []
    assert raised(make_concern("topic", 0, 50.0), make_concern("countries", 0, 0.1)) == []


def test_a_question_that_stays_unanswered_says_what_would_answer_it() -> None:
    """Of one that is stopped, what stops it; of one that is less sure, only what makes it so."""
    market = make_question("market", "supported", make_figures(173, 100))
    lost = [make_concern("search", 1, "not known", question="ownership"), make_concern("countries", 2, 0.6, side="CN")]
    owners = make_question("ownership", "contradicted", make_figures(90, 160), concerns=lost)
    concerns = [make_concern("search", 1, "not known"), make_concern("unanswered", 1, "ownership")]
    entry = make_entry("supported", market, owners, concerns=concerns, rests_on=["market"])
    assert [(one["concern"], one["command"]) for one in raising(entry)] == [
        ("search", WHOLE),
        ("unanswered", COUNTRIES),
    ]
    stopped = [{"reason": "no owner's country is stated", "question": "ownership", "n": 12}]
    silent = make_question("ownership", "not assessable")
    entry = make_entry("supported", market, silent, concerns=concerns[1:], stopped=stopped)
    assert [(one["concern"], one["command"]) for one in raising(entry)] == [("unanswered", COUNTRIES)]


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        (
            "the records are the embedded sample, too small to judge a claim",
            "patentscope sources --query QUERY",
        ),
        ("no source of this run covers Japan", "patentscope sources"),
        ("the search was limited to China, so that no other country can be in it", "patentscope sources --query QUERY"),
        ("nothing published in Japan is among the records; if the search covers it, say --complete", WHOLE),
        ("no inventor's country is stated", COUNTRIES),
        ("family members are not known", MEMBERS),
        ("family members have no dates", MEMBERS),
        ("the classifier could not be trained: too few examples", None),
        ("labels were drawn for 2019, not for 2024", LABEL),
        ("something else", None),
    ],
)
def test_each_stop_says_what_would_remove_it(reason: str, command: str | None) -> None:
    """An answer that can't be given says what to do next, by what stopped most ways to count."""
    stopped = [
        {"reason": reason, "question": "market", "n": 12},
        {"reason": "a rare one", "question": "market", "n": 1},
    ]
    entry = make_entry("not assessable", make_question("market", "not assessable"), stopped=stopped)
    [found] = raising(entry)
    assert found["text"]
    assert (found["concern"], found["command"]) == ("stopped", command)


def test_where_nothing_is_counted_another_search_is_advised() -> None:
    """Even without a reason the answer ends with what to do next."""
    [found] = raising(make_entry("not assessable", make_question("market", "not assessable")))
    assert found["text"] == "Search for records of both sides in 2024, or widen the topic."


def test_an_open_answer_says_what_would_close_it() -> None:
    """Unknown countries need a source that states them; what the labels leave open needs more labels."""
    unsure = make_question("ownership", "open", make_figures(105, 100, unknown_n=10))
    assert [one["command"] for one in raising(make_entry("open", unsure))] == [COUNTRIES]
    audited = make_question("ownership", "open", make_figures(105, 100, is_audited=True))
    assert [one["command"] for one in raising(make_entry("open", audited))] == [LABEL]
