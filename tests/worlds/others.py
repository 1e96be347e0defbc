"""What others counted, made up: rows, and tables of them."""

from __future__ import annotations

import csv
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from patentscope.query.published import COLUMNS, Published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = [*COLUMNS, "years", "CN", "US", "AU", "JP"]
ROW = {"series": "s", "topic": "rare earths", "relation": "same", "how_read": "read", "author": "A", "title": "T"}


def make_row(years: int | tuple[int, int] | None = 2024, *, name: str = "s", **said: Any) -> Published:
    """Return a published row: counts by code in capitals, and what else it says besides defaults."""
    counts = {code: Fraction(str(n)) for code, n in said.items() if code.isupper()}
    more = {key: value for key, value in said.items() if not key.isupper()}
    usual: dict[str, Any] = {"topic": "t", "relation": "same", "question": "market", "unit": "family"}
    usual |= {"convention": "by office", "total": None, "codes_missing": "no", "how_read": "read"}
    span = (years, years) if isinstance(years, int) else years
    return Published(series=name, years=span, counts=counts, author="A", title="T", **usual | more)


def write_table(path: Path, *rows: dict[str, str], header: Sequence[str] = HEADER) -> Path:
    """Write a table of *rows*, each with what it says besides `ROW`, and return its place."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, header, restval="", extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows({**ROW, **row} for row in rows)
    return path
