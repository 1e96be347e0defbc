"""A run's stored tables, opened to be counted, with the run's own query."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from patentscope.aggregate.audit import labels, reader
from patentscope.aggregate.claims.sight import NEEDS
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.aggregate.limits import limits_of
from patentscope.aggregate.published_rows import published_rows
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.convention import Convention, combinations, reason_to_prune
from patentscope.query.query import ENGINES, Query
from patentscope.records import store


def query_conventions(land: Landscape) -> list[Convention]:
    """Return each question's first convention, for a query without a claim."""
    first: dict[str, Convention] = {}
    for convention in combinations(list(land.bits), land.query.axes, [land.today]):
        if reason_to_prune(convention) is None and convention.unit not in land.untold:
            first.setdefault(convention.question, convention)
    return list(first.values())


def query_of(folder: RunFolder) -> tuple[Query, dt.date]:
    """Return a run's query and its data's own date."""
    query = Query.parse(folder.state["query"]["text"], "run.json", folder.path)
    return query, dt.date.fromisoformat(folder.state["as_of"])


def engine_of(folder: RunFolder, query: Query) -> str:
    """Return the engine that counts a run: DuckDB where candidates were selected, being few and here; else its own."""
    return ENGINES[0] if any(source["selection"] for source in folder.state["sources"]) else query.engine


def landscape(folder: RunFolder, query: Query, today: dt.date) -> Landscape:
    """Return a run's stored tables, ready to be counted; with the labels of an audit, where some were applied."""
    query = replace(query, engine=engine_of(folder, query))
    names = [f"in_topic_{reading.name}" for reading in query.readings] + [f"has_{need}" for need in NEEDS]
    scores = store.read(folder.file("scores.parquet"), ["family_id", *names]).to_pandas()
    audited = labels.stored(folder, reader.AUDIT)
    others = published_rows(folder)
    # One row per simple family, in the order of the alphabet (`readings.family_texts`).
    stock = Stock.read(folder, scores["family_id"], is_held=True)
    return Landscape(stock, scores, query, today, limits_of(folder, query), audited, others)
