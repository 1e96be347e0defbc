"""The reference tables that the package ships: offices, kind codes, classes."""

from __future__ import annotations

import csv
from importlib import resources


def reference_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of `data/<name>.csv`."""
    text = resources.files("patentscope").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
