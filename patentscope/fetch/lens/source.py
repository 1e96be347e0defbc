"""The Lens: all offices' bibliographic data, asked in slices that fit its window, with proof of completeness.

The Lens shows the first 10,000 hits of a search page by page; beyond, it offers a cursor whose name changes with every
answer, which could neither be kept nor gone on with. So a search with more is cut by publication year, month and day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx

from patentscope.errors import FetchError
from patentscope.fetch.asking import Asking
from patentscope.fetch.http import Asker
from patentscope.fetch.lens.access import manners
from patentscope.fetch.lens.card import CARD
from patentscope.fetch.lens.query import PAGE, at_office, body, narrowed, searches
from patentscope.fetch.lens.record import publication_of
from patentscope.fetch.loose_json import objects
from patentscope.fetch.periods import DEPTH, parts_of, whole, year_of
from patentscope.fetch.slices import Fetched, Hit, as_imported
from patentscope.fetch.stated import Stated
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported

WINDOW = 10_000
_NOTE = "a hit is one publication; only the members of a family that match are among them"
_NO_NUMBER = "no publication number"
_ONLY_404 = "every search was answered with 404, which The Lens says of an empty result and of a wrong address"


@dataclass
class _Pages:
    """Pages of searches as they come, and whether any was an answer other than 404."""

    asker: Asker
    fetched: Fetched = field(default_factory=Fetched)
    has_answered: bool = False

    def page(self, search: str, first: int) -> tuple[int, Iterable[Hit]]:
        """Return the total and the hits of one page of a search; none where nothing was found."""
        question, url = body(search, first), f"{CARD.address()}/patent/search"
        answer = self.fetched.note(
            self.asker.ask(url, service="search", accept="application/json", method="POST", body=question)
        )
        self.has_answered |= answer.status != httpx.codes.NOT_FOUND
        if answer.status != httpx.codes.OK:
            return 0, ()
        page = json.loads(answer.body)
        return page["total"], map(self._read, objects(page.get("data")))

    def _read(self, record: dict[str, Any]) -> Hit:
        name = record.get("lens_id") or record.get("doc_key")
        publication = publication_of(record, source=CARD.name, origin=self.fetched.keys[-1][:16])
        return Hit(str(name or ""), [publication] if publication else (), () if publication else [_NO_NUMBER])


def count(query: Query, asking: Asking, offices: Sequence[str]) -> list[Stated]:
    """Return how many hits The Lens states by search, office and publication year, at one record a question.

    Raises:
        FetchError: where every answer was 404, which proves no zero.
        QuotaExceeded, Unauthorized, NotCached: what was answered until then is kept.
    """
    rows, has_answered, url = [], False, f"{CARD.address()}/patent/search"
    years = range(query.years[0], query.years[1] + 1)
    asked = [(part, office, year) for part in searches(query) for office in offices for year in years]
    with closing(asking.asker(CARD, manners())) as who:
        for (name, search), office, year in asked:
            question = body(at_office(narrowed(search, year_of(year)), office), 0, size=1)
            answer = who.ask(url, service="search", accept="application/json", method="POST", body=question)
            is_page = answer.status == httpx.codes.OK
            has_answered |= is_page
            total = json.loads(answer.body)["total"] if is_page else 0
            rows.append(Stated(CARD.name, name, office, year, total, False, answer.fetched_at.date()))
            asking.progress(Progress("counting", len(rows), len(asked), "numbers", f"{name} {office} {year}"))
    if rows and not has_answered:
        raise FetchError(f"The Lens: {_ONLY_404}; no count is taken from it")
    return rows


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source; raises as `NetworkSource.read`."""

    def periods(where: str, search: str) -> Iterator[tuple[str, str]]:
        return ((period.name, narrowed(search, period)) for period in parts_of(where, query.years))

    with closing(asking.asker(CARD, manners())) as who:
        pages = _Pages(who)
        for name, search in searches(query):
            asked, ways = narrowed(search, whole(query.years)), [periods] * DEPTH
            pages.fetched.pull(name, asked, ways, pages.page, window=WINDOW, size=PAGE, say=asking.progress)
    if pages.has_answered:
        return as_imported(pages.fetched, CARD, _NOTE)
    # 404 stands for an empty result and for a wrong address; where nothing else came, it proves nothing.
    return as_imported(pages.fetched, CARD, _ONLY_404, is_proven=None)
