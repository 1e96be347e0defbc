"""What a search does not show of its documents, asked for in batches: `/document/batch`, as two public programs do.

How ids are given and how many at once is not documented. Both are asked of SureChEMBL itself, by the documents wanted,
so that a batch that works is the first of those to come. What an answer lacks is asked for again for as long as more
comes; what it holds beside that is left out, and counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx

from patentscope.errors import FetchError, QuotaExceeded
from patentscope.fetch.http import Asker
from patentscope.fetch.paced import PacedManners
from patentscope.fetch.slices import Fetched
from patentscope.fetch.surechembl.contents import number_of, publication_of
from patentscope.fetch.surechembl.document import Refused, batch_of
from patentscope.provenance.progress import Progress
from patentscope.records.publication import Publication

#: How many documents are asked for at once: the first that is not refused. Answers hold the whole text.
SIZES = (50, 10, 1)
#: The documents at which it is seen whether a way of asking is understood: a few, and alone, as one may be refused.
_FEW = (slice(0, 10), slice(0, 1), slice(1, 2), slice(2, 3))
#: How ids may be given: what stands in the address, and the body. Programs use the first; the others are guesses.
_WAYS: tuple[Callable[[list[str]], tuple[dict[str, str], Any]], ...] = (
    lambda ids: ({"doc_ids": ",".join(ids)}, None),
    lambda ids: ({}, ids),
    lambda ids: ({}, {"doc_ids": ids}),
)
_REFUSING = frozenset({400, 404, 405, 413, 414, 415, 422})
_PART = "whole documents"


def manners(per_minute: float) -> PacedManners:
    """Return how batches are asked for: a refusal is an answer, and kept, as it is where a document is not there."""
    final = _REFUSING | {httpx.codes.OK, httpx.codes.INTERNAL_SERVER_ERROR}
    return PacedManners(per_minute, final, lambda: {"Content-Type": "application/json"}, _is_answer)


def _is_answer(response: httpx.Response) -> bool:
    if response.status_code in _REFUSING:
        return True
    try:
        return bool(batch_of(response.content)) or response.status_code == httpx.codes.OK
    except Refused:
        return True
    except FetchError:
        return False


@dataclass
class Batches:
    """The whole documents of a search's hits, and the account of what came.

    Attributes:
        asker: asks, with the `manners` of batches.
        address: of the batches.
        source: the source's name.
        fetched: takes down which answers were used.
        progress: told how far it is.
        ids: what is asked for: each document's id by its publication number.
        found: the whole documents.
        others: names of entries that were not asked for.
        repeated: entries of documents that had come before.
        redated: documents that the search dates otherwise than they do.
        way: how ids are given, as a place in `_WAYS`; None where none is understood.
    """

    asker: Asker
    address: str
    source: str
    fetched: Fetched
    progress: Callable[[Progress], None]
    ids: dict[str, str]
    found: dict[str, Publication] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    repeated: int = 0
    redated: set[str] = field(default_factory=set)
    way: int | None = None

    def run(self) -> None:
        """Ask for every document.

        Raises:
            FetchError, NotCached: what came until then is kept.
        """
        left = list(self.ids)
        if not left or not self._find_way():
            return
        size = next(filter(self._is_given, SIZES), SIZES[-1])
        before = len(left) + 1
        while 0 < len(left) < before:
            before = len(left)
            for at in range(0, len(left), size):
                self._take(left[at : at + size])
                self.progress(Progress(_PART, len(self.found), len(self.ids), "documents"))
            left = [number for number in left if number not in self.found]

    def completed(self, hit: Publication) -> Publication:
        """Return a *hit* as its whole document has it, and from the search what that one leaves open."""
        document = self.found.get(hit.publication_number)
        if document is None:
            return hit
        if hit.publication_date and document.publication_date not in {None, hit.publication_date}:
            self.redated.add(hit.publication_number)
        if not document.title:
            titled = {name: getattr(hit, name) for name in ("title", "title_language", "title_original")}
            document = replace(document, **titled)
        return replace(
            document,
            publication_date=document.publication_date or hit.publication_date,
            cpc=document.cpc or hit.cpc,
            ipc=document.ipc or hit.ipc,
            applicants=document.applicants or hit.applicants,
        )

    def row(self) -> dict[str, Any]:
        """Return what was asked for and what came, as a row beside the slices."""
        offices = Counter(one.office or "unknown" for one in self.found.values())
        stated = {"part": _PART, "where": "all", "unit": "document", "stated": len(self.ids)}
        return {**stated, "received": len(self.found), "offices": dict(sorted(offices.items()))}

    def note(self) -> str:
        """Return what is to be known of what came."""
        lacking = len(self.ids) - len(self.found)
        counted = (
            (lacking, "not given, left with number, date, title and assignees: a reading by classes misses those"),
            (len(self.others), "not asked for, left out"),
            (self.repeated, "given again, left out"),
            (len(self.redated), "dated otherwise by the search, taken with the document's own date"),
        )
        said = [f"{n:,} {what}" for n, what in counted if n]
        whole = (
            f"{len(self.found):,} of {len(self.ids):,} documents came whole from document/batch, in a shape that other "
            "programs describe: classes, applicants and inventors with countries, priorities, application, family, "
            "abstract"
        )
        return "; ".join([whole, *said])

    def _find_way(self) -> bool:
        """Find the first way in which ids are understood; where none is, raise what kept one from an answer."""
        numbers, fault = list(self.ids), None
        for self.way in range(len(_WAYS)):
            try:
                if any(self._is_understood(numbers[few]) for few in _FEW):
                    return True
            except QuotaExceeded:
                raise
            except FetchError as error:
                fault = fault or error
        self.way = None
        if fault:
            raise fault
        return False

    def _is_understood(self, numbers: Sequence[str]) -> bool:
        entries = self._ask(numbers) if numbers else None
        return not set(map(number_of, entries or ())).isdisjoint(numbers)

    def _is_given(self, size: int) -> bool:
        """Say whether so many are given at once: the first ones, or the last, as one document may be refused."""
        numbers = list(self.ids)
        return any(self._ask(some) is not None for some in (numbers[:size], numbers[-size:]))

    def _take(self, numbers: Sequence[str]) -> None:
        """Take in a batch; one that is refused is halved, until what can't be given is left."""
        entries = self._ask(numbers)
        if entries is None and len(numbers) > 1:
            half = len(numbers) // 2
            self._take(numbers[:half])
            self._take(numbers[half:])
        for place, entry in enumerate(entries or ()):
            number = number_of(entry)
            if number is None or number not in numbers:
                self.others.add(number or f"without a number: {self.fetched.keys[-1]} {place}")
            elif number in self.found:
                self.repeated += 1
            elif document := publication_of(entry, self.source, self.fetched.keys[-1][:16]):
                self.found[number] = document

    def _ask(self, numbers: Sequence[str]) -> list[Any] | None:
        """Return the entries of a batch; None where it is refused."""
        stated, inside = _WAYS[self.way or 0]([self.ids[number] for number in numbers])
        url = f"{self.address}?{urlencode(stated)}" if stated else self.address
        body = json.dumps(inside).encode() if inside else b""
        answer = self.asker.ask(url, service="batch", accept="application/json", method="POST", body=body)
        self.fetched.note(answer)
        try:
            return batch_of(answer.body) if answer.status == httpx.codes.OK else None
        except Refused:
            return None
