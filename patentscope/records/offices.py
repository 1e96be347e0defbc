"""Office and country codes (WIPO ST.3): which are countries, which are regional, and what each old one became."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources

UNKNOWN = "unknown"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    text = resources.files("patentscope").joinpath("data/offices.csv").read_text(encoding="utf-8")
    return {row["code"]: row["kind"] for row in csv.DictReader(text.splitlines())}


def is_office(code: str) -> bool:
    """Say whether *code* is a listed office: a country, a regional or international office, or a former one."""
    return code in _kinds()


def is_country(code: str) -> bool:
    """Say whether *code* can be a party's country: a state, today's or a former one."""
    return _kinds().get(code) in {"country", "former"}


def countries() -> frozenset[str]:
    """Return the codes that can be a party's country."""
    return frozenset(code for code, kind in _kinds().items() if kind in {"country", "former"})


def office_codes() -> frozenset[str]:
    """Return every listed office."""
    return frozenset(_kinds())
