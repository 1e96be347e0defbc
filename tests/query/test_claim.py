"""Claims and query files: what they say, and everything that can be wrong with them."""

from __future__ import annotations

import datetime as dt

import pytest

from patentscope.errors import QueryError
from patentscope.query.claim import parse_claim
from patentscope.query.query import Query
from patentscope.records.symbols import fault_of, normal_symbol

from factories import CLASSIFIER, QUERY, query_text
from places import QUERY as SHIPPED


def test_by_73_percent_is_a_ratio_of_1_73() -> None:
    """A claim "by 73%" is 1.73 times as many, not .73."""
    claim = parse_claim("CN > US+AU+JP by 73% in 2024")
    assert (claim.ratio, claim.left, claim.right, claim.years) == (1.73, ("CN",), ("US", "AU", "JP"), (2024, 2024))


def test_less_than_turns_the_sides() -> None:
    """`JP+KR < CN in 2015..2020` has China on the left, over six years."""
    claim = parse_claim("jp + kr < cn in 2015..2020")
    assert (claim.left, claim.right, claim.years, claim.ratio) == (("CN",), ("JP", "KR"), (2015, 2020), None)


@pytest.mark.parametrize(
    ("text", "measure", "sides", "size", "threshold"),
    [
        ("share of CN > 60% in 2024", "share", (("CN",), ("*",)), None, 0.6),
        ("share of cn < 60,5 % in 2024", "share", (("CN",), ("*",)), None, 0.605),
        ("share of CN among CN+US+AU+JP > 60% in 2024", "share", (("CN",), ("US", "AU", "JP")), None, 0.6),
        ("share of CN+JP among JP+CN+US about 63% in 2015-2020", "share", (("CN", "JP"), ("US",)), 0.63, 0.5),
        ("share of CN among * = 63% in 2024", "share", (("CN",), ("*",)), 0.63, 0.5),
        ("CN > 2x US in 2024", "ratio", (("CN",), ("US",)), None, 2.0),
        ("CN < 1.5 times US in 2024", "ratio", (("CN",), ("US",)), None, 1.5),
        ("CN = 2x US in 2024", "ratio", (("CN",), ("US",)), 2.0, 1.0),
        ("IN > BY by 20% in 2024", "ratio", (("IN",), ("BY",)), 1.2, 1.0),
        ("US < CN by 73% in 2024", "ratio", (("CN",), ("US",)), 1.73, 1.0),
        ("CN > US by a factor of 5 in 2024", "ratio", (("CN",), ("US",)), 5.0, 1.0),
        ("US < CN by a factor of five in 2024", "ratio", (("CN",), ("US",)), 5.0, 1.0),
        ("CN > US by a third in 2024", "ratio", (("CN",), ("US",)), 1.333333333, 1.0),
        ("CN > US by at least 20% in 2024", "ratio", (("CN",), ("US",)), None, 1.2),
    ],
)
def test_shares_and_multiples(text: str, measure: str, sides: tuple, size: float | None, threshold: float) -> None:
    """A share has a measure of its own, the others of its set on the right; a multiple is a size or a limit."""
    claim = parse_claim(text)
    assert (claim.measure, (claim.left, claim.right), claim.size, claim.threshold) == (measure, sides, size, threshold)
    assert claim.is_turned is ("<" in text and "by" not in text)


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("CN >", 5, "a country"),
        ("CN > US", 8, "`in` and a year"),
        ("CN > US in soon", 12, "a year, such as 2024"),
        ("CN + > US in 2024", 6, "a country"),
        ("CN > US by much in 2024", 12, "a number"),
        ("CN > US by 73 in 2024", 15, "`%` behind the number"),
        ("CN > US in 2024, I think", 16, "the claim's end"),
        ("CN = US in 2024", 6, "a size behind `=`"),
        ("CN > 2 US in 2024", 8, "`x` behind a number"),
        ("share CN > 60% in 2024", 7, "`of` behind `share`"),
        ("share of CN in 2024", 13, "`among`"),
        ("share of CN among US+CN in 2024", 25, "`>`, `<`, `=` or `about`"),
        ("", 1, "a claim"),
    ],
)
def test_a_slip_is_shown_at_its_character(text: str, place: int, expected: str) -> None:
    """What can't be read is named with the character where it starts, what belongs there, and examples."""
    with pytest.raises(QueryError) as caught:
        parse_claim(text)
    message = str(caught.value)
    assert f"claim, character {place}: found" in message
    assert f"expected {expected}" in message
    assert "`CN > US+AU+JP by 73% in 2024`" in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("China is ahead", "write it like"),
        ("share of CN among US+JP > 5% in 2024", "`among CN[+]US[+]JP`"),
        ("share of CN among CN > 5% in 2024", "among itself"),
        ("share of CN > 100% in 2024", "between 0 and 100"),
        ("share of CN = 0% in 2024", "between 0 and 100"),
        ("share of * > 5% in 2024", "on the right only"),
        ("share of CN among CN+QQ > 5% in 2024", "two-letter"),
        ("CN > 0x US in 2024", "a multiple over 0"),
        ("CN > CN+US in 2024", "must not overlap"),
        ("CN > QQ in 2024", "two-letter"),
        ("CN > US in 20244", "from 1790 to 2100"),
        ("CN > US in 2024..2020", "the first year goes first"),
        ("CN > US by -100% in 2024", "smaller by 100"),
        ("* > US in 2024", "on the right only"),
        ("CN > US+US in 2024", "each country once"),
        ("JP < * in 2014", "write `JP < 1x [*] in 2014`, or `share of JP < 50% in 2014`$"),
        ("JP+KR < * by 20% in 2010..2014", "write `JP[+]KR < 1x [*] in 2010[.][.]2014`"),
    ],
)
def test_a_claim_that_cannot_be_read_says_what_would_work(text: str, word: str) -> None:
    """A faulty claim is refused with the fault and a remedy."""
    with pytest.raises(QueryError, match=word):
        parse_claim(text)


