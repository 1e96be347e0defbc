"""How many records, families and counted units each step leaves, by country: from what was found to what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import StageEntry
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import Query
from patentscope.records.offices import UNKNOWN
from patentscope.report.records import Records
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


def record_flow(folder: RunFolder, query: Query, records: Records) -> list[Step]:
    """Return the flow of a run's records, from its tables and its ledger.

    Every step has the same columns: the countries that the claims name (without a claim the largest offices), all
    others, and those without one.
    """
    as_of = folder.state["as_of"]
    every, seen, applications = (dict(records.pairs(sql)) for sql in _by_office(as_of))
    steps = [*_records(folder, every), _step("publications kept", "office", every)]
    steps += _losses(folder.stage("holdings"), "publications")
    steps.append(_step(f"publications visible on {as_of}", "office", seen))
    untold = untold_units(folder)
    if "application" not in untold:
        steps.append(_step("applications", "office", applications))
    steps += [*([] if "family" in untold else _families(query, records)), *_counted(folder, query)]
    named = [code for claim in query.claims for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    columns = [*dict.fromkeys(named or list(every)[:5]), OTHERS, UNKNOWN]
    for place, step in enumerate(steps):
        counts = dict.fromkeys(columns, 0.0)
        for code, n in step.counts.items():
            counts[code if code in counts else OTHERS] += n
        steps[place] = step._replace(counts=counts)
    return steps


def _by_office(as_of: str) -> Iterator[str]:
    """Yield what asks for publications, for visible ones, and for their applications, by office, the largest first."""
    office, seen = f"coalesce(office, '{UNKNOWN}')", f"published <= date '{as_of}'"
    by = "select office, count(*) as n from"
    yield f"{by} (select {office} as office, pub from document) group by office order by n desc, min(pub)"
    yield f"{by} (select {office} as office from document where {seen}) group by office"
    of_applications = f"select min({office}) as office from document where {seen} and application >= 0"
    yield f"{by} ({of_applications} group by application) group by office"


def _step(what: str, by: str, counts: Mapping[Any, float], total: int | None = None) -> Step:
    return Step(what, by, int(sum(counts.values())) if total is None else total, counts)


def _records(folder: RunFolder, office: Mapping[str, int]) -> list[Step]:
    """Return what the sources gave, and what was left out of it, by office."""
    entry = folder.stage("publications")
    dropped = _losses(entry, "records")
    given: Counter[Any] = Counter(office)
    for step in dropped:
        given.update(step.counts)
    return [
        Step("records given by the sources", "office", entry["rows_in"] if entry else sum(office.values()), given),
        *dropped,
    ]


def _losses(entry: StageEntry | None, unit: str) -> list[Step]:
    """Return one line for every reason for which a stage left something out."""
    reasons: dict[str, Counter[str]] = {}
    for loss in entry["dropped"] if entry else ():
        reasons.setdefault(loss["reason"], Counter())[loss["country"]] += loss["count"]
    return [Step(f"{unit} left out: {reason}", "office", by.total(), by) for reason, by in reasons.items()]


def _families(query: Query, records: Records) -> list[Step]:
    """Return the visible simple families, those without text, and those that each reading takes in."""
    masks = {"simple families": "s.has_text is not null", "of these without a text to classify": "not s.has_text"}
    masks |= {f"on topic, {reading.name}": records.on_topic(reading.name) for reading in query.readings}
    steps = []
    for what, mask in masks.items():
        held = f"""from holding h join family f on f.family = h.family join score s on s.family_id = f.family_id
where h.basis = 'priority' and {mask}"""
        (total,) = records.row(f"select count(distinct h.family) {held}")
        counts = dict(records.pairs(f"select h.country, count(*) {held} group by h.country"))
        steps.append(_step(what, "country of first filing", counts, total))
    return steps


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
