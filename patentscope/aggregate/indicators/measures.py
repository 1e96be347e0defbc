"""How one indicator of one side is measured: its value, and its ends with all that is unknown put on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: By how many years before the data's date a family must have been first published: to have gone abroad, to be granted.
REACH, GRANTED = (8, 3), 5
#: Under so many families of a side, or a smaller part of them with the needed field known, nothing is said.
FAMILIES, COVERAGE = 30, 0.5
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A side's value over the *n* families whose needed field is known, which are *coverage* of its families.

    `low` and `high` are what it would be if all the others lay at either end. Without a value there is nothing to
    divide by.
    """

    value: float
    low: float
    high: float
    n: int
    coverage: float


NOTHING = Measured(float("nan"), float("nan"), float("nan"), 0, 0.0)


def part(amounts: Numbers, known: Flags, *, also: float = 0.0, most: float = 1.0, least: float = 0.0) -> Measured:
    """Return the mean of *amounts* over the families where it is *known*: a share where they are 0 or 1.

    The unknown families lie between *least* and *most*; *also* is what known ones may have besides.
    """
    return of_sum(float(amounts[known].sum()), int(known.sum()), len(known), also=also, most=most, least=least)


def of_sum(total: float, n: int, every: int, *, also: float = 0.0, most: float = 1.0, least: float = 0.0) -> Measured:
    """Return the same where *n* families of *every* are known, and have *total* together."""
    if not n:
        return NOTHING
    value, unknown = total / n, every - n
    low, high = (total + least * unknown) / every, (total + also + most * unknown) / every
    return Measured(value, min(low, value), max(high, value), n, n / every)


def growth(years: NDArray[np.int64], span: tuple[int, int]) -> Measured:
    """Return by what part a year has more families than the one before, on average over *span*, from end to end.

    *years* are those of first publication. There is no growth from nothing, nor to it.
    """
    first, last = (int((years == year).sum()) for year in span)
    n = int(((years >= span[0]) & (years <= span[1])).sum())
    value = (last / first) ** (1 / (span[1] - span[0])) - 1 if first and last else float("nan")
    return Measured(value, value, value, n, 1.0 if n else 0.0)


def times(measured: Measured, factor: float) -> Measured:
    """Return the same in another unit: value and ends *factor* times as large."""
    ends = (measured.value * factor, measured.low * factor, measured.high * factor)
    return Measured(*ends, measured.n, measured.coverage)
