"""SureChEMBL (EMBL-EBI): patents of CN, JP, US, EP and WO, searched without a key, with proof of completeness.

Fields are documented; the shape of answers, the number of the first page, the spelling of classes and the depth to
which a search can be paged are not, or only by others who asked. The first is read with care, the next two are asked
of the index (`surechembl_probe`), and for the depth a window is assumed. A search with more hits is cut by publication
year, month, office and day, and for each slice the total that is stated is held against the documents that came.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from patentscope.errors import FetchError
from patentscope.fetch.asking import PacedManners, base_of, where_asked
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.periods import parts_of, whole
from patentscope.fetch.slices import Fetched, Slice, as_imported, cut
from patentscope.fetch.surechembl import solr
from patentscope.fetch.surechembl.document import NO_NUMBER, Page, is_error, is_page, page_of, publication_of
from patentscope.fetch.surechembl.probe import ByClass, by_class, first_page
from patentscope.provenance.ledger import Loss
from patentscope.records.offices import office_codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from patentscope.fetch.asking import Asking
    from patentscope.fetch.http import Asker
    from patentscope.query.query import Query
    from patentscope.records.imported import Imported
    from patentscope.records.publication import Publication

NAME = "surechembl"
TITLE = "SureChEMBL, patent search (EMBL-EBI)"
BASE = "https://www.surechembl.org/api"
VARIABLE = "PATENTSCOPE_SURECHEMBL_URL"
LICENCE = "CC BY 4.0, SureChEMBL (https://www.surechembl.org), EMBL-EBI"
#: An assumption: clients have been seen to page further, but nobody documents how far.
WINDOW = 1000
PAGE = 500
OFFICES = ("CN", "JP", "US", "EP", "WO")
LACKS_OFFICES = tuple(sorted(office_codes() - set(OFFICES)))
#: Printed wherever the numbers are, also by the bulk file's source.
COVERAGE = (
    "covers CN, JP, US, EP and WO only: no AU, KR, DE or any other national office; how complete CN is, is not known"
)
_PER_MINUTE = 180.0  # no limit is published; a client that asked 300 a minute was served
_ACCEPT = "application/json"
_NOTE = (
    "a search's documents come with number, date, title and assignees (taken as applicants, without countries) and "
    "mostly without classes, abstracts, families and filing dates, which are left empty: a reading by classes finds "
    "nothing among documents without classes; documents without a publication date are not asked for"
)


class Fetch:
    """One fetch of a query's pool of candidates."""

    def __init__(self, asker: Asker, prober: Asker, query: Query, asking: Asking) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            asker: asks, and keeps pages of results only.
            prober: asks what may be refused; a refusal is an answer, and kept.
            query: whose pool is fetched.
            asking: what the run settles.
        """
        self._asker = asker
        self._prober = prober
        self._query = query
        self._asking = asking
        self._address = f"{base_of(VARIABLE, BASE)}/search/content"
        self._first_page = 1
        self._totals: dict[str, int] = {}
        self.by_class = ByClass((), ())
        self.found = Fetched()

    def run(self) -> Fetched:
        """Ask for every part, slice by slice, and return what came.

        Raises:
            FetchError, NotCached: what was fetched until then is kept.
        """
        symbols = solr.symbols_of(self._query)
        if symbols:
            self.by_class = by_class(symbols, self._probe)
        parts = solr.parts(self._query, self.by_class.spellings)
        if not parts:
            why = "; ".join(self.by_class.lacks) or "it has no English terms"
            raise FetchError(
                f"SureChEMBL can't be asked for this query: {why}, and no reading is by English terms alone. Give the "
                "query one, or use another source"
            )
        dated = solr.published(whole(self._query.years))
        wholes = {f"{part.reading}/{part.place + 1}": solr.both(part.search, dated) for part in parts}
        fullest = max(wholes.values(), key=self._total)
        self._first_page = first_page(fullest, self._total(fullest), self._probe)
        ways = [self._periods, self._periods, self._offices, self._periods, self._periods]
        for name, search in wholes.items():
            for piece in cut(name, search, ways, total=self._total, window=WINDOW, found=self.found):
                self._collect(piece)
        return self.found

    def note(self) -> str:
        """Return what is to be known of what was fetched."""
        found = list(self.by_class.lacks)
        if found and not self.by_class.spellings:
            found.append(f"asked by terms only, or not at all: {', '.join(solr.with_classes(self._query))}")
        found += [COVERAGE, _NOTE]
        if self.by_class.spellings:
            found.append(f"classes were asked for as {' and '.join(map(str, self.by_class.spellings))}")
        return "; ".join([*found, f"that {WINDOW} hits of one search can be paged is assumed"])

    def _periods(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        name, _, office = where.partition(" ")
        for period in parts_of(name, self._query.years):
            yield f"{period.name} {office}".strip(), solr.both(search, solr.published(period))

    def _offices(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        for office in OFFICES:
            yield f"{where} {office}", solr.both(search, f"pnctry:{office}")
        others = solr.any_of([f"pnctry:{office}" for office in OFFICES])
        yield f"{where} other offices", f"{solr.both(search)} AND NOT {others}"

    def _total(self, search: str) -> int:
        if search not in self._totals:
            self._totals[search] = self._ask(search, 1, 1).total
        return self._totals[search]

    def _collect(self, piece: Slice) -> None:
        publications: dict[str, Publication] = {}
        numberless = 0
        for document in self._documents(piece):
            publication = publication_of(document, NAME, self.found.keys[-1][:16])
            if publication is None:
                numberless += 1
            else:
                # A page that repeats another one's document proves nothing: only distinct ones count.
                publications.setdefault(publication.publication_number, publication)
        losses = [Loss(NO_NUMBER, "unknown", numberless)] if numberless else []
        done = self.found.close_slice(piece, list(publications.values()), losses)
        self._asking.progress(self.found.going(done, done.received))

    def _documents(self, piece: Slice) -> Iterator[Any]:
        """Yield the documents of a slice, page by page."""
        items, page = PAGE, 0
        while page * items < piece.stated:
            documents = self._ask(piece.search, self._first_page + page, items).documents
            yield from documents
            if not page and documents:
                # A first page of fewer than asked for shows how many the server gives at most.
                items = min(items, len(documents))
            page += 1

    def _ask(self, search: str, page: int, items: int) -> Page:
        url = self._url(search, page, items)
        return page_of(self.found.note(self._asker.ask(url, service="search", accept=_ACCEPT, method="POST")).body)

    def _probe(self, search: str, page: int, items: int) -> Page | None:
        """Ask what SureChEMBL may refuse; None where it does."""
        url = self._url(search, page, items)
        answer = self.found.note(self._prober.ask(url, service="search", accept=_ACCEPT, method="POST"))
        return page_of(answer.body) if is_page(answer.body) else None

    def _url(self, search: str, page: int, items: int) -> str:
        return f"{self._address}?{urlencode({'query': search, 'page': page, 'itemsPerPage': items})}"


def _is_kept_page(response: httpx.Response) -> bool:
    return is_page(response.content)


def _is_kept_probe(response: httpx.Response) -> bool:
    return is_error(response.content) or _is_kept_page(response)


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Where classes can't be asked as the query means them, the pool is not proven complete, and the note says why.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    pages = PacedManners(_PER_MINUTE, is_answer=_is_kept_page)
    probes = PacedManners(_PER_MINUTE, final=frozenset({200, 400, 500}), is_answer=_is_kept_probe)
    asker, prober = (asking.asker(NAME, LICENCE, manners) for manners in (pages, probes))
    with closing(asker), closing(prober):
        fetch = Fetch(asker, prober, query, asking)
        found = fetch.run()
    imported = as_imported(
        found, name=NAME, title=TITLE, licence=LICENCE, note=fetch.note(), lacks_offices=LACKS_OFFICES
    )
    if not fetch.by_class.lacks:
        return imported
    return replace(imported, source=replace(imported.source, proven_complete=False))


def described(cache: Path) -> dict[str, str]:
    """Return what `sources` says of SureChEMBL's search."""
    return {
        "name": NAME,
        "covers": f"{TITLE}: {COVERAGE}",
        "needs": "nothing",
        "set_up": where_asked(VARIABLE),
        "kept": AnswerStore(cache, NAME, LICENCE).summary(),
        "licence": LICENCE,
        "how": "patentscope run QUERY --source surechembl",
    }
