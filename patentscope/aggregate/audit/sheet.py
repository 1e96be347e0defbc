"""The label sheet: a CSV that a reader fills in with a spreadsheet, and what a spreadsheet does to it undone or named.

Only `label` and `note` are the reader's. What tells how a row was drawn is covered by a checksum in the row itself, so
that a sheet can be kept beside its query and taken back into any run that holds its families.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from patentscope.aggregate.audit.reader import LABELS
from patentscope.errors import FileFormatError
from patentscope.files.decode import read_text
from patentscope.provenance.writing import write_text

#: What the reader fills in, what is there to be read, and how the row was drawn.
COLUMNS = (
    *("row", "label", "note"),
    *("title", "title_original", "abstract", "classes", "applicants", "publications", "page"),
    *("family_id", "key", "aim", "country", "stratum", "stratum_families", "stratum_drawn", "inclusion_probability"),
    *("years", "draw", "rows", "check"),
)
_COVERED = ("row", "key", "aim", "country", "stratum", "stratum_families", "stratum_drawn", "years", "draw", "rows")
_NUMBERS = {"row", "stratum_families", "stratum_drawn", "rows"}
# What a spreadsheet takes for the start of a formula, in its full-width forms too.
_FORMULA = re.compile("^[=+\\-@\uff1d\uff0b\uff0d\uff20|%]")
_ROUNDED = 0.0051
_LISTED = 5


@dataclass(frozen=True)
class Row:
    """One row of a sheet that came back; `label` is empty where the reader gave none."""

    sheet: str
    line: int
    label: str
    cells: Mapping[str, str]

    def number(self, name: str) -> int:
        """Return a column of whole numbers; 0 where it is empty, as in a sheet for training."""
        return int(self.cells[name] or 0)


def key_of(family_id: str) -> str:
    """Return the name that a sheet gives a family, of a kind that no spreadsheet takes for a number or a date."""
    return "F" + hashlib.sha256(family_id.encode()).hexdigest()[:12]


def _check_of(cells: Mapping[str, str]) -> str:
    return "C" + hashlib.sha256("|".join(cells[name] for name in _COVERED).encode()).hexdigest()[:10]


def _safe(text: object) -> str:
    """Return text that no spreadsheet carries out or breaks: one line, no separators, no start of a formula.

    The semicolon goes because a spreadsheet that splits at it would see the start of a cell behind it.
    """
    plain = " ".join(str(text).replace(";", ",").split())[:30_000]  # spreadsheets cut at 32,767
    return f"'{plain}" if _FORMULA.match(plain) else plain


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write a sheet; each row has `COLUMNS` but for `row`, `key` and `check`, and a label if known.

    In UTF-8 with a byte order mark, without which a spreadsheet takes Chinese titles for another code page.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        cells = {name: _safe(row.get(name, "")) for name in COLUMNS}
        cells |= {"row": str(number), "key": key_of(str(row["family_id"]))}
        writer.writerow({**cells, "check": _check_of(cells)})
    write_text(path, "\ufeff" + stream.getvalue())


def read(path: Path) -> list[Row]:
    """Read a sheet that came back: any separator, encoding and order of columns.

    Raises:
        FileFormatError: where a column is missing, a label is none of ours, or a cell that tells how the row was drawn
            is not as it was; every fault is counted, the first ones named by line.
    """
    text = read_text(path).whole()
    header, rows = _table(text, path)
    lacking = [name for name in ("label", "inclusion_probability", *_COVERED, "check") if name not in header]
    if lacking:
        columns = ", ".join(name for name in header if name)[:200] or "no header"
        raise FileFormatError(
            f"{path}: found no column {', '.join(lacking)} (found {columns}); expected a sheet of `patentscope label "
            "draw`, saved as CSV with its columns' names"
        )
    faults: list[str] = []
    taken = [_row(path.name, line, dict(zip(header, row, strict=False)), faults) for line, row in rows]
    if faults:
        more = f", and {len(faults) - _LISTED} more" if len(faults) > _LISTED else ""
        raise FileFormatError(
            f"{path}: {len(faults)} faults: {'; '.join(faults[:_LISTED])}{more}. Only `label` ({', '.join(LABELS)}, or "
            "empty) and `note` are to be filled in; the same `label draw` writes the other columns again"
        )
    return taken


def _table(text: str, path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header, and the rows with their line numbers, under the separator that the header is split by."""
    text = text.removeprefix("\ufeff")
    readings = []
    for separator in ",;\t":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise FileFormatError(f"{path}: not readable as CSV ({error}); save the sheet as CSV once more") from error
        if lines and lines[0][1][0].lower().startswith("sep="):
            del lines[0]
        header = [cell.strip().strip("'").lower() for cell in lines[0][1]] if lines else []
        readings.append((header, lines[1:]))
    return max(readings, key=lambda reading: sum(name in COLUMNS for name in reading[0]))


def _row(sheet: str, line: int, raw: Mapping[str, str], faults: list[str]) -> Row:
    """Return a row in the form in which it was written, and note what can't be brought to it."""
    plain = {name: raw.get(name, "").strip().lstrip("'").strip() for name in COLUMNS}
    label = plain["label"].casefold()
    if label and label not in LABELS:
        faults.append(f"line {line}: label {plain['label'][:40]!r}")
    cells = {name: _whole(cell) if name in _NUMBERS else cell for name, cell in plain.items()}
    if _check_of(cells) != cells["check"] or not _is_share(cells):
        told = ", ".join(f"{name} {plain[name][:40]!r}" for name in ("key", "stratum", "stratum_families", "row"))
        faults.append(f"line {line}: changed since it was drawn ({told}, ...)")
    return Row(sheet, line, label if label in LABELS else "", cells)


def _whole(text: str) -> str:
    """Return a whole number as it was written, whatever a spreadsheet made of it: `1,500`, `1500.0`, `1 500`."""
    bare = re.sub(r"[.,]0{1,2}$", "", re.sub(r"\s", "", text))
    digits = re.sub(r"[.,'\u2019](?=\d{3}(?:\D|$))", "", bare)
    return digits if digits.isascii() and digits.isdigit() else text


def _is_share(cells: Mapping[str, str]) -> bool:
    """Say whether the inclusion probability is the one drawn with, as far as a spreadsheet's rounding leaves it."""
    text = cells["inclusion_probability"].replace(",", ".")
    if not (cells["stratum_families"] and cells["stratum_drawn"]):
        return not text
    try:
        return abs(float(text) - int(cells["stratum_drawn"]) / int(cells["stratum_families"])) <= _ROUNDED
    except (ValueError, ZeroDivisionError):
        return False
