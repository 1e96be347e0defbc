"""Units, countries and sums, on landscapes small enough to count on one's fingers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from patentscope.aggregate.claims.concerns import COUNTRIES
from patentscope.aggregate.claims.specified import Specified
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import Query

from factories import CLAIM, QUERY, TODAY, make_landscape, make_publication

BASE = {
    "topic": "strict",
    "unit": "family",
    "basis": "applicant",
    "share": "whole",
    "date": "priority",
    "documents": "inventions",
    "international": "all",
}
FIRST = {"priorities": [("CN202400000001", "2024-02-01")]}
GRANTS, MODELS = {"documents": "grants"}, {"documents": "inventions+utility_models"}
PRIORITY, FRACTIONAL, NAMED_FIRST = {"basis": "priority"}, {"share": "fractional"}, {"share": "first"}
EXTENDED, PUBLICATION = {"unit": "extended_family"}, {"unit": "publication"}
ALL = CLAIM.with_right(("*",), name="all")


def counted(publications: list, *choices: dict[str, str], claim=CLAIM) -> list[Specified]:
    """Count *claim* on *publications* under one convention for each of *choices*."""
    conventions = [Convention(**{**BASE, **one}, as_of=TODAY) for one in choices]
    axes = {axis: tuple({getattr(one, axis) for one in conventions}) for axis in AXES}
    with make_landscape(publications, query=replace(Query.parse(QUERY), axes=axes)) as land:
        curve = land.survey([claim], vary=False).answers[claim.id].listed
    by_convention = {entry.convention: entry for entry in curve}
    return [by_convention[one] for one in conventions]


def dated(number: str | None = None, **facts: object):
    """Return a publication first filed and published in 2024."""
    facts.setdefault("filing_date", "2024-02-01")
    facts.setdefault("publication_date", "2024-08-01")
    return make_publication(number, **facts)


#: Left, right, overlap, imputed, unknown of *claim* by the choices that differ from `BASE`.
@pytest.mark.parametrize(
    ("publications", "claim", "expected"),
    [
        pytest.param(
            [dated(applicants=["CN", "CN", "US"])],
            CLAIM,
            [({}, 1, 1, 1, 0, 0), (FRACTIONAL, Fraction(2, 3), Fraction(1, 3), 0, 0, 0), (NAMED_FIRST, 1, 0, 0, 0, 0)],
            id="two parties of one country and one of another",
        ),
        pytest.param(
            [dated(applicants=["CN", "CN", "US", None])],
            CLAIM,
            [(FRACTIONAL, Fraction(2, 3), Fraction(1, 3), 0, 0, 0)],
            id="a party of unknown country leaves the others' fractions adding up to one",
        ),
        pytest.param(
            [dated("JP2024000001A", applicants=["US", "JP"])],
            CLAIM,
            [({}, 0, 1, 0, 0, 0)],
            id="a family owned by two countries of a side is one unit of it",
        ),
        pytest.param(
            [dated(applicants=[None, "JP", "CN"])],
            CLAIM,
            [(NAMED_FIRST, 0, 1, 0, 0, 0)],
            id="first passes over parties whose country is not stated",
        ),
        pytest.param(
            [dated("EP4000001A1")], CLAIM, [({}, 0, 0, 0, 0, 1)], id="a regional priority office is nobody's country"
        ),
        pytest.param(
            [
                dated("CN118900001A", application_number="CN202410000001"),
                dated("CN220900001U", application_number="CN202420000002"),
            ],
            CLAIM,
            [(PRIORITY, 1, 0, 0, 0, 0), (PRIORITY | MODELS, 2, 0, 0, 0, 0)],
            id="a utility model and an invention of one day are two units, where models count",
        ),
        pytest.param(
            [
                dated("US2024900001A1", application_number="US18900001"),
                dated("US12900001B2", application_number="US18900001", publication_date="2025-01-07"),
                dated("CN220900001U", application_number="CN202420000002"),
            ],
            CLAIM,
            [
                (PRIORITY | PUBLICATION, 0, 2, 0, 0, 0),
                (PRIORITY | {"unit": "application"}, 0, 1, 0, 0, 0),
                (PRIORITY | GRANTS, 0, 1, 0, 0, 0),
                (PRIORITY | GRANTS | PUBLICATION, 0, 1, 0, 0, 0),
            ],
            id="A1 and B2 are two publications, one application, one granted family",
        ),
        pytest.param(
            [
                dated("CN118900001A", application_number="CN202400000001"),
                dated("WO2024900001A1", **FIRST),
                dated("EP4900001A1", **FIRST),
                dated("JP2025900001A", **FIRST),
                dated("US2026900001A1", **FIRST, publication_date="2026-07-01"),
            ],
            CLAIM,
            [
                (PRIORITY | {"international": level}, n, 0, 0, 0, 0)
                for level, n in (("two_offices", 1), ("pct", 1), ("triadic", 0))
            ],
            id="international flags see every visible member, and no later one",
        ),
        pytest.param(
            [dated(applicants=["CN"]), dated("KR20240000001A", applicants=["KR"]), dated("EP4900001A1")],
            ALL,
            [(choice, 1, 1, 0, 0, 1) for choice in ({}, FRACTIONAL, NAMED_FIRST)],
            id="all others is every known country that is not on the left",
        ),
        pytest.param(
            [
                dated("CN118900001A", application_number="CN202400000001", applicants=["CN"]),
                dated(
                    "US2024900001A1",
                    priorities=[*FIRST["priorities"], ("US63000001", "2024-03-01")],
                    applicants=["CN", "US"],
                ),
            ],
            CLAIM,
            [(EXTENDED | FRACTIONAL, Fraction(3, 4), Fraction(1, 4), 0, 0, 0), (EXTENDED, 1, 1, 1, 0, 0)],
            id="an extended family has the union of countries, and the mean of fractions",
        ),
    ],
)
def test_sides_counted_by_hand(publications: list, claim, expected: list) -> None:
    """What stands in the case's name is what is counted, under each convention, to the last fraction."""
    entries = counted(publications, *(choices for choices, *_ in expected), claim=claim)
    for entry, (_, *figures) in zip(entries, expected, strict=True):
        t = entry.tally
        assert [t.left, t.right, t.overlap, t.imputed, t.unknown] == figures, entry.convention


