"""How much of a claim's last year is published: off complete cohorts, by the calendar, or the less of both."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from patentscope.aggregate.claims import summaries
from patentscope.aggregate.holdings.vintage import part_over
from patentscope.query.claim import Claim
from patentscope.query.convention import Convention
from patentscope.query.query import Query

from factories import QUERY, TODAY, make_landscape, make_publication

CLAIM = Claim("test", "", (2023, 2025), ("CN",), ("US", "JP"))
HALF = 181 / 365  # of 2026, on TODAY


def cohort(office: str, year: int, month: int, abroad: int = 0) -> list:
    """Return a family filed in January of *year*, published in the given months from then on, at home and abroad."""
    filed = f"{year}-01-15"
    return [
        make_publication(
            f"{code}{year}{month}A",
            family_id=f"{office}{year}-{month}",
            filing_date=filed,
            priorities=[(f"{office}{year}{month}P", filed)],
            publication_date=f"{year + (after - 1) // 12}-{(after - 1) % 12 + 1:02d}-15",
        )
        for code, after in ((office, month), ("EP", abroad))
        if after
    ]


#: Chinese families appear in the first months of the year after filing; of four, one is abroad in March of that year,
#: one two years later. Of the American ones half appear after two years and more.
RECORDS = [
    one
    for year in range(2015, 2021)
    for family in (
        *(cohort("CN", year, month, abroad) for month, abroad in ((13, 15), (14, 38), (15, 0), (16, 0))),
        cohort("US", year, 17),
        cohort("US", year, 30),
    )
    for one in family
]


def shares(records: list, claim: Claim = CLAIM, as_of: dt.date = TODAY, **levels: str):
    """Return what part of both sides is published, under one convention."""
    usual = {"unit": "family", "basis": "applicant", "documents": "inventions", "international": "all"}
    convention = Convention(topic="strict", share="whole", **{**usual, **levels}, as_of=as_of)
    with make_landscape(records, query=Query.parse(QUERY)) as land:
        made = summaries.make_tables(land.engine, land.sets, [claim], [convention], TODAY, land.hold)
        return made.shares(convention, claim)


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ({"date": "priority"}, (1.0, 0.5)),
        ({"date": "filing"}, (1.0, 0.5)),
        ({"date": "priority", "basis": "office"}, (1.0, 0.5)),
        ({"date": "priority", "international": "two_offices"}, (0.5, None)),
        ({"date": "publication"}, (1.0, 1.0)),
        ({"date": "grant", "documents": "grants"}, (1.0, 1.0)),
        ({"date": "publication", "international": "two_offices"}, (0.5, None)),
    ],
)
def test_a_whole_year(levels: dict[str, str], found: tuple[float | None, float | None]) -> None:
    """On 2026-06-30 the year 2025 is over; of families of January 2025 half of the American ones aren't published."""
    assert shares(RECORDS, **levels) == found


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ({"date": "priority"}, (0.0, 0.0)),
        ({"date": "publication"}, (HALF, HALF)),
        ({"date": "publication", "international": "two_offices"}, (HALF, None)),
    ],
)
def test_a_year_that_runs(levels: dict[str, str], found: tuple[float | None, float | None]) -> None:
    """Half of 2026 is over: by publication half of the year, and for families gone abroad the less of the two."""
    assert shares(RECORDS, replace(CLAIM, years=(2024, 2026)), **levels) == found


def test_a_side_without_cohorts() -> None:
    """It is complete from five years before the vintage on; else nothing tells, and a year yet to come has nothing."""
    mine = RECORDS[:-2]
    assert shares([], replace(CLAIM, years=(2020, 2020)), date="priority") == (1.0, 1.0)
    assert shares([], replace(CLAIM, years=(2021, 2021)), date="priority") == (None, None)
    assert shares(mine, replace(CLAIM, left=("KR",), years=(2021, 2021)), date="priority")[0] is None
    assert shares([], replace(CLAIM, years=(2027, 2027)), date="publication") == (0.0, 0.0)


def test_the_part_of_a_year_that_is_over() -> None:
    """Days are over at their end; leap years have one more."""
    assert part_over(2024, dt.date(2023, 12, 31)) == 0
    assert part_over(2024, dt.date(2024, 1, 1)) == 1 / 366
    assert part_over(2024, dt.date(2024, 12, 30)) == 365 / 366
    assert part_over(2024, dt.date(2024, 12, 31)) == part_over(2024, dt.date(2030, 1, 1)) == 1
