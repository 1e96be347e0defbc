"""The members of the families that a search found: all of them, asked for once, and proven or not."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patentscope.errors import NotCached, QuotaExceeded
from patentscope.fetch.ops import source as ops
from patentscope.files.xml import exchange as exchange_xml
from patentscope.files.xml.exchange import is_whole_family, publications_of
from patentscope.provenance.progress import Progress
from patentscope.records.imported import Imported
from patentscope.records.intake import merge

from servers.ops import Moods, State, serve
from servers.ops_answers import Record, family_answer
from worlds.asked import ask
from worlds.ops_search import SMALL

OFF_TOPIC = {"title": "A hinge", "cpc": ("E05D3/02",)}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key pair."""
    monkeypatch.setenv("EPO_OPS_KEY", "the-key")
    monkeypatch.setenv("EPO_OPS_SECRET", "the-secret")


def fetch(base: str, cache: Path, said: list[Progress] | None = None, **settings: object) -> Imported:
    """Fetch the small query's pool with all members of its families."""
    progress = said.append if said is not None else lambda _: None
    return ask(ops, base, cache, SMALL, **{"families": True, "progress": progress, **settings})


def family(number: int, size: int = 3, extended: str = "") -> list[Record]:
    """Return a simple family of which a search finds one publication only: the others are of other classes."""
    offices = ("CN", "US", "EP", "JP", "KR")
    return [
        Record(
            offices[i % 5],
            f"{number:03}{i:05}",
            "A1",
            f"2023{i % 12 + 1:02d}15",
            country="CN",
            family=f"F{number:03}",
            extended=extended,
            **(OFF_TOPIC if i else {}),
        )
        for i in range(size)
    ]


def numbers(found: Imported) -> set[str]:
    """Return the publication numbers of a fetch."""
    return set(found.table.column("publication_number").to_pylist())


def row(found: Imported) -> dict[str, object]:
    """Return the row of the family step among the slices."""
    (only,) = (piece for piece in found.source.slices if "unit" in piece)
    return only


def test_all_members_come_and_prove_the_families(tmp_path: Path) -> None:
    """Every member of a found family is there; the source then has family members, and one row shows the proof."""
    made = [record for number in range(4) for record in family(number)]
    with serve([*made, *[Record("CN", "9", "A", "20230101", **OFF_TOPIC)]]) as (base, state):
        found = fetch(base, tmp_path)
    assert numbers(found) == {record.name for record in made}
    assert found.source.has_family_members
    assert found.source.status == "complete"
    expected = {"stated": 4, "received": 4, "answers": 4, "members": 12, "bare": 0}
    assert expected.items() <= row(found).items()
    assert row(found)["offices"] == {"CN": 4, "EP": 4, "US": 4}
    assert state.families_asked()[0].endswith("/family/publication/docdb/CN.00000000.A1/biblio")
    assert {entry["family_id"] for entry in found.table.to_pylist()} == {f"F{number:03}" for number in range(4)}


def test_without_families_no_family_is_asked_for(tmp_path: Path) -> None:
    """A search alone has no family members, and says so."""
    with serve(family(1)) as (base, state):
        found = fetch(base, tmp_path, families=False)
    assert not found.source.has_family_members
    assert not state.families_asked()
    assert all("unit" not in piece for piece in found.source.slices)


def test_one_answer_serves_all_simple_families_in_it(tmp_path: Path) -> None:
    """An answer is an extended family: its other simple families need no request of their own."""
    made = [*family(1, extended="X"), *family(2, extended="X"), *family(3), *family(4, extended="X")]
    with serve(made) as (base, state):
        found = fetch(base, tmp_path)
    assert len(state.families_asked()) == 2
    assert (row(found)["stated"], row(found)["received"], row(found)["answers"]) == (4, 4, 2)
    assert numbers(found) == {record.name for record in made}


def test_what_came_twice_is_merged_and_the_fuller_record_kept(tmp_path: Path) -> None:
    """The search's record of a publication outlives a bare member; a bare member is a publication with gaps."""
    made = family(1)
    with serve(made, Moods(bare={made[0].name, made[1].name})) as (base, _):
        found = fetch(base, tmp_path)
    intake = merge([found.table], most_bad=0.01, set_aside=found.set_aside)
    rows = {entry["publication_number"]: entry for entry in intake.table.to_pylist()}
    assert set(rows) == {record.name for record in made}
    assert rows[made[0].name]["title"] == made[0].title
    bare = rows[made[1].name]
    assert (bare["title"], bare["family_id"], bare["office"]) == (None, "F001", "US")
    assert bare["publication_date"] == dt.date(2023, 2, 15)
    assert bare["filing_date"] == dt.date(2023, 1, 2)
    assert found.rows_in == intake.rows_in == len(rows) + sum(loss.count for loss in intake.dropped)
    assert found.source.has_family_members
    assert row(found)["bare"] == 2


@pytest.mark.parametrize(
    ("moods", "words"),
    [
        (Moods(no_family={"CN00100000A1": (404, "SERVER.EntityNotFound")}), "nothing found at OPS: 1 (first: F001)"),
        (Moods(no_family={"CN00100000A1": (404, "CLIENT.InvalidReference")}), "nothing found at OPS: 1 (first: F001)"),
        (Moods(cut_off={"CN00100000A1"}), "cut off by OPS: 1 (first: F001)"),
        (Moods(left_out={"CN00100000A1"}), "answered without all that the search found: 1 (first: F001)"),
    ],
    ids=["nothing", "unknown number", "cut off", "lacking"],
)
def test_a_family_that_is_not_whole_is_counted(tmp_path: Path, moods: Moods, words: str) -> None:
    """One family without a whole answer: no family members for the source, whose search stays proven; all is kept."""
    made = [record for number in range(3) for record in family(number)]
    with serve(made, moods) as (base, _):
        found = fetch(base, tmp_path)
    assert not found.source.has_family_members
    assert found.source.status == "complete"
    assert (row(found)["stated"], row(found)["received"]) == (3, 2)
    assert "2 of 3 simple families have all members" in found.source.note
    assert words in found.source.note
    assert numbers(found) >= {record.name for record in [*made[:4], *made[6:]]}
    again = fetch(base, tmp_path, offline=True)
    assert (again.table, again.source) == (found.table, found.source)


