"""What reading one file gave: its publications, and an account of every row that is not among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from patentscope.provenance import Loss, Source


@dataclass(frozen=True)
class Imported:
    """One file, read.

    Attributes:
        table: the publications, `store.SCHEMA`, in the file's order; numbers as the file has them.
        source: the file as a source: name, hash, licence as far as it is known, what it lacks.
        format: the format's name, such as `lens_csv`.
        encoding: how its bytes were read; `binary` for parquet.
        rows_in: rows (CSV), documents (XML) or lines (JSON) that the file holds, headers and preambles apart.
        set_aside: rows that are no readable record, or were joined with another, by reason.
            rows_in = table.num_rows + set aside.
        notes: what was decided for the file (separator, date order) and what it says of itself (the query).
        latest: of a collection of which the table is a part, the latest publication date that is not to come.
    """

    table: pa.Table
    source: Source
    format: str
    encoding: str
    rows_in: int
    set_aside: list[Loss] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    latest: dt.date | None = None
