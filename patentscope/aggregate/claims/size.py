"""What a claim measures of a specification: the ratio of its sides, or the left side's share of both together.

A share is left / (left + right - overlap): a unit of both sides counts once. Its bounds put the same units at the ends
as a ratio's do (METHODS, section 6): with U = unknown + step-7 units of the sides, whole ones, and what is sure of
each, low = left / (both + U) and high = (left + U) / (both + U).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from patentscope.query.claim import RATIO

if TYPE_CHECKING:
    from patentscope.aggregate.claims.specified import Specified

    Bounds = tuple[Fraction | None, Fraction | None]

EQUAL = 1e-9


def value(entry: Specified, measure: str) -> Fraction | None:
    """Return a specification's ratio or share; None where what it is divided by is empty."""
    if measure == RATIO:
        return entry.ratio
    together = _together(entry)
    return Fraction(entry.tally.left, together) if together else None


def bounds(entry: Specified, measure: str) -> Bounds:
    """Return the lowest and highest ratio or share that the unknown and imputed units allow."""
    if measure == RATIO:
        return entry.bounds
    t = entry.tally
    unsure = t.unknown + t.imputed_here
    # A unit of both sides counts once; of one that is shared out, its parts.
    imputed = min(t.imputed_here, t.left_imputed + t.right_imputed)
    together = _together(entry) - imputed + unsure
    if not together:
        return None, None
    sure = t.left - t.left_imputed
    low, high = Fraction(sure, together), Fraction(sure + unsure, together)
    if not entry.is_audited:
        return low, high
    down, up = entry.widening or (None, None)
    return (None if down is None else _widened(low, down), None if up is None else _widened(high, up))


def _together(entry: Specified) -> Fraction:
    t = entry.tally
    return Fraction(t.left + t.right - t.overlap)


def _widened(share: Fraction, factor: Fraction) -> Fraction:
    """Return a share whose odds (left to what is right alone) were multiplied by an audit's factor."""
    return share * factor / (share * factor + 1 - share)


def is_near(entry: Specified, measure: str, target: float, tolerance: float) -> bool:
    """Say whether a specification comes within *tolerance* of *target*; an audited one's interval must hold it, too."""
    measured = value(entry, measure)
    if measured is None or abs(float(measured) - target) > tolerance + EQUAL:
        return False
    if not entry.is_audited:
        return True
    low, high = bounds(entry, measure)
    return low is not None and high is not None and low - EQUAL <= target <= high + EQUAL
