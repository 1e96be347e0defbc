"""What others counted beside a claim: worked answers for every relation, bound and gap, by hand-made rows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.aggregate.answers.published import ahead_since, evidence, hold, told
from patentscope.aggregate.published_rows import stated_rows

from factories import CLAIM
from worlds.others import make_row as row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.query.claim import Claim
    from patentscope.query.published import Published

FEW = 30


def held(one: Published, claim: Claim = CLAIM) -> tuple[object, str, str | None]:
    """Return ratio, bound and standing of a row."""
    found = hold(one, (claim.left, claim.right))
    return found.ratio, found.bound, found.stands


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        # Both sides given: a ratio of sums.
        (row(CN=30, US=5, AU=5, JP=10), (Fraction(3, 2), "", "ahead")),
        (row(CN=5, US=5, AU=0, JP=5), (Fraction(1, 2), "", "behind")),
        (row(CN=10, US=5, AU=0, JP=5), (1, "", "level")),
        (row(CN="12.5", US=5, AU=0, JP=0), (Fraction(5, 2), "", "ahead")),
        # Nothing on the right: infinite; nothing on either side: no direction.
        (row(CN=2, US=0, AU=0, JP=0), (None, "", "ahead")),
        (row(CN=0, US=0, AU=0, JP=0), (None, "", None)),
        # Missing codes leave the ratio, and take the direction.
        (row(CN=30, US=5, AU=5, JP=10, codes_missing="yes"), (Fraction(3, 2), "", None)),
        (row(CN=30, US=5, AU=5, JP=10, codes_missing="unknown"), (Fraction(3, 2), "", "ahead")),
        # A country of the right is lacking: at least left / (total - left).
        (row(CN=39752, US=2516, total=Fraction(50953)), (Fraction(39752, 11201), "at least", "ahead")),
        (row(CN=10, US=5, total=Fraction(50)), (Fraction(1, 4), "at least", None)),
        (row(CN=50, US=0, total=Fraction(50)), (None, "", "ahead")),
        # The left is lacking: at most (total - right) / right.
        (row(US=20, AU=10, JP=10, total=Fraction(50)), (Fraction(1, 4), "at most", "behind")),
        (row(US=5, AU=0, JP=5, total=Fraction(50)), (4, "at most", None)),
        (row(US=0, AU=0, JP=0, total=Fraction(50)), (None, "", None)),
        # Lacking without a total, or on both sides: nothing is said.
        (row(CN=10, US=5, JP=5), (None, "", None)),
        (row(US=5, total=Fraction(50)), (None, "", None)),
        # Counts that are lower bounds themselves.
        (row(CN=10, US=2, AU=0, JP=0, at_least=frozenset({"CN"})), (5, "at least", "ahead")),
        (row(CN=1, US=2, AU=0, JP=0, at_least=frozenset({"US"})), (Fraction(1, 2), "at most", "behind")),
        (row(CN=10, US=2, AU=0, JP=0, at_least=frozenset({"US"})), (5, "at most", None)),
        (row(CN=10, US=2, AU=0, JP=0, at_least=frozenset({"CN", "US"})), (None, "", None)),
    ],
)
def test_what_a_row_says(one: Published, expected: tuple[object, str, str | None]) -> None:
    """Sides give a ratio of sums, a total bounds a side that is lacking, and missing codes give no direction."""
    assert held(one) == expected


def test_all_other_countries_need_a_total() -> None:
    """Against all others the right side is the total without the left; without a total nothing is said."""
    claim = replace(CLAIM, right=("*",))
    assert held(row(CN=30, US=5, total=Fraction(40)), claim) == (3, "", "ahead")
    assert held(row(CN=30, US=5), claim) == (None, "", None)
    assert held(row(US=5, total=Fraction(40)), claim) == (None, "", None)


def test_since_when_a_side_is_ahead() -> None:
    """The first year from which it stays ahead; none where it isn't in the last, after a gap in codes, or by a span."""
    behind, ahead = {"CN": 1, "US": 2, "AU": 0, "JP": 0}, {"CN": 3, "US": 2, "AU": 0, "JP": 0}
    years = [row(2010, **ahead), row(2011, **behind), row(2012, **ahead), row(2013, **ahead)]
    assert ahead_since(years, CLAIM) == 2012
    assert ahead_since([*years, row(2014, **behind)], CLAIM) is None
    assert ahead_since([*years[:3], row(2013, codes_missing="yes", **ahead)], CLAIM) is None
    assert ahead_since([*years, row(2014, CN=9, total=Fraction(10))], CLAIM) == 2012
    assert ahead_since([row((2010, 2014), **ahead)], CLAIM) is None


