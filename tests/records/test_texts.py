"""Texts kept apart: whatever the blocks and wherever they lie, what was put in comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.records import intake, store, texts

from factories import day, make_publication

TEXT = st.none() | st.sampled_from(["", "R&amp;D", "磁体", "a magnet", "a magnet "])
ROWS = st.lists(st.tuples(st.sampled_from(["CN2A", "CN1A", "US1A", None]), TEXT, TEXT, TEXT), max_size=9)
READ = {"R&amp;D": "R&D"}


def _keep(rows: list[tuple[str | None, ...]], at_once: int) -> texts.Texts:
    numbers = pa.chunked_array([[row[0] for row in rows]], pa.string())
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in (1, 2, 3)]
    return texts.keep(numbers, [pa.table(columns, names=texts.SCHEMA.names)], at_once)


@settings(max_examples=150)
@given(st.lists(ROWS, max_size=3), st.integers(1, 4), st.sampled_from([1, 1 << 20]), st.data())
def test_what_was_put_in_comes_out(parts: list[list], at_once: int, in_memory: int, data: st.DataObject) -> None:
    """Texts of several files are those of their records, in any order, in memory and on disk, entities read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_IN_MEMORY", in_memory)
        kept = texts.Texts.joined([_keep(rows, at_once) for rows in parts])
    rows = [row for part in parts for row in part]
    stays = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=bool)
    kept, rows = kept.only(stays), [row for row, stay in zip(rows, stays, strict=True) if stay]
    order = data.draw(st.permutations(range(len(rows))))
    expected = [tuple(READ.get(text or "", text) for text in rows[place][1:]) for place in order]
    found = kept.at(np.array(order, dtype=np.int64)).to_pydict()
    assert list(zip(*found.values(), strict=True)) == expected
    assert kept.said["title"].tolist() == [row[1] is not None for row in rows]
    assert kept.with_entities.tolist() == [place for place, row in enumerate(rows) if set(row[1:]) & READ.keys()]


RECORDS = st.builds(
    make_publication,
    st.sampled_from(["EP1000000A1", "EP1000000", "CN102034567A", "US7654321B2"]),
    publication_date=st.sampled_from([None, day("2010-05-05")]),
    title=st.sampled_from([None, "one", "two &lt; three"]),
    title_original=st.sampled_from([None, "one", "磁体"]),
    abstract=st.sampled_from([None, "long", "longer"]),
)


@settings(max_examples=100)
@given(st.lists(st.lists(RECORDS, max_size=6), min_size=1, max_size=3), st.integers(1, 3))
def test_blocks_on_disk_merge_as_in_memory(parts: list[list], rows: int) -> None:
    """Records taken in by small blocks on disk give the table, the losses and the gaps that they give in memory."""
    tables = [store.to_table(part) for part in parts]
    at_once = intake.merge(tables, most_bad=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_IN_MEMORY", 1)
        patch.setattr(texts, "ROWS", rows)
        in_blocks = intake.merge(tables, most_bad=0.0)
        assert [len(block) for block in in_blocks.blocks(in_blocks.apart)][:-1] == [rows] * (
            (len(at_once.apart) - 1) // rows
        )
        assert in_blocks.table.equals(at_once.table)
    assert (in_blocks.dropped, in_blocks.gaps) == (at_once.dropped, at_once.gaps)


def test_publications_are_written_in_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ours is in row groups of as many rows as are read at once, so that a reader can leave some out."""
    monkeypatch.setattr(texts, "ROWS", 3)
    merged = intake.merge([store.to_table([make_publication(f"CN{n}A") for n in range(10, 18)])], most_bad=0.0)
    store.write(merged.blocks(merged.apart), tmp_path / "p.parquet")
    groups = pq.ParquetFile(tmp_path / "p.parquet").metadata
    assert [groups.row_group(place).num_rows for place in range(groups.num_row_groups)] == [3, 3, 2]
    assert store.read(tmp_path / "p.parquet").equals(merged.table)
