"""The panel's data and words: every way is in it once, with curve.csv's counts; its names are for readers."""

from __future__ import annotations

import base64
import struct
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from patentscope.query.query import Query
from patentscope.report.reader import panel_words
from patentscope.report.reader.levels import axes_of
from patentscope.report.reader.panel import panel
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables

from factories import CLASSIFIER, TERMS, claim, query_text
from places import QUERY
from worlds.entries import make_entry, make_figures, make_question

if TYPE_CHECKING:
    from patentscope import Run


def ways(data: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return a panel's ways by their levels, taken apart as its data say, by the standard library alone."""
    keys, levels = [axis[0] for axis in data["axes"]], [axis[1] for axis in data["axes"]]
    ids = base64.b64decode(data["ids"]).hex()
    found = {}
    for place, number in enumerate(accumulate(data["steps"])):
        rest, chosen = number, []
        for listed in reversed(levels):
            rest, level = divmod(rest, len(listed))
            chosen.insert(0, listed[level])
        assert not rest
        kind, reason = data["reasons"][data["why"][place]]
        counts = {"left": data["left"][place], "right": data["right"][place], "place": place}
        found[tuple(chosen)] = {"id": ids[12 * place : 12 * place + 12], "kind": kind, "reason": reason, **counts}
    assert keys == list(dict.fromkeys(keys))
    return found


def lines(data: dict[str, Any]) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return both sides by year, by a way's place."""
    packed = data["lines"]
    n, letter = packed["years"], {1: "B", 2: "H", 4: "I"}[packed["bytes"]]
    raw = base64.b64decode(packed["counts"])
    counts = struct.unpack(f"<{len(raw) // packed['bytes']}{letter}", raw)
    places = list(accumulate(packed["of"]))
    return {
        place: (counts[2 * line * n : (2 * line + 1) * n], counts[(2 * line + 1) * n : (2 * line + 2) * n])
        for line, place in enumerate(places)
    }


@pytest.fixture(scope="module")
def tables(made_run: Run) -> RunTables:
    """The tables of the made run."""
    return RunTables.read(made_run.folder)


@pytest.fixture(scope="module")
def data(tables: RunTables) -> dict[str, Any]:
    """What the page has of its claim."""
    shown = panel(tables, tables.claims[0])
    assert shown is not None
    found: dict[str, Any] = shown["data"]
    return found


def test_every_way_is_there_with_its_counts(tables: RunTables, data: dict[str, Any]) -> None:
    """Taken apart again, the data have each row of curve.csv once: levels, identifier, both counts and standing."""
    found = ways(data)
    keys = [axis[0] for axis in data["axes"]]
    assert len(found) == len(tables.curve)
    for row in tables.curve.to_dict(orient="records"):
        way = found[tuple(row[key] for key in keys)]
        assert way["id"] == row["spec_id"]
        assert f"{way['left']:.6f}" == f"{float(row['left_n']):.6f}"
        assert f"{way['right']:.6f}" == f"{float(row['right_n']):.6f}"
        assert (way["kind"] == "fair") == (row["judged"] == "true")
        assert (way["kind"] == "stopped") == (row["stopped"] == "true")
        assert bool(way["reason"]) == (row["judged"] != "true")


def test_lines_are_those_of_by_year(tables: RunTables, data: dict[str, Any]) -> None:
    """Each way of by-year.parquet has its two lines, which end at the last year of nine tenths published.

    No year is shown of which hardly anything is.
    """
    places = {way["id"]: way["place"] for way in ways(data).values()}
    drawn = lines(data)
    whole = dict(zip(accumulate(data["lines"]["of"]), data["lines"]["whole"], strict=True))
    shown = dict(zip(whole, data["lines"]["shown"], strict=True))
    assert max(shown.values()) == data["lines"]["years"]
    by_way = tables.by_year.groupby("spec_id")
    assert len(by_way) == len(drawn)
    for spec_id, rows in by_way:
        mine = rows.sort_values("year")
        left, right = drawn[places[spec_id]]
        assert left == tuple(mine["left_n"])[: data["lines"]["years"]]
        assert right == tuple(mine["right_n"])[: data["lines"]["years"]]
        part = mine[["left_published", "right_published"]].min(axis=1)
        is_there = mine[["left_n", "right_n"]].sum(axis=1).gt(0) & (part.ge(0.1) | part.isna())
        until = mine.loc[is_there | mine["year"].le(2024), "year"].max() - data["lines"]["first"] + 1
        assert shown[places[spec_id]] == until
        published = mine[mine["left_published"].ge(0.9) & mine["right_published"].ge(0.9)]
        last = int(published["year"].max()) - data["lines"]["first"] + 1 if len(published) else 0
        assert whole[places[spec_id]] == min(last, until)


def test_reasons_are_plain(data: dict[str, Any]) -> None:
    """No reason speaks of points, terms of ours or codes; weaker evidence says what is weaker, with its figure."""
    reasons = [reason for _, reason in data["reasons"]]
    assert len(reasons) > 5
    assert not [reason for reason in reasons for word in (" points", "spec", "US+AU", "median", "+") if word in reason]
    assert any("had been published by" in reason and "%" in reason for reason in reasons)
    assert any("takes in more than the claim" in reason for reason in reasons)


def test_a_reason_adds_up(tables: RunTables) -> None:
    """Where points decide, curve.csv names what each concern costs; the sum is the row's points."""
    rows = tables.curve[tables.curve["reason"].str.contains(" points, where others have ")]
    assert len(rows) > 100
    for reason, points in set(zip(rows["reason"], rows["points"], strict=True)):
        terms, _, total = reason.partition(" points")[0].rpartition(" = ")
        assert sum(int(term.split()[1]) for term in terms.split(" + ")) == int(total) == int(points)


def test_first_result_is_the_headlines(tables: RunTables, data: dict[str, Any]) -> None:
    """The panel begins at the way of the card; each choice alone is a row, those that are chosen among them."""
    card = tables.claims[0]["card"]
    assert card is not None
    assert data["first"] == card["spec_id"]
    shown = panel(tables, tables.claims[0])
    assert shown is not None
    rows = [list(map(str, row)) for row in shown["alone"].rows]
    assert rows[0][:2] == ["Whose patents?", "Country of first filing"]
    chosen = f"{card['left_n']:,.0f}", f"{card['right_n']:,.0f}"
    assert [row for row in rows if (row[2], row[3]) == chosen]
    assert sum(row[0] == "What is on the topic?" for row in rows) == 6


def test_shipped_definitions_have_plain_names() -> None:
    """The six of the shipped query, from what they ask for; only what no rule can know is given in the query."""
    names = topic_names(Query.load(QUERY))
    assert list(names.values())[:6] == [
        "Patent classes",
        "Without green-tech tags",
        "OECD classes + words",
        "Words in the text",
        "Wider: from ores too",
        "Text model",
    ]
    assert list(map(in_a_sentence, ("OECD classes + words", "Text model"))) == ["OECD classes + words", "text model"]


@pytest.mark.parametrize(
    ("name", "members", "said"),
    [
        ("any_of_both", {"any": ["classes.rare_earth", "terms.rare_earth"]}, "Rare earth classes or words"),
        ("strict_no_y02", {"all": ["classes.recycling"]}, "Recycling classes without green-tech tags"),
        ("classifier+eol", {"all": ["classifier"]}, "Text model, from used products only"),
        ("as_exported", {"all": ["records"]}, "Every record given"),
        ("other", {"all": ["classes.rare_earth", "classes.recycling"]}, "Patent classes (other)"),
    ],
)
def test_any_definition_has_a_name(name: str, members: dict[str, list[str]], said: str) -> None:
    """Other queries' definitions are named by the same rules, no two alike."""
    text = query_text(terms={"en": TERMS}, readings={f'"{name}"': members, **CLASSIFIER}, claims=[claim()])
    names = topic_names(Query.parse(text))
    assert names[name] == said
    assert len(set(names.values())) == len(names)


def test_one_level_is_no_choice() -> None:
    """An axis with one level is named in the sentence and asks nothing."""
    query = Query.parse(query_text(claims=[claim()]))
    row = {"unit": "family", "basis": "office", "share": "whole", "date": "filing", "documents": "inventions"}
    row |= {"international": "all", "topic": "strict", "as_of": "2026-06-30"}
    axes = axes_of(pd.DataFrame([row]), {"year": "2015..2020"}, query)  # type: ignore[typeddict-item]
    assert {len(axis.levels) for axis in axes} == {1}
    assert [axis.asks for axis in axes][3] == "2015 to 2020 by which date?"


LIMIT = {"says": "more", "value": 2.0, "size": "more than twice as many"}
UNDER = {"says": "less", "value": 0.5, "size": "less than half as many"}
SHARE = {"is_share": True, "value": 0.6, "says": "more", "size": "over 60 %"}


@pytest.mark.parametrize(
    ("said", "counts", "found", "wanted"),
    [
        (
            {},
            (495, 824, 0),
            "China has <b>40 % fewer than the three</b>: 495 against 824.",
            "For 73 % more it would need 1,426 (dashed).",
        ),
        ({"value": None}, (9, 306, 0), "China has <b>one for every 34 of the three</b>: 9 against 306.", ""),
        ({}, (0, 3, 0), "China has <b>none</b>, the three 3.", "For 73 % more it would need 6 (dashed)."),
        ({}, (4, 0, 0), "The three have <b>none</b>, China 4.", ""),
        ({}, (0, 0, 0), "Neither side has any.", ""),
        (
            LIMIT,
            (6, 10, 0),
            "China has <b>40 % fewer than the three</b>: 6 against 10.",
            "For more than twice as many it would need 21 (dashed).",
        ),
        (
            UNDER,
            (6, 10, 0),
            "China has <b>40 % fewer than the three</b>: 6 against 10.",
            "For less than half as many it may have at most 4 (dashed).",
        ),
        (SHARE, (5, 10, 2), "China has <b>38 % of both together</b>: 5 of 13.",
         "For over 60 % it would need 13 (dashed)."),
        (
            {},
            (742, 430, 0),
            "China has <b>73 % more than the three</b>: 742 against 430.",
            "That is the claimed size, or nearly (744, dashed).",
        ),
        (
            {},
            (1071, 586, 0),
            "China has <b>83 % more than the three</b>: 1,071 against 586.",
            "That is the claimed size, or nearly (1,014, dashed).",
        ),
        (
            {},
            (124, 51, 0),
            "China has <b>2.4 times as many as the three</b>: 124 against 51.",
            "For 73 % more 89 would do (dashed).",
        ),
        (LIMIT, (30, 10, 0), "China has <b>3 times as many as the three</b>: 30 against 10.",
         "For more than twice as many 21 would do (dashed)."),
    ],
)  # fmt: skip
def test_sentence_of_a_result(said: dict[str, Any], counts: tuple[int, int, int], found: str, wanted: str) -> None:
    """A result says who has how many more, the counts, and what the claim would need; an empty side has none."""
    usual = {
        "left": "China",
        "right": "the three",
        "left_has": "has",
        "right_has": "have",
        "it": "it",
        "together": "both together",
        "is_share": False,
        "size": "73 % more",
        "value": 1.73,
        "says": "size",
        "is_reached": False,
        "margin": 0.1,
    }
    sentence = f"{found} {wanted}" if wanted else found
    assert panel_words.result({**usual, **said}, *counts, is_audited=False) == sentence


def test_a_count_that_the_unknown_decide_is_not_told_as_sure() -> None:
    """The counts stand, with how many are unknown and both ends; no size, and nothing that the claim would need."""
    entry = make_entry("open", make_question("invention", "open", make_figures(31, 8)))
    untold = ["with 61 of unknown country", "who leads can't be told", "55 % fewer to 12 times as many"]
    said = panel_words.names_said(entry)
    assert panel_words.result(said, 31, 8, 0, is_audited=False, untold=untold).unescape() == (
        "China has 31 against 8, with 61 of unknown country: <b>who leads can't be told</b> "
        "(55 % fewer to 12 times as many)."
    )
    assert panel_words.size(said, 31, 8, 0, untold) == "who leads can't be told (55 % fewer to 12 times as many)"


def test_no_question_is_surer_than_the_answer(tables: RunTables) -> None:
    """A quote after a choice has the evidence of its question, or that of the whole answer where that is worse."""
    claim = tables.claims[0]
    for answer, question, said in (("low", "moderate", "low"), ("high", "moderate", "moderate"), ("low", None, None)):
        questions = [one | {"certainty": question} for one in claim["questions"]]
        shown = panel(tables, claim | {"certainty": answer, "questions": questions})  # type: ignore[arg-type, typeddict-item]
        assert shown is not None
        assert set(shown["data"]["evidence"].values()) == {said}
