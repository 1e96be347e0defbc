"""EPO OPS: all offices' bibliographic data, searched in slices that fit its window, with proof of completeness.

OPS shows at most 2,000 hits of a search. A search with more is cut by publication year, month, office and class until
every slice fits, and for each slice the total that OPS states is held against what was received. A stated total of
exactly 10,000 means at least that many. What a search does not show, the other publications of the families found,
`ops_families` asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from patentscope.errors import FetchError
from patentscope.fetch.asking import Asking
from patentscope.fetch.ops import cql
from patentscope.fetch.ops.access import CARD, OpsManners
from patentscope.fetch.ops.families import Members
from patentscope.fetch.ops.limits import OpsLimits
from patentscope.fetch.periods import parts_of
from patentscope.fetch.slices import Fetched, Slice, as_imported, cut
from patentscope.files.xml.exchange import publications_of, total_of
from patentscope.provenance.ledger import Loss
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication, normal_publication_number

NAME = CARD.name
WINDOW = 2000
PAGE = 100
AT_LEAST = 10_000
_ACCEPT = "application/xml"
#: Asked one by one where a month is still too full; what they leave is asked for together.
_OFFICES = ("CN", "US", "JP", "KR", "WO", "EP", "AU", "DE", "TW", "RU")
_SECTIONS = ("A", "B", "C", "D", "E", "F", "G", "H", "Y")
_OTHERS = "other offices"
_NOTE = "a search gives one publication per application, and only the members of a family that match"


class Fetch:
    """One fetch of a query's pool of candidates, through the answers kept of OPS; close it afterwards."""

    def __init__(self, query: Query, asking: Asking) -> None:
        """Prepare to ask; nothing is sent yet."""
        self._query = query
        self._asking = asking
        self._base = CARD.address()
        self._limits = OpsLimits(asking.progress)
        self._asker = asking.asker(CARD, OpsManners(self._base, self._limits))
        self.found = Fetched()

    def run(self) -> Fetched:
        """Ask for every part, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        for name, search in cql.searches(self._query):
            for piece in self._slices(name, search):
                self._collect(piece)
        return self.found

    def members(self) -> Members:
        """Ask for the members of every family found by now, and return the account of it.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: as `run`.
        """
        address = f"{self._base}/rest-services/family/publication/docdb"
        members = Members(self._asker, address, self._limits, self.found, NAME)
        members.run(self._asking)
        return members

    def close(self) -> None:
        """Close the connection, if one was opened."""
        self._asker.close()

    def stated_by_year(self, search: str, office: str) -> Iterator[tuple[str, int]]:
        """Yield each publication year with the total that OPS states for *search* at *office*."""
        for year, piece in self._finer("", search):
            self._asking.progress(Progress(f"{office} {year}"))
            yield year, self._total(cql.both(piece, f"pn={office}"))

    def _slices(self, part: str, search: str) -> Iterator[Slice]:
        """Yield the pieces of *search* that fit the window, none overlapping another."""
        whole = cql.both(search, f"pd>={self._query.years[0]}")
        return cut(
            part, whole, [self._finer] * 5, total=self._total, window=WINDOW, found=self.found, at_least=AT_LEAST
        )

    def _finer(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        """Cut a piece by what its name shows to come next: the whole, the open end, a year, a month, one at an office.

        The years are the query's and not the calendar's, so that kept answers serve offline in any year.
        """
        if where.endswith((*_OFFICES, _OTHERS)):
            yield from _by_section(where, search)
        elif "-" in where and " " not in where:
            yield from _by_office(where, search)
        elif " " not in where:
            for period in parts_of(where, self._query.years):
                yield period.name, cql.both(search, cql.published(period))

    def _total(self, search: str) -> int:
        answer = self._ask(search, 1, 1, with_biblio=False)
        if answer is None:
            return 0
        stated: int | None = total_of(answer)
        if stated is None:
            raise FetchError(f"OPS stated no total for the search {search[:200]!r}")
        return stated

    def _collect(self, piece: Slice) -> None:
        publications: list[Publication] = []
        losses: list[Loss] = []
        to_come = math.ceil(piece.stated / PAGE)
        for first in range(1, piece.stated + 1, PAGE):
            answer = self._ask(piece.search, first, min(first + PAGE - 1, WINDOW), with_biblio=True)
            if answer is None:
                break
            read, unreadable = publications_of(answer, source=NAME, origin=self.found.keys[-1][:16])
            publications += read
            losses += unreadable
            to_come -= 1
            received = len(publications) + sum(loss.count for loss in losses)
            self._asking.progress(self.found.going(piece, received, self._limits.shown("search", to_come)))
        closed = self.found.close_slice(piece, publications, losses)
        # What stands on two pages has pushed something else off one, or a page came twice: it is received once.
        again = len(publications) - len({normal_publication_number(one.publication_number) for one in publications})
        self.found.slices[-1] = replace(closed, received=closed.received - again)

    def _ask(self, search: str, first: int, last: int, *, with_biblio: bool) -> bytes | None:
        """Return one page of a search; None where OPS says that nothing was found."""
        constituents = "/biblio" if with_biblio else ""
        address = f"{self._base}/rest-services/published-data/search{constituents}"
        url = f"{address}?{urlencode({'q': search, 'Range': f'{first}-{last}'})}"
        answer = self.found.note(self._asker.ask(url, service="search", accept=_ACCEPT))
        return None if answer.status == 404 else answer.body  # noqa: PLR2004 - HTTP's number for nothing found


def _by_office(where: str, search: str) -> Iterator[tuple[str, str]]:
    for office in _OFFICES:
        yield f"{where} {office}", cql.both(search, f"pn={office}")
    others = " or ".join(f"pn={office}" for office in _OFFICES)
    yield f"{where} {_OTHERS}", f"({search}) not ({others})"


def _by_section(where: str, search: str) -> Iterator[tuple[str, str]]:
    """Cut by CPC section, each without those before it, and last what has none of them."""
    for place, section in enumerate(_SECTIONS):
        before = " or ".join(f"cpc={other}" for other in _SECTIONS[:place])
        piece = cql.both(search, f"cpc={section}")
        yield f"{where} {section}", f"({piece}) not ({before})" if before else piece
    every = " or ".join(f"cpc={section}" for section in _SECTIONS)
    yield f"{where} no section", f"({search}) not ({every})"


def count_by_office(query: Query, asking: Asking, offices: Sequence[str]) -> list[dict[str, Any]]:
    """Return how many hits OPS states per search, office and publication year, before any record is pulled.

    Searches overlap: their numbers don't add up to publications. A number of 10,000 means at least that many.
    """
    with closing(Fetch(query, asking)) as fetching:
        return [
            {"part": name, "office": office, "year": year, "stated": stated}
            for name, search in cql.searches(query)
            for office in offices
            for year, stated in fetching.stated_by_year(search, office)
        ]


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    With `asking.families` the other members of the families found are among them. Where some could not be had, the
    searches are as complete as they were, but the source is one without family members.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(Fetch(query, asking)) as fetching:
        found = fetching.run()
        members = fetching.members() if asking.families else None
    note = f"{_NOTE}; {members.note()}" if members else _NOTE
    has_members = members is not None and members.is_proven
    imported = as_imported(found, CARD, note, has_family_members=has_members)
    if members is None:
        return imported
    source = replace(imported.source, slices=(*imported.source.slices, members.row()))
    return replace(imported, source=source)
