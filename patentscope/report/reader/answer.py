"""The claim and its answer: what was said and how it is read, the headline, what stands under it, and the evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, Entry
from patentscope.aggregate.answers.words import answer_words, evidence_words
from patentscope.aggregate.answers.words.claim_words import claimed, years
from patentscope.aggregate.answers.words.concern_words import day
from patentscope.provenance.search import CUT, UNKNOWN, in_words
from patentscope.query.made import is_made
from patentscope.report.reader.coloured import coloured
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

#: What a sentence says of its own time, which the day on which it was said turns into a year.
_RELATIVE = re.compile(r"\b(?:last|this|past|previous) (?:years?|decades?|months?)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = frozenset({"on", "in", "of", "for", "about", "the", "patent", "and", "to"})
_SAMPLE = "A demonstration on the embedded sample."
_FIRST_SENTENCE = re.compile(r"(?<=[a-z])\. ")


def warnings(tables: RunTables) -> list[tuple[str, str]]:
    """Return what a reader must know before anything else: a head and a sentence each."""
    if tables.is_sample:
        real = f"Its {tables.records.sizes(tables.as_of)[0]:,} publications are real, but one reader picked them"
        return [(_SAMPLE, f"{real}: no figure here says how many patents a country has.")]
    cut = [source for source in tables.state["sources"] if source["status"] == CUT]
    found = [("Cut list.", f"{in_words(source)}. What was cut off is not counted.") for source in cut]
    if not cut and any(source["status"] == UNKNOWN for source in tables.state["sources"]):
        found.append(("Search not known to be whole.", "This is about these records alone."))
    return found


def answer(tables: RunTables, claim: Entry) -> dict[str, Any]:
    """Return a claim, its answer in a sentence and what stands around it."""
    said = wording(tables.untold)
    is_judged = claim["verdict"] != NOT_ASSESSABLE
    unread = [text for text in claim["unread"] if not _is_own_topic(tables, text)]
    told = [claim["ways_in_words"]] if all(way["stopped"] for way in claim["ways"]) else []
    texts = told if is_judged else [_on_topic(tables, claim), _published(claim)]
    texts = [answer_words.what_it_counts(claim), answer_words.at_the_claim(claim), *texts, answer_words.spread(claim)]
    return {
        "quote": claim["quote"],
        "source": claim["source"],
        "said_on": _said_on(claim),
        "read_as": claim["read_as"] if claim["unread"] or is_made(tables.query.text) else "",
        "unread": unread,
        "is_own_topic": len(unread) < len(claim["unread"]),
        "takes_all": tables.query.readings[0].takes_all,
        "chip": claim["chip"],
        "sentence": coloured(said(claim["sentence"]), claim),
        "claimed": claimed(claim),
        "counted": said(answer_words.counted_in_short(claim)) if is_judged else "",
        "texts": [said(text) for text in texts if text],
        "evidence": _evidence(tables, claim),
    }


def _said_on(claim: Entry) -> str:
    """Return the day on which a claim was said, and the year that a word like *last year* then means."""
    if not claim["said_on"]:
        return ""
    relative = _RELATIVE.search(claim["quote"])
    means = f", so “{relative[0].lower()}” is {years(claim)}" if relative else ""
    return f"as said on {day(claim['said_on'])}{means}"


def _is_own_topic(tables: RunTables, text: str) -> bool:
    """Say whether what wasn't read of a claim only names the query's topic: no word that its title doesn't have."""
    if all(reading.takes_all for reading in tables.query.readings):
        return False
    words_of = [{word.lower().removesuffix("s") for word in _WORD.findall(each)} for each in (text, tables.query.title)]
    return bool(words_of[0] - _SMALL_WORDS) and words_of[0] <= words_of[1] | _SMALL_WORDS


def _on_topic(tables: RunTables, claim: Entry) -> str:
    """Return what the records on topic have, a definition of the topic called as readers call it."""
    said = claim["on_topic_sentence"]
    for name, called in topic_names(tables.query).items():
        said = said.replace(f" (topic definition “{name}”)", f" by {in_a_sentence(called)}")
    return said


def _published(claim: Entry) -> str:
    """Return the first sentence of what others counted: whether that is of this topic and year."""
    return f"{_FIRST_SENTENCE.split(claim['published_sentence'])[0].rstrip('.')}." if claim["published"] else ""


def _evidence(tables: RunTables, claim: Entry) -> dict[str, Any]:
    """Return the box beside the answer: how sure it is, the reasons good and bad, what would make it surer."""
    said = wording(tables.untold)
    dots = evidence_words.DOTS.get(claim["certainty"] or "", 0)
    return {
        "heading": evidence_words.heading(claim),
        "dots": "●" * dots + "○" * (4 - dots) if dots else "",
        "points": evidence_words.points(claim),
        "reasons": [replace(one, text=said(one.text)) for one in evidence_words.of_answer(claim)],
        "steps": [{"text": said(step["text"]), "command": step["command"]} for step in claim["raise"]],
        "is_sure": bool(claim["certainty"]),
    }
