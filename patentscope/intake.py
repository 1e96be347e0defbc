"""What sources and files gave, made one table: numbers in one form, bad records set aside, duplicates merged.

A record is bad only if it has no publication number; everything else that is missing is a gap, kept and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.errors import RecordError
from patentscope.offices import is_country
from patentscope.provenance import Loss, losses
from patentscope.publication import normal_publication_number, split_number
from patentscope.store import SCHEMA, no_null_lists
from patentscope.symbols import normal_symbol

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def merge(tables: Sequence[pa.Table], *, most_bad: float, set_aside: Sequence[Loss] = ()) -> Intake:
    """Merge *tables* into one.

    Args:
        tables: each with `store.SCHEMA`.
        most_bad: the share of bad records that stops the run.
        set_aside: records that their readers had set aside before; they count as bad ones.

    Raises:
        RecordError: where more records than that are bad.
    """
    table = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
    before = sum(loss.count for loss in set_aside)
    rows_in = table.num_rows + before
    bad = table.column("publication_number").is_null().to_numpy()
    if rows_in and bad.sum() + before > most_bad * rows_in:
        raise RecordError(_too_many(bad, set_aside, rows_in, most_bad))
    offices = table.column("office").to_pandas()
    dropped = losses(
        "no publication number", [(offices[row] or None, f"record {row + 1}") for row in np.flatnonzero(bad)]
    )
    origin = np.repeat(np.arange(len(tables)), [one.num_rows for one in tables])
    table, gaps = _normal(table.filter(pa.array(~bad)))
    table, merged, chosen = _without_duplicates(table)
    kept = np.bincount(origin[~bad][chosen], minlength=len(tables))
    numberless = np.bincount(origin[bad], minlength=len(tables))
    return Intake(
        table,
        rows_in,
        [*set_aside, *dropped, *merged],
        gaps + _gaps(table),
        tuple(map(int, kept)),
        tuple(map(int, numberless)),
    )


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


def _without_duplicates(
    table: pa.Table,
) -> tuple[pa.Table, list[Loss], np.ndarray[Any, np.dtype[np.int64]]]:
    """Keep the fuller record of each publication number, the first of equals; sort by number.

    Returns:
        The table, what was left out, and the places of the rows that were kept.
    """
    frame = pd.DataFrame({"number": table.column("publication_number").to_pandas(), "filled": _filled(table)})
    order = frame.sort_values(["number", "filled"], ascending=[True, False], kind="stable")
    again = order["number"].duplicated()
    repeated = [(split_number(number)[0], number) for number in order.loc[again, "number"]]
    chosen = order.index[~again].to_numpy(dtype=np.int64)
    return table.take(pa.array(chosen)), losses("the same publication again", repeated), chosen


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
    numbers = [normal_publication_number(number) for number in table.column("publication_number").to_pylist()]
    shown = [split_number(number) for number in numbers]
    gaps: list[Loss] = []
    columns: dict[str, Any] = {
        entry.name: no_null_lists(table.column(entry.name))
        if pa.types.is_list(entry.type)
        else table.column(entry.name)
        for entry in SCHEMA
    }
    columns["publication_number"] = numbers
    for place, name in enumerate(("office", "kind")):
        stated = columns[name].to_pylist()
        columns[name] = [
            (value.strip().upper() or None) if value else parts[place]
            for value, parts in zip(stated, shown, strict=True)
        ]
    offices = columns["office"]
    for name in ("cpc", "ipc"):
        columns[name], lost = _symbols(columns[name].to_pylist(), numbers, offices)
        gaps += losses(f"a {name.upper()} symbol that is none", lost)
    for name in ("applicants", "inventors"):
        columns[name], lost = _parties(columns[name].to_pylist(), numbers, offices)
        gaps += losses(f"a country code of {name} that is none", lost)
    arrays = [
        pa.chunked_array([pa.array(columns[entry.name], entry.type)])
        if isinstance(columns[entry.name], list)
        else columns[entry.name]
        for entry in SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA), gaps


def _symbols(
    rows: list[list[str]], numbers: list[str], offices: list[str | None]
) -> tuple[list[list[str]], list[tuple[str | None, str]]]:
    known = {symbol: normal_symbol(symbol) for symbol in {symbol for row in rows for symbol in row if symbol}}
    lost = []
    kept = []
    for row, number, office in zip(rows, numbers, offices, strict=True):
        found = [known.get(symbol) for symbol in row]
        kept.append(list(dict.fromkeys(symbol for symbol in found if symbol)))
        if None in found:
            lost.append((office, number))
    return kept, lost


def _parties(
    rows: list[list[dict[str, Any]]], numbers: list[str], offices: list[str | None]
) -> tuple[list[list[dict[str, Any]]], list[tuple[str | None, str]]]:
    lost = []
    kept = []
    for row, number, office in zip(rows, numbers, offices, strict=True):
        parties = []
        for party in filter(None, row):
            code = (party["country"] or "").strip().upper() or None
            if code is not None and not is_country(code):
                lost.append((office, number))
                code = None
            parties.append({"name": party["name"], "country": code})
        kept.append(parties)
    return kept, lost


def _gaps(table: pa.Table) -> list[Loss]:
    """Return what is missing, by office: dates, titles, classes, kind codes, countries."""
    numbers = table.column("publication_number").to_pylist()
    offices = table.column("office").to_pylist()
    found: list[Loss] = []
    for name, reason in (
        ("publication_date", "no publication date"),
        ("filing_date", "no filing date"),
        ("title", "no title"),
        ("kind", "no kind code"),
        ("application_number", "no application number"),
    ):
        missing = table.column(name).is_null().to_numpy()
        found += losses(reason, [(offices[row], numbers[row]) for row in np.flatnonzero(missing)])
    cpc, ipc = (np.diff(table.column(name).combine_chunks().offsets.to_numpy()) for name in ("cpc", "ipc"))
    found += losses("no class", [(offices[row], numbers[row]) for row in np.flatnonzero((cpc + ipc) == 0)])
    for role in ("applicants", "inventors"):
        rows = table.column(role).to_pylist()
        silent = [
            (offices[row], numbers[row])
            for row, parties in enumerate(rows)
            if not any(party["country"] for party in parties)
        ]
        found += losses(f"no country of {role}", silent)
    return found
