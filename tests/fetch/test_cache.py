"""What offices answered, kept: readable, without secrets, whole or not at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.errors import UsageError
from patentscope.fetch.cache import AnswerStore, key_of
from patentscope.fetch.http import checked_base
from patentscope.provenance.addresses import address_without_secrets

URL = "https://user:pass@ops.example.org/3.2/search?q=ta%3Dx&api_key=s3cret&Range=1-100"


def kept(tmp_path: Path, body: bytes = b"<x/>") -> tuple[AnswerStore, str]:
    """Return a store with one answer, and its key."""
    store = AnswerStore(tmp_path, "ops", "a licence")
    key = key_of("GET", URL, "application/xml", b"")
    question = {"method": "GET", "url": address_without_secrets(URL), "accept": "application/xml"}
    headers = {"content-type": "application/xml", "set-cookie": "session=s3cret", "authorization": "Bearer s3cret"}
    store.put(key, question, 200, headers, body)
    return store, key


def test_an_answer_comes_back_as_it_came(tmp_path: Path) -> None:
    """Status and bytes are those of the answer."""
    store, key = kept(tmp_path)
    answer = store.get(key)
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"<x/>")


def test_no_secret_reaches_the_disk(tmp_path: Path) -> None:
    """Neither user, password, key parameter, cookie nor token is in any byte written."""
    kept(tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            text = gzip.decompress(raw) if path.suffix == ".gz" else raw
            assert b"s3cret" not in text
            assert b"pass@" not in text


def test_a_person_can_read_an_entry(tmp_path: Path) -> None:
    """An entry is a gzip file and a JSON page with address, status, date and licence."""
    kept(tmp_path)
    (sidecar,) = AnswerStore(tmp_path, "ops", "").entries()
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    assert facts["url"] == "https://ops.example.org/3.2/search?q=ta%3Dx&Range=1-100"
    assert (facts["status"], facts["licence"]) == (200, "a licence")
    assert gzip.decompress(sidecar.with_suffix(".gz").read_bytes()) == b"<x/>"


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b", b"not gzip", gzip.compress(b"<other/>", mtime=0)])
def test_a_damaged_entry_is_no_answer(tmp_path: Path, damage: bytes) -> None:
    """A body that was cut short, is no gzip, or has another hash than was written down is asked for again."""
    store, key = kept(tmp_path)
    next(store.folder.glob("*/*.gz")).write_bytes(damage)
    assert store.get(key) is None


def test_a_half_written_sidecar_is_no_answer(tmp_path: Path) -> None:
    """Without a readable sidecar there is no answer."""
    store, key = kept(tmp_path)
    next(store.entries()).write_text('{"status": 2', encoding="utf-8")
    assert store.get(key) is None


def test_accept_and_body_are_part_of_the_question() -> None:
    """XML and JSON answers, and POSTs with different bodies, never serve for each other; secrets make no difference."""
    keys = {
        key_of("GET", URL, "application/xml", b""),
        key_of("GET", URL, "application/json", b""),
        key_of("POST", URL, "application/xml", b"q=1"),
        key_of("POST", URL, "application/xml", b"q=2"),
    }
    assert len(keys) == 4
    assert key_of("GET", URL.replace("s3cret", "other"), "application/xml", b"") in keys


@given(st.binary(max_size=2000))
def test_any_bytes_are_kept_unchanged(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """Whatever an office sends comes back byte for byte."""
    store, key = kept(tmp_path_factory.mktemp("kept"), body)
    answer = store.get(key)
    assert answer is not None
    assert answer.body == body


def test_base_addresses_are_https() -> None:
    """Plain http is for this machine only; anything else is refused by the variable's name."""
    assert checked_base("http://127.0.0.1:8080/3.2/", "X") == "http://127.0.0.1:8080/3.2"
    assert checked_base("https://ops.example.org/3.2", "X") == "https://ops.example.org/3.2"
    for url in ("http://ops.example.org", "ftp://ops.example.org", "file:///etc/passwd", "http://127.0.0.1.evil.org"):
        with pytest.raises(UsageError, match="X: found"):
            checked_base(url, "X")
