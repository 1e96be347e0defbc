"""Publications to parquet and back, with a declared schema: the same columns whatever source they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patentscope.errors import FileFormatError
from patentscope.provenance.search import Search, as_text, of_text
from patentscope.provenance.writing import replaced
from patentscope.records import texts
from patentscope.records.publication import Publication
from patentscope.records.texts import Texts

_SEARCHES, _MEMBERS = b"patentscope.searches", b"patentscope.family_members"
_PRIORITY = pa.struct([("number", pa.string()), ("date", pa.date32())])
_PARTY = pa.struct([("name", pa.string()), ("country", pa.string())])
SCHEMA = pa.schema(
    [
        ("publication_number", pa.string()),
        ("office", pa.string()),
        ("kind", pa.string()),
        ("publication_date", pa.date32()),
        ("filing_date", pa.date32()),
        ("priority_date", pa.date32()),
        ("application_number", pa.string()),
        ("priorities", pa.list_(_PRIORITY)),
        ("family_id", pa.string()),
        ("family_source", pa.string()),
        ("family_members", pa.list_(pa.string())),
        ("family_offices", pa.list_(pa.string())),
        ("title", pa.string()),
        ("title_language", pa.string()),
        ("title_original", pa.string()),
        ("abstract", pa.string()),
        ("abstract_language", pa.string()),
        ("cpc", pa.list_(pa.string())),
        ("ipc", pa.list_(pa.string())),
        ("applicants", pa.list_(_PARTY)),
        ("inventors", pa.list_(_PARTY)),
        ("source", pa.string()),
        ("origin", pa.string()),
    ]
)
#: Columns of few values, which alone are worth a dictionary.
_FEW_VALUES = [
    *("office", "kind", "publication_date", "filing_date", "priority_date", "family_source"),
    *("title_language", "abstract_language", "cpc.list.element", "ipc.list.element", "family_offices.list.element"),
    *("applicants.list.element.country", "inventors.list.element.country", "source", "origin"),
]
#: All but texts.
APART = pa.schema([entry for entry in SCHEMA if entry.name not in texts.SCHEMA.names])


def _row(publication: Publication) -> dict[str, Any]:
    row = dict(vars(publication))
    for name in ("priorities", "applicants", "inventors"):
        row[name] = [vars(member) for member in row[name]]
    return row


def to_table(publications: Iterable[Publication]) -> pa.Table:
    """Return *publications* as an Arrow table with `SCHEMA`, one row each, in the order given.

    JSON can write half of a surrogate pair, which is no character: it becomes U+FFFD.
    """
    rows = [_row(publication) for publication in publications]
    try:
        return pa.Table.from_pylist(rows, schema=SCHEMA)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_whole_characters(row) for row in rows], schema=SCHEMA)


def _whole_characters(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {name: _whole_characters(entry) for name, entry in value.items()}
    return [_whole_characters(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def write(
    tables: pa.Table | Iterable[pa.Table],
    path: Path,
    searches: Sequence[Search] = (),
    *,
    has_family_members: bool = True,
) -> None:
    """Write a table, or several of one schema one after the other, as parquet, as a whole or not at all.

    *searches* are those that its rows come from; *has_family_members* is whether they hold their families whole.

    Raises:
        WriteError: as `writing.replaced`.
    """
    parts = iter([tables] if isinstance(tables, pa.Table) else tables)
    table = next(parts)
    about = {_SEARCHES: as_text(searches)} if searches else {}
    about |= {} if has_family_members else {_MEMBERS: "some"}
    schema = table.schema.with_metadata(about) if about else table.schema
    encoded = _FEW_VALUES if table.schema.equals(SCHEMA) else True
    with (
        replaced(path) as part,
        pq.ParquetWriter(part, schema, compression="zstd", use_dictionary=encoded) as writer,
    ):
        while table is not None:
            writer.write_table(table, row_group_size=texts.ROWS)
            del table  # or two stand beside each other
            table = next(parts, None)


def read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a table that a stage of ours wrote; of its columns those named, or all."""
    return pq.read_table(path, columns=None if columns is None else list(columns))


