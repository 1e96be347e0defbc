"""Forty subgroups against the class symbols of many publications, beside pandas: exploded rows and the symbols listed.

    python benchmarks/classes.py [PUBLICATIONS]      made ones, a million where no number is given

The same families on both ways: a difference stops the run. CPU seconds and the memory beyond the table's, one process.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.classify.class_symbols import ClassSymbols
from patentscope.records.scheme import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable

PASSES = 3
PATTERNS = 40
_KIND = {"cpc": 3, "ipc": 1}


def made(count: int, groups: pa.StringArray) -> pa.Table:
    """Return publications with three CPC symbols and an IPC one each, a few symbols frequent and most of them rare."""
    draw = np.random.default_rng(0)
    shuffled = draw.permutation(len(groups))
    columns = {}
    for name, each in _KIND.items():
        picks = np.minimum(draw.zipf(1.15, each * count), len(groups)) - 1
        offsets = pa.array(np.arange(0, each * count + 1, each, dtype=np.int32))
        columns[name] = pa.ListArray.from_arrays(offsets, groups.take(pa.array(shuffled[picks])))
    return pa.table(columns)


def in_pandas(table: pa.Table, family_id: pd.Series, wanted: set[str]) -> set[str]:
    """Return the families that hold one of the symbols *wanted*."""
    met: set[str] = set()
    for name in _KIND:
        symbols = table.column(name).to_pandas().explode()
        met |= set(family_id[symbols.index[symbols.isin(wanted)]])
    return met


def timed(count: int) -> tuple[dict[str, float], dict[str, float], int]:
    """Return by way its CPU seconds, the best of some, and its memory in MB; and how many families both met."""
    scheme = Scheme.shipped()
    groups = scheme.symbols.filter(pa.array(["/" in symbol for symbol in scheme.symbols.to_pylist()]))
    table = made(count, groups)
    patterns = groups.take(pa.array(np.random.default_rng(1).integers(0, len(groups), PATTERNS))).to_pylist()
    family_id = (pd.Series(np.arange(count)) // 2).astype(str)
    families = pd.Series(family_id.unique())

    def ours() -> set[str]:
        met = ClassSymbols.of(table, scheme).met(family_id, families, patterns)
        return set(families[met.any(axis=1)])

    def theirs() -> set[str]:
        return in_pandas(table, family_id, {one for pattern in patterns for one in scheme.under(pattern)})

    ways: dict[str, Callable[[], set[str]]] = {"patentscope": ours, "pandas, exploded": theirs}
    found, costs = {}, {name: [] for name in ways}
    before, peaks = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, {}
    for name, way in ways.items():
        for _ in range(PASSES):
            start = time.process_time()
            found[name] = way()
            costs[name].append(time.process_time() - start)
        peaks[name] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert found["patentscope"] == found["pandas, exploded"]
    return {name: min(seconds) for name, seconds in costs.items()}, peaks, len(found["patentscope"])


def main(count: int) -> None:
    """Print both ways."""
    costs, peaks, met = timed(count)
    print(f"\n{PATTERNS} symbols against {count:,} publications, {met:,} families met")
    for name, seconds in costs.items():
        print(f"  {name:<30}{seconds:>8.2f} CPU s{seconds / costs['patentscope']:>8.2f}{peaks[name]:>8,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
