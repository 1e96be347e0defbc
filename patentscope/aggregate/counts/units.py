"""Holdings to units: what one vintage, unit and documents level leaves to be counted, and the rows behind a number.

Each step gives back what is to be read in the engine, and takes what it reads: `attribute.hold` a `Vintage`, `gather`
a `Gathered` of one, `narrow` the `Units` of that, which everything else counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from patentscope.aggregate.holdings.documents import INVENTION, UNKNOWN_KIND, UTILITY_MODEL
from patentscope.aggregate.holdings.extended import hold_extended
from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.tables import TOPIC, Gathered, Topic, Units, Vintage
from patentscope.engines.engine import Engine
from patentscope.query.convention import Convention

_INVENTIONS = f"v.document in ({UNKNOWN_KIND}, {INVENTION})"
DOCUMENTS = {
    "inventions": _INVENTIONS,
    "inventions+utility_models": f"v.document in ({UNKNOWN_KIND}, {INVENTION}, {UTILITY_MODEL})",
    "grants": f"({_INVENTIONS} and v.is_grant)",
}
#: What the records must say for a unit to be counted, and from which part of them on they say it.
_TOLD = {
    "tells_family": "under half of the records on topic say what belongs to one invention",
    "tells_application": "under half of the records on topic state a filing number",
}
_TOLD_BY = {"family": "tells_family", "extended_family": "tells_family", "application": "tells_application"}
_UNITS = {"family": "family", "application": "application", "publication": "pub", "extended_family": "extended"}
#: By level of the axis `international`, its bit in a family's flags; `all` asks for none.
INTERNATIONAL = {"all": 0, "two_offices": 1, "pct": 2, "triadic": 4}


def gather(
    engine: Engine, vintage: Vintage, unit: str, topic: Topic = TOPIC, named: Sequence[str] | None = None
) -> Gathered:
    """Return a vintage's units under every level of documents.

    Where countries are *named*, the units have their offices as bits, and are worked out once, for whoever counts them
    often, and not where they are read: the tables take memory until they are dropped.
    """
    key, is_one = _UNITS[unit], unit == "publication"
    holder = "extended" if unit == "extended_family" else "family"
    by, least = ("", "v.{0}") if is_one else (f"group by v.{key}", "min(v.{0})")
    days = {date: _by_level(date, "{0}" if is_one else "min({0})") for date in ("claimed", "filed", "published")}
    facts, visible = f"v.{key} as unit, {least.format(holder)} as holder", f"{vintage.documents} v"
    masks = "" if named is None else f", {_masks(named, is_one=is_one)}"
    dates = f"(select {facts}, {', '.join(days.values())}{masks} from {visible} {by})"
    of_offices = f"select {facts}, v.office, {days['published']} from {visible}"
    by_office = "" if is_one else f"{by}, v.office"
    offices = f"({of_offices} where v.office is not null {by_office})"
    topics = f"(select t.family as holder, {topic.said('t')} from {topic.table} t)"
    if holder == "extended":
        marks = "".join(f", max(t.{mark}) as {mark}" for mark in topic.columns[1:])
        topics = f"({_EXTENDED_TOPICS.format(topic=topic.table, marks=marks)})"
    gathered = Gathered(vintage, unit, topic, dates, offices, topics)
    return gathered if named is None or is_one else _stored(engine, gathered, key, named)


def _stored(engine: Engine, gathered: Gathered, key: str, named: Sequence[str]) -> Gathered:
    """Return *gathered* units, worked out; *key* is the column of documents that names them."""
    name = f"{gathered.unit}_{gathered.vintage.as_of:%Y%m%d}"
    dates, several, topics = (f"{table}_{name}" for table in ("gathered", "several", "topical"))
    engine.make(dates, f"select * from {gathered.dates} g")
    claimed = ", ".join(f"min(g.claimed_{place}) as claimed_{place}" for place in range(len(DOCUMENTS)))
    engine.make(
        several,
        f"""
