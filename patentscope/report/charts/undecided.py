"""Which ways to count leave an answer open: where units of unknown country, or an audit's interval, hold both answers.

A row of curve.csv is held against the tie and against the claim's limit by the rule that verdict.json goes by
(`results.stands`), so that no panel, dot or quote is surer than the answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query.claim import PARITY
from patentscope.query.query import AUDITED

#: A row is open against the tie, or against the claim's limit alone.
TIE, LIMIT = "tie", "limit"


def undecided(rows: pd.DataFrame, claim: Entry) -> pd.Series:
    """Return for each of a claim's *rows* of curve.csv what it leaves open: `tie`, `limit`, or nothing."""
    measured = _measured(rows, claim)
    open_at = _is_open(measured, PARITY[claim["measure"]]).map({True: TIE, False: ""})
    limit = words.claimed_value(claim) if words.is_limit(claim) else None
    if limit is None:
        return open_at
    return open_at.mask(open_at.eq("") & _is_open(measured, limit), LIMIT)


def _measured(rows: pd.DataFrame, claim: Entry) -> pd.DataFrame:
    """Return what decides: left, unknown, what a limit is held against at most and at least, the ends, the rule."""
    left, right, overlap, unknown = _counts(rows)
    low, high = _ends(rows, is_share=words.is_share(claim))
    is_audited = rows["topic"].eq(AUDITED)
    together = left + right - overlap + unknown
    is_spread = low.ne(high) & (low.notna() | high.notna())
    return pd.DataFrame({
        "left": left,
        "unknown": unknown,
        "most": together if words.is_share(claim) else right + unknown,
        "least": together if words.is_share(claim) else right,
        "low": low.where(low.notna() | is_audited, np.inf),
        "high": high,
        "is_unsure": unknown.gt(0) | is_audited | is_spread,
        "by_range": _by_range(rows, claim),
    })  # fmt: skip


def _is_open(measured: pd.DataFrame, limit: float) -> pd.Series:
    """Say which rows are neither surely over *limit* nor surely under it."""
    by_range, left = measured["by_range"], measured["left"]
    is_over = measured["low"].gt(limit).where(by_range, left.gt(limit * measured["most"]))
    is_under = measured["high"].lt(limit).where(by_range, (left + measured["unknown"]).lt(limit * measured["least"]))
    return measured["is_unsure"] & ~is_over & ~is_under


def _counts(rows: pd.DataFrame) -> list[pd.Series]:
    return [pd.to_numeric(rows[f"{name}_n"]) for name in ("left", "right", "overlap", "unknown")]


def _ends(rows: pd.DataFrame, *, is_share: bool) -> tuple[pd.Series, pd.Series]:
    """Return the ends of the measure; those of a share from those of the ratio, a unit of both sides once."""
    low, high = (pd.to_numeric(rows[name]) for name in ("low", "high"))
    if not is_share:
        return low, high
    left, right, overlap, unknown = _counts(rows)
    units = left + right + unknown
    each = units / (units - overlap).where(units.gt(overlap))
    return (_part_of_left(low) * each).clip(upper=1.0), (_part_of_left(high) * each).clip(upper=1.0)


def _by_range(rows: pd.DataFrame, claim: Entry) -> pd.Series:
    """Say for which rows countries by presumption count as unknown, too: where they cost points, or nobody weighed it.

    Rows without a reason of their own cost what their question's figure does.
    """
    costing = {
        one["question"]
        for one in claim["questions"]
        for concern in one["concerns"]
        if concern["concern"] == "countries" and concern["points"]
    }
    says = rows["reason"].str.contains("countries ", regex=False)
    weighed = rows["judged"].eq("true") | rows["reason"].str.contains(" points, where", regex=False)
    usual = rows["question"].isin(costing) & rows["judged"].eq("true")
    return says | usual | ~weighed | rows["topic"].eq(AUDITED)


def told(rows: pd.DataFrame, claim: Entry) -> pd.DataFrame:
    """Return the words for each of the *rows* that leaves something open, indexed as they are.

    Returns:
        unknown (`with 61 of unknown country`), what (`who leads can't be told`), span (both ends of the measure in
        words), left_more, right_more (how many more each side may have at most; 0 where labels correct the counts).
    """
    what = undecided(rows, claim)
    mine = rows[what.ne("")]
    low, high = _ends(mine, is_share=words.is_share(claim))
    is_audited = mine["topic"].eq(AUDITED)
    left, right, _, unknown = _counts(mine)
    facts = pd.DataFrame({"what": what[mine.index], "low": low, "high": high, "n": unknown, "is_audited": is_audited})
    said = [_said(row, claim) for row in facts.to_dict(orient="records")]
    found = pd.DataFrame(said, index=mine.index, columns=["unknown", "what", "span"])
    least, most = (_part_of_left(pd.to_numeric(mine[end])) * (left + right + unknown) for end in ("low", "high"))
    more = {"left_more": most - left, "right_more": left + unknown - least}
    return found.assign(**{name: n.where(~is_audited, 0.0).clip(lower=0).round(2) for name, n in more.items()})


def _part_of_left(ratio: pd.Series) -> pd.Series:
    """Return the left side's part of both; all where the right side has none."""
    return (ratio / (1 + ratio)).where(ratio.notna(), 1.0)


def _said(row: Mapping[Hashable, Any], claim: Entry) -> tuple[str, str, str]:
    low, high = (None if pd.isna(end) else float(end) for end in (row["low"], row["high"]))
    if row["is_audited"]:
        unknown = "with labels that allow either"
    elif row["n"]:
        unknown = f"with {numbers.count(row['n'])} of unknown country"
    else:
        unknown = "with some countries presumed from the first filing"
    span = "" if row["is_audited"] and None in {low, high} else words.span(claim, (low, high))
    return unknown, _what(row["what"], claim), span


def _what(open_at: str, claim: Entry) -> str:
    if words.is_share(claim):
        return "the share can't be told"
    if open_at == TIE:
        return "who leads can't be told"
    return f"whether that is {words.claimed(claim)} can't be told"
