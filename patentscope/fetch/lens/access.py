"""How The Lens wants to be asked: its token, its limits by the minute and the month, and its two ways to say nothing.

Source: documentation of API 2.19, "Rate Limiting" and "HTTP Responses". Every answer names what is left in
`x-rate-limit-remaining-*`. 404 stands for an empty result as well as for a wrong address, so its body is looked at.
"""

from __future__ import annotations

import datetime as dt

import httpx

from patentscope.errors import QuotaExceeded
from patentscope.fetch.lens.card import CARD, REGISTER
from patentscope.fetch.lens.query import PAGE
from patentscope.fetch.loose_json import parsed
from patentscope.fetch.paced import PacedManners, go_on_after

_WITHOUT = (
    "What works without one: export the search as CSV at https://www.lens.org (a free account) and run with "
    "`--input FILE`, or `--offline` with a cache that holds the answers"
)
#: The trial's and the smaller plans' number of requests a minute.
_PER_MINUTE = 10
_LONGEST_WAIT = 300.0
_TRIES = 4
#: Seconds, requests or records: what exceeds it says as much as it does.
_MOST = 1e8
_LEFT = "x-rate-limit-remaining-"


def manners() -> PacedManners:
    """Return `http.Manners` for The Lens, with the token of the environment once it is asked for."""
    return PacedManners(
        per_minute=_PER_MINUTE,
        final=frozenset({200, 204, 404}),
        headers=_headers,
        is_answer=_is_answer,
        limit=_limit,
        refused=f"The Lens refused the token in {CARD.key_variable()}. Is it copied whole, and does its "
        f"plan cover patents? See {REGISTER}. {_WITHOUT}",
    )


def _headers() -> dict[str, str]:
    token = CARD.secret(f"LENS_API_TOKEN is not set. A token comes with a trial or a plan: {REGISTER}. {_WITHOUT}")
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}


def _is_answer(response: httpx.Response) -> bool:
    """Say whether an answer is a result: a page with its total, or one of the ways to say that nothing was found."""
    is_page = response.status_code == httpx.codes.OK
    if not is_page and not response.content.strip():
        return True
    said = parsed(response.content)
    if not isinstance(said, dict):
        return False
    if is_page:
        return type(said.get("total")) is int and isinstance(said.get("data", []), list)
    # A server that does not know the address names its path and an error; The Lens's own have a message and a code.
    return not {"path", "error"} & said.keys()


def _limit(response: httpx.Response, in_haste: int) -> float:
    """Return how many seconds an answer asks to wait; raise QuotaExceeded with the time at which to go on."""
    headers = response.headers
    wait = _number(headers.get("x-rate-limit-retry-after-seconds"))
    if not in_haste:
        is_spent = _number(headers.get(f"{_LEFT}request-per-minute")) == 0
        return (60.0 if wait is None else wait) if is_spent else 0.0
    requests, records = (_number(headers.get(f"{_LEFT}{what}-per-month")) for what in ("request", "record"))
    if (requests is not None and requests <= 0) or (records is not None and records < PAGE):
        raise QuotaExceeded(_stopped("the plan's month is used up", headers.get("x-rate-limit-reset-date"), wait))
    if in_haste >= _TRIES or (wait or 0) > _LONGEST_WAIT:
        raise QuotaExceeded(_stopped("too many requests", None, wait))
    return 60.0 if wait is None else wait


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return min(number, _MOST) if number >= 0 else None


def _stopped(why: str, reset: str | None, wait: float | None) -> str:
    """Return the text of a met limit: the reset date that was named, else the wait that was named, else an hour."""
    now = dt.datetime.now(tz=dt.UTC)
    until, named = now + dt.timedelta(seconds=wait or 3600), "" if wait else f"; your plan's dates are at {REGISTER}"
    if reset:
        try:
            until, named = dt.datetime.fromisoformat(reset), ""
        except ValueError:
            named = f"; it named {reset[:40]!r} as the date of its reset"
    until = until.astimezone(dt.UTC) if until.tzinfo else until
    return f"The Lens: {why}. {go_on_after(until)}{named}"
