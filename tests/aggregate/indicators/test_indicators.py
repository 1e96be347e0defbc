"""What else the sides are compared by: by hand on small landscapes, and what must hold of it on any."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.indicators.measures import COVERAGE, FAMILIES
from patentscope.aggregate.indicators.table import COLUMNS, as_text, indicators
from patentscope.query.claim import ALL_OTHERS
from patentscope.records.publication import Party

from factories import CLAIM, NO_LIMITS, make_landscape, make_publication, table_of
from worlds.loaded import CLAIMS, landscape, table_in
from worlds.world import make_rough_world, make_world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from patentscope.query.claim import Claim
    from patentscope.records.publication import Publication

TODAY = dt.date(2026, 6, 30)
OTHERS = replace(CLAIM, right=(ALL_OTHERS,))
NEED_MEMBERS = {"abroad", "ip5", "triadic", "offices", "granted", "utility_models"}


def measured(
    publications: Sequence[Publication],
    *,
    least: int = 1,
    claim: Claim = CLAIM,
    limits: DataLimits = NO_LIMITS,
    aliases: Mapping[str, str] | None = None,
    today: dt.date = TODAY,
) -> dict[tuple[str, str], Any]:
    """Return the indicators of *publications* by name and side."""
    with make_landscape(publications, today=today, limits=limits) as land:
        table = indicators(land, [claim], table_of(publications), aliases or {}, least=least)
    return {(row.indicator, row.side): row for row in table.itertuples()}


def made(number: str, published: str, *owners: tuple[str, str | None], **facts: Any) -> Publication:
    """Return a publication with named owners."""
    one = make_publication(number, publication_date=published, filing_date="2015-01-01", **facts)
    return replace(one, applicants=tuple(Party(name, country) for name, country in owners))


def series(office: str, *years: int) -> list[Publication]:
    """Return a family first published in each of *years*."""
    return [made(f"{office}1{place:08d}A", f"{year}-05-05") for place, year in enumerate(years)]


def test_growth_is_from_the_first_to_the_last_of_five_whole_years() -> None:
    """One family in 2021 and sixteen in 2025 are 16 ^ 1/4 - 1 = 1 a year; 2026 isn't over; from nothing is none."""
    found = measured([*series("CN", 2021, *[2025] * 16, 2026, 2020), *series("US", 2022, 2025)])
    growth = found["growth", "left"]
    assert (growth.value, growth.low, growth.high) == (1.0, 1.0, 1.0)
    assert (growth.n, growth.years, growth.coverage) == (17, "2021..2025", 1.0)
    assert found["growth", "right"].value != found["growth", "right"].value
    assert found["growth", "CN"].value == 1.0


def test_a_year_counts_once_its_last_day_is_there() -> None:
    """On 31 December the year is whole, the day before it isn't."""
    rows = series("CN", *[2021] * 3, 2025)
    years = [
        measured(rows, today=day)["growth", "left"].years for day in (dt.date(2025, 12, 30), dt.date(2025, 12, 31))
    ]
    assert years == ["2020..2024", "2021..2025"]


def test_only_families_old_enough_are_asked_for_reach_and_grants() -> None:
    """Reach is of those three to eight years old, both days counted, and grants of those at least five."""
    dates = ["2018-06-29", "2018-06-30", "2021-06-30", "2021-07-01", "2023-06-30", "2023-07-01"]
    found = measured([made(f"CN1180000{place:02d}A", date) for place, date in enumerate(dates)])
    assert (found["offices", "left"].n, found["offices", "left"].years) == (4, "2018..2023")
    assert (found["granted", "left"].n, found["granted", "left"].years) == (3, "2018..2021")
    assert found["utility_models", "left"].n == 6


def test_offices_of_named_members_count_and_their_kinds_are_not_known() -> None:
    """A member that no record is of gives its office; whether the family is granted is open, in both directions."""
    members = {"family_members": ("CN118000001A", "EP4000001A1"), "family_offices": ("CN", "EP")}
    found = measured(
        [
            made("CN118000001A", "2020-01-01", **members),
            made("CN118000002B", "2020-01-01"),
            made("CN118000003A", "2020-01-01"),
        ]
    )
    assert (found["abroad", "left"].value, found["abroad", "left"].coverage) == (1 / 3, 1.0)
    granted = found["granted", "left"]
    assert (granted.value, granted.n, granted.coverage) == (1 / 2, 2, 2 / 3)
    assert (granted.low, granted.high) == (1 / 3, 2 / 3)


def test_two_offices_of_which_none_is_one_of_the_five() -> None:
    """Australia and Canada are two offices, and no IP5 family; EP, JP and US make one triadic."""
    first = {"priorities": [("AU2015000001", "2015-01-01")]}
    world = {"priorities": [("US62000001", "2015-01-01")]}
    found = measured(
        [
            made("AU2020000001A1", "2020-01-01", **first),
            made("CA3000001A1", "2020-02-01", **first),
            *(made(number, "2020-01-01", **world) for number in ("US2020000001A1", "EP3000001A1", "JP2020000001A")),
        ]
    )
    assert [found[name, "right"].value for name in ("abroad", "ip5", "triadic", "offices")] == [1.0, 0.5, 0.5, 2.5]


