"""Short hashes of settings, bytes and files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path


def hash_of(value: object) -> str:
    """Return a short, stable hash of anything JSON can hold (dates as ISO text)."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()[:16]


def hash_of_bytes(raw: bytes) -> str:
    """Return the hash that a file of these bytes has, as `hash_of_files` gives it."""
    return hashlib.sha256(raw).hexdigest()[:16]


def hash_of_files(paths: Sequence[Path]) -> str:
    """Return a short hash over the bytes of *paths*, in the order given."""
    return hashes_of_files(paths)[0]


def hashes_of_files(paths: Sequence[Path]) -> tuple[str, list[str]]:
    """Return the short hash over the bytes of all *paths*, and that of each; every file is read once."""
    together, each = hashlib.sha256(), []
    for path in paths:
        own = together if len(paths) == 1 else hashlib.sha256()
        with path.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                own.update(block)
                if own is not together:
                    together.update(block)
        each.append(own.hexdigest()[:16])
    return together.hexdigest()[:16], each
