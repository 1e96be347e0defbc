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
#: Added to a publication's place in time where it isn't the priority document: those come after all that are.
_OTHER_MEMBER = 1 << 32


def hold(engine: Engine, as_of: dt.date, sets: PartySets) -> Vintage:
    """Store what was visible on *as_of*; its tables bear that date, and no other vintage touches them.

    *sets* takes up the sets of families with several earliest priorities.
    """
    vintage = _visible(engine, as_of)
    day = _day(as_of)
    engine.put("priority_office", priority_sets(sets, office_codes()))
    engine.make("shared_claim", _SHARED_CLAIM)
    engine.view("seen_claim", f"select * from claim where since <= {day}")
    engine.view("seen_shared_claim", f"select * from shared_claim where since <= {day}")
    engine.make("first_priority", _FIRST_PRIORITY)
    engine.make("numbered_document", _NUMBERED_DOCUMENT.format(visible=vintage.documents))
    engine.make("priority_document", _PRIORITY_DOCUMENT.format(visible=vintage.documents))
    engine.make("flags", _FLAGS.format(visible=vintage.documents))
    engine.make("named", _NAMED.format(visible=vintage.documents, other=_OTHER_MEMBER))
    engine.make("lent", _LENT)
    _priority_countries(engine, sets)
    engine.make("first_step", _FIRST_STEP.format(other=_OTHER_MEMBER))
    engine.make(vintage.holdings, _HOLDING.format(silent=SILENT))
    engine.drop("seen_claim", "seen_shared_claim", "first_priority", "numbered_document", "priority_document", "named")
    engine.drop("flags", "lent", "priority_place", "tied_priority", "priority_country", "first_step")
    engine.drop("shared_claim", "priority_office")
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
select c.family, c.key, c.office, c.date, c.is_entry from seen_claim c
join (select family, min(rank) as rank from seen_claim group by family) f on f.family = c.family and f.rank = c.rank
"""

# The family's application with the earliest priority's number; else with its office and filing date; else none.
_NUMBERED_DOCUMENT = """
select distinct v.family, v.application from {visible} v
join first_priority f on f.family = v.family and f.key = v.own_key where f.is_entry
"""
_PRIORITY_DOCUMENT = """
select family, application from numbered_document
union all
select distinct v.family, v.application from {visible} v
join first_priority f on f.family = v.family and f.office = v.office and f.date = v.filed
left join (select distinct family from numbered_document) n on n.family = v.family where n.family is null
"""

# International flags look at every publication, whatever its kind, and at the offices of members without a record.
_FLAGS = """
select family,
  case when min(office) <> max(office) then 1 else 0 end
    + max(case when office = 'WO' then 2 else 0 end)
    + 4 * max(case when office = 'EP' then 1 else 0 end) * max(case when office = 'JP' then 1 else 0 end)
      * max(case when office = 'US' then 1 else 0 end)
    as international
from (select family, office from {visible} union all select family, office from named_member) o group by family
"""

# Steps 1, 2, 4 and 5: the publication of the family that is asked first for a role's countries, as its place in time;
# and what the family can lend to others.
_NAMED = """
select v.family,
  min(case when v.applicants > 0 then v.place + case when d.application is null then {other} else 0 end end)
    as applicant,
  min(case when v.inventors > 0 then v.place + case when d.application is null then {other} else 0 end end)
    as inventor,
  min(case when v.applicants > 0 then v.place end) as first_applicant,
  min(case when v.inventors > 0 then v.place end) as first_inventor
from {visible} v left join priority_document d on d.family = v.family and d.application = v.application
group by v.family
"""

# Steps 3 and 6: the earliest publication of a family sharing a priority, or holding an application that is claimed. A
# family that needs it names nobody itself, so the earliest under its keys is another's.
_LENT = """
with by_key as (
  select c.key, min(n.first_applicant) as applicant, min(n.first_inventor) as inventor
  from seen_shared_claim c join named n on n.family = c.family group by c.key
)
select c.family, min(k.applicant) as applicant, min(k.inventor) as inventor
from seen_shared_claim c join by_key k on k.key = c.key group by c.family
"""

# The first step that knows a country, and the place in time of the publication that names it.
_FIRST_STEP = """
select n.family, f.international,
  case when n.applicant is not null then case when n.applicant < {other} then 1 else 2 end
    when l.applicant is not null then 3
    when n.inventor is not null then case when n.inventor < {other} then 4 else 5 end
    when l.inventor is not null then 6
    when p.country_set > 0 then 7 else 0 end as applicant_step,
  coalesce(n.applicant, l.applicant, n.inventor, l.inventor) % {other} as applicant_place,
  case when n.inventor is not null then case when n.inventor < {other} then 1 else 2 end
    when l.inventor is not null then 3
    when n.applicant is not null then case when n.applicant < {other} then 4 else 5 end
    when l.applicant is not null then 6
    when p.country_set > 0 then 7 else 0 end as inventor_step,
  coalesce(n.inventor, l.inventor, n.applicant, l.applicant) % {other} as inventor_place,
  p.priority_set, p.country_set
from named n join flags f on f.family = n.family
left join lent l on l.family = n.family left join priority_country p on p.family = n.family
"""
_HOLDING = """
select f.family, f.international, f.applicant_step, f.inventor_step,
  case f.applicant_step when 0 then {silent} when 7 then f.country_set
    when 1 then a.applicants when 2 then a.applicants when 3 then a.applicants else a.inventors end as applicant_set,
  case f.inventor_step when 0 then {silent} when 7 then f.country_set
    when 1 then i.inventors when 2 then i.inventors when 3 then i.inventors else i.applicants end as inventor_set,
  coalesce(f.priority_set, {silent}) as priority_set
from first_step f left join document a on a.place = f.applicant_place
left join document i on i.place = f.inventor_place
"""


def _priority_countries(engine: Engine, sets: PartySets) -> None:
    """Store `priority_country`: family, and its earliest priority's office as a set, and as one of countries alone.

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
    engine.make(
        "priority_country",
        """
select p.family, o.priority_set, o.country_set
from priority_place p join priority_office o on o.office = p.office where p.is_tied = 0
union all select family, priority_set, country_set from tied_priority""",
    )


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
