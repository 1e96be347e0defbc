"""What these records are: source, search, whole or not, newest record, countries, licence, and each topic definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.reason_words import day
from patentscope.provenance.search import told_together
from patentscope.provenance.state import NEWEST_RECORD, SourceEntry, dated
from patentscope.query import side_names as sides
from patentscope.records.offices import UNKNOWN
from patentscope.report.reader import topic_words
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Table, figure
from patentscope.report.wording import wording

_MOST_SOURCES = 3


def about(tables: RunTables, claim: Entry | None) -> dict[str, Any]:
    """Return the facts of a run's records, the countries of those that a claim's figure counts, the topic definitions."""
    return {
        "facts": [(name, text) for name, text in _facts(tables) if text],
        "countries": _countries(tables, claim) if claim else None,
        "licences": _distinct(tables.state["sources"], "licence"),
        "definitions": definitions(tables),
    }


def _facts(tables: RunTables) -> list[tuple[str, str]]:
    said = wording(tables.untold)
    n, families = len(tables.publications), tables.publications["family_id"].nunique()
    inventions = "" if "family" in tables.untold else f" in {families:,} inventions"
    searches = list(dict.fromkeys(source["search"] for source in tables.state["sources"] if source["search"]))
    newest = tables.publications["publication_date"].max()
    date = "" if tables.state["as_of_is"] == NEWEST_RECORD else f"; {dated(tables.state)}"
    return [
        ("Source", f"{n:,} publications{inventions}; {_distinct(tables.state['sources'], 'title')}"),
        ("Search", said(_cut("; ".join(searches)))),
        ("Whole?", "; ".join(told_together(tables.state))),
        ("Newest record", f"{day(newest.date().isoformat())}{date}" if newest == newest else ""),  # noqa: PLR0124 - no date
    ]


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
        return _spread(claim, Counter(tables.publications["office"]), "publications, by office")
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
    parts = [("left", sides.label(claim["left"], claim["right"]), left)]
    parts += [("right", sides.label(claim["right"], claim["left"]), right)]
    parts += [("others", "others", 0 if is_others else total - left - right - unknown), ("unknown", "unknown", unknown)]
    shown = [(side, name, float(100 * n / total), numbers.percent(n / total)) for side, name, n in parts if n]
    return {"parts": shown, "what": what}


def definitions(tables: RunTables) -> Table:
    """Return each topic definition in plain words, how many inventions it takes in, and what it can't see."""
    said = wording(tables.untold)
    rows = []
    for reading in tables.query.readings:
        n = int(tables.scores[f"in_topic_{reading.name}"].eq(other=True).sum())
        names = topic_words.full(tables.query, reading.name), topic_words.cannot_see(tables.query, reading.name)
        rows.append([names[0], figure(n), names[1]])
    unit = "Publications" if "family" in tables.untold else "Inventions"
    caption = said("What each topic definition found, and can't see")
    return Table(caption, ["Topic definition", unit, "What it can't see"], rows, {1}, name="topic-definitions")
