"""Google Patents Public Data on BigQuery: all offices, by one statement whose price is known before it is run.

Nothing is billed without the user's word: a dry run, which is free, states what the statement would read, and it is run
only where `Asking.most_gib` allows that. Its rows are kept as they come: a fetch that was cut short goes on with the
same job, and a second one asks nobody.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from typing import Any

from patentscope.errors import NotCached, UsageError
from patentscope.fetch.asking import Asking
from patentscope.fetch.bigquery.card import CARD, PATH
from patentscope.fetch.bigquery.client import Google, RowsGone
from patentscope.fetch.bigquery.sql import TABLE, statement
from patentscope.fetch.cache import Answer, key_of
from patentscope.fetch.slices import Fetched, Slice, as_imported
from patentscope.files.tables.bigquery_row import publication_of
from patentscope.provenance.ledger import losses
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication

_PAGE = 5000
_ACCEPT = "application/x-ndjson"
_NOTE = (
    "families whole, with members of any date; terms were looked for in titles only, and abstracts are not fetched; "
    "the table is renewed about every quarter"
)

GIB = 1 << 30
_USD_PER_TIB = 6.25


@dataclass(frozen=True)
class Job:
    """A query job as it is kept: its name; once it is done where it ran, its rows and what was billed; what came."""

    name: str
    location: str | None = None
    rows: int | None = None
    bytes_billed: int | None = None
    received: int | None = None


class Fetch:
    """One fetch of a query's pool of candidates, with all members of their families.

    What is kept of a statement are its job, and the job's rows as JSON lines, in pages named by their first row.
    """

    def __init__(self, query: Query, asking: Asking) -> None:
        """Prepare to ask; nothing is sent yet."""
        self._asking = asking
        self._endpoint = CARD.address().removesuffix(PATH)
        self._sql = statement(query)
        self._store = CARD.store(asking.cache)
        self._google = Google(self._endpoint)

    def run(self) -> Imported:
        """Return the rows, kept or new, as publications.

        Raises:
            NotCached: offline, where not all rows are kept.
            UsageError: where the extra is not installed, or the statement would read more than is allowed.
            Unauthorized, QuotaExceeded, FetchError: where Google refuses or can't be reached; what came is kept.
        """
        job = self._job()
        if job is None or job.received is None or self._received(job) < job.received:
            with closing(self._google):
                job = self._fetched(job)
        return self._imported(job)

    def _job(self) -> Job | None:
        """Return the job that was begun for this statement before, if it is not too old."""
        answer, oldest = self._kept("jobs"), self._asking.not_before
        if answer is None or (oldest and not self._asking.offline and answer.fetched_at.date() < oldest):
            return None
        return Job(**json.loads(answer.body))

    def _fetched(self, job: Job | None) -> Job:
        """Fetch the rows that are not kept, from *job* where Google still has it, else from a new one."""
        if self._asking.offline:
            raise NotCached(
                f"offline, and the rows of this question are not all kept: {TABLE} at {self._endpoint}. Fetch them "
                "first: patentscope fetch QUERY --source bigquery --most-gib GIB"
            )
        if job is not None:
            try:
                return self._collected(self._google.find(job.name, job.location), job)
            except RowsGone:
                self._asking.progress(Progress("Google no longer has the job begun before; a new one is needed"))
        most = int(self._asking.most_gib * GIB)
        self._asking.progress(Progress(self._sql, is_notice=True))
        self._settle_price(self._google.size_of(self._sql), most)
        # Its name is kept first: whatever happens to the answer, the job is found again.
        new = Job(f"patentscope-{uuid.uuid4().hex}")
        self._keep("jobs", [asdict(new)])
        return self._collected(self._google.begin(self._sql, new.name, most), new)

    def _settle_price(self, size: int, most: int) -> None:
        """Say what the statement would read and cost; stop where that is more than is allowed."""
        text = (
            f"BigQuery would read {size / GIB:,.2f} GiB: nothing to pay within the 1 TiB that is free each month, else "
            f"{size / (GIB << 10) * _USD_PER_TIB:,.2f} USD at {_USD_PER_TIB} USD per TiB (the price of November 2026; "
            "check the current one)"
        )
        if size > most:
            raise UsageError(
                f"{text}. --most-gib allows {most / GIB:g} GiB, so nothing was run and nothing billed. What works: "
                f"--most-gib {math.ceil(size / GIB)}; or `patentscope fetch QUERY --sql`, which prints the SQL for "
                "Google's console: save its result as JSON lines, and `run --input` reads it"
            )
        self._asking.progress(Progress(text, is_notice=True))

    def _collected(self, running: Any, job: Job) -> Job:  # noqa: ANN401 - the library's own type
        """Wait for *running*, and keep those of its rows that are not kept yet, page by page."""
        first = self._received(job)
        total, pages = self._google.rows_of(running, first, _PAGE)
        job = replace(job, location=running.location, rows=total, bytes_billed=running.total_bytes_billed)
        self._keep("jobs", [asdict(job)])
        for rows in filter(None, pages):
            self._keep(_page(job, first), rows)
            first += len(rows)
            self._asking.progress(Progress(CARD.name, first, total, "rows"))
        job = replace(job, received=first)
        self._keep("jobs", [asdict(job)])
        return job

    def _imported(self, job: Job) -> Imported:
        fetched = Fetched()
        read: list[Publication | None] = []
        if answer := self._kept("jobs"):
            fetched.note(answer)
        for page in self._pages(job):
            origin = fetched.note(page).key[:16]
            read += (publication_of(json.loads(line), CARD.name, origin) for line in page.body.splitlines())
        publications = list(filter(None, read))
        piece = Slice("all readings", "all", self._sql, job.rows or 0)
        fetched.close_slice(piece, publications, losses("no publication number", [(None, "")] * read.count(None)))
        latest = max((one.publication_date for one in publications if one.publication_date), default=None)
        billed = "" if job.bytes_billed is None else f"{job.bytes_billed / GIB:,.2f} GiB billed; "
        note = f"{billed}latest publication {latest or 'unknown'}; {_NOTE}"
        return as_imported(fetched, CARD, note, has_family_members=True)

    def _pages(self, job: Job) -> Iterator[Answer]:
        """Yield the pages from the first row on, as far as they are kept without a gap."""
        first = 0
        while page := self._kept(_page(job, first)):
            yield page
            first += page.body.count(b"\n")

    def _received(self, job: Job) -> int:
        return sum(page.body.count(b"\n") for page in self._pages(job))

    def _key(self, what: str) -> str:
        return key_of("POST", f"{self._endpoint}{PATH}/{what}", _ACCEPT, self._sql.encode())

    def _kept(self, what: str) -> Answer | None:
        return self._store.get(self._key(what))

    def _keep(self, what: str, rows: Iterable[dict[str, Any]]) -> None:
        body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        question = {"method": "POST", "url": f"{self._endpoint}{PATH}/{what}", "accept": _ACCEPT}
        self._store.put(self._key(what), question, 200, {"content-type": _ACCEPT}, body)


def _page(job: Job, first: int) -> str:
    return f"queries/{job.name}?startIndex={first}"


def read(query: Query, asking: Asking) -> Imported:
    """Return the pool of candidates with all members of their families, the proof of completeness in its source.

    Raises:
        UsageError, NotCached, Unauthorized, QuotaExceeded, FetchError: as `Fetch.run`.
    """
    return Fetch(query, asking).run()
