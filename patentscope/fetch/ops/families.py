"""The members of the families that a search at OPS found, with their bibliographic data.

A search shows one publication per application, and of a family only what matches. OPS answers for a publication with
its extended (INPADOC) family, each member with its own simple (DOCDB) family: one answer may serve several simple
families, and an extended family is whole if its answer is. An answer proves a simple family only if it names every
publication of it that the search found, holds as many members as it states, and was not cut off: of families with
several hundred members OPS gives a part, marked `truncatedFamily` (OPS Reference Guide 1.3.20, section 3.2.4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from patentscope.fetch.asking import Asking
from patentscope.fetch.http import Asker
from patentscope.fetch.ops.card import CARD
from patentscope.fetch.ops.limits import OpsLimits
from patentscope.fetch.slices import Fetched
from patentscope.files.xml.exchange import is_whole_family, publications_of
from patentscope.provenance.progress import Progress
from patentscope.records.publication import Publication, normal_publication_number

SERVICE = "inpadoc"
PART = "family members"
_ACCEPT = "application/xml"
_EXAMPLES = 3


@dataclass
class Members:
    """The step from the publications that a search found to all members of their families.

    Attributes:
        asker: who asks OPS.
        limits: what OPS has said of its limits.
        fetched: what the search found; the members are added to it.
    """

    asker: Asker
    limits: OpsLimits
    fetched: Fetched
    _known: dict[str, dict[str, str]] = field(init=False)
    _whole: set[str] = field(default_factory=set)
    _faults: dict[str, str] = field(default_factory=dict)
    _answers: int = 0
    _offices: Counter[str] = field(default_factory=Counter)
    _bare: int = 0

    def __post_init__(self) -> None:
        """Tell the families to ask for; nothing is sent yet."""
        self._known = _families(self.fetched.publications)

    @property
    def is_proven(self) -> bool:
        """Whether every family was answered, with all that the search knew of it."""
        return len(self._whole) == len(self._known)

    def run(self, asking: Asking) -> None:
        """Ask for one family after the other, in the order of their ids; one that an answer brought is not asked for.

        The order, and which publication stands for a family, depend on nothing but what the search found: with the
        same answers kept, the same questions are asked.
        """
        is_announced = asking.offline
        for place, family in enumerate(self._known, start=1):
            if family in self._whole:
                continue
            if not is_announced and not self.asker.is_kept(self._url(family), accept=_ACCEPT):
                asking.progress(self._announcement(place))
                is_announced = True
            self._take(family)
            limits = self.limits.shown(SERVICE, len(self._known) - place)
            asking.progress(Progress(PART, place, len(self._known), "families", limits))

    def row(self) -> dict[str, Any]:
        """Return the proof as a row beside the slices: simple families found, those proven, members by office."""
        return {
            "part": PART,
            "where": "all",
            "unit": "simple family",
            "stated": len(self._known),
            "received": len(self._whole),
            "offices": dict(sorted(self._offices.items())),
            "answers": self._answers,
            "members": self._offices.total(),
            "bare": self._bare,
        }

    def note(self) -> str:
        """Return the account in words; what is not proven by reason, with the first families."""
        text = (
            f"{self._offices.total():,} family members in {self._answers:,} answers, {self._bare:,} of them without "
            f"title, classes and parties; {len(self._whole):,} of {len(self._known):,} simple families have all members"
        )
        lacking = {family: fault for family, fault in self._faults.items() if family not in self._whole}
        for fault in sorted(set(lacking.values())):
            families = [family for family in lacking if lacking[family] == fault]
            text += f"; {fault}: {len(families):,} (first: {', '.join(families[:_EXAMPLES])})"
        return text

    def _announcement(self, place: int) -> Progress:
        """Return how much there is to ask, at most: what is kept is not asked for, nor what other answers bring."""
        left = [family for family in list(self._known)[place - 1 :] if family not in self._whole]
        asked = sum(not self.asker.is_kept(self._url(family), accept=_ACCEPT) for family in left)
        before = len(self._known) - asked
        kept = f", {before:,} of them answered before" if before else ""
        duration = self.limits.duration(SERVICE, asked)
        return Progress(f"{len(self._known):,} families{kept}: at most {asked:,} requests, {duration}", is_notice=True)

    def _url(self, family: str) -> str:
        """Return the question for a family: one of its publications stands for it, the first by number."""
        _, number = min(self._known[family].items())
        return f"{CARD.address()}/rest-services/family/publication/docdb/{quote(number, safe='.')}/biblio"

    def _take(self, family: str) -> None:
        """Ask for a family, and take in the members in the answer, and which families it proves."""
        answer = self.fetched.note(self.asker.ask(self._url(family), service=SERVICE, accept=_ACCEPT))
        self._answers += 1
        if answer.status == httpx.codes.NOT_FOUND:
            self._faults[family] = "nothing found at OPS"
            return
        members, losses = publications_of(answer.body, source=CARD.name, origin=answer.key[:16])
        self.fetched.publications += members
        for loss in losses:
            self.fetched.unreadable[loss.reason] += loss.count
        self._offices.update(member.office or "unknown" for member in members)
        self._bare += sum(not (one.title or one.cpc or one.ipc or one.applicants or one.inventors) for one in members)
        if not is_whole_family(answer.body):
            self._faults[family] = "cut off by OPS"
            return
        brought = defaultdict[str, set[str]](set)
        for member in members:
            number = normal_publication_number(member.publication_number)
            brought[number].add(number)
            brought[member.family_id or number].add(number)
        self._whole.update(key for key in brought.keys() & self._known if self._known[key].keys() <= brought[key])
        if family not in self._whole:
            self._faults[family] = "answered without all that the search found"


def _families(publications: Iterable[Publication]) -> dict[str, dict[str, str]]:
    """Return by simple family its publications: the number in one form, and as OPS is asked for it; by family id.

    A publication without a family id is a family of its own, by its number.
    """
    families: dict[str, dict[str, str]] = defaultdict(dict)
    for publication in publications:
        number = normal_publication_number(publication.publication_number)
        families[publication.family_id or number][number] = _as_asked(publication)
    return dict(sorted(families.items()))


def _as_asked(publication: Publication) -> str:
    """Return a number in the form `CC.number.kind`, or as it is where its parts are not known."""
    office, kind, number = publication.office or "", publication.kind or "", publication.publication_number
    if not (office and number.startswith(office) and number.endswith(kind)):
        return number
    return ".".join(filter(None, [office, number[len(office) : len(number) - len(kind)], kind]))
