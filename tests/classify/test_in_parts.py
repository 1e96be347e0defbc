"""What is done in parts to save memory or time gives what it would give at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.classify import texts
from patentscope.classify.features import build_features, put_together, read_block
from patentscope.classify.words import writing_system
from patentscope.records import store

from factories import make_publication, read_whole

TEXTS = st.text(st.sampled_from("aé磁の \t\u00a0\u3000\u200b\x1f"), max_size=6) | st.text(max_size=6)


@given(st.lists(st.none() | TEXTS, max_size=8))
def test_blanks_at_the_ends_go_whatever_blanks_they_are(texts: list[str | None]) -> None:
    """A column is trimmed, and an empty text is null, as if every text had been looked at from end to end."""
    column = pa.chunked_array([texts[:3], texts[3:]], pa.string())
    trimmed = [None if text is None else pc.utf8_trim_whitespace(pa.scalar(text)).as_py() or None for text in texts]
    assert store._said(column).to_pylist() == trimmed


def test_a_familys_texts_are_every_distinct_one_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, originals and abstracts of all members, each once, in order; families without a text are there, too."""
    rows = [
        {"title": "b", "abstract": "z", "title_original": "磁"},
        {"title": "b", "abstract": "a"},
        {"title": None},
        {"title": "c"},
    ]
    schema = pa.schema([(name, pa.string()) for name in ("title", "title_original", "abstract")])
    store.write(pa.Table.from_pylist(rows, schema=schema), tmp_path / "p.parquet")
    families = pd.Series(["f2", "f1", "f3", "f2"])
    expected = {"f1": ["a", "b"], "f2": ["b", "c", "z", "磁"], "f3": []}
    for rows, size in ((1, 1), (2, 2), (100, 1), (100, 100)):
        monkeypatch.setattr(texts, "_ROWS", rows)
        with texts.family_texts(tmp_path / "p.parquet", families, size) as read:
            blocks = [block.read() for block in read.blocks]
            assert [block.file is not None for block in read.blocks] == [size == 1] * len(blocks)
        found = [
            [text for text, owner in zip(block.texts.to_pylist(), block.owners, strict=True) if owner == place]
            for block in blocks
            for place in range(block.size)
        ]
        assert dict(zip(read.family_id, found, strict=True)) == expected
        assert read.has_abstract.tolist() == [True, True, False]
        assert not any(block.file is not None and block.file.exists() for block in read.blocks)


@given(st.lists(TEXTS | st.sampled_from(["NdFeB 磁体", "Ünlü", "ябв", "123", "x"]), max_size=6))
def test_plain_texts_have_the_script_that_counting_finds(written: list[str]) -> None:
    """The short way for plain texts says what counting letters says."""
    counted = writing_system._counted(writing_system.as_array(written)).tolist() if written else []
    assert writing_system.scripts_of(written).tolist() == counted


def test_families_read_in_parts_have_the_same_features() -> None:
    """However many families are read at once, each one's features are the same, and so are their types."""
    lists = [
        ["Recycling of neodymium scrap"],
        [],
        ["磁体回收"],
        ["Un aimant de la France"],
        ["Heat recovery. A magnet"],
    ]
    terms = {"en": {"rare_earth": ["neodymium", "magnet"], "recycling": ["recycle", "recovery"]}}
    hits = pd.DataFrame({"rare_earth": np.arange(5) % 2 == 0})
    at_once = build_features(lists, terms, hits)[0]
    pair = ("rare_earth", "recycling")
    parts = [read_block(texts.Block.of(lists[start : start + 2]), terms, pair) for start in range(0, 5, 2)]
    pd.testing.assert_frame_equal(put_together(parts, terms, hits)[0], at_once)
    assert at_once["has_text"].tolist() == [True, False, True, True, True]


def test_a_file_of_several_row_groups_is_read_whole(tmp_path: Path) -> None:
    """Publications that lie in many parts of a parquet file are all there, in its order."""
    table = store.to_table([make_publication(f"CN{118000000 + n}A", title=f" t{n} ") for n in range(9)])
    pa.parquet.write_table(table, tmp_path / "p.parquet", row_group_size=2)
    assert read_whole(tmp_path / "p.parquet").column("title").to_pylist() == [f"t{n}" for n in range(9)]
