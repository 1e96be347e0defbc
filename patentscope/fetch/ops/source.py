"""EPO OPS: all offices' bibliographic data, searched in slices that fit its window, with proof of completeness.

OPS shows at most 2,000 hits of a search. A search with more is cut by publication year, month, office and class until
every slice fits, and for each slice the total that OPS states is held against what was received. A stated total of
exactly 10,000 means at least that many. What a search does not show, the other publications of the families found,
`ops_families` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlencode

from httpx import codes

from patentscope.errors import FetchError
from patentscope.fetch.asking import Asking
from patentscope.fetch.cache import Answer
from patentscope.fetch.ops import cql
from patentscope.fetch.ops.access import OpsManners
from patentscope.fetch.ops.card import CARD
from patentscope.fetch.ops.families import Members
from patentscope.fetch.ops.limits import OpsLimits
from patentscope.fetch.periods import parts_of, year_of
from patentscope.fetch.slices import Fetched, Slice, as_imported, cut
from patentscope.fetch.stated import Stated
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
        self.fetched = Fetched()

    def run(self) -> Fetched:
        """Ask for every part, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        for name, search in cql.searches(self._query):
            whole, ways = cql.both(search, f"pd>={self._query.years[0]}"), [self._finer] * 5
            pieces = cut(name, whole, ways, total=self._total, window=WINDOW, fetched=self.fetched, at_least=AT_LEAST)
            for piece in pieces:
                self._collect(piece)
        return self.fetched

    def members(self) -> Members:
        """Ask for the members of every family found by now, and return the account of it; raises as `run`."""
        members = Members(self._asker, self._limits, self.fetched)
        members.run(self._asking)
        return members

    def close(self) -> None:
        """Close the connection, if one was opened."""
        self._asker.close()

    def stated_by_year(self, part: str, search: str, office: str) -> Iterator[Stated]:
        """Yield what OPS states for *search*, named *part*, at *office* in each of the query's years."""
        for year in range(self._query.years[0], self._query.years[1] + 1):
            self._asking.progress(Progress(f"{part} {office} {year}"))
            piece = cql.both(search, cql.published(year_of(year)))
            answer = self._answer(cql.both(piece, f"pn={office}"), 1, 1, "")
            stated = self._stated(answer, search)
            yield Stated(NAME, part, office, year, stated, stated == AT_LEAST, answer.fetched_at.date())

    def _finer(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        """Cut a piece by what its name shows to come next: whole, open end, year, month, month at an office."""
        if where.endswith((*_OFFICES, _OTHERS)):
            yield from _by("cpc", _SECTIONS, "no section", where, search)
        elif "-" in where and " " not in where:
            yield from _by("pn", _OFFICES, _OTHERS, where, search)
        elif " " not in where:
            for period in parts_of(where, self._query.years):
                yield period.name, cql.both(search, cql.published(period))

    def _total(self, search: str) -> int:
        return self._stated(self._answer(search, 1, 1, ""), search)

    def _stated(self, answer: Answer, search: str) -> int:
        """Return the total that an *answer* states for *search*; raises a FetchError where there is none."""
        stated: int | None = 0 if answer.status == codes.NOT_FOUND else total_of(answer.body)
        if stated is None:
            raise FetchError(f"OPS stated no total for the search {search[:200]!r}")
        return stated

    def _collect(self, piece: Slice) -> None:
        publications: list[Publication] = []
        losses: list[Loss] = []
        lost = 0
        for first in range(1, piece.stated + 1, PAGE):
            answer = self._ask(piece.search, first, min(first + PAGE - 1, WINDOW), "/biblio")
            if answer is None:
                break
            read, unreadable = publications_of(answer, source=NAME, origin=self.fetched.keys[-1][:16])
            publications += read
            losses += unreadable
            lost += sum(loss.count for loss in unreadable)
            limits = self._limits.shown("search", to_come=(piece.stated - first) // PAGE)
            self._asking.progress(self.fetched.going(piece, len(publications) + lost, limits))
        # What stands on two pages has pushed something else off one, or a page came twice: it is received once.
        distinct = {normal_publication_number(one.publication_number) for one in publications}
        self.fetched.close_slice(piece, publications, losses, received=len(distinct) + lost)

    def _ask(self, search: str, first: int, last: int, constituents: str) -> bytes | None:
        """Return one page of a search; None where OPS says that nothing was found."""
        answer = self._answer(search, first, last, constituents)
        return None if answer.status == codes.NOT_FOUND else answer.body

    def _answer(self, search: str, first: int, last: int, constituents: str) -> Answer:
        address = f"{self._base}/rest-services/published-data/search{constituents}"
        url = f"{address}?{urlencode({'q': search, 'Range': f'{first}-{last}'})}"
        return self.fetched.note(self._asker.ask(url, service="search", accept=_ACCEPT))


def _by(index: str, values: Sequence[str], rest: str, where: str, search: str) -> Iterator[tuple[str, str]]:
    """Cut by the values of an index, and last what has none; of several classes, a hit counts for the first."""
    asked = [f"{index}={value}" for value in values]
    for place, (value, one) in enumerate(zip(values, asked, strict=True)):
        piece = cql.both(search, one)
        yield f"{where} {value}", f"({piece}) not ({' or '.join(asked[:place])})" if place and index == "cpc" else piece
    yield f"{where} {rest}", f"({search}) not ({' or '.join(asked)})"


def count(query: Query, asking: Asking, offices: Sequence[str]) -> list[Stated]:
    """Return how many hits OPS states per search, office and publication year, before any record is pulled.

    Searches overlap: their numbers don't add up to publications. A number of 10,000 means at least that many.
    """
    with closing(Fetch(query, asking)) as fetching:
        return [
            stated
            for name, search in cql.searches(query)
            for office in offices
            for stated in fetching.stated_by_year(name, search, office)
        ]


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    With `asking.families` the other members of the families found are among them. Where some could not be had, the
    searches are as complete as they were, but the source is one without family members. Raises as `Fetch.run`.
    """
    with closing(Fetch(query, asking)) as fetching:
        fetched = fetching.run()
        members = fetching.members() if asking.families else None
    note = f"{_NOTE}; {members.note()}" if members else _NOTE
    has_members = members is not None and members.is_proven
    imported = as_imported(fetched, CARD, note, has_family_members=has_members)
    if members is None:
        return imported
    source = replace(imported.source, slices=(*imported.source.slices, members.row()))
    return replace(imported, source=source)
