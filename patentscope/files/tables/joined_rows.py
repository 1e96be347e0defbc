"""Rows that repeat a publication, as a flattened export has one for each class or applicant, joined into one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.spool import Aside
from patentscope.records.intake import JOINED
from patentscope.records.store import SCHEMA


def joined(table: pa.Table, aside: Aside) -> pa.Table:
    """Return *table* with one row a number: lists are united, the first stated value of everything else is kept.

    The further rows of a publication are counted in *aside*, so that rows in stay rows out and rows set aside; they are
    no bad records (`intake.merge`).
    """
    counts = pc.value_counts(table.column("publication_number"))
    repeated = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if not len(repeated):
        return table
    is_repeated = pc.is_in(table.column("publication_number"), value_set=repeated)
    whole: dict[str, dict[str, Any]] = {}
    for row in table.filter(is_repeated).to_pylist():
        first = whole.setdefault(row["publication_number"], row)
        if first is row:
            continue
        aside.add(JOINED, row["office"], row["publication_number"])
        for name, value in row.items():
            if isinstance(value, list):
                first[name] += [entry for entry in value if entry not in first[name]]
            elif first[name] is None:
                first[name] = value
    return pa.concat_tables(
        [table.filter(pc.invert(is_repeated)), pa.Table.from_pylist(list(whole.values()), schema=SCHEMA)]
    )
