"""What is said of a site's export holds of real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patentscope import run
from patentscope.fetch.sites import SITES
from patentscope.query.query import Query

from places import REAL

IN_WORDS = {
    "market": "where protection is sought",
    "ownership": "who owns it",
    "invention": "where it was invented",
    "international": "what was filed abroad",
}
AS_EXPORTED = """
name = "check"
title = "check"
[scope]
years = [2000, 2024]
[topic.readings]
as_exported = { all = ["records"] }
[axes]
unit = ["family", "publication"]
basis = ["priority", "applicant", "inventor", "office"]
date = ["priority", "publication"]
documents = ["inventions", "inventions+utility_models"]
international = ["all", "two_offices"]
[[claims]]
id = "check"
quote = "q"
years = [2000, 2024]
left = ["US"]
right = ["JP", "KR"]
"""


@pytest.mark.real
@pytest.mark.parametrize(
    ("site", "file"),
    [
        ("Lens", "lens/export_2024.csv"),
        ("Google Patents", "google_patents/gp-search-20251001-102423.first400.csv"),
        ("Espacenet", "espacenet/export_2015.csv"),
    ],
)
def test_an_export_answers_what_is_said_of_it(site: str, file: str, tmp_path: Path) -> None:
    """Of the four questions, a real export of each site answers those that are named, no other."""
    run(Query.parse(AS_EXPORTED), inputs=[REAL / file], complete=True, out=tmp_path)
    (claim,) = json.loads((tmp_path / "verdict.json").read_text(encoding="utf-8"))["claims"]
    answered = {entry["question"] for entry in claim["questions"] if entry["verdict"] not in {"open", "not assessable"}}
    can, _, can_not = next(one.answers for one in SITES if one.name == site).partition(";")
    assert {question for question, words in IN_WORDS.items() if words in can} == answered
    assert all((words in can) != (words in can_not) for words in IN_WORDS.values())
