"""The worked answers, each as its file states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from places import ROOT
from shown import hold_card
from worlds import answer_text
from worlds.answered import claim_of, landscape_of, line_of

if TYPE_CHECKING:
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