def test_shipped_query_says_what_the_article_said() -> None:
    """The shipped query has the six readings in order and the claim by 73 % for 2024, with its source and vintage."""
    query = Query.load(SHIPPED)
    names = ["class_strict", "class_strict_no_y02", "oecd_and_terms", "terms", "broad", "classifier"]
    assert [reading.name for reading in query.readings] == names
    assert query.wider == {"broad"}
    (claim,) = query.claims
    assert (claim.ratio, claim.tolerance, claim.years) == (1.73, 0.10, (2024, 2024))
    assert (claim.left, claim.right, claim.said_on) == (("CN",), ("US", "AU", "JP"), dt.date(2025, 10, 31))
    assert claim.source.startswith("The Rare Earth Game")


@pytest.mark.parametrize(
    ("text", "margin"),
    [
        ("CN > US+AU+JP by 73% in 2024", 0.1038),
        ("CN = 5x US in 2024", 0.3),
        ("share of CN = 30% in 2024", 0.018),
        ("CN > US in 2024", 0),
        ("CN > 2x US in 2024", 0),
    ],
)
def test_six_per_cent_of_the_size_is_near_it(text: str, margin: float) -> None:
    """Without a tolerance 6 % of the claimed ratio or share still counts as it; a stated one goes before."""
    assert parse_claim(text).margin == pytest.approx(margin, abs=1e-12)
    assert parse_claim(text, tolerance=0.02).margin == 0.02
    (stated,) = Query.parse(QUERY.replace("exceeds_by = 0.73", "exceeds_by = 0.73\ntolerance = 0.25")).claims
    (silent,) = Query.parse(QUERY).claims
    assert (stated.margin, silent.margin) == (0.25, 0.1038)


