"""A run's folder: which stage made which file, from what; a stage whose inputs stand unchanged is not run again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from patentscope.errors import UsageError, WriteError
from patentscope.provenance.hashes import hash_of, hash_of_files, hashes_of_files
from patentscope.provenance.ledger import StageRecord, as_json
from patentscope.provenance.state import SHAPE, StageEntry, State
from patentscope.provenance.writing import make_folder, write_json

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


#: What each stage writes, in the order in which they run.
FILES = {
    "publications": (
        *("publications.parquet", "families.parquet"),
        *("documents.parquet", "priorities.parquet", "party_sets.parquet", "named_members.parquet"),
    ),
    "holdings": ("holdings.parquet", "family_sets.parquet", "family_party_sets.parquet"),
    "classify": ("scores.parquet", "search-log.csv", "classifier.json"),
    "counts": (
        *("counts.csv", "curve.csv", "by-year.parquet", "sensitivity.csv"),
        *("influence.csv", "indicators.csv", "verdict.json"),
    ),
    "report": (
        *("report.html", "tables.xlsx", "applicant-names.csv"),
        *("reporting.md", "claimreview.json", "datapackage.json"),
    ),
}


#: What the last stage writes besides, where the run was given a list of known documents.
KNOWN = "known.csv"
#: What stands beside, where a source was asked for counts alone: a copy of what it stated.
STATED = "stated.csv"
#: A copy of the query's table of what others counted, where it names one.
PUBLISHED = "published.csv"
#: A reader's labels, where some were applied.
LABELS = "labels.csv"
#: By file that a run may have besides, what run.json says of it.
_BESIDES = {KNOWN: "known", STATED: "stated", PUBLISHED: "published"}


def code_hash() -> str:
    """Return a hash over the package's own code and data: another version makes every stage run again.

    The queries that ship are neither: they lie inside an installed package, and beside it in a checkout.
    """
    kinds = {".py", ".csv", ".parquet", ".toml", ".j2", ".css", ".js"}
    package = Path(__file__).parents[1]
    queries = package / "data" / "queries"
    paths = (path for path in package.rglob("*") if path.suffix in kinds and queries not in path.parents)
    return hash_of_files(sorted(paths, key=str))


def seal_of(state: State) -> str:
    """Return the hash over all that run.json says, its own seal apart."""
    return hash_of({name: value for name, value in state.items() if name != "seal"})


def state_of(path: Path) -> State:
    """Return what a folder's run.json says, its parts being what they should be.

    Raises:
        UsageError: where there is none, or what stands there was not written by a run.
    """
    try:
        state = json.loads((path / "run.json").read_text(encoding="utf-8"))
        json.dumps(state, ensure_ascii=False, allow_nan=False).encode()
        is_state = (
            isinstance(state, dict)
            and all(isinstance(state.get(name, ""), str) for name in ("code", "seal", "as_of", "stated", "published"))
            and all(map(_is_stage, state["stages"]))
            and isinstance(state.get("sources", []), list)
            and all(isinstance(state[name]["hash_out"], str) for name in ("labels", "labels_before") if name in state)
            and ("known" not in state or _is_known(state["known"]))
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path}/run.json: not readable as a run ({error!r}); run the query again") from error
    if not is_state:
        raise UsageError(f"{path}/run.json: not as a run writes it; run the query again")
    return cast("State", state)


def _is_stage(entry: dict[str, Any]) -> bool:
    texts = [entry["stage"], entry["hash_in"], entry["hash_out"], *entry["files"].values()]
    return {*FILES.get(entry["stage"], ()), *_BESIDES} >= entry["files"].keys() and all(
        isinstance(one, str) for one in texts
    )


def _is_known(entry: dict[str, Any]) -> bool:
    lines = entry["lines"]
    return all(isinstance(one, str) for one in (entry["file"], *lines.values())) and all(map(str.isdecimal, lines))


@dataclass
class RunFolder:
    """The folder of one run; `state` is run.json as it stands, `timings` what this run took."""

    path: Path
    state: State = field(default_factory=State)
    timings: dict[str, float] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a folder to write to; a run.json that can't be read is taken for none.

        Raises:
            WriteError: where it can't be made.
        """
        make_folder(path)
        folder = cls(path)
        with suppress(UsageError):
            folder.state = state_of(path)
        return folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from writing to the folder for a `with` block; `state` is then what the last one left.

        The lock is the system's own, on the folder itself: nothing is left of it, even where a run is killed.

        Raises:
            WriteError: where another process is at work in it.
        """
        if fcntl is None:  # Windows, which refuses to replace a file that another process holds open
            yield
            return
        place = os.open(self.path, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without locks
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise WriteError(
                        f"{self.path}: another run is at work in this folder; wait for it, or name another with --out"
                    ) from None
            with suppress(UsageError):
                self.state = state_of(self.path)
            yield
        finally:
            os.close(place)

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """Open a finished run.

        Raises:
            UsageError: where there is none, or it was left half written or made by a version that wrote less down.
        """
        if not (path / "run.json").is_file():
            raise UsageError(f"{path}: no run here (no run.json); make one with `patentscope run QUERY --out {path}`")
        state = state_of(path)
        if state.get("shape") != SHAPE:
            raise UsageError(f"{path}: an earlier version made this run; run the query again")
        done = {entry["stage"] for entry in state["stages"]}
        missing = [stage for stage in FILES if stage not in done]
        folder = cls(path, state)
        lost = [name for stage in FILES for name in folder.names(stage) if not (path / name).is_file()]
        if missing or lost:
            what = f"stage {missing[0]} is not done" if missing else f"{', '.join(lost)} is missing"
            raise UsageError(f"{path}: this run was left half written ({what}); run the query again to finish it")
        return folder

    def names(self, stage: str) -> tuple[str, ...]:
        """Return what a *stage* of this run writes."""
        besides = _BESIDES if stage == list(FILES)[-1] else {}
        return (*FILES[stage], *(name for name, said in besides.items() if said in self.state))

    def file(self, name: str) -> Path:
        """Return the path of one of the run's files."""
        return self.path / name

    @property
    def is_sample(self) -> bool:
        """Whether the run is on the embedded sample."""
        return any(source["is_sample"] for source in self.state["sources"])

    def stage(self, name: str) -> StageEntry | None:
        """Return a stage's entry in run.json."""
        return next((entry for entry in self.state.get("stages", []) if entry["stage"] == name), None)

    def hash_in(self, settings: object, inputs: Sequence[str]) -> str:
        """Return a stage's input hash: code, settings, and the hashes of what it reads."""
        return hash_of([self.state["code"], settings, list(inputs)])

    def hash_out(self, name: str) -> str:
        """Return a stage's output hash as run.json has it."""
        entry = self.stage(name)
        return entry["hash_out"] if entry else ""

    def is_current(self, name: str, hash_in: str) -> bool:
        """Say whether a stage's files stand as it would write them again."""
        entry = self.stage(name)
        paths = [self.file(file) for file in self.names(name)]
        return (
            entry is not None
            and entry["hash_in"] == hash_in
            and all(path.is_file() for path in paths)
            and hash_of_files(paths) == entry["hash_out"]
        )

    def start(self, head: State) -> None:
        """Take *head* (query, versions, code) into run.json, keeping an earlier run's stages to compare with."""
        self.state = {**head, "stages": self.state.get("stages", [])}
        for name, said in _BESIDES.items():
            if said not in head:
                self.file(name).unlink(missing_ok=True)

    def finish(self, record: StageRecord, started: float) -> None:
        """Write a stage's ledger line; the stages after it are to be done again."""
        record.check()
        names = self.names(record.stage)
        record.hash_out, each = hashes_of_files([self.file(name) for name in names])
        record.files = dict(zip(names, each, strict=True))
        order = list(FILES)
        before = order[: order.index(record.stage)]
        kept = [entry for entry in self.state["stages"] if entry["stage"] in before]
        self.state["stages"] = [*kept, as_json(record)]
        self.timings[record.stage] = round(time.monotonic() - started, 3)
        self.save()

    def made_again(self, name: str) -> None:
        """Write down the hashes of a stage's files, which were made again from what the ledger's line says."""
        if entry := self.stage(name):
            names = self.names(name)
            entry["hash_out"], each = hashes_of_files([self.file(file) for file in names])
            entry["files"] = dict(zip(names, each, strict=True))
            self.save()

    def save(self) -> None:
        """Write run.json, sealed with a hash over all that it says."""
        self.state["seal"] = seal_of(self.state)
        write_json(self.file("run.json"), self.state)

    def save_timings(self) -> None:
        """Write what the clock says, which nothing else does: every other file is the same on a second run."""
        clock = {"finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": self.timings}
        write_json(self.file("timings.json"), {**clock, "skipped": self.skipped})


def find_run(name: str) -> RunFolder:
    """Return the run at a path, or of that name under ./runs.

    Raises:
        UsageError: where there is none.
    """
    for path in (Path(name), Path("runs") / name):
        with suppress(OSError):  # longer than any path
            if (path / "run.json").is_file():
                return RunFolder.existing(path)
    there = sorted(path.parent.name for path in Path("runs").glob("*/run.json"))
    made = f"runs here: {', '.join(there)}" if there else "no runs here yet: make one with `patentscope run QUERY`"
    raise UsageError(f"{name}: no run at this path or under ./runs; {made}")
