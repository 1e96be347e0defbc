"""What was visible when: the share of a year's units that had been published by a date, from complete cohorts.

A year is young while its documents are still being published, and offices differ in how long that takes: no lag is
assumed for any of them. The share is read off the five newest cohorts that are at least five years old: how much of
what is known of them today was visible when they were as young as the claim's year is (METHODS, section 6). A year
is five years old when its last day is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.tables import Units
from patentscope.engines.engine import Engine
from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import UNKNOWN

COHORTS = 5
COMPLETE_AFTER = 5
#: A side's codes, and its claim's left ones.
Side = tuple[tuple[str, ...], tuple[str, ...]]
#: By group (`office` or `priority`), international, date and side (its place): how many units there are (-1 where it
#: can't be told when all of them had become international), and how many were visible at each age.
Lags = dict[tuple[str, str, str, int], tuple[int, ...]]
Numbers = NDArray[np.float64]


def lags(
    engine: Engine,
    levels: Sequence[Units],
    sides: Sequence[Side],
    ages: Sequence[tuple[int, dt.date]],
    sets: PartySets,
    named: Sequence[str],
) -> list[Lags]:
    """Return, for each of *levels*, how much of the complete cohorts was visible when they were young.

    *levels* are units of the vintage of the data's own date, under documents levels that share holders, which are
    stored as `holder_kind`; *sides* are pairs of (the side's codes, the claim's left codes), *ages* pairs of (a claim's
    last year, the date as of which it is counted); *named* are the countries of all sides, in the order of the bits of
    the units' offices. Only families become international.
    """
    today = levels[0].gathered.vintage.as_of
    meets = np.array([[_meets({code}, side) for side in sides] for code in (*named, "")], np.float64)
    dates = sorted({as_of for _, as_of in ages})
    known = [f"known_{place}" for place in range(len(dates))]
    years = ", ".join(f"year(day) + {_whole_years(as_of)} as {name}" for name, as_of in zip(known, dates, strict=True))
    keys = ", ".join(("kind", "part", "held", "priority_set", *known))
    span = f"between {newest_complete(today) - COHORTS + 1} and {newest_complete(today)}"
    rows = engine.frame(f"""
select {keys}, count(*) as n from (
  select kind, part, held, priority_set, {years} from ({_visible_since(engine, levels, meets, span)}) l
  where year(day) {span}
) d group by {keys}""")
    # Up to which year each row had been visible, had its cohort been the claim's; null where nobody can tell.
    until = rows[known].to_numpy(np.float64, na_value=np.nan)[:, [dates.index(as_of) for _, as_of in ages]]
    seen = np.column_stack([np.ones(len(rows)), np.isnan(until[:, 0]), until >= np.array([year for year, _ in ages])])
    seen *= rows["n"].to_numpy()[:, None]
    numbers, place = np.unique(rows["priority_set"], return_inverse=True)
    met = [[_meets({*sets.parties(number)[0]}, side) for side in sides] for number in numbers.tolist()]
    of_sets = np.array(met, np.float64).reshape(-1, len(sides))[place]
    found: list[Lags] = [{} for _ in levels]
    for (level, group, international, date), counts in _summed(rows, of_sets, meets, seen).items():
        for side, (units, untold, *visible) in enumerate(counts.astype(np.int64).tolist()):
            found[level][group, international, date, side] = (-1 if untold else units, *visible)
    return found


_DATES = {"priority": "claimed", "filing": "filed", "publication": "published"}
#: Since when units of the cohorts are visible, by part (the place of a level and a date, levels before dates); held is
#: what rows are told apart by besides their priority countries. All of them, by their offices, none where several.
_OWN = """
select 0 as kind, p.part, case when c.is_several = 1 then 0 else {mask} end as held, c.priority_set, {day} as day,
  {first} as since
from cohort c cross join (values {plain}) p(part, level)"""
#: Those of several offices, by the sides that these are on.
_SIDE = """
select 1, p.part, c.side, 0, case when {first} is not null then {day} end, {first}
from (
  select s.side, {least} from {several} o join cohort u on u.unit = o.unit
  join (values {sides}) s(bit, side) on s.bit = o.bit group by o.unit, s.side
) c cross join (values {plain}) p(part, level)"""
#: Those that are international, by how they are.
_CROSSED = """
select 2, p.part, x.level, c.priority_set, {day}, case when x.day is not null then greatest({first}, x.day) end
from cohort c join ({crossed}) x on x.unit = c.unit cross join (values {every}) p(part, level)"""


def _visible_since(engine: Engine, levels: Sequence[Units], meets: Numbers, span: str) -> str:
    """Return in SQL since when the units of the cohorts, those of the years *span*, are visible, and where.

    *meets* has by office's bit and side whether it is on it.
    """
    gathered, places = levels[0].gathered, [units.place for units in levels]
    days = [f"{date}_{place}" for place in places for date in _DATES.values()]
    in_span = " or ".join(f"year(g.{day}) {span}" for day in days)
    engine.make(
        "cohort",
        f"""
