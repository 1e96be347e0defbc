"""What a count leaves open: by the rule of verdict.json, in words with both ends, and by how much at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from patentscope.report.charts.results import distinct
from patentscope.report.charts.undecided import told, undecided
from patentscope.report.run_tables import RunTables

from worlds.entries import make_concern, make_entry, make_figures, make_question

if TYPE_CHECKING:
    from patentscope import Run
    from patentscope.aggregate.answers.entry import Entry


def entry(concern_points: int = 0, **given: Any) -> Entry:
    """Return a claim of which one question is judged."""
    concerns = [make_concern("countries", concern_points, 0.3, question="invention")]
    return make_entry("mixed", make_question("invention", "mixed", make_figures(31, 8), concerns=concerns), **given)


def row(left: int, right: int, unknown: int, imputed: int = 0, overlap: int = 0, **given: str) -> pd.DataFrame:
    """Return one row of curve.csv; *imputed* are of the left side, and make the ends wider."""
    unsure = unknown + imputed
    low = (left - imputed) / (right + unsure) if right + unsure else None
    high = (left - imputed + unsure) / right if right else None
    counts = {"left_n": left, "right_n": right, "overlap_n": overlap, "unknown_n": unknown, "low": low, "high": high}
    text = {name: "" if n is None else str(n) for name, n in counts.items()}
    return pd.DataFrame([{**text, "topic": "strict", "judged": "true", "reason": "", "question": "invention", **given}])


@pytest.mark.parametrize(
    ("shown", "claim", "what"),
    [
        (row(31, 8, 61), entry(), "tie"),
        (row(31, 8, 22), entry(), ""),
        (row(31, 8, 23), entry(), "tie"),
        (row(8, 31, 22), entry(), ""),
        (row(8, 31, 24), entry(), "tie"),
        (row(8, 8, 0), entry(), ""),
        (row(5, 0, 0), entry(), ""),
        (row(5, 0, 6), entry(), "tie"),
        # Presumed countries count as unknown only where they cost points, or nobody has weighed them.
        (row(20, 15, 0, imputed=10), entry(), ""),
        (row(20, 15, 0, imputed=10), entry(1), "tie"),
        (row(20, 15, 0, imputed=10, judged="false", reason="topic 1 = 1 points, where others have 0"), entry(1), ""),
        (row(20, 15, 0, imputed=10, judged="false", reason="countries 1 = 1 points, where"), entry(), "tie"),
        (row(20, 15, 0, imputed=10, judged="false", reason="no owner's country is stated"), entry(), "tie"),
        # Of a limit: surely ahead, and unsure whether by twice as many.
        (row(25, 10, 4), entry(says="more", ratio_claimed=2.0), "limit"),
        (row(35, 10, 4), entry(says="more", ratio_claimed=2.0), ""),
        (row(50, 50, 0, overlap=10), entry(measure="share", share_claimed=0.6, says="more"), ""),
        (row(60, 40, 30), entry(measure="share", share_claimed=0.5, says="more"), "tie"),
    ],
)
def test_open_is_what_the_unknown_could_turn(shown: pd.DataFrame, claim: Entry, what: str) -> None:
    """A count is open where all that is unknown on one side gives one answer, and on the other another."""
    assert undecided(shown, claim).tolist() == [what]


def test_both_ends_are_told_and_what_each_side_may_have() -> None:
    """Of 31 against 8 with 61 unknown: 31 to 92 against 8 to 69."""
    found = told(row(31, 8, 61), entry()).iloc[0]
    assert found["unknown"] == "with 61 of unknown country"
    assert (found["what"], found["span"]) == ("who leads can't be told", "55 % fewer to 12 times as many")
    assert (found["left_more"], found["right_more"]) == (61, 61)
    share = told(row(31, 8, 61), entry(measure="share", share_claimed=0.6, says="more")).iloc[0]
    assert (share["what"], share["span"]) == ("the share can't be told", "31 % to 92 %")
    limit = told(row(25, 10, 4), entry(says="more", ratio_claimed=2.0)).iloc[0]
    assert limit["what"] == "whether that is more than twice as many can't be told"


def test_as_many_results_are_open_as_in_the_answer(made_run: Run) -> None:
    """Of every question, the open dots are those that verdict.json counts as open."""
    tables = RunTables.read(made_run.folder)
    for claim in tables.claims:
        dots = distinct(tables.curve[tables.curve["claim_id"].eq(claim["id"])], claim)
        for one in claim["questions"]:
            mine = dots.loc[dots["question"].eq(one["question"]), "is_open"]
            assert mine.sum() == round((one["share_open"] or 0.0) * one["results"])
