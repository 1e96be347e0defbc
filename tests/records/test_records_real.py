"""Real exports made documents and families."""

from __future__ import annotations

import pytest

from patentscope.files import recognise
from patentscope.records import intake

from places import REAL

pytestmark = [pytest.mark.real, pytest.mark.skipif(not REAL.is_dir(), reason=f"no real records at {REAL}")]


def test_three_real_files_hold_no_document_twice() -> None:
    """Lens, Espacenet and PATENTSCOPE on one search: the union has each office and number with or without a kind."""
    names = [REAL / folder / "export_2015.csv" for folder in ("lens", "espacenet", "patentscope")]
    files = [one.table for one in recognise.read_files(names, form=None)]
    found = intake.merge(files, most_bad=0.01)
    numbers, kinds = (found.table.column(name).to_pylist() for name in ("publication_number", "kind"))
    assert len(set(numbers)) == len(numbers)
    stems = {number.removesuffix(kind) for number, kind in zip(numbers, kinds, strict=True) if kind}
    bare = [number for number, kind in zip(numbers, kinds, strict=True) if not kind]
    assert not stems & set(bare)
    assert (found.rows_in, len(numbers), len(bare)) == (1662, 1418, 211)
    assert intake.merge(files[::-1], most_bad=0.01).table.equals(found.table)
