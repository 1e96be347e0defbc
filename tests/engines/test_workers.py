"""Work in blocks comes back in order from however many processes; what ends one is said, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest

from patentscope.engines.workers import LEAST, WORKERS, begin, dismiss, each, workers
from patentscope.errors import UsageError, WorkerLost

_SLEEPS = """
import time
from patentscope.engines.workers import each
for _ in each(time.sleep, [0] + [60] * 10):
    print("started", flush=True)
"""


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """What each block gives comes in the blocks' order, done by this process alone or by others."""
    monkeypatch.setenv(WORKERS, str(count))
    try:
        assert list(each(partial(pow, 2), range(LEAST))) == [2**place for place in range(LEAST)]
    finally:
        dismiss()


def test_few_blocks_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few blocks are done by this process, even where the work could not be sent to another."""
    monkeypatch.setenv(WORKERS, "8")
    assert list(each(lambda block: (block, os.getpid()), [1, 2])) == [(1, os.getpid()), (2, os.getpid())]


def _pid(_: object) -> int:
    return os.getpid()


@pytest.mark.parametrize(
    ("count", "tasks", "elsewhere"), [("2", LEAST, True), ("2", LEAST - 1, False), ("1", 99, False)]
)
def test_processes_begun_ahead_do_what_follows(
    monkeypatch: pytest.MonkeyPatch, count: str, tasks: int, *, elsewhere: bool
) -> None:
    """Begun for many tasks, other processes do even one; for few, or on one core, none is begun."""
    monkeypatch.setenv(WORKERS, count)
    try:
        begin(tasks, ("patentscope.errors",))
        assert [pid != os.getpid() for pid in each(_pid, [0])] == [elsewhere]
    finally:
        dismiss()


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5"])
def test_a_number_of_processes_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """The message has the variable, what it says, and what was expected; even where no process is needed."""
    monkeypatch.setenv(WORKERS, said)
    with pytest.raises(UsageError, match=f"{WORKERS}={said}: expected a whole number from 1 on"):
        list(each(abs, [1]))


def test_without_a_number_every_core_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that this process may use, and at least one."""
    monkeypatch.delenv(WORKERS, raising=False)
    assert 1 <= workers() <= (os.cpu_count() or 1)


def test_a_process_that_the_system_ends_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what happened, how much memory there is, and what works; the next work is done as ever."""
    monkeypatch.setenv(WORKERS, "2")
    with pytest.raises(WorkerLost, match=rf"ended one of the processes .* GiB in all.* {WORKERS}=1"):
        list(each(signal.raise_signal, [signal.SIGKILL] * LEAST))
    try:
        assert list(each(abs, range(-LEAST, 0))) == list(range(LEAST, 0, -1))
    finally:
        dismiss()


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the program", "from the terminal"])
def test_ctrl_c_leaves_no_process(send: Callable[[int, int], None]) -> None:
    """Interrupted while others work, the program ends, and they do."""
    environment = {**os.environ, WORKERS: "2"}
    code = [sys.executable, "-c", _SLEEPS]
    with subprocess.Popen(code, start_new_session=True, env=environment, stdout=-1, stderr=-1) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"started\n"
        send(program.pid, signal.SIGINT)
        try:
            program.communicate(timeout=60)
        finally:
            program.kill()
    deadline = time.monotonic() + 30
    while _is_there(program.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_there(program.pid)
    assert program.returncode != 0
