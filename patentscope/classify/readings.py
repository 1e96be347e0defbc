"""Readings of the topic, decided once per simple family on the union of its members' classes and texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from patentscope.classify.class_symbols import NO_Y02
from patentscope.query.query import CLASSIFIER, RECORDS, Reading


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
