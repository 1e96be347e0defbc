"""Which records are of one document, and which of them says what: the fuller first, its gaps filled by the others.

Records are of one document where office, number and kind agree. A number without a kind code joins a document of the
same number, whatever that one's kind; it makes a document of its own only where no such number is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records import intake_columns
from patentscope.records.components import Integers, Mask, numbered
from patentscope.records.store import rows_at, together
from patentscope.records.texts import Texts

_AT_ONCE = 5_000
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
_NO_DATE = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Documents:
    """The records of each document; documents are in the order of their numbers.

    Attributes:
        numbers: the documents' publication numbers, with the kind where any of the records has one.
        order: rows, those of one document together, the fuller first.
        starts: where each document begins in *order*.
        said: by column which rows say something.
        repeats: of each row a number that those of one document share which are the same in every column.
    """

    numbers: pa.Array
    order: Integers
    starts: Integers
    said: dict[str, Mask]
    repeats: Integers

    def first(self, column: str) -> Integers:
        """Return the row of each document from which *column* is taken: the first that says something, if any does."""
        places = np.arange(len(self.order))
        places[~self.said[column][self.order]] = len(self.order)
        found = np.minimum.reduceat(places, self.starts) if len(places) else places
        return self.order[np.where(found < len(self.order), found, self.starts)]

    @property
    def of_place(self) -> Integers:
        """The document of each place in *order*."""
        lengths = np.diff(self.starts, append=len(self.order))
        return np.repeat(np.arange(len(self.starts)), lengths)

    @property
    def merged(self) -> Integers:
        """The rows that are not their document's fullest, by document."""
        is_other = np.ones(len(self.order), dtype=bool)
        is_other[self.starts] = False
        return self.order[is_other]


