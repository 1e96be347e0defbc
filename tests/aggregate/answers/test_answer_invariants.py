"""What must hold of every answer: less information never makes it surer, and labels and names change nothing."""

from __future__ import annotations

import copy
import datetime as dt
import random
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patentscope import Query, run

from factories import claim, query_text
from places import ROOT
from worlds import answer_text
from worlds.answer_world import Group, Option
from worlds.answered import claim_of, families_of, landscape_of, limits_of, query_of
from worlds.sheets import LENS, lens, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from patentscope.aggregate.answers.entry import Entry

    from worlds.answer_text import Worked
    from worlds.answer_world import Family

_AXES = {
    "unit": ("family", "application"),
    "basis": ("priority", "applicant", "office"),
    "share": ("whole",),
    "date": ("priority", "publication"),
    "documents": ("inventions", "inventions+utility_models"),
    "international": ("all",),
}


def _worlds(before: int) -> dict[str, Worked]:
    """Return the worked cases a to g by their letter, with the filings of the claim's year and of so many years before.

    What is published in a year was filed in the two years before it.
    """
    found = {}
    for path in sorted((ROOT / "tests" / "answers").glob("?_*.claim")):
        worked = answer_text.read(path)
        if path.stem[0] not in found and "labels" not in worked.says:
            last = claim_of(worked).years[1]
            groups = tuple(replace(group, years=(max(group.years[0], last - before), last)) for group in worked.groups)
            found[path.stem[0]] = replace(worked, groups=groups)
    return found


WORLDS, LONGER = _worlds(2), _worlds(6)
#: An example is a letter and two numbers: nothing to be made smaller, and each try takes half a second.
_PHASES = (Phase.explicit, Phase.generate)
letters = st.sampled_from(sorted(WORLDS))


def _query(worked: Worked, **axes: tuple[str, ...]) -> Query:
    return replace(query_of(worked), axes=_AXES | axes)


def _answer(worked: Worked, families: Sequence[Family] | None = None, query: Query | None = None) -> Entry:
    with landscape_of(worked, families, query or _query(worked)) as land:
        return land.assess(claim_of(worked))


@cache
def _whole(letter: str) -> Entry:
    """Return the answer on all of a world's records."""
    return _answer(WORLDS[letter])


def _surer(before: Entry, after: Entry) -> list[str]:
    """Return which answers lost points, overall and by question; one that is no longer given lost none."""
    found = []
    if after["points"] is not None and (before["points"] is None or after["points"] < before["points"]):
        found.append(f"overall {before['points']} -> {after['points']}")
    points = {question["question"]: question["points"] for question in before["questions"]}
    for question in after["questions"]:
        then, now = points[question["question"]], question["points"]
        if then is not None and now is not None and now < then:
            found.append(f"{question['question']} {then} -> {now}")
    return found


def _without(families: Sequence[Family], part: float, seed: int) -> list[Family]:
    draw = random.Random(seed)  # noqa: S311 - which of a made-up world's families are left out
    return [family for family in families if draw.random() >= part]


@settings(max_examples=6, phases=_PHASES)
@given(letters, st.floats(0.05, 0.95), st.sampled_from(["CN", "US", ""]), st.integers(0, 99))
def test_blank_countries_never_raise_the_certainty(letter: str, part: float, office: str, seed: int) -> None:
    """Where a part of one country's families, or of all, name no party's country any more, no answer is surer."""
    worked = WORLDS[letter]
    draw = random.Random(seed)  # noqa: S311 - which of a made-up world's families are blanked
    blanked = [
        replace(family, owners=(None,), inventors=(None,))
        if family.home.startswith(office) and draw.random() < part
        else family
        for family in families_of(worked)
    ]
    assert not _surer(_whole(letter), _answer(worked, blanked))


@settings(max_examples=4, phases=_PHASES)
@given(letters, st.integers(1, 60))
def test_an_earlier_date_never_raises_the_certainty(letter: str, months: int) -> None:
    """The same records as of an earlier day give no answer that is surer."""
    worked = LONGER[letter]
    claim = claim_of(worked)
    with landscape_of(worked, query=_query(worked)) as land:
        before = land.assess(claim)
        year, month = divmod(land.today.year * 12 + land.today.month - 1 - months, 12)
    with landscape_of(worked, query=_query(worked)) as land:
        land.today = land.today.replace(year=year, month=month + 1, day=28)
        after = land.assess(claim)
    assert not _surer(before, after)


