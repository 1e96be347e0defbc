"""How do you count? Every choice that a claim leaves open, in plain words, and all that the page needs to recount."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry, Question
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.concern_words import main_questions
from patentscope.aggregate.answers.words.headlines import WAYS_IN_SHORT
from patentscope.aggregate.answers.words.need_words import need
from patentscope.query import side_names as sides
from patentscope.query.convention import CHOICES
from patentscope.query.query import AUDITED
from patentscope.report.charts.undecided import told
from patentscope.report.reader import panel_words
from patentscope.report.reader.levels import FOLDED, Axis, axes_of, in_words
from patentscope.report.reader.recount import packed_ways
from patentscope.report.reader.unfair import PREFIXES, sentence_of
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Cell, Figure, Table


def panel(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return what `panel.html.j2` shows of one claim and its script reads; None where no way to count is listed."""
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])].reset_index(drop=True)
    if rows.empty:
        return None
    axes = axes_of(rows, claim, tables.query)
    by_year = tables.by_year[tables.by_year["claim_id"].eq(claim["id"])]
    untold = told(rows, claim)
    first = _first(rows.join(untold), claim)
    give = _give(claim)
    said = panel_words.names_said(claim)
    suffix = "" if claim["id"] == tables.claims[0]["id"] else f"-{claim['id']}"
    return {
        "suffix": suffix,
        "is_judged": bool(rows["judged"].eq("true").any()),
        "said": said,
        "has_untold": not untold.empty,
        "axes": [_fieldset(axis, first) for axis in axes if len(axis.levels) > 1],
        "folded": sides.listed([name for key, name in FOLDED.items() if len(set(rows[key])) > 1] or [""]),
        "ways": [{"spec_id": way, "name": name} for name, way in _presets(claim)],
        "first": _shown(first, claim, tables),
        "give": give,
        "alone": _alone(rows.join(untold), axes, first, claim),
        "data": {
            "claim": claim["id"],
            "suffix": suffix,
            "several": len(tables.claims) > 1,
            "first": first["spec_id"],
            "near": give["is_near"] if give else None,
            "said": said,
            "axes": [[axis.key, axis.levels, axis.names, axis.phrases] for axis in axes],
            "units": [[words.UNITS[u, d] for d in _levels(axes, "documents")] for u in _levels(axes, "unit")],
            "questions": QUESTIONS_OF,
            "evidence": {question["question"]: _evidence(claim, question) for question in claim["questions"]},
            "audited": AUDITED,
            "prefixes": PREFIXES,
            **packed_ways(rows.join(untold), by_year, claim, axes),
        },
    }


UTILITY_MODELS = (
    "Utility models too can make a count smaller: an invention whose utility model was filed a year earlier "
    "moves to that year."
)
#: From the surest to the least sure.
_LEVELS = ("high", "moderate", "low", "very low")


def _evidence(claim: Entry, question: Question) -> str | None:
    """Return how sure a question's counts are: never surer than the whole answer; None of an open one."""
    found = [question["certainty"], claim["certainty"] or question["certainty"]]
    return max(filter(None, found), key=_LEVELS.index) if found[0] else None


def _untold(row: Mapping[Hashable, Any]) -> list[str]:
    """Return what a row of curve.csv leaves open, in words (`undecided.told`)."""
    return [row[name] for name in ("unknown", "what", "span")] if isinstance(row["what"], str) else []


#: The question that each basis answers, where the families are of any kind.
QUESTIONS_OF = {"priority": "invention", "applicant": "ownership", "inventor": "invention", "office": "market"}


def _levels(axes: list[Axis], key: str) -> tuple[str, ...]:
    return next(axis.levels for axis in axes if axis.key == key)


def _first(rows: pd.DataFrame, claim: Entry) -> Mapping[Hashable, Any]:
    """Return the row that the panel begins with: the headline's, else that of the first question's counts."""
    question = next(iter(main_questions(claim)), None)
    wanted = claim["card"] or question
    is_first = rows["spec_id"].eq(wanted["spec_id"] if wanted else "")
    row: Mapping[Hashable, Any] = rows.iloc[int(is_first.to_numpy().argmax())].to_dict()
    return row


