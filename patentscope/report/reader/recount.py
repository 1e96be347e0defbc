"""Every way to count of one claim, packed so that the page can look any of them up: both sides, and by year.

A way is found by the places of its levels, read as a number of mixed radix (the last axis changes fastest); the numbers
are stored as steps, ascending.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words.claim_words import is_share
from patentscope.report.reader.levels import Axis
from patentscope.report.reader.unfair import reasons_of

#: From this published part of both sides on, a year counts as published.
_PUBLISHED = 0.9


def packed_ways(rows: pd.DataFrame, by_year: pd.DataFrame, claim: Entry, axes: Sequence[Axis]) -> dict[str, Any]:
    """Return a claim's rows of curve.csv, and what by-year.parquet has of them.

    `steps` are the ways' numbers, each less the one before; in their order, `left`, `right` and (for a share) `both`
    are counts as curve.csv has them, `ids` the spec_ids (6 bytes each, in base64), `why` places in `reasons`.
    `lines` (see `_lines`) is None where there is nothing by year.
    """
    number = np.zeros(len(rows), dtype=np.int64)
    for axis in axes:
        places = {level: place for place, level in enumerate(axis.levels)}
        number = number * len(axis.levels) + rows[axis.key].map(places).to_numpy()
    order = np.argsort(number, kind="stable")
    rows = rows.iloc[order]
    left, right, both = (pd.to_numeric(rows[f"{side}_n"]) for side in ("left", "right", "overlap"))
    why, reasons = reasons_of(rows, claim)
    return {
        "steps": np.diff(number[order], prepend=0).tolist(),
        "left": _plain(left),
        "right": _plain(right),
        **({"both": _plain(both)} if is_share(claim) else {}),
        "ids": _base64(bytes.fromhex("".join(rows["spec_id"]))),
        "why": why,
        "reasons": reasons,
        "lines": _lines(rows["spec_id"], by_year),
    }


def _lines(ids: pd.Series, by_year: pd.DataFrame) -> dict[str, Any] | None:
    """Return both sides by year, of the ways that by-year.parquet has.

    `of` are these ways' places, as steps; `counts` holds, way after way, the left side's years and then the right's, as
    whole numbers of `bytes` bytes each, the lowest first (in base64); `whole` is up to how many years both sides are
    published for nine tenths.
    """
    if by_year.empty:
        return None
    place = pd.Series(range(len(ids)), index=pd.Index(ids))
    table = by_year.assign(place=by_year["spec_id"].map(place)).sort_values(["place", "year"], kind="stable")
    years = table["year"].unique()
    shape = (-1, len(years))
    sides = np.stack([table[side].to_numpy().reshape(shape) for side in ("left_n", "right_n")], axis=1)
    width = np.min_scalar_type(int(sides.max()))
    parts = [table[side].to_numpy().reshape(shape) for side in ("left_published", "right_published")]
    is_whole = (np.nan_to_num(parts[0]) >= _PUBLISHED) & (np.nan_to_num(parts[1]) >= _PUBLISHED)
    last = np.where(is_whole.any(axis=1), len(years) - np.argmax(is_whole[:, ::-1], axis=1), 0)
    return {
        "first": int(years[0]),
        "years": len(years),
        "of": np.diff(table["place"].to_numpy().reshape(shape)[:, 0], prepend=0).tolist(),
        "whole": last.tolist(),
        "bytes": width.itemsize,
        "counts": _base64(np.ascontiguousarray(sides.astype(width.newbyteorder("<"))).tobytes()),
    }


def _plain(values: Iterable[float]) -> list[float | int]:
    """Return counts as JSON holds them, whole ones whole."""
    return [int(value) if value == int(value) else value for value in values]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
