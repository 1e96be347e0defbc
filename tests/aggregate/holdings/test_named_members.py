"""Members that a source names and no record is of: offices for the international flags, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from patentscope.query.convention import Convention
from patentscope.query.query import Query

from factories import CLAIM, FAMILIES, NO_LIMITS, QUERY, TODAY, make_landscape, make_publication

if TYPE_CHECKING:
    from patentscope.aggregate.claims.multiverse import Specified
    from patentscope.records.publication import Publication

LEVELS = ("all", "two_offices", "pct", "triadic")
WORDS = "family members have no dates"


def record(number: str, offices: tuple[str, ...], *members: str, year: int = 2024, **facts: object) -> Publication:
    """Return a Chinese record of *year* that names members at *offices*."""
    named = {"family_members": members, "family_offices": offices}
    dates = {"filing_date": f"{year}-02-01", "publication_date": f"{year}-08-01"}
    return make_publication(number, **{"applicants": ["CN"], **dates, **named, **facts})


#: Two families abroad by their records, one of them by EP, JP and US; one at home; two abroad by what is named alone.
RECORDS = [
    record("CN1A", ("CN", "EP", "JP", "US"), "lens:1", "lens:2", "lens:3", "lens:4"),
    record("CN2A", ("CN", "WO"), "lens:5", "lens:6"),
    record("CN3A", ("CN",), "lens:7"),
    record("CN4A", ("CN", "US"), "lens:8", "lens:9"),
    record("US4A1", ("CN", "US"), "lens:8", "lens:9"),
    record("CN5A", ("CN",), "lens:a", "lens:b"),
]


def convention(**levels: object) -> Convention:
    """Return families by applicant and publication year, at the data's own date, but for *levels*."""
    usual = {"topic": "strict", "unit": "family", "basis": "applicant", "share": "whole", "date": "publication"}
    return Convention(**{**usual, "documents": "inventions", "international": "all", "as_of": TODAY, **levels})


def test_offices_that_are_named_count_for_the_flags_and_for_nothing_else() -> None:
    """Five families, all Chinese: three are at two offices, one has an international application, one is triadic."""
    with make_landscape(RECORDS) as land:
        sizes = {level: len(land.units(convention(international=level))) for level in LEVELS}
        offices = land.units(convention(basis="office"))["country"].value_counts().to_dict()
    assert sizes == {"all": 5, "two_offices": 3, "pct": 1, "triadic": 1}
    assert offices == {"CN": 5, "US": 1}


def curve_of(records: list[Publication], limits: object = NO_LIMITS) -> dict[Convention, Specified]:
    """Count the claim on *records* under every convention of families."""
    with make_landscape(records, query=replace(Query.parse(QUERY), axes=FAMILIES), limits=limits) as land:
        return {entry.convention: entry for entry in land.survey([CLAIM], vary=False).answers[CLAIM.id].listed}


def test_when_a_family_went_abroad_cannot_be_told_from_members_without_dates() -> None:
    """The published share of international families can't be told where one of the cohort has named members."""
    dated = [record(f"CN{year}A", ("CN",), f"lens:{year}", year=year) for year in range(2017, 2022)]
    abroad = [make_publication("WO2019000001A1", family_members=("lens:2019",), publication_date="2019-08-01")]
    named = [record("CN9A", ("CN", "WO"), "lens:9", "lens:10", year=2019)]
    asked = convention(date="priority", international="pct", basis="applicant")
    for extra, found in ((abroad, (1.0, None)), (abroad + named, (None, None))):
        assert curve_of(dated + extra)[asked].visible == found
    assert curve_of(dated + named)[replace(asked, international="all")].visible == (1.0, None)


@pytest.mark.parametrize(
    ("levels", "limits", "reasons"),
    [
        ({"international": "pct"}, {}, set()),
        ({"international": "pct"}, {"knows_members": False}, {"family members are not known"}),
        ({"documents": "grants"}, {"knows_members": False}, set()),
        ({"international": "pct"}, {"undated_before": TODAY}, set()),
        ({"international": "pct"}, {"undated_before": TODAY + dt.timedelta(days=1)}, {WORDS}),
        ({}, {"undated_before": TODAY + dt.timedelta(days=1)}, set()),
    ],
)
def test_named_members_answer_only_what_they_can(levels: dict[str, str], limits: object, reasons: set[str]) -> None:
    """Named members make international countable, at the data's own date; nothing else needs them."""
    axes = {**FAMILIES, "documents": ("inventions", "grants")}
    with make_landscape(
        RECORDS, query=replace(Query.parse(QUERY), axes=axes), limits=replace(NO_LIMITS, **limits)
    ) as land:
        curve = {entry.convention: entry for entry in land.survey([CLAIM], vary=False).answers[CLAIM.id].listed}
    assert set(curve[convention(**levels)].stops) == reasons