def rows(path: Path, places: np.ndarray[Any, np.dtype[np.int32]], columns: Sequence[str]) -> pa.Table:
    """Return the rows at *places* of a table that a stage of ours wrote, in that order; row group by row group.

    A group that has none of them is not read, and no more than one is in memory.
    """
    file = pq.ParquetFile(path)
    asked, back = np.unique(places, return_inverse=True)
    parts, start = [file.schema_arrow.empty_table().select(list(columns))], 0
    for group in range(file.num_row_groups):
        stop = start + file.metadata.row_group(group).num_rows
        here = asked[(asked >= start) & (asked < stop)]
        if len(here):
            parts.append(file.read_row_group(group, columns=list(columns)).take(pa.array(here - start)))
        start = stop
    return pa.concat_tables(parts).take(pa.array(back))


def searches_of(schema: pa.Schema) -> tuple[Search, ...]:
    """Return the searches that a parquet file of ours was made of, by its schema; none where somebody else wrote it."""
    return of_text((schema.metadata or {}).get(_SEARCHES, b""))


def has_family_members(schema: pa.Schema) -> bool:
    """Return whether families are whole in a parquet file, as far as one of ours says; somebody else's is taken so."""
    return (schema.metadata or {}).get(_MEMBERS) != b"some"


def read_publications(path: Path) -> tuple[pa.Table, Texts]:
    """Read a parquet file of publications in our columns, whoever wrote it; texts apart, a block at a time.

    An absent column and an empty string are null; a null list is the same as an empty one. Columns that we do not
    know are left out. Dates may be dates, timestamps or ISO text.

    Raises:
        FileFormatError: where the file is no parquet, has no publication numbers, or a column of another type.
        WriteError: where texts that don't fit into memory fit on no disk either.
    """
    with _readable(path):
        # Row groups of somebody else's file may be of any size: what is read of one is never held as a whole.
        file = pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
        publications_of(file.schema_arrow.empty_table(), path)
        found = frozenset(file.schema_arrow.names)
        table = file.read(columns=[name for name in APART.names if name in found])
        table.validate(full=True)  # text that is no UTF-8, offsets that point nowhere
    table = publications_of(table, path, APART)
    columns = ["publication_number", *(name for name in texts.SCHEMA.names if name in found)]
    return table, texts.keep(table.column("publication_number"), _batches(file, columns, path))


def _batches(file: pq.ParquetFile, columns: Sequence[str], path: Path) -> Iterator[pa.Table]:
    with _readable(path):
        for batch in file.iter_batches(texts.ROWS, columns=list(columns)):
            table = pa.Table.from_batches([batch])
            table.validate(full=True)
            yield publications_of(table, path, texts.SCHEMA)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:  # a column's name may be no text either
        raise FileFormatError(f"{path}: not a readable parquet file ({str(error).splitlines()[0][:160]})") from error


