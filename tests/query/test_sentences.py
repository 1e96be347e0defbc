"""Sentences as newspapers write them: what is read of them, what is asked back, what is refused."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.errors import QueryError
from patentscope.query.claim import Claim, parse_claim
from patentscope.query.echo import canonical, echo, topic_offered
from patentscope.query.query import Query
from patentscope.records.offices import office_codes, office_name, short_name

from factories import QUERY
from places import ROOT

TODAY = dt.date(2026, 6, 30)
FILES = sorted((ROOT / "tests" / "claims").glob("*.claim"))
#: Manners that each have a file of their own.
MANNERS = {
    *("the_article", "by_per_cent", "times", "half_as_many", "shares", "at_least", "since_and_spans", "last_year"),
    *("several_countries", "others", "asked_back", "refused", "more_and_fewer", "sources"),
    *("numbers_of_patents", "for_every", "other_orders"),
}


@dataclass(frozen=True)
class Case:
    """A sentence, the day on which it was said, and what is read of it, asked or refused."""

    sentence: str
    said_on: dt.date | None
    expected: dict[str, str]


def cases() -> list[Case]:
    """Return every sentence of every file."""
    found = []
    for path in FILES:
        for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines())
            said_on = lines.pop("said on", None)
            day = dt.date.fromisoformat(said_on) if said_on else None
            found.append(Case(lines.pop("sentence"), day, lines))
    return found


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence[:60])
def test_a_sentence_is_read_as_its_file_says(case: Case) -> None:
    """A sentence is read as its file has it, asked back with the claims that it may be, or refused for what it has."""
    if "read" in case.expected:
        claim = parse_claim(case.sentence, said_on=case.said_on, today=TODAY)
        assert canonical(claim) == case.expected["read"]
        assert " | ".join(claim.unread) == case.expected.get("not read", "")
        assert topic_offered(claim.unread) == case.expected.get("topic", "")
        return
    with pytest.raises(QueryError) as caught:
        parse_claim(case.sentence, said_on=case.said_on, today=TODAY)
    (fault,) = caught.value.faults
    if "asked" in case.expected:
        offered = [claim for claim in re.findall("`([^`]+)`", fault.expected) if re.search(r" in \d", claim)]
        assert offered == case.expected["asked"].split(" | ")
        assert all(parse_claim(claim, today=TODAY) for claim in offered)
    else:
        found, expected = case.expected["refused"].split(" | ")
        assert (fault.found, fault.expected[: len(expected)]) == (found, expected)


def test_all_manners_have_sentences() -> None:
    """There are over a hundred sentences, of all manners, none twice, two thirds of them read."""
    sentences = [case.sentence for case in CASES]
    assert {path.stem for path in FILES} == MANNERS
    assert len(set(sentences)) == len(sentences) > 100
    assert sum("read" in case.expected for case in CASES) > 60


def test_the_article_s_sentence_is_the_shipped_claim() -> None:
    """Read as it stands, on the day that it was said, the sentence of the shipped query is the query's claim."""
    (shipped,) = Query.load(ROOT / "queries" / "rare-earth-recycling.toml").claims
    claim = parse_claim(shipped.quote, said_on=shipped.said_on)
    assert (claim.left, claim.right, claim.years, claim.exceeds_by) == (("CN",), ("US", "AU", "JP"), (2024, 2024), 0.73)
    assert claim.quote == shipped.quote
    assert claim.unread == ("in rare earth recycling",)
    assert topic_offered(claim.unread) == "rare earth; recycl*"
    sides = "China compared with the United States, Australia and Japan together in 2024"
    assert echo(claim) == f"{sides}: 73 % more, which is 1.73 times as many"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("US|USA|U.S.|U.S.A.|America|American|Americans|United States|United States of America", "US"),
        ("UK|U.K.|Britain|British|Great Britain|United Kingdom", "GB"),
        ("China|Chinese|PRC|Mainland China|People's Republic of China", "CN"),
        ("Korea|South Korea|South Korean|Korean|Republic of Korea|KR", "KR"),
        ("Netherlands|The Netherlands|Dutch|Holland|NL", "NL"),
        ("Taiwan|Taiwanese|Chinese Taipei|TW", "TW"),
        ("Türkiye|Turkiye|Turkey|Turkish", "TR"),
        ("Côte d'Ivoire|Ivory Coast|Ivorian", "CI"),
        ("EPO|European Patent Office|EP", "EP"),
    ],
)
def test_a_country_by_any_of_its_names(names: str, code: str) -> None:
    """Codes, names, short forms and adjectives name a country, in the short grammar in any case and with an article."""
    for name in names.split("|"):
        assert parse_claim(f"{name} > Brazil in 2020").left == (code,)
        assert parse_claim(f"brazil > the {name.casefold()} in 2020").right == (code,)
        assert parse_claim(f"Brazil filed more patents than the {name} in 2020.").right == (code,)


