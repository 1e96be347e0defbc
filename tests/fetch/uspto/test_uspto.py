"""Fetching from the USPTO's portal, against a server on loopback that behaves and misbehaves like the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from patentscope.errors import FetchError, QuotaExceeded
from patentscope.fetch.uspto import query as uspto_query
from patentscope.fetch.uspto import source as uspto
from patentscope.query.query import Query

from factories import CLASSIFIER, query_text
from places import QUERY as SHIPPED
from servers.post import Moods, serve
from servers.uspto import KEY, WALL, Application, Portal
from worlds.asked import ask

CLASSES = query_text("classes", sources=["uspto"], years=[2020, 2022], readings=CLASSIFIER)
WORDS = query_text(
    "words",
    years=[2020, 2022],
    classes={},
    terms={"en": {"rare_earth": ["rare earth", "NdFeB"], "recycling": ["recycle", "scrap"]}},
)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key."""
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    monkeypatch.setenv("USPTO_ODP_API_KEY", KEY)


@pytest.fixture
def fetch(tmp_path: Path):
    """Give what fetches a query's pool from a base address, through a cache of this test's own."""
    return lambda base, text=CLASSES, **how: ask(uspto, base, tmp_path / "cache", text, **how)


def numbers(found) -> list[str]:
    """Return the publication numbers that came, sorted."""
    return sorted(found.table.column("publication_number").to_pylist())


def applications(count: int, first: int = 1, **facts: str) -> list[Application]:
    """Return made applications, published in March 2021 unless *facts* say otherwise."""
    return [
        Application(f"{16000000 + first + i}", **({"published": f"2021-03-{1 + i % 28:02d}"} | facts))
        for i in range(count)
    ]


def test_across_the_wall_nothing_is_lost(fetch) -> None:
    """Over 10,000 applications, cut by document, year, month and day, each comes once, and that is proof."""
    made = [
        *applications(WALL + 60),
        *applications(30, 20000, published="2020-05-05", granted="2021-06-06"),
        *applications(20, 30000, published="2018-05-05", granted="2022-07-07"),
        *applications(10, 40000, published="", granted="2024-08-08"),
        *applications(40, 50000, published="2018-05-05", granted="2019-07-07"),
        *applications(50, 60000, published=""),
    ]
    with serve(Portal(made)) as (base, state):
        found = fetch(base)
    table = found.table.to_pylist()
    assert {row["application_number"] for row in table} == {f"US{one.number}" for one in made[: WALL + 120]}
    assert len(table) == len(set(numbers(found))) == WALL + 60 + 2 * 30 + 2 * 20 + 10
    assert found.source.status == "complete"
    where = {piece["where"]: piece["received"] for piece in found.source.slices}
    assert (where["published 2020"], where["granted"], where["published 2021-03-03"]) == (30, 30, 360)
    assert [split["where"] for split in found.source.splits] == [
        "published 2021-03", "published 2021", "published", "all",
    ]  # fmt: skip
    assert all(split["stated"] == split["inside"] for split in found.source.splits)
    assert max(state.asked.values()) == 1
    assert state.most_at_once == 1


@pytest.mark.parametrize("is_whole", [True, False])
def test_classes_are_found_however_the_index_keeps_them(fetch, is_whole: bool) -> None:
    """Symbols kept whole or cut into words: subclasses, groups and exact symbols find what they mean."""
    text = CLASSES.replace('["C22B7"]', '["B09B", "H01M10/54", "C22B7/006", "C01F17/00="]')
    made = [
        Application("16000001", "2021-01-01", cpc=("C22B  59/00", "B09B   3/40")),
        Application("16000002", "2021-01-01", cpc=("C22B  59/10", "H01M  10/54")),
        Application("16000003", "2021-01-01", cpc=("C22B  59/00", "C22B   7/006")),
        Application("16000004", "2021-01-01", cpc=("C22B  59/00", "C01F  17/00")),
        Application("16000005", "2021-01-01", cpc=("C22B  59/00", "C01F  17/10")),
        Application("16000006", "2021-01-01", cpc=("C22B   7/59", "B09B   3/40")),
        Application("16000007", "2021-01-01", cpc=("C22B2059/00", "B09B   3/40")),
        Application("16000008", "2021-01-01", cpc=("C22B  59/00", "H01M 100/54", "C22B   7/00")),
    ]
    with serve(Portal(made, is_whole=is_whole)) as (base, _):
        found = fetch(base, text)
    assert [number[-3:-2] for number in numbers(found)] == ["1", "2", "3", "4"]
    assert found.table.column("cpc").to_pylist()[0] == ["C22B59/00", "B09B3/40"]
    assert "no application of any date" not in found.source.note


