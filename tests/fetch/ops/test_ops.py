"""Fetching from OPS, against a server on loopback that behaves and misbehaves like the real one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from patentscope.errors import FetchError, NotCached, QueryError, QuotaExceeded, Unauthorized
from patentscope.fetch.asking import Asking
from patentscope.fetch.ops import cql
from patentscope.fetch.ops import source as ops
from patentscope.query.query import Query

from places import QUERY as SHIPPED
from servers.ops import Moods, serve
from servers.ops_answers import Record
from worlds.ops_search import SMALL, fetch, records


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key pair."""
    monkeypatch.setenv("EPO_OPS_KEY", "the-key")
    monkeypatch.setenv("EPO_OPS_SECRET", "the-secret")


def test_across_the_wall_nothing_is_lost(tmp_path: Path) -> None:
    """Over the 2,000-hit wall, every record comes, each slice with as many as were stated, and that is proof."""
    made = records(2300)
    with serve(made) as (base, state):
        table, source = fetch(base, tmp_path)
    numbers = set(table.column("publication_number").to_pylist())
    assert numbers == {f"{r.office}{r.number}{r.kind}" for r in made}
    assert source.status == "complete"
    assert all(piece["stated"] == piece["received"] for piece in source.slices)
    assert source.splits
    assert max(state.asked.values()) == 1


def test_a_month_over_the_wall_is_cut_by_office_and_class(tmp_path: Path) -> None:
    """A month with more hits than the window is cut by office, and an office by class; what is left over counts too."""
    made = [Record("CN", f"{200000000 + i}", "A", "20240315") for i in range(1900)]
    made += [Record("CN", f"{210000000 + i}", "A", "20240316", cpc=("A01B1/00",)) for i in range(150)]
    made += [Record("CN", f"{220000000 + i}", "A", "20240316", cpc=()) for i in range(50)]
    made += [Record("ZA", f"{230000000 + i}", "A", "20240317", cpc=()) for i in range(30)]
    with serve(made) as (base, _):
        table, source = fetch(base, tmp_path)
    assert len(set(table.column("publication_number").to_pylist())) == len(made)
    assert source.status == "complete"
    where = {piece["where"]: piece["received"] for piece in source.slices if piece["part"].startswith("terms")}
    assert where["2024-03 other offices"] == 30
    assert (where["2024-03 CN C"], where["2024-03 CN A"], where["2024-03 CN no section"]) == (1900, 150, 50)


def test_what_cannot_be_cut_is_refused(tmp_path: Path) -> None:
    """More hits than the window in one month, office and section is an error that names the slice, not a loss."""
    made = [Record("CN", f"{200000000 + i}", "A", "20240315") for i in range(2001)]
    with serve(made) as (base, _), pytest.raises(FetchError, match=r"2024-03 CN C.*can't be cut further"):
        fetch(base, tmp_path)


def test_counts_come_before_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count-only mode asks one small question per office and year, and pulls no record."""
    made = records(600)
    with serve(made) as (base, state):
        monkeypatch.setenv(ops.CARD.variable, base)
        rows = ops.count(Query.parse(SMALL), Asking(tmp_path), ["CN", "AU"])
    stated = {(row.office, row.year): row.stated for row in rows if row.part == "strict/1"}
    for office in ("CN", "AU"):
        for year in ("2020", "2024"):
            expected = sum(r.office == office and r.published.startswith(year) for r in made)
            assert stated[office, int(year)] == expected
    assert not any("/biblio" in path for path in state.asked)


def test_a_met_quota_stops_with_the_time_and_goes_on_without_asking_twice(tmp_path: Path) -> None:
    """The fetch stops with the clock time at which to go on; going on asks only for what had not come."""
    made = records(2200)
    with serve(made, Moods(quota_after=20)) as (base, state):
        with pytest.raises(QuotaExceeded, match=r"go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC"):
            fetch(base, tmp_path)
        state.moods.quota_after = 10**9
        table, source = fetch(base, tmp_path)
    assert len(set(table.column("publication_number").to_pylist())) == 2200
    assert source.status == "complete"
    assert max(state.asked.values()) == 1


def test_a_lasting_refusal_names_the_search(tmp_path: Path) -> None:
    """DomainAccess twice on one search ends the fetch with the search and the answer."""
    moods = Moods(fail=dict.fromkeys(range(1, 9), (500, "SERVER.DomainAccess")))
    with serve(records(10), moods) as (base, _), pytest.raises(FetchError, match=r"HTTP 500.*SERVER\.DomainAccess"):
        fetch(base, tmp_path)


def test_a_total_that_lies_is_no_proof(tmp_path: Path) -> None:
    """Where fewer hits come than were stated, the fetch says by how many and is not proven complete."""
    with serve(records(100), Moods(lie=3)) as (base, _):
        _, source = fetch(base, tmp_path)
    assert source.status == "cut"
    assert sum(piece["stated"] - piece["received"] for piece in source.slices) == 3 * len(source.slices)


def test_nothing_found_is_a_result(tmp_path: Path) -> None:
    """OPS's 404 for zero hits gives an empty table, proven complete."""
    with serve([]) as (base, _):
        table, source = fetch(base, tmp_path)
    assert table.num_rows == 0
    assert source.status == "complete"


