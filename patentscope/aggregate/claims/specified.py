"""One specification counted for one claim: its figures, what stops it, and what lowers its certainty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from patentscope.aggregate.audit.correct import Widening
from patentscope.aggregate.counts.tally import Amount, Tally
from patentscope.query.claim import Claim
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED


@dataclass(frozen=True)
class Concern:
    """One thing that lowers certainty: what was *found*, held against what is *needed*, and the points that it costs.

    `side` is the worse one, as results name it; None where the finding is of both. `documents` is the level of
    documents that the finding is of, where that is not the row's own.
    """

    name: str
    points: int
    found: float | str | None
    needed: str
    side: str | None = None
    documents: str | None = None


@dataclass(frozen=True)
class Specified:
    """One specification counted for one claim.

    Attributes:
        visible: the published share of each side; None where it can't be told.
        stops: why it can't be judged; nothing where it can.
        is_wider: its topic is wider than the claim's, so that it is shown and never judged.
        concerns: what lowers its certainty, those without points too; none where it is stopped.
    """

    claim: Claim
    convention: Convention
    tally: Tally
    widening: Widening = None
    visible: tuple[float | None, float | None] = (None, None)
    stops: tuple[str, ...] = ()
    is_wider: bool = False
    concerns: tuple[Concern, ...] = ()

    @property
    def is_audited(self) -> bool:
        """Whether labels have put the counts right, which then are estimates."""
        return self.convention.topic == AUDITED

    @property
    def counts_anything(self) -> bool:
        """Whether either side has a unit."""
        return bool(self.tally.left or self.tally.right)

    @property
    def units(self) -> Amount:
        """The units of both sides, those of both once."""
        return self.tally.left + self.tally.right - self.tally.overlap

    @property
    def ratio(self) -> Fraction | None:
        """Left / right; None where the right side is empty."""
        return Fraction(self.tally.left, self.tally.right) if self.tally.right else None

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The ends of the ratio (`Tally.ends`); an audit's interval widens both."""
        low, high = self.tally.ends
        if not self.is_audited:
            return low, high
        down, up = self.widening or (None, None)
        return (
            None if low is None or down is None else low * down,
            None if high is None or up is None else high * up,
        )

    @property
    def result(self) -> tuple[Amount | None, ...]:
        """What makes it one result with others: both sides, what is on both, and the ends of the ratio."""
        return (self.tally.left, self.tally.right, self.tally.overlap, *self.bounds)

    @cached_property
    def points(self) -> int | None:
        """The sum of what its concerns cost; None where it is stopped."""
        return None if self.stops else sum(concern.points for concern in self.concerns)

    def concern(self, name: str) -> int:
        """Return the points of one concern, 0 where it is stopped."""
        return next((concern.points for concern in self.concerns if concern.name == name), 0)


def firsts(rows: Iterable[Specified], key: Callable[[Specified], Hashable]) -> list[Specified]:
    """Return the first of the *rows* that share a *key*, in their order."""
    first: dict[Hashable, Specified] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return list(first.values())


#: From how many points on an answer is no longer this sure; beyond the last it is very low.
_LEVELS = ((0, "high"), (2, "moderate"), (4, "low"))


def certainty(points: int) -> str:
    """Return the level of certainty that a sum of points leaves: high, moderate, low or very low."""
    return next((level for most, level in _LEVELS if points <= most), "very low")
