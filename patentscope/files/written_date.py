"""Dates as patent offices' files write them: eight digits, with zeros or nines for "not known"."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

_DIGITS = 8
_NEVER = 9999  # PATSTAT's year for a date that is not known


@lru_cache(maxsize=131072)
def compact_date(written: str | int | None) -> dt.date | None:
    """Return `20241231` (text or number) as a date; None for 0, 99991231 and what is no day of the calendar."""
    text = str(written or "").strip()
    if len(text) != _DIGITS or not text.isascii() or not text.isdecimal():
        return None
    try:
        found = dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return None if found.year == _NEVER else found
