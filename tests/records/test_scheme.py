"""What stands under a symbol: the whole scheme that ships, held against parents worked out again from its levels."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patentscope.classify.class_symbols import ClassSymbols, class_hits
from patentscope.records.scheme import Scheme

from factories import make_publication, table_of
from places import REAL, ROOT

LIST = REAL / "cpc" / "cpc_2022_08.parquet"
_ABOVE = {1: -3, 3: -2, 4: -1}


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    """The scheme that ships."""
    return Scheme.shipped()


@pytest.fixture(scope="module")
def lineage() -> pd.Series:
    """Every symbol of the shipped file with the tuple of all symbols above it, worked out row by row from levels."""
    table = pq.read_table(ROOT / "patentscope" / "data" / "scheme.parquet")
    stack: list[tuple[int, str]] = []
    found = {}
    for symbol, level in zip(table["symbol"].to_pylist(), table["level"].to_pylist(), strict=True):
        depth = _ABOVE[len(symbol)] if level is None else level
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found[symbol] = tuple(above for _, above in stack)
        stack.append((depth, symbol))
    return pd.Series(found)


def test_every_symbol_is_covered_by_its_ancestors_and_by_nothing_else(scheme: Scheme, lineage: pd.Series) -> None:
    """Of all 260,263 symbols, each lies in the runs of exactly those that stand above it, and in its own."""
    assert scheme.symbols.to_pylist() == lineage.index.tolist()
    count = len(lineage)
    assert count == 260_263
    rows = {symbol: row for row, symbol in enumerate(lineage.index)}
    above = np.array([rows[one] for chain in lineage for one in chain])
    below = np.repeat(np.arange(count), lineage.map(len))
    assert ((above < below) & (below < scheme.stop[above])).all()
    # As many runs hold a row as it has symbols above it, itself included: so no other run does.
    steps = np.bincount(np.arange(count), minlength=count + 1) - np.bincount(scheme.stop, minlength=count + 1)
    assert (np.cumsum(steps)[:count] == lineage.map(len).to_numpy() + 1).all()


def test_symbols_of_every_level_cover_what_the_list_puts_under_them(scheme: Scheme, lineage: pd.Series) -> None:
    """Drawn from every level, a symbol covers itself and its descendants of the whole list; `under` names the same."""
    draw = random.Random(14)  # noqa: S311 - a draw to test with
    depths, listed = lineage.map(len).to_numpy(), lineage.index.to_numpy(str)
    patterns = [
        str(one) for depth in range(2, depths.max() + 1) for one in draw.sample(list(listed[depths == depth]), 6)
    ]
    everything, above = scheme.place(scheme.symbols), {}
    for pattern in patterns:
        depth = len(lineage[pattern])
        if depth not in above:
            above[depth] = np.array([chain[depth] if depth < len(chain) else "" for chain in lineage])
        is_under = (above[depth] == pattern) | (listed == pattern)
        assert (everything.met([pattern]) == is_under).all(), pattern
        assert scheme.under(pattern)[: is_under.sum()] == tuple(listed[is_under])
    for one, other in zip(patterns, draw.sample(patterns, len(patterns)), strict=True):
        assert scheme.covers(one, other) is (one == other or one in lineage[other])


@pytest.mark.parametrize(
    ("pattern", "symbol", "expected"),
    [
        *(("B09B", "B09B3/00", True), ("B09B", "B09C1/00", False)),
        *(("C22B7", "C22B7/006", True), ("C22B7/00", "C22B7/006", True), ("C22B7", "C22B7/00", True)),
        *(("C22B7", "C22B70/00", False), ("C22B7", "C22B7/9999", True), ("C22B7/006", "C22B7/0069", False)),
        *(("C22B7=", "C22B7/00", True), ("C22B7=", "C22B7/006", False), ("C22B7/006=", "C22B7/006", True)),
        *(("H01M4/36", "H01M4/38", True), ("C04B18/04", "C04B18/141", True), ("H01M4/38", "H01M4/36", False)),
        *(("Y02E10/72", "Y02E10/727", False), ("Y02E10/70", "Y02E10/727", True), ("Y02W30/50", "Y02W30/82", True)),
        *(("B29B17", "B29B2017/0089", True), ("B29B17/0052", "B29B2017/0084", True)),
        *(("B29B17/02", "B29B2017/0089", False), ("B29B2017", "B29B2017/0089", True)),
        *(("C01F17/10", "C01F17/17", True), ("C09K11/01", "C09K11/77", False), ("C22B3/20", "C22B3/26", True)),
        # Older symbols, by data/classes.csv, and symbols of which nothing is known.
        *(("C22B3", "C22B3/0001", True), ("C22B3/0001", "C22B3/0002", True), ("C22B3/0002", "C22B3/0001", False)),
        *(("C22B9/18", "C22B9/193", True), ("C22B9/20", "C22B9/193", False)),
        *(("F23X", "F23X1/00", True), ("F23X1", "F23X1/02", True), ("F23X1/02", "F23X1/02", True)),
        *(("F23X1/02", "F23X1/021", False), ("C22B", "C22B99/10", True), ("H01M10/54", "H01M10/549", False)),
    ],
)
def test_what_a_symbol_covers(scheme: Scheme, pattern: str, symbol: str, expected: bool) -> None:
    """The scheme's tree decides for subgroups; subclass and main group take all of theirs, listed or not; `=` one."""
    assert scheme.covers(pattern, symbol) is expected
    assert (symbol in scheme.under(pattern)) <= expected


