"""What run.json holds: its head, its sources, and a line of the ledger for each stage, as JSON has them."""

from __future__ import annotations

from typing import Any, TypedDict

#: What the data's own date is: when a source was asked; when the user says that the files were retrieved; the latest
#: publication, where neither is known; or what the user asked to count up to.
RETRIEVED, STATED, NEWEST_RECORD, ASKED_FOR = "retrieved", "--retrieved", "newest record", "--as-of"


class LossEntry(TypedDict):
    """A `ledger.Loss`."""

    reason: str
    country: str
    count: int
    first: list[str]


class StageEntry(TypedDict):
    """A `ledger.StageRecord`."""

    stage: str
    unit: str
    hash_in: str
    rows_in: int
    rows_out: int
    hash_out: str
    files: dict[str, str]
    dropped: list[LossEntry]
    gaps: list[LossEntry]
    notes: dict[str, Any]


class SearchEntry(TypedDict):
    """A `search.Search`."""

    name: str
    search: str | None
    stated_total: int | None
    rows: int
    status: str
    says: str | None
    is_proven: bool
    remarks: list[str]


class SourceEntry(SearchEntry):
    """A `ledger.Source`; `retrieved` is an ISO date."""

    kind: str
    title: str
    retrieved: str | None
    licence: str
    sha256: str
    records: int
    note: str
    is_sample: bool
    lacks_offices: list[str]
    has_family_members: bool
    made_of: list[SearchEntry]
    slices: list[dict[str, Any]]
    splits: list[dict[str, Any]]
    selection: dict[str, int] | None


class DocumentsEntry(TypedDict):
    """How many documents are in the records of just these *sources*, by their places in the list of them."""

    sources: list[int]
    documents: int


class KnownEntry(TypedDict):
    """A list of known documents: its file's name and hash, and what stands in which of its lines, comments left out."""

    file: str
    sha256: str
    lines: dict[str, str]


class AliasesEntry(TypedDict):
    """A user's file of owners' names: its name and hash, and by name what it is joined to in the end."""

    file: str
    sha256: str
    joined: dict[str, str]


#: Raised where the files of a run have other columns or keys than before: a run of another shape is to be run again.
SHAPE = 4


class State(TypedDict, total=False):
    """run.json. A run that just began has no more than its head; `seal` is a hash over all the rest.

    `shape` is that of the run's files. `tool` has the program's name and version, `query` its name, title and text,
    `scheme` what `Query.edition` says.
    `as_of_is` says what the date is: `RETRIEVED`, `STATED`, `NEWEST_RECORD` or `ASKED_FOR`.
    `labels` is the ledger line of a reader's labels that were applied, `labels_before` that of the sheet before them.
    `aliases` is the file of owners' names that the query names.
    `known` is the list that `run --known` was given; `stated` the hash of what sources state when asked for counts,
    `stated_lacks` the offices that each of them doesn't cover. `published` is the hash of what others counted.
    """

    shape: int
    tool: dict[str, str]
    code: str
    versions: dict[str, str]
    query: dict[str, str]
    scheme: dict[str, Any]
    as_of: str
    as_of_is: str
    sources: list[SourceEntry]
    aliases: AliasesEntry
    known: KnownEntry
    stated: str
    stated_lacks: dict[str, list[str]]
    published: str
    labels: StageEntry
    labels_before: StageEntry
    stages: list[StageEntry]
    seal: str


def dated(state: State) -> str:
    """Return the data's own date in words, which say what date it is."""
    words = {
        RETRIEVED: "retrieved {}",
        STATED: "retrieved {}, as the user says",
        NEWEST_RECORD: "newest record {}; retrieved: not stated",
        ASKED_FOR: "as published by {}",
    }
    return words[state["as_of_is"]].format(state["as_of"])
