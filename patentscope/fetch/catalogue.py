"""Who can be asked, and whom a run asks: the sample, files, or sources over the network; never one for another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from patentscope.errors import UsageError
from patentscope.fetch import sample, stated
from patentscope.fetch.asking import Asking
from patentscope.fetch.bigquery import card as bigquery
from patentscope.fetch.card import Card
from patentscope.fetch.lens import card as lens
from patentscope.fetch.ops import card as ops
from patentscope.fetch.stated import Stated
from patentscope.fetch.surechembl import card as surechembl
from patentscope.fetch.uspto import card as uspto
from patentscope.provenance.ledger import Source
from patentscope.query.query import Query
from patentscope.records.imported import Imported
from patentscope.records.offices import office_codes


class NetworkSource(Protocol):
    """A module that asks one source over the network."""

    def read(self, query: Query, asking: Asking) -> Imported:
        """Return the query's pool of candidates, with the proof of completeness in its source.

        Raises:
            FetchError, QuotaExceeded, Unauthorized, NotCached: what was fetched until then is kept.
        """


class CountingSource(Protocol):
    """A module that can ask one source how many hits there are."""

    def count(self, query: Query, asking: Asking, offices: Sequence[str]) -> list[Stated]:
        """Return what the source states by part of the query, office and year; raises as `NetworkSource.read`."""


#: Each source over the network: its card, and the module that asks it, which is imported then.
_MODULES = (
    (ops.CARD, "ops.source"),
    (bigquery.CARD, "bigquery.source"),
    (lens.CARD, "lens.source"),
    (uspto.CARD, "uspto.source"),
    (surechembl.CARD, "surechembl.search"),
    (surechembl.BULK, "surechembl.bulk"),
)
#: The cards of sources over the network, by the name that queries and `--source` use.
NETWORK = {card.name: card for card, _ in _MODULES}
#: Those of them that can be asked for numbers alone.
COUNTING = {card.name: card for card in (ops.CARD, lens.CARD, surechembl.CARD)}
_SAMPLE = Card(
    sample.NAME,
    "233 real records on rare-earth recycling and near misses, compiled by hand: no basis for counts",
    "nothing",
    "bibliographic facts",
    "patentscope run QUERY --sample",
    set_up=lambda: ["embedded"],
)
_FILES = Card(
    "files",
    "your own exports, CSV or workbook: Lens, Google Patents, Espacenet, PATENTSCOPE, incoPat, DOCDB, parquet ...",
    "nothing",
    "as the site or office states",
    "patentscope import FILE ... --out mine.parquet, or patentscope run QUERY --input FILE ...",
)


def network(name: str) -> NetworkSource:
    """Return the module that asks the source of a *name* in `NETWORK`."""
    place = next(place for card, place in _MODULES if card.name == name)
    return cast("NetworkSource", import_module(f"patentscope.fetch.{place}"))


def catalogue(cache: Path) -> list[dict[str, str]]:
    """Return one entry per source: name, covers, needs, set_up, kept, licence, how; never a key's value."""
    return [card.row(cache) for card in (_SAMPLE, *NETWORK.values(), _FILES)]


@dataclass(frozen=True)
class Origins:
    """Where a run's records come from.

    Attributes:
        sources: over the network; the query's own where neither these nor files are named.
        files: of publications, in any format that `files.recognise` knows.
        is_sample: the embedded sample, and nothing beside it.
        candidates: the files are one collection, of which only the query's candidates are read.
    """

    sources: Sequence[str] = ()
    files: Sequence[Path | str] = ()
    is_sample: bool = False
    candidates: bool = False


def gather(query: Query, asking: Asking, origins: Origins) -> list[Imported]:
    """Return the publications that a run is on, by source or file, each with an account of what is not among them.

    Raises:
        UsageError: where the choice is none, or is contradictory, or names an unknown source.
        QueryError: where candidates are asked for, and every reading is the classifier's.
        FetchError, FileFormatError and their kinds: from the sources and files themselves.
    """
    inputs = origins.files
    if origins.is_sample and (inputs or origins.sources):
        raise UsageError("--sample stands alone: the sample is not to be mixed with data to count")
    if origins.candidates and not inputs:
        raise UsageError("--candidates selects from files of your own: name them with `--input`")
    if origins.is_sample:
        table, source = sample.read()
        return [Imported(table, source, sample.NAME, "utf-8", table.num_rows)]
    asked = origins.sources or (() if inputs else query.sources)
    for name in asked:
        if name == sample.NAME:
            raise UsageError("the sample is asked for with --sample")
        if name not in NETWORK:
            raise UsageError(f"source {name!r}: known are {', '.join(NETWORK)}, besides --sample and --input FILE")
    imported = [network(name).read(query, asking) for name in asked]
    if origins.candidates:
        from patentscope.fetch.collection.select import select  # noqa: PLC0415 - it reads terms with spaCy, which takes a second

        return [*imported, select(query, inputs, asking)]
    if inputs:
        from patentscope.files import recognise  # noqa: PLC0415 - the readers of files

        imported += _told_apart(recognise.read_files([Path(path) for path in inputs], progress=asking.progress), inputs)
    if not imported:
        raise UsageError(
            "nothing to run on: the query names no source. What works: `--source "
            f"{'|'.join(NETWORK)}`, `--input FILE ...`, or `--sample`"
        )
    return imported


def count(query: Query, asking: Asking, sources: Sequence[str], offices: Sequence[str]) -> list[Stated]:
    """Return how many hits sources state by part, office and year, and keep the tables; no record is pulled.

    Raises:
        UsageError: for a source that can't be asked so, and for an office that it has nothing of.
        FetchError, QuotaExceeded, Unauthorized, NotCached: what was answered until then is kept.
    """
    can = ", ".join(COUNTING)
    for name in sources:
        if name not in COUNTING:
            raise UsageError(f"source {name!r} can't be asked for counts alone; those that can: {can}")
        card = COUNTING[name]
        lacking = [code for code in offices if code in card.lacks_offices or code not in office_codes()]
        if lacking:
            raise UsageError(f"--count {' '.join(lacking)}: {name} can't be asked for that; {card.covers}")
    rows = []
    for name in sources:
        found = cast("CountingSource", network(name)).count(query, asking, offices)
        stated.write(stated.place_of(asking.cache, query.name, name), found)
        rows += found
    return rows


def _told_apart(imported: list[Imported], paths: Sequence[Path | str]) -> list[Imported]:
    """Return files of one name by as much of their paths as tells them apart: `lens/export.csv`."""
    parts = [Path(path).parts for path in paths]
    depth = next((n for n in range(1, max(map(len, parts), default=1)) if _distinct(parts, n)), 2)
    count = Counter(one.source.name for one in imported)
    return [
        one if count[one.source.name] == 1 else replace(one, source=_renamed(one.source, "/".join(part[-depth:])))
        for one, part in zip(imported, parts, strict=True)
    ]


def _renamed(source: Source, name: str) -> Source:
    return replace(source, name=name, title=source.title.replace(source.name, name, 1))


def _distinct(parts: Sequence[Sequence[str]], depth: int) -> bool:
    return len({tuple(part[-depth:]) for part in parts}) == len(parts)
