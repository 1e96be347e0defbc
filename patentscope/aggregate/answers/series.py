"""What others counted, as verdict.json tells it beside a claim."""

from __future__ import annotations

from typing import TypedDict


class PublishedFigure(TypedDict):
    """What a published series is told by: the sides' sums in some years, or what its total leaves for a side.

    `bound` is `at least` or `at most` where `ratio` is no more than that, else empty. `stands` is where it puts the
    left side: ahead, behind or level; None where it can't tell. `counts` are those of the claim's countries by code,
    of which `at_least` are lower bounds.
    """

    years: list[int] | None
    left_n: float | None
    right_n: float | None
    total: float | None
    ratio: float | None
    bound: str
    stands: str | None
    codes_missing: str
    counts: dict[str, float]
    at_least: list[str]


class Series(TypedDict):
    """A published series beside a claim: its topic and how that relates to the query's, how it counts, what it says.

    `question` is None where its source doesn't say. `ratio_last` and `bound_last` are of its last row; the left side
    stays ahead from `ahead_since` on. `lacks` are codes of the claim that it doesn't give, `not_covered` those that a
    source which was asked doesn't have.
    """

    series: str
    topic: str
    relation: str
    question: str | None
    unit: str
    convention: str
    how_read: str
    source: str
    address: str
    note: str
    years: list[int] | None
    last_year: int | None
    ratio_last: float | None
    bound_last: float | None
    ahead_since: int | None
    lacks: list[str]
    not_covered: list[str]
    figure: PublishedFigure
