"""What changed in the results: cells of counts.csv and specifications of curve.csv."""

from __future__ import annotations

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
    """Return, by claim, how many specifications are new, gone, or differ in ratio, points, or in being judged.

    Specifications are the same where all choices are; "as of the data's own date" is one choice, whatever that date is.
    *a* and *b* are curve.csv of both runs as text, with `seen_by`: the date, or "the data's own date".
    """
    names = dict.fromkeys([*a["claim_id"], *b["claim_id"]])
    return [{"claim": name, **_curve_of(*(curve[curve["claim_id"].eq(name)] for curve in (a, b)))} for name in names]


def _curve_of(a: pd.DataFrame, b: pd.DataFrame) -> dict[str, Any]:
    keys = ["question", *LEVELS, "seen_by"]
    held = ["ratio", "points", "stopped", "judged"]
    both = a[[*keys, "spec_id", *held]].merge(b[[*keys, "spec_id", *held]], on=keys, suffixes=("_a", "_b"))
    moves = pd.DataFrame({name: both[f"{name}_a"].ne(both[f"{name}_b"]) for name in held})
    is_now = {name: both[f"{name}_b"].eq("true") for name in ("stopped", "judged")}
    # Of what is stopped in one run alone, the points go or come with it.
    moves["points"] &= ~moves["stopped"]
    changed = moves.any(axis="columns")
    return {
        "specifications": [len(a), len(b)],
        "in_both": len(both),
        "other_ratio": int(moves["ratio"].sum()),
        "other_points": int(moves["points"].sum()),
        **{f"newly_{name}": int((moves[name] & now).sum()) for name, now in is_now.items()},
        **{f"no_longer_{name}": int((moves[name] & ~now).sum()) for name, now in is_now.items()},
        "by_question": {str(name): int(part.sum()) for name, part in changed.groupby(both["question"], sort=False)},
        "first": [
            {"spec_id": [row["spec_id_a"], row["spec_id_b"]], "question": row["question"]}
            | {"convention": ", ".join(row[name] for name in (*LEVELS, "seen_by"))}
            | {name: [_read(row[f"{name}_a"]), _read(row[f"{name}_b"])] for name in held}
            for row in both[changed].head(EXAMPLES).to_dict(orient="records")
        ],
    }


def _read(text: str) -> bool | float | None:
    """Return a value of curve.csv: true or false, a number, or None where it is empty."""
    return text == "true" if text in {"true", "false"} else float(text) if text else None


def number(value: Fraction) -> int | float:
    """Return an exact number as JSON holds it: whole, or to six decimals."""
    return int(value) if value.denominator == 1 else round(float(value), 6)
