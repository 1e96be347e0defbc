"""A small OPS on loopback that behaves like the real one: tokens that lapse, quotas, the 2,000-hit wall, outages.

It answers searches over made records by reading the same CQL that the program writes, and families by their members.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from servers.loopback import Handler, serving
from servers.ops_answers import Record, family_answer, meets, search_answer

WALL = 2000
FAULT = '<fault xmlns="http://ops.epo.org"><code>{}</code><message>{}</message></fault>'
ERROR = "<error><code>{}</code><message>{}</message></error>"
XML = "application/xml;charset=utf-8"
_FAIR_USE = "This request has been rejected due to the violation of Fair Use policy"
#: Bodies that are no answer though the status is 200, by their name in `Moods.body`.
_BODIES = {
    "html": ("text/html", "<!DOCTYPE html><html>gateway</html>"),
    "json": ("application/json", '{"ops:world-patent-data": {"ops:biblio-search": {}}}'),
    "broken": (XML, search_answer([Record("CN", "1", "A", "20240101")], 1, 1, 0, with_biblio=True)[:-200]),
    "fault": (XML, FAULT.format("SERVER.LimitedServerResources", "as told")),
}


@dataclass
class Moods:
    """What goes wrong, mostly by the number of the data request.

    Attributes:
        tokens_last: requests after which a token lapses.
        quota_after: the data request after which the hour's quota is met.
        fail: a status and a fault's code.
        cut: the line is dropped.
        lie: how many more hits are stated than there are.
        body: with status 200, the name of what is no answer.
        headers: besides or in place of the usual ones.
        slow: seconds before the answer.
        no_family: by publication number a status and a fault's code, in place of its family.
        cut_off: publication numbers whose family comes in part.
        left_out: publication numbers that no family holds.
        bare: publication numbers that families hold without their documents.
    """

    tokens_last: int = 10**9
    quota_after: int = 10**9
    fail: dict[int, tuple[int, str]] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    lie: int = 0
    body: dict[int, str] = field(default_factory=dict)
    headers: dict[int, dict[str, str]] = field(default_factory=dict)
    slow: dict[int, float] = field(default_factory=dict)
    no_family: dict[str, tuple[int, str]] = field(default_factory=dict)
    cut_off: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)


@dataclass
class State:
    """What the server holds, and what was asked of it."""

    records: list[Record]
    moods: Moods
    tokens: int = 0
    lapsed: int = 0
    uses: int = 0
    requests: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    _hits: dict[str, list[Record]] = field(default_factory=dict)

    def found(self, cql: str) -> list[Record]:
        """Return the records that meet a search."""
        if cql not in self._hits:
            self._hits[cql] = list(filter(meets(cql), self.records))
        return self._hits[cql]

    def families_asked(self) -> list[str]:
        """Return the questions for families, in the order of the first time."""
        return [path for path in self.asked if "/family/" in path]


class _Handler(Handler):
    def post(self) -> None:
        """Give a token for the right key."""
        self.body()
        state = self.server.state
        if not self.headers.get("Authorization", "").startswith("Basic "):
            self._send(401, ERROR.format(401, "ClientId is Invalid"))
            return
        state.tokens += 1
        state.uses = 0
        body = f'{{"access_token": "t{state.tokens}", "expires_in": "1199", "token_type": "BearerToken"}}'
        self._send(200, body, content_type="application/json")

    def get(self) -> None:
        """Answer a search or a family, or misbehave as the moods say."""
        state = self.server.state
        token = self.headers.get("Authorization", "").removeprefix("Bearer t")
        is_good = token.isdecimal() and state.lapsed < int(token) <= state.tokens
        if not is_good or state.uses >= state.moods.tokens_last:
            state.uses = 0
            state.lapsed = state.tokens
            self._send(400, ERROR.format(400, "invalid_access_token"))
            return
        state.uses += 1
        state.requests += 1
        if self._misbehaves(state.requests, state.moods):
            return
        state.asked[self.path] += 1
        if "/family/" in self.path:
            self._family()
        else:
            self._search()

    def _misbehaves(self, number: int, moods: Moods) -> bool:
        """Do what the moods say of this request, and say whether it is thereby answered."""
        if number in moods.slow:
            time.sleep(moods.slow[number])
        if number in moods.cut:
            self.cut()
        elif number in moods.fail:
            status, code = moods.fail[number]
            self._send(status, FAULT.format(code, "as told"))
        elif number in moods.body:
            content_type, body = _BODIES[moods.body[number]]
            self._send(200, body, content_type=content_type)
        elif number > moods.quota_after:
            self._send(403, ERROR.format(403, _FAIR_USE), {"X-Rejection-Reason": "IndividualQuotaPerHour"})
        else:
            return False
        return True

    def _search(self) -> None:
        state = self.server.state
        query = parse_qs(urlsplit(self.path).query)
        first, last = (int(part) for part in query["Range"][0].split("-"))
        if last > WALL or last - first >= 100:
            self._send(400, FAULT.format("CLIENT.InvalidQuery", "The request was invalid"))
            return
        hits = state.found(query["q"][0])
        if not hits:
            self._send(404, FAULT.format("SERVER.EntityNotFound", "No results found"))
            return
        with_biblio = "/search/biblio" in self.path
        self._send(200, search_answer(hits, first, last, state.moods.lie, with_biblio=with_biblio))

    def _family(self) -> None:
        state = self.server.state
        name = unquote(urlsplit(self.path).path.split("/")[-2]).replace(".", "")
        asked = {record.name: record for record in state.records}.get(name)
        status, code = state.moods.no_family.get(name, (404, "SERVER.EntityNotFound"))
        if asked is None or name in state.moods.no_family:
            self._send(status, FAULT.format(code, "as told"))
            return
        group = [
            record for record in state.records if (record.extended or record.simple) == (asked.extended or asked.simple)
        ]
        members = [record for record in group if record.name not in state.moods.left_out]
        is_cut = name in state.moods.cut_off
        self._send(200, family_answer(asked, members, bare=state.moods.bare, is_cut=is_cut))

    def _send(self, status: int, body: str, headers: dict[str, str] | None = None, content_type: str = XML) -> None:
        state = self.server.state
        usual = {
            "Content-Type": content_type,
            "X-Throttling-Control": "idle (inpadoc=green:100000, retrieval=green:200, search=green:100000)",
            "X-IndividualQuotaPerHour-Used": "1000",
        }
        told = state.moods.headers.get(state.requests, {}) if self.command == "GET" else {}
        self.send(status, body, usual | (headers or {}) | told)


@contextmanager
def serve(records: list[Record], moods: Moods | None = None) -> Iterator[tuple[str, State]]:
    """Run a server for a `with` block; give its base address and its state."""
    state = State(records, moods or Moods())
    with serving(_Handler, state) as base:
        yield f"{base}/3.2", state
