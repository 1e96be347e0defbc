"""Our own parquet: publications in the columns of `store.SCHEMA`, whoever wrote the file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from patentscope.errors import FileFormatError
from patentscope.provenance import Source
from patentscope.store import read_publications

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

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
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if begins[:4] != _MAGIC:
        raise FileFormatError(
            f"{path}: found {begins!r}, expected a parquet file of publications with at least the column "
            "`publication_number` (README, 'Files')"
        )
    table = read_publications(path)
    return table, Source(
        name=path.name,
        kind="file",
        title=f"{path.name}, a parquet file",
        retrieved=None,
        licence="as its owner states",
        sha256=digest,
        records=table.num_rows,
    )