@pytest.mark.parametrize("code", sorted(office_codes()))
def test_every_office_is_read_back_by_its_name(code: str) -> None:
    """Any office or country that a side can name is written by name in the short grammar, and read as itself again."""
    other = "CN" if code != "CN" else "JP"
    claim = parse_claim(f"{code} > {other} in 2020")
    text = canonical(claim)
    assert parse_claim(text).left == (code,)
    assert text.startswith(f"{code if code == 'GE' else short_name(code)} > ")


def test_small_words_are_no_codes_in_a_sentence() -> None:
    """In a sentence in, at, is, no, be and it are words; in the short grammar they are codes where countries stand."""
    sentence = "In China at least twice as many were filed as in Japan in 2020."
    assert parse_claim(sentence).left == ("CN",)
    assert parse_claim("in > at + is + no + be + it in 2020").right == ("AT", "IS", "NO", "BE", "IT")
    with pytest.raises(QueryError, match="is 'IN' India"):
        parse_claim("IN filed more patents than Japan in 2020")
    with pytest.raises(QueryError, match="no country is known by this name; is it Italy"):
        parse_claim("China and IT filed more patents than Japan in 2020")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """A name that is none is never guessed: the ones most like it are named."""
    for text in ("Chna > Japan in 2020", "Japan > Chna in 2020", "Chna filed more patents than Japan in 2020"):
        with pytest.raises(QueryError, match="China"):
            parse_claim(text)


def test_the_members_of_the_eu_are_ready_to_paste() -> None:
    """`EU` is refused with its 27 members in the claim's place for it, and that claim can be read."""
    for text in ("EU > China in 2020", "The EU filed more patents than China in 2020."):
        with pytest.raises(QueryError, match="27 members") as caught:
            parse_claim(text)
        offered = re.findall("`([^`]+)`", str(caught.value))
        members = parse_claim(next(one for one in offered if one.startswith("Austria"))).left
        assert len(members) == 27
        assert {"DE", "FR", "PL"} < set(members)
        assert not {"GB", "CH", "NO"} & set(members)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no text"),
        (" \n", "no text"),
        ("China > Japan in 2020 " * 50, "1100 characters"),
        ("China \x00 > Japan in 2020", r"U\+0000"),
        ("China > Japan in 2020 \U0001f680", "rocket"),
        ("China \u202e> Japan in 2020", "right-to-left override"),
        ("China > Japan in 2027", "2027, a year still to come"),
        ("China > Japan by 20% by 30% in 2020", "character 22"),
        ("China filed 20% more patents than Japan in 2020, twice as many", "two sizes, '20%' and 'twice'"),
    ],
)
def test_what_is_no_claim_is_refused_as_what_it_is(text: str, word: str) -> None:
    """Nothing, too much, signs that no claim has, years to come and two sizes are each named."""
    with pytest.raises(QueryError, match=word):
        parse_claim(text, today=TODAY)


def test_years_by_the_day_on_which_it_was_said() -> None:
    """`since` ends with the last whole year before the claim's day, or today; no claim is of a year after either."""
    said_on = dt.date(2019, 5, 1)
    assert parse_claim("CN > US since 2015", today=TODAY).years == (2015, 2025)
    assert parse_claim("CN > US since 2015", today=TODAY, said_on=said_on).years == (2015, 2018)
    assert parse_claim("CN > US last year", today=TODAY, said_on=said_on).years == (2018, 2018)
    with pytest.raises(QueryError, match="a year after the claim was made"):
        parse_claim("CN > US in 2020", today=TODAY, said_on=said_on)
    with pytest.raises(QueryError, match="--said-on"):
        parse_claim("CN > US last year", today=TODAY)


def _table(lines: str) -> str:
    head, _, rest = QUERY.partition("[[claims]]")
    assert rest
    return f'{head}[[claims]]\nid = "one"\n{lines}\n'


