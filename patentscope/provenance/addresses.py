"""Addresses: which may be asked at all (https, and plain http on this machine only), and what is written of them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

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


#: Query parameters that carry a secret at one source or another; they are neither hashed nor written.
_SECRET_PARAMETERS = frozenset({"token", "access_token", "api_key", "apikey", "key", "client_secret"})


def address_without_secrets(url: str) -> str:
    """Return *url* without user, password and secret parameters."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{parts.port}" if parts.port else host
    query = urlencode([pair for pair in parse_qsl(parts.query, True) if pair[0].lower() not in _SECRET_PARAMETERS])
    return urlunsplit((parts.scheme, place, parts.path, query, ""))
