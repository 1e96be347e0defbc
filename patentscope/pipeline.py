"""METHODS: what was asked, whom we asked, what is on topic, whose it is, how it adds up, whether the claim survives."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.aggregate.audit import reader as audit
from patentscope.aggregate.job import Job
from patentscope.engines.beside import Ahead
from patentscope.errors import UsageError
from patentscope.fetch.asking import Asking
from patentscope.provenance import search
from patentscope.provenance.hashes import hash_of
from patentscope.provenance.ledger import StageRecord, as_json
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import LABELS, PUBLISHED, STATED, RunFolder, code_hash
from patentscope.provenance.state import ASKED_FOR, SHAPE, State
from patentscope.provenance.writing import write_text
from patentscope.query import aliases, published
from patentscope.query.asked import words_suffice
from patentscope.query.query import Query
from patentscope.report.run import Run

if TYPE_CHECKING:
    from patentscope.records.imported import Imported


@dataclass(frozen=True)
class Stage:
    """One stage: what it does, what a row of its ledger line is, and on what, beside the code, its files depend.

    Attributes:
        name: its own, by which `run_folder.FILES` has what it writes.
        unit: what a row of its ledger line is.
        work: the function of `stages` that does it, which is imported then: a stage that stands unchanged needs none.
        settings: gives what it takes from the query, the date and the labels, as JSON holds it.
        reads: the stages whose files it reads; the first reads what came in.
        ready: gives what a process beside this one loads for a question while the stages before work, if anything.
    """

    name: str
    unit: str
    work: str
    settings: Callable[[Job], object]
    reads: tuple[str, ...] = ()
    ready: Callable[[Query], tuple[str, ...]] = lambda _: ()


def _topic(job: Job) -> list[Any]:
    query, taught = job.query, job.hash_of_labels(audit.TRAIN)
    scheme = job.folder.state["scheme"]
    return [
        scheme["edition"],
        scheme["sha256"],
        query.classes,
        query.terms,
        [vars(reading) for reading in query.readings],
        *taught,
    ]


def _settings_of_intake(job: Job) -> list[Any]:
    selected = any(source.get("selection") for source in job.folder.state["sources"])
    return [job.query.thresholds.bad_records, *([_topic(job)] if selected else [])]


def _settings_of_counts(job: Job) -> list[Any]:
    searches = [search.in_words(source) for source in job.folder.state["sources"]]
    others = [job.folder.state.get(name) for name in ("published", "stated", "aliases")]
    return [job.query.text, str(job.today), *job.hash_of_labels(audit.AUDIT), searches, *others]


def _settings_of_report(job: Job) -> list[Any]:
    state = job.folder.state
    optional = [state.get(name) for name in ("aliases", "known", "stated", "published")]
    return [job.query.text, state["sources"], state["as_of_is"], *optional]


_ALL = ("patentscope.stages",)
#: Publications from which on texts are read by many processes, which this one starts: loading is nothing beside that.
_MANY = 40_000
#: Bytes of files that surely hold fewer.
_FEW_BYTES = 20_000_000
_BEFORE = ("publications", "holdings", "classify", "counts")
#: Vega goes first: it starts in a process of its own.
_PAGE = ("patentscope.report.page.stills:begin", "patentscope.report.write:get_ready", *_ALL)


def _readers(query: Query) -> tuple[str, ...]:
    english = "patentscope.classify.words.chunks:blank_english"
    if words_suffice(query.readings):
        return (english, *_ALL) if query.terms else ()
    return ("sklearn.svm", "patentscope.classify.model.card", "patentscope.classify.decide", *_ALL, english)


#: The stages of a run in their order.
_STAGES = (
    Stage("publications", "record", "take_in", _settings_of_intake),
    Stage("holdings", "publication", "attribute", lambda job: str(job.today), _BEFORE[:1]),
    Stage("classify", "simple family", "classify", _topic, _BEFORE[:1], _readers),
    Stage("counts", "specification", "count", _settings_of_counts, _BEFORE[:3]),
    Stage("report", "file", "report", _settings_of_report, _BEFORE, lambda _: _PAGE),
)


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
    files, place = tuple(inputs or ()), Path(out) if out is not None else Path("runs") / query.name
    with Ahead() as ahead:
        if not (place / "run.json").is_file() and (sample or _are_few(files)):
            ahead.begin("classify", _readers(query))
        from patentscope.fetch import whole  # noqa: PLC0415 - what others load, they load meanwhile
        from patentscope.fetch.catalogue import Origins, gather  # noqa: PLC0415
        from patentscope.query.edition import remarks  # noqa: PLC0415
        from patentscope.records.imported import own_date  # noqa: PLC0415

        said = whole.Said(complete, stated_total, retrieved)
        said.check(files)
        taken, copies = _taken_along(query, Path(known) if known is not None else None, Path(cache))
        query = replace(query, engine=engine) if engine else query
        for remark in remarks(query):
            progress(Progress(remark, is_notice=True))
        _check_date(as_of)
        asking = Asking(Path(cache), offline=offline, families=families, most_gib=most_gib, progress=progress)
        imported = gather(query, asking, Origins(tuple(sources or ()), files, is_sample=sample, candidates=candidates))
        folder = RunFolder.open(place)
        today, date_is = (as_of, ASKED_FOR) if as_of else own_date(imported, retrieved)
        imported = whole.judged(query, imported, files, said)
        head: State = {**_head(query, imported, today, date_is), **taken}
        with folder.alone():
            _start(folder, head, copies)
            return _carry_out(Job(folder, query, today), imported, progress, ahead)


def _check_date(as_of: dt.date | None) -> None:
    now = dt.datetime.now(tz=dt.UTC).astimezone().date()
    if as_of is not None and as_of > now:
        raise UsageError(f"--as-of {as_of}: that day is still to come; the latest that can be counted is {now}")


def _are_few(files: Sequence[Path | str]) -> bool:
    """Say whether *files* surely hold few publications; nothing is known of those that sources are still to give."""
    there = [Path(file) for file in files]
    return bool(there) and all(map(Path.is_file, there)) and sum(file.stat().st_size for file in there) < _FEW_BYTES


def _start(folder: RunFolder, head: State, copies: Mapping[str, str]) -> None:
    """Write down what the run begins with, and *copies* of what it takes along, by name."""
    if folder.file(LABELS).is_file():
        from patentscope.aggregate.audit import labels  # noqa: PLC0415 - pandas, which `run` may do without

        if line := labels.line_of(folder):
            head["labels"] = line
    folder.start(head)
    for name, text in copies.items():
        write_text(folder.file(name), text)


def _taken_along(query: Query, known: Path | None, cache: Path) -> tuple[State, dict[str, str]]:
    """Return what run.json says of the files that a run takes along besides its records, and the texts of copies."""
    from patentscope.fetch import stated  # noqa: PLC0415 - as above
    from patentscope.fetch.catalogue import COUNTING  # noqa: PLC0415

    head, copies = State(), {}
    if query.aliases_file:
        head["aliases"] = aliases.read(query.aliases_file)
    if known is not None:
        from patentscope.files import known_numbers  # noqa: PLC0415 - pandas, which `run` may do without

        head["known"] = known_numbers.read(known)
    if counted := stated.together(cache, query.name, COUNTING):
        copies[STATED], head["stated"] = counted, hash_of(counted)
        lacks = {name: list(card.lacks_offices) for name, card in COUNTING.items()}
        head["stated_lacks"] = {name: codes for name, codes in lacks.items() if codes}
    if query.published_file:
        copies[PUBLISHED] = published.text_of(query.published_file)
        head["published"] = hash_of(copies[PUBLISHED])
    return head, copies


def _head(query: Query, imported: Sequence[Imported], today: dt.date, date_is: str) -> State:
    """Return what run.json begins with: who counted what, by which date, on whose records."""
    from patentscope.query.edition import edition  # noqa: PLC0415 - as above

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
    from patentscope.aggregate.stored import query_of  # noqa: PLC0415 - as above

    query, today = query_of(folder)
    with folder.alone(), Ahead() as ahead:
        return _carry_out(Job(folder, query, today), [], progress, ahead)


def _carry_out(job: Job, imported: list[Imported], progress: Callable[[Progress], None], ahead: Ahead) -> Run:
    """Do every stage whose code, settings or inputs changed, in order; *imported* is empty after it.

    While a stage is done, a process is begun *ahead* for the next of those behind it that need one.
    """
    folder = job.folder
    if sum(source["records"] for source in folder.state["sources"]) > _MANY:
        ahead.end("classify")
    asked = [source["sha256"] for source in folder.state["sources"]]
    for place, stage in enumerate(_STAGES, start=1):
        hash_in = folder.hash_in(stage.settings(job), [folder.hash_out(name) for name in stage.reads] or asked)
        if folder.is_current(stage.name, hash_in):
            folder.skipped.append(stage.name)
            imported.clear()
            progress(Progress(f"{stage.name}: unchanged, not done again"))
            continue
        if not stage.reads and not imported:
            raise UsageError(f"{folder.path}: its publications are not as the run left them; run the query again")
        progress(Progress(f"{stage.name}, stage {place}/{len(_STAGES)}"))
        started = time.monotonic()
        record = StageRecord(stage.name, stage.unit, hash_in)
        _begin_next(place, job, ahead)
        from patentscope import stages  # noqa: PLC0415 - all that the work needs

        work = getattr(stages, stage.work)
        record = ahead.do(stage.name, work, job, record) if stage.reads else work(job, record, imported)
        folder.finish(record, started)
    folder.save()
    folder.save_timings()
    return Run(folder)


def _begin_next(place: int, job: Job, ahead: Ahead) -> None:
    """Begin a process for the next stage from *place* on that needs one, while the one before it is done."""
    needing = ((stage.name, stage.ready(job.query)) for stage in _STAGES[place:])
    name, ready = next(((name, ready) for name, ready in needing if ready), ("", ()))
    is_large = sum(source["records"] for source in job.folder.state["sources"]) > _MANY
    if ready and not (name == "classify" and is_large):
        ahead.begin(name, ready)
