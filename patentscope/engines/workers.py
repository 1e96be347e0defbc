"""Work that is dealt in blocks to processes, one for each core, and comes back in order.

How many processes there are changes the time and nothing else. Threads would not do: sparse products and Python's own
work hold the interpreter.
"""

from __future__ import annotations

import os
import pkgutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from patentscope.errors import UsageError, WorkerLost

#: How many processes read texts at once; else one for each core that this process may use.
WORKERS = "PATENTSCOPE_WORKERS"
#: Fewer blocks than this are done sooner by this process: another takes about two seconds until it can read texts.
LEAST = 10

#: This process, and those that it has started, if any.
_started: dict[int, Any] = {}

Task = TypeVar("Task")
Result = TypeVar("Result")


def workers() -> int:
    """Return how many processes there may be.

    Raises:
        UsageError: where `PATENTSCOPE_WORKERS` is no whole number from 1 on.
    """
    if (said := _said()) is not None:
        return said
    from joblib import cpu_count  # noqa: PLC0415 - most runs are small, and need no processes

    return int(cpu_count())


def has_spare() -> bool:
    """Say whether there may be a process beside this one; asking takes no time, as it does of `workers`.

    Raises:
        UsageError: as `workers`.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return (_said() or usable) > 1


def _said() -> int | None:
    said = os.environ.get(WORKERS, "").strip()
    if not said:
        return None
    if not said.isdecimal() or int(said) < 1:
        raise UsageError(f"{WORKERS}={said}: expected a whole number from 1 on; without it, every core is used")
    return int(said)


def begin(tasks: int, ready: Sequence[str] = ()) -> None:
    """Start the processes for work on so many *tasks*, where they are not few; each gets *ready*, as `get_ready` does.

    They stay for all that follows; `dismiss` ends them.

    Raises:
        UsageError: as `workers`.
    """
    _said()
    if are_running() or tasks < LEAST or workers() == 1:
        return
    from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415 - as above

    count = min(workers(), tasks)
    _started[os.getpid()] = ProcessPoolExecutor(count, initializer=_on_one_core, initargs=(ready,))
    for _ in range(count):
        _started[os.getpid()].submit(int)


def each(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """Return what *work* gives for each of *tasks*, in their order: in this process where they are few.

    Others begin at once; they are for any work that follows, which may be of few tasks, until `dismiss` ends them.
    *work*, tasks and what comes of them must be picklable.

    Raises:
        WorkerLost: where the system ended a process.
        UsageError: as `workers`.
    """
    begin(len(tasks))
    if not are_running():
        return map(work, tasks)
    return _awaited(deque(_started[os.getpid()].submit(work, task) for task in tasks))


def _awaited(futures: deque[Future[Result]]) -> Iterator[Result]:
    from joblib.externals.loky.process_executor import TerminatedWorkerError  # noqa: PLC0415 - loaded already

    try:
        while futures:
            yield futures.popleft().result()
    except TerminatedWorkerError as error:
        dismiss()
        raise lost("one of the processes that were reading texts") from error
    except BaseException:
        dismiss()
        raise


def _on_one_core(ready: Sequence[str]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - who only asks for cores needs none
    from joblib.externals.loky import process_executor  # noqa: PLC0415 - loaded already

    # Where psutil is installed, loky takes what training keeps for a leak, ends the process, warns, and starts another.
    process_executor._USE_PSUTIL = False  # noqa: SLF001 - it has no setting
    pa.set_cpu_count(1)
    get_ready(ready)


def get_ready(names: Sequence[str]) -> None:
    """Import modules, named as `package.module`, and call functions, named as `package.module:name`."""
    for name in names:
        found = pkgutil.resolve_name(name)
        if callable(found):
            found()


def lost(what: str) -> WorkerLost:
    """Return the error that says that the system ended *what*, a process."""
    return WorkerLost(
        f"the system ended {what}, most likely because memory ran out ({_memory()}). Run the same command again with "
        f"{WORKERS}=1: one process needs less, and gives the same result"
    )


def are_running() -> bool:
    """Say whether this process has others that wait for work."""
    return os.getpid() in _started


def dismiss() -> None:
    """End the processes, if there are any, and what they hold in memory."""
    if are_running():
        _started.pop(os.getpid()).shutdown(wait=True, kill_workers=True)


def _memory() -> str:
    """Return how much memory the machine has, in words."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "its size is not known"
    return f"this machine has {size / 2**30:.1f} GiB in all"
