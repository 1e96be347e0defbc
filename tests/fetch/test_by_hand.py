"""The searches to export by hand: each is well-formed in its site's language, and finds what the topic asks for."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_grammar import finds, parsed, terms_of

from patentscope.cli import main
from patentscope.errors import UsageError
from patentscope.fetch.by_hand import (
    ALL,
    Search,
    first_year,
    quoted,
    searches,
    to_paste,
    why_these_years,
)
from patentscope.fetch.search_lines import Printed
from patentscope.fetch.sites import SITES, Site
from patentscope.query.query import Query

from places import QUERY

LENS, GOOGLE, ESPACENET = SITES
MADE = """
name = "check"
title = "check"
[scope]
years = [{year}, {year}]
[topic.terms.en]
{groups}
[topic.readings]
words = {{ all = {members} }}
[axes]
date = ["priority", "publication"]
[[claims]]
id = "check"
quote = "q"
year = {year}
left = {left}
right = {right}
"""


def made(
    *groups: Sequence[str], left: Sequence[str] = ("CN",), right: Sequence[str] = ("US", "JP"), year: int = 2024
) -> Query:
    """Return a query made of a claim and a topic: every group must occur, by one of its terms."""
    names = [f"part_{place}" for place in range(len(groups))]
    return Query.parse(
        MADE.format(
            year=year,
            groups="\n".join(f"{name} = {json.dumps(group)}" for name, group in zip(names, groups, strict=True)),
            members=json.dumps([f"terms.{name}" for name in names]),
            left=json.dumps(left),
            right=json.dumps(right),
        )
    )


RARE_EARTHS = made(["rare earth", "neodymium"], ["recycl*"])


def pasted(query: Query, claim: str = "China > Japan in 2024", topic: str = "t", **said: Any) -> dict[str, Any]:
    """Return what `check` prints without a file, as JSON has it."""
    return to_paste(query, claim_text=claim, topic=topic, **{"said_on": None, **said})


def test_the_world_at_the_lens_and_every_office_elsewhere() -> None:
    """The Lens is asked once, by office only where that is too much; Google for the claim's own offices alone."""
    found = searches(Query.load(QUERY))
    claimed = ["CN", "US", "AU", "JP"]
    by_site = {site.name: [one.office for one in found if one.site == site.name and one.number == 1] for site in SITES}
    assert by_site == {
        "Lens": ["", *claimed, "WO", "EP"],
        "Google Patents": claimed,
        "Espacenet": [*claimed, "WO", "EP"],
    }
    assert [one.if_more_than for one in found if one.site == "Lens"] == [None, *[50_000] * 6]
    assert {one.if_more_than for one in found if one.site != "Lens"} == {None}
    assert len({search.file for search in found}) == len(found)
    for search in found:
        assert parsed(search)
        assert search.office in search.text


def test_against_all_others_the_whole_world_is_asked() -> None:
    """`*` is every country there is, so no search names an office."""
    found = searches(made(["magnet"], left=["JP"], right=["*"]))
    assert [(one.site, one.office, one.file) for one in found] == [
        ("Lens", "", "lens.csv"),
        ("Google Patents", "", "google.csv"),
        ("Espacenet", "", "espacenet.csv"),
    ]
    assert not any("country:" in one.text or "pn =" in one.text or "jurisdiction" in one.text for one in found)


def test_what_is_printed_for_a_made_query() -> None:
    """Word for word, as help pages and exports write them."""
    texts = {one.file: one.text for one in searches(RARE_EARTHS)}
    lens = (
        '((title:("rare earth" OR neodymium) OR abstract:("rare earth" OR neodymium))'
        " AND (title:(recycl*) OR abstract:(recycl*)))"
    )
    assert texts["lens.csv"] == f"{lens} AND date_published:[2019-01-01 TO *]"
    assert texts["lens-cn.csv"] == f"{lens} AND jurisdiction:CN AND date_published:[2019-01-01 TO *]"
    assert texts["google-us.csv"] == (
        '((TI=("rare earth" OR neodymium) OR AB=("rare earth" OR neodymium)) AND (TI=(recycl*) OR AB=(recycl*)))'
        " country:US after:publication:20190101"
    )
    assert texts["espacenet-wo.csv"] == (
        '((ta any "neodymium*" OR ta = "rare earth") AND (ta any "recycl*")) AND pn = "WO" AND pd >= "2019-01-01"'
    )


_WORDS = (
    "magnet",
    "scrap",
    "neodymium",
    "ree",
    "AND",
    "recycl*",
    "e-waste",
    "rare earth",
    "rare earth*",
    "used battery",
)
_TOPICS = st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8, unique=True), min_size=1, max_size=3)
_OFFICES = st.lists(st.sampled_from(["CN", "US", "JP", "AU", "KR", "DE", "GB"]), min_size=2, max_size=7, unique=True)


