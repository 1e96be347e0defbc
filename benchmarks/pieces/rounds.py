"""How every piece is timed: the same call again and again in its own process, CPU seconds of each round printed."""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def report(call: Callable[[], int], rounds: int) -> None:
    """Call once to warm up, then *rounds* times; print rows, CPU seconds per round and the memory at its highest."""
    rows = call()
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": round(_peak() / 1024)}), file=sys.stdout)


def _peak() -> int:
    """Return the most kB that this process held; where the system tells no better, no less than its parent did."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="utf-8")) if status.exists() else None
    return int(told[1]) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
