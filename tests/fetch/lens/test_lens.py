"""Fetching from The Lens, against a server on loopback that behaves and misbehaves like the real one."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from patentscope.errors import FetchError, NotCached, QueryError, QuotaExceeded, Unauthorized
from patentscope.fetch.lens import query as lens_query
from patentscope.fetch.lens import source as lens
from patentscope.fetch.periods import whole
from patentscope.query.query import Query

from factories import CLASSIFIER, query_text
from places import QUERY as SHIPPED
from servers.lens import TOKEN, WALL, Lens, Record, serve
from servers.post import Moods
from worlds.asked import ask

CLASSES = query_text("classes", sources=["lens"], years=[2020, 2022], readings=CLASSIFIER)
WORDS = query_text(
    "words",
    years=[2020, 2022],
    classes={"recycling": ["C22B7"]},
    terms={
        "en": {"rare_earth": ["rare earth", "neodymium"], "recycling": ["recycle"]},
        "zh": {"rare_earth": ["稀土"], "recycling": ["回收"]},
        "ja": {"rare_earth": ["希土"]},
    },
    readings={
        "strict": {},
        "either": {"all": ["terms.rare_earth"], "any": ["classes.recycling", "terms.recycling"]},
    },
)
BUSY = '{"reference": "r", "message": "Too many requests", "code": 429}'


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a token."""
    monkeypatch.delenv("LENS_TOKEN", raising=False)
    monkeypatch.setenv("LENS_API_TOKEN", TOKEN)


def records(count: int, first: int = 1, month: str = "2021-03") -> list[Record]:
    """Return made records of one month, spread over its days."""
    return [Record(f"{100000000 + first + i}", f"{month}-{1 + i % 28:02d}") for i in range(count)]


@pytest.fixture
def fetch(tmp_path: Path):
    """Give what fetches a query's pool from a base address, through a cache of this test's own."""
    return lambda base, text=CLASSES, **how: ask(lens, base, tmp_path / "cache", text, **how)


def numbers(found) -> list[str]:
    """Return the publication numbers that came, sorted."""
    return sorted(found.table.column("publication_number").to_pylist())


def test_across_the_wall_nothing_is_lost(fetch) -> None:
    """Over 10,000 hits, in years, in one year and in one month, every record comes once, and that is proof."""
    made = [*records(WALL + 150), *records(60, 20000, "2020-07"), *records(40, 30000, "2024-01")]
    with serve(Lens(made, Moods())) as (base, state):
        found = fetch(base)
    assert numbers(found) == sorted(f"CN{record.number}A" for record in made)
    assert found.source.proven_complete is True
    assert found.rows_in == found.table.num_rows
    where = {piece["where"]: piece["received"] for piece in found.source.slices}
    assert (where["2020"], where["2021-03-28"], where["2021-04"], where["2023.."]) == (60, 362, 0, 40)
    assert [split["where"] for split in found.source.splits] == ["2021-03", "2021", "all"]
    assert all(split["stated"] == split["inside"] for split in found.source.splits)
    assert max(state.asked.values()) == 1
    assert all(question["from"] + question["size"] <= WALL for question in state.questions)


def test_what_cannot_be_cut_is_refused(fetch) -> None:
    """More hits than the window on one day is an error that names the day, not a loss."""
    made = [Record(f"{100000000 + i}", "2021-03-09") for i in range(WALL + 1)]
    with serve(Lens(made, Moods())) as (base, _), pytest.raises(FetchError, match=r"slice 2021-03-09 of strict"):
        fetch(base)


def test_classes_are_asked_by_cpc_and_by_ipc(fetch) -> None:
    """A record with either scheme's symbol is found, listed children of a subgroup too; Y tags are in no IPC."""
    text = CLASSES.replace('"C22B7"', '"Y02W30/50", "C22B7/006"').replace('"C22B59"', '"C22B"')
    made = [
        Record("1", "2021-01-01", cpc=("C22B59/00", "Y02W30/84")),
        Record("2", "2021-01-01", cpc=(), ipc=("C22B7/006",)),
        Record("3", "2021-01-01", cpc=("C22B7/0061",)),
        Record("4", "2021-01-01", cpc=("C22B7/00",)),
        Record("5", "2021-01-01", cpc=("C22B59/00",), ipc=("Y02W30/84",)),
    ]
    with serve(Lens(made, Moods())) as (base, _):
        assert numbers(fetch(base, text)) == ["CN1A", "CN2A", "CN3A"]


def test_words_are_asked_in_each_language(fetch) -> None:
    """A title in Chinese alone is found by Chinese words; classes among alternatives are asked in every language."""
    made = [
        Record("1", "2021-01-01", title="Recycling of neodymium", cpc=()),
        Record("2", "2021-01-01", title="", title_zh="稀土回收", cpc=()),
        Record("3", "2021-01-01", title="", title_zh="含稀土的渣", cpc=("C22B7/04",)),
        Record("4", "2021-01-01", title="Recycling of tin", title_zh="稀土", cpc=()),
        Record("5", "2021-01-01", title="Rare earths recovered", cpc=()),
    ]
    with serve(Lens(made, Moods())) as (base, state):
        found = fetch(base, WORDS)
    assert numbers(found) == ["CN1A", "CN1A", "CN2A", "CN2A", "CN3A"]
    parts = {piece["part"] for piece in found.source.slices}
    assert parts == {"terms/en", "terms/zh", "either/en", "either/zh", "either/ja"}
    assert {question["language"] for question in state.questions} == {"EN", "ZH", "JA"}


