"""What sources and files gave, made one table: numbers in one form, bad records set aside, one row per document.

A record is bad only if it can't be read or has no publication number; everything else that is missing is a gap, kept
and counted. Rows that a flattened export has of one publication, joined by their reader, are no bad records either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import RecordError
from patentscope.provenance.ledger import Loss, losses, losses_of
from patentscope.records import intake_columns, texts
from patentscope.records.components import Integers, Mask
from patentscope.records.differences import differences
from patentscope.records.documents import Documents, documents_of
from patentscope.records.store import APART, no_null_lists, together
from patentscope.records.texts import Rows, Texts

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

_READ_WHOLE = ("publication_number", "office", "kind")
#: What is taken from the record that another column is taken from: a language is that of its text.
_GOES_WITH = {"title_language": "title", "abstract_language": "abstract", "family_source": "family_id"}
#: Lists that add up, where others are taken from one record: whom one source names, and whom another.
_ADDED_UP = ("family_members", "family_offices")


@dataclass(frozen=True)
class Intake:
    """The merged records, by publication number, and what was dropped from them or kept with a gap.

    Attributes:
        apart: all columns of `store.SCHEMA` but texts.
        texts: the texts of all records that were merged; `rows` says of each document of which record it has each.
        rows_in: the records that came.
        dropped: what is no document of its own, by reason and office.
        gaps: what is lacking, or was read otherwise than written.
        kept: of how many documents each table has the fullest record.
        numberless: how many rows of each table had no publication number.
        fetched: of each document whether all members of its family were fetched.
        found_in: how many documents are in which of the tables, by their places.
    """

    apart: pa.Table
    texts: Texts
    rows: dict[str, Rows]
    rows_in: int
    dropped: list[Loss]
    gaps: list[Loss]
    kept: tuple[int, ...]
    numberless: tuple[int, ...]
    fetched: Mask
    found_in: dict[tuple[int, ...], int]

    @cached_property
    def table(self) -> pa.Table:
        """All of it in memory (`store.SCHEMA`)."""
        return pa.concat_tables(self.blocks(self.apart))

    def blocks(self, apart: pa.Table) -> Iterator[pa.Table]:
        """Give the documents with all columns, some at a time, in order; those that are no texts are of *apart*."""
        for start in range(0, max(apart.num_rows, 1), texts.ROWS):
            rows = {name: rows[start : start + texts.ROWS] for name, rows in self.rows.items()}
            yield together(apart.slice(start, texts.ROWS), self._told(rows))

    def _told(self, rows: dict[str, Rows]) -> pa.Table:
        """Return texts, each of its rows; most are of the same."""
        first = rows["title"]
        read = self.texts.at(first)
        told = {
            name: (read if np.array_equal(of, first) else self.texts.at(of)).column(name) for name, of in rows.items()
        }
        is_again = pc.fill_null(pc.equal(told["title"], told["title_original"]), fill_value=False)
        told["title_original"] = pc.if_else(is_again, pa.scalar(None, pa.string()), told["title_original"])
        return pa.table(told)


def merge(
    tables: Iterable[pa.Table | tuple[pa.Table, Texts]],
    *,
    most_bad: float,
    set_aside: Sequence[Loss] = (),
    whole: Sequence[bool] = (),
) -> Intake:
    """Merge *tables* into one, by document (`documents_of`).

    Args:
        tables: each with `store.SCHEMA`, or with its texts apart; taken once, so that who hands them on need not keep
            them.
        most_bad: the share of bad records that stops the run.
        set_aside: rows that their readers had set aside before; they count as bad records, but for those joined with
            another, and those of families that are no candidates.
        whole: which of the tables hold all members of their families; none, where it is left out.

    Raises:
        RecordError: where more records than that are bad.
    """
    apart, told = _apart(tables)
    sizes = [one.num_rows for one in apart]
    table = pa.concat_tables(apart) if apart else APART.empty_table()
    del apart  # what is not needed again is let go
    rows_in = table.num_rows + sum(loss.count for loss in set_aside)
    bad = table.column("publication_number").is_null().to_numpy()
    unread = [loss for loss in set_aside if loss.reason not in _NOT_BAD]
    if rows_in and bad.sum() + sum(loss.count for loss in unread) > most_bad * rows_in:
        raise RecordError(_too_many(bad, unread, rows_in, most_bad))
    dropped = _without_number(table, bad)
    origin = np.repeat(np.arange(len(sizes)), sizes)
    told = told.only(~bad)
    table = table.filter(pa.array(~bad)) if bad.any() else table
    columns = table.columns
    del table
    table, gaps = _normal(columns, told)
    documents = documents_of(table, told)
    gaps += differences(table, told, documents, intake_columns.shown_in(documents.numbers)[0])
    further = table.column("publication_number").take(pa.array(documents.merged)).combine_chunks()
    dropped += losses_of(MERGED, intake_columns.shown_in(further)[0].to_pandas(), further.to_pandas())
    columns = table.columns
    del table
    pa.default_memory_pool().release_unused()
    table = _merged(columns, documents)
    origin, numberless = origin[~bad], np.bincount(origin[bad], minlength=len(sizes))
    kept = np.bincount(origin[documents.order[documents.starts]], minlength=len(sizes))
    fetched = np.bincount(documents.of_place, np.isin(origin[documents.order], np.flatnonzero(whole)), len(table)) > 0
    rows = {name: documents.first(name) for name in texts.SCHEMA.names}
    return Intake(
        table,
        told,
        rows,
        rows_in,
        [*set_aside, *dropped],
        gaps + _gaps(table, told.said["title"][rows["title"]]),
        tuple(map(int, kept)),
        tuple(map(int, numberless)),
        fetched,
        _found_in(documents.of_place, origin[documents.order]),
    )


def _without_number(table: pa.Table, bad: Mask) -> list[Loss]:
    offices = table.column("office").filter(pa.array(bad)).to_pylist()
    records = zip(offices, np.flatnonzero(bad).tolist(), strict=True)
    return losses(NO_NUMBER, [(office or None, f"record {row + 1}") for office, row in records])


def _apart(tables: Iterable[pa.Table | tuple[pa.Table, Texts]]) -> tuple[list[pa.Table], Texts]:
    """Return tables without texts, and the texts of all."""
    apart, told = [], []
    for one in tables:
        table, kept = one if isinstance(one, tuple) else (one, texts.keep(one.column("publication_number"), [one]))
        apart.append(table.select(APART.names))
        told.append(kept)
    return apart, Texts.joined(told)


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
    """Return one row per document; *columns*, in the order of `store.APART`, is empty after it.

    A column at a time, so that no two copies of the whole stand beside each other.
    """
    made: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in APART.names:
        column = columns.pop(0).combine_chunks()
        if name in _ADDED_UP:
            made[name] = intake_columns.added_up(column, documents.order, documents.of_place)
        else:
            made[name] = column.take(pa.array(documents.first(_GOES_WITH.get(name, name))))
    made["publication_number"] = documents.numbers
    return pa.table(made, schema=APART)


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


def _normal(given: list[pa.ChunkedArray], told: Texts) -> tuple[pa.Table, list[Loss]]:
    """Bring numbers, symbols and country codes into one form; an unreadable code becomes null and is told.

    So is which texts were read otherwise than they are written. The columns *given*, in the order of `store.APART`, are
    empty after it.
    """
    columns: dict[str, Any] = {name: given.pop(0) for name in APART.names}
    for entry in APART:
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
        pa.default_memory_pool().release_unused()  # what one column took, before the next takes as much
    columns["family_offices"] = intake_columns.member_offices(columns["family_offices"], columns["family_members"])
    unreadable[_READ_AS_CHARACTERS] = told.with_entities
    gaps = []
    for reason, rows in unreadable.items():
        if len(rows):
            lost = pa.array(rows)
            gaps += losses_of(reason, columns["office"].take(lost).to_pandas(), numbers.take(lost).to_pandas())
    return pa.Table.from_arrays([columns[name] for name in APART.names], schema=APART), gaps


def _gaps(table: pa.Table, has_title: Mask) -> list[Loss]:
    """Return what is missing, by office: dates, titles, classes, kind codes, countries."""
    numbers, offices = (table.column(name).to_pandas() for name in ("publication_number", "office"))
    missing = {
        reason: ~has_title if name == "title" else table.column(name).is_null().to_numpy()
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
