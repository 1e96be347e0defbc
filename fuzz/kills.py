"""Kill -9 at random moments of every stage: after each, nothing half-written stands, and a resume gives the same bytes.

    python fuzz/kills.py --kills 200 --seed 0

Every kill strikes a process of its own, half of them at a random moment of a stage, half while a file of it is being
written. Then every file under a final name must be, byte for byte, that of an undisturbed run (run.json, which grows
with the stages, must hold its own seal), and after the same command once more all of them must, with no unfinished file
left. Clock times, in timings.json alone, are not compared.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from patentscope.provenance.run_folder import FILES, seal_of  # noqa: E402

from factories import claim, query_text  # noqa: E402
from servers.ops import serve  # noqa: E402 - as the tests find it
from servers.ops_answers import Record  # noqa: E402

QUERY = query_text(
    sources=["ops"],
    years=[2015, 2025],
    classes={"rare_earth": ["C22B59", "C01F17"], "recycling": ["C22B7", "C22B1/005"]},
    claims=[claim(year=2019)],
)
_CSV = "id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,result link\n"
START = "start"
_PATIENCE = 300.0


class FaultError(AssertionError):
    """What must not happen after a kill did."""


@dataclass
class Work:
    """One command whose kills are tried.

    Attributes:
        name: what it is called in the account.
        arguments: what the program is started with.
        folder: where it is started.
        results: its results, below `folder`.
        environment: variables besides this process's own.
        expected: the undisturbed results by path.
        seconds: how long each part of it took when it was not disturbed.
    """

    name: str
    arguments: tuple[str, ...]
    folder: Path
    results: str
    environment: dict[str, str] = field(default_factory=dict)
    expected: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the program anew."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        return subprocess.Popen(
            [sys.executable, "-m", "patentscope", *self.arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish(self) -> None:
        """Run the program to its end, which must be a good one."""
        process = self.start()
        _, err = process.communicate()
        if process.returncode:
            raise FaultError(f"{self.name}: exit code {process.returncode}: {err.decode()[-2000:]}")

    def files(self) -> dict[str, bytes]:
        """Return the results that are there, by path, clock times apart."""
        place = self.folder / self.results
        if place.is_file():
            return {place.name: place.read_bytes()}
        paths = sorted(path for path in place.rglob("*") if path.is_file() and path.name != "timings.json")
        return {str(path.relative_to(place)): path.read_bytes() for path in paths}

    def clear(self) -> None:
        """Take the results away."""
        place = self.folder / self.results
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)

    def stages_done(self) -> list[str]:
        """Return the stages that run.json says are done; none where there is no run.json yet."""
        try:
            state = json.loads((self.folder / self.results / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [entry["stage"] for entry in state["stages"]]


def learn(work: Work) -> None:
    """Run *work* undisturbed, and keep its results and how long its parts took."""
    work.clear()
    began = time.monotonic()
    work.finish()
    whole = time.monotonic() - began
    work.expected = work.files()
    try:
        clock = json.loads((work.folder / work.results / "timings.json").read_text(encoding="utf-8"))["seconds"]
    except OSError:
        clock = {}
    work.seconds = {START: whole - sum(clock.values()), **clock}


def kill_once(work: Work, stage: str, chance: random.Random) -> str:
    """Start *work* from nothing, kill it in *stage*, and return what it was doing, or an empty text if it was done."""
    process = work.start()
    order = list(FILES)
    before = order[order.index(stage) - 1] if stage in order and order.index(stage) else None
    is_aimed = chance.random() < 0.5
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and before and before not in work.stages_done() and time.monotonic() < until:
        time.sleep(0.002)
    if is_aimed and stage != START:
        _wait_for_a_write(work, process, stage, chance.randrange(len(FILES.get(stage, ("one",)))) + 1)
    else:
        delay = chance.random() * work.seconds[stage] * 1.05
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
    process.send_signal(signal.SIGKILL)
    _, err = process.communicate()
    if process.returncode != -signal.SIGKILL:
        if process.returncode:
            raise FaultError(f"{work.name}: ended by itself with {process.returncode}: {err.decode()[-2000:]}")
        return ""
    return _doing(work)


def _wait_for_a_write(work: Work, process: subprocess.Popen[bytes], stage: str, nth: int) -> None:
    """Wait until the *nth* unfinished file of a stage is there, without a pause: it is there for a moment only.

    One that was missed is not waited for beyond the stage's end.
    """
    place, seen = (work.folder / work.results), set()
    place = place if place.is_dir() or not place.suffix else place.parent
    for turn in itertools.count():
        if len(seen) >= nth or process.poll() is not None or (turn % 50 == 0 and stage in work.stages_done()):
            return
        with suppress(OSError):
            seen |= {entry.name for entry in os.scandir(place) if entry.name.endswith(".part")}


def _doing(work: Work) -> str:
    """Return in which stage a killed run was, and whether a file of it was being written."""
    place = work.folder / work.results
    parts = [*place.rglob("*.part"), *place.parent.glob(f"{place.name}*.part")]
    done = work.stages_done()
    begun = next((name for name in FILES if name not in done), "timings.json")
    stage = begun if place.is_dir() else "before any result"
    return f"{stage}, writing" if parts else stage


def check_killed(work: Work) -> None:
    """Raise where a file under a final name is not whole, or run.json says what is not so."""
    for name, raw in work.files().items():
        if name.endswith(".part"):
            continue
        if name == "run.json":
            state = json.loads(raw)
            if seal_of(state) != state["seal"]:
                raise FaultError(f"{work.name}: run.json is not as it was sealed")
        elif raw != work.expected.get(name):
            raise FaultError(f"{work.name}: {name} is half-written or another file ({len(raw)} bytes)")


def check_resumed(work: Work) -> None:
    """Finish what was killed, and raise where anything differs from the undisturbed run."""
    work.finish()
    found = work.files()
    for name in sorted({*found, *work.expected}):
        if found.get(name) != work.expected.get(name):
            raise FaultError(f"{work.name}: after the resume {name} differs from the undisturbed run's")


@contextmanager
def works(folder: Path, names: list[str], rows: int = 40_000, hits: int = 900) -> Iterator[list[Work]]:
    """Give the commands that are tried: a run on a file, a run over the network of *hits*, and an import of *rows*."""
    (folder / "small.toml").write_text(QUERY, encoding="utf-8")
    row = "CN-{}-A,A magnet {},ACME,A. One,2019-01-02,2019-01-02,2020-03-04,,x\n"
    for name, count in (("few.csv", 60), ("many.csv", rows)):
        (folder / name).write_text(_CSV + "".join(row.format(110000000 + i, i) for i in range(count)), encoding="utf-8")
    made = [Record("CN" if i % 2 else "US", f"{110000000 + i}", "A", f"2019{1 + i % 12:02d}01") for i in range(hits)]
    with serve(made) as (base, _):
        keys = {"PATENTSCOPE_OPS_URL": base, "EPO_OPS_KEY": "planted-key", "EPO_OPS_SECRET": "planted-secret"}
        tried = [
            Work("run", ("run", "small.toml", "--input", "few.csv", "--out", "run"), folder, "run"),
            Work("fetch", ("run", "small.toml", "--source", "ops", "--out", "fetch"), folder, "fetch", keys),
            Work("import", ("import", "many.csv", "--out", "many.parquet"), folder, "many.parquet"),
        ]
        yield [work for work in tried if work.name in names]


def strike(work: Work, stage: str, chance: random.Random) -> str:
    """Kill *work* once in *stage* and hold what it leaves, and what a resume makes of it, against what is expected."""
    work.clear()
    if work.name == "fetch":
        _forget(work.folder / "cache", chance)
    doing = kill_once(work, stage, chance)
    check_killed(work)
    check_resumed(work)
    return doing


def _forget(cache: Path, chance: random.Random) -> None:
    """Take away a random part of the answers kept, so that the fetch has something to ask."""
    for path in sorted(cache.rglob("*.*")):
        if chance.random() < 0.7:
            path.unlink()


def account(tried: Counter[str], say: Callable[[str], None]) -> None:
    """Say how many kills struck where."""
    for name, count in sorted(tried.items()):
        say(f"{count:5}  {name}")


def main() -> int:
    """Kill as often as asked, and say where the kills struck."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", default=["run", "fetch", "import"])
    options = parser.parse_args()
    chance, tried, killed = random.Random(options.seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as place, works(Path(place), options.only) as made:
        for work in made:
            learn(work)
        while killed < options.kills:
            work = chance.choice(made)
            stage = chance.choice(list(work.seconds))
            doing = strike(work, stage, chance)
            killed += bool(doing)
            tried[f"{work.name}: {doing or 'was done before the kill'}"] += 1
            print(f"{killed} {work.name}: aimed at {stage}, struck in {doing or '(done)'}", flush=True)
        account(tried, print)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
