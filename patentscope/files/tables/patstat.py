"""PATSTAT tables as CSV, joined into publications: each row of tls211 is one, the other tables say the rest."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from patentscope.errors import FileFormatError
from patentscope.files.container import heads, members, unpacking
from patentscope.files.spool import FileAccount, gathered_tables, sha256_of
from patentscope.files.tables.patstat_tables import COLUMNS, GAPS, JOIN, PUBLICATIONS, WITHOUT_NUMBER, table_sql
from patentscope.provenance.writing import replaced
from patentscope.records.imported import Imported
from patentscope.records.store import publications_of

_BATCH = 20_000
_MOST_UNPACKED = 200 << 30
#: Tables of ids and names get some ten times smaller when packed; what a small zip holds is let pass.
_MOST_PACKED, _SMALL = 100, 64 << 20
_LICENCE = "EPO PATSTAT licence: own use; the records as such not to be made available"
_NOTE = (
    "PATSTAT tables; CPC is the family's, so every member carries it. Applications without a publication are no "
    "records here."
)


def recognises(head: bytes, path: Path) -> bool:
    """Say whether a file that begins with *head* is one of PATSTAT's tables, or a gzip or zip of them."""
    return (path.is_dir() and bool(_tables(path.iterdir()))) or any(_table_of(start) for start in heads(head, path))


def _table_of(head: bytes) -> tuple[str, str] | None:
    """Return which table has the header that *head* begins with, and its separator; None where it is none."""
    line = head.lstrip(b"\xef\xbb\xbf").replace(b"\r", b"\n").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    for separator in (",", ";", "\t", "|"):
        names = {name.strip(' "').lower() for name in line.split(separator)}
        for table, (signature, _) in COLUMNS.items():
            if names.issuperset(signature):
                return table, separator
    return None


def read(path: Path) -> Imported:
    """Read the tables in *path*: a folder, a zip, or any one of them, whose neighbours are then read with it.

    Raises:
        FileFormatError: where the table of publications (tls211) is not there, or a table can't be read.
    """
    with unpacking(str(path)), tempfile.TemporaryDirectory(prefix="patentscope-") as folder:
        tables = _found(path, Path(folder))
        if PUBLICATIONS not in tables:
            raise FileFormatError(
                f"{path}: found {', '.join(sorted(tables)) or 'no table'}; expected {PUBLICATIONS} (publications) "
                "and in the same folder the tables that belong to it"
            )
        account = FileAccount(path.resolve(), _digest(path, tables, Path(folder)))
        absent = ", ".join(name for name in COLUMNS if name not in tables)
        account.notes = {"tables": ", ".join(sorted(tables)), **({"tables absent": absent} if absent else {})}
        table, told = gathered_tables(_batches(tables, path, account, Path(folder)))
    note = _NOTE + (f" Not in this folder: {absent}." if absent else "")
    return account.imported(table, "patstat", what="PATSTAT tables", told=told, licence=_LICENCE, note=note)


def _digest(path: Path, tables: dict[str, list[tuple[Path, str]]], folder: Path) -> str:
    """Return the hash of all that was read: a zip's, else that over the hashes of the tables' files, by file name."""
    files = sorted(file for entries in tables.values() for file, _ in entries)
    if files[0].parent == folder:
        return sha256_of(path)
    return hashlib.sha256("\n".join(map(sha256_of, files)).encode()).hexdigest()


def _found(path: Path, folder: Path) -> dict[str, list[tuple[Path, str]]]:
    """Return the files of each table with their separators; those of a zip are unpacked to names of our own."""
    with path.open("rb") if path.is_file() else contextlib.nullcontext() as stream:
        is_zip = stream is not None and stream.read(4) == b"PK\x03\x04"
    if not is_zip:
        return _tables((path if path.is_dir() else path.parent).iterdir())
    unpacked = []
    room = max(_SMALL, _MOST_PACKED * path.stat().st_size)
    for place, member in enumerate(members(path, _MOST_UNPACKED)):
        if not _table_of(member.head()):
            continue
        unpacked.append(folder / f"{place}.csv")
        with replaced(unpacked[-1]) as part, part.open("wb") as copy:
            while block := member.stream.read(1 << 20):
                room -= len(block)
                if room < 0:
                    raise FileFormatError(f"{member.where}: more than {_MOST_PACKED} times its packed size; a bomb?")
                copy.write(block)
    return _tables(unpacked)


def _tables(files: Iterator[Path] | list[Path]) -> dict[str, list[tuple[Path, str]]]:
    tables: dict[str, list[tuple[Path, str]]] = {}
    for file in sorted(file for file in files if re.search(r"\.(csv|txt|tsv)(\.gz)?$", file.name, re.IGNORECASE)):
        with file.open("rb") as stream:
            head = stream.read(1 << 16)
        known = next((table for start in heads(head, file) if (table := _table_of(start))), None)
        if known:
            tables.setdefault(known[0], []).append((file, known[1]))
    return tables


def _batches(
    tables: dict[str, list[tuple[Path, str]]], path: Path, account: FileAccount, folder: Path
) -> Iterator[pa.Table]:
    """Join the tables in a database of our own in *folder*; yield the publications in tls211's order."""
    with duckdb.connect(str(folder / "tables.duckdb")) as base:
        try:
            for name in COLUMNS:
                base.execute(table_sql(name, tables.get(name, [])))
            for office, identity in base.execute(WITHOUT_NUMBER).fetchall():
                account.add("no publication number", office, f"pat_publn_id {identity}")
            account.notes.update({what: str(count) for what, count in base.execute(GAPS).fetchall() if count})
            for batch in base.sql(JOIN, params=list(account.names)).to_arrow_reader(_BATCH):
                yield publications_of(pa.Table.from_batches([batch]), path)
        except duckdb.Error as error:
            told = str(error).splitlines()[0][:240]
            raise FileFormatError(f"{path}: a PATSTAT table can't be read ({told})") from error
