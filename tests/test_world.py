"""A world whose every count is known from a second, plain way to count: all conventions come back exactly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pytest

from patentscope.aggregate.counts.tally import Tally
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import Query, Reading
from patentscope.records.families import assign

from factories import NO_LIMITS, QUERY, make_publication, table_of
from world import TOPICS, Vintage, World, count, make_world

if TYPE_CHECKING:
    from collections.abc import Mapping


TODAY, SAID_ON = dt.date(2026, 6, 30), dt.date(2025, 3, 31)
CLAIMS = (
    Claim("four", "", (2024, 2024), ("CN",), ("US", "AU", "JP"), 0.73, said_on=SAID_ON),
    Claim("others", "", (2022, 2026), ("CN",), ("*",), said_on=SAID_ON),
    Claim("many", "", (2023, 2024), ("CN", "KR"), ("EP", "WO", "US", "DE"), said_on=SAID_ON),
)
WORLDS = [(0, True), (1, False)]


def table_in(world: World, *, stated: bool) -> pa.Table:
    """Return the world's records; with the families that a source states, or with none."""
    rows = [
        make_publication(
            doc.number,
            application_number=doc.application,
            filing_date=doc.filed,
            publication_date=doc.published,
            priorities=[(key, date.isoformat()) for key, date in doc.claims],
            applicants=doc.applicants,
            inventors=doc.inventors,
            family_id=f"F-{world.family[doc.number]}" if stated else None,
        )
        for doc in world.docs
    ]
    return table_of(rows)


def landscape(
    world: World,
    *,
    stated: bool,
    axes: Mapping[str, tuple[str, ...]] = AXES,
    engine: str = "duckdb",
) -> Landscape:
    """Return the world's records, loaded; with the families that a source states, or with none."""
    table = table_in(world, stated=stated)
    family = pd.Series(table.column("family_id").to_pylist(), table.column("publication_number").to_pylist())
    scores = pd.DataFrame({"family_id": sorted(set(family))})
    for topic in TOPICS:
        on_topic = {family[number] for number, name in world.family.items() if name in world.topics[topic]}
        scores[f"in_topic_{topic}"] = scores["family_id"].isin(on_topic).astype("boolean")
    query = replace(
        Query.parse(QUERY),
        axes=dict(axes),
        engine=engine,
        readings=tuple(Reading(topic, ("classes.rare_earth",), ()) for topic in TOPICS),
    )
    return Landscape(Stock.of(table, assign(table)), scores, query, TODAY, NO_LIMITS)


def test_the_worlds_hold_every_case() -> None:
    """Between them, the worlds have every step at which a country is found, ties, all borders, and linked families."""
    steps: Counter[int] = Counter()
    crossed: Counter[str] = Counter()
    ties = 0
    for seed, _ in WORLDS:
        world = make_world(seed)
        vintage = Vintage(world, TODAY)
        steps.update(holding.step for (_, basis), holding in vintage.holdings.items() if basis != "priority")
        crossed.update(
            level for level in AXES["international"] for name in vintage.by_family if vintage.crossed(name, level)
        )
        ties += sum(len(vintage.first_priorities(name)) > 1 for name in vintage.by_family)
        assert len(set(world.extended.values())) < len(set(world.family.values())) < len(world.docs)
    assert set(steps) == set(range(8))
    assert set(crossed) == set(AXES["international"])
    assert ties


@pytest.mark.parametrize(("seed", "stated"), WORLDS)
def test_families_are_those_of_the_world(seed: int, stated: bool) -> None:
    """Applications, simple and extended families group the records as the world does, stated or computed."""
    world = make_world(seed)
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


@pytest.mark.parametrize(("seed", "stated"), WORLDS)
def test_every_convention_counts_the_world_exactly(seed: int, stated: bool) -> None:
    """Every specification at both vintages: sides, overlap, imputed, unknown, ratio, bounds, to the last digit."""
    world = make_world(seed)
    vintages = {day: Vintage(world, day) for day in (TODAY, SAID_ON)}
    compared = varied = 0
    with landscape(world, stated=stated) as land:
        survey = land.survey(CLAIMS)
    for claim in CLAIMS:
        for entry in survey.curves[claim.id]:
            convention = entry.convention
            # Which party of an extended family is its first is not defined: its families may be of one day.
            if (convention.unit, convention.share) == ("extended_family", "first"):
                continue
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
