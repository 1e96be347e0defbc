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
) -> list[Lags]:
    """Return, for each of *levels*, how much of the complete cohorts was visible when they were young.

    *levels* are units of the vintage of the data's own date, under documents levels that share holders; *sides* are
    pairs of (the side's codes, the claim's left codes), *ages* pairs of (a claim's last year, the date as of which it
    is counted). Only families become international.
    """
    gathered = levels[0].gathered
    visible, newest = gathered.vintage.documents, newest_complete(gathered.vintage.as_of)
    cohorts = " union all ".join(
        _COHORTS.format(level=level, dates=units.dates, first=newest - COHORTS + 1, last=newest)
        for level, units in enumerate(levels)
    )
    engine.make(
        "cohort", f"select c.* from ({cohorts}) c join {gathered.topics} t on t.holder = c.holder and t.topic > 0"
    )
    offices = engine.frame(f"select distinct office from {gathered.offices} order by office")["office"].tolist()
    held = [(place, code) for place, side in enumerate(sides) for code in offices if _meets({code}, side)]
    engine.put("side_office", pd.DataFrame(held, columns=["side", "office"]).astype({"side": "int32", "office": "str"}))
    lagging = _LAGGING
    if gathered.unit in _CROSSING:
        members = _CROSSING[gathered.unit].format(visible=visible)
        engine.make("crossed", _CROSSED.format(members=members, visible=visible, holdings=gathered.vintage.holdings))
        lagging = f"{lagging} union all {_CROSSED_LAGGING}"
    published = "".join(f" when {level} then o.published_{units.place}" for level, units in enumerate(levels))
    lagging = lagging.format(
        offices=gathered.offices, holders=levels[0].holders, published=f"case c.level{published} end"
    )
    dates = sorted({as_of for _, as_of in ages})
    known = [f"known_{place}" for place in range(len(dates))]
    whole_years = ", ".join(f"{_whole_years(as_of)} as {name}" for name, as_of in zip(known, dates, strict=True))
    keys = ", ".join(("level", '"group"', "international", "date", "year", "held", *known))
    rows = engine.frame(f"""
select {keys}, count(*) as n
from (select level, "group", international, date, year, held, {whole_years} from ({lagging}) l) d group by {keys}""")
    is_set = rows["group"].ne("office").to_numpy()
    there = np.eye(len(sides))[np.where(is_set, 0, rows["held"])]
    for number in rows.loc[is_set, "held"].unique().tolist():
        countries = set(sets.parties(number)[0])
        there[is_set & rows["held"].eq(number).to_numpy()] = [_meets(countries, side) for side in sides]
    # For how many whole years each row had been visible on the date of each of the ages; null where nobody can tell.
    years = rows[known].to_numpy(np.float64, na_value=np.nan)[:, [dates.index(as_of) for _, as_of in ages]]
    age = np.array([year for year, _ in ages]) - rows["year"].to_numpy()[:, None]
    seen = np.column_stack([np.ones(len(rows)), np.isnan(years[:, 0]), years >= age])
    return _summed(rows, there, seen * rows["n"].to_numpy()[:, None], len(levels))


def _summed(rows: pd.DataFrame, there: Numbers, seen: Numbers, levels: int) -> list[Lags]:
    """Return each level's lags from *rows*: *there* are the sides, *seen* how many units, how many untold, by age."""
    found: list[Lags] = [{} for _ in range(levels)]
    groups: dict[Any, Any] = rows.groupby(["level", "group", "international", "date"], sort=True).indices
    for (level, group, international, date), places in groups.items():
        counts = (there[places].T @ seen[places]).astype(np.int64).tolist()
        for side, (units, untold, *visible) in enumerate(counts):
            found[level][group, international, date, side] = (-1 if untold else units, *visible)
    return found


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


#: The units of one documents level whose year is one of the cohorts.
_COHORTS = """
select d.*, {level} as level from (
  select unit, holder, publication, 'priority' as date, year(priority) as year from {dates}
  union all select unit, holder, publication, 'filing', year(filing) from {dates}
  union all select unit, holder, publication, 'publication', year(publication) from {dates}
) d where d.year between {first} and {last}
"""
#: By unit that can be international: its simple families.
_CROSSING = {
    "family": "select distinct holder as unit, holder as family from cohort",
    "extended_family": "select distinct extended as unit, family from {visible} v join cohort c on c.unit = v.extended",
}
# The day on which each unit had become international, by level; none where a family has named members without a record,
# and so without a date.
_CROSSED = """
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
  select family, 'two_offices' as level, day from ranked where place = 2
  union all select family, 'pct', day from by_office where office = 'WO'
  union all select family, 'triadic', max(day) from by_office where office in ('EP', 'JP', 'US')
    group by family having count(*) = 3
  union all select family, 'two_offices', cast(null as date) from undated where international & 1 = 1
  union all select family, 'pct', cast(null as date) from undated where international & 2 = 2
  union all select family, 'triadic', cast(null as date) from undated where international & 4 = 4
)
select m.unit, d.level, case when count(d.day) = count(*) then min(d.day) end as day
from member m join days d on d.family = m.family group by m.unit, d.level
"""
# By unit and date, and by side or by the set of its priority countries (held): since when it is visible there.
_LAGGING = """
select c.level, 'office' as "group", 'all' as international, c.date, c.year, s.side as held, min({published}) as since
from cohort c join {offices} o on o.unit = c.unit join side_office s on s.office = o.office
where c.date <> 'publication' and {published} is not null group by c.unit, c.level, c.date, c.year, s.side
union all
select c.level, 'priority', 'all', c.date, c.year, h.priority_set, c.publication
from cohort c join {holders} h on h.holder = c.holder where c.date <> 'publication'
"""
_CROSSED_LAGGING = """
select c.level, 'priority', x.level, c.date, c.year, h.priority_set,
  case when x.day is not null then greatest(c.publication, x.day) end
from cohort c join {holders} h on h.holder = c.holder join crossed x on x.unit = c.unit
"""


def visible_share(units: int, visible: int, year: int, as_of: dt.date) -> float | None:
    """Return the share F of a side's units of *year* that was visible at *as_of*; None where it can't be told.

    That is how many of the *units* of its complete cohorts (-1 where it can't) were *visible* at that age. A year that
    is five years old at *as_of* counts as complete where no cohort tells otherwise.
    """
    if units:
        return visible / units if units > 0 else None
    return 1.0 if year <= newest_complete(as_of) else None
