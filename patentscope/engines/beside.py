"""A process beside this one: it loads heavy libraries while this one works, and then does the work that needs them.

Loading holds the interpreter, so that a thread would gain nothing. What goes to the process and comes back is pickled.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

from patentscope.engines.workers import get_ready, has_spare, lost

Result = TypeVar("Result")

#: The work for which this process has started another.
_once: set[str] = set()

_CODE = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from patentscope.engines.beside import serve
serve()
"""


class Beside:
    """A process that gets ready at once for one piece of work; where none can be started, the work is done here."""

    def __init__(self, ready: Sequence[str]) -> None:
        """Start it; *ready* names what it imports and calls, as `get_ready` does."""
        self._process: subprocess.Popen[bytes] | None = None
        with contextlib.suppress(OSError):
            command = [sys.executable, "-P", "-c", _CODE]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
            self._send(sys.path)
            self._send(list(ready))

    def do(self, work: Callable[..., Result], *given: Any) -> Result:  # noqa: ANN401 - what the work takes
        """Return what *work* gives for *given*; both must be picklable. What it raises is raised here.

        Raises:
            WorkerLost: where the system ended the process meanwhile.
        """
        if self._process is None or self._process.poll() is not None:
            return work(*given)
        try:
            self._send((work, given))
            is_done, answer = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - our own
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise lost("the process that was doing a part of the work") from error
        if not is_done:
            raise answer
        result: Result = answer
        return result

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def _send(self, value: object) -> None:
        pickle.dump(value, self._process.stdin)  # type: ignore[union-attr, arg-type]
        self._process.stdin.flush()  # type: ignore[union-attr]


class Ahead:
    """Processes that get ready for work to come, by its name; all are ended with the `with` block."""

    def __init__(self) -> None:
        """Start none."""
        self._begun: dict[str, Beside] = {}

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        for name in list(self._begun):
            self.end(name)

    def begin(self, name: str, ready: Sequence[str]) -> None:
        """Start a process for the work *name*, unless there is one core, or this process has all that is *ready*.

        It is started once in the life of this process: who does the same work again is better off with what stays.
        """
        if name not in _once and has_spare() and not all(one.partition(":")[0] in sys.modules for one in ready):
            _once.add(name)
            self._begun[name] = Beside(ready)

    def do(self, name: str, work: Callable[..., Result], *given: Any) -> Result:  # noqa: ANN401 - as `Beside.do`
        """Do the work *name* in its process, which ends then, or here where there is none; as `Beside.do`."""
        beside = self._begun.get(name)
        try:
            return beside.do(work, *given) if beside else work(*given)
        finally:
            self.end(name)

    def end(self, name: str) -> None:
        """End the process for the work *name*, if there is one."""
        if beside := self._begun.pop(name, None):
            beside.end()


def serve() -> None:
    """Get ready, do the one piece of work, and give back whether it was done, and its result or error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all: the process before this one ends this one
    gc.set_threshold(100_000)  # as in the process before: see `cli.main`
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    get_ready(pickle.load(asked))  # noqa: S301 - from the process that started this one
    try:
        work, given = pickle.load(asked)  # noqa: S301 - as above
    except EOFError:
        return
    threading.Thread(target=_end_with, args=(asked.fileno(),), daemon=True).start()
    try:
        answer = True, work(*given)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised there
        answer = False, _portable(error)
    pickle.dump(answer, answers)
    answers.flush()


def _end_with(pipe: int) -> None:
    """End this process when the one that holds the other end of *pipe* is gone: nobody waits for the work any more."""
    os.read(pipe, 1)
    os._exit(1)


def _portable(error: BaseException) -> BaseException:
    """Return *error* with where it was raised, or that in words, where it can't be pickled."""
    told = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever a library's error does when it is made again
        return RuntimeError(told)
    error.add_note(told)
    return error
