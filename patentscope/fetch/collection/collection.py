"""A collection: parquet files in our own columns, together too large to be read at once, checked before they are read.

They are told by their first bytes and their schema, and hashed as a whole: DuckDB's by their bytes, Spark's, which
never come here, by their lengths and footers.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.engines.engine import Engine
from patentscope.engines.spark import SparkEngine
from patentscope.errors import FileFormatError, UsageError
from patentscope.files.spool import sha256_of
from patentscope.files.tables import bigquery_export
from patentscope.provenance.search import Search
from patentscope.records import store


class File(NamedTuple):
    """One file: its whole path or address, how many *rows* it has, its *schema* with all that it says of itself."""

    path: str
    rows: int
    schema: pa.Schema

    @property
    def searches(self) -> tuple[Search, ...]:
        """Return the searches that it was made of, itself as one that says nothing where it names none."""
        return store.searches_of(self.schema) or (Search(Path(self.path).name, rows=self.rows),)


class Collection(NamedTuple):
    """What *files* are to be read; `sha256` is that of their bytes, where Spark reads them of lengths and footers."""

    name: str
    files: tuple[File, ...]
    sha256: str

    @property
    def columns(self) -> frozenset[str]:
        """Return the columns that can hold more than nulls."""
        return frozenset(field.name for file in self.files for field in file.schema if not _is_empty(field.type))


def collect(inputs: Sequence[Path | str], engine: Engine) -> Collection:
    """Return the collection that *inputs* name: files, folders of parquet files, patterns such as `world/*.parquet`.

    Raises:
        FileFormatError: where there is no such file, or one is damaged, or has a column of another type.
        UsageError: where a file is no parquet in our own columns, or an address is named to DuckDB.
    """
    named = [str(entry) for entry in inputs]
    name = Path(named[0]).name + (f" and {len(named) - 1} more" if len(named) > 1 else "")
    if isinstance(engine, SparkEngine):
        with engine.reading(name):
            ends = engine.ends(named)
        if not ends:
            raise FileFormatError(f"{', '.join(named)}: no file *.parquet there")
        files = [_checked(path, pa.BufferReader(b"PAR1" + end)) for path, end in ends.items()]
        digests = [hashlib.sha256(end).hexdigest() for end in ends.values()]
    else:
        paths = list(dict.fromkeys(path for entry in named for path in _files(entry)))
        files = [_checked(str(path.resolve()), path) for path in paths]
        digests = [sha256_of(path) for path in paths]
    # Of several files, whatever their names and order.
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    return Collection(name, tuple(files), whole)


def _files(entry: str) -> list[Path]:
    """Return the parquet files that one input names."""
    if "://" in entry:
        raise UsageError(
            f"{entry} is an address, and DuckDB reads files of this machine. What works: mount or copy the files, and "
            "name their folder; or `--engine spark`, which reads what its cluster can"
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


def _checked(path: str, file: Path | pa.BufferReader) -> File:
    """Return a file by what its end says, refused where its columns are not ours; *file* is the whole or that end."""
    try:
        metadata = pq.read_metadata(file) if not isinstance(file, Path) or _begins_well(file) else None
        schema = pa.schema([]) if metadata is None else metadata.schema.to_arrow_schema()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise FileFormatError(f"{path}: not a readable parquet file ({str(error).splitlines()[0][:160]})") from error
    if metadata is None:
        what = "is no parquet file"
    elif bigquery_export.is_export(schema):
        what = "is an export from BigQuery, in its own columns"
    elif "publication_number" in schema.names:
        store.publications_of(schema.empty_table(), path)
        return File(path, metadata.num_rows, schema)
    else:
        what = "has no column `publication_number`"
    raise UsageError(
        f"{path} {what}, and --candidates reads parquet in our own columns only. What works: `patentscope import "
        f"{path} --out {Path(path).stem}.parquet` first, or `--input {path}` without --candidates"
    )


def _begins_well(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _is_empty(kind: pa.DataType) -> bool:
    """Say whether a column can hold nothing but nulls."""
    return bool(pa.types.is_null(kind) or (pa.types.is_list(kind) and pa.types.is_null(kind.value_type)))
