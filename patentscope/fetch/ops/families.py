"""The members of the families that a search at OPS found, with their bibliographic data.

A search shows one publication per application, and of a family only what matches. OPS answers for a publication with
its extended (INPADOC) family, each member with its own simple (DOCDB) family: one answer may serve several simple
families, and an extended family is whole if its answer is. An answer proves a simple family only if it names every
publication of it that the search found, holds as many members as it states, and was not cut off: of families with
several hundred members OPS gives a part, marked `truncatedFamily` (OPS Reference Guide 1.3.20, section 3.2.4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from patentscope.files.xml.exchange import is_whole_family, publications_of
from patentscope.provenance.progress import Progress
from patentscope.records.publication import normal_publication_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentscope.fetch.asking import Asking
    from patentscope.fetch.http import Asker
    from patentscope.fetch.ops.limits import OpsLimits
    from patentscope.fetch.slices import Fetched
    from patentscope.records.publication import Publication

SERVICE = "inpadoc"
PART = "family members"
UNIT = "simple family"
_ACCEPT = "application/xml"
_NOTHING = "nothing found at OPS"
_CUT = "cut off by OPS"
_LACKS = "answered without all that the search found"
_EXAMPLES = 3
_NOT_FOUND = 404


class Members:
    """The step from the publications that a search found to all members of their families."""

    def __init__(self, asker: Asker, address: str, limits: OpsLimits, found: Fetched, source: str) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            asker: who asks OPS.
            address: of its family service, for publications by their DOCDB numbers.
            limits: what OPS has said of its limits.
            found: what the search found; the members are added to it.
            source: the source's name, kept in every record.
        """
        self._asker = asker
        self._address = address
        self._limits = limits
        self._found = found
        self._source = source
        self._known = _families(found.publications)
        self._whole: set[str] = set()
        self._faults: dict[str, str] = {}
        self._answers = 0
        self._offices: Counter[str] = Counter()
        self._bare = 0

    @property
    def is_proven(self) -> bool:
        """Whether every family was answered, with all that the search knew of it."""
        return len(self._whole) == len(self._known)

    def run(self, asking: Asking) -> None:
        """Ask for one family after the other, in the order of their ids; one that an answer brought is not asked for.

        The order, and which publication stands for a family, depend on nothing but what the search found: with the
        same answers kept, the same questions are asked.

        Raises:
            FetchError and its kinds: what was fetched until then is kept.
        """
        is_announced = asking.offline
        for place, family in enumerate(self._known, start=1):
            if family in self._whole:
                continue
            url = self._url(family)
            if not is_announced and not self._asker.is_kept(url, accept=_ACCEPT):
                asking.progress(self._announcement(place))
                is_announced = True
            self._take(family, url)
            limits = self._limits.shown(SERVICE, len(self._known) - place)
            asking.progress(Progress("family members", place, len(self._known), "families", limits))

    def row(self) -> dict[str, Any]:
        """Return the proof as a row beside the slices: simple families found, those proven, members by office."""
        return {
            "part": PART,
            "where": "all",
            "unit": UNIT,
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
        lacking: dict[str, list[str]] = defaultdict(list)
        for family, fault in self._faults.items():
            if family not in self._whole:
                lacking[fault].append(family)
        reasons = [
            f"{fault}: {len(families):,} (first: {', '.join(families[:_EXAMPLES])})"
            for fault, families in sorted(lacking.items())
        ]
        return "; ".join([text, *reasons])

    def _announcement(self, place: int) -> Progress:
        """Return how much there is to ask, at most: what is kept is not asked for, nor what other answers bring."""
        left = [family for family in list(self._known)[place - 1 :] if family not in self._whole]
        asked = sum(1 for family in left if not self._asker.is_kept(self._url(family), accept=_ACCEPT))
        before = len(self._known) - asked
        kept = f", {before:,} of them answered before" if before else ""
        duration = self._limits.duration(SERVICE, asked)
        return Progress(f"{len(self._known):,} families{kept}: at most {asked:,} requests, {duration}", is_notice=True)

    def _url(self, family: str) -> str:
        """Return the question for a family: one of its publications stands for it, the first by number."""
        _, number = min(self._known[family].items())
        return f"{self._address}/{quote(number, safe='.')}/biblio"

    def _take(self, family: str, url: str) -> None:
        """Take in the members in the answer, and which families it proves."""
        answer = self._found.note(self._asker.ask(url, service=SERVICE, accept=_ACCEPT))
        self._answers += 1
        if answer.status == _NOT_FOUND:
            self._faults[family] = _NOTHING
            return
        members, losses = publications_of(answer.body, source=self._source, origin=answer.key[:16])
        self._found.publications += members
        for loss in losses:
            self._found.unreadable[loss.reason] += loss.count
        self._offices.update(member.office or "unknown" for member in members)
        self._bare += sum(map(_is_bare, members))
        if not is_whole_family(answer.body):
            self._faults[family] = _CUT
            return
        brought = _numbers(members)
        self._whole.update(
            key for key, numbers in brought.items() if key in self._known and self._known[key].keys() <= numbers
        )
        if family not in self._whole:
            self._faults[family] = _LACKS


def _families(publications: Iterable[Publication]) -> dict[str, dict[str, str]]:
    """Return by simple family its publications: the number in one form, and as OPS is asked for it; by family id.

    A publication without a family id is a family of its own, by its number.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for publication in publications:
        number = normal_publication_number(publication.publication_number)
        found[publication.family_id or number][number] = _as_asked(publication)
    return dict(sorted(found.items()))


def _numbers(members: Iterable[Publication]) -> dict[str, set[str]]:
    """Return the numbers of *members* by family id, and each by itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for member in members:
        number = normal_publication_number(member.publication_number)
        found[number].add(number)
        if member.family_id:
            found[member.family_id].add(number)
    return found


def _as_asked(publication: Publication) -> str:
    """Return a number in the form `CC.number.kind`, or as it is where its parts are not known."""
    office, kind, number = publication.office or "", publication.kind or "", publication.publication_number
    if not (office and number.startswith(office) and number.endswith(kind)):
        return number
    return ".".join(filter(None, [office, number[len(office) : len(number) - len(kind)], kind]))


def _is_bare(member: Publication) -> bool:
    return not (member.title or member.cpc or member.ipc or member.applicants or member.inventors)
