"""What was visible when: the share of a year's units that had been published by a date, from complete cohorts.

A year is young while its documents are still being published, and offices differ in how long that takes: no lag is
assumed for any of them. The share is read off the five newest cohorts that are at least five years old: how much of
what is known of them today was visible when they were as young as the claim's year is (METHODS, section 6). A year
is five years old when its last day is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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
    meets = np.array([[_meets({code}, side) for side in sides] for code in (*named, "")], np.float64)
    parts = _parts(engine, levels, meets)
    dates = sorted({as_of for _, as_of in ages})
    known = [f"known_{place}" for place in range(len(dates))]
    years = ", ".join(f"year + {_whole_years(as_of)} as {name}" for name, as_of in zip(known, dates, strict=True))
    keys = ", ".join(("part", "held", "priority_set", *known))
    listed = " union all ".join(f"select {place} as part, {part}" for place, part in enumerate(parts.values()))
    rows = engine.frame(f"""
select {keys}, count(*) as n from (select part, held, priority_set, {years} from ({listed}) l) d group by {keys}""")
    # Up to which year each row had been visible, had its cohort been the claim's; null where nobody can tell.
    until = rows[known].to_numpy(np.float64, na_value=np.nan)[:, [dates.index(as_of) for _, as_of in ages]]
    seen = np.column_stack([np.ones(len(rows)), np.isnan(until[:, 0]), until >= np.array([year for year, _ in ages])])
    seen *= rows["n"].to_numpy()[:, None]
    numbers, place = np.unique(rows["priority_set"], return_inverse=True)
    met = [[_meets({*sets.parties(number)[0]}, side) for side in sides] for number in numbers.tolist()]
    of_sets = np.array(met, np.float64).reshape(-1, len(sides))[place]
    found: list[Lags] = [{} for _ in levels]
    for (level, group, international, date), counts in _summed(list(parts), rows, of_sets, meets, seen).items():
        for side, (units, untold, *visible) in enumerate(counts.astype(np.int64).tolist()):
            found[level][group, international, date, side] = (-1 if untold else units, *visible)
    return found


#: What the rows of a part are told apart by, besides their priority countries: by the offices of a unit, by a side that
#: it is on, by how it is international.
_OWN, _SIDE, _CROSSED = range(3)
_DATES = {"priority": "claimed", "filing": "filed", "publication": "published"}


def _parts(engine: Engine, levels: Sequence[Units], meets: Numbers) -> dict[tuple[int, int, str], str]:
    """Return by place of the level, kind of part and date the columns of each part, in SQL, and from where.

    They are held (what tells its rows apart), priority_set, year and since (the day from which on a unit is visible).
    *meets* has by office's bit and side whether it is on it.
    """
    gathered, newest = levels[0].gathered, newest_complete(levels[0].gathered.vintage.as_of)
    year = f"year({{}}) between {newest - COHORTS + 1} and {newest}"
    days = [f"{date}_{units.place}" for units in levels for date in _DATES.values()]
    engine.make(
        "cohort",
        f"""
select g.*, h.international, h.priority_set from {gathered.dates} g join holder_kind h on h.holder = g.holder
where h.topic > 0 and ({" or ".join(year.format(f"g.{day}") for day in days)})""",
    )
    if gathered.several:
        listed = ", ".join(f"({1 << bit}, {side})" for bit, side in zip(*np.nonzero(meets), strict=True))
        least = ", ".join(f"min({'o' if 'published' in day else 'c'}.{day}) as {day}" for day in days)
        engine.make(
            "side_seen",
            f"""
select s.side, {least} from {gathered.several} o join cohort c on c.unit = o.unit
join (values {listed}) s(bit, side) on s.bit = o.bit group by o.unit, s.side""",
        )
    if gathered.unit in _CROSSING:
        visible, holdings = gathered.vintage.documents, gathered.vintage.holdings
        members = _CROSSING[gathered.unit].format(visible=visible)
        engine.make("crossed", _CROSSED_DAYS.format(members=members, visible=visible, holdings=holdings))
    parts = {}
    for level, units in enumerate(levels):
        first = f"published_{units.place}"
        for name, date in _DATES.items():
            day = f"{date}_{units.place}"
            if name != "publication":
                own = f"case when is_several = 1 then 0 else mask_{units.place} end as held, priority_set"
                is_in = year.format(day)
                parts[level, _OWN, name] = f"{own}, year({day}) as year, {first} as since from cohort where {is_in}"
                if gathered.several:
                    seen = f"side, 0, year({day}), {first} from side_seen where {first} is not null and {is_in}"
                    parts[level, _SIDE, name] = seen
            if gathered.unit in _CROSSING:
                since = f"case when x.day is not null then greatest(c.{first}, x.day) end"
                held = f"x.level as held, c.priority_set, year(c.{day}) as year, {since} as since"
                joined = f"cohort c join crossed x on x.unit = c.unit where {year.format(f'c.{day}')}"
                parts[level, _CROSSED, name] = f"{held} from {joined}"
    return parts


def _summed(
    parts: Sequence[tuple[int, int, str]], rows: pd.DataFrame, of_sets: Numbers, meets: Numbers, seen: Numbers
) -> dict[tuple[int, str, str, str], Numbers]:
    """Return by level, group, international and date the sums of *seen* over the rows of each side, a line a side.

    Each of *rows* is of a `part`, by its place in *parts*, and `held` is what that part's rows are told apart by;
    *of_sets* has the sides that its priority countries are on, *meets* those of each office's bit.
    """
    part, held = rows["part"].to_numpy(), rows["held"].to_numpy()
    sums: dict[tuple[int, str, str, str], Numbers] = {}

    def add(key: tuple[int, str, str, str], there: Numbers, seen: Numbers) -> None:
        sums[key] = sums.get(key, 0) + there.T @ seen

    for place, (level, kind, date) in enumerate(parts):
        here = part == place
        if kind == _OWN:
            bits = (held[here, None] >> np.arange(len(meets))) & 1
            add((level, "office", "all", date), (bits @ meets > 0).astype(np.float64), seen[here])
            add((level, "priority", "all", date), of_sets[here], seen[here])
        elif kind == _SIDE:
            add((level, "office", "all", date), np.eye(meets.shape[1])[held[here]], seen[here])
        else:
            for number, international in enumerate(_INTERNATIONAL):
                mine = here & (held == number)
                add((level, "priority", international, date), of_sets[mine], seen[mine])
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
