"""A small USPTO portal on loopback that behaves like the real one: a key, the 10,000 wall, 404 for nothing, 413.

It reads the text searches that the program writes. How the real index keeps class symbols is not described, so this one
can keep them whole or cut into words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from servers.boolean import Test, compiled
from servers.post import Moods, Reply, Service

WALL = 10_000
KEY = "planted-uspto-key"
META = "applicationMetaData."
NOTHING = "No matching records found, refine your search criteria and try again"
_ATOM = r'[A-Za-z.]+:(?:"[^"]*"|\[[^\]]*\]|(?:\\.|[^\s()\\])+)'


@dataclass(frozen=True)
class Application:
    """One made application, as far as searches and answers look at it."""

    number: str
    published: str = ""
    granted: str = ""
    title: str = "Recovery of rare earth metals from magnet scrap"
    cpc: tuple[str, ...] = ("C22B  59/00", "C22B   7/006")
    first_number: str | None = None
    patent_number: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the application as the portal shows it."""
        first = f"US{self.published[:4]}{int(self.number) % 10**7:07d}A1" if self.published else ""
        meta = {
            "inventionTitle": self.title,
            "filingDate": "2019-01-02",
            "cpcClassificationBag": list(self.cpc),
            "earliestPublicationDate": self.published,
            "earliestPublicationNumber": first if self.first_number is None else self.first_number,
            "grantDate": self.granted,
            "patentNumber": (self.number if self.granted else "") if self.patent_number is None else self.patent_number,
        }
        stated = {name: value for name, value in meta.items() if value}
        return {"applicationNumberText": self.number, "applicationMetaData": stated}


class Portal(Service):
    """The service: its applications, its key, and whether its index keeps class symbols whole."""

    def __init__(self, applications: list[Application], moods: Moods | None = None, *, is_whole: bool = True) -> None:
        """Hold *applications*."""
        super().__init__(applications, moods)
        self.is_whole = is_whole
        self.largest_page = 10**9
        self.too_large = ""

    def answer(self, path: str, headers: dict[str, str], question: dict[str, Any]) -> Reply:
        """Reply to one question."""
        if headers.get("X-API-KEY") != KEY:
            return 403, '{"code": 403, "error": "Forbidden"}', {}
        if path != "/patent/applications/search":
            return 404, '{"message": "no Route matched with those values"}', {}
        first, size = question["pagination"]["offset"], question["pagination"]["limit"]
        assert question["sort"] == [{"field": "applicationNumberText", "order": "asc"}]
        if first + size > WALL or size < 1:
            return 400, '{"code": 400, "error": "Bad Request"}', {}
        hits = self._found(question["q"])
        page = hits[first : first + size]
        if not page:
            return 404, json.dumps({"code": 404, "error": "Not Found", "errorDetails": NOTHING}), {}
        if len(page) > self.largest_page or self.too_large in {one.number for one in page}:
            return 413, '{"code": 413, "message": "Payload Too Large"}', {}
        self.page_shown()
        shown = [one.as_json() for one in page]
        return 200, json.dumps({"count": len(hits) + self.moods.lie, "patentFileWrapperDataBag": shown}), {}

    def _found(self, text: str) -> list[Application]:
        if text not in self._hits:
            test = compiled(text, _ATOM, self._atom)
            self._hits[text] = sorted(filter(test, self.records), key=lambda one: one.number)
        return self._hits[text]

    def _atom(self, atom: str) -> Test:
        name, _, wanted = atom.removeprefix(META).partition(":")
        if name in {"earliestPublicationDate", "grantDate"}:
            first, last = wanted.strip("[]").split(" TO ")
            field = "granted" if name == "grantDate" else "published"
            return lambda one: first <= getattr(one, field) <= last
        if name == "inventionTitle":
            return lambda one: _in_words(wanted, one.title)
        assert name == "cpcClassificationBag", name
        matches = _is_whole if self.is_whole else _in_words
        return lambda one: any(matches(wanted, symbol) for symbol in one.cpc)


@lru_cache(maxsize=4096)
def _is_whole(wanted: str, symbol: str) -> bool:
    """Say whether a symbol that is kept whole meets a phrase or a pattern."""
    if wanted.startswith('"'):
        return symbol == wanted.strip('"')
    bare = re.sub(r"\\(.)", r"\1", wanted)
    return symbol.startswith(bare[:-1]) if bare.endswith("*") else symbol == bare


@lru_cache(maxsize=4096)
def _in_words(wanted: str, text: str) -> bool:
    """Say whether a text that is cut into words meets a phrase, a word, or what a word begins with."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if wanted.startswith('"'):
        row = re.findall(r"[a-z0-9]+", wanted.lower())
        return any(words[i : i + len(row)] == row for i in range(len(words)))
    bare = re.sub(r"\\(.)", r"\1", wanted).lower()
    return any(word.startswith(bare[:-1]) if bare.endswith("*") else word == bare for word in words)
