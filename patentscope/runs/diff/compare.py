"""What changed between two runs: records, topic, rule, counts, curves, verdicts, and the baselines by reason."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
import pyarrow as pa

from patentscope.aggregate.landscape import landscape, query_of
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED, Query
from patentscope.records import store
from patentscope.runs.diff.reasons import Baseline, Changes, Counted, Decomposition
from patentscope.runs.diff.records import compare_records
from patentscope.runs.diff.results import LEVELS, Results, compare_counts, compare_curves, compare_verdicts
from patentscope.runs.diff.settings import changed_readings, compare_rules
from patentscope.runs.diff.topic import compare_topics


@dataclass(frozen=True)
class _Run:
    """One run, read."""

    folder: RunFolder
    query: Query
    today: dt.date
    publications: pa.Table
    scores: pd.DataFrame
    results: Results

    @classmethod
    def read(cls, folder: RunFolder) -> _Run:
        query, today = query_of(folder)
        counts, curve = (
            pd.read_csv(folder.file(name), dtype=str, keep_default_na=False) for name in ("counts.csv", "curve.csv")
        )
        claims = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"]
        return cls(
            folder,
            query,
            today,
            store.read(folder.file("publications.parquet")),
            store.read(folder.file("scores.parquet")).to_pandas(),
            Results(today.isoformat(), counts, curve, claims),
        )

    def by_number(self, column: str) -> pd.Series:
        """Return a column of publications.parquet by publication number."""
        numbers = self.publications.column("publication_number").to_pandas()
        values: pd.Series = self.publications.column(column).to_pandas().set_axis(numbers.to_numpy())
        return values

    def baselines(self, claim_id: str) -> dict[str, Baseline]:
        """Return each question's baseline for a claim: its first admissible specification, or its first one.

        Estimates are left out: no list of units stands behind them.
        """
        claim = next(claim for claim in self.query.claims if claim.id == claim_id)
        curve = self.results.curve
        rows = curve[curve["claim_id"].eq(claim_id) & curve["topic"].ne(AUDITED)]
        by_question = {}
        for question, part in rows.groupby("question", sort=False):
            admissible = part[part["admissible"].eq("true")]
            row = (admissible if len(admissible) else part).iloc[0]
            levels = {name: row[name] for name in LEVELS}
            convention = Convention(**levels, as_of=dt.date.fromisoformat(row["as_of"]))
            sides = Fraction(row["left_n"]), Fraction(row["right_n"])
            by_question[str(question)] = Baseline(claim, convention, sides)
        return by_question


def compare(folder_a: RunFolder, folder_b: RunFolder) -> dict[str, Any]:
    """Return what changed from the first run to the second.

    Returns:
        `runs` (both heads), `records` (new, gone, corrected), `topic` (families that a reading answers otherwise),
        `rule` (query, program, libraries, sources, dates), `counts` (cells by question), `curves` (specifications by
        claim), `verdicts`, and `reasons`: for every claim of both runs, question and side, the change of the baseline
        given to one reason each, so that the reasons add up to the change.
    """
    a, b = _Run.read(folder_a), _Run.read(folder_b)
    states = a.folder.state, b.folder.state
    queries = a.query, b.query
    redefined = changed_readings(queries, same_code=states[0]["code"] == states[1]["code"])
    records = compare_records(a.publications, b.publications)
    topics = compare_topics((a.by_number("family_id"), a.scores), (b.by_number("family_id"), b.scores), redefined)
    return {
        "runs": {name: _head(run) for name, run in (("a", a), ("b", b))},
        "records": records.summary,
        "topic": topics.summary,
        "rule": compare_rules(*states, queries),
        "counts": compare_counts(a.results, b.results),
        "curves": compare_curves(a.results, b.results),
        **compare_verdicts(a.results, b.results),
        "reasons": _reasons(a, b, Changes(records, topics, redefined)),
    }


def _head(run: _Run) -> dict[str, Any]:
    return {
        "run": str(run.folder.path),
        "query": run.query.name,
        "as_of": run.today.isoformat(),
        "publications": run.publications.num_rows,
    }


def _reasons(a: _Run, b: _Run, changes: Changes) -> list[dict[str, Any]]:
    """Return the decomposition for the claims and questions that both runs have."""
    theirs = {claim.id for claim in a.query.claims}
    names = [claim.id for claim in b.query.claims if claim.id in theirs]
    if not names:
        return []
    rows = []
    with landscape(a.folder, a.query, a.today) as one, landscape(b.folder, b.query, b.today) as other:
        counted = [
            Counted(
                land,
                store.read(run.folder.file("families.parquet")).to_pandas().set_index("publication_number"),
                run.by_number("publication_date").astype("datetime64[us]"),
            )
            for land, run in ((one, a), (other, b))
        ]
        decomposition = Decomposition(counted[0], counted[1], changes)
        for name in names:
            before, after = a.baselines(name), b.baselines(name)
            for question in after:
                if question in before:
                    rows += decomposition.of(before[question], after[question])
    return rows
