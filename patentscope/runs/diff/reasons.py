"""Why a baseline counts more or less than it did: each unit's change given to one reason, so that they add up exactly.

Both runs are counted anew, unit by unit, under the second run's baseline. What the change of convention alone does to
the first run's records is put down to the rule. A unit that consists of new publications alone is new, one whose
publications are all gone is gone. The others are compared family by family, families of the two runs being one where
they share a publication: a family whose contribution changed has one reason, several at once, or none that can be seen
(such as a country learned from another family).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from patentscope.aggregate.counts import tally
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import Claim
from patentscope.query.convention import Convention
from patentscope.records.components import components
from patentscope.runs.diff.records import FIELDS, TOPIC_FIELDS
from patentscope.runs.diff.results import number

NEW, GONE, CORRECTED = "new records", "gone records", "corrected records"
CLASSIFIED, RULE, LATER = "changed classification", "changed rule", "later date of the data"
SEVERAL, OTHER = "several reasons at once", "other"
REASONS = (NEW, GONE, CORRECTED, CLASSIFIED, RULE, LATER, SEVERAL, OTHER)
_KEYS = {"family": "family_id", "application": "application_id", "extended_family": "extended_family_id"}
_EXAMPLES = 3


@dataclass(frozen=True)
class Counted:
    """A run ready to be counted again: its families.parquet and publication dates, by publication number."""

    land: Landscape
    units: pd.DataFrame
    published: pd.Series


@dataclass(frozen=True)
class Changes:
    """What changed: records and topic (`compare_records`, `compare_topics`), and readings now defined otherwise."""

    corrected: pd.DataFrame
    topics: pd.DataFrame
    redefined: set[str]


@dataclass(frozen=True)
class Baseline:
    """A question's baseline in one run: the claim as that run has it, the convention, and what curve.csv counts."""

    claim: Claim
    convention: Convention
    sides: tuple[Fraction, Fraction]


class Decomposition:
    """Gives the changes of baselines to their reasons."""

    def __init__(self, a: Counted, b: Counted, changes: Changes) -> None:
        """Link the families of both runs, and gather what happened in each group of them."""
        self.a, self.b, self.changes = a, b, changes
        self._groups: dict[str, _Groups] = {}

    def of(self, before: Baseline, after: Baseline) -> list[dict[str, Any]]:
        """Return what changed on either side of a question's baseline, by reason; the figures add up to the change."""
        head = {"claim": after.claim.id, "question": after.convention.question}
        conventions = [before.convention.in_words(), after.convention.in_words()]
        sides = {"left": after.claim.left, "right": after.claim.right}
        return [
            {**head, "side": name, "countries": list(codes), "baseline": conventions} | self._side(before, after, place)
            for place, (name, codes) in enumerate(sides.items())
        ]

    def _side(self, before: Baseline, after: Baseline, place: int) -> dict[str, Any]:
        old, new = before.sides[place], after.sides[place]
        by = dict.fromkeys(REASONS, Fraction(0))
        first: dict[str, list[str]] = {reason: [] for reason in REASONS}
        shifted = after.convention
        if shifted.as_of == self.b.land.today:
            shifted = replace(shifted, as_of=self.a.land.today)
        if shifted.topic in self.a.land.bits:
            then = weights(self.a.land, shifted, after.claim, place)
            now = weights(self.b.land, after.convention, after.claim, place)
            old, new = _exact(old, then), _exact(new, now)
            claims = before.claim, after.claim
            if shifted != before.convention or len({(claim.years, claim.left, claim.right) for claim in claims}) > 1:
                by[RULE] += sum(then["weight"], Fraction(0)) - old
            for reason, change, publication in self._moves(then, now, after.convention):
                by[reason] += change
                first[reason].append(publication)
        else:
            by[RULE] += new - old
        # What is left over was counted by another version of the program, or is not as curve.csv has it.
        by[OTHER] += new - old - sum(by.values(), Fraction(0))
        return {
            "n": [number(old), number(new)],
            "change": number(new - old),
            "by_reason": {reason: number(by[reason]) for reason in REASONS if by[reason]},
            "first": {reason: listed[:_EXAMPLES] for reason, listed in first.items() if listed},
        }

    def _moves(self, then: pd.DataFrame, now: pd.DataFrame, convention: Convention) -> list[tuple[str, Fraction, str]]:
        """Return (reason, change, a publication) of each unit or group of families that counts otherwise."""
        kind = "extended_family_id" if convention.unit == "extended_family" else "family_id"
        if kind not in self._groups:
            self._groups[kind] = _Groups(self.a, self.b, self.changes, kind)
        groups = self._groups[kind]
        moves = []
        rest: dict[int, tuple[Fraction, str]] = {}
        for table, run, is_alone, reason, sign in (
            (then, self.a, groups.is_gone, GONE, -1),
            (now, self.b, groups.is_new, NEW, 1),
        ):
            key = run.units[_KEYS[convention.unit]] if convention.unit in _KEYS else run.units.index.to_series()
            alone = is_alone.groupby(key.to_numpy()).all()
            for weight, publication in zip(table["weight"], table["publication"], strict=True):
                if alone[key[publication]]:
                    moves.append((reason, sign * weight, publication))
                else:
                    group = groups.of[publication]
                    change, named = rest.get(group, (Fraction(0), publication))
                    rest[group] = (change + sign * weight, named)
        is_own_date = convention.as_of == self.b.land.today
        for group, (change, publication) in sorted(rest.items()):
            if change:
                moves.append((groups.reason(group, convention.topic, is_own_date=is_own_date), change, publication))
        return moves


