"""What BigQuery bills for what it reads, in words, and how much of it the user allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

GIB = 1 << 30
_MIB = 1 << 20
_USD_PER_TIB = 6.25
#: Of every table that a statement reads at least so much is billed.
LEAST = 10 * _MIB


@dataclass
class Allowance:
    """What an engine that bills by volume may bill in one run, and who is told before it does.

    Attributes:
        most: the most that may be billed, in bytes; nothing is billed without it.
        progress: told what is being done.
        billed: what was billed so far, in bytes.
    """

    most: int = 0
    progress: Callable[[str], None] = field(default=lambda _: None)
    billed: int = 0

    @property
    def left(self) -> int:
        """How many bytes may still be billed."""
        return max(0, self.most - self.billed)


def volume(size: int) -> str:
    """Return a number of bytes in words.

    >>> volume(3 << 29), volume(20 << 20)
    ('1.50 GiB', '20.0 MiB')
    """
    return f"{size / GIB:,.2f} GiB" if size >= GIB else f"{size / _MIB:,.1f} MiB"


def price(size: int) -> str:
    """Return what it costs to read so many bytes, in words."""
    return (
        f"nothing to pay within the 1 TiB that is free each month, else {size / (GIB << 10) * _USD_PER_TIB:,.2f} USD "
        f"at {_USD_PER_TIB} USD per TiB (the price of November 2026; check the current one)"
    )