def test_sectors_share_a_family_out_and_owners_are_joined() -> None:
    """A family of a company and a university is half of each; both spellings of a company are one owner."""
    found = measured(
        [
            made("CN118000001A", "2020-01-01", ("ACME Ltd.", "CN"), ("Tsinghua University", "CN")),
            made("CN118000002A", "2020-01-01", ("Acme", "CN")),
            made("CN118000003A", "2020-01-01", ("Xyz", "CN")),
            made("CN118000004A", "2020-01-01"),
        ]
    )
    value = {name: found[f"sector:{name}", "left"].value for name in ("company", "university or institute", "unknown")}
    assert value == {"company": 0.5, "university or institute": 0.5 / 3, "unknown": pytest.approx(1 / 3)}
    company = found["sector:company", "left"]
    assert (company.n, company.coverage, company.low, company.high) == (3, 0.75, 1.5 / 4, (1.5 + 1 + 1) / 4)


def test_the_five_largest_owners() -> None:
    """Of seven owners with 3, 1, 1, 1, 1, 1, 1 families the five largest have 7 of 9; an alias makes it 8 of 9."""
    owners = ["A one", "A one", "A one", *(f"{letter} one" for letter in "BCDEFG")]
    rows = [made(f"CN11800000{place}A", "2020-01-01", (name, "CN")) for place, name in enumerate(owners)]
    assert measured(rows)["concentration", "left"].value == pytest.approx(7 / 9)
    assert measured(rows, aliases={"G one": "F one"})["concentration", "left"].value == pytest.approx(8 / 9)


def test_a_side_of_all_others_and_main_groups() -> None:
    """All others are the known countries but the left's; a main group's ratio is a side's share over that of all."""
    both = ("C22B59/00", "C22B7/00", "H01F1/053", "B29B2017/0089")
    rows = [
        made("CN118000001A", "2020-01-01", cpc=both),
        made("CN118000002A", "2020-01-01"),
        made("KR20200000001A", "2020-01-01"),
        made("EP3000001A1", "2020-01-01"),
    ]
    found = measured(rows, claim=OTHERS)
    assert found["utility_models", "right"].n == 2
    assert found["specialisation:H01F1", "left"].value == (1 / 2) / (1 / 4)
    assert found["specialisation:B29B17", "right"].value == 0
    assert ("growth", "EP") not in found


@pytest.mark.parametrize("limits", [DataLimits(knows_members=False), DataLimits(undated_before=dt.date(2026, 7, 1))])
def test_what_needs_members_is_absent_where_they_are_not_known(limits: DataLimits) -> None:
    """Nothing is said of reach, grants and utility models there; all else is."""
    rows = [made(f"CN1180000{place:02d}A", "2020-01-01", ("A", "CN")) for place in range(3)]
    names = {name for name, _ in measured(rows, limits=limits)}
    assert not names & NEED_MEMBERS
    assert {"concentration", "joint", "sector:company", "specialisation:C22B7"} <= names
    assert {name for name, _ in measured(rows)} >= NEED_MEMBERS


def test_thirty_families_and_half_of_them_known_are_needed() -> None:
    """Of thirty families one may say something, of 29 none; where most owners aren't named, nothing is said of them."""
    rows = [made(f"CN1180000{place:02d}A", "2020-01-01", ("A", "CN")) for place in range(30)]
    silent = [made(f"CN1190000{place:02d}A", "2020-01-01") for place in range(31)]
    assert ("abroad", "left") in measured(rows, least=FAMILIES)
    assert not measured(rows[:29], least=FAMILIES)
    assert ("concentration", "left") not in measured([*rows, *silent], least=FAMILIES)
    assert ("concentration", "left") in measured([*rows, *silent[:30]], least=FAMILIES)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), rough=st.booleans())
def test_what_holds_of_any_world(seed: int, *, rough: bool) -> None:
    """Low <= value <= high; sectors sum to one; n and coverage are enough; left and CN agree; text keeps the rows."""
    world = make_rough_world(seed) if rough else make_world(seed)
    with landscape(world, stated=False) as land:
        table = indicators(land, CLAIMS, table_in(world, stated=False), {}, least=2)
    known = table.dropna(subset=["value"])
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()
    assert list(table.columns) == COLUMNS
    assert table["n"].ge(2).all()
    assert table["coverage"].between(COVERAGE, 1).all()
    shares = known[~known["indicator"].str.contains("growth|offices|specialisation")]
    assert shares["low"].ge(-1e-9).all()
    assert shares["high"].le(1 + 1e-9).all()
    sectors = known[known["indicator"].str.startswith("sector:")].groupby(["claim_id", "side"])["value"].sum()
    assert sectors.to_numpy() == pytest.approx(1)
    four = known[known["claim_id"].eq("four") & known["side"].eq("left")].set_index("indicator")["value"]
    china = known[known["side"].eq("CN")].set_index("indicator")["value"]
    pd.testing.assert_series_equal(four, china)
    assert not table.duplicated(["indicator", "side", "claim_id"]).any()
    assert as_text(table)["value"].eq("").sum() == len(table) - len(known)
