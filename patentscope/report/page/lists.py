"""Every specification of every claim, packed for the page, where they are searched, filtered by the curve and saved."""

from __future__ import annotations

from math import isnan
from typing import Any

import pandas as pd

from patentscope.query.claim import side_text
from patentscope.report.charts.curve import AXES, choice, is_usable, ranked, stopped_by
from patentscope.report.page.embed import as_json, packed, zipped
from patentscope.report.run_tables import RunTables

#: Specifications in the page; a run with more leaves the rest, question by question, to curve.csv, and says so.
MOST = 24_000
_COUNTS = {"left": "left_n", "right": "right_n", "both": "overlap_n", "unknown": "unknown_n"}


def specification_lists(tables: RunTables) -> str:
    """Return all lists, zipped (`embed.zipped`): by claim and question, specifications by the rank of their ratio.

    Each list has `rows` (packed), `listed` (how many there are), `target` (the claimed ratio, 1 where there is none),
    `sides`, `year` (empty for a span), `axes` (those that vary, by their name in the rows).
    """
    lists: list[dict[str, Any]] = []
    room = MOST
    for claim in tables.claims:
        rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
        for question, part in rows.groupby("question", sort=False):
            kept = _by_rank(part, illustration=bool(tables.note_of(claim))).head(max(room, 0))
            room -= len(kept)
            lists.append(
                {
                    "claim": claim["id"],
                    "question": question,
                    "listed": len(part),
                    "target": claim["ratio_claimed"] or 1.0,
                    "sides": [side_text(tuple(claim[side])) for side in ("left", "right")],
                    "year": str(claim["year"]) if str(claim["year"]).isdigit() else "",
                    "axes": [axis for axis in AXES if part[axis].ne(part[axis].iloc[0]).any()],
                    "rows": packed(_columns(kept)),
                }
            )
    return zipped(as_json(lists))


def _by_rank(part: pd.DataFrame, *, illustration: bool) -> pd.DataFrame:
    """Return a question's rows, those with a ratio in the order of the curve, then the others."""
    drawn = ranked(part, illustration=illustration)
    rest = part[part["ratio"].eq("")].assign(usable=False, rank=0)
    rest["usable"] = is_usable(rest, illustration=illustration)
    return pd.concat([drawn.astype({"rank": int}), rest.sort_values("spec_id")], ignore_index=True)


def _columns(part: pd.DataFrame) -> dict[str, list[Any]]:
    numbers = {name: pd.to_numeric(part[name], errors="coerce") for name in ("ratio", "low", "high")}
    numbers |= {name: pd.to_numeric(part[column]) for name, column in _COUNTS.items()}
    return {
        "rank": part["rank"].tolist(),
        "spec_id": part["spec_id"].tolist(),
        **{name: [_plain(value) for value in column.astype(float)] for name, column in numbers.items()},
        **{axis: [choice(axis, level) for level in part[axis]] for axis in AXES},
        "usable": part["usable"].astype(int).tolist(),
        "stopped": part["reason"].map(stopped_by).where(~part["usable"], "").tolist(),
    }


def _plain(value: float) -> float | int | None:
    """Return a number as JSON holds it: whole ones whole, others with six digits, none as null."""
    if isnan(value):
        return None
    return int(value) if value == int(value) else float(f"{value:.6g}")
