"""Servers that stall, drip, bomb, lie, and answer what was not asked: an error that says so, nothing kept of it.

What OPS does in bad moods (cut lines, pages of HTML, JSON for XML, broken documents, outages, totals that are too high)
is in ops/test_ops.py and ops/test_limits.py; ranges of a file that lie are in surechembl/test_bulk.py.
"""

from __future__ import annotations

import itertools
import json
import re
import time
import zlib
from pathlib import Path

import pytest

from patentscope.errors import FetchError, QuotaExceeded, UsageError
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.http import Asker, checked_base
from patentscope.fetch.lens import source as lens
from patentscope.fetch.ops import source as ops
from patentscope.fetch.ops.access import OpsManners
from patentscope.fetch.paced import PacedManners
from patentscope.records.imported import Imported

from servers.hostile import serve_bytes, whole
from servers.ops import ERROR, FAULT, serve
from servers.ops_answers import search_answer
from worlds.asked import Skipping, ask
from worlds.ops_search import SMALL, records

TOKEN = json.dumps({"access_token": "planted-token-0123456789", "expires_in": "1199"}).encode()
SECRETS = ("planted-token-0123456789", "planted-key", "planted-secret-0123456789")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set secrets that can be searched for."""
    monkeypatch.setenv("EPO_OPS_KEY", "planted-key")
    monkeypatch.setenv("EPO_OPS_SECRET", "planted-secret-0123456789")
    monkeypatch.setenv("LENS_API_TOKEN", "planted-token-0123456789")


def kept(folder: Path) -> int:
    """Return how many answers are kept in a cache."""
    return len(list(folder.rglob("*.json")))


def pull(base: str, cache: Path) -> Imported:
    """Fetch the small query's pool from the OPS at *base*."""
    return ask(ops, base, cache, SMALL)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_stalled_and_an_endless_answer_end(tmp_path: Path, part: str) -> None:
    """A server that falls silent, and one that sends a byte now and then for ever, are given up; nothing is kept."""

    def drip(_: bytes):
        if part == "head":
            yield b"HTTP/1.1 200 OK\r\n"
            time.sleep(30)
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n"
        for _ in range(600):
            yield b"x"
            time.sleep(0.05)

    with serve_bytes(drip) as (base, requests):
        asker = Asker(AnswerStore(tmp_path, "x", "L"), PacedManners(1e6), timeout=0.5, longest=0.3, clock=Skipping())
        with pytest.raises(FetchError, match="no answer after 4 tries"):
            asker.ask(f"{base}/a", service="s", accept="*/*")
        asker.close()
    assert len(requests) == 4
    assert kept(tmp_path) == 0


