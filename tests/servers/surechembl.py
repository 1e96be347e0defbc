"""SureChEMBL on loopback in its possible variants: a search that reads the program's Solr, and a file by ranges.

What nobody documents is a mood: the number of the first page, how classes are written, whether they have wildcards.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers.boolean import Test, compiled
from servers.loopback import Handler, serving

_ATOM = r'[a-z]+:(?:"[^"]*"|\[[^\]]*\]|(?:\\.|[^\s()])+)'


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
    country: str = "CN"
    family: str = "77001"

    def as_json(self) -> dict[str, Any]:
        """Return the document as a search shows it: without classes."""
        titles = [{"lang": "EN", "titles": [self.title]}]
        metadata = {"pd": self.published or "null", "pn": self.number, "titles": titles}
        return {"docId": self.number, "pa": self.assignee or "null", "metadata": metadata}

    def as_whole(self) -> dict[str, Any]:
        """Return the document as a batch shows it: nested, some lists single objects, parties in two formats."""
        office, number, kind = self.number.split("-")
        filed = {"country": {"content": office}, "docNumber": "202010000001", "kind": "A", "date": "20200102"}
        first = {"country": {"content": "US"}, "docNumber": "201900001", "kind": "P", "date": "20190304"}
        address = {"country": self.country}
        applicants = [
            {"sequence": "1", "format": "original", "addressbook": {"lastName": self.assignee, "address": None}},
            {"sequence": "1", "format": "epo", "addressbook": {"lastName": self.assignee, "address": address}},
        ]
        inventor = {"sequence": "1", "addressbook": {"lastName": "LI", "firstName": "WEI", "address": address}}
        bibliographic = {
            "publicationReference": [
                {
                    "ucid": self.number,
                    "documentId": [
                        {"country": {"content": office}, "docNumber": number, "kind": kind, "date": self.published}
                    ],
                }
            ],
            "applicationReference": {"documentIdList": filed},
            "priorityClaims": [{"priorityClaims": [{"ucid": "US-201900001-P", "documentId": first}]}],
            "technicalData": {
                "inventionTitles": [{"lang": "EN", "title": self.title}],
                "classificationsCpc": [
                    {"classificationCpc": [{"scheme": "CPC", "classification": symbol} for symbol in self.cpc]}
                ],
                "classificationsIpcr": [
                    {
                        "classificationIpcr": {
                            "classification": f"{symbol[:4]}  {symbol[4:]}      20060101AFI20060101BHEP"
                        }
                    }
                    for symbol in self.ipc
                ],
            },
            "parties": [{"applicants": {"applicant": applicants}, "inventors": {"inventor": inventor}}],
            "relatedDocuments": None,
        }
        abstract = {"lang": "EN", "section": {"content": f"<p>{self.abstract or 'Scrap is recycled.'}</p>"}}
        patent = {"bibliographicData": bibliographic, "family": [self.family], "abstracts": [abstract]}
        return {"doc_id": self.number, "contents": {"patentDocument": patent}}


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
    broken: set[int] = field(default_factory=set)  # cut off in the middle of a body
    throttled: set[int] = field(default_factory=set)
    garbled: dict[int, bytes] = field(default_factory=dict)
    odd: dict[str, Any] = field(default_factory=dict)  # documents shown in place of others, by number
    has_batches: bool = True
    ids_in: str = "address"  # or "list", "object": in the body
    drops: bool = False  # the line, where ids are given otherwise
    most_in_batch: int = 10**9  # more are refused
    most_given: int = 10**9  # more are left out, and nothing said
    absent: frozenset[str] = frozenset()  # no batch has them
    refused: frozenset[str] = frozenset()  # a batch with one of them is refused
    added: tuple[Any, ...] = ()  # comes with every batch


@dataclass
class State:
    """What a server holds, and what was asked of it."""

    moods: Moods
    records: list[Record] = field(default_factory=list)
    requests: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    searches: list[str] = field(default_factory=list)
    _hits: dict[str, list[Record]] = field(default_factory=dict)

    def found(self, search: str) -> list[Record]:
        """Return the documents that meet a search in the Solr that the program writes."""
        if search not in self._hits:
            test = compiled(search, _ATOM, lambda atom: _atom(atom, self.moods))
            self._hits[search] = list(filter(test, self.records))
        return self._hits[search]


class _Handler(Handler):
    def post(self) -> None:
        """Answer a search or a batch, or misbehave as the moods say."""
        body = self.body()
        state, moods = self.server.state, self.server.state.moods
        state.requests += 1
        number = state.requests
        if number in moods.cut:
            self.cut()
        elif number in moods.broken:
            self.send(200, b'{"status": "OK", "data": [{"doc_id": "CN-1', {"Content-Length": "5000"})
            self.close_connection = True
        elif number in moods.throttled:
            self.send(429, b"", {"Retry-After": "3"})
        elif number in moods.fail:
            self.send(moods.fail[number], "<html>gateway</html>")
        elif number in moods.garbled:
            self.send(200, moods.garbled[number])
        elif urlsplit(self.path).path.endswith("/document/batch"):
            self._batch(body)
        else:
            assert not body
            state.asked[self.path] += 1
            asked = parse_qs(urlsplit(self.path).query)
            state.searches.append(asked["query"][0])
            self._search(asked["query"][0], int(asked["page"][0]), int(asked["itemsPerPage"][0]))

    def _batch(self, body: bytes) -> None:
        state, moods = self.server.state, self.server.state.moods
        if not moods.has_batches:
            state.asked[f"{self.path} {body.decode()}"] += 1
            self.send(404, {"timestamp": "2026", "status": 404, "error": "Not Found", "path": "/api/document/batch"})
            return
        in_address = parse_qs(urlsplit(self.path).query).get("doc_ids", [""])[0].split(",")
        inside = json.loads(body or b"[]")
        in_object = inside["doc_ids"] if isinstance(inside, dict) else []
        ids = {"address": in_address, "list": [] if in_object else inside, "object": in_object}[moods.ids_in]
        if moods.drops and not any(ids):
            self.cut()
            return
        state.asked[f"{self.path} {body.decode()}"] += 1
        if not any(ids) or len(ids) > moods.most_in_batch or moods.refused.intersection(ids):
            self._refuse("Required parameter doc_ids is missing or has too many")
            return
        by_number = {record.number: record for record in state.records}
        wanted = [by_number[one] for one in ids if one in by_number and one not in moods.absent]
        shown = [moods.odd.get(f"whole {record.number}", record.as_whole()) for record in wanted[: moods.most_given]]
        self.send(200, {"status": "OK", "data": [*shown, *moods.added], "error_message": None})

    def _search(self, search: str, page: int, items: int) -> None:
        state, moods = self.server.state, self.server.state.moods
        if any(f"{name}:" in search for name in moods.refused_fields):
            self._refuse("undefined field")
            return
        hits = state.found(search)
        shown = [
            moods.odd.get(hit.number, hit.as_json()) for hit in self._page(hits, page, min(items, moods.most_items))
        ]
        if page < moods.first_page and moods.before_first == "error":
            self._refuse("Page index must not be less than one")
            return
        results = {"total_hits": len(hits) + moods.lie, "documents": shown}
        self.send(200, {"status": "OK", "data": {"results": results}, "error_message": None})

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
        self.send(400, {"status": "BAD_REQUEST", "data": None, "error_message": why})

    def get(self) -> None:
        """Give a range of the file, or misbehave as the moods say."""
        state: FileState = self.server.state
        state.requests += 1
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        assert self.headers.get("Accept-Encoding") == "identity"
        if state.requests in state.fail:
            self.send(state.fail[state.requests], b"")
            return
        if state.ignores_range or match is None:
            self.send(200, state.raw)
            return
        first, last = int(match[1]), min(int(match[2]), len(state.raw) - 1)
        body = state.raw[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{last}/{len(state.raw)}", "ETag": state.etag}
        if state.requests in state.cut:
            self.send(206, body[: len(body) // 2], {**headers, "Content-Length": str(len(body))})
            self.close_connection = True
            return
        state.ranges.append((first, last))
        self.send(206, body, headers)


def _atom(atom: str, moods: Moods) -> Test:
    name, _, wanted = atom.partition(":")
    if name == "pd":
        match = re.fullmatch(r"\[(\d{8}) TO (\d{8})\]", wanted)
        assert match, atom
        return lambda record: match[1] <= record.published <= match[2]
    if name == "pdyear":
        return lambda record: record.published.startswith(wanted)
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


@cache
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


@contextmanager
def serve(records: list[Record], moods: Moods | None = None) -> Iterator[tuple[str, State]]:
    """Run the search for a `with` block; give its base address and its state."""
    state = State(moods or Moods(), records)
    with serving(_Handler, state) as base:
        yield f"{base}/api", state


@contextmanager
def serve_file(raw: bytes) -> Iterator[tuple[str, FileState]]:
    """Run a server of one file for a `with` block; give the file's address and its state."""
    state = FileState(raw)
    with serving(_Handler, state) as base:
        yield f"{base}/bulk_data/2026-09-08/patents.parquet", state
