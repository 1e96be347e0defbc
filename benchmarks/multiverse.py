"""Every specification of a claim counted, beside a group-by for each in pandas and a query for each in DuckDB.

    python benchmarks/multiverse.py [PUBLICATIONS]      made ones, 100,000 where no number is given

The same cells on all three ways, and the same numbers: a difference stops the run. CPU seconds, one process.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from landscape import tables

from patentscope.aggregate.claims.sight import NEEDS
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED, Query
from patentscope.records import intake
from patentscope.records.families import assign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from patentscope.aggregate.claims.multiverse import Specified
    from patentscope.query.claim import Claim

QUERY = Path(__file__).parent.parent / "queries" / "rare-earth-recycling.toml"
TODAY = dt.date(2026, 11, 23)
LABELS = 100
SHARE_ON_TOPIC = 0.3
_FLAGS = {"all": 0, "two_offices": 1, "pct": 2, "triadic": 4}
_DATES = ("priority", "filing", "publication")


def clocked(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what *work* gives, and the CPU seconds that it took."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def stock(count: int) -> tuple[Stock, pd.DataFrame]:
    """Return made publications, ready to be counted, and made topics: each reading takes three families in ten."""
    table = intake.merge([pa.concat_tables(tables(count))], most_bad=0.01).table
    families = assign(table)
    names = sorted(families.units["family_id"].unique())
    draws = [np.random.default_rng(seed).random(len(names)) for seed in range(6)]
    scores = pd.DataFrame({"family_id": names} | {f"has_{need}": True for need in NEEDS})
    for reading, draw in zip(Query.load(QUERY).readings, draws, strict=True):
        scores[f"in_topic_{reading.name}"] = pd.array(draw < SHARE_ON_TOPIC, dtype="boolean")
    return Stock.of(table, families), scores


def labels(land: Landscape, claim: Claim) -> pd.DataFrame:
    """Return made labels of the claim's countries, drawn at random; every fourth says out."""
    families = land.families_in([claim.years])
    families = families[families["in_0"]]
    parts = []
    for code in (*claim.left, *claim.right):
        there = families.loc[families["country"].eq(code), "family_id"]
        drawn = there.sample(min(LABELS, len(there)), random_state=0)
        answers = np.where(np.arange(len(drawn)) % 4 == 3, "out", "in")
        part = pd.DataFrame({"family_id": drawn, "stratum": code, "group": code, "stratum_families": len(there)})
        parts.append(part.assign(stratum_drawn=len(drawn), label=answers))
    first, last = claim.years
    return pd.concat(parts, ignore_index=True).assign(years=f"{first}..{last}")


def long_rows(land: Landscape) -> pd.DataFrame:
    """Return one row per family, basis and country, with all that a specification asks: what the plain ways read."""
    chosen = Convention("class_strict", "family", "office", "whole", "priority", "inventions", "all", TODAY)
    units = land.narrow(chosen)
    land.engine.put("party_set", land.sets.table())
    held = f"{units.dates} u join {units.holders} h on h.holder = u.holder"
    facts = "u.unit, h.topic, h.international, year(u.priority) as priority, year(u.filing) as filing"
    by_set = " union all ".join(
        f"""select {facts}, year(u.publication) as publication, '{basis}' as basis, s.country, s.parties, s.known,
        s.is_first, {step} as is_seven
        from {held} join party_set s on s.party_set = h.{basis}_set"""
        for basis, step in (
            ("priority", "false"),
            ("applicant", "h.applicant_step = 7"),
            ("inventor", "h.inventor_step = 7"),
        )
    )
    return land.engine.frame(f"""{by_set} union all
select {facts}, year(coalesce(o.published, u.publication)), 'office', coalesce(o.office, 'unknown'), 1,
  case when o.office is null then 0 else 1 end, true, false
from {held} left join {units.offices} o on o.unit = u.unit""")


def in_pandas(rows: pd.DataFrame, entry: Specified, bit: int) -> tuple[Fraction, ...]:
    """Return left, right, unknown and imputed of one specification, by filters and group-bys."""
    c, flag = entry.convention, _FLAGS[entry.convention.international]
    asked = rows["basis"].eq(c.basis) & rows["topic"].to_numpy() >> bit & 1 == 1
    here = rows[asked & rows[c.date].eq(entry.claim.years[0]) & ((flag == 0) | (rows["international"] & flag != 0))]
    found = []
    for side in (entry.claim.left, entry.claim.right):
        part = here[here["country"].isin(side)]
        if c.share == "fractional":
            sums = part.groupby("known")["parties"].sum()
            found.append(sum((Fraction(int(n), int(str(known))) for known, n in sums.items()), Fraction(0)))
        else:
            part = part[part["is_first"]] if c.share == "first" else part
            found.append(Fraction(part["unit"].nunique()))
    counted = [here.loc[here["known"].eq(0), "unit"].nunique(), here.loc[here["is_seven"], "unit"].nunique()]
    return (*found, *map(Fraction, counted))


