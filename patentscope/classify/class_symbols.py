"""The class symbols that publications hold, read against the classes of a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.provenance.ledger import Loss, losses_of
from patentscope.records.scheme import Placed, Scheme

NO_Y02 = "_no_y02"


@dataclass(frozen=True)
class _Column:
    """One column's symbols: each distinct one placed, and for every symbol held its code and its publication."""

    placed: Placed
    codes: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]


@dataclass(frozen=True)
class ClassSymbols:
    """The symbols of some publications, every distinct one looked up in the scheme once, however many hold it."""

    scheme: Scheme
    columns: tuple[_Column, ...]
    count: int

    @classmethod
    def of(cls, publications: pa.Table, scheme: Scheme) -> ClassSymbols:
        """Read the columns `cpc` and `ipc` of *publications*."""
        columns = []
        for name in ("cpc", "ipc"):
            lists = publications.column(name).combine_chunks()
            encoded = lists.flatten().dictionary_encode()
            rows = np.repeat(np.arange(len(lists), dtype=np.int32), np.diff(lists.offsets.to_numpy()))
            codes = encoded.indices.to_numpy(zero_copy_only=False)
            columns.append(_Column(scheme.place(encoded.dictionary), codes, rows))
        return cls(scheme, tuple(columns), publications.num_rows)

    def holders(self, patterns: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return which publications hold a symbol that any of *patterns* covers."""
        held = np.zeros(self.count, dtype=bool)
        for column in self.columns:
            held[column.rows[column.placed.met(patterns)[column.codes]]] = True
        return held

    def hits(self, family_id: pd.Series, families: pd.Series, classes: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return which groups of *classes* each of *families* meets, and with `_no_y02` which without Y02 symbols.

        *family_id* is that of each publication; *classes* are symbols by group, as in the query. The table has two
        columns per group, and is indexed like *families*.
        """
        place = pd.Index(families).get_indexer(pd.Index(family_id)).astype(np.int32)
        met = {group + suffix: np.zeros(len(families), dtype=bool) for group in classes for suffix in ("", NO_Y02)}
        for column in self.columns:
            rows = place[column.rows]
            for group, patterns in classes.items():
                wanted = column.placed.met(patterns)
                for suffix, is_wanted in (("", wanted), (NO_Y02, wanted & ~column.placed.is_y02)):
                    met[group + suffix][rows[is_wanted[column.codes] & (rows >= 0)]] = True
        return pd.DataFrame(met, index=families.index)

    def gaps(self, family_id: pd.Series) -> list[Loss]:
        """Return by main group how many simple families hold a symbol that has no place in the scheme."""
        found = []
        for column in self.columns:
            groups = pc.list_element(pc.split_pattern(column.placed.symbols, "/"), 0).to_pandas().to_numpy()
            absent = (column.placed.rows < 0)[column.codes]
            held = {"group": groups[column.codes[absent]], "family": column.rows[absent]}
            found.append(pd.DataFrame(held))
        table = pd.concat(found, ignore_index=True)
        table["family"] = family_id.to_numpy()[table["family"]]
        table = table.drop_duplicates()
        reason = f"class symbol not in {self.scheme.name}, met by its subclass and main group only; by main group"
        return losses_of(reason, table["group"], table["family"])
