"""Reading files beside what reads them and does nothing more: an export's rows beside DuckDB, OPS XML beside lxml.

    python benchmarks/reading.py [--lens FILE.csv] [--ops FILE.xml ...]      made ones where none are given

Both sides take turns in one process. A ratio is the anchor's CPU time over ours, each in its best round; the memory
is that of the command that imports the file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import material
from cost import cost_of
from lxml import etree

from patentscope.files.recognise import read_file
from patentscope.files.xml.exchange import publications_of

LENS_ROWS = 60_000
ROUNDS = {"rows": 3, "documents": 30}


@dataclass(frozen=True)
class Reading:
    """CPU seconds of reading one thing, those of the anchor beside it, and the memory of importing it in MB."""

    work: str
    ours: float
    anchor: str
    theirs: float
    memory: float | None = None

    def line(self) -> str:
        """Return what was measured, in words."""
        memory = "" if self.memory is None else f", {self.memory:,.0f} MB"
        return (
            f"{self.work}: {self.ours:.3f} CPU s; {self.anchor}: {self.theirs:.3f}; "
            f"ratio {self.theirs / self.ours:.2f}{memory}"
        )


def in_turn(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the CPU seconds of each of *works*, which take turns, in its best round.

    Each is done twice in a turn and timed the second time: to clear up what the other has left behind, such as a tree
    of a hundred thousand nodes, would fall to the one that comes after.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, spent in zip(works, seconds, strict=True):
            work()
            start = time.process_time()
            work()
            spent.append(time.process_time() - start)
    return list(map(min, seconds))


def rows(path: Path) -> Reading:
    """Return what it costs to import an export, beside DuckDB's reading of its cells into a table."""

    def by_duckdb() -> None:
        with duckdb.connect() as connection:
            connection.execute("create table cells as select * from read_csv(?, all_varchar=true)", [str(path)])

    ours, theirs = in_turn(ROUNDS["rows"], lambda: read_file(path), by_duckdb)
    with tempfile.TemporaryDirectory() as name:
        out = f"{name}/rows.parquet"
        command = [sys.executable, "-m", "patentscope", "import", str(path), "--out", out]
        memory = cost_of(command).memory * 2**30 / 1e6
    work = f"{read_file(path).rows_in:,} Lens rows of {path.stat().st_size / 1e6:.0f} MB"
    return Reading(work, ours, "DuckDB, into a table of text", theirs, memory)


def documents(path: Path) -> Reading:
    """Return what it costs to read an answer of OPS, beside parsing it with lxml."""
    xml = path.read_bytes()

    def by_lxml() -> None:
        sum(1 for _ in etree.fromstring(xml).iter("{*}exchange-document"))

    ours, theirs = in_turn(ROUNDS["documents"], lambda: publications_of(xml, source="bench", origin="bench"), by_lxml)
    work = f"{material.DOCUMENTS} OPS documents of {len(xml) / material.DOCUMENTS / 1000:.1f} kB"
    return Reading(work, ours, "lxml, parsed only", theirs)


def readings(lens: Path | None = None, answers: Sequence[Path] = ()) -> Iterator[Reading]:
    """Yield both readings, of the files given or of made ones."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if lens is None:
            lens = folder / "lens.csv"
            material.lens(lens, LENS_ROWS)
        yield rows(lens)
        yield documents(material.answer(list(answers), folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lens", type=Path)
    parser.add_argument("--ops", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    for reading in readings(options.lens, options.ops):
        print(reading.line(), flush=True)
