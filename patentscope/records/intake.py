"""What sources and files gave, made one table: numbers in one form, bad records set aside, one row per document.

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
import pyarrow.compute as pc

from patentscope.errors import RecordError
from patentscope.provenance.ledger import Loss, losses, losses_of
from patentscope.records import entities, intake_columns
from patentscope.records.components import Integers, Mask
from patentscope.records.differences import differences
from patentscope.records.documents import Documents, documents_of
from patentscope.records.store import SCHEMA, no_null_lists

#: Why a reader set a row aside that is not bad: all it says is in the publication that it was joined with.
JOINED = "a further row of the same publication, joined with its first"
#: Why a row of a whole collection is not taken in at all: nothing is wrong with it, it is about something else.
NO_CANDIDATE = "family meets no reading of the query"
NO_NUMBER = "no publication number"
#: What is no loss: another code or a name says the country as well.
_READ_AS_CODE = "a country of {} written as a name or another code, read as its code"
#: What is no loss either.
_READ_AS_CHARACTERS = "a title or abstract with HTML entities, read as characters"
#: Why a record is no row of its own: what it says is in the row of its document.
MERGED = "merged with another record of the same document"
_NOT_BAD = frozenset({JOINED, NO_CANDIDATE})

_MOST_BYTES = 1 << 31
_ROWS_AT_ONCE = 500_000
_READ_WHOLE = ("publication_number", "office", "kind")
_TEXTS = ("title", "title_original", "abstract")
#: What is taken from the record that another column is taken from: a language is that of its text.
_GOES_WITH = {"title_language": "title", "abstract_language": "abstract", "family_source": "family_id"}
#: Lists that add up, where others are taken from one record: whom one source names, and whom another.
_ADDED_UP = ("family_members", "family_offices")


@dataclass(frozen=True)
class Intake:
    """The merged table (`store.SCHEMA`, by publication number), and what was dropped from it or kept with a gap.

    `kept` is of how many documents each table has the fullest record, `numberless` how many of its rows had no
    publication number; `fetched` says of each document whether all members of its family were, and `found_in` how many
    documents are in which of the tables, by their places.
    """

    table: pa.Table
    rows_in: int
    dropped: list[Loss]
    gaps: list[Loss]
    kept: tuple[int, ...]
    numberless: tuple[int, ...]
    fetched: Mask
    found_in: dict[tuple[int, ...], int]


def merge(
    tables: Iterable[pa.Table], *, most_bad: float, set_aside: Sequence[Loss] = (), whole: Sequence[bool] = ()
) -> Intake:
    """Merge *tables* into one, by document (`documents_of`).

    Args:
        tables: each with `store.SCHEMA`; taken once, so that who hands them on need not keep them.
        most_bad: the share of bad records that stops the run.
        set_aside: rows that their readers had set aside before; they count as bad records, but for those joined with
            another, and those of families that are no candidates.
        whole: which of the tables hold all members of their families; none, where it is left out.

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
    documents = documents_of(table)
    offices_of = intake_columns.shown_in(documents.numbers)[0]
    gaps += differences(table, documents, offices_of)
    merged = table.column("publication_number").take(pa.array(documents.merged)).combine_chunks()
    dropped += losses_of(MERGED, intake_columns.shown_in(merged)[0].to_pandas(), merged.to_pandas())
    columns = table.columns
    del table
    table = _merged(columns, documents)
    origin, numberless = origin[~bad], np.bincount(origin[bad], minlength=len(sizes))
    kept = np.bincount(origin[documents.order[documents.starts]], minlength=len(sizes))
    fetched = np.zeros(table.num_rows, dtype=bool)
    fetched[documents.of_place[np.isin(origin[documents.order], np.flatnonzero(whole))]] = True
    return Intake(
        table,
        rows_in,
        [*set_aside, *dropped],
        gaps + _gaps(table),
        tuple(map(int, kept)),
        tuple(map(int, numberless)),
        fetched,
        _found_in(documents.of_place, origin[documents.order]),
    )


def _found_in(document: Integers, origin: Integers) -> dict[tuple[int, ...], int]:
    """Return how many documents are in which tables, from the document and the table of every record."""
    tables = int(origin.max(initial=0)) + 1
    pairs = np.sort(document * tables + origin)  # `np.unique` takes twenty times as long
    document, origin = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], tables)
    sizes = np.bincount(document)
    found: dict[tuple[int, ...], int] = {}
    for size in np.unique(sizes).tolist():
        held = pd.DataFrame(origin[sizes[document] == size].reshape(-1, size))
        counts = held.value_counts(sort=False).sort_index()
        found |= zip(counts.index.to_list(), counts.to_list(), strict=True)
    return found


def _merged(columns: list[pa.ChunkedArray], documents: Documents) -> pa.Table:
    """Return one row per document; *columns*, in the order of `SCHEMA`, is empty after it.

    A column at a time, so that no two copies of the whole stand beside each other.
    """
    made: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in SCHEMA.names:
        column = [columns.pop(0)]
        if name in _ADDED_UP:
            made[name] = intake_columns.added_up(column.pop().combine_chunks(), documents.order, documents.of_place)
        else:
            made[name] = _taken(column, pa.array(documents.first(_GOES_WITH.get(name, name))))
    made["publication_number"] = documents.numbers
    is_again = pc.fill_null(pc.equal(made["title"], made["title_original"]), fill_value=False)
    made["title_original"] = pc.if_else(is_again, pa.scalar(None, pa.string()), made["title_original"])
    return pa.table(made, schema=SCHEMA)


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


def _normal(table: pa.Table) -> tuple[pa.Table, list[Loss]]:
    """Bring numbers, symbols, country codes and texts into one form; an unreadable code becomes null and is told."""
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
        ("family_members", intake_columns.members, "a family member that is no publication number"),
        ("family_offices", intake_columns.offices, "an office code of family members that is none"),
    ):
        columns[name], unreadable[reason] = read(columns[name])
    columns["family_offices"] = intake_columns.member_offices(columns["family_offices"], columns["family_members"])
    with_entities = []
    for name in _TEXTS:
        columns[name], rows = entities.characters(columns[name])
        with_entities.append(rows)
    unreadable[_READ_AS_CHARACTERS] = np.unique(np.concatenate(with_entities))
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