def _presets(claim: Entry) -> list[tuple[str, str]]:
    by_name = {way["way"]: way["spec_id"] for way in claim["ways"]}
    return [(said, by_name[name]) for name, said in WAYS_IN_SHORT.items() if name in by_name]


def _fieldset(axis: Axis, first: Mapping[Hashable, Any]) -> dict[str, Any]:
    chosen = axis.levels.index(first[axis.key])
    is_folded, note = axis.key in FOLDED, _note(axis)
    return {
        "key": axis.key,
        "asks": axis.asks,
        "names": axis.names,
        "chosen": chosen,
        "is_folded": is_folded,
        "note": note,
    }


def _note(axis: Axis) -> str:
    """Return why a choice that takes in more can lower a count; empty for choices that can't."""
    return UTILITY_MODELS if {"inventions", "inventions+utility_models"} <= set(axis.levels) else ""


def _give(claim: Entry) -> dict[str, Any] | None:
    """Return the fair count that comes nearest to the claim, and if near enough; None where no size is claimed."""
    nearest = sorted(claim["nearest"], key=lambda one: not one["near"])
    if not nearest:
        return None
    is_near, size = nearest[0]["near"], words.claimed(claim)
    label = f"Show a count that gives {size}" if is_near else f"Show the count nearest to {size}"
    return {"spec_id": nearest[0]["spec_id"], "is_near": is_near, "label": label}


def _shown(row: Mapping[Hashable, Any], claim: Entry, tables: RunTables) -> dict[str, Any]:
    """Return the first result as it stands without a script."""
    left, right, both = (float(row[name]) for name in ("left_n", "right_n", "overlap_n"))
    said, untold = panel_words.names_said(claim), _untold(row)
    wanted = None if untold else need(said, right, both)
    more = {side: row[f"{side}_more"] if untold else 0.0 for side in ("left", "right")}
    most = max(left + more["left"], right + more["right"], wanted or 0) or 1
    is_audited = row["topic"] == AUDITED
    widths = {"left": left, "right": right, "left_more": more["left"], "right_more": more["right"]}
    return {
        "left": numbers.count(left, is_audited=is_audited),
        "right": numbers.count(right, is_audited=is_audited),
        **{f"{name}_width": round(n / most * 100, 2) for name, n in widths.items()},
        "need": None if wanted is None else round(wanted / most * 100, 2),
        "sentence": panel_words.result(said, left, right, both, is_audited=is_audited, untold=untold),
        "why": sentence_of(row, claim),
        "way": in_words({name: row[name] for name in CHOICES}, claim, tables.query),
    }


def _alone(rows: pd.DataFrame, axes: list[Axis], first: Mapping[Hashable, Any], claim: Entry) -> Table:
    """Return what each choice gives when it alone changes, where that is another way to count."""
    said = panel_words.names_said(claim)
    changed = pd.DataFrame({axis.key: rows[axis.key].ne(first[axis.key]) for axis in axes}).sum(axis=1)
    body: list[list[Cell]] = []
    for axis in axes:
        mine = rows.loc[changed.eq(rows[axis.key].ne(first[axis.key])) & changed.le(1)]
        by_level = {row[axis.key]: row for row in mine.to_dict(orient="records")}
        for level, name in zip(axis.levels, axis.names, strict=True):
            if len(axis.levels) > 1 and level in by_level:
                row = by_level[level]
                left, right, both = (float(row[key]) for key in ("left_n", "right_n", "overlap_n"))
                counts = [Figure(numbers.count(n, is_audited=row["topic"] == AUDITED), n) for n in (left, right)]
                body.append([axis.asks, name, *counts, panel_words.size(said, left, right, both, _untold(row))])
    head = ["choice", "option", said["left_label"], said["right_label"], f"{said['left']} {said['left_has']}"]
    notes = " ".join(filter(None, map(_note, axes)))
    return Table("Each choice changed alone", head, body, {2, 3}, note=notes, name=f"{claim['id']}-each-choice")
