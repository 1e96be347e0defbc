"""How EPO OPS wants to be asked: its token, and which of its answers are results, refusals, or none at all.

Source: EPO, OPS Reference Guide 1.3.20 (June 2024), and recorded answers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import httpx

from patentscope.errors import FetchError, FileFormatError, QuotaExceeded, Unauthorized
from patentscope.fetch.card import SENDABLE
from patentscope.fetch.http import Manners
from patentscope.fetch.ops.card import CARD, KEY_NAMES, REGISTER
from patentscope.fetch.ops.limits import OpsLimits, go_on
from patentscope.files.xml.safe_xml import LOCAL, parsed
from patentscope.provenance.addresses import address_without_secrets

_NOTHING_FOUND = "SERVER.EntityNotFound"
#: How OPS says that it has no document of a number; to a search they would say that it was not understood.
_NO_SUCH_DOCUMENT = frozenset(
    {"CLIENT.InvalidReference", "CLIENT.WrongReferenceFormatting", "CLIENT.NotFound", "CLIENT.InvalidCountryCode"}
)
_RENEW_BEFORE = 60.0
_LONGEST_FAULT = 1 << 16


def fault_of(response: httpx.Response) -> tuple[str, str]:
    """Return the code and message of an error answer, from either of OPS's two error roots; empty where it is none."""
    try:
        root = parsed(response.content[:_LONGEST_FAULT], "the answer")
    except FileFormatError:
        return "", ""
    fields = {LOCAL[child.tag]: (child.text or "").strip() for child in root}
    return fields.get("code", ""), fields.get("message", "")


@dataclass
class OpsManners(Manners):
    """Those of OPS at the address *base*; `limits` is what it has said of them."""

    base: str
    limits: OpsLimits = field(default_factory=OpsLimits)
    _token: str = ""
    _token_until: float = 0.0

    def sign(self, client: httpx.Client, now: float, *, anew: bool) -> dict[str, str]:
        """Return the header with a token, asked for where there is none, or it was refused."""
        if anew or now > self._token_until:
            name = CARD.key_variable()
            if name is None:
                raise Unauthorized(
                    f"EPO_OPS_KEY and EPO_OPS_SECRET are not set. A key is free: register at {REGISTER}. Without one: "
                    "`--source surechembl`; or `run` with `--sample`, with `--input FILE` (what you exported by hand) "
                    "or with `--offline` and a cache that holds the answers"
                )
            pair = os.environ[name], os.environ[dict(KEY_NAMES)[name]]
            asked = {"grant_type": "client_credentials"}
            response = client.post(f"{self.base}/auth/accesstoken", auth=pair, data=asked)
            if response.status_code in {400, 401, 403}:
                raise Unauthorized(f"OPS refused the key in {name} (HTTP {response.status_code}); see {REGISTER}")
            try:
                answer = response.json()
                token, lasts = str(answer["access_token"]), float(answer.get("expires_in", 1200))
            except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
                token, lasts = "", 0.0
            if not SENDABLE.fullmatch(token):
                shown = address_without_secrets(self.base)
                raise FetchError(f"OPS gave no token: HTTP {response.status_code} from {shown}/auth")
            self._token, self._token_until = token, now + lasts - _RENEW_BEFORE
        return {"Authorization": f"Bearer {self._token}"}

    def is_sign_in_refused(self, response: httpx.Response) -> bool:
        """Say whether the token has lapsed: OPS says so with HTTP 400 `invalid_access_token`, at times with 401."""
        return response.status_code == httpx.codes.UNAUTHORIZED or (
            response.status_code == httpx.codes.BAD_REQUEST and fault_of(response)[1] == "invalid_access_token"
        )

    def seconds_to_wait(self, service: str, now: float) -> float:
        """Return how long to wait before the next request to *service*; raise QuotaExceeded where a quota is near."""
        return self.limits.seconds_to_wait(service, now)

    def heed(self, service: str, response: httpx.Response, now: float) -> None:
        """Take in what an answer says of limits; raise Unauthorized where the key is refused."""
        self.limits.heed(service, response, now)
        if response.status_code not in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            return
        reason = response.headers.get("x-rejection-reason", "")
        for quota in ("minute", "hour", "week"):
            if f"Per{quota.capitalize()}" in reason:
                raise QuotaExceeded(f"OPS: the quota is met ({reason}). {go_on(quota)}")
        if "retry-after" not in response.headers:
            said = " ".join(["HTTP", str(response.status_code), *fault_of(response)])
            raise Unauthorized(f"OPS refused the request ({said}); is the key active? {REGISTER}")

    def is_final(self, response: httpx.Response) -> bool:
        """Say whether an answer is a result: 200 with a whole document, or the 404 by which OPS says `nothing`."""
        if response.status_code == httpx.codes.OK:
            return _is_whole(response.content, response.request.url.params.get("Range", ""))
        if response.status_code != httpx.codes.NOT_FOUND:
            return False
        code = fault_of(response)[0]
        is_by_number = "/family/" in response.request.url.path
        return code == _NOTHING_FOUND or not response.content.strip() or (is_by_number and code in _NO_SUCH_DOCUMENT)

    def tries(self, response: httpx.Response) -> int:
        """Return 2 for DomainAccess, which may be maintenance or a refusal for good; 4 for other busy answers."""
        return 2 if fault_of(response)[0] == "SERVER.DomainAccess" else 4


def _is_whole(body: bytes, asked: str) -> bool:
    """Say whether *body* is a document of OPS from its first tag to its last; not JSON, a page, or what broke off.

    An answer to a search says which of the hits it shows: they must begin where those *asked* for do.
    """
    try:
        root = parsed(body, "the answer", keep_blanks=False)
    except FileFormatError:
        return False
    shown = root.find("{*}biblio-search/{*}range")
    is_other = shown is not None and bool(asked) and shown.get("begin") != asked.partition("-")[0]
    return LOCAL[root.tag] == "world-patent-data" and not is_other