def test_a_series_is_told_by_the_claims_years() -> None:
    """The claim's years where they are all there, added up; else the last row; all years where that one is small."""
    years = [row(year, CN=year - 2000, US=5, AU=5, JP=5, total=Fraction(100)) for year in range(2010, 2021)]
    inside = told(years, replace(CLAIM, years=(2012, 2014)), FEW)
    assert (inside.years, inside.counts["CN"], inside.total) == ((2012, 2014), 12 + 13 + 14, 300)
    assert told(years, replace(CLAIM, years=(2019, 2021)), FEW).years == (2020, 2020)
    small = [row(2010, CN=20, US=20, AU=1, JP=1), row((2011, 2012), CN=2, US=0, AU=0, JP=0)]
    assert (told(small, CLAIM, FEW).years, told(small, CLAIM, FEW).counts["CN"]) == ((2010, 2012), 22)
    overlapping = [small[0], replace(small[1], years=(2010, 2012))]
    assert told(overlapping, CLAIM, FEW).years == (2010, 2012)
    assert told(overlapping, CLAIM, FEW).counts["CN"] == 2
    lacking = [replace(small[0], counts={"CN": Fraction(1)}, codes_missing="unknown"), small[1]]
    assert set(told(lacking, CLAIM, FEW).counts) == {"CN"}
    assert told(lacking, CLAIM, FEW).codes_missing == "unknown"


BOTH = {"CN": 30, "US": 5, "AU": 5, "JP": 10}
SERIES = [
    row(2024, name="asked: b", how_read="asked", **BOTH),
    row((2020, 2024), name="same, of the year", **BOTH),
    row(2022, name="same, older", **BOTH),
    row((2010, 2024), name="a neighbour of the year", relation="neighbour", **BOTH),
    row(2023, name="narrower, newest", relation="narrower", **BOTH),
    row(2021, name="narrower, by year", relation="narrower", **BOTH),
    row(2020, name="narrower, by year", relation="narrower", **BOTH),
    row(2021, name="a neighbour of one year", relation="neighbour", **BOTH),
    row(None, name="narrower, undated", relation="narrower"),
    row(2024, name="wider", relation="wider", **BOTH),
]


def names(rows: Sequence[Published]) -> list[str]:
    """Return the names of series in their order."""
    return [one["series"] for one in evidence(rows, CLAIM, FEW)]


def test_the_nearest_topic_goes_first() -> None:
    """Asked, same, then narrower and neighbours alike, then wider; within these the claim's years, then the newest."""
    assert names(SERIES) == list(dict.fromkeys(one.series for one in SERIES))


@given(st.permutations(SERIES))
def test_the_order_of_rows_changes_nothing(rows: list[Published]) -> None:
    """Whatever order a table's rows have, the evidence is the same to the last figure."""
    assert evidence(rows, CLAIM, FEW) == evidence(SERIES, CLAIM, FEW)


def test_an_entry_has_the_keys_of_the_contract() -> None:
    """Ratio, bound and year of the last row, and what lacks; an infinite ratio is null beside a right side of 0."""
    years = [row(2022, **BOTH), row(2023, CN=39752, US=2516, total=Fraction(50953))]
    [entry] = evidence(years, CLAIM, FEW)
    assert (entry["years"], entry["last_year"]) == ([2022, 2023], 2023)
    assert (entry["ratio_last"], entry["bound_last"], entry["ahead_since"]) == (None, 3.548969, 2022)
    assert (entry["question"], entry["relation"], entry["lacks"]) == ("market", "same", ["AU", "JP"])
    [infinite] = evidence([row(CN=40, US=0, AU=0, JP=0, question="")], CLAIM, FEW)
    assert (infinite["ratio_last"], infinite["figure"]["right_n"], infinite["question"]) == (None, 0, None)


def test_what_sources_state_is_one_series_a_part() -> None:
    """Parts are never added up, `at least` bounds, and what the source doesn't cover is said."""
    lines = [
        {"source": "surechembl", "part": part, "office": office, "year": year, "stated": n, "asked_on": "2026-11-20"}
        for part, office, year, n in (
            ("strict/1", "CN", "2024", "at least 10000"),
            ("strict/1", "US", "2024", "300"),
            ("strict/2", "CN", "2024", "12"),
            ("strict/1", "CN", "2023", "9"),
        )
    ]
    rows = list(stated_rows(lines, {"surechembl": ["AU", "KR"]}))
    found = evidence([*SERIES, *rows], CLAIM, FEW)
    assert [one["series"] for one in found][:3] == ["surechembl: strict/1", "asked: b", "surechembl: strict/2"]
    first = found[0]
    assert (first["how_read"], first["relation"], first["question"]) == ("asked", "same", "market")
    assert (first["lacks"], first["not_covered"]) == (["AU", "JP"], ["AU"])
    assert first["figure"]["counts"] == {"CN": 10000, "US": 300}
    assert first["figure"]["at_least"] == ["CN"]
    [against] = evidence(rows[:1], replace(CLAIM, right=("US",)), FEW)
    assert (against["bound_last"], against["figure"]["bound"]) == (33.333333, "at least")
