"""A server on loopback that is asked by POST in JSON, and misbehaves as told: refusals, outages, cut lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from servers.loopback import Handler, serving

#: Status, body and headers.
Reply = tuple[int, str, dict[str, str]]


@dataclass
class Moods:
    """What goes wrong, by the number of the request: `fail` replies so, `cut` drops the line, `html` is a gateway."""

    fail: dict[int, Reply] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    html: set[int] = field(default_factory=set)
    from_then: tuple[int, Reply] | None = None
    lie: int = 0


class Service:
    """Who replies: its records, and what becomes of them while a search is paged through."""

    def __init__(self, records: list[Any], moods: Moods | None = None) -> None:
        """Hold *records*."""
        self.records = records
        self.moods = moods or Moods()
        self.newcomer: Any = None
        self.pages_until_newcomer = 0
        self.drops_last = False
        self._hits: dict[str, list[Any]] = {}

    def answer(self, path: str, headers: dict[str, str], question: dict[str, Any]) -> Reply:
        """Reply to one question."""
        raise NotImplementedError

    def page_shown(self) -> None:
        """Let the newcomer in, once so many pages were shown, and perhaps the last record out."""
        self.pages_until_newcomer -= 1
        if self.pages_until_newcomer == 0:
            self._hits.clear()
            self.records = [self.newcomer, *self.records[: -1 if self.drops_last else None]]


@dataclass
class State:
    """What was asked: how often each question, by which path, and how many at once at most."""

    moods: Moods
    service: Service
    requests: int = 0
    under_way: int = 0
    most_at_once: int = 0
    asked: Counter[bytes] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)
    questions: list[dict[str, Any]] = field(default_factory=list)


class _Handler(Handler):
    def post(self) -> None:
        """Answer a question, or misbehave as the moods say."""
        raw = self.body()
        state: State = self.server.state
        state.under_way += 1
        state.most_at_once = max(state.most_at_once, state.under_way)
        try:
            self._answer(state, raw)
        finally:
            state.under_way -= 1

    def _answer(self, state: State, raw: bytes) -> None:
        state.requests += 1
        number, moods = state.requests, state.moods
        if number in moods.cut:
            self.cut()
        elif number in moods.fail:
            self.send(*moods.fail[number])
        elif number in moods.html:
            self.send(200, "<!DOCTYPE html><html>gateway</html>", {"Content-Type": "text/html"})
        elif moods.from_then and number >= moods.from_then[0]:
            self.send(*moods.from_then[1])
        else:
            question = json.loads(raw)
            state.asked[raw] += 1
            state.paths[self.path] += 1
            state.questions.append(question)
            self.send(*state.service.answer(self.path, dict(self.headers), question))


@contextmanager
def serve(service: Service) -> Iterator[tuple[str, State]]:
    """Run a service for a `with` block; give its base address and what was asked."""
    state = State(service.moods, service)
    with serving(_Handler, state) as base:
        yield base, state
