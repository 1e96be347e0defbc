"""The rule that turns results into an answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest

from patentscope.aggregate.answers import entry as verdict
from patentscope.aggregate.answers.assess import assess
from patentscope.aggregate.answers.entry import (
    CONTRADICTED,
    MIXED,
    NOT_ASSESSABLE,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
    Entry,
)
from patentscope.aggregate.answers.results import AHEAD, BEHIND, LEVEL, OPEN, Result, answers
from patentscope.aggregate.answers.verdict import figure_of, judge, overall
from patentscope.aggregate.claims.multiverse import list_specifications, variants
from patentscope.aggregate.claims.specified import Specified
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES
from patentscope.query.query import Query, Thresholds

from factories import CLAIM, FAMILIES, QUERY, TODAY, make_landscape
from worlds.filings import filings
from worlds.loaded import landscape
from worlds.world import make_world


def results(stood: str, *, near: str = "", ways: Sequence[str | None] = ()) -> list[Result]:
    """Return results that stand as the letters of *stood* say (ahead, behind, open, level), near where *near* has x."""
    where = {"a": AHEAD, "b": BEHIND, "o": OPEN, "l": LEVEL}
    shown: Any = None  # the rule looks at no row
    return [
        Result(shown, way, where[letter], mark == "x")
        for letter, mark, way in zip_longest(stood, near[: len(stood)], ways, fillvalue=None)
        if letter
    ]


EQUAL = Claim("equal", "", (2024, 2024), ("CN",), ("US",), 0.0)
MORE = Claim("more", "", (2024, 2024), ("CN",), ("US",))
LESS = Claim("less", "", (2024, 2024), ("CN",), ("US",), -0.4)
PART = Claim("part", "", (2024, 2024), ("CN",), ("US",), measure="share", share=0.63)


@pytest.mark.parametrize(
    ("claim", "found", "verdict"),
    [
        (CLAIM, results("aaaaa", near="xxx"), SUPPORTED),
        (CLAIM, results("aaabb", near="xxx"), SUPPORTED),
        (CLAIM, results("aaaaa", near="x"), SIZE_DEPENDS),
        (CLAIM, results("a" * 30, near="x", ways=["owners"]), SIZE_DEPENDS),
        (CLAIM, results("a" * 30, near="x"), SIZE_NOT_REPRODUCED),
        (CLAIM, results("aaaab"), SIZE_NOT_REPRODUCED),
        (CLAIM, results("bbbba"), CONTRADICTED),
        (CLAIM, results("aabbb"), MIXED),
        (CLAIM, results("aaaoo"), verdict.OPEN),
        (CLAIM, results("bbboo"), verdict.OPEN),
        (CLAIM, results("aaobb"), MIXED),
        (CLAIM, results("aaalb"), MIXED),
        (CLAIM, [], NOT_ASSESSABLE),
        (MORE, results("aaaab"), SUPPORTED),
        (LESS, results("bbbba"), SIZE_NOT_REPRODUCED),
        (LESS, results("aaaab"), CONTRADICTED),
        (EQUAL, results("aaaaa"), CONTRADICTED),
        (EQUAL, results("lllaa", near="xxx"), SUPPORTED),
        (EQUAL, results("llaaa", near="xx"), MIXED),
        (EQUAL, results("aaaoo"), verdict.OPEN),
        (EQUAL, results("aaaao"), CONTRADICTED),
        (PART, results("aaaaa"), CONTRADICTED),
    ],
)
def test_verdict_of_a_question(claim: Claim, found: list[Result], verdict: str) -> None:
    """Shares of distinct results are compared with the thresholds in the order that the definitions give."""
    assert judge(found, claim, Thresholds()) == verdict


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ({"market": (SUPPORTED, 2), "invention": (NOT_ASSESSABLE, None)}, (SUPPORTED, 3, ["market"])),
        ({"market": (SUPPORTED, 2), "ownership": (SUPPORTED, 1)}, (SUPPORTED, 1, ["ownership", "market"])),
        ({"market": (SUPPORTED, 2), "ownership": (SIZE_DEPENDS, 1)}, (SIZE_DEPENDS, 2, ["ownership", "market"])),
        ({"market": (SUPPORTED, 2), "ownership": (CONTRADICTED, 2)}, (MIXED, 2, ["ownership", "market"])),
        ({"market": (SUPPORTED, 1), "ownership": (CONTRADICTED, 3)}, (SUPPORTED, 2, ["market"])),
        ({"market": (SUPPORTED, 1), "international": (CONTRADICTED, 1)}, (SUPPORTED, 1, ["market"])),
        (
            {"market": (NOT_ASSESSABLE, None), "international": (CONTRADICTED, 1)},
            (CONTRADICTED, 2, ["international"]),
        ),
        ({"market": (verdict.OPEN, None), "ownership": (NOT_ASSESSABLE, None)}, (verdict.OPEN, None, ["market"])),
        ({"market": (verdict.OPEN, None), "international": (SUPPORTED, 1)}, (verdict.OPEN, None, ["market"])),
        ({"market": (NOT_ASSESSABLE, None)}, (NOT_ASSESSABLE, None, [])),
        ({}, (NOT_ASSESSABLE, None, [])),
    ],
)
def test_overall_answer(
    questions: dict[str, tuple[str, int | None]], expected: tuple[str, int | None, list[str]]
) -> None:
    """The answer rests on the surest questions: the fewest points if they agree, else the most; one more for a gap."""
    found = overall(questions)
    assert (found.verdict, found.points, list(found.rests_on)) == expected


def test_a_figure_bears_its_answer_out_and_is_that_of_a_named_way_where_there_is_one() -> None:
    """The first result that is ahead bears "ahead" out; a later one with a name goes before it, in the ways' order."""
    plain, owners, first = results("aaa", ways=[None, "owners", "first_filings"])
    behind = results("b", ways=["first_filings"])[0]
    assert figure_of([behind, plain], SIZE_NOT_REPRODUCED, CLAIM) is plain
    assert figure_of([behind, plain, owners], SIZE_NOT_REPRODUCED, CLAIM) is owners
    assert figure_of([plain, owners, first], SIZE_NOT_REPRODUCED, CLAIM) is first
    assert figure_of([plain, owners, behind], MIXED, CLAIM) is behind
    assert figure_of([], NOT_ASSESSABLE, CLAIM) is None


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
        return list(made.survey([claim], vary=False).answers["test"].listed)