def _exact(printed: Fraction, counted: pd.DataFrame) -> Fraction:
    """Return the exact figure where it is what was printed to six decimals, else the printed one."""
    exact = sum(counted["weight"], Fraction(0))
    return exact if abs(exact - printed) < Fraction(1, 10**6) else printed


def weights(land: Landscape, convention: Convention, claim: Claim, place: int) -> pd.DataFrame:
    """Return the units that count on the left side of *claim* (place 0) or its right (1).

    In the columns `weight` (exact), and `publication`, the first of the unit.
    """
    rows = land.units(convention)
    rows = rows[rows["year"].between(*claim.years)]
    parts = tally.on_side(rows, convention.share, (claim.left, claim.right)[place], claim.left)
    # Publications stand in the order of their numbers.
    first = land.publications_behind(convention, list(parts.index)).groupby("unit")["pub"].min().reindex(parts.index)
    return pd.DataFrame({"weight": parts, "publication": land.stock.numbers_of(first.to_numpy())}, dtype=object)


class _Groups:
    """The families of both runs that share a publication, directly or through others, and what happened in each.

    Attributes:
        of: the group of each publication of either run.
        is_new: of each publication of the second run, whether the first one lacks it; `is_gone` the other way round.
    """

    def __init__(self, a: Counted, b: Counted, changes: Changes, kind: str) -> None:
        names = [run.units[kind] for run in (a, b)]
        codes = [pd.factorize(column)[0] for column in names]
        size = [int(code.max(initial=-1)) + 1 for code in codes]
        before, after = (pd.Series(code, index=column.index) for code, column in zip(codes, names, strict=True))
        both = before.index.intersection(after.index)
        nodes = np.concatenate([before[both].to_numpy(), after[both].to_numpy() + size[0]])
        group = components(nodes, np.tile(np.arange(len(both)), 2), sum(size))
        placed = [pd.Series(group[before], before.index), pd.Series(group[after + size[0]], after.index)]
        self.of: dict[str, int] = {str(name): int(place) for part in placed for name, place in part.items()}
        self.is_gone = pd.Series(~before.index.isin(after.index), before.index)
        self.is_new = pd.Series(~after.index.isin(before.index), after.index)
        self._changes = changes
        self._happened = self._gather(a, b)

    def _gather(self, a: Counted, b: Counted) -> dict[str, set[int]]:
        """Return, by what can happen to a publication, the groups in which it happened to one."""
        changes = self._changes
        corrected = changes.corrected.set_index("number")
        is_counted = corrected[[name for name in FIELDS if name not in TOPIC_FIELDS]].any(axis=1)
        is_topical = corrected[list(TOPIC_FIELDS)].any(axis=1)
        published = b.published[b.published.index.isin(a.published.index)]
        is_later = (published > pd.Timestamp(a.land.today)) & (published <= pd.Timestamp(b.land.today))
        numbers_by = {
            NEW: self.is_new.index[self.is_new],
            GONE: self.is_gone.index[self.is_gone],
            CORRECTED: corrected.index[is_counted],
            "topical": corrected.index[is_topical],
            LATER: published.index[is_later],
        }
        numbers_by |= {f"topic {name}": answer.index[answer] for name, answer in changes.topics.items()}
        return {name: {self.of[entry] for entry in numbers} for name, numbers in numbers_by.items()}

    def reason(self, group: int, topic: str, *, is_own_date: bool) -> str:
        """Return why a group counts otherwise under a reading of the topic, as of the data's own date or another."""
        happened = {name for name, groups in self._happened.items() if group in groups}
        causes = happened & {NEW, GONE, CORRECTED, *([LATER] if is_own_date else [])}
        if f"topic {topic}" in happened:
            if "topical" in happened:
                causes.add(CORRECTED)
            elif not causes & {NEW, GONE}:
                causes.add(RULE if topic in self._changes.redefined else CLASSIFIED)
        return SEVERAL if len(causes) > 1 else next(iter(causes), OTHER)
