"""Extended families: the countries of all their simple families together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

import pandas as pd

from patentscope.aggregate.holdings.party_sets import SILENT, PartySets
from patentscope.aggregate.holdings.tables import Units
from patentscope.engines.engine import Engine

STEP_PRIORITY_OFFICE = 7


def hold_extended(engine: Engine, units: Units, test: str, sets: PartySets) -> Units:
    """Return *units* whose holders are stored: those that simple families make together.

    A family counts as known at the priority office alone if one of its simple families is. *test* says in SQL which
    publications of the vintage's documents as v are left; *sets* takes up the sets of several families together, that
    of the earliest visible publication first.
    """
    topics = units.gathered.topics
    visible, holding = units.gathered.vintage.documents, units.gathered.vintage.holdings
    rows = engine.frame(f"""
with remaining as (
  select v.extended, v.family, min(v.place) as place from {visible} v group by v.extended, v.family
  having max(case when {test} then 1 else 0 end) = 1
)
select l.extended as holder, h.applicant_set, h.inventor_set, h.priority_set, h.applicant_step, h.inventor_step
from remaining l join {holding} h on h.family = l.family join {topics} t on t.holder = l.extended
order by l.extended, l.place""")
    engine.put("extended_sets", _merged(rows, sets))
    holders = f"holder_{units.place}_{units.gathered.vintage.as_of:%Y%m%d}"
    engine.make(
        holders,
        f"""
select t.*, i.international, s.applicant_set, s.inventor_set, s.priority_set, s.applicant_step, s.inventor_step
from {topics} t join extended_sets s on s.holder = t.holder
join (
  select v.extended, bit_or(h.international) as international from {visible} v
  join {holding} h on h.family = v.family group by v.extended
) i on i.extended = t.holder""",
    )
    engine.drop("extended_sets")
    return replace(units, holders=holders, made=(holders,))


def _merged(rows: pd.DataFrame, sets: PartySets) -> pd.DataFrame:
    """Return one row per extended family; most have one simple family, and its sets."""
    single = ~rows["holder"].duplicated(keep=False)
    union = cache(partial(_union, sets))
    merged = []
    for holder, group in rows[~single].groupby("holder", sort=True):
        row = {"holder": holder, "priority_step": 0}
        for basis in ("applicant", "inventor", "priority"):
            steps = group[f"{basis}_step"] if basis != "priority" else [0] * len(group)
            members = tuple(zip(group[f"{basis}_set"], steps, strict=True))
            row[f"{basis}_set"], row[f"{basis}_step"] = union(members)
        merged.append(row)
    return pd.concat([rows[single], pd.DataFrame(merged, columns=rows.columns)], ignore_index=True).astype("int64")


def _union(sets: PartySets, members: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the set and the step of simple families' sets and steps, the earliest family first.

    A country's share is the mean of its shares in the families that name one, as whole numbers of parties: in a family
    of many they may be larger than any machine's integer.
    """
    named = [(sets.parties(number), step) for number, step in members if number != SILENT]
    if not named:
        return SILENT, members[0][1]
    known = [sum(parties.values()) for (parties, _), _ in named]
    scale = math.lcm(*known)
    together: dict[str, int] = {}
    for ((parties, _), _), total in zip(named, known, strict=True):
        for code, count in parties.items():
            together[code] = together.get(code, 0) + count * (scale // total)
    steps = [step for _, step in named]
    step = STEP_PRIORITY_OFFICE if STEP_PRIORITY_OFFICE in steps else min(steps)
    return sets.of_parties(together, named[0][0][1]), step
