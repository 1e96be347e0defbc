"""A collection: parquet files in our own columns, together too large to be read at once, checked before they are read.

They are told by their first bytes and their schema, and hashed as a whole.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.errors import FileFormatError, UsageError
from patentscope.files.spool import sha256_of
from patentscope.files.tables import bigquery_export
from patentscope.records.store import publications_of


class Collection(NamedTuple):
    """What *files* are to be read, by their whole paths; `sha256` is that of their bytes."""

    name: str
    files: tuple[str, ...]
    sha256: str


def collect(inputs: Sequence[Path | str]) -> Collection:
    """Return the collection that *inputs* name: files, folders of parquet files, patterns such as `world/*.parquet`.

    Raises:
        FileFormatError: where there is no such file, or one is damaged, or has a column of another type.
        UsageError: where a file is no parquet in our own columns, or an address is named.
    """
    named = [str(entry) for entry in inputs]
    name = Path(named[0]).name + (f" and {len(named) - 1} more" if len(named) > 1 else "")
    files = list(dict.fromkeys(path for entry in named for path in _files(entry)))
    for path in files:
        _check(path)
    digests = sorted(sha256_of(path) for path in files)
    # Of several files, whatever their names and order.
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Collection(name, tuple(str(path.resolve()) for path in files), whole)


def _files(entry: str) -> list[Path]:
    """Return the parquet files that one input names."""
    if "://" in entry:
        raise UsageError(
            f"{entry} is an address, and --candidates reads files of this machine. What works: mount or copy the "
            "files, and name their folder"
        )
    path = Path(entry)
    if path.is_file():
        return [path]
    paths = path.rglob("*.parquet") if path.is_dir() else map(Path, glob.glob(entry, recursive=True))  # noqa: PTH207
    files = sorted(one for one in paths if one.is_file())
    if not files:
        what = "no file *.parquet in this folder" if path.is_dir() else "no such file"
        raise FileFormatError(f"{entry}: {what}")
    return files


def _check(path: Path) -> None:
    """Refuse a file that is no parquet, or in columns that are not ours."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
        schema = pq.read_schema(path) if head == b"PAR1" else None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise FileFormatError(f"{path}: not a readable parquet file ({str(error).splitlines()[0][:160]})") from error
    if schema is not None and bigquery_export.recognises(head, path):
        what = "is an export from BigQuery, in its own columns"
    elif schema is not None and "publication_number" in schema.names:
        publications_of(schema.empty_table(), path)
        return
    else:
        what = "is no parquet file" if schema is None else "has no column `publication_number`"
    raise UsageError(
        f"{path} {what}, and --candidates reads parquet in our own columns only. What works: `patentscope import "
        f"{path} --out {path.stem}.parquet` first, or `--input {path}` without --candidates"
    )
