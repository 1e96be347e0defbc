"""Progress on stderr: two lines that are written over on a terminal, a plain line now and then anywhere else.

What is told is a sentence, such as `class_strict/1 2015: 300 of 1,834; search green, 30 a minute`. Where its first part
counts (`300 of 1,834`), the rate of the last minute and the remaining time are added. Nothing is coloured, so NO_COLOR
has nothing to turn off; a terminal without cursor control (TERM=dumb) gets the plain lines.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from patentscope.provenance.notice import Notice

_COUNT = re.compile(r"(?<![\d.,])(?P<done>\d[\d,]*) of (?P<total>\d[\d,]*)(?P<unit> kB| rows)?(?![\d.,])")
_TICK = 0.2
#: Seconds: nothing is said of short work in a pipe, and little of long work.
_FIRST_LINE, _NEXT_LINE = 10.0, 60.0
_RATE_OVER = 60.0
_LEAST_TIME = 1.0
_MINUTE = 60
_USUAL_WIDTH = 80


class Progress:
    """What is being done, since when, how fast, and how long it still takes.

    `tell` only takes in and `tick` writes, so that thousands of kept answers cost nothing and a long wait is seen to
    go on.
    """

    def __init__(self, stream: TextIO, *, is_live: bool, began: float = 0.0) -> None:
        """Write nothing yet.

        Args:
            stream: where to write.
            is_live: whether what was written can be written over.
            began: the time from which elapsed seconds are counted.
        """
        self._stream = stream
        self._is_live = is_live
        self._began = began
        self._next = began + (0.0 if is_live else _FIRST_LINE)
        self._text = ""
        self._told = self._written = 0
        self._drawn: list[str] = []
        self._what = ""
        self._before = self._done = 0
        self._seen: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def tell(self, text: str, now: float) -> None:
        """Take in what is being done at the time *now*."""
        with self._lock:
            self._text = text
            self._told += 1
            count = _COUNT.search(text.partition(";")[0])
            if count is None:
                return
            if (what := text[: count.start()]) != self._what:
                self._what, self._before = what, self._before + self._done
            self._done = _number(count["done"])
            self._seen.append((now, self._before + self._done))
            while len(self._seen) > 2 and self._seen[1][0] < now - _RATE_OVER:  # noqa: PLR2004 - two make a rate
                self._seen.popleft()

    def notice(self, text: str) -> None:
        """Write *text* at once and for good; what comes after it is another count."""
        with self._lock:
            self._clear()
            self._stream.write(f"{text}\n")
            self._stream.flush()
            self._seen.clear()
            self._what, self._before, self._done = "", 0, 0

    def tick(self, now: float) -> None:
        """Write where it is time to, and there is something to say."""
        with self._lock:
            if not self._text or now < self._next or not (self._is_live or self._told > self._written):
                return
            self._written = self._told
            elapsed = _clock(now - self._began)
            first, *rest = self._in_words().split("; ")
            if self._is_live:
                self._next = now + _TICK
                self._draw([f"{elapsed}  {first}", *([f"{' ' * len(elapsed)}  {'; '.join(rest)}"] if rest else [])])
            else:
                self._next = now + _NEXT_LINE
                self._stream.write(f"{elapsed}  {'; '.join([first, *rest])}\n")
                self._stream.flush()

    def end(self) -> None:
        """Leave nothing on a terminal but what was written for good."""
        with self._lock:
            self._clear()
            self._stream.flush()

    def _in_words(self) -> str:
        """Return what was told last, with the rate and the remaining time behind its count."""
        head, semicolon, rest = self._text.partition(";")
        count = _COUNT.search(head)
        if count is None:
            return self._text
        parts = [head]
        if pace := self._a_second():
            parts.append(_rate(pace, count["unit"] or ""))
            if (to_come := _number(count["total"]) - self._done) > 0:
                parts.append(f"{_clock(to_come / pace)} left")
        if self._before:
            parts.append(f"{self._before + self._done:,} in all")
        return ", ".join(parts) + semicolon + rest

    def _a_second(self) -> float:
        """Return the rate over about the last minute; 0 where it is not known yet."""
        if not self._seen:
            return 0.0
        (began, at_first), (ended, at_last) = self._seen[0], self._seen[-1]
        return (at_last - at_first) / (ended - began) if ended - began >= _LEAST_TIME else 0.0

    def _draw(self, lines: list[str]) -> None:
        """Write *lines* over those drawn before, each cut to the terminal's width."""
        width = _width(self._stream) - 1
        lines = [_cut(line, width) for line in lines]
        if lines == self._drawn:
            return
        self._clear()
        self._stream.write("\n".join(lines))
        self._stream.flush()
        self._drawn = lines

    def _clear(self) -> None:
        if self._drawn:
            up = f"\x1b[{len(self._drawn) - 1}A" if len(self._drawn) > 1 else ""
            self._stream.write(f"\r{up}\x1b[J")
            self._drawn = []


@contextmanager
def progress(stream: TextIO | None = None) -> Iterator[Callable[[str], None]]:
    """Give what shows, on *stream* (stderr), what is being done; notices are shown at once and stay."""
    out = stream or sys.stderr
    is_live = out.isatty() and os.environ.get("TERM") != "dumb"
    shown = Progress(out, is_live=is_live, began=time.monotonic())
    is_over = threading.Event()

    def keep_writing() -> None:
        while not is_over.wait(_TICK):
            shown.tick(time.monotonic())

    def tell(text: str) -> None:
        if isinstance(text, Notice):
            shown.notice(text)
        else:
            shown.tell(text, time.monotonic())

    writer = threading.Thread(target=keep_writing, daemon=True)
    writer.start()
    try:
        yield tell
    finally:
        is_over.set()
        writer.join()
        shown.end()


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _rate(a_second: float, unit: str) -> str:
    """Return a rate in words, by the minute where less than one is done in a second."""
    return f"{a_second:,.0f}{unit} a second" if a_second >= 1 else f"{a_second * _MINUTE:,.0f}{unit} a minute"


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), _MINUTE)
    hours, minute = divmod(minutes, _MINUTE)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH


def _cut(line: str, width: int) -> str:
    """Return as much of *line* as *width* columns hold; Chinese and Japanese characters take two."""
    used = 0
    for place, character in enumerate(line):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return line[:place]
    return line
