"""Holdings to units: what one vintage, unit and documents level leaves to be counted, and the rows behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentscope.aggregate.holdings.documents import INVENTION, UNKNOWN_KIND, UTILITY_MODEL
from patentscope.aggregate.holdings.extended import hold_extended

if TYPE_CHECKING:
    import pandas as pd

    from patentscope.aggregate.holdings.party_sets import PartySets
    from patentscope.engines.engine import Engine
    from patentscope.query.convention import Convention

_INVENTIONS = f"v.document in ({UNKNOWN_KIND}, {INVENTION})"
_DOCUMENTS = {
    "inventions": _INVENTIONS,
    "inventions+utility_models": f"v.document in ({UNKNOWN_KIND}, {INVENTION}, {UTILITY_MODEL})",
    "grants": f"({_INVENTIONS} and v.is_grant)",
}
_UNITS = {"family": "family", "application": "application", "publication": "pub", "extended_family": "extended"}
_INTERNATIONAL = {"all": 0, "two_offices": 1, "pct": 2, "triadic": 4}
_DATES = ("claimed", "filed", "published")


def gather(engine: Engine, unit: str) -> None:
    """Store the units of the current vintage for all levels of documents: `gathered` and `gathered_office`.

    `gathered` has one row per unit: its holder (the simple or extended family whose countries and topic it has), and
    under each level its earliest dates; `gathered_office` one per unit and office: the earliest publications there.
    """
    key, holder = _UNITS[unit], "extended" if unit == "extended_family" else "family"
    engine.make(
        "topical",
        "select family as holder, topic from topic"
        if holder == "family"
        else """
select p.extended as holder, bit_or(t.topic) as topic from (select distinct extended, family from document) p
join topic t on t.family = p.family group by p.extended""",
    )
    dates = [
        (f"case when {test} then v.{date} end", f"{date}_{place}")
        for place, test in enumerate(_DOCUMENTS.values())
        for date in _DATES
    ]
    offices = [entry for entry in dates if entry[1].startswith("published")]
    if unit == "publication":
        columns, days = (", ".join(f"{value} as {name}" for value, name in part) for part in (dates, offices))
        engine.view("gathered", f"select v.{key} as unit, v.{holder} as holder, {columns} from visible v")
        engine.view(
            "gathered_office",
            f"select v.{key} as unit, v.{holder} as holder, v.office, {days} from visible v where v.office is not null",
        )
        return
    columns, days = (", ".join(f"min({value}) as {name}" for value, name in part) for part in (dates, offices))
    engine.make(
        "gathered", f"select v.{key} as unit, min(v.{holder}) as holder, {columns} from visible v group by v.{key}"
    )
    engine.make(
        "gathered_office",
        f"""
select v.{key} as unit, min(v.{holder}) as holder, v.office, {days} from visible v
where v.office is not null group by v.{key}, v.office""",
    )


def narrow(engine: Engine, unit: str, documents: str, sets: PartySets) -> None:
    """Leave one level of documents of what `gather` stored: `unit_date`, `unit_office` and `holder`.

    The level decides which publications give a unit, an office and a date; `unit_table` is `unit_date` with topic and
    international flags. `holder` has the topic, the party sets and
    the international flags of each family. An extended family is on topic, and international, if one of its simple
    families is; its countries are the union of theirs.
    """
    place = list(_DOCUMENTS).index(documents)
    if unit == "extended_family":
        hold_extended(engine, _DOCUMENTS[documents], sets)
    else:
        engine.view(
            "holder",
            "select t.holder, t.topic, h.* from topical t join holding h on h.family = t.holder",
        )
    engine.view(
        "unit_date",
        f"""
select unit, holder, claimed_{place} as priority, filed_{place} as filing, published_{place} as publication
from gathered where published_{place} is not null""",
    )
    engine.view(
        "unit_table",
        "select u.*, h.topic, h.international from unit_date u join holder h on h.holder = u.holder",
    )
    engine.view(
        "unit_office",
        f"""
select unit, holder, office, published_{place} as published from gathered_office where published_{place} is not null""",
    )


def _counted(convention: Convention, bit: int) -> str:
    """Return SQL for the units that *convention* counts, a row per unit and country (see `unit_rows`)."""
    date = "publication" if convention.date == "grant" else convention.date
    flag = _INTERNATIONAL[convention.international]
    mask = 1 << bit
    chosen = f"u.topic & {mask} <> 0 and ({flag} = 0 or u.international & {flag} <> 0)"
    if convention.basis == "office":
        day = "coalesce(o.published, u.publication)" if date == "publication" else f"u.{date}"
        return f"""
select u.unit, year({day}) as year, coalesce(o.office, 'unknown') as country, 1 as parties,
  case when o.office is null then 0 else 1 end as known, cast(null as int) as how_known, true as is_first
from unit_table u left join unit_office o on o.unit = u.unit where {chosen} and {day} is not null"""
    step = f"h.{convention.basis}_step" if convention.basis != "priority" else "cast(null as int)"
    return f"""
select u.unit, year(u.{date}) as year, s.country, s.parties, s.known, {step} as how_known, s.is_first
from unit_table u join holder h on h.holder = u.holder join party_set s on s.party_set = h.{convention.basis}_set
where {chosen} and u.{date} is not null"""


def unit_rows(engine: Engine, convention: Convention, bit: int, sets: PartySets) -> pd.DataFrame:
    """Return the units that *convention* counts, one row per unit and country, for `show`.

    Args:
        engine: with the units of the convention's vintage, unit and documents level.
        convention: what to count.
        bit: the place of its topic's reading in the topic's bits.
        sets: the party sets.

    Returns:
        unit, year, country (`unknown` for none), parties, known, how_known, is_first, ordered; every year that occurs.
    """
    engine.put("party_set", sets.table())
    return engine.frame(f"select * from ({_counted(convention, bit)}) c order by unit, year, country")


def unit_totals(engine: Engine, convention: Convention, bit: int, sets: PartySets) -> pd.DataFrame:
    """Return `unit_rows` summed: year, country, parties, known, is_first, and `units`, how many there are of each."""
    engine.put("party_set", sets.table())
    keys = "year, country, parties, known, is_first"
    counted = f"select {keys}, count(*) as units from ({_counted(convention, bit)}) c group by {keys}"
    return engine.frame(f"{counted} order by {keys}")


def undated_units(engine: Engine, convention: Convention, bit: int) -> int:
    """Return how many units of the topic have no date of this kind, and so are in no year."""
    date = "publication" if convention.date == "grant" else convention.date
    frame = engine.frame(f"select count(*) as n from unit_table u where u.topic & {1 << bit} <> 0 and u.{date} is null")
    return int(frame["n"].iloc[0])


def publications_of(engine: Engine, convention: Convention, units: pd.DataFrame) -> pd.DataFrame:
    """Return unit and pub of every remaining publication of *units* (a column `unit`)."""
    engine.put("wanted", units)
    return engine.frame(f"""
select v.{_UNITS[convention.unit]} as unit, v.pub from visible v
join wanted w on w.unit = v.{_UNITS[convention.unit]} where {_DOCUMENTS[convention.documents]} order by unit, pub""")
