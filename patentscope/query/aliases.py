"""The user's own file of owners' names (`[applicants] aliases`): a CSV with the columns name and joined."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

from patentscope.errors import FileFormatError
from patentscope.provenance.state import AliasesEntry
from patentscope.records.owner_names import joined

HEADER = ["name", "joined"]
_EXPECTED = "expected CSV in UTF-8 whose first line is name,joined, and two names in each line after it"


def read(path: Path) -> AliasesEntry:
    """Return an aliases file as run.json keeps it: its name and hash, and what each name is joined to in the end.

    Names that differ in case, marks or legal form alone are one name, as everywhere. A name that is joined to itself
    stays by itself.

    Raises:
        FileFormatError: where the file can't be read, has another header, a line of other than two names, a name that
            is joined to two, or names that are joined in a circle.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileFormatError(f"{path}, line {line}: found a character that is no UTF-8; {_EXPECTED}") from error
    except OSError as error:
        raise FileFormatError(f"{path}: {error.strerror}; {_EXPECTED}") from error
    said = _lines(path, text)
    final = {name: _end(path, name, said) for name in said}
    return AliasesEntry(file=path.name, sha256=hashlib.sha256(raw).hexdigest(), joined=dict(sorted(final.items())))


def _lines(path: Path, text: str) -> dict[str, tuple[str, int]]:
    """Return by name, as it is joined by, what it is joined to and in which line."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    said: dict[str, tuple[str, int]] = {}
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if header != HEADER:
            raise FileFormatError(f"{path}, line 1: found {','.join(header) or 'nothing'!r}; {_EXPECTED}")
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(HEADER) or not all(cell.strip() for cell in row):
                raise FileFormatError(f"{path}, line {rows.line_num}: found {','.join(row)!r}; {_EXPECTED}")
            name, to = joined(row[0]), row[1].strip()
            before, line = said.setdefault(name, (to, rows.line_num))
            if joined(before) != joined(to):
                raise FileFormatError(
                    f"{path}, line {rows.line_num}: {row[0].strip()!r} is joined to {to!r}, and in line {line} to "
                    f"{before!r}; expected each name joined to one (names that differ in case, marks or legal form "
                    "alone are one): leave out one of the lines"
                )
    except csv.Error as error:
        raise FileFormatError(f"{path}, line {rows.line_num}: {error}; {_EXPECTED}") from error
    return said


def _end(path: Path, name: str, said: Mapping[str, tuple[str, int]]) -> str:
    """Return what a name is joined to in the end."""
    to, line = said[name]
    passed = {name: line}
    while (key := joined(to)) in said and joined(said[key][0]) != key:
        if key in passed:
            lines = ", ".join(map(str, sorted(passed.values())))
            raise FileFormatError(
                f"{path}, lines {lines}: names are joined in a circle, {to!r} to itself by others; expected a last "
                "name that is joined to nothing: leave out one of the lines"
            )
        to, passed[key] = said[key]
    return said[key][0] if key in said else to
