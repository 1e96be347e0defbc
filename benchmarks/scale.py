"""How cost grows with the number of publications: runs up to three million, selections to one, counting to ten.

    python benchmarks/scale.py [--most 10000000] [--engine spark]

`run` is `patentscope run --input` on made publications with abstracts of 80 to 160 words, from the file to the report.
`candidates` is what a run with `--candidates` does first, for a question that few of them meet. `count` is what comes
after: from the parquet tables that the first stages of a run store (documents, priorities, families, topics) to
counts.csv and curve.csv, read where they lie. Each figure is of a process of its own: CPU seconds, the clock, the
largest memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import landscape
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from cost import Cost, cost_of

from patentscope.aggregate.answers.curve import CURVE_COLUMNS, as_csv, curve
from patentscope.aggregate.claims.sight import NEEDS
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.holdings.documents import Documents
from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.select import select
from patentscope.query.query import ENGINES, Query
from patentscope.records import intake
from patentscope.records.families import assign

QUERY = Path(__file__).parent.parent / "queries" / "rare-earth-recycling.toml"
TODAY = dt.date(2026, 11, 23)
#: A question that few made publications are about.
NEEDLE = """
name = "needle"
[topic.classes]
ore = ["C22B1/005="]
[topic.terms.en]
rare_earth = ["rare earth"]
magnets = ["neodymium"]
[topic.readings]
classes = { all = ["classes.ore"] }
terms = { all = ["terms.rare_earth", "terms.magnets"] }
"""
SHARE_ON_TOPIC = 0.3
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
LARGEST_RUN, LARGEST_SELECTION = 3_000_000, 1_000_000
LEAST_SIZES = 3
_BLOCK = 1_000_000


def store(folder: Path, count: int) -> None:
    """Store *count* made publications as the first stages of a run do, a block at a time: no family spans two."""
    sets = PartySets()
    before = np.zeros(5, dtype=np.int64)  # rows, applications, families, extended families, keys
    writers: dict[str, pq.ParquetWriter] = {}
    for first in range(0, count, _BLOCK):
        size = min(_BLOCK, count - first)
        made = pa.concat_tables(landscape.tables(size, seed=first // _BLOCK))
        table = intake.merge([made], most_bad=0.01).apart
        stock = Stock.of(table, assign(table))
        moved = {"documents": _moved(stock.documents, sets, before), "claims": _moved_claims(stock.documents, before)}
        for name, part in moved.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", part.schema)
            writers[name].write_table(part)
        columns = [stock.documents.documents.column(name) for name in ("pub", "application", "family", "extended")]
        keys = pa.chunked_array([*stock.documents.claims.column("key").chunks, *moved_keys(stock.documents)])
        before += [pc.max(column).as_py() + 1 for column in (*columns, keys)]
    for writer in writers.values():
        writer.close()
    pq.write_table(sets.table(), folder / "sets.parquet")


def moved_keys(documents: Documents) -> list[pa.Array]:
    """Return the keys of the documents' own applications."""
    return list(documents.documents.column("own_key").chunks)


def _moved(documents: Documents, sets: PartySets, before: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Table:
    """Return a block's documents with numbers that follow those of the blocks before, and with *sets*' numbers."""
    table = documents.documents
    places = zip(("pub", "application", "family", "extended", "own_key"), before.tolist(), strict=True)
    for name, more in places:
        table = _replaced(table, name, pc.add(table.column(name), pa.scalar(more, table.schema.field(name).type)))
    # A place in time ends with the row's number.
    table = _replaced(table, "place", pc.add(table.column("place"), pa.scalar(int(before[0]), pa.int32())))
    numbers = [sets.of_parties(*documents.sets.parties(number)) for number in range(len(documents.sets) + 1)]
    for role in ("applicants", "inventors"):
        found = pa.array(numbers, pa.int32()).take(table.column(role).combine_chunks())
        table = _replaced(table, role, found)
    return table


def _moved_claims(documents: Documents, before: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Table:
    table = documents.claims
    family = pc.add(table.column("family"), pa.scalar(int(before[2]), pa.int32()))
    known = pc.greater_equal(table.column("key"), 0)
    key = pc.if_else(known, pc.add(table.column("key"), pa.scalar(int(before[4]), pa.int32())), table.column("key"))
    return _replaced(_replaced(table, "family", family), "key", key)


def _replaced(table: pa.Table, name: str, column: Any) -> pa.Table:  # noqa: ANN401 - an Arrow array of either kind
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), column)


