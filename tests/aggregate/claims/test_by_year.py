"""Both sides of a claim by year: as its own row has them, and as a plain sum over the units that are listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.claims.by_year import BY_YEAR_COLUMNS, years_asked
from patentscope.aggregate.counts.tally import on_side
from patentscope.query.claim import ALL_OTHERS, Claim
from patentscope.query.convention import AXES

from factories import CLAIM
from worlds.loaded import SAID_ON, TODAY, landscape
from worlds.world import make_rough_world, make_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.aggregate.landscape import Landscape

CLAIMS = (
    Claim("four", "", (2024, 2024), ("CN",), ("US", "AU", "JP"), 0.73, said_on=SAID_ON),
    Claim("others", "", (2023, 2023), ("CN", "KR"), (ALL_OTHERS,), said_on=SAID_ON),
    Claim("span", "", (2022, 2024), ("CN", "KR"), ("EP", "WO", "US", "DE"), said_on=SAID_ON),
)
#: Without the levels that multiply rows and change nothing by year.
SMALL = {
    **AXES,
    "unit": ("family", "publication", "extended_family"),
    "share": ("whole", "first"),
    "documents": ("inventions", "grants"),
    "international": ("all", "two_offices", "triadic"),
}


def counted(land: Landscape, claims: Sequence[Claim] = CLAIMS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return by year what every way counts, and the claims' own rows of whole counting at the data's own date."""
    years = years_asked((2021, 2025), claims, land.today)
    survey = land.survey(claims, vary=False, years=years)
    rows = [
        (claim.id, row.convention.spec_id, int(row.tally.left), int(row.tally.right), *row.visible)
        for claim in claims
        for row in survey.answers[claim.id].listed
        if row.convention.share == "whole" and row.convention.as_of == land.today
    ]
    names = ["claim_id", "spec_id", "left_n", "right_n", "left_published", "right_published"]
    return survey.by_year, pd.DataFrame(rows, columns=names)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000), rough=st.booleans())
def test_the_claims_year_is_the_claims_own_row(seed: int, *, rough: bool) -> None:
    """In a claim's year every way has the figures of its own row, and as much of the year is published."""
    world = make_rough_world(seed, size=12) if rough else make_world(seed, size=18)
    with landscape(world, stated=False, axes=SMALL) as land:
        by_year, own = counted(land)
    of_span = by_year["claim_id"].eq("span")
    one = pd.concat([by_year[of_span & by_year["year"].eq(2024)], by_year[~of_span]])
    years = {claim.id: claim.years[1] for claim in CLAIMS}
    one = one[one["year"].eq(one["claim_id"].map(years))].drop(columns="year").reset_index(drop=True)
    both = one.merge(own, on=["claim_id", "spec_id"], suffixes=("", "_own"))
    assert len(both) == len(one) == len(own) > 0
    for name in ("left_published", "right_published"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_own"].astype(float), check_names=False)
    single = both[both["claim_id"] != "span"]
    for name in ("left_n", "right_n"):
        assert (single[name] == single[f"{name}_own"]).all()


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_every_year_is_a_sum_of_the_units_listed(seed: int, data: st.DataObject) -> None:
    """Of any way, each side's number in a year is that of the units listed for that year which meet the side."""
    with landscape(make_world(seed, size=25), stated=False, axes=SMALL) as land:
        by_year, _ = counted(land)
        claim = data.draw(st.sampled_from(CLAIMS))
        ways = [row.convention for row in land.survey([claim], vary=False).answers[claim.id].listed]
        ways = [way for way in ways if way.share == "whole" and way.as_of == TODAY]
        for way in data.draw(st.lists(st.sampled_from(ways), min_size=12, max_size=12)):
            mine = by_year[by_year["claim_id"].eq(claim.id) & by_year["spec_id"].eq(way.spec_id)]
            assert mine["year"].tolist() == list(range(2021, 2027))
            rows = land.units(way)
            for year, left, right in mine[["year", "left_n", "right_n"]].itertuples(index=False):
                listed = rows[rows["year"].eq(year)]
                assert left == len(on_side(listed, "whole", claim.left)), (way, year)
                assert right == len(on_side(listed, "whole", claim.right, claim.left)), (way, year)


def test_by_year_one_country_is_as_counts_csv_has_it() -> None:
    """A side of one country has in every year what counts.csv gives for it, a unit in several years by office too."""
    claim = replace(CLAIM, right=("US",), id="pair")
    base = {"unit": ("family",), "share": ("whole",), "international": ("all",)}
    with landscape(make_world(7, size=40), stated=False, axes={**AXES, **base}) as land:
        by_year, _ = counted(land, [claim])
        ways = [row.convention for row in land.survey([claim], vary=False).answers["pair"].listed]
        ways = [way for way in ways if way.as_of == TODAY]
        for way in ways:
            table, _ = land.counts([way])
            n = (
                table.assign(n=table["n"].astype(int))
                .pivot_table(index="year", columns="country", values="n")
                .fillna(0)
            )
            mine = by_year[by_year["spec_id"].eq(way.spec_id)].set_index("year")
            for side, code in (("left_n", "CN"), ("right_n", "US")):
                expected = n.reindex(mine.index).get(code, pd.Series(0, mine.index)).fillna(0)
                assert (mine[side] == expected).all(), way
    office = next(way for way in ways if way.basis == "office" and way.date == "publication")
    assert by_year[by_year["spec_id"].eq(office.spec_id)]["left_n"].sum() > 0


def test_what_is_not_whole_or_not_of_today_is_left_out() -> None:
    """Neither shared counts nor those of an earlier date are by year; without claims the table has its columns only."""
    with landscape(make_world(3, size=12), stated=False, axes=SMALL) as land:
        by_year, own = counted(land)
        none = land.survey([], years=[2024]).by_year
    assert set(by_year["spec_id"]) == set(own["spec_id"])
    assert (list(none.columns), len(none)) == (list(BY_YEAR_COLUMNS), 0)
    assert by_year.dtypes.astype(str).to_dict()["year"] == "int32"


def test_years_reach_from_the_first_asked_to_the_data() -> None:
    """From the query's first year, or an earlier claim's, to the year of the data, or a later claim's."""
    old = replace(CLAIM, years=(1999, 2001))
    assert years_asked((2010, 2025), [CLAIM], TODAY) == range(2010, 2027)
    assert years_asked((2010, 2025), [old, CLAIM], TODAY)[0] == 1999
