"""Columns found by their names in a CSV file of anyone's making: any separator, any order, a line or two above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patentscope.errors import UsageError
from patentscope.files.csv.sheet import first_rows, name_of

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEADER_WITHIN = 10
_LISTED = 40


@dataclass(frozen=True)
class NamedColumns:
    """Where the wanted columns stand: by option (`--label`), the places of its columns; and how the rows are written.

    Attributes:
        places: option -> places.
        header: the header's cells.
        separator: what stands between cells.
        first_line: the line after the header, counted from 0.
    """

    places: Mapping[str, tuple[int, ...]]
    header: list[str]
    separator: str
    first_line: int

    def cell(self, row: Sequence[str], option: str) -> str:
        """Return a row's cell of an option's (first) column; empty where the option was not given, or the row ends."""
        return next(iter(self.cells(row, option)), "")

    def cells(self, row: Sequence[str], option: str) -> list[str]:
        """Return a row's cells of an option's columns."""
        return [row[place].strip() if place < len(row) else "" for place in self.places.get(option, ())]


def find_columns(text: str, wanted: Mapping[str, str], path: object) -> NamedColumns:
    """Return where the columns stand that *wanted* names: option -> a name, or several with commas between.

    Names are compared without regard to case, accents and blanks around them.

    Raises:
        UsageError: where a column is missing, or its name stands twice; what is there is named.
    """
    best: tuple[int, NamedColumns, list[str]] | None = None
    for separator in SEPARATORS:
        for first_line, row in first_rows(text, separator)[:_HEADER_WITHIN]:
            header = [cell.strip().lstrip("\ufeff") for cell in row]
            named = {option: _split(stated, header) for option, stated in wanted.items()}
            names = [name_of(cell) for cell in header]
            missing = [f"{option} {name!r}" for option in named for name in named[option] if name_of(name) not in names]
            hits = sum(map(len, named.values())) - len(missing)
            places = {
                option: tuple(names.index(name_of(name)) for name in named[option] if name_of(name) in names)
                for option in named
            }
            found = NamedColumns(places, header, separator, first_line)
            if best is None or (hits, len(header)) > (best[0], len(best[1].header)):
                best = (hits, found, missing)
    if best is None:
        raise UsageError(f"{path}: found no row, expected a header that names the columns")
    _, found, missing = best
    _check(found, missing, path)
    return found


def _check(found: NamedColumns, missing: Sequence[str], path: object) -> None:
    if missing:
        there = ", ".join(repr(name) for name in found.header[:_LISTED])
        more = f" and {len(found.header) - _LISTED} more" if len(found.header) > _LISTED else ""
        raise UsageError(f"{path}: no column {' and no column '.join(missing)}; the file has {there}{more}")
    for place in found.places["--label"]:
        if place in found.places["--text"]:
            raise UsageError(f"{path}: --label {found.header[place]!r} is also a column of --text, which would tell it")
    names = [name_of(cell) for cell in found.header]
    for option, places in found.places.items():
        twice = [found.header[place] for place in places if names.count(names[place]) > 1]
        if twice:
            raise UsageError(f"{path}: {option} {twice[0]!r} is the name of more than one column; rename all but one")


def _split(stated: str, header: Sequence[str]) -> list[str]:
    """Return the names in *stated*, with commas between; a name of the header may hold commas itself."""
    known = {name_of(name) for name in header}
    parts, found = stated.split(","), []
    while parts:
        sizes = [size for size in range(len(parts), 0, -1) if name_of(",".join(parts[:size])) in known]
        size = sizes[0] if sizes else 1
        found.append(",".join(parts[:size]).strip())
        del parts[:size]
    return found
