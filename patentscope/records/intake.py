"""What sources and files gave, made one table: numbers in one form, bad records set aside, duplicates merged.

A record is bad only if it can't be read or has no publication number; everything else that is missing is a gap, kept
and counted. Rows that a flattened export has of one publication, joined by their reader, are no bad records either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.errors import RecordError
from patentscope.provenance.ledger import Loss, losses, losses_of
from patentscope.records import intake_columns
from patentscope.records.store import SCHEMA, no_null_lists

#: Why a reader set a row aside that is not bad: all it says is in the publication that it was joined with.
JOINED = "a further row of the same publication, joined with its first"
#: Why a row of a whole collection is not taken in at all: nothing is wrong with it, it is about something else.
NO_CANDIDATE = "family meets no reading of the query"
NO_NUMBER = "no publication number"
#: What is no loss: another code or a name says the country as well.
_READ_AS_CODE = "a country of {} written as a name or another code, read as its code"
_NOT_BAD = frozenset({JOINED, NO_CANDIDATE})

_MOST_BYTES = 1 << 31
_ROWS_AT_ONCE = 500_000
_READ_WHOLE = ("publication_number", "office", "kind")


@dataclass(frozen=True)
class Intake:
    """The merged table (`store.SCHEMA`, by publication number), and what was dropped from it or kept with a gap.

    `kept` is how many rows of each table are in the merged one, `numberless` how many had no publication number.
    """

    table: pa.Table
    rows_in: int
    dropped: list[Loss]
    gaps: list[Loss]
    kept: tuple[int, ...]
    numberless: tuple[int, ...]


def merge(tables: Iterable[pa.Table], *, most_bad: float, set_aside: Sequence[Loss] = ()) -> Intake:
    """Merge *tables* into one.

    Args:
        tables: each with `store.SCHEMA`; taken once, so that who hands them on need not keep them.
        most_bad: the share of bad records that stops the run.
        set_aside: rows that their readers had set aside before; they count as bad records, but for those joined with
            another, and those of families that are no candidates.

    Raises:
        RecordError: where more records than that are bad.
    """
    parts = list(tables)
    sizes = [one.num_rows for one in parts]
    table = pa.concat_tables(parts) if parts else SCHEMA.empty_table()
    del parts  # a million abstracts are a gigabyte: what is not needed again is let go
    rows_in = table.num_rows + sum(loss.count for loss in set_aside)
    bad = table.column("publication_number").is_null().to_numpy()
    unread = [loss for loss in set_aside if loss.reason not in _NOT_BAD]
    if rows_in and bad.sum() + sum(loss.count for loss in unread) > most_bad * rows_in:
        raise RecordError(_too_many(bad, unread, rows_in, most_bad))
    offices = table.column("office").to_pandas()
    dropped = losses(NO_NUMBER, [(offices[row] or None, f"record {row + 1}") for row in np.flatnonzero(bad)])
    origin = np.repeat(np.arange(len(sizes)), sizes)
    table, gaps = _normal(table.filter(pa.array(~bad)) if bad.any() else table)
    chosen, merged = _without_duplicates(table)
    columns = table.columns
    del table
    # A column at a time, so that no two copies of the whole stand beside each other.
    rows = pa.array(chosen)
    table = pa.Table.from_arrays([_taken([columns.pop(0)], rows) for _ in SCHEMA], schema=SCHEMA)
    kept = np.bincount(origin[~bad][chosen], minlength=len(sizes))
    numberless = np.bincount(origin[bad], minlength=len(sizes))
    return Intake(
        table,
        rows_in,
        [*set_aside, *dropped, *merged],
        gaps + _gaps(table),
        tuple(map(int, kept)),
        tuple(map(int, numberless)),
    )


def _taken(column: list[pa.ChunkedArray], rows: pa.Array) -> pa.ChunkedArray:
    """Return *rows* of the one column in a list, which is emptied: it would be copied while it is held.

    Arrow's strings of one array hold 2 GiB; those of more are taken in parts.
    """
    if column[0].nbytes < _MOST_BYTES or not pa.types.is_string(column[0].type):
        return pa.chunked_array([column.pop().combine_chunks().take(rows)])
    whole = column.pop().cast(pa.large_string()).combine_chunks()
    starts = range(0, len(rows), _ROWS_AT_ONCE)
    return pa.chunked_array([whole.take(rows.slice(start, _ROWS_AT_ONCE)).cast(pa.string()) for start in starts])


def _too_many(
    bad: np.ndarray[Any, np.dtype[np.bool_]], set_aside: Sequence[Loss], rows_in: int, most_bad: float
) -> str:
    """Return what is wrong with the records that stop the run, with the first example of each kind."""
    kinds = [f"{loss.count}: {loss.reason} (first: {', '.join(loss.first[:1]) or 'not named'})" for loss in set_aside]
    if bad.any():
        kinds.append(f"{bad.sum()}: no publication number (first: record {int(np.flatnonzero(bad)[0]) + 1})")
    count = int(bad.sum()) + sum(loss.count for loss in set_aside)
    return (
        f"{count} of {rows_in} records are bad, over the limit of {most_bad:.0%}; {'; '.join(kinds)}. Mend it, "
        "or raise the limit: `bad_records` in the query's [thresholds], or `--most-bad` of `import`"
    )


def _without_duplicates(table: pa.Table) -> tuple[np.ndarray[Any, np.dtype[np.int64]], list[Loss]]:
    """Choose the fuller record of each publication number, of equals the first by content; sort by number.

    So it doesn't matter in which order files are named.

    Returns:
        The places of the rows that are kept, in their new order, and what is left out.
    """
    frame = pd.DataFrame({"number": table.column("publication_number").to_pandas(), "filled": _filled(table)})
    frame["content"] = ""
    repeats = np.flatnonzero(frame.duplicated(["number", "filled"], keep=False))
    frame.loc[repeats, "content"] = [str(row) for row in table.take(pa.array(repeats)).to_pylist()]
    order = frame.sort_values(["number", "filled", "content"], ascending=[True, False, True], kind="stable")
    again = order["number"].duplicated()
    repeated = pa.array(order.loc[again, "number"], pa.string())
    offices = intake_columns.shown_in(repeated)[0].to_pandas()
    chosen = order.index[~again].to_numpy(dtype=np.int64)
    return chosen, losses_of("the same publication again", offices, repeated.to_pandas())


def _filled(table: pa.Table) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return how many columns of each row say something."""
    filled = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        if pa.types.is_list(column.type):
            filled += np.diff(column.combine_chunks().offsets.to_numpy()) > 0
        else:
            filled += column.is_valid().to_numpy()
    return filled