def test_a_query_file_says_a_claim_in_words() -> None:
    """A claim's table may say it in the grammar, shares and limits too, or leave it to its quote."""
    says = 'quote = "most of it is Chinese"\nsays = "share of China > 60% in 2020"\ntolerance = 0.1'
    (claim,) = Query.parse(_table(says)).claims
    assert (claim.id, claim.limit, claim.measure, claim.tolerance) == ("one", 0.6, "share", 0.1)
    assert claim.quote == "most of it is Chinese"
    quote = "Last year, China's patents in rare earth recycling outnumbered those of Japan by 73%."
    (claim,) = Query.parse(_table(f'quote = "{quote}"\nsaid_on = 2025-10-31')).claims
    assert (claim.left, claim.right, claim.years, claim.unread) == (
        ("CN",),
        ("JP",),
        (2024, 2024),
        ("in rare earth recycling",),
    )
    made = f'quote = "{quote}"\nsays = "{canonical(claim)}"\nsaid_on = 2025-10-31'
    assert Query.parse(_table(made)).claims == (claim,)


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ('quote = "x"\nsays = "CN > US"', r"claims\[0\]\.says: found its end \(claim, character 8\)"),
        ('quote = "x"\nsays = "CN > US in 2020"\nyear = 2020', "both `says` and `year`"),
        ('quote = "China is ahead"', r"claims\[0\]\.quote.*or give left, right and year"),
        ('quote = "China outnumbered Japan last year."', "said-on"),
        ('quote = "China has outnumbered Japan since 2015."', "depend on the day.*add said_on"),
        ("says = 5\nquote = 'x'", "expected text"),
    ],
)
def test_a_query_file_s_words_that_can_t_be_read(lines: str, word: str) -> None:
    """What a claim's table says is refused with its key, as is what would be another claim on another day."""
    with pytest.raises(QueryError, match=word):
        Query.parse(_table(lines))


