"""Named choices, then a sum: what one specification counts, off a small table of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_integer_dtype

from patentscope.aggregate.counts.units import INTERNATIONAL
from patentscope.aggregate.holdings.party_sets import NO_PARTY
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN


@dataclass(frozen=True)
class Tally:
    """What one specification counts for two sets of countries over one span of years.

    The sides are unions: each unit once per side. `imputed` and `unknown` are units of the span in any country;
    `left_imputed`, `right_imputed` are the step-7 part of each side; `imputed_here` are the units of step 7 that either
    side has any part of, each a whole one. `left_old`, `right_old` are, by publication date, the part of each side that
    was claimed so long before the records begin that it may have been published before them (`patterns.old_before`).
    Units are whole numbers, but for an audited total, which is an estimate.
    """

    left: Fraction
    right: Fraction
    overlap: Fraction
    imputed: Fraction
    unknown: Fraction
    left_imputed: Fraction
    right_imputed: Fraction
    imputed_here: Fraction
    left_old: Fraction = Fraction(0)
    right_old: Fraction = Fraction(0)


@dataclass(frozen=True)
class _Slice:
    """One basis, date and period of a pattern table, as arrays of one length (`parties` has a column per country).

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

    def where(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> _Slice:
        return _Slice(*(getattr(self, entry.name)[rows] for entry in fields(self)))


class PatternTable:
    """The patterns of one vintage, unit and documents level, ready to be tallied."""

    def __init__(self, frame: pd.DataFrame, named: Sequence[str], by: str = "topic") -> None:
        """Split *frame* (from `patterns`) by basis, date and period; *by* is the column that `amounts` gives back."""
        self._place = {code: i for i, code in enumerate(named)}
        self._kept: dict[tuple[str, str, int, int | None, str], _Slice] = {}
        columns = {"mark": by, "parties": [f"c{i}" for i in range(len(named))]}
        every = _Slice(*(frame[columns.get(entry.name, entry.name)].to_numpy() for entry in fields(_Slice)))
        groups: dict[Any, Any] = frame.groupby(["basis", "date", "period"], sort=False).indices
        self._slices = {(basis, date, int(period)): every.where(rows) for (basis, date, period), rows in groups.items()}
        self._nothing = every.where(np.zeros(0, np.intp))

    def tally(self, convention: Convention, bit: int, period: int, left: Sequence[str], right: Sequence[str]) -> Tally:
        """Return what *convention* counts in *period* on both sides; *bit* is the place of its topic's reading."""
        part = self._chosen(convention, period, bit)
        shared = part.known if convention.share == "fractional" else None
        columns = self._columns(part, convention.share, left, right)
        return Tally(*(_sum(column, shared if is_shared else None) for column, is_shared in columns))

    def amounts(
        self, convention: Convention, period: int, left: Sequence[str], right: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return each pattern's mark, and what it adds to each figure of `Tally`, in their order; every topic is in.

        Returns:
            The column that the table is told apart by, and patterns x 10, of those that pass the international filter.
        """
        part = self._chosen(convention, period, None)
        parties = np.maximum(part.known, 1) if convention.share == "fractional" else 1
        columns = self._columns(part, convention.share, left, right)
        amounts = [column / (parties if is_shared else 1) for column, is_shared in columns]
        return part.mark, np.column_stack(amounts).astype(np.float64)

    def both_sides(
        self, convention: Convention, period: int, bits: Sequence[int], left: Sequence[str], right: Sequence[str]
    ) -> NDArray[np.int64]:
        """Return the whole units that both sides have in *period*, whatever the convention's topic and filter.

        Returns:
            Sides x topics (each of the places *bits*) x international levels, in the order of `INTERNATIONAL`.
        """
        part = self._slices.get((convention.basis, _dated(convention), period), self._nothing)
        weights = [self._weights(part, "whole", side, left) for side in (left, right)]
        is_on_topic = (part.mark >> np.array(bits)[:, None]) & 1
        flags = np.array(list(INTERNATIONAL.values()))[:, None]
        passes = (flags == 0) | (part.international & flags != 0)
        # Sums of whole numbers far under 2^53, which floats add exactly, and fast.
        amounts = np.stack(weights)[:, None] * (part.n * is_on_topic)[None]
        counted: NDArray[np.int64] = np.rint(amounts.astype(np.float64) @ passes.T.astype(np.float64)).astype(np.int64)
        return counted

    def _columns(
        self, part: _Slice, share: str, left: Sequence[str], right: Sequence[str]
    ) -> list[tuple[NDArray[np.int64], bool]]:
        """Return what each pattern adds to each figure of `Tally`, and whether that is by party where shares are."""
        sides = [part.n * self._weights(part, share, side, left) for side in (left, right)]
        overlap = np.minimum(*sides) if share == "whole" else np.zeros_like(part.n)
        here = part.n * part.step7 * ((sides[0] > 0) | (sides[1] > 0))
        units = [(overlap, False), (part.n * part.step7, False), (part.n * part.silent, False)]
        sevens, old = ([(rows * side, True) for side in sides] for rows in (part.step7, part.is_old))
        return [*((side, True) for side in sides), *units, *sevens, (here, False), *old]

    def _chosen(self, convention: Convention, period: int, bit: int | None) -> _Slice:
        """Return the patterns of a slice that are on the topic (any for None) and pass the international filter."""
        key = convention.basis, _dated(convention), period, bit, convention.international
        if key not in self._kept:
            part = self._slices.get(key[:3], self._nothing)
            mask = np.ones(len(part.n), np.bool_) if bit is None else (part.mark >> bit) & 1 == 1
            if convention.international != "all":
                mask &= part.international & INTERNATIONAL[convention.international] != 0
            self._kept[key] = part.where(mask)
        return self._kept[key]

    def _weights(self, part: _Slice, share: str, side: Sequence[str], left: Sequence[str]) -> NDArray[np.int64]:
        """Return each pattern's weight on a side: 0 or 1, or its parties there where shares are fractional."""
        others = tuple(side) == (ALL_OTHERS,)
        places = [self._place[code] for code in (left if others else side)]
        if share == "first":
            chosen = np.isin(part.first, places)
            return ((~chosen & (part.first != NO_PARTY)) if others else chosen).astype(np.int64)
        named = part.parties[:, places].sum(axis=1)
        parties: NDArray[np.int64] = part.known - named if others else named
        return parties if share == "fractional" else (parties > 0).astype(np.int64)


def _dated(convention: Convention) -> str:
    """Return the date by which patterns tell a convention's units apart: a grant's is that of its publication."""
    return "publication" if convention.date == "grant" else convention.date


def _sum(amounts: NDArray[np.int64], divisors: NDArray[np.int64] | None) -> Fraction:
    """Return the exact sum of amounts, or of amounts / divisors; a divisor of 0 (no known party) adds nothing."""
    if divisors is None:
        return Fraction(int(amounts.sum()))
    total = Fraction(0)
    for divisor in np.unique(divisors[divisors > 0]):
        total += Fraction(int(amounts[divisors == divisor].sum()), int(divisor))
    return total


def by_country(rows: pd.DataFrame, share: str) -> pd.DataFrame:
    """Return country, year, n (exact fractions) from `unit_rows`, or from their `unit_totals`."""
    rows = _counted(rows, share)
    is_one = (rows["known"] == 0) | (share != "fractional")
    units = rows.get("units", 1)
    parts = rows.assign(
        amount=np.where(is_one, 1, rows["parties"]) * units,
        divisor=np.where(is_one, 1, rows["known"]),
    )
    sums = [
        (country, int(str(year)), _sum(group["amount"].to_numpy(), group["divisor"].to_numpy()))
        for (country, year), group in parts.groupby(["country", "year"], sort=True)
    ]
    return pd.DataFrame(sums, columns=["country", "year", "n"])


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
