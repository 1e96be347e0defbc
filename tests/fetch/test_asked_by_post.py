"""The sources that are asked by POST, The Lens and the USPTO's portal: what holds for both of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from patentscope.errors import FetchError, NotCached, Unauthorized
from patentscope.fetch.lens import source as lens
from patentscope.fetch.uspto import source as uspto
from patentscope.records.imported import Imported

from factories import query_text
from servers.lens import TOKEN, WALL, Lens, Record
from servers.post import Moods, Service, serve
from servers.uspto import KEY, Application, Portal
from worlds.asked import ask

TEXT = query_text(years=[2020, 2022])
BUSY = (429, '{"message": "Too many requests", "code": 429}', {})


@dataclass(frozen=True)
class Asked:
    """One of the two sources, and who stands in for its service.

    Attributes:
        source: its module.
        service: gives the stand-in for records and moods.
        record: makes one on topic, of a number and a date of publication.
        secret: what the service lets in.
        path: where it is asked.
        unknown: what it says of another path.
        broken: bodies that are no whole page.
        without: what an error about its key must say, besides the variable.
        to_have: how one comes by a key.
        sent: the header that holds the key.
    """

    source: Any
    service: Callable[..., Service]
    record: Callable[[str, str], Any]
    secret: str
    path: str
    unknown: str
    broken: tuple[str, ...]
    without: tuple[str, ...]
    to_have: str
    sent: bytes

    @property
    def names(self) -> tuple[str, str]:
        """The variables that may hold the key."""
        (first,), (second,) = self.source.CARD.key_names
        return first, second

    def records(self, count: int, day: str = "") -> list[Any]:
        """Return made records of March 2021, spread over its days unless *day* says which."""
        return [self.record(f"{16000001 + i}", f"2021-03-{day or f'{1 + i % 28:02d}'}") for i in range(count)]


BOTH = [
    Asked(
        lens,
        Lens,
        Record,
        TOKEN,
        "/patent/search",
        "Not Found",
        ('{"total": null, "data": []}', '{"total": 3, "data": [{"lens_id": "0', "[]"),
        ("lens.org/lens/user/subscriptions", "CSV", "--input FILE"),
        "a trial or a plan",
        b"bearer",
    ),
    Asked(
        uspto,
        Portal,
        Application,
        KEY,
        "/patent/applications/search",
        "no Route matched",
        ('{"count": "3"}', '{"count": 3, "patentFileWrapperDataBag": [{"appl', "[]"),
        ("https://data.uspto.gov/myodp", "--input FILE"),
        "ID.me",
        b"x-api-key",
    ),
]


@pytest.fixture(params=BOTH, ids=lambda asked: asked.source.CARD.name)
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Each source in turn, its key set."""
    monkeypatch.setenv(request.param.names[0], request.param.secret)
    monkeypatch.delenv(request.param.names[1], raising=False)
    return request.param


@pytest.fixture
def fetch(asked: Asked, tmp_path: Path) -> Callable[..., Imported]:
    """Give what fetches the small query's pool from a base address, through a cache of this test's own."""
    return lambda base, **how: ask(asked.source, base, tmp_path, TEXT, **how)


def numbers(found: Imported) -> list[str]:
    """Return the publication numbers that came."""
    return found.table.column("publication_number").to_pylist()


def test_what_cannot_be_cut_is_refused(asked: Asked, fetch) -> None:
    """More hits than the window on one day is an error that names the day, not a loss."""
    service = asked.service(asked.records(WALL + 1, day="09"))
    with serve(service) as (base, _), pytest.raises(FetchError, match=r"slice (published )?2021-03-09 of strict"):
        fetch(base)


@pytest.mark.parametrize(
    "moods",
    [
        lambda: Moods(fail={2: BUSY, 3: BUSY}),
        lambda: Moods(fail={1: (503, "busy", {}), 4: (500, "{}", {})}, cut={2}, html={6}),
    ],
    ids=["haste", "outages"],
)
def test_what_passes_is_waited_out(asked: Asked, fetch, moods: Callable[[], Moods]) -> None:
    """Refusals for haste, a busy server, a cut line and a gateway's page are tried again, and leave no trace."""
    with serve(asked.service(asked.records(300), moods())) as (base, _):
        found = fetch(base)
    assert len(numbers(found)) == len(set(numbers(found))) == 300
    assert found.source.status == "complete"


def test_a_wrong_address_is_not_nothing(asked: Asked, fetch) -> None:
    """A service that does not know the path says 404 of it: an error that shows what it said."""
    with (
        serve(asked.service(asked.records(1))) as (base, _),
        pytest.raises(FetchError, match=f"HTTP 404.*{asked.unknown}"),
    ):
        fetch(f"{base}/elsewhere")