@pytest.mark.parametrize("seed", range(3))
def test_repetition_of_specifications_changes_no_answer(listed: list[Specified], seed: int) -> None:
    """Some of them listed again, the specifications give the same entry, to the last word."""
    order = random.Random(seed)  # noqa: S311 - an order
    claim, thresholds = listed[0].claim, Thresholds()

    def entry(rows: list[Specified]) -> Entry:
        return assess(claim, answers(rows, thresholds), thresholds, is_whole=True)

    result = entry(listed)
    assert any(one["verdict"] != NOT_ASSESSABLE for one in result["questions"])
    assert entry([*listed, *order.sample(listed, len(listed) // 3)]) == result


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


def test_blank_codes_lower_the_certainty_of_ownership_alone() -> None:
    """With most Chinese codes blank, who owns it costs two points; where it was first filed costs none."""

    def applicants(office: str, place: int) -> list[str | None]:
        return [office if office == "US" or place % 5 == 0 else None]

    blank = filings({"CN": 60, "US": 40}, applicants, has_inventors=False)
    query = replace(Query.parse(QUERY), axes={**FAMILIES, "basis": ("priority", "applicant")})
    with make_landscape(blank, query=query) as land:
        result = land.assess(CLAIM)
    points = {
        (row["question"], row["side"]): row["points"]
        for question in result["questions"]
        for row in question["concerns"]
        if row["concern"] == "countries"
    }
    assert points == {("ownership", "CN"): 2, ("invention", None): 0}
    assert {one["question"]: one["verdict"] for one in result["questions"]}["ownership"] == verdict.OPEN
