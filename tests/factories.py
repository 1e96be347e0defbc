"""Publications, queries and landscapes made for a test, with defaults that say nothing of their own."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.holdings import attribute
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
NO_LIMITS = DataLimits()
CLASSES = {"rare_earth": ["C22B59"], "recycling": ["C22B7"]}
TERMS = {"rare_earth": ["rare earth"], "recycling": ["recycle"]}


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_toml(entry)}' for name, entry in value.items())} }}"
    return str(value) if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


def claim(name: str = "test", **changes: object) -> dict[str, object]:
    """Return a claim of a query, as `query_text` takes it; what is None is left out."""
    said = {"id": name, "quote": "China leads", "said_on": dt.date(2025, 10, 31), "year": 2024}
    return {**said, "left": ["CN"], "right": ["US", "AU", "JP"], "exceeds_by": 0.73, **changes}


def query_text(
    name: str = "small",
    *,
    classes: dict[str, list[str]] = CLASSES,
    terms: dict[str, dict[str, list[str]]] | None = None,
    readings: dict[str, dict[str, list[str]]] | None = None,
    claims: Sequence[dict[str, object]] = (),
    axes: dict[str, list[str]] | None = None,
    **scope: object,
) -> str:
    """Return a query file.

    Args:
        name: of the query.
        classes: symbols by group.
        terms: terms by language and group.
        readings: besides `strict`, by all classes, and `terms`, by all English terms; None takes one of these out.
        claims: made by `claim`.
        axes: levels by axis.
        scope: sources, years, and what else stands there.
    """
    languages = terms or {}
    usual = {"strict": {"all": [f"classes.{group}" for group in classes]}} if classes else {}
    usual |= {"terms": {"all": [f"terms.{group}" for group in languages["en"]]}} if "en" in languages else {}
    tables: dict[str, dict[str, Any]] = {
        "[scope]": scope,
        "[topic.classes]": classes,
        **{f"[topic.terms.{language}]": listed for language, listed in languages.items()},
        "[topic.readings]": {reading: how for reading, how in {**usual, **(readings or {})}.items() if how},
        "[axes]": axes or {},
    }
    lines = [f'name = "{name}"']
    for head, entries in [*tables.items(), *(("[[claims]]", one) for one in claims)]:
        lines += (
            [head, *(f"{key} = {_toml(value)}" for key, value in entries.items() if value is not None)]
            if entries
            else []
        )
    return "\n".join([*lines, ""])


#: Readings of a query that is also to be asked by the text classifier.
CLASSIFIER = {"classifier": {"all": ["classifier"]}}
QUERY = query_text(
    "test",
    years=[2010, 2025],
    terms={"en": TERMS},
    readings={"terms": {}},
    claims=[claim()],
    axes={
        "unit": ["family", "application", "publication"],
        "basis": ["priority", "applicant", "inventor", "office"],
        "share": ["whole", "fractional", "first"],
        "date": ["priority", "filing", "publication"],
        "documents": ["inventions", "inventions+utility_models", "grants"],
        "international": ["all", "two_offices", "pct", "triadic"],
    },
).replace("[scope]", 'title = "A test"\n[scope]')
#: The axes of `QUERY` with families of inventions alone: one pass over the records, where that is enough.
FAMILIES = {**Query.parse(QUERY).axes, "unit": ("family",), "documents": ("inventions",)}
#: The same, each question counted in one way alone.
PLAIN = re.sub(r"\[axes\]\n(.+ = .+\n)+", "", QUERY)

_serial = numbers(1)


def day(text: str | None) -> dt.date | None:
    """Return an ISO date, or None."""
    return dt.date.fromisoformat(text) if text else None


def make_publication(number: str | None = None, **facts: Any) -> Publication:
    """Return a publication on the topic, by default of an application of its own.

    Dates may be ISO text, parties countries (`None` for not stated).
    """
    number = number or f"CN{118000000 + next(_serial)}A"
    facts.setdefault("application_number", f"{number}/own")
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


def read_whole(path: Path) -> pa.Table:
    """Return a parquet file of publications with all columns, texts among them."""
    apart, texts = store.read_publications(path)
    return store.together(apart, texts.at(np.arange(apart.num_rows)))


def table_of(publications: Sequence[Publication]) -> pa.Table:
    """Return publications as the pipeline stores them: normalised, sorted, with their families."""
    table = intake.merge([store.to_table(publications)], most_bad=0.01).table
    units = assign(table).units
    place = store.SCHEMA.get_field_index("family_id")
    return table.set_column(place, store.SCHEMA.field("family_id"), pa.array(units["family_id"], pa.string()))


def seen_in(table: pa.Table) -> pd.DataFrame:
    """Return one row per simple family of publications: its family_id, and what the stage `classify` says it holds."""
    rows = table.select(["family_id", "abstract", "cpc", "ipc"]).to_pandas()
    has_cpc, has_ipc = (rows[name].str.len().gt(0) for name in ("cpc", "ipc"))
    rows = rows.assign(has_abstract=rows["abstract"].fillna("").ne(""), has_symbol=has_cpc | has_ipc, has_cpc=has_cpc)
    columns = ["has_abstract", "has_symbol", "has_cpc"]
    return rows.groupby("family_id", sort=True)[columns].any().reset_index()


def holdings_of(land: Landscape) -> pd.DataFrame:
    """Return whose each simple family of *land* is at the data's own date, as holdings.parquet has it."""
    return attribute.holdings(land.engine, land.hold(land.today), land.sets, land.stock.families)


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
    scores = seen_in(table)
    for reading in query.readings:
        scores[f"in_topic_{reading.name}"] = (~scores["family_id"].isin(out)).astype("boolean")
    return Landscape(Stock.of(table, assign(table)), scores, query, today, limits, labels)
