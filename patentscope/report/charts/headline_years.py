"""The years of a headline: both sides as the headline counts, which years are whole, and what the claim would need."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from patentscope.aggregate.answers.entry import Entry, Figures
from patentscope.aggregate.answers.words import claim_words, headlines
from patentscope.aggregate.answers.words.need_words import asked, need
from patentscope.query.claim import PARITY
from patentscope.query.convention import AXES
from patentscope.report.charts.findings import Compared
from patentscope.report.charts.trend import first_incomplete
from patentscope.report.run_tables import RunTables

#: A year is whole from so much of it on that is published, on both sides; from so much on nothing is said of it.
WHOLE, ALL = 0.9, 0.98
#: A year of which less is published on a side stands in the table alone.
HARDLY = 0.1


@dataclass(frozen=True)
class Years:
    """What is drawn of a claim: its years with both sides' counts and published parts, and the words for them."""

    claim: Entry
    figure: Figures
    rows: pd.DataFrame
    sides: Compared
    needed: tuple[int, str] | None
    as_of: str

    @property
    def whole(self) -> pd.DataFrame:
        """The years up to the last that is whole."""
        return self.rows[self.rows["year"] <= self.last_whole]

    @property
    def last_whole(self) -> int:
        """The last year that is whole; the year before the first where none is."""
        whole = self.rows.loc[self.rows["is_whole"], "year"]
        return int(whole.max()) if len(whole) else int(self.rows["year"].min()) - 1

    @property
    def late(self) -> pd.DataFrame:
        """The years after it, as far as more than hardly anything of them is published."""
        late = self.rows[self.rows["year"] > self.last_whole]
        part = late[["left_published", "right_published"]].min(axis=1)
        return late[part.isna() | part.ge(HARDLY) | late["year"].le(self.claim["years"][1])]


def years_of(tables: RunTables, claim: Entry) -> Years | None:
    """Return the years of a claim's headline; None where nothing is judged, or the claim's years hold nothing."""
    question = headlines.headline(claim)
    if question is None or question["figure"] is None:
        return None
    figure = question["figure"]
    own = question["before_labels"]["spec_id"] if figure["is_audited"] else figure["spec_id"]
    rows = tables.by_year[tables.by_year["claim_id"].eq(claim["id"])]
    rows = rows[rows["spec_id"].eq(_whole_at_last(tables, claim, own))].sort_values("year", ignore_index=True)
    counted = rows.loc[(rows["left_n"] > 0) | (rows["right_n"] > 0), "year"]
    inside = counted.between(claim["years"][0], claim["years"][1])
    if not inside.any():
        return None
    rows = rows[rows["year"].between(counted.min(), max(counted.max(), claim["years"][1]))]
    known = rows[["left_published", "right_published"]].min(axis=1, skipna=False)
    ended = rows["year"] < first_incomplete(figure["date"], tables.as_of)
    rows = rows.assign(is_whole=known.ge(WHOLE).where(known.notna(), ended))
    unit = claim_words.noun(figure)
    return Years(
        claim,
        figure,
        rows,
        Compared(claim["left"], claim["right"], unit),
        _needed(claim, rows, figure),
        tables.as_of.isoformat(),
    )


def _whole_at_last(tables: RunTables, claim: Entry, spec_id: str) -> str:
    """Return the way to count that differs from *spec_id* only in counting whole units at the data's own date."""
    ways = tables.curve[tables.curve["claim_id"].eq(claim["id"])].drop_duplicates("spec_id")
    row = ways[ways["spec_id"].eq(spec_id)]
    if row.empty:
        return spec_id
    wanted = row.iloc[0].to_dict() | {"share": "whole", "as_of": tables.as_of.isoformat()}
    same = pd.Series(data=True, index=ways.index)
    for column in (*AXES, "topic", "as_of"):
        same &= ways[column].eq(wanted[column])
    return str(ways.loc[same, "spec_id"].iloc[0]) if same.any() else spec_id


def _needed(claim: Entry, rows: pd.DataFrame, figure: Figures) -> tuple[int, str] | None:
    """Return what the left side would need in the claim's year for the claim to hold, and the words; None where unsaid.

    Nothing is said of a claim without a size, of several years, and of a year that isn't whole.
    """
    first, last = claim["years"]
    year = rows[rows["year"].eq(last)]
    if first != last or year.empty or not bool(year["is_whole"].iloc[0]):
        return None
    said, is_drawn = asked(claim), figure["share_level"] == "whole" and not figure["is_audited"]
    both = figure["overlap_n"] if is_drawn else 0
    units = None if said["value"] == PARITY[claim["measure"]] else need(said, float(year["right_n"].iloc[0]), both)
    if units is None:
        return None
    return units, f"{'at most ' * (claim['says'] == claim_words.LESS)}{units:,}"
