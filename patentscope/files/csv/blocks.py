"""A text made rows under its header, block by block: all at once where a block is regular, else row by row.

A block is regular where nothing in it can be read in two ways: every quotation mark opens or closes a cell, or is
doubled inside one, and every row has a number and as many cells as the header. Arrow reads such a block as columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from patentscope.files.csv import rows
from patentscope.files.csv.fitted import read_rows
from patentscope.files.csv.sheet import Header, HeaderAt, Sheet
from patentscope.files.decode import Text
from patentscope.files.spool import FileAccount

BLOCK = 2 << 20
_QUOTE, _LF = b'"\n'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Arrow would take one for the start of a file


def sheets(text: Text, header: Header, at: HeaderAt, account: FileAccount, *, are_moved: bool) -> Iterator[Sheet]:
    """Yield the rows below the header *at*, in blocks of about 4 MB.

    Raises:
        FileFormatError: where a cell is over 10 MB.
        MovedCellsError: as `read_rows`, where cells of the file were moved and that is not said.
    """
    regular, before, rest = _Regular(header, at), at.first_line, b""
    shape = len(at.header), at.places["publication_number"]
    for block, is_last in _large(_below(text.blocks(), at.first_line)):
        data = rest + block
        found = None if are_moved or not data else regular.sheet(data, before)
        if found is not None:
            sheet, end, lines_in = found
            yield sheet
            data, before = data[end:], before + lines_in
        if data and (found is None or is_last):
            lines = data.decode().removesuffix("\n").split("\n")
            found_rows, used = rows.some_rows(lines, before, at.separator, shape, account.path, are_last=is_last)
            last_line = before + len(lines) if is_last and not data.endswith(b"\n") else 0
            yield read_rows(found_rows, header, at, account, last_line=last_line, are_moved=are_moved)
            data, before = "".join(f"{line}\n" for line in lines[used:]).encode(), before + used
        rest = data


class _Regular:
    """Reads blocks that are regular, as Arrow does."""

    def __init__(self, header: Header, at: HeaderAt) -> None:
        self._header, self._at = header, at

    def sheet(self, data: bytes, before: int) -> tuple[Sheet, int, int] | None:
        """Return the rows that end in *data*, where they do, and in how many lines; None where it is not regular.

        *before* is how many lines the file has above.
        """
        characters = np.frombuffer(data, np.uint8)
        ends, quotes = np.flatnonzero(characters == _LF), np.flatnonzero(characters == _QUOTE)
        last_lines = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 0)
        if not len(last_lines) or data.startswith(_BYTE_ORDER_MARK):
            return None
        end = int(ends[last_lines[-1]]) + 1
        is_long = np.diff(ends[last_lines], prepend=0).max() > rows.LARGEST_CELL
        if is_long or not self._is_unambiguous(characters, quotes[: np.searchsorted(quotes, end)]):
            return None
        columns = self._columns(data, end)
        if columns is None or len(next(iter(columns.values()))) != len(last_lines):
            return None
        lines = before + 1 + np.concatenate([[0], last_lines[:-1] + 1])
        return Sheet(columns, lines, len(lines)), end, int(last_lines[-1]) + 1

    def _is_unambiguous(self, characters: np.ndarray[Any, Any], quotes: np.ndarray[Any, Any]) -> bool:
        """Say whether quotation marks stand at the borders of cells, or doubled."""
        beside = np.zeros(256, bool)
        beside[[ord(self._at.separator), _LF, _QUOTE]] = True
        opening, closing = quotes[::2], quotes[1::2]
        before = characters[opening[opening > 0] - 1]
        return bool(beside[before].all() and beside[characters[closing + 1]].all())

    @cached_property
    def _options(self) -> dict[str, Any]:
        names = [str(place) for place in range(len(self._at.header))]
        wanted = [str(place) for place in {*self._at.places.values(), *self._beyond}]
        text = dict.fromkeys(wanted, pa.string())
        return {
            "parse_options": csv.ParseOptions(
                delimiter=self._at.separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            "convert_options": csv.ConvertOptions(
                include_columns=wanted, column_types=text, strings_can_be_null=True, null_values=[""]
            ),
            "read_options": csv.ReadOptions(
                column_names=names, block_size=2 * BLOCK + rows.LARGEST_CELL, use_threads=False
            ),
        }

    @cached_property
    def _beyond(self) -> range:
        """Give the places of the columns behind the header's last name; none where nobody moves cells there."""
        return range(self._at.named, len(self._at.header) if self._header.shift else 0)

    def _columns(self, data: bytes, end: int) -> dict[str, pa.Array] | None:
        """Return the rows as columns; None where one has another width, or may be none."""
        try:
            table = csv.read_csv(pa.py_buffer(memoryview(data)[:end]), **self._options).combine_chunks()
        except pa.ArrowInvalid:
            return None
        columns = {name: _only_chunk(table.column(str(place))) for name, place in self._at.places.items()}
        numbers, shift = columns["publication_number"], self._header.shift
        name = self._at.header[self._at.places["publication_number"]]
        if numbers.null_count or pc.any(pc.equal(numbers, name)).as_py():
            return None
        if shift and shift.link in columns:
            links = columns[shift.link]
            is_full = any(table.column(str(place)).null_count < len(numbers) for place in self._beyond)
            if is_full or links.null_count or not pc.all(pc.starts_with(links, "http")).as_py():
                return None
        return columns


def _only_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.nulls(0, column.type)


def _below(blocks: Iterator[bytes], first_line: int) -> Iterator[bytes]:
    """Yield *blocks* without the lines above *first_line*, counted from 0."""
    above = first_line
    for block in blocks:
        start = 0
        while above and (end := block.find(b"\n", start)) >= 0:
            start, above = end + 1, above - 1
        if not above:
            yield block[start:]


def _large(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield *blocks* put together, and of each whether it is the last."""
    parts: list[bytes] = []
    size = 0
    for block in blocks:
        if size >= BLOCK:
            yield b"".join(parts), False
            parts, size = [], 0
        parts.append(block)
        size += len(block)
    yield b"".join(parts), True
