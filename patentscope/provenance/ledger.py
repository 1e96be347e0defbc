"""Where each number came from: origins, hashes, and the ledger in which no record goes missing.

Every stage of a run writes one `StageRecord`: rows in = rows out + dropped by reason and country. What is kept in
spite of a gap (no date, no title, no country) is written down beside it as a gap.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

from patentscope.provenance.search import Search, joined
from patentscope.provenance.state import SourceEntry, StageEntry

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Selection:
    """What was read of a collection: of its *rows* those of *families* that are candidates of the query, *kept* rows.

    `without_family` is how many rows of the whole collection state no family.
    """

    rows: int
    kept: int
    families: int
    without_family: int


@dataclass(frozen=True)
class Source(Search):
    """Who answered: a source's or a file's name, when it was asked, under which licence, and what it lacks.

    `made_of` are the searches of the files that a parquet file of ours was made of, one each. `slices` is the proof of
    a fetch's completeness: for each piece of a search what was stated and what was received; `splits` what was stated
    for a search that was cut, and what its pieces state together. `selection` is what was read of a collection of which
    only the query's candidates were asked for; `records` are then all that it holds.
    """

    kind: str
    title: str
    retrieved: dt.date | None
    licence: str
    sha256: str
    records: int
    note: str = ""
    is_sample: bool = False
    lacks_offices: tuple[str, ...] = ()
    has_family_members: bool = True
    made_of: tuple[Search, ...] = ()
    slices: tuple[dict[str, Any], ...] = ()
    splits: tuple[dict[str, Any], ...] = ()
    selection: Selection | None = None

    def made(self, parts: Sequence[Search]) -> Source:
        """Return the source with what *parts*, the searches of the files that it was made of, say together."""
        return replace(self, **vars(joined(self.name, parts)), made_of=tuple(parts))


@dataclass(frozen=True)
class Loss:
    """Records left out of a stage's output (`dropped`) or kept with a gap, for one reason and one country."""

    reason: str
    country: str
    count: int
    first: tuple[str, ...] = ()


@dataclass
class StageRecord:
    """One stage's line in the ledger. `unit` says what a row is: a publication, a family; `files` their hashes."""

    stage: str
    unit: str
    hash_in: str
    rows_in: int = 0
    rows_out: int = 0
    hash_out: str = ""
    files: dict[str, str] = field(default_factory=dict)
    dropped: list[Loss] = field(default_factory=list)
    gaps: list[Loss] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raise where rows are missing: a silent loss is a fault of the program, never of the data."""
        lost = self.rows_in - self.rows_out - sum(loss.count for loss in self.dropped)
        if lost:
            raise AssertionError(f"stage {self.stage}: {lost} rows are in no column of the ledger")


def losses(reason: str, members: Sequence[tuple[str | None, str]]) -> list[Loss]:
    """Return one `Loss` per country for *members*, pairs of (country or None, name of the record)."""
    import pandas as pd  # noqa: PLC0415 - who reads a ledger needs no tables

    table = pd.DataFrame(list(members), columns=["country", "name"], dtype=object)
    return losses_of(reason, table["country"], table["name"])


def losses_of(reason: str, countries: pd.Series, names: pd.Series) -> list[Loss]:
    """Return one `Loss` per country, with the first three names, from two columns of equal length."""
    import pandas as pd  # noqa: PLC0415 - who reads a ledger needs no tables

    table = pd.DataFrame({"country": countries.fillna("unknown").to_numpy(), "name": names.to_numpy()})
    counts = table["country"].value_counts(sort=False)
    first = table.sort_values("name").groupby("country")["name"].head(3)
    named: dict[str, list[str]] = {}
    for country, name in zip(table.loc[first.index, "country"], first, strict=True):
        named.setdefault(country, []).append(name)
    return [Loss(reason, country, int(counts[country]), tuple(named[country])) for country in sorted(named)]


@overload
def as_json(record: StageRecord) -> StageEntry: ...
@overload
def as_json(record: Source) -> SourceEntry: ...
def as_json(record: StageRecord | Source) -> Any:
    """Return a dataclass of this module as JSON holds it: plain dictionaries and lists, dates as ISO text."""
    return json.loads(json.dumps(asdict(record), default=str))
