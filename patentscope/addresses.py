"""Which base addresses may be asked at all: https, and plain http on this machine only."""

from __future__ import annotations

from urllib.parse import urlsplit

from patentscope.answers import address_without_secrets
from patentscope.errors import UsageError

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def https_only(url: str, variable: str) -> str:
    """Return a base address without a trailing slash.

    Raises:
        UsageError: for anything but https, loopback addresses apart, and for one with a password, or that is none.
    """
    try:
        parts = urlsplit(url)
        shown = address_without_secrets(url)
    except ValueError as error:
        raise UsageError(f"{variable}: found no address that can be asked ({error}); expected https://...") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise UsageError(f"{variable}: found {shown!r}; expected an https address (http only on 127.0.0.1)")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{variable}: found an address with a user or a password in it; expected {shown!r}. Keys have variables "
            "of their own: `patentscope sources` names them"
        )
    return url.rstrip("/")
