"""What OPS allows: so many requests a minute by traffic light, and so many bytes an hour and a week.

Source: EPO, OPS Reference Guide 1.3.20 (June 2024), and recorded answers. The traffic lights come as
`idle (images=green:200, ..., search=green:30)`, the number being requests a minute for that service; Retry-After is in
milliseconds. The quotas are about 450 MB in a rolling hour (1 Mbit/s) and, for accounts that don't pay, 4 GB a week.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import httpx

from patentscope.errors import QuotaExceeded
from patentscope.fetch.paced import go_on_after
from patentscope.provenance.progress import Progress


class _Quota(NamedTuple):
    """The header that says how much is used, the limit in bytes, and how to show what is used, in which unit."""

    header: str
    most: int
    unit: float
    words: str


_QUOTAS = {
    "hour": _Quota("x-individualquotaperhour-used", 450_000_000, 1e6, "{:,.1f} of about 450 MB this hour"),
    "week": _Quota("x-registeredquotaperweek-used", 4_000_000_000, 1e9, "{:,.2f} of 4 GB this week"),
}
#: Only accounts that pay have it; what they may use in a week is between them and the EPO.
_PAYING = "x-registeredpayingquotaperweek-used"
_CONTROL = re.compile(r"(\w+)=(green|yellow|red|black):(\d+)")
#: Requests a minute while OPS is idle, for as long as it has not stated them.
_IDLE = {"images": 200, "inpadoc": 60, "other": 1000, "retrieval": 200, "search": 30}
#: The share of the allowed rate that is used at each light. A light says how much of it a client has used (yellow from
#: 50 %, red from 75 %); going slower keeps clear of black, at which the service is shut and asked once a minute.
_SHARE = {"green": 1.0, "yellow": 0.75, "red": 0.5, "black": 0.0}
_WORTH_TELLING = 5.0
#: The most digits that a number of OPS is read with.
_DIGITS = 15


@dataclass
class OpsLimits:
    """The limits that OPS has stated so far.

    Attributes:
        say: told when a limit makes the fetch wait.
        used: bytes used of the quota of the `hour` and of the `week`, as OPS last stated them.
    """

    say: Callable[[Progress], None] = field(default=lambda _: None)
    used: dict[str, int] = field(default_factory=dict)
    _lights: dict[str, tuple[str, int]] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _not_before: float = 0.0
    _largest: int = 0

    def heed(self, service: str, response: httpx.Response, now: float) -> None:
        """Take in traffic lights, quotas, and a request to wait."""
        self._last[service] = now
        # The header may come twice.
        for name, colour, number in _CONTROL.findall(", ".join(response.headers.get_list("x-throttling-control"))):
            self._lights[name] = (colour, int(number[:_DIGITS]))
        for name, quota in _QUOTAS.items():
            if response.headers.get(quota.header, "").isdecimal():
                self.used[name] = int(response.headers[quota.header][:_DIGITS])
        if _PAYING in response.headers:
            self.used.pop("week", None)
        self._largest = max(self._largest, len(response.content))
        retry_after = response.headers.get("retry-after", "")
        if retry_after.isdecimal():
            self._not_before = now + int(retry_after[:_DIGITS]) / 1000

    def seconds_to_wait(self, service: str, now: float) -> float:
        """Return what keeps the requests to *service* evenly under its number a minute.

        Raises:
            QuotaExceeded: where one more answer could break a quota.
        """
        for name, used in self.used.items():
            if used + self._largest >= _QUOTAS[name].most:
                raise QuotaExceeded(f"OPS: {_in_words(name, used)}; one more answer could be too many. {go_on(name)}")
        spaced = self._last.get(service, -1e9) + 60.0 / self._pace(service)
        wait = max(spaced, self._not_before) - now
        if wait > _WORTH_TELLING:
            self.say(Progress(f"waiting {wait:.0f} s, as OPS asks", beside=self.shown(service)))
        return max(0.0, wait)

    def duration(self, service: str, requests: int) -> str:
        """Return how long so many requests to *service* take at the present pace, in words."""
        pace = self._pace(service)
        minutes = math.ceil(requests / pace)
        return f"about {minutes:,} {'minute' if minutes == 1 else 'minutes'} at {pace:g} a minute"

    def shown(self, service: str, to_come: int = 0) -> str:
        """Return the rate, the quotas used, and how long *to_come* requests take; empty before OPS has said any."""
        parts = []
        if service in self._lights:
            colour, number = self._lights[service]
            parts.append(f"{service} {colour}, {number} a minute")
        parts += [_in_words(name, used) for name, used in sorted(self.used.items())]
        if parts and to_come:
            parts.append(f"{to_come:,} requests to come, {self.duration(service, to_come)}")
        return "; ".join(parts)

    def _pace(self, service: str) -> float:
        colour, number = self._lights.get(service, ("green", _IDLE[service]))
        return max(1.0, number * _SHARE[colour])


def go_on(quota: str) -> str:
    """Return at what time to go on after the quota of a `minute`, an `hour` or a `week` is met."""
    now = dt.datetime.now(tz=dt.UTC)
    if quota == "week":
        # Released each calendar week at midnight UTC.
        until = (now + dt.timedelta(days=7 - now.weekday())).replace(hour=0, minute=0)
    else:
        # The hour rolls: what was used an hour ago is free again.
        until = now + dt.timedelta(minutes=61 if quota == "hour" else 2)
    return go_on_after(until)


def _in_words(name: str, used: int) -> str:
    return _QUOTAS[name].words.format(used / _QUOTAS[name].unit)