@given(_TOPICS, _OFFICES, st.data())
def test_every_search_is_well_formed_short_and_finds_the_topic(topic, offices, data) -> None:
    """Whatever topic and claim: each search parses, keeps its site's limits, and is known again as this query's.

    A publication that has one term of every part in its title or abstract is found by a search of every site.
    """
    query = made(*topic, left=offices[:1], right=offices[1:])
    found = [Search(**one) for one in pasted(query)["searches"]]
    title, abstract = ([data.draw(st.sampled_from(terms)) for terms in topic[place::2]] for place in (0, 1))
    held = " ... ".join(title).replace("*", "s"), " ... ".join(abstract).replace("*", "s")
    printed = Printed(query)
    office = data.draw(st.sampled_from(offices))
    for search in found:
        assert parsed(search), search.text
        assert len(quote_plus(search.text)) <= 4000
        if search.site == "Espacenet":
            counts = terms_of(search.text)
            assert sum(counts.values()) <= 20
            assert max(counts.values()) <= 10
            assert printed.holds(f"12 results found for {search.text}")
    for site in SITES:
        texts = [one for one in found if one.site == site.name and one.office in {"", office}]
        assert any(finds(one, *held, office, 2019) for one in texts) or not texts
        assert not any(finds(one, *held, office, 2018) or finds(one, "", "", office, 2024) for one in texts)
    assert any(search.site == "Lens" for search in found)


def test_a_topic_too_long_for_espacenet_is_cut_or_left_out() -> None:
    """Twelve words are asked in two searches by office, of ten terms at most; sixty words at the other sites only."""
    words = [f"metal{chr(97 + place)}" for place in range(12)]
    counted = {one["file"]: one["of"] for one in pasted(made(words, ["scrap"]))["searches"]}
    assert counted["espacenet-cn-1.csv"] == 2
    many = [f"{word}{ending}" for word in words for ending in "abcde"]
    sites = {one["site"] for one in pasted(made(many, many))["searches"]}
    assert sites == {"Lens", "Google Patents"}


def test_the_command_to_run_next() -> None:
    """It names the first file, and the claim, topic and date as they were given, whatever quotes stand in them."""
    said = "Last year, China's patents > Japan's by 73%"
    command = pasted(RARE_EARTHS, said, 'rare earth, "neodymium"; recycl*', said_on=dt.date(2025, 10, 31))["next"]
    assert shlex.split(command) == [
        *("patentscope", "check", "lens.csv", said),
        *("--topic", 'rare earth, "neodymium"; recycl*', "--said-on", "2025-10-31"),
    ]
    assert f'"{said}"' in command
    assert pasted(RARE_EARTHS)["next"] == 'patentscope check lens.csv "China > Japan in 2024" --topic t'


@given(st.text(st.characters(exclude_categories=["C"])))
def test_any_word_is_quoted(word: str) -> None:
    """A shell takes it back as it was."""
    assert shlex.split(quoted(word)) == [word]


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_class_of_the_reading_is_asked_for(site: object) -> None:
    """No symbol of the baseline reading is missing, whatever the site's way to write it."""
    query = Query.load(QUERY)
    text = " ".join(s.text for s in searches(query) if s.site == site.name and s.office == "CN")  # type: ignore[attr-defined]
    for group in ("rare_earth", "recycling"):
        for symbol in query.classes[group]:
            assert symbol in text.replace("\\", ""), symbol


def test_a_main_group_is_not_a_prefix_of_another() -> None:
    """C22B7 is asked for as C22B7/..., for a bare C22B7* would bring C22B70."""
    lens = searches(Query.load(QUERY))[0].text
    assert r"C22B7\/*" in lens
    assert "C22B7*" not in lens


def test_a_wildcard_stands_for_no_subgroup() -> None:
    """H01M10/54 is asked for as it is, and what stands under C04B18/04 by name: digits tell nothing."""
    found = {one.site: one.text for one in searches(Query.load(QUERY), ["oecd_and_terms", "class_strict"])}
    assert r"H01M10\/54 " in found["Lens"]
    assert r"H01M10\/54*" not in found["Lens"]
    lens = " ".join(one.text for one in searches(Query.load(QUERY), ["oecd_and_terms"]) if one.site == "Lens")
    assert r"C04B18\/141" in lens


