"""Rows put under their header, and none lost.

A row that doesn't fit its header is set aside with its line number, unless it can be mapped safely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyarrow as pa

from patentscope.files.csv.dates import is_date
from patentscope.files.csv.rows import CUT_OFF, Row
from patentscope.files.csv.sheet import Header, HeaderAt, MovedCellsError, Sheet
from patentscope.files.spool import FileAccount


def read_rows(
    rows: Iterable[Row], header: Header, at: HeaderAt, account: FileAccount, *, last_line: int = 0, are_moved: bool
) -> Sheet:
    """Put *rows* under the header *at*, or aside; a short one on *last_line*, which has no end, was cut off.

    Raises:
        MovedCellsError: where a row shows that the cells of this file were moved; where they *are_moved*, they are put
            back.
    """
    number_at = at.places["publication_number"]
    width, number_name = len(at.header), at.header[number_at]
    tally: Counter[str] = Counter()
    kept: list[list[str]] = []
    lines: list[int | str] = []
    in_file = 0
    for line, row, fault in rows:
        if not any(row):
            tally["blank"] += 1
            continue
        in_file += 1
        is_short = len(row) < width
        fitted: list[str] | None = row if len(row) == width else _fit(row, header, at)
        if fault or (is_short and line == last_line):
            account.add(fault or CUT_OFF, None, _where(line, row))
        elif fitted is None:
            account.add(f"{'fewer' if is_short else 'more'} cells than the header", None, _where(line, row))
        elif fitted[number_at] == number_name:
            account.add("the header again", None, f"line {line}")
        else:
            tally["short"] += is_short
            placed = _in_place(fitted, header, at, tally, are_moved=are_moved)
            if placed is None:
                where = f"line {line}: {' | '.join(fitted)[:60].strip()}"
                account.add("cells that are not under their header", None, where)
            else:
                kept.append(placed)
                lines.append(line)
    columns = {name: pa.array([row[at] or None for row in kept], pa.string()) for name, at in at.places.items()}
    return Sheet(columns, lines, in_file, tally=tally)


def notes_of(tally: Counter[str]) -> dict[str, str]:
    """Return what is to be said of a file's rows."""
    blank, short, moved, silent = (tally[name] for name in ("blank", "short", "moved", "silent"))
    notes = {"blank rows": str(blank)} if blank else {}
    notes |= {"short rows": f"{short} end early; the cells missing are read as empty"} if short else {}
    if moved:
        notes["cells moved"] = (
            f"a spreadsheet split the lists of this file; the cells of {moved} rows were put back under their header"
            + (f", but for the parties of {silent}, which could be read in two ways" if silent else "")
        )
    return notes


def _in_place(
    row: list[str], header: Header, at: HeaderAt, tally: Counter[str], *, are_moved: bool
) -> list[str] | None:
    """Return a row's cells under their header; None where cells were moved and can't be put back."""
    if header.shift is None:
        return row
    if not are_moved:
        if header.shift.is_moved(row, at):
            raise MovedCellsError
        return row
    realigned = header.shift.realign(row, at.places, len(at.header))
    if realigned is None:
        return None
    tally["moved"] += 1
    tally["silent"] += not realigned[1]
    return realigned[0]


def _fit(row: list[str], header: Header, at: HeaderAt) -> list[str] | None:
    """Return *row* as wide as the header, or None.

    Empty cells at its end are cut. Cells are added where all its dates stand in their places: an export's tool left out
    empty ones at the end.
    """
    width = len(at.header)
    if len(row) > width and not any(row[width:]):
        return row[:width]
    if len(row) < width and len(row) > at.places["publication_number"]:
        padded = row + [""] * (width - len(row))
        dated = [padded[place] for name, place in at.places.items() if name.endswith("_date")]
        if all(is_date(cell) or all(map(is_date, cell.split())) for cell in dated):
            return padded
    realigned = header.shift.realign(row, at.places, width) if header.shift else None
    return realigned[0] if realigned else None


def _where(line: int | str, row: list[str]) -> str:
    return f"line {line}: {' | '.join(row)[:60]}".replace("\n", " ").strip()
