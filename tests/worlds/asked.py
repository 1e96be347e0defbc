"""Asking a source on loopback as a run does, but by a clock that nobody waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patentscope.fetch.asking import Asking
from patentscope.fetch.clock import Clock
from patentscope.query.query import Query
from patentscope.records.imported import Imported


class Skipping(Clock):
    """A clock that is set forward where others wait, and that notes how long they would have."""

    def __init__(self) -> None:
        """Begin with the machine's time."""
        self.waits: list[float] = []
        self._ahead = 0.0

    def now(self) -> float:
        """Return the machine's time, and what was slept through."""
        return super().now() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Set the clock forward."""
        self.waits.append(seconds)
        self._ahead += seconds


def ask(source: Any, base: str, cache: Path, text: str | Query, **how: Any) -> Imported:
    """Return what the module *source* reads of the service at *base* for a query; *how* is of `Asking`."""
    query = Query.parse(text) if isinstance(text, str) else text
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(source.CARD.variable, base)
        return source.read(query, Asking(cache, **{"clock": Skipping(), **how}))