def test_all_readings_are_searched_for() -> None:
    """With `all`, terms and the other readings' classes are in the search; the classifier asks for nothing."""
    found = [search for search in searches(Query.load(QUERY), [ALL]) if search.office == "CN"]
    for site in SITES:
        text = " ".join(search.text for search in found if search.site == site.name)
        assert '"rare earth"' in text
        assert "A43B1" in text
    assert all(map(parsed, found))


def test_an_unknown_reading_names_those_that_are_there() -> None:
    """A misspelt reading is refused with the list."""
    with pytest.raises(UsageError, match="class_strict"):
        searches(Query.load(QUERY), ["klass"])


def test_sources_prints_them_with_the_run_that_follows(capsys: pytest.CaptureFixture[str]) -> None:
    """`patentscope sources` prints each search on a line of its own, and the `run --input` with their files."""
    assert main(["sources", "--query", str(QUERY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = searches(Query.load(QUERY))
    for search in found:
        assert search.text in lines
    assert f"patentscope run {QUERY} --input lens.csv" in lines
    assert any(line.startswith(f"patentscope run {QUERY} --input google-cn.csv google-us.csv") for line in lines)
    assert "If Lens shows more than 50,000 results, these instead:" in " ".join(lines)
    assert main(["sources", "--query", str(QUERY), "--json"]) == 0
    as_json = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in as_json[-1]["searches"]] == [one.text for one in found]
    assert as_json[-1]["publication_years_from"] == 2010


def test_the_years_cover_those_that_are_counted() -> None:
    """From five years before the claim's on, or the charts' first, as publication dates count; else the claim's."""
    query = Query.load(QUERY)
    assert first_year(query) == 2010
    assert "in 2010, 14 years before 2024" in why_these_years(query)
    assert "no last date" in why_these_years(query)
    assert first_year(RARE_EARTHS) == 2019
    by_priority = replace(RARE_EARTHS, axes={**query.axes, "date": ("priority",)})
    assert first_year(by_priority) == 2024
    assert "would look new" not in why_these_years(by_priority)
    without_claims = replace(query, claims=(), axes={**query.axes, "date": ("publication",)})
    assert first_year(without_claims) == 2005
    assert "filed" not in why_these_years(without_claims)


@pytest.mark.parametrize(
    ("reading", "said"),
    [("terms", {"AB= alone", "its abstract alone", "more terms than"}), ("broad", {"CPC= can't"})],
)
def test_hits_that_the_export_cannot_show_are_named(reading, said, capsys) -> None:
    """A search by terms says which hits its export can't show to be on topic, one by classes likewise."""
    assert main(["sources", "--query", str(QUERY), "--reading", reading]) == 0
    printed = capsys.readouterr().out
    known = ("AB= alone", "its abstract alone", "CPC= can't", "more terms than")
    assert {text for text in known if text in printed} == said


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_what_is_too_long_for_a_site_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each search fits, is numbered and saved by itself, and together they ask for every pair of symbols."""
    query = Query.load(QUERY)
    monkeypatch.setattr("patentscope.fetch.by_hand.SITES", (site._replace(takes=lambda _: True),))
    (whole,) = (one.text for one in searches(query) if one.office == "CN")
    monkeypatch.setattr("patentscope.fetch.by_hand.SITES", (site._replace(most=400),))
    found = [one for one in searches(query) if one.office == "CN"]
    assert len(found) > 1
    assert [(one.number, one.of) for one in found] == [(place, len(found)) for place in range(1, len(found) + 1)]
    assert len({one.file for one in found}) == len(found)
    assert all(len(quote_plus(one.text)) <= 400 and parsed(one) for one in found)
    pairs = [{frozenset(pair) for pair in itertools.product(*sides(one.text))} for one in found]
    assert set().union(*pairs) == {frozenset(pair) for pair in itertools.product(*sides(whole))}


def sides(text: str) -> list[set[str]]:
    """Return the symbols on the two sides of a reading's AND."""
    rare_earth, recycling, *_ = text.split(" AND ")
    return [set(re.findall(r"\b[A-HY]\d\d[A-Z](?:\d+(?:\\?/(?:\d+|\*))?)?", side)) for side in (rare_earth, recycling)]


def test_cut_searches_are_printed_by_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A search cut in two says which it is and under which name it is saved; both files are in the run that follows."""
    monkeypatch.setattr("patentscope.fetch.by_hand.SITES", (LENS._replace(most=600), GOOGLE, ESPACENET))
    assert main(["sources", "--query", str(QUERY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "China, search 1 of 2, saved as lens-cn-1.csv:" in lines
    assert "China, search 2 of 2, saved as lens-cn-2.csv:" in lines
    assert any("--input lens-1.csv lens-2.csv" in line for line in lines)
    assert any("a document that more than one of them finds counts once" in line for line in lines)
