"""Whole documents of SureChEMBL in batches, against a server on loopback that interrupts, throttles, lacks and adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.errors import FetchError
from patentscope.fetch.surechembl import search as surechembl
from patentscope.fetch.surechembl.contents import publication_of
from patentscope.records.publication import Party
from patentscope.records.store import to_table

from servers.surechembl import Moods, Record, serve
from worlds.asked import ask
from worlds.surechembl_search import SMALL

OFFICES = ("CN", "CN", "US", "JP", "EP", "WO")


def records(count: int) -> list[Record]:
    """Return made documents, each of a family of its own, spread over years, months and offices."""
    return [
        Record(
            f"{OFFICES[i % 6]}-{100000000 + i}-A",
            f"{2022 + i % 3}{1 + i // 3 % 12:02d}{1 + i % 28:02d}",
            family=str(50000 + i),
            country=("CN", "US", "JP")[i % 3],
        )
        for i in range(count)
    ]


def fetch(base: str, cache: Path) -> tuple[dict[str, dict[str, Any]], Any]:
    """Return what is fetched from *base* by publication number, and the account of it."""
    found = ask(surechembl, base, cache, SMALL)
    return {row["publication_number"]: row for row in found.table.to_pylist()}, found.source


def row_of(source: Any) -> tuple[int, int]:
    """Return how many whole documents were asked for, and how many came."""
    return next((one["stated"], one["received"]) for one in source.slices if one["part"] == "whole documents")


def test_four_thousand_hits_come_whole_through_every_mishap(tmp_path: Path) -> None:
    """Interrupted, throttled, cut in mid-body, resumed: nothing is asked twice, nothing lost, all fields are there."""
    made = records(4000)
    with serve(made, Moods(is_padded=True)) as (base, state):
        fetch(base, tmp_path / "unharmed")
        searches, batches = len(state.searches), state.requests - len(state.searches)
    first = searches + 1
    # Counted in requests: each mishap costs one; what outlasts four tries ends the fetch, which then goes on.
    harm = Moods(
        fail={first + 2: 503, **dict.fromkeys(range(first + 20, first + 24), 502)},
        cut={first + 4, *range(first + 40, first + 44)},
        broken={first + 6, first + 7},
        throttled={first + 9},
        garbled={first + 11: b'{"status": "OK", "data": [{"doc_id": "CN-'},
    )
    with serve(made, harm) as (base, state):
        for why in ("HTTP 502", "no answer after 4 tries"):
            with pytest.raises(FetchError, match=why):
                fetch(base, tmp_path / "cache")
        rows, source = fetch(base, tmp_path / "cache")
    assert batches == 4000 / 50 + 1  # and a few at first, to see how batches are asked for
    assert max(state.asked.values()) == 1
    assert sum(state.asked.values()) == searches + batches
    assert len(rows) == 4000
    assert row_of(source) == (4000, 4000)
    assert source.status == "complete"
    for record in made:
        row = rows[record.number.replace("-", "")]
        assert (row["cpc"], row["ipc"]) == (list(record.cpc), list(record.ipc))
        assert (row["family_id"], row["family_source"]) == (record.family, "source")
        assert row["applicants"] == [{"name": "ACME", "country": record.country}]
        assert row["inventors"] == [{"name": "LI WEI", "country": record.country}]
        assert (row["application_number"], str(row["filing_date"])) == (f"{row['office']}202010000001A", "2020-01-02")
        assert [one["number"] for one in row["priorities"]] == ["US201900001P"]
        assert str(row["priority_date"]) == "2019-03-04"
        assert (row["abstract"], row["abstract_language"]) == ("Scrap is recycled.", "en")
        assert row["publication_date"].strftime("%Y%m%d") == record.published


@pytest.mark.parametrize(
    "moods",
    [
        Moods(ids_in="list"),
        Moods(ids_in="object", drops=True),
        Moods(most_in_batch=10),
        Moods(most_in_batch=1),
        Moods(most_given=7),
        Moods(first_page=0, ids_in="list", most_in_batch=20),
    ],
    ids=["a list", "an object, others dropped", "ten at most", "one at most", "the rest left out", "twenty, a list"],
)
def test_in_every_variant_all_documents_come_whole(moods: Moods, tmp_path: Path) -> None:
    """However ids are given, and however many at once, every document comes whole, and no question is asked twice."""
    with serve(records(120), moods) as (base, state):
        rows, source = fetch(base, tmp_path)
    assert row_of(source) == (120, 120)
    assert all(row["cpc"] and row["abstract"] for row in rows.values())
    assert max(state.asked.values()) == 1


def test_what_a_batch_lacks_adds_or_repeats_is_counted(tmp_path: Path) -> None:
    """Absent, refused and empty documents keep what the search says; strangers and repeats go; all are told."""
    made = records(120)
    absent, refused, empty = made[3].number, made[60].number, made[100].number
    moods = Moods(
        absent=frozenset({absent}),
        refused=frozenset({refused}),
        odd={f"whole {empty}": {"doc_id": empty, "contents": None}},
        added=(made[10].as_whole(), made[10].as_whole(), Record("US-1-A", "20230101").as_whole(), {}, "text", None),
    )
    with serve(made, moods) as (base, _):
        rows, source = fetch(base, tmp_path)
    assert set(rows) == {record.number.replace("-", "") for record in made}
    assert row_of(source) == (120, 117)
    for number in (absent, refused, empty):
        row = rows[number.replace("-", "")]
        assert row["title"]
        assert not row["cpc"] + row["priorities"]
        assert (row["family_id"], row["abstract"]) == (None, None)
    assert "117 of 120 documents came whole" in source.note
    assert "3 not given" in source.note
    assert "not asked for, left out" in source.note
    assert "given again, left out" in source.note
    assert source.status == "complete"


def test_a_date_of_its_own_goes_before_the_searchs(tmp_path: Path) -> None:
    """Where a document is dated otherwise than the search dates it, its own date is taken, and that is said."""
    made = records(12)
    other = replace(made[4], published="20230131").as_whole()
    with serve(made, Moods(odd={f"whole {made[4].number}": other})) as (base, _):
        rows, source = fetch(base, tmp_path)
    assert str(rows[made[4].number.replace("-", "")]["publication_date"]) == "2023-01-31"
    assert "1 dated otherwise by the search" in source.note


def applicants(*listed: dict[str, Any]) -> tuple[Party, ...]:
    """Return the applicants read from a document that lists these."""
    parties = [{"applicants": {"applicant": list(listed)}}]
    entry = {"doc_id": "US-1-A", "contents": {"patentDocument": {"bibliographicData": {"parties": parties}}}}
    read = publication_of(entry, "surechembl", "o")
    assert read is not None
    return read.applicants


def test_one_party_in_several_formats_counts_once() -> None:
    """One sequence number is one party, by the form with a country; repeated numbers leave names to tell them apart."""
    plain = {"sequence": "1", "format": "original", "addressbook": {"lastName": "Acme Inc."}}
    told = {"sequence": "1", "format": "epo", "addressbook": {"lastName": "ACME INC", "address": {"country": "us"}}}
    other = {"sequence": "1", "format": "epo", "addressbook": {"lastName": "LI"}}
    assert applicants(plain, told) == (Party("ACME INC", "US"),)
    assert applicants(told, other, told) == (Party("ACME INC", "US"), Party("LI"))


def test_several_family_numbers_are_no_family() -> None:
    """One number of a family is taken; two, or what is no number, leave it unknown."""
    for stated, family in (
        (["77"], "77"),
        ("77", "77"),
        (77, "77"),
        (["77", "78"], None),
        (["-1"], None),
        (None, None),
    ):
        entry = {"doc_id": "US-1-A", "contents": {"patentDocument": {"bibliographicData": {}, "family": stated}}}
        read = publication_of(entry, "surechembl", "o")
        assert read is not None
        assert read.family_id == family


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_part_may_be_anything(data: st.DataObject) -> None:
    """Whatever stands in place of any part of a document, it is read without a fault, and fits the store."""
    whole = Record("CN-1-A", "20230101").as_whole()
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            places.append((value, key))
            walk(value[key])

    walk(whole)
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(_JSON)
    read = publication_of(whole, "surechembl", "o")
    assert to_table([read] if read else []).num_rows == (read is not None)
