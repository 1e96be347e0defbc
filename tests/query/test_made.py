"""A query that is made for one claim: what it says, and which topics it takes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.errors import QueryError
from patentscope.query.claim import parse_claim
from patentscope.query.made import USUAL_AXES, is_made, made_query, name_of, topic_of
from patentscope.query.query import Query
from patentscope.query.term import ASIAN, fault_of, parted

from places import QUERY, ROOT

CLAIM = parse_claim("CN > US+AU+JP by 73% in 2024")
#: Words of a topic, as somebody may type them: no separator in them, some with an ending left open.
_WORDS = st.from_regex(r"[A-Za-zäé0-9]{1,8}( [a-z]{3,8})?|[a-z]{3,8}\*|稀土|リサイクル", fullmatch=True)
_TOPICS = st.lists(st.lists(_WORDS, min_size=1, max_size=4), min_size=1, max_size=5)


@pytest.mark.parametrize(
    "text",
    [
        "CN > US+AU+JP by 73% in 2024",
        "JP+KR < CN in 2015..2020",
        "CN > 2x US in 2024",
        "share of CN > 60% in 2024",
        "share of CN among CN+US+AU+JP = 63% in 2024",
        'China > "US" in 2024'.replace('"', ""),
    ],
)
def test_a_made_query_holds_the_claim_that_it_was_made_for(text: str) -> None:
    """Read back from its text, the claim is the same: sides, size, years, tolerance, the day it was said, its words."""
    claim = parse_claim(text, tolerance=0.2, said_on=dt.date(2025, 3, 1))
    query = made_query(claim, name="x", title='A "title"\n', topic="rare earth")
    assert query.claims == (claim,)
    assert Query.parse(query.text) == query
    assert is_made(query.text)
    assert query.title == 'A "title"\n'


def test_without_a_topic_every_record_counts_and_with_one_its_words_go_first() -> None:
    """One reading takes every record; with a topic, another by its words goes first, and the wide one is not judged."""
    assert [(one.name, one.takes_all) for one in made_query(CLAIM, name="x", title="X").readings] == [("records", True)]
    query = made_query(CLAIM, name="x", title="X", topic="rare earth, neodymium; recycl*")
    assert [(one.name, one.takes_all) for one in query.readings] == [("words", False), ("records", True)]
    assert query.wider == {"records"}
    assert list(query.terms["en"].values()) == [("rare earth", "neodymium"), ("recycl*",)]
    assert len(query.readings[0].all) == 2


def test_its_axes_are_those_of_the_shipped_query_and_of_a_new_one() -> None:
    """A made query is counted in the ways in which the shipped query is, and the one that `new` writes."""
    template = (ROOT / "patentscope/data/query_template.toml").read_text(encoding="utf-8")
    new = Query.parse(template.replace("@NAME@", "new").replace("@TITLE@", "New"))
    assert USUAL_AXES == Query.load(QUERY).axes == new.axes == made_query(CLAIM, name="x", title="X").axes


@given(_TOPICS)
def test_a_topic_is_read_as_it_is_typed(parts: list[list[str]]) -> None:
    """Each part between semicolons is a group of the reading by words, whose alternatives are its terms."""
    topic = " ;".join(", ".join(part) for part in parts)
    query = made_query(CLAIM, name="x", title="X", topic=topic)
    assert _groups(query) == sorted(map(sorted, map(set, parts)))
    for language, groups in query.terms.items():
        for term in (term for terms in groups.values() for term in terms):
            assert bool(ASIAN.search(term)) == (language != "en")
    assert _groups(made_query(CLAIM, name="x", title="X", topic=topic_of(query))) == _groups(query)


def _groups(query: Query) -> list[list[str]]:
    """Return what the reading by words asks one each of."""
    groups = [member.removeprefix("terms.") for member in query.readings[0].all]
    return sorted(sorted({term for one in query.terms.values() for term in one.get(group, ())}) for group in groups)


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        (";", "nothing in part 1 of 2"),
        ("rare earth;; recycl*", "nothing in part 2 of 3"),
        ("rare earth,, neodymium", "a comma without a word"),
        ("!!!", "'!!!'"),
        ("re*", "'re*', with a * that can't be read"),
        ("*cycl", "can't be read"),
        ("recycl* magnet", "can't be read"),
        ("稀土*", "by characters"),
        (";".join(f"word{n}" for n in range(61)), "61 parts"),
    ],
)
def test_a_topic_that_cant_be_read_is_a_fault(topic: str, found: str) -> None:
    """What is wrong is named, with what was expected."""
    with pytest.raises(QueryError, match=re.escape(found)):
        made_query(CLAIM, name="x", title="X", topic=topic)


@given(st.lists(st.text(max_size=90), min_size=1, max_size=4))
def test_any_files_give_a_name_that_a_query_may_have(files: list[str]) -> None:
    """Whatever files are called, the query's name is one that a query file may have."""
    made_query(CLAIM, name=name_of(files), title="X")


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("recycl*", ("", "recycl")),
        ("rare earth recover*", ("rare earth", "recover")),
        ("rare-earth-recover*", ("rare-earth", "recover")),
        ("ＲＡＲＥ＊", ("", "RARE")),
        ("rare earth", ("rare earth", "")),
        ("re*", ("re*", "")),
        ("x.recycl*", ("x.recycl*", "")),
    ],
)
def test_the_last_word_of_a_term_may_be_left_open(term: str, parts: tuple[str, str]) -> None:
    """A `*` stands once, at the end of the last word, after three letters or more; any other is a fault."""
    assert parted(term) == parts
    assert bool(fault_of(term)) == ("*" in term and not parts[1])


def test_a_query_names_every_term_with_a_star_that_cant_be_read() -> None:
    """The fault has the term's key, and stands beside all others."""
    text = (
        'name = "x"\n[topic.terms.en]\na = ["*", "re*", "recycl*"]\n[topic.terms.zh]\na = ["稀土*"]\n'
        '[topic.readings]\nt = { all = ["terms.a"] }\nrecords = { all = ["terms.a"] }\n'
    )
    with pytest.raises(QueryError) as raised:
        Query.parse(text)
    assert [fault.where for fault in raised.value.faults] == [
        *["topic.terms.en.a"] * 2,
        "topic.terms.zh.a",
        "topic.readings.records",
    ]
