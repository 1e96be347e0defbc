"""Progress on stderr: bars on a terminal, a plain line now and then in a pipe or where the cursor can't be moved."""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from patentscope.provenance.progress import Progress

#: Seconds: nothing is said of short work in a pipe, and little of long work.
_FIRST_LINE, _NEXT_LINE = 10.0, 60.0
#: Seconds that a rate is of, at most and at least.
_RATE_OVER, _RATE_FROM = 60.0, 1.0
_BAR = 12


class Display:
    """What is being done, since when, how fast, and how long it still takes.

    `tell` only takes in; `drawn` and `write_line` show it, so that thousands of kept answers cost nothing and a long
    wait is seen to go on.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        """Show nothing yet; the time that has passed is counted from now, by *clock* in seconds."""
        self._console = console
        self._clock = clock
        self._began = clock()
        self._next_line = self._began + _FIRST_LINE
        self._what = ""
        self._counted: deque[tuple[float, int]] = deque()
        self._shown: tuple[Progress, str] | None = None
        self._written: tuple[Progress, str] | None = None

    def tell(self, told: Progress) -> None:
        """Take in what is being done; write a notice at once."""
        if told.is_notice:
            self._console.out(told.what, highlight=False)
            return
        if told.done is not None:
            if told.what != self._what:
                self._what = told.what
                self._counted.clear()
            now = self._clock()
            self._counted.append((now, told.done))
            while len(self._counted) > 2 and self._counted[1][0] < now - _RATE_OVER:  # noqa: PLR2004 - two make a rate
                self._counted.popleft()
        self._shown = told, self._count(told)

    def drawn(self) -> RenderableType:
        """Return what a terminal shows now."""
        if self._shown is None:
            return ""
        told, count = self._shown
        bar = ProgressBar(told.total, told.done or 0, width=_BAR, pulse=told.done is None)
        lines = Table.grid(Column(width=_BAR), Column(no_wrap=True), padding=(0, 2, 0, 0))
        lines.add_row(self._elapsed(), Text(told.what))
        lines.add_row(bar, Text("; ".join(filter(None, [count, told.beside]))))
        return lines

    def write_line(self) -> None:
        """Write a plain line where it is time to, and something new was told."""
        if self._shown is None or self._shown is self._written or self._clock() < self._next_line:
            return
        told, count = self._written = self._shown
        self._next_line = self._clock() + _NEXT_LINE
        words = "; ".join(filter(None, [told.what, count, told.beside]))
        self._console.out(f"{self._elapsed()}  {words}", highlight=False)

    def _count(self, told: Progress) -> str:
        """Return what is done of how much, the rate of the last minute, and the remaining time, as far as known."""
        if told.done is None:
            return ""
        of = "" if told.total is None else f" of {told.total:,}"
        parts = [f"{told.done:,}{of} {told.unit}".rstrip()]
        (began, at_first), (ended, at_last) = self._counted[0], self._counted[-1]
        if at_last > at_first and ended - began >= _RATE_FROM:
            pace = (at_last - at_first) / (ended - began)
            parts.append(f"{pace:,.0f} a second" if pace >= 1 else f"{pace * 60:,.0f} a minute")
            if told.total is not None and told.total > told.done:
                parts.append(f"{_clock_time((told.total - told.done) / pace)} left")
        return ", ".join(parts)

    def _elapsed(self) -> str:
        return _clock_time(self._clock() - self._began)


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """Give what shows on stderr what is being done; notices are shown at once and stay."""
    console = Console(stderr=True)
    display = Display(console)
    if sys.stderr.isatty() and console.is_interactive:
        with Live(console=console, get_renderable=display.drawn, transient=True, redirect_stdout=False):
            yield display.tell
        return
    is_over = threading.Event()

    def write_lines() -> None:
        while not is_over.wait(1.0):
            display.write_line()

    writer = threading.Thread(target=write_lines, daemon=True)
    writer.start()
    try:
        yield display.tell
    finally:
        is_over.set()
        writer.join()


def _clock_time(seconds: float) -> str:
    return str(dt.timedelta(seconds=round(seconds)))
