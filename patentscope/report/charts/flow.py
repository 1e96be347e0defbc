"""Who owns it against where protection is sought: families from their applicants' countries to the offices."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import altair as alt
import pandas as pd

from patentscope.query.convention import Convention
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.style import EDGE, either, layered, tips
from patentscope.report.charts.style import UNKNOWN as NOT_KNOWN
from patentscope.report.charts.trend import OTHER, Sides, by_size, coloured, in_full, leading, most_of
from patentscope.report.run_tables import RunTables

_MOST = 7
_PLAIN_TITLE = "Who owns it, and where protection is sought"
_HEIGHT, _GAP = 380, 0.012
#: Where along a band its edges are set: enough for a smooth curve.
_STEPS = [step / 12 for step in range(13)]
#: Where each country or office begins and ends, and how many families it has.
Ends: TypeAlias = dict[str, tuple[float, float, int]]


def owners_and_offices(tables: RunTables, first: Sequence[str] = ()) -> tuple[pd.DataFrame, Convention] | None:
    """Return families by applicant's country and by office, small ones summed up, and the convention of the countries.

    The families are those that the baseline of `ownership` counts, the offices those of the documents that make them
    count. A family of several countries or offices stands once in each pair. None where the run has no such baseline.

    Returns:
        owner, office, n, spec_id; and the convention.
    """
    held = counted(tables, "ownership", basis="applicant")
    if held is None:
        return None
    ask = tables.records
    ask.make(
        "pair",
        f"""
select h.unit, h.country as owner, d.office from holding h join (select distinct unit, office from {held.documents}) d
on d.unit = h.unit where h.basis = 'applicant'""",
    )
    shown = {}
    for side in ("owner", "office"):
        sums = ask.frame(f"select {side} as country, count(*) as n from pair group by 1 order by 1")
        kept = ", ".join(f"'{code}'" for code in [*leading(sums, first, _MOST), UNKNOWN])
        shown[side] = f"case when {side} in ({kept}) then {side} else '{OTHER}' end as {side}"
    rows = ask.frame(f"""
select owner, office, count(*) as n from (select distinct unit, {shown["owner"]}, {shown["office"]} from pair)
group by all order by all""")
    return rows.assign(spec_id=held.convention.spec_id), held.convention


def flow(rows: pd.DataFrame, convention: Convention, *, sides: Sides = ((), ())) -> alt.TopLevelMixin:
    """Return the bands from owners (left) to offices (right); a band is as wide as it has families.

    Args:
        rows: owner, office, n, spec_id.
        convention: by which the families were chosen.
        sides: codes of a claim's left and right, which are placed before the others.
    """
    first = [*sides[0], *sides[1]]
    owners, offices = (by_size(rows, side, first) for side in ("owner", "office"))
    colours = coloured([*owners, *offices], sides, NOT_KNOWN)
    total = float(rows["n"].sum()) or 1.0
    left, right = _ends(rows, "owner", owners, total), _ends(rows, "office", offices, total)
    shades = alt.Scale(domain=owners, range=[colours[name] for name in owners])
    bands = (
        alt.Chart(pd.DataFrame(_bands(rows, left, right, total)))
        .mark_area(interpolate="monotone", opacity=0.5, strokeWidth=0.6)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.2, 1.2], nice=False)),
            y=alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[1 + _GAP * _MOST, 0], nice=False)),
            y2=alt.Y2("foot:Q"),
            color=alt.Color("owner:N", scale=shades, legend=None),
            stroke=either(alt.StrokeValue, f"datum.owner == '{UNKNOWN}'", EDGE, "transparent"),
            detail=alt.Detail("office:N"),
            tooltip=tips({"owner:N": "", "office:N": "", "n:Q": "families"}),
        )
    )
    lines = [
        in_full(convention),
        "left: applicant's country; right: office; a band is as wide as it has families",
        "a family of several countries or offices is in several bands, and in the sums once for each",
    ]
    layers = [bands, _words(left, -0.01, "right"), _words(right, 1.01, "left")]
    who, where = most_of(rows, "owner"), most_of(rows, "office")
    title = f"Most owners are in {who}; most protection is sought in {where}" if who and where else _PLAIN_TITLE
    return layered(layers, _HEIGHT, title, *lines)


def _ends(rows: pd.DataFrame, side: str, order: Sequence[str], total: float) -> Ends:
    """Return where each country or office begins and ends, from 0 at the top, and how many families it has in pairs."""
    ends, at = {}, 0.0
    sums = rows.groupby(side)["n"].sum()
    for name in order:
        ends[name] = (at, at + float(sums[name]) / total, int(sums[name]))
        at = ends[name][1] + _GAP
    return ends


def _bands(rows: pd.DataFrame, left: Ends, right: Ends, total: float) -> list[dict[Any, Any]]:
    """Return the edges of each band, from the top of its owner to the top of its office, in the order of both."""
    records: list[dict[Any, Any]] = rows.to_dict(orient="records")
    pairs = {(row["owner"], row["office"]): row for row in records}
    used_left, used_right = ({name: ends[0] for name, ends in side.items()} for side in (left, right))
    edges: list[dict[Any, Any]] = []
    for owner, office in itertools.product(left, right):
        row = pairs.get((owner, office))
        if row is None:
            continue
        high, start, end = row["n"] / total, used_left[owner], used_right[office]
        used_left[owner] += high
        used_right[office] += high
        for step in _STEPS:
            top = start + (end - start) * step * step * (3 - 2 * step)
            edges.append({"x": round(step, 4), "top": round(top, 5), "foot": round(top + high, 5), **row})
    return edges


def _words(side: Ends, place: float, align: Literal["left", "right"]) -> alt.Chart:
    rows = [{"x": place, "at": (top + foot) / 2, "words": f"{name} {n:,}"} for name, (top, foot, n) in side.items()]
    base = alt.Chart(alt.InlineData(values=rows)).mark_text(align=align, fontSize=11, baseline="middle")
    return base.encode(x=alt.X("x:Q"), y=alt.Y("at:Q"), text=alt.Text("words:N"))
