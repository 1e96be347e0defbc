"""Claims and query files: what they say, and everything that can be wrong with them."""

from __future__ import annotations

import datetime as dt

import pytest

from patentscope.claim import parse_claim
from patentscope.errors import QueryError
from patentscope.query import Query
from patentscope.symbols import covered, covers, fault_of, normal_symbol

from conftest import QUERY as SHIPPED
from factories import QUERY


def test_by_73_percent_is_a_ratio_of_1_73() -> None:
    """A claim "by 73%" is 1.73 times as many, not .73."""
    claim = parse_claim("CN > US+AU+JP by 73% in 2024")
    assert (claim.ratio, claim.left, claim.right, claim.years) == (1.73, ("CN",), ("US", "AU", "JP"), (2024, 2024))


def test_less_than_turns_the_sides() -> None:
    """`JP+KR < CN in 2015..2020` has China on the left, over six years."""
    claim = parse_claim("jp + kr < cn in 2015..2020")
    assert (claim.left, claim.right, claim.years, claim.ratio) == (("CN",), ("JP", "KR"), (2015, 2020), None)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("China is ahead", "write it like"),
        ("CN > CN+US in 2024", "must not overlap"),
        ("CN > QQ in 2024", "two-letter"),
        ("CN > US in 20244", "from 1790 to 2100"),
        ("CN > US in 2024..2020", "the first year goes first"),
        ("CN > US by -100% in 2024", "smaller by 100"),
        ("* > US in 2024", "on the right only"),
        ("CN > US+US in 2024", "each country once"),
    ],
)
def test_a_claim_that_cannot_be_read_says_what_would_work(text: str, word: str) -> None:
    """A faulty claim is refused with the fault and a remedy."""
    with pytest.raises(QueryError, match=word):
        parse_claim(text)


def test_shipped_query_says_what_the_article_said() -> None:
    """The shipped query has the six readings and the claim, with its source and vintage."""
    query = Query.load(SHIPPED)
    assert [reading.name for reading in query.readings] == [
        "class_strict",
        "class_strict_no_y02",
        "oecd_and_terms",
        "terms",
        "broad",
        "classifier",
    ]
    (claim,) = query.claims
    assert (claim.ratio, claim.years, claim.said_on) == (1.73, (2024, 2024), dt.date(2025, 10, 31))
    assert claim.source.startswith("The Rare Earth Game")


def test_every_fault_is_listed_at_once() -> None:
    """A query with eight faults names all eight, each with its key and what would work."""
    text = (
        QUERY.replace('["C22B59"]', '["С22B59", "YO2W", "C22B7 7"]')
        .replace("year = 2024", "year = 20240")
        .replace('right = ["US", "AU", "JP"]', 'right = ["CN", "XQ"]')
        .replace('"inventor", "office"', '"inventor", "offices"')
        .replace("years = [2010, 2025]", "years = [2025, 2010]\ncolour = 1")
    )
    with pytest.raises(QueryError) as caught:
        Query.parse(text, "x.toml")
    where = [fault.where for fault in caught.value.faults]
    assert sorted(where) == sorted(
        [
            *["topic.classes.rare_earth"] * 3,
            "axes.basis",
            "scope.colour",
            "scope.years",
            "claims[0].right",
            "claims[0]",
            "claims[0].year",
        ]
    )
    message = str(caught.value)
    assert "U+0421" in message
    assert "letter O where a zero belongs; write Y02W" in message
    assert "x.toml: 9 faults" in message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("[topic.readings]", "[topic.readings]\nnone = {}"), "expected { all"),
        (('"classes.recycling"]', '"classes.nothing"]'), "expected one of classes.rare_earth"),
        (("exceeds_by = 0.73", 'exceeds_by = "73%"'), "expected a number"),
        (("said_on = 2025-10-31", 'said_on = "2025-10-31"'), "date without quotes"),
        (('name = "test"', 'name = "../../etc"'), "expected small letters"),
        (("[scope]", "[scope"), "TOML"),
        (("exceeds_by", "exceeds"), "unknown key"),
        (("[[claims]]", "[thresholds]\nnear = 6\n[[claims]]"), "share from 0 to 1"),
    ],
)
def test_a_faulty_query_says_what_would_work(change: tuple[str, str], word: str) -> None:
    """Each kind of fault is named with a remedy, and never with a traceback."""
    with pytest.raises(QueryError, match=word):
        Query.parse(QUERY.replace(*change))


def test_a_missing_query_names_those_that_are_there() -> None:
    """A path that holds nothing is answered with the query files beside it."""
    with pytest.raises(QueryError, match=r"rare-earth-recycling\.toml"):
        Query.load(SHIPPED.with_name("rare-erth.toml"))


@pytest.mark.parametrize(
    ("pattern", "symbol", "expected"),
    [
        ("B09B", "B09B3/00", True),
        ("C22B7", "C22B7/006", True),
        ("C22B7/00", "C22B7/006", True),
        ("C22B7", "C22B70/00", False),
        ("C22B7", "C22B7/00", True),
        ("C22B59", "C22B19/00", False),
        ("Y02W30/50", "Y02W30/82", True),
        ("Y02W30/52", "Y02W30/521", True),
        ("C22B7=", "C22B7/00", True),
        ("C22B7=", "C22B7/006", False),
        ("H01F1/057", "H01F1/0571", True),
        ("C01F17/20", "C01F17/206", True),
        ("C01F17/10", "C01F17/17", True),
    ],
)
def test_what_a_symbol_covers(pattern: str, symbol: str, expected: bool) -> None:
    """Subclasses, main groups, subgroups, listed children and `=` cover what the definitions say."""
    assert covers(pattern, symbol) is expected


def test_y02_can_be_ignored() -> None:
    """A reading without Y02 sees no Y02 symbol, whatever its patterns."""
    found = covered(["Y02P10/20", "C22B7"], ["Y02P10/20", "C22B7/00"], without_y02=True)
    assert found == {"C22B7/00"}


@pytest.mark.parametrize(("text", "symbol"), [("C22B   7/00", "C22B7/00"), ("c22b 59", "C22B59/00"), ("B09B", "B09B")])
def test_a_record_s_symbol_in_one_form(text: str, symbol: str) -> None:
    """Blanks and case do not matter; a bare main group is its /00."""
    assert normal_symbol(text) == symbol


def test_lookalike_letters_are_named() -> None:
    """A Cyrillic letter is named by its code point; a good symbol has no fault."""
    assert "U+0421" in str(fault_of("С09K"))
    assert fault_of("C22B59/00=") is None
