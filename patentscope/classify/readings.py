"""Readings of the topic, decided once per simple family on the union of its members' classes and texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.classify.class_symbols import NO_Y02
from patentscope.query.query import CLASSIFIER, RECORDS, Reading
from patentscope.records import store

_TEXTS = ("title", "title_original", "abstract")
#: Families whose texts are read at once.
_BATCH = 20_000


def family_texts(path: Path, family_id: pd.Series) -> pd.DataFrame:
    """Return one row per simple family: family_id, texts, and has_abstract (whether a member has one).

    The texts are every distinct title and abstract of its members, sorted. They are an Arrow column, because those of
    a million publications fill the memory as Python's strings, and they are read from *path*, publications.parquet,
    column by column, so that nobody else holds them.
    """
    codes, names = pd.factorize(family_id, sort=True)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    kind = pa.list_(pa.large_string())
    columns = [store.read(path, [name]).column(0).cast(pa.large_string()).combine_chunks() for name in _TEXTS]
    chunks = []
    for first in range(0, len(names), _BATCH):
        bounds = starts[first : first + _BATCH + 1]
        rows = pa.array(order[bounds[0] : bounds[-1]])
        texts = [column.take(rows).to_pylist() for column in columns]
        ends = (bounds - bounds[0]).tolist()
        families = [
            sorted({text for column in texts for text in column[start:end] if text is not None})
            for start, end in pairwise(ends)
        ]
        chunks.append(pa.array(families, kind))
    listed = pd.Series(pa.chunked_array(chunks, kind), dtype=pd.ArrowDtype(kind))
    has_abstract = np.zeros(len(names), dtype=bool)
    says_something = pc.fill_null(pc.greater(pc.binary_length(columns[-1]), 0), fill_value=False)
    has_abstract[codes[says_something.to_numpy(zero_copy_only=False)]] = True
    return pd.DataFrame({"family_id": np.asarray(names, dtype=object), "texts": listed, "has_abstract": has_abstract})


def in_topic(readings: Sequence[Reading], hits: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Return one nullable yes/no column per reading, rows as in *hits*.

    A reading with a scope is null where the rest of it is met and the texts leave open whether they state such a feed.
    *hits* are those of `ClassSymbols`, *decided* the table of a `Decision`.
    """
    columns = {}
    for reading in readings:
        met = _met(reading, hits, decided)
        columns[reading.name] = met & decided[f"scope_{reading.scope}"].astype("boolean") if reading.scope else met
    return pd.DataFrame(columns, index=hits.index)


def scope_is_open(reading: Reading, hits: pd.DataFrame, decided: pd.DataFrame) -> pd.Series[bool]:
    """Return which families meet all of a reading but its scope, which their texts leave open: they are not counted."""
    met = _met(reading, hits, decided).fillna(value=False).astype(bool)
    return met & decided[f"scope_{reading.scope}"].isna()


def _met(reading: Reading, hits: pd.DataFrame, decided: pd.DataFrame) -> pd.Series:
    """Return which families meet a reading, its scope left aside."""

    def member(name: str) -> pd.Series:
        if name == CLASSIFIER:
            return decided["in_classifier"].astype("boolean")
        if name == RECORDS:
            return pd.Series(data=True, index=hits.index, dtype="boolean")
        kind, group = name.split(".", 1)
        if kind == "terms":
            return decided[f"terms_{group}"].astype("boolean")
        return hits[group + (NO_Y02 if reading.without_y02 else "")].astype("boolean")

    met = pd.Series(data=True, index=hits.index, dtype="boolean")
    for name in reading.all:
        met &= member(name)
    if reading.any:
        some = pd.Series(data=False, index=hits.index, dtype="boolean")
        for name in reading.any:
            some |= member(name)
        met &= some
    return met


def topic_bits(table: pd.DataFrame, readings: Sequence[Reading]) -> pd.Series:
    """Return one integer per family with a bit per reading, in the readings' order; what is not known is not in."""
    bits = np.zeros(len(table), dtype=np.int64)
    for place, reading in enumerate(readings):
        bits |= table[f"in_topic_{reading.name}"].fillna(value=False).to_numpy(dtype=np.int64) << place
    return pd.Series(bits, index=table.index, name="topic")
