"""Searching SureChEMBL, against a server on loopback in each of the variants that its documentation leaves open."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest

from patentscope import Query, run
from patentscope.errors import FetchError, NotCached
from patentscope.fetch.surechembl import search as surechembl
from patentscope.provenance.ledger import Source
from patentscope.provenance.search import CUT

from factories import claim as claim_of
from factories import query_text
from servers.surechembl import Moods, Record, serve
from worlds.asked import ask
from worlds.surechembl_search import ASKED, SMALL

LACKS_AU = "no source of this run covers Australia"
WITH_CLAIMS = query_text(
    **ASKED,
    claims=[claim_of("with-au", year=2023), claim_of("without-au", year=2023, right=["US", "JP"])],
    axes={"basis": ["office"], "date": ["publication"], "unit": ["publication"]},
)


def records(count: int, years: tuple[int, int] = (2022, 2024)) -> list[Record]:
    """Return made documents, spread over years, months and offices."""
    offices = ("CN", "CN", "US", "JP", "EP", "WO")
    span = years[1] - years[0] + 1
    return [
        Record(
            f"{offices[i // span % 6]}-{100000000 + i}-A",
            f"{years[0] + i % span}{1 + i // span % 12:02d}{1 + i % 28:02d}",
        )
        for i in range(count)
    ]


def fetch(base: str, cache: Path, text: str = SMALL, **how: object) -> tuple[pa.Table, Source]:
    """Fetch the small query's pool from *base*: the publications, and the account of them."""
    found = ask(surechembl, base, cache, text, **how)
    return found.table, found.source


def numbers(table) -> set[str]:
    """Return a table's distinct publication numbers."""
    return set(table.column("publication_number").to_pylist())


def wanted(made: list[Record]) -> set[str]:
    """Return the numbers of made documents as the program writes them."""
    return {record.number.replace("-", "") for record in made}


@pytest.mark.parametrize(
    "moods",
    [
        Moods(first_page=1),
        Moods(first_page=1, before_first="clamped"),
        Moods(first_page=1, before_first="empty"),
        Moods(first_page=0),
        Moods(is_padded=False),
        Moods(first_page=0, is_padded=False, most_items=100),
    ],
    ids=["from 1", "from 1, clamped", "from 1, empty", "from 0", "symbols as written", "from 0, as written, short"],
)
def test_in_every_variant_all_of_it_comes(moods: Moods, tmp_path: Path) -> None:
    """Wherever pages begin and however classes are written, every document comes, and each slice proves it."""
    made = [*records(2600), *(Record(f"EP-{7000000 + i}-A1", "20240502", cpc=(), ipc=()) for i in range(30))]
    with serve(made, moods) as (base, state):
        table, source = fetch(base, tmp_path)
    assert numbers(table) == wanted(made)
    assert source.status == "complete"
    assert source.splits
    assert all(piece["stated"] == piece["received"] for piece in source.slices)
    assert sum(piece["received"] for piece in source.slices if piece["part"] == "strict/1") == 2600
    assert max(state.asked.values()) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("first_page", [0, 1])
def test_a_few_documents_are_enough_to_tell_pages(count: int, first_page: int, tmp_path: Path) -> None:
    """With none, one, two or three documents the first page is found all the same, and none is lost."""
    made = records(count)
    with serve(made, Moods(first_page=first_page)) as (base, _):
        table, source = fetch(base, tmp_path)
    assert numbers(table) == wanted(made)
    # Where no class finds anything, it can't be told an empty topic from a spelling that nobody knows.
    assert source.is_proven is (count > 0)


def test_pages_that_never_turn_are_refused(tmp_path: Path) -> None:
    """A server that shows one page under every number is named as such; nothing is taken from it."""
    with (
        serve(records(40), Moods(is_stuck=True)) as (base, _),
        pytest.raises(FetchError, match=r"can't be told apart.*show nothing; CN100000000A; CN100000000A of 40 hits"),
    ):
        fetch(base, tmp_path)


def test_a_full_month_is_cut_by_office_and_day(tmp_path: Path) -> None:
    """A month over the window is cut by office, an office by day; what is of no listed office counts too."""
    made = [Record(f"CN-{200000000 + i}-A", f"202403{1 + i % 20:02d}") for i in range(1500)]
    made += [Record(f"KR-{300000000 + i}-A", "20240305") for i in range(7)]
    with serve(made) as (base, _):
        table, source = fetch(base, tmp_path)
    assert numbers(table) == wanted(made)
    where = {piece["where"]: piece["received"] for piece in source.slices if piece["part"] == "terms/1"}
    assert (where["2024-03-01 CN"], where["2024-03 other offices"]) == (75, 7)
    assert source.status == "complete"


