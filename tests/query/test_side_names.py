"""The sides of a claim as texts name them."""

from __future__ import annotations

import pytest

from patentscope.query import side_names
from patentscope.records.offices import office_codes, office_name


@pytest.mark.parametrize(
    ("codes", "sentence", "short", "none", "was"),
    [
        (["CN"], "China", "China", "none of China", "was"),
        (["US"], "the United States", "United States", "none of the United States", "was"),
        (["NL", "GB"], "the Netherlands and the United Kingdom together", "Netherlands + United Kingdom",
         "none of the Netherlands or the United Kingdom", "were"),
        (["US", "AU", "JP"], "the United States, Australia and Japan together", "United States + Australia + Japan",
         "none of the United States, Australia or Japan", "were"),
        (["EP", "WO"], "the European Patent Office and WIPO together", "European Patent Office + WIPO",
         "none of the European Patent Office or WIPO", "were"),
        (["*"], "all other countries", "all other countries", "none of the other countries", "were"),
    ],
)  # fmt: skip
def test_a_side_by_name(codes: list[str], sentence: str, short: str, none: str, was: str) -> None:
    """In a sentence with articles, short with plus signs, empty with or; and with the verb that agrees."""
    assert side_names.in_sentence(codes) == sentence
    assert side_names.short(codes) == short
    assert side_names.none_of(codes) == none
    assert side_names.was(codes) == was


def test_every_office_has_a_name() -> None:
    """No code stands in a text, whichever office a claim names."""
    assert not [code for code in office_codes() if code in office_name(code).split()]
