"""The CPC scheme: what stands under a symbol, in the scheme's own order and levels.

Digits don't tell how subgroups nest: H01M4/38 stands under H01M4/36, Y02E10/727 doesn't stand under Y02E10/72. In the
scheme's order what stands under a symbol is one run of rows after it, so the row at which each run stops says it all.
Symbols that the scheme doesn't hold, older ones, are placed by `data/classes.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patentscope.errors import FileFormatError
from patentscope.records import title_list
from patentscope.records.reference import reference_rows
from patentscope.records.symbols import SYMBOL, TITLE_LIST, normal_symbol

_SHIPPED = "data/scheme.parquet"


@dataclass(frozen=True, eq=False)
class Scheme:
    """An edition of the scheme.

    Attributes:
        edition: such as `2022.08`.
        symbols: every symbol, in the scheme's order.
        stop: for each, the row after the last one that stands under it.
        file: the name of the file that another edition was read from; empty for the edition that ships.
        sha256: the hash of that file; empty for the edition that ships.
        titles: the official titles by row, of another edition.
    """

    edition: str
    symbols: pa.StringArray
    stop: npt.NDArray[np.int32]
    file: str = ""
    sha256: str = ""
    titles: pa.StringArray | None = field(default=None, repr=False)

    @staticmethod
    @lru_cache(maxsize=1)
    def shipped() -> Scheme:
        """Return the edition that ships; read once per process."""
        with resources.as_file(resources.files("patentscope").joinpath(_SHIPPED)) as path:
            table = pq.ParquetFile(path).read().combine_chunks()  # `read_table` imports all that reads datasets
        symbols, levels = table.column("symbol").chunk(0), table.column("level").chunk(0)
        depths = title_list.depths_of(symbols, levels)
        return Scheme(table.schema.metadata[b"edition"].decode(), symbols, _stops(depths))

    @staticmethod
    def read(path: Path) -> Scheme:
        """Return another edition, from the official list: its zip, a folder with its nine files, or all in one file.

        Raises:
            FileFormatError: where the list can't be read, is cut, or is not in the scheme's order.
        """
        listed = title_list.read(path)
        symbols = pa.array(listed.symbols, pa.string())
        cut = _cut_sections(symbols)
        if cut:
            raise FileFormatError(f"{path}: {cut}; expected the whole list, {TITLE_LIST}")
        titles = pa.array(listed.titles, pa.string())
        return Scheme(listed.edition, symbols, _stops(listed.depths), path.name, listed.sha256, titles)

    @property
    def name(self) -> str:
        """What readers call it."""
        return f"CPC {self.edition}"

    def under(self, symbol: str) -> tuple[str, ...]:
        """Return the query's *symbol* and all symbols that stand under it, in the scheme's order; older ones come last.

        A main group comes as `C22B7/00`. Of one that the scheme doesn't hold: itself and what `data/classes.csv` puts
        under it. After a trailing `=`: it alone.

        >>> Scheme.shipped().under("Y02E10/72")
        ('Y02E10/72',)
        """
        found = self._all.symbols.filter(pa.array(self._all.met([symbol]))).to_pylist()
        return tuple(dict.fromkeys([_full(symbol), *found]))

    def covered(self, patterns: Iterable[str], symbols: Iterable[str]) -> frozenset[str]:
        """Return those of *symbols* that any of *patterns* covers."""
        placed = self.place(pa.array(dict.fromkeys(symbols), pa.string()))
        return frozenset(placed.symbols.filter(pa.array(placed.met(patterns))).to_pylist())

    def covers(self, pattern: str, symbol: str) -> bool:
        """Say whether the query's *pattern* covers the record's *symbol*, as `Placed.met` has it."""
        return bool(self.covered([pattern], [symbol]))

    def place(self, symbols: pa.StringArray) -> Placed:
        """Find the rows of *symbols*, as records have them: for an older one the row that it stands under."""
        rows = self._held.find(symbols)
        absent = rows < 0
        rows[absent] = self._older.find(symbols.filter(pa.array(absent)))
        return Placed(self, symbols, rows)

    def row(self, symbol: str) -> int:
        """Return the row of *symbol*, written in full; -1 where the scheme doesn't hold it."""
        return int(self._held.find(pa.array([symbol]))[0])

    def nearest(self, symbol: str) -> str | None:
        """Return the nearest symbol above a query's *symbol* that the scheme does hold; None where it holds it."""
        full = _full(symbol)
        if self.row(full) >= 0:
            return None
        placed = int(self.place(pa.array([full])).rows[0])
        if placed >= 0:
            return str(self.symbols[placed])
        stem, _, digits = full.partition("/")
        above = [*(f"{stem}/{digits[:end]}" for end in range(len(digits) - 1, 1, -1)), f"{stem}/00", full[:4], full[:3]]
        return next((one for one in above if self.row(one) >= 0), full[:1])

    def title(self, symbol: str) -> str:
        """Return the official title of a query's *symbol*; of the edition that ships only the shipped queries' ones."""
        full = _full(symbol)
        if self.titles is None:
            return _titles().get(full, "")
        row = self.row(full)
        return str(self.titles[row]) if row >= 0 else ""

    @cached_property
    def _held(self) -> _Lookup:
        return _Lookup(self.symbols, np.arange(len(self.symbols)))

    @cached_property
    def _older(self) -> _Lookup:
        """The symbols of `data/classes.csv` that the scheme doesn't hold, each with the row that it stands under."""
        rows = {symbol: self.row(symbol) for symbol in {*_parents(), *_parents().values()}}
        older = [symbol for symbol in _parents() if rows[symbol] < 0]
        for symbol in older:
            above = symbol
            while rows[above] < 0 and above in _parents():
                above = _parents()[above]
            rows[symbol] = rows[above]
        return _Lookup(pa.array(older, pa.string()), np.array([rows[symbol] for symbol in older], dtype=np.int64))

    @cached_property
    def _all(self) -> Placed:
        symbols = pa.concat_arrays([self.symbols, self._older.symbols])
        return Placed(self, symbols, np.concatenate([self._held.rows, self._older.rows]))


