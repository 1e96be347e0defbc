"""Which format a file is in: told by its content, never by its name, and then read.

Every format's module reads one file into an `Imported`: its publications and an account of every row that is not
among them.
"""

from __future__ import annotations

import csv
import importlib
import math
from typing import TYPE_CHECKING, Protocol, cast

from patentscope.errors import FileFormatError, UsageError
from patentscope.files.csv import espacenet as espacenet_csv
from patentscope.files.csv import google as google_csv
from patentscope.files.csv import lens
from patentscope.files.csv import patentscope as patentscope_csv
from patentscope.files.csv.export import import_sheet
from patentscope.files.csv.sheet import find_header, first_rows, name_of
from patentscope.files.decode import decode, first_text
from patentscope.files.tables import parquet
from patentscope.provenance.progress import Progress
from patentscope.records.imported import Imported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from patentscope.files.csv.export import Form
    from patentscope.files.decode import Decoded

_HEAD = 1 << 16
FORMS = {form.name: form for form in (google_csv.FORM, lens.FORM, espacenet_csv.FORM, patentscope_csv.FORM)}
_MODULES = {
    "exchange_xml": "EPO exchange documents: OPS answers and DOCDB files, plain, .gz or .zip",
    "uspto_xml": "USPTO Red Book XML",
    "bigquery_export": "BigQuery exports of patents-public-data: JSON lines or parquet",
    "patstat": "PATSTAT tables",
}
# One reader tells OPS answers from DOCDB files; an import reports which of them a file is.
_KINDS = {"ops_xml": "exchange_xml", "docdb_xml": "exchange_xml"}
_HOMES = {
    "exchange_xml": "xml.exchange",
    "uspto_xml": "xml.redbook",
    "bigquery_export": "tables.bigquery_export",
    "patstat": "tables.patstat",
}
# A format's name and what it is: what an import reports, and what `--format` takes.
FORMATS: dict[str, str] = {
    **{form.name: f"{form.title} (CSV)" for form in FORMS.values()},
    **_MODULES,
    "ops_xml": "exchange documents that OPS answered",
    "docdb_xml": "exchange documents of DOCDB files",
    "parquet": "publications in this program's own columns",
}
_SCHOLARLY = {"source title", "issns", "author/s", "date published"}
_MAGIC = {
    b"PK\x03\x04": "a zip archive or a workbook (.xlsx, .ods); save the sheet as CSV, or unpack the archive",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls); save the sheet as CSV",
    b"\x1f\x8b": "a gzip archive; unpack it",
    b"%PDF": "a PDF; export a table instead",
    b"BZh": "a bzip2 archive; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
}


class _Reader(Protocol):
    def recognises(self, head: bytes, path: Path) -> bool: ...

    def read(self, path: Path) -> Imported: ...


def read_file(path: Path, *, form: str | None = None) -> Imported:
    """Read one file in whatever format it is.

    Args:
        path: the file.
        form: a name of `FORMATS`, where the file's content must not decide.

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
    if form is None and (sheet := _sheet_form(first_text(head))):
        return _read_sheet(path, sheet)
    is_parquet = head.startswith(b"PAR1")
    for name in _candidates(form, is_parquet=is_parquet):
        reader = _reader(name)
        if form is not None or _recognises(reader, head, path):
            return _as_asked(path, reader.read(path), form)
    if form == "parquet" or (form is None and is_parquet):
        return _read_parquet(path)
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise FileFormatError(f"{path}: found {what}. {_expected()}")
    if path.is_dir():
        raise FileFormatError(f"{path}: found a folder, expected a file, or the folder of PATSTAT's tables")
    return _read_sheet(path, form)


def _head(path: Path) -> bytes:
    """Return a file's first bytes; none for a folder, which only PATSTAT's tables come in."""
    if path.is_dir():
        return b""
    if not path.is_file():
        raise FileFormatError(f"{path}: no such file")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise FileFormatError(f"{path}: found an empty file; expected one of {', '.join(FORMATS)}. Download it again")
    return head


def _candidates(form: str | None, *, is_parquet: bool) -> Iterable[str]:
    """Return the modules to be asked: the one named, or all; only one of them also writes parquet."""
    if form is not None:
        return [form] if form in _MODULES or form in _KINDS else []
    return ["bigquery_export"] if is_parquet else _MODULES


def _recognises(reader: _Reader, head: bytes, path: Path) -> bool:
    """Ask a format's module; a first line that is no CSV at all is none of PATSTAT's."""
    try:
        return reader.recognises(head, path)
    except csv.Error:
        return False


def _reader(name: str) -> _Reader:
    """Return a format's module; it is imported only when a file asks for it."""
    return cast("_Reader", importlib.import_module(f"patentscope.files.{_HOMES[_KINDS.get(name, name)]}"))


def _as_asked(path: Path, found: Imported, form: str | None) -> Imported:
    """Return *found*, unless it is the other of two kinds that one reader reads."""
    if form in _KINDS and found.format != form:
        raise FileFormatError(
            f"{path}: found {found.format}, expected {form}. Leave out --format, or say {found.format}"
        )
    return found


def _read_parquet(path: Path) -> Imported:
    table, source = parquet.read(path)
    return Imported(table, source, "parquet", "binary", table.num_rows)


def _sheet_form(text: str) -> str | None:
    """Return the CSV format whose header stands in the first rows of *text*."""
    return next((name for name, form in FORMS.items() if find_header(text, form.header)), None)


def _read_sheet(path: Path, name: str | None) -> Imported:
    """Read a CSV export, of the format *name* or of whatever its header says."""
    decoded = decode(path)
    form = FORMS.get(name or _sheet_form(decoded.text) or "")
    found = find_header(decoded.text, form.header) if form else None
    if form is None or found is None:
        raise FileFormatError(_refusal(path, decoded, form))
    return import_sheet(path, decoded, form, found)


def _refusal(path: Path, decoded: Decoded, wanted: Form | None) -> str:
    """Say what was found in place of a header known here."""
    other = _sheet_form(decoded.text)
    if wanted and other:
        return f"{path}: found {FORMS[other].title}, expected {wanted.title}. Leave out --format, or say {other}"
    rows = [row for separator in ",;\t" for _, row in first_rows(decoded.text, separator)]
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
    first = max((row for row in rows[:1] or [[]]), key=len)
    shown = ", ".join(cell.strip()[:30] for cell in first[:8])
    what = f"no header of {wanted.title}" if wanted else "no header known here"
    return f"{path}: found text ({decoded.encoding}) with {what}; its first line is {shown[:160]!r}. {_expected()}"


def _expected() -> str:
    return "Expected one of: " + "; ".join(f"{name}, {what}" for name, what in FORMATS.items())
