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
from patentscope.aggregate.answers.words.claim_words import is_share, last_year
from patentscope.report.charts.headline_years import HARDLY, WHOLE
from patentscope.report.reader.levels import Axis
from patentscope.report.reader.unfair import reasons_of


def packed_ways(rows: pd.DataFrame, by_year: pd.DataFrame, claim: Entry, axes: Sequence[Axis]) -> dict[str, Any]:
    """Return a claim's rows of curve.csv, with what they leave open (`undecided.told`), and by-year.parquet's of them.

    `steps` are the ways' numbers, each less the one before; in their order, `left`, `right` and (for a share) `both`
    are counts as curve.csv has them, `ids` the spec_ids (6 bytes each, in base64), `why` places in `reasons`, `open`
    (ways as steps, and places in `untold`) those that leave the answer open.
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
        **_untold(rows),
        "lines": _lines(rows["spec_id"], by_year, last_year(claim)),
    }


def _untold(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the ways that leave the answer open, and the distinct words and counts that say so."""
    places = np.flatnonzero(rows["what"].notna())
    said = rows.iloc[places][["unknown", "what", "span", "left_more", "right_more"]]
    texts: dict[tuple[Any, ...], int] = {}
    found = [texts.setdefault(tuple(row), len(texts)) for row in said.itertuples(index=False)]
    return {"open": [np.diff(places, prepend=0).tolist(), found], "untold": list(texts)}


def _lines(ids: pd.Series, by_year: pd.DataFrame, claimed: int) -> dict[str, Any] | None:
    """Return both sides by year, of the ways that by-year.parquet has.

    `of` are these ways' places, as steps; `counts` holds, way after way, the left side's years and then the right's, as
    whole numbers of `bytes` bytes each, the lowest first (in base64); `whole` is up to how many years both sides are
    published for nine tenths, `shown` up to how many there is more to show than hardly a publication. Years that no way
    shows are left out.
    """
    if by_year.empty:
        return None
    place = pd.Series(range(len(ids)), index=pd.Index(ids))
    table = by_year.assign(place=by_year["spec_id"].map(place)).sort_values(["place", "year"], kind="stable")
    years = table["year"].unique()
    shape = (-1, len(years))
    sides = np.stack([table[side].to_numpy().reshape(shape) for side in ("left_n", "right_n")], axis=1)
    published = table[["left_published", "right_published"]]
    part, known = (published.min(axis=1, skipna=skipna).to_numpy().reshape(shape) for skipna in (False, True))
    is_shown = (np.isnan(known) | (known >= HARDLY)) & (sides.sum(axis=1) > 0) | (years <= claimed)
    shown = _last(is_shown)
    sides = sides[:, :, : shown.max()]
    width = np.min_scalar_type(int(sides.max()))
    return {
        "first": int(years[0]),
        "years": int(shown.max()),
        "shown": shown.tolist(),
        "of": np.diff(table["place"].to_numpy().reshape(shape)[:, 0], prepend=0).tolist(),
        "whole": np.minimum(_last(np.nan_to_num(part) >= WHOLE), shown).tolist(),
        "bytes": width.itemsize,
        "counts": _base64(np.ascontiguousarray(sides.astype(width.newbyteorder("<"))).tobytes()),
    }


def _last(is_so: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return up to how many years there is one that is so, by row; 0 where none is."""
    return np.where(is_so.any(axis=1), is_so.shape[1] - np.argmax(is_so[:, ::-1], axis=1), 0)


def _plain(values: Iterable[float]) -> list[float | int]:
    """Return counts as JSON holds them, whole ones whole."""
    return [int(value) if value == int(value) else value for value in values]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
