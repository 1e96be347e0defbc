"""The window of a search: units that may have been published before the records begin, on records one can count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from patentscope.aggregate.counts.patterns import old_before
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import Query

from factories import CLAIM, QUERY, TODAY, make_landscape, make_publication

#: A hundred records off the topic's years: the first of them is the day by which one in a hundred was published.
BEGUN = [
    make_publication(f"KR{i}A", publication_date=f"{2020 if i == 1 else 2023}-08-31", filing_date="2020-06-30")
    for i in range(1, 98)
]


def record(number: str, claimed: str | None, *applicants: str, published: str = "2024-05-01", **facts: object):
    """Return a publication of the claim's year with an earliest priority."""
    priorities = [(f"{number[:2]}{number[2:]}P", claimed)] if claimed else []
    return make_publication(number, priorities=priorities, applicants=applicants, publication_date=published, **facts)


RECORDS = [
    record("CN1A", "2018-02-27", "CN", "US", "US"),
    record("CN2A", "2018-02-28", "CN"),
    record("US3A1", "1990-01-01", "US"),
]


def counted(records: list, **levels: str) -> Tally:
    """Count the claim in one way."""
    usual = {"unit": "family", "basis": "applicant", "share": "whole", "date": "publication"}
    one = Convention("strict", **{**usual, **levels}, documents="inventions", international="all", as_of=TODAY)
    axes = {axis: (getattr(one, axis),) for axis in AXES}
    with make_landscape(records, query=replace(Query.parse(QUERY), axes=axes)) as land:
        return next(e for e in land.survey([CLAIM], vary=False).answers[CLAIM.id].listed if e.convention == one).tally


def test_the_day_lies_thirty_months_before_one_in_a_hundred() -> None:
    """One in a hundred dated records, rounded up, gives the day; months are whole, days are clipped."""
    for records, day in (
        (BEGUN + RECORDS, dt.date(2018, 2, 28)),  # 100 records: the first
        ([*BEGUN, *RECORDS, record("CN4A", None)], dt.date(2021, 2, 28)),  # 101 records: the second
        ([*BEGUN, *RECORDS, record("CN4A", None, published="")], dt.date(2018, 2, 28)),
        ([record("CN4A", None, published="")], dt.date.min),
    ):
        with make_landscape(records) as land:
            assert old_before(land.engine) == day


@pytest.mark.parametrize(
    ("levels", "left", "right"),
    [
        ({}, 1, 2),
        ({"share": "fractional"}, Fraction(1, 3), Fraction(5, 3)),
        ({"share": "first"}, 1, 1),
        ({"basis": "office"}, 1, 1),
        ({"basis": "office", "unit": "publication"}, 1, 1),
        ({"date": "priority"}, 0, 0),
        ({"date": "filing"}, 0, 0),
    ],
)
def test_units_claimed_before_the_window_are_told_apart(
    levels: dict[str, str], left: Fraction, right: Fraction
) -> None:
    """By publication date, each side's units claimed before the day, in the share that they count with."""
    tally = counted(BEGUN + RECORDS, **levels)
    assert (tally.left_old, tally.right_old) == (left, right)


def test_a_unit_without_a_priority_date_is_not_old() -> None:
    """Nothing says that it was claimed before the records begin."""
    silent = record("CN5A", None, "CN")
    tally = counted([*BEGUN, silent, *RECORDS[1:]])
    assert (tally.left, tally.left_old) == (2, 0)


def test_a_unit_is_as_old_as_its_own_earliest_priority() -> None:
    """A family is old with its oldest member, wherever it counts; an application of it by its own claim alone."""
    mine = [
        record("CN7A", "2017-01-01", "CN", published="2021-01-01", family_id="F"),
        record("US8A1", "2019-01-01", "CN", family_id="F"),
    ]
    family = counted([*BEGUN, *mine, RECORDS[1]], basis="office")
    application = counted([*BEGUN, *mine, RECORDS[1]], basis="office", unit="application")
    assert (family.right, family.right_old) == (1, 1)
    assert (application.right, application.right_old) == (1, 0)
