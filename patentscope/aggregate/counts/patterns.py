"""The small tables of patterns that all specifications read: units that none of them can tell apart, counted together.

One pass per vintage and unit, for all documents levels together: a unit's years under every level make one whole
number, its *code*, so that units are counted by code once, and taken apart by level in a table that is small. What
comes after does not depend on the number of publications.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from patentscope.aggregate.counts.codes import Codes
from patentscope.aggregate.holdings.party_sets import NO_PARTY, PartySets
from patentscope.aggregate.holdings.tables import Gathered, Units
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


class Kinds:
    """Holders by what counts of them: sets of parties that differ in no country that is *named* are one kind.

    Stores `holder_kind`: one row per holder that its topic says anything of, with its topic, its filter's bits, its
    priority_set; and priority_kind, applicant_kind, inventor_kind: twice the kind of its parties, and one more at step
    7.
    """

    def __init__(self, engine: Engine, sets: PartySets, named: Sequence[str]) -> None:
        """Take up what kinds are made of.

        Raises:
            UsageError: where more countries are named than an integer has bits.
        """
        if len(named) > MOST_NAMED:
            raise UsageError(f"the claims name {len(named)} countries; at most {MOST_NAMED} can be counted at once")
        self._engine, self._sets, self.named = engine, sets, named
        self._holders = ""
        self._weights = pd.DataFrame()

    def of(self, units: Units) -> pd.DataFrame:
        """Store the kinds of *units*' holders, where they aren't stored already; return `PartySets.weights` by kind."""
        if units.holders != self._holders:
            weights, topic = self._sets.weights(self.named), units.gathered.topic
            kind = weights.groupby(list(weights.columns), sort=False).ngroup()
            self._engine.put(
                "set_kind", pd.DataFrame({"party_set": np.arange(len(kind)), "kind": kind}).astype("int32")
            )
            kinds = [f"{basis}.kind * 2 + {_SEVEN[basis]} as {basis}_kind" for basis in BASES[:_OFFICE]]
            joined = [f"join set_kind {basis} on {basis}.party_set = h.{basis}_set" for basis in BASES[:_OFFICE]]
            self._engine.make(
                "holder_kind",
                f"""
select h.holder, {topic.said("h")}, h.international, h.priority_set, {", ".join(kinds)}
from {units.holders} h {" ".join(joined)} where {topic.known("h")}""",
            )
            self._holders, self._weights = units.holders, weights[~kind.duplicated()].reset_index(drop=True)
        return self._weights


def patterns(
    engine: Engine, levels: Sequence[Units], kinds: Kinds, periods: Sequence[tuple[int, int]], old: dt.date
) -> list[pd.DataFrame]:
    """Return the pattern table of each of *levels*: units of one vintage under documents levels that share holders.

    Their offices are bits by the countries of *kinds*, those that any claim or comparator names, in a fixed order; a
    pattern's `period` is a place in the list of *periods*, spans of years, both ends counted. By publication date,
    units whose own earliest priority lies before the day *old* (`old_before`) are told apart.

    Returns:
        One row per pattern: basis and date (places in `BASES` and `DATES`), period, the topic's columns, international,
        one column `c<i>` per named country (parties of that country), known (parties of known country), first (place in
        *named*, -1 for another country, -2 for none), step7, silent (no country known), is_old (false by other dates),
        n (units).
    """
    years = pd.DataFrame(
        [(year, place) for place, (first, last) in enumerate(periods) for year in range(first, last + 1)],
        columns=["year", "period"],
    ).astype("int32")
    codes = Codes(int(years["year"].min()), int(years["year"].max()), tuple(level.place for level in levels))
    gathered, weights = levels[0].gathered, kinds.of(levels[0])
    topic = gathered.topic.columns
    _make_coded(engine, gathered, codes, old)
    by_set, by_mask = (engine.frame(select) for select in (_of_set(topic), _of_mask(topic, len(levels))))
    by_office = [_in_periods(by_mask, codes, years)]
    # By publication date, offices have days of their own; a unit of one office, or of none, has its own day.
    by_office[0] = by_office[0][by_office[0]["mask"].ne(_BY_DAY)]
    if gathered.several:
        by_day = engine.frame(_of_day(gathered, codes.levels, years, old))
        by_office.append(by_day.assign(date=_PUBLICATION, is_old=by_day["is_old"].eq(1)))
    table = _weighed(_in_periods(by_set, codes, years), pd.concat(by_office), weights)
    return [part.drop(columns="level") for part in (table[table["level"].eq(place)] for place in range(len(levels)))]


#: The bases and the dates by their numbers; all but the last are a holder's.
BASES, DATES = ("priority", "applicant", "inventor", "office"), ("priority", "filing", "publication")
_OFFICE, _PUBLICATION = BASES.index("office"), DATES.index("publication")
#: In place of the offices of a unit whose offices have days of their own.
_BY_DAY = -1


def _make_coded(engine: Engine, gathered: Gathered, codes: Codes, old: dt.date) -> None:
    """Store `coded`: the units with a year that is counted, what their holders have, their offices as bits by level."""
    dates = {
        "priority": codes.of("claimed"),
        "filing": codes.of("filed"),
        "publication": codes.of("published", old),
    }
    coded = ", ".join(f"{code} as {date}" for date, code in dates.items())
    masks = ", ".join(f"mask_{level} as mask_{place}" for place, level in enumerate(codes.levels))
    held = ", ".join(f"h.{basis}_kind" for basis in BASES[:_OFFICE])
    engine.make(
        "coded",
        f"""