select v.{key} as unit, min(g.holder) as holder, min({office_bit(named, "v.office")}) as bit, {claimed},
  {_by_level("published", "min({0})")}
from {gathered.vintage.documents} v join {dates} g on g.unit = v.{key} and g.is_several = 1
where v.office is not null group by v.{key}, v.office""",
    )
    made = [dates, several]
    is_any = len(engine.frame(f"select unit from {several} limit 1")) > 0
    if gathered.unit == "extended_family":
        engine.make(topics, f"select * from {gathered.topics} t")
        made.append(topics)
    else:
        topics = gathered.topics
    return replace(gathered, dates=dates, topics=topics, several=several if is_any else "", made=tuple(made))


def _by_level(date: str, least: str) -> str:
    """Return in SQL a *date* of documents as v under each level of documents, as columns."""
    return ", ".join(
        f"{least.format(f'case when {test} then v.{date} end')} as {date}_{place}"
        for place, test in enumerate(DOCUMENTS.values())
    )


def _masks(named: Sequence[str], *, is_one: bool) -> str:
    """Return in SQL the offices of a unit as bits by level (`Gathered`), and if its publications lie at several."""
    bit = office_bit(named, "v.office")
    masks = [f"case when {test} then {bit} else 0 end" for test in DOCUMENTS.values()]
    if is_one:
        return ", ".join(f"{mask} as mask_{place}" for place, mask in enumerate(masks)) + ", 0 as is_several"
    several = "count(v.office) > 0 and (count(v.office) < count(*) or min(v.office) <> max(v.office))"
    columns = [f"bit_or({mask}) as mask_{place}" for place, mask in enumerate(masks)]
    return ", ".join([*columns, f"case when {several} then 1 else 0 end as is_several"])


def office_bit(named: Sequence[str], office: str) -> str:
    """Return in SQL an *office* as a bit: one for each of the *named* ones, and one more for all others; 0 for none."""
    bits = "".join(f" when {office} = '{code}' then {1 << place}" for place, code in enumerate(named))
    return f"case when {office} is null then 0{bits} else {1 << len(named)} end"


_EXTENDED_TOPICS = """
select p.extended as holder, bit_or(t.topic) as topic{marks} from (select distinct extended, family from document) p
join {topic} t on t.family = p.family group by p.extended"""


def untold(engine: Engine) -> dict[str, str]:
    """Return the units that the records can't tell, and why: of those on topic under any reading, whatever their date.

    Where none is on topic, all records are asked.
    """
    sums = ", ".join(f"sum(case when d.{name} then 1 else 0 end) as {name}" for name in _TOLD)
    some = "(select coalesce(max(topic), 0) from topic)"
    on_topic = f"document d join topic t on t.family = d.family where t.topic > 0 or {some} = 0"
    row = engine.frame(f"select count(*) as n, {sums} from {on_topic}").fillna(0).iloc[0]
    return {unit: _TOLD[name] for unit, name in _TOLD_BY.items() if 2 * row[name] < row["n"]}


def narrow(engine: Engine, gathered: Gathered, documents: str, sets: PartySets) -> Units:
    """Return what one level of *documents* leaves: it decides which publications give a unit, an office and a date.

    *sets* takes up the sets of extended families.
    """
    place = list(DOCUMENTS).index(documents)
    dates = f"claimed_{place} as priority, filed_{place} as filing, published_{place} as publication"
    is_left = f"where published_{place} is not null"
    units = Units(
        gathered,
        place,
        f"(select unit, holder, {dates} from {gathered.dates} g {is_left})",
        f"(select unit, holder, office, published_{place} as published from {gathered.offices} g {is_left})",
        f"(select t.*, h.* from {gathered.topics} t join {gathered.vintage.holdings} h on h.family = t.holder)",
    )
    if gathered.unit == "extended_family":
        return hold_extended(engine, units, DOCUMENTS[documents], sets)
    return units


def _chosen(convention: Convention, bit: int) -> str:
    """Return the test in SQL for holders as h that are on the topic and pass the international filter."""
    flag = INTERNATIONAL[convention.international]
    return f"h.topic & {1 << bit} <> 0 and ({flag} = 0 or h.international & {flag} <> 0)"


def _counted(units: Units, convention: Convention, bit: int) -> str:
    """Return SQL for the units that *convention* counts, a row per unit and country (see `unit_rows`).

    A unit without a date has no year, and one row that `is_first`.
    """
    date = "publication" if convention.date == "grant" else convention.date
    chosen = _chosen(convention, bit)
    held = f"{units.dates} u join {units.holders} h on h.holder = u.holder"
    if convention.basis == "office":
        day = "coalesce(o.published, u.publication)" if date == "publication" else f"u.{date}"
        return f"""
