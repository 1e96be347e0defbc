"""What every source is asked for: periods that leave no day out, pieces that leave no pair out, words as stems."""

from __future__ import annotations

import datetime as dt
import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.errors import QueryError
from patentscope.fetch import by_hand
from patentscope.fetch.askable import askable, english_stem, groups, in_field, in_pieces, searchable
from patentscope.fetch.bigquery.sql import statement
from patentscope.fetch.lens import query as lens
from patentscope.fetch.ops import cql
from patentscope.fetch.periods import DEPTH, parts_of, whole
from patentscope.fetch.surechembl import solr
from patentscope.fetch.surechembl.rows import pattern_of
from patentscope.fetch.uspto import query as uspto
from patentscope.query.query import Query

from factories import QUERY, query_text


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


#: A query whose readings take every record, by itself or beside words that are left open.
OPEN = Query.parse(
    query_text(
        classes={},
        terms={"en": {"rare": ["rare earth"], "used": ["recycl*", "magnet recover*"]}},
        readings={
            "given": {"all": ["records"]},
            "given_too": {"all": ["records", "terms.rare"]},
            "either": {"any": ["records", "terms.rare"]},
            "learnt": {"any": ["classifier", "records"]},
        },
    )
)


def test_a_reading_of_every_record_asks_for_nothing() -> None:
    """Searched for are classes and terms: `records` takes what was given, and adds nothing to a search beside them."""
    assert [(one.name, one.all, one.any) for one in searchable(OPEN)] == [
        ("terms", ("terms.rare", "terms.used"), ()),
        ("given_too", ("terms.rare",), ()),
    ]


def test_a_query_that_asks_for_nothing_says_what_works() -> None:
    """Of every record and the classifier alone there is no search; files need none."""
    text = query_text(classes={}, readings={"given": {"all": ["records"]}, "learnt": {"all": ["classifier"]}})
    query = Query.parse(text)
    for search in (askable, by_hand.searches, cql.searches, lens.searches, statement):
        with pytest.raises(QueryError, match=r"the classifier and every record.*--input"):
            search(query)


def test_a_term_that_is_left_open_is_asked_so_in_every_language() -> None:
    """A trailing `*` stays one; of a phrase the words before it are asked for beside it, as quotes may take no `*`."""
    assert in_field("ta=", "magnet recover*", "and") == "(ta=magnet* and ta=recover*)"
    (_, ops), *_ = cql.searches(OPEN)
    assert "ta=recycl*" in ops
    assert "(ta=magnet* and ta=recover*)" in ops
    assert any("ttl:recycl*" in text for _, text in solr.searches(OPEN, []))
    assert any("(applicationMetaData.inventionTitle:magnet* AND" in text for _, text in uspto.searches(OPEN))
    assert any('"query": "title:recycl*"' in text for _, text in lens.searches(OPEN))
    assert r"recycl\w*|magnet\w*\W+recover\w*" in statement(OPEN)
    assert pattern_of(["recycl*", "rare earth recover*"]) == r"\b(?:recycl\w*|rare\W+earth\W+recover\w*)\b"


def test_a_search_for_ops_counts_both_halves_of_an_open_phrase() -> None:
    """However many phrases are left open, no search has more terms than OPS takes."""
    terms = {"en": {"a": [f"magnet{n} recover*" for n in range(40)], "b": ["rare earth"]}}
    for _, text in cql.searches(Query.parse(query_text(classes={}, terms=terms))):
        assert text.count("ta=") <= cql.MOST_TERMS
