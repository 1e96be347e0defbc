"""The findings that titles state: each is held against the figures by a computation of its own."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.report.charts.findings import Compared, Course, finding, in_short
from patentscope.report.charts.trend import most_of

SIDES = Compared(["CN"], ["US", "AU", "JP"], "inventions")
YEARS = list(range(2006, 2016))


def said(left: list[float], right: list[float], sides: Compared = SIDES) -> str:
    """Return the finding of counts from 2006 on."""
    return finding(Course(YEARS[: len(left)], left, right), sides)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ([500, 510, 490, 505, 495, 500], [890, 880, 900, 885, 890, 895],
         "China has stood near 500 inventions a year since 2006, the three near 890"),
        ([124, 118, 110, 99, 90, 82], [300] * 6, "The three have been ahead of China in every year since 2006"),
        ([500, 440, 500, 500, 500, 500], [890] * 6, "The three have been ahead of China in every year since 2006"),
        ([480, 490, 495, 510, 520, 530], [890] * 6, "The three have been ahead of China in every year since 2006"),
        ([1, 2, 3, 9, 9, 9], [5, 5, 5, 5, 5, 5], "China has been ahead of the three since 2009"),
        ([9, 9, 9, 1], [5, 5, 5, 5], "The three passed China in 2009"),
        ([1, 2, 3, 4], [5, 6, 7, 8], "The three have been ahead of China in every year since 2006"),
        ([0, 1, 7, 5], [8, 6, 7, 29], "China drew level with the three once, in 2008"),
        ([5, 5, 5, 9], [5, 5, 5, 5], "China moved ahead of the three in 2009"),
        ([1, 9, 1, 9, 1, 9], [5] * 6, "China and the three have changed places 5 times since 2006"),
        ([1, 3, 5], [5, 5, 5], "China and the three were level in 2008"),
        ([1, 3], [5, 5], ""),
        ([0, 0, 0], [0, 0, 0], ""),
    ],
)  # fmt: skip
def test_title_says_who_is_ahead_and_since_when(left: list[float], right: list[float], words: str) -> None:
    """Levels where both stand still, else the last change of the lead; nothing of too few years."""
    assert said(left, right) == words


def test_without_a_known_country_none_is_named() -> None:
    """Counts of unknown countries alone, or of nothing, have no countries to name."""
    rows = pd.DataFrame({"country": ["unknown", "other", "CN", "US"], "n": [61, 3, 0, 0]})
    assert most_of(rows) == most_of(rows.head(0)) == ""
    assert most_of(rows.assign(n=[61, 3, 5, 9])) == "the United States and China"


def test_sides_are_named_as_sentences_name_them() -> None:
    """Two sides of one size keep their names, and their verbs; all others are a plural."""
    many = Compared(["CN", "KR"], ["US", "JP"])
    assert said([9, 9, 9], [1, 1, 1], many).startswith("China and South Korea together have been ahead of the U")
    assert said([1, 1, 1], [9, 9, 9], Compared(["CN"], ["*"])).startswith("All others have been ahead of China")


def test_a_topic_s_title_leaves_out_whom() -> None:
    """After a topic the finding is short."""
    assert in_short(Course(YEARS[:4], [1, 9, 9, 9], [5, 5, 5, 5]), SIDES) == "China ahead since 2007"
    assert in_short(Course(YEARS[:4], [0, 1, 7, 5], [8, 6, 7, 29]), SIDES) == "China drew level once, in 2008"
    assert in_short(Course(YEARS[:3], [1, 1, 1], [5, 5, 5]), SIDES) == "The three ahead in every year since 2006"


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=10)


@given(counts)
def test_no_title_says_more_than_its_figures(pairs: list[tuple[int, int]]) -> None:
    """Whoever a title says is ahead has more in every year that it names, and had not more in the one before."""
    left, right = ([float(pair[side]) for pair in pairs] for side in (0, 1))
    words = said(left, right)
    gaps = dict(zip(YEARS, (mine - theirs for mine, theirs in pairs), strict=False))
    sign = -1 if words.startswith("The three") else 1
    if match := re.search(r"been ahead of .+ since (\d{4})$", words):
        since = int(match[1])
        assert all(sign * gap > 0 for year, gap in gaps.items() if year >= since)
        assert "in every year" in words or sign * gaps[since - 1] <= 0
    elif match := re.search(r"(passed|moved ahead of) .+ in (\d{4})$", words):
        last = int(match[2])
        assert last == max(gaps)
        assert sign * gaps[last] > 0 >= sign * gaps[last - 1]
        assert (match[1] == "passed") == any(sign * gap < 0 for gap in gaps.values())
    elif "drew level" in words:
        level = {int(year) for year in re.findall(r"\d{4}", words)}
        assert level == {year for place, (year, gap) in enumerate(gaps.items()) if not gap and left[place]}
        assert len({gap > 0 for gap in gaps.values() if gap}) == 1
    elif match := re.search(r"changed places (\d+) times", words):
        signs = [gap > 0 for gap in gaps.values() if gap]
        assert int(match[1]) == sum(a != b for a, b in pairwise(signs))
    elif "stood near" in words:
        assert all(
            abs(n - sum(side) / len(side)) <= 0.25 * sum(side) / len(side) for side in (left, right) for n in side
        )
    else:
        assert "were level" in words or not any(left + right)
