"""What was visible when: the share of a year's units that had been published by a date, from complete cohorts.

A year is young while its documents are still being published, and offices differ in how long that takes: no lag is
assumed for any of them. The share is read off the five newest cohorts that are at least five years old: how much of
what is known of them today was visible when they were as young as the claim's year is (interface: definition 13).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.claim import ALL_OTHERS
from patentscope.offices import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.engine import Engine

COHORTS = 5
COMPLETE_AFTER = 5
_LEVELS = {"two_offices": "two_offices", "pct": "pct", "triadic": "triadic"}


@dataclass(frozen=True)
class VisibleShare:
    """The share F of a side's units that was visible; null where no complete cohort holds any. `units` is its base."""

    share: float | None
    units: int


def _condition(column: str, side: Sequence[str], left: Sequence[str]) -> str:
    """Return SQL that says whether *column* is on a side; the codes were checked against the list of offices."""
    others = tuple(side) == (ALL_OTHERS,)
    codes = ", ".join(f"'{code}'" for code in (left if others else side))
    return f"{column} not in ({codes}, '{UNKNOWN}')" if others else f"{column} in ({codes})"


def lags(engine: Engine, today: dt.date, sides: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> pd.DataFrame:
    """Return when the units of the complete cohorts became visible, for the units stored by `units.make_units`.

    Args:
        engine: with today's units.
        today: the data's own date.
        sides: pairs of (the side's codes, the claim's left codes).

    Returns:
        group (`office` or `priority`), international, date, year, side (place in *sides*), day, n.
    """
    newest = today.year - COMPLETE_AFTER
    engine.run(_COHORTS.format(first=newest - COHORTS + 1, last=newest))
    parts = [
        engine.frame(
            _LAGS.format(
                side=place,
                office=_condition("o.office", side, left),
                country=_condition("h.country", side, left),
            )
        )
        for place, (side, left) in enumerate(sides)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


_COHORTS = """
create or replace table cohort as
select u.unit, u.holder, u.publication, d.date, year(d.day)::int as year from unit_table u
cross join lateral (values ('priority', u.priority), ('filing', u.filing), ('publication', u.publication)) d(date, day)
where year(d.day) between {first} and {last};
create or replace table crossed as
with by_office as (
  select family, office, min(published) as day from visible where office is not null group by all
), ranked as (
  select *, row_number() over (partition by family order by day, office) as place from by_office
), days as (
  select family,
    max(day) filter (place = 2) as two_offices,
    min(day) filter (office = 'WO') as pct,
    case when count(*) filter (office in ('EP', 'JP', 'US')) = 3
      then max(day) filter (office in ('EP', 'JP', 'US')) end as triadic
  from ranked group by family
), members as (
  select distinct r.unit, v.family from remaining r join visible v using (family)
)
select m.unit, l.level, min(l.day) as day
from members m join days d using (family)
cross join lateral (values ('two_offices', d.two_offices), ('pct', d.pct), ('triadic', d.triadic)) l(level, day)
where l.day is not null group by all
"""

_LAGS = """
with at_office as (
  select c.unit, c.date, c.year, min(o.published) as day
  from cohort c join unit_office o using (unit) where {office} and c.date <> 'publication' group by all
), of_country as (
  select distinct c.* from cohort c join unit_holding h using (holder) where h.basis = 'priority' and {country}
)
select 'office' as "group", 'all' as international, date, year, {side} as side, day, count(*) as n
from at_office group by all
union all
select 'priority', 'all', date, year, {side}, publication, count(*) from of_country
where date <> 'publication' group by all
union all
select 'priority', x.level, o.date, o.year, {side}, greatest(o.publication, x.day), count(*)
from of_country o join crossed x using (unit) group by all
order by all
"""


def _moved(date: dt.date, years: int) -> dt.date:
    """Return *date* moved back by whole *years*; 29 February becomes the 28th where there is none."""
    try:
        return date.replace(year=date.year - years)
    except ValueError:
        return date.replace(year=date.year - years, day=28)


def visible_share(rows: pd.DataFrame, year: int, as_of: dt.date) -> VisibleShare:
    """Return F for units of *year* at *as_of* from the matching rows of `lags` (one group, level, date and side).

    A year at least five years old at *as_of* counts as complete where no cohort tells otherwise.
    """
    total = int(rows["n"].sum()) if len(rows) else 0
    if not total:
        return VisibleShare(1.0 if as_of.year - year >= COMPLETE_AFTER else None, 0)
    cutoff = {cohort: pd.Timestamp(_moved(as_of, year - int(cohort))) for cohort in rows["year"].unique()}
    visible = rows["day"] <= rows["year"].map(cutoff)
    return VisibleShare(float(rows.loc[visible, "n"].sum() / total), total)
