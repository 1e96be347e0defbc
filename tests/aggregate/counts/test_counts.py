"""Units, countries and sums, on landscapes small enough to count on one's fingers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.counts.tally import by_country
from patentscope.query.claim import Claim
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
COUNTRIES = ["CN", "US", "JP", "AU", "KR", None]


def counted(publications: list, claim=CLAIM, **choices: str) -> Specified:
    """Count *claim* on *publications* under one convention."""
    convention = Convention(**{**BASE, **choices}, as_of=TODAY)
    axes = {axis: (getattr(convention, axis),) for axis in AXES}
    query = replace(Query.parse(QUERY), axes=axes)
    with make_landscape(publications, query=query) as land:
        (found,) = land.survey([claim]).curves[claim.id]
    assert found.convention == convention
    return found


def sides(entry: Specified) -> tuple[Fraction, Fraction, int, int, int]:
    """Return left, right, overlap, imputed, unknown."""
    t = entry.tally
    return t.left, t.right, t.overlap, t.imputed, t.unknown


def dated(number: str | None = None, **facts: object):
    """Return a publication first filed and published in 2024."""
    facts.setdefault("filing_date", "2024-02-01")
    facts.setdefault("publication_date", "2024-08-01")
    return make_publication(number, **facts)


def test_two_parties_of_one_country_and_one_of_another() -> None:
    """Two Chinese applicants and one from the US: whole 1 and 1, fractional 2/3 and 1/3, first 1 and 0."""
    land = [dated(applicants=["CN", "CN", "US"])]
    assert sides(counted(land)) == (1, 1, 1, 0, 0)
    assert sides(counted(land, share="fractional")) == (Fraction(2, 3), Fraction(1, 3), 0, 0, 0)
    assert sides(counted(land, share="first")) == (1, 0, 0, 0, 0)


def test_silent_party_is_renormalised_away() -> None:
    """A party of unknown country leaves the others' fractions adding up to one."""
    land = [dated(applicants=["CN", "CN", "US", None])]
    assert sides(counted(land, share="fractional")) == (Fraction(2, 3), Fraction(1, 3), 0, 0, 0)


def test_union_counts_a_unit_once_per_side() -> None:
    """A family owned in the US and in Japan is one unit of US+AU+JP."""
    assert sides(counted([dated("JP2024000001A", applicants=["US", "JP"])])) == (0, 1, 0, 0, 0)


def test_first_is_the_first_party_of_known_country() -> None:
    """`first` passes over parties whose country is not stated."""
    land = [dated(applicants=[None, "JP", "CN"])]
    assert sides(counted(land, share="first")) == (0, 1, 0, 0, 0)


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


def test_regional_priority_office_is_nobodys_country() -> None:
    """A family first filed at the EPO with silent parties is unknown by applicant, and EP by priority."""
    land = [dated("EP4000001A1")]
    assert sides(counted(land)) == (0, 0, 0, 0, 1)
    with make_landscape(land) as scape:
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


def test_same_day_dual_filing_is_two_units() -> None:
    """A Chinese utility model and invention of one day are two applications; only the model's level has both."""
    land = [
        dated("CN118900001A", application_number="CN202410000001"),
        dated("CN220900001U", application_number="CN202420000002"),
    ]
    assert sides(counted(land, basis="priority"))[0] == 1
    assert sides(counted(land, basis="priority", documents="inventions+utility_models"))[0] == 2


def test_grants_count_granted_inventions_only() -> None:
    """A1 and B2 of one application are two publications, one application, and one granted family."""
    land = [
        dated("US2024900001A1", application_number="US18900001"),
        dated("US12900001B2", application_number="US18900001", publication_date="2025-01-07"),
        dated("CN220900001U", application_number="CN202420000002"),
    ]
    for unit, documents, expected in (
        ("publication", "inventions", 2),
        ("application", "inventions", 1),
        ("family", "grants", 1),
        ("publication", "grants", 1),
    ):
        assert sides(counted(land, basis="priority", unit=unit, documents=documents))[1] == expected


def test_international_flags_see_every_visible_member() -> None:
    """Two offices, PCT and triadic are read from all members, whatever their kind, and not from later ones."""
    first = {"priorities": [("CN202400000001", "2024-02-01")]}
    land = [
        dated("CN118900001A", application_number="CN202400000001"),
        dated("WO2024900001A1", **first),
        dated("EP4900001A1", **first),
        dated("JP2025900001A", **first),
        dated("US2026900001A1", **first, publication_date="2026-07-01"),
    ]
    assert sides(counted(land, basis="priority", international="two_offices"))[0] == 1
    assert sides(counted(land, basis="priority", international="pct"))[0] == 1
    assert sides(counted(land, basis="priority", international="triadic"))[0] == 0


