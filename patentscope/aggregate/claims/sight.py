"""What a reading can see: whether the records hold the texts and class symbols that it asks, side by side.

A reading of words finds nothing in records without abstracts. Where one side's records hold them more often than the
other's, a count by words compares what the sources hold as much as what the countries have (METHODS, section 6).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from patentscope.classify.class_symbols import is_y02
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import CLASSIFIER
from patentscope.records.offices import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.engines.engine import Engine
    from patentscope.query.query import Query, Reading

    #: A side's codes, and its claim's left ones.
    Side = tuple[tuple[str, ...], tuple[str, ...]]

#: What a reading may need of a family: an abstract, a class symbol of any scheme, a CPC symbol.
ABSTRACT, SYMBOL, CPC = NEEDS = ("abstract", "symbol", "cpc")


def needs(reading: Reading, query: Query) -> frozenset[str]:
    """Return what a family's records must hold for *reading* to see it: of `NEEDS`; nothing for a reading of all.

    Words, the classifier and scopes are read off texts. Y02 symbols are of the CPC alone.
    """
    found = {ABSTRACT} if reading.scope else set()
    for member in reading.members:
        kind, _, group = member.partition(".")
        if kind in {"terms", CLASSIFIER}:
            found.add(ABSTRACT)
        elif kind == "classes":
            asks_y02 = not reading.without_y02 and any(map(is_y02, query.classes[group]))
            found.add(CPC if asks_y02 else SYMBOL)
    return frozenset(found)


class Sight:
    """What families with a publication at given offices hold; use it while the engine is open.

    The engine's `topic` says what each simple family holds: a column for each of `NEEDS`, 1 where a member has it.
    """

    def __init__(self, engine: Engine) -> None:
        """Begin with no side."""
        self._engine = engine
        self._shares: dict[Side, dict[str, float | None]] = {}

    @cached_property
    def offices(self) -> frozenset[str]:
        """The offices of which there is any publication, of any kind and date."""
        held = self._engine.frame("select distinct office from document where office is not null")["office"]
        return frozenset(held.tolist()) - {UNKNOWN}

    def shares(self, sides: Sequence[Side]) -> list[dict[str, float | None]]:
        """Return, for each of *sides* and of `NEEDS`, which part of its families has it; None where there is no family.

        A side's families are those with a publication of any kind and date at one of its offices; of `*` those with one
        at any office that is not on the left, which the claim's left codes beside each side's own are.
        """
        if new := [side for side in dict.fromkeys(sides) if side not in self._shares]:
            self._shares |= zip(new, self._worked_out(new), strict=True)
        return [self._shares[side] for side in sides]

    def _worked_out(self, sides: Sequence[Side]) -> list[dict[str, float | None]]:
        """Return what the families of each side hold, of all of them in one pass."""
        here = ", ".join(
            f"max(case when {_at_offices(side)} then 1 else 0 end) as side_{n}" for n, side in enumerate(sides)
        )
        sums = ", ".join(
            f"sum(s.side_{n}) as n_{n}, " + ", ".join(f"sum(s.side_{n} * f.{need}) as {need}_{n}" for need in NEEDS)
            for n in range(len(sides))
        )
        row = self._engine.frame(f"""
select {sums} from topic f join (
  select family, {here} from document where office is not null group by family
) s on s.family = f.family""").iloc[0]
        return [
            {need: float(row[f"{need}_{n}"] / row[f"n_{n}"]) if row[f"n_{n}"] > 0 else None for need in NEEDS}
            for n in range(len(sides))
        ]


def _at_offices(side: Side) -> str:
    """Return in SQL whether an office is of a side."""
    named, left = side
    others = named == (ALL_OTHERS,)
    codes = ", ".join(f"'{code}'" for code in ((*left, UNKNOWN) if others else named))
    return f"office {'not ' if others else ''}in ({codes})"
