"""Publications, queries and landscapes made for a test, with defaults that say nothing of their own."""

from __future__ import annotations

import datetime as dt
import re
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from patentscope.aggregate.claims.gates import DataLimits
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import Claim
from patentscope.query.query import Query
from patentscope.records import intake, store
from patentscope.records.families import assign
from patentscope.records.publication import Party, Priority, Publication

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TODAY = dt.date(2026, 6, 30)
CLAIM = Claim("test", "China leads", (2024, 2024), ("CN",), ("US", "AU", "JP"), 0.73)
NO_LIMITS = DataLimits(is_sample=False, lacks_offices=(), unproven=(), lacks_family_members=(), untrained={})
QUERY = """
name = "test"
title = "A test"
[scope]
years = [2010, 2025]
[topic.classes]
rare_earth = ["C22B59"]
recycling = ["C22B7"]
[topic.terms.en]
rare_earth = ["rare earth"]
recycling = ["recycle"]
[topic.readings]
strict = { all = ["classes.rare_earth", "classes.recycling"] }
[axes]
unit = ["family", "application", "publication"]
basis = ["priority", "applicant", "inventor", "office"]
share = ["whole", "fractional", "first"]
date = ["priority", "filing", "publication"]
documents = ["inventions", "inventions+utility_models", "grants"]
international = ["all", "two_offices", "pct", "triadic"]
[[claims]]
id = "test"
quote = "China leads"
said_on = 2025-10-31
year = 2024
left = ["CN"]
right = ["US", "AU", "JP"]
exceeds_by = 0.73
"""
#: The axes of `QUERY` with families of inventions alone: one pass over the records, where that is enough.
FAMILIES = {**Query.parse(QUERY).axes, "unit": ("family",), "documents": ("inventions",)}

#: The same, each question counted in one way alone.
PLAIN = re.sub(r"\[axes\]\n(.+ = .+\n)+", "", QUERY)

_serial = numbers(1)


def day(text: str | None) -> dt.date | None:
    """Return an ISO date, or None."""
    return dt.date.fromisoformat(text) if text else None


def make_publication(number: str | None = None, **facts: Any) -> Publication:
    """Return a publication on the topic; dates may be ISO text, parties countries (`None` for not stated)."""
    number = number or f"CN{118000000 + next(_serial)}A"
    for role in ("applicants", "inventors"):
        facts[role] = tuple(Party(f"{role} {i}", country) for i, country in enumerate(facts.get(role, ())))
    facts["priorities"] = tuple(Priority(entry[0], day(entry[1])) for entry in facts.get("priorities", ()))
    for name in ("publication_date", "filing_date", "priority_date"):
        if isinstance(facts.get(name), str):
            facts[name] = day(facts[name])
    facts.setdefault("cpc", ("C22B59/00", "C22B7/00"))
    return Publication(number, **facts)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a run by its path in the folder; all but the clock times is the same every time."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "timings.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def table_of(publications: Sequence[Publication]) -> pa.Table:
    """Return publications as the pipeline stores them: normalised, sorted, with their families."""
    table = intake.merge([store.to_table(publications)], most_bad=0.01).table
    units = assign(table).units
    place = store.SCHEMA.get_field_index("family_id")
    return table.set_column(place, store.SCHEMA.field("family_id"), pa.array(units["family_id"], pa.string()))


def make_landscape(
    publications: Sequence[Publication],
    *,
    query: Query | None = None,
    today: dt.date = TODAY,
    limits: DataLimits = NO_LIMITS,
    off_topic: Sequence[str] = (),
    labels: pd.DataFrame | None = None,
) -> Landscape:
    """Return a landscape whose families are all on topic, but for those of the publications in *off_topic*."""
    query = query or Query.parse(QUERY)
    table = table_of(publications)
    families = table.column("family_id").to_pandas()
    out = set(families[table.column("publication_number").to_pandas().isin(off_topic)])
    scores = pd.DataFrame({"family_id": sorted(set(families))})
    for reading in query.readings:
        scores[f"in_topic_{reading.name}"] = (~scores["family_id"].isin(out)).astype("boolean")
    return Landscape(Stock.of(table, assign(table)), scores, query, today, limits, labels)
