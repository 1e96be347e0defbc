"""Progress as values: what long work tells whoever waits for it, to be shown or not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """What is being done, and how far it is.

    Attributes:
        what: in words: a source's search, a stage, a file.
        done: how much of it is done, in *unit*; None where nothing is counted.
        total: how much there is to do; None where nobody knows.
        unit: what is counted, in the plural.
        beside: what else is worth knowing now, such as the quota used.
        is_notice: must be shown even where progress isn't, and stay: how much is to be asked for, or billed.
    """

    what: str
    done: int | None = None
    total: int | None = None
    unit: str = ""
    beside: str = ""
    is_notice: bool = False
