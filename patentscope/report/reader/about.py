"""What these records are: source, search, whole or not, newest record, countries, licence, topic definitions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.concern_words import day
from patentscope.provenance.search import told_together
from patentscope.provenance.state import NEWEST_RECORD, SourceEntry, dated
from patentscope.query import side_names as sides
from patentscope.query.query import CLASSIFIER, Query, Reading
from patentscope.records.offices import UNKNOWN
from patentscope.report.reader.topics import topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Table, figure
from patentscope.report.wording import wording

_MOST_SOURCES = 3


def about(tables: RunTables, claim: Entry | None) -> dict[str, Any]:
    """Return the facts of a run's records, the countries of what a claim's figure counts, the topic definitions."""
    return {
        "facts": [(name, text) for name, text in [*_facts(tables), *_by_others(claim)] if text],
        "countries": _countries(tables, claim) if claim else None,
        "licences": _distinct(tables.state["sources"], "licence"),
        "definitions": definitions(tables),
    }


def _facts(tables: RunTables) -> list[tuple[str, str]]:
    said = wording(tables.untold)
    n, families, first, last = tables.records.sizes(tables.as_of)
    each = ", each an invention of its own" if n == families else f" in {families:,} inventions"
    inventions = "" if "family" in tables.untold else each
    searches = list(dict.fromkeys(source["search"] for source in tables.state["sources"] if source["search"]))
    date = "" if tables.state["as_of_is"] == NEWEST_RECORD else f"; {dated(tables.state)}"
    return [
        ("Source", f"{n:,} publications{inventions}; {_distinct(tables.state['sources'], 'title')}"),
        ("Search", said(_cut("; ".join(searches)))),
        ("Whole?", "; ".join(told_together(tables.state)).removeprefix(_only_name(tables))),
        ("Published", f"{_from(first, last)}{day(last.isoformat())}{date}" if first and last else ""),
    ]


def _from(first: dt.date, last: dt.date) -> str:
    """Return from when publications are, before the last day: a year, or a day of that year; nothing of one day."""
    if first == last:
        return ""
    return f"{first.year if first.year < last.year else day(first.isoformat())} to "


def _by_others(claim: Entry | None) -> list[tuple[str, str]]:
    """Return that no published count is known to the run, where there is none; else the page tells of them."""
    return [("By others", "No published count was found.")] if claim and not claim["published"] else []


def _only_name(tables: RunTables) -> str:
    """Return what a line on the only source begins with: its name, and how many rows, which both stand above."""
    (first, *others) = tables.state["sources"]
    rows = f"{first['rows']:,} rows, " if first["rows"] == tables.records.sizes(tables.as_of)[0] else ""
    return "" if others else f"{first['name']}: {rows}"


def _cut(text: str, most: int = 220) -> str:
    """Return a search as its source states it; a long one is cut, and stands whole with the sources."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def _distinct(sources: Sequence[SourceEntry], name: str) -> str:
    """Return what the sources say, each thing once; of many the first, and how many more there are."""
    texts = list(dict.fromkeys(str(source[name]) for source in sources))  # type: ignore[literal-required]
    more = f" and {len(texts) - _MOST_SOURCES} more" if len(texts) > _MOST_SOURCES else ""
    return "; ".join(texts[:_MOST_SOURCES]) + more


def _countries(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return how what is counted is spread over left, right, others and unknown, as a bar and in words.

    Of the headline's question in the claim's years; where nothing is judged, of all publications by office.
    """
    first = headlines.headline(claim)
    if first is None or first["figure"] is None:
        return _spread(claim, tables.records.by_office(), "publications, by office")
    counts = tables.counts
    years = counts["year"].between(words.first_year(claim), words.last_year(claim))
    by_country = counts[counts["question"].eq(first["question"]) & years].groupby("country")["n"].sum()
    what = f"{words.noun(first['figure'])} of {words.years(claim)}, {headlines.BY_QUESTION[first['question']]}"
    return _spread(claim, Counter(dict(by_country)), wording(tables.untold)(what))


def _spread(claim: Entry, counts: Counter[str], what: str) -> dict[str, Any] | None:
    total = counts.total()
    if not total:
        return None
    is_others = sides.is_all_others(claim["right"])
    left = sum(counts[code] for code in claim["left"])
    unknown = counts[UNKNOWN]
    right = total - left - unknown if is_others else sum(counts[code] for code in claim["right"])
    parts: list[tuple[str, str, float]] = [("left", sides.label(claim["left"], claim["right"]), left)]
    parts += [("right", sides.label(claim["right"], claim["left"]), right)]
    parts += [("others", "others", 0 if is_others else total - left - right - unknown), ("unknown", "unknown", unknown)]
    parts = [part for part in parts if part[2]]
    told = numbers.percents([float(n) for _, _, n in parts])
    shown = [(side, name, float(100 * n / total), said) for (side, name, n), said in zip(parts, told, strict=True)]
    return {"parts": shown, "what": what}


def definitions(tables: RunTables) -> Table:
    """Return each topic definition in plain words, how many inventions it takes in, and what it can't see."""
    names = topic_names(tables.query)
    rows = [
        [
            _with_groups(names[reading.name], reading),
            "all" if reading.takes_all else figure(tables.records.taken(reading.name)[0]),
            _cannot_see(tables.query, reading),
        ]
        for reading in tables.query.readings
    ]
    unit = "Publications" if "family" in tables.untold else "Inventions"
    caption = "What each topic definition found, and can't see"
    return Table(caption, ["Topic definition", unit, "What it can't see"], rows, {1}, name="topic-definitions")


def _with_groups(name: str, reading: Reading) -> str:
    """Return a definition's name with the groups that it asks for, where it asks for one kind of thing."""
    kinds = {member.partition(".")[0] for member in reading.members}
    groups = [member.partition(".")[2].replace("_", " ") for member in reading.members]
    if len(kinds) > 1 or not all(groups) or reading.without_y02:
        return name
    return f"{name}: {sides.listed(groups, 'and' if reading.all else 'or')}"


def _cannot_see(query: Query, reading: Reading) -> str:
    """Return what a topic definition misses, in general: what it doesn't look at."""
    kinds = {member.partition(".")[0] for member in reading.members}
    if reading.name in query.wider:
        return "whether it is this topic, or only near it"
    if reading.takes_all:
        return "whether a record is on the topic"
    if CLASSIFIER in kinds:
        return "whatever its examples lack"
    if reading.without_y02:
        return "what only such a tag marks"
    if kinds == {"classes", "terms"}:
        return "texts that don't name it, other classes"
    return "what is filed under other classes" if "classes" in kinds else "other words, records without a summary"
