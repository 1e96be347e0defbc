"""What waits in a file of the run's temporary folder, so that every process can have it and none need hold it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from patentscope.provenance.writing import spilled

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Aside(Generic[Thing]):
    """A thing in a file, or here."""

    held: Thing | None
    file: Path | None = None

    @classmethod
    def put(cls, thing: Thing, file: Path | None) -> Aside[Thing]:
        """Write a picklable thing to *file*, if one is given; else it stays here.

        Raises:
            WriteError: where the disk is full.
        """
        if file is None:
            return cls(thing)
        with spilled():
            file.write_bytes(pickle.dumps(thing))
        return cls(None, file)

    def get(self) -> Thing:
        """Return the thing."""
        if self.file is None:
            return self.held  # type: ignore[return-value]
        found: Thing = pickle.loads(self.file.read_bytes())  # noqa: S301 - our own file, of this run
        return found
