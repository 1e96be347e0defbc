"""What changed between two runs: records, topic, rule, counts, curves, answers, and the figures by reason."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.stored import landscape, query_of
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import dated
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED
from patentscope.records import store
from patentscope.runs.diff.answers import compare_answers
from patentscope.runs.diff.reasons import Baseline, Changes, Counted, Decomposition
from patentscope.runs.diff.records import compare_records
from patentscope.runs.diff.results import compare_counts, compare_curves
from patentscope.runs.diff.settings import changed_readings, compare_rules
from patentscope.runs.diff.topic import compare_topics


class _Run:
    """One run, read."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.query, self.today = query_of(folder)
        self.publications = store.read(folder.file("publications.parquet"))
        self.scores = store.read(folder.file("scores.parquet")).to_pandas()
        self.counts, curve = (
            pd.read_csv(folder.file(name), dtype=str, keep_default_na=False) for name in ("counts.csv", "curve.csv")
        )
        dates = curve["as_of"]
        self.curve = curve.assign(seen_by=dates.mask(dates.eq(self.today.isoformat()), "the data's own date"))
        self.claims: list[Entry] = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"]

    def by_number(self, column: str) -> pd.Series:
        """Return a column of publications.parquet by publication number."""
        numbers = self.publications.column("publication_number").to_pandas()
        values: pd.Series = self.publications.column(column).to_pandas().set_axis(numbers.to_numpy())
        return values

    def baselines(self, claim_id: str) -> dict[str, Baseline]:
        """Return each question's baseline for a claim: the row of its figure.

        No list of units stands behind an estimate: of one it is the classifier's own row of the same convention.
        """
        claim = next(claim for claim in self.query.claims if claim.id == claim_id)
        answers = next(entry for entry in self.claims if entry["id"] == claim_id)["questions"]
        mine = self.curve[self.curve["claim_id"].eq(claim_id)]
        rows = {str(row["spec_id"]): row for row in mine.to_dict(orient="records")}
        by_question = {}
        for answer in answers:
            row = rows[answer.get("before_labels", answer)["spec_id"]]
            if row["topic"] == AUDITED:
                continue
            convention = Convention.of(row, dt.date.fromisoformat(row["as_of"]))
            sides = Fraction(row["left_n"]), Fraction(row["right_n"])
            by_question[answer["question"]] = Baseline(claim, convention, sides)
        return by_question


def compare(folder_a: RunFolder, folder_b: RunFolder) -> dict[str, Any]:
    """Return what changed from the first run to the second.

    Returns:
        `runs` (both heads), `records` (new, gone, corrected), `topic` (families that a reading answers otherwise),
        `rule` (query, program, libraries, sources, dates), `counts` (cells by question), `curves` (specifications by
        claim), `verdicts` (`compare_answers`), and `reasons`: for every claim of both runs, question and side, the
        change of the baseline given to one reason each, so that the reasons add up to the change.
    """
    a, b = _Run(folder_a), _Run(folder_b)
    states, queries = (folder_a.state, folder_b.state), (a.query, b.query)
    redefined = changed_readings(queries, same_code=states[0]["code"] == states[1]["code"])
    corrected, records = compare_records(a.publications, b.publications)
    changed, topics = compare_topics(
        (a.by_number("family_id"), a.scores), (b.by_number("family_id"), b.scores), redefined
    )
    return {
        "runs": {
            name: {
                "run": str(run.folder.path),
                "query": run.query.name,
                "as_of": run.today.isoformat(),
                "dated": dated(run.folder.state),
                "publications": run.publications.num_rows,
            }
            for name, run in (("a", a), ("b", b))
        },
        "records": records,
        "topic": topics,
        "rule": compare_rules(*states, queries),
        "counts": compare_counts(a.counts, b.counts),
        "curves": compare_curves(a.curve, b.curve),
        **compare_answers(a.claims, b.claims),
        "reasons": _reasons(a, b, Changes(corrected, changed, redefined)),
    }


def _reasons(a: _Run, b: _Run, changes: Changes) -> list[dict[str, Any]]:
    """Return the decomposition for the claims and questions that both runs have."""
    in_a = {claim.id for claim in a.query.claims}
    names = [claim.id for claim in b.query.claims if claim.id in in_a]
    rows: list[dict[str, Any]] = []
    if not names:
        return rows
    with landscape(a.folder, a.query, a.today) as one, landscape(b.folder, b.query, b.today) as other:
        before, after = (
            Counted(
                land,
                store.read(run.folder.file("families.parquet")).to_pandas().set_index("publication_number"),
                run.by_number("publication_date").astype("datetime64[us]"),
            )
            for land, run in ((one, a), (other, b))
        )
        decomposition = Decomposition(before, after, changes)
        for name in names:
            theirs, ours = a.baselines(name), b.baselines(name)
            for question in (question for question in ours if question in theirs):
                rows += decomposition.of(theirs[question], ours[question])
    return rows
