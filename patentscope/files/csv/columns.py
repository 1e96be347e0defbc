"""Cells made the columns of `store.SCHEMA`, a whole column at a time."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.dates import read_dates
from patentscope.files.csv.numbers import office_of
from patentscope.files.csv.sheet import Lines, Sheet
from patentscope.records.store import SCHEMA, lists

_PARTIES = SCHEMA.field("applicants").type
_PRIORITIES = SCHEMA.field("priorities").type
_DATES = ("publication_date", "filing_date", "priority_date")
_NO_TEXT = pa.scalar(None, pa.string())
_BLANK, _ASCII_END = 0x20, 0x80


@dataclass
class Columns:
    """Rows as columns of `store.SCHEMA`, but for their dates, which are read when the whole file's are known.

    Attributes:
        dates: dates as they are written, each distinct one once.
        years: each row's year of publication, likewise, where the file states one beside the date.
        first: the earliest date among a row's priorities, which stands in where none is stated.
    """

    arrays: dict[str, pa.Array]
    dates: dict[str, pa.DictionaryArray]
    years: pa.DictionaryArray | None = None
    first: pa.Array | None = None
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """What the dates of some rows are read from when those of the whole file are known.

    Attributes:
        is_recent: whether each row's document must be of 1970 or later, where `columns.years` doesn't say.
        is_kept: whether each row is among the publications.
    """

    columns: Columns
    is_recent: pa.Array | None
    is_kept: pa.Array
    lines: Lines


def with_dates(table: pa.Table, blocks: Sequence[Block]) -> tuple[pa.Table, dict[str, str]]:
    """Return *table* with the dates of all blocks, and notes on them."""
    if not blocks:
        return table, {}
    starts = list(itertools.accumulate((len(block.lines) for block in blocks), initial=0))

    def line_of(row: int) -> int | str:
        place = bisect.bisect_right(starts, row) - 1
        return blocks[place].lines[row - starts[place]]

    written = {name: pa.chunked_array([block.columns.dates[name] for block in blocks]) for name in _DATES}
    years = _chunked([block.columns.years for block in blocks])
    read, notes = read_dates(written, line_of, years, _chunked([block.is_recent for block in blocks]))
    first = _chunked([block.columns.first for block in blocks])
    if first is not None:
        read["priority_date"] = pc.coalesce(read["priority_date"], first)
    kept = pa.chunked_array([block.is_kept for block in blocks])
    for name, dates in read.items():
        table = table.set_column(table.schema.get_field_index(name), SCHEMA.field(name), dates.filter(kept))
    return table, notes


def _chunked(arrays: Sequence[pa.Array | None]) -> pa.ChunkedArray | None:
    found = [array for array in arrays if array is not None]
    return pa.chunked_array(found) if found else None


def texts(cells: pa.Array, *, none: str = "") -> pa.Array:
    """Return cells trimmed; empty ones, and those that hold only what the format writes for nothing (*none*), null."""
    trimmed = _trimmed(cells)
    nothing = pc.equal(trimmed, "")
    if none:
        nothing = pc.or_(nothing, pc.equal(trimmed, none))
    return pc.if_else(nothing, _NO_TEXT, trimmed) if pc.any(nothing).as_py() else trimmed


def _trimmed(cells: pa.Array) -> pa.Array:
    """Return cells without blanks at their ends; only those are looked at closely whose ends may be blanks."""
    offsets, data = string_buffers(cells)
    if not len(data):
        return cells
    starts, ends = offsets[:-1], offsets[1:]
    firsts, lasts = data[np.minimum(starts, len(data) - 1)], data[np.maximum(ends, 1) - 1]
    either = np.minimum(firsts, lasts) <= _BLANK
    may_be = (starts < ends) & (either | (np.maximum(firsts, lasts) >= _ASCII_END))
    if not may_be.any():
        return cells
    mask = pa.array(may_be)
    found = cells.filter(mask)
    trimmed = pc.utf8_trim_whitespace(found)
    return cells if trimmed.equals(found) else pc.replace_with_mask(cells, mask, trimmed)


def string_buffers(cells: pa.Array) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return where each cell's bytes begin and end, and all bytes, of an array of strings."""
    _, places, data = cells.buffers()
    if places is None or data is None:
        return np.zeros(len(cells) + 1, np.int32), np.zeros(0, np.uint8)
    offsets = np.frombuffer(places, np.int32, len(cells) + 1, cells.offset * 4)
    return offsets, np.frombuffer(data, np.uint8)