select u.unit, year({day}) as year, coalesce(o.office, 'unknown') as country, 1 as parties,
  case when o.office is null then 0 else 1 end as known, cast(null as int) as how_known, true as is_first
from {held} left join {units.offices} o on o.unit = u.unit and u.{date} is not null where {chosen}"""
    step = f"h.{convention.basis}_step" if convention.basis != "priority" else "cast(null as int)"
    return f"""
select u.unit, year(u.{date}) as year, s.country, s.parties, s.known, {step} as how_known, s.is_first
from {held} join party_set s on s.party_set = h.{convention.basis}_set where {chosen}"""


def unit_rows(
    engine: Engine,
    units: Units,
    convention: Convention,
    bit: int,
    sets: PartySets,
    years: tuple[int, int] | None = None,
    most: int | None = None,
) -> tuple[pd.DataFrame, int]:
    """Return the units that *convention* counts, one row per unit and country, and how many units there are.

    *bit* is the place of its reading. The units are those of *years*, or of any; the rows those of the first *most*.

    Returns:
        unit, year, country (`unknown` for none), parties, known, how_known, is_first, ordered.
    """
    engine.put("party_set", sets.table())
    spanned = f"between {years[0]} and {years[1]}" if years else "is not null"
    rows = f"select * from ({_counted(units, convention, bit)}) c where year {spanned}"
    n = 0
    if most is not None:
        engine.make("counted_unit", f"select distinct unit from ({rows}) r")
        n = int(engine.frame("select count(*) as n from counted_unit")["n"].iloc[0])
        rows = (
            f"select r.* from ({rows}) r join (select unit from counted_unit order by unit limit {most}) f using (unit)"
        )
    frame = engine.frame(f"select * from ({rows}) r order by unit, year, country")
    return frame, n if most is not None else frame["unit"].nunique()


def unit_totals(
    engine: Engine, units: Units, convention: Convention, bit: int, sets: PartySets
) -> tuple[pd.DataFrame, int]:
    """Return `unit_rows` summed, and how many units that *convention* would count have no date, and so are in no year.

    Returns:
        year, country, parties, known, is_first, and `units`, how many there are of each.
    """
    engine.put("party_set", sets.table())
    keys = "year, country, parties, known, is_first"
    counted = f"select {keys}, count(*) as units from ({_counted(units, convention, bit)}) c group by {keys}"
    rows = engine.frame(f"{counted} order by {keys}")
    is_dated = rows["year"].notna()
    undated = rows.loc[~is_dated & rows["is_first"].astype(bool), "units"].sum()
    return rows[is_dated].astype({"year": "int64"}), int(undated)


def publications_of(engine: Engine, vintage: Vintage, convention: Convention, units: pd.DataFrame) -> pd.DataFrame:
    """Return unit and pub of every publication of *units* (a column `unit`) that *convention* leaves."""
    engine.put("wanted", units)
    return engine.frame(f"""
select v.{_UNITS[convention.unit]} as unit, v.pub from {vintage.documents} v
join wanted w on w.unit = v.{_UNITS[convention.unit]} where {DOCUMENTS[convention.documents]} order by unit, pub""")
