"""Publications gathered into one table whose size does not show in memory, and a tally of what was set aside."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from patentscope.errors import WriteError
from patentscope.provenance.ledger import Loss, Source
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication
from patentscope.records.store import SCHEMA, to_table

_ORIGIN = 16  # how much of a file's hash is written into each of its records
_BATCH = 2000
_MOST_IN_MEMORY = 32 << 20
_EXAMPLES = 3


class Aside:
    """Counts records that are not among the publications, by reason and office, with the first of each."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, reason: str, office: str | None, name: str) -> None:
        """Count one record, called *name*."""
        key = reason, office or "unknown"
        self._counts[key] += 1
        if self._counts[key] <= _EXAMPLES:
            self._first[key].append(name)

    @property
    def count(self) -> int:
        """How many were set aside."""
        return self._counts.total()

    def losses(self) -> list[Loss]:
        """Return one `Loss` per reason and office."""
        return [Loss(*key, count, tuple(self._first[key])) for key, count in sorted(self._counts.items())]


def gathered(publications: Iterable[Publication]) -> pa.Table:
    """Return *publications* as a table with `store.SCHEMA`.

    What exceeds 32 MB goes to a temporary file that the table then maps, so that a file of many gigabytes takes no
    more memory than a small one.
    """
    entries = iter(publications)
    batches = iter(lambda: list(itertools.islice(entries, _BATCH)), [])
    return gathered_tables(to_table(batch) for batch in batches)


def gathered_tables(tables: Iterable[pa.Table]) -> pa.Table:
    """Return *tables* (each with `store.SCHEMA`) as one, mapped from a temporary file where they are large."""
    kept: list[pa.Table] = []
    remaining, size = iter(tables), 0
    for table in remaining:
        kept.append(table)
        size += table.nbytes
        if size > _MOST_IN_MEMORY:
            return _mapped(itertools.chain(kept, remaining))
    return pa.concat_tables(kept) if kept else SCHEMA.empty_table()


def _mapped(tables: Iterable[pa.Table]) -> pa.Table:
    with tempfile.NamedTemporaryFile(prefix="patentscope-", suffix=".arrow", delete=False) as file:
        path = Path(file.name)
    try:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
            for table in tables:
                writer.write_table(table)
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except OSError as error:
        raise WriteError(
            f"{path}: a temporary file can't be written ({error.strerror or error}). Make room, or set TMPDIR to a "
            "folder that has some"
        ) from error
    finally:
        with contextlib.suppress(PermissionError):  # Windows keeps a mapped file's name
            path.unlink()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits; the first 16 are its records' origin."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class FileAccount(Aside):
    """One file's account: what its records are known by, what was set aside, and notes for the user."""

    def __init__(self, path: Path, sha256: str = "") -> None:
        """Begin the account of *path*, which is hashed unless its hash is known."""
        super().__init__()
        self.path, self.sha256 = path, sha256 or sha256_of(path)
        self.names = path.name, self.sha256[:_ORIGIN]
        self.notes: dict[str, str] = {}

    def imported(self, table: pa.Table, form: str, *, what: str, encoding: str = "utf-8", **facts: Any) -> Imported:  # noqa: ANN401 - Source's own fields
        """Return what the file gave: publications and other rows; *what* and *facts* say more of it as a source."""
        name, rows = self.path.name, table.num_rows + self.count
        stated = {"retrieved": None, "licence": "as its owner states", "rows": rows, **facts}
        source = Source(name, "file", f"{name}, {what}", sha256=self.sha256, records=table.num_rows, **stated)
        return Imported(table, source, form, encoding, rows, self.losses(), self.notes)
