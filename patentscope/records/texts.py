"""Titles and abstracts, the bulk of a record that decides nothing about it: in memory while few, else on disk.

They lie by blocks of publication numbers, so that whoever asks for them in that order reads each block once, whatever
the order in which they came.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patentscope.provenance.writing import spilled
from patentscope.records import entities

SCHEMA = pa.schema([(name, pa.string()) for name in ("title", "title_original", "abstract")])
#: How many records are read and written at once: 20 MB with abstracts.
ROWS = 20_000
_IN_MEMORY = 16 << 20

Rows = NDArray[np.int64]


class File:
    """An Arrow file of batches: in memory while it is small, else a temporary one without a name, closed with this."""

    def __init__(self, in_memory: int | None = None) -> None:
        """Begin a file; more bytes than *in_memory* are put on disk."""
        self._file = tempfile.SpooledTemporaryFile(in_memory or _IN_MEMORY)  # noqa: SIM115 - closed below
        weakref.finalize(self, _close, self._file)

    @contextmanager
    def writer(self) -> Iterator[pa.ipc.RecordBatchFileWriter]:
        """Give what writes it, once."""
        with spilled():
            with pa.ipc.new_file(self._file, SCHEMA) as writer:
                yield writer
            self._file.flush()

    @cached_property
    def reader(self) -> pa.ipc.RecordBatchFileReader:
        """What reads it, once it is written."""
        return pa.ipc.open_file(self._file)

    def tables(self, batches: int) -> Iterator[pa.Table]:
        """Give what it holds, in its order, so many *batches* at a time, or one."""
        numbers, step = range(self.reader.num_record_batches), max(batches, 1)
        for start in numbers[::step]:
            yield pa.Table.from_batches(map(self.reader.get_batch, numbers[start : start + step]), SCHEMA)


def _close(file: tempfile.SpooledTemporaryFile[bytes]) -> None:
    with suppress(OSError):  # what did not fit on the disk a first time
        file.close()


@dataclass(frozen=True)
class Texts:
    """The texts of records, HTML entities read as characters.

    Attributes:
        said: by text which records have one.
        with_entities: the records of which a text held an entity.
        batch: the batch that a record's texts are in; batches of all *files* are numbered one after the other.
        place: its place in that batch.
        files: where they are.
    """

    said: dict[str, NDArray[np.bool_]]
    with_entities: Rows
    batch: NDArray[np.int32]
    place: NDArray[np.int32]
    files: tuple[File, ...]

    @classmethod
    def joined(cls, parts: Sequence[Texts]) -> Texts:
        """Return the texts of *parts*, one after the other."""
        if len(parts) == 1:
            return parts[0]
        batches = np.cumsum([0, *(sum(file.reader.num_record_batches for file in part.files) for part in parts)])
        rows = np.cumsum([0, *(len(part.batch) for part in parts)])
        moved = [part.with_entities + before for part, before in zip(parts, rows[:-1], strict=True)]
        numbered = [part.batch + np.int32(before) for part, before in zip(parts, batches[:-1], strict=True)]
        said = {name: np.concatenate([_NONE, *(part.said[name] for part in parts)]) for name in SCHEMA.names}
        return cls(
            said,
            np.concatenate([_NO_ROWS, *moved]),
            np.concatenate([_NO_ROWS.astype(np.int32), *numbered]),
            np.concatenate([_NO_ROWS.astype(np.int32), *(part.place for part in parts)]),
            tuple(file for part in parts for file in part.files),
        )

    def only(self, kept: NDArray[np.bool_]) -> Texts:
        """Return the texts of the records that are *kept*."""
        if kept.all():
            return self
        said = {name: mask[kept] for name, mask in self.said.items()}
        found = self.with_entities[kept[self.with_entities]]
        return replace(
            self, said=said, with_entities=(np.cumsum(kept) - 1)[found], batch=self.batch[kept], place=self.place[kept]
        )

    def at(self, rows: Rows) -> pa.Table:
        """Return the texts of *rows*, in their order; they are read quickly where their numbers are near each other."""
        needed, of_row = np.unique(self.batch[rows], return_inverse=True)
        batches = [self._read(number) for number in needed.tolist()]
        starts = np.cumsum([0, *map(len, batches)])
        return pa.Table.from_batches(batches, SCHEMA).take(pa.array(starts[of_row] + self.place[rows]))

    def _read(self, number: int) -> pa.RecordBatch:
        for file in self.files:
            if number < file.reader.num_record_batches:
                return file.reader.get_batch(number)
            number -= file.reader.num_record_batches
        raise IndexError(number)


_NONE, _NO_ROWS = np.empty(0, bool), np.empty(0, np.int64)


def keep(
    numbers: pa.ChunkedArray,
    tables: Iterable[pa.Table],
    rows: int | None = None,
    *,
    with_entities: Rows | None = None,
) -> Texts:
    """Keep the texts of records of these publication *numbers*, whose *tables* follow each other; taken once.

    *rows* is how many records a block holds, `ROWS` where it is left out. Of texts that were read as characters before,
    *with_entities* are the records in which there was an entity.

    Raises:
        WriteError: where a temporary file can't be written to its end.
    """
    rows = rows or ROWS
    file, shelf = File(), _Shelf(_blocks(numbers, rows), are_written=with_entities is None)
    parts = (table.slice(start, rows) for table in tables for start in range(0, table.num_rows, rows))
    with file.writer() as writer:
        for part in parts:
            shelf.put(writer, pa.table({name: shelf.read(part.column(name), name) for name in SCHEMA.names}))
    said = {name: np.concatenate([_NONE, *masks]) for name, masks in shelf.said.items()}
    found = np.unique(np.concatenate([_NO_ROWS, *shelf.found])) if with_entities is None else with_entities
    return Texts(said, found, shelf.batch, shelf.place, (file,))


def _blocks(numbers: pa.ChunkedArray, rows: int) -> NDArray[np.int32]:
    """Return the block that each record falls into, when records are put into the order of their numbers."""
    blocks = np.empty(len(numbers), np.int32)
    blocks[pc.sort_indices(numbers).to_numpy()] = np.arange(len(numbers)) // rows
    return blocks


class _Shelf:
    """Where records are put by block, as they come."""

    def __init__(self, blocks: NDArray[np.int32], *, are_written: bool) -> None:
        self.blocks, self.are_written = blocks, are_written
        self.batch, self.place = np.empty_like(blocks), np.empty_like(blocks)
        self.said: dict[str, list[NDArray[Any]]] = {name: [] for name in SCHEMA.names}
        self.found: list[Rows] = []
        self.rows = self.batches = 0

    def read(self, column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
        """Return the next texts of a column as characters; what they say is noted."""
        texts = column.cast(pa.string())
        if self.are_written:
            texts, found = entities.characters(texts)
            self.found.append(found + self.rows)
        self.said[name].append(np.asarray(texts.is_valid(), dtype=bool))
        return texts

    def put(self, writer: pa.ipc.RecordBatchFileWriter, texts: pa.Table) -> None:
        """Write the next texts, those of a block together."""
        here = self.blocks[self.rows : self.rows + len(texts)]
        order = np.argsort(here, kind="stable")
        if (np.diff(here) < 0).any():
            texts = texts.take(pa.array(order))
        (batch,) = texts.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], SCHEMA)]
        starts = np.flatnonzero(np.diff(here[order], prepend=-1))
        ends = np.append(starts[1:], len(here))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            writer.write_batch(batch.slice(start, end - start))
        of_place = np.searchsorted(starts, np.arange(len(here)), side="right") - 1
        self.batch[self.rows + order] = self.batches + of_place
        self.place[self.rows + order] = np.arange(len(here)) - starts[of_place]
        self.rows, self.batches = self.rows + len(here), self.batches + len(starts)