def test_a_total_that_lies_is_no_proof(asked: Asked, fetch) -> None:
    """Where fewer hits come than were stated, the fetch says by how many and is not proven complete."""
    with serve(asked.service(asked.records(120), Moods(lie=3))) as (base, _):
        source = fetch(base).source
    assert source.status == "cut"
    assert [piece["stated"] - piece["received"] for piece in source.slices] == [3]


def test_an_answer_without_a_total_is_refused(asked: Asked, fetch) -> None:
    """A page whose total is no number, or that is cut off, is an error, not an empty topic; nothing of it is kept."""
    for body in asked.broken:
        moods = Moods(from_then=(1, (200, body, {})))
        with serve(asked.service(asked.records(1), moods)) as (base, _):
            with pytest.raises(FetchError, match="HTTP 200, but no whole answer"):
                fetch(base)
            moods.from_then = None
            assert len(numbers(fetch(base))) == 1


@pytest.mark.parametrize(
    ("newcomer", "pages", "drops_last", "received"),
    [
        (("1", "2020-01-01"), 2, True, 299),
        (("1", "2020-01-01"), 2, False, 299),
        (("17999999", "2022-12-30"), 1, False, 300),
    ],
    ids=["shifted", "shifted, grown", "grown behind"],
)
def test_records_that_come_meanwhile_undo_the_proof(
    asked: Asked, fetch, newcomer: tuple[str, str], pages: int, drops_last: bool, received: int
) -> None:
    """A record seen twice has pushed another off its page, and a total that grows tells of one behind the last page."""
    service = asked.service(asked.records(300))
    service.newcomer, service.pages_until_newcomer, service.drops_last = asked.record(*newcomer), pages, drops_last
    with serve(service) as (base, _):
        found = fetch(base)
    assert len(set(numbers(found))) == len(numbers(found)) == received
    assert [(piece["stated"], piece["received"]) for piece in found.source.slices] == [(301 - drops_last, received)]
    assert found.source.status == "cut"


def test_offline_replays_without_a_key(asked: Asked, fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server gone and no key, the kept answers give the same table; a missing one is named."""
    with serve(asked.service(asked.records(330))) as (base, _):
        found = fetch(base)
    monkeypatch.delenv(asked.names[0])
    again = fetch(base, offline=True)
    assert (again.table, again.source) == (found.table, found.source)
    next(tmp_path.glob("*/*/*.gz")).unlink()
    with pytest.raises(NotCached, match=rf"POST http://127\.0\.0\.1:.*{asked.path}"):
        fetch(base, offline=True)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named_and_not_shown(
    asked: Asked, fetch, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The error has the variable, where to register, and what works without; never the key. Exit code 3."""
    monkeypatch.delenv(asked.names[0])
    monkeypatch.setenv(asked.names[1], "another-planted-key")
    moods = Moods(fail={1: (status, '{"message": "Forbidden"}', {})})
    with (
        serve(asked.service([], moods)) as (base, _),
        pytest.raises(Unauthorized, match=f"in {asked.names[1]}") as caught,
    ):
        fetch(base)
    assert caught.value.exit_code == 3
    assert all(word in str(caught.value) for word in (*asked.without, f"HTTP {status}"))
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "  ", "planted key", "planted\u2028key", "planted\nkey"])
def test_a_key_that_is_missing_or_broken_is_not_sent(
    asked: Asked, fetch, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Without a key, or with one that no header can carry, nothing is sent, and the error does not show it."""
    monkeypatch.setenv(asked.names[0], value)
    with serve(asked.service([])) as (base, state), pytest.raises(Unauthorized, match=asked.names[0]) as caught:
        fetch(base)
    assert state.requests == 0
    assert "planted" not in str(caught.value)
    assert value.strip() or all(word in str(caught.value) for word in (asked.to_have, "--input FILE"))


def test_no_secret_in_the_cache(asked: Asked, fetch, tmp_path: Path) -> None:
    """The key is in no byte of the cache, and `sources` names its variable only."""
    with serve(asked.service(asked.records(150))) as (base, state):
        fetch(base)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 2 * state.requests > 0
    for path in kept:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert asked.secret.encode() not in raw
        assert asked.sent not in raw.lower()
    said = asked.source.CARD.row(tmp_path)
    assert asked.names[0] in said["set_up"]
    assert asked.secret not in json.dumps(said)
    assert said["kept"].startswith(f"{state.requests} answers")
