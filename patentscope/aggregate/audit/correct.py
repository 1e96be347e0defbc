"""The reading `classifier_audited`: what a specification counts, once a reader's labels have put it right.

Each labelled family stays apart as a pattern of its own, and what all families of a country may add is summed by
country. A specification reads those small tables, whatever the number of publications, so that one label sheet serves
every specification.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from math import exp, inf
from typing import TYPE_CHECKING

import numpy as np

from patentscope.aggregate.audit import estimator
from patentscope.aggregate.counts.patterns import summed
from patentscope.aggregate.counts.tally import PatternTable, Tally
from patentscope.aggregate.holdings.tables import Topic
from patentscope.query.claim import RATIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from patentscope.query.claim import Claim
    from patentscope.query.convention import Convention

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

#: What labels add to `topic`: the country group of the draw, and the place among the labelled, both from 1, 0 for none.
LABELLED = Topic("labelled_topic", ("topic", "country_group", "label"))
#: The factors by which an audit widens the ratio's bounds; the upper one is None where there is no upper bound, and
#: there are none at all where the tally has no ratio.
Widening = tuple[Fraction, Fraction | None] | None


@dataclass(frozen=True)
class Cover:
    """What was labelled, for one span of years: by country of the draw, how many families were read and are.

    `drawn_for` is the span of years that the labels were drawn for.
    """

    drawn_for: tuple[int, int]
    read: Mapping[str, int]
    families: Mapping[str, int]


@dataclass(frozen=True)
class AuditTables:
    """One vintage, unit and documents level: the labelled families' own patterns, and all patterns by country group."""

    apart: PatternTable
    grouped: PatternTable


@dataclass(frozen=True)
class Audit:
    """The labels of a run, as arrays that every specification reads.

    Attributes:
        design: how they were drawn.
        low: the label as a number, 1 for in; borderline and skipped ones taken for out.
        high: the same, with borderline and skipped ones taken for in.
        is_in: the classifier's answer, per label.
        group: of each stratum, its country group.
        groups: how many groups there are.
        covers: by span of years, what was labelled.
        notes: what became of the labels, for the ledger.
    """

    design: estimator.Design
    low: Floats
    high: Floats
    is_in: NDArray[np.bool_]
    group: Integers
    groups: int
    covers: Mapping[tuple[int, int], Cover]
    notes: Mapping[str, int]

    def correct(
        self, counted: Tally, tables: AuditTables, convention: Convention, claim: Claim, place: int
    ) -> tuple[Tally, Widening]:
        """Return what *convention* counts once the labels have put right what the classifier's reading *counted*.

        Borderline labels count for half in the figures, and both ways in the interval. *place* is that of the claim's
        years among the tables' periods.
        """
        label, amounts = tables.apart.amounts(convention, place, claim.left, claim.right)
        shares = _sums(label - 1, amounts, len(self.low))
        group, every = tables.grouped.amounts(convention, place, claim.left, claim.right)
        most = _sums(group - 1, _held_against(every, claim), self.groups)[self.group]
        figures = np.array([float(getattr(counted, entry.name)) for entry in fields(Tally)])
        middle = (self.low + self.high) / 2 - self.is_in
        tally = _tally(estimator.audited_totals(figures, shares, middle, self.design))
        against = tally.right if claim.measure == RATIO else tally.right - tally.overlap
        if not (tally.left and against):
            return tally, None
        ways = [self.low, self.high] if (self.low < self.high).any() else [self.low]
        sides = _held_against(figures, claim), _held_against(shares, claim)
        ends = [self._ends(*sides, way, most) for way in ways]
        ratio = float(Fraction(tally.left, against))
        low, high = min(end[0] for end in ends) / ratio, max(end[1] for end in ends) / ratio
        return tally, (_exact(low), None if high == inf else _exact(high))

    def _ends(self, figures: Floats, shares: Floats, label: Floats, most: Floats) -> tuple[float, float]:
        """Return the ends of the ratio's 95 % interval under one way of taking the borderline labels."""
        error = label - self.is_in
        totals = estimator.audited_totals(figures, shares, error, self.design)
        if totals.min() <= 0:
            return 0.0, inf if totals[1] <= 0 else 0.0
        below, above = estimator.log_ratio_interval(totals, shares, error, self.is_in, self.design, most)
        ratio = float(totals[0] / totals[1])
        return ratio * exp(-below), ratio * exp(above)


def _held_against(amounts: Floats, claim: Claim) -> Floats:
    """Return the two columns whose ratio is asked: both sides; for a share, what is right alone in place of the right.

    A share's odds are left / right alone, so that their interval is the share's, too.
    """
    if claim.measure == RATIO:
        return amounts[..., :2]
    return np.stack([amounts[..., 0], amounts[..., 1] - amounts[..., 2]], axis=-1)


def _sums(place: Integers, amounts: Floats, count: int) -> Floats:
    """Return the sums of rows of *amounts* by their place, *count* x columns."""
    return np.column_stack([np.bincount(place, column, count) for column in amounts.T]).astype(np.float64)


def _exact(value: float) -> Fraction:
    """Return *value* to six decimals, as results print it."""
    return Fraction(round(value * 10**6), 10**6)


def _tally(totals: Floats) -> Tally:
    """Return totals as a tally: nothing under 0, no part over its whole."""
    left, right, overlap, imputed, unknown, *parts = (max(_exact(float(total)), Fraction(0)) for total in totals)
    wholes = (left, right, imputed, left, right)
    parts = [min(part, whole) for part, whole in zip(parts, wholes, strict=True)]
    return Tally(left, right, min(overlap, left, right), imputed, unknown, *parts)


def split(frame: pd.DataFrame, named: Sequence[str]) -> tuple[pd.DataFrame, AuditTables]:
    """Return *frame* (`patterns.patterns` of `LABELLED`) without the labels, and the tables of an audit."""
    by = {mark: frame[frame[mark] > 0] for mark in LABELLED.columns}
    grouped = summed(by["country_group"].drop(columns=["topic", "label"]))
    return summed(by["topic"].drop(columns=["country_group", "label"])), AuditTables(
        PatternTable(by["label"], named, "label"), PatternTable(grouped, named, "country_group")
    )
