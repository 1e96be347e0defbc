"""Publications to holdings: whose each simple family is, and how we know.

All that is subtle happens here, once per vintage: which publications were visible, the earliest priority, the
fallback for countries that are not stated, silent parties. Every convention is then a filter and a sum.

The order in which a missing country is looked for is that of de Rassenfosse, Dernis, Guellec, Picci and
van Pottelsberghe (2013), "The worldwide count of priority patents", Research Policy 42(3), 720-737.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.aggregate.holdings.party_sets import SILENT, PartySets, priority_sets
from patentscope.aggregate.holdings.tables import Vintage
from patentscope.engines.engine import Engine
from patentscope.records.offices import countries, office_codes

if TYPE_CHECKING:
    from pathlib import Path

#: What each step of `how_known` means; 0 is a unit whose country is not known.
HOW_KNOWN = {
    1: "named on the priority document",
    2: "named on the earliest other member of the simple family",
    3: "named in a family that shares a priority",
    4: "other role, on the priority document",
    5: "other role, on the earliest other member of the simple family",
    6: "other role, in a family that shares a priority",
    7: "the priority office",
    0: "not known",
}
#: A publication that names a role is one number: its place in time, times this, and the set that it names.
_PLACE = 1 << 31
#: Added to it where it isn't the priority document: those come after all that are.
_OTHER_MEMBER = 1 << 62


def hold(engine: Engine, as_of: dt.date, sets: PartySets) -> Vintage:
    """Store what was visible on *as_of*; its tables bear that date, and no other vintage touches them.

    *sets* takes up the sets of families with several earliest priorities.
    """
    vintage, day = _visible(engine, as_of), _day(as_of)
    engine.put("priority_office", priority_sets(sets, office_codes()))
    engine.make("shared_claim", _SHARED_CLAIM)
    engine.make("first_priority", _FIRST_PRIORITY.format(day=day))
    engine.make("named", _NAMED.format(visible=vintage.documents))
    engine.make("lent", _LENT.format(day=day))
    _priority_places(engine, sets)
    engine.make(vintage.holdings, _HOLDING)
    engine.drop("priority_office", "shared_claim", "first_priority", "named", "lent", "priority_place", "tied_priority")
    return vintage


def held(engine: Engine, as_of: dt.date, holdings: Path) -> Vintage:
    """Store what was visible on *as_of*, whose it was being known from an earlier `hold` (`stored`)."""
    vintage = _visible(engine, as_of)
    engine.take("stored_holding", holdings)
    engine.make(vintage.holdings, "select * from stored_holding")
    engine.drop("stored_holding")
    return vintage


def stored(engine: Engine, vintage: Vintage) -> pd.DataFrame:
    """Return whose each family is (`Vintage.holdings`), ready to be kept."""
    return engine.frame(f"select * from {vintage.holdings} order by family").astype("int32")


def _visible(engine: Engine, as_of: dt.date) -> Vintage:
    vintage = Vintage(as_of, *(f"{table}_{as_of:%Y%m%d}" for table in ("visible", "holding")))
    engine.view(vintage.documents, f"select * from document where published <= {_day(as_of)}")
    return vintage


def _day(as_of: dt.date) -> str:
    return f"cast('{as_of.isoformat()}' as date)"


# Only an application that several families claim, or one of them claims and another holds, can lend one of them the
# other's parties.
_SHARED_CLAIM = """
with link as (
  select family, key, since from claim where key >= 0
  union all select family, own_key, published from document where published is not null
)
select l.family, l.key, min(l.since) as since from link l
join (select key from link group by key having min(family) <> max(family)) s on s.key = l.key
group by l.family, l.key
"""


# The earliest priority of each family; ties give several rows.
_FIRST_PRIORITY = """
with seen as (select * from claim where since <= {day})
select c.family, c.key, c.office, c.date, c.is_entry from seen c
join (select family, min(rank) as rank from seen group by family) f on f.family = c.family and f.rank = c.rank
"""


def _names(role: str) -> str:
    """Return in SQL a publication as v that names anybody in a *role*, as one number."""
    return f"case when v.{role} > 0 then cast(v.place as bigint) * {_PLACE} + v.{role} end"


def _asked_first(role: str) -> str:
    """Return in SQL the publication of a family that is asked first for a *role*'s countries."""
    by_number, by_date = (
        f"min({role} + case when is_{by} = 1 then 0 else {_OTHER_MEMBER} end)" for by in ("numbered", "dated")
    )
    return f"case when max(is_numbered) = 1 then {by_number} else {by_date} end"


_MARKS = "bit_or(case {0} when 'WO' then 1 when 'EP' then 2 when 'JP' then 4 when 'US' then 8 else 0 end) as marks"
# Steps 1, 2, 4 and 5: the publication of the family that is asked first for a role's countries, and the earliest, which
# it can lend to others. The priority document is the family's application with the earliest priority's number, else the
# one with its office and filing date. And the family's offices: the first and the last by code, and marks.
_NAMED = f"""
select family, {_asked_first("applicant")} as applicant, {_asked_first("inventor")} as inventor,
  min(applicant) as first_applicant, min(inventor) as first_inventor,
  min(first_code) as first_code, max(last_code) as last_code, bit_or(marks) as marks
from (
  select v.family, v.application,
    max(case when f.is_entry and f.key = v.own_key then 1 else 0 end) as is_numbered,
    max(case when f.office = v.office and f.date = v.filed then 1 else 0 end) as is_dated,
    min({_names("applicants")}) as applicant, min({_names("inventors")}) as inventor,
    min(v.office) as first_code, max(v.office) as last_code, {_MARKS.format("v.office")}
  from {{visible}} v left join first_priority f on f.family = v.family group by v.family, v.application
) a group by family
"""

