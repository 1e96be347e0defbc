"""Cases at which a count easily goes wrong without a word: old dates, half a priority, links, ties, large families."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.holdings.vintage import newest_complete, visible_share
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import Query

from factories import CLAIM, QUERY, TODAY, holdings_of, make_landscape, make_publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope import Publication
    from patentscope.aggregate.landscape import Landscape

BASE = {"topic": "strict", "unit": "family", "basis": "applicant", "share": "whole", "date": "priority"}


def convention(**choices: Any) -> Convention:
    """Return a convention: families of inventions by applicant and priority year where nothing else is said."""
    return Convention(**{**BASE, "documents": "inventions", "international": "all", "as_of": TODAY, **choices})


def loaded(rows: Sequence[Publication], **choices: Any) -> Landscape:
    """Return a landscape of *rows* whose query has one way to count."""
    chosen = convention(**choices)
    axes = {axis: (getattr(chosen, axis),) for axis in AXES}
    return make_landscape(rows, query=replace(Query.parse(QUERY), axes=axes))


def counted(rows: Sequence[Publication], claim: Claim = CLAIM, **choices: Any) -> Specified:
    """Count *claim* on *rows* in one way."""
    with loaded(rows, **choices) as land:
        (entry,) = land.survey([claim], vary=False).answers[claim.id].listed
    return entry


def listed(rows: Sequence[Publication], **choices: Any) -> dict[str, int | None]:
    """Return by country the year in which a unit counts."""
    with loaded(rows, **choices) as land:
        found = land.units(convention(**choices))
    return dict(zip(found["country"], found["year"], strict=True))


@pytest.mark.parametrize("year", [1, 1650, 1890, 1969, 2024])
@pytest.mark.parametrize("basis", ["applicant", "inventor"])
def test_dates_of_any_century_count(year: int, basis: str) -> None:
    """A document of any century keeps its owners and its inventors, and the year that it was filed in."""
    facts = {"filing_date": dt.date(year, 3, 1), "publication_date": dt.date(year, 9, 1)}
    rows = [make_publication(f"US000000{n}A", applicants=["CN"], inventors=["JP"], **facts) for n in range(3)]
    with loaded(rows, basis=basis) as land:
        found = land.units(convention(basis=basis))
    assert list(found["country"]) == [{"applicant": "CN", "inventor": "JP"}[basis]] * 3
    assert list(found["year"]) == [year] * 3


# ---- half a priority -------------------------------------------------------------------------------------------------


def follow_up(number: str, *priorities: tuple[str | None, str | None], **facts: Any) -> Publication:
    """Return a document of 2024 that states *priorities*."""
    dates = {"filing_date": "2024-02-01", "publication_date": "2024-08-01"}
    return make_publication(number, priorities=priorities, **{**dates, **facts})


def test_a_priority_without_a_number_is_of_unknown_office() -> None:
    """It has its year and no country, and makes a family that shares it with nobody, another's of that day included."""
    rows = [follow_up(f"US{n}A1", (None, "2023-02-01"), application_number=f"US1800000{n}") for n in (1, 2)]
    assert listed(rows, basis="priority") == {"unknown": 2023}
    with loaded(rows) as land:
        assert len(land.stock.families) == 2


def test_a_priority_without_a_date_gives_its_office_and_no_year() -> None:
    """The family is in no priority year, never that of its filing, and in the ledger; by filing it counts."""
    rows = [follow_up("US1A1", ("CN202310000001", None))]
    assert listed(rows, basis="priority") == {}
    assert listed(rows, basis="priority", date="filing") == {"CN": 2024}
    with loaded(rows, basis="priority") as land:
        assert land.counts([convention(basis="priority")])[1] == {"invention": 1}


@pytest.mark.parametrize("facts", [{"priority_date": "2023-02-01"}, {}])
def test_a_date_that_the_record_or_another_member_states_is_the_priority_s(facts: dict[str, str]) -> None:
    """The record's own priority date dates its entries where none is dated; else another member may know."""
    rows = [follow_up("US1A1", ("CN202310000001", None), **facts)]
    if not facts:
        rows.append(follow_up("EP1A1", ("CN202310000001", "2023-02-01")))
    assert listed(rows, basis="priority") == {"CN": 2023}


def test_a_dated_priority_is_the_earliest_before_one_without_a_date() -> None:
    """Beside a dated entry the record's priority date says nothing of the others."""
    rows = [follow_up("US1A1", ("CN202310000001", "2023-02-01"), ("JP2023000001", None), priority_date="2023-02-01")]
    assert listed(rows, basis="priority") == {"CN": 2023}


# ---- links and ties --------------------------------------------------------------------------------------------------


def test_owners_are_looked_for_in_the_family_of_a_claimed_application() -> None:
    """A document that claims an application which itself claims another learns its owners from there (step 3)."""
    first = ("CN202310000001", "2023-02-01")
    middle = follow_up("JP1A", first, application_number="JP2023500001", applicants=["KR"], filing_date="2023-09-01")
    silent = follow_up("US1A1", ("JP2023500001", "2023-09-01"), application_number="US18000001")
    with loaded([middle, silent]) as land:
        found = holdings_of(land)
    assert len(land.stock.families) == 2
    rows = found[found["basis"].eq("applicant")]
    assert sorted(zip(rows["country"], rows["how_known"], strict=True)) == [("KR", 2), ("KR", 3)]