select g.*, h.international, h.priority_set from {gathered.dates} g join holder_kind h on h.holder = g.holder
where h.topic > 0 and ({in_span})""",
    )
    parts = [f"({part}, {part // len(_DATES)})" for part in range(len(days))]
    said = {
        "day": _case("p.part", days),
        "first": _case("p.level", [f"published_{place}" for place in places]),
        "mask": _case("p.level", [f"mask_{place}" for place in places]),
        "every": ", ".join(parts),
        "plain": ", ".join(part for part, day in zip(parts, days, strict=True) if "published" not in day),
    }
    found = [_OWN.format(**said)]
    if gathered.several:
        sides = ", ".join(f"({1 << bit}, {side})" for bit, side in zip(*np.nonzero(meets), strict=True))
        least = ", ".join(f"min({'o' if 'published' in day else 'u'}.{day}) as {day}" for day in days)
        found.append(_SIDE.format(**said, several=gathered.several, sides=sides, least=least))
    if gathered.unit in _CROSSING:
        visible, holdings = gathered.vintage.documents, gathered.vintage.holdings
        members = _CROSSING[gathered.unit].format(visible=visible)
        crossed = _CROSSED_DAYS.format(members=members, visible=visible, holdings=holdings)
        found.append(_CROSSED.format(**said, crossed=crossed))
    return " union all ".join(found)


def _case(by: str, columns: Sequence[str]) -> str:
    return f"case {by}{''.join(f' when {place} then c.{name}' for place, name in enumerate(columns))} end"


def _summed(
    rows: pd.DataFrame, of_sets: Numbers, meets: Numbers, seen: Numbers
) -> dict[tuple[int, str, str, str], Numbers]:
    """Return by level, group, international and date the sums of *seen* over the rows of each side, a line a side.

    *rows* are those of `_visible_since`; *of_sets* has the sides that their priority countries are on, *meets* those of
    each office's bit.
    """
    sums: dict[tuple[int, str, str, str], Numbers] = {}
    groups: dict[Any, Any] = rows.groupby(["kind", "part"], sort=True).indices
    for (kind, part), places in groups.items():
        level, date = part // len(_DATES), list(_DATES)[part % len(_DATES)]
        held, here = rows["held"].to_numpy()[places], seen[places]
        if kind == 0:
            bits = (held[:, None] >> np.arange(len(meets))) & 1
            sums[level, "office", "all", date] = (bits @ meets > 0).T @ here
            sums[level, "priority", "all", date] = of_sets[places].T @ here
        elif kind == 1:
            sums[level, "office", "all", date] += np.eye(meets.shape[1])[held].T @ here
        else:
            for number, international in enumerate(_INTERNATIONAL):
                mine = held == number
                sums[level, "priority", international, date] = of_sets[places][mine].T @ here[mine]
    return sums


def _whole_years(as_of: dt.date) -> str:
    """Return in SQL how many whole years before *as_of* a `since` lies."""
    later = f"month(since) * 100 + day(since) > {as_of.month * 100 + as_of.day}"
    return f"{as_of.year} - year(since) - case when {later} then 1 else 0 end"


def _meets(codes: set[str], side: Side) -> bool:
    """Say whether any of *codes* is of a side; for `*`, whether any known one is not on the left."""
    named, left = side
    return bool(codes - set(left) - {UNKNOWN} if named == (ALL_OTHERS,) else codes & set(named))


def newest_complete(as_of: dt.date) -> int:
    """Return the newest year that is five years old on *as_of*: its last day is."""
    return as_of.year - COMPLETE_AFTER - ((as_of.month, as_of.day) < (12, 31))


def part_over(year: int, as_of: dt.date) -> float:
    """Return what part of a *year* is over at the end of the day *as_of*, from 0 to 1."""
    first, next_first = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return min(max((as_of - first).days + 1, 0) / (next_first - first).days, 1.0)


#: By unit that can be international: its simple families.
_CROSSING = {
    "family": "select distinct holder as unit, holder as family from cohort",
    "extended_family": "select distinct extended as unit, family from {visible} v join cohort c on c.unit = v.extended",
}
# The day on which each unit had become international, by level (its place in `_INTERNATIONAL`); none where a family has
# named members without a record, and so without a date.
_CROSSED_DAYS = """
with member as ({members}), by_office as (
  select v.family, v.office, min(v.published) as day from {visible} v
  join (select distinct family from member) m on m.family = v.family where v.office is not null
  group by v.family, v.office
), ranked as (
  select family, office, day, row_number() over (partition by family order by day, office) as place from by_office
), undated as (
  select h.family, h.international from {holdings} h
  join (select distinct family from named_member) n on n.family = h.family
), days as (
  select family, 0 as level, day from ranked where place = 2
  union all select family, 1, day from by_office where office = 'WO'
  union all select family, 2, max(day) from by_office where office in ('EP', 'JP', 'US')
    group by family having count(*) = 3
  union all select family, 0, cast(null as date) from undated where international & 1 = 1
  union all select family, 1, cast(null as date) from undated where international & 2 = 2
  union all select family, 2, cast(null as date) from undated where international & 4 = 4
)
select m.unit, d.level, case when count(d.day) = count(*) then min(d.day) end as day
from member m join days d on d.family = m.family group by m.unit, d.level
"""
#: The international levels in their order there.
_INTERNATIONAL = ("two_offices", "pct", "triadic")


def visible_share(units: int, visible: int, year: int, as_of: dt.date) -> float | None:
    """Return the share F of a side's units of *year* that was visible at *as_of*; None where it can't be told.

    That is how many of the *units* of its complete cohorts (-1 where it can't) were *visible* at that age. A year that
    is five years old at *as_of* counts as complete where no cohort tells otherwise.
    """
    if units:
        return visible / units if units > 0 else None
    return 1.0 if year <= newest_complete(as_of) else None
