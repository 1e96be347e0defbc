"""What changed in the answers: verdict, certainty and figures, claim by claim and question by question, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from patentscope.aggregate.answers.entry import Entry, Question

OVERALL = "overall"
_FIGURE = ("spec_id", "left_n", "right_n", "ratio")
_WAY = ("left_n", "right_n", "ratio", "points", "stands")
_LISTS = ("concerns", "stopped", "ways")


def compare_answers(a: Sequence[Entry], b: Sequence[Entry]) -> dict[str, Any]:
    """Return every claim's answers in both runs, overall and by question, and the claims that only one run has.

    *a* and *b* are the claims of verdict.json of both runs.

    Returns:
        `verdicts`: per claim and question (`overall` first) `a` and `b`, the verdicts (None for a run that doesn't ask
        it), and `changed`: whether anything did. Pairs, the first run first: `certainty`, `points`, `sentence` (a
        question's line), `figure`; of a question `results`, `judged` and `listed`. What differs, by name, with its
        pairs: `concerns` (points, found, needed, side), `stopped` (n) of a question, `ways` (overall).
    """
    before, after = ({entry["id"]: entry for entry in claims} for claims in (a, b))
    rows = [row for name in before if name in after for row in _of_claim(before[name], after[name])]
    return {
        "verdicts": rows,
        "only_in_a": [name for name in before if name not in after],
        "only_in_b": [name for name in after if name not in before],
    }


def _of_claim(a: Entry, b: Entry) -> list[dict[str, Any]]:
    answers = [
        {OVERALL: _overall(entry), **{one["question"]: _question(one, entry) for one in entry["questions"]}}
        for entry in (a, b)
    ]
    return [
        {"claim": b["id"], "question": name, **_row(*(answer.get(name, {}) for answer in answers))}
        for name in dict.fromkeys([*answers[0], *answers[1]])
    ]


def _overall(entry: Entry) -> dict[str, Any]:
    return {
        **{name: entry[name] for name in ("verdict", "certainty", "points", "sentence")},
        "figure": _kept(entry["card"], _FIGURE),
        "concerns": _by_name("concern", entry["concerns"], ("points", "found", "needed", "side")),
        "ways": _by_name("way", entry["ways"], _WAY),
    }


def _question(question: Question, entry: Entry) -> dict[str, Any]:
    plain = ("verdict", "certainty", "points", "results", "judged", "listed")
    stopped = [one for one in entry["stopped"] if one["question"] == question["question"]]
    return {
        **{name: question[name] for name in plain},  # type: ignore[literal-required]
        "sentence": question["line"],
        "figure": _kept(question["figure"], _FIGURE),
        "concerns": _by_name("concern", question["concerns"], ("points", "found", "needed", "side")),
        "stopped": _by_name("reason", stopped, ("n",)),
    }


def _kept(of: Mapping[str, Any] | None, names: Iterable[str]) -> dict[str, Any] | None:
    return None if of is None else {name: of[name] for name in names}


def _by_name(key: str, listed: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    return {str(one[key]): _kept(one, names) for one in listed}


def _row(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """Return one answer of both runs, what it holds once in pairs, and of its lists what differs."""
    names = dict.fromkeys([*a, *b])
    pairs = {name: [a.get(name), b.get(name)] for name in names if name not in _LISTS}
    lists = {name: _unlike(a.get(name, {}), b.get(name, {})) for name in names if name in _LISTS}
    before, after = pairs.pop("verdict")
    return {"a": before, "b": after, "changed": a != b, **pairs, **lists}


def _unlike(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys([*a, *b]):
        one, other = a.get(name), b.get(name)
        if one != other:
            keys = one or other or {}
            rows.append({"name": name, **{key: [(one or {}).get(key), (other or {}).get(key)] for key in keys}})
    return rows
