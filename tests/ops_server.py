"""A small OPS on loopback that behaves like the real one: tokens that lapse, quotas, the 2,000-hit wall, outages.

It answers searches over made records by reading the same CQL that the program writes.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

WALL = 2000
FAULT = '<fault xmlns="http://ops.epo.org"><code>{}</code><message>{}</message></fault>'
ERROR = "<error><code>{}</code><message>{}</message></error>"
_TOKEN = re.compile(r'\(|\)|\band\b|\bor\b|\bnot\b|[a-z]+(?:>=|=)(?:/low )?(?:"[^"]*"|[^\s()]+)', re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One made publication, as far as searches and bibliographies look at it."""

    office: str
    number: str
    kind: str
    published: str
    title: str = "Recovery of rare earth metals from magnet scrap"
    cpc: tuple[str, ...] = ("C22B59/00", "C22B7/006")
    applicant: str = "ACME"
    country: str | None = None
    family: str = ""


Test = Callable[[Record], bool]


@dataclass
class Moods:
    """What goes wrong, by the number of the data request: `fail` returns a status, `cut` drops the line."""

    tokens_last: int = 10**9
    quota_after: int = 10**9
    fail: dict[int, tuple[int, str]] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    lie: int = 0
    html: set[int] = field(default_factory=set)


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""

    def do_POST(self) -> None:
        """Give a token for the right key."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        state = self.server.state
        if not self.headers.get("Authorization", "").startswith("Basic "):
            self._send(401, ERROR.format(401, "ClientId is Invalid"))
            return
        state.tokens += 1
        state.uses = 0
        body = f'{{"access_token": "t{state.tokens}", "expires_in": "1199", "token_type": "BearerToken"}}'
        self._send(200, body, content_type="application/json")

    def do_GET(self) -> None:
        """Answer a search, or misbehave as the moods say."""
        state = self.server.state
        if self.headers.get("Authorization") != f"Bearer t{state.tokens}" or state.uses >= state.moods.tokens_last:
            state.uses = 0
            state.tokens += 1
            self._send(400, ERROR.format(400, "invalid_access_token"))
            return
        state.uses += 1
        state.requests += 1
        number = state.requests
        if number in state.moods.cut:
            self.close_connection = True
            self.connection.close()
            return
        if number in state.moods.fail:
            status, code = state.moods.fail[number]
            self._send(status, FAULT.format(code, "as told"))
            return
        if number in state.moods.html:
            self._send(200, "<!DOCTYPE html><html>gateway</html>", content_type="text/html")
            return
        if number > state.moods.quota_after:
            text = "This request has been rejected due to the violation of Fair Use policy"
            self._send(403, ERROR.format(403, text), {"X-Rejection-Reason": "IndividualQuotaPerHour"})
            return
        self._search()

    def _search(self) -> None:
        state = self.server.state
        query = parse_qs(urlsplit(self.path).query)
        cql = query["q"][0]
        first, last = (int(part) for part in query["Range"][0].split("-"))
        state.asked[self.path] += 1
        if last > WALL or last - first >= 100:
            self._send(400, FAULT.format("CLIENT.InvalidQuery", "The request was invalid"))
            return
        hits = list(filter(compiled(cql), state.records))
        if not hits:
            self._send(404, FAULT.format("SERVER.EntityNotFound", "No results found"))
            return
        with_biblio = "/search/biblio" in self.path
        self._send(200, _answer(hits, first, last, state.moods.lie, with_biblio=with_biblio))

    def _send(
        self,
        status: int,
        body: str,
        headers: dict[str, str] | None = None,
        content_type: str = "application/xml;charset=utf-8",
    ) -> None:
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Throttling-Control", "idle (inpadoc=green:60, retrieval=green:200, search=green:100000)")
        self.send_header("X-IndividualQuotaPerHour-Used", "1000")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


def _answer(hits: list[Record], first: int, last: int, lie: int, *, with_biblio: bool) -> str:
    page = hits[first - 1 : last]
    if with_biblio:
        body = "".join(f"<exchange-documents>{_document(record)}</exchange-documents>" for record in page)
    else:
        body = "".join(
            f'<ops:publication-reference family-id="{r.family or r.number}"><document-id document-id-type="docdb">'
            f"<country>{r.office}</country><doc-number>{r.number}</doc-number><kind>{r.kind}</kind></document-id>"
            "</ops:publication-reference>"
            for r in page
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
        f'xmlns:ops="http://ops.epo.org"><ops:biblio-search total-result-count="{len(hits) + lie}">'
        f'<ops:query syntax="CQL">x</ops:query><ops:range begin="{first}" end="{last}"/>'
        f"<ops:search-result>{body}</ops:search-result></ops:biblio-search></ops:world-patent-data>"
    )


def _document(r: Record) -> str:
    symbols = "".join(
        f'<patent-classification sequence="{i}"><classification-scheme office="EP" scheme="CPCI"/>'
        f"<section>{s[0]}</section><class>{s[1:3]}</class><subclass>{s[3]}</subclass>"
        f"<main-group>{s[4:].split('/')[0]}</main-group><subgroup>{s.split('/')[1]}</subgroup>"
        "<classification-value>I</classification-value></patent-classification>"
        for i, s in enumerate(r.cpc, start=1)
    )
    suffix = f"\u2002[{r.country}]" if r.country else ""
    return (
        f'<exchange-document country="{r.office}" doc-number="{r.number}" kind="{r.kind}" '
        f'family-id="{r.family or r.number}"><bibliographic-data><publication-reference>'
        f'<document-id document-id-type="docdb"><country>{r.office}</country><doc-number>{r.number}</doc-number>'
        f"<kind>{r.kind}</kind><date>{r.published}</date></document-id></publication-reference>"
        f"<patent-classifications>{symbols}</patent-classifications>"
        f'<application-reference><document-id document-id-type="docdb"><country>{r.office}</country>'
        f"<doc-number>2023{r.number}</doc-number><kind>A</kind></document-id>"
        f'<document-id document-id-type="epodoc"><doc-number>{r.office}2023{r.number}</doc-number>'
        "<date>20230102</date></document-id></application-reference>"
        f'<parties><applicants><applicant sequence="1" data-format="epodoc"><applicant-name><name>{r.applicant}{suffix}'
        "</name></applicant-name></applicant></applicants></parties>"
        f'<invention-title lang="en">{r.title}</invention-title></bibliographic-data></exchange-document>'
    )


def compiled(cql: str) -> Test:
    """Return what says whether a record meets a search in the CQL that the program writes."""
    test, rest = _expression(_TOKEN.findall(cql))
    assert not rest, f"the server can't read {cql!r} from {rest}"
    return test


def _expression(tokens: list[str]) -> tuple[Test, list[str]]:
    test, tokens = _factor(tokens)
    while tokens and tokens[0] != ")":
        word = tokens[0].lower()
        other, tokens = _factor(tokens[1:])
        test = _JOIN[word](test, other)
    return test, tokens


_JOIN: dict[str, Callable[[Test, Test], Test]] = {
    "and": lambda one, other: lambda record: one(record) and other(record),
    "or": lambda one, other: lambda record: one(record) or other(record),
    "not": lambda one, other: lambda record: one(record) and not other(record),
}


def _factor(tokens: list[str]) -> tuple[Test, list[str]]:
    if tokens[0] == "(":
        test, rest = _expression(tokens[1:])
        return test, rest[1:]
    return _atom(tokens[0]), tokens[1:]


def _atom(atom: str) -> Test:
    index, _, wanted = atom.partition("=")
    wanted = wanted.strip('"')
    word = re.compile(rf"\b{re.escape(wanted.rstrip('*'))}", re.IGNORECASE)
    tests: dict[str, Test] = {
        "pd>": lambda record: record.published >= wanted,
        "pd": lambda record: record.published.startswith(wanted),
        "pn": lambda record: record.office == wanted,
        "cpc": lambda record: any(_covers(wanted, symbol) for symbol in record.cpc),
        "ipc": lambda _: False,
        "ta": lambda record: word.search(record.title) is not None,
    }
    return tests[index]


def _covers(wanted: str, symbol: str) -> bool:
    if wanted.startswith("/low "):
        group = wanted.removeprefix("/low ")
        return symbol.startswith(group.removesuffix("00") if group.endswith("/00") else group)
    return symbol == wanted or ("/" not in wanted and symbol.startswith(wanted))


@dataclass
class State:
    """What the server holds, and what was asked of it."""

    records: list[Record]
    moods: Moods
    tokens: int = 0
    uses: int = 0
    requests: int = 0
    asked: Counter[str] = field(default_factory=Counter)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that was killed."""


@contextmanager
def serve(records: list[Record], moods: Moods | None = None) -> Iterator[tuple[str, State]]:
    """Run a server for a `with` block; give its base address and its state."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = State(records, moods or Moods())
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/3.2", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
