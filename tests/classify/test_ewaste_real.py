"""E-waste families that recover rare earths, counted here and by a plain recount; the file stands beside the checkout.

Family members and earliest priorities are those of the WIPO e-waste landscape of 2013.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from patentscope.query.convention import Convention
from patentscope.records.families import assign
from patentscope.records.publication import Publication

from factories import make_landscape, make_publication, table_of
from places import REAL

FILE = REAL / "ewaste" / "ewaste_dev.csv"
pytestmark = [pytest.mark.real, pytest.mark.skipif(not FILE.is_file(), reason=f"no real records at {FILE}")]
TODAY = dt.date(2013, 12, 31)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The families that an expert labelled as recovering rare earths."""
    table = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    chosen: pd.DataFrame = table[table["Recovered Materials - Rare Earth Metals"].ne("")].reset_index(drop=True)
    return chosen


def members(rows: pd.DataFrame) -> list[Publication]:
    """Return one publication per family and member office, all of them claiming the family's earliest priority."""
    found = []
    for serial, row in rows.iterrows():
        year = int(row["Priority Year (earliest)"])
        priority = f"{row['Priority Countries (earliest)']}{year}{serial:06d}"
        found += [
            make_publication(
                f"{office}{80000000 + serial}A",
                application_number=f"{office}{year + 1}9{serial:05d}",
                priorities=[(priority, f"{year}-01-15")],
                filing_date=f"{year + 1}-01-10",
                publication_date=f"{year + 1}-08-01",
            )
            for office in row["Family Member Countries"].split("; ")
        ]
    return found


@pytest.mark.parametrize(
    ("basis", "column"), [("priority", "Priority Countries (earliest)"), ("office", "Family Member Countries")]
)
def test_counts_equal_a_plain_recount(rows: pd.DataFrame, basis: str, column: str) -> None:
    """By country of first filing, and by office of a member, each family of each year is where pandas finds it."""
    assert len(rows) == 200
    units = assign(table_of(members(rows))).units
    with make_landscape(members(rows), today=TODAY) as land:
        convention = Convention("strict", "family", basis, "whole", "priority", "inventions", "all", TODAY)
        table, undated = land.counts([convention])
    assert units["family_id"].nunique() == 200
    assert set(undated.values()) == {0}
    plain = rows.assign(country=rows[column].str.split("; "), year=rows["Priority Year (earliest)"].astype(int))
    expected = plain.explode("country").groupby(["country", "year"]).size()
    found = table.assign(n=table["n"].astype(int)).set_index(["country", "year"])["n"]
    assert found.sort_index().to_dict() == expected.sort_index().to_dict()
    assert found.groupby("country").sum()["CN"] == rows[column].str.contains("CN").sum() > 0
