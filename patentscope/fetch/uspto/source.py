"""USPTO Open Data Portal: US applications since about 2001, in slices that fit its window, with proof of completeness.

The portal shows the first 10,000 applications of a search. A search with more is cut into what was published and what
was granted without that, and each by year, month and day. The unit of its counts is the application, and so is that of
the proof: one application gives no, one or two publications (`uspto_record`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx

from patentscope.errors import FetchError
from patentscope.fetch.askable import symbols_of
from patentscope.fetch.asking import Asking
from patentscope.fetch.http import Asker
from patentscope.fetch.listing import Listed
from patentscope.fetch.loose_json import objects
from patentscope.fetch.periods import DEPTH
from patentscope.fetch.slices import Fetched, Hit, Way, as_imported
from patentscope.fetch.uspto import query as asked
from patentscope.fetch.uspto.access import manners
from patentscope.fetch.uspto.card import CARD
from patentscope.fetch.uspto.record import publications_of
from patentscope.query.query import Query
from patentscope.records.imported import Imported

WINDOW = 10_000
PAGE = 100
_NOTE = (
    "a hit is an application, which gives its first publication, its grant, or both; US only, no abstracts (words are "
    "looked for in titles), no IPC, no families; a grant's kind code is not stated; an applicant's country is that of "
    "its own postal address"
)


@dataclass
class _Pages:
    """Pages of searches as they come."""

    asker: Asker
    fetched: Fetched = field(default_factory=Fetched)

    def page(self, search: str, first: int) -> tuple[int, Iterable[Hit]]:
        """Return the count of a search's applications, and those of a page."""
        count, wrappers = self.part(search, first, PAGE)
        return count, map(self._read, wrappers)

    def part(self, search: str, first: int, size: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the count and the applications of a page of a search; what is too large to send comes in halves."""
        question, url = asked.body(search, first, size), f"{CARD.address()}/patent/applications/search"
        answer = self.fetched.note(
            self.asker.ask(url, service="search", accept="application/json", method="POST", body=question)
        )
        if answer.status == httpx.codes.NOT_FOUND:
            return 0, []
        if answer.status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            if size == 1:
                raise FetchError(f"The USPTO's portal can't send application {first + 1} of the search: over 6 MB")
            half = size // 2
            count, before = self.part(search, first, half)
            other, behind = self.part(search, first + half, size - half)
            return max(count, other), before + behind
        page = json.loads(answer.body)
        return page["count"], objects(page["patentFileWrapperDataBag"])

    def is_found(self, wanted: Listed) -> bool:
        """Say whether any application of any date has what a symbol covers."""
        pieces = asked.in_pieces([asked.class_atoms(wanted)])
        return any(self.part(" OR ".join(atoms), 0, 1)[0] for (atoms,) in pieces)

    def _read(self, wrapper: dict[str, Any]) -> Hit:
        publications, reasons = publications_of(wrapper, source=CARD.name, origin=self.fetched.keys[-1][:16])
        return Hit(str(wrapper.get("applicationNumberText") or ""), publications, reasons)


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source; raises as `NetworkSource.read`."""
    ways: list[Way] = [
        lambda _, search: asked.by_document(search, query.years),
        *[lambda where, search: asked.by_period(where, search, query.years)] * DEPTH,
    ]
    with closing(asking.asker(CARD, manners())) as who:
        pages = _Pages(who)
        for name, search in asked.searches(query):
            dated = asked.of_years(search, query.years)
            pages.fetched.pull(name, dated, ways, pages.page, window=WINDOW, size=PAGE, say=asking.progress)
        # A symbol that finds no application of any date is not in use in the United States, or the portal does not
        # write it so: its syntax for classes is not described, and what it can't match it answers with "nothing found".
        unfound = [one.asked for one in symbols_of(query) if not pages.is_found(one)]
    note = _NOTE + (f"; no application of any date is found by {', '.join(unfound)}" if unfound else "")
    return as_imported(pages.fetched, CARD, note)
