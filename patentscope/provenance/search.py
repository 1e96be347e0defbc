"""Whether a search is whole: what a source or a file says of its own search, who says that it is all, and in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import KW_ONLY, asdict, dataclass

from patentscope.provenance.state import DocumentsEntry, SourceEntry, State

#: All that was found is there; nobody says; some of it is missing; it is no search at all.
COMPLETE, UNKNOWN, CUT, SAMPLE = "complete", "unknown", "cut", "sample"
#: Who says so.
FETCH, FILE, USER = "fetch", "file", "user"
#: How surely a search is whole, the surest first, and the points that it costs the certainty (METHODS, section 6).
_IS_PROVEN, _BY_A_WORD, _NOT_KNOWN, _IS_CUT = range(4)
_POINTS = (0, 1, 1, 2)
#: So many of the documents, as one in, and a grade holds for them all.
_SOME = 20
#: Of more sources than this only the number is said.
_MOST_NAMED = 3
#: The note of the ledger that counts documents by the sources, by their places in run.json, that have them.
DOCUMENTS = "documents by source"
#: Numbers of rows at which sites end an exported list.
LISTS_END_AT = frozenset({500, 1_000, 10_000, 50_000})


@dataclass(frozen=True)
class Search:
    """What a source or a file called *name* says of its own search, and whether all that it found is there.

    Attributes:
        search: what it says of itself, verbatim; None where it says nothing.
        stated_total: how many hits there were, as stated.
        rows: those that it holds, before any are joined.
        status: `complete`, `unknown`, `cut` or `sample`.
        says: who says so: `fetch`, `file` or `user`; None where nobody does.
        is_proven: it is complete by more than a bare word: by a fetch's own proof, or by a total that equals the rows.
        remarks: what a reader should know: a search for something else, totals that contradict one another.
    """

    name: str
    _: KW_ONLY
    search: str | None = None
    stated_total: int | None = None
    rows: int = 0
    status: str = UNKNOWN
    says: str | None = None
    is_proven: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def facts(self) -> Search:
        """The same without what a source or a file of it says beside."""
        return Search(**{name: getattr(self, name) for name in Search.__dataclass_fields__ if name != "_"})


@dataclass(frozen=True)
class Wholeness:
    """Whether the search behind a run's documents is whole.

    Attributes:
        points: what its doubts cost the certainty: 0 to 2.
        is_whole: it is complete, be it proven or by the user's word, but for less than a twentieth of the documents.
        found: the same in words.
    """

    points: int
    is_whole: bool
    found: str


def wholeness(sources: Sequence[SourceEntry], documents: Sequence[DocumentsEntry]) -> Wholeness:
    """Say whether a run's search is whole: its grade is the worst that a twentieth of *documents* can't avoid.

    A document of several sources has its best one's grade. Without documents each source counts as one.
    """
    grades = [_grade(source) for source in sources]
    found: Counter[int] = Counter()
    for entry in documents:
        found[min(grades[place] for place in entry["sources"])] += entry["documents"]
    found = found or Counter(grades)
    worst = max(its for its in found if _SOME * sum(n for other, n in found.items() if other >= its) >= found.total())
    behind = [source for source, its in zip(sources, grades, strict=True) if its == worst]
    return Wholeness(_POINTS[worst], worst <= _BY_A_WORD, _found(worst, behind, sources))


def _grade(source: SourceEntry) -> int:
    """Return how surely a source's search is whole; a sample is not known to be."""
    if source["status"] == COMPLETE:
        return _IS_PROVEN if source["is_proven"] else _BY_A_WORD
    return _IS_CUT if source["status"] == CUT else _NOT_KNOWN


def _found(worst: int, behind: Sequence[SourceEntry], sources: Sequence[SourceEntry]) -> str:
    """Return in words what the grade *worst* means, with the sources *behind* it."""
    if worst == _IS_PROVEN:
        return "complete, proven"
    if worst == _IS_CUT:
        source = max(behind, key=lambda one: one["rows"])
        more = f" ({len(behind)} sources are cut)" if len(behind) > 1 else ""
        return in_words(source) + more
    said = "complete" + _BY_WORD[USER] if worst == _BY_A_WORD else _STATUS[UNKNOWN]
    if len(behind) == len(sources):
        return said
    names = ", ".join(source["name"] for source in behind)
    return f"{said}: {names if len(behind) <= _MOST_NAMED else f'{len(behind)} of {len(sources)} sources'}"


