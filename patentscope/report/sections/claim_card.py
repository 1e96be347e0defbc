"""Number cards: a figure to quote, with its convention, date, sources and caveat, and how to cite and to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patentscope.provenance.search import told
from patentscope.provenance.state import dated
from patentscope.query.claim import side_text
from patentscope.report.charts.ratio import ratio_words
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Cell, Table, figure, percent

#: The name of the table of the cards, which the page shows as cards.
CARDS = "number-cards"
#: The lines of a card, in their order.
LINES = ("claim", "question", "figure", "convention", "dates", "sources", "searches", "caveat", "records", "cite as")


def cards(tables: RunTables) -> list[dict[str, str]]:
    """Return one card per claim and question that could be assessed, and one that refuses where none could.

    A card has the `LINES`; an illustration has none, for nobody claimed it.
    """
    made = []
    for claim in tables.claims:
        if not tables.note_of(claim):
            with_baseline = [_card(tables, claim, entry) for entry in claim["questions"] if entry["baseline"]]
            made += with_baseline or [_refusal(tables, claim)]
    return made


def cards_table(made: Sequence[Mapping[str, str]]) -> Table:
    """Return the cards as a table, to take away."""
    rows: list[list[Cell]] = [[card[name] for name in LINES] for card in made]
    return Table("Number cards: figures to quote, each with what belongs to it", list(LINES), rows, name=CARDS)


def _card(tables: RunTables, claim: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, str]:
    base = entry["baseline"]
    counts = f"{figure(base['left_n'])} / {figure(base['right_n'])}"
    text = f"{ratio_words(claim['left'], claim['right'])} = {figure(base['ratio'])} in {claim['year']} ({counts})"
    at = tables.curve[tables.curve["claim_id"].eq(claim["id"]) & tables.curve["spec_id"].eq(base["spec_id"])]
    if len(at):
        low, high = (float(at[name].iloc[0]) if at[name].iloc[0] else None for name in ("low", "high"))
        ends = f"{figure(low)} to {'no upper end' if high is None else figure(high)}"
        text += f"; {ends} with all that is unknown put against and for"
    command = f"patentscope show RUN --spec {base['spec_id']} --country {claim['left'][0]}"
    command += f" --year {claim['year']}" if str(claim["year"]).isdigit() else ""
    caveat = (
        f"One of {figure(entry['specifications'])} admitted ways to count for this question, with ratios of "
        f"{figure(entry['min_ratio'])} to {figure(entry['max_ratio'])}, median {figure(entry['median_ratio'])}; "
        f"{side_text(tuple(claim['left']))} surely ahead in {percent(entry['share_left_ahead'])} of them. "
        f"Verdict on this question: {entry['verdict']}. {_sample(tables)}"
    )
    return _lines(tables, claim, entry["question"], text) | {
        "convention": f"{tables.in_words(base['spec_id'])} (spec_id {base['spec_id']})",
        "caveat": caveat.strip(),
        "records": command,
    }


def _refusal(tables: RunTables, claim: Mapping[str, Any]) -> dict[str, str]:
    return _lines(tables, claim, "not assessable", "no figure can be quoted from this run") | {
        "convention": "none of the ways to count was admitted by the gates",
        "caveat": f"{claim['sentence']} {_sample(tables)}".strip(),
        "records": "none",
    }


def _lines(tables: RunTables, claim: Mapping[str, Any], question: str, text: str) -> dict[str, str]:
    """Return a card's lines, those that every card has filled."""
    state = tables.state
    query = state["query"]
    named = "; ".join(
        f"{source['title']}, retrieved {source['retrieved'] or 'on a date not stated'} ({source['licence']})"
        for source in state["sources"]
    )
    program = f"patentscope {state['tool']['version']}, code {state['code']}, query {query['name']}"
    filled = {
        "claim": claim["quote"],
        "question": question,
        "figure": text,
        "dates": dated(state),
        "sources": named,
        "searches": "; ".join(told(state)),
        "cite as": f"{query['title']}, {question}. {program}, {dated(state)}",
    }
    return {name: filled.get(name, "") for name in LINES}


def _sample(tables: RunTables) -> str:
    return "The records are the embedded sample: no count of the world." if tables.is_sample else ""
