"""What every source is asked for: periods that leave no day out, and stems that begin what a class covers."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.fetch.askable import english_stem, groups, stems
from patentscope.fetch.periods import DEPTH, parts_of, whole
from patentscope.query.query import Query
from patentscope.records.scheme import Scheme

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


@pytest.mark.parametrize("symbol", ["B09B", "C22B7", "C22B7/00", "C04B18/04", "Y02W30/50", "C01F17/00=", "C22B7/006"])
def test_stems_begin_what_the_symbol_covers(symbol: str) -> None:
    """Of all listed symbols, the stems begin at least those that the reading of classes later takes."""
    scheme = Scheme.shipped()
    listed, begun = scheme.symbols.to_pylist(), set()
    for stem in stems(symbol):
        text = stem.subclass + stem.group + ("/" if stem.group else "") + stem.subgroup
        begun |= {one for one in listed if (one == text if stem.is_alone else one.startswith(text))}
    assert begun >= scheme.covered([symbol], listed)


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        ("recycling", "recycling*"), ("reuse", "reus*"), ("use", "use"), ("spent", "spent*"), ("NdFeB", "NdFeB"),
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
