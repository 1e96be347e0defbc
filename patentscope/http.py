"""One client below every source's sight: it keeps answers, waits its turn, tries again, and never leaks a secret.

A question that was answered before is not asked again; offline, a question without a kept answer is an error that names
it. The source says how it signs in, how its limits are read off an answer, and which answers are final.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from patentscope.answers import Answer, AnswerStore, address_without_secrets, key_of
from patentscope.errors import FetchError, NotCached, UsageError

_TRANSIENT_OR_OK = frozenset({200, 408, 429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_TRIES = 4


class Notice(str):
    """What is told of the asking that is shown even where progress isn't: how much is to be asked, and how long."""

    __slots__ = ()


class Manners(Protocol):
    """How one source wants to be asked."""

    def sign(self, client: httpx.Client, *, anew: bool) -> dict[str, str]:
        """Return the headers that sign a request in; *anew* where the last ones were refused."""

    def is_sign_in_refused(self, response: httpx.Response) -> bool:
        """Say whether the answer means that the sign-in has lapsed."""

    def seconds_to_wait(self, service: str) -> float:
        """Return how long to wait before the next request to *service*, by what the source last said.

        Raises:
            QuotaExceeded: where the request would break a limit that the source has stated.
        """

    def heed(self, service: str, response: httpx.Response) -> None:
        """Take in what an answer says of limits; raise QuotaExceeded where it is refused for one."""

    def is_final(self, response: httpx.Response) -> bool:
        """Say whether an answer is one to keep: a result, or a `nothing found`."""

    def tries(self, response: httpx.Response) -> int:
        """Return how often a question may be asked in all that was answered so."""


@dataclass
class Asker:
    """Asks one source, through what is kept of its answers.

    An answer that was given before `not_before` is asked for anew, but never offline.
    """

    store: AnswerStore
    manners: Manners
    offline: bool = False
    not_before: dt.date | None = None
    timeout: float = 60.0
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
        if not self.manners.is_final(response):
            raise FetchError(f"{method} {shown}: HTTP {response.status_code}, {_excerpt(response)}")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return self.store.put(
            key, {"method": method, "url": shown, "accept": accept}, response.status_code, headers, response.content
        )

    def is_kept(self, url: str, *, accept: str, method: str = "GET", body: bytes = b"") -> bool:
        """Say whether a question would be answered from what is kept, so that the source is not asked."""
        return self._kept(key_of(method, url, accept, body)) is not None

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
        tries, signed_anew = 0, False
        headers: dict[str, str] | None = None
        while True:
            tries += 1
            try:
                # Signing in is a request too, and may find nobody there.
                headers = headers or self.manners.sign(self._connected(), anew=signed_anew)
                time.sleep(self.manners.seconds_to_wait(service))
                response = self._send(method, url, {**headers, "Accept": accept}, body)
            except httpx.RequestError as error:
                if tries >= _MOST_TRIES:
                    shown = address_without_secrets(url)
                    raise FetchError(f"{method} {shown}: no answer after {tries} tries ({error!r})") from error
                time.sleep(2.0**tries)
                continue
            if self.manners.is_sign_in_refused(response) and not signed_anew:
                headers, signed_anew = None, True
                continue
            self.manners.heed(service, response)
            # An outage may come as a page of HTML with status 200: that is no answer either.
            is_busy = response.status_code in _TRANSIENT_OR_OK or "retry-after" in response.headers
            if self.manners.is_final(response) or not is_busy or tries >= self.manners.tries(response):
                return response
            time.sleep(2.0**tries)

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        return self._connected().request(method, url, headers=headers, content=body or None)

    def _connected(self) -> httpx.Client:
        if self._client is None:
            # Redirects are not followed: an office's answers need none, and a redirect would carry the token along.
            # A proxy of the environment is used, but not for this machine itself.
            loopback: dict[str, httpx.BaseTransport | None] = {"all://127.0.0.1": None, "all://localhost": None}
            self._client = httpx.Client(timeout=self.timeout, follow_redirects=False, mounts=loopback)
        return self._client


def checked_base(url: str, variable: str) -> str:
    """Return a base address without a trailing slash.

    Raises:
        UsageError: for anything but https, loopback addresses apart.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise UsageError(
            f"{variable}: found {address_without_secrets(url)!r}; expected an https address (http only on 127.0.0.1)"
        )
    return url.rstrip("/")


def _excerpt(response: httpx.Response) -> str:
    """Return what a body is and its beginning on one line, for an error text."""
    text = " ".join(response.text.split())[:200] or "an empty body"
    if response.status_code != httpx.codes.OK:
        return text
    return f"but no whole answer in its {len(response.content):,} bytes: {text}"