select c.*, {gathered.topic.said("h")}, h.international, {held}
from (select u.holder, {coded}, {masks}, is_several from {gathered.dates} u) c
join holder_kind h on h.holder = c.holder where c.priority > 0 or c.filing > 0 or c.publication > 0""",
    )


_SEVEN = {basis: f"case when h.{basis}_step = 7 then 1 else 0 end" for basis in BASES[1:_OFFICE]}
_SEVEN["priority"] = "0"


def _of_set(topic: Sequence[str]) -> str:
    """Return SQL for the coded units by each basis but the office, and by each date."""
    keys = ", ".join(("basis", "date", "code", *topic, "international", "kind"))
    kind = _by("b.basis", [f"c.{basis}_kind" for basis in BASES[:_OFFICE]])
    return f"""
select {keys}, count(*) as n from (
  select b.basis, d.date, {_by("d.date", DATES)} as code, {", ".join((*topic, "international"))}, {kind} as kind
  from coded c cross join (values (0), (1), (2)) d(date) cross join (values (0), (1), (2)) b(basis)
) s where code > 0 group by {keys}"""


def _of_mask(topic: Sequence[str], levels: int) -> str:
    """Return SQL for the coded units by all of their offices; by publication date, `_BY_DAY` in place of several."""
    facts, masks = (*topic, "international"), [f"mask_{place}" for place in range(levels)]
    by_day = f"d.date = {_PUBLICATION} and c.is_several = 1"
    shown = ", ".join(f"case when {by_day} and c.{one} <> 0 then {_BY_DAY} else c.{one} end as {one}" for one in masks)
    keys = ", ".join(("date", "code", *facts, *masks))
    return f"""
select {keys}, count(*) as n from (
  select d.date, {_by("d.date", DATES)} as code, {", ".join(facts)}, {shown}
  from coded c cross join (values (0), (1), (2)) d(date)
) s where code > 0 group by {keys}"""


def _by(place: str, columns: Sequence[str]) -> str:
    """Return in SQL the column at a *place*."""
    return f"case {place}{''.join(f' when {n} then {name}' for n, name in enumerate(columns))} end"


def _of_day(gathered: Gathered, levels: Sequence[int], years: pd.DataFrame, old: dt.date) -> str:
    """Return SQL for units of several offices by those whose own first publication is of the period.

    *years* has the year and period of each pair of them.
    """
    facts = (*gathered.topic.columns, "international")
    least = ", ".join(f"min(h.{fact}) as {fact}" for fact in facts)
    listed = ", ".join(map(str, years.itertuples(index=False, name=None)))
    parts = [
        f"""
