"""EPO OPS: all offices' bibliographic data, searched in slices that fit its window, with proof of completeness.

OPS shows at most 2,000 hits of a search. A search with more is cut by publication year, month, office and class until
every slice fits, and for each slice the total that OPS states is held against what was received. A stated total of
exactly 10,000 means at least that many.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from patentscope.answers import AnswerStore
from patentscope.errors import FetchError
from patentscope.files.exchange_xml import publications_of, total_of
from patentscope.files.imported import Imported
from patentscope.http import Asker, checked_base
from patentscope.provenance import Loss, Source
from patentscope.sources import cql
from patentscope.sources.ops_manners import OpsManners
from patentscope.store import to_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from patentscope.publication import Publication
    from patentscope.query import Query

    #: A way to cut a search: from where it stands and its CQL to the pieces' names and CQL.
    _Way = Callable[[str, str], Iterator[tuple[str, str]]]

NAME = "ops"
BASE = "https://ops.epo.org/3.2"
VARIABLE = "PATENTSCOPE_OPS_URL"
LICENCE = "EPO OPS terms: counts and charts may be published, the records as such may not"
WINDOW = 2000
PAGE = 100
AT_LEAST = 10_000
_ACCEPT = "application/xml"
#: Asked one by one where a month is still too full; what they leave is asked for together.
_OFFICES = ("CN", "US", "JP", "KR", "WO", "EP", "AU", "DE", "TW", "RU")
_SECTIONS = ("A", "B", "C", "D", "E", "F", "G", "H", "Y")
_TOO_FULL = (
    "OPS: over {window} hits in the slice {where} of {part}, which can't be cut further; narrow the query's terms or "
    "classes"
)


@dataclass(frozen=True)
class Slice:
    """A piece of a search that fits the window: what OPS says it holds, and what came."""

    part: str
    where: str
    cql: str
    stated: int
    received: int = 0
    offices: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether as many hits came as were stated."""
        return self.received == self.stated


@dataclass
class Fetched:
    """What a fetch brought: publications as they came, the slices, and the answers' hashes and dates."""

    publications: list[Publication] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    splits: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    dates: set[dt.date] = field(default_factory=set)
    unreadable: Counter[str] = field(default_factory=Counter)


def _base() -> str:
    return checked_base(os.environ.get(VARIABLE, BASE), VARIABLE)


def asker(cache: Path, *, offline: bool = False, not_before: dt.date | None = None) -> Asker:
    """Return who asks OPS, through the answers kept under *cache* since *not_before*."""
    return Asker(AnswerStore(cache, NAME, LICENCE), OpsManners(_base()), offline=offline, not_before=not_before)


