"""What was visible when: the share of a year's units that had been published by a date, from complete cohorts.

A year is young while its documents are still being published, and offices differ in how long that takes: no lag is
assumed for any of them. The share is read off the five newest cohorts that are at least five years old: how much of
what is known of them today was visible when they were as young as the claim's year is (METHODS, section 6). A year
is five years old when its last day is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.tables import Units
from patentscope.engines.engine import Engine
from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import UNKNOWN

COHORTS = 5
COMPLETE_AFTER = 5


def lags(
    engine: Engine,
    units: Units,
    sides: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    ages: Sequence[tuple[int, dt.date]],
    sets: PartySets,
) -> pd.DataFrame:
    """Return how much of the complete cohorts was visible when they were young; only families become international.

    *units* are of the vintage of the data's own date; *sides* are pairs of (the side's codes, the claim's left codes),
    *ages* pairs of (a claim's last year, the date as of which it is counted).

    Returns:
        group (`office` or `priority`), international, date, side (place in *sides*), n (units; -1 where it can't be
        told when all of them had become international), and visible_0, visible_1, ...: how many of them were visible at
        the age of each of *ages*.
    """
    vintage, unit = units.gathered.vintage, units.gathered.unit
    newest = newest_complete(vintage.as_of)
    cohorts = range(newest - COHORTS + 1, newest + 1)
    engine.make(
        "cohort", _COHORTS.format(dates=units.dates, topics=units.gathered.topics, first=cohorts[0], last=newest)
    )
    # By cohort the day on which it was as old as each of the ages.
    days = {
        f"day_{place}": [pd.Timestamp(as_of) - pd.DateOffset(years=year - cohort) for cohort in cohorts]
        for place, (year, as_of) in enumerate(ages)
    }
    cutoffs = pd.DataFrame({"year": list(cohorts), **days})
    engine.put("cutoff", cutoffs.astype(dict.fromkeys(days, "datetime64[us]")))
    offices = engine.frame(f"select distinct office from {units.offices} order by office")["office"]
    places = engine.frame(f"select distinct priority_set from {units.holders} order by priority_set")["priority_set"]
    countries = {number: set(sets.parties(number)[0]) for number in places.tolist()}
    engine.put("side_office", _meeting({code: {code} for code in offices}, sides, "office", "str"))
    engine.put("side_set", _meeting(countries, sides, "party_set", "int32"))
    counted = "".join(
        f", sum(case when d.day <= t.day_{place} then 1 else 0 end) as visible_{place}" for place in range(len(ages))
    )
    lagging = _LAGGING
    if unit in _CROSSING:
        members = _CROSSING[unit].format(visible=vintage.documents)
        engine.make("crossed", _CROSSED.format(members=members, visible=vintage.documents, holdings=vintage.holdings))
        lagging = f"{lagging} union all {_CROSSED_LAGGING}"
    lagging = lagging.format(offices=units.offices, holders=units.holders)
    return engine.frame(f"""
select d."group", d.international, d.date, d.side,
  case when count(d.day) < count(*) then -1 else count(*) end as n{counted} from ({lagging}) d
join cutoff t on t.year = d.year group by d."group", d.international, d.date, d.side""")


def newest_complete(as_of: dt.date) -> int:
    """Return the newest year that is five years old on *as_of*: its last day is."""
    return as_of.year - COMPLETE_AFTER - ((as_of.month, as_of.day) < (12, 31))


def part_over(year: int, as_of: dt.date) -> float:
    """Return what part of a *year* is over at the end of the day *as_of*, from 0 to 1."""
    first, next_first = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return min(max((as_of - first).days + 1, 0) / (next_first - first).days, 1.0)


def _meeting(
    codes: Mapping[object, set[str]],
    sides: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    name: str,
    kind: str,
) -> pd.DataFrame:
    """Return which of the keys of *codes* meet which side: side (its place), and the key as column *name*."""
    rows = [
        (place, key)
        for place, (side, left) in enumerate(sides)
        for key, named in codes.items()
        if (named - set(left) - {UNKNOWN} if side == (ALL_OTHERS,) else named & set(side))
    ]
    return pd.DataFrame(rows, columns=["side", name]).astype({"side": "int32", name: kind})


#: The units on topic under any reading whose year is one of the cohorts.
_COHORTS = """
select d.* from (
  select unit, holder, publication, 'priority' as date, year(priority) as year from {dates}
  union all select unit, holder, publication, 'filing', year(filing) from {dates}
  union all select unit, holder, publication, 'publication', year(publication) from {dates}
) d join {topics} t on t.holder = d.holder and t.topic > 0 where d.year between {first} and {last}
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
# By unit, date and side: the day on which it became visible there.
_LAGGING = """
select 'office' as "group", 'all' as international, c.date, c.year, s.side, min(o.published) as day
from cohort c join {offices} o on o.unit = c.unit join side_office s on s.office = o.office
where c.date <> 'publication' group by c.unit, c.date, c.year, s.side
union all
select 'priority', 'all', c.date, c.year, s.side, c.publication
from cohort c join {holders} h on h.holder = c.holder join side_set s on s.party_set = h.priority_set
where c.date <> 'publication'
"""
_CROSSED_LAGGING = """
select 'priority', x.level, c.date, c.year, s.side,
  case when x.day is not null then greatest(c.publication, x.day) end
from cohort c join {holders} h on h.holder = c.holder join side_set s on s.party_set = h.priority_set
join crossed x on x.unit = c.unit
"""


def visible_share(units: int, visible: int, year: int, as_of: dt.date) -> float | None:
    """Return the share F of a side's units of *year* that was visible at *as_of*; None where it can't be told.

    That is how many of the *units* of its complete cohorts (-1 where it can't) were *visible* at that age. A year that
    is five years old at *as_of* counts as complete where no cohort tells otherwise.
    """
    if units:
        return visible / units if units > 0 else None
    return 1.0 if year <= newest_complete(as_of) else None
