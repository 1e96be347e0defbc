"""Our own parquet: publications in the columns of `store.SCHEMA`, whoever wrote the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentscope.errors import FileFormatError
from patentscope.files.spool import file_source, sha256_of
from patentscope.records.store import read_publications

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from patentscope.provenance.ledger import Source

_MAGIC = b"PAR1"


def read(path: Path) -> tuple[pa.Table, Source]:
    """Return the publications in *path* and where they came from.

    Raises:
        FileFormatError: where the file is missing, is no parquet, or has other columns.
    """
    if not path.is_file():
        raise FileFormatError(f"{path}: no such file")
    with path.open("rb") as file:
        begins = file.read(16)
    if begins[:4] != _MAGIC:
        raise FileFormatError(
            f"{path}: found {begins!r}, expected a parquet file of publications with at least the column "
            "`publication_number` (README, 'Files')"
        )
    table = read_publications(path)
    return table, file_source(path, sha256_of(path), table, title=f"{path.name}, a parquet file")