def test_the_shipped_query_can_be_asked() -> None:
    """The shipped query's readings are asked by class once and by words in all three languages."""
    found = dict(lens_query.searches(Query.load(SHIPPED)))
    words = {f"{reading}/{language}" for reading in ("terms", "oecd_and_terms") for language in ("en", "zh", "ja")}
    assert set(found) == words | {"class_strict", "broad"}


def test_a_query_without_anything_to_ask_is_refused() -> None:
    """Only the classifier's reading: an error, and no request."""
    text = CLASSES.replace('strict = { all = ["classes.rare_earth", "classes.recycling"] }\n', "")
    with pytest.raises(QueryError, match="only the classifier"):
        lens_query.searches(Query.parse(text))


def test_the_minutes_limit_is_waited_out(fetch) -> None:
    """A refusal by the minute is asked again after the named wait, and leaves no trace."""
    wait = {"x-rate-limit-retry-after-seconds": "7", "x-rate-limit-remaining-request-per-minute": "0"}
    moods = Moods(fail={2: (429, BUSY, wait), 3: (429, BUSY, {})})
    with serve(Lens(records(250), moods)) as (base, _):
        found = fetch(base)
    assert len(set(numbers(found))) == 250
    assert found.source.proven_complete is True


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"x-rate-limit-remaining-request-per-month": "0", "x-rate-limit-reset-date": "2026-12-01T00:00:00Z"},
         "month is used up.*go on after 2026-12-01 00:00 UTC"),
        ({"x-rate-limit-remaining-record-per-month": "12", "x-rate-limit-reset-date": "1st of December"},
         r"month is used up.*go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC.*'1st of December'"),
        ({"x-rate-limit-retry-after-seconds": "86400"}, r"too many requests.*after \d{4}-\d\d-\d\d \d\d:\d\d UTC"),
        ({}, r"too many requests.*go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC.*lens\.org/lens/user/subscriptions"),
    ],
)  # fmt: skip
def test_a_met_quota_stops_with_the_time_and_goes_on_without_asking_twice(fetch, headers, said) -> None:
    """The fetch stops with the clock time at which to go on; going on asks only for what had not come."""
    moods = Moods(from_then=(3, (429, BUSY, headers)))
    with serve(Lens(records(450), moods)) as (base, state):
        with pytest.raises(QuotaExceeded, match=said):
            fetch(base)
        moods.from_then = None
        found = fetch(base)
    assert len(set(numbers(found))) == 450
    assert found.source.proven_complete is True
    assert max(state.asked.values()) == 1


def test_outages_are_waited_out(fetch) -> None:
    """A busy server, a cut line and a gateway's page are tried again, and leave no trace in the result."""
    moods = Moods(fail={1: (503, "busy", {}), 4: (500, "{}", {})}, cut={2}, html={6})
    with serve(Lens(records(300), moods)) as (base, _):
        found = fetch(base)
    assert len(set(numbers(found))) == 300
    assert found.source.proven_complete is True


@pytest.mark.parametrize(
    ("nothing", "proven"),
    [
        (None, True),
        ((204, "", {}), True),
        ((404, "", {}), None),
        ((404, '{"reference": "r", "message": "No results", "code": 404}', {}), None),
    ],
)
def test_nothing_found_is_a_result(fetch, nothing, proven) -> None:
    """Every way to say nothing gives an empty table; nothing but 404 is no proof, for a wrong address says so too."""
    with serve(Lens([], Moods(), nothing)) as (base, _):
        found = fetch(base)
    assert found.table.num_rows == 0
    assert found.source.proven_complete is proven


def test_a_404_among_results_is_an_empty_slice(fetch) -> None:
    """Where other searches bring records, a 404 stands for an empty one, and the proof holds."""
    with serve(Lens([Record("1", "2021-01-01")], Moods(), (404, "", {}))) as (base, _):
        found = fetch(base, CLASSES.replace("strict =", 'nothing = { all = ["classes.none"] }\nstrict =').replace(
            "recycling =", 'none = ["B65H73"]\nrecycling =', 1
        ))  # fmt: skip
    assert numbers(found) == ["CN1A"]
    assert found.source.proven_complete is True


def test_a_wrong_address_is_not_nothing(fetch) -> None:
    """A server that does not know the path says 404 with it: an error that shows it."""
    with serve(Lens(records(1), Moods())) as (base, _), pytest.raises(FetchError, match=r"HTTP 404.*Not Found"):
        fetch(f"{base}/elsewhere")


def test_a_total_that_lies_is_no_proof(fetch) -> None:
    """Where fewer hits come than were stated, the fetch says by how many and is not proven complete."""
    with serve(Lens(records(120), Moods(lie=3))) as (base, _):
        source = fetch(base).source
    assert source.proven_complete is False
    assert [piece["stated"] - piece["received"] for piece in source.slices] == [3]


