"""A small search at OPS: its query, made records that answer it, and a fetch of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from patentscope.fetch.ops import source as ops
from patentscope.provenance.ledger import Source

from servers.ops_answers import Record
from worlds.asked import ask

SMALL = """
name = "small"
[scope]
sources = ["ops"]
years = [2020, 2025]
[topic.classes]
rare_earth = ["C22B59"]
recycling = ["C22B7"]
[topic.terms.en]
rare_earth = ["rare earth", "neodymium"]
recycling = ["recycle", "scrap"]
[topic.readings]
strict = { all = ["classes.rare_earth", "classes.recycling"] }
terms = { all = ["terms.rare_earth", "terms.recycling"] }
classifier = { all = ["classifier"] }
"""


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


CLAIM = """
[[claims]]
id = "test"
quote = "China leads"
said_on = 2025-10-31
year = 2023
left = ["CN"]
right = ["US", "AU", "JP"]
exceeds_by = 0.73
[axes]
international = ["all", "two_offices"]
"""
