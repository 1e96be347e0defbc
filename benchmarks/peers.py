"""The peers, each in an environment of its own, and a piece of work timed in one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / "build" / "peers"
OURS = "patentscope"


@dataclass(frozen=True)
class Timing:
    """What a piece did: rows, CPU seconds of each round, and the most memory in MB."""

    rows: int
    seconds: tuple[float, ...]
    peak_mb: int

    @property
    def best(self) -> float:
        """Rows per CPU second in the best round."""
        return self.rows / min(self.seconds)

    @property
    def median(self) -> float:
        """Rows per CPU second in the middle round."""
        return self.rows / sorted(self.seconds)[len(self.seconds) // 2]


def pooled(timings: list[Timing]) -> Timing:
    """Return several timings of one piece as one."""
    seconds = tuple(second for timing in timings for second in timing.seconds)
    return Timing(timings[0].rows, seconds, max(timing.peak_mb for timing in timings))


def python_of(requirement: str) -> Path | None:
    """Return the Python that has *requirement* (`name==version`); None, said on stderr, where it can't be installed."""
    if requirement == OURS:
        return Path(sys.executable)
    folder = ENVIRONMENTS / requirement.replace("==", "-")
    python = folder / "bin" / "python"
    if (folder / "installed").exists():
        return python
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own constants
    if done.returncode:
        print(f"{requirement}: not installed, so not timed ({done.stderr.strip()[-200:]})", file=sys.stderr)
        return None
    (folder / "installed").touch()
    return python


def timed(requirement: str, piece: str, *arguments: str) -> Timing | None:
    """Run a script of `pieces/` in the environment of *requirement*; None, said on stderr, where it fails."""
    python = python_of(requirement)
    if python is None:
        return None
    home = ENVIRONMENTS / "home"  # some peers write to the home folder when they are imported
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - our own constants
        [str(python), str(HERE / "pieces" / f"{piece}.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(home)},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"{requirement}, {piece}: failed ({last[:200]})", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return Timing(found["rows"], tuple(found["seconds"]), found["peak_mb"])
