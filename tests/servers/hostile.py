"""A server on loopback that answers every request with bytes of the test's own, at the pace of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

#: Gives the pieces of an answer for the bytes of a request; what is waited for between them is the test's.
Answer = Callable[[bytes], Iterable[bytes]]


def whole(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/xml") -> bytes:
    """Return an answer in one piece."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _request(connection: socket.socket) -> bytes:
    """Return a request: its head, and as much of a body as it states."""
    got = b""
    while b"\r\n\r\n" not in got and (piece := connection.recv(65536)):
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    stated = [line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length:")]
    while stated and len(body) < int(stated[0]) and (piece := connection.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def serve_bytes(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """Run a server for a `with` block; give its base address, and the requests as they came."""
    requests: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = _request(connection)
            if asked.strip():
                requests.append(asked)
                for piece in answer(asked):
                    connection.sendall(piece)

    def listen(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=listen, args=(server,), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", requests
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