@pytest.mark.parametrize(
    ("step", "publications"),
    [
        (1, [dated("CN118900001A", application_number="CN202400000001", applicants=["CN"])]),
        (
            2,
            [
                dated("CN118900001A", application_number="CN202400000001"),
                dated("US2024900001A1", priorities=[("CN202400000001", "2024-02-01")], applicants=["CN"]),
            ],
        ),
        (
            3,
            [
                dated("CN118900001A", application_number="CN202400000001"),
                dated(
                    "US2024900001A1",
                    priorities=[("CN202400000001", "2024-02-01"), ("US63000001", "2024-03-01")],
                    applicants=["CN"],
                    cpc=(),
                ),
            ],
        ),
        (4, [dated("CN118900001A", application_number="CN202400000001", inventors=["CN"])]),
        (7, [dated("CN118900001A", application_number="CN202400000001")]),
    ],
)
def test_steps_of_the_fallback(step: int, publications: list) -> None:
    """Each step is taken where the ones before it know no country, and is kept on the holding."""
    with make_landscape(publications) as land:
        rows = land.units(Convention(**BASE, as_of=TODAY))
    mine = rows[rows["unit"] == rows["unit"].min()]
    assert (mine["country"].tolist(), mine["how_known"].tolist()) == (["CN"], [step])


def test_a_regional_priority_office_is_a_place_of_first_filing() -> None:
    """A family first filed at the EPO with silent parties is EP's by priority."""
    with make_landscape([dated("EP4000001A1")]) as scape:
        rows = scape.units(Convention(**{**BASE, "basis": "priority"}, as_of=TODAY))
    assert rows["country"].tolist() == ["EP"]


def test_office_year_is_the_year_at_that_office() -> None:
    """By office and publication date, one family falls in different years at two offices."""
    land = [
        dated("CN118900001A", application_number="CN202400000001"),
        dated("US2025900001A1", priorities=[("CN202400000001", "2024-02-01")], publication_date="2025-08-01"),
    ]
    with make_landscape(land) as scape:
        rows = scape.units(Convention(**{**BASE, "basis": "office", "date": "publication"}, as_of=TODAY))
        by_priority = scape.units(Convention(**{**BASE, "basis": "office"}, as_of=TODAY))
    assert list(zip(rows["country"], rows["year"], strict=True)) == [("CN", 2024), ("US", 2025)]
    assert list(zip(by_priority["country"], by_priority["year"], strict=True)) == [("CN", 2024), ("US", 2024)]


def test_countries_that_nobody_states_cost_points() -> None:
    """With Chinese countries blank, ownership is of low certainty, and equals the priority ranking where imputed."""
    land = [dated(f"CN11890{i:04d}A", application_number=f"CN20241{i:07d}") for i in range(60)]
    land += [dated(f"US20249{i:05d}A1", application_number=f"US189{i:05d}", applicants=["US"]) for i in range(40)]
    by_applicant, by_priority = counted(land, {}, PRIORITY)
    assert (by_applicant.tally.left, by_applicant.tally.right) == (by_priority.tally.left, by_priority.tally.right)
    (worse,) = [one for one in by_applicant.concerns if one.name == COUNTRIES]
    assert (worse.points, worse.found, worse.side) == (2, 1.0, "CN")
    assert by_priority.concern(COUNTRIES) == 0


def test_bounds_put_the_unknown_on_either_side() -> None:
    """Low and high move the unknown and the imputed units wholly to one side, third countries staying."""
    land = [dated(applicants=["CN"]) for _ in range(4)]
    land += [dated(f"US20249{i:05d}A1", applicants=["US"]) for i in range(2)]
    land += [dated("US2024900009A1"), dated("EP4900001A1"), dated("KR20240000001A")]
    (entry,) = counted(land, {})
    t = entry.tally
    assert (t.left, t.right, t.overlap, t.imputed, t.unknown) == (4, 3, 0, 2, 1)
    assert entry.ratio == Fraction(4, 3)
    assert entry.bounds == (Fraction(4, 2 + 2), Fraction(4 + 2, 2))