def test_what_is_under_a_symbol_comes_in_the_scheme_s_order(scheme: Scheme) -> None:
    """`under` begins with the symbol itself and goes on in the scheme's order, whatever the digits; older ones last."""
    assert scheme.under("H01M4/364") == ("H01M4/364", "H01M4/366")[:1]
    assert scheme.under("C22B7=") == ("C22B7/00",)
    assert scheme.under("B29B2017")[:2] == ("B29B2017/00", "B29B2017/001")
    assert scheme.under("C22B9/18") == ("C22B9/18", "C22B9/187", "C22B9/193")
    assert scheme.under("C22B3/0001") == ("C22B3/0001", "C22B3/0002")
    assert scheme.under("H01M10/549") == ("H01M10/549",)


@pytest.mark.parametrize(
    ("symbol", "near"),
    [
        *(("C22B7", None), ("C22B59/00=", None), ("B09B", None)),
        *(("H01M10/549", "H01M10/54"), ("C22B3/0002", "C22B3/00"), ("C22B9/193", "C22B9/18")),
        *(("C22B7/99", "C22B7/00"), ("C22B98", "C22B"), ("F23X1/02", "F23"), ("A98X", "A")),
    ],
)
def test_a_symbol_that_is_not_in_the_scheme_has_a_nearest_one(scheme: Scheme, symbol: str, near: str | None) -> None:
    """The nearest is the one above it; one that the scheme holds needs none."""
    assert scheme.nearest(symbol) == near


def test_y02_can_be_ignored(scheme: Scheme) -> None:
    """A reading without Y02 sees no Y02 symbol, whatever its patterns."""
    held = table_of([make_publication(family_id=name, cpc=(name,)) for name in ("C22B7/00", "Y02P10/20")])
    families = held.column("family_id").to_pandas()
    patterns = ["Y02P10/20", "C22B7"]
    hits = class_hits(ClassSymbols.of(held, scheme).met(families, families, patterns), {"asked": patterns})
    assert set(families[hits["asked"]]) == {"C22B7/00", "Y02P10/20"}
    assert set(families[hits["asked_no_y02"]]) == {"C22B7/00"}


def test_forty_random_subgroups_find_exactly_their_families(scheme: Scheme, lineage: pd.Series) -> None:
    """On random publications of random families, each group meets the families that hold a symbol under its own."""
    draw = random.Random(40)  # noqa: S311 - a draw to test with
    groups = draw.sample([one for one, above in lineage.items() if len(above) > 4], 40)
    main = lineage.str[3]
    near = [list(lineage.index[main == lineage[group][3]]) for group in groups]
    near += [
        [group, *(one for one in siblings if group in lineage[one])]
        for group, siblings in zip(groups, near, strict=True)
    ]
    made, held = [], {}
    for place in range(3_000):
        symbols = [draw.choice(draw.choice(near)) for _ in range(draw.randint(0, 3))]
        family = str(draw.randint(1, 900))
        held.setdefault(family, set()).update(symbols)
        cut = draw.randint(0, len(symbols))
        made.append(make_publication(f"US{place + 1:08d}A", family_id=family, cpc=symbols[:cut], ipc=symbols[cut:]))
    families = pd.Series(sorted(held))
    table = table_of(made)
    found = ClassSymbols.of(table, scheme)
    hits = found.met(table.column("family_id").to_pandas(), families, groups)
    for group in groups:
        under = {family for family, those in held.items() if any(group in (one, *lineage[one]) for one in those)}
        assert set(families[hits[group]]) == under, group
    assert hits[groups].to_numpy().any(axis=0).all()


def test_symbols_without_a_place_are_counted_by_main_group(scheme: Scheme) -> None:
    """Each family that holds a symbol that nobody lists is counted once under its main group."""
    made = [
        make_publication("US00000001A", cpc=("C22B7/9999", "C22B7/9998"), family_id="1"),
        make_publication("US00000002A", cpc=("C22B7/00",), ipc=("C22B7/9999", "F23X1/02"), family_id="2"),
        make_publication("US00000003A", cpc=("C22B3/0001",), ipc=(), family_id="3"),
    ]
    table = table_of(made)
    gaps = ClassSymbols.of(table, scheme).gaps(table.column("family_id").to_pandas())
    assert [(gap.country, gap.count, gap.first) for gap in gaps] == [("C22B7", 2, ("1", "2")), ("F23X1", 1, ("2",))]
    assert all("not in CPC 2022.08" in gap.reason for gap in gaps)


@pytest.mark.real
@pytest.mark.skipif(not LIST.is_file(), reason=f"no real records at {LIST}")
def test_the_shipped_scheme_is_the_official_list(scheme: Scheme, lineage: pd.Series) -> None:
    """Symbols, their order and each one's parent are those of the official list of August 2022; so are the titles."""
    official = pq.read_table(LIST)
    assert official["symbol"].combine_chunks().equals(scheme.symbols)
    parents = [above[-1] if above else None for above in lineage]
    assert [parent or None for parent in official["parent"].to_pylist()] == parents
    titles = dict(zip(official["symbol"].to_pylist(), official["title"].to_pylist(), strict=True))
    shipped = pd.read_csv(ROOT / "patentscope" / "data" / "class_titles.csv", dtype=str, keep_default_na=False)
    assert [titles[symbol].strip() for symbol in shipped["symbol"]] == shipped["title"].tolist()


def test_symbols_of_many_records_are_looked_up_once(scheme: Scheme) -> None:
    """A null, an empty text and a text beyond ASCII are no symbols, and no error."""
    placed = scheme.place(pa.array([None, "", "С22B7/00", "C22B7/00", "~"], pa.string()))
    assert (placed.rows[[0, 1, 2, 4]] == -1).all()
    assert placed.met(["C22B"]).tolist() == [False, False, False, True, False]
    assert not placed.met(["", "~", "С22B7/00", "C"]).any()
