"""A small search at OPS: its query, made records that answer it, and a fetch of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from patentscope.fetch.ops import source as ops
from patentscope.provenance.ledger import Source

from factories import CLASSIFIER, claim, query_text
from servers.ops_answers import Record
from worlds.asked import ask

_ASKED: dict[str, Any] = {
    "sources": ["ops"],
    "years": [2020, 2025],
    "terms": {"en": {"rare_earth": ["rare earth", "neodymium"], "recycling": ["recycle", "scrap"]}},
    "readings": CLASSIFIER,
}
SMALL = query_text(**_ASKED)
#: What makes it a query with a claim.
CLAIM = query_text(**_ASKED, claims=[claim(year=2023)], axes={"international": ["all", "two_offices"]}).removeprefix(
    SMALL
)


def records(count: int, years: tuple[int, int] = (2020, 2024)) -> list[Record]:
    """Return made records, spread over years, months and offices."""
    offices = ("CN", "CN", "US", "JP", "AU", "ZA")
    span = years[1] - years[0] + 1
    return [
        Record(
            offices[i % 6],
            f"{100000000 + i}",
            "A",
            f"{years[0] + i % span}{1 + i // span % 12:02d}{1 + i % 28:02d}",
            country="CN" if i % 3 else None,
        )
        for i in range(count)
    ]


def fetch(base: str, cache: Path, **how: Any) -> tuple[pa.Table, Source]:
    """Fetch the small query's pool from *base*: the publications, and the account of them."""
    found = ask(ops, base, cache, SMALL, **how)
    return found.table, found.source
