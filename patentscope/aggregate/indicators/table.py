"""Indicators of both sides of every claim and of the largest countries: what else they can be compared by than size.

Definitions and sources are in METHODS, section 6.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from patentscope.aggregate.indicators import measures
from patentscope.aggregate.indicators.families import Families, families, on_topic
from patentscope.aggregate.indicators.holders import Pairs, groups_of, owners_of
from patentscope.aggregate.indicators.measures import Measured
from patentscope.aggregate.landscape import Landscape
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.claim import Claim
from patentscope.records import store
from patentscope.records.offices import countries
from patentscope.records.sectors import SECTORS, UNKNOWN

COLUMNS = ["indicator", "side", "value", "low", "high", "n", "coverage", "years", "question", "claim_id"]
#: Countries besides those of the claims' sides.
COUNTRIES = 8
_GROWTH_YEARS, _LARGEST = 5, 5
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Landscaped:
    """All that indicators are measured on: families, their owners, sectors and main groups, at the date *today*."""

    families: Families
    owners: Pairs
    sectors: NDArray[np.float64]
    groups: Pairs
    today: dt.date
    knows_members: bool


def of_run(folder: RunFolder, land: Landscape, claims: Sequence[Claim]) -> pd.DataFrame:
    """Return the rows of indicators.csv; none where the records can't tell families."""
    columns = store.read(folder.file("publications.parquet"), ["applicants", "inventors", "cpc", "ipc"])
    aliases = folder.state["aliases"]["joined"] if "aliases" in folder.state else {}
    return indicators(land, claims, columns, aliases)


def indicators(
    land: Landscape,
    claims: Iterable[Claim],
    publications: pa.Table,
    aliases: Mapping[str, str],
    *,
    least: int = measures.FAMILIES,
) -> pd.DataFrame:
    """Return an indicator's row (`COLUMNS`) for each side that has *least* families of which the needed field is known.

    *publications* has applicants, inventors, cpc and ipc of all of them, in their order; *aliases* what the user's
    names are joined to. Rows are in the order of the claims, then of the largest countries.
    """
    if "family" in land.untold or on_topic(land) < least:
        return pd.DataFrame(columns=COLUMNS)
    made = _landscaped(land, publications, aliases)
    sides = [
        (claim.id, name, made.families.on_side(side, claim.left))
        for claim in claims
        for name, side in (("left", claim.left), ("right", claim.right))
    ]
    largest = [code for code in made.families.countries.index if code in countries()][:COUNTRIES]
    sides += [("", code, made.families.on_side([code])) for code in largest]
    rows = [
        (name, side, one.value, one.low, one.high, one.n, one.coverage, years, question, claim_id)
        for claim_id, side, here in sides
        for name, question, years, one in _of_side(made, here, least)
        if one.n >= least and one.coverage >= measures.COVERAGE
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _landscaped(land: Landscape, publications: pa.Table, aliases: Mapping[str, str]) -> Landscaped:
    held, limits = families(land), land.limits
    knows = limits.knows_members and not (limits.undated_before and land.today < limits.undated_before)
    owners, shared = owners_of(held, publications, aliases)
    groups = groups_of(held, publications, land.query.scheme)
    return Landscaped(held, owners, shared, groups, land.today, knows)


def _of_side(made: Landscaped, here: Flags, least: int) -> Iterator[tuple[str, str, str, Measured]]:
    """Yield name, question, years of the cohort and what is measured of the families that are *here*."""
    facts = made.families.facts
    year = facts["first"].dt.year.to_numpy()
    last = made.today.year - ((made.today.month, made.today.day) < (12, 31))
    span = (last - _GROWTH_YEARS + 1, last)
    yield "growth", "invention", _years(span), measures.growth(year[here], span)
    if made.knows_members:
        yield from _by_members(made, here)
    every = _years((int(year[here].min()), int(year[here].max()))) if here.any() else ""
    for name, question, one in (*_by_owners(made, here), *_by_groups(made, here, least)):
        yield name, question, every, one


def _by_members(made: Landscaped, here: Flags) -> Iterator[tuple[str, str, str, Measured]]:
    """Yield what needs all members of a family to be known."""
    facts, today = made.families.facts, pd.Timestamp(made.today)
    first = facts["first"]
    begun, ended = (today - pd.DateOffset(years=back) for back in measures.REACH)
    old = here & first.between(begun, ended).to_numpy()
    known = facts.loc[old, "knows_offices"].to_numpy()
    years = _years((begun.year, ended.year))
    for name in ("abroad", "ip5", "triadic"):
        yield name, "international", years, _share(facts.loc[old, f"is_{name}"], known)
    n = facts.loc[old, "offices"].to_numpy(np.float64)
    most = float(n.max()) if len(n) else 1.0
    yield "offices", "international", years, measures.part(n, known, least=1.0, most=most)
    ripe = here & first.le(today - pd.DateOffset(years=measures.GRANTED)).to_numpy()
    if ripe.any():
        years = _years((first[ripe].dt.year.min(), today.year - measures.GRANTED))
        yield "granted", "invention", years, _share(facts.loc[ripe, "is_granted"], facts.loc[ripe, "knows_kinds"])
    if here.any():
        years = _years((first[here].dt.year.min(), first[here].dt.year.max()))
        models = _share(facts.loc[here, "is_model"], facts.loc[here, "knows_kinds"])
        yield "utility_models", "invention", years, models


def _by_owners(made: Landscaped, here: Flags) -> Iterator[tuple[str, str, Measured]]:
    """Yield the sectors of the owners, what the five largest have a part in, and what is held in several countries."""
    facts, owners = made.families.facts, made.owners
    is_named = owners.has_any(len(facts))
    silent = float(made.sectors[here, SECTORS.index(UNKNOWN)].sum())
    for place, sector in enumerate(SECTORS):
        also = 0.0 if sector == UNKNOWN else silent
        yield f"sector:{sector}", "ownership", measures.part(made.sectors[here, place], is_named[here], also=also)
    # The most families first; of as many, in the order of the names.
    largest = np.argsort(-owners.of(here), kind="stable")[:_LARGEST]
    theirs = np.zeros(len(facts))
    theirs[owners.family[np.isin(owners.held, largest)]] = 1
    yield "concentration", "ownership", measures.part(theirs[here], is_named[here])
    yield "joint", "ownership", _share(facts.loc[here, "is_joint"], facts.loc[here, "knows_owners"])


def _by_groups(made: Landscaped, here: Flags, least: int) -> Iterator[tuple[str, str, Measured]]:
    """Yield, per main group of *least* families or more, a side's part in it over that of all families."""
    groups, count = made.groups, len(made.families.facts)
    known = groups.has_any(count)
    every, mine = groups.of(np.ones(count, bool)), groups.of(here)
    for place in np.flatnonzero(every >= least).tolist():
        share = measures.of_sum(float(mine[place]), int(known[here].sum()), int(here.sum()))
        yield f"specialisation:{groups.names[place]}", "invention", measures.times(share, known.sum() / every[place])


def _share(met: pd.Series, known: pd.Series | Flags) -> Measured:
    return measures.part(met.to_numpy(np.float64), np.asarray(known, dtype=bool))


def _years(span: tuple[int, int]) -> str:
    first, last = span
    return str(first) if first == last else f"{first}..{last}"


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as indicators.csv has them: six decimals, empty where there is no value."""
    figures = {
        name: ["" if isnan(value) else f"{value:.6f}" for value in table[name]]
        for name in ("value", "low", "high", "coverage")
    }
    return table.assign(**figures)
