"""Every recorded exchange with OPS is asked again, of a server that answers as OPS did, and comes out as it must."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patentscope.errors import QuotaExceeded, Unauthorized
from patentscope.files.xml.exchange import is_whole_family, publications_of, total_of

from servers.ops_replay import OF_2025, RECORDED, Exchange, Replay, recorded, replaying, service_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no real records at {RECORDED}"),
]
EXCHANGES = recorded()


@pytest.fixture
def replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """Start the server, and set a key pair."""
    monkeypatch.setenv("EPO_OPS_KEY", "the-key")
    monkeypatch.setenv("EPO_OPS_SECRET", "the-secret")
    with replaying(tmp_path) as started:
        yield started


def a_token() -> Exchange:
    """Return a recorded token answer."""
    return next(exchange for exchange in EXCHANGES if exchange.kind == "token")


def kept_whole(replay: Replay, exchange: Exchange) -> bytes:
    """Ask; the answer must be kept as it came, be asked for once, and serve offline. Return its body."""
    answer = replay.ask(exchange.path, [exchange], token=a_token())
    assert (answer.status, answer.body) == (exchange.status, exchange.body)
    assert (replay.kept(), replay.server.tokens) == (1, 1)
    stated = {name.lower(): values[-1] for name, values in exchange.headers.items()}
    for name, header in (("hour", "x-individualquotaperhour-used"), ("week", "x-registeredquotaperweek-used")):
        assert replay.manners.limits.used.get(name) == (int(stated[header]) if header in stated else None)
    if rate := re.search(rf"{service_of(exchange.path)}=(\w+):(\d+)", stated.get("x-throttling-control", "")):
        assert f"{rate[1]}, {rate[2]} a minute" in replay.manners.limits.shown(service_of(exchange.path))
    assert replay.ask(exchange.path, [], token=a_token(), offline=True) == answer
    assert replay.server.asked == []
    return answer.body


def is_token(replay: Replay, exchange: Exchange) -> None:
    """A token answer signs the next question in."""
    question = next(other for other in EXCHANGES if other.kind == "search")
    replay.ask(question.path, [question], token=exchange)
    token = json.loads(exchange.body)["access_token"]
    assert replay.server.asked == [(question.path, f"Bearer {token}")]


def is_refused(replay: Replay, exchange: Exchange) -> None:
    """A refused key names its variable and never its value; nothing is asked with it."""
    question = next(other for other in EXCHANGES if other.kind == "search")
    with pytest.raises(Unauthorized, match=r"EPO_OPS_KEY.*HTTP 401.*developers\.epo\.org") as caught:
        replay.ask(question.path, [], token=exchange)
    assert "the-" not in str(caught.value)
    assert (replay.server.asked, replay.kept()) == ([], 0)


def is_renewed(replay: Replay, exchange: Exchange) -> None:
    """A lapsed token is renewed once, and the question asked again."""
    good = next(other for other in EXCHANGES if other.path == exchange.path and other.status == 200)
    answer = replay.ask(exchange.path, [exchange, good], token=a_token())
    assert (answer.status, answer.body) == (200, good.body)
    assert (replay.server.tokens, len(replay.server.asked), replay.kept()) == (2, 2, 1)


def is_quota(replay: Replay, exchange: Exchange) -> None:
    """A met quota stops with its name and the time to go on; the refusal is not kept."""
    (reason,) = exchange.headers["X-Rejection-Reason"]
    with pytest.raises(QuotaExceeded, match=rf"{reason}.*go on after \d{{4}}-\d\d-\d\d \d\d:\d\d UTC"):
        replay.ask(exchange.path, [exchange], token=a_token())
    assert (len(replay.server.asked), replay.kept()) == (1, 0)


def is_search(replay: Replay, exchange: Exchange) -> None:
    """A search without constituents states its total and holds numbers only."""
    body = kept_whole(replay, exchange)
    stated = re.search(rb'biblio-search total-result-count="(\d+)"', body)
    assert stated is not None
    assert total_of(body) == int(stated[1])
    assert publications_of(body, source="ops", origin="x") == ([], [])


def is_biblio(replay: Replay, exchange: Exchange) -> None:
    """As many publications are read as there are documents, each with number, office and kind."""
    body = kept_whole(replay, exchange)
    publications, losses = publications_of(body, source="ops", origin="x")
    assert not losses
    assert len(publications) == body.count(b"<exchange-document ") > 0
    assert all(one.publication_number and one.office and one.kind for one in publications)


def is_family(replay: Replay, exchange: Exchange) -> None:
    """As many members are read as are stated, each with its simple family, and that is the whole family."""
    body = kept_whole(replay, exchange)
    members, losses = publications_of(body, source="ops", origin="x")
    assert not losses
    assert len(members) == body.count(b"<ops:family-member ")
    assert is_whole_family(body)
    assert all(member.family_id and member.publication_date for member in members)


def is_legal(replay: Replay, exchange: Exchange) -> None:
    """A legal answer holds one member and states the family's number: it is no proof of the family."""
    assert not is_whole_family(kept_whole(replay, exchange))


def is_other(replay: Replay, exchange: Exchange) -> None:
    """An answer of another service is kept, and no publication is read out of it."""
    body = kept_whole(replay, exchange)
    assert publications_of(body, source="ops", origin="x") == ([], [])
    assert total_of(body) is None


def is_nothing(replay: Replay, exchange: Exchange) -> None:
    """The 404 of an empty result is an answer like any other."""
    kept_whole(replay, exchange)


RULES: dict[str, tuple[int, Callable[[Replay, Exchange], None]]] = {
    "token": (7, is_token),
    "refused key": (1, is_refused),
    "lapsed token": (2, is_renewed),
    "met quota": (2, is_quota),
    "nothing found": (2, is_nothing),
    "search": (8, is_search),
    "biblio": (15, is_biblio),
    "family": (4, is_family),
    "legal": (1, is_legal),
    "no publications": (56, is_other),
}


def test_every_exchange_has_a_rule() -> None:
    """All 92 exchanges of the index and the six of 2025 fall under a rule, as many as are known to."""
    assert len(EXCHANGES) == 92 + len(OF_2025)
    assert {folder.name for folder in (RECORDED / "2025").iterdir()} == set(OF_2025)
    assert Counter(exchange.kind for exchange in EXCHANGES) == {kind: count for kind, (count, _) in RULES.items()}


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.name[:60])
def test_recorded_exchange(exchange: Exchange, replay: Replay) -> None:
    """Asked again, the exchange comes out as its rule says."""
    RULES[exchange.kind][1](replay, exchange)
