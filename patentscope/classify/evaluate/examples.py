"""A user's own labelled texts, read from CSV files by the names of their columns; every row is used or accounted for.

Files may come from anywhere: any encoding and separator that exports come in, columns in any order, cells that a
spreadsheet has changed (1 to 1.0, true to TRUE).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from patentscope.classify.evaluate.named_columns import SEPARATORS, NamedColumns, find_columns
from patentscope.classify.model.documents import LONGEST_TITLE, Documents
from patentscope.files.csv.rows import rows_of
from patentscope.files.decode import read_text
from patentscope.files.spool import Aside

ANY = "*"
NO_TEXT, NO_LABEL, LEFT_OUT = "no text", "no label", "left out"
#: What programs write for an empty cell.
_EMPTY = frozenset({"", "nan", "<na>", "n/a", "#n/a", "null"})


@dataclass(frozen=True)
class Wanted:
    """Which columns to read, by name, and what they mean.

    Attributes:
        text: columns of text, with commas between; the first of several is the title.
        label: the column of labels.
        positive: the label that means on topic; `*` for any label at all, and then an empty cell means off topic.
        leave_out: labels of rows to set aside, such as borderline.
        group: rows of one value are related, and are held out together.
        by: results are given for each value of this column.
        hard: a column and a value of it that marks hard negatives.
    """

    text: str
    label: str
    positive: str
    leave_out: tuple[str, ...] = ()
    group: str = ""
    by: str = ""
    hard: tuple[str, str] = ("", "")

    def columns(self) -> dict[str, str]:
        """Return the names of the columns to be read, by the option that names them."""
        named = {"--text": self.text, "--label": self.label, "--group": self.group, "--by": self.by}
        return {option: name for option, name in {**named, "--hard": self.hard[0]}.items() if name}


@dataclass(frozen=True)
class Example:
    """One labelled text: where it stands, title and body, label as written, and what else was asked for."""

    where: str
    title: str
    body: str
    label: str
    is_positive: bool
    group: str
    by: str
    is_hard: bool

    @property
    def text(self) -> str:
        """The whole text in one form, to tell equal ones."""
        return " ".join(f"{self.title} {self.body}".casefold().split())


@dataclass
class Examples:
    """The examples of all files, and what became of every row."""

    rows: list[Example] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    positives_without_text: int = 0

    @property
    def set_aside(self) -> Counter[str]:
        """How many rows of all files are no examples, by reason."""
        entries = (entry for file in self.files for entry in file["set_aside"])
        return sum((Counter({entry["reason"]: entry["count"]}) for entry in entries), Counter())

    @property
    def documents(self) -> Documents:
        """Their texts."""
        return Documents.of([row.title for row in self.rows], [row.body for row in self.rows])


def read_examples(paths: Sequence[Path], wanted: Wanted) -> Examples:
    """Read *paths* one after the other.

    Raises:
        FileFormatError: where a file is missing, empty or no table.
        UsageError: where it has no column of a name, or two of it.
    """
    examples = Examples()
    for path in paths:
        _read_file(path, wanted, examples)
    return examples


def _read_file(path: Path, wanted: Wanted, examples: Examples) -> None:
    text = read_text(path)
    whole = text.whole()
    columns = find_columns(whole, wanted.columns(), path)
    width, before, rows_in = len(columns.header), len(examples.rows), 0
    aside = Aside()
    lines = whole.removesuffix("\n").split("\n")
    for line, row, fault in rows_of(lines, columns.first_line, columns.separator, (width, 0), path):
        if not any(cell.strip() for cell in row):
            continue
        rows_in += 1
        if fault or any(cell.strip() for cell in row[width:]):
            reason = fault or "more cells than the header"
        elif [cell.strip() for cell in row] == columns.header:
            reason = "the header again"
        else:
            reason = _take(columns, row, wanted, f"{path.name}, line {line}", examples)
        if reason:
            aside.add(reason, None, f"line {line}")
    set_aside = [{"reason": loss.reason, "count": loss.count, "first": list(loss.first)} for loss in aside.losses()]
    read = {"path": str(path), "encoding": text.encoding, "separator": SEPARATORS[columns.separator]}
    examples.files.append({**read, "rows_in": rows_in, "rows": len(examples.rows) - before, "set_aside": set_aside})


def _take(columns: NamedColumns, row: Sequence[str], wanted: Wanted, where: str, examples: Examples) -> str:
    """Add one row to *examples*, or return why it is set aside."""
    label = filled(columns.cell(row, "--label"))
    if not label and wanted.positive != ANY:
        return NO_LABEL
    if label and canonical(label) in {canonical(value) for value in wanted.leave_out}:
        return f"{LEFT_OUT}: {label}"
    is_positive = bool(label) if wanted.positive == ANY else canonical(label) == canonical(wanted.positive)
    title, body = _parted([filled(cell) for cell in columns.cells(row, "--text")])
    if not re.search(r"\w", title + body):
        examples.positives_without_text += is_positive
        return NO_TEXT
    is_hard = bool(wanted.hard[0]) and canonical(columns.cell(row, "--hard")) == canonical(wanted.hard[1])
    group, by = (filled(columns.cell(row, option)) for option in ("--group", "--by"))
    examples.rows.append(Example(where, title, body, label, is_positive, group, by, is_hard))
    return ""


def canonical(cell: str) -> str:
    """Return a cell in one form: a spreadsheet makes 1.0 of 1, and TRUE of true.

    >>> canonical(" 1.0 "), canonical("TRUE"), canonical("1.05")
    ('1', 'true', '1.05')
    """
    return re.sub(r"^(-?\d+)\.0+$", r"\1", filled(cell).casefold())


def filled(cell: str) -> str:
    """Return a cell trimmed; nothing for what programs write in place of an empty one."""
    plain = cell.strip()
    return "" if plain.casefold() in _EMPTY else plain


def _parted(texts: list[str]) -> tuple[str, str]:
    """Return title and body: the first of several columns, or a single column's first line, where it can be a title."""
    first, *rest = texts
    if rest:
        return first, "\n".join(filter(None, rest))
    head, _, tail = first.partition("\n")
    is_title = bool(tail.strip()) and len(head) <= LONGEST_TITLE
    return (head.strip(), tail.strip()) if is_title else ("", first)
