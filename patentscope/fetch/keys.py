"""Secrets of the environment: found under one of the names that tools in the field use, and never shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from patentscope.errors import Unauthorized

#: What a header may hold. Anything else would have the HTTP library quote the secret in its error.
SENDABLE = re.compile(r"[!-~]+")


def name_of_set(names: Iterable[tuple[str, ...]]) -> str | None:
    """Return the first variable of the first of *names* that are set together; None where none are."""
    return next((entry[0] for entry in names if all(os.environ.get(name, "").strip() for name in entry)), None)


def secret(names: Iterable[tuple[str, ...]], missing: str) -> str:
    """Return the secret in the first of *names* that is set.

    Raises:
        Unauthorized: with the text *missing* where none is set, or naming the variable that no header can carry.
    """
    name = name_of_set(names)
    if name is None:
        raise Unauthorized(missing)
    found = os.environ[name].strip()
    if not SENDABLE.fullmatch(found):
        raise Unauthorized(f"{name} holds a blank, a line break or a letter beyond ASCII; copy the key again")
    return found
