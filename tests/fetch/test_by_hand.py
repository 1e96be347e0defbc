"""The searches to export by hand: for every site and office, ready to paste, and what follows."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from urllib.parse import quote_plus

import pytest

from patentscope.cli import main
from patentscope.errors import UsageError
from patentscope.fetch.by_hand import ALL, SITES, Site, published_from, searches, years_to_export
from patentscope.query.query import Query

from places import QUERY


def balanced(text: str) -> bool:
    """Say whether brackets and quotes close."""
    bare = re.sub(r'"[^"]*"', "", text)
    return text.count('"') % 2 == 0 and bare.count("(") == bare.count(")") and bare.count("[") == bare.count("]")


def test_one_search_for_every_site_and_office_of_the_claim() -> None:
    """CN, US, JP and AU are asked for at each site, each search well-formed and saved under a name of its own."""
    found = searches(Query.load(QUERY))
    assert {(search.site, search.office) for search in found} == {
        (site.name, office) for site in SITES for office in ("CN", "US", "JP", "AU")
    }
    assert len({search.file for search in found}) == len(found)
    assert all(balanced(search.text) for search in found)
    assert all(search.text.count(search.office) for search in found)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_class_of_the_reading_is_asked_for(site: object) -> None:
    """No symbol of the baseline reading is missing, whatever the site's way to write it."""
    query = Query.load(QUERY)
    (text,) = (s.text for s in searches(query) if s.site == site.name and s.office == "CN")  # type: ignore[attr-defined]
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
        assert balanced(text)


def test_an_unknown_reading_names_those_that_are_there() -> None:
    """A misspelt reading is refused with the list."""
    with pytest.raises(UsageError, match="class_strict"):
        searches(Query.load(QUERY), ["klass"])


def test_sources_prints_them_with_the_run_that_follows(capsys: pytest.CaptureFixture[str]) -> None:
    """`patentscope sources` prints each search on a line of its own, and the `run --input` with their files."""
    assert main(["sources", "--query", str(QUERY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    for search in searches(Query.load(QUERY)):
        assert search.text in lines
    assert f"Then: patentscope run {QUERY} --input lens-cn.csv lens-us.csv lens-au.csv lens-jp.csv" in lines
    assert main(["sources", "--query", str(QUERY), "--json"]) == 0
    as_json = json.loads(capsys.readouterr().out)
    assert len(as_json[-1]["searches"]) == 12


def test_years_to_export_cover_those_that_are_counted() -> None:
    """All from five years before the claim's on, as publication dates count; by other dates, from the claim's on."""
    query = Query.load(QUERY)
    assert published_from(query) == 2019
    text = years_to_export(query)
    assert "export those from 2019 to this one" in text
    assert "The charts begin in 2010" in text
    by_priority = replace(query, axes={**query.axes, "date": ("priority",)})
    assert published_from(by_priority) == 2024
    assert "Earlier publications" not in years_to_export(by_priority)
    without_claims = replace(query, claims=(), axes={**query.axes, "date": ("publication",)})
    assert published_from(without_claims) == 2005
    assert "filed" not in years_to_export(without_claims)


@pytest.mark.parametrize(
    ("reading", "said"), [("terms", {"AB= alone", "its abstract alone"}), ("broad", {"CPC= can't"})]
)
def test_hits_that_the_export_cannot_show_are_named(reading, said, capsys) -> None:
    """A search by terms says which hits its export can't show to be on topic, one by classes likewise."""
    assert main(["sources", "--query", str(QUERY), "--reading", reading]) == 0
    printed = capsys.readouterr().out
    assert {text for text in ("AB= alone", "its abstract alone", "CPC= can't") if text in printed} == said
    assert "export those from 2019 to this one" in printed
    assert main(["sources", "--query", str(QUERY), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1]["publication_years_from"] == 2019


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_what_is_too_long_for_a_site_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each search fits, is numbered and saved by itself, and together they ask for every pair of symbols."""
    query = Query.load(QUERY)
    (whole,) = (one.text for one in searches(query) if one.site == site.name and one.office == "CN")
    monkeypatch.setattr("patentscope.fetch.by_hand.SITES", (site._replace(most=450),))
    found = [one for one in searches(query) if one.office == "CN"]
    assert len(found) > 1
    assert [(one.number, one.of) for one in found] == [(place, len(found)) for place in range(1, len(found) + 1)]
    assert len({one.file for one in found}) == len(found)
    assert all(len(quote_plus(one.text)) <= 450 and balanced(one.text) for one in found)
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
    monkeypatch.setattr("patentscope.fetch.by_hand.SITES", (SITES[0]._replace(most=600), *SITES[1:]))
    assert main(["sources", "--query", str(QUERY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "CN, search 1 of 2, saved as lens-cn-1.csv:" in lines
    assert "CN, search 2 of 2, saved as lens-cn-2.csv:" in lines
    assert any("--input lens-cn-1.csv lens-cn-2.csv lens-us-1.csv" in line for line in lines)
    assert any("a document that more than one of them finds counts once" in line for line in lines)