def test_a_day_over_the_window_is_refused(tmp_path: Path) -> None:
    """More hits than the window on one day at one office are an error that names the slice, not a loss."""
    made = [Record(f"CN-{200000000 + i}-A", "20240305") for i in range(1001)]
    with serve(made) as (base, _), pytest.raises(FetchError, match=r"2024-03-05 CN.*can't be cut further"):
        fetch(base, tmp_path)


@pytest.mark.parametrize(
    ("moods", "word", "asked"),
    [
        (Moods(refused_fields=frozenset({"cpc"})), "the field cpc can't be asked", ["ic:C22B0059*"]),
        (
            Moods(without_wildcards=frozenset({"cpc"})),
            "the field cpc has no wildcards",
            ["cpc:C22B0059", "ic:C22B0059*"],
        ),
        (Moods(without_wildcards=frozenset({"cpc", "ic"}), is_padded=False), "no wildcards", ['cpc:"C22B59/00"']),
    ],
)
def test_a_fallback_is_named_and_proves_nothing(moods: Moods, word: str, asked: list[str], tmp_path: Path) -> None:
    """Where classes can only be asked in part, the note says how, and the pool is not proven complete."""
    with serve(records(60), moods) as (base, _):
        table, source = fetch(base, tmp_path)
    assert table.num_rows
    assert word in source.note
    assert all(text in source.note for text in asked)
    assert source.status == "cut"


def test_listed_symbols_do_not_hide_that_there_are_no_wildcards(tmp_path: Path) -> None:
    """A subgroup is found by its name alone; that a main group is not found by what begins so is seen all the same."""
    moods = Moods(without_wildcards=frozenset({"cpc", "ic"}), is_padded=False)
    with serve(records(60), moods) as (base, _):
        _, source = fetch(base, tmp_path, SMALL.replace('"C22B7"', '"C22B7/006"'))
    assert "the field cpc has no wildcards" in source.note
    assert source.status == CUT


def test_without_classes_only_terms_are_asked(tmp_path: Path) -> None:
    """Where no class can be asked, readings by terms still are; a query without any is refused."""
    moods = Moods(refused_fields=frozenset({"cpc", "ic"}))
    with serve(records(60), moods) as (base, _):
        table, source = fetch(base, tmp_path)
        assert numbers(table) == wanted(records(60))
        assert {piece["part"] for piece in source.slices} == {"terms/1", "whole documents"}
        assert "asked by terms only, or not at all: strict" in source.note
        assert source.status == "cut"
        with pytest.raises(FetchError, match=r"field cpc can't be asked.*no reading is by English terms alone"):
            fetch(base, tmp_path, text=SMALL.replace("terms = {", "other = {").split("other =")[0])


def test_outages_are_waited_out(tmp_path: Path) -> None:
    """Busy servers, cut lines, pages of HTML and empty data are tried again, and leave no trace in the result."""
    made = records(300)
    moods = Moods(
        fail={2: 502, 9: 503, 10: 503}, cut={12}, garbled={14: b"<html>", 15: b'{"status": "OK", "data": {}}'}
    )
    with serve(made, moods) as (base, _):
        table, source = fetch(base, tmp_path)
    assert numbers(table) == wanted(made)
    assert source.status == "complete"
    assert "can't be asked" not in source.note


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"status": "ERROR", "error_message": "Query is too general"}, "Query is too general"),
        (
            {"status": "OK", "data": {"results": {"total_hits": 3, "documents": []}}, "error_message": "shard lost"},
            "shard lost",
        ),
        ({"status": "OK", "data": {"results": {"documents": []}}}, "documents"),
    ],
)
def test_an_error_is_quoted_and_not_kept(answer: dict, word: str, tmp_path: Path) -> None:
    """A status other than OK, an error message and a missing total end the fetch with the answer's own words."""
    with serve(records(20)) as (base, state):
        fetch(base, tmp_path / "other")
        first_search = next(number for number, text in enumerate(state.searches, start=1) if "pd:" in text)
    moods = Moods(garbled=dict.fromkeys(range(first_search, first_search + 4), json.dumps(answer).encode()))
    with serve(records(20), moods) as (base, _):
        with pytest.raises(FetchError, match=word):
            fetch(base, tmp_path)
        table, _ = fetch(base, tmp_path)
    assert table.num_rows


@pytest.mark.parametrize("moods", [Moods(lie=3), Moods(repeats=True)])
def test_what_does_not_add_up_is_no_proof(moods: Moods, tmp_path: Path) -> None:
    """A total that lies and pages that repeat a document show as missing documents."""
    with serve(records(700), moods) as (base, _):
        _, source = fetch(base, tmp_path)
    assert source.status == "cut"
    assert any(piece["stated"] > piece["received"] for piece in source.slices)


