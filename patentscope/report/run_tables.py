"""A run's tables, read once for the charts and the page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.audit import labels
from patentscope.aggregate.audit.reader import AUDIT, BORDERLINE, IN, OUT, family_labels
from patentscope.aggregate.holdings.documents import document_kinds
from patentscope.aggregate.published_rows import published_rows
from patentscope.fetch import sample
from patentscope.provenance.run_folder import KNOWN, RunFolder
from patentscope.provenance.state import State
from patentscope.query.convention import Convention
from patentscope.query.published import Published
from patentscope.query.query import Query
from patentscope.query.side_names import short
from patentscope.records import store
from patentscope.report.wording import untold_units

#: What the page counts by; the rest of a publication is read of those that it lists.
_COUNTED = ["publication_number", "office", "publication_date", "family_id", "title_language"]
_LISTED = ["kind", "filing_date", "priority_date", "title", "title_original", "cpc", "ipc", "source", "origin"]
_DATED = ["office", "kind", "publication_date", "filing_date"]
T = TypeVar("T")


def _one_by_one(
    publications: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return the tables with every publication in the place of a family, with what its family has."""
    own = publications[["publication_number", "family_id"]]
    apart = {}
    for name, key in (("scores", "family_id"), ("holdings", "unit_id")):
        frame = frames[name].rename(columns={key: "family_id"}).merge(own, on="family_id")
        apart[name] = frame.drop(columns="family_id").rename(columns={"publication_number": key})
    return publications.assign(family_id=publications["publication_number"]), {**frames, **apart}


@dataclass(frozen=True)
class RunTables:
    """Everything that a run's folder says.

    Attributes:
        is_sample: whether the run is on the embedded sample.
        untold: the units that the records can't tell, and why. Where they can't tell families, every publication is
            one of its own.
        publications: publications.parquet, the columns by which the page counts.
        documents: the same rows with what the page lists of a publication, as Arrow has them.
        kinds: what each of them is (`documents.document_kinds`), row by row.
        counts: counts.csv, year and n as numbers.
        curve: curve.csv as text; influence and indicators likewise.
        by_year: by-year.parquet.
        search_log: search-log.csv.
        known: known.csv as text; without rows where the run was given no list.
        audit_labels: what a reader said of families drawn for an audit; empty where no sheet was applied.
        claims: of verdict.json.
        published: what others counted, rows of published.csv and stated.csv.
        kept: what was worked out once (`once`).
    """

    state: State
    is_sample: bool
    query: Query
    as_of: dt.date
    untold: Mapping[str, str]
    publications: pd.DataFrame
    documents: pa.Table
    kinds: pd.DataFrame
    scores: pd.DataFrame
    holdings: pd.DataFrame
    counts: pd.DataFrame
    curve: pd.DataFrame
    by_year: pd.DataFrame
    sensitivity: pd.DataFrame
    influence: pd.DataFrame
    indicators: pd.DataFrame
    search_log: pd.DataFrame
    known: pd.DataFrame
    audit_labels: pd.DataFrame
    claims: list[Entry]
    classifier: dict[str, Any]
    published: tuple[Published, ...]
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, folder: RunFolder) -> RunTables:
        """Read a run's folder."""
        state = folder.state
        frames = {name: store.read(folder.file(f"{name}.parquet")).to_pandas() for name in ("scores", "holdings")}
        publications = store.read(folder.file("publications.parquet"), [*_COUNTED, *_LISTED, "applicants", "inventors"])
        text: dict[str, Any] = {"dtype": str, "keep_default_na": False}
        listed = publications.select(_COUNTED).to_pandas(date_as_object=False)
        if "family" in untold_units(folder):
            listed, frames = _one_by_one(listed, frames)
        frames["by_year"] = store.read(folder.file("by-year.parquet")).to_pandas()
        for name in ("counts", "curve", "sensitivity", "influence", "indicators"):
            frames[name] = pd.read_csv(folder.file(f"{name}.csv"), **text)
        numbers = {name: pd.to_numeric(frames["counts"][name]) for name in ("year", "n")}
        query = Query.parse(state["query"]["text"], "run.json")
        return cls(
            state=state,
            is_sample=folder.is_sample,
            query=query,
            as_of=dt.date.fromisoformat(state["as_of"]),
            untold=untold_units(folder),
            publications=listed,
            documents=publications,
            kinds=document_kinds(publications.select(_DATED).to_pandas(date_as_object=False)),
            **frames | {"counts": frames["counts"].assign(**numbers)},
            search_log=pd.read_csv(
                folder.file("search-log.csv"), keep_default_na=False, dtype={"name": str, "symbol_or_term": str}
            ),
            known=pd.read_csv(folder.file(KNOWN), **text) if "known" in state else pd.DataFrame(),
            audit_labels=labels.stored(folder, AUDIT),
            claims=json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"],
            classifier=json.loads(folder.file("classifier.json").read_text(encoding="utf-8")),
            published=published_rows(folder),
        )

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what *make* gives, worked out the first time that *key* is asked for: charts and tables share it."""
        value: T = self.kept[key] if key in self.kept else self.kept.setdefault(key, make())
        return value

    @cached_property
    def family_places(self) -> list[np.ndarray[Any, np.dtype[np.intp]]]:
        """The simple families by number: of every publication, of every holding, of every row of the scores."""
        families = pd.Index(self.publications["family_id"].unique())
        columns = (self.publications["family_id"], self.holdings["unit_id"], self.scores["family_id"])
        return [families.get_indexer(pd.Index(column)) for column in columns]

    @cached_property
    def conventions(self) -> dict[str, Convention]:
        """How each question's numbers in counts.csv are counted."""
        first = self.counts.drop_duplicates("question").to_dict(orient="records")
        return {row["question"]: Convention.of(row, dt.date.fromisoformat(row["as_of"])) for row in first}

    @cached_property
    def listed(self) -> frozenset[str]:
        """Every `spec_id` that `patentscope show` finds in this run."""
        return frozenset([*self.curve["spec_id"], *self.sensitivity["spec_id"]])

    @staticmethod
    def figures_of(claim: Entry) -> list[dict[str, Any]]:
        """Return the figures of a claim's questions, each with what it asks; none where nothing is judged."""
        return [{"asks": entry["asks"], **entry["figure"]} for entry in claim["questions"] if entry["figure"]]

    @staticmethod
    def sides_of(claim: Entry) -> tuple[str, str]:
        """Return the names of a claim's two sides."""
        return short(claim["left"]), short(claim["right"])

    @cached_property
    def reader_labels(self) -> tuple[pd.Series, bool]:
        """What a reader said of each family, and whether for an audit; the sample's own labels where there is none.

        By family_id: in, borderline or out; empty where nobody labelled one.
        """
        audited = self.audit_labels[self.audit_labels["label"].isin([IN, BORDERLINE, OUT])]
        if len(audited):
            return audited.set_index("family_id")["label"], True
        theirs = sample.read_labels(self.query.classes) if self.is_sample else {}
        numbers = self.publications["publication_number"]
        return family_labels(self.publications["family_id"], numbers.map(theirs).astype(object)), False
