"""The official list of CPC symbols and titles: nine tab-separated files, a row for each symbol in the scheme's order.

The EPO and the USPTO publish it with each edition as `CPCTitleList202208.zip`, which holds `cpc-section-A_20220801.txt`
and its eight sisters. A row is symbol, level (empty for sections, classes and subclasses, 0 for main groups) and title.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import FileFormatError
from patentscope.records.symbols import SYMBOL, TITLE_LIST

SECTIONS = "ABCDEFGHY"
_ROW = re.compile(r"([^\t]*)\t(\d{0,2})\t(.*)", re.ASCII)
_HEADING = re.compile(rf"[{SECTIONS}](\d\d[A-Z]?)?", re.ASCII)
_MOST_BYTES = 500_000_000
#: By the length of what is no group: how deep a section, a class and a subclass stand. Main groups are at 0.
_DEPTHS = {1: -3, 3: -2, 4: -1}
_SERIES = 2000


@dataclass(frozen=True)
class TitleList:
    """An edition of the scheme, row by row in its own order.

    Attributes:
        edition: such as `2022.08`.
        symbols: sections, classes, subclasses and groups; main groups as `C22B7/00`.
        depths: -3 for sections, -2 for classes, -1 for subclasses, else the level: the number of dots.
        titles: the official title of each.
        sha256: of the file, or of the files of a folder in the order of their names.
    """

    edition: str
    symbols: list[str]
    depths: npt.NDArray[np.int8]
    titles: list[str]
    sha256: str


def read(path: Path) -> TitleList:
    """Read the list from its zip, from a folder with its nine files, or from one file that holds all nine in order.

    Raises:
        FileFormatError: where it can't be read, lacks a section, or a row is not where the scheme's order puts it.
    """
    rows = _Rows()
    digest = hashlib.sha256()
    editions = set()
    for name, data in _files(path):
        digest.update(data)
        editions.update(re.findall(r"(20\d\d)(\d\d)\d\d\.txt\Z", name))
        rows.add(f"{path}: {name}" if name != path.name else str(path), data)
    if len(editions) > 1:
        found = ", ".join(f"{year}.{month}" for year, month in sorted(editions))
        raise FileFormatError(f"{path}: files of several editions ({found}); expected the nine of one edition")
    twice = [symbol for symbol, times in Counter(rows.symbols).items() if times > 1]
    if twice:
        raise FileFormatError(f"{path}: found {twice[0]} twice; expected each symbol once")
    missing = [section for section in SECTIONS if section not in rows.sections]
    if missing:
        raise FileFormatError(f"{path}: found no section {', '.join(missing)}; expected {TITLE_LIST}")
    editions = editions or set(re.findall(r"(20\d\d)(\d\d)", path.name)[:1])
    edition = ".".join(editions.pop()) if editions else path.name
    return TitleList(edition, rows.symbols, np.array(rows.depths, dtype=np.int8), rows.titles, digest.hexdigest())


def depths_of(symbols: pa.StringArray, levels: pa.Int8Array) -> npt.NDArray[np.int8]:
    """Return how deep each row stands, as `TitleList.depths`, from symbols and levels (null where a row has none)."""
    lengths = pc.binary_length(symbols).to_numpy()
    above = np.select([lengths == length for length in _DEPTHS], list(_DEPTHS.values()))
    return np.where(levels.is_null(), above, pc.fill_null(levels, 0)).astype(np.int8)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of each file of the list, in the order of their names."""
    try:
        if path.is_dir():
            for file in sorted(path.glob("*.txt")):
                yield file.name, file.read_bytes()
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = sorted(
                    (one for one in archive.infolist() if one.filename.endswith(".txt")), key=lambda one: one.filename
                )
                size = sum(one.file_size for one in members)
                if size > _MOST_BYTES:
                    raise FileFormatError(f"{path}: {size} bytes when unpacked; expected {TITLE_LIST}")
                for one in members:
                    yield Path(one.filename).name, archive.read(one)
        else:
            yield path.name, path.read_bytes()
    except FileNotFoundError:
        raise FileFormatError(f"{path}: nothing at this path; expected {TITLE_LIST}") from None
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise FileFormatError(f"{path}: can't be read ({error}); expected {TITLE_LIST}") from error


class _Rows:
    """The rows read so far, each held to the one before it."""

    def __init__(self) -> None:
        self.symbols: list[str] = []
        self.depths: list[int] = []
        self.titles: list[str] = []
        self.sections: list[str] = []
        self.above: dict[int, str] = {}

    def add(self, name: str, data: bytes) -> None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileFormatError(f"{name}: {error}; expected {TITLE_LIST}") from error
        self.above.clear()
        for number, line in enumerate(re.findall(r"[^\r\n]+", text), start=1):
            row = _ROW.fullmatch(line)
            wrong = self._take(row[1], row[2], row[3]) if row else "expected symbol, level and title with tabs between"
            if wrong:
                raise FileFormatError(f"{name}, line {number}: found {line[:60]!r}; {wrong}")

    def _take(self, symbol: str, level: str, title: str) -> str | None:
        """Keep a row, or return what is wrong with it."""
        if level:
            if not (match := SYMBOL.match(symbol)) or not match[5]:
                return "a row with a level is a group: expected a symbol such as C22B7/006"
            depth = int(level)
            if (depth == 0) != (match[5] == "00"):
                return "level 0 is that of main groups: expected a level that fits the symbol"
        elif _HEADING.fullmatch(symbol):
            depth = _DEPTHS[len(symbol)]
        else:
            return (
                "a row without a level is a section, a class or a subclass: expected a level, or such as C, C22, C22B"
            )
        if (wrong := self._misplaced(symbol, depth)) is None:
            self.above = {known: one for known, one in self.above.items() if known < depth} | {depth: symbol}
            self.symbols.append(symbol)
            self.depths.append(depth)
            self.titles.append(title)
        return wrong

    def _misplaced(self, symbol: str, depth: int) -> str | None:
        """Return why a row can't stand after those before it: the tree is in their order, so order is all there is."""
        if depth == _DEPTHS[1]:
            if symbol in self.sections:
                return f"section {symbol} a second time; expected each once"
            self.sections.append(symbol)
            return None
        parent, before = self.above.get(depth - 1), self.above.get(depth, "")
        if parent is None:
            level = f"of level {depth - 1}" if depth > 0 else "of its section, class or subclass"
            return f"expected a row {level} before it: the list is not in the scheme's order, or cut"
        if depth <= 0:
            is_after = depth == 0 or symbol > before
            return None if symbol.startswith(parent) and is_after else _unsorted(before or parent)
        head, last = self.above[0], self.symbols[-1]
        stems = (head[:-3], f"{head[:4]}{_SERIES + int(head[4:-3])}")
        stem, _, digits = symbol.partition("/")
        return None if stem in stems and digits > last.partition("/")[2] else _unsorted(last)


def _unsorted(before: str) -> str:
    return f"it can't stand after {before}: expected the rows in the scheme's own order"
