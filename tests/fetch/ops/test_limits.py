"""What OPS allows and what is no answer: rates, quotas, waiting, and bodies that are something else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from patentscope.errors import FetchError, QuotaExceeded, Unauthorized
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.http import Asker
from patentscope.fetch.ops.access import OpsManners
from patentscope.provenance.progress import Progress

from servers.ops import Moods, serve
from worlds.asked import Skipping
from worlds.ops_search import fetch, records

#: Bodies with status 200 that are none.
NO_ANSWERS = ("html", "json", "broken", "fault")
NO_WEEK = {"X-RegisteredQuotaPerWeek-Used": "4000000000"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Skipping:
    """Set a key pair, and give a clock that notes how long would have been waited."""
    monkeypatch.setenv("EPO_OPS_KEY", "the-key")
    monkeypatch.setenv("EPO_OPS_SECRET", "the-secret")
    return Skipping()


def lights(text: str) -> dict[str, str]:
    """Return the header by which OPS says how much it allows."""
    return {"X-Throttling-Control": text}


def told(base: str, cache: Path, **how: object) -> list[Progress]:
    """Fetch the small query's pool from *base*, and return what was said of it."""
    said: list[Progress] = []
    fetch(base, cache, progress=said.append, **how)
    return said


@pytest.mark.parametrize(("light", "number", "wait"), [("green", 10, 6.0), ("yellow", 10, 8.0), ("red", 10, 12.0)])
def test_the_rate_is_kept_and_warnings_slow_it_down(
    tmp_path: Path, clock: Skipping, light: str, number: int, wait: float
) -> None:
    """Requests are spaced by the number that OPS states; at yellow and red they are fewer than it allows."""
    moods = Moods(headers={1: lights(f"busy (inpadoc=green:45, search={light}:{number})")})
    with serve(records(30), moods) as (base, _):
        said = told(base, tmp_path, clock=clock)
    assert wait - 2 < max(clock.waits) <= wait
    assert any(one.what.startswith("waiting") and f"search {light}, {number} a minute" in one.beside for one in said)


def test_progress_of_a_cut_search_is_of_the_whole(tmp_path: Path) -> None:
    """A search that is cut says how much of all its hits has come, and of which piece; one that isn't, just that."""
    with serve(records(2_500)) as (base, _):
        said = told(base, tmp_path)
    last = [one for one in said if one.total == 2_500][-1]
    assert last.done == 2_500
    assert re.match(r"\d{4}\S*: [\d,]+ of [\d,]+", last.beside)
    with serve(records(30)) as (base, _):
        said = told(base, tmp_path / "small")
    assert any((one.done, one.total) == (30, 30) and "30 of 30" not in one.beside for one in said)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (lights("overloaded (search=black:0)") | {"Retry-After": "90000"}, 90.0),
        (lights("overloaded (search=red:30)") | {"Retry-After": "20000"}, 20.0),
        (lights("overloaded (search=black:30)"), 60.0),
    ],
)
def test_a_shut_service_is_left_alone(tmp_path: Path, clock: Skipping, headers: dict[str, str], wait: float) -> None:
    """Retry-After counts milliseconds, and is obeyed at red as at black; black without it means a minute."""
    with serve(records(30), Moods(headers={2: headers})) as (base, _):
        told(base, tmp_path, clock=clock)
    assert wait - 5 < max(clock.waits) <= wait


@pytest.mark.parametrize(
    ("moods", "wait"),
    [
        (lambda: Moods(tokens_last=3), 0),
        (
            lambda: Moods(
                fail={2: (500, "SERVER.DomainAccess"), 4: (503, "SERVER.LimitedServerResources"), 5: (408, "x")},
                cut={7},
            ),
            8,
        ),
        (lambda: Moods(fail={2: (403, "CLIENT.RobotDetected")}, headers={2: {"Retry-After": "30000"}}), 30),
        (lambda: Moods(headers={3: NO_WEEK | {"X-RegisteredPayingQuotaPerWeek-Used": "5000000000"}}), 0),
        *((lambda kind=kind: Moods(body={2: kind, 3: kind}), 8) for kind in NO_ANSWERS),
    ],
    ids=["a lapsed token", "outages", "a refusal with a time", "the free week of who pays", *NO_ANSWERS],
)
def test_what_passes_leaves_no_trace(tmp_path: Path, clock: Skipping, moods: Callable[[], Moods], wait: float) -> None:
    """A lapsed token is renewed, what is no answer is asked for again, a wait is kept, who pays may go over 4 GB."""
    with serve(records(300), moods()) as (base, state):
        table, source = fetch(base, tmp_path, clock=clock)
    assert len(set(table.column("publication_number").to_pylist())) == 300
    assert source.status == "complete"
    assert max(clock.waits) <= wait + 0.1
    assert max(clock.waits) > wait - 5
    assert state.tokens > 1 or state.moods.tokens_last > state.requests


