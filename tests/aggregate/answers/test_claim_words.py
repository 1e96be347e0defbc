"""A claim's size in its own words, whichever way it was written."""

from __future__ import annotations

import pytest

from patentscope.aggregate.answers.assess import claim_facts
from patentscope.aggregate.answers.words.claim_words import claimed
from patentscope.query.claim import parse_claim


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("China outnumbered Japan by 73% in 2020.", "73 % more"),
        ("China filed at least twice as many patents as Japan in 2020.", "at least twice as many"),
        ("China filed more than twice as many patents as Japan in 2020.", "more than twice as many"),
        ("China filed half as many patents as Japan in 2020.", "half as many"),
        ("China filed a third as many patents as Japan in 2020", "a third as many"),
        ("Japan filed less than a tenth as many patents as China in 2020", "less than a tenth as many"),
        ("China filed more than half of the world's patents in 2020", "more than half"),
        ("China filed less than half of the world's patents in 2020", "less than half"),
        ("share of CN > 50% in 2020", "over 50 %"),
        ("China accounted for two thirds of patents in 2020", "a share of 66.7 %"),
        ("China filed at least 20% fewer patents than Japan in 2020", "at least 20 % fewer"),
        ("China filed more than 20% fewer patents than Japan in 2020", "more than 20 % fewer"),
        ("China filed less than 20% fewer patents than Japan in 2020", "less than 20 % fewer"),
        ("China filed at most 20% more patents than Japan in 2020", "at most 20 % more"),
        ("China outnumbered Japan by a factor of 1.8 in 2020", "1.8 times as many"),
        ("China outnumbered Japan threefold in 2020", "3 times as many"),
        ("China filed as many patents as Japan in 2020", "as many"),
        ("China was ahead of Japan in 2020", "more"),
        ("Others filed more patents than Japan in 2020", "fewer"),
    ],
)
def test_a_size_in_the_claim_s_own_words(text: str, words: str) -> None:
    """Per cent, multiples, parts and limits are said as the claim says them; a limit of fewer keeps its side."""
    assert claimed(claim_facts(parse_claim(text))) == words
