"""What the offices answered, kept as files that a person can read: a gzip body and a JSON sidecar each.

The key of an entry is the hash of the method, the address without secrets, the `Accept` header and the body, so that an
answer in XML never serves a question for JSON, and a POST is kept like a GET. An entry is written under a temporary
name and renamed, body first: whatever happens, a reader sees a whole answer or none.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patentscope.provenance.addresses import address_without_secrets
from patentscope.provenance.writing import make_folder, replaced

#: What reading a sidecar raises that was cut short, or that somebody else wrote.
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
#: The only answer headers that are written down: what the answer is, and what the office says of its limits.
_KEPT_HEADERS = ("content-type", "date", "last-modified", "x-throttling-control")


@dataclass(frozen=True)
class Answer:
    """One answer of an office, as it came: status, body, and the day on which it was given."""

    status: int
    body: bytes
    fetched_at: dt.datetime
    key: str


def key_of(method: str, url: str, accept: str, body: bytes) -> str:
    """Return the key under which the answer to a question is kept."""
    text = "\n".join([method.upper(), address_without_secrets(url), accept, hashlib.sha256(body).hexdigest()])
    return hashlib.sha256(text.encode()).hexdigest()


class AnswerStore:
    """The answers of one source in a folder: `<folder>/<source>/<first two of key>/<key>.gz` and `.json`."""

    def __init__(self, folder: Path, source: str, licence: str) -> None:
        """Keep the answers of *source* under *folder*; *licence* goes into every sidecar."""
        self.folder = folder / source
        self._licence = licence

    def get(self, key: str) -> Answer | None:
        """Return the answer kept under *key*; None where there is none, or its entry is damaged."""
        body_path, sidecar_path = self._paths(key)
        try:
            sidecar = json.loads(sidecar_path.read_text(encoding="utf-8"))
            body = gzip.decompress(body_path.read_bytes())
            if hashlib.sha256(body).hexdigest() != sidecar["sha256"]:
                return None
            fetched_at = dt.datetime.fromisoformat(sidecar["fetched_at"])
            return Answer(int(sidecar["status"]), body, fetched_at, key)
        except (*_DAMAGED, EOFError, zlib.error):
            return None

    def put(self, key: str, question: dict[str, str], status: int, headers: dict[str, str], body: bytes) -> Answer:
        """Keep an answer; *question* is its method, address without secrets, and Accept header."""
        body_path, sidecar_path = self._paths(key)
        fetched_at = dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
        sidecar: dict[str, Any] = {
            **question,
            "status": status,
            "headers": {name: value for name, value in headers.items() if name in _KEPT_HEADERS},
            "fetched_at": fetched_at.isoformat(),
            "licence": self._licence,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        make_folder(body_path.parent)
        text = json.dumps(sidecar, indent=1, ensure_ascii=False).encode()
        for path, raw in ((body_path, gzip.compress(body, 6, mtime=0)), (sidecar_path, text)):
            # Under a name that no other process uses: several may fill one cache.
            with replaced(path, f"{os.getpid()}.{secrets.token_hex(4)}.part") as part:
                part.write_bytes(raw)
        return Answer(status, body, fetched_at, key)

    def entries(self) -> Iterator[Path]:
        """Yield the sidecars that are there."""
        return self.folder.glob("*/*.json")

    def summary(self) -> str:
        """Return how many answers are kept, their size on disk, and the days of the oldest and the newest."""
        kept = list(self.entries())
        if not kept:
            return "nothing"
        days = sorted(_day_of(path) for path in kept)
        size = sum(part.stat().st_size for path in kept for part in (path, path.with_suffix(".gz")) if part.exists())
        return f"{len(kept)} answers, {size / 1e6:.1f} MB, {days[0]} to {days[-1]}"

    def _paths(self, key: str) -> tuple[Path, Path]:
        place = self.folder / key[:2]
        return place / f"{key}.gz", place / f"{key}.json"


def _day_of(sidecar: Path) -> str:
    try:
        return str(json.loads(sidecar.read_text(encoding="utf-8"))["fetched_at"])[:10]
    except _DAMAGED:
        return "unknown"
