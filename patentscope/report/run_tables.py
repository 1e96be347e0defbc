"""A run's tables, read once for the charts and the page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.audit import labels
from patentscope.aggregate.audit.reader import AUDIT, BORDERLINE, IN, OUT
from patentscope.aggregate.published_rows import published_rows
from patentscope.fetch import sample
from patentscope.provenance.run_folder import KNOWN, RunFolder
from patentscope.provenance.state import State
from patentscope.query.convention import Convention
from patentscope.query.published import Published
from patentscope.query.query import Query
from patentscope.query.side_names import short
from patentscope.records import store
from patentscope.report.records import Records
from patentscope.report.wording import untold_units

T = TypeVar("T")


@dataclass(frozen=True)
class RunTables:
    """Everything that a run's folder says.

    Attributes:
        is_sample: whether the run is on the embedded sample.
        untold: the units that the records can't tell, and why. Where they can't tell families, every publication is
            one of its own.
        records: the tables that grow with the records, which are asked and never read whole.
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
    records: Records
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
        text: dict[str, Any] = {"dtype": str, "keep_default_na": False}
        frames = {"by_year": store.read(folder.file("by-year.parquet")).to_pandas()}
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
            records=Records(
                folder, [one.name for one in query.readings], is_by_family="family" not in untold_units(folder)
            ),
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
        return self.records.labels_of(theirs), False

    @cached_property
    def labelled(self) -> pd.DataFrame:
        """What scores.parquet says of the units that a reader labelled, by their names, with `country` and `language`.

        Country is that of the earliest priority, language that of the original title where one is known.
        """
        ask, key = self.records, self.records.key
        ask.put("labelled", pd.DataFrame({"name": self.reader_labels[0].index.astype(object)}))
        return ask.frame(f"""
with one as (select u.* from unit u join labelled l using (name)),
country as (select unit, min(country) as country from holding where basis = 'priority' group by unit),
spoken as (
  select o.unit, coalesce(min(p.title_language) filter (p.title_language <> 'en'), 'en') as language
  from one o join document d on d.{key} = o.unit join publication p on p.file_row_number = d.pub
  where p.title_language is not null group by o.unit
)
select o.name, s.*, c.country, t.language from one o join family f on f.family = o.family
join score s on s.family_id = f.family_id left join country c on c.unit = o.unit left join spoken t on t.unit = o.unit
""").set_index("name")
