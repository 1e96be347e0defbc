"""USPTO Open Data Portal: US applications since about 2001, in slices that fit its window, with proof of completeness.

The portal shows the first 10,000 applications of a search. A search with more is cut into what was published and what
was granted without that, and each by year, month and day. The unit of its counts is the application, and so is that of
the proof: one application gives no, one or two publications (`uspto_record`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from patentscope.errors import FetchError
from patentscope.fetch.askable import symbols_of
from patentscope.fetch.asking import Asking
from patentscope.fetch.http import Asker
from patentscope.fetch.loose_json import objects
from patentscope.fetch.periods import DEPTH
from patentscope.fetch.slices import Fetched, Hit, Slice, as_imported, cut
from patentscope.fetch.uspto import query as asked
from patentscope.fetch.uspto.access import CARD, manners
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
class Fetch:
    """One fetch of a query's pool of candidates; nothing is sent before it is run."""

    asker: Asker
    query: Query
    asking: Asking
    found: Fetched = field(default_factory=Fetched)

    def run(self) -> Fetched:
        """Ask for every search, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        years = self.query.years
        for name, search in asked.searches(self.query):
            ways = [self._documents, *[self._periods] * DEPTH]
            dated = asked.of_years(search, years)
            for piece in cut(name, dated, ways, total=self._total, window=WINDOW, found=self.found):
                # What is stated are applications, and so is what must have come.
                done = self.found.collect(piece, self._pages(piece))
                self.asking.progress(self.found.going(done, done.received))
        return self.found

    def unfound(self) -> list[str]:
        """Return the query's symbols that find no application of any date.

        Such a symbol is not in use in the United States, or the portal does not write it as it is asked here: its
        syntax for classes is not described, and it answers what it can't match with "nothing found".
        """
        return [one for one in symbols_of(self.query) if not self._page(asked.for_symbol(one), 0, 1)[0]]

    def _documents(self, _: str, search: str) -> Iterator[tuple[str, str]]:
        return asked.by_document(search, self.query.years)

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        return asked.by_period(where, search, self.query.years)

    def _total(self, search: str) -> int:
        """Return how many applications the portal states. The question is the slice's first page."""
        return self._page(search, 0, PAGE)[0]

    def _pages(self, piece: Slice) -> Iterator[tuple[int, Iterator[Hit]]]:
        for first in range(0, piece.stated, PAGE):
            count, wrappers = self._page(piece.search, first, PAGE)
            yield count, map(self._read, wrappers)

    def _read(self, wrapper: dict[str, Any]) -> Hit:
        publications, reasons = publications_of(wrapper, source=CARD.name, origin=self.found.keys[-1][:16])
        return Hit(str(wrapper.get("applicationNumberText") or ""), publications, reasons)

    def _page(self, search: str, first: int, size: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the count and the applications of a page of a search; what is too large to send comes in halves."""
        question, url = asked.body(search, first, size), f"{CARD.address()}/patent/applications/search"
        answer = self.asker.ask(url, service="search", accept="application/json", method="POST", body=question)
        self.found.note(answer)
        if answer.status == 404:  # noqa: PLR2004 - HTTP's number for nothing found
            return 0, []
        if answer.status == 413:  # noqa: PLR2004 - HTTP's number for too large
            if size == 1:
                raise FetchError(f"The USPTO's portal can't send application {first + 1} of the search: over 6 MB")
            half = size // 2
            (count, before), (other, behind) = (
                self._page(search, first, half),
                self._page(search, first + half, size - half),
            )
            return max(count, other), before + behind
        page = json.loads(answer.body)
        return page["count"], objects(page["patentFileWrapperDataBag"])


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(asking.asker(CARD, manners())) as who:
        fetching = Fetch(who, query, asking)
        found = fetching.run()
        unfound = fetching.unfound()
    note = _NOTE + (f"; no application of any date is found by {', '.join(unfound)}" if unfound else "")
    return as_imported(found, CARD, note)
