"""What every source is asked for: periods that leave no day out, pieces that leave no pair out, words as stems."""

from __future__ import annotations

import datetime as dt
import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.fetch.askable import english_stem, groups, in_pieces
from patentscope.fetch.periods import DEPTH, parts_of, whole
from patentscope.query.query import Query

from factories import QUERY


@given(st.integers(1980, 2040), st.integers(0, 30))
def test_periods_leave_no_day_out(first: int, length: int) -> None:
    """The parts of a period follow each other day by day, and together are the period; a day is its own only part."""
    years = (first, first + length)
    period, name = whole(years), ""
    for _ in range(DEPTH + 1):
        parts = list(parts_of(name, years))
        assert parts[0].first == period.first
        assert parts[-1].last == period.last
        for before, after in pairwise(parts):
            assert before.last is not None
            assert after.first == before.last + dt.timedelta(days=1)
        period = parts[-1] if len(parts) > 1 and parts[-1].last else parts[0]
        name = period.name
    assert period.first == period.last


@given(st.lists(st.integers(1, 12), min_size=1, max_size=3), st.integers(1, 15))
def test_pieces_hold_every_combination_once(lengths: list[int], most: int) -> None:
    """A piece has some atoms of each group; each combination is in one piece, and none is longer than allowed."""
    wanted = [[f"{name}{place}" for place in range(length)] for name, length in enumerate(lengths)]
    pieces = in_pieces(wanted, lambda piece: sum(map(len, piece)) <= most)
    found = [combination for piece in pieces for combination in itertools.product(*piece)]
    assert sorted(found) == sorted(itertools.product(*wanted))
    assert all(sum(map(len, piece)) <= max(most, len(wanted)) for piece in pieces)
    assert len(pieces) == 1 or sum(lengths) > most


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        ("recycling", "recycl*"), ("batteries", "batter*"), ("battery", "batter*"), ("reuse", "reus*"),
        ("use", "use"), ("spent", "spent*"), ("NdFeB", "NdFeB"),
        ("end-of-life", '"end of life"'), ("R T B", '"R T B"'),
    ],
)  # fmt: skip
def test_words_are_asked_with_their_inflections_where_that_is_safe(term: str, asked: str) -> None:
    """Small words of four letters and more get a wildcard, abbreviations and short ones none, phrases quotes."""
    assert english_stem(term) == asked


def test_alternatives_are_one_group() -> None:
    """Every member of `all` is a group of its own; those of `any` are one together."""
    text = QUERY.replace(
        'all = ["classes.rare_earth", "classes.recycling"]',
        """
        all = ["classes.rare_earth"], any = ["classes.recycling", "terms.recycling"]""".strip(),
    )
    (reading,) = Query.parse(text).readings
    assert groups(reading) == [("classes.rare_earth",), ("classes.recycling", "terms.recycling")]
