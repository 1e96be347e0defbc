"""What a reading can see: whether the records hold the texts and class symbols that it asks, side by side.

A reading of words finds nothing in records without abstracts. Where one side's records hold them more often than the
other's, a count by words compares what the sources hold as much as what the countries have (METHODS, section 6).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.classify.class_symbols import is_y02
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import CLASSIFIER
from patentscope.records.offices import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.engines.engine import Engine
    from patentscope.query.query import Query, Reading

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
    """What families with a publication at given offices hold; use it while the engine is open."""

    def __init__(self, engine: Engine, facts: pd.DataFrame) -> None:
        """Take what each simple family holds.

        *facts* has one row per simple family: `family` (its number in the engine's `document`), and whether a member
        has each of `NEEDS`.
        """
        self._engine = engine
        self._shares: dict[tuple[str, ...], dict[str, float | None]] = {}
        engine.put("family_fact", facts[["family", *NEEDS]].astype(dict.fromkeys(NEEDS, "int64")))

    @cached_property
    def offices(self) -> frozenset[str]:
        """The offices of which there is any publication, of any kind and date."""
        held = self._engine.frame("select distinct office from document where office is not null")["office"]
        return frozenset(held.tolist()) - {UNKNOWN}

    def shares(self, side: Sequence[str], left: Sequence[str]) -> dict[str, float | None]:
        """Return, for each of `NEEDS`, which part of a side's families has it; None where there is no family.

        A side's families are those with a publication of any kind and date at one of its offices; of `*` those with one
        at any office that is not on the *left*.
        """
        asked = self.offices - set(left) if tuple(side) == (ALL_OTHERS,) else self.offices & set(side)
        key = tuple(sorted(asked))
        if key not in self._shares:
            self._shares[key] = self._worked_out(key)
        return self._shares[key]

    def _worked_out(self, offices: tuple[str, ...]) -> dict[str, float | None]:
        self._engine.put("sight_office", pd.DataFrame({"office": pd.Series(offices, dtype="str")}))
        sums = ", ".join(f"sum(f.{name}) as {name}" for name in NEEDS)
        row = self._engine.frame(f"""
select count(*) as n, {sums} from family_fact f join (
  select distinct d.family from document d join sight_office o on o.office = d.office
) s on s.family = f.family""").iloc[0]
        return {name: float(row[name] / row["n"]) if row["n"] else None for name in NEEDS}