@pytest.mark.parametrize("letter", sorted(WORLDS))
def test_an_unknown_search_never_raises_the_certainty(letter: str) -> None:
    """Proven whole, of unknown wholeness, cut: each in turn is less sure, whole and by question."""
    worked = WORLDS[letter]
    answers = []
    with landscape_of(worked, query=_query(worked)) as land:
        for status in ("proven", "unknown", "cut"):
            land.limits = limits_of(replace(worked, says=worked.says | {"search": status}))
            answers.append(land.assess(claim_of(worked)))
    for before, after in pairwise(answers):
        assert not _surer(before, after)
        assert after["points"] == before["points"] + 1


@settings(max_examples=8, phases=_PHASES)
@given(letters, st.floats(0.02, 0.9), st.integers(0, 99))
def test_families_taken_away_never_raise_the_certainty(letter: str, part: float, seed: int) -> None:
    """With any part of the families taken away at random, the overall answer to none of the cases is surer."""
    worked = WORLDS[letter]
    before, after = _whole(letter), _answer(worked, _without(families_of(worked), part, seed))
    assert after["points"] is None or after["points"] >= before["points"]


@pytest.mark.parametrize("letter", "bcd")
def test_a_twentieth_taken_away_turns_no_answer(letter: str) -> None:
    """With a twentieth of the families taken away at random, six times over, the answer is the same."""
    worked = WORLDS[letter]
    families, verdict = families_of(worked), _whole(letter)["verdict"]
    for seed in range(6):
        assert _answer(worked, _without(families, 0.05, seed))["verdict"] == verdict


_SAID = ("verdict", "certainty", "points", "scope", "chip", "sentence", "claimed_and_counted", "certainty_in_words")


def _paragraph(entry: Entry) -> dict[str, object]:
    """Return every word of an answer, and the figures that it is made of."""
    said: dict[str, object] = {key: entry[key] for key in _SAID}  # type: ignore[literal-required]
    said |= {key: entry[key] for key in ("card", "concerns", "ways", "ways_in_words", "raise", "nearest_in_words")}  # type: ignore[literal-required]
    left_out = {"listed", "judged"}  # a reading more is a row more
    said["questions"] = [
        {key: value for key, value in question.items() if key not in left_out} for question in entry["questions"]
    ]
    return said


@pytest.mark.parametrize("name", ["near_two_of_five", "sight_nine_in_ten", "alike_median", "distinct_results"])
def test_a_copied_reading_changes_no_word(name: str) -> None:
    """The first definition of the topic, or the last, listed again under another name: the same paragraph."""
    worked = answer_text.read(ROOT / "tests" / "answers" / f"{name}.claim")
    before = _answer(worked, query=query_of(worked))
    names = worked.says["topic"].split(", ")
    for place in (0, len(names) - 1):
        original = names[place]
        again = f"{original}_again"
        listed = [*names[: place + 1], again, *names[place + 1 :]]
        copied = replace(worked, says=worked.says | {"topic": ", ".join(listed)})
        query = query_of(copied)
        # What a copy needs to see is what its original needs.
        needs = {reading.name: reading for reading in query_of(worked).readings}
        readings = tuple(
            replace(needs[reading.name.removesuffix("_again")], name=reading.name) for reading in query.readings
        )
        families = families_of(worked)
        for family in families:
            if original in family.outside:
                family.outside.add(again)
        after = _answer(copied, families, replace(query, readings=readings))
        assert _paragraph(after) == _paragraph(before)


@pytest.mark.parametrize("units", [("family", "application"), ("family", "extended_family", "application")])
@pytest.mark.parametrize("letter", "aeg")
def test_units_that_coincide_change_nothing(letter: str, units: tuple[str, ...]) -> None:
    """Where every family is one application, counting applications as well changes no verdict, share or point."""
    worked = WORLDS[letter]
    alone, together = (_answer(worked, query=_query(worked, unit=levels)) for levels in (("family",), units))
    kept = ("verdict", "points", "results", "share_ahead", "share_behind", "share_open", "share_near")
    for before, after in zip(alone["questions"], together["questions"], strict=True):
        assert {key: before[key] for key in kept} == {key: after[key] for key in kept}  # type: ignore[literal-required]
    assert (alone["verdict"], alone["points"]) == (together["verdict"], together["points"])


