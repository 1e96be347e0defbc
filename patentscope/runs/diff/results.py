"""What changed in the results: cells of counts.csv, specifications of curve.csv, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from patentscope.query.convention import CHOICES

EXAMPLES = 20
LEVELS = tuple(name for name in CHOICES if name != "as_of")


def compare_counts(a: pd.DataFrame, b: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, by question, whether its convention changed, and the cells that did, the largest change first.

    *a* and *b* are counts.csv of both runs as text.
    """
    questions = dict.fromkeys([*b["question"], *a["question"]])
    return [
        {"question": name, **_counts_of(*(counts[counts["question"].eq(name)] for counts in (a, b)))}
        for name in questions
    ]


def _counts_of(*parts: pd.DataFrame) -> dict[str, Any]:
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


def compare_curves(a: pd.DataFrame, b: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, by claim, how many specifications are new, gone, or differ in ratio or admissibility.

    Specifications are the same where all choices are; "as of the data's own date" is one choice, whatever that date is.
    *a* and *b* are curve.csv of both runs as text, with `seen_by`: the date, or "the data's own date".
    """
    names = dict.fromkeys([*a["claim_id"], *b["claim_id"]])
    return [{"claim": name, **_curve_of(*(curve[curve["claim_id"].eq(name)] for curve in (a, b)))} for name in names]


def _curve_of(a: pd.DataFrame, b: pd.DataFrame) -> dict[str, Any]:
    keys = ["question", *LEVELS, "seen_by"]
    kept = [*keys, "spec_id", "ratio", "admissible"]
    both = a[kept].merge(b[kept], on=keys, suffixes=("_a", "_b"))
    other_ratio = both["ratio_a"].ne(both["ratio_b"])
    moves = both["admissible_a"].ne(both["admissible_b"])
    changed = both[other_ratio | moves]
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
            | {"ratio": [float(text) if text else None for text in (row["ratio_a"], row["ratio_b"])]}
            | {"admissible": [row["admissible_a"] == "true", row["admissible_b"] == "true"]}
            for row in changed.head(EXAMPLES).to_dict(orient="records")
        ],
    }


def number(value: Fraction) -> int | float:
    """Return an exact number as JSON holds it: whole, or to six decimals."""
    return int(value) if value.denominator == 1 else round(float(value), 6)


def compare_verdicts(a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return every claim's verdicts in both runs, overall and by question, and the claims that only one run has.

    *a* and *b* are the claims of verdict.json of both runs.
    """
    before, after = (
        {
            str(claim["id"]): {"overall": claim["verdict"]}
            | {entry["question"]: entry["verdict"] for entry in claim["questions"]}
            for claim in claims
        }
        for claims in (a, b)
    )
    rows = []
    for name in (name for name in before if name in after):
        for question in dict.fromkeys([*before[name], *after[name]]):
            one, other = before[name].get(question), after[name].get(question)
            rows.append({"claim": name, "question": question, "a": one, "b": other, "changed": one != other})
    return {
        "verdicts": rows,
        "only_in_a": [name for name in before if name not in after],
        "only_in_b": [name for name in after if name not in before],
    }
