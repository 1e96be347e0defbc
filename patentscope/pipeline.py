"""METHODS: what was asked, whom we asked, what is on topic, whose it is, how it adds up, whether the claim survives."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass, replace
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.compute as pc

from patentscope import audit, evidence, labels, stages, store
from patentscope.charts import every
from patentscope.errors import NotEnoughEvidence, UsageError
from patentscope.gather import gather
from patentscope.provenance import StageRecord, as_json
from patentscope.run_folder import RunFolder, code_hash
from patentscope.sources.asking import Asking
from patentscope.stages import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from patentscope.files.imported import Imported
    from patentscope.provenance import Source
    from patentscope.query import Query


class Charts:
    """A run's charts, as Altair charts that draw themselves in a notebook.

    `charts.curve("market")` is the first chart whose name begins with `curve` and holds `market`; `names` lists them.
    """

    def __init__(self, folder: RunFolder) -> None:
        """Look nothing up yet."""
        self._folder = folder

    @property
    def names(self) -> list[str]:
        """Every chart's name, in the order of the page."""
        return list(every.all_charts(self._folder))

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        """Return what gives the first chart of a *kind* whose name holds the words that it is called with."""
        found = every.all_charts(self._folder)
        matching = {name: chart for name, chart in found.items() if name.startswith(kind.replace("_", "-"))}
        if not matching:
            raise AttributeError(f"no chart {kind!r} in this run; it has {', '.join(found)}")

        def first(*words: str) -> Any:  # noqa: ANN401 - any kind of Altair chart
            chosen = [chart for name, chart in matching.items() if all(word in name for word in words)]
            if not chosen:
                raise UsageError(f"no {kind} with {' and '.join(words)}; there is {', '.join(matching)}")
            return chosen[0]

        return first


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, and its results as pandas frames and plain objects."""

    folder: RunFolder

    @property
    def path(self) -> Path:
        """The run's folder."""
        return self.folder.path

    @property
    def publications(self) -> pd.DataFrame:
        """The publications, one row each (`store.SCHEMA`)."""
        table: pd.DataFrame = store.read(self.folder.file("publications.parquet")).to_pandas()
        return table

    @property
    def counts(self) -> pd.DataFrame:
        """counts.csv: each question's baseline, by country and year."""
        return pd.read_csv(self.folder.file("counts.csv"), keep_default_na=False)

    @property
    def curve(self) -> pd.DataFrame:
        """curve.csv: one row per claim and specification."""
        return pd.read_csv(self.folder.file("curve.csv"), keep_default_na=False, na_values={"ratio": [""]})

    @property
    def charts(self) -> Charts:
        """The charts: `run.charts.curve()`, `run.charts.trend("ownership")`, `run.charts.names`."""
        return Charts(self.folder)

    @property
    def labels(self) -> dict[str, Any]:
        """What run.json says of a reader's labels that were applied to this run; empty where there are none."""
        return dict(self.folder.state.get("labels", {}))

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        """The claims' entries of verdict.json."""
        return list(json.loads(self.folder.file("verdict.json").read_text(encoding="utf-8"))["claims"])

    def _repr_html_(self) -> str:
        """Show the verdicts in a notebook."""
        rows = "".join(f"<li><q>{escape(v['quote'])}</q> {escape(v['sentence'])}</li>" for v in self.verdicts)
        return f"<ul>{rows}</ul>"


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
    today = as_of or _own_date(imported)
    with folder.alone():
        given = labels.stored(folder)
        kept = {"labels": folder.state["labels"]} if len(given) else {}
        folder.start(_head(query, [one.source for one in imported], today) | kept)
        return _carry_out(Job(folder, query, today, imported), progress)


def count_again(folder: RunFolder, progress: Callable[[str], None] = lambda _: None) -> Run:
    """Do what labels changed in a finished run, and nothing else: the topic, where they teach it, and the counts."""
    query, today = evidence.query_of(folder)
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


def _own_date(imported: Sequence[Imported]) -> dt.date:
    """Return the data's own date: the latest retrieval, else the latest publication not after today.

    Raises:
        NotEnoughEvidence: where neither is known, so that nothing can be said to have been visible.
    """
    retrieved = [one.source.retrieved for one in imported if one.source.retrieved]
    if retrieved:
        return max(retrieved)
    now = dt.datetime.now(tz=dt.UTC).date()
    whole = [one.table.column("publication_date") for one in imported if not one.source.selection]
    dates = [pc.max(column.filter(pc.less_equal(column, now))).as_py() for column in whole]
    dates += [one.latest for one in imported]
    if not any(dates):
        raise NotEnoughEvidence(
            "the data have no date of their own: no record has a publication date. Say which date they are of with "
            "`--as-of 2025-12-31`"
        )
    latest: dt.date = max(filter(None, dates))
    return latest


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
