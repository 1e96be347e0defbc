"""Which format a file is in: told by its content, never by its name, and then read.

Every format's module reads one file into an `Imported`: its publications and an account of every row that is not
among them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from patentscope.errors import FileFormatError, UsageError
from patentscope.files.csv import espacenet, google, incopat, lens, patentscope
from patentscope.files.csv.export import Form, import_sheet
from patentscope.files.csv.sheet import HeaderAt, find_header, name_of, tops
from patentscope.files.csv.workbook import Book, is_workbook, read_book
from patentscope.files.decode import Text, first_text, read_text
from patentscope.files.tables import parquet
from patentscope.provenance.progress import Progress
from patentscope.records.imported import Imported

_HEAD = 1 << 16
FORMS = {form.name: form for form in (google.FORM, lens.FORM, espacenet.FORM, patentscope.FORM, incopat.FORM)}


class _Reader(Protocol):
    def recognises(self, head: bytes, path: Path) -> bool: ...

    def read(self, path: Path) -> Imported: ...


@dataclass(frozen=True)
class Format:
    """One file format: its title, and the place of the module that reads it; a CSV export has a `Form` instead.

    `reported_as` are the names by which the reader tells apart what it reads, where they are not the format's own.
    """

    title: str
    place: str = ""
    reported_as: tuple[str, ...] = ()

    @property
    def reader(self) -> _Reader | None:
        """The module that reads it, imported for the first file that asks for it."""
        return cast("_Reader", import_module(f"patentscope.files.{self.place}")) if self.place else None


_EXCHANGE = "xml.exchange"
#: Every format by the name that an import reports and `--format` takes.
FORMATS: dict[str, Format] = {
    **{form.name: Format(f"{form.title} (CSV or workbook)") for form in FORMS.values()},
    "exchange_xml": Format(
        "EPO exchange documents: OPS answers and DOCDB files, plain, .gz or .zip", _EXCHANGE, ("ops_xml", "docdb_xml")
    ),
    "uspto_xml": Format("USPTO Red Book XML", "xml.redbook"),
    "bigquery_export": Format(
        "BigQuery exports of patents-public-data: JSON lines or parquet", "tables.bigquery_export"
    ),
    "patstat": Format("PATSTAT tables", "tables.patstat"),
    "ops_xml": Format("exchange documents that OPS answered", _EXCHANGE),
    "docdb_xml": Format("exchange documents of DOCDB files", _EXCHANGE),
    "parquet": Format("publications in this program's own columns", "tables.parquet"),
}
_EXPECTED = (
    "Expected one of: "
    + "; ".join(dict.fromkeys(entry.title for entry in FORMATS.values()))
    + ". Export it again; docs/sources/files.md says how"
)
#: What is asked, in this order, whether a file is its own.
_ASKED = ("exchange_xml", "uspto_xml", "bigquery_export", "patstat", "parquet")
_SCHOLARLY = {"source title", "issns", "author/s", "date published"}
_MAGIC = {
    b"PK\x03\x04": "a zip archive; unpack it",
    b"\x1f\x8b": "a gzip archive; unpack it",
    b"%PDF": "a PDF; export a table instead",
    b"BZh": "a bzip2 archive; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"\x89PNG": "a picture; export a table instead",
    b"\xff\xd8\xff": "a picture; export a table instead",
}


def read_file(path: Path, *, form: str | None = None) -> Imported:
    """Read one file in whatever format it is, or in *form*, a name of `FORMATS`.

    Raises:
        FileFormatError: where the file is missing, empty, in no format known here, or not in *form*.
        UsageError: where *form* is no format.
    """
    if form is not None and form not in FORMATS:
        raise UsageError(f"--format {form}: no such format; there are {', '.join(FORMATS)}")
    try:
        return _read(path, form)
    except OSError as error:
        raise FileFormatError(f"{path}: can't be read ({error.strerror or error})") from error


def read_files(
    paths: Sequence[Path], *, form: str | None = None, progress: Callable[[Progress], None] = lambda _: None
) -> list[Imported]:
    """Read *paths* one after the other, as `read_file` does; *progress* is told which, and how far it is by size."""
    sizes = [math.ceil(path.stat().st_size / 1000) if path.is_file() else 0 for path in paths]
    imported = []
    for place, path in enumerate(paths):
        progress(Progress(f"reading {path}", sum(sizes[:place]), sum(sizes), "kB"))
        imported.append(read_file(path, form=form))
    return imported


def _read(path: Path, form: str | None) -> Imported:
    head = _head(path)
    if is_workbook(head, path):
        return _read_rows(path, read_book(path), form)
    is_parquet = head.startswith(parquet.MAGIC)
    if form is None and not is_parquet and (sheet := _sheet_form(first_text(head))):
        return _read_rows(path, read_text(path), sheet)
    # Of parquet files only those readers are asked that read some.
    names = ("bigquery_export", "parquet") if is_parquet else _ASKED
    readers = (FORMATS[name].reader for name in names)
    asked = (reader for reader in readers if reader and reader.recognises(head, path))
    if reader := FORMATS[form].reader if form else next(asked, None):
        imported = reader.read(path)
        if form and imported.format not in {form, *FORMATS[form].reported_as}:
            raise FileFormatError(
                f"{path}: found {imported.format}, expected {form}. Leave out --format, or say {imported.format}"
            )
        return imported
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise FileFormatError(f"{path}: found {what}. {_EXPECTED}")
    if path.is_dir():
        raise FileFormatError(
            f"{path}: found a folder, expected a file, or the folder of PATSTAT's tables. Name the files that are in it"
        )
    return _read_rows(path, read_text(path), form)


def _head(path: Path) -> bytes:
    """Return a file's first bytes; none for a folder, which only PATSTAT's tables come in."""
    if path.is_dir():
        return b""
    if not path.is_file():
        raise FileFormatError(f"{path}: no such file")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise FileFormatError(f"{path}: found an empty file; expected the rows of an export. Download it again")
    return head


def _header_of(form: Form, content: str | Book) -> HeaderAt | None:
    """Return where a format's header stands in a text or a workbook, or None."""
    return content.find_header(form.header) if isinstance(content, Book) else find_header(content, form.header)


