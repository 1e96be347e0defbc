"""A server on loopback that is asked by POST in JSON, and misbehaves as told: refusals, outages, cut lines."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Status, body and headers.
Reply = tuple[int, str, dict[str, str]]


@dataclass
class Moods:
    """What goes wrong, by the number of the request: `fail` replies so, `cut` drops the line, `html` is a gateway."""

    fail: dict[int, Reply] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    html: set[int] = field(default_factory=set)
    from_then: tuple[int, Reply] | None = None
    lie: int = 0


@dataclass
class State:
    """What was asked: how often each question, by which path, and how many at once at most."""

    moods: Moods
    requests: int = 0
    under_way: int = 0
    most_at_once: int = 0
    asked: Counter[bytes] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)
    questions: list[dict[str, Any]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""

    def do_POST(self) -> None:
        """Answer a question, or misbehave as the moods say."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        state: State = self.server.state
        state.under_way += 1
        state.most_at_once = max(state.most_at_once, state.under_way)
        try:
            self._answer(state, raw)
        finally:
            state.under_way -= 1

    def _answer(self, state: State, raw: bytes) -> None:
        state.requests += 1
        number, moods = state.requests, state.moods
        if number in moods.cut:
            self.close_connection = True
            self.connection.close()
        elif number in moods.fail:
            self._send(moods.fail[number])
        elif number in moods.html:
            self._send((200, "<!DOCTYPE html><html>gateway</html>", {}), "text/html")
        elif moods.from_then and number >= moods.from_then[0]:
            self._send(moods.from_then[1])
        else:
            question = json.loads(raw)
            state.asked[raw] += 1
            state.paths[self.path] += 1
            state.questions.append(question)
            self._send(self.server.answer(self.path, dict(self.headers), question))

    def _send(self, reply: Reply, content_type: str = "application/json") -> None:
        status, body, headers = reply
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if status != 204:
            self.wfile.write(raw)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away."""


@contextmanager
def serve_posts(
    answer: Callable[[str, dict[str, str], dict[str, Any]], Reply], moods: Moods
) -> Iterator[tuple[str, State]]:
    """Run a server for a `with` block; *answer* is given path, headers and question."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = State(moods)
    server.state, server.answer = state, answer  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
