"""Work that is dealt in blocks to processes, one for each core, and comes back in order.

How many processes there are changes the time and nothing else. Threads would not do: sparse products and Python's own
work hold the interpreter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from patentscope.errors import UsageError, WorkerLost

#: How many processes read texts at once; else one for each core that this process may use.
WORKERS = "PATENTSCOPE_WORKERS"
#: Fewer blocks than this are done sooner by this process: another takes about two seconds until it can read texts.
LEAST = 10

#: This process, where it has started others: to ask for them would start them.
_started: set[int] = set()

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


def each(work: Callable[[Task], Result], tasks: Sequence[Task], least: int = LEAST) -> Iterator[Result]:
    """Yield what *work* gives for each of *tasks*, in their order: in this process where there are fewer than *least*.

    *work* and what it gives must be picklable. The processes stay for the next call; `dismiss` ends them.

    Raises:
        WorkerLost: where the system ended a process.
        UsageError: as `workers`.
    """
    _said()
    if len(tasks) < least or workers() == 1:
        yield from map(work, tasks)
        return
    count = min(workers(), len(tasks))
    from joblib import Parallel, delayed  # noqa: PLC0415 - as above
    from joblib.externals.loky.process_executor import TerminatedWorkerError  # noqa: PLC0415

    # Nothing is mapped into memory that processes share: a container may have next to none of it.
    parallel = Parallel(count, backend="loky", return_as="generator", max_nbytes=None, batch_size=1)
    _started.add(os.getpid())
    alone = delayed(partial(_on_one_core, work))
    try:
        yield from parallel(alone(task) for task in tasks)
    except TerminatedWorkerError as error:
        dismiss()
        raise lost(f"one of {count} processes that were reading texts") from error
    except BaseException:
        dismiss()
        raise


def _on_one_core(work: Callable[[Task], Result], task: Task) -> Result:
    import pyarrow as pa  # noqa: PLC0415 - who only asks for cores needs none

    pa.set_cpu_count(1)
    return work(task)


def lost(what: str) -> WorkerLost:
    """Return the error that says that the system ended *what*, a process."""
    return WorkerLost(
        f"the system ended {what}, most likely because memory ran out ({_memory()}). Run the same command again with "
        f"{WORKERS}=1: one process needs less, and gives the same result"
    )


def dismiss() -> None:
    """End the processes, if there are any, and what they hold in memory."""
    if _started:
        from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415 - loaded already

        get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)
        _started.clear()


def _memory() -> str:
    """Return how much memory the machine has, in words."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "its size is not known"
    return f"this machine has {size / 2**30:.1f} GiB in all"