class Fetch:
    """One fetch of a query's pool of candidates."""

    def __init__(self, asking: Asker, query: Query, progress: Callable[[str], None]) -> None:
        """Prepare to ask; nothing is sent yet."""
        self._asker = asking
        self._query = query
        self._progress = progress
        self._base = _base()
        self._last_year = dt.datetime.now(tz=dt.UTC).year
        self.found = Fetched()

    def run(self) -> Fetched:
        """Ask for every part, slice by slice, and return what came.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """
        for name, search in self.searches():
            for piece in self._slices(name, search):
                self._collect(piece)
        return self.found

    def searches(self) -> list[tuple[str, str]]:
        """Return the searches of the query's pool by name."""
        return [(f"{part.reading}/{part.place + 1}", part.cql) for part in cql.parts(self._query)]

    def stated_by_year(self, search: str, office: str) -> Iterator[tuple[str, int]]:
        """Yield each publication year with the total that OPS states for *search* at *office*."""
        for year, piece in self._years("", search):
            self._progress(f"{office} {year}")
            yield year, self._total(cql.both(piece, f"pn={office}"))

    def _slices(self, part: str, search: str) -> Iterator[Slice]:
        """Yield the pieces of *search* that fit the window, none overlapping another."""
        since = f"pd>={self._query.years[0]}"
        whole = cql.both(search, since)
        yield from self._cut(part, "", whole, [self._years, self._months, self._offices, self._sections])

    def _cut(self, part: str, where: str, search: str, ways: Sequence[_Way]) -> Iterator[Slice]:
        stated = self._total(search)
        if stated <= WINDOW:
            yield Slice(part, where or "all years", search, stated)
            return
        if not ways:
            raise FetchError(_TOO_FULL.format(window=WINDOW, where=where, part=part))
        inside = 0
        for name, piece in ways[0](where, search):
            for found in self._cut(part, name, piece, ways[1:]):
                inside += found.stated
                yield found
        split = {"part": part, "where": where or "all years", "stated": stated, "inside": inside}
        self.found.splits.append({**split, "at_least": stated == AT_LEAST})

    def _years(self, _: str, search: str) -> Iterator[tuple[str, str]]:
        for year in range(self._query.years[0], self._last_year):
            yield str(year), cql.both(search, f"pd={year}")
        # The last slice has no upper end: what is published tomorrow belongs to it.
        yield f"{self._last_year}..", cql.both(search, f"pd>={self._last_year}")

    def _months(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        year = where.removesuffix("..")
        for month in range(1, 13):
            yield f"{year}-{month:02d}", cql.both(search, f"pd={year}{month:02d}")
        if where.endswith(".."):
            yield f"{int(year) + 1}..", cql.both(search, f"pd>={int(year) + 1}")

    def _offices(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        for office in _OFFICES:
            yield f"{where} {office}", cql.both(search, f"pn={office}")
        others = " or ".join(f"pn={office}" for office in _OFFICES)
        yield f"{where} other offices", f"({search}) not ({others})"

    def _sections(self, where: str, search: str) -> Iterator[tuple[str, str]]:
        """Cut by CPC section, each without those before it, and last what has none of them."""
        for place, section in enumerate(_SECTIONS):
            before = " or ".join(f"cpc={other}" for other in _SECTIONS[:place])
            piece = cql.both(search, f"cpc={section}")
            yield f"{where} {section}", f"({piece}) not ({before})" if before else piece
        every = " or ".join(f"cpc={section}" for section in _SECTIONS)
        yield f"{where} no section", f"({search}) not ({every})"

    def _total(self, search: str) -> int:
        answer = self._ask(search, 1, 1, with_biblio=False)
        if answer is None:
            return 0
        stated: int | None = total_of(answer)
        if stated is None:
            raise FetchError(f"OPS stated no total for the search {search[:200]!r}")
        return stated

    def _collect(self, piece: Slice) -> None:
        received = 0
        offices: Counter[str] = Counter()
        for first in range(1, piece.stated + 1, PAGE):
            answer = self._ask(piece.cql, first, min(first + PAGE - 1, WINDOW), with_biblio=True)
            if answer is None:
                break
            publications, unreadable = publications_of(answer, source=NAME, origin=self.found.keys[-1][:16])
            received += len(publications) + sum(loss.count for loss in unreadable)
            offices.update(publication.office or "unknown" for publication in publications)
            self.found.publications += publications
            for loss in unreadable:
                self.found.unreadable[loss.reason] += loss.count
        self._progress(f"{piece.part} {piece.where}: {received} of {piece.stated}")
        done = Slice(piece.part, piece.where, piece.cql, piece.stated, received, dict(sorted(offices.items())))
        self.found.slices.append(done)

    def _ask(self, search: str, first: int, last: int, *, with_biblio: bool) -> bytes | None:
        """Return one page of a search; None where OPS says that nothing was found."""
        constituents = "/biblio" if with_biblio else ""
        address = f"{self._base}/rest-services/published-data/search{constituents}"
        url = f"{address}?{urlencode({'q': search, 'Range': f'{first}-{last}'})}"
        answer = self._asker.ask(url, service="search", accept=_ACCEPT)
        self.found.keys.append(answer.key)
        self.found.dates.add(answer.fetched_at.date())
        return None if answer.status == 404 else answer.body  # noqa: PLR2004 - HTTP's number for nothing found


def count_by_office(
    query: Query, cache: Path, offices: Sequence[str], *, progress: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Return how many hits OPS states per search, office and publication year, before any record is pulled.

    Searches overlap: their numbers don't add up to publications. A number of 10,000 means at least that many.
    """
    asking = asker(cache)
    try:
        fetching = Fetch(asking, query, progress)
        return [
            {"part": name, "office": office, "year": year, "stated": stated}
            for name, search in fetching.searches()
            for office in offices
            for year, stated in fetching.stated_by_year(search, office)
        ]
    finally:
        asking.close()


def read(
    query: Query,
    cache: Path,
    *,
    offline: bool,
    progress: Callable[[str], None],
    not_before: dt.date | None = None,
) -> Imported:
    """Return the pool of candidates, with the proof of completeness in its source.

    Raises:
        FetchError and its kinds, as `Fetch.run`.
    """
    asking = asker(cache, offline=offline, not_before=not_before)
    try:
        found = Fetch(asking, query, progress).run()
    finally:
        asking.close()
    table = to_table(found.publications)
    set_aside = [Loss(reason, "unknown", count) for reason, count in sorted(found.unreadable.items())]
    rows_in = table.num_rows + sum(found.unreadable.values())
    return Imported(table, _source(found), NAME, "utf-8", rows_in, set_aside)


def _source(found: Fetched) -> Source:
    digest = hashlib.sha256("\n".join(sorted(set(found.keys))).encode()).hexdigest()
    missing = [piece for piece in found.slices if not piece.is_complete]
    unequal = [split for split in found.splits if not split["at_least"] and split["stated"] != split["inside"]]
    stated = sum(piece.stated for piece in found.slices)
    received = sum(piece.received for piece in found.slices)
    note = (
        f"{len(found.slices)} slices, {stated} hits stated, {received} received; "
        "a search gives one publication per application, and only the members of a family that match"
    )
    return Source(
        name=NAME,
        kind="network",
        title="EPO Open Patent Services 3.2",
        retrieved=max(found.dates, default=None),
        licence=LICENCE,
        sha256=digest,
        records=len(found.publications),
        note=note,
        proven_complete=not missing and not unequal,
        has_family_members=False,
        slices=tuple(
            {"part": p.part, "where": p.where, "stated": p.stated, "received": p.received, "offices": p.offices}
            for p in found.slices
        ),
        splits=tuple(found.splits),
    )
