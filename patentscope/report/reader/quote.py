"""The answer as prose to quote, with all that belongs to it: how it was counted, from what, when, by which run."""

from __future__ import annotations

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import answer_words, headlines
from patentscope.aggregate.answers.words.concern_words import day
from patentscope.provenance.state import dated
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

_HASH = 8


def quote(tables: RunTables, claim: Entry) -> dict[str, str]:
    """Return a sentence to quote, how its figure was counted, and where it is from; of these only the last is fixed."""
    said = wording(tables.untold)
    return {
        "text": said(answer_words.quotation(claim)),
        "how": said(_how(tables, claim)),
        "source": f"{tables.query.title}. {_sources(tables)}; {dated(tables.state)}. {_program(tables)}.",
    }


def _how(tables: RunTables, claim: Entry) -> str:
    first = headlines.headline(claim)
    figure = first["figure"] if first else None
    if figure is None or not claim["card"]:
        return ""
    counted = answer_words.without_topic(figure)
    topic = in_a_sentence(topic_names(tables.query)[figure["topic"]])
    seen = f"As seen on {day(figure['as_of'])}."
    evidence = f" Evidence: {claim['certainty']}." if claim["certainty"] else ""
    return f"Counted: {counted}. Topic: {topic}. {seen}{evidence}"


def _sources(tables: RunTables) -> str:
    titles = list(dict.fromkeys(source["title"] for source in tables.state["sources"]))
    return titles[0] if len(titles) == 1 else f"{titles[0]} and {len(titles) - 1} more"


def _program(tables: RunTables) -> str:
    """Return the program and the hash of what was counted, by which the same figures can be known again."""
    counted = next((stage["hash_out"] for stage in tables.state["stages"] if stage["stage"] == "counts"), "")
    return f"patentscope {tables.state['tool']['version']}, run {counted[:_HASH]}"