class _Lookup:
    """Finds the rows that belong to symbols: a sorted copy answers ever again, where a hash would be made each time."""

    def __init__(self, symbols: pa.StringArray, rows: npt.NDArray[np.int64]) -> None:
        self.symbols, self.rows = symbols, rows
        texts = _bytes(symbols)
        order = np.argsort(texts)
        self._texts, self._rows = np.append(texts[order], b"~"), np.append(rows[order], -1)

    def find(self, symbols: pa.StringArray) -> npt.NDArray[np.int64]:
        """Return the row of each; -1 for those that are not here."""
        wanted = _bytes(symbols)
        places = np.searchsorted(self._texts[:-1], wanted)
        return np.where(self._texts[places] == wanted, self._rows[places], -1)


def _bytes(symbols: pa.StringArray) -> npt.NDArray[np.bytes_]:
    texts = pc.fill_null(symbols, "").cast(pa.binary())
    return np.array(texts.to_numpy(zero_copy_only=False).tolist(), dtype=np.bytes_)


@dataclass(frozen=True, eq=False)
class Placed:
    """Records' symbols with their rows in a scheme; -1 where neither it nor `data/classes.csv` has them."""

    scheme: Scheme
    symbols: pa.StringArray
    rows: npt.NDArray[np.int64]

    def met(self, patterns: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return which symbols any of *patterns* covers.

        A symbol covers itself and what stands under it. A subclass and a main group (`C22B7`, `C22B7/00`) cover, listed
        or not, all that begins with them, and never `C22B70`. A trailing `=` means this symbol only.
        """
        met = np.zeros(len(self.symbols), dtype=bool)
        for pattern in patterns:
            met |= self._met(pattern)
        return met

    def _met(self, pattern: str) -> npt.NDArray[np.bool_]:
        full, stem = _full(pattern), _stem(pattern)
        if not SYMBOL.match(full):
            return np.zeros(len(self.symbols), dtype=bool)
        if pattern.endswith("="):
            return _equal(self.symbols, full)
        row = self.scheme.row(full)
        met: npt.NDArray[np.bool_]
        if row >= 0:
            met = (self.rows >= row) & (self.rows < self.scheme.stop[row])
        else:
            met = _equal(self.symbols, full)
            for symbol, parent in _parents().items():
                if parent == full:
                    met |= self._met(symbol)
        return met | _begin(self.symbols, stem) if stem else met


@lru_cache(maxsize=1)
def _parents() -> dict[str, str]:
    return {row["symbol"]: row["parent"] for row in reference_rows("classes") if row["parent"]}


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {row["symbol"]: row["title"] for row in reference_rows("class_titles")}


def _full(pattern: str) -> str:
    """Return a query's symbol as records write it, a main group as `C22B7/00`."""
    stem = _stem(pattern)
    if stem and stem.endswith("/"):
        return f"{stem}00"
    bare = pattern.removesuffix("=")
    return normal_symbol(bare) or bare


def _stem(pattern: str) -> str | None:
    """Return what everything in a subclass or a main group begins with; None for a subgroup."""
    match = SYMBOL.match(pattern.removesuffix("="))
    if match is None or (match[5] and set(match[5]) != {"0"}):
        return None
    return f"{match[1]}{match[2]}{match[3]}" + (f"{match[4]}/" if match[4] else "")


def _stops(depths: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
    """Return for each row the next one that stands no deeper: there what stands under it stops."""
    stop = np.empty(len(depths), dtype=np.int32)
    for depth in np.unique(depths):
        rows, ends = np.flatnonzero(depths == depth), np.append(np.flatnonzero(depths <= depth), len(depths))
        stop[rows] = ends[np.searchsorted(ends, rows, side="right")]
    return stop


def _cut_sections(symbols: pa.StringArray) -> str:
    """Return which sections end before those of the edition that ships do, as if cut; empty for none."""
    ends = _last_subclasses(Scheme.shipped().symbols)
    found = _last_subclasses(symbols)
    cut = [f"section {name} ends in {found[name]}, not {last}" for name, last in ends.items() if found[name] < last]
    return "; ".join(cut)


def _last_subclasses(symbols: pa.StringArray) -> dict[str, str]:
    subclasses = symbols.filter(pc.equal(pc.binary_length(symbols), len("C22B"))).to_pylist()
    return {symbol[0]: symbol for symbol in subclasses}


def _equal(symbols: pa.StringArray, symbol: str) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(pc.equal(symbols, symbol), fill_value=False), dtype=bool)


def _begin(symbols: pa.StringArray, stem: str) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(pc.starts_with(symbols, stem), fill_value=False), dtype=bool)
