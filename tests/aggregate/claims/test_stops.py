"""What stops a way to count: countries that no source covers, named or all others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from patentscope.aggregate.claims.stops import DataLimits, stops
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.claim import parse_claim
from patentscope.query.convention import Convention
from patentscope.query.side_names import names_of
from patentscope.records.offices import office_codes

MARKET = Convention("any", "publication", "office", "whole", "publication", "inventions", "all", dt.date(2026, 6, 30))
TALLY = Tally(*map(Fraction, (48, 0, 0, 0, 0, 0, 0, 0)))
OTHERS = "no source of this run covers any other country"


@pytest.mark.parametrize(
    ("claim", "covered", "reasons"),
    [
        ("US > * in 2024", {"US"}, (OTHERS,)),
        ("US > * in 2024", {"US", "JP"}, ()),
        ("US + JP > * in 2024", {"US", "JP"}, (OTHERS,)),
        ("US > JP + CN in 2024", {"US", "CN"}, ("no source of this run covers Japan",)),
        ("share of US > 60% in 2024", {"US"}, (OTHERS,)),
    ],
)
def test_a_claim_needs_a_source_of_both_sides(claim: str, covered: set[str], reasons: tuple[str, ...]) -> None:
    """A list of one country's documents is no evidence that another, or that all others, have none."""
    limits = DataLimits(lacks_offices=tuple(sorted(office_codes() - covered)))
    assert stops(MARKET, parse_claim(claim), TALLY, limits, frozenset(covered), None) == reasons
    narrowed = replace(limits, is_narrowed=True)
    found = stops(MARKET, parse_claim(claim), TALLY, narrowed, frozenset(covered), None)
    only = names_of(sorted(covered))
    assert found == (f"the search was limited to {only}, so that no other country can be in it",) * bool(reasons)
