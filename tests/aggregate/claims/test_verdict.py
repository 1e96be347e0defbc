"""The rule that turns a curve into a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from patentscope.aggregate.claims.multiverse import variants
from patentscope.aggregate.claims.verdict import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    judge,
    overall,
)
from patentscope.query.claim import Claim
from patentscope.query.query import Thresholds

from factories import CLAIM, TODAY, make_landscape, make_publication


@dataclass
class Counted:
    """A specification with a ratio and bounds, as far as the rule looks at it."""

    ratio: Fraction
    bounds: tuple[Fraction, Fraction]
    is_audited: bool = False


def counted(*ratios: str) -> list[Counted]:
    """Return 20 specifications, the given ratios in turn, without width."""
    values = [Fraction(ratio) for ratio in ratios]
    return [Counted(values[i % len(values)], (values[i % len(values)],) * 2) for i in range(20)]


@pytest.mark.parametrize(
    ("ratios", "verdict"),
    [
        (["1.73"], SUPPORTED),
        (["1.83"], SUPPORTED),
        (["1.84"], SIZE_NOT_REPRODUCED),
        (["1.73", "1.7", "1.8", "3", "1.2"], SUPPORTED),
        (["1.73", "2", "3", "4", "1.2"], SIZE_DEPENDS),
        (["3", "4"], SIZE_NOT_REPRODUCED),
        (["0.5"], CONTRADICTED),
        (["0.5", "2"], MIXED),
    ],
)
def test_verdict_of_a_question(ratios: list[str], verdict: str) -> None:
    """Near, ahead and behind are compared with the thresholds in the order that the definitions give."""
    assert judge(counted(*ratios), CLAIM, Thresholds()) == verdict


def test_fewer_than_twenty_is_not_assessable() -> None:
    """Nineteen specifications answer nothing, however clear they look."""
    assert judge(counted("1.73")[:19], CLAIM, Thresholds()) == NOT_ASSESSABLE


def test_width_keeps_a_reading_from_being_ahead() -> None:
    """A ratio of 2 whose low is under 1 is not ahead."""
    wide = [Counted(Fraction(2), (Fraction(1, 2), Fraction(3)))] * 20
    assert judge(wide, CLAIM, Thresholds()) == MIXED


def test_a_claim_without_a_size_needs_the_direction_only() -> None:
    """`CN > US in 2024` is supported where four fifths of the readings are ahead."""
    claim = CLAIM.__class__("a", "a", (2024, 2024), ("CN",), ("US",))
    assert judge(counted("3", "4", "2", "5", "0.5"), claim, Thresholds()) == SUPPORTED


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([SUPPORTED, NOT_ASSESSABLE], SUPPORTED),
        ([SUPPORTED, SIZE_NOT_REPRODUCED], SIZE_DEPENDS),
        ([SUPPORTED, CONTRADICTED], MIXED),
        ([NOT_ASSESSABLE] * 4, NOT_ASSESSABLE),
        ([], NOT_ASSESSABLE),
    ],
)
def test_overall_verdict(verdicts: list[str], expected: str) -> None:
    """Questions that could not be assessed do not vote; those that could must agree."""
    assert overall(verdicts) == expected


def _complete_landscape() -> list:
    """Return ten years of filings, CN 30 and US 15 a year, published at 18 months, parties stated."""
    rows = []
    for year in range(2015, 2025):
        for office, size in (("CN", 30), ("US", 15)):
            rows += [
                make_publication(
                    f"{office}{year}{i:06d}A",
                    application_number=f"{office}{year}1{year % 100}{i:05d}",
                    filing_date=f"{year}-03-01",
                    publication_date=f"{year + 1}-09-01",
                    applicants=[office],
                    inventors=[office],
                )
                for i in range(size)
            ]
    return rows


def test_complete_data_are_assessed() -> None:
    """Where records are complete and China has twice as many, three questions can be assessed, the size not near."""
    with make_landscape(_complete_landscape()) as land:
        result = land.assess(CLAIM)
    by_question = {entry["question"]: entry for entry in result["questions"]}
    assert by_question["ownership"]["verdict"] == SIZE_NOT_REPRODUCED
    assert by_question["ownership"]["baseline"]["ratio"] == 2
    assert by_question["international"]["verdict"] == NOT_ASSESSABLE
    assert "Not assessable: market, international" in result["sentence"]


def test_truncated_year_is_not_assessed_by_priority_year() -> None:
    """A year after filing, a cohort that is published at 18 months fails the truncation gate by priority year."""
    early = TODAY.replace(year=2025, month=1)
    with make_landscape(_complete_landscape(), today=early) as land:
        entry = land.survey([CLAIM]).curves["test"][0]
    assert entry.convention.date == "priority"
    shares = {f.country: f.found for f in entry.findings if f.gate == "truncation"}
    assert shares == {"CN": 0.0, "US+AU+JP": 0.0}


def test_a_claim_is_tried_in_other_years_and_against_other_sets() -> None:
    """Two placebo years; the right side with a large office more, without each of its members, and all others."""
    claim = Claim("c", "", (2024, 2024), ("CN",), ("US", "AU", "JP"))
    found = variants(claim)
    assert [one.years for one in found[:2]] == [(2023, 2023), (2022, 2022)]
    assert [set(one.right) for one in found[2:]] == [
        {"US", "AU", "JP", "KR"},
        {"US", "AU", "JP", "EP"},
        {"AU", "JP"},
        {"US", "JP"},
        {"US", "AU"},
        {"*"},
    ]
    alone = [set(one.right) for one in variants(Claim("c", "", (2024, 2024), ("KR",), ("US",)))[2:]]
    assert alone == [{"US", "EP"}, {"*"}]
