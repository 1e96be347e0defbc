"""What every server on loopback has in common: it is quiet, quick, and gone with its `with` block."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What is said of headers, by name; None where there are none.
Headers = Mapping[str, str] | None


class Handler(BaseHTTPRequestHandler):
    """Answers requests; `self.server.state` is what `serving` was given."""

    server: Any
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms, being sent in two parts

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""

    def do_GET(self) -> None:
        """Answer a GET."""
        self.get()

    def do_POST(self) -> None:
        """Answer a POST."""
        self.post()

    def get(self) -> None:
        """Answer a GET as this server does."""
        raise NotImplementedError

    def post(self) -> None:
        """Answer a POST as this server does."""
        raise NotImplementedError

    def body(self) -> bytes:
        """Return the body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def send(self, status: int, body: str | bytes | dict[str, Any], headers: Headers = None) -> None:
        """Send an answer: text, bytes, or an object as JSON, which is what it is said to be unless *headers* say so."""
        raw = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
        self.send_response(status)
        stated = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(headers or {})}
        for name, value in stated.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def cut(self) -> None:
        """Drop the line."""
        self.close_connection = True
        self.connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that was killed or went away."""


@contextmanager
def serving(handler: type[Handler], state: Any) -> Iterator[str]:
    """Run a server for a `with` block; give its address."""
    server = _Server(("127.0.0.1", 0), handler)
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
