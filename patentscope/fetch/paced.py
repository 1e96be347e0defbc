"""How politely a source is asked that has a fixed pace, and what it says when a limit is met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from patentscope.errors import Unauthorized
from patentscope.fetch.http import Manners


def go_on_after(until: dt.datetime) -> str:
    """Return what whoever met a limit is told: the time, in UTC, at which to go on."""
    return f"All that was fetched is kept; go on after {until:%Y-%m-%d %H:%M} UTC with the same command"


@dataclass
class PacedManners(Manners):
    """Those of a source with a fixed pace, and with a key that does not lapse.

    Attributes:
        per_minute: requests a minute, spaced evenly.
        final: statuses that are results; 404 among them only where the source says `nothing found` so.
        headers: returns those of every request; it raises Unauthorized where the key's variable is not set.
        is_answer: says whether the body of a final status is an answer at all (a gateway's page of HTML is none).
        limit: seconds to wait by an answer's own limits, and by how many in a row were refused for haste (HTTP 429); it
            raises QuotaExceeded where one is met.
        refused: said where the key is refused.
    """

    per_minute: float
    final: frozenset[int] = frozenset({200})
    headers: Callable[[], dict[str, str]] = dict
    is_answer: Callable[[httpx.Response], bool] = lambda response: b"<html" not in response.content[:1000].lower()
    limit: Callable[[httpx.Response, int], float] = lambda *_: 0.0
    refused: str = "the source refused the request"
    _next: float = 0.0
    _in_haste: int = 0

    def sign(self, client: httpx.Client, now: float, *, anew: bool) -> dict[str, str]:  # noqa: ARG002 - as Manners has it
        """Return the headers of every request."""
        return self.headers()

    def seconds_to_wait(self, service: str, now: float) -> float:  # noqa: ARG002 - one pace for all
        """Return what is left until the next request is due."""
        return max(0.0, self._next - now)

    def heed(self, service: str, response: httpx.Response, now: float) -> None:  # noqa: ARG002 - one pace for all
        """Space the next request, obey Retry-After and the source's own limits, and say when it refuses the key."""
        wait = 60.0 / self.per_minute
        retry_after = response.headers.get("retry-after", "")
        if retry_after.isdecimal():
            wait = max(wait, float(retry_after))
        self._in_haste = self._in_haste + 1 if response.status_code == httpx.codes.TOO_MANY_REQUESTS else 0
        self._next = now + max(wait, self.limit(response, self._in_haste))
        if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise Unauthorized(f"{self.refused} (HTTP {response.status_code})")

    def is_final(self, response: httpx.Response) -> bool:
        """Say whether an answer is one to keep."""
        return response.status_code in self.final and self.is_answer(response)
