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
from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.counts.tally import Tally
from patentscope.query.convention import AXES, Convention

from factories import CLAIM, TODAY

if TYPE_CHECKING:
    from patentscope import Run

BASE = Convention("strict", "family", "applicant", "whole", "priority", "inventions", "all", TODAY)


def specified(left: int, right: int, **choices: str) -> Specified:
    """Return a judged specification that counts *left* and *right*."""
    none = Fraction(0)
    tally = Tally(Fraction(left), Fraction(right), 0, 0, 0, none, none, none)
    return Specified(CLAIM, replace(BASE, **choices), tally, ())


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
    """A ratio that is empty or 0 has no logarithm: it is left out, by side."""
    listed = [
        specified(10, 10),
        specified(0, 10, date="filing"),
        specified(5, 0, date="publication"),
    ]
    row = rows_of(listed)["date"]
    assert (row["specifications"], row["left_empty"], row["right_empty"], row["levels"]) == ("1", "1", "1", "1")
    assert row["variance_share"] == row["median_factor"] == ""


def test_equal_ratios_have_no_variance_to_share() -> None:
    """Where every way to count gives the same, no choice explains anything, and none moves it."""
    row = rows_of([specified(1, 3), specified(10, 30, date="filing")])["date"]
    assert (row["variance_share"], row["median_factor"], row["pairs"]) == ("", "1.000000", "1")


def test_a_level_that_changes_nothing_is_not_what_moves_the_answer() -> None:
    """Where applications count what families count and the date alone moves the ratio, the unit moves it by nothing."""
    listed = [
        specified(left, 10, unit=unit, date=date)
        for unit in ("family", "application")
        for date, left in (("priority", 10), ("filing", 40))
    ]
    rows = rows_of(listed)
    assert (rows["unit"]["median_factor"], rows["unit"]["pairs"]) == ("1.000000", "2")
    assert rows["unit"]["variance_share"] == "0.000000"
    assert (rows["date"]["median_factor"], rows["date"]["pairs"]) == ("4.000000", "1")
    assert (rows["date"]["variance_share"], rows["date"]["results"]) == ("1.000000", "2")


cells = st.tuples(st.sampled_from(AXES["unit"]), st.sampled_from(AXES["date"]), st.sampled_from(AXES["share"]))


@settings(max_examples=60)
@given(st.dictionaries(cells, st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=2, max_size=20), st.randoms())
def test_figures_equal_those_of_pandas(found: dict, random) -> None:
    """Whatever is judged, in any order, the shares of variance and the medians are those of a plain recount."""
    listed = [
        specified(left, right, unit=unit, date=date, share=share)
        for (unit, date, share), (left, right) in found.items()
    ]
    frame = pd.DataFrame([(*key, sides, np.log(sides[0] / sides[1])) for key, sides in found.items()])
    frame.columns = ["unit", "date", "share", "result", "log"]
    rows = rows_of(listed)
    assert rows_of(random.sample(listed, len(listed))) == rows
    for axis in ("unit", "date", "share"):
        others = [name for name in ("unit", "date", "share") if name != axis]
        at = {level: part.set_index(others)["result"].to_dict() for level, part in frame.groupby(axis)}
        unlike = {frozenset(part.items()): level for level, part in at.items()}
        kept = frame if len(unlike) == 1 else frame[frame[axis].isin(list(unlike.values()))]
        moves = {}
        for one, other in combinations(kept.to_dict(orient="records"), 2):
            if all(one[name] == other[name] for name in others):
                moves[frozenset((one["result"], other["result"]))] = abs(one["log"] - other["log"])
        assert int(rows[axis]["pairs"]) == len(moves)
        if moves:
            assert float(rows[axis]["median_log_change"]) == pytest.approx(np.median([*moves.values()]), abs=2e-6)
        kept = kept.drop_duplicates([axis, "result"])
        total = ((kept["log"] - kept["log"].mean()) ** 2).sum()
        if total > 1e-9:
            between = ((kept.groupby(axis)["log"].transform("mean") - kept["log"].mean()) ** 2).sum()
            assert float(rows[axis]["variance_share"]) == pytest.approx(between / total, abs=2e-6)


@settings(max_examples=30)
@given(st.dictionaries(cells, st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=12))
def test_a_copied_reading_moves_no_figure(found: dict) -> None:
    """A reading that is listed twice leaves every figure but the number of rows and readings as it was."""
    listed = [specified(*sides, unit=unit, date=date, share=share) for (unit, date, share), sides in found.items()]
    copies = [replace(entry, convention=replace(entry.convention, topic="copy")) for entry in listed]
    other = [specified(5, 7, topic="other", date="filing")]
    for before in (listed, [*listed, *other]):
        rows, again = rows_of(before), rows_of([*before, *copies])
        for axis in ("unit", "date", "share"):
            counts = {"levels", "specifications"}
            assert {k: v for k, v in rows[axis].items() if k not in counts} == {
                k: v for k, v in again[axis].items() if k not in counts
            }
        assert again["topic"]["median_factor"] in {moved := rows["topic"]["median_factor"], moved or "1.000000"}


def test_the_run_s_file_agrees_with_its_curve(sample_run: Run) -> None:
    """influence.csv speaks of the judged rows of curve.csv alone; of the sample none is judged."""
    with sample_run.folder.file("influence.csv").open(encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        assert list(reader) == []
        assert reader.fieldnames == list(influence.COLUMNS)
