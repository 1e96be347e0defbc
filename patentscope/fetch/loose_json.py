"""Reading JSON of which any part may be missing, or be of another type than it should."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from patentscope.files.written_date import compact_date

Json = dict[str, Any]


def parsed(body: bytes, *, strict: bool = True) -> Any:  # noqa: ANN401 - as JSON has it
    """Return what *body* says; None where it is no JSON. Unless *strict*, texts may hold bare control characters."""
    try:
        return json.loads(body, strict=strict)
    except (ValueError, RecursionError):
        return None


def objects(listed: object) -> list[Json]:
    """Return as many objects as there are entries in a list; an entry that is none is a record that can't be read."""
    return [entry if isinstance(entry, dict) else {} for entry in listed] if isinstance(listed, list) else []


def within(record: Json, *path: str) -> Json:
    """Return the object at *path*; an empty one where there is none."""
    for name in path:
        inner = record.get(name)
        record = inner if isinstance(inner, dict) else {}
    return record


def entries(record: Json, *path: str) -> list[Json]:
    """Return the objects of the list at *path*."""
    listed = within(record, *path[:-1]).get(path[-1])
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def word(record: Json, name: str) -> str:
    """Return a text or a whole number on one line; empty for anything else."""
    value = record.get(name)
    return " ".join(str(value).split()) if type(value) in {str, int} else ""


def iso_date(record: Json, name: str) -> dt.date | None:
    """Return an ISO date; None for a year alone and for what is none."""
    return compact_date(word(record, name)[:10].replace("-", ""))
