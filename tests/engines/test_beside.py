"""A process beside this one does its work as this one would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patentscope.engines.beside import Ahead, Beside
from patentscope.engines.workers import WORKERS
from patentscope.errors import Fault, FetchError, QueryError, WorkerLost

#: Modules that are loaded soon; what is called has to be found by the process, too.
_SOON = ("patentscope.errors",)
_ODD = """
class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")
raise Odd(1, 2)
"""


def test_the_work_is_done_in_another_process_and_its_result_comes_back() -> None:
    """It is another process that works; what a library prints on the way is no part of the answer."""
    beside = Beside(_SOON)
    try:
        assert beside.do(os.getpid) != os.getpid()
    finally:
        beside.end()
    beside = Beside([*_SOON, "os:getpid"])
    try:
        assert beside.do(print, "this stands on stderr") is None
    finally:
        beside.end()


def test_an_error_comes_back_as_it_is() -> None:
    """An error of ours keeps its kind and words; one that can't be pickled comes with where it was raised."""
    beside = Beside(_SOON)
    with pytest.raises(FetchError, match="an office"):
        beside.do(_fail, FetchError("an office"))
    beside.end()
    beside = Beside(_SOON)
    with pytest.raises(QueryError, match="1 fault") as told:
        beside.do(_fail, QueryError("a query", [Fault("here", "this", "expected that")]))
    assert told.value.faults[0].where == "here"
    beside.end()
    beside = Beside(_SOON)
    with pytest.raises(RuntimeError, match="Odd: odd"):
        beside.do(exec, _ODD)
    beside.end()


def test_a_process_that_the_system_ends_is_an_error_of_ours() -> None:
    """Memory that runs out is said as that; where the process was gone before, the work is done here."""
    beside = Beside(_SOON)
    with pytest.raises(WorkerLost, match=rf"{WORKERS}=1"):
        beside.do(os.kill, *[beside._process.pid, signal.SIGKILL])  # type: ignore[union-attr]
    beside.end()
    beside = Beside(["patentscope.no_such_module"])
    beside._process.wait()  # type: ignore[union-attr]
    assert beside.do(os.getpid) == os.getpid()
    beside.end()


def test_nothing_is_begun_for_one_core_nor_for_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one core, or everything loaded already, the work is done in this process."""
    with Ahead() as ahead:
        ahead.begin("loaded", _SOON)
        assert ahead.do("loaded", os.getpid) == os.getpid()
        monkeypatch.setenv(WORKERS, "1")
        ahead.begin("one core", ["antigravity_of_no_one"])
        assert ahead.do("one core", os.getpid) == os.getpid()


def test_the_same_work_is_done_here_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run in one process loads the libraries itself, where they stay for the third."""
    (tmp_path / "never_loaded_here.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for is_first in (True, False):
        with Ahead() as ahead:
            ahead.begin("twice", ["never_loaded_here"])
            assert ("twice" in ahead._begun) is is_first
            assert ahead.do("twice", pow, 2, 3) == 8


def test_nothing_is_left_where_the_process_before_it_ends() -> None:
    """A process in the middle of its work ends with the one that waits for it, even where that one is killed."""
    code = (
        "import time; from patentscope.engines.beside import Beside; one = Beside(['patentscope.errors']);"
        "print(one._process.pid, flush=True); one.do(time.sleep, 60)"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root) as waiting:
        assert waiting.stdout is not None
        child = int(waiting.stdout.readline())
        time.sleep(1.0)
        waiting.kill()
    assert _ends(child)


def _ends(process: int) -> bool:
    """Say whether a process that isn't ours ends within ten seconds."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{process}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def _fail(error: Exception) -> None:
    raise error
