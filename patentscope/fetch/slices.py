"""A search cut into slices that a source can show whole, and the proof that all of it came.

Every source has a window beyond which it shows no more hits of one search. A search with more is cut, in ways that the
source names (by year, month, office, class), until every slice fits; for each slice the total that the source states is
held against what was received, and for each cut the whole's total against the sum of its pieces'.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from patentscope.errors import FetchError
from patentscope.fetch.cache import Answer
from patentscope.fetch.card import Card
from patentscope.provenance.ledger import Loss, Source
from patentscope.provenance.progress import Progress
from patentscope.provenance.search import COMPLETE, CUT, FETCH
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication
from patentscope.records.store import to_table

#: A way to cut: from where a search stands, and the search, to its pieces' names and searches; no two pieces overlap.
Way = Callable[[str, str], Iterator[tuple[str, str]]]


@dataclass(frozen=True)
class Slice:
    """A piece of a search that fits the window: what the source says it holds, and what came."""

    part: str
    where: str
    search: str
    stated: int
    received: int = 0
    offices: dict[str, int] = field(default_factory=dict)


class Hit(NamedTuple):
    """A hit as it was read: what tells it from others, its publications, and by reason why there are not more."""

    name: str | None
    publications: Sequence[Publication]
    losses: Sequence[str] = ()


@dataclass
class Fetched:
    """What a fetch brought: publications as they came, the slices, and the answers' hashes and dates.

    `wholes` is what the source stated of each search before it was cut; None where that is but a lower bound.
    """

    publications: list[Publication] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    splits: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    dates: set[dt.date] = field(default_factory=set)
    unreadable: Counter[str] = field(default_factory=Counter)
    wholes: dict[str, int | None] = field(default_factory=dict)

    def note(self, answer: Answer) -> Answer:
        """Write down which answer was used, its content and when it was given."""
        self.keys.append(answer.key)
        self.digests.add(hashlib.sha256(answer.key.encode() + answer.body).hexdigest())
        self.dates.add(answer.fetched_at.date())
        return answer

    def close_slice(
        self,
        piece: Slice,
        publications: Sequence[Publication],
        unreadable: Sequence[Loss] = (),
        received: int | None = None,
    ) -> Slice:
        """Take in all that came for *piece*: its records, and those that could not be read; both are *received*."""
        if received is None:
            received = len(publications) + sum(loss.count for loss in unreadable)
        offices = Counter(publication.office or "unknown" for publication in publications)
        self.slices.append(replace(piece, received=received, offices=dict(sorted(offices.items()))))
        self.publications += publications
        for loss in unreadable:
            self.unreadable[loss.reason] += loss.count
        return self.slices[-1]

    def going(self, piece: Slice, received: int, beside: str = "") -> Progress:
        """Return how far a search is with *received* of *piece*: of the whole, if it was cut, with the slice beside."""
        if piece.where != "all":
            beside = "; ".join(filter(None, [f"{piece.where}: {received:,} of {piece.stated:,}", beside]))
            received += sum(one.received for one in self.slices if one.part == piece.part and one.where != piece.where)
        return Progress(piece.part, received, self.wholes[piece.part], "hits", beside)

    def collect(self, piece: Slice, pages: Iterable[tuple[int, Iterable[Hit]]]) -> Slice:
        """Take in the *pages* of *piece*, each with the total that it states.

        A hit that comes twice has pushed another off its page, so it counts once; one without a name always counts. A
        total that grows between two pages is the slice's.
        """
        stated, hits = piece.stated, dict[object, Hit]()
        for total, page in pages:
            stated = max(stated, total)
            for hit in page:
                hits.setdefault(hit.name or len(hits), hit)
        publications = [publication for hit in hits.values() for publication in hit.publications]
        losses = [Loss(reason, "unknown", 1) for hit in hits.values() for reason in hit.losses]
        return self.close_slice(replace(piece, stated=stated), publications, losses, received=len(hits))

    def pull(
        self,
        part: str,
        search: str,
        ways: Sequence[Way],
        page: Callable[[str, int], tuple[int, Iterable[Hit]]],
        *,
        window: int,
        size: int,
        say: Callable[[Progress], None],
    ) -> None:
        """Ask for *search*, cut as by `cut`, and take in what comes; *say* is told how far it is.

        *page* gives the total of a search, and *size* of its hits from the one of a number (counted from 0) on.
        """
        # The question for the total is the slice's first page, so it costs no more.
        for piece in cut(part, search, ways, total=lambda one: page(one, 0)[0], window=window, fetched=self):
            done = self.collect(piece, (page(piece.search, first) for first in range(0, piece.stated, size)))
            say(self.going(done, done.received))

    @property
    def is_proven(self) -> bool:
        """Whether every slice brought what was stated, and every cut's pieces add up to the whole."""
        unequal = any(not split["at_least"] and split["stated"] != split["inside"] for split in self.splits)
        return not unequal and all(piece.received == piece.stated for piece in self.slices)


