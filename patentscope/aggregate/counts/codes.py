"""A unit's years under several levels of documents as one whole number, by which units are counted together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Codes:
    """A unit's years under *levels* of documents as one number: to each level a digit, 0 for none of those counted.

    A digit is twice the year's place from *first* to *last*, from 1, and one more where the unit is old.
    """

    first: int
    last: int
    levels: tuple[int, ...]

    @property
    def base(self) -> int:
        """By how many the digits are counted."""
        return 2 * (self.last - self.first + 2)

    def of(self, date: str, old: dt.date | None = None) -> str:
        """Return the code in SQL by a *date* of `Gathered.dates` as u; with *old*, units claimed before it are."""
        digits = []
        for place, level in enumerate(self.levels):
            year = f"year(u.{date}_{level})"
            is_old = "" if old is None else f" + case when u.claimed_{level} < date '{old}' then 1 else 0 end"
            digit = f"2 * ({year} - {self.first - 1}){is_old}"
            test = f"{year} between {self.first} and {self.last}"
            digits.append(f"case when {test} then ({digit}) * {self.base**place} else 0 end")
        return f"cast({' + '.join(digits)} as bigint)"

    def at(self, place: int, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the year (one before the first for none), and whether the unit is old, under the level at *place*."""
        digit = codes // self.base**place % self.base
        return self.first - 1 + digit // 2, digit % 2 == 1
