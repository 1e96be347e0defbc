"""Audited totals: what a classifier counts, put right by a labelled sample, with the interval that the sample leaves.

The difference estimator (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, 6.3): what the classifier
counts, plus what the labels say that it got wrong, each label weighted by one over its chance of being drawn. It is
unbiased whatever the classifier, so a classifier that errs more in one country than in another does not bend it. For a
simple random draw it is prediction-powered inference at lambda 1 (Angelopoulos et al. 2023, Science 382, 669-674).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import comb, inf, log1p
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

#: With fewer errors than this in a stratum a normal interval has next to no width, and an exact one is used.
FEW = 5
_Z = 1.959964


@dataclass(frozen=True)
class Design:
    """A stratified draw without replacement, as it came back.

    Attributes:
        stratum: of each label, a place in the two arrays that follow; labels come in any order.
        families: how many families each stratum has.
        read: how many of them were read; a stratum may have none.
    """

    stratum: Integers
    families: Integers
    read: Integers

    @cached_property
    def expansion(self) -> Floats:
        """How many families a label of each stratum stands for; 0 where none was read."""
        return np.divide(self.families, self.read, out=np.zeros(len(self.read)), where=self.read > 0)

    @cached_property
    def weight(self) -> Floats:
        """How many families each label stands for: one over its chance of being drawn."""
        return self.expansion[self.stratum]

    def sums(self, values: Floats | Flags) -> Floats:
        """Return the sum of *values*, one per label, by stratum."""
        return np.asarray(np.bincount(self.stratum, values, len(self.families)), np.float64)


def audited_totals(counted: Floats, shares: Floats, error: Floats, design: Design) -> Floats:
    """Return totals put right by labels.

    Args:
        counted: what the classifier counts, one figure per total.
        shares: what each labelled family adds to each total if it is on topic (labels x totals).
        error: label - classifier's answer, per label: 1 for a family missed, -1 for one wrongly in.
        design: how the labels were drawn.
    """
    return np.asarray(counted + (design.weight * error) @ shares)


def log_ratio_interval(
    totals: Floats, shares: Floats, error: Floats, is_in: Flags, design: Design, most: Floats
) -> tuple[float, float]:
    """Return how far log(left / right) may lie below and above the audited one, at 95 %.

    Strata are independent, so their distances add in squares (Zou and Donner 2008, Statistics in Medicine 27,
    1693-1702). A stratum with five errors or more gives the normal distance on the linearised ratio, with the
    finite-population correction. One with fewer gives an exact distance for each side: how many errors the families
    not read may hold. A stratum read whole gives none.

    Args:
        totals: left and right, from `audited_totals`; both over 0.
        shares: labels x 2, as there.
        error: as there, but whole numbers: a borderline label counts as in or as out.
        is_in: the classifier's answer, per label.
        design: how the labels were drawn.
        most: strata x 2: what all families of the stratum would add to each side, an upper bound of what errors can.
    """
    wrong = error[:, None] * shares
    residual = wrong[:, 0] / totals[0] - wrong[:, 1] / totals[1]
    is_few = (design.sums((wrong != 0).max(axis=1)) < FEW) & (design.read < design.families)
    is_normal = ~is_few & (design.read > 1)
    n = np.where(is_normal, design.read, 2)
    variance = (design.sums(residual**2) - design.sums(residual) ** 2 / n) / (n - 1)
    variance *= design.families**2 * (1 - n / np.maximum(design.families, n)) / n
    below = above = _Z**2 * float(variance[is_normal].clip(min=0.0).sum())
    for less, more in _exact(totals, shares, error, is_in, design, most, is_few):
        below += less**2
        above += more**2
    return below**0.5, above**0.5


def _exact(
    totals: Floats, shares: Floats, error: Floats, is_in: Flags, design: Design, most: Floats, is_few: Flags
) -> list[tuple[float, float]]:
    """Return how far log(left / right) may lie below and above, for each stratum with few errors and kind of error.

    An error that was not read is taken to add to each side what the stratum's families add on average. Where no label
    touches a side, it may add to either, as far as the country's families can.
    """
    is_there = (shares > 0).max(axis=1)
    there = design.sums(is_there)
    mean = np.column_stack([design.sums(side) for side in shares.T]) / np.maximum(there, 1)[:, None]
    distances = []
    for sign, among in ((1, ~is_in), (-1, is_in)):
        is_hit = is_there & (sign * error > 0)
        hits = design.sums(is_hit)
        point = np.column_stack([design.expansion * design.sums(np.where(is_hit, side, 0.0)) for side in shares.T])
        can_err = is_few & ((design.sums(among) > 0) | (design.read == 0)) & (most.max(axis=1) > 0)
        for place in np.flatnonzero(can_err).tolist():
            bounds = errors_in_all(int(design.families[place]), int(design.read[place]), int(hits[place]))
            if there[place]:
                ends = [np.minimum(count * mean[place], most[place]) - point[place] for count in bounds]
                moves = [_moved(totals, sign * end) for end in ends]
            else:
                sides = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
                moves = [_moved(totals, sign * np.minimum(bounds[1], most[place]) * side) for side in sides]
            distances.append((max(0.0, -min(moves)), max(0.0, *moves)))
    return distances


def _moved(totals: Floats, change: Floats) -> float:
    """Return by how much log(left / right) moves when the totals change."""
    left, right = (
        log1p(part / total) if part > -total else -inf
        for part, total in zip(change.tolist(), totals.tolist(), strict=True)
    )
    return left - right if left > -inf else -inf


@lru_cache(maxsize=100_000)
def errors_in_all(families: int, read: int, errors: int) -> tuple[int, int]:
    """Return how many errors a stratum may hold when *read* of its families, drawn at random, hold *errors*.

    The exact 95 % interval of the hypergeometric law (Clopper and Pearson's, for a finite population): the numbers
    under which what was found, or more of it, or less, is no rarer than 1 in 40. Where none was found, or nothing else,
    there is one end to doubt only, at 1 in 20: the rule of three.
    """
    tail = 0.025 if 0 < errors < read else 0.05
    possible = range(errors, families - (read - errors) + 1)
    no_fewer = bisect_left(
        possible[:-1], True, key=lambda wrong: 1 - _at_most(errors - 1, families, wrong, read) > tail
    )
    no_more = bisect_left(possible[1:], True, key=lambda wrong: _at_most(errors, families, wrong, read) <= tail)
    return possible[no_fewer], possible[no_more]


def _at_most(errors: int, families: int, wrong: int, read: int) -> float:
    """Return the chance of at most *errors* among *read* families drawn from a stratum that holds *wrong*."""
    ways = sum(comb(wrong, count) * comb(families - wrong, read - count) for count in range(errors + 1))
    return ways / comb(families, read)
