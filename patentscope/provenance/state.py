"""What run.json holds: its head, its sources, and a line of the ledger for each stage, as JSON has them."""

from __future__ import annotations

from typing import Any, TypedDict


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


class SourceEntry(TypedDict):
    """A `ledger.Source`; `retrieved` is an ISO date."""

    name: str
    kind: str
    title: str
    retrieved: str | None
    licence: str
    sha256: str
    records: int
    note: str
    is_sample: bool
    lacks_offices: list[str]
    proven_complete: bool | None
    has_family_members: bool
    slices: list[dict[str, Any]]
    splits: list[dict[str, Any]]
    selection: dict[str, int] | None


class State(TypedDict, total=False):
    """run.json. A run that just began has no more than its head; `seal` is a hash over all the rest.

    `tool` has the program's name and version, `query` its name, title and text, `scheme` what `Query.edition` says.
    `labels` is the ledger line of a reader's labels that were applied, `labels_before` that of the sheet before them.
    """

    tool: dict[str, str]
    code: str
    versions: dict[str, str]
    query: dict[str, str]
    scheme: dict[str, Any]
    as_of: str
    sources: list[SourceEntry]
    labels: StageEntry
    labels_before: StageEntry
    stages: list[StageEntry]
    seal: str
