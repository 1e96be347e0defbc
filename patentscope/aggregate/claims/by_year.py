"""Both sides of a claim by year, under every way to count that counts whole units at the data's own date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patentscope.aggregate.claims.summaries import Tables
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import AUDITED

#: By column, what it holds; the published parts are null where they can't be told.
BY_YEAR_COLUMNS = {
    "claim_id": "str",
    "spec_id": "str",
    "year": "int32",
    "left_n": "int64",
    "right_n": "int64",
    "left_published": "float64",
    "right_published": "float64",
}


def years_asked(years: tuple[int, int], claims: Iterable[Claim], today: dt.date) -> range:
    """Return the years to count by: from the first of a query, or of a claim, to that of the data's own date at least.

    *years* are the query's; no claim ends after the last.
    """
    spans = [claim.years for claim in claims]
    return range(min([years[0], *(first for first, _ in spans)]), max([today.year, *(last for _, last in spans)]) + 1)


def by_year(
    listed: Mapping[Claim, Iterable[Convention]], tables: Tables, bits: Mapping[str, int], today: dt.date
) -> pd.DataFrame:
    """Return what both sides of each claim have in every year of *tables*, a row per way and year (`BY_YEAR_COLUMNS`).

    Of the ways *listed* for a claim, those that don't count whole units at the date *today*, and those of an audited
    topic, are left out. The others read the patterns that the claim's own rows are read off, those that differ in topic
    and international level together; *bits* gives the place of each topic. What part of a side's year is published is
    `Tables.shares`.
    """
    parts = []
    for claim, conventions in listed.items():
        alike: dict[tuple[str, str, str, str], list[Convention]] = defaultdict(list)
        for way in conventions:
            if tables.years and way.share == "whole" and way.as_of == today and way.topic != AUDITED:
                alike[way.unit, way.documents, way.basis, way.date].append(way)
        parts += [_of_ways(claim, ways, tables, bits) for ways in alike.values()]
    columns = {name: np.concatenate([part[name] for part in parts] or [np.empty(0)]) for name in BY_YEAR_COLUMNS}
    return pd.DataFrame(columns).astype(BY_YEAR_COLUMNS)


def _of_ways(claim: Claim, ways: list[Convention], tables: Tables, bits: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """Return the columns of *ways* that differ in topic and international level only."""
    one, years, levels = ways[0], tables.years, AXES["international"]
    table = tables.patterns[one.as_of, one.unit, one.documents]
    topics = list(dict.fromkeys(way.topic for way in ways))
    chosen = [bits[topic] for topic in topics]
    periods = [tables.spans.index((year, year)) for year in years]
    counted = table.both_sides(one, periods, chosen, claim.left, claim.right)
    by_level = {
        level: [tables.shares(way, claim, year) for year in years]
        for level, way in {way.international: way for way in ways}.items()
    }
    places = [topics.index(way.topic) for way in ways], [levels.index(way.international) for way in ways]
    # Years x ways x sides, one way's years one after the other.
    n = counted[:, *places].transpose(2, 1, 0).reshape(2, -1)
    seen = np.array([by_level[way.international] for way in ways], dtype=np.float64).reshape(-1, 2)
    return {
        "claim_id": np.full(len(n[0]), claim.id, object),
        "spec_id": np.repeat(np.array([way.spec_id for way in ways], object), len(years)),
        "year": np.tile(years, len(ways)),
        "left_n": n[0],
        "right_n": n[1],
        "left_published": seen[:, 0],
        "right_published": seen[:, 1],
    }
