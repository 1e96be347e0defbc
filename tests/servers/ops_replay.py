"""The recorded exchanges with OPS, and a server on loopback that gives the recorded answers again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from patentscope.fetch.cache import Answer, AnswerStore
from patentscope.fetch.http import Asker
from patentscope.fetch.ops.access import OpsManners

from places import REAL
from servers.loopback import Handler, serving
from worlds.asked import Skipping

RECORDED = REAL / "ops"
SIGN_IN = "/3.2/auth/accesstoken"
#: The questions behind the answers of 2025, which were recorded without their addresses.
OF_2025 = {
    "get_abstract_multiple": "published-data/publication/docdb/abstract",
    "get_biblio": "published-data/publication/docdb/EP.2400812.A1/biblio",
    "get_family": "family/publication/docdb/EP.2400812.A1",
    "get_published_equivalents": "published-data/publication/docdb/EP.2400812.A1/equivalents",
    "search": "published-data/search?q=ti%3Dbattery&Range=1-5",
    "search_with_constituent": "published-data/search/biblio?q=pa%3DSiemens&Range=1-3",
}


@dataclass(frozen=True)
class Exchange:
    """One recorded question and its answer."""

    name: str
    method: str
    path: str
    status: int
    headers: dict[str, list[str]]
    body: bytes

    @property
    def kind(self) -> str:
        """What must come of it: the name of a rule below."""
        if self.path == SIGN_IN:
            return {200: "token", 401: "refused key"}[self.status]
        if self.status != 200:
            return {400: "lapsed token", 403: "met quota", 404: "nothing found"}[self.status]
        place = self.path.split("/rest-services/")[1].split("?")[0]
        for start, kind in (
            ("published-data/search/biblio", "biblio"),
            ("published-data/search", "search"),
            ("family/", "family"),
            ("legal/", "legal"),
            ("register/", "no publications"),
            ("number-service/", "no publications"),
        ):
            if place.startswith(start):
                return kind
        constituent = place.rsplit("/", 1)[1]
        return "biblio" if constituent in {"biblio", "abstract", "full-cycle"} else "no publications"


def recorded() -> list[Exchange]:
    """Return every exchange of the index, and those of 2025, in order."""
    if not RECORDED.is_dir():
        return []
    index = json.loads((RECORDED / "index.json").read_text(encoding="utf-8"))
    found = []
    for entry in index:
        parts = urlsplit(entry["url"])
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        body = (RECORDED / entry["file"]).read_bytes()
        headers = entry["response_headers"]
        found.append(Exchange(entry["file"], entry["method"], path, entry["status"], headers, body))
    for folder, question in OF_2025.items():
        body = (RECORDED / "2025" / folder / "response.xml").read_bytes()
        found.append(Exchange(f"2025/{folder}", "GET", f"/3.2/rest-services/{question}", 200, {}, body))
    return found


class _Handler(Handler):
    def post(self) -> None:
        """Give the token answer."""
        self.body()
        self.server.state.tokens += 1
        self._send(self.server.state.token)

    def get(self) -> None:
        """Give the next answer to this question."""
        self.server.state.asked.append((self.path, self.headers.get("Authorization")))
        self._send(self.server.state.answers.pop(0))

    def _send(self, exchange: Exchange) -> None:
        self.send_response(exchange.status)
        for name, values in exchange.headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "server", "date"}:
                for value in values:
                    self.send_header(name, value)
        self.send_header("Content-Length", str(len(exchange.body)))
        self.end_headers()
        self.wfile.write(exchange.body)


@dataclass
class Replay:
    """A server that answers with what was recorded, and who asks it."""

    server: SimpleNamespace
    folder: Path
    base: str
    manners: OpsManners = field(init=False)

    def __post_init__(self) -> None:
        """Prepare to ask."""
        self.manners = OpsManners(f"{self.base}/3.2")

    def ask(self, path: str, answers: list[Exchange], *, token: Exchange, offline: bool = False) -> Answer:
        """Ask the question *path*, which is answered with *answers* one after the other."""
        self.server.tokens, self.server.asked = 0, []
        self.server.token, self.server.answers = token, list(answers)
        asker = Asker(AnswerStore(self.folder, "ops", "EPO"), self.manners, offline=offline, clock=Skipping())
        try:
            return asker.ask(f"{self.base}{path}", service=service_of(path), accept="application/xml")
        finally:
            asker.close()

    def kept(self) -> int:
        """Return how many answers are kept."""
        return len(list(self.folder.rglob("*.json")))


@contextmanager
def replaying(folder: Path) -> Iterator[Replay]:
    """Run the server for a `with` block; what is asked of it is kept in *folder*."""
    server = SimpleNamespace()
    with serving(_Handler, server) as base:
        yield Replay(server, folder, base)


def service_of(path: str) -> str:
    """Return under which name OPS limits a question."""
    place = path.split("/rest-services/")[1]
    for start, service in (("published-data/search", "search"), ("published-data/", "retrieval")):
        if place.startswith(start):
            return service
    return "inpadoc" if place.startswith(("family/", "legal/")) else "other"