def documents_of(table: pa.Table, texts: Texts) -> Documents:
    """Return the documents of *table* (`store.APART`, in one form, every row with a number) with these *texts*.

    Nothing depends on the order of the rows: of records that are equally full the first is the one by content.
    """
    said = texts.said | {name: _said(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    filled = np.stack(list(said.values())).sum(axis=0, dtype=np.int64)
    codes, numbers = _codes(table)
    places, repeats = _contents(table, texts, codes, filled)
    order = np.lexsort((places, -filled, codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return Documents(numbers.take(pa.array(codes[order][starts])), order, starts, said, repeats)


def _said(column: pa.ChunkedArray) -> Mask:
    """Say of each row whether it says something: an empty list doesn't."""
    if pa.types.is_list(column.type):
        says: Mask = np.diff(column.combine_chunks().offsets.to_numpy()) > 0
        return says
    return np.asarray(column.is_valid(), dtype=bool)


def _codes(table: pa.Table) -> tuple[Integers, pa.Array]:
    """Return the document of each row as a place among numbers in alphabetical order, and these numbers."""
    stems, kinds = intake_columns.stems_and_kinds(
        table.column("publication_number").combine_chunks(), table.column("kind").combine_chunks()
    )
    codes, names = numbered(pc.binary_join_element_wise(stems, pc.fill_null(kinds, ""), ""))
    bare = np.flatnonzero(np.asarray(kinds.is_null(), dtype=bool))
    if len(bare):
        codes[bare] = _joined(codes, bare, stems, table.column("publication_date"))
    return codes, names


def _joined(codes: Integers, bare: Integers, stems: pa.Array, dates: pa.ChunkedArray) -> Integers:
    """Return the documents of the rows *bare* of a kind code: one of the same number, if there is one.

    It is the one of the same date, else the earliest; of those of one date, and of those without, the first by kind.
    """
    wanted = pc.unique(stems.take(pa.array(bare)))
    place = pc.index_in(stems, wanted).fill_null(-1).to_numpy().astype(np.int64)
    days = dates.cast(pa.int32()).fill_null(_NO_DATE).to_numpy()
    coded = place >= 0
    coded[bare] = False
    rows = pd.DataFrame({"number": place[coded], "day": days[coded], "document": codes[coded]})
    rows["first"] = rows.groupby("document")["day"].transform("min")
    rows = rows.sort_values(["first", "document"], kind="stable")
    asked = pd.DataFrame({"number": place[bare], "day": days[bare]})
    dated = rows[rows["day"] != _NO_DATE].drop_duplicates(["number", "day"])
    same_day = asked.merge(dated, on=["number", "day"], how="left")["document"]
    earliest = asked["number"].map(rows.drop_duplicates("number").set_index("number")["document"])
    joined = same_day.fillna(earliest).fillna(pd.Series(codes[bare]))
    return joined.to_numpy().astype(np.int64)


def _contents(table: pa.Table, texts: Texts, codes: Integers, filled: Integers) -> tuple[Integers, Integers]:
    """Return places by content of the rows that are as full as another one of their document; 0 for others.

    And `Documents.repeats`. Only what differs is put in order: a file given twice is the same all over.
    """
    rows = pd.DataFrame({"code": codes, "filled": filled})
    alike = np.flatnonzero(rows.duplicated(keep=False))
    alike = alike[np.argsort(codes[alike], kind="stable")]
    places, repeats = np.zeros(len(codes), dtype=np.int64), np.arange(len(codes))
    if not len(alike):
        return places, repeats
    rows = rows.iloc[alike].assign(row=alike, content=np.concatenate([*_hashes(table, texts, alike)]))
    firsts = rows.drop_duplicates(["code", "filled", "content"])
    first = rows.groupby(["code", "filled", "content"], sort=False)["row"].transform("first")
    repeats[alike] = first
    differ = firsts.loc[firsts.duplicated(["code", "filled"], keep=False), "row"].to_numpy()
    written = [text for block in _whole(table, texts, differ) for text in map(str, block.to_pylist())]
    places[differ] = np.unique(np.array(written, dtype=object), return_inverse=True)[1]
    return places[repeats], repeats


def _whole(table: pa.Table, texts: Texts, rows: Integers) -> Iterator[pa.Table]:
    """Give *rows* with all columns, some at a time."""
    for start in range(0, len(rows), _AT_ONCE):
        here = rows[start : start + _AT_ONCE]
        apart = pa.Table.from_arrays([rows_at(column, here) for column in table.columns], schema=table.schema)
        yield together(apart, texts.at(here))


def _hashes(table: pa.Table, texts: Texts, rows: Integers) -> Iterator[Hashes]:
    """Give a hash of all that each of *rows* says, some at a time."""
    for block in _whole(table, texts, rows):
        hashes = np.zeros(block.num_rows, np.uint64)
        for column in block.columns:
            hashes = scattered(hashes + _hashed(column.combine_chunks()))
        yield hashes


def _hashed(values: pa.Array) -> Hashes:
    """Return a hash of each value; of a list its members in their order."""
    if pa.types.is_list(values.type):
        lengths = np.diff(values.offsets.to_numpy())
        of_member = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        members = scattered(_hashed(values.flatten()) + of_member.astype(np.uint64))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(members, dtype=np.uint64)])
        ends = np.cumsum(lengths)
        of_list: Hashes = sums[ends] - sums[ends - lengths] + lengths.astype(np.uint64)
        return of_list
    if pa.types.is_struct(values.type):
        hashes = np.zeros(len(values), np.uint64)
        for entry in values.flatten():
            hashes = scattered(hashes + _hashed(entry))
        return hashes
    encoded = values.dictionary_encode()
    said = np.array([*map(str, encoded.dictionary.to_pylist()), ""], dtype=object)
    hashes = pd.util.hash_array(said, categorize=False)
    hashes[-1] = 1
    of_value: Hashes = hashes[encoded.indices.fill_null(len(hashes) - 1).to_numpy()]
    return of_value


def scattered(codes: Hashes) -> Hashes:
    """Return codes scattered over 64 bits, so that the sums of two sets are equal only if the sets are (SplitMix64)."""
    mixed = (codes + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
