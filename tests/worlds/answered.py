"""A worked answer counted: its records loaded, its query, and the answer in the lines that its file expects."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import parse_claim
from patentscope.query.convention import AXES
from patentscope.query.query import Query
from patentscope.records import intake, store
from patentscope.records.families import assign

from factories import day, query_text, seen_in
from worlds import answer_world

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from patentscope.aggregate.answers.entry import Concern, Entry, Figures, Question, Way
    from patentscope.query.claim import Claim
    from patentscope.records.publication import Publication

    from worlds.answer_text import Worked
    from worlds.answer_world import Family

#: The data's own date, where a file names none.
TODAY = "2026-06-30"
EVERY_WAY = {axis: list(levels) for axis, levels in AXES.items()} | {
    "unit": ["family", "application", "publication"],
    "date": ["priority", "filing", "publication"],
}
_SEARCH = {
    "proven": (0, "complete, proven"),
    "whole by the user's word": (1, "complete, by the user's word"),
    "unknown": (1, "not known whether it is whole"),
    "cut": (2, "cut"),
}
_NEEDS = {"words": "terms.rare_earth", "classifier": "classifier"}


def query_of(worked: Worked) -> Query:
    """Return the query of a worked answer, without its claim."""
    names = [entry.removesuffix(" (wider)") for entry in worked.says.get("topic", "classes").split(", ")]
    wider = [entry.removesuffix(" (wider)") for entry in worked.says.get("topic", "").split(", ") if "(wider)" in entry]
    axes = EVERY_WAY
    if worked.says.get("counted by") != "every way":
        listed = [entry.split() for entry in worked.says.get("counted by", "").split("; ")]
        axes = {axis: levels for axis, *levels in filter(None, listed)}
    text = query_text(
        "worked",
        years=[2010, 2025],
        terms={"en": {"rare_earth": ["rare earth"]}},
        readings={"strict": {}, "terms": {}}
        | {name: {"all": [_NEEDS.get(name, "classes.rare_earth")]} for name in names},
        axes=axes,
    )
    return Query.parse(text.replace("[topic.classes]", f"[topic]\nwider = {wider}\n[topic.classes]") if wider else text)


def claim_of(worked: Worked) -> Claim:
    """Return its claim."""
    return replace(parse_claim(worked.says["claim"]), said_on=day(worked.says.get("said on")))


def families_of(worked: Worked) -> list[Family]:
    """Return its families."""
    after = re.match(r"\d+", worked.says.get("published", "18"))
    assert after
    return answer_world.families(worked.groups, int(after[0]))


def limits_of(worked: Worked) -> DataLimits:
    """Return what is known of its data as a whole."""
    status = worked.says.get("search", "unknown")
    points, found = _SEARCH[status]
    lacking = worked.says.get("not known", "")
    offices = re.match(r"what is filed at ([A-Z ]+)", lacking)
    return DataLimits(
        lacks_offices=tuple(offices[1].split()) if offices else (),
        search_points=points,
        search_found=found,
        is_whole=status in {"proven", "whole by the user's word"},
        knows_members=lacking != "members of families",
        undated_before=day(worked.says.get("data to", TODAY)) if lacking == "the dates of family members" else None,
        untrained={"classifier": "too few examples"} if lacking == "the classifier's topic" else {},
    )


def landscape_of(worked: Worked, families: Sequence[Family] | None = None, query: Query | None = None) -> Landscape:
    """Return its records, loaded: those of *families* where some are given, and for another *query*."""
    made = list(families_of(worked) if families is None else families)
    query = query or query_of(worked)
    today = day(worked.says.get("data to", TODAY))
    assert today is not None
    rows = [row for row in answer_world.publications(made) if row.publication_date and row.publication_date <= today]
    land = _loaded(rows, made, query, today, limits_of(worked), None)
    if "labels" not in worked.says:
        return land
    with land:
        labels = _labels(land, claim_of(worked), worked.says["labels"])
    return _loaded(rows, made, query, today, limits_of(worked), labels)


def _loaded(
    rows: Sequence[Publication],
    made: Sequence[Family],
    query: Query,
    today: dt.date,
    limits: DataLimits,
    labels: pd.DataFrame | None,
) -> Landscape:
    table = intake.merge([store.to_table(rows)], most_bad=0.0).table
    families = assign(table)
    scores = seen_in(table)
    outside = {f"F{family.name}": family.outside for family in made}
    for reading in query.readings:
        scores[f"in_topic_{reading.name}"] = pd.array(
            [reading.name not in outside[family] for family in scores["family_id"]], dtype="boolean"
        )
    return Landscape(Stock.of(table, families), scores, query, today, limits, labels)


def _labels(land: Landscape, claim: Claim, text: str) -> pd.DataFrame:
    """Return labels of so many families of each country, all on topic: `50 a country`, `all`, or `all of 2015`."""
    first, last = (int(text[-4:]), int(text[-4:])) if text[-4:].isdecimal() else claim.years
    frame = land.families_in([(first, last)])
    frame = frame[frame["in_0"]]
    rows = []
    for country, mine in frame.groupby("country", sort=True):
        drawn = len(mine) if text.startswith("all") else min(int(text.split(maxsplit=1)[0]), len(mine))
        read = mine["family_id"].sample(drawn, random_state=0).sort_values()
        rows += [(family, family, "in", f"{country}, any score", len(mine), drawn, country) for family in read]
    columns = ["document", "family_id", "label", "stratum", "stratum_families", "stratum_drawn", "group"]
    return pd.DataFrame(rows, columns=columns).assign(years=f"{first}..{last}")


# ---- the answer as lines ---------------------------------------------------------------------------------------------

_ORDER = ("search", "window", "countries", "publication", "number", "sight", "topic", "unanswered")


def line_of(entry: Entry, key: str) -> str:
    """Return what an answer says under one of the keys of a worked answer's file.

    Keys are a question, for its answer, and those of `_WHOLE`, `_OF_QUESTION` and `_OF_NAME`, the latter two with the
    name of a question, a way or a concern behind them.
    """
    what, _, of = key.partition(" ")
    questions = {question["question"]: question for question in entry["questions"]}
    if key in _WHOLE:
        return _WHOLE[key](entry)
    if what in _OF_QUESTION:
        return _OF_QUESTION[what](questions[of])
    return _answered(questions[key]) if key in questions else _OF_NAME[what](entry, of)


def _sum_of(concerns: Sequence[Concern], points: int | None, certainty: str | None) -> str:
    if certainty is None:
        return "none"
    lost = {one["concern"]: one["points"] for one in concerns if one["points"]}
    terms = " + ".join(f"{name} {lost[name]}" for name in sorted(lost, key=_ORDER.index)) or "nothing"
    return f"{terms} = {points}: {certainty}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _sides(figures: Figures | Question | Way) -> str:
    return f"{_number(figures['left_n'])} : {_number(figures['right_n'])}"


def _answered(question: Question) -> str:
    if question["figure"] is None:
        return question["verdict"]
    parts = [question["verdict"], _sides(question)]
    if question["certainty"] is not None:
        parts.append(_sum_of(question["concerns"], question["points"], question["certainty"]))
    return ", ".join(parts)


def _results(question: Question) -> str:
    shares = [
        f"{name} {_number(question[f'share_{name}'])}"  # type: ignore[literal-required]
        for name in ("ahead", "behind", "open", "near")
        if question[f"share_{name}"]  # type: ignore[literal-required]
    ]
    return ", ".join([str(question["results"]), *shares])


def _way(way: Way) -> str:
    if way["stopped"]:
        return f"stopped: {way['reason']}"
    return ", ".join([way["stands"] or "too little to tell", _sides(way), *(["near"] if way["near"] else [])])


def _stopped(entry: Entry, question: str) -> str:
    return "; ".join(f"{one['reason']} ({one['n']})" for one in entry["stopped"] if one["question"] == question)


def _raised(entry: Entry, concern: str) -> str:
    return "; ".join(
        f"{one['text']} {one['command'] or ''}".strip() for one in entry["raise"] if one["concern"] == concern
    )


_WHOLE: dict[str, Callable[[Entry], str]] = {
    "answer": lambda entry: entry["verdict"],
    "evidence": lambda entry: _sum_of(entry["concerns"], entry["points"], entry["certainty"]),
    "scope": lambda entry: entry["scope"],
    "chip": lambda entry: entry["chip"],
    "sentence": lambda entry: entry["sentence"],
    "counted": lambda entry: entry["claimed_and_counted"],
    "ways": lambda entry: entry["ways_in_words"],
    "rests": lambda entry: ", ".join(entry["rests_on"]),
    "equal": lambda entry: "; ".join(" = ".join(names) for names in entry["equal_readings"]),
}
_OF_QUESTION: dict[str, Callable[[Question], str]] = {"results": _results, "line": lambda question: question["line"]}
_OF_NAME: dict[str, Callable[[Entry, str], str]] = {
    "stopped": _stopped,
    "raise": _raised,
    "way": lambda entry, name: _way(next(way for way in entry["ways"] if way["way"] == name)),
}
