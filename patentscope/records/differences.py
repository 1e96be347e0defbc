"""What two records of one document say otherwise, counted by field: what one record lacks is no difference.

Texts are compared by their letters and figures alone, application numbers in one form, classes, priorities and names
as sets. Where a record comes from, its language codes and what follows from other records are not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.provenance.ledger import Loss, losses_of
from patentscope.records.application_numbers import application_keys
from patentscope.records.components import Integers, Mask
from patentscope.records.documents import Documents, scattered
from patentscope.records.store import rows_at
from patentscope.records.texts import Texts

FIELDS = (
    *("publication_date", "filing_date", "priority_date", "application_number", "priorities", "family_id"),
    *("title", "abstract", "cpc", "ipc", "applicants", "inventors"),
)
_NUMBERS = frozenset({"application_number", "priorities"})
_AT_ONCE = 20_000


def differences(table: pa.Table, texts: Texts, documents: Documents, offices: pa.Array) -> list[Loss]:
    """Return how many documents, of these *offices*, have a record that says another thing than is kept, by field."""
    found = []
    owner = np.empty(table.num_rows, dtype=np.int64)
    owner[documents.order] = documents.of_place
    further = documents.merged
    for name in FIELDS if len(further) else ():
        read = partial(_texts_at, texts, name) if name in texts.said else partial(rows_at, table.column(name))
        kept = documents.first(name)[owner[further]]
        asked = documents.said[name][further] & (documents.repeats[kept] != documents.repeats[further])
        differ = np.unique(owner[further[asked]][_differ(read, kept[asked], further[asked], name)])
        if len(differ):
            rows = pa.array(differ)
            reason = f"two records of one document differ in {name}"
            found += losses_of(reason, offices.take(rows).to_pandas(), documents.numbers.take(rows).to_pandas())
    return found


def _texts_at(texts: Texts, name: str, rows: Integers) -> pa.Array:
    return texts.at(rows).column(name).combine_chunks()


def _differ(read: Callable[[Integers], pa.Array], left: Integers, right: Integers, name: str) -> Mask:
    """Say of each pair of rows whether they say different things."""
    parts = list(_compared(read, left, right, name))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)


def _compared(read: Callable[[Integers], pa.Array], left: Integers, right: Integers, name: str) -> Iterator[Mask]:
    # A block at a time: a million pairs of abstracts are several gigabytes.
    for start in range(0, len(left), _AT_ONCE):
        rows = np.concatenate([one[start : start + _AT_ONCE] for one in (left, right)])
        values = read(rows)
        yield _are_unequal(_as_sets(values, name) if pa.types.is_list(values.type) else _as_codes(values, name))


def _are_unequal(codes: Integers) -> Mask:
    """Compare the first half of *codes* with the second."""
    half = len(codes) // 2
    return np.asarray(codes[:half] != codes[half:], dtype=bool)


def _as_codes(values: pa.Array, name: str) -> Integers:
    """Return values as numbers that are equal where they say the same."""
    if not pa.types.is_string(values.type):
        return np.asarray(values.cast(pa.int32()), dtype=np.int64)
    half = len(values) // 2
    differ = pc.not_equal(values.slice(0, half), values.slice(half)).to_numpy(zero_copy_only=False)
    codes = np.zeros(len(values), dtype=np.int64)
    rows = np.flatnonzero(np.concatenate([differ, differ]))
    codes[rows] = _plain(values.take(pa.array(rows)), name).dictionary_encode().indices.to_numpy()
    return codes


def _plain(texts: pa.Array, name: str) -> pa.Array:
    """Return texts without what makes no difference; never null."""
    if name in _NUMBERS:
        return pc.fill_null(application_keys(texts), "")
    lower = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    return pc.fill_null(pc.replace_substring_regex(lower, r"[^\p{L}\p{N}]+", ""), "")


def _as_sets(values: pa.ListArray, name: str) -> Integers:
    """Return lists as numbers that are equal where they hold the same, in whatever order and however often."""
    members = values.flatten()
    if pa.types.is_struct(members.type):
        members = members.field("number" if name == "priorities" else "name")
    if name not in ("cpc", "ipc"):
        members = _plain(members, name)
    rows = np.repeat(np.arange(len(values)), np.diff(values.offsets.to_numpy()))
    codes = members.dictionary_encode().indices.to_numpy().astype(np.int64)
    pairs = np.unique(np.stack([rows, codes], axis=1), axis=0)
    sums = np.zeros(len(values), dtype=np.uint64)
    np.add.at(sums, pairs[:, 0], scattered(pairs[:, 1].astype(np.uint64)))
    return sums.astype(np.int64)
