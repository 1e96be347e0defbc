"""The small tables of patterns that all specifications read: units that none of them can tell apart, counted together.

One pass per vintage, unit and documents level. What comes after does not depend on the number of publications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentscope.aggregate.holdings.party_sets import NO_PARTY, PartySets
from patentscope.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.engines.engine import Engine

#: Offices are bits of one integer: a bit for each named one, and one more for all others.
MOST_NAMED = 60


def patterns(engine: Engine, sets: PartySets, named: Sequence[str], periods: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Return the pattern table of the units stored by `units.narrow`.

    Args:
        engine: with `unit_date`, `unit_office` and `holder`.
        sets: the party sets.
        named: the countries that any claim or comparator names, in a fixed order.
        periods: spans of years, both ends counted; a pattern's `period` is a place in this list.

    Returns:
        One row per pattern: basis, date, period, topic, international, one column `c<i>` per named country (parties
        of that country), known (parties of known country), first (place in *named*, -1 for another country, -2 for
        none), step7, silent (no country known), n (units).

    Raises:
        UsageError: where more countries are named than an integer has bits.
    """
    if len(named) > MOST_NAMED:
        raise UsageError(f"the claims name {len(named)} countries; at most {MOST_NAMED} can be counted at once")
    engine.put("year_period", _years(periods))
    engine.put("office_bit", pd.DataFrame({"office": list(named), "bit": [1 << i for i in range(len(named))]}))
    engine.make("in_period", _IN_PERIOD)
    engine.make("office_mask", _OFFICE_MASK.format(other=1 << len(named)))
    return _summed([_by_set(engine, sets, named), _by_office(engine, named)])


def _years(periods: Sequence[tuple[int, int]]) -> pd.DataFrame:
    rows = [(year, place) for place, (first, last) in enumerate(periods) for year in range(first, last + 1)]
    return pd.DataFrame(rows, columns=["year", "period"]).astype("int32")


# The units of the periods, by each date, with what their holders have: most units are of other years.
_IN_PERIOD = """
select d.unit, d.date, d.period, h.topic, h.international, h.priority_set, h.applicant_set, h.inventor_set,
  case when h.applicant_step = 7 then 1 else 0 end as applicant_seven,
  case when h.inventor_step = 7 then 1 else 0 end as inventor_seven
from (
  select u.unit, u.holder, 'priority' as date, y.period
  from unit_date u join year_period y on y.year = year(u.priority)
  union all select u.unit, u.holder, 'filing', y.period
  from unit_date u join year_period y on y.year = year(u.filing)
  union all select u.unit, u.holder, 'publication', y.period
  from unit_date u join year_period y on y.year = year(u.publication)
) d join holder h on h.holder = d.holder where h.topic > 0
"""
_OF_SET = """
select 'priority' as basis, date, period, topic, international, priority_set as party_set, 0 as is_seven, count(*) as n
from in_period group by date, period, topic, international, priority_set
union all
select 'applicant', date, period, topic, international, applicant_set, applicant_seven, count(*)
from in_period group by date, period, topic, international, applicant_set, applicant_seven
union all
select 'inventor', date, period, topic, international, inventor_set, inventor_seven, count(*)
from in_period group by date, period, topic, international, inventor_set, inventor_seven
"""
# By priority and filing date, all of a unit's offices; by publication date those whose own first one is of the period.
_OFFICE_MASK = """
select i.date, i.period, min(i.topic) as topic, min(i.international) as international,
  bit_or(case when o.unit is null then 0 else coalesce(b.bit, {other}) end) as mask
from in_period i left join unit_office o on o.unit = i.unit left join office_bit b on b.office = o.office
where i.date <> 'publication' group by i.unit, i.date, i.period
union all
select 'publication', o.period, min(h.topic), min(h.international), bit_or(coalesce(b.bit, {other}))
from (
  select u.unit, u.holder, u.office, y.period from unit_office u join year_period y on y.year = year(u.published)
) o join holder h on h.holder = o.holder left join office_bit b on b.office = o.office
where h.topic > 0 group by o.unit, o.period
union all
select i.date, i.period, i.topic, i.international, 0 from in_period i
left join (select distinct unit from unit_office) o on o.unit = i.unit where i.date = 'publication' and o.unit is null
"""
_OF_OFFICE = """
select date, period, topic, international, mask, count(*) as n from office_mask
group by date, period, topic, international, mask
"""


def _by_set(engine: Engine, sets: PartySets, named: Sequence[str]) -> pd.DataFrame:
    """Return the patterns by priority, applicant and inventor; sets that differ in no named country fall together."""
    rows = engine.frame(_OF_SET)
    weights = sets.weights(named).take(rows["party_set"].to_numpy()).reset_index(drop=True)
    kept = ["basis", "date", "period", "topic", "international", "n"]
    found = pd.concat([rows[kept], weights], axis=1)
    return found.assign(step7=rows["is_seven"].eq(1), silent=weights["known"].eq(0))


def _by_office(engine: Engine, named: Sequence[str]) -> pd.DataFrame:
    """Return the patterns by office; `known` counts the named ones, and all others as one."""
    rows = engine.frame(_OF_OFFICE)
    mask = rows["mask"].to_numpy(np.int64)
    bits = (mask[:, None] >> np.arange(len(named) + 1)) & 1
    found = pd.DataFrame(bits[:, :-1], columns=[f"c{i}" for i in range(len(named))])
    known = bits.sum(axis=1)
    facts = rows[["date", "period", "topic", "international", "n"]].reset_index(drop=True)
    return pd.concat([facts, found], axis=1).assign(
        basis="office", known=known, first=NO_PARTY, step7=False, silent=known == 0
    )


def _summed(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True)
    keys = [name for name in table.columns if name != "n"]
    found: pd.DataFrame = table.groupby(keys, sort=True)["n"].sum().reset_index()
    return found
