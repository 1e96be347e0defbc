"""Which publications are new in the second run, which are gone, and which say something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from patentscope.engines.duckdb import DuckEngine
from patentscope.records.offices import UNKNOWN
from patentscope.records.store import SCHEMA

EXAMPLES = 5
#: Where a record was read, and who put it into its family, is no part of what it says.
_NOT_SAID = {"publication_number", "source", "origin", "family_source"}
FIELDS = tuple(name for name in SCHEMA.names if name not in _NOT_SAID)
#: Fields that decide the topic, and only that.
TOPIC_FIELDS = ("title", "title_language", "title_original", "abstract", "abstract_language", "cpc", "ipc")


@dataclass(frozen=True)
class Records:
    """What became of the publications.

    Attributes:
        new: numbers that only the second run has, with their office.
        gone: numbers that only the first one has, with theirs.
        corrected: one row per publication of both that says something else: number, office, and of each of `FIELDS`
            whether it changed. Classes are compared whatever their order; parties are not, for the first one counts.
        summary: the same in figures, with first examples.
    """

    new: pd.DataFrame
    gone: pd.DataFrame
    corrected: pd.DataFrame
    summary: dict[str, Any]


def compare_records(a: pa.Table, b: pa.Table) -> Records:
    """Compare the publications of two runs (`store.SCHEMA`), by publication number."""
    with DuckEngine() as engine:
        engine.put("a", a)
        engine.put("b", b)
        new, gone = (
            engine.frame(
                f"select publication_number as number, coalesce(office, '{UNKNOWN}') as office "
                f"from {mine} anti join {other} using (publication_number) order by all"
            )
            for mine, other in (("b", "a"), ("a", "b"))
        )
        changed = ", ".join(f"{_differs(name)} as {name}" for name in FIELDS)
        corrected = engine.frame(
            f"select b.publication_number as number, coalesce(b.office, '{UNKNOWN}') as office_code, {changed} "
            "from a join b using (publication_number) "
            f"where {' or '.join(_differs(name) for name in FIELDS)} order by number"
        )
        first = corrected["number"].head(EXAMPLES).tolist()
        examples = [_example(engine, number, corrected) for number in first]
    fields = corrected[list(FIELDS)].sum()
    summary = {
        "in_a": a.num_rows,
        "in_b": b.num_rows,
        "new": _summary(new["number"], new["office"]),
        "gone": _summary(gone["number"], gone["office"]),
        "corrected": {
            "count": len(corrected),
            "by_office": _by(corrected["office_code"]),
            "by_field": {name: int(fields[name]) for name in FIELDS if fields[name]},
            "first": examples,
        },
    }
    return Records(new, gone, corrected, summary)


def _differs(name: str) -> str:
    """Return SQL that says whether a field differs between the two tables.

    A family that was computed follows from other records, and is nothing that this one says.
    """
    if name == "family_id":
        stated = [f"case when {table}.family_source = 'source' then {table}.family_id end" for table in ("a", "b")]
        return f"({stated[0]} is distinct from {stated[1]})"
    if name in {"cpc", "ipc"}:
        return f"(list_sort(a.{name}) is distinct from list_sort(b.{name}))"
    return f"(a.{name} is distinct from b.{name})"


def _example(engine: DuckEngine, number: str, corrected: pd.DataFrame) -> dict[str, Any]:
    """Return one corrected publication: each field that changed, before and after."""
    row = corrected[corrected["number"].eq(number)].iloc[0]
    fields = [name for name in FIELDS if row[name]]
    quoted = number.replace("'", "''")
    before, after = (
        engine.frame(f"select {', '.join(fields)} from {table} where publication_number = '{quoted}'").iloc[0]
        for table in ("a", "b")
    )
    return {
        "publication_number": number,
        "fields": {name: [_plain(before[name]), _plain(after[name])] for name in fields},
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    """Return a column's value as JSON holds it."""
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    return str(value.date()) if isinstance(value, pd.Timestamp) else value


def _summary(numbers: pd.Series, offices: pd.Series) -> dict[str, Any]:
    return {"count": len(numbers), "by_office": _by(offices), "first": numbers.head(EXAMPLES).tolist()}


def _by(offices: Sequence[str] | pd.Series) -> dict[str, int]:
    """Return counts by office, the largest first."""
    counts = pd.Series(offices, dtype=object).value_counts()
    return {str(code): int(counts[code]) for code in sorted(counts.index, key=lambda code: (-counts[code], code))}
