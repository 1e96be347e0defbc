"""What is said of published counts: countries and counts, nearest first, and never the claim's own size."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from patentscope.aggregate.answers.published import evidence
from patentscope.aggregate.answers.words.on_topic_words import sentence as on_topic
from patentscope.aggregate.answers.words.published_words import bound_in_words, is_older, sentence
from patentscope.query.claim import Claim, parse_claim
from patentscope.query.convention import Convention
from patentscope.query.published import Published, read

from factories import CLAIM, TODAY
from places import QUERY
from worlds.entries import make_entry
from worlds.others import make_row as row

if TYPE_CHECKING:
    from collections.abc import Sequence


def said(rows: Sequence[Published], claim: Claim = CLAIM) -> str:
    """Return what is said of published rows beside *claim*."""
    given: dict[str, Any] = {"left": list(claim.left), "right": list(claim.right), "measure": claim.measure}
    year = claim.years[0] if claim.years[0] == claim.years[1] else claim.year_text
    return sentence(make_entry("not assessable", published=evidence(rows, claim, 30), year=year, **given))


NEAR = {"relation": "neighbour", "topic": "magnets", "unit": "application"}
BOTH = {"CN": 30, "US": 5, "AU": 5, "JP": 10}
BEHIND = {"CN": 10, "US": 20, "AU": 5, "JP": 15}
NONE = "No published count is of this topic and year."
THREE = "the United States, Australia and Japan together"


ONE = f"{NONE} The one series near it is of magnets, "
HAS = f"China has 30 applications, against 20 for {THREE}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ""),
        ([row(2024, **BOTH)], f"Published for this topic and 2024: China has 30 inventions, against 20 for {THREE}"),
        ([row(2020, relation="wider", **BOTH)], NONE),
        ([row(2020, **NEAR)], f"{NONE} The one series near it does not compare these countries."),
        (
            [row(2020, **NEAR), row(2020, name="b", **NEAR)],
            f"{NONE} Of the 2 series near it, none compares these countr",
        ),
        ([row(2020, **NEAR, **BOTH, question="")], f"{ONE}2020: {HAS} (country rule not stated)."),
        ([row(2020, **NEAR, **BOTH, how_read="quoted")], f"{ONE}2020: {HAS}, by office (quoted)."),
        (
            [row(2020, **NEAR, **BOTH, codes_missing="yes")],
            f"{ONE}2020: {HAS}, by office (many countries are missing there, so that it gives no direction).",
        ),
        (
            [row((2010, 2024), **NEAR, CN=39752, total=50953)],
            f"{ONE}2010 to 2024: China has 39,752 of 50,953 applications, at least 3.5 times as many as {THREE} could",
        ),
        (
            [row(2020, **NEAR, CN=10, total=50)],
            f"{ONE}2020: China has 10 of 50 applications, which leaves 40 at most for {THREE}, by office.",
        ),
        (
            [row(2020, **NEAR, US=20, AU=10, JP=10, total=50)],
            f"{ONE}2020: {THREE} have 40 of 50 applications, which leaves 10 at most for China, by office.",
        ),
    ],
)
def test_what_is_said(rows: Sequence[Published], expected: str) -> None:
    """One sentence for each state of the evidence, with countries, counts and what bounds them."""
    assert said(rows).startswith(expected)
    assert bool(said(rows)) == bool(expected)


def test_the_nearest_goes_first_and_then_one_that_differs() -> None:
    """Of several near series the nearest is told, then the first that puts the left side elsewhere, or the next."""
    first, alike, other = (
        row(2020, name="a", **NEAR, **BOTH),
        row(2019, name="b", **NEAR, **BOTH),
        row(2018, name="c", **NEAR, **BEHIND),
    )
    told = said([first, alike, other])
    assert "Of the 3 series near it, the nearest that compares these countries is of magnets, 2020:" in told
    assert "Another is of magnets, 2018: China has 10 applications, against 40 for" in told
    assert "2019" not in told
    assert "The next is of magnets, 2019:" in said([first, alike])


def test_the_sign_that_turns_is_told_last() -> None:
    """Two series of one topic and year that disagree are told with their units, or whose the units are."""
    wide: dict[str, Any] = {"relation": "wider", "topic": "metals", "question": "invention"}
    families = [row(year, name="f", **wide, **BOTH) for year in (2017, 2018)]
    grants = row(2018, name="g", **{**wide, "unit": "grant at the USPTO"}, **BEHIND)
    assert said([*families, grants]) == (
        f"{NONE} In metals, a wider topic, the sign turns with the way of counting: China has been ahead "
        "since 2017 in inventions (2018: 30 against 20), and is behind in grants at the USPTO (2018: 10 against 40)."
    )
    owners = row(2018, name="g", **{**wide, "question": "ownership"}, **BEHIND)
    told = "ahead since 2017 by where they were invented (2018: 30 against 20), and is behind by owner's country"
    assert told in said([*families, owners])
    earlier = replace(grants, years=(2017, 2017))
    assert "(2018: 30 against 20), and is behind in grants at the USPTO (2017: 10 against 40)" in said(
        [*families, earlier]
    )
    assert said([*families, replace(grants, codes_missing="yes")]) == NONE
    assert said([*families, replace(grants, years=(2016, 2016))]) == NONE


def test_an_older_edition_gives_way() -> None:
    """Of one author's two series of one thing the prose takes the one that goes on, and knows the other as older."""
    wide: dict[str, Any] = {"relation": "wider", "topic": "metals", "question": "invention"}
    old = [row(year, name="a", **wide, **{**BOTH, "CN": 25}) for year in (2016, 2017, 2018)]
    new = [row(year, name="b", **wide, **BOTH) for year in (2016, 2017, 2018, 2019)]
    grants = row(2018, name="g", **{**wide, "unit": "grant at the USPTO"}, **BEHIND)
    told = said([*old, *new, grants])
    assert "since 2016 in inventions (2019: 30 against 20), and is behind in grants at the USPTO (2018: 10" in told
    found = {one["series"]: one for one in evidence([*old, *new, grants], CLAIM, 30)}
    assert {name for name, one in found.items() if is_older(one, found.values())} == {"a"}


