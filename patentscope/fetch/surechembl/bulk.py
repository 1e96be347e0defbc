"""SureChEMBL's bulk file of patents (EMBL-EBI), read in place by column and row group, and filtered to the query.

A release is one parquet file of several GB with a row for each document from which chemistry was extracted. Only the
columns needed are fetched, one row group at a time; what is kept of a row group are its rows that the query wants, so
that a fetch that was cut off goes on at the next row group, and `--offline` needs no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace

import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.errors import FetchError, NotCached
from patentscope.fetch.asking import Asking
from patentscope.fetch.cache import Answer, key_of
from patentscope.fetch.paced import PacedManners
from patentscope.fetch.slices import Fetched, Slice, as_imported
from patentscope.fetch.surechembl.card import BULK as CARD
from patentscope.fetch.surechembl.card import COVERAGE
from patentscope.fetch.surechembl.document import NO_NUMBER
from patentscope.fetch.surechembl.remote_parquet import Facts, RemoteFile, bytes_of, footer_of, read_row_group
from patentscope.fetch.surechembl.rows import COLUMNS, Wanted, publication_of
from patentscope.provenance.ledger import losses
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported

FILE = "patents.parquet"
_RELEASE = r"\d{4}-\d{2}-\d{2}"
_LISTED = re.compile(rf'href="({_RELEASE})/"')
_FACTS = "size, entity tag and date"
_NOTE = (
    "holds only documents from which chemistry was extracted, so it is no office's whole output; candidates are found "
    "by classes and by English words of titles, as it has no abstracts; assignees are taken as applicants, without "
    "countries; no filing dates and no priorities"
)


@dataclass
class Fetch:
    """One reading of the file for a query; nothing is asked before it is run."""

    wanted: Wanted
    asking: Asking
    remote: RemoteFile
    unread: int = 0
    fetched: Fetched = field(default_factory=Fetched)

    def run(self) -> Fetched:
        """Read every row group that is not kept yet, and return the rows that the query wants.

        Raises:
            FetchError, NotCached: what was read until then is kept.
        """
        stated = self._kept(_FACTS, "", lambda: json.dumps(asdict(self.remote.facts())).encode())
        self.remote.expected = Facts(**json.loads(stated.body))
        footer = self._kept("footer", stated.body.decode(), lambda: footer_of(self.remote)).body
        metadata = pq.read_metadata(pa.BufferReader(footer))
        columns = metadata.schema.to_arrow_schema().names
        if missing := [name for name in COLUMNS if name not in columns]:
            raise FetchError(f"{self.remote.shown}: no column {', '.join(missing)}; found {', '.join(columns)}")
        self._tell_size(metadata)
        for group in range(metadata.num_row_groups):
            self._take(metadata, group)
        scanned = sum(piece.received for piece in self.fetched.slices)
        whole = {"part": FILE, "where": "all", "stated": metadata.num_rows, "inside": scanned, "at_least": False}
        self.fetched.splits.append(whole)
        return self.fetched

    def note(self) -> str:
        """Return what is to be known of what was read."""
        release = re.search(_RELEASE, self.remote.url)
        date = self.remote.facts().last_modified or "an unknown date"
        dated = f"release of {release[0]}" if release else f"file of {date}"
        kept = f"a slice is a row group, a hit a row; {len(self.fetched.publications)} rows match the query"
        unread = [f"{self.unread} rows have a class symbol that can't be read"] if self.unread else []
        return "; ".join([dated, kept, COVERAGE, _NOTE, *unread])

    def _tell_size(self, metadata: pq.FileMetaData) -> None:
        """Say how much is still to be fetched, before it is."""
        count, store = metadata.num_row_groups, CARD.store(self.asking.cache)
        to_come = [group for group in range(count) if store.get(self._key(*self._question(group))) is None]
        size = sum(bytes_of(metadata, group, COLUMNS) for group in to_come)
        text = (
            f"{CARD.title}: {metadata.num_rows:,} rows in {count} row groups, {len(to_come)} of them still to be read: "
            f"{size / 1e6:,.1f} MB in the columns needed, of a file of {self.remote.facts().size / 1e6:,.1f} MB"
        )
        self.asking.progress(Progress(text, is_notice=True))

    def _take(self, metadata: pq.FileMetaData, group: int) -> None:
        """Take in what the query wants of a row group. Every row that was looked at counts as received."""
        answer = self._kept(*self._question(group), lambda: self._scan(metadata, group))
        kept = json.loads(answer.body)
        read = [publication_of(row, CARD.name, answer.key[:16]) for row in kept["rows"]]
        piece = Slice(FILE, f"row group {group}", "", metadata.row_group(group).num_rows)
        numberless = losses(NO_NUMBER, [(None, "")] * read.count(None))
        done = self.fetched.close_slice(piece, list(filter(None, read)), numberless)
        self.fetched.slices[-1] = replace(done, received=kept["scanned"])
        self.unread += kept["unread"]
        matching = f"{len(self.fetched.publications):,} rows match"
        self.asking.progress(Progress(CARD.title, group + 1, metadata.num_row_groups, "row groups", matching))

    def _scan(self, metadata: pq.FileMetaData, group: int) -> bytes:
        """Return as JSON what the query wants of a row group, read over the network."""
        table = read_row_group(self.remote, metadata, group, COLUMNS)
        try:
            rows, unread = self.wanted.rows(table)
        except pa.ArrowException as error:
            why = str(error).splitlines()[0][:160]
            raise FetchError(f"{self.remote.shown}: columns of other types than expected ({why})") from error
        kept = {"scanned": table.num_rows, "unread": unread, "rows": rows.to_pylist()}
        return json.dumps(kept, ensure_ascii=False, default=str).encode()

    def _question(self, group: int) -> tuple[str, str]:
        """Return what is kept of a row group, and what it depends on."""
        about = [asdict(self.remote.facts()), COLUMNS, self.wanted.stated]
        return f"row group {group}", json.dumps(about, sort_keys=True)

    def _key(self, what: str, about: str) -> str:
        return key_of("GET", self.remote.url, what, about.encode())

    def _kept(self, what: str, about: str, ask: Callable[[], bytes]) -> Answer:
        """Return what is kept of *what*, else what *ask* gives, and keep it.

        Only the file's facts can be too old: everything else belongs to the very file that they tell from others.

        Raises:
            NotCached: offline, where nothing is kept.
        """
        key, store = self._key(what, about), CARD.store(self.asking.cache)
        kept = store.get(key)
        since = None if self.asking.offline or what != _FACTS else self.asking.not_before
        if kept is not None and (since is None or kept.fetched_at.date() >= since):
            return self.fetched.note(kept)
        if self.asking.offline:
            raise NotCached(f"offline, and this part of the file is not kept: {what} of {self.remote.shown}")
        question = {"method": "GET", "url": self.remote.shown, "accept": what}
        return self.fetched.note(store.put(key, question, 206, {}, ask()))


def address(asking: Asking) -> str:
    """Return the file's address: the variable's, a file or its folder; else that of the newest release.

    Raises:
        UsageError: for anything but https, loopback addresses apart.
        FetchError and its kinds: where the releases can't be listed.
    """
    base = CARD.address()
    if base != CARD.base:
        return base if base.endswith(".parquet") else f"{base}/{FILE}"
    manners = PacedManners(60.0, is_answer=lambda response: bool(_LISTED.search(response.text)))
    with closing(asking.asker(CARD, manners)) as who:
        listing = who.ask(f"{base}/", service="files", accept="text/html").body.decode("utf-8", "replace")
    return f"{base}/{max(_LISTED.findall(listing))}/{FILE}"


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates, with the proof that every row was looked at in its source.

    Raises:
        QueryError: where the query asks for nothing that the file has.
        FetchError and its kinds, as `Fetch.run`.
    """
    with closing(RemoteFile(address(asking), asking.clock)) as remote:
        fetch = Fetch(Wanted.by(query), asking, remote)
        fetched = fetch.run()
    return as_imported(fetched, CARD, fetch.note())