def ends_early(rows: int, stated_total: int | None) -> dict[str, str]:
    """Return `status` and `says` of an exported list: cut by its own total, or where sites end lists, else nothing."""
    is_cut = rows in LISTS_END_AT if stated_total is None else rows < stated_total
    return {"status": CUT, "says": FILE} if is_cut else {}


def joined(name: str, parts: Sequence[Search]) -> Search:
    """Return what *parts* say together: the worst status, all rows, each one's own words."""
    worst = min(parts, key=lambda one: (one.status != CUT, one.status == COMPLETE, one.is_proven, one.says != USER))
    totals = [one.stated_total for one in parts if one.stated_total is not None]
    return Search(
        name,
        search="\n".join(dict.fromkeys(one.search for one in parts if one.search)) or None,
        stated_total=sum(totals) if len(totals) == len(parts) else None,
        rows=sum(one.rows for one in parts),
        status=worst.status,
        says=worst.says,
        is_proven=worst.is_proven,
        remarks=tuple(f"{one.name}: {remark}" for one in parts for remark in one.remarks),
    )


def as_text(parts: Sequence[Search]) -> str:
    """Return *parts* as a file that is made of them carries them."""
    return json.dumps([asdict(one.facts) for one in parts], ensure_ascii=False)


def of_text(text: str | bytes) -> tuple[Search, ...]:
    """Read what `as_text` wrote; nothing where somebody else wrote it."""
    try:
        parts = tuple(Search(**{**entry, "remarks": tuple(entry["remarks"])}) for entry in json.loads(text))
        return parts if all(map(_is_search, parts)) else ()
    except (ValueError, TypeError, LookupError, RecursionError):
        return ()


def _is_search(one: Search) -> bool:
    """Say whether each value has its type; what a file was made of is never complete by that file's own word."""
    return (
        isinstance(one.name, str)
        and isinstance(one.search, str | None)
        and type(one.rows) is int
        and type(one.stated_total) in {int, type(None)}
        and (one.status, one.says, one.is_proven) in {(UNKNOWN, None, False), (CUT, FILE, False)}
        and all(isinstance(remark, str) for remark in one.remarks)
    )


def in_words(source: SourceEntry) -> str:
    """Return a source's rows and whether they are all, as one line: `espacenet.csv: 274 of 277 stated rows, cut`."""
    rows, total = source["rows"], source["stated_total"]
    held = f"{rows:,} rows" if total is None else f"{rows:,} of {total:,} stated rows"
    line = f"{source['name']}: {held}, {_STATUS[source['status']]}"
    if source["status"] == CUT:
        return line + _CUT.get((str(source["says"]), total is None), "")
    if source["status"] != COMPLETE:
        return line
    return line + (_PROVEN if source["is_proven"] else _BY_WORD)[str(source["says"])]


def told(state: State) -> list[str]:
    """Return a line on each source of a run and whether its search is whole, with what a reader should know of it."""
    return ["; ".join([in_words(source), *source["remarks"]]) for source in state["sources"]]


def told_together(state: State) -> list[str]:
    """Return the same, with one line on all sources alike of which there is nothing more to know."""
    alike: dict[tuple[str | None, ...], list[SourceEntry]] = {}
    for source in state["sources"]:
        is_apart = source["status"] == CUT or source["remarks"]
        key = (source["name"],) if is_apart else (source["status"], source["says"], str(source["is_proven"]))
        alike.setdefault(key, []).append(source)
    return ["; ".join([in_words(_merged(group)), *group[0]["remarks"]]) for group in alike.values()]


def _merged(sources: Sequence[SourceEntry]) -> SourceEntry:
    """Return sources alike as one."""
    totals = [one["stated_total"] for one in sources if one["stated_total"] is not None]
    return {
        **sources[0],
        "name": sources[0]["name"] if len(sources) == 1 else f"{len(sources)} sources",
        "rows": sum(one["rows"] for one in sources),
        "stated_total": sum(totals) if len(totals) == len(sources) else None,
    }


_STATUS = {
    COMPLETE: "complete",
    UNKNOWN: "not known whether the search is whole",
    CUT: "cut",
    SAMPLE: "a sample, not a search",
}
_CUT = {
    (FETCH, False): " (not proven by the fetch)",
    (FETCH, True): " (not proven by the fetch)",
    (FILE, True): ": sites end their lists at this number",
    (USER, True): ": fewer rows in all files than the user states",
}
_PROVEN = {
    FETCH: ", proven by the fetch",
    FILE: ", by the file's own total",
    USER: ", by the user's word and the stated total",
}
_BY_WORD = {USER: ", by the user's word alone"}
