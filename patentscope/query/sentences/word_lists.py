"""The lists of words in `data/claim_words.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

TABLES: dict[str, Any] = tomllib.loads(
    resources.files("patentscope").joinpath("data/claim_words.toml").read_text(encoding="utf-8")
)


def listed(table: str, name: str) -> list[str]:
    """Return a list in its order."""
    return [words.strip() for words in TABLES[table][name].split(",")]


def phrases(table: str, name: str) -> frozenset[tuple[str, ...]]:
    """Return a list as phrases of one word or several."""
    return frozenset(tuple(words.split()) for words in listed(table, name))


def words(table: str, name: str) -> frozenset[str]:
    """Return a list of single words."""
    return frozenset(listed(table, name))
