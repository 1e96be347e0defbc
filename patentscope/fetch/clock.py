"""By which clock requests are spaced."""

from __future__ import annotations

import time


class Clock:
    """The machine's own clock, by which requests are spaced; whoever needs another one passes it in."""

    def now(self) -> float:
        """Return seconds since some moment in the past; they never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
