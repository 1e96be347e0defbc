"""A list of documents that a searcher knows: one publication number a line, to hold a run's records against."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from patentscope.errors import FileFormatError
from patentscope.files.csv.numbers import joined
from patentscope.files.decode import read_text
from patentscope.provenance.state import KnownEntry
from patentscope.records.publication import normal_publication_number

EXPECTED = "expected an office and a number, such as CN116904750A"


def read(path: Path) -> KnownEntry:
    """Return a list as run.json keeps it: the file's name and hash, and what stands in its lines.

    Blank lines, and what follows a `#`, are comments.

    Raises:
        FileFormatError: where the file can't be read, or no line of it is a publication number.
    """
    file = read_text(path)
    written = (line.partition("#")[0].strip() for line in file.whole().split("\n"))
    lines = {str(number): line for number, line in enumerate(written, start=1) if line}
    if not normalised(lines)["normal"].notna().any():
        first = next((f"{text!r} in line {number}" for number, text in lines.items()), "no line with a number")
        raise FileFormatError(f"{path}: no publication number in it: found {first}; {EXPECTED}, one a line")
    return KnownEntry(file=path.name, sha256=file.sha256, lines=lines)


def normalised(lines: Mapping[str, str]) -> pd.DataFrame:
    """Return `line`, `number` (as written) and `normal` (in DOCDB's form; None where it is no publication number)."""
    numbers = joined(list(lines.values())).to_pylist()
    normal = [None if number is None else normal_publication_number(number) for number in numbers]
    table = pd.DataFrame({"line": list(map(int, lines)), "number": list(lines.values())})
    return table.assign(normal=pd.Series(normal, dtype=object))
