"""Readings of the topic, decided once per simple family on the union of its members' classes and texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from patentscope.query.query import CLASSIFIER, Reading
from patentscope.records import store
from patentscope.records.symbols import covered

NO_Y02 = "_no_y02"
_TEXTS = ("title", "title_original", "abstract")
#: Families whose texts are read at once.
_BATCH = 20_000


def family_texts(path: Path, family_id: pd.Series) -> pd.DataFrame:
    """Return one row per simple family: family_id, texts (every distinct title and abstract of its members, sorted).

    They are an Arrow column, because those of a million publications fill the memory as Python's strings, and they are
    read from *path*, publications.parquet, column by column, so that nobody else holds them.
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
    return pd.DataFrame({"family_id": np.asarray(names, dtype=object), "texts": listed})


def symbol_hits(
    publications: pa.Table, family_id: pd.Series, families: pd.Series, patterns: Iterable[str]
) -> pd.DataFrame:
    """Return which of the query's symbols (*patterns*) each of *families* meets: bool, a column per symbol.

    *publications* have `cpc` and `ipc`, and *family_id* is of each.
    """
    patterns = list(dict.fromkeys(patterns))
    columns = [publications.column(name).combine_chunks() for name in ("cpc", "ipc")]
    encoded = pa.chunked_array([column.flatten() for column in columns]).dictionary_encode().combine_chunks()
    symbols = pd.Index(encoded.dictionary.to_pylist(), dtype=object)
    distinct = frozenset(symbols)
    wanted = np.zeros((len(symbols), len(patterns)), dtype=bool)
    for place, pattern in enumerate(patterns):
        wanted[symbols.get_indexer(list(covered([pattern], distinct))), place] = True
    families_of = pd.Index(families).get_indexer(pd.Index(family_id)).astype(np.int32)
    rows = np.concatenate([np.repeat(families_of, np.diff(column.offsets.to_numpy())) for column in columns])
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    kept = np.logical_or.reduce(wanted, axis=1)[codes] & (rows >= 0)
    rows, codes = rows[kept], codes[kept]
    holds = sparse.csr_array((np.ones(len(rows), bool), (rows, codes)), (len(families), len(symbols)))
    return pd.DataFrame((holds @ sparse.csr_array(wanted)).toarray(), index=families.index, columns=patterns)


def is_y02(pattern: str) -> bool:
    """Say whether all that a symbol of the query covers is of Y02, where offices tag what others classified."""
    return pattern.startswith("Y02")


def class_hits(symbols: pd.DataFrame, classes: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return which class groups each family meets: a column per group, one `<group>_no_y02` without Y02 symbols.

    *symbols* are from `symbol_hits`; *classes* are symbols by group, as in the query.
    """
    hits = {}
    for group, patterns in classes.items():
        hits[group] = symbols[list(patterns)].any(axis=1)
        hits[group + NO_Y02] = symbols[[pattern for pattern in patterns if not is_y02(pattern)]].any(axis=1)
    return pd.DataFrame(hits, index=symbols.index)


def in_topic(readings: Sequence[Reading], hits: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Return one nullable yes/no column per reading, rows as in *hits*.

    A reading with a scope is null where the rest of it is met and the texts leave open whether they state such a feed.
    *hits* are those of `class_hits`, *decided* the table of a `Decision`.
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
