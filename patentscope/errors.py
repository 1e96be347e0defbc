"""Everything that can go wrong on purpose.

PatentscopeError
├── QueryError            the query file or a claim: all faults at once      exit 2
├── UsageError            a command that can't be carried out as asked       exit 2
├── FetchError            a source that can't be reached, or refuses      exit 1
│   ├── QuotaExceeded     its limit is met: when to go on                 exit 1
│   ├── NotCached         offline, and this answer is not kept            exit 1
│   └── Unauthorized      a key is missing or refused                     exit 3
├── FileFormatError       a file that is not what its name or asker says     exit 1
├── RecordError           too many bad records                               exit 1
├── WriteError            a file that can't be written: a full disk          exit 1
├── WorkerLost            a process that the system ended: memory ran out    exit 1
└── NotEnoughEvidence     too little to train, estimate or decide on         exit 1

A message says where, what was found, what was expected and what would work. Errors are raised where the
fault is known and caught in the command line, which prints them without a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PatentscopeError(Exception):
    """A fault that has a plain explanation; `exit_code` is the process's exit code."""

    exit_code = 1


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what was found there, what would work."""

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Write the fault as one line."""
        return f"{self.where}: found {self.found}; {self.expected}"


class QueryError(PatentscopeError):
    """The query file, or a claim, has faults; all of them are in `faults`."""

    exit_code = 2

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        """Keep *source* (the file, or the claim as written) and its *faults*."""
        self.source = source
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__("\n".join([f"{source}: {count}", *(f"  {fault}" for fault in faults)]))

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, tuple[Fault, ...]]]:
        """Say what the error is made of, for another process."""
        return type(self), (self.source, self.faults)


class UsageError(PatentscopeError):
    """What was asked for can't be done; the message says what can."""

    exit_code = 2


class FetchError(PatentscopeError):
    """A source can't be reached, or answers what it should not."""


class QuotaExceeded(FetchError):  # noqa: N818 - the office's word for it
    """An office's limit is met; the message says at what time to go on. What was fetched is kept."""


class NotCached(FetchError):  # noqa: N818 - a state, not a malfunction
    """Offline, and a question has no kept answer."""


class Unauthorized(FetchError):  # noqa: N818 - HTTP's word for it
    """A key is missing or refused; the message names the variable and where to register."""

    exit_code = 3


class FileFormatError(PatentscopeError):
    """A file is not what it was taken for."""


class RecordError(PatentscopeError):
    """More records are bad than the limit allows."""


class WriteError(PatentscopeError):
    """A file can't be written: a full disk, a folder that is read-only, another run at work in it."""


class WorkerLost(PatentscopeError):  # noqa: N818 - what happened, not a malfunction of ours
    """The system ended a process that did part of the work."""


class NotEnoughEvidence(PatentscopeError):  # noqa: N818 - it names a finding, not a malfunction
    """There is too little data for an answer, and a guess would be dishonest."""
