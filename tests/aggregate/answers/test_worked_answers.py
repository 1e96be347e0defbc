"""The worked answers, each as its file states it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from places import ROOT
from shown import hold_card
from worlds import answer_text
from worlds.answered import claim_of, families_of, landscape_of, line_of

if TYPE_CHECKING:
    from pathlib import Path

    from worlds.answer_text import Worked

WORKED = {path.stem: answer_text.read(path) for path in sorted((ROOT / "tests" / "answers").glob("*.claim"))}


@pytest.mark.parametrize("worked", WORKED.values(), ids=WORKED)
def test_a_worked_answer(worked: Worked, request: pytest.FixtureRequest) -> None:
    """The records of the file give the answer of the file, line by line; the card's figure is that of its units."""
    if "records" in worked.says:
        entry = request.getfixturevalue("sample_run").verdicts[0]
    else:
        with landscape_of(worked) as land:
            entry = land.assess(claim_of(worked))
            hold_card(land, claim_of(worked), entry)
    found = [f"{key}: {line_of(entry, key)}" for key, _ in worked.answer]
    assert found == [f"{key}: {value}" for key, value in worked.answer]


def test_a_world_has_the_shares_that_its_file_states() -> None:
    """Of b's 500 Chinese families a year 25 are abroad, 50 without countries and 200 granted, every year the same."""
    chinese = [family for family in families_of(WORKED["b_more_than_claimed"]) if family.home == "CN"]
    for year in (2010, 2020, 2025):
        mine = [family for family in chinese if family.filed.year == year]
        assert len(mine) == 500
        assert sum(family.owners == (None,) for family in mine) == 50
        assert sum(family.is_granted for family in mine) == 200
        # 5 % are abroad; of these .35, rounded, are at each office, so that a few are at none.
        offices = Counter(office for family in mine for office in family.abroad)
        assert offices == dict.fromkeys(("US", "JP", "EP", "WO", "KR", "AU"), 9)
        assert sum(bool(family.abroad) for family in mine) <= 25
        assert {family.filed.month for family in mine} == set(range(1, 13))


def test_a_line_that_is_none_is_refused(tmp_path: Path) -> None:
    """A phrase that no world can be made of is an error that says where, and no case without it."""
    path = tmp_path / "odd.claim"
    path.write_text("Odd.\nfamilies in 2018:\n  CN 5: half asleep\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd.claim, line 3: 'half asleep' is no phrase of a group"):
        answer_text.read(path)
