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

    def met(self, family_id: pd.Series, families: pd.Series, patterns: Iterable[str]) -> pd.DataFrame:
        """Return which of the query's symbols (*patterns*) each of *families* meets: bool, a column per symbol.

        *family_id* is that of each publication. The table is indexed like *families*.
        """
        from scipy import sparse  # noqa: PLC0415 - whoever counts by classes that are decided needs none

        listed = list(dict.fromkeys(patterns))
        place = pd.Index(families).get_indexer(pd.Index(family_id)).astype(np.int32)
        met = np.zeros((len(families), len(listed)), dtype=bool)
        for column in self.columns:
            wanted = np.zeros((len(column.placed.symbols), len(listed)), dtype=bool)
            for at, pattern in enumerate(listed):
                wanted[:, at] = column.placed.met([pattern])
            rows = place[column.rows]
            kept = np.logical_or.reduce(wanted, axis=1)[column.codes] & (rows >= 0)
            rows, codes = rows[kept], column.codes[kept]
            holds = sparse.csr_array((np.ones(len(rows), bool), (rows, codes)), (len(families), len(wanted)))
            met |= (holds @ sparse.csr_array(wanted)).toarray()
        return pd.DataFrame(met, index=families.index, columns=listed)

    def held(self, family_id: pd.Series, families: pd.Series) -> pd.DataFrame:
        """Return whether each of *families* has any symbol and one of the CPC: has_symbol, has_cpc, as `met` does."""
        place = pd.Index(families).get_indexer(pd.Index(family_id))
        has_cpc, has_ipc = (np.isin(np.arange(len(families)), place[column.rows]) for column in self.columns)
        return pd.DataFrame({"has_symbol": has_cpc | has_ipc, "has_cpc": has_cpc}, index=families.index)

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


def is_y02(pattern: str) -> bool:
    """Say whether all that a symbol of the query covers is of Y02, where offices tag what others classified."""
    return pattern.startswith("Y02")


def class_hits(symbols: pd.DataFrame, classes: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return which class groups each family meets: a column per group, one `<group>_no_y02` without Y02 symbols.

    *symbols* are from `ClassSymbols.met`; *classes* are symbols by group, as in the query.
    """
    hits = {}
    for group, patterns in classes.items():
        hits[group] = symbols[list(patterns)].any(axis=1)
        hits[group + NO_Y02] = symbols[[pattern for pattern in patterns if not is_y02(pattern)]].any(axis=1)
    return pd.DataFrame(hits, index=symbols.index)
