"""Every way to count of every claim, packed for the page, where they are searched, filtered by the curve and saved."""

from __future__ import annotations

from functools import partial
from math import isnan
from typing import Any

import pandas as pd

from patentscope.report.charts.curve import AXES, JUDGED, choices, ranked, reasons, standing
from patentscope.report.page.embed import as_json, packed, zipped
from patentscope.report.run_tables import RunTables

#: Ways to count in the page; a run with more leaves the rest, question by question, to curve.csv, and says so.
MOST = 24_000
_COUNTS = {"left": "left_n", "right": "right_n", "both": "overlap_n", "unknown": "unknown_n"}


def specification_lists(tables: RunTables) -> str:
    """Return all lists, zipped (`embed.zipped`): by claim and question, ways to count by the rank of their ratio.

    Each list has `rows` (packed), `listed` (how many there are), `target` (the claimed ratio, 1 where there is none),
    `sides`, `axes` (those that vary, by their name in the rows).
    """
    lists: list[dict[str, Any]] = []
    room = MOST
    for claim in tables.claims:
        rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
        for question, part in rows.groupby("question", sort=False):
            drawn = tables.once(("ranked", str(claim["id"]), question), partial(ranked, part))
            kept = _by_rank(part, drawn).head(max(room, 0))
            room -= len(kept)
            lists.append(
                {
                    "claim": claim["id"],
                    "question": question,
                    "listed": len(part),
                    "target": claim["ratio_claimed"] or 1.0,
                    "sides": tables.sides_of(claim),
                    "axes": [axis for axis in AXES if part[axis].ne(part[axis].iloc[0]).any()],
                    "rows": packed(_columns(kept)),
                }
            )
    return zipped(as_json(lists))


def _by_rank(part: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return a question's rows, those with a ratio in the order of the curve (*drawn*: `ranked`), then the others."""
    rest = part[part["ratio"].eq("")].assign(rank=0)
    rest["standing"] = standing(rest)
    return pd.concat([drawn.astype({"rank": int}), rest.sort_values("spec_id")], ignore_index=True)


def _columns(part: pd.DataFrame) -> dict[str, list[Any]]:
    numbers = {name: pd.to_numeric(part[name], errors="coerce") for name in ("ratio", "low", "high")}
    numbers |= {name: pd.to_numeric(part[column]) for name, column in _COUNTS.items()}
    return {
        "rank": part["rank"].tolist(),
        "spec_id": part["spec_id"].tolist(),
        **{name: [_plain(value) for value in column.astype(float)] for name, column in numbers.items()},
        **{axis: choices(axis, part[axis]).tolist() for axis in AXES},
        "standing": part["standing"].astype(int).tolist(),
        "evidence": part["certainty"].tolist(),
        "why": reasons(part["reason"]).where(part["standing"].ne(JUDGED), "").tolist(),
    }


def _plain(value: float) -> float | int | None:
    """Return a number as JSON holds it: whole ones whole, others with six digits, none as null."""
    if isnan(value):
        return None
    return int(value) if value == int(value) else float(f"{value:.6g}")