def _sheet_form(content: str | Book) -> str | None:
    """Return the export format whose header stands in the first rows of a text or of a workbook's sheet."""
    return next((name for name, form in FORMS.items() if _header_of(form, content)), None)


def _read_rows(path: Path, content: Text | Book, name: str | None) -> Imported:
    """Read an export's rows, of the format *name* or of whatever its header says."""
    inside = content if isinstance(content, Book) else content.top
    form = FORMS.get(name or _sheet_form(inside) or "")
    header = _header_of(form, inside) if form else None
    if form is None or header is None:
        raise FileFormatError(_refusal(path, content, form))
    return import_sheet(path, content, form, header)


def _refusal(path: Path, content: Text | Book, wanted: Form | None) -> str:
    """Say what was found in place of a header known here."""
    inside = content if isinstance(content, Book) else content.top
    other = _sheet_form(inside)
    if wanted and other:
        return f"{path}: found {FORMS[other].title}, expected {wanted.title}. Leave out --format, or say {other}"
    first = inside.tops() if isinstance(inside, Book) else tops(inside)
    rows = [row for _, top in first for _, row in top]
    for row in rows:
        names = {name_of(cell) for cell in row}
        if len(names & _SCHOLARLY) > 1:
            return (
                f"{path}: found a Lens export of scholarly works, expected patents. In Lens choose Patents, not "
                "Scholarly Works, and export again"
            )
        for form in FORMS.values():
            if len(names & form.header.telltales) > 1:
                wants = " or ".join(f"`{alias}`" for alias in form.header.aliases["publication_number"])
                return (
                    f"{path}: found {form.title} without a column of publication numbers; expected {wants}. Export "
                    "again with that column"
                )
    shown = ", ".join(cell.strip()[:30] for cell in next(filter(any, rows), [])[:8])
    what = f"no header of {wanted.title}" if wanted else "no header known here"
    kind = "a workbook" if isinstance(content, Book) else f"text ({content.encoding})"
    return f"{path}: found {kind} with {what}; its first line is {shown[:160]!r}. {_EXPECTED}"
