"""Which publications are new in the second run, which are gone, and which say something else."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.engines.duckdb import DuckEngine
from patentscope.records.offices import UNKNOWN
from patentscope.records.store import SCHEMA

EXAMPLES = 5
#: Where a record was read, and who put it into its family, is no part of what it says.
_NOT_SAID = {"publication_number", "source", "origin", "family_source"}
FIELDS = tuple(name for name in SCHEMA.names if name not in _NOT_SAID)
#: Fields that decide the topic, and only that.
TOPIC_FIELDS = ("title", "title_language", "title_original", "abstract", "abstract_language", "cpc", "ipc")


def compare_records(a: pa.Table, b: pa.Table) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Compare the publications of two runs (`store.SCHEMA`), by publication number.

    Returns:
        The corrected ones, one row per publication of both runs that says something else: number, office, and of each
        of `FIELDS` whether it changed. Classes are compared whatever their order; parties are not, for the first one
        counts. And new, gone and corrected ones in figures, with first examples.
    """
    office = f"publication_number as number, coalesce(office, '{UNKNOWN}') as office_code"
    with DuckEngine() as engine:
        engine.put("a", a)
        engine.put("b", b)
        new, gone = (
            engine.frame(f"select {office} from {mine} anti join {other} using (publication_number) order by all")
            for mine, other in (("b", "a"), ("a", "b"))
        )
        changed = ", ".join(f"{_differs(name)} as {name}" for name in FIELDS)
        corrected = engine.frame(
            f"select {office.replace('office,', 'b.office,')}, {changed} from a join b using (publication_number) "
            f"where {' or '.join(map(_differs, FIELDS))} order by number"
        )
    fields = corrected[list(FIELDS)].sum()
    return corrected, {
        "in_a": a.num_rows,
        "in_b": b.num_rows,
        **{
            name: {**_counted(table), "first": table["number"].head(EXAMPLES).tolist()}
            for name, table in (("new", new), ("gone", gone))
        },
        "corrected": {
            **_counted(corrected),
            "by_field": {name: int(fields[name]) for name in FIELDS if fields[name]},
            "first": [_example(a, b, row) for row in corrected.head(EXAMPLES).to_dict("records")],
        },
    }


def _differs(name: str) -> str:
    """Return SQL that says whether a field differs between the two tables.

    A family that was computed follows from other records, and is nothing that this one says.
    """
    said = {
        "family_id": "case when {0}.family_source = 'source' then {0}.family_id end",
        "cpc": "list_sort({0}.cpc)",
        "ipc": "list_sort({0}.ipc)",
    }.get(name, f"{{0}}.{name}")
    return f"({said.format('a')} is distinct from {said.format('b')})"


def _example(a: pa.Table, b: pa.Table, row: dict[Any, Any]) -> dict[str, Any]:
    """Return one corrected publication: each field that changed, before and after, as JSON holds it."""
    changed = [name for name in FIELDS if row[name]]
    before, after = (
        table.filter(pc.equal(table["publication_number"], row["number"])).select(changed).to_pylist()[0]
        for table in (a, b)
    )
    fields = {name: [before[name], after[name]] for name in changed}
    return {"publication_number": row["number"], "fields": json.loads(json.dumps(fields, default=str))}


def _counted(table: pd.DataFrame) -> dict[str, Any]:
    """Return how many records a table has, in all and by office, the largest office first."""
    by_office = table["office_code"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return {"count": len(table), "by_office": by_office.to_dict()}
