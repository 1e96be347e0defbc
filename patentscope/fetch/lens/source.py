"""The Lens: all offices' bibliographic data, asked in slices that fit its window, with proof of completeness.

The Lens shows the first 10,000 hits of a search page by page; beyond, it offers a cursor whose name changes with every
answer, which could neither be kept nor gone on with. So a search with more is cut by publication year, month and day.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from patentscope.fetch.asking import base_of, where_asked
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.keys import name_of_set
from patentscope.fetch.lens.access import KEY_NAMES, REGISTER, manners
from patentscope.fetch.lens.query import PAGE, body, narrowed, searches
from patentscope.fetch.lens.record import publication_of
from patentscope.fetch.periods import DEPTH, parts_of, whole
from patentscope.fetch.slices import Fetched, Slice, as_imported, cut
from patentscope.provenance.ledger import Loss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentscope.fetch.asking import Asking
    from patentscope.fetch.http import Asker
    from patentscope.query.query import Query
    from patentscope.records.imported import Imported
    from patentscope.records.publication import Publication

NAME = "lens"
TITLE = "The Lens, patent API"
BASE = "https://api.lens.org"
VARIABLE = "PATENTSCOPE_LENS_URL"
LICENCE = "Lens terms: attribution (https://www.lens.org); records are not to be redistributed"
WINDOW = 10_000
_NOTE = "a hit is one publication; only the members of a family that match are among them"
_ONLY_404 = "every search was answered with 404, which The Lens says of an empty result and of a wrong address"


class Fetch:
    """One fetch of a query's pool of candidates."""

    def __init__(self, asker: Asker, query: Query, asking: Asking) -> None:
        """Prepare to ask; nothing is sent yet."""
        self._asker = asker
        self._query = query
        self._asking = asking
        self._url = f"{base_of(VARIABLE, BASE)}/patent/search"
        self.found = Fetched()
        self.has_answered = False

    def run(self) -> Fetched:
        """Ask for every search, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        for name, search in searches(self._query):
            asked = narrowed(search, whole(self._query.years))
            ways = [self._periods] * DEPTH
            for piece in cut(name, asked, ways, total=self._total, window=WINDOW, found=self.found):
                self._collect(piece)
        return self.found

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        for period in parts_of(where, self._query.years):
            yield period.name, narrowed(search, period)

    def _total(self, search: str) -> int:
        """Return how many hits The Lens states. The question is the slice's first page, so it costs no more."""
        return int(self._page(search, 0)["total"])

    def _collect(self, piece: Slice) -> None:
        """Take in a slice's pages. A record that comes twice has pushed another off its page: it counts once."""
        records: dict[str, Publication | Loss] = {}
        stated = piece.stated
        for first in range(0, piece.stated, PAGE):
            page = self._page(piece.search, first)
            stated = max(stated, page["total"])
            for place, record in enumerate(page["data"]):
                name = str(record.get("lens_id") or record.get("doc_key") or f"{first + place}")
                records.setdefault(name, self._read(record, name))
        read = list(records.values())
        publications = [one for one in read if not isinstance(one, Loss)]
        losses = [one for one in read if isinstance(one, Loss)]
        done = self.found.close_slice(replace(piece, stated=stated), publications, losses)
        self._asking.progress(self.found.going(done, done.received))

    def _read(self, record: dict[str, Any], name: str) -> Publication | Loss:
        publication = publication_of(record, source=NAME, origin=self.found.keys[-1][:16])
        return publication or Loss("no publication number", "unknown", 1, (name,))

    def _page(self, search: str, first: int) -> dict[str, Any]:
        """Return one page of a search, with `total` and `data`; an empty one where nothing was found."""
        question = body(search, first)
        answer = self._asker.ask(self._url, service="search", accept="application/json", method="POST", body=question)
        self.found.note(answer)
        self.has_answered |= answer.status != 404  # noqa: PLR2004 - HTTP's number for nothing found
        if answer.status != 200:  # noqa: PLR2004 - the other final ones say that nothing was found
            return {"total": 0, "data": []}
        page = json.loads(answer.body)
        # What is no object is a record that can't be read: it counts as one.
        return {"total": page["total"], "data": [one if isinstance(one, dict) else {} for one in page.get("data", [])]}


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(asking.asker(NAME, LICENCE, manners())) as who:
        fetching = Fetch(who, query, asking)
        found = fetching.run()
    if fetching.has_answered:
        return as_imported(found, name=NAME, title=TITLE, licence=LICENCE, note=_NOTE)
    # 404 stands for an empty result and for a wrong address; where nothing else came, it proves nothing.
    empty = as_imported(found, name=NAME, title=TITLE, licence=LICENCE, note=_ONLY_404)
    return replace(empty, source=replace(empty.source, proven_complete=None))


def described(cache: Path) -> dict[str, str]:
    """Return what `sources` says of The Lens; never a token's value."""
    name = name_of_set(KEY_NAMES)
    token = f"token from {name}" if name else "no token set"
    return {
        "name": NAME,
        "covers": f"{TITLE}: bibliographic data of all offices, with abstracts and simple families",
        "needs": f"{KEY_NAMES[0]}, by trial or plan at {REGISTER}",
        "set_up": "; ".join(part for part in (token, where_asked(VARIABLE)) if part),
        "kept": AnswerStore(cache, NAME, LICENCE).summary(),
        "licence": LICENCE,
        "how": "patentscope fetch QUERY --source lens, then patentscope run QUERY --source lens",
    }
