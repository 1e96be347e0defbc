"""Who can be asked: what each source covers and needs, what is set up here, and what the cache holds of it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from patentscope.fetch import sample
from patentscope.fetch.asking import Asking
from patentscope.fetch.bigquery import source as bigquery
from patentscope.fetch.card import Card
from patentscope.fetch.lens import source as lens
from patentscope.fetch.ops import source as ops
from patentscope.fetch.surechembl import bulk as surechembl_bulk
from patentscope.fetch.surechembl import search as surechembl
from patentscope.fetch.uspto import source as uspto
from patentscope.query.query import Query
from patentscope.records.imported import Imported


class NetworkSource(Protocol):
    """A module that asks one source over the network."""

    CARD: Card

    def read(self, query: Query, asking: Asking) -> Imported:
        """Return the query's pool of candidates, with the proof of completeness in its source."""


#: Sources over the network, by the name that queries and `--source` use.
NETWORK: dict[str, NetworkSource] = {
    source.CARD.name: source for source in (ops, bigquery, lens, uspto, surechembl, surechembl_bulk)
}
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
    "your own exports: Lens, Google Patents, Espacenet, PATENTSCOPE, DOCDB, USPTO, parquet ...",
    "nothing",
    "as the site or office states",
    "patentscope import FILE ... --out mine.parquet, or patentscope run QUERY --input FILE ...",
)


def catalogue(cache: Path) -> list[dict[str, str]]:
    """Return one entry per source: name, covers, needs, set_up, kept, licence, how; never a key's value."""
    return [card.row(cache) for card in (_SAMPLE, *(source.CARD for source in NETWORK.values()), _FILES)]
