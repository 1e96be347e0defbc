"""The rule that turns a curve into a verdict."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest

from patentscope.aggregate.answers import verdict
from patentscope.aggregate.claims.multiverse import Specified, list_specifications, variants
from patentscope.aggregate.answers.verdict import (
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
from patentscope.query.convention import AXES
from patentscope.query.query import Query, Thresholds

from factories import CLAIM, FAMILIES, QUERY, TODAY, make_landscape
from worlds.filings import filings
from worlds.loaded import landscape
from worlds.world import make_world


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


COMPLETE = {"CN": 30, "US": 15}


def test_complete_data_are_assessed() -> None:
    """Where records are complete and China has twice as many, three questions can be assessed, the size not near."""
    with make_landscape(filings(COMPLETE)) as land:
        result = land.assess(CLAIM)
    by_question = {entry["question"]: entry for entry in result["questions"]}
    assert by_question["ownership"]["verdict"] == SIZE_NOT_REPRODUCED
    assert by_question["ownership"]["baseline"]["ratio"] == 2
    assert by_question["international"]["verdict"] == NOT_ASSESSABLE
    assert "Not assessable: market, international" in result["sentence"]


def test_truncated_year_is_not_assessed_by_priority_year() -> None:
    """A year after filing, a cohort that is published at 18 months fails the truncation gate by priority year."""
    query = replace(Query.parse(QUERY), axes=FAMILIES)
    with make_landscape(filings(COMPLETE), query=query, today=TODAY.replace(year=2025, month=1)) as land:
        entry = land.survey([CLAIM], vary=False).curves["test"][0]
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


@pytest.fixture(scope="module")
def listed() -> list[Specified]:
    """The specifications of a claim on a world that is large enough to be judged."""
    with landscape(make_world(11, size=120), stated=True) as made:
        claim = replace(CLAIM, right=("US", "JP"), years=(2023, 2024))
        return made.survey([claim], vary=False).curves["test"]


def _unordered(value: Any) -> Any:
    """Return a result without the order of its lists, and without the baseline: it is the first by the axes' order."""
    if isinstance(value, dict):
        return {name: _unordered(entry) for name, entry in value.items() if name != "baseline"}
    if isinstance(value, list):
        return sorted((_unordered(entry) for entry in value), key=repr)
    return value


@pytest.mark.parametrize("seed", range(3))
def test_order_and_repetition_of_specifications_change_no_verdict(listed: list[Specified], seed: int) -> None:
    """Shuffled, and with some of them listed again, the specifications give the same verdict, figures and gates."""
    order = random.Random(seed)  # noqa: S311 - an order
    claim, thresholds = listed[0].claim, Thresholds()
    result = verdict.assess(claim, listed, thresholds)
    assert any(entry["verdict"] != "not assessable" for entry in result["questions"])
    again = [*listed, *order.sample(listed, len(listed) // 3)]
    order.shuffle(again)
    assert _unordered(verdict.assess(claim, again, thresholds)) == _unordered(result)
    doubled = [*listed, *order.sample(listed, len(listed) // 3)]
    assert verdict.assess(claim, doubled, thresholds) == result


def test_levels_listed_twice_or_turned_round_are_the_same_specifications() -> None:
    """Equivalent levels and their order change which specifications there are in no way: same ids, each once."""
    query = Query.parse(QUERY)
    axes = {**query.axes, "date": AXES["date"], "documents": AXES["documents"]}
    turned = {axis: tuple(reversed(levels)) + levels for axis, levels in axes.items()}
    found = [
        list_specifications(CLAIM, replace(query, axes=each), ["strict"], TODAY, {}).conventions
        for each in (axes, turned)
    ]
    ids = [[entry.spec_id for entry in conventions] for conventions in found]
    assert len(set(ids[0])) == len(ids[0])
    assert sorted(ids[0]) == sorted(ids[1])


def test_blank_codes_make_ownership_not_assessable() -> None:
    """With most Chinese codes blank, ownership is not assessed; by country of first filing the question is."""

    def applicants(office: str, place: int) -> list[str | None]:
        return [office if office == "US" or place % 5 == 0 else None]

    blank = filings({"CN": 60, "US": 40}, applicants, has_inventors=False)
    query = replace(Query.parse(QUERY), axes={**AXES, "unit": ("family",), "basis": ("priority", "applicant")})
    with make_landscape(blank, query=query) as land:
        result = land.assess(CLAIM)
    verdicts = {entry["question"]: entry["verdict"] for entry in result["questions"]}
    assert verdicts["ownership"] == "not assessable"
    failed = {(row["gate"], row["question"], row["country"]) for row in result["gates"] if not row["passed"]}
    assert ("coverage", "ownership", "CN") in failed
    assert not any(gate == "coverage" and question == "invention" for gate, question, _ in failed)
    assert "records that state the applicants' or inventors' countries" in result["would_decide"]