def test_a_later_answer_may_prove_what_its_own_did_not(tmp_path: Path) -> None:
    """A family whose own question finds nothing is whole after all where a relative's answer holds it."""
    made = [*family(1, extended="X"), *family(2, extended="X")]
    with serve(made, Moods(no_family={made[0].name: (404, "SERVER.EntityNotFound")})) as (base, _):
        found = fetch(base, tmp_path)
    assert found.source.has_family_members
    assert "nothing found" not in found.source.note


def test_what_it_will_take_is_said_before_it_is_asked(tmp_path: Path) -> None:
    """Requests and time are a notice before the first request; what is kept does not count, and offline asks nobody."""
    made = [record for number in range(90) for record in family(number, 2)]
    limits = {1: {"X-Throttling-Control": "idle (inpadoc=green:60, search=green:30)"}}
    with serve(made, Moods(headers=dict.fromkeys(range(9), limits[1]), quota_after=34)) as (base, state):
        first: list[Progress] = []
        with pytest.raises(QuotaExceeded):
            fetch(base, tmp_path, first)
        done = len(state.families_asked())
        state.moods.quota_after = 10**9
        second: list[Progress] = []
        fetch(base, tmp_path, second)
        third: list[Progress] = []
        fetch(base, tmp_path, third)
    assert max(state.asked.values()) == 1
    (notice,) = (one.what for one in first if one.is_notice)
    assert notice == "90 families: at most 90 requests, about 2 minutes at 60 a minute"
    (notice,) = (one.what for one in second if one.is_notice)
    assert notice.startswith(f"90 families, {done} of them answered before: at most {90 - done} requests, about ")
    assert not any(one.is_notice for one in third)
    assert any((one.done, one.total) == (89, 90) and one.beside.startswith("inpadoc green, ") for one in second)


def test_offline_replays_families_too(tmp_path: Path) -> None:
    """With the server gone, the kept answers give the same members; a family that was not asked for is named."""
    with serve([*family(1), *family(2)]) as (base, _):
        found = fetch(base, tmp_path)
    again = fetch(base, tmp_path, offline=True)
    assert again.table.equals(found.table)
    assert again.source == found.source
    for path in (tmp_path / "ops").glob("*/*.json"):
        if "/family/" in path.read_text(encoding="utf-8"):
            path.unlink()
    with pytest.raises(NotCached, match=r"family/publication/docdb/CN\.00100000\.A1/biblio"):
        fetch(base, tmp_path, offline=True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["", "X", "Y", "Z"])), min_size=1, max_size=8),
    bare=st.integers(0, 40),
)
def test_no_member_is_lost_and_no_question_asked_twice(shape: list[tuple[int, str]], bare: int) -> None:
    """Whatever simple and extended families there are: every member comes, each question once, the same offline."""
    made = [record for number, (size, name) in enumerate(shape) for record in family(number, size, name)]
    state: State
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(made, Moods(bare={made[bare % len(made)].name})) as (base, state),
    ):
        found = fetch(base, Path(folder))
        again = fetch(base, Path(folder), offline=True)
    assert numbers(found) == {record.name for record in made}
    assert found.source.has_family_members
    assert row(found)["stated"] == len(shape)
    assert len(state.families_asked()) == len({name or place for place, (_, name) in enumerate(shape)})
    assert max(state.asked.values()) == 1
    assert (again.table, again.source) == (found.table, found.source)


def test_a_member_whose_document_says_nothing_is_read_by_its_own_references(tmp_path: Path) -> None:
    """A document without data is none: the member's own number, dates and family count, in memory and from a file."""
    first, second = family(1, 2)
    empty = '<exchange-document country="CN" doc-number="00100000" kind="A1" status="not found"/></ops:family-member>'
    xml = family_answer(first, [first, second], bare={first.name}, is_cut=False)
    xml = xml.replace("</ops:family-member>", empty, 1)
    path = tmp_path / "family.xml"
    path.write_text(xml, encoding="utf-8")
    publications, losses = publications_of(xml.encode(), source="ops", origin="x")
    assert not losses
    assert [one.publication_number for one in publications] == [first.name, second.name]
    assert (publications[0].family_id, publications[0].publication_date) == ("F001", dt.date(2023, 1, 15))
    assert exchange_xml.read(path).table.column("title").to_pylist() == [None, second.title]


@pytest.mark.parametrize(
    ("old", "new", "is_whole"),
    [
        ("<", "<", True),
        ('total-result-count="2"', 'total-result-count="3"', False),
        ('total-result-count="2"', "", False),
        ('legal="false"', 'legal="false" truncatedFamily="true"', False),
        ("patent-family", "register-search", False),
    ],
)
def test_a_family_is_whole_only_if_it_says_so(old: str, new: str, is_whole: bool) -> None:
    """Fewer members than stated, no statement, a family cut off, and another kind of answer prove nothing."""
    made = family(1, 2)
    xml = family_answer(made[0], made, bare=set(), is_cut=False).replace(old, new)
    assert is_whole_family(xml.encode()) is is_whole