def test_readings_wider_than_the_claim() -> None:
    """A query may call readings wider; the first one never, and no name that is none: both are told at once."""
    text = query_text(readings={"broad": {"any": ["classes.rare_earth"]}})
    head = "[topic.readings]"
    assert Query.parse(text).wider == frozenset()
    assert Query.parse(text.replace(head, f'[topic]\nwider = ["broad"]\n{head}')).wider == {"broad"}
    with pytest.raises(QueryError) as caught:
        Query.parse(text.replace(head, f'[topic]\nwider = ["strict", "broad", "brod"]\n{head}'))
    assert [(fault.where, fault.found) for fault in caught.value.faults] == [
        ("topic.wider", "'brod'"),
        ("topic.wider", "'strict', the first reading"),
    ]
    assert "expected some of broad" in str(caught.value)
    with pytest.raises(QueryError, match=r"topic\.wider: found broad; expected a list of texts"):
        Query.parse(text.replace(head, f'[topic]\nwider = "broad"\n{head}'))


@pytest.mark.parametrize("name", ["side", "specifications", "audited_width"])
def test_a_threshold_that_there_is_no_more_is_an_unknown_key(name: str) -> None:
    """A query that sets it is refused with the names that work."""
    with pytest.raises(QueryError, match=rf"thresholds\.{name}.*known here: window, coverage, coverage_most"):
        Query.parse(QUERY.replace("[[claims]]", f"[thresholds]\n{name} = 1\n[[claims]]"))


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
        (("[topic.readings]", '[topic.names]\nnone = "X"\n[topic.readings]'), "topic.names.none: found an unknown key"),
        (("[topic.readings]", "[topic.names]\nterms = 1\n[topic.readings]"), "topic.names.terms: .* expected text"),
        (("[[claims]]", "[thresholds]\nnear = 6\n[[claims]]"), "share from 0 to 1"),
    ],
)
def test_a_faulty_query_says_what_would_work(change: tuple[str, str], word: str) -> None:
    """Each kind of fault is named with a remedy, and never with a traceback."""
    with pytest.raises(QueryError, match=word):
        Query.parse(QUERY.replace(*change))


def test_axes_that_leave_no_way_to_count_are_a_fault() -> None:
    """A query all of whose combinations make no sense is refused with the reason, and one with a way is read."""
    text = query_text(axes={"unit": ["publication"], "international": ["pct"]})
    with pytest.raises(QueryError, match="no way to count is left: only a family can be international"):
        Query.parse(text)
    assert Query.parse(query_text(axes={"unit": ["publication"], "international": ["pct", "all"]}))


@pytest.mark.parametrize(("readings", "fits"), [(62, True), (63, False), (64, False), (65, False)])
def test_more_readings_than_can_be_told_apart_are_a_fault(readings: int, fits: bool) -> None:
    """Sixty-two readings are counted; one more is a fault of the query, never a count of another reading's."""
    named = {f"r{n}": {"all": ["classes.recycling"]} for n in range(readings - 1)}
    text = query_text(readings=named)
    if fits:
        assert len(Query.parse(text).readings) == readings
        return
    with pytest.raises(QueryError, match=f"{readings} readings.*at most 62"):
        Query.parse(text)


def test_the_reading_that_labels_add_takes_a_place() -> None:
    """Of a query with a classifier sixty-one readings fit, because labels add one."""
    named = {f"r{n}": {"all": ["classes.recycling"]} for n in range(60)}
    assert len(Query.parse(query_text(readings={"strict": {}, **named, **CLASSIFIER})).readings) == 61
    with pytest.raises(QueryError, match="63 readings, with classifier_audited"):
        Query.parse(query_text(readings={**named, **CLASSIFIER}))


def test_a_missing_query_names_those_that_are_there() -> None:
    """A path that holds nothing is answered with the query files beside it."""
    with pytest.raises(QueryError, match=r"rare-earth-recycling\.toml"):
        Query.load(SHIPPED.with_name("rare-erth.toml"))


@pytest.mark.parametrize(("text", "symbol"), [("C22B   7/00", "C22B7/00"), ("c22b 59", "C22B59/00"), ("B09B", "B09B")])
def test_a_record_s_symbol_in_one_form(text: str, symbol: str) -> None:
    """Blanks and case do not matter; a bare main group is its /00."""
    assert normal_symbol(text) == symbol


def test_lookalike_letters_are_named() -> None:
    """A Cyrillic letter is named by its code point; a good symbol has no fault."""
    assert "U+0421" in str(fault_of("С09K"))
    assert fault_of("C22B59/00=") is None