def split(cells: pa.Array, separator: str, *, none: str = "") -> tuple[pa.Array, np.ndarray[Any, Any]]:
    """Split cells at the regular expression *separator*; return entries (each once per row) and the row of each."""
    values = texts(cells, none=none)
    is_plain = re.escape(separator) == separator
    parted = pc.split_pattern(values, separator) if is_plain else pc.split_pattern_regex(values, separator)
    flat, rows = _trimmed(parted.flatten()), pc.list_parent_indices(parted).to_numpy()
    filled = pc.not_equal(flat, "")
    if not pc.all(filled).as_py():
        flat, rows = flat.filter(filled), rows[filled.to_numpy(zero_copy_only=False)]
    encoded = flat.dictionary_encode()
    keys = rows * np.int64(max(len(encoded.dictionary), 1)) + encoded.indices.to_numpy()
    ordered = np.sort(keys)
    if not (ordered[1:] == ordered[:-1]).any():
        return flat, rows
    _, first = np.unique(keys, return_index=True)
    first.sort()
    return flat.take(pa.array(first)), rows[first]


def symbols(cells: pa.Array, separator: str, *, none: str = "") -> pa.Array:
    """Return lists of class symbols, without what stands behind one in brackets: `(EP,US)`, `(2006.01)`."""
    flat, rows = split(cells, separator, none=none)
    if pc.any(pc.ends_with(flat, ")")).as_py():
        flat = pc.replace_substring_regex(flat, r"[\s\p{Z}]*\([^)]*\)$", "")
    return lists(flat, rows, len(cells), pa.list_(pa.string()))


def parties(cells: pa.Array, separator: str, *, none: str = "", has_country: bool = False) -> pa.Array:
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
    numbers: pa.Array, written: pa.Array, rows: np.ndarray[Any, Any], count: int
) -> tuple[pa.Array, pa.Array]:
    """Return lists of priorities from numbers, dates as written and the row of each, and each row's earliest date."""
    read, _ = read_dates({"priority": pa.chunked_array([written])}, lambda _: 0)
    dates = read["priority"].combine_chunks()
    members = pa.StructArray.from_arrays([numbers, dates], fields=list(_PRIORITIES.value_type))
    known = dates.is_valid().to_numpy(zero_copy_only=False)
    days = dates.cast(pa.int32()).fill_null(0).to_numpy()[known]
    least = np.full(count, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(least, rows[known], days)
    earliest = pa.array(least, mask=least == np.iinfo(np.int32).max).cast(pa.date32())
    return lists(members, rows, count, _PRIORITIES), earliest


def dated_priorities(cells: pa.Array, separator: str) -> tuple[pa.Array, pa.Array]:
    """Return the priorities of each row from cells like `US 62/1 A 20150102`, and each row's earliest date."""
    flat, rows = split(cells, separator)
    parts = pc.extract_regex(flat, r"^(?P<number>.*\S)\s+(?P<date>\d{8})$")
    numbers = pc.coalesce(pc.struct_field(parts, "number"), flat)
    return priorities(numbers, pc.struct_field(parts, "date"), rows, len(cells))


def common(
    sheet: Sheet, numbers: pa.Array, separator: str, names: Callable[[pa.Array], pa.Array], *, none: str = ""
) -> Columns:
    """Return the columns that all formats write alike, the dates still as written.

    *separator* stands between class symbols; *names* splits a column of parties; *none* is what the format writes for
    nothing.
    """
    arrays = {"publication_number": numbers, "office": office_of(numbers)}
    arrays |= {name: texts(sheet.cells(name), none=none) for name in ("application_number", "title", "abstract")}
    arrays |= {name: symbols(sheet.cells(name), separator, none=none) for name in ("cpc", "ipc")}
    arrays |= {role: names(sheet.cells(role)) for role in ("applicants", "inventors")}
    return Columns(arrays, {name: sheet.cells(name).dictionary_encode() for name in _DATES})
