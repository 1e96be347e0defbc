"""A world whose every count is known from a second, plain way to count: all conventions come back exactly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import fields, replace
from fractions import Fraction

import pytest

from patentscope.aggregate.counts.tally import Tally
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.records.families import assign

from worlds.loaded import CLAIMS, OLD_CLAIMS, SAID_ON, TODAY, landscape, table_in
from worlds.plain_count import Vintage, count
from worlds.plain_facts import part_published
from worlds.world import World, make_rough_world, make_world

#: A world, whether a source states its families, and the claims about it.
WORLDS = [
    (make_world(0), True, CLAIMS),
    (make_world(1), False, CLAIMS),
    (make_rough_world(2), False, OLD_CLAIMS),
    (make_rough_world(3), False, OLD_CLAIMS),
]


def test_the_worlds_hold_every_case() -> None:
    """Between them, the worlds have every step at which a country is found, ties, all borders, and linked families."""
    steps: Counter[int] = Counter()
    crossed: Counter[str] = Counter()
    ties = old = 0
    for world, _, _ in WORLDS:
        vintage = Vintage(world, TODAY)
        steps.update(holding.step for (_, basis), holding in vintage.holdings.items() if basis != "priority")
        crossed.update(
            level for level in AXES["international"] for name in vintage.by_family if vintage.crossed(name, level)
        )
        old += sum(bool(doc.claimed and doc.claimed < vintage.old_before) for doc in world.docs)
        ties += sum(len(vintage.first_priorities(name)) > 1 for name in vintage.by_family)
        assert len(set(world.extended.values())) < len(set(world.family.values())) < len(world.docs)
    assert set(steps) == set(range(8))
    assert set(crossed) == set(AXES["international"])
    assert ties
    assert old


@pytest.mark.parametrize(("world", "stated"), [(world, stated) for world, stated, _ in WORLDS])
def test_families_are_those_of_the_world(world: World, stated: bool) -> None:
    """Applications, simple and extended families group the records as the world does, stated or computed."""
    units = assign(table_in(world, stated=stated)).units.set_index("publication_number")
    for column, truth in (
        ("application_id", {doc.number: doc.application for doc in world.docs}),
        ("family_id", world.family),
        ("extended_family_id", world.extended),
    ):
        theirs: dict[str, set[str]] = {}
        for number, name in truth.items():
            theirs.setdefault(name, set()).add(number)
        ours = units.groupby(column).groups.values()
        assert sorted(map(sorted, ours)) == sorted(map(sorted, theirs.values())), column


@pytest.mark.parametrize(("world", "stated", "claims"), WORLDS)
def test_every_convention_counts_the_world_exactly(world: World, stated: bool, claims: tuple[Claim, ...]) -> None:
    """Every specification at both vintages: sides, overlap, imputed, unknown, ratio, bounds, to the last digit."""
    vintages = {day: Vintage(world, day) for day in (TODAY, SAID_ON)}
    compared = varied = 0
    with landscape(world, stated=stated) as land:
        survey = land.survey(claims, vary=False)
    for claim in claims:
        for entry in survey.answers[claim.id].listed:
            convention = entry.convention
            truth = count(vintages[convention.as_of], convention, claim.left, claim.right, claim.years)
            ours = {part.name: getattr(entry.tally, part.name) for part in fields(Tally)}
            assert ours == vars(truth), convention
            unsure = truth.unknown + truth.imputed_here
            left, right = truth.left - truth.left_imputed, truth.right - truth.right_imputed
            assert entry.ratio == (truth.left / truth.right if truth.right else None)
            assert entry.bounds == (left / (right + unsure) if right + unsure else None, _over(left + unsure, right))
            compared += 1
            varied += bool(truth.left and truth.right and truth.unknown + truth.imputed)
    assert compared > 3000
    assert varied > 500


@pytest.mark.parametrize(("world", "stated"), [(make_world(1, 60), False), (make_rough_world(3, 60), True)])
def test_what_is_published_of_a_year_is_the_world_s(world: World, stated: bool) -> None:
    """Both sides' published shares, off the cohorts and by the calendar, at both vintages, under every convention."""
    today, said_on = dt.date(2031, 2, 28), dt.date(2028, 2, 29)
    sides = [(("CN",), ("US", "AU", "JP")), (("CN", "JP"), ("*",)), (("US",), ("ZA",))]
    claims = [
        replace(CLAIMS[0], id=f"{place}", left=left, right=right, years=(2023, 2026 + place), said_on=said_on)
        for place, (left, right) in enumerate(sides)
    ]
    vintage = Vintage(world, today)
    found: Counter[str] = Counter()
    axes = {**AXES, "share": ("whole",)}
    with landscape(world, stated=stated, today=today, axes=axes) as land:
        survey = land.survey(claims, vary=False)
    for claim in claims:
        for entry in survey.answers[claim.id].listed:
            of = (vintage, today, entry.convention)
            truth = [part_published(*of, side, claim.left, claim.years[1]) for side in (claim.left, claim.right)]
            assert list(entry.visible) == pytest.approx(truth, abs=1e-12), entry.convention
            found.update("none" if part is None else "some" if 0 < part < 1 else str(part) for part in truth)
    assert min(found[kind] for kind in ("none", "some", "0.0", "1.0")) > 30, found


def _over(above: Fraction, below: Fraction) -> Fraction | None:
    return above / below if below else None


def test_counts_by_country_are_the_world_s() -> None:
    """counts.csv of each question's baseline has every country and `unknown` of every year, as counted one by one."""
    world = make_world(3)
    vintage = Vintage(world, TODAY)
    for basis, date in (("office", "publication"), ("applicant", "priority"), ("inventor", "filing")):
        convention = Convention("wide", "family", basis, "whole", date, "inventions", "all", TODAY)
        with landscape(world, stated=False) as land:
            table, undated = land.counts([convention])
        rows = {(row["country"], row["year"]): int(row["n"]) for _, row in table.iterrows()}
        codes = {"CN", "US", "JP", "AU", "KR", "DE", "EP", "WO"}
        truth = {}
        for year in range(2021, 2028):
            for code in codes:
                truth[code, year] = int(count(vintage, convention, (code,), (), (year, year)).left)
            truth["unknown", year] = count(vintage, convention, ("CN",), (), (year, year)).unknown
        assert rows == {key: n for key, n in truth.items() if n}
        assert undated == {convention.question: 0}