def test_what_a_source_states_goes_first() -> None:
    """Countries by name, lower bounds as such, and what the source doesn't cover."""
    asked: dict[str, Any] = {"how_read": "asked", "topic": "the search strict/1", "unit": "hit", "author": "surechembl"}
    one = row(2024, name="surechembl: strict/1", CN=10000, US=300, at_least=frozenset({"CN"}), lacks=("AU",))
    told = said([replace(one, **asked), row(2020, **NEAR, **BOTH)])
    assert told.startswith(
        "Asked for counts alone, surechembl states for the search strict/1, 2024: China at least 10,000 and the United "
        "States 300; it does not cover Australia. No other published count is of this topic and year. The one series"
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "share of CN among CN+US > 60% in 2024",
            "30 applications, against 5 for the United States, which is 86 % of both",
        ),
        ("CN > * in 2024", "China has 30 applications, against 70 for all other countries, by office."),
        ("US+AU > JP in 2024", "the United States and Australia together have 10 applications, against 10 for Japan"),
    ],
)
def test_other_claims_are_told_in_their_terms(text: str, part: str) -> None:
    """Shares in per cent of both, all others by the total, sides of several countries in the plural."""
    assert part in said([row(2020, **NEAR, **BOTH, total=100)], parse_claim(text))


def test_the_shipped_table_is_told_without_the_claims_size() -> None:
    """Four sentences: none of this topic and year, the nearest, another, the sign that turns; the 73 % is in none."""
    told = said(read(QUERY.with_suffix(".published.csv")))
    assert told.startswith(
        f"{NONE} Of the 6 series near it, the nearest that compares these countries is of rare earths"
    )
    assert (
        f"China has 39,752 of 50,953 applications, at least 3.5 times as many as {THREE} could have (quoted; " in told
    )
    assert f"China has 29 inventions, against 231 for {THREE}" in told
    assert "China has been ahead since 2011 in inventions (2020: 16,499 against 3,678), and is behind in grants" in told
    assert "73" not in told
    assert told.count(". ") == 3


@pytest.mark.parametrize(
    ("ratio", "bound", "expected"),
    [
        (3.548969, "at least", "at least 3.5 times"),
        (3.59, "at least", "at least 3.5 times"),
        (3.51, "at most", "at most 3.6 times"),
        (1234.5, "at least", "at least 1,200 times"),
        (0.0, "at most", "at most 0 times"),
        (3.5, "", ""),
    ],
)
def test_a_bound_is_never_rounded_past_itself(ratio: float, bound: str, expected: str) -> None:
    """At least is cut down, at most up, to two figures."""
    figure: Any = {"ratio": ratio, "bound": bound}
    assert bound_in_words(figure) == expected


def test_what_the_records_on_topic_have() -> None:
    """The claim's countries in their order, a missing one as 0; against all others, those with the most."""
    convention = Convention("strict", "family", "priority", "whole", "priority", "inventions", "all", TODAY)
    counts = {"US": 15.0, "CN": 5.0, "KR": 7.0, "WO": 9.0, "unknown": 3.0}
    assert on_topic(CLAIM, counts, convention, first="strict", is_sample=True) == (
        "Inventions on topic in the sample's own records, all years together, by country of first filing: China 5, the "
        "United States 15, Australia 0 and Japan 0; 3 more of unknown country."
    )
    others = replace(CLAIM, right=("*",))
    assert on_topic(others, counts, convention, first="strict", is_sample=False) == (
        "Inventions on topic in these records, all years together, by country of first filing: China 5, the United "
        "States 15 and South Korea 7; 3 more of unknown country."
    )
    by_words = on_topic(CLAIM, counts, replace(convention, topic="terms"), first="strict", is_sample=False)
    assert by_words.startswith("Inventions on topic (topic definition “terms”) in these records, all years")
    every = replace(convention, topic="records")
    assert on_topic(CLAIM, {"CN": 2.0}, every, first="records", is_sample=False).startswith(
        "Inventions in these records, all years"
    )