def test_offline_replays_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server gone and no key, the kept answers give the same table; a missing one is named."""
    with serve(records(2100)) as (base, _):
        table, source = fetch(base, tmp_path)
    monkeypatch.delenv("EPO_OPS_KEY")
    again, same = fetch(base, tmp_path, offline=True)
    assert again.equals(table)
    assert same == source
    next((tmp_path / "ops").glob("*/*.gz")).unlink()
    with pytest.raises(NotCached, match="rest-services/published-data/search"):
        fetch(base, tmp_path, offline=True)


def test_old_answers_are_asked_anew(tmp_path: Path) -> None:
    """With a date after the kept answers' every question is asked again; offline they still serve."""
    tomorrow = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    with serve(records(30)) as (base, state):
        fetch(base, tmp_path)
        asked = dict(state.asked)
        fetch(base, tmp_path, not_before=tomorrow)
        assert state.asked == {path: 2 * times for path, times in asked.items()}
        fetch(base, tmp_path, offline=True, not_before=tomorrow)
        assert state.asked == {path: 2 * times for path, times in asked.items()}


@pytest.mark.parametrize("key", ["", " "])
def test_without_a_key_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """No key, or a blank one: the variable, where to register, and what works without one; exit code 3."""
    monkeypatch.setenv("EPO_OPS_KEY", key)
    with (
        serve([]) as (base, _),
        pytest.raises(Unauthorized, match=r"EPO_OPS_KEY.*developers\.epo\.org") as caught,
    ):
        fetch(base, tmp_path)
    assert caught.value.exit_code == 3


def test_no_secret_in_the_cache(tmp_path: Path) -> None:
    """Neither key, secret nor token is in any byte of the cache."""
    import gzip  # noqa: PLC0415

    with serve(records(50)) as (base, _):
        fetch(base, tmp_path)
    for path in tmp_path.rglob("*.*"):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for secret in (b"the-key", b"the-secret", b"Bearer", b"Basic "):
            assert secret not in raw


def test_the_shipped_query_can_be_asked() -> None:
    """Every search of the shipped query is well formed and short enough; classes and terms are both asked."""
    found = cql.searches(Query.load(SHIPPED))
    assert {name.partition("/")[0] for name, _ in found} == {"class_strict", "oecd_and_terms", "terms", "broad"}
    assert len(dict(found)) == len({search for _, search in found}) == len(found)


@pytest.mark.parametrize(
    ("search", "word"),
    [
        ("foo=bar", "expected the fields"),
        ('ta="x', "odd number of quotes"),
        ("(ta=x", "unbalanced"),
        ("ta=稀土", "ASCII"),
    ],
)
def test_a_malformed_search_is_not_sent(search: str, word: str) -> None:
    """What OPS would answer with `nothing found` is refused here, with the reason."""
    with pytest.raises(QueryError, match=word):
        cql.check(search)
