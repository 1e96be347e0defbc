"""Named choices, then a sum: what one specification counts, off a small table of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_integer_dtype

from patentscope.aggregate.counts.patterns import BASES, DATES
from patentscope.aggregate.counts.units import INTERNATIONAL
from patentscope.aggregate.holdings.party_sets import NO_PARTY
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN

#: Units, or parts of them: exact.
Amount: TypeAlias = int | Fraction


@dataclass(frozen=True)
class Tally:
    """What one specification counts for two sets of countries over one span of years.

    The sides are unions: each unit once per side. `imputed` and `unknown` are units of the span in any country;
    `left_imputed`, `right_imputed` are the step-7 part of each side; `imputed_here` are the units of step 7 that either
    side has any part of, each a whole one. `left_old`, `right_old` are, by publication date, the part of each side that
    was claimed so long before the records begin that it may have been published before them (`patterns.old_before`).
    Units are whole numbers, but for an audited total, which is an estimate.
    """

    left: Amount
    right: Amount
    overlap: Amount
    imputed: Amount
    unknown: Amount
    left_imputed: Amount
    right_imputed: Amount
    imputed_here: Amount
    left_old: Amount = 0
    right_old: Amount = 0

    @cached_property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The ratio with all that is unknown or imputed put wholly on the right, and wholly on the left.

        Units of third countries stay where they are (METHODS, section 6).
        """
        left, right = self.left - self.left_imputed, self.right - self.right_imputed
        unsure = self.unknown + self.imputed_here
        low = Fraction(left, right + unsure) if right + unsure else None
        return low, Fraction(left + unsure, right) if right else None


