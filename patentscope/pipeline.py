"""METHODS: what was asked, whom we asked, what is on topic, whose it is, how it adds up, whether the claim survives."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope import stages
from patentscope.aggregate.audit import labels
from patentscope.aggregate.audit import reader as audit
from patentscope.aggregate.landscape import query_of
from patentscope.errors import UsageError
from patentscope.fetch.asking import Asking
from patentscope.fetch.gather import gather
from patentscope.provenance.ledger import StageRecord, as_json
from patentscope.provenance.run_folder import RunFolder, code_hash
from patentscope.records.imported import own_date
from patentscope.report.run import Run
from patentscope.stages import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from patentscope.provenance.ledger import Source
    from patentscope.query.query import Query


def run(
    query: Query,
    *,
    sources: Sequence[str] | None = None,
    inputs: Sequence[Path | str] | None = None,
    sample: bool = False,
    offline: bool = False,
    as_of: dt.date | None = None,
    families: bool = False,
    most_gib: float = 0.0,
    engine: str | None = None,
    candidates: bool = False,
    cache: Path | str = "cache",
    out: Path | str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """Run *query* on sources over the network, on files, or on the embedded sample, and write the run's folder.

    Args:
        query: the question.
        sources: whom to ask over the network; the query's own sources where neither these nor files are given.
        inputs: files of publications, in any format that `files.recognise` knows.
        sample: use the embedded sample.
        offline: ask nobody; answer from what is kept in the cache.
        as_of: the data's date, in place of the sources' own.
        families: fetch all members of the families found, where a source can give them.
        most_gib: what a source that bills by volume may bill, in GiB.
        engine: where the heavy pass runs, in place of the query's own: one of `query.ENGINES`.
        candidates: of *inputs*, parquet in our own columns, let the engine read only the families that may meet a
            reading of the query.
        cache: where the offices' answers are kept.
        out: the run's folder; `./runs/<name>` where it is not given.
        progress: told what each stage does.

    Raises:
        UsageError: where there is nothing to run on, or nothing that candidates can be selected from.
        FetchError and its kinds: where a source can't be reached, or refuses.
        FileFormatError, RecordError: for files that can't be read, or with too many bad records.
        WriteError: where the run's folder or the cache can't be written to, or another run is at work in the folder.
    """
    query = replace(query, engine=engine or query.engine)
    imported = gather(
        query,
        Asking(Path(cache), offline=offline, families=families, most_gib=most_gib, progress=progress),
        sources=sources or (),
        inputs=inputs or (),
        use_sample=sample,
        candidates=candidates,
    )
    folder = RunFolder.open(Path(out) if out is not None else Path("runs") / query.name)
    today = as_of or own_date(imported)
    with folder.alone():
        line = labels.line_of(folder)
        kept = {"labels": line} if line else {}
        folder.start(_head(query, [one.source for one in imported], today) | kept)
        return _carry_out(Job(folder, query, today, imported), progress)


def count_again(folder: RunFolder, progress: Callable[[str], None] = lambda _: None) -> Run:
    """Do what labels changed in a finished run, and nothing else: the topic, where they teach it, and the counts."""
    query, today = query_of(folder)
    with folder.alone():
        return _carry_out(Job(folder, query, today, []), progress)


def _carry_out(job: Job, progress: Callable[[str], None]) -> Run:
    """Do every stage whose code, settings or inputs changed, in order."""
    folder, query = job.folder, job.query
    given = labels.stored(folder)
    taught, audited = (labels.hash_of_aim(given, aim) for aim in (audit.TRAIN, audit.AUDIT))
    topic = [query.classes, query.terms, [vars(reading) for reading in query.readings], *taught]
    asked = [source["sha256"] for source in folder.state["sources"]]
    is_selected = any(source.get("selection") for source in folder.state["sources"])
    taken = [query.thresholds.bad_records, *([topic] if is_selected else [])]
    steps = (
        ("publications", stages.take_in, taken, ()),
        ("classify", stages.classify, topic, ("publications",)),
        ("holdings", stages.attribute, str(job.today), ("publications", "classify")),
        ("counts", stages.count, [query.text, str(job.today), *audited], ("publications", "classify", "holdings")),
        ("report", stages.report, query.text, ("publications", "classify", "holdings", "counts")),
    )
    for place, (name, stage, settings, reads) in enumerate(steps, start=1):
        hash_in = folder.hash_in(settings, [folder.hash_out(entry) for entry in reads] if reads else asked)
        if folder.is_current(name, hash_in):
            folder.skipped.append(name)
            job.imported.clear()
            progress(f"{name}: unchanged, not done again")
            continue
        if not reads and not job.imported:
            raise UsageError(f"{folder.path}: its publications are not as the run left them; run the query again")
        progress(f"{name}, stage {place}/{len(steps)}")
        started = time.monotonic()
        record = StageRecord(name, stages.UNITS[name], hash_in)
        stage(job, record)
        folder.finish(record, started)
    folder.save()
    folder.save_timings()
    return Run(folder)


def _head(query: Query, sources: Sequence[Source], today: dt.date) -> dict[str, Any]:
    """Return run.json's part above the stages."""
    packages = ("altair", "duckdb", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "spacy", "vl-convert-python")
    return {
        "tool": {"name": "patentscope", "version": version("patentscope")},
        "code": code_hash(),
        "versions": {name: version(name) for name in packages},
        "query": {"name": query.name, "title": query.title, "text": query.text},
        "as_of": today.isoformat(),
        "sources": [as_json(source) for source in sources],
    }