def test_symbols_that_find_nothing_are_named(fetch) -> None:
    """A symbol that no application of any date has is named beside the result: absence, or another spelling."""
    made = [*applications(3), Application("16900000", "1999-01-01", cpc=("C22B   3/04",))]
    text = CLASSES.replace('["C22B7"]', '["C22B7", "B65H73", "C22B3"]')
    with serve(Portal(made)) as (base, _):
        found = fetch(base, text)
    assert "no application of any date is found by B65H73" in found.source.note
    assert "C22B3" not in found.source.note


def test_words_are_looked_for_in_titles(fetch) -> None:
    """Phrases, abbreviations and inflected words are found in titles, and the note says that there are no abstracts."""
    titles = ["Recycling of NdFeB magnets", "Rare-earth scrap", "Rare gases and earth from scrap", "A rare earth lamp"]
    made = [Application(f"1600000{i}", "2021-01-01", title=title, cpc=()) for i, title in enumerate(titles)]
    with serve(Portal(made)) as (base, _):
        found = fetch(base, WORDS)
    assert sorted(found.table.column("title").to_pylist()) == ["Rare-earth scrap", "Recycling of NdFeB magnets"]
    assert "no abstracts" in found.source.note


def test_the_shipped_query_can_be_asked() -> None:
    """Every reading of the shipped query but the classifier's is asked, without one search twice."""
    found = dict(uspto_query.searches(Query.load(SHIPPED)))
    assert set(found) == {"class_strict", "oecd_and_terms", "terms", "broad"}
    assert all(search.isascii() and search.count("(") == search.count(")") for search in found.values())


def test_one_application_may_be_two_documents(fetch) -> None:
    """Proof counts applications, rows count documents: rows in are rows out and set aside, by reason."""
    made = [
        Application("16000001", "2020-02-02", "2021-03-03"),
        Application("16000002", "2020-02-02"),
        Application("16000003", "", "2021-03-03"),
        Application("16000004", "2020-02-02", first_number=""),
        Application("16000005", "2020-02-02", "2021-03-03", first_number="WO2019123456A1"),
        Application("90000006", "", "2021-03-03", patent_number="9123456"),
    ]
    with serve(Portal(made)) as (base, _):
        found = fetch(base)
    assert numbers(found) == ["US16000001", "US16000003", "US16000005", "US20206000001A1", "US20206000002A1"]
    kinds = dict(zip(found.table.column("publication_number").to_pylist(), found.table.column("kind").to_pylist(),
                     strict=True))  # fmt: skip
    assert kinds["US16000001"] is None
    assert kinds["US20206000001A1"] == "A1"
    assert {loss.reason: loss.count for loss in found.set_aside} == {
        "not published": 1, "no publication number of the USPTO": 1, "a reexamination, no application": 1,
    }  # fmt: skip
    assert found.rows_in == found.table.num_rows + 3
    assert [(piece["stated"], piece["received"]) for piece in found.source.slices] == [(6, 6)]
    assert found.source.status == "complete"
    assert "US" not in found.source.lacks_offices
    assert {"CN", "EP", "WO", "JP"} <= set(found.source.lacks_offices)


def test_a_page_that_is_too_large_comes_in_halves(fetch) -> None:
    """413 is answered by asking for less; an application that alone is too large is an error, not a loss."""
    portal = Portal(applications(230))
    portal.largest_page = 30
    with serve(portal) as (base, _):
        found = fetch(base)
        assert len(set(numbers(found))) == 230
        assert found.source.status == "complete"
        portal.too_large = "16000105"
        with pytest.raises(FetchError, match="application 105 of the search"):
            fetch(base, CLASSES.replace("2020, 2022", "2019, 2022"))


def test_a_met_limit_stops_with_the_time_and_goes_on_without_asking_twice(fetch) -> None:
    """The fetch stops with the clock time at which to go on; going on asks only for what had not come."""
    moods = Moods(from_then=(3, (429, '{"code": 429}', {})))
    with serve(Portal(applications(450), moods)) as (base, state):
        with pytest.raises(QuotaExceeded, match=r"go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC with the same command"):
            fetch(base)
        moods.from_then = None
        found = fetch(base)
    assert len(set(numbers(found))) == 450
    assert max(state.asked.values()) == 1


def test_nothing_found_is_a_result(fetch) -> None:
    """The portal's 404 with its sentence gives an empty table, proven complete, and every symbol is named."""
    with serve(Portal([])) as (base, _):
        found = fetch(base)
    assert found.table.num_rows == 0
    assert found.source.status == "complete"
    assert "found by C22B59, C22B7" in found.source.note
