"""A verdict in plain words: what could be assessed, what comes nearest, and what data would decide the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from patentscope.aggregate.claims.size import EQUAL
from patentscope.query.claim import SHARE, side_text

SUPPORTED = "supported"
SIZE_DEPENDS = "direction right, size depends on the convention"
SIZE_NOT_REPRODUCED = "direction right, size not reproduced"
MIXED = "mixed"
CONTRADICTED = "contradicted"
NOT_ASSESSABLE = "not assessable"


def nothing_to_count(result: Mapping[str, Any], reasons: Iterable[str]) -> str:
    """Return the verdict where the records leave no way to count, and why they don't."""
    left, right = side_text(tuple(result["left"])), side_text(tuple(result["right"]))
    return (
        f"Not assessable: these records leave nothing to count for {left} against {right} in {result['year']}: "
        f"{'; '.join(dict.fromkeys(reasons))}."
    )


def sentence(result: Mapping[str, Any]) -> str:
    """Return the verdict as one plain sentence that says how many questions could be assessed, and which not."""
    questions = result["questions"]
    assessed = [entry for entry in questions if entry["verdict"] != NOT_ASSESSABLE]
    missing = [entry["question"] for entry in questions if entry["verdict"] == NOT_ASSESSABLE]
    left, right = side_text(tuple(result["left"])), side_text(tuple(result["right"]))
    what = f"{left} against {right} in {result['year']}"
    if "illustration" in result:
        reads = [f"{q['question']} {q['reads']} ({q['specifications']})" for q in result["illustration"]["questions"]]
        return (
            f"No verdict, an illustration: on these records alone the rule would read, for {what} (specifications "
            f"used): {', '.join(reads)}."
        )
    if not assessed:
        failed = {row["gate"] for row in result["gates"] if not row["passed"]}
        why = [text for gate, text in _OBSTACLES.items() if gate in failed] or ["too few ways to count are admissible"]
        return (
            f"Not assessable: these records answer none of the {len(questions)} questions for {what}: {'; '.join(why)}."
        )
    kind = result["measure"]
    span = ", ".join(
        f"{entry['question']} {_in(kind, entry[f'median_{kind}'])} "
        f"({_in(kind, entry[f'min_{kind}'])} to {_in(kind, entry[f'max_{kind}'])})"
        for entry in assessed
        if entry[f"median_{kind}"] is not None
    )
    said = claimed_text(result)
    claimed = f" The claim says {said}." if said else ""
    tail = f" Not assessable: {', '.join(missing)}." if missing else ""
    verdict = result["verdict"][0].upper() + result["verdict"][1:]
    return (
        f"{verdict}: {len(assessed)} of {len(questions)} questions could be assessed for {what}; "
        f"median {kind} (range) by question: {span}.{claimed}{tail}"
    )


def _in(kind: str, value: float) -> str:
    """Return a ratio or a share as sentences write it."""
    return f"{value:.1%}" if kind == SHARE else f"{value:.2f}"


def claimed_text(result: Mapping[str, Any]) -> str:
    """Return the size that a claim names, or the limit that it says is passed; empty where it names neither."""
    kind = result["measure"]
    value = result[f"{kind}_claimed"]
    if value is None:
        return ""
    return {"more": "over ", "less": "under "}.get(result["says"], "") + _in(kind, value)


def nearest_sentence(result: Mapping[str, Any]) -> str:
    """Return which way to count comes nearest to the claimed size, and say so where none comes near.

    Empty for a claim that names no size.
    """
    kind = result["measure"]
    if result["says"] != "size" or "illustration" in result:
        return ""
    said = f"a {kind} of {claimed_text(result)}"
    if not result["nearest"]:
        return f"No way to count is admissible, so none gives {said}."
    near = [entry for entry in result["nearest"] if entry["near"]]
    first = (near or result["nearest"])[0]
    gives, words = _in(kind, first[kind]), first["in_words"]
    if near:
        return f"{said[0].upper()}{said[1:]} appears if you count {words}: {gives} [{first['spec_id']}]."
    # An estimate can lie within the tolerance, and its interval be too wide to say so.
    is_loose = abs(first[kind] - result[f"{kind}_claimed"]) <= result["tolerance"] + EQUAL
    gives += ", too uncertain an estimate to count" if is_loose else ""
    return f"No admissible way to count comes near {said}; the nearest gives {gives}: {words} [{first['spec_id']}]."


_OBSTACLES = {
    "sample data": "they are a sample, not a complete search",
    "candidates": "too few are on topic",
    "coverage": "too many countries are unknown",
    "whole year": "the year is not over at the data's date",
    "truncation": "too much of the year is not yet published, or how much can't be told",
    "truncation gap": "the two sides' years are not published to the same degree",
    "source coverage": "the source lacks an office",
    "completeness": "a search is cut: not all that it found is there",
    "family members": "members of families were not fetched",
    "dates of family members": "family members that the files only name have no dates",
    "classifier": "the classifier could not be trained",
    "labels": "too few families are labelled",
}
_REMEDIES = {
    "sample data": "a complete search at a source that covers every office named, instead of the embedded sample",
    "candidates": "more records on the topic in the claim's year",
    "coverage": "records that state the applicants' or inventors' countries",
    "whole year": "a later data date, when the claim's year is over",
    "truncation": "a later data date, when the claim's year has been published",
    "truncation gap": "a later data date, when both sides' years have been published to the same degree",
    "source coverage": "a source that covers the offices that are missing",
    "completeness": "all that the search found: export it in smaller pieces, or say that it is whole (`--complete`)",
    "family members": "the family step: all members of each family, not just those that match",
    "dates of family members": "a record of every family member (the family step), or a count at the data's own date",
    "classifier": "more text to train the classifier on",
    "labels": "more families labelled by a reader (`patentscope label draw`)",
}


def would_decide(result: Mapping[str, Any]) -> list[str]:
    """Return what data would decide the questions that could not be assessed."""
    missing = {entry["question"] for entry in result["questions"] if entry["verdict"] == NOT_ASSESSABLE}
    failed = {row["gate"] for row in result["gates"] if not row["passed"] and row["question"] in missing}
    return [text for gate, text in _REMEDIES.items() if gate in failed]
