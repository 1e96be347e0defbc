"""Readings of the topic, decided once per simple family on the union of its members' classes and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentscope.query import CLASSIFIER
from patentscope.symbols import covered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from patentscope.query import Reading

NO_Y02 = "_no_y02"


def family_texts(publications: pa.Table, family_id: pd.Series) -> pd.DataFrame:
    """Return one row per simple family: family_id, texts (every distinct title and abstract of its members)."""
    parts = [
        pd.DataFrame({"family_id": family_id, "text": publications.column(name).to_pandas()})
        for name in ("title", "title_original", "abstract")
    ]
    texts = pd.concat(parts, ignore_index=True).dropna(subset=["text"]).drop_duplicates()
    listed = texts.groupby("family_id", sort=True)["text"].agg(sorted)
    families = pd.DataFrame({"family_id": sorted(family_id.unique())})
    found = families["family_id"].map(listed)
    families["texts"] = pd.Series([value if isinstance(value, list) else [] for value in found], dtype=object)
    return families


def class_hits(
    publications: pa.Table, family_id: pd.Series, families: pd.Series, classes: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return which class groups each family meets: a column per group, and one `<group>_no_y02` without Y02 symbols.

    Args:
        publications: with `cpc` and `ipc`.
        family_id: of each publication.
        families: the families to answer for, in order.
        classes: symbols by group, as in the query.
    """
    pairs = []
    for name in ("cpc", "ipc"):
        column = publications.column(name).combine_chunks()
        lengths = np.diff(column.offsets.to_numpy())
        symbols = column.flatten().to_pandas()
        pairs.append(pd.DataFrame({"family_id": np.repeat(family_id.to_numpy(), lengths), "symbol": symbols}))
    met = pd.concat(pairs, ignore_index=True).drop_duplicates()
    distinct = met["symbol"].unique()
    hits = {}
    for group, patterns in classes.items():
        for suffix, without in (("", False), (NO_Y02, True)):
            wanted = covered(patterns, distinct, without_y02=without)
            hits[group + suffix] = families.isin(met.loc[met["symbol"].isin(wanted), "family_id"])
    return pd.DataFrame(hits, index=families.index)


def in_topic(readings: Sequence[Reading], hits: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Return one nullable yes/no column per reading, rows as in *hits*.

    A reading with a scope is null where the rest of it is met and the texts leave open whether they state such a feed.

    Args:
        readings: of the query.
        hits: from `class_hits`.
        decided: with `terms_<group>` columns, `in_classifier`, null where a family could not be scored, and
            `scope_<scope>`, null where that is open.
    """

    def member(name: str, *, without_y02: bool) -> pd.Series:
        if name == CLASSIFIER:
            return decided["in_classifier"].astype("boolean")
        kind, group = name.split(".", 1)
        if kind == "terms":
            return decided[f"terms_{group}"].astype("boolean")
        return hits[group + (NO_Y02 if without_y02 else "")].astype("boolean")

    columns = {}
    for reading in readings:
        found = pd.Series(data=True, index=hits.index, dtype="boolean")
        for name in reading.all:
            found &= member(name, without_y02=reading.without_y02)
        if reading.any:
            some = pd.Series(data=False, index=hits.index, dtype="boolean")
            for name in reading.any:
                some |= member(name, without_y02=reading.without_y02)
            found &= some
        columns[reading.name] = found & decided[f"scope_{reading.scope}"].astype("boolean") if reading.scope else found
    return pd.DataFrame(columns, index=hits.index)


def left_open(readings: Sequence[Reading], topic: pd.DataFrame, decided: pd.DataFrame) -> dict[str, pd.Series[bool]]:
    """Return, by reason, the families that a scope leaves open: they meet the rest of a reading, and are not counted.

    Args:
        readings: of the query; those without a scope leave nothing open here.
        topic: from `in_topic`.
        decided: as given to `in_topic`.
    """
    nothing = ~decided["states_feed"].astype(bool)
    found = {}
    for reading in readings:
        if reading.scope:
            unknown = topic[reading.name].isna()
            if CLASSIFIER in reading.members:
                unknown &= decided["in_classifier"].notna()
            found[f"{reading.name}: no text states a feed"] = unknown & nothing
            found[f"{reading.name}: the texts leave the kind of waste open"] = unknown & ~nothing
    return found


def topic_bits(table: pd.DataFrame, readings: Sequence[Reading]) -> pd.Series:
    """Return one integer per family with a bit per reading, in the readings' order; what is not known is not in."""
    bits = np.zeros(len(table), dtype=np.int64)
    for place, reading in enumerate(readings):
        bits |= table[f"in_topic_{reading.name}"].fillna(value=False).to_numpy(dtype=np.int64) << place
    return pd.Series(bits, index=table.index, name="topic")
