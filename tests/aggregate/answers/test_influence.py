"""Which choice moves the answer most: the figures of influence.csv, against an independent count."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.answers import influence
from patentscope.aggregate.claims.gates import Finding
from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.convention import AXES, Convention

from factories import CLAIM, TODAY

if TYPE_CHECKING:
    from patentscope import Run

BASE = Convention("strict", "family", "applicant", "whole", "priority", "inventions", "all", TODAY)
STOPPED = Finding("candidates", "", 0, "at least 30", passed=False, reason="candidates")


def specified(left: int, right: int, *, admissible: bool = True, **choices: str) -> Specified:
    """Return a specification that counts *left* and *right*."""
    none = Fraction(0)
    tally = Tally(Fraction(left), Fraction(right), 0, 0, 0, none, none, none)
    return Specified(CLAIM, replace(BASE, **choices), tally, () if admissible else (STOPPED,))


def rows_of(listed: list[Specified]) -> dict[str, dict[str, str]]:
    """Return one question's rows by axis."""
    return {row["axis"]: row for row in influence.of_question(listed)}


def test_factor_between_pairs_that_differ_in_one_choice() -> None:
    """Twice as much by application as by family is a factor of 2, in two pairs; without pairs there is none."""
    listed = [
        specified(10, 10),
        specified(11, 10, date="filing"),
        specified(20, 10, unit="application"),
        specified(22, 10, unit="application", date="filing"),
    ]
    rows = rows_of(listed)
    assert (rows["unit"]["median_factor"], rows["unit"]["pairs"]) == ("2.000000", "2")
    assert rows["unit"]["median_ratio_change"] == "1.050000"
    assert (rows["date"]["median_factor"], rows["date"]["pairs"]) == ("1.100000", "2")
    assert (rows["share"]["median_factor"], rows["share"]["pairs"]) == ("", "0")
    shares = [float(row["variance_share"]) for row in rows.values()]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert float(rows["unit"]["variance_share"]) == pytest.approx(
        np.log(2) ** 2 / (np.log(2) ** 2 + np.log(1.1) ** 2), abs=1e-6
    )


def test_empty_sides_are_left_out_and_counted() -> None:
    """A ratio that is empty or 0 has no logarithm: it is left out, by side; what a gate stopped isn't counted."""
    listed = [
        specified(10, 10),
        specified(0, 10, date="filing"),
        specified(5, 0, date="publication"),
        specified(99, 1, unit="application", admissible=False),
    ]
    row = rows_of(listed)["date"]
    assert (row["specifications"], row["left_empty"], row["right_empty"], row["levels"]) == ("1", "1", "1", "1")
    assert row["variance_share"] == row["median_factor"] == ""


def test_equal_ratios_have_no_variance_to_share() -> None:
    """Where every way to count gives the same, no choice explains anything, and none moves it."""
    row = rows_of([specified(1, 3), specified(10, 30, date="filing")])["date"]
    assert (row["variance_share"], row["median_factor"], row["pairs"]) == ("", "1.000000", "1")


cells = st.tuples(st.sampled_from(AXES["unit"]), st.sampled_from(AXES["date"]), st.sampled_from(AXES["share"]))


@settings(max_examples=60)
@given(st.dictionaries(cells, st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=2, max_size=20), st.randoms())
def test_figures_equal_those_of_pandas(found: dict, random) -> None:
    """Whatever is admissible, in any order, the shares of variance and the medians are those of a plain recount."""
    listed = [
        specified(left, right, unit=unit, date=date, share=share)
        for (unit, date, share), (left, right) in found.items()
    ]
    frame = pd.DataFrame([(*key, np.log(left / right)) for key, (left, right) in found.items()])
    frame.columns = ["unit", "date", "share", "log"]
    total = ((frame["log"] - frame["log"].mean()) ** 2).sum()
    rows = rows_of(listed)
    shuffled = random.sample(listed, len(listed))
    assert rows_of(shuffled) == rows
    for axis in ("unit", "date", "share"):
        others = [name for name in ("unit", "date", "share") if name != axis]
        moves = [
            abs(one["log"] - other["log"])
            for one, other in combinations(frame.to_dict(orient="records"), 2)
            if all(one[name] == other[name] for name in others)
        ]
        assert int(rows[axis]["pairs"]) == len(moves)
        if moves:
            assert float(rows[axis]["median_log_change"]) == pytest.approx(np.median(moves), abs=2e-6)
        if total > 1e-9:
            between = ((frame.groupby(axis)["log"].transform("mean") - frame["log"].mean()) ** 2).sum()
            assert float(rows[axis]["variance_share"]) == pytest.approx(between / total, abs=2e-6)


def test_the_run_s_file_agrees_with_its_curve(sample_run: Run) -> None:
    """influence.csv has a row for every claim, question and axis, over as many specifications as curve.csv admits."""
    with sample_run.folder.file("influence.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(influence.COLUMNS)
    curve = sample_run.curve
    assert len(rows) == 2 * 4 * len(influence.CHOICES)
    for row in rows:
        mine = curve[curve["claim_id"].eq(row["claim_id"]) & curve["question"].eq(row["question"])]
        used = sum(int(row[name]) for name in ("specifications", "left_empty", "right_empty"))
        if row["over"] == "admissible":
            assert used == mine["admissible"].sum()
        else:
            assert used == mine["reason"].eq("sample data; definition error not measured").sum()
    assert any(float(row["variance_share"] or 0) > 0 for row in rows)