@dataclass(frozen=True)
class _Slice:
    """Rows of a pattern table, as arrays of one length (`parties` has a column per country).

    `mark` is the topic's bits, or what else the patterns are told apart by.
    """

    mark: NDArray[np.int64]
    international: NDArray[np.int64]
    parties: NDArray[np.int64]
    known: NDArray[np.int64]
    first: NDArray[np.int64]
    step7: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    is_old: NDArray[np.bool_]
    n: NDArray[np.int64]

    def where(self, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> _Slice:
        return _Slice(*(getattr(self, entry.name)[rows] for entry in fields(self)))


class PatternTable:
    """The patterns of one vintage, unit and documents level, ready to be tallied."""

    def __init__(self, frame: pd.DataFrame, named: Sequence[str], by: str = "topic") -> None:
        """Take *frame* (from `patterns`, in its order); *by* is the column that `amounts` gives back."""
        self._place = {code: i for i, code in enumerate(named)}
        self._sums: dict[tuple[object, ...], list[tuple[int, list[list[list[int]]]]]] = {}
        columns = {"mark": by, "parties": [f"c{i}" for i in range(len(named))]}
        every = _Slice(*(frame[columns.get(entry.name, entry.name)].to_numpy() for entry in fields(_Slice)))
        kinds = frame[["basis", "date", "period"]].to_numpy(np.int64)
        order = np.lexsort(kinds.T[::-1])
        self._every, kinds = every.where(order), kinds[order]
        firsts = np.flatnonzero(np.any(np.diff(kinds, axis=0, prepend=-1), axis=1)).tolist()
        keys = ((BASES[basis], DATES[date], period) for basis, date, period in kinds[firsts].tolist())
        self._bounds = dict(zip(keys, pairwise([*firsts, len(kinds)]), strict=True))

    def tally(self, convention: Convention, bit: int, period: int, left: Sequence[str], right: Sequence[str]) -> Tally:
        """Return what *convention* counts in *period* on both sides; *bit* is the place of its topic's reading."""
        level = list(INTERNATIONAL).index(convention.international)
        sums = self._sums_of(convention, period, left, right)
        return Tally(*_exact([(divisor, by_topic[bit][level]) for divisor, by_topic in sums if bit < len(by_topic)]))

    def _sums_of(
        self, convention: Convention, period: int, left: Sequence[str], right: Sequence[str]
    ) -> list[tuple[int, list[list[list[int]]]]]:
        """Return what *convention* counts whatever its topic and filter, worked out once for all of them.

        Returns:
            By number of known parties, which shared figures are to be divided by (1 where nothing is shared out):
            topics x international levels x the figures of `Tally`, sums of whole numbers.
        """
        key = convention.basis, _dated(convention), period, convention.share, tuple(left), tuple(right)
        if key not in self._sums:
            part = self._slice(convention, period)
            figures = np.stack(self._columns(part, convention.share, left, right), axis=1)
            bits = range(int(np.bitwise_or.reduce(part.mark)).bit_length() if len(part.mark) else 0)
            chosen = _chosen(part, bits)
            shape = len(bits), len(INTERNATIONAL), len(_IS_SHARED)
            if convention.share == "fractional":
                known = np.maximum(part.known, 1)
                alike = [(int(divisor), known == divisor) for divisor in np.unique(known)]
            else:
                alike = [(1, slice(None))]
            self._sums[key] = [
                (divisor, _product(chosen[:, rows], figures[rows]).reshape(shape).tolist()) for divisor, rows in alike
            ]
        return self._sums[key]

    def amounts(
        self, convention: Convention, period: int, left: Sequence[str], right: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return each pattern's mark, and what it adds to each figure of `Tally`, in their order; every topic is in.

        Returns:
            The column that the table is told apart by, and patterns x 10, of those that pass the international filter.
        """
        part = self._slice(convention, period)
        part = part.where(_passing(part)[list(INTERNATIONAL).index(convention.international)])
        parties = np.maximum(part.known, 1) if convention.share == "fractional" else 1
        columns = self._columns(part, convention.share, left, right)
        amounts = [
            column / (parties if is_shared else 1) for column, is_shared in zip(columns, _IS_SHARED, strict=True)
        ]
        return part.mark, np.column_stack(amounts).astype(np.float64)

    def both_sides(
        self,
        convention: Convention,
        periods: Sequence[int],
        bits: Sequence[int],
        left: Sequence[str],
        right: Sequence[str],
    ) -> NDArray[np.int64]:
        """Return the whole units that both sides have in each of *periods*, whatever the convention's topic and filter.

        Returns:
            Periods x topics (each of the places *bits*) x levels, in the order of `INTERNATIONAL`, x sides.
        """
        counted = np.zeros((len(periods), len(bits) * len(INTERNATIONAL), 2), np.int64)
        found = [self._bounds.get((convention.basis, _dated(convention), period)) for period in periods]
        bounds = {place: ends for place, ends in enumerate(found) if ends}
        if bounds:
            first = min(start for start, _ in bounds.values())
            part = self._every.where(slice(first, max(stop for _, stop in bounds.values())))
            sides = np.stack([part.n * self._weights(part, "whole", side, left) for side in (left, right)], axis=1)
            chosen = _chosen(part, bits)
            for place, (start, stop) in bounds.items():
                rows = slice(start - first, stop - first)
                counted[place] = _product(chosen[:, rows], sides[rows])
        return counted.reshape(len(periods), len(bits), len(INTERNATIONAL), 2)

    def _slice(self, convention: Convention, period: int) -> _Slice:
        """Return the patterns of a convention's basis and date in *period*."""
        return self._every.where(slice(*self._bounds.get((convention.basis, _dated(convention), period), (0, 0))))

    def _columns(self, part: _Slice, share: str, left: Sequence[str], right: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return what each pattern adds to each figure of `Tally`."""
        sides = [part.n * self._weights(part, share, side, left) for side in (left, right)]
        overlap = np.minimum(*sides) if share == "whole" else np.zeros_like(part.n)
        here = part.n * part.step7 * ((sides[0] > 0) | (sides[1] > 0))
        sevens, old = ([rows * side for side in sides] for rows in (part.step7, part.is_old))
        return [*sides, overlap, part.n * part.step7, part.n * part.silent, *sevens, here, *old]

    def _weights(self, part: _Slice, share: str, side: Sequence[str], left: Sequence[str]) -> NDArray[np.int64]:
        """Return each pattern's weight on a side: 0 or 1, or its parties there where shares are fractional."""
        others = tuple(side) == (ALL_OTHERS,)
        places = [self._place[code] for code in (left if others else side)]
        if share == "first":
            chosen: NDArray[np.bool_] = (part.first[:, None] == places).any(axis=1)
            return ((~chosen & (part.first != NO_PARTY)) if others else chosen).astype(np.int64)
        named = part.parties[:, places].sum(axis=1)
        parties: NDArray[np.int64] = part.known - named if others else named
        return parties if share == "fractional" else (parties > 0).astype(np.int64)


def _dated(convention: Convention) -> str:
    """Return the date by which patterns tell a convention's units apart: a grant's is that of its publication."""
    return "publication" if convention.date == "grant" else convention.date


#: Of the figures of `Tally`, in their order, whether a unit adds its part to it where shares are fractional.
_IS_SHARED = (True, True, False, False, False, True, True, False, True, True)
#: Up to here floats add whole numbers exactly, and many times as fast.
_EXACT = 1 << 53


def _chosen(part: _Slice, bits: Sequence[int]) -> NDArray[np.bool_]:
    """Return for each topic, and each international level of it, the patterns that it counts, a line each."""
    on_topic = (part.mark >> np.array(bits, np.int64)[:, None]) & 1 == 1
    chosen: NDArray[np.bool_] = on_topic[:, None] & _passing(part)[None]
    return chosen.reshape(len(bits) * len(INTERNATIONAL), len(part.n))


def _passing(part: _Slice) -> NDArray[np.bool_]:
    """Return international levels x patterns: which pass each filter."""
    flags = np.array(list(INTERNATIONAL.values()))[:, None]
    passing: NDArray[np.bool_] = (flags == 0) | (part.international & flags != 0)
    return passing


def _product(chosen: NDArray[np.bool_], amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the exact sums of *amounts* (patterns x figures) over what each row of *chosen* has."""
    if amounts.dtype == object or float(np.abs(amounts).sum(dtype=np.float64)) >= _EXACT:
        return chosen.astype(amounts.dtype) @ amounts
    sums: NDArray[np.int64] = (chosen.astype(np.float64) @ amounts.astype(np.float64)).astype(np.int64)
    return sums


def _exact(sums: Sequence[tuple[int, Sequence[int]]]) -> Sequence[Amount]:
    """Return the figures of `Tally` from their sums by divisor."""
    if not sums:
        return [0] * len(_IS_SHARED)
    whole = lcm(*(divisor for divisor, _ in sums))
    if whole == 1:
        return sums[0][1]
    return [
        Fraction(sum(figures[place] * (whole // divisor) for divisor, figures in sums), whole)
        if is_shared
        else sum(figures[place] for _, figures in sums)
        for place, is_shared in enumerate(_IS_SHARED)
    ]


def by_country(rows: pd.DataFrame, share: str) -> pd.DataFrame:
    """Return country, year, n (exact fractions) from `unit_rows`, or from their `unit_totals`."""
    rows = _counted(rows, share)
    is_one = (rows["known"] == 0) | (share != "fractional")
    units = rows.get("units", 1)
    parts = rows.assign(
        amount=np.where(is_one, 1, rows["parties"]) * units,
        divisor=np.where(is_one, 1, rows["known"]),
    )
    sums = parts.groupby(["country", "year", "divisor"], as_index=False)["amount"].sum()
    n: dict[tuple[str, int], Fraction] = {}
    for country, year, divisor, amount in zip(*(sums[name].tolist() for name in sums), strict=True):
        n[country, year] = n.get((country, year), Fraction(0)) + Fraction(amount, divisor)
    return pd.DataFrame([(*key, part) for key, part in n.items()], columns=["country", "year", "n"])


def on_side(rows: pd.DataFrame, share: str, side: Sequence[str] | None, left: Sequence[str] = ()) -> pd.Series:
    """Return what each unit of `unit_rows` adds to the count of a *side*, exactly, by unit: a side is a union.

    A side of `*` is every known country but those on the *left*; None is every country, `unknown` with them.
    """
    if side is not None:
        others = tuple(side) == (ALL_OTHERS,)
        country = rows["country"]
        rows = rows[~country.isin([*left, UNKNOWN]) if others else country.isin(list(side))]
    units = _counted(rows, share).groupby("unit", sort=True)
    known = units["known"].first()
    is_one = (known == 0) | (share != "fractional")
    amounts = zip(units["parties"].sum().where(~is_one, 1), known.where(~is_one, 1), strict=True)
    return pd.Series([Fraction(int(parties), int(of)) for parties, of in amounts], known.index, dtype=object)


def _counted(rows: pd.DataFrame, share: str) -> pd.DataFrame:
    """Return the rows that count where only the first party does, with parties that can be summed."""
    if share == "first":
        rows = rows[rows["is_first"]]
    if not is_integer_dtype(rows["known"]):  # texts, where they are too large (`PartySets.table`)
        rows = rows.assign(**{name: rows[name].map(int).astype(object) for name in ("parties", "known")})
    return rows
