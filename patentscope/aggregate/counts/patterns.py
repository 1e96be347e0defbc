"""The small tables of patterns that all specifications read: units that none of them can tell apart, counted together.

One pass per vintage, unit and documents level. What comes after does not depend on the number of publications.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from patentscope.aggregate.holdings.party_sets import NO_PARTY, PartySets
from patentscope.aggregate.holdings.tables import Units
from patentscope.engines.engine import Engine
from patentscope.errors import UsageError

#: Units claimed more than this long before the records begin may have been published before them, too.
_MONTHS_BEFORE = 30
#: Offices are bits of one integer: a bit for each named one, and one more for all others.
MOST_NAMED = 60


def old_before(engine: Engine) -> dt.date:
    """Return the day before which a unit is old: 30 months before that by which one in a hundred was published.

    All records of the run with a publication date are asked, whatever their topic; without any, none is old.
    """
    days = engine.frame(
        "select published as day, count(*) as n from document where published is not null group by published"
    ).sort_values("day")
    begun = days["n"].cumsum() * 100 >= days["n"].sum()
    first = days.loc[begun, "day"].tolist()[:1]
    return (first[0] - pd.DateOffset(months=_MONTHS_BEFORE)).date() if first else dt.date.min


def patterns(
    engine: Engine,
    units: Units,
    sets: PartySets,
    named: Sequence[str],
    periods: Sequence[tuple[int, int]],
    old: dt.date,
) -> pd.DataFrame:
    """Return the pattern table of *units*.

    *named* are the countries that any claim or comparator names, in a fixed order; a pattern's `period` is a place in
    the list of *periods*, spans of years, both ends counted. By publication date, units whose own earliest priority
    lies before the day *old* (`old_before`) are told apart.

    Returns:
        One row per pattern: basis, date, period, the topic's columns, international, one column `c<i>` per named
        country (parties of that country), known (parties of known country), first (place in *named*, -1 for another
        country, -2 for none), step7, silent (no country known), is_old (false by other dates), n (units).

    Raises:
        UsageError: where more countries are named than an integer has bits.
    """
    if len(named) > MOST_NAMED:
        raise UsageError(f"the claims name {len(named)} countries; at most {MOST_NAMED} can be counted at once")
    years = [(year, place) for place, (first, last) in enumerate(periods) for year in range(first, last + 1)]
    engine.put("year_period", pd.DataFrame(years, columns=["year", "period"]).astype("int32"))
    engine.put("office_bit", pd.DataFrame({"office": list(named), "bit": [1 << i for i in range(len(named))]}))
    topic = units.gathered.topic
    engine.make("old_unit", f"select unit from {units.dates} where priority < date '{old}'")
    names = {"dates": units.dates, "offices": units.offices, "holders": units.holders, "old": old}
    facts = {"topic": ", ".join(topic.columns), "of_holder": topic.said("h"), "of_unit": topic.said("i")}
    engine.make("in_period", _IN_PERIOD.format(**names, **facts, is_known=topic.known("h")))
    least = {"least_of_holder": topic.least("h"), "least_of_unit": topic.least("i"), "other": 1 << len(named)}
    engine.make("office_mask", _OFFICE_MASK.format(**names, **facts, **least, is_known=topic.known("h")))
    by_set, by_office = (engine.frame(select.format(**facts)) for select in (_OF_SET, _OF_OFFICE))
    return summed(pd.concat([_by_set(by_set, sets, named), _by_office(by_office, named)], ignore_index=True))


# The units of the periods, by each date, with what their holders have: most units are of other years.
_IN_PERIOD = """
select d.unit, d.date, d.period, d.is_old, {of_holder}, h.international,
  h.priority_set, h.applicant_set, h.inventor_set,
  case when h.applicant_step = 7 then 1 else 0 end as applicant_seven,
  case when h.inventor_step = 7 then 1 else 0 end as inventor_seven
from (
  select u.unit, u.holder, 'priority' as date, y.period, false as is_old
  from {dates} u join year_period y on y.year = year(u.priority)
  union all select u.unit, u.holder, 'filing', y.period, false
  from {dates} u join year_period y on y.year = year(u.filing)
  union all select u.unit, u.holder, 'publication', y.period, coalesce(u.priority < date '{old}', false)
  from {dates} u join year_period y on y.year = year(u.publication)
) d join {holders} h on h.holder = d.holder where {is_known}
"""
_OF_SET = """
select 'priority' as basis, date, period, is_old, {topic}, international, priority_set as party_set, 0 as is_seven,
  count(*) as n
from in_period group by date, period, is_old, {topic}, international, priority_set
union all
select 'applicant', date, period, is_old, {topic}, international, applicant_set, applicant_seven, count(*)
from in_period group by date, period, is_old, {topic}, international, applicant_set, applicant_seven
union all
select 'inventor', date, period, is_old, {topic}, international, inventor_set, inventor_seven, count(*)
from in_period group by date, period, is_old, {topic}, international, inventor_set, inventor_seven
"""
# By priority and filing date, all of a unit's offices; by publication date those whose own first one is of the period.
_OFFICE_MASK = """
select i.date, i.period, false as is_old, {least_of_unit}, min(i.international) as international,
  bit_or(case when o.unit is null then 0 else coalesce(b.bit, {other}) end) as mask
from in_period i left join {offices} o on o.unit = i.unit left join office_bit b on b.office = o.office
where i.date <> 'publication' group by i.unit, i.date, i.period
union all
select 'publication', o.period, o.is_old, {least_of_holder}, min(h.international), bit_or(coalesce(b.bit, {other}))
from (
  select u.unit, u.holder, u.office, y.period, a.unit is not null as is_old
  from {offices} u join year_period y on y.year = year(u.published) left join old_unit a on a.unit = u.unit
) o join {holders} h on h.holder = o.holder left join office_bit b on b.office = o.office
where {is_known} group by o.unit, o.period, o.is_old
union all
select i.date, i.period, i.is_old, {of_unit}, i.international, 0 from in_period i
left join (select distinct unit from {offices}) o on o.unit = i.unit where i.date = 'publication' and o.unit is null
"""
_OF_OFFICE = """
select date, period, is_old, {topic}, international, mask, count(*) as n from office_mask
group by date, period, is_old, {topic}, international, mask
"""


def _by_set(rows: pd.DataFrame, sets: PartySets, named: Sequence[str]) -> pd.DataFrame:
    """Return the patterns by priority, applicant and inventor; sets that differ in no named country fall together."""
    weights = sets.weights(named).take(rows["party_set"].to_numpy()).reset_index(drop=True)
    table = pd.concat([rows.drop(columns=["party_set", "is_seven"]), weights], axis=1)
    return table.assign(step7=rows["is_seven"].eq(1), silent=weights["known"].eq(0))


def _by_office(rows: pd.DataFrame, named: Sequence[str]) -> pd.DataFrame:
    """Return the patterns by office; `known` counts the named ones, and all others as one."""
    mask = rows["mask"].to_numpy(np.int64)
    bits = (mask[:, None] >> np.arange(len(named) + 1)) & 1
    countries = pd.DataFrame(bits[:, :-1], columns=[f"c{i}" for i in range(len(named))])
    known = bits.sum(axis=1)
    return pd.concat([rows.drop(columns="mask"), countries], axis=1).assign(
        basis="office", known=known, first=NO_PARTY, step7=False, silent=known == 0
    )


def summed(table: pd.DataFrame) -> pd.DataFrame:
    """Return patterns with those that are alike counted together."""
    return table.groupby([name for name in table.columns if name != "n"], sort=True)["n"].sum().reset_index()