def count(folder: Path, engine: str) -> None:
    """Count what `store` stored: every specification of the query's claim, and the baselines by country and year."""
    sets = PartySets.of_table(pq.read_table(folder / "sets.parquet"))
    paths = [folder / f"{name}.parquet" for name in ("documents", "claims")]
    families = pc.max(pq.read_table(paths[0], columns=["family"]).column(0)).as_py() + 1
    names = pd.Series(np.arange(families))
    scores = pd.DataFrame({"family_id": names} | {f"has_{need}": True for need in NEEDS})
    query = replace(Query.load(QUERY), engine=engine)
    for seed, reading in enumerate(query.readings):
        draw = np.random.default_rng(seed).random(families)
        scores[f"in_topic_{reading.name}"] = pd.array(draw < SHARE_ON_TOPIC, dtype="boolean")
    limits = DataLimits()
    stock = Stock(Documents(*paths, sets), pd.Series(dtype=object), names)
    with Landscape(stock, scores, query, TODAY, limits) as land:
        answers = land.survey(query.claims).answers[query.claims[0].id]
        first = land.first_conventions(query.claims[0], answers)
        counts, _ = land.counts([replace(convention, as_of=TODAY) for convention in first])
    counts.to_csv(folder / "counts.csv", index=False)
    (folder / "curve.csv").write_text(as_csv(curve([answers]), CURVE_COLUMNS), encoding="utf-8")
    assert any(row.tally.left and row.tally.right for row in answers.listed), "there was nothing to count"


def candidates(path: Path) -> None:
    """Select the candidates of `NEEDLE` from a file of made publications."""
    found = select(Query.parse(NEEDLE), [path], Asking(path.parent))
    assert 0 < found.table.num_rows < found.rows_in / 2, "there was nothing to select"


def _measured(work: str, size: int, folder: Path, options: argparse.Namespace) -> Cost:
    program = [sys.executable, str(Path(__file__).resolve())]
    if work == "count":
        cost_of([*program, "--store", str(folder), str(size)])
        return cost_of([*program, "--count", str(folder), "--engine", options.engine])
    landscape.write(folder / "made.parquet", size, abstracts=work == "run")
    if work == "candidates":
        return cost_of([*program, "--candidates", str(folder / "made.parquet")])
    asked = ["run", str(QUERY), "--input", str(folder / "made.parquet"), "--out", str(folder / "run")]
    return cost_of([sys.executable, "-m", "patentscope", *asked])


def table(options: argparse.Namespace) -> None:
    """Measure all sizes and print a row for each, and how cost grows between two sizes."""
    print("| work | publications | CPU s | clock s | memory, GiB | CPU s per further million | kB per further one |")
    print("|---|---|---|---|---|---|---|")
    most = {"count": options.most}
    if options.engine == ENGINES[0]:
        most = {"run": LARGEST_RUN, "candidates": LARGEST_SELECTION} | most
    for work, largest in most.items():
        costs: dict[int, Cost] = {}
        last = min(options.most, largest)
        for size in (*(size for size in SIZES if size < last), last):
            with tempfile.TemporaryDirectory() as folder:
                found = costs[size] = _measured(work, size, Path(folder), options)
            row = f"{found.cpu:.1f} | {found.clock:.1f} | {found.memory:.2f} | {_further(costs, size)}"
            print(f"| {work} | {size:,} | {row} |", flush=True)
        if costs:
            print(f"{work}: {slope(costs)}", flush=True)


def _further(costs: dict[int, Cost], size: int) -> str:
    """Return what *size* publications cost beyond the next smaller number: CPU s for a million, kB for each."""
    smaller = max((one for one in costs if one < size), default=None)
    if smaller is None:
        return " | "
    more = size - smaller
    memory = (costs[size].memory - costs[smaller].memory) * 2**20
    return f"{(costs[size].cpu - costs[smaller].cpu) / more * 1e6:.1f} | {memory / more:.2f}"


def slope(costs: dict[int, Cost]) -> str:
    """Return by which power of the number of publications the cost grows, once the cost of starting is taken off."""
    sizes = sorted(costs)
    if len(sizes) < LEAST_SIZES:
        return "too few sizes for a slope"
    start = costs[sizes[0]].cpu
    above = [(np.log(size), np.log(costs[size].cpu - start)) for size in sizes[1:]]
    power = np.polyfit(*zip(*above, strict=True), 1)[0]
    return f"CPU beyond that of {sizes[0]:,} publications grows with their number to the power of {power:.2f}"


def main() -> None:
    """Measure; or, in a process of its own, do one piece of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="that counts; another than DuckDB only so"
    )
    parser.add_argument("--store", nargs=2, metavar=("DIR", "COUNT"), help="only store made tables")
    parser.add_argument("--count", metavar="DIR", type=Path, help="only count stored ones")
    parser.add_argument("--candidates", metavar="FILE", type=Path, help="only select candidates from a made file")
    options = parser.parse_args()
    if options.store:
        store(Path(options.store[0]), int(options.store[1]))
    elif options.count:
        count(options.count, options.engine)
    elif options.candidates:
        candidates(options.candidates)
    else:
        table(options)


if __name__ == "__main__":
    main()
