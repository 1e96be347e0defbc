"""The searches to paste into a site's own search box, as a person reads them on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patentscope.fetch.by_hand import Search
    from patentscope.query.query import Query

ASK = (
    "Without any key, export by hand. An export answers only the readings that were searched for: one by default, "
    "others with `--reading NAME ...`, all with `--reading all` (long searches). A search too long for its site is cut "
    "into several; a document that more than one of them finds counts once."
)
_STEPS = """
No file is given, so here is what to search for. From the sentence to the answer in three steps:
1. Paste a search at one of these sites. Start with the Lens: one search there covers all countries.
2. Export what it finds, and save it under the name given.
3. Run the command that stands under it, in the folder with the file. Add `--complete` if the file holds all that the
   search found, and `--stated-total N` with the number of results that the site shows: both at once prove it."""
_BY_TITLE = (
    "In an export without abstracts (Google Patents, Espacenet) `--topic` finds its words in titles only; without it, "
    "all that the search found counts."
)
_NAMED = {"": "All countries", "WO": "International applications", "EP": "European applications"}


def paste_lines(query: Query, *, claim_text: str, topic: str, said_on: dt.date | None) -> Iterator[str]:
    """Yield the searches for a claim and a topic that have no file yet, and the `check` to run on their exports."""
    from patentscope.fetch import by_hand

    pasted = by_hand.to_paste(query, claim_text=claim_text, topic=topic, said_on=said_on)
    found = [by_hand.Search(**search) for search in pasted["searches"]]
    yield _STEPS
    yield from site_lines(query, found, command=pasted["next"])
    yield f"\n{_BY_TITLE}\n\nTo begin with, the first search above is enough, at the Lens. Then run:\n{pasted['next']}"


def site_lines(query: Query, found: Sequence[Search], *, command: str) -> Iterator[str]:
    """Yield the searches site by site, each on a line of its own, with what an export holds and lacks.

    *command* is what to run on the first site's file; of the other sites' files it names these in its place.
    """
    from patentscope.fetch.by_hand import first_year, why_these_years
    from patentscope.fetch.sites import SITES

    first = first_year(query)
    yield f"\n{why_these_years(query)}"
    for site in SITES:
        searches = [search for search in found if search.site == site.name]
        yield f"\n{site.name}: {site.address} ({site.box})"
        yield f"  {site.export.format(first=first, behind=first + 1)}"
        yield f"  Answers {site.answers}. The export lacks: {site.lacks}."
        yield from (f"  {text}" for mark, text in site.unseen if any(mark in search.text for search in searches))
        if not searches:
            yield "  This would take dozens of searches here: use another site, or fewer words and countries."
        elif not all(search.is_within for search in searches):
            yield "  These searches have more terms than its older help allows; if it refuses them, use another site."
        usual, instead = ([one for one in searches if bool(one.if_more_than) is is_late] for is_late in (False, True))
        yield from _searches_and_command(usual, command, found)
        if instead:
            yield f"\nIf {site.name} shows more than {instead[0].if_more_than:,} results, these instead:"
            yield from _searches_and_command(instead, command, found)


def _searches_and_command(searches: Sequence[Search], command: str, found: Sequence[Search]) -> Iterator[str]:
    """Yield the searches, and the *command*, which names the first file of all that were *found*, on their files."""
    from patentscope.query.commands import quoted

    yield from (f"\n{_heading(search)}:\n{search.text}" for search in searches)
    if searches:
        files = " ".join(search.file for search in searches)
        yield f"\nThen run:\n{command.replace(quoted(found[0].file), files, 1)}"


def _heading(search: Search) -> str:
    from patentscope.records.offices import short_name

    where = _NAMED.get(search.office) or short_name(search.office)
    which = f", search {search.number} of {search.of}" if search.of > 1 else ""
    return f"{where}{which}, saved as {search.file}"
