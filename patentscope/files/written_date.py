"""Dates as patent offices' files write them: eight digits, with zeros or nines for "not known"."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from functools import lru_cache


@lru_cache(maxsize=131072)
def compact_date(written: str | int | None) -> dt.date | None:
    """Return `20241231` (text or number) as a date; None for 0, 99991231 and what is no day of the calendar."""
    text = str(written or "").strip()
    if re.fullmatch("[0-9]{8}", text) and not text.startswith("9999"):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(text)
    return None
