"""The Lens: all offices' bibliographic data, asked in slices that fit its window, with proof of completeness.

The Lens shows the first 10,000 hits of a search page by page; beyond, it offers a cursor whose name changes with every
answer, which could neither be kept nor gone on with. So a search with more is cut by publication year, month and day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from patentscope.fetch.asking import Asking
from patentscope.fetch.http import Asker
from patentscope.fetch.lens.access import CARD, manners
from patentscope.fetch.lens.query import PAGE, body, narrowed, searches
from patentscope.fetch.lens.record import publication_of
from patentscope.fetch.loose_json import objects
from patentscope.fetch.periods import DEPTH, parts_of, whole
from patentscope.fetch.slices import Fetched, Hit, Slice, as_imported, cut
from patentscope.query.query import Query
from patentscope.records.imported import Imported

WINDOW = 10_000
_NOTE = "a hit is one publication; only the members of a family that match are among them"
_NO_NUMBER = "no publication number"
_ONLY_404 = "every search was answered with 404, which The Lens says of an empty result and of a wrong address"


@dataclass
class Fetch:
    """One fetch of a query's pool of candidates; nothing is sent before it is run."""

    asker: Asker
    query: Query
    asking: Asking
    found: Fetched = field(default_factory=Fetched)
    has_answered: bool = False

    def run(self) -> Fetched:
        """Ask for every search, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        for name, search in searches(self.query):
            asked = narrowed(search, whole(self.query.years))
            ways = [self._periods] * DEPTH
            for piece in cut(name, asked, ways, total=self._total, window=WINDOW, found=self.found):
                done = self.found.collect(piece, self._pages(piece))
                self.asking.progress(self.found.going(done, done.received))
        return self.found

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        for period in parts_of(where, self.query.years):
            yield period.name, narrowed(search, period)

    def _total(self, search: str) -> int:
        """Return how many hits The Lens states. The question is the slice's first page, so it costs no more."""
        return self._page(search, 0)[0]

    def _pages(self, piece: Slice) -> Iterator[tuple[int, Iterator[Hit]]]:
        for first in range(0, piece.stated, PAGE):
            total, records = self._page(piece.search, first)
            yield total, map(self._read, records)

    def _read(self, record: dict[str, Any]) -> Hit:
        name = record.get("lens_id") or record.get("doc_key")
        publication = publication_of(record, source=CARD.name, origin=self.found.keys[-1][:16])
        return Hit(str(name or ""), [publication] if publication else (), () if publication else [_NO_NUMBER])

    def _page(self, search: str, first: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the total and the records of one page of a search; none where nothing was found."""
        question, url = body(search, first), f"{CARD.address()}/patent/search"
        answer = self.asker.ask(url, service="search", accept="application/json", method="POST", body=question)
        self.found.note(answer)
        self.has_answered |= answer.status != 404  # noqa: PLR2004 - HTTP's number for nothing found
        if answer.status != 200:  # noqa: PLR2004 - the other final ones say that nothing was found
            return 0, []
        page = json.loads(answer.body)
        return page["total"], objects(page.get("data"))


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(asking.asker(CARD, manners())) as who:
        fetching = Fetch(who, query, asking)
        found = fetching.run()
    if fetching.has_answered:
        return as_imported(found, CARD, _NOTE)
    # 404 stands for an empty result and for a wrong address; where nothing else came, it proves nothing.
    return as_imported(found, CARD, _ONLY_404, is_proven=None)
