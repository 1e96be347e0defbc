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

    `first_line` is the line after the header, counted from 0; `missing` are the names that no cell of the header has.
    """

    places: Mapping[str, tuple[int, ...]]
    header: list[str]
    separator: str
    first_line: int
    missing: list[str]

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
    headers = [
        _named(wanted, row, separator, first_line)
        for separator in SEPARATORS
        for first_line, row in first_rows(text, separator)[:_HEADER_WITHIN]
    ]
    if not headers:
        raise UsageError(f"{path}: found no row, expected a header that names the columns")
    best = max(headers, key=lambda one: (sum(map(len, one.places.values())), len(one.header)))
    if best.missing:
        there = ", ".join(repr(name) for name in best.header[:_LISTED])
        more = f" and {len(best.header) - _LISTED} more" if len(best.header) > _LISTED else ""
        raise UsageError(f"{path}: no column {' and no column '.join(best.missing)}; the file has {there}{more}")
    for place in set(best.places["--label"]) & set(best.places["--text"]):
        raise UsageError(f"{path}: --label {best.header[place]!r} is also a column of --text, which would tell it")
    names = [name_of(cell) for cell in best.header]
    for option, places in best.places.items():
        twice = [best.header[place] for place in places if names.count(names[place]) > 1]
        if twice:
            raise UsageError(f"{path}: {option} {twice[0]!r} is the name of more than one column; rename all but one")
    return best


def _named(wanted: Mapping[str, str], row: Sequence[str], separator: str, first_line: int) -> NamedColumns:
    """Return where the wanted columns stand if *row* is the header."""
    header = [cell.strip().lstrip("\ufeff") for cell in row]
    names = [name_of(cell) for cell in header]
    stated = {option: _split(text, names) for option, text in wanted.items()}
    places = {
        option: tuple(names.index(name_of(name)) for name in listed if name_of(name) in names)
        for option, listed in stated.items()
    }
    missing = [f"{option} {name!r}" for option in stated for name in stated[option] if name_of(name) not in names]
    return NamedColumns(places, header, separator, first_line, missing)


def _split(stated: str, known: Sequence[str]) -> list[str]:
    """Return the names in *stated*, with commas between; a name of the header, one of *known*, may hold commas."""
    parts, names = stated.split(","), []
    while parts:
        is_name = (size for size in range(len(parts), 0, -1) if name_of(",".join(parts[:size])) in known)
        size = next(is_name, 1)
        names.append(",".join(parts[:size]).strip())
        del parts[:size]
    return names
