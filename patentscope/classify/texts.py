"""Families' texts, read by blocks of families: what does not fit into memory waits in a temporary file.

The borders of blocks depend on the families alone, never on how many processes read them, so that every block is the
same, and so are its figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patentscope.classify.words.chunks import plain_array
from patentscope.provenance.writing import spilled
from patentscope.records.components import Integers

#: Families of a block.
FAMILIES = 5_000
_TEXTS = ("title", "title_original", "abstract")
#: Publications that are read at once.
_ROWS = 20_000
_SCHEMA = pa.schema([("family", pa.int32()), *((name, pa.string()) for name in _TEXTS)])
#: Blocks that are held in memory; more are put aside.
_MOST_HELD = 2


@dataclass(frozen=True)
class Block:
    """The distinct texts of *size* families: each one's family, counted from 0; families and their texts in order."""

    texts: pa.Array
    owners: Integers
    size: int

    @classmethod
    def of(cls, families: Sequence[Sequence[str]]) -> Block:
        """Return the texts of *families* that are given as lists."""
        owners = np.repeat(np.arange(len(families)), [len(texts) for texts in families])
        return cls.distinct(plain_array([text for texts in families for text in texts]), owners, len(families))

    @classmethod
    def distinct(cls, texts: pa.Array, owners: Integers, size: int) -> Block:
        """Return of *texts*, with each one's family in *owners*, those that say anything, each once in a family."""
        encoded = pc.utf8_trim_whitespace(texts).dictionary_encode()
        listed = encoded.dictionary.cast(pa.large_string())
        order = pc.sort_indices(listed).to_numpy()
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        says = pc.greater(pc.binary_length(listed), 0).to_numpy(zero_copy_only=False)
        codes = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        kept = encoded.is_valid().to_numpy(zero_copy_only=False)
        kept[kept] = says[codes[kept]]
        keys = np.unique(owners[kept] * len(order) + rank[codes[kept]])
        families, ranks = np.divmod(keys, max(len(order), 1))
        return cls(listed.take(pa.array(order[ranks])), families, size)


@dataclass(frozen=True)
class Rows:
    """Where the rows of a block's publications are: in memory, or in pieces of a file, each with its place and size."""

    size: int
    held: tuple[pa.RecordBatch, ...] = ()
    file: Path | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    number: int = 0

    def read(self) -> Block:
        """Return the block."""
        batches = list(self.held)
        if self.file is not None:
            with pa.memory_map(str(self.file)) as file:
                for place, size in self.pieces:
                    file.seek(place)
                    batches.append(pa.ipc.read_record_batch(file.read_buffer(size), _SCHEMA))
                return self._block(batches)
        return self._block(batches)

    def _block(self, batches: list[pa.RecordBatch]) -> Block:
        table = pa.Table.from_batches(batches, _SCHEMA)
        columns = [table.column(name).cast(pa.large_string()) for name in _TEXTS]
        texts = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.large_string())
        owners = np.tile(table.column("family").to_numpy(), len(_TEXTS)).astype(np.int64)
        return Block.distinct(texts.combine_chunks(), owners, self.size)

    @property
    def aside(self) -> Path | None:
        """The file into which the block's tokens are put; None where they stay in memory."""
        return self.file and self.file.with_name(f"{self.number}.tokens")


@dataclass(frozen=True)
class FamilyTexts:
    """The texts of all families: their ids, sorted; whether a member has an abstract; and their rows, by blocks."""

    family_id: pd.Series
    has_abstract: pd.Series
    blocks: tuple[Rows, ...]

    @classmethod
    def of(cls, families: pd.DataFrame, size: int = FAMILIES) -> FamilyTexts:
        """Return the texts of *families*, `family_id` and `texts` (lists of str), in the order of their ids.

        Raises:
            ValueError: A family id occurs twice, or they are in another order.
        """
        names = families["family_id"].reset_index(drop=True)
        if not (names.is_unique and names.is_monotonic_increasing):
            raise ValueError("a family_id occurs twice or out of order; expected one row per simple family, sorted")
        blocks = []
        for start in range(0, max(len(names), 1), size):
            lists = families["texts"].iloc[start : start + size].tolist()
            owners = np.repeat(np.arange(len(lists)), [len(texts) for texts in lists])
            nothing = pa.nulls(len(owners), pa.string())
            written = pa.array([text for texts in lists for text in texts], pa.string())
            columns = [pa.array(owners, pa.int32()), written, nothing, nothing]
            blocks.append(Rows(len(lists), (pa.RecordBatch.from_arrays(columns, schema=_SCHEMA),)))
        return cls(names, pd.Series(data=False, index=names.index, name="has_abstract"), tuple(blocks))


@contextmanager
def family_texts(path: Path, family_id: pd.Series, size: int = FAMILIES) -> Iterator[FamilyTexts]:
    """Give the texts of the simple families in *path*, publications.parquet, while the `with` block lasts.

    They are every distinct title and abstract of a family's members, sorted. More than two blocks of *size* families
    are put into a temporary folder, which is gone afterwards; *family_id* is that of each publication.

    Raises:
        WriteError: where the folder can't be written to, or its disk is full.
    """
    codes, names = pd.factorize(family_id, sort=True)
    count = max(-(-len(names) // size), 1)
    has_abstract = np.zeros(len(names), np.bool_)
    parts = _parts(path, codes, size, has_abstract)
    sizes = np.diff(np.append(np.arange(count) * size, len(names))).tolist()
    with ExitStack() as stack:
        if count <= _MOST_HELD:
            held: list[list[pa.RecordBatch]] = [[] for _ in range(count)]
            for number, part in parts:
                held[number].append(part)
            blocks = [Rows(here, tuple(batches)) for here, batches in zip(sizes, held, strict=True)]
        else:
            with spilled():
                aside = stack.enter_context(TemporaryDirectory(prefix="patentscope-"))
                file, pieces = Path(aside) / "texts", _put_aside(parts, Path(aside) / "texts", count)
            listed = enumerate(zip(sizes, pieces, strict=True))
            blocks = [Rows(here, (), file, tuple(places), number) for number, (here, places) in listed]
        ids = pd.Series(np.asarray(names, dtype=object), name="family_id")
        yield FamilyTexts(ids, pd.Series(has_abstract, name="has_abstract"), tuple(blocks))


def _parts(path: Path, codes: Integers, size: int, has_abstract: Integers) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the rows of *path* by block, with the block's number; *codes* are their families, *size* those of a block.

    On the way it is noted which families have an abstract.
    """
    start = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS, columns=list(_TEXTS)):
            here = codes[start : start + len(batch)]
            start += len(batch)
            says = pc.fill_null(pc.greater(pc.binary_length(batch.column("abstract")), 0), fill_value=False)
            has_abstract[here[says.to_numpy(zero_copy_only=False)]] = True
            order = np.argsort(here // size, kind="stable")
            blocks, local = np.divmod(here[order], size)
            columns = [pa.array(local, pa.int32()), *(batch.column(name).take(pa.array(order)) for name in _TEXTS)]
            rows = pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)
            borders = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist(), len(blocks)]
            for first, end in pairwise(borders):
                yield int(blocks[first]), rows.slice(first, end - first)


def _put_aside(parts: Iterator[tuple[int, pa.RecordBatch]], file: Path, count: int) -> list[list[tuple[int, int]]]:
    """Write *parts* to *file*, and return for each of *count* blocks the place and the size of each of its pieces."""
    pieces: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    with file.open("wb") as sink:
        for number, part in parts:
            pieces[number].append((sink.tell(), sink.write(part.serialize())))
    return pieces
