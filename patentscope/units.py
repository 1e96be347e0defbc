"""Holdings to units: what one vintage, unit and documents level leaves to be counted, and the rows behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from patentscope.convention import Convention
    from patentscope.engine import Engine

_DOCUMENTS = {"inventions": "in_inventions", "inventions+utility_models": "in_models", "grants": "in_grants"}
_UNITS = {"family": "family", "application": "application", "publication": "pub", "extended_family": "extended"}
_INTERNATIONAL = {"all": 0, "two_offices": 1, "pct": 2, "triadic": 4}
STEP_PRIORITY_OFFICE = 7


def make_units(engine: Engine, unit: str, documents: str) -> None:
    """Store the units of the current vintage: `unit_table`, `unit_office` and `unit_holding`.

    The level of documents decides which publications give a unit, an office and a date. An extended family is on
    topic, and international, if one of its simple families is; its countries are the union of theirs.
    """
    key, wanted = _UNITS[unit], _DOCUMENTS[documents]
    engine.run(f"create or replace table remaining as select *, {key} as unit from visible where {wanted}")
    member = "extended" if unit == "extended_family" else "family"
    engine.run(f"""
create or replace table holder as
select p.{member} as holder, bit_or(t.topic) as topic, coalesce(bit_or(i.international), 0) as international
from (select distinct {member}, family from pub) p
join topic t using (family) left join international i using (family) group by p.{member};
create or replace table unit_table as
select r.unit, min(r.{member}) as holder, min(claimed) as priority, min(filed) as filing,
  min(published) as publication, min(published) as "grant", any_value(h.topic) as topic,
  any_value(h.international) as international
from remaining r join holder h on h.holder = r.{member} group by r.unit;
create or replace table unit_office as
select unit, office, min(published) as published from remaining where office is not null group by unit, office""")
    if unit == "extended_family":
        engine.put("unit_holding", _extended_holding(engine))
    else:
        engine.run(
            "create or replace view unit_holding_view as select family as holder, * exclude (family) from holding"
        )
        engine.run("create or replace table unit_holding as select * from unit_holding_view")


def _extended_holding(engine: Engine) -> pd.DataFrame:
    """Return the holdings of extended families: the union of their simple families' countries, fractions their mean."""
    rows = engine.frame("""
select m.unit as holder, h.*, m.claimed from holding h
join (select unit, family, min(claimed) as claimed from remaining group by unit, family) m using (family)
order by holder, basis, claimed nulls last, family, is_first desc, country""")
    merged = []
    for (holder, basis), group in rows.groupby(["holder", "basis"], sort=True):
        known = group[group["known"] > 0]
        if known.empty:
            merged.append((holder, basis, group["country"].iloc[0], group["how_known"].iloc[0], 0, 0, True))
            continue
        families = known["family"].nunique()
        scale = int(np.lcm.reduce(known["known"].to_numpy())) * families
        parties = (known["parties"] * (scale // families // known["known"])).groupby(known["country"]).sum()
        how = STEP_PRIORITY_OFFICE if (known["how_known"] == STEP_PRIORITY_OFFICE).any() else known["how_known"].min()
        first = known["country"].iloc[0]
        merged += [(holder, basis, code, how, int(n), scale, code == first) for code, n in parties.items()]
    columns = ["holder", "basis", "country", "how_known", "parties", "known", "is_first"]
    table = pd.DataFrame(merged, columns=columns)
    return table.astype({"how_known": "Int32", "parties": "int64", "known": "int64", "is_first": "bool"})


def unit_rows(engine: Engine, convention: Convention, bit: int) -> pd.DataFrame:
    """Return the units that *convention* counts, one row per unit and country, for counts by country and for `show`.

    Args:
        engine: with the units of the convention's vintage, unit and documents level.
        convention: what to count.
        bit: the place of its topic's reading in the topic's bits.

    Returns:
        unit, year, country (`unknown` for none), parties, known, how_known, is_first, ordered; every year that occurs.
    """
    date = "publication" if convention.date == "grant" else convention.date
    flag = _INTERNATIONAL[convention.international]
    chosen = f"(u.topic >> {bit}) & 1 = 1 and ({flag} = 0 or u.international & {flag} <> 0)"
    if convention.basis == "office":
        day = "coalesce(o.published, u.publication)" if date == "publication" else f"u.{date}"
        return engine.frame(f"""
select u.unit, year({day}) as year, coalesce(o.office, 'unknown') as country, 1 as parties,
  case when o.office is null then 0 else 1 end as known, null::int as how_known, true as is_first
from unit_table u left join unit_office o using (unit) where {chosen} and {day} is not null order by all""")
    return engine.frame(f"""
select u.unit, year(u.{date}) as year, h.country, h.parties, h.known, h.how_known, h.is_first
from unit_table u join unit_holding h using (holder)
where {chosen} and h.basis = '{convention.basis}' and u.{date} is not null order by all""")


def undated_units(engine: Engine, convention: Convention, bit: int) -> int:
    """Return how many units of the topic have no date of this kind, and so are in no year."""
    date = "publication" if convention.date == "grant" else convention.date
    frame = engine.frame(
        f"select count(*) as n from unit_table u where (u.topic >> {bit}) & 1 = 1 and u.{date} is null"
    )
    return int(frame["n"].iloc[0])
