"""How many records, families and counted units each step leaves, by country: from what was found to what is counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import StageEntry
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import Query
from patentscope.records import store
from patentscope.records.offices import UNKNOWN
from patentscope.report.wording import untold_units

OTHERS = "others"


class Step(NamedTuple):
    """One line of the flow: what is counted, by which country, and how many in each of the flow's columns.

    `total` counts each thing once; where one can have several countries, the columns add up to more. It is None for
    lines of counts.csv, whose rows are countries.
    """

    what: str
    by: str
    total: int | None
    counts: Mapping[Any, float]


def record_flow(folder: RunFolder, query: Query) -> list[Step]:
    """Return the flow of a run's records, from its tables and its ledger.

    Every step has the same columns: the countries that the claims name (without a claim the largest offices), all
    others, and those without one.
    """
    stored = store.read(folder.file("publications.parquet"), ["office", "publication_date"])
    publications = stored.to_pandas(date_as_object=False)
    units = store.read(folder.file("families.parquet"), ["application_id"]).to_pandas()
    office = publications["office"].fillna(UNKNOWN)
    as_of = dt.date.fromisoformat(folder.state["as_of"])
    seen = publications["publication_date"].le(pd.Timestamp(as_of)).to_numpy(dtype=bool)
    steps = [*_records(folder, office), _step("publications kept", "office", office)]
    steps += _losses(folder.stage("holdings"), "publications")
    steps.append(_step(f"publications visible on {as_of}", "office", office[seen]))
    untold = untold_units(folder)
    if "application" not in untold:
        first = office[seen].groupby(units["application_id"].to_numpy()[seen]).min()
        steps.append(_step("applications", "office", first))
    steps += [*([] if "family" in untold else _families(folder, query)), *_counted(folder, query)]
    named = [code for claim in query.claims for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    columns = [*dict.fromkeys(named or office.value_counts().head(5).index), OTHERS, UNKNOWN]
    for place, step in enumerate(steps):
        counts = dict.fromkeys(columns, 0.0)
        for code, n in step.counts.items():
            counts[code if code in counts else OTHERS] += n
        steps[place] = step._replace(counts=counts)
    return steps


def _step(what: str, by: str, countries: pd.Series, total: int | None = None) -> Step:
    return Step(what, by, len(countries) if total is None else total, countries.value_counts().to_dict())


def _records(folder: RunFolder, office: pd.Series) -> list[Step]:
    """Return what the sources gave, and what was left out of it, by office."""
    entry = folder.stage("publications")
    dropped = _losses(entry, "records")
    given: Counter[Any] = Counter(office.value_counts().to_dict())
    for step in dropped:
        given.update(step.counts)
    return [Step("records given by the sources", "office", entry["rows_in"] if entry else len(office), given), *dropped]


def _losses(entry: StageEntry | None, unit: str) -> list[Step]:
    """Return one line for every reason for which a stage left something out."""
    reasons: dict[str, Counter[str]] = {}
    for loss in entry["dropped"] if entry else ():
        reasons.setdefault(loss["reason"], Counter())[loss["country"]] += loss["count"]
    return [Step(f"{unit} left out: {reason}", "office", by.total(), by) for reason, by in reasons.items()]


def _families(folder: RunFolder, query: Query) -> list[Step]:
    """Return the visible simple families, those without text, and those that each reading takes in."""
    holdings = store.read(folder.file("holdings.parquet"), ["basis", "unit_id", "country"]).to_pandas()
    scores = store.read(folder.file("scores.parquet")).to_pandas()
    first = holdings[holdings["basis"].eq("priority")].merge(scores, left_on="unit_id", right_on="family_id")
    masks = {"simple families": first["has_text"].notna(), "of these without a text to classify": ~first["has_text"]}
    masks |= {f"on topic, {reading.name}": first[f"in_topic_{reading.name}"] for reading in query.readings}
    kept = {what: first[mask.fillna(value=False).astype(bool)] for what, mask in masks.items()}
    return [
        _step(what, "country of first filing", rows["country"], rows["unit_id"].nunique())
        for what, rows in kept.items()
    ]


def _counted(folder: RunFolder, query: Query) -> list[Step]:
    """Return what each question's baseline counts in the claims' years."""
    counts = pd.read_csv(folder.file("counts.csv"), keep_default_na=False)
    steps = []
    for years in dict.fromkeys(claim.years for claim in query.claims):
        span = str(years[0]) if years[0] == years[1] else f"{years[0]}..{years[1]}"
        for question, rows in counts.groupby("question", sort=False):
            sums = rows[rows["year"].between(*years)].groupby("country")["n"].sum()
            what = f"counted for {question}, {span} ({rows['unit'].iloc[0]}, {rows['topic'].iloc[0]})"
            steps.append(Step(what, rows["basis"].iloc[0], None, sums.to_dict()))
    return steps
