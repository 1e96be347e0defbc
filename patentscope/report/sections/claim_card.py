"""Number cards: a figure to quote, with how it was counted, date, sources, caveat, and how to cite and check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patentscope.aggregate.answers.entry import Card, Entry, Question
from patentscope.aggregate.answers.words.sentences import card
from patentscope.provenance.search import told
from patentscope.provenance.state import dated
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Cell, Table

#: The name of the table of the cards, which the page shows as cards.
CARDS = "number-cards"
#: The lines of a card, in their order.
LINES = (
    *("claim", "question", "figure", "range", "evidence", "counted as"),
    *("dates", "sources", "searches", "caveat", "records", "cite as"),
)


def cards(tables: RunTables) -> list[dict[str, str]]:
    """Return one card per claim for its headline's figure, and one per other question; one that refuses where none is.

    A card has the `LINES`.
    """
    made = []
    for claim in tables.claims:
        first = claim["card"]
        made.append(_card(tables, claim, first) if first else _refusal(tables, claim))
        others = [card(alone(claim, entry)) for entry in claim["questions"]]
        made += [_card(tables, claim, one) for one in others if first and one and one["question"] != first["question"]]
    return made


def alone(claim: Entry, entry: Question) -> Entry:
    """Return *claim* as if *entry* were all that it asks, so that what is said of a claim can be said of a question."""
    return {
        **claim,
        "verdict": entry["verdict"],
        "certainty": entry["certainty"],
        "points": entry["points"],
        "concerns": entry["concerns"],
        "rests_on": [entry["question"]],
        "questions": [entry],
    }


def cards_table(made: Sequence[Mapping[str, str]]) -> Table:
    """Return the cards as a table, to take away."""
    rows: list[list[Cell]] = [[card[name] for name in LINES] for card in made]
    return Table("Number cards: figures to quote, each with what belongs to it", list(LINES), rows, name=CARDS)


def _card(tables: RunTables, claim: Entry, card: Card) -> dict[str, str]:
    entry = next(entry for entry in claim["questions"] if entry["question"] == card["question"])
    is_headline = card == claim["card"]
    said = (
        (claim["sentence"], claim["claimed_and_counted"])
        if is_headline
        else (entry["line"], f"The claim as a whole: {claim['chip']}.")
    )
    return _lines(tables, claim, entry["asks"]) | {
        "figure": card["figure"],
        "range": card["range"],
        "evidence": card["certainty_sum"],
        "counted as": f"{card['convention']} ({card['spec_id']})",
        "caveat": _caveat(tables, *said),
        "records": "\n".join(card["show"]),
    }


def _refusal(tables: RunTables, claim: Entry) -> dict[str, str]:
    return _lines(tables, claim, "") | {
        "question": "can't be checked",
        "figure": "no figure can be quoted from this run",
        "evidence": "none",
        "counted as": "nothing is judged",
        "caveat": _caveat(tables, claim["sentence"]),
        "records": "none",
    }


def _caveat(tables: RunTables, *sentences: str) -> str:
    sample = "The records are the embedded sample: no count of the world." if tables.is_sample else ""
    return " ".join(filter(None, (*sentences, sample)))


def _said(tables: RunTables, claim: Entry) -> str:
    """Return the claim as it was made; of one in words also how it was read, and what was not."""
    if not claim["unread"]:
        return claim["quote"]
    counted = "; every record given is counted, whatever it is on" if tables.query.readings[0].takes_all else ""
    return f"{claim['quote']}\nRead as: {claim['read_as']}. Not read: {'; '.join(claim['unread'])}{counted}."


def _lines(tables: RunTables, claim: Entry, asks: str) -> dict[str, str]:
    """Return a card's lines, those that every card has filled."""
    state = tables.state
    query = state["query"]
    named = "; ".join(
        f"{source['title']}, retrieved {source['retrieved'] or 'on a date not stated'} ({source['licence']})"
        for source in state["sources"]
    )
    program = f"patentscope {state['tool']['version']}, code {state['code']}, query {query['name']}"
    filled = {
        "claim": _said(tables, claim),
        "question": asks,
        "dates": dated(state),
        "sources": named,
        "searches": "; ".join(told(state)),
        "cite as": ". ".join([", ".join(filter(None, (query["title"], asks))), f"{program}, {dated(state)}"]),
    }
    return {name: filled.get(name, "") for name in LINES}
