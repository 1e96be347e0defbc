"""How countries are known: the steps of `attribute.HOW_KNOWN`, by country."""

from __future__ import annotations

import altair as alt
import pandas as pd

from patentscope.aggregate.answers.words.number_words import percent
from patentscope.aggregate.holdings.attribute import HOW_KNOWN
from patentscope.query.convention import Convention
from patentscope.report.charts.style import EDGE, SECOND, THIRD, TONES, tips, titled, tone
from patentscope.report.charts.trend import grouped, in_full, leading, lying_bars

#: The steps in few words, for a legend that fits a phone; the tables have them in full (`attribute.HOW_KNOWN`).
_SHORT = {
    1: "1 priority document",
    2: "2 another member of the family",
    3: "3 family that shares a priority",
    4: "4 other role, priority document",
    5: "5 other role, another member",
    6: "6 other role, shared priority",
    7: "7 priority office, a guess",
    0: "not known",
}
_STEPS = {
    **{step: tone(THIRD, part) for step, part in zip((1, 2, 3), TONES, strict=False)},
    **{step: tone(SECOND, part) for step, part in zip((4, 5, 6), TONES, strict=False)},
    7: EDGE,
    0: "transparent",
}


def how_known(holdings: pd.DataFrame, basis: str, convention: Convention) -> alt.Chart:
    """Return by which step each family's country is known, for one basis (`applicant` or `inventor`).

    Args:
        holdings: of the families to show, how many by country and by how that is known (`Counted.holdings`).
        basis: whose country it is.
        convention: by which those families were chosen; its `spec_id` is in every bar.
    """
    rows = steps_by_country(holdings)
    rows = rows.assign(known=rows["step"].map(_SHORT), order=rows["step"].replace(0, 8), spec_id=convention.spec_id)
    steps = [step for step in HOW_KNOWN if step in set(rows["step"])]
    shades = alt.Scale(domain=[_SHORT[step] for step in steps], range=[_STEPS[step] for step in steps])
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=0, symbolStrokeColor=EDGE)
    lines = [in_full(convention), "all years", "the first step that finds a country decides"]
    return lying_bars(
        rows,
        titled(f"The {basis}'s country is known for {percent(_part_known(rows))}", *lines),
        color=alt.Color("known:N", scale=shades, legend=legend),
        order=alt.Order("order:Q"),
        tooltip=tips({"country:N": "", "known:N": "", "n:Q": "families"}),
    )


def _part_known(rows: pd.DataFrame) -> float:
    total = int(rows["n"].sum())
    return int(rows.loc[rows["step"].ne(0), "n"].sum()) / total if total else 0.0


def steps_by_country(holdings: pd.DataFrame) -> pd.DataFrame:
    """Return country, step (of `HOW_KNOWN`), n of `Counted.holdings`, small countries summed up as `other`."""
    sums = holdings.dropna(subset=["how_known"]).rename(columns={"how_known": "step"}).astype({"step": int})
    return grouped(sums, leading(sums, (), 11), ["step"])
