"""A made world's records, loaded into a landscape, and the claims that are held against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES
from patentscope.query.query import Query, Reading
from patentscope.records.families import assign

from factories import NO_LIMITS, QUERY, make_publication, seen_in, table_of
from worlds.world import TOPICS, Doc, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentscope import Publication


TODAY, SAID_ON = dt.date(2026, 6, 30), dt.date(2025, 3, 31)


CLAIMS = (
    Claim("four", "", (2024, 2024), ("CN",), ("US", "AU", "JP"), 0.73, said_on=SAID_ON),
    Claim("others", "", (2022, 2026), ("CN",), ("*",), said_on=SAID_ON),
    Claim("many", "", (2023, 2024), ("CN", "KR"), ("EP", "WO", "US", "DE"), said_on=SAID_ON),
)
#: Of worlds whose dates are of any century.
OLD_CLAIMS = (
    Claim("old", "", (1890, 1969), ("CN",), ("US", "JP", "EP"), said_on=SAID_ON),
    Claim("ever", "", (1890, 2026), ("CN", "JP"), ("*",), said_on=SAID_ON),
)


def table_in(world: World, *, stated: bool) -> pa.Table:
    """Return the world's records; with the families that a source states, or with none."""
    return table_of([publication_of(doc, f"F-{world.family[doc.number]}" if stated else None) for doc in world.docs])


def publication_of(doc: Doc, family: str | None = None) -> Publication:
    """Return a document of the world as a record, with the family that a source states."""
    return make_publication(
        doc.number,
        application_number=doc.application,
        filing_date=doc.filed,
        publication_date=doc.published,
        priorities=[(key, date and date.isoformat()) for key, date in doc.claims],
        priority_date=doc.bare,
        applicants=doc.applicants,
        inventors=doc.inventors,
        family_id=family,
    )


def landscape(
    world: World,
    *,
    stated: bool,
    axes: Mapping[str, tuple[str, ...]] = AXES,
    engine: str = "duckdb",
    today: dt.date = TODAY,
) -> Landscape:
    """Return the world's records, loaded; with the families that a source states, or with none."""
    table = table_in(world, stated=stated)
    family = pd.Series(table.column("family_id").to_pylist(), table.column("publication_number").to_pylist())
    scores = seen_in(table)
    for topic in TOPICS:
        on_topic = {family[number] for number, name in world.family.items() if name in world.topics[topic]}
        scores[f"in_topic_{topic}"] = scores["family_id"].isin(on_topic).astype("boolean")
    query = replace(
        Query.parse(QUERY),
        axes=dict(axes),
        engine=engine,
        readings=tuple(Reading(topic, ("classes.rare_earth",), ()) for topic in TOPICS),
    )
    return Landscape(Stock.of(table, assign(table)), scores, query, today, NO_LIMITS)
