"""Real exports made documents and families."""

from __future__ import annotations

import pandas as pd
import pytest

from patentscope.files import recognise
from patentscope.records import intake
from patentscope.records.families import assign

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


def families_of(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return publications and families of a Lens export."""
    found = intake.merge([one.table for one in recognise.read_files([REAL / "lens" / name])], most_bad=0.01)
    return found.table.to_pandas(), assign(found.table).units


def test_families_that_the_lens_names_are_its_own() -> None:
    """Records are of one family exactly where the Lens gives them the same members: 51 families of 86 records."""
    publications, units = families_of("export_2024.csv")
    named = publications["family_members"].map(frozenset)
    assert (len(units), units["family_id"].nunique(), named.nunique()) == (86, 51, 51)
    assert units.groupby(named)["family_id"].nunique().max() == 1
    assert set(units["family_source"]) == {"named"}


def test_an_export_that_names_no_members_has_computed_families() -> None:
    """The Lens's export of 2021 names nobody, so that priorities alone make its families."""
    publications, units = families_of("export_2021.csv")
    assert publications["family_members"].map(len).sum() == 0
    assert (units["family_id"].nunique(), set(units["family_source"])) == (676, {"computed"})
