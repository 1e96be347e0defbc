"""Publications to holdings: whose each simple family is, and how we know.

All that is subtle happens here, once per vintage: which publications were visible, the earliest priority, the
fallback for countries that are not stated, silent parties. Every convention is then a filter and a sum.

The order in which a missing country is looked for is that of de Rassenfosse, Dernis, Guellec, Picci and
van Pottelsberghe (2013), "The worldwide count of priority patents", Research Policy 42(3), 720-737.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentscope.offices import UNKNOWN, countries, office_codes

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from patentscope.engine import Engine

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


def hold(engine: Engine, as_of: dt.date) -> None:
    """Store what was visible on *as_of*: `visible`, `holding` and `international`, in place of an earlier vintage's.

    `holding` has one row per simple family, basis (priority, applicant, inventor) and country: parties (how many name
    it), known (parties of known country), is_first, how_known. A family that names no country has one row `unknown`.
    `international` has one row per family: two_offices, pct, triadic as bits 1, 2, 4.
    """
    listed = ", ".join(f"'{code}'" for code in sorted(countries()))
    offices = ", ".join(f"'{code}'" for code in sorted(office_codes()))
    engine.run(f"create or replace table visible as select * from pub where published <= date '{as_of.isoformat()}'")
    engine.run(_FIRST_PRIORITY.format(offices=offices))
    engine.run(_PRIORITY_DOCUMENT)
    engine.run(_NAMED)
    engine.run(_SHARING)
    engine.run(_HOLDING.format(countries=listed, unknown=UNKNOWN))
    engine.run(_INTERNATIONAL)


# The earliest priority of each family; ties give several rows. A dated entry goes before a bare date of the same day.
_FIRST_PRIORITY = """
create or replace table first_priority as
with seen as (
  select distinct v.family, p.key, case when p.office in ({offices}) then p.office end as office, p.date, p.is_entry
  from visible v join prio p using (pub)
), ranked as (
  select *, rank() over (partition by family order by date nulls last, is_entry desc) as place from seen
)
select family, key, office, date, is_entry from ranked where place = 1
"""

# The family's application with the earliest priority's number; else with its office and filing date; else none.
_PRIORITY_DOCUMENT = """
create or replace table priority_document as
with numbered as (
  select distinct v.family, v.application
  from visible v join application_key a using (pub) join first_priority f on f.family = v.family and f.key = a.key
  where f.is_entry
)
select * from numbered
union all
select distinct v.family, v.application
from visible v join first_priority f on f.family = v.family and f.office = v.office and f.date = v.filed
where v.family not in (select family from numbered)
"""

# Steps 1 and 2: the publication of the family that is asked first for a role's countries.
_NAMED = """
create or replace table named as
with asked as (
  select v.family, p.role, v.pub, v.published, v.number,
    case when d.application is null then 2 else 1 end as step
  from visible v
  join (select distinct pub, role from party) p using (pub)
  left join priority_document d on d.family = v.family and d.application = v.application
), ranked as (
  select *, row_number() over (partition by family, role order by step, published, number) as place from asked
)
select family, role, step, pub from ranked where place = 1
"""

# Step 3: for families that name nobody of known country, the earliest publication of a family sharing a priority.
_SHARING = """
insert into named
with silent as (
  select f.family, r.role
  from (select distinct family from visible) f
  cross join (values ('applicant'), ('inventor')) r(role)
  anti join named n on n.family = f.family and n.role = r.role
), claims as (
  select distinct v.family, p.key from visible v join prio p using (pub) where p.key >= 0
), asked as (
  select s.family, s.role, v.pub, v.published, v.number
  from silent s
  join claims mine on mine.family = s.family
  join claims theirs on theirs.key = mine.key and theirs.family <> s.family
  join visible v on v.family = theirs.family
  join (select distinct pub, role from party) p on p.pub = v.pub and p.role = s.role
), ranked as (
  select *, row_number() over (partition by family, role order by published, number) as place from asked
)
select family, role, 3 as step, pub from ranked where place = 1
"""

# The first step that knows a country gives all of them; step 7 is the priority office, where that is a country.
_HOLDING = """
create or replace table holding as
with basis as (select * from (values ('applicant', 'inventor'), ('inventor', 'applicant')) b(basis, other)),
found as (
  select n.family, b.basis, n.step, n.pub, n.role from named n join basis b on b.basis = n.role
  union all
  select n.family, b.basis, n.step + 3, n.pub, n.role from named n join basis b on b.other = n.role
), chosen as (
  select * from (select *, row_number() over (partition by family, basis order by step) as place from found)
  where place = 1
), by_party as (
  select c.family, c.basis, p.country, count(*)::int as parties, min(p.seq) as seq, c.step as how_known
  from chosen c join party p on p.pub = c.pub and p.role = c.role
  group by all
), by_office as (
  select distinct f.family, b.basis, f.office as country, 1 as parties, 0 as seq, 7 as how_known
  from first_priority f cross join basis b
  anti join chosen c on c.family = f.family and c.basis = b.basis
  where f.office in ({countries})
), by_priority as (
  select distinct family, 'priority' as basis, office as country, 1 as parties, 0 as seq, null::int as how_known
  from first_priority where office is not null
), stated as (
  select * from by_party union all select * from by_office union all select * from by_priority
), silent as (
  select f.family, b.basis, '{unknown}' as country, 0 as parties, 0 as seq,
    case when b.basis <> 'priority' then 0 end as how_known
  from (select distinct family from visible) f
  cross join (values ('applicant'), ('inventor'), ('priority')) b(basis)
  anti join stated s on s.family = f.family and s.basis = b.basis
)
select family, basis, country, parties, how_known,
  sum(parties) over (partition by family, basis)::int as known,
  row_number() over (partition by family, basis order by seq, country) = 1 as is_first
from (select * from stated union all select * from silent)
"""

# International flags look at every visible publication of the family, whatever its kind.
_INTERNATIONAL = """
create or replace table international as
select family,
  (case when count(distinct office) >= 2 then 1 else 0 end)
  + (case when bool_or(office = 'WO') then 2 else 0 end)
  + (case when bool_or(office = 'EP') and bool_or(office = 'JP') and bool_or(office = 'US') then 4 else 0 end)
  as international
from visible group by family
"""


def holdings(engine: Engine) -> pd.DataFrame:
    """Return the current vintage's holdings of simple families, every kind of document taken together.

    Returns:
        unit, unit_id, basis, country, how_known, priority_year, filing_year, publication_year (with basis office:
        of the earliest publication there), parties, n_holders (parties of known country), two_offices, pct, triadic.
    """
    return engine.frame("""
with dates as (
  select family, year(min(claimed)) as priority_year, year(min(filed)) as filing_year,
    year(min(published)) as publication_year
  from visible group by family
), by_office as (
  select family, 'office' as basis, coalesce(office, 'unknown') as country, year(min(published)) as publication_year
  from visible group by family, office
), every as (
  select h.family, h.basis, h.country, h.how_known, d.publication_year, h.parties, h.known as n_holders
  from holding h join dates d using (family)
  union all
  select family, basis, country, null, publication_year, 1, case when country = 'unknown' then 0 else 1 end
  from by_office
)
select 'family' as unit, n.name as unit_id, e.basis, e.country, e.how_known, d.priority_year, d.filing_year,
  e.publication_year, e.parties, e.n_holders, i.international & 1 = 1 as two_offices,
  i.international & 2 = 2 as pct, i.international & 4 = 4 as triadic
from every e join dates d using (family) join family_name n using (family) join international i using (family)
order by all""")
