"""USPTO Open Data Portal: US applications since about 2001, in slices that fit its window, with proof of completeness.

The portal shows the first 10,000 applications of a search. A search with more is cut into what was published and what
was granted without that, and each by year, month and day. The unit of its counts is the application, and so is that of
the proof: one application gives no, one or two publications (`uspto_record`).
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from patentscope.errors import FetchError
from patentscope.fetch.asking import base_of, where_asked
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.keys import name_of_set
from patentscope.fetch.periods import DEPTH
from patentscope.fetch.slices import Fetched, Slice, as_imported, cut
from patentscope.fetch.uspto import query as asked
from patentscope.fetch.uspto.access import KEY_NAMES, REGISTER, manners
from patentscope.fetch.uspto.record import publications_of
from patentscope.provenance.ledger import Loss
from patentscope.records.offices import office_codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentscope.fetch.asking import Asking
    from patentscope.fetch.http import Asker
    from patentscope.query.query import Query
    from patentscope.records.imported import Imported
    from patentscope.records.publication import Publication

NAME = "uspto"
TITLE = "USPTO Open Data Portal, patent file wrapper"
BASE = "https://api.uspto.gov/api/v1"
VARIABLE = "PATENTSCOPE_USPTO_URL"
LICENCE = "USPTO data, public domain in the United States"
WINDOW = 10_000
PAGE = 100
_NOTE = (
    "a hit is an application, which gives its first publication, its grant, or both; US only, no abstracts (words are "
    "looked for in titles), no IPC, no families; a grant's kind code is not stated; an applicant's country is that of "
    "its own postal address"
)


class Fetch:
    """One fetch of a query's pool of candidates."""

    def __init__(self, asker: Asker, query: Query, asking: Asking) -> None:
        """Prepare to ask; nothing is sent yet."""
        self._asker = asker
        self._query = query
        self._asking = asking
        self._url = f"{base_of(VARIABLE, BASE)}/patent/applications/search"
        self.found = Fetched()

    def run(self) -> Fetched:
        """Ask for every search, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        years = self._query.years
        for name, search in asked.searches(self._query):
            ways = [self._documents, *[self._periods] * DEPTH]
            dated = asked.of_years(search, years)
            for piece in cut(name, dated, ways, total=self._total, window=WINDOW, found=self.found):
                self._collect(piece)
        return self.found

    def unfound(self) -> list[str]:
        """Return the query's symbols that find no application of any date.

        Such a symbol is not in use in the United States, or the portal does not write it as it is asked here: its
        syntax for classes is not described, and it answers what it can't match with "nothing found".
        """
        return [one for one in asked.symbols_of(self._query) if not self._page(asked.for_symbol(one), 0, 1)["count"]]

    def _documents(self, _: str, search: str) -> Iterator[tuple[str, str]]:
        return asked.by_document(search, self._query.years)

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        return asked.by_period(where, search, self._query.years)

    def _total(self, search: str) -> int:
        """Return how many applications the portal states. The question is the slice's first page."""
        return int(self._page(search, 0, PAGE)["count"])

    def _collect(self, piece: Slice) -> None:
        """Take in a slice's pages. An application that comes twice has pushed another off its page: it counts once."""
        applications: dict[str, tuple[list[Publication], list[str]]] = {}
        stated = piece.stated
        for first in range(0, piece.stated, PAGE):
            page = self._page(piece.search, first, PAGE)
            stated = max(stated, page["count"])
            origin = self.found.keys[-1][:16]
            for place, wrapper in enumerate(page["wrappers"]):
                name = str(wrapper.get("applicationNumberText") or f"{first + place}")
                applications.setdefault(name, publications_of(wrapper, source=NAME, origin=origin))
        publications = [one for found, _ in applications.values() for one in found]
        losses = [Loss(why, "US", 1, (name,)) for name, (_, reasons) in applications.items() for why in reasons]
        done = self.found.close_slice(replace(piece, stated=stated), publications, losses)
        # What is stated are applications, and so is what must have come.
        self.found.slices[-1] = replace(done, received=len(applications))
        self._asking.progress(self.found.going(done, len(applications)))

    def _page(self, search: str, first: int, size: int) -> dict[str, Any]:
        """Return a page of a search, with `count` and `wrappers`; one that is too large to send comes in halves."""
        question = asked.body(search, first, size)
        answer = self._asker.ask(self._url, service="search", accept="application/json", method="POST", body=question)
        self.found.note(answer)
        if answer.status == 404:  # noqa: PLR2004 - HTTP's number for nothing found
            return {"count": 0, "wrappers": []}
        if answer.status == 413:  # noqa: PLR2004 - HTTP's number for too large
            if size == 1:
                raise FetchError(f"The USPTO's portal can't send application {first + 1} of the search: over 6 MB")
            half = size // 2
            parts = [self._page(search, first, half), self._page(search, first + half, size - half)]
            wrappers = [wrapper for part in parts for wrapper in part["wrappers"]]
            return {"count": max(part["count"] for part in parts), "wrappers": wrappers}
        page = json.loads(answer.body)
        # What is no object is an application that can't be read: it counts as one.
        listed = page["patentFileWrapperDataBag"]
        return {"count": page["count"], "wrappers": [one if isinstance(one, dict) else {} for one in listed]}


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(asking.asker(NAME, LICENCE, manners())) as who:
        fetching = Fetch(who, query, asking)
        found = fetching.run()
        unfound = fetching.unfound()
    note = _NOTE + (f"; no application of any date is found by {', '.join(unfound)}" if unfound else "")
    others = tuple(sorted(office_codes() - {"US"}))
    return as_imported(found, name=NAME, title=TITLE, licence=LICENCE, note=note, lacks_offices=others)


def described(cache: Path) -> dict[str, str]:
    """Return what `sources` says of the portal; never a key's value."""
    name = name_of_set(KEY_NAMES)
    key = f"key from {name}" if name else "no key set"
    return {
        "name": NAME,
        "covers": f"{TITLE}: US applications and patents, titles without abstracts; no other office",
        "needs": f"{KEY_NAMES[0]}, free at {REGISTER} with a check of identity (ID.me)",
        "set_up": "; ".join(part for part in (key, where_asked(VARIABLE)) if part),
        "kept": AnswerStore(cache, NAME, LICENCE).summary(),
        "licence": LICENCE,
        "how": "patentscope fetch QUERY --source uspto, then patentscope run QUERY --source uspto",
    }
