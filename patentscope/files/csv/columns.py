"""Cells made the columns of `store.SCHEMA`, a whole column at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.dates import read_dates
from patentscope.files.csv.numbers import are_recent, office_of
from patentscope.files.csv.sheet import Sheet
from patentscope.records.store import SCHEMA, lists

#: Columns of `store.SCHEMA`, and notes for the user.
Columns = tuple[dict[str, pa.Array], dict[str, str]]
_PARTIES = SCHEMA.field("applicants").type
_PRIORITIES = SCHEMA.field("priorities").type
_NO_TEXT = pa.scalar(None, pa.string())


def texts(cells: Sequence[str] | pa.Array, *, none: str = "") -> pa.Array:
    """Return cells trimmed; empty ones, and those that hold only what the format writes for nothing (*none*), null."""
    trimmed = pc.utf8_trim_whitespace(cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string()))
    return pc.if_else(pc.or_(pc.equal(trimmed, ""), pc.equal(trimmed, none)), _NO_TEXT, trimmed)


def split(cells: Sequence[str] | pa.Array, separator: str, *, none: str = "") -> tuple[pa.Array, np.ndarray[Any, Any]]:
    """Split cells at the regular expression *separator*; return entries (each once per row) and the row of each."""
    values = pc.fill_null(texts(cells, none=none), "")
    lists = pc.split_pattern_regex(values, pattern=separator)
    flat, rows = pc.utf8_trim_whitespace(lists.flatten()), pc.list_parent_indices(lists).to_numpy()
    filled = pc.not_equal(flat, "")
    flat, rows = flat.filter(filled), rows[filled.to_numpy(zero_copy_only=False)]
    encoded = flat.dictionary_encode()
    keys = rows * np.int64(max(len(encoded.dictionary), 1)) + encoded.indices.to_numpy()
    _, first = np.unique(keys, return_index=True)
    first.sort()
    return flat.take(pa.array(first)), rows[first]


def symbols(cells: Sequence[str], separator: str, *, none: str = "") -> pa.Array:
    """Return lists of class symbols, without what stands behind one in brackets: `(EP,US)`, `(2006.01)`."""
    flat, rows = split(cells, separator, none=none)
    flat = pc.replace_substring_regex(flat, r"[\s\p{Z}]*\([^)]*\)$", "")
    return lists(flat, rows, len(cells), pa.list_(pa.string()))


def parties(cells: Sequence[str] | pa.Array, separator: str, *, none: str = "", has_country: bool = False) -> pa.Array:
    """Return lists of parties; a country only where the format writes `[XX]` behind a name, else null."""
    flat, rows = split(cells, separator, none=none)
    country = pa.nulls(len(flat), pa.string())
    if has_country:
        # The blank before the bracket is an en space.
        match = pc.extract_regex(flat, r"^(?P<name>.*?)[\s\p{Z}]*\[(?P<country>[A-Z]{2})\]$")
        country = pc.struct_field(match, "country")
        flat = pc.coalesce(pc.struct_field(match, "name"), flat)
    members = pa.StructArray.from_arrays([flat, country], fields=list(_PARTIES.value_type))
    return lists(members, rows, len(cells), _PARTIES)


def priorities(
    numbers: pa.Array, written: Sequence[str], rows: np.ndarray[Any, Any], count: int
) -> tuple[pa.Array, pa.Array]:
    """Return lists of priorities from numbers, dates as written and the row of each, and each row's earliest date."""
    dates = read_dates({"priority": written}, [0] * len(written))[0]["priority"]
    members = pa.StructArray.from_arrays([numbers, dates], fields=list(_PRIORITIES.value_type))
    known = dates.is_valid().to_numpy(zero_copy_only=False)
    days = dates.cast(pa.int32()).fill_null(0).to_numpy()[known]
    least = np.full(count, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(least, rows[known], days)
    earliest = pa.array(least, mask=least == np.iinfo(np.int32).max).cast(pa.date32())
    return lists(members, rows, count, _PRIORITIES), earliest


def dated_priorities(cells: Sequence[str], separator: str) -> tuple[pa.Array, pa.Array]:
    """Return the priorities of each row from cells like `US 62/1 A 20150102`, and each row's earliest date."""
    flat, rows = split(cells, separator)
    parts = pc.extract_regex(flat, r"^(?P<number>.*\S)\s+(?P<date>\d{8})$")
    numbers = pc.coalesce(pc.struct_field(parts, "number"), flat)
    return priorities(numbers, pc.fill_null(pc.struct_field(parts, "date"), "").to_pylist(), rows, len(cells))


def common(
    sheet: Sheet,
    numbers: pa.Array,
    separator: str,
    names: Callable[[list[str]], pa.Array],
    *,
    none: str = "",
    years: Sequence[int | None] = (),
) -> Columns:
    """Return the columns that all formats write alike, and notes on their dates.

    *separator* stands between class symbols; *names* splits a column of parties; *none* is what the format writes for
    nothing; *years* are those of publication, where the file states them beside the date.
    """
    dates = {name: sheet.cells(name) for name in ("publication_date", "filing_date", "priority_date")}
    columns, notes = read_dates(dates, sheet.lines, years, are_recent(numbers))
    columns |= {"publication_number": numbers, "office": office_of(numbers)}
    columns |= {name: texts(sheet.cells(name), none=none) for name in ("application_number", "title", "abstract")}
    columns |= {name: symbols(sheet.cells(name), separator, none=none) for name in ("cpc", "ipc")}
    return columns | {role: names(sheet.cells(role)) for role in ("applicants", "inventors")}, notes
