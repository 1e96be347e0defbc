"""How EPO OPS wants to be asked: its token, its traffic lights, its quotas, and which of its answers are final.

Source: EPO, OPS Reference Guide 1.3.20 (June 2024), and recorded answers. The traffic lights come as
`idle (images=green:200, ..., search=green:30)`, the number being requests a minute for that service; Retry-After is in
milliseconds.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
import time
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import httpx

from patentscope.errors import FetchError, QuotaExceeded, Unauthorized

REGISTER = "https://developers.epo.org"
#: The names that tools in the field use for the key pair; the first is ours.
KEY_NAMES = (
    ("EPO_OPS_KEY", "EPO_OPS_SECRET"),
    ("OPS_KEY", "OPS_SECRET"),
    ("OPS_API_CONSUMER_KEY", "OPS_API_CONSUMER_SECRET"),
    ("EPO_OPS_API_KEY", "EPO_OPS_API_SECRET"),
    ("EPO_OPS_CONSUMER_KEY", "EPO_OPS_CONSUMER_SECRET"),
    ("PATENT_CLIENT_EPO_API_KEY", "PATENT_CLIENT_EPO_SECRET"),
)
_CONTROL = re.compile(r"(\w+)=(green|yellow|red|black):(\d+)")
_NOTHING_FOUND = "SERVER.EntityNotFound"
_RENEW_BEFORE = 60.0


def credentials() -> tuple[str, str, str]:
    """Return the key, the secret, and the name of the variable that held the key.

    Raises:
        Unauthorized: naming the variable, where to register, and what works without a key.
    """
    for key_name, secret_name in KEY_NAMES:
        key, secret = os.environ.get(key_name), os.environ.get(secret_name)
        if key and secret:
            return key, secret, key_name
    raise Unauthorized(
        f"EPO_OPS_KEY and EPO_OPS_SECRET are not set. A key is free: register at {REGISTER}. Without one: `--sample`, "
        "`--input FILE` with what you exported by hand, or `--offline` with a cache that holds the answers"
    )


def fault_of(response: httpx.Response) -> tuple[str, str]:
    """Return the code and message of an error answer, from either of OPS's two error roots; empty where it is none."""
    try:
        root = ET.fromstring(response.content) if len(response.content) < 1 << 16 else None  # noqa: S314
    except ET.ParseError:
        root = None
    if root is None:
        return "", ""
    found = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in root}
    return found.get("code", ""), found.get("message", "")


@dataclass
class OpsManners:
    """`http.Manners` for OPS. `say` is told when a limit makes the fetch wait."""

    base: str
    _token: str = ""
    _token_until: float = 0.0
    _per_minute: dict[str, tuple[str, int]] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _not_before: float = 0.0
    used: dict[str, int] = field(default_factory=dict)

    def sign(self, client: httpx.Client, *, anew: bool) -> dict[str, str]:
        """Return the header with a token, asked for where there is none, or it was refused."""
        if anew or time.monotonic() > self._token_until:
            key, secret, name = credentials()
            pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
            response = client.post(
                f"{self.base}/auth/accesstoken",
                headers={"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"},
                content=b"grant_type=client_credentials",
            )
            if response.status_code in {400, 401, 403}:
                raise Unauthorized(f"OPS refused the key in {name} (HTTP {response.status_code}); see {REGISTER}")
            try:
                answer = response.json()
                self._token = str(answer["access_token"])
                self._token_until = time.monotonic() + float(answer.get("expires_in", 1200)) - _RENEW_BEFORE
            except (ValueError, KeyError) as error:
                raise FetchError(f"OPS gave no token: HTTP {response.status_code} from {self.base}/auth") from error
        return {"Authorization": f"Bearer {self._token}"}

    def is_sign_in_refused(self, response: httpx.Response) -> bool:
        """Say whether the token has lapsed: OPS says so with HTTP 400 `invalid_access_token`, at times with 401."""
        return response.status_code == httpx.codes.UNAUTHORIZED or (
            response.status_code == httpx.codes.BAD_REQUEST and fault_of(response)[1] == "invalid_access_token"
        )

    def seconds_to_wait(self, service: str) -> float:
        """Return what keeps the requests to *service* evenly under its number a minute."""
        _, per_minute = self._per_minute.get(service, ("green", 30))
        spaced = self._last.get(service, -1e9) + 60.0 / max(per_minute, 1)
        return max(0.0, spaced - time.monotonic(), self._not_before - time.monotonic())

    def heed(self, service: str, response: httpx.Response) -> None:
        """Take in traffic lights and quotas; a met quota stops the fetch with the time at which to go on."""
        self._last[service] = time.monotonic()
        lights = ", ".join(response.headers.get_list("x-throttling-control"))
        for name, colour, number in _CONTROL.findall(lights):
            self._per_minute[name] = (colour, int(number))
        for header, name in (
            ("x-individualquotaperhour-used", "hour"),
            ("x-registeredquotaperweek-used", "week"),
        ):
            if response.headers.get(header, "").isdigit():
                self.used[name] = int(response.headers[header])
        retry_after = response.headers.get("retry-after", "")
        if retry_after.isdigit():
            self._not_before = time.monotonic() + int(retry_after) / 1000
        rejected = response.headers.get("x-rejection-reason", "")
        if response.status_code == httpx.codes.FORBIDDEN:
            self._refused(rejected, response)

    def _refused(self, reason: str, response: httpx.Response) -> None:
        now = dt.datetime.now(tz=dt.UTC)
        if "PerHour" in reason or "PerMinute" in reason:
            # A rolling hour: what was used an hour ago is free again.
            until = now + dt.timedelta(hours=1)
        elif "PerWeek" in reason:
            monday = now + dt.timedelta(days=7 - now.weekday())
            until = monday.replace(hour=0, minute=0, second=0, microsecond=0)
        else:
            code, message = fault_of(response)
            raise Unauthorized(f"OPS refused the request (HTTP 403 {code} {message}); is the key active? {REGISTER}")
        raise QuotaExceeded(
            f"OPS: the quota is met ({reason}). All that was fetched is kept; go on after "
            f"{until.strftime('%Y-%m-%d %H:%M')} UTC with the same command"
        )

    def is_final(self, response: httpx.Response) -> bool:
        """Say whether an answer is a result: 200 with XML, or the 404 by which OPS says that nothing was found."""
        if response.status_code == httpx.codes.OK:
            return b"<" in response.content[:200] and b"<html" not in response.content[:1000].lower()
        return response.status_code == httpx.codes.NOT_FOUND and (
            fault_of(response)[0] == _NOTHING_FOUND or not response.content.strip()
        )

    def tries(self, response: httpx.Response) -> int:
        """Return 2 for DomainAccess, which may be maintenance or a refusal for good; 4 for other busy answers."""
        return 2 if fault_of(response)[0] == "SERVER.DomainAccess" else 4
