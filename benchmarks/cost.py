"""What a command costs: `cost_of(command)`; run as a script, it carries one out and prints its cost.

A process's memory begins with that of the one that starts it, so a small one does: it imports next to nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at the memory.
LOOK = 0.1


@dataclass(frozen=True)
class Cost:
    """What a command took: CPU seconds, seconds by the clock, and its largest memory in GiB.

    CPU and memory are of all its processes together; what they share is counted once. Where the system doesn't tell
    (all but Linux), the memory is that of the largest process.
    """

    cpu: float
    clock: float
    memory: float


def cost_of(command: Sequence[str], folder: Path | None = None, settings: Mapping[str, str] | None = None) -> Cost:
    """Carry out a command, in *folder* and with *settings* added to the environment, and return what it took.

    Raises:
        RuntimeError: where it failed.
    """
    program = [sys.executable, __file__, *command]
    environment = {**os.environ, **(settings or {})}
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=folder, env=environment)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def _held(session: int) -> int:
    """Return the kilobytes that the processes of a session hold now, shared ones in proportion."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                found = re.search(r"Pss: +(\d+)", (stat.parent / "smaps_rollup").read_text())
                total += int(found[1]) if found else 0
        except OSError:  # it has just ended
            continue
    return total


def _main() -> int:
    started, looks = time.monotonic(), [0]
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - as above
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK):
            looks.append(_held(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    clock = time.monotonic() - started
    ended.set()
    watcher.join()
    print(json.dumps([used.ru_utime + used.ru_stime, clock, max(used.ru_maxrss, *looks) / 2**20]))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(_main())