def cut(
    part: str,
    search: str,
    ways: Sequence[Way],
    *,
    total: Callable[[str], int],
    window: int,
    fetched: Fetched,
    at_least: int | None = None,
    where: str = "",
) -> Iterator[Slice]:
    """Yield the pieces of *search* that fit *window*, none overlapping another; *fetched* keeps each cut's sums.

    Args:
        part: the search's name.
        search: the search, as the source is asked it.
        ways: how to cut; each is applied to the pieces of the one before, and may give none.
        total: asks how many hits a search has.
        window: hits that the source shows of one search.
        fetched: where the cuts are written down.
        at_least: the total by which the source means this many or more.
        where: the piece's name so far.

    Raises:
        FetchError: where a piece has too many hits and there is no further way to cut it.
    """
    stated = total(search)
    fetched.wholes.setdefault(part, None if stated == at_least else stated)
    if stated <= window:
        yield Slice(part, where or "all", search, stated)
        return
    pieces = list(ways[0](where, search)) if ways else []
    if not pieces:
        raise FetchError(
            f"over {window} hits in the slice {where or 'all'} of {part}, which can't be cut further; narrow the "
            "query's terms or classes"
        )
    inside = 0
    for name, piece in pieces:
        deeper = cut(part, piece, ways[1:], total=total, window=window, fetched=fetched, at_least=at_least, where=name)
        for fitting in deeper:
            inside += fitting.stated
            yield fitting
    split = {"part": part, "where": where or "all", "stated": stated, "inside": inside}
    fetched.splits.append({**split, "at_least": stated == at_least})


def _as_proven(is_proven: bool | None) -> dict[str, Any]:
    """Return what a fetch's own proof says of it; nothing where there can be none."""
    if is_proven is None:
        return {}
    return {"status": COMPLETE if is_proven else CUT, "says": FETCH, "is_proven": is_proven}


def as_imported(
    fetched: Fetched, card: Card, note: str, *, has_family_members: bool = False, is_proven: bool | None = True
) -> Imported:
    """Return a fetch as the pipeline takes it in, its proof of completeness in the source.

    *is_proven* is False, or None for unknown, where the slices' sums prove nothing.
    """
    table = to_table(fetched.publications)
    stated, received = sum(one.stated for one in fetched.slices), sum(one.received for one in fetched.slices)
    source = Source(
        name=card.name,
        kind="network",
        title=card.title,
        retrieved=max(fetched.dates, default=None),
        licence=card.licence,
        sha256=hashlib.sha256("\n".join(sorted(fetched.digests)).encode()).hexdigest(),
        records=len(fetched.publications),
        note=f"{len(fetched.slices)} slices, {stated} hits stated, {received} received; {note}",
        lacks_offices=card.lacks_offices,
        **_as_proven(fetched.is_proven if is_proven else is_proven),
        stated_total=stated,
        rows=received,
        has_family_members=has_family_members,
        slices=tuple(
            {"part": p.part, "where": p.where, "stated": p.stated, "received": p.received, "offices": p.offices}
            for p in fetched.slices
        ),
        splits=tuple(fetched.splits),
    )
    set_aside = [Loss(reason, "unknown", count) for reason, count in sorted(fetched.unreadable.items())]
    return Imported(table, source, card.name, "utf-8", table.num_rows + sum(fetched.unreadable.values()), set_aside)