def together(table: pa.Table, told: pa.Table) -> pa.Table:
    """Return a table with all columns (`SCHEMA`) from one without texts and one of them."""
    columns = [(told if name in texts.SCHEMA.names else table).column(name) for name in SCHEMA.names]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def publications_of(table: pa.Table, path: Path | str, schema: pa.Schema = SCHEMA) -> pa.Table:
    """Return a table in our columns, whoever made it, as `read_publications` does; *path* is where it was found.

    Of our columns it has those of *schema*.

    Raises:
        FileFormatError: where it has no publication numbers, or a column of another type.
    """
    if "publication_number" not in table.column_names:
        raise FileFormatError(
            f"{path}: no column `publication_number`; found {', '.join(table.column_names[:12]) or 'no columns'}. "
            f"Expected the columns {', '.join(SCHEMA.names)}"
        )
    columns = [_column(table, wanted, path) for wanted in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(table: pa.Table, wanted: pa.Field, path: Path | str) -> pa.ChunkedArray:
    """Return one column in its declared type, empty strings as null and null lists as empty ones."""
    if wanted.name not in table.column_names:
        empty = pa.nulls(table.num_rows, wanted.type)
        return no_null_lists(pa.chunked_array([empty])) if pa.types.is_list(wanted.type) else pa.chunked_array([empty])
    column = table.column(wanted.name)
    try:
        if pa.types.is_list(wanted.type):
            return no_null_lists(_cast_list(column, wanted.type))
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = _said(column)
        return column.cast(wanted.type)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise FileFormatError(
            f"{path}: column `{wanted.name}` is {column.type}, which can't be read as {wanted.type} "
            f"({str(error).splitlines()[0][:120]})"
        ) from error


def _said(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of text without blanks at the ends, an empty text as null; itself where there is none of either.

    Only the ends are looked at: to copy a gigabyte of abstracts takes as long as to read it. Of most texts a byte at
    either end will do, as those of letters, figures and stops are part of no blank.
    """
    raw = column.cast(pa.binary() if pa.types.is_string(column.type) else pa.large_binary())
    ends = [pc.binary_slice(raw, start, stop) for start, stop in ((0, 1), (-1, None))]
    doubtful = column.filter(pc.or_(*(pc.or_(pc.less_equal(end, b" "), pc.greater(end, b"~")) for end in ends)))
    ends = [pc.utf8_slice_codeunits(doubtful, start, stop) for start, stop in ((0, 1), (-1, None))]
    is_blank = pc.or_(*(pc.or_(pc.utf8_is_space(end), pc.equal(end, "")) for end in ends))
    if not pc.any(is_blank).as_py():
        return column
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)


def _cast_list(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    """Cast a list column; structs are matched by field name, fields that are absent become null."""
    if not pa.types.is_struct(wanted.value_type) or pa.types.is_null(column.type):
        return column.cast(wanted)
    entries = getattr(column.type, "value_type", None)
    if entries is None or not (pa.types.is_struct(entries) or pa.types.is_null(entries)):
        raise TypeError(f"expected a list of {', '.join(entry.name for entry in wanted.value_type)}")
    names = [entry.name for entry in wanted.value_type]
    if pa.types.is_struct(entries) and [entry.name for entry in entries] == names:
        return column.cast(wanted)
    rows = [
        None if row is None else [{name: (entry or {}).get(name) for name in names} for entry in row]
        for row in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(rows, type=wanted)])


def lists(values: pa.Array, rows: np.ndarray[Any, Any], count: int, type_: pa.DataType) -> pa.ListArray:
    """Put *values*, each of the row beside it (ascending), into one list per row, of *count* rows."""
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=type_)


def no_null_lists(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a list column with empty lists for null ones: both say nothing."""
    if not column.null_count:
        return column
    chunks = []
    for chunk in column.chunks:
        lengths = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        chunks.append(pa.ListArray.from_arrays(pa.array(offsets), chunk.flatten(), type=column.type))
    return pa.chunked_array(chunks, type=column.type)


def rows_at(column: pa.ChunkedArray, rows: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """Return a column's *rows*, in their order.

    Chunks are looked at one by one: Arrow would put them together first, and strings of one array hold 2 GiB.
    """
    ends = np.cumsum([len(chunk) for chunk in column.chunks])
    by_chunk = np.searchsorted(ends, rows, side="right")
    order = np.argsort(by_chunk, kind="stable")
    parts = [
        chunk.take(pa.array(rows[by_chunk == place] - (ends[place] - len(chunk))))
        for place, chunk in enumerate(column.chunks)
    ]
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    together = pa.concat_arrays([part.cast(column.type) for part in parts]) if parts else pa.nulls(0, column.type)
    return together.take(pa.array(places))
