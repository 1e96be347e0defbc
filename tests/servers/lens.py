"""A small Lens on loopback that behaves like the real one: tokens, limits, the 10,000-hit wall, ways to say nothing.

It reads the boolean queries that the program writes, and refuses what the documentation does not name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from servers.post import Moods, Reply, Service

WALL = 10_000
TOKEN = "planted-lens-token"  # noqa: S105 - planted, to be searched for
#: Paths of the documentation's response that may be wanted.
PATHS = frozenset({
    "lens_id", "jurisdiction", "doc_number", "kind", "date_published", "lang", "abstract", "families.simple_family",
    "biblio.publication_reference", "biblio.application_reference", "biblio.priority_claims", "biblio.invention_title",
    "biblio.parties.applicants", "biblio.parties.inventors", "biblio.classifications_cpc",
    "biblio.classifications_ipcr",
})  # fmt: skip
SORTABLE = frozenset({"date_published", "docdb_id", "year_published", "lens_id"})
_FIELD = re.compile(r"(class_cpc|class_ipcr)\.symbol:\(([^)]*)\)")


@dataclass(frozen=True)
class Record:
    """One made publication, as far as searches and bibliographies look at it."""

    number: str
    published: str
    office: str = "CN"
    kind: str = "A"
    title: str = "Recovery of rare earth metals from magnet scrap"
    title_zh: str = ""
    cpc: tuple[str, ...] = ("C22B59/00", "C22B7/006")
    ipc: tuple[str, ...] = ()
    country: str | None = None
    family: tuple[str, ...] = ()
    is_stub: bool = False
    is_nameless: bool = False

    @property
    def lens_id(self) -> str:
        """The record's Lens ID, made from its number."""
        return f"{int(self.number) % 10**15:015d}"

    def as_json(self) -> dict[str, Any]:
        """Return the record as the API shows it."""
        titles = [{"text": self.title, "lang": "en"}] if self.title else []
        titles += [{"text": self.title_zh, "lang": "zh"}] if self.title_zh else []
        applicant = {"extracted_name": {"value": "ACME"}} | ({"residence": self.country} if self.country else {})
        number = {"jurisdiction": self.office, "doc_number": self.number, "kind": self.kind}
        if self.is_nameless:
            return {"lens_id": self.lens_id, "jurisdiction": self.office, "date_published": self.published}
        filed = number | {"doc_number": f"2019{self.number}", "date": "2019-01-02"}
        shown: dict[str, Any] = {} if self.is_stub else {"lens_id": self.lens_id}
        return shown | number | {
            "date_published": self.published,
            "doc_key": f"{self.office}_{self.number}_{self.kind}_{self.published.replace('-', '')}",
            "biblio": {
                "application_reference": filed,
                "priority_claims": {"claims": [filed], "earliest_claim": {"date": "2019-01-02"}},
                "invention_title": titles,
                "parties": {"applicants": [applicant]},
                "classifications_cpc": {"classifications": [{"symbol": symbol} for symbol in self.cpc]},
                "classifications_ipcr": {"classifications": [{"symbol": symbol} for symbol in self.ipc]},
            },
            "families": {"simple_family": {"members": [{"lens_id": m} for m in self.family or (self.lens_id,)]}},
        }  # fmt: skip


Test = Callable[[Record], bool]


def _either(clauses: list[dict[str, Any]], language: str) -> Test:
    tests = [_test(clause, language) for clause in clauses]
    return lambda record: any(test(record) for test in tests)


def _test(clause: dict[str, Any], language: str) -> Test:
    ((kind, asked),) = clause.items()
    if kind == "bool":
        assert list(asked) == ["should"]
        return _either(asked["should"], language)
    if kind == "query_string":
        return _classes(asked["query"])
    ((name, value),) = asked.items()
    if kind == "range":
        assert name == "date_published"
        return lambda record: value.get("gte", "") <= record.published <= value.get("lte", "9999")
    assert kind in {"match", "match_phrase"}, kind
    if name != "title":
        return lambda record: name == "jurisdiction" and record.office == value
    if language != "EN":
        return lambda record: value in record.title_zh
    return lambda record: _words(value) in _words(record.title)


def _words(text: str) -> str:
    """Return a text's words, roughly stemmed, each between blanks."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return f" {' '.join(re.sub(r'(ing|e|es|s)$', '', word) for word in words)} "


def _classes(text: str) -> Test:
    assert not _FIELD.sub("", text).replace("OR", "").strip(), text
    wanted = [(name, pattern) for name, listed in _FIELD.findall(text) for pattern in listed.split(" OR ")]
    return lambda record: any(
        _matches(pattern, record.cpc if name == "class_cpc" else record.ipc) for name, pattern in wanted
    )


@lru_cache(maxsize=4096)
def _matches(pattern: str, symbols: tuple[str, ...]) -> bool:
    assert re.fullmatch(r"[A-Z]\d\d[A-Z](\d+\\/\d*)?\*?", pattern), pattern
    bare = pattern.replace("\\", "")
    return any(one.startswith(bare[:-1]) if bare.endswith("*") else one == bare for one in symbols)


class Lens(Service):
    """The service: its records, its token, and how it says that nothing was found."""

    def __init__(self, records: list[Record], moods: Moods | None = None, nothing: Reply | None = None) -> None:
        """Hold *records*; *nothing* replies to a search without hits, else a page with a total of 0."""
        super().__init__(records, moods)
        self.nothing = nothing

    def answer(self, path: str, headers: dict[str, str], question: dict[str, Any]) -> Reply:
        """Reply to one question."""
        limits = {"x-rate-limit-remaining-request-per-minute": "9", "x-rate-limit-remaining-request-per-month": "900"}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, '{"reference": "r", "message": "Unauthorized", "code": 401}', {}
        if path != "/patent/search":
            return 404, json.dumps({"timestamp": "t", "status": 404, "error": "Not Found", "path": path}), {}
        unknown = sorted(set(question["include"]) - PATHS)
        unsorted = [name for entry in question["sort"] for name in entry if name not in SORTABLE]
        if unknown or unsorted or question["size"] > 100 or question["from"] + question["size"] > WALL:
            return 400, json.dumps({"reference": "r", "message": f"refused {unknown} {unsorted}", "code": 400}), {}
        hits = self._found(question)
        if not hits and self.nothing:
            return self.nothing
        page = hits[question["from"] : question["from"] + question["size"]]
        self.page_shown()
        shown = [record.as_json() for record in page]
        return 200, json.dumps({"total": len(hits) + self.moods.lie, "data": shown, "results": len(shown)}), limits

    def _found(self, question: dict[str, Any]) -> list[Record]:
        return self._meeting(question["query"]["bool"]["must"], question["language"])

    def _meeting(self, must: list[dict[str, Any]], language: str) -> list[Record]:
        """Return the records that meet every clause: a search that is narrowed looks at what met it before."""
        if not must:
            return sorted(self.records, key=lambda record: (record.published, record.number))
        name = json.dumps([language, must])
        if name not in self._hits:
            self._hits[name] = list(filter(_test(must[-1], language), self._meeting(must[:-1], language)))
        return self._hits[name]