SIDES = st.lists(st.sampled_from(sorted(office_codes())), min_size=2, max_size=5, unique=True)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Draw any claim that can be made: sides, years, and a size, a limit, a share or none."""
    codes = draw(SIDES)
    at = draw(st.integers(1, len(codes) - 1))
    right = draw(st.sampled_from([tuple(codes[at:]), ("*",)]))
    first = draw(st.integers(1790, 2024))
    years = (first, draw(st.integers(first, 2025)))
    part = st.integers(1, 10**9 - 1).map(lambda n: n / 10**9)
    ratio = st.one_of(part, st.integers(1, 10**6).map(lambda n: n / 1000))
    kind = draw(st.sampled_from(["more", "size", "limit", "share", "share limit"]))
    said: dict[str, Any] = {
        "more": {},
        "size": {"exceeds_by": round(draw(ratio) - 1, 9)},
        "limit": {"limit": draw(ratio), "is_below": draw(st.booleans())},
        "share": {"measure": "share", "share": draw(part)},
        "share limit": {"measure": "share", "limit": draw(part), "is_below": draw(st.booleans())},
    }[kind]
    return Claim("check", "", years, tuple(codes[:at]), right, **said)


@given(claims())
@settings(max_examples=300, deadline=None)
def test_a_claim_written_and_read_is_the_same(claim: Claim) -> None:
    """Whatever a claim says, the short grammar says it, with names and years, and is read as the same claim."""
    again = parse_claim(canonical(claim), today=TODAY)
    assert (again.left, again.right, again.years, again.measure) == (
        claim.left,
        claim.right,
        claim.years,
        claim.measure,
    )
    assert (again.exceeds_by, again.share, again.limit) == (claim.exceeds_by, claim.share, claim.limit)
    assert again.is_below is claim.is_below
    assert (canonical(again), echo(again)) == (canonical(claim), echo(claim))
    assert again.unread == ()


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "China China's US Japan EU Georgia and or , . the of in by more than twice as many 73% 2020 since 2015 last "
        "year patents solar recycling filed outnumbered was half share accounted for not 1,000 five > < = + x % * each",
    )
)
TEXTS = st.one_of(st.text(max_size=1000), st.lists(WORDS, max_size=60).map(" ".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_claim_or_a_fault(text: str) -> None:
    """Whatever is typed is read or refused, never anything else, and a claim is said back and read again."""
    try:
        claim = parse_claim(text, said_on=dt.date(2025, 10, 31), today=TODAY)
    except QueryError:
        return
    assert parse_claim(canonical(claim), today=TODAY).years == claim.years
    assert echo(claim)


def test_a_long_text_is_read_to_its_end() -> None:
    """Repeated words that begin many things are refused, and the reader comes to an end."""
    for word in ("China and ", "as many as ", "more than ", "in the last ", "by a margin of ", "(((", "a.b.", "two-"):
        text = (word * 500)[:500]
        with pytest.raises(QueryError):
            parse_claim(text)


LEFT = {"China": ("CN",), "Japan and South Korea together": ("JP", "KR"), "British inventors": ("GB",)}
RIGHT = {
    "the United States": ("US",),
    "the U.S., Germany and France combined": ("US", "DE", "FR"),
    "everyone else": ("*",),
}
SIZES = {
    "filed more patents than {}": (None, None),
    "filed 20% more patents than {}": (0.2, None),
    "filed twice as many patents as {}": (1.0, None),
    "filed a third as many patents as {}": (-0.666666667, None),
    "outnumbered {} by 12.5 per cent": (0.125, None),
    "filed at least three times as many patents as {}": (None, 3.0),
    "were ahead of {}": (None, None),
}
TIMES = {
    "in 2020": (2020, 2020),
    "since 2015": (2015, 2025),
    "from 2010 to 2014": (2010, 2014),
    "last year": (2025, 2025),
}
TOPICS = {"": (), " in solar cells": ("in solar cells",)}


@pytest.mark.parametrize(("size", "when"), list(itertools.product(SIZES, TIMES)))
def test_a_sentence_is_read_as_it_was_made(size: str, when: str) -> None:
    """Sides, verb, size, years and topic, however they are put together, are each read as what they say."""
    for (left, right), topic, is_first in itertools.product(itertools.product(LEFT, RIGHT), TOPICS, (True, False)):
        said = f"{left} {size.format(right)}{topic}"
        sentence = f"{when.capitalize()}, {said}." if is_first else f"{said} {when}."
        claim = parse_claim(sentence, said_on=dt.date(2026, 3, 1), today=TODAY)
        assert (claim.left, claim.right, claim.years) == (LEFT[left], RIGHT[right], TIMES[when]), sentence
        assert (claim.exceeds_by, claim.limit) == SIZES[size], sentence
        whose = tuple(word for word in ("companies", "inventors", "firms", "applicants") if word in left)
        assert claim.unread == (*whose, *TOPICS[topic]), sentence


def test_sides_stand_in_the_echo_with_their_articles() -> None:
    """The echo has full names, with articles, and says what is compared of shares, limits and spans."""
    us, nl = "the United States", "the Netherlands"
    share = "the share of China in the patents of"
    cases = {
        "US > 2x NL in 2015..2020": f"{us} compared with {nl} from 2015 to 2020: more than twice as many",
        "CN < 1.5x US in 2020": f"China compared with {us} in 2020: less than 1.5 times as many",
        "share of CN < 40% in 2020": f"{share} all countries in 2020: less than 40 %",
        "share of CN among CN+JP = 40% in 2020": f"{share} China and Japan together in 2020: 40 %",
        "CN > * in 2020": "China compared with all other countries in 2020: more",
        "CN = 0.6x US in 2020": f"China compared with {us} in 2020: 40 % fewer, which is 0.6 times as many",
        "CN = 5x US in 2020": f"China compared with {us} in 2020: 5 times as many",
    }
    assert {text: echo(parse_claim(text)) for text in cases} == cases
    assert office_name("NL") == "the Netherlands"


@pytest.mark.parametrize(
    ("unread", "topic"),
    [
        (("in rare earth recycling",), "rare earth; recycl*"),
        (("in the recycling of rare-earth magnets",), "recycl*; rare earth magnets"),
        (("for solar cells and wind turbines",), "solar cells, wind turbines"),
        (("According to WIPO", "AI"), "AI"),
        (("mining",), "mining"),
        (("granted",), ""),
        (('in "deep; learning" *',), "deep; learn*"),
        ((), ""),
    ],
)
def test_a_topic_is_offered_of_what_was_not_read(unread: tuple[str, ...], topic: str) -> None:
    """Parts between prepositions, an activity's stem and alternatives; no source, no sign that means something else."""
    assert topic_offered(unread) == topic