def _normal(table: pa.Table) -> tuple[pa.Table, list[Loss]]:
    """Bring numbers, symbols and country codes into one form; an unreadable one becomes null and is written down."""
    columns: dict[str, Any] = {entry.name: table.column(entry.name) for entry in SCHEMA}
    for entry in SCHEMA:
        if pa.types.is_list(entry.type):
            columns[entry.name] = no_null_lists(columns[entry.name]).combine_chunks()
        elif entry.name in _READ_WHOLE:
            columns[entry.name] = columns[entry.name].combine_chunks()
    numbers = columns["publication_number"] = intake_columns.publication_numbers(columns["publication_number"])
    unreadable: dict[str, np.ndarray[Any, Any]] = {}
    shown = intake_columns.shown_in(numbers)
    for name, what, own, shape in zip(
        ("office", "kind"), ("an office", "a kind"), shown, (intake_columns.OFFICE, intake_columns.KIND), strict=True
    ):
        columns[name], unreadable[f"{what} code that is none"] = intake_columns.codes(columns[name], own, shape)
    for name, read, reason in (
        ("cpc", intake_columns.symbols, "a CPC symbol that is none"),
        ("ipc", intake_columns.symbols, "an IPC symbol that is none"),
        ("applicants", intake_columns.named_countries, _READ_AS_CODE.format("applicants")),
        ("inventors", intake_columns.named_countries, _READ_AS_CODE.format("inventors")),
        ("applicants", intake_columns.parties, "a country code of applicants that is none"),
        ("inventors", intake_columns.parties, "a country code of inventors that is none"),
    ):
        columns[name], unreadable[reason] = read(columns[name])
    gaps = []
    for reason, rows in unreadable.items():
        if len(rows):
            lost = pa.array(rows)
            gaps += losses_of(reason, columns["office"].take(lost).to_pandas(), numbers.take(lost).to_pandas())
    return pa.Table.from_arrays([columns[entry.name] for entry in SCHEMA], schema=SCHEMA), gaps


def _gaps(table: pa.Table) -> list[Loss]:
    """Return what is missing, by office: dates, titles, classes, kind codes, countries."""
    numbers, offices = (table.column(name).to_pandas() for name in ("publication_number", "office"))
    missing = {
        reason: table.column(name).is_null().to_numpy()
        for name, reason in (
            ("publication_date", "no publication date"),
            ("filing_date", "no filing date"),
            ("title", "no title"),
            ("kind", "no kind code"),
            ("application_number", "no application number"),
        )
    }
    cpc, ipc = (np.diff(table.column(name).combine_chunks().offsets.to_numpy()) for name in ("cpc", "ipc"))
    missing["no class"] = (cpc + ipc) == 0
    for role in ("applicants", "inventors"):
        missing[f"no country of {role}"] = intake_columns.without_country(table.column(role).combine_chunks())
    return [
        loss
        for reason, rows in missing.items()
        if rows.any()
        for loss in losses_of(reason, offices[rows], numbers[rows])
    ]
