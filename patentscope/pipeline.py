"""METHODS: what was asked, whom we asked, what is on topic, whose it is, how it adds up, whether the claim survives."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from patentscope import stages
from patentscope.aggregate.audit import labels
from patentscope.aggregate.landscape import query_of
from patentscope.errors import UsageError
from patentscope.fetch import stated, whole
from patentscope.fetch.asking import Asking
from patentscope.fetch.catalogue import COUNTING, Origins, gather
from patentscope.files import known_numbers
from patentscope.provenance.hashes import hash_of
from patentscope.provenance.ledger import StageRecord, as_json
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import PUBLISHED, STATED, RunFolder, code_hash
from patentscope.provenance.state import ASKED_FOR, SHAPE, State
from patentscope.provenance.writing import write_text
from patentscope.query import aliases, published
from patentscope.query.edition import edition, remarks
from patentscope.query.query import Query
from patentscope.records.imported import Imported, own_date
from patentscope.report.run import Run
from patentscope.stages import Job


def run(
    query: Query,
    *,
    sources: Sequence[str] | None = None,
    inputs: Sequence[Path | str] | None = None,
    complete: Sequence[Path | str] | bool | None = None,
    stated_total: int | None = None,
    retrieved: dt.date | None = None,
    sample: bool = False,
    offline: bool = False,
    as_of: dt.date | None = None,
    families: bool = False,
    most_gib: float = 0.0,
    engine: str | None = None,
    candidates: bool = False,
    known: Path | str | None = None,
    cache: Path | str = "cache",
    out: Path | str | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Run:
    """Run *query* on sources over the network, on files, or on the embedded sample, and write the run's folder.

    Args:
        query: the question.
        sources: whom to ask over the network; the query's own sources where neither these nor files are given.
        inputs: files of publications, in any format that `files.recognise` knows.
        complete: which of *inputs* hold all that their search found, by the user's word; True or none named: all.
        stated_total: how many hits the sites state, for all *inputs* together.
        retrieved: the day on which *inputs* were retrieved, for those that do not say.
        sample: use the embedded sample.
        offline: ask nobody; answer from what is kept in the cache.
        as_of: the data's date, in place of the sources' own.
        families: fetch all members of the families found, where a source can give them.
        most_gib: what a source that bills by volume may bill, in GiB.
        engine: where the heavy pass runs, in place of the query's own: one of `query.ENGINES`.
        candidates: of *inputs*, parquet in our own columns, read only the families that may meet a reading of the
            query.
        known: a list of publication numbers, one a line, to hold the records and readings against.
        cache: where the offices' answers are kept.
        out: the run's folder; `./runs/<name>` where it is not given.
        progress: told what is being done, as values of `Progress`.

    Raises:
        UsageError: where there is nothing to run on, or nothing that candidates can be selected from; where what is
            said of the inputs can't be true of them; for an *as_of* after today.
        FetchError and its kinds: where a source can't be reached, or refuses.
        FileFormatError, RecordError: for files that can't be read, or with too many bad records.
        WriteError: where the run's folder or the cache can't be written to, or another run is at work in the folder.
    """
    files, said = tuple(inputs or ()), whole.Said(complete, stated_total, retrieved)
    said.check(files)
    taken, copies = _taken_along(query, Path(known) if known is not None else None, Path(cache))
    query = replace(query, engine=engine) if engine else query
    for remark in remarks(query):
        progress(Progress(remark, is_notice=True))
    now = dt.datetime.now(tz=dt.UTC).astimezone().date()
    if as_of is not None and as_of > now:
        raise UsageError(f"--as-of {as_of}: that day is still to come; the latest that can be counted is {now}")
    imported = gather(
        query,
        Asking(Path(cache), offline=offline, families=families, most_gib=most_gib, progress=progress),
        Origins(tuple(sources or ()), files, is_sample=sample, candidates=candidates),
    )
    folder = RunFolder.open(Path(out) if out is not None else Path("runs") / query.name)
    today, date_is = (as_of, ASKED_FOR) if as_of else own_date(imported, retrieved)
    imported = whole.judged(query, imported, files, said)
    head: State = {**_head(query, imported, today, date_is), **taken}
    with folder.alone():
        line = labels.line_of(folder)
        if line:
            head["labels"] = line
        folder.start(head)
        for name, text in copies.items():
            write_text(folder.file(name), text)
        return _carry_out(Job(folder, query, today), imported, progress)


def _taken_along(query: Query, known: Path | None, cache: Path) -> tuple[State, dict[str, str]]:
    """Return what run.json says of the files that a run takes along besides its records, and the texts of copies."""
    head, copies = State(), {}
    if query.aliases_file:
        head["aliases"] = aliases.read(query.aliases_file)
    if known is not None:
        head["known"] = known_numbers.read(known)
    if counted := stated.together(cache, query.name, COUNTING):
        copies[STATED], head["stated"] = counted, hash_of(counted)
        lacks = {name: list(source.CARD.lacks_offices) for name, source in COUNTING.items()}
        head["stated_lacks"] = {name: codes for name, codes in lacks.items() if codes}
    if query.published_file:
        copies[PUBLISHED] = published.text_of(query.published_file)
        head["published"] = hash_of(copies[PUBLISHED])
    return head, copies


def _head(query: Query, imported: Sequence[Imported], today: dt.date, date_is: str) -> State:
    """Return what run.json begins with: who counted what, by which date, on whose records."""
    packages = ("altair", "duckdb", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "spacy", "vl-convert-python")
    return {
        "shape": SHAPE,
        "tool": {"name": "patentscope", "version": version("patentscope")},
        "code": code_hash(),
        "versions": {name: version(name) for name in packages},
        "query": {"name": query.name, "title": query.title, "text": query.text},
        "scheme": edition(query),
        "as_of": today.isoformat(),
        "as_of_is": date_is,
        "sources": [as_json(one.source) for one in imported],
    }


def count_again(folder: RunFolder, progress: Callable[[Progress], None] = lambda _: None) -> Run:
    """Do what labels changed in a finished run, and nothing else: the topic, where they teach it, and the counts."""
    query, today = query_of(folder)
    with folder.alone():
        return _carry_out(Job(folder, query, today), [], progress)


def _carry_out(job: Job, imported: list[Imported], progress: Callable[[Progress], None]) -> Run:
    """Do every stage whose code, settings or inputs changed, in order; *imported* is empty after it."""
    folder, order = job.folder, stages.in_order(imported)
    asked = [source["sha256"] for source in folder.state["sources"]]
    for place, stage in enumerate(order, start=1):
        hash_in = folder.hash_in(stage.settings(job), [folder.hash_out(name) for name in stage.reads] or asked)
        if folder.is_current(stage.name, hash_in):
            folder.skipped.append(stage.name)
            imported.clear()
            progress(Progress(f"{stage.name}: unchanged, not done again"))
            continue
        if not stage.reads and not imported:
            raise UsageError(f"{folder.path}: its publications are not as the run left them; run the query again")
        progress(Progress(f"{stage.name}, stage {place}/{len(order)}"))
        started = time.monotonic()
        record = StageRecord(stage.name, stage.unit, hash_in)
        stage.work(job, record)
        folder.finish(record, started)
    folder.save()
    folder.save_timings()
    return Run(folder)
