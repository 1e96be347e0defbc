"""Office and country codes (WIPO ST.3): which are countries, which are regional, and what each old one became."""

from __future__ import annotations

from functools import lru_cache

from patentscope.records.reference import reference_rows

UNKNOWN = "unknown"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["code"]: row["kind"] for row in reference_rows("offices")}


def countries() -> frozenset[str]:
    """Return the codes that can be a party's country: states, today's and former ones."""
    return frozenset(code for code, kind in _kinds().items() if kind in {"country", "former"})


def office_codes() -> frozenset[str]:
    """Return every listed office: countries, regional and international offices, and former ones."""
    return frozenset(_kinds())