def test_unreadable_documents_are_set_aside(tmp_path: Path) -> None:
    """A document without a number is counted with its reason; the rest comes, and the proof holds."""
    made = records(40)
    odd = {made[3].number: {"docId": None, "metadata": {}}, made[7].number: "text"}
    with serve(made, Moods(odd=odd)) as (base, _):
        found = ask(surechembl, base, tmp_path, SMALL)
    assert found.rows_in == found.table.num_rows + sum(loss.count for loss in found.set_aside)
    assert {(loss.reason, loss.count) for loss in found.set_aside} == {("a document without a publication number", 4)}
    assert found.source.status == "complete"


def test_documents_say_no_more_than_the_answer(tmp_path: Path) -> None:
    """Without batches, number, date, title and assignee are as the search states; the rest is empty, and is said so."""
    made = [Record("US-20240123456-A1", "20240502"), Record("JP-S60174822-A", "20230102", assignee=None)]
    with serve(made, Moods(has_batches=False)) as (base, _):
        table, source = fetch(base, tmp_path)
    assert "whole documents can't be had in batches" in source.note
    assert source.status == "complete"
    rows = {row["publication_number"]: row for row in table.to_pylist()}
    american, japanese = rows["US2024123456A1"], rows["JPS60174822A"]
    assert (american["office"], american["kind"], str(american["publication_date"])) == ("US", "A1", "2024-05-02")
    assert american["title_language"] == "en"
    assert american["applicants"] == [{"name": "ACME", "country": None}]
    assert japanese["applicants"] == []
    for row in rows.values():
        assert not row["cpc"] + row["ipc"]
        assert (row["family_id"], row["filing_date"], row["priority_date"]) == (None, None, None)
    assert source.has_family_members is False


def test_offline_replays_byte_for_byte(tmp_path: Path) -> None:
    """With the server gone, kept answers (refused probes among them) give the same; a missing one is named."""
    with serve(records(1300), Moods(refused_fields=frozenset({"cpc"}))) as (base, _):
        table, source = fetch(base, tmp_path)
    again, same = fetch(base, tmp_path, offline=True)
    assert again.equals(table)
    assert same == source
    for kept in (tmp_path / "surechembl").glob("*/*.json"):
        if "search/content" in kept.read_text(encoding="utf-8"):
            kept.unlink()
    with pytest.raises(NotCached, match="search/content"):
        fetch(base, tmp_path, offline=True)


def test_a_cut_fetch_goes_on(tmp_path: Path) -> None:
    """After an outage that outlasts the tries, the same command asks only for what had not come."""
    made = records(1300)
    with serve(made, Moods(fail=dict.fromkeys(range(20, 24), 503))) as (base, state):
        with pytest.raises(FetchError, match="HTTP 503"):
            fetch(base, tmp_path)
        table, source = fetch(base, tmp_path)
    assert numbers(table) == wanted(made)
    assert source.status == "complete"
    assert max(state.asked.values()) == 1


def test_coverage_is_stated(tmp_path: Path) -> None:
    """The source lacks every office but its five, and its note says so in words."""
    with serve(records(5)) as (base, _):
        _, source = fetch(base, tmp_path)
    assert {"AU", "KR", "DE", "TW", "IN"} <= set(source.lacks_offices)
    assert not {"CN", "JP", "US", "EP", "WO"} & set(source.lacks_offices)
    assert "no AU, KR, DE" in source.note


def test_a_claim_with_au_is_not_assessable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From kept answers on: the report shows the coverage, and a claim that needs AU is refused for its lack."""
    made = records(400)
    with serve(made) as (base, _):
        fetch(base, tmp_path / "cache", WITH_CLAIMS)
    monkeypatch.setenv(surechembl.CARD.variable, base)
    run(Query.parse(WITH_CLAIMS), cache=tmp_path / "cache", offline=True, out=tmp_path / "a")
    claim, other = json.loads((tmp_path / "a" / "verdict.json").read_text(encoding="utf-8"))["claims"]
    assert claim["verdict"] == "not assessable"
    stopped = {row["question"]: row["n"] for row in claim["stopped"] if row["reason"] == LACKS_AU}
    assert stopped == {entry["question"]: entry["listed"] for entry in claim["questions"]}
    assert LACKS_AU not in {row["reason"] for row in other["stopped"]}
    curve = csv.DictReader((tmp_path / "a" / "curve.csv").read_text(encoding="utf-8").splitlines())
    reasons = {row["claim_id"]: row["reason"] for row in curve if row["topic"] == "terms"}
    assert LACKS_AU in reasons["with-au"]
    assert "no source" not in reasons["without-au"]
    state = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    assert next(stage for stage in state["stages"] if stage["stage"] == "publications")["rows_out"] == len(made)
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "no AU, KR, DE" in page
    assert LACKS_AU in page
    assert "given whole by office" in page
    hits = sum(piece["stated"] for piece in state["sources"][0]["slices"] if "unit" not in piece)
    assert f"{hits:,} of {hits:,} stated hits received" in (tmp_path / "a" / "reporting.md").read_text(encoding="utf-8")
