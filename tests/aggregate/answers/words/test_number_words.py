"""Numbers in words."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.aggregate.answers.words import number_words

COUNTS = st.integers(0, 2_000_000)
#: What is counted in whole units, or in millionths of one.
PARTS = st.one_of(COUNTS.map(float), st.integers(0, 10**9).map(lambda millionths: millionths / 10**6))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (100, 100, "about as many"),
        (95, 100, "about as many"),
        (105, 100, "about as many"),
        (94, 100, "6 % fewer"),
        (106, 100, "6 % more"),
        (495, 824, "40 % fewer"),
        (173, 100, "73 % more"),
        (147, 100, "47 % more"),
        (3, 8, "62 % fewer"),
        (194, 100, "94 % more"),
        (195, 100, "twice as many"),
        (205, 100, "twice as many"),
        (206, 100, "2.1 times as many"),
        (300, 100, "3 times as many"),
        (445, 100, "4.5 times as many"),
        (1234, 100, "12 times as many"),
        (16499, 10, "1,600 times as many"),
        (37, 100, "about a third as many"),
        (1, 4, "about a quarter as many"),
        (1, 8, "about an eighth as many"),
        (1, 11, "about an eleventh as many"),
        (1, 12, "about a twelfth as many"),
        (1, 13, "one for every 13"),
        (1, 34, "one for every 34"),
        (1, 1500, "one for every 1,500"),
        (7, 0, "none of Australia"),
        (0, 7, "none of China"),
        (0, 0, "none of either"),
    ],
)
def test_each_band_has_its_words(left: int, right: int, expected: str) -> None:
    """Within 5 % it is about as many, to double a percentage, above a multiple, below a part; either side may be 0."""
    assert number_words.compared(left, right, none_left="none of China", none_right="none of Australia") == expected


def worth(words: str) -> Fraction:
    """Return the ratio that words stand for."""
    if words == "about as many":
        return Fraction(1)
    number = Fraction(found[0].replace(",", "")) if (found := re.search(r"[\d,.]+", words)) else Fraction(0)
    if words.endswith("fewer"):
        return 1 - number / 100
    if words.endswith("more"):
        return 1 + number / 100
    if words.endswith("times as many"):
        return number
    if words == "twice as many":
        return Fraction(2)
    names = ["third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]
    return 1 / number if number else Fraction(1, 3 + names.index(words.split()[2]))


@given(PARTS, PARTS, PARTS)
def test_more_is_never_told_as_less(one: float, other: float, right: float) -> None:
    """Of two left sides against one right side the larger isn't told as fewer, whatever the bands; nothing crashes."""
    less, more = sorted((one, other))
    told = [number_words.compared(left, right) for left in (less, more)]
    if less and right:
        assert worth(told[0]) <= worth(told[1])


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_words_are_near_what_they_tell(left: int, right: int) -> None:
    """A percentage is within half a point, a multiple within two figures, a part the nearest; level within 5 %."""
    ratio, told = Fraction(left, right), number_words.compared(left, right)
    off = abs(worth(told) - ratio)
    if "%" in told:
        assert off <= Fraction(1, 200)
    elif told in {"about as many", "twice as many"}:
        assert off <= Fraction(1, 20)
    elif ratio > 1:
        assert off <= ratio / 20
    else:
        assert abs(1 / worth(told) - 1 / ratio) <= Fraction(1, 2)


@given(st.one_of(st.none(), st.floats(0, 1e6)), st.one_of(st.none(), st.floats(0, 1e6)))
def test_any_range_can_be_told(low: float | None, high: float | None) -> None:
    """Whatever the ends, an infinite one and 0 included, a range is words with at most two ends."""
    told = number_words.span(low, high, none_left="none of China", none_right="none of Australia")
    assert told
    assert told.count(" to ") <= 1
    assert "None" not in told


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((3.2, 4.4), "3.2 to 4.4 times"),
        ((2.01, 4.4), "2 to 4.4 times"),
        ((0.4, 0.7), "30 % to 60 % fewer"),
        ((0.6, 3.0), "40 % fewer to 3 times as many"),
        ((1.02, 0.98), "about as many"),
        ((1.5, None), "50 % more to none of Australia"),
        ((0.0, 0.5), "none of China to 50 % fewer"),
        ((0.027, 0.04), "one for every 25 to 37"),
        ((0.04, 0.2), "one for every 25 to about a fifth as many"),
        ((0.1, 0.2), "about a tenth to a fifth as many"),
    ],
)
def test_ranges(ends: tuple[float, float | None], expected: str) -> None:
    """Ends of one band share its words."""
    assert number_words.span(*ends, none_left="none of China", none_right="none of Australia") == expected


@given(PARTS)
def test_a_count_is_told_in_full(number: float) -> None:
    """A whole count keeps every digit; a shared one has one decimal, and isn't 0 where there is some."""
    told = number_words.count(number)
    if number == int(number):
        assert int(told.replace(",", "")) == number
    else:
        assert re.fullmatch(r"[\d,]+\.\d|under 0\.1", told)
        assert told != "0.0"


@given(st.floats(0, 1))
def test_a_part_is_no_more_than_all_and_no_less_than_none(part: float) -> None:
    """Only nothing is 0 %, and only all of it is 100 %."""
    told = number_words.percent(part)
    assert told.endswith(" %")
    assert (told == "0 %") == (part == 0)
    assert (told == "100 %") == (part == 1)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_per_cents_add_up(counts: list[int]) -> None:
    """Whole per cents of a whole add up to 100, each within one of its own; none that is a part is nothing or all."""
    told = number_words.percents(counts)
    assert "0 %" not in told
    assert ("100 %" in told) == (len(counts) == 1)
    whole = [0 if text == "under 1 %" else 100 if text == "over 99 %" else int(text.split()[0]) for text in told]
    assert sum(whole) == 100
    assert all(abs(part - 100 * n / sum(counts)) < 1 for part, n in zip(whole, counts, strict=True))
