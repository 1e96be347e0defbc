"""One client below every source's sight: it keeps answers, waits its turn, tries again, and never leaks a secret.

A question that was answered before is not asked again; offline, a question without a kept answer is an error that names
it. The source says how it signs in, how its limits are read off an answer, and which answers are final.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import httpx

from patentscope.errors import FetchError, NotCached, QuotaExceeded, UsageError
from patentscope.fetch.cache import Answer, AnswerStore, key_of
from patentscope.fetch.clock import Clock
from patentscope.provenance.addresses import address_without_secrets, https_only

_TRANSIENT_OR_OK = frozenset({200, 408, 429, 500, 502, 503, 504})
_MOST_TRIES = 4
_LONGEST_WAIT = 3600.0
_MOST_BYTES = 256 << 20  # of one answer, unpacked; the largest known are a few MB
#: Shorter than any key or token, and longer than what an answer may hold by chance.
_SHORTEST_SECRET = 12
_MASK = b"***"
#: The headers of a request that hold no secret.
_OPEN = frozenset({"accept", "content-type"})
#: Headers that describe the body as it was sent, and not as it was unpacked.
_OF_TRANSIT = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class Manners(Protocol):
    """How one source wants to be asked. What time it is, in seconds, whoever asks says as `now`."""

    def sign(self, client: httpx.Client, now: float, *, anew: bool) -> dict[str, str]:
        """Return the headers that sign a request in; *anew* where the last ones were refused."""

    def is_sign_in_refused(self, response: httpx.Response) -> bool:  # noqa: ARG002 - sources that need it have their own
        """Say whether the answer means that the sign-in has lapsed; by itself a key does not."""
        return False

    def seconds_to_wait(self, service: str, now: float) -> float:
        """Return how long to wait before asking *service*; raise QuotaExceeded where that would break a limit."""

    def heed(self, service: str, response: httpx.Response, now: float) -> None:
        """Take in what an answer says of limits; raise QuotaExceeded where it is refused for one."""

    def is_final(self, response: httpx.Response) -> bool:
        """Say whether an answer is one to keep: a result, or a `nothing found`."""

    def tries(self, response: httpx.Response) -> int:  # noqa: ARG002 - as above
        """Return how often a question may be asked in all that was answered so."""
        return _MOST_TRIES


@dataclass
class Asker:
    """Asks one source, through what is kept of its answers.

    An answer that was given before `not_before` is asked for anew, but never offline. A server that is silent for
    `timeout` seconds, or has not ended its answer after `longest`, gave none.
    """

    store: AnswerStore
    manners: Manners
    offline: bool = False
    not_before: dt.date | None = None
    timeout: float = 60.0
    longest: float = 600.0
    clock: Clock = field(default_factory=Clock)
    _client: httpx.Client | None = None

    def ask(self, url: str, *, service: str, accept: str, method: str = "GET", body: bytes = b"") -> Answer:
        """Return the answer to a question, kept or new.

        Raises:
            NotCached: offline, for a question that was not answered before.
            QuotaExceeded, Unauthorized, FetchError: where the source refuses or can't be reached.
        """
        key = key_of(method, url, accept, body)
        if (kept := self._kept(key)) is not None:
            return kept
        shown = address_without_secrets(url)
        if self.offline:
            raise NotCached(f"offline, and this question has no kept answer: {method} {shown}")
        response = self._over_the_network(method, url, service, accept, body)
        if response.extensions.get("masked"):
            raise FetchError(f"{method} {shown}: the answer repeats the key that it was asked with, and is not kept")
        question = {"method": method, "url": shown, "accept": accept}
        return self.store.put(key, question, response.status_code, dict(response.headers), response.content)

    def is_kept(self, url: str, *, accept: str) -> bool:
        """Say whether a question would be answered from what is kept, so that the source is not asked."""
        return self._kept(key_of("GET", url, accept, b"")) is not None

    def close(self) -> None:
        """Close the connection, if one was opened."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _kept(self, key: str) -> Answer | None:
        kept = self.store.get(key)
        is_old = kept is not None and self.not_before is not None and kept.fetched_at.date() < self.not_before
        return None if is_old and not self.offline else kept

    def _over_the_network(self, method: str, url: str, service: str, accept: str, body: bytes) -> httpx.Response:
        tries, signed_anew, shown = 0, False, address_without_secrets(url)
        headers: dict[str, str] | None = None
        while True:
            tries += 1
            try:
                # Signing in is a request too, and may find nobody there.
                headers = headers or self.manners.sign(self._connected(), self.clock.now(), anew=signed_anew)
                self._wait(self.manners.seconds_to_wait(service, self.clock.now()))
                response = self._send(method, url, {**headers, "Accept": accept}, body)
            except httpx.RequestError as error:
                if tries >= _MOST_TRIES:
                    raise FetchError(f"{method} {shown}: no answer after {tries} tries ({error!r})") from error
                self.clock.sleep(2.0**tries)
                continue
            if self.manners.is_sign_in_refused(response) and not signed_anew:
                headers, signed_anew = None, True
                continue
            self.manners.heed(service, response, self.clock.now())
            # An outage may come as a page of HTML with status 200: that is no answer either.
            is_busy = response.status_code in _TRANSIENT_OR_OK or "retry-after" in response.headers
            if self.manners.is_final(response):
                return response
            if not is_busy or tries >= self.manners.tries(response):
                text = " ".join(response.text.split())[:200] or "an empty body"
                if response.status_code == httpx.codes.OK:
                    text = f"but no whole answer in its {len(response.content):,} bytes: {text}"
                raise FetchError(f"{method} {shown}: HTTP {response.status_code}, {text}")
            self.clock.sleep(2.0**tries)

    def _wait(self, seconds: float) -> None:
        """Wait, but not for hours: whoever asked for that is better asked again at that time."""
        if seconds > _LONGEST_WAIT:
            hours = min(seconds, 1e6) / 3600
            raise QuotaExceeded(
                f"the source asks to wait {hours:,.1f} hours. All that was fetched is kept; go on then, with the same "
                "command"
            )
        self.clock.sleep(seconds)

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        """Return the whole answer; what it repeats of the secrets in *headers* is masked, and that is noted."""
        with self._connected().stream(method, url, headers=headers, content=body or None) as response:
            raw = whole(response, self.clock, self.longest, most=_MOST_BYTES)
        if len(raw) > _MOST_BYTES:
            shown = address_without_secrets(url)
            raise FetchError(f"{method} {shown}: an answer of over {_MOST_BYTES >> 20} MB; expected a few MB at most")
        masked, stated = raw, [pair for pair in response.headers.raw if pair[0].decode().lower() not in _OF_TRANSIT]
        for name, header in headers.items():
            secret = header.rpartition(" ")[2].encode()  # without the word before it, such as `Bearer`
            if name.lower() not in _OPEN and len(secret) >= _SHORTEST_SECRET:
                masked = masked.replace(secret, _MASK)
                stated = [(named, value.replace(secret, _MASK)) for named, value in stated]
        return httpx.Response(
            response.status_code,
            headers=stated,
            content=masked,
            request=response.request,
            extensions={"masked": masked != raw},
        )

    def _connected(self) -> httpx.Client:
        if self._client is None:
            self._client = connected(self.timeout)
        return self._client


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust, read once for all clients: it takes longer than a request."""
    return httpx.create_ssl_context()


def connected(timeout: float) -> httpx.Client:
    """Return a client; one that hears nothing for *timeout* seconds gives up.

    Redirects are not followed: an office's answers need none, and a redirect would carry the token along. A proxy of
    the environment is used, but not for this machine itself.
    """
    loopback: dict[str, httpx.BaseTransport | None] = {"all://127.0.0.1": None, "all://localhost": None}
    return httpx.Client(verify=_trusted(), timeout=timeout, follow_redirects=False, mounts=loopback)


def whole(response: httpx.Response, clock: Clock, longest: float, *, most: int) -> bytes:
    """Return an answer's body, unpacked; one of more than *most* bytes is read a little further than that, and no more.

    Raises:
        httpx.ReadTimeout: where it has not ended after *longest* seconds.
    """
    response.stream = _Timed(response.stream, clock, clock.now() + longest)  # type: ignore[arg-type]
    body = bytearray()
    for block in response.iter_bytes():
        body += block
        if len(body) > most:
            break
    return bytes(body)


@dataclass
class _Timed(httpx.SyncByteStream):
    """An answer's bytes as they come, until its time is up: a server that sends one every minute never stalls."""

    stream: httpx.SyncByteStream
    clock: Clock
    until: float

    def __iter__(self) -> Iterator[bytes]:
        for block in self.stream:
            if self.clock.now() > self.until:
                raise httpx.ReadTimeout("the answer did not end in time")
            yield block

    def close(self) -> None:
        self.stream.close()


def checked_base(url: str, variable: str) -> str:
    """Return a base address without a trailing slash; raise UsageError for none, or one that `https_only` refuses."""
    try:
        httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError(f"{variable}: found no address that can be asked ({error}); expected https://...") from error
    return https_only(url, variable)
