"""Publications gathered into one table whose texts don't show in memory, and a tally of what was set aside."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from patentscope.provenance.ledger import Loss, Source
from patentscope.records import texts
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication
from patentscope.records.store import APART, SCHEMA, to_table
from patentscope.records.texts import Texts

_ORIGIN = 16  # how much of a file's hash is written into each of its records
_BATCH = 2000
_ROWS = 4000  # whose texts are put into blocks at once
_MOST_IN_MEMORY = 16 << 20
_BLOCKS = 16  # after which memory is given back: each time takes some milliseconds
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


def gathered(publications: Iterable[Publication]) -> tuple[pa.Table, Texts | None]:
    """Return *publications* as `gathered_tables` does."""
    entries = iter(publications)
    batches = iter(lambda: list(itertools.islice(entries, _BATCH)), [])
    return gathered_tables(to_table(batch) for batch in batches)


def gathered_tables(tables: Iterable[pa.Table]) -> tuple[pa.Table, Texts | None]:
    """Return *tables* (each with `store.SCHEMA`) as one; where they are large, without texts, and these apart.

    What exceeds 16 MB goes through a temporary file, so that texts of many gigabytes take no more memory than few.

    Raises:
        WriteError: where that can't be written to its end.
    """
    kept: list[pa.Table] = []
    remaining, size = iter(tables), 0
    for table in remaining:
        kept.append(table)
        size += table.nbytes
        if size > _MOST_IN_MEMORY:
            return _apart(kept, remaining)
    return (pa.concat_tables(kept) if kept else SCHEMA.empty_table()), None


def _apart(kept: list[pa.Table], remaining: Iterator[pa.Table]) -> tuple[pa.Table, Texts]:
    """Return tables as one without texts, and the texts; *kept* is empty after it."""
    file, parts = texts.File(in_memory=1), []
    with file.writer() as writer:
        for table in itertools.chain((kept.pop(0) for _ in range(len(kept))), remaining):
            writer.write_table(table.select(texts.SCHEMA.names))
            parts.append(table.select(APART.names))
            if len(parts) % _BLOCKS == 0:
                pa.default_memory_pool().release_unused()
    apart = pa.concat_tables(parts)
    told = texts.keep(apart.column("publication_number"), file.tables(_ROWS * len(parts) // len(apart)))
    pa.default_memory_pool().release_unused()
    return apart, told


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

    def imported(
        self,
        table: pa.Table,
        form: str,
        *,
        what: str,
        encoding: str = "utf-8",
        told: Texts | None = None,
        **facts: Any,  # noqa: ANN401 - Source's own fields
    ) -> Imported:
        """Return what the file gave: publications, *told* their texts where these are apart, and other rows.

        *what* and *facts* say more of it as a source.
        """
        name, rows = self.path.name, table.num_rows + self.count
        stated = {"retrieved": None, "licence": "as its owner states", "rows": rows, **facts}
        source = Source(name, "file", f"{name}, {what}", sha256=self.sha256, records=table.num_rows, **stated)
        return Imported(table, source, form, encoding, rows, self.losses(), self.notes, texts=told)
