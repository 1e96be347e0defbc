"""SureChEMBL (EMBL-EBI): patents of CN, JP, US, EP and WO, searched without a key, with proof of completeness.

What a search shows of its documents is little; the rest comes in batches of whole documents (`batch`).

Fields are documented; the shape of answers, the number of the first page, the spelling of classes and the depth to
which a search can be paged are not, or only by others who asked. The first is read with care, the next two are asked
of the index (`probe`), and for the depth a window is assumed. A search with more hits is cut by publication
year, month, office and day, and for each slice the total that is stated is held against the documents that came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from patentscope.errors import Fault, FetchError, QueryError
from patentscope.fetch.askable import any_of, both, symbols_of
from patentscope.fetch.asking import Asking
from patentscope.fetch.cache import Answer
from patentscope.fetch.http import Asker
from patentscope.fetch.paced import PacedManners
from patentscope.fetch.periods import parts_of, whole
from patentscope.fetch.slices import Fetched, Hit, Slice, as_imported, cut
from patentscope.fetch.stated import Stated
from patentscope.fetch.surechembl import batch, solr
from patentscope.fetch.surechembl.card import CARD, COVERAGE, OFFICES
from patentscope.fetch.surechembl.document import NO_NUMBER, Page, Refused, id_of, is_page, page_of, publication_of
from patentscope.fetch.surechembl.probe import ByClass, by_class, first_page
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported

#: An assumption: clients have been seen to page further, but nobody documents how far.
WINDOW = 1000
PAGE = 500
_PER_MINUTE = 180.0  # no limit is published; a client that asked 300 a minute was served
_NOTE = "documents without a publication date are not asked for"
_SEARCH_ALONE = (
    "whole documents can't be had in batches (document/batch gives none), so that documents come with number, date, "
    "title and assignees (taken as applicants, without countries) and mostly without classes, abstracts, families and "
    "filing dates, which are left empty: a reading by classes finds nothing among documents without classes"
)


@dataclass
class Fetch:
    """One fetch of a query's pool of candidates; nothing is sent before it is run.

    Attributes:
        asker: asks, and keeps pages of results only.
        prober: asks what may be refused; a refusal is an answer, and kept.
        ids: the documents found, by publication number: SureChEMBL's own ids.
    """

    asker: Asker
    prober: Asker
    query: Query
    asking: Asking
    fetched: Fetched = field(default_factory=Fetched)
    by_class: ByClass = field(default_factory=ByClass)
    first_page: int = 1
    totals: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def run(self) -> Fetched:
        """Ask for every part, slice by slice, and return what came.

        Raises:
            FetchError, NotCached: what was fetched until then is kept.
        """
        parts = self._parts()
        dated = solr.published(whole(self.query.years))
        wholes = {name: both(search, dated) for name, search in parts}
        fullest = max(wholes.values(), key=self._total)
        self.first_page = first_page(fullest, self._total(fullest), self._probe)
        ways = [self._periods, self._periods, self._offices, self._periods, self._periods]
        for name, search in wholes.items():
            for piece in cut(name, search, ways, total=self._total, window=WINDOW, fetched=self.fetched):
                done = self.fetched.collect(piece, self._pages(piece))
                self.asking.progress(self.fetched.going(done, done.received))
        return self.fetched

    def counts(self, offices: Sequence[str]) -> list[Stated]:
        """Ask how many hits each reading has by office and year; no record is pulled.

        A reading that takes several searches has no number of its own, as they overlap: it is left out, and that is
        told. Where classes can't be asked as the query means them, every number is but a lower bound.

        Raises:
            QueryError: where every reading takes several searches.
            FetchError, NotCached: what was answered until then is kept.
        """
        searches = self._parts()
        cut_up = {name.partition("/")[0] for name, _ in searches if not name.endswith("/1")}
        parts = [(name, search) for name, search in searches if name.partition("/")[0] not in cut_up]
        why = f"readings that take several searches can't be counted: {', '.join(sorted(cut_up))}"
        if not parts:
            raise QueryError(self.query.name, [Fault("topic.readings", why, "one of fewer terms or classes")])
        for remark in [*self.by_class.lacks, *([why] if cut_up else [])]:
            self.asking.progress(Progress(f"{CARD.name}: {remark}", is_notice=True))
        years = range(self.query.years[0], self.query.years[1] + 1)
        asked = [(part, search, office, year) for part, search in parts for office in offices for year in years]
        rows = []
        for part, search, office, year in asked:
            answer = self._answer(self.asker, both(search, f"pnctry:{office}", f"pdyear:{year}"), 1, 1)
            total, day = page_of(answer.body).total, answer.fetched_at.date()
            rows.append(Stated(CARD.name, part, office, year, total, bool(self.by_class.lacks), day))
            self.asking.progress(Progress("counting", len(rows), len(asked), "numbers", f"{part} {office} {year}"))
        return rows

    def _parts(self) -> list[tuple[str, str]]:
        """Return the searches for the query, by name, in the spellings of classes that the index knows."""
        if symbols := symbols_of(self.query):
            self.by_class = by_class(symbols, self._probe)
        parts = solr.searches(self.query, self.by_class.spellings)
        if not parts:
            why = "; ".join(self.by_class.lacks) or "it has no English terms"
            raise FetchError(
                f"SureChEMBL can't be asked for this query: {why}, and no reading is by English terms alone. Give the "
                "query one, or use another source"
            )
        return parts

    def note(self) -> str:
        """Return what is to be known of what was fetched."""
        spellings, said = self.by_class.spellings, [*self.by_class.lacks]
        if said and not spellings:
            said.append(f"asked by terms only, or not at all: {', '.join(solr.with_classes(self.query))}")
        said += [COVERAGE, _NOTE]
        if spellings:
            said.append(f"classes were asked for as {' and '.join(map(str, spellings))}")
        return "; ".join([*said, f"that {WINDOW} hits of one search can be paged is assumed"])

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        name, _, office = where.partition(" ")
        for period in parts_of(name, self.query.years):
            yield f"{period.name} {office}".strip(), both(search, solr.published(period))

    def _offices(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        for office in OFFICES:
            yield f"{where} {office}", both(search, f"pnctry:{office}")
        others = any_of([f"pnctry:{office}" for office in OFFICES])
        yield f"{where} other offices", f"{both(search)} AND NOT {others}"

    def _total(self, search: str) -> int:
        if search not in self.totals:
            self.totals[search] = self._ask(self.asker, search, 1, 1).total
        return self.totals[search]

    def _pages(self, piece: Slice) -> Iterator[tuple[int, Iterator[Hit]]]:
        items, page = PAGE, 0
        while page * items < piece.stated:
            documents = self._ask(self.asker, piece.search, self.first_page + page, items).documents
            yield piece.stated, map(self._read, documents)
            if not page and documents:
                # A first page of fewer than asked for shows how many the server gives at most.
                items = min(items, len(documents))
            page += 1

    def _read(self, document: Any) -> Hit:  # noqa: ANN401 - as JSON has it
        publication = publication_of(document, CARD.name, self.fetched.keys[-1][:16])
        if publication is None:
            return Hit(None, (), [NO_NUMBER])
        self.ids.setdefault(publication.publication_number, id_of(document))
        return Hit(publication.publication_number, [publication])

    def _probe(self, search: str, page: int, items: int) -> Page | None:
        """Ask what SureChEMBL may refuse; None where it does."""
        try:
            return self._ask(self.prober, search, page, items)
        except Refused:
            return None

    def _ask(self, who: Asker, search: str, page: int, items: int) -> Page:
        return page_of(self._answer(who, search, page, items).body)

    def _answer(self, who: Asker, search: str, page: int, items: int) -> Answer:
        asked = urlencode({"query": search, "page": page, "itemsPerPage": items})
        url = f"{CARD.address()}/search/content?{asked}"
        return self.fetched.note(who.ask(url, service="search", accept="application/json", method="POST"))


@contextmanager
def _fetching(query: Query, asking: Asking) -> Iterator[Fetch]:
    pages = PacedManners(_PER_MINUTE, is_answer=lambda one: is_page(one.content))
    final = frozenset({200, 400, 500})
    probes = PacedManners(_PER_MINUTE, final, is_answer=lambda one: is_page(one.content, or_refused=True))
    with closing(asking.asker(CARD, pages)) as asker, closing(asking.asker(CARD, probes)) as prober:
        yield Fetch(asker, prober, query, asking)


def count(query: Query, asking: Asking, offices: Sequence[str]) -> list[Stated]:
    """Return how many hits SureChEMBL states per reading, office and publication year; raises as `Fetch.counts`."""
    with _fetching(query, asking) as fetch:
        return fetch.counts(offices)


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Where classes can't be asked as the query means them, the pool is not proven complete, and the note says why.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with _fetching(query, asking) as fetch:
        fetched = fetch.run()
    with closing(asking.asker(CARD, batch.manners(_PER_MINUTE))) as who:
        address = f"{CARD.address()}/document/batch"
        batches = batch.Batches(who, address, CARD.name, fetched, asking.progress, fetch.ids)
        batches.run()
    fetched.publications = list(map(batches.completed, fetched.publications))
    has_batches = batches.way is not None
    note = f"{batches.note() if has_batches or not fetch.ids else _SEARCH_ALONE}; {fetch.note()}"
    imported = as_imported(fetched, CARD, note, is_proven=not fetch.by_class.lacks)
    if not has_batches:
        return imported
    return replace(imported, source=replace(imported.source, slices=(*imported.source.slices, batches.row())))
