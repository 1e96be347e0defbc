"""The tables of docs/performance.md, measured on this machine in one run, ready to be pasted there: `make bench`.

    python benchmarks/table.py [--most 200000]      publications of the largest run: 1000000, 3000000
                                                    (counting alone goes on to 10000000)

The first table has seconds as people feel them: by the clock, from typing a command to its end, on made publications
with abstracts. The second has ratios, each measured beside an anchor in the same minutes, so that they mean something
on another machine, too. Small things are measured three times; the middle one counts.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

import classes
import classifier
import joblib
import landscape
import material
import multiverse
import numpy as np
import pyarrow.parquet as pq
import reading
from cost import Cost, cost_of
from multiverse import clocked
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.landscape import Landscape
from patentscope.classify.model import stack
from patentscope.classify.model.documents import Documents
from patentscope.classify.model.vocabulary import Vocabulary
from patentscope.query.query import Query

QUERY = "rare-earth-recycling"
CLAIM = "CN > US+AU+JP by 73% in 2024"
TOPIC = "rare earth; recycl*"
FRESH = "`run --sample`, from nothing"
LENS_ROWS = 4_000
RUNS = (200_000, 1_000_000, 3_000_000)
COUNTS = (100_000, 1_000_000, 10_000_000)
ROUNDS = 3
#: What takes longer, by the clock, is measured once.
LONG = 15.0
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Ratio:
    """What a piece of work does or takes, and its anchor beside it, in one unit."""

    work: str
    unit: str
    ours: float
    anchor: str
    theirs: float

    def line(self) -> str:
        """Return the row of the table."""
        ours, theirs = (f"{n:,.0f}" if n >= 100 else f"{n:.3g}" for n in (self.ours, self.theirs))
        return f"| {self.work} | {ours} {self.unit} | {self.anchor}: {theirs} | {self.ours / self.theirs:.2f} |"


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the middle one of some costs, by the clock."""
    return sorted(costs, key=lambda cost: cost.clock)[len(costs) // 2]


def of_rounds(command: Sequence[str], folder: Path) -> Cost:
    """Return the middle cost of a command's rounds; of one, where it is long."""
    costs = [cost_of(command, folder)]
    while costs[0].clock < LONG and len(costs) < ROUNDS:
        costs.append(cost_of(command, folder))
    return middle(costs)


def program(*words: str) -> list[str]:
    """Return the command that carries out patentscope with *words*."""
    return [sys.executable, "-m", "patentscope", *words]


def small(folder: Path) -> Iterator[tuple[str, Cost]]:
    """Yield what somebody with a claim and a small export waits for."""
    outs = [("--out", f"runs/{place}") for place in range(ROUNDS)]
    yield FRESH, middle([cost_of(program("run", QUERY, "--sample", *out), folder) for out in outs])
    yield "the same again, nothing changed", of_rounds(program("run", QUERY, "--sample", *outs[0]), folder)
    yield "`show` on it", of_rounds(program("show", "0", "--side", "right"), folder)
    yield "`check` on it", of_rounds(program("check", "0", CLAIM), folder)
    yield "`report` on it", of_rounds(program("report", "0"), folder)
    material.lens(folder / "lens.csv", LENS_ROWS)
    outs = [("--out", f"runs/lens{place}") for place in range(ROUNDS)]
    asked = program("check", "lens.csv", CLAIM, "--topic", TOPIC)
    yield f"`check` of {LENS_ROWS:,} Lens rows by words", middle([cost_of([*asked, *out], folder) for out in outs])


def large(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[str, Cost]]:
    """Yield what a run on a collection takes, from one parquet file to its page, and questions to it afterwards."""
    for size in sizes:
        made, run = folder / "made.parquet", folder / "runs" / str(size)
        landscape.write(made, size, abstracts=True)
        yield f"`run` on {size:,}", cost_of(program("run", QUERY, "--input", made.name, "--out", str(run)), folder)
        yield f"`show` on {size:,}", of_rounds(program("show", str(run), "--side", "right"), folder)
        yield f"`check` on {size:,}", of_rounds(program("check", str(run), CLAIM), folder)
        made.unlink()


def counted(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[str, Cost]]:
    """Yield what counting alone takes: from the tables that a run's first stages store to counts.csv and curve.csv."""
    for size in sizes:
        place = folder / str(size)
        place.mkdir()
        cost_of([sys.executable, str(HERE / "scale.py"), "--store", str(place), str(size)])
        yield (
            f"counting {size:,}, tables to curve",
            cost_of([sys.executable, str(HERE / "scale.py"), "--count", str(place)]),
        )


def read_whole(path: Path) -> None:
    """Read a collection's titles and abstracts into scikit-learn's TF-IDF: what one pass over the text costs there."""
    texts = pq.read_table(path, columns=["title", "abstract"])
    TfidfVectorizer().fit_transform(" ".join(filter(None, row.values())) for row in texts.to_pylist())


def started(costs: dict[str, Cost], folder: Path) -> Iterator[Ratio]:
    """Yield small commands beside the import of pandas alone."""
    anchor = of_rounds([sys.executable, "-c", "import pandas"], folder)
    for work, cost in costs.items():
        yield Ratio(work, "CPU s", cost.cpu, "importing pandas", anchor.cpu)


def ran(size: int, cost: Cost, folder: Path) -> Iterator[Ratio]:
    """Yield a whole run beside TF-IDF of its texts."""
    made = folder / "made.parquet"
    landscape.write(made, size, abstracts=True)
    anchor = cost_of([sys.executable, __file__, "--read", str(made)])
    yield Ratio(f"`run` on {size:,}", "CPU s", cost.cpu, "scikit-learn's TF-IDF of the same texts", anchor.cpu)


def ways(count: int = COUNTS[0]) -> Iterator[Ratio]:
    """Yield the counting of every way beside a group-by for each in pandas."""
    query, limits = Query.load(QUERY), DataLimits()
    claim = query.claims[0]
    made, scores = multiverse.stock(count)
    with Landscape(made, scores, query, multiverse.TODAY, limits) as land:
        survey, ours = clocked(lambda: land.survey([claim]))
        listed = survey.answers[claim.id].listed
        asked = multiverse.asked_plainly(listed)
        rows = multiverse.long_rows(land)
        bits = [land.bits[entry.convention.topic] for entry in asked]
        pairs = list(zip(asked, bits, strict=True))
        found, theirs = clocked(lambda: [multiverse.in_pandas(rows, entry, bit) for entry, bit in pairs])
    assert found == [(one.tally.left, one.tally.right, one.tally.unknown, one.tally.imputed) for one in asked]
    work = f"1,000 ways to count {count:,} publications, the passes included"
    yield Ratio(work, "CPU s", ours / len(listed) * 1000, "pandas, a group-by each", theirs / len(asked) * 1000)


def read() -> Iterator[Ratio]:
    """Yield the readers of files beside the least that must be done with them: a table of text, a tree."""
    for one in reading.readings():
        held = f", {one.memory:,.0f} MB" if one.memory else ""
        yield Ratio(f"{one.work}{held}", "CPU s", one.ours, one.anchor, one.theirs)


def scored() -> Iterator[Ratio]:
    """Yield the text classifier, from texts to scores on one core, beside the counting of words and pairs alone."""
    texts, few = classifier.made(classifier.DOCUMENTS), classifier.TAUGHT
    taught = Documents.of([""] * few, texts[:few])
    with threadpool_limits(1):
        vocabulary = Vocabulary.learn(taught)
        trained = stack.train(vocabulary.counts(taught), np.arange(few) % 2, np.arange(few))
        ours, theirs = classifier.beside_hashing(texts, trained, vocabulary)
    yield Ratio(f"{len(texts):,} documents scored on one core", "documents/s", ours, "HashingVectorizer", theirs)


def symbols(count: int = COUNTS[1]) -> Iterator[Ratio]:
    """Yield a query's class symbols held against publications, beside exploded rows in pandas."""
    costs, _, _ = classes.timed(count)
    ours, theirs = costs.values()
    yield Ratio(
        f"{classes.PATTERNS} symbols against {count:,} publications", "CPU s", ours, "pandas, exploded rows", theirs
    )


def machine() -> str:
    """Return what the figures are of: processor, cores, system, Python."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = (models or [platform.processor()])[0]
    return f"{processor}, {joblib.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def grown(costs: dict[str, Cost], sizes: Sequence[int]) -> Iterator[str]:
    """Yield by how much CPU and memory grow from one size of a run to the next."""
    for less, more in pairwise(sizes):
        before, after = (costs[f"`run` on {size:,}"] for size in (less, more))
        cpu = (after.cpu - before.cpu) / (more - less) * 1e6
        held = (after.memory - before.memory) / (more - less) * 2**30
        yield f"{less:,} to {more:,}: {cpu:.0f} CPU s per further million, {held:,.0f} bytes per further publication"


def main(most: int) -> None:
    """Measure and print both tables."""
    sizes = [size for size in RUNS if size <= most] or [most]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"\n{machine()}\n\n| work | seconds | CPU s | memory, GiB |\n|---|---|---|---|", flush=True)
        costs: dict[str, Cost] = {}
        for work, cost in chain(small(folder), large(folder, sizes), counted(folder, [n for n in COUNTS if n <= most])):
            costs[work] = cost
            print(f"| {work} | {cost.clock:.1f} | {cost.cpu:.1f} | {cost.memory:.2f} |", flush=True)
        for line in grown(costs, sizes):
            print(f"\n{line}")
        print("\n| work | patentscope | beside it | ratio |\n|---|---|---|---|", flush=True)
        quick = {work: cost for work, cost in costs.items() if work == FRESH or " it" in work or "again" in work}
        whole = f"`run` on {sizes[0]:,}"
        for ratio in chain(
            started(quick, folder), ran(sizes[0], costs[whole], folder), scored(), read(), ways(), symbols()
        ):
            print(ratio.line(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=RUNS[0])
    parser.add_argument("--read", type=Path, help="only read this file as the anchor of whole runs does")
    options = parser.parse_args()
    read_whole(options.read) if options.read else main(options.most)