@settings(max_examples=4, phases=_PHASES)
@given(st.sampled_from("bdf"), st.permutations(["US", "JP", "AU", "DE"]), st.sampled_from(["CN", "KR"]))
def test_relabelled_countries_have_the_relabelled_answer(letter: str, others: list[str], first: str) -> None:
    """With countries exchanged in the records and in the claim, the answer is the same with them exchanged."""
    codes = dict(zip(("US", "JP", "AU", "DE"), others, strict=True)) | {
        "CN": first,
        "KR": "KR" if first == "CN" else "CN",
    }
    worked = WORLDS[letter]
    turned = replace(worked, groups=tuple(_relabelled(group, codes) for group in worked.groups))
    claim = claim_of(worked)
    exchanged = replace(
        claim, left=tuple(codes[code] for code in claim.left), right=tuple(codes[code] for code in claim.right)
    )
    with landscape_of(turned, query=_query(worked)) as land:
        after = land.assess(exchanged)
    before = copy.deepcopy(_whole(letter))
    sides = {"CN": codes["CN"], "US+AU+JP": "+".join(exchanged.right), None: None}
    for entry in before["questions"]:
        for concern in entry["concerns"]:
            concern["side"] = sides[concern["side"]]
    words = {"line", "figure", "ahead", "behind"}
    plain = [
        [{key: value for key, value in question.items() if key not in words} for question in entry["questions"]]
        for entry in (before, after)
    ]
    assert plain[0] == plain[1]
    assert (before["verdict"], before["points"], before["rests_on"]) == (
        after["verdict"],
        after["points"],
        after["rests_on"],
    )


def _relabelled(group: Group, codes: dict[str, str]) -> Group:
    def names(option: Option) -> Option:
        return replace(option, names=tuple(codes.get(name, name) for name in option.names))

    return replace(group, country=codes[group.country], options=tuple(names(option) for option in group.options))


_RUN = query_text(
    "split",
    readings={"any": {"any": ["classes.rare_earth", "classes.recycling"]}},
    claims=[claim("split", year=2018, right=["US", "JP"], said_on=None)],
    axes={"unit": ["family", "publication"], "basis": ["priority", "office"], "date": ["priority", "publication"]},
)


def _row(serial: int, office: str, year: int) -> list[str]:
    """Return a record of a Lens export: a filing of *year*, published 18 months later."""
    month = serial % 12 + 1
    filed, published = f"{year}-{month:02d}-15", f"{year + 1 + (month > 6)}-{(month + 5) % 12 + 1:02d}-15"
    return lens(
        f"{office} {10_000_000 + serial} A1",
        Publication_Date=published,
        Publication_Year=published[:4],
        Application_Number=f"{office} {year}1{serial:07d} A",
        Application_Date=filed,
        Priority_Numbers=f"{office} {year}1{serial:07d} A",
        Earliest_Priority_Date=filed,
    )


def test_records_and_files_in_any_order_and_split_anywhere_give_one_answer(tmp_path: Path) -> None:
    """One export, and its records shuffled over three files of other lengths, in another order: the same answer."""
    sizes = {"CN": 130, "US": 60, "JP": 25}
    places = [(office, year) for year in (2016, 2017, 2018) for office, size in sizes.items() for _ in range(size)]
    rows = [_row(serial, office, year) for serial, (office, year) in enumerate(places)]
    shuffled = random.Random(0).sample(rows, len(rows))  # noqa: S311 - an order
    splits = {"whole": [rows], "split": [shuffled[400:], shuffled[:7], shuffled[7:400]]}
    found = []
    for name, parts in splits.items():
        paths = [tmp_path / f"{name}{place}.csv" for place in range(len(parts))]
        for path, part in zip(paths, parts, strict=True):
            path.write_text(text_of(LENS, *part), encoding="utf-8")
        found.append(run(Query.parse(_RUN), inputs=paths, as_of=dt.date(2026, 6, 30), out=tmp_path / name).verdicts)
    assert found[0] == found[1]
    assert found[0][0]["verdict"] == "direction right, size not reproduced"
