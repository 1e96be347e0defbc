"""What changed in the results: cells of counts.csv, specifications of curve.csv, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from patentscope.query.convention import CHOICES

EXAMPLES = 20
LEVELS = tuple(name for name in CHOICES if name != "as_of")
OWN_DATE = "the data's own date"


@dataclass(frozen=True)
class Results:
    """A run's results as text, and the data's own date."""

    as_of: str
    counts: pd.DataFrame
    curve: pd.DataFrame
    claims: Sequence[Mapping[str, Any]]


def compare_counts(a: Results, b: Results) -> list[dict[str, Any]]:
    """Return, by question, whether its convention changed, and the cells that did, the largest change first."""
    questions = list(dict.fromkeys([*b.counts["question"], *a.counts["question"]]))
    return [{"question": question, **_counts_of(question, a, b)} for question in questions]


def _counts_of(question: str, a: Results, b: Results) -> dict[str, Any]:
    parts = [run.counts[run.counts["question"].eq(question)] for run in (a, b)]
    conventions = [", ".join(part[name].iloc[0] for name in LEVELS) if len(part) else None for part in parts]
    cells = [dict(zip(zip(part["year"], part["country"], strict=True), part["n"], strict=True)) for part in parts]
    changed = []
    for year, country in sorted({*cells[0], *cells[1]}):
        one, other = (Fraction(cell.get((year, country), "0")) for cell in cells)
        if one != other:
            figures = {"a": number(one), "b": number(other), "change": number(other - one)}
            changed.append({"year": int(year), "country": country, **figures})
    changed.sort(key=lambda cell: -abs(cell["change"]))
    return {"convention": conventions if conventions[0] != conventions[1] else None, "cells": changed}


def compare_curves(a: Results, b: Results) -> list[dict[str, Any]]:
    """Return, by claim, how many specifications are new, gone, or differ in ratio or admissibility.

    Specifications are the same where all choices are; "as of the data's own date" is one choice, whatever that date is.
    """
    tables = [_keyed(run) for run in (a, b)]
    names = list(dict.fromkeys([*tables[0]["claim_id"], *tables[1]["claim_id"]]))
    return [{"claim": name, **_curve_of(*(table[table["claim_id"].eq(name)] for table in tables))} for name in names]


def _keyed(run: Results) -> pd.DataFrame:
    seen_by = run.curve["as_of"].where(run.curve["as_of"].ne(run.as_of), OWN_DATE)
    return run.curve.assign(seen_by=seen_by)


def _curve_of(a: pd.DataFrame, b: pd.DataFrame) -> dict[str, Any]:
    keys = ["question", *LEVELS, "seen_by"]
    kept = [*keys, "spec_id", "ratio", "admissible"]
    both = a[kept].merge(b[kept], on=keys, suffixes=("_a", "_b"))
    other_ratio = both["ratio_a"].ne(both["ratio_b"])
    moves = both["admissible_a"].ne(both["admissible_b"])
    shown = both[other_ratio | moves].head(EXAMPLES)
    return {
        "specifications": [len(a), len(b)],
        "in_both": len(both),
        "other_ratio": int(other_ratio.sum()),
        "newly_admissible": int((moves & both["admissible_b"].eq("true")).sum()),
        "no_longer_admissible": int((moves & both["admissible_a"].eq("true")).sum()),
        "by_question": {
            str(name): int(part.sum()) for name, part in (other_ratio | moves).groupby(both["question"], sort=False)
        },
        "first": [
            {"spec_id": [row["spec_id_a"], row["spec_id_b"]], "question": row["question"]}
            | {"convention": ", ".join(row[name] for name in (*LEVELS, "seen_by"))}
            | {"ratio": [_ratio(row["ratio_a"]), _ratio(row["ratio_b"])]}
            | {"admissible": [row["admissible_a"] == "true", row["admissible_b"] == "true"]}
            for row in shown.to_dict(orient="records")
        ],
    }


def _ratio(text: str) -> float | None:
    return float(text) if text else None


def number(value: Fraction) -> int | float:
    """Return an exact number as JSON holds it: whole, or to six decimals."""
    return int(value) if value.denominator == 1 else round(float(value), 6)


def compare_verdicts(a: Results, b: Results) -> dict[str, Any]:
    """Return every claim's verdicts in both runs, overall and by question, and the claims that only one run has."""
    before, after = ({str(claim["id"]): claim for claim in run.claims} for run in (a, b))
    rows = []
    for name in (name for name in before if name in after):
        mine = [{"overall": claim["verdict"], **_by_question(claim)} for claim in (before[name], after[name])]
        for question in dict.fromkeys([*mine[0], *mine[1]]):
            one, other = (found.get(question) for found in mine)
            rows.append({"claim": name, "question": question, "a": one, "b": other, "changed": one != other})
    return {
        "verdicts": rows,
        "only_in_a": [name for name in before if name not in after],
        "only_in_b": [name for name in after if name not in before],
    }


def _by_question(claim: Mapping[str, Any]) -> dict[str, str]:
    return {entry["question"]: entry["verdict"] for entry in claim["questions"]}
