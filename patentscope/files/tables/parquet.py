"""Our own parquet: publications in the columns of `store.SCHEMA`, whoever wrote the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from patentscope.errors import FileFormatError
from patentscope.files.spool import FileAccount
from patentscope.records.imported import Imported
from patentscope.records.store import has_family_members, read_publications, searches_of

MAGIC = b"PAR1"


def recognises(head: bytes, _: Path) -> bool:
    """Say whether a file that begins with *head* is parquet."""
    return head.startswith(MAGIC)


def read(path: Path) -> Imported:
    """Return the publications in *path*.

    Raises:
        FileFormatError: where the file is no parquet, or has other columns.
    """
    with path.open("rb") as file:
        begins = file.read(16)
    if not begins.startswith(MAGIC):
        raise FileFormatError(
            f"{path}: found {begins!r}, expected a parquet file of publications with at least the column "
            "`publication_number` (README, 'Files')"
        )
    (table, told), account = read_publications(path), FileAccount(path)
    schema = pq.read_schema(path)
    is_whole = has_family_members(schema)
    imported = account.imported(
        table, "parquet", what="a parquet file", encoding="binary", told=told, has_family_members=is_whole
    )
    made_of = searches_of(schema)
    return replace(imported, source=imported.source.made(made_of)) if made_of else imported
