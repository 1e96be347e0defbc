"""How the USPTO's Open Data Portal wants to be asked: one request at a time, with a key, and no hurry when it says so.

Source: the portal's interface description, and its limits as users measured them (4 to 15 requests a second, one at a
time). It answers a search without hits with 404 and a sentence, and a page over 6 MB with 413.
"""

from __future__ import annotations

import datetime as dt

import httpx

from patentscope.errors import QuotaExceeded
from patentscope.fetch.loose_json import parsed
from patentscope.fetch.paced import PacedManners, go_on_after
from patentscope.fetch.uspto.card import CARD, REGISTER

_WITHOUT = (
    "What works without one: `--input FILE` with Red Book files of https://data.uspto.gov/bulkdata, another source, or "
    "`--offline` with a cache that holds the answers"
)
_PER_MINUTE = 120
_TRIES = 4
_MOST_SECONDS = 1e7
_NOTHING_FOUND = b"no matching records found"


def manners() -> PacedManners:
    """Return `http.Manners` for the portal, with the key of the environment once it is asked for."""
    return PacedManners(
        per_minute=_PER_MINUTE,
        final=frozenset({httpx.codes.OK, httpx.codes.NOT_FOUND, httpx.codes.REQUEST_ENTITY_TOO_LARGE}),
        headers=_headers,
        is_answer=_is_answer,
        limit=_limit,
        refused=f"The USPTO's portal refused the key in {CARD.key_variable()}; keys that are not used for 90 "
        f"days are removed. See {REGISTER}. {_WITHOUT}",
    )


def _headers() -> dict[str, str]:
    missing = (
        f"USPTO_ODP_API_KEY is not set. A key is free at {REGISTER}, with a USPTO.gov account and a check of identity "
        f"by ID.me. {_WITHOUT}"
    )
    return {"Content-Type": "application/json", "X-API-KEY": CARD.secret(missing)}


def _is_answer(response: httpx.Response) -> bool:
    """Say whether an answer is a result: a page with its count, nothing found, or too large a page."""
    if response.status_code == httpx.codes.NOT_FOUND:
        return _NOTHING_FOUND in response.content.lower()
    if response.status_code != httpx.codes.OK:
        return True
    said = parsed(response.content)
    is_page = isinstance(said, dict) and type(said.get("count")) is int
    return is_page and isinstance(said.get("patentFileWrapperDataBag"), list)


def _limit(response: httpx.Response, in_haste: int) -> float:
    """Return how many seconds to wait after too many requests; raise QuotaExceeded where that does not help."""
    if in_haste < _TRIES:
        return 5.0 * in_haste
    named = response.headers.get("retry-after", "")
    wait = min(float(named), _MOST_SECONDS) if named.isdecimal() else 3600.0
    until = dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=wait)
    raise QuotaExceeded(
        f"The USPTO's portal: too many requests, also after waiting; is the key in use elsewhere? {go_on_after(until)}"
    )
