"""A run's tables, read once for the charts and the page."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentscope import labels, store
from patentscope.audit import AUDIT
from patentscope.query import Query

if TYPE_CHECKING:
    from patentscope.run_folder import RunFolder

#: What the page shows of a publication. Parties and abstracts stay in the file: they take longer to read than the rest.
_SHOWN = [
    *("publication_number", "office", "publication_date", "filing_date", "priority_date", "family_id"),
    *("title", "title_language", "title_original", "cpc", "ipc", "source", "origin"),
]


@dataclass(frozen=True)
class RunTables:
    """Everything that a run's folder says, and the two tables of the package that go with it.

    Attributes:
        publications: publications.parquet, the columns that the page shows.
        counts: counts.csv, year and n as numbers.
        curve: curve.csv as text; influence likewise.
        audit_labels: what a reader said of families drawn for an audit; empty where no sheet was applied.
        claims: of verdict.json, the illustration among them.
        published: figures of others on the query's topic, rows of data/published_counts.csv.
    """

    state: dict[str, Any]
    query: Query
    as_of: dt.date
    publications: pd.DataFrame
    scores: pd.DataFrame
    holdings: pd.DataFrame
    counts: pd.DataFrame
    curve: pd.DataFrame
    sensitivity: pd.DataFrame
    influence: pd.DataFrame
    audit_labels: pd.DataFrame
    claims: list[dict[str, Any]]
    classifier: dict[str, Any]
    published: list[dict[str, str]]
    classes: dict[str, dict[str, str]]

    @classmethod
    def read(cls, folder: RunFolder) -> RunTables:
        """Read a run's folder."""
        state = folder.state
        tables = {name: store.read(folder.file(f"{name}.parquet")).to_pandas() for name in ("scores", "holdings")}
        publications = store.read(folder.file("publications.parquet")).select(_SHOWN).to_pandas()
        text = {
            name: pd.read_csv(folder.file(f"{name}.csv"), dtype=str, keep_default_na=False)
            for name in ("counts", "curve", "sensitivity", "influence")
        }
        counts = text["counts"].assign(**{name: pd.to_numeric(text["counts"][name]) for name in ("year", "n")})
        query = Query.parse(state["query"]["text"], "run.json")
        return cls(
            state=state,
            query=query,
            as_of=dt.date.fromisoformat(state["as_of"]),
            publications=publications,
            **tables,
            counts=counts,
            curve=text["curve"],
            sensitivity=text["sensitivity"],
            influence=text["influence"],
            audit_labels=labels.of_aim(labels.stored(folder), AUDIT),
            claims=json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"],
            classifier=json.loads(folder.file("classifier.json").read_text(encoding="utf-8")),
            published=published_on(query),
            classes={row["symbol"]: row for row in shipped("classes.csv")},
        )

    @cached_property
    def on_topic(self) -> pd.DataFrame:
        """The holdings of the families that are on topic under at least one reading."""
        readings = [name for name in self.scores.columns if name.startswith("in_topic_")]
        chosen = self.scores[readings].fillna(value=False).astype(bool).any(axis=1)
        return self.holdings[self.holdings["unit_id"].isin(self.scores.loc[chosen, "family_id"])]

    @property
    def is_sample(self) -> bool:
        """Whether the run is on the embedded sample."""
        return any(source.get("is_sample") for source in self.state["sources"])

    @staticmethod
    def note_of(claim: dict[str, Any]) -> str:
        """Return what marks an illustration; empty for a claim that somebody made."""
        return str(claim["illustration"]["note"]) if claim.get("illustration") else ""


def published_on(query: Query) -> list[dict[str, str]]:
    """Return the published figures that belong beside *query*: it names one of their classes."""
    symbols = {symbol for listed in query.classes.values() for symbol in listed}
    return [row for row in shipped("published_counts.csv") if symbols & set(row["classes"].split(";"))]


def shipped(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the package's own tables."""
    text = resources.files("patentscope").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
