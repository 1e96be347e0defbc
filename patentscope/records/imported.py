"""What reading one file gave: its publications, and an account of every row that is not among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import NotEnoughEvidence
from patentscope.provenance.ledger import Loss, Source
from patentscope.provenance.state import NEWEST_RECORD, RETRIEVED, STATED, SourceEntry
from patentscope.records.components import Mask
from patentscope.records.texts import Texts


@dataclass(frozen=True)
class Imported:
    """One file, read.

    Attributes:
        table: the publications, `store.SCHEMA`, in the file's order; numbers as the file has them. Without texts where
            *texts* has them.
        source: the file as a source: name, hash, licence as far as it is known, what it lacks.
        format: the format's name, such as `lens_csv`.
        encoding: how its bytes were read; `binary` for parquet.
        rows_in: rows (CSV), documents (XML) or lines (JSON) that the file holds, headers and preambles apart.
        set_aside: rows that are no readable record, or were joined with another, by reason.
            rows_in = table.num_rows + set aside.
        notes: what was decided for the file (separator, date order) and what it says of itself (the query).
        latest: of a collection of which the table is a part, the latest publication date that is not to come.
        texts: titles and abstracts where they are not in the table.
    """

    table: pa.Table
    source: Source
    format: str
    encoding: str
    rows_in: int
    set_aside: list[Loss] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    latest: dt.date | None = None
    texts: Texts | None = None

    @property
    def records(self) -> pa.Table | tuple[pa.Table, Texts]:
        """The publications as `intake.merge` takes them."""
        return self.table if self.texts is None else (self.table, self.texts)

    @property
    def has_abstract(self) -> Mask:
        """Which publications have an abstract."""
        if self.texts is not None:
            return self.texts.said["abstract"]
        return np.asarray(self.table.column("abstract").is_valid(), dtype=bool)


def own_date(imported: Sequence[Imported], stated: dt.date | None = None) -> tuple[dt.date, str]:
    """Return the data's own date, and what date it is: the latest retrieval, else the latest publication.

    A retrieval is as the sources say, or as the user *stated* of files; publications after today don't count.

    Raises:
        NotEnoughEvidence: where neither is known, so that nothing can be said to have been visible.
    """
    retrieved = [(one.source.retrieved, RETRIEVED) for one in imported if one.source.retrieved]
    retrieved += [(stated, STATED)] if stated else []
    if retrieved:
        return max(retrieved)
    now = dt.datetime.now(tz=dt.UTC).date()
    whole = [one.table.column("publication_date") for one in imported if not one.source.selection]
    dates = [pc.max(column.filter(pc.less_equal(column, now))).as_py() for column in whole]
    dates += [one.latest for one in imported]
    if not any(dates):
        if imported and not any(one.table.num_rows or one.source.selection for one in imported):
            raise NotEnoughEvidence(
                "there is no record to count: of what was given, nothing holds more than its header. See whether the "
                "search found anything, and export it again"
            )
        raise NotEnoughEvidence(
            "the data have no date of their own: no record has a publication date. Say when they were retrieved, with "
            "`--retrieved 2025-12-31`"
        )
    return max(filter(None, dates)), NEWEST_RECORD


def selection_notes(sources: Sequence[SourceEntry]) -> dict[str, int]:
    """Return what the ledger says of collections of which only the query's candidates were read."""
    selections = [source["selection"] for source in sources if source["selection"]]
    if not selections:
        return {}
    return {
        "rows of the collection": sum(one["rows"] for one in selections),
        "rows of candidate families": sum(one["kept"] for one in selections),
        "rows of the collection that state no family": sum(one["without_family"] for one in selections),
    }
