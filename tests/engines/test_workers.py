"""Work in blocks comes back in order from however many processes; what ends one is said, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from patentscope.engines.workers import WORKERS, dismiss, each, workers
from patentscope.errors import UsageError, WorkerLost

_SLEEPS = """
import time
from patentscope.engines.workers import each
list(each(time.sleep, [0, 60, 60, 60]))
"""


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """What each block gives comes in the blocks' order, done by this process alone or by others."""
    monkeypatch.setenv(WORKERS, str(count))
    try:
        assert list(each(partial(pow, 2), range(7))) == [1, 2, 4, 8, 16, 32, 64]
    finally:
        dismiss()


def test_few_blocks_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two blocks are done by this process, even where the work could not be sent to another."""
    monkeypatch.setenv(WORKERS, "8")
    assert list(each(lambda block: (block, os.getpid()), [1, 2])) == [(1, os.getpid()), (2, os.getpid())]


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
    with pytest.raises(WorkerLost, match=rf"ended one of 2 processes .* GiB in all.* {WORKERS}=1"):
        list(each(signal.raise_signal, [signal.SIGKILL] * 3))
    try:
        assert list(each(abs, [-1, -2, -3])) == [1, 2, 3]
    finally:
        dismiss()


def _in_group(group: int) -> list[str]:
    found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the program", "from the terminal"])
def test_ctrl_c_leaves_no_process(send: object) -> None:
    """Interrupted while others work, the program ends, and they do."""
    environment = {**os.environ, WORKERS: "2"}
    program = subprocess.Popen(
        [sys.executable, "-c", _SLEEPS], start_new_session=True, env=environment, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while len(_in_group(program.pid)) < 4 and time.monotonic() < deadline:  # itself, two, and what watches over them
        time.sleep(0.1)
    time.sleep(1)
    send(program.pid, signal.SIGINT)  # type: ignore[operator]
    program.communicate(timeout=60)
    while _in_group(program.pid) and time.monotonic() < deadline + 30:
        time.sleep(0.1)
    assert not _in_group(program.pid)
    assert program.returncode != 0