@pytest.mark.parametrize(("days", "first"), [(("2024-09-01", "2024-08-01"), "US"), (("2024-08-01",) * 2, "CN")])
def test_first_of_an_extended_family_is_that_of_its_earliest_publication(days: tuple[str, str], first: str) -> None:
    """Of two linked families the first party is that of the one published first, of one day by publication number."""
    shared = ("WO2023US000001", "2023-01-01")
    rows = [
        follow_up("CN1A", shared, ("CN202310000001", "2023-01-01"), publication_date=days[0], applicants=["CN"]),
        follow_up("US1A1", shared, ("US18000001", "2023-05-01"), publication_date=days[1], applicants=["US"]),
    ]
    claim = CLAIM.over((2023, 2023), name="a year before")
    tally = counted(rows, claim, unit="extended_family", share="first").tally
    assert (tally.left, tally.right) == ((1, 0) if first == "CN" else (0, 1))


def test_a_tie_at_step_7_is_unsure_as_a_whole_unit() -> None:
    """First filed in the US and in Korea on one day, nobody named: half a unit is on the right, a whole one unsure."""
    rows = [follow_up("EP1A1", ("US18000001", "2024-01-01"), ("KR20240000001", "2024-01-01"))]
    rows += [follow_up(f"{code}11800000{n}A", applicants=[code]) for code in ("CN", "US") for n in range(2)]
    entry = counted(rows, share="fractional")
    assert (entry.tally.right, entry.tally.right_imputed, entry.tally.imputed_here) == (
        Fraction(5, 2),
        Fraction(1, 2),
        1,
    )
    assert entry.bounds == (Fraction(2, 3), Fraction(3, 2))


def test_a_large_extended_family_is_shared_out_exactly() -> None:
    """Sixty linked families of 1 to 60 parties need denominators beyond any machine's integer, and sum to one."""
    shared = ("WO2023US000001", "2024-01-01")
    rows = [
        follow_up(f"US{n}A1", shared, (f"US180000{n:02}", "2024-02-01"), applicants=["CN"] + ["US"] * n)
        for n in range(60)
    ]
    chosen = {"unit": "extended_family", "share": "fractional"}
    tally = counted(rows, **chosen).tally
    assert tally.left == sum((Fraction(1, n + 1) for n in range(60)), Fraction(0)) / 60
    assert tally.left + tally.right == 1
    with loaded(rows, **chosen) as land:
        counts, _ = land.counts([convention(**chosen)])
    assert dict(zip(counts["country"], counts["n"], strict=True)) == {"CN": "0.077998", "US": "0.922002"}


# ---- years -----------------------------------------------------------------------------------------------------------


def test_undated_units_of_an_international_count_are_international() -> None:
    """The ledger counts the undated units that the convention would count, and no others."""
    rows = [follow_up("US1A1", ("CN202310000001", None)), follow_up("JP1A", ("JP2023000001", None))]
    rows.append(follow_up("EP2A1", ("CN202310000001", None)))
    chosen = convention(international="two_offices", basis="priority")
    with loaded(rows, international="two_offices", basis="priority") as land:
        assert land.counts([chosen])[1] == {"international": 1}


def test_a_year_is_five_years_old_when_its_last_day_is() -> None:
    """On 30 December 2025 the newest complete year is 2019, on the 31st it is 2020."""
    assert newest_complete(dt.date(2025, 12, 30)) == 2019
    assert newest_complete(dt.date(2025, 12, 31)) == 2020
    assert visible_share(0, 0, 2020, dt.date(2025, 12, 30)) is None
    assert visible_share(0, 0, 2020, dt.date(2025, 12, 31)) == 1.0


@pytest.mark.parametrize(("day", "visible"), [("2018-05-01", 1.0), ("2018-08-01", 0.0)])
def test_a_sibling_makes_an_extended_family_of_grants_international(day: str, visible: float) -> None:
    """How much was published in time is read off all that makes a unit international, grants or not.

    Each family of 2016 has a grant at home, and a linked family without one at two offices abroad, published by
    mid-2018 or later: as 2024 is in mid-2026.
    """
    rows = []
    for n in range(4):
        key = (f"CN2016100000{n:02}", "2016-02-01")
        home = {"application_number": key[0], "filing_date": "2016-02-01", "applicants": ["CN"]}
        rows.append(make_publication(f"CN10600000{n}B", publication_date="2018-01-01", **home))
        abroad = {"filing_date": "2017-02-01", "priorities": [key, (f"US6200000{n}", "2016-09-01")]}
        rows += [make_publication(number, publication_date=day, **abroad) for number in (f"US2018{n}A1", f"EP3{n}A1")]
    choices = {"unit": "extended_family", "documents": "grants", "international": "two_offices", "basis": "priority"}
    assert counted(rows, **choices).visible[0] == visible
