"""How a run asks its sources: through which cache, and whether at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from patentscope.fetch.card import Card
from patentscope.fetch.clock import Clock
from patentscope.provenance.progress import Progress

if TYPE_CHECKING:
    from patentscope.fetch.http import Asker, Manners


@dataclass(frozen=True)
class Asking:
    """What a run settles for all its sources.

    Attributes:
        cache: the folder of kept answers.
        offline: ask nobody; a question without a kept answer is an error.
        not_before: ask anew what was answered before this date.
        families: fetch every member of the families found, where the source can give them.
        most_gib: what a source that bills by volume may bill, in GiB; nothing is billed without it.
        progress: told what is being done.
        clock: by which requests are spaced.
    """

    cache: Path
    offline: bool = False
    not_before: dt.date | None = None
    families: bool = False
    most_gib: float = 0.0
    progress: Callable[[Progress], None] = field(default=lambda _: None)
    clock: Clock = field(default_factory=Clock)

    def asker(self, card: Card, manners: Manners) -> Asker:
        """Return who asks a source, through the answers kept of it."""
        from patentscope.fetch.http import Asker  # noqa: PLC0415 - httpx, which a run on files or the sample doesn't need

        store = card.store(self.cache)
        return Asker(store, manners, offline=self.offline, not_before=self.not_before, clock=self.clock)
