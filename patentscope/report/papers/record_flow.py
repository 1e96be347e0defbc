"""How many records, families and counted units each step leaves, by country: from what was found to what is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import StageEntry
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import Query
from patentscope.records import store
from patentscope.records.offices import UNKNOWN

OTHERS = "others"
_SHOWN = 5


@dataclass(frozen=True)
class Step:
    """One line of the flow: what is counted, by which country, and how many in each of the flow's columns.

    `total` counts each thing once; where one can have several countries, the columns add up to more. It is None for
    lines of counts.csv, whose rows are countries.
    """

    what: str
    by: str
    total: int | None
    counts: Mapping[str, float]


@dataclass(frozen=True)
class Flow:
    """The steps, and their columns: the countries that the claims name, all others, and those without one."""

    columns: tuple[str, ...]
    steps: tuple[Step, ...]


def record_flow(folder: RunFolder, query: Query) -> Flow:
    """Return the flow of a run's records, from its tables and its ledger."""
    stored = store.read(folder.file("publications.parquet"), ["office", "publication_date"])
    publications = stored.to_pandas(date_as_object=False)
    units = store.read(folder.file("families.parquet"), ["application_id"]).to_pandas()
    office = publications["office"].fillna(UNKNOWN)
    as_of = dt.date.fromisoformat(folder.state["as_of"])
    seen = publications["publication_date"].le(pd.Timestamp(as_of)).to_numpy(dtype=bool)
    named = _named(query, office)
    steps = [*_records(folder, office), _step("publications kept", "office", office, named=named)]
    steps += _losses(folder.stage("holdings"), "publications")
    steps.append(_step(f"publications visible on {as_of}", "office", office[seen], named=named))
    first = office[seen].groupby(units["application_id"].to_numpy()[seen]).min()
    steps.append(_step("applications", "office", first, named=named))
    steps += _families(folder, query, named)
    steps += _counted(folder, query, named)
    return Flow((*named, OTHERS, UNKNOWN), tuple(_in_columns(step, named) for step in steps))


def _named(query: Query, office: pd.Series) -> list[str]:
    """Return the countries that the claims name, in their order; without a claim the largest offices."""
    sides = [code for claim in query.claims for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    return list(dict.fromkeys(sides)) or [str(code) for code in office.value_counts().head(_SHOWN).index]


def _step(what: str, by: str, countries: pd.Series, *, named: Iterable[str], total: int | None = None) -> Step:
    counts = countries.value_counts()
    by_country = {str(code): int(counts[code]) for code in [*named, *counts.index] if code in counts.index}
    return Step(what, by, len(countries) if total is None else total, by_country)


def _in_columns(step: Step, named: Iterable[str]) -> Step:
    """Return a step with the countries that have no column of their own taken together."""
    counts = dict.fromkeys([*named, OTHERS, UNKNOWN], 0.0)
    for code, n in step.counts.items():
        counts[code if code in counts else OTHERS] += n
    return Step(step.what, step.by, step.total, counts)


def _records(folder: RunFolder, office: pd.Series) -> list[Step]:
    """Return what the sources gave, and what was left out of it, by office."""
    entry = folder.stage("publications")
    dropped = _losses(entry, "records")
    given = {str(code): float(n) for code, n in office.value_counts().items()}
    for step in dropped:
        for code, n in step.counts.items():
            given[code] = given.get(code, 0) + n
    total = int(entry["rows_in"]) if entry else len(office)
    return [Step("records given by the sources", "office", total, given), *dropped]


def _losses(entry: StageEntry | None, unit: str) -> list[Step]:
    """Return one line for every reason for which a stage left something out."""
    reasons: dict[str, dict[str, float]] = {}
    for loss in entry["dropped"] if entry else ():
        by = reasons.setdefault(loss["reason"], {})
        by[loss["country"]] = by.get(loss["country"], 0) + loss["count"]
    return [Step(f"{unit} left out: {reason}", "office", int(sum(by.values())), by) for reason, by in reasons.items()]


def _families(folder: RunFolder, query: Query, named: list[str]) -> list[Step]:
    """Return the visible simple families, those without text, and those that each reading takes in."""
    holdings = store.read(folder.file("holdings.parquet"), ["basis", "unit_id", "country"]).to_pandas()
    first = holdings.loc[holdings["basis"].eq("priority"), ["unit_id", "country"]]
    scores = store.read(folder.file("scores.parquet")).to_pandas().set_index("family_id")
    family = scores.index.get_indexer(pd.Index(first["unit_id"]))
    first, family = first[family >= 0], family[family >= 0]
    by = "country of first filing"

    def of(what: str, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Step:
        kept = mask[family]
        total = int(np.unique(family[kept]).size)
        return _step(what, by, first.loc[kept, "country"], named=named, total=total)

    silent = ~scores["has_text"].to_numpy(dtype=bool)
    steps = [of("simple families", np.ones(len(scores), dtype=bool)), of("of these without a text to classify", silent)]
    for reading in query.readings:
        is_in = scores[f"in_topic_{reading.name}"].fillna(value=False).to_numpy(dtype=bool)
        steps.append(of(f"on topic, {reading.name}", is_in))
    return steps


def _counted(folder: RunFolder, query: Query, named: list[str]) -> list[Step]:
    """Return what each question's baseline counts in the claims' years."""
    counts = pd.read_csv(folder.file("counts.csv"), keep_default_na=False)
    steps = []
    for years in dict.fromkeys(claim.years for claim in query.claims):
        span = str(years[0]) if years[0] == years[1] else f"{years[0]}..{years[1]}"
        for question, rows in counts.groupby("question", sort=False):
            sums = rows[rows["year"].between(*years)].groupby("country")["n"].sum()
            order = [code for code in [*named, *sums.index] if code in sums.index]
            what = f"counted for {question}, {span} ({rows['unit'].iloc[0]}, {rows['topic'].iloc[0]})"
            steps.append(Step(what, rows["basis"].iloc[0], None, {code: float(sums[code]) for code in order}))
    return steps
