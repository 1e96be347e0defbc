"""Which figure of a run is meant: of which claim, and by which way of counting."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentscope.aggregate.stored import landscape, query_of
from patentscope.errors import UsageError
from patentscope.query.claim import Claim, parse_claim
from patentscope.query.convention import Convention, combinations
from patentscope.query.query import AUDITED, Query

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry
    from patentscope.provenance.run_folder import RunFolder

#: So many ids are named where a beginning is that of several.
_NAMED = 5


@dataclass(frozen=True)
class About:
    """A claim and its entry, as verdict.json has it; neither where the query has no claim.

    `is_own` says that it is one of the run's, so that curve.csv has its rows.
    """

    claim: Claim | None = None
    entry: Entry | None = None
    is_own: bool = True


def about(folder: RunFolder, query: Query, named: str | None) -> About:
    """Return the claim that *named* gives by its id or states in words; for None the query's first.

    Raises:
        UsageError: where it is neither an id of this run nor a claim in words.
        QueryError: where a claim in words can't be read.
    """
    claims = {claim.id: claim for claim in query.claims}
    name = next(iter(claims), None) if named is None else named
    if name is None:
        return About()
    if name in claims:
        entries = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"]
        return About(claims[name], next(entry for entry in entries if entry["id"] == name))
    if not set(name) & set(" <>="):
        there = f"it has {', '.join(claims)}" if claims else "its query has none"
        raise UsageError(f'--claim {name}: no claim of this run ({there}); or write one: --claim "CN > US in 2024"')
    claim = parse_claim(name)
    _, today = query_of(folder)
    with landscape(folder, query, today) as land:
        return About(claim, land.assess(claim), is_own=False)


def chosen(
    folder: RunFolder, query: Query, about: About, *, spec: str | None, way: str | None, question: str | None
) -> Convention:
    """Return the convention of the figure that is asked for: by *spec*, by *way*, by *question*, else the answer's own.

    Raises:
        UsageError: where there is none, or they don't agree.
    """
    if spec is not None and way is not None:
        raise UsageError(f"--spec {spec} and --way {way}: ask for one of them")
    known = conventions(folder)
    if not about.is_own and about.claim is not None:
        known |= _listed(folder, query, about.claim)
    if spec is not None:
        name = _by_beginning(spec, known)
    elif way is not None:
        if about.entry is None:
            claim = 'write one: --claim "CN > US in 2024"'
            raise UsageError(
                f"--way {way}: the query of this run has no claim, and ways are listed for a claim; {claim}"
            )
        name = _of(way, "way", {one["way"]: one["spec_id"] for one in about.entry["ways"]})
    else:
        name = _of_question(folder, about.entry, question)
    convention = known[name]
    if question is not None and convention.question != question:
        given = f"--spec {spec}" if spec is not None else f"--way {way}"
        raise UsageError(f"{given} counts for the question {convention.question}, not for {question}: leave one out")
    return convention


def conventions(folder: RunFolder) -> dict[str, Convention]:
    """Return every specification that a run has counted, by its id."""
    rows = (row for name in ("curve.csv", "sensitivity.csv", "counts.csv") for row in _rows(folder, name))
    return {convention.spec_id: convention for convention in map(_convention, rows)}


def _convention(row: Mapping[str, str]) -> Convention:
    return Convention.of(row, dt.date.fromisoformat(row["as_of"]))


def counted(folder: RunFolder, claim: Claim, convention: Convention) -> dict[str, float]:
    """Return what curve.csv counts on either side, by `left` and `right`; nothing where it has no such row."""
    for row in _rows(folder, "curve.csv"):
        if (row["claim_id"], row["spec_id"]) == (claim.id, convention.spec_id):
            return {side: float(row[f"{side}_n"]) for side in ("left", "right")}
    return {}


def _rows(folder: RunFolder, name: str) -> list[dict[str, str]]:
    with folder.file(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _listed(folder: RunFolder, query: Query, claim: Claim) -> dict[str, Convention]:
    """Return the specifications that a claim of nobody's query may be counted under, by id."""
    topics = [*(reading.name for reading in query.readings), AUDITED]
    days = {dt.date.fromisoformat(folder.state["as_of"]), *filter(None, [claim.said_on])}
    return {one.spec_id: one for one in combinations(topics, query.axes, sorted(days))}


def _by_beginning(spec: str, known: Mapping[str, Convention]) -> str:
    found = [name for name in known if name.startswith(spec)]
    if len(found) == 1:
        return found[0]
    several = f": {', '.join(found[:_NAMED])}{', ...' if len(found) > _NAMED else ''}; write more of it"
    raise UsageError(
        f"--spec {spec}: {len(found)} ways to count of this run have an id that begins so"
        f"{several if found else '; curve.csv lists them (spec_id)'}"
    )


def _of(asked: str, option: str, ids: Mapping[str, str]) -> str:
    if asked not in ids:
        there = f"this run has {', '.join(ids)}" if ids else "this run has none"
        raise UsageError(f"--{option} {asked}: {there}")
    return ids[asked]


def _of_question(folder: RunFolder, entry: Entry | None, question: str | None) -> str:
    """Return the id of a question's figure; where no question is named, of the answer's."""
    if entry is None:
        first = {row["question"]: row for row in reversed(_rows(folder, "counts.csv"))}
        ids = {name: _convention(row).spec_id for name, row in first.items()}
    else:
        ids = {one["question"]: one["spec_id"] for one in entry["questions"]}
    if not ids:
        raise UsageError(f"{folder.path}: nothing is on topic, so no number has records behind it")
    if question is not None:
        return _of(question, "question", ids)
    return entry["card"]["spec_id"] if entry is not None and entry["card"] else next(iter(ids.values()))