def in_duckdb(base: duckdb.DuckDBPyConnection, entry: Specified, bit: int) -> tuple[Fraction, ...]:
    """Return the same by one query (fractions by a few rows of it)."""
    c, flag = entry.convention, _FLAGS[entry.convention.international]
    where = f"basis = '{c.basis}' and (topic >> {bit}) & 1 = 1 and {c.date} = {entry.claim.years[0]}"
    where += f" and international & {flag} <> 0" if flag else ""
    tests = [f"country in ({', '.join(map(repr, side))})" for side in (entry.claim.left, entry.claim.right)]
    if c.share == "fractional":
        sums = ", ".join(f"coalesce(sum(parties) filter ({test}), 0)" for test in tests)
        rows = base.execute(
            f"select known, {sums}, count(distinct unit) filter (known = 0), count(distinct unit) filter (is_seven) "
            f"from rows where {where} group by known"
        ).fetchall()
        sides = [sum((Fraction(int(row[i]), int(row[0])) for row in rows if row[0]), Fraction(0)) for i in (1, 2)]
        silent, seven = (Fraction(sum(int(row[i]) for row in rows)) for i in (3, 4))
        return *sides, silent, seven
    first = " and is_first" if c.share == "first" else ""
    columns = [f"count(distinct unit) filter ({test}{first})" for test in tests]
    columns += ["count(distinct unit) filter (known = 0)", "count(distinct unit) filter (is_seven)"]
    (row,) = base.execute(f"select {', '.join(columns)} from rows where {where}").fetchall()
    return tuple(map(Fraction, row))


def asked_plainly(curve: Sequence[Specified]) -> list[Specified]:
    """Return those of *curve* that the plain ways can count: families of inventions at the data's own date."""
    return [
        entry
        for entry in curve
        if (entry.convention.unit, entry.convention.documents) == ("family", "inventions")
        and entry.convention.as_of == TODAY
        and not entry.is_audited
    ]


def plain(land: Landscape, curve: Sequence[Specified]) -> None:
    """Count in the plain ways too, and compare every number."""
    chosen = asked_plainly(curve)
    rows = long_rows(land)
    bits = [land.bits[entry.convention.topic] for entry in chosen]
    base = duckdb.connect()
    base.execute("create table rows as select * from rows")
    for name, work in (
        ("pandas, a group-by each", lambda e, b: in_pandas(rows, e, b)),
        ("DuckDB, a query each", lambda e, b: in_duckdb(base, e, b)),
    ):
        found, seconds = clocked(lambda work=work: [work(e, b) for e, b in zip(chosen, bits, strict=True)])
        for entry, numbers in zip(chosen, found, strict=True):
            t = entry.tally
            if numbers != (t.left, t.right, t.unknown, t.imputed):
                raise SystemExit(f"{name}: {entry.convention.in_words()}: {numbers} against {t}")
        print(f"{name:<52}{seconds / len(chosen) * 1000:>9.2f}  ({len(chosen)} counted, all numbers the same)")


def main(count: int) -> None:
    """Print the table."""
    query = Query.load(QUERY)
    made, scores = stock(count)
    claim = query.claims[0]
    limits = DataLimits()
    with Landscape(made, scores, query, TODAY, limits) as land:
        drawn = labels(land, claim)
    with Landscape(made, scores, query, TODAY, limits, drawn) as land:
        _, held = clocked(lambda: [land.hold(day) for day in (claim.said_on, TODAY)])
        survey, seconds = clocked(lambda: land.survey([claim]))
        curve = survey.answers[claim.id].listed
        other = replace(claim, id="other", exceeds_by=1.0)
        again, more = clocked(lambda: land.survey([other], vary=False).answers["other"].listed)
        print(f"{count:,} made publications, {len(curve):,} specifications listed, 2 vintages; CPU seconds")
        audited = sum(entry.convention.topic == AUDITED for entry in curve)
        print(f"{'holdings of both vintages':<52}{held:>9.2f}")
        print(f"{f'patterns, lags and all {len(curve):,}, {audited} of them audited':<52}{seconds:>9.2f}")
        print(f"{f'another claim under all {len(again):,}':<52}{more:>9.2f}")
        print(f"\n{'per 1,000 specifications':<52}")
        print(f"{'patentscope, the passes included':<52}{seconds / len(curve) * 1000:>9.2f}")
        print(f"{'patentscope, a further 1,000':<52}{more / len(again) * 1000:>9.2f}")
        plain(land, curve)
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB, the making of them included"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
