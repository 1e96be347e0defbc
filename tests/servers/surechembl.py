"""SureChEMBL on loopback in its possible variants: a search that reads the program's Solr, and a file by ranges.

What nobody documents is a mood: the number of the first page, how classes are written, whether they have wildcards.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_TOKEN = re.compile(r'\(|\)|\bAND\b|\bOR\b|\bNOT\b|[a-z]+:(?:"[^"]*"|\[[^\]]*\]|(?:\\.|[^\s()])+)')


@dataclass(frozen=True)
class Record:
    """One made document, as far as searches look at it and an answer shows it."""

    number: str
    published: str
    title: str = "Recovery of rare earth metals from magnet scrap"
    abstract: str = ""
    cpc: tuple[str, ...] = ("C22B59/00", "C22B7/006")
    ipc: tuple[str, ...] = ("C22B59/00", "C22B7/00")
    assignee: str | None = "ACME"

    def as_json(self) -> dict[str, Any]:
        """Return the document as a search shows it: without classes."""
        titles = [{"lang": "EN", "titles": [self.title]}]
        metadata = {"pd": self.published or "null", "pn": self.number, "titles": titles}
        return {"docId": self.number, "pa": self.assignee or "null", "metadata": metadata}


Test = Callable[[Record], bool]


@dataclass
class Moods:
    """What the real one may be like, and what goes wrong, by the number of the request."""

    first_page: int = 1
    before_first: str = "error"  # or "clamped", "empty": what page 0 shows where pages begin with 1
    is_padded: bool = True
    without_wildcards: frozenset[str] = frozenset()
    refused_fields: frozenset[str] = frozenset()
    most_items: int = 10**9
    is_stuck: bool = False
    lie: int = 0
    repeats: bool = False
    fail: dict[int, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    garbled: dict[int, bytes] = field(default_factory=dict)
    odd: dict[str, Any] = field(default_factory=dict)  # documents shown in place of others, by number


@dataclass
class State:
    """What a server holds, and what was asked of it."""

    moods: Moods
    records: list[Record] = field(default_factory=list)
    requests: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    searches: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""

    def do_POST(self) -> None:
        """Answer a search, or misbehave as the moods say."""
        assert self.headers.get("Content-Length", "0") == "0"
        state, moods = self.server.state, self.server.state.moods
        state.requests += 1
        number = state.requests
        if number in moods.cut:
            self.close_connection = True
            self.connection.close()
        elif number in moods.fail:
            self._send(moods.fail[number], b"<html>gateway</html>")
        elif number in moods.garbled:
            self._send(200, moods.garbled[number])
        else:
            state.asked[self.path] += 1
            asked = parse_qs(urlsplit(self.path).query)
            state.searches.append(asked["query"][0])
            self._search(asked["query"][0], int(asked["page"][0]), int(asked["itemsPerPage"][0]))

    def _search(self, search: str, page: int, items: int) -> None:
        state, moods = self.server.state, self.server.state.moods
        if any(f"{name}:" in search for name in moods.refused_fields):
            self._refuse("undefined field")
            return
        hits = list(filter(compiled(search, moods), state.records))
        shown = [
            moods.odd.get(hit.number, hit.as_json()) for hit in self._page(hits, page, min(items, moods.most_items))
        ]
        if page < moods.first_page and moods.before_first == "error":
            self._refuse("Page index must not be less than one")
            return
        results = {"total_hits": len(hits) + moods.lie, "documents": shown}
        self._send(200, json.dumps({"status": "OK", "data": {"results": results}, "error_message": None}).encode())

    def _page(self, hits: list[Record], page: int, items: int) -> list[Record]:
        moods = self.server.state.moods
        if moods.is_stuck:
            page = moods.first_page
        if page < moods.first_page:
            if moods.before_first == "empty":
                return []
            page = moods.first_page
        start = (page - moods.first_page) * items
        if moods.repeats and start and items > 1:
            # As many documents as are due, but one of them for the second time.
            return hits[start - 1 : start + items][:-1]
        return hits[start : start + items]

    def _refuse(self, why: str) -> None:
        self._send(400, json.dumps({"status": "BAD_REQUEST", "data": None, "error_message": why}).encode())

    def do_GET(self) -> None:
        """Give a range of the file, or misbehave as the moods say."""
        state: FileState = self.server.state
        state.requests += 1
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        assert self.headers.get("Accept-Encoding") == "identity"
        if state.requests in state.fail:
            self._send(state.fail[state.requests], b"")
            return
        if state.ignores_range or match is None:
            self._send(200, state.raw)
            return
        first, last = int(match[1]), min(int(match[2]), len(state.raw) - 1)
        body = state.raw[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{last}/{len(state.raw)}", "ETag": state.etag}
        if state.requests in state.cut:
            self._send(206, body, headers, sent=len(body) // 2)
            self.close_connection = True
            return
        state.ranges.append((first, last))
        self._send(206, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None, sent: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if body.startswith(b"{") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if sent is None else body[:sent])


def compiled(search: str, moods: Moods) -> Test:
    """Return what says whether a record meets a search in the Solr that the program writes."""
    tokens = _TOKEN.findall(search)
    assert "".join(tokens).replace(" ", "") == search.replace(" ", ""), f"the server can't read {search!r}"
    test, rest = _expression(tokens, moods)
    assert not rest, f"the server can't read {search!r} from {rest}"
    return test


def _expression(tokens: list[str], moods: Moods) -> tuple[Test, list[str]]:
    test, tokens = _factor(tokens, moods)
    while tokens and tokens[0] != ")":
        word = tokens[0]
        other, tokens = _factor(tokens[1:], moods)
        test = _JOIN[word](test, other)
    return test, tokens


_JOIN: dict[str, Callable[[Test, Test], Test]] = {
    "AND": lambda one, other: lambda record: one(record) and other(record),
    "OR": lambda one, other: lambda record: one(record) or other(record),
}


def _factor(tokens: list[str], moods: Moods) -> tuple[Test, list[str]]:
    if tokens[0] == "NOT":
        test, rest = _factor(tokens[1:], moods)
        return lambda record: not test(record), rest
    if tokens[0] == "(":
        test, rest = _expression(tokens[1:], moods)
        return test, rest[1:]
    return _atom(tokens[0], moods), tokens[1:]


def _atom(atom: str, moods: Moods) -> Test:
    name, _, wanted = atom.partition(":")
    if name == "pd":
        match = re.fullmatch(r"\[(\d{8}) TO (\d{8})\]", wanted)
        assert match, atom
        return lambda record: match[1] <= record.published <= match[2]
    if name == "pnctry":
        return lambda record: record.number.startswith(f"{wanted}-")
    if name in {"cpc", "ic"}:
        bare = wanted.strip('"').replace("\\/", "/")
        is_stem = bare.endswith("*") and name not in moods.without_wildcards
        bare = bare.removesuffix("*") if is_stem else bare

        def covers(record: Record) -> bool:
            symbols = record.cpc if name == "cpc" else record.ipc
            found = {token for symbol in symbols for token in tokens_of(symbol, is_padded=moods.is_padded)}
            return any(token.startswith(bare) if is_stem else token == bare for token in found)

        return covers
    words = re.escape(wanted.strip('"').rstrip("*"))
    pattern = re.compile(rf"\b{words}" if wanted.endswith("*") else rf"\b{words}\b", re.IGNORECASE)
    return lambda record: pattern.search(record.title if name == "ttl" else record.abstract) is not None


def tokens_of(symbol: str, *, is_padded: bool) -> set[str]:
    """Return the words by which an index knows a symbol: IFI CLAIMS' five levels, or the symbol as it is written."""
    if not is_padded:
        return {symbol, symbol[:4]}
    group, _, subgroup = symbol[4:].partition("/")
    head = f"{symbol[:4]}{int(group):04d}"
    return {symbol[0], symbol[:3], symbol[:4], head, head + subgroup}


@dataclass
class FileState:
    """A file on the server, what goes wrong with it, and which ranges of it were given."""

    raw: bytes
    etag: str = '"one"'
    ignores_range: bool = False
    fail: dict[int, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    requests: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def served(self) -> int:
        """How many bytes of the file were given."""
        return sum(last - first + 1 for first, last in self.ranges)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that was killed."""


@contextmanager
def _serve(state: object) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve(records: list[Record], moods: Moods | None = None) -> Iterator[tuple[str, State]]:
    """Run the search for a `with` block; give its base address and its state."""
    state = State(moods or Moods(), records)
    with _serve(state) as base:
        yield f"{base}/api", state


@contextmanager
def serve_file(raw: bytes) -> Iterator[tuple[str, FileState]]:
    """Run a server of one file for a `with` block; give the file's address and its state."""
    state = FileState(raw)
    with _serve(state) as base:
        yield f"{base}/bulk_data/2026-09-08/patents.parquet", state