def test_an_answer_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """A compressed answer of a third of a megabyte that stands for 300 MB is not unpacked to its end."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    with serve_bytes(lambda _: [whole(block, "Content-Encoding: gzip", kind="text/plain")]) as (base, _):
        asker = Asker(AnswerStore(tmp_path, "x", "L"), PacedManners(1e6))
        with pytest.raises(FetchError, match="an answer of over 256 MB"):
            asker.ask(f"{base}/a", service="s", accept="*/*")
        asker.close()
    assert kept(tmp_path) == 0


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "403 Forbidden", "500 Error"])
def test_an_answer_that_repeats_the_key_is_neither_kept_nor_shown(tmp_path: Path, status: str) -> None:
    """A server that echoes what signs in, in a result or in an error: no byte on disk and no error text has it."""

    def echo(asked: bytes):
        if b"accesstoken" in asked:
            return [whole(TOKEN, kind="application/json")]
        said = " ".join([*SECRETS[:1], re.sub(r"[<>&]", "", asked.decode())])
        body = search_answer([], 1, 1, 0, with_biblio=False).replace("CQL", said)
        return [whole((body if status[:3] == "200" else ERROR.format(status[:3], said)).encode(), status=status)]

    with serve_bytes(echo) as (base, _), pytest.raises(FetchError) as caught:
        pull(base, tmp_path)
    for secret in SECRETS[:1]:
        assert secret not in str(caught.value)
        assert all(secret.encode() not in path.read_bytes() for path in tmp_path.rglob("*.*"))
    assert kept(tmp_path) == 0


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_carries_no_credentials(tmp_path: Path, status: str) -> None:
    """Redirects are not followed, for a token or for a search: the other server is never asked anything."""
    with serve_bytes(lambda _: [whole(TOKEN)]) as (other, theirs):
        away = whole(b"", f"Location: {other}/3.2/x", status=status)
        with serve_bytes(lambda _: [away]) as (base, ours), pytest.raises(FetchError, match="gave no token"):
            pull(base, tmp_path)
        with (
            serve_bytes(lambda asked: [whole(TOKEN) if b"accesstoken" in asked else away]) as (base, _),
            pytest.raises(FetchError, match=f"HTTP {status[:3]}"),
        ):
            pull(base, tmp_path)
        with serve_bytes(lambda _: [away]) as (base, _), pytest.raises(FetchError, match=f"HTTP {status[:3]}"):
            ask(lens, base, tmp_path, SMALL)
    assert ours
    assert theirs == []


@pytest.mark.parametrize("token", ["a\\nb: c", "a\\u20acb", "", "[1]" * 9])
def test_a_token_that_no_header_can_carry_is_refused_unshown(tmp_path: Path, token: str) -> None:
    """A token with a line break or a letter beyond ASCII would be quoted by the HTTP library: it is never sent."""
    value = "[1]" if token.startswith("[") else f'"{token}"'
    body = f'{{"access_token": {value}, "expires_in": {"9" * 400}}}'.encode()
    with serve_bytes(lambda _: [whole(body)]) as (base, requests), pytest.raises(FetchError, match="gave no token"):
        pull(base, tmp_path)
    assert all(b"accesstoken" in asked for asked in requests)


def test_the_password_of_an_address_is_never_shown(tmp_path: Path) -> None:
    """An address with a user and a password, which would go in place of the token, is refused and not repeated."""
    with (
        serve_bytes(lambda _: [whole(b"{}")]) as (base, requests),
        pytest.raises(UsageError, match="a password") as caught,
    ):
        pull(base.replace("//", "//user:planted-password@"), tmp_path)
    assert requests == []
    assert "planted" not in str(caught.value)
    assert "planted" not in str(ops.CARD.row(tmp_path))


@pytest.mark.parametrize("seconds", ["99999999999", "9" * 400])
def test_whoever_asks_to_wait_for_years_is_not_waited_for(tmp_path: Path, seconds: str) -> None:
    """A Retry-After beyond an hour ends the fetch with what it asks for; what was fetched is kept."""
    busy = whole(b"busy", f"Retry-After: {seconds}", status="503 Busy")
    for manners in (PacedManners(1e6), lens.manners()):
        with serve_bytes(lambda _: [busy]) as (base, _), pytest.raises(QuotaExceeded, match=r"wait [\d,.]+ hours"):
            Asker(AnswerStore(tmp_path, "x", "L"), manners, clock=Skipping()).ask(
                f"{base}/a", service="search", accept="*/*"
            )
    with serve_bytes(lambda asked: [whole(TOKEN) if b"accesstoken" in asked else busy]) as (base, _):
        asker = Asker(AnswerStore(tmp_path, "x", "L"), OpsManners(base), clock=Skipping())
        with pytest.raises(QuotaExceeded, match=r"wait [\d,.]+ hours"):
            asker.ask(f"{base}/published-data/search?q=x&Range=1-1", service="search", accept="*/*")


def test_another_page_than_asked_for_is_no_answer(tmp_path: Path) -> None:
    """An answer that shows other hits than asked for is not kept; once the server is well, the fetch is as ever."""
    made = records(250)
    page = search_answer(made, 1, 100, 0, with_biblio=True).encode()
    first = search_answer(made, 1, 1, 0, with_biblio=False).encode()

    def stuck(asked: bytes):
        return [whole(TOKEN if b"accesstoken" in asked else page if b"/biblio?" in asked else first)]

    with serve_bytes(stuck) as (base, _), pytest.raises(FetchError, match="no whole answer"):
        pull(base, tmp_path / "a")
    with serve(made) as (base, _):
        whole_fetch = pull(base, tmp_path / "b")
    assert whole_fetch.source.status == "complete"


def test_the_same_hits_on_every_page_prove_nothing(tmp_path: Path) -> None:
    """A server that labels its pages as asked for and shows the first hits on each: as many came, but not all."""
    made = records(250)

    def repeats(asked: bytes):
        if b"accesstoken" in asked:
            return [whole(TOKEN)]
        first, last = map(int, re.search(rb"Range=(\d+)-(\d+)", asked).groups())
        body = search_answer(made, 1, last - first + 1, 0, with_biblio=b"/biblio?" in asked)
        return [whole(body.replace('begin="1"', f'begin="{first}"').encode())]

    with serve_bytes(repeats) as (base, _):
        found = pull(base, tmp_path)
    assert found.source.status == "cut"
    assert all(piece["received"] == 100 for piece in found.source.slices if piece["stated"] == 250)


def test_an_error_answer_with_entities_is_inert(tmp_path: Path) -> None:
    """An error document that multiplies entities, reads a file, or states an odd encoding is an unknown error."""
    laughs = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
    bombs = [
        f'<!DOCTYPE a [<!ENTITY e0 "ha">{laughs}]><a><code>&e9;</code></a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><code>&x;</code></a>',
        '<?xml version="1.0" encoding="utf-7"?><a><code>x</code></a>',
        '<?xml version="1.0" encoding="idna"?><a><code>x</code></a>',
    ]
    for bomb in bombs:
        body = whole(bomb.encode(), status="404 Not Found")
        with serve_bytes(lambda asked, body=body: [whole(TOKEN) if b"accesstoken" in asked else body]) as (base, _):
            with pytest.raises(FetchError, match="HTTP 404") as caught:
                pull(base, tmp_path)
            assert "root:" not in str(caught.value)
    assert kept(tmp_path) == 0


def test_nothing_found_is_still_a_result(tmp_path: Path) -> None:
    """The 404 by which OPS says that there is nothing is kept, by the reader that refuses the bombs."""
    fault = whole(FAULT.format("SERVER.EntityNotFound", "No results found").encode(), status="404 Not Found")
    with serve_bytes(lambda asked: [whole(TOKEN) if b"accesstoken" in asked else fault]) as (base, _):
        assert pull(base, tmp_path).source.status == "complete"
    assert kept(tmp_path) > 0


@pytest.mark.parametrize(
    "address",
    [
        "http://ops.epo.org/3.2", "ftp://127.0.0.1/", "http://127.0.0.1.evil.org/", "http://localhost@evil.org/",
        "http://[::1", "https://host:port/", "//127.0.0.1", "", "file:///etc/passwd", "http://0.0.0.0/",
        "https://\x00/",
    ],
)  # fmt: skip
def test_only_https_and_this_machine_are_asked(address: str) -> None:
    """A base address in clear text that is not this machine's, or that is none, is refused by its variable's name."""
    with pytest.raises(UsageError, match="PATENTSCOPE_X_URL"):
        checked_base(address, "PATENTSCOPE_X_URL")


def test_a_cache_of_damaged_entries_is_an_empty_one(tmp_path: Path) -> None:
    """Whatever stands in a sidecar, its answer is there as it came or is asked for again; it is never a crash."""
    store = AnswerStore(tmp_path, "x", "L")
    store.put("ab", {"url": "https://x/"}, 200, {"content-type": "a"}, b"body")
    (sidecar,) = tmp_path.rglob("*.json")
    good = json.loads(sidecar.read_text(encoding="utf-8"))
    odd = [None, [], "x", 5, -1, 1e999, {}, {"a": []}, "[" * 3000]
    for name, value in itertools.product(good, odd):
        sidecar.write_text(json.dumps({**good, name: value}), encoding="utf-8")
        found = store.get("ab")
        assert found is None or found.body == b"body"
        store.summary()
    for text in ("", "[]", "null", "5", "[" * 100_000, "{"):
        sidecar.write_text(text, encoding="utf-8")
        assert store.get("ab") is None
        store.summary()
