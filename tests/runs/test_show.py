"""`show`: what it lists adds up to the number that it is asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.aggregate.counts.tally import on_side

from worlds.loaded import CLAIMS, OLD_CLAIMS, landscape
from worlds.world import make_rough_world, make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentscope.aggregate.claims.multiverse import Specified
    from patentscope.aggregate.landscape import Landscape

Counted = list[tuple["Landscape", "Specified"]]


@pytest.fixture(scope="module")
def counted() -> Iterator[Counted]:
    """Every specification of the claims about two made worlds, counted, with the world's landscape."""
    with landscape(make_world(1), stated=False) as land, landscape(make_rough_world(2), stated=False) as rough:
        yield [
            (scape, entry)
            for scape, claims in ((land, CLAIMS), (rough, OLD_CLAIMS))
            for curve in scape.survey(claims, vary=False).curves.values()
            for entry in curve
        ]


@given(place=st.integers(0, 10**6))
def test_the_units_of_a_side_add_up_to_what_is_counted(place: int, counted: Counted) -> None:
    """For any specification of the curve and both sides, the units of the claim's years add up to it, exactly."""
    land, entry = counted[place % len(counted)]
    claim, convention = entry.claim, entry.convention
    rows = land.units(convention)
    rows = rows[rows["year"].between(*claim.years)]
    for side, n in ((claim.left, entry.tally.left), (claim.right, entry.tally.right)):
        parts = on_side(rows, convention.share, side, claim.left)
        assert sum(parts, Fraction(0)) == n, convention
        assert parts.index.is_unique
        assert all(0 < part <= 1 for part in parts)
        assert set(land.publications_behind(convention, list(parts.index))["unit"]) == set(parts.index)