def test_an_answer_without_a_total_is_refused(fetch) -> None:
    """A page whose total is no number, or that is cut off, is an error, not an empty topic; nothing of it is kept."""
    for body in ('{"total": null, "data": []}', '{"total": 3, "data": [{"lens_id": "0', "[]"):
        moods = Moods(from_then=(1, (200, body, {})))
        with serve(Lens(records(1), moods)) as (base, _):
            with pytest.raises(FetchError, match=r"HTTP 200, but no whole answer"):
                fetch(base)
            moods.from_then = None
            assert numbers(fetch(base)) == ["CN100000001A"]


@pytest.mark.parametrize("drops_last", [True, False])
def test_pages_that_shift_are_no_proof(fetch, drops_last: bool) -> None:
    """A record that turns up on two pages has pushed another off: as many came as were stated, and yet not all."""
    service = Lens(records(300), Moods())
    service.pages_until_shift, service.drops_last = 2, drops_last
    with serve(service) as (base, _):
        found = fetch(base)
    assert len(set(numbers(found))) == len(numbers(found)) == 299
    assert found.source.proven_complete is False


def test_a_total_that_grows_is_no_proof(fetch) -> None:
    """What was added behind the last page while the pages came is missed: the later pages' total tells."""
    service = Lens(records(300), Moods())
    with serve(service) as (base, _):
        query = Query.parse(CLASSES)
        asked = lens_query.narrowed(lens_query.searches(query)[0][1], whole(query.years))
        first = service.answer(
            "/patent/search", {"Authorization": f"Bearer {TOKEN}"}, json.loads(lens_query.body(asked, 0))
        )
        service.records.append(Record("999999999", "2022-12-31"))
        service._hits.clear()
        service.moods.fail[1] = first
        source = fetch(base).source
    assert [(piece["stated"], piece["received"]) for piece in source.slices] == [(301, 300)]
    assert source.proven_complete is False


def test_what_cannot_be_read_is_set_aside(fetch) -> None:
    """Records without a number are counted by reason; rows in are rows out and set aside; stubs are records."""
    made = [Record("1", "2021-01-01", is_stub=True), Record("2", "2021-01-01", is_nameless=True), *records(5, 3)]
    with serve(Lens(made, Moods())) as (base, _):
        found = fetch(base)
    assert [(loss.reason, loss.count) for loss in found.set_aside] == [("no publication number", 1)]
    assert found.rows_in == found.table.num_rows + 1 == 7
    assert found.source.proven_complete is True
    assert "CN1A" in numbers(found)


def test_offline_replays_without_a_token(fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server gone and no token, the kept answers give the same table; a missing one is named."""
    with serve(Lens(records(730), Moods())) as (base, _):
        found = fetch(base)
    monkeypatch.delenv("LENS_API_TOKEN")
    again = fetch(base, offline=True)
    assert again.table.equals(found.table)
    assert again.source == found.source
    next((tmp_path / "cache" / "lens").glob("*/*.gz")).unlink()
    with pytest.raises(NotCached, match=r"POST http://127\.0\.0\.1:.*/patent/search"):
        fetch(base, offline=True)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_named_and_not_shown(fetch, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """The error has the variable, where to register, and what works without; never the token. Exit code 3."""
    monkeypatch.delenv("LENS_API_TOKEN")
    monkeypatch.setenv("LENS_TOKEN", "another-planted-token")
    moods = Moods(fail={1: (403, '{"message": "Forbidden", "code": 403}', {})} if status == 403 else {})
    with serve(Lens(records(1), moods)) as (base, _), pytest.raises(Unauthorized, match="in LENS_TOKEN") as caught:
        fetch(base)
    assert caught.value.exit_code == 3
    for word in ("lens.org/lens/user/subscriptions", "CSV", "--input FILE", f"HTTP {status}"):
        assert word in str(caught.value)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "  ", "planted token", "planted\u2028token", "planted\ntoken"])
def test_a_token_that_is_missing_or_broken_is_not_sent(fetch, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Without a token, or with one that no header can carry, nothing is sent, and the error does not show it."""
    monkeypatch.setenv("LENS_API_TOKEN", value)
    with serve(Lens([], Moods())) as (base, state), pytest.raises(Unauthorized, match="LENS_API_TOKEN") as caught:
        fetch(base)
    assert state.requests == 0
    assert "planted" not in str(caught.value)


def test_no_secret_in_the_cache(fetch, tmp_path: Path) -> None:
    """The token is in no byte of the cache, and `sources` names its variable only."""
    with serve(Lens(records(150), Moods())) as (base, _):
        fetch(base)
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(kept) == 4
    for path in kept:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert TOKEN.encode() not in raw
        assert b"Bearer" not in raw
    said = lens.CARD.row(tmp_path / "cache")
    assert "LENS_API_TOKEN" in said["set_up"]
    assert TOKEN not in json.dumps(said)
    assert said["kept"].startswith("2 answers")