# Steps 3 and 6: the earliest publication of a family sharing a priority, or holding an application that is claimed. A
# family that needs it names nobody itself, so the earliest under its keys is another's.
_LENT = """
with seen as (select * from shared_claim where since <= {day}), by_key as (
  select c.key, min(n.first_applicant) as applicant, min(n.first_inventor) as inventor
  from seen c join named n on n.family = c.family group by c.key
)
select c.family, min(k.applicant) as applicant, min(k.inventor) as inventor
from seen c join by_key k on k.key = c.key group by c.family
"""


def _step(role: str, other: str) -> str:
    """Return in SQL the first step that knows a country of a *role*."""
    return f"""
  case when n.{role} is not null then case when n.{role} < {_OTHER_MEMBER} then 1 else 2 end
    when l.{role} is not null then 3
    when n.{other} is not null then case when n.{other} < {_OTHER_MEMBER} then 4 else 5 end
    when l.{other} is not null then 6
    when p.country_set > 0 then 7 else 0 end as {role}_step"""


def _set(role: str, other: str) -> str:
    """Return in SQL the set that the same step gives."""
    named = f"coalesce(n.{role}, l.{role}, n.{other}, l.{other}) % {_PLACE}"
    return f"cast(coalesce({named}, p.country_set, {SILENT}) as int) as {role}_set"


# International flags look at every publication, whatever its kind, and at the offices of members without a record. An
# earliest priority's office is a set, and one of countries alone.
_HOLDING = f"""
select n.family,
  case when least(n.first_code, m.first_code) <> greatest(n.last_code, m.last_code) then 1 else 0 end
    + case when (n.marks | coalesce(m.marks, 0)) & 1 = 1 then 2 else 0 end
    + case when (n.marks | coalesce(m.marks, 0)) & 14 = 14 then 4 else 0 end as international,
  {_step("applicant", "inventor")}, {_step("inventor", "applicant")},
  {_set("applicant", "inventor")}, {_set("inventor", "applicant")},
  cast(coalesce(p.priority_set, {SILENT}) as int) as priority_set
from named n left join lent l on l.family = n.family
left join (
  select p.family, o.priority_set, o.country_set
  from priority_place p join priority_office o on o.office = p.office where p.is_tied = 0
  union all select family, priority_set, country_set from tied_priority
) p on p.family = n.family
left join (
  select family, min(office) as first_code, max(office) as last_code, {_MARKS.format("office")}
  from named_member group by family
) m on m.family = n.family
"""


def _priority_places(engine: Engine, sets: PartySets) -> None:
    """Store `priority_place`, the office of each family's earliest priority, and `tied_priority`, the sets of several.

    The few families with several earliest priorities are read here.
    """
    engine.make(
        "priority_place",
        """
select family, min(office) as office, case when min(office) <> max(office) then 1 else 0 end as is_tied
from first_priority where office is not null group by family""",
    )
    tied = engine.frame("""
select distinct f.family, f.office from first_priority f
join (select family from priority_place where is_tied = 1) p on p.family = f.family
where f.office is not null order by family, office""")
    known = countries()
    rows = []
    for family, offices in tied.groupby("family", sort=True)["office"]:
        codes = list(offices)
        rows.append((family, sets.of_countries(codes), sets.of_countries([code for code in codes if code in known])))
    table = pd.DataFrame(rows, columns=["family", "priority_set", "country_set"]).astype("int64")
    engine.put("tied_priority", table)


def holdings(engine: Engine, vintage: Vintage, sets: PartySets, names: pd.Series) -> pd.DataFrame:
    """Return a vintage's holdings of simple families, every kind of document taken together.

    *names* are the simple families' ids, by their numbers.

    Returns:
        unit, unit_id, basis, country, how_known, priority_year, filing_year, publication_year (with basis office:
        of the earliest publication there), parties, n_holders (parties of known country), two_offices, pct, triadic.
    """
    engine.put("party_set", sets.table())
    frame = engine.frame(f"""
with dates as (
  select family, year(min(claimed)) as priority_year, year(min(filed)) as filing_year,
    year(min(published)) as publication_year
  from {vintage.documents} group by family
), by_office as (
  select family, coalesce(office, 'unknown') as country, year(min(published)) as publication_year
  from {vintage.documents} group by family, office
), based as (
  select family, 'applicant' as basis, applicant_set as party_set, applicant_step as how_known from {vintage.holdings}
  union all select family, 'inventor', inventor_set, inventor_step from {vintage.holdings}
  union all select family, 'priority', priority_set, null from {vintage.holdings}
), every as (
  select b.family, b.basis, s.country, b.how_known, d.publication_year, s.parties, s.known as n_holders
  from based b join party_set s on s.party_set = b.party_set join dates d on d.family = b.family
  union all
  select family, 'office', country, null, publication_year, 1, case when country = 'unknown' then 0 else 1 end
  from by_office
)
select 'family' as unit, e.family as unit_id, e.basis, e.country, e.how_known, d.priority_year, d.filing_year,
  e.publication_year, e.parties, e.n_holders, h.international & 1 = 1 as two_offices,
  h.international & 2 = 2 as pct, h.international & 4 = 4 as triadic
from every e join dates d on d.family = e.family join {vintage.holdings} h on h.family = e.family
order by e.family, e.basis, e.country""")
    frame["unit_id"] = names.to_numpy()[frame["unit_id"]]
    return frame