def test_a_refusal_without_one_is_about_the_key(tmp_path: Path) -> None:
    """HTTP 403 without a quota or a time says that the key may not be active, with what OPS said."""
    moods = Moods(fail={2: (403, "CLIENT.RobotDetected")})
    with serve(records(30), moods) as (base, _), pytest.raises(Unauthorized, match=r"403 CLIENT\.RobotDetected"):
        fetch(base, tmp_path)


def test_rate_and_quotas_are_shown(tmp_path: Path) -> None:
    """While it asks, a fetch says rate, colour, both quotas' use, and how long the slice takes; from the cache none."""
    used = {"X-IndividualQuotaPerHour-Used": "17008274", "X-RegisteredQuotaPerWeek-Used": "502112806"}
    moods = Moods(headers={2: used | lights("idle (search=green:30)")})
    with serve(records(250), moods) as (base, _):
        said = told(base, tmp_path)
        again = told(base, tmp_path)
    limits = (
        "search green, 30 a minute; 17.0 of about 450 MB this hour; 0.50 of 4 GB this week; "
        "2 requests to come, about 1 minute at 30 a minute"
    )
    assert Progress("strict/1", 100, 250, "hits", limits) in said
    assert Progress("strict/1", 250, 250, "hits") in again
    assert not any("a minute" in one.beside for one in again)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (
            {"X-IndividualQuotaPerHour-Used": "449999000"},
            r"450\.0 of about 450 MB this hour.* go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC",
        ),
        (NO_WEEK, r"4\.00 of 4 GB this week.* go on after \d{4}-\d\d-\d\d 00:00 UTC"),
    ],
)
def test_a_quota_is_not_broken(tmp_path: Path, headers: dict[str, str], words: str) -> None:
    """Where one more answer could break a quota, it is not asked for; the answer before is kept."""
    made = records(2200)
    with serve(made, Moods(headers={5: headers})) as (base, state):
        with pytest.raises(QuotaExceeded, match=words):
            fetch(base, tmp_path)
        assert state.requests == 5
        table, source = fetch(base, tmp_path)
    assert len(set(table.column("publication_number").to_pylist())) == len(made)
    assert source.status == "complete"
    assert max(state.asked.values()) == 1


@pytest.mark.parametrize("kind", NO_ANSWERS)
def test_what_is_no_answer_is_never_kept(tmp_path: Path, kind: str) -> None:
    """Where nothing else comes, the error names the question, and the cache holds nothing of it: the next try asks."""
    with serve(records(30), Moods(body=dict.fromkeys(range(2, 20), kind))) as (base, state):
        with pytest.raises(
            FetchError, match=r"GET http://127.*/search/biblio\?q=.* no whole answer in its [\d,]+ bytes"
        ):
            fetch(base, tmp_path)
        assert len(list((tmp_path / "ops").glob("*/*.json"))) == 1
        state.moods.body = {}
        _, source = fetch(base, tmp_path)
    assert source.status == "complete"


def test_a_slow_answer_is_asked_for_again(tmp_path: Path) -> None:
    """An answer that does not come in time is asked for once more."""
    with serve(records(3), Moods(slow={1: 2.0})) as (base, state):
        asker = Asker(AnswerStore(tmp_path, "ops", "none"), OpsManners(base), timeout=0.5, clock=Skipping())
        url = f"{base}/rest-services/published-data/search?q=pd%3E%3D2020&Range=1-1"
        answer = asker.ask(url, service="search", accept="application/xml")
        asker.close()
    assert answer.status == 200
    assert state.requests > 1


def test_nobody_there_is_said_plainly(tmp_path: Path) -> None:
    """Where not even the token can be asked for, the error is one of ours and names the question."""
    with serve([]) as (base, _):
        pass
    with pytest.raises(FetchError, match=r"GET http://127.* no answer after 4 tries"):
        fetch(base, tmp_path)


def test_the_time_to_go_on_is_in_the_future(tmp_path: Path) -> None:
    """The clock time after a met hour's quota is about an hour away, in UTC."""
    with serve(records(30), Moods(quota_after=1)) as (base, _), pytest.raises(QuotaExceeded) as caught:
        fetch(base, tmp_path)
    found = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", str(caught.value))
    assert found is not None
    until = dt.datetime.fromisoformat(found[0]).replace(tzinfo=dt.UTC)
    away = until - dt.datetime.now(tz=dt.UTC)
    assert dt.timedelta(minutes=50) < away <= dt.timedelta(minutes=61)