def test_coverage_gate_stops_unstated_countries() -> None:
    """With Chinese countries blank, ownership can't be assessed, and equals the priority ranking where imputed."""
    land = [dated(f"CN11890{i:04d}A", application_number=f"CN20241{i:07d}") for i in range(60)]
    land += [dated(f"US20249{i:05d}A1", application_number=f"US189{i:05d}", applicants=["US"]) for i in range(40)]
    by_applicant, by_priority = counted(land), counted(land, basis="priority")
    assert (by_applicant.tally.left, by_applicant.tally.right) == (by_priority.tally.left, by_priority.tally.right)
    failed = {(f.gate, f.country) for f in by_applicant.findings if not f.passed}
    assert ("coverage", "CN") in failed
    assert ("coverage", "US+AU+JP") not in failed
    assert not any(f.gate == "coverage" and not f.passed for f in by_priority.findings)


def test_bounds_put_the_unknown_on_either_side() -> None:
    """Low and high move the unknown and the imputed units wholly to one side, third countries staying."""
    land = [dated(applicants=["CN"]) for _ in range(4)]
    land += [dated(f"US20249{i:05d}A1", applicants=["US"]) for i in range(2)]
    land += [dated("US2024900009A1"), dated("EP4900001A1"), dated("KR20240000001A")]
    entry = counted(land)
    assert sides(entry) == (4, 3, 0, 2, 1)
    assert entry.ratio == Fraction(4, 3)
    assert entry.bounds == (Fraction(4, 2 + 2), Fraction(4 + 2, 2))


def test_all_others_is_every_known_country_not_on_the_left() -> None:
    """`CN > *` counts third countries on the right, and the unknown on neither side."""
    land = [dated(applicants=["CN"]), dated("KR20240000001A", applicants=["KR"]), dated("EP4900001A1")]
    claim = CLAIM.with_right(("*",), name="all")
    assert sides(counted(land, claim)) == (1, 1, 0, 0, 1)
    assert sides(counted(land, claim, share="fractional")) == (1, 1, 0, 0, 1)
    assert sides(counted(land, claim, share="first")) == (1, 1, 0, 0, 1)


def test_extended_family_takes_the_mean_of_fractions() -> None:
    """Two simple families linked by a priority make one extended family: union of countries, mean of fractions."""
    land = [
        dated("CN118900001A", application_number="CN202400000001", applicants=["CN"]),
        dated(
            "US2024900001A1",
            priorities=[("CN202400000001", "2024-02-01"), ("US63000001", "2024-03-01")],
            applicants=["CN", "US"],
        ),
    ]
    assert sides(counted(land, unit="extended_family", share="fractional"))[:2] == (Fraction(3, 4), Fraction(1, 4))
    assert sides(counted(land, unit="extended_family"))[:3] == (1, 1, 1)


publications = st.lists(
    st.builds(
        lambda place, applicants, inventors: (place, applicants, inventors),
        st.integers(0, 5),
        st.lists(st.sampled_from(COUNTRIES), max_size=3),
        st.lists(st.sampled_from(COUNTRIES), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


def _land(rows: list, swap: dict | None = None) -> list:
    swap = swap or {}
    offices = ["CN", "US", "JP", "AU", "KR", "EP"]
    return [
        dated(
            f"{swap.get(offices[place], offices[place])}{1180000 + i}A",
            applicants=[swap.get(code, code) for code in applicants],
            inventors=[swap.get(code, code) for code in inventors],
        )
        for i, (place, applicants, inventors) in enumerate(rows)
    ]


@settings(max_examples=15, deadline=None)
@given(publications)
def test_fractions_add_up_to_the_units(rows: list) -> None:
    """Fractional counts over all countries and unknown sum to the number of units, exactly."""
    with make_landscape(_land(rows)) as land:
        found = land.units(Convention(**{**BASE, "share": "fractional"}, as_of=TODAY))
    table = by_country(found, "fractional")
    assert sum(table["n"], Fraction(0)) == found["unit"].nunique() == len(rows)


@settings(max_examples=15, deadline=None)
@given(publications)
def test_whole_is_no_less_than_fractional(rows: list) -> None:
    """For every country, the whole count is at least the fractional one."""
    with make_landscape(_land(rows)) as land:
        found = land.units(Convention(**BASE, as_of=TODAY))
    whole, parts = (
        dict(zip(t["country"], t["n"], strict=True)) for t in map(by_country, [found] * 2, ["whole", "fractional"])
    )
    assert all(whole[country] >= parts[country] for country in parts)


@settings(max_examples=10, deadline=None)
@given(publications, st.randoms(use_true_random=False))
def test_row_order_and_duplicates_change_nothing(rows: list, random) -> None:
    """Shuffled rows, some of them twice, give the same counts."""
    land = _land(rows)
    again = [*land, land[0]]
    random.shuffle(again)
    assert sides(counted(land)) == sides(counted(again))


@settings(max_examples=10, deadline=None)
@given(publications)
def test_relabelling_countries_relabels_counts(rows: list) -> None:
    """With China and the US exchanged in the records, a claim with both exchanged counts the same."""
    claim = Claim("a", "a", (2024, 2024), ("CN",), ("US",))
    other = Claim("a", "a", (2024, 2024), ("US",), ("CN",))
    assert sides(counted(_land(rows), claim)) == sides(counted(_land(rows, {"CN": "US", "US": "CN"}), other))