select {place} as level, y.period, {least}, bit_or(o.bit) as mask,
  max(case when o.claimed_{level} < date '{old}' then 1 else 0 end) as is_old
from {gathered.several} o join (values {listed}) y(year, period) on y.year = year(o.published_{level})
join holder_kind h on h.holder = o.holder group by o.unit, y.period"""
        for place, level in enumerate(levels)
    ]
    keys = ", ".join(("level", "period", "is_old", *facts, "mask"))
    return f"select {keys}, count(*) as n from ({' union all '.join(parts)}) d group by {keys}"


def _weighed(by_set: pd.DataFrame, by_office: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return the patterns of all levels; *kinds* has what `PartySets.weights` has, by kind of set."""
    masks, listed = pd.factorize(by_office["mask"], sort=True)
    by_office = by_office.drop(columns="mask").assign(basis=_OFFICE, kind=2 * (len(kinds) + masks))
    table = summed(pd.concat([by_set, by_office], ignore_index=True))
    named = len(kinds.columns) - 2
    bits = (np.asarray(listed, np.int64)[:, None] >> np.arange(named + 1)) & 1
    of_masks = pd.DataFrame(bits[:, :-1], columns=kinds.columns[:named]).assign(known=bits.sum(axis=1), first=NO_PARTY)
    kind = table.pop("kind").to_numpy()
    weights = pd.concat([kinds, of_masks], ignore_index=True).take(kind // 2).reset_index(drop=True)
    return pd.concat([table, weights], axis=1).assign(step7=kind % 2 == 1, silent=weights["known"].eq(0).to_numpy(bool))


def _in_periods(rows: pd.DataFrame, codes: Codes, years: pd.DataFrame) -> pd.DataFrame:
    """Return *rows* by code as rows by level and period, with the mask of the level; old units are told apart."""
    code = rows["code"].to_numpy(np.int64)
    masks = [name for name in rows.columns if name.startswith("mask_")]
    levels = range(len(codes.levels))
    year, is_old = (np.stack(facts) for facts in zip(*(codes.at(place, code) for place in levels), strict=True))
    level, row = np.nonzero(year >= codes.first)
    listed = years.sort_values("year", kind="stable")
    first, after = (np.searchsorted(listed["year"], year[level, row], side) for side in ("left", "right"))
    # A row is there once for each of the periods that its year is in.
    n = after - first
    level, row = np.repeat(level, n), np.repeat(row, n)
    period = listed["period"].to_numpy()[np.repeat(after - np.cumsum(n), n) + np.arange(len(row))]
    found = {"level": level, "is_old": is_old[level, row], "period": period}
    if masks:
        found["mask"] = rows[masks].to_numpy()[row, level]
    return rows.drop(columns=["code", *masks]).take(row).assign(**found)


def summed(table: pd.DataFrame) -> pd.DataFrame:
    """Return patterns with those that are alike counted together, in the order of their columns."""
    alike, size = np.zeros(len(table), np.int64), 1
    for name in table.columns.drop("n"):
        codes, values = pd.factorize(table[name].to_numpy(), sort=True)
        if size * max(len(values), 1) >= _MOST:
            alike, known = pd.factorize(alike, sort=True)
            size = len(known)
        alike, size = alike * len(values) + codes, size * max(len(values), 1)
    alike, known = pd.factorize(alike, sort=True)
    first = np.empty(len(known), np.intp)
    first[alike] = np.arange(len(alike))
    n = np.bincount(alike, table["n"], len(known)).astype(np.int64)
    return table.take(first).assign(n=n).reset_index(drop=True)


#: Numbers of patterns are packed into one up to here.
_MOST = 1 << 62
