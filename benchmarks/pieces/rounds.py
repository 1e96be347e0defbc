"""How every piece is timed: the same call again and again in its own process, CPU seconds of each round printed."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable


def report(call: Callable[[], int], rounds: int) -> None:
    """Call once to warm up, then *rounds* times; print rows, CPU seconds per round and the memory at its highest."""
    rows = call()
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": round(peak)}), file=sys.stdout)
