"""A claim's entry of verdict.json, from all its rows: the answer by question and overall, its figures and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from patentscope.aggregate.answers import published
from patentscope.aggregate.answers.entry import NOT_ASSESSABLE, OPEN, Concern, Entry, Figures, Near, Stopped, Way
from patentscope.aggregate.answers.figures import figures, first_ends, parts, spread
from patentscope.aggregate.answers.misreadings import misreadings
from patentscope.aggregate.answers.results import Answers, is_near, stands
from patentscope.aggregate.answers.verdict import Overall, figure_of, judge, overall
from patentscope.aggregate.answers.words import published_words, remedies, sentences
from patentscope.aggregate.claims import size
from patentscope.aggregate.claims.concerns import UNANSWERED
from patentscope.aggregate.claims.specified import Specified, certainty
from patentscope.query.claim import RATIO, SHARE, Claim
from patentscope.query.convention import QUESTIONS
from patentscope.query.echo import echo, topic_offered
from patentscope.query.published import Published
from patentscope.query.query import Thresholds

_NEAREST = 5
#: A way of more points than this tells too little to be said ahead or behind.
_MOST_POINTS = 4
_WORLD, _THESE = "world", "these records"


def assess(
    claim: Claim,
    answers: Answers,
    thresholds: Thresholds,
    *,
    is_whole: bool,
    equal_readings: Sequence[Sequence[str]] = (),
    audits: str | None = None,
    untold: Mapping[str, str] | None = None,
    others: Iterable[Published] = (),
    on_topic: Callable[[], str] = str,
    record_years: Callable[[], list[int]] = list,
) -> Entry:
    """Return a claim's entry from what is judged of its rows.

    Args:
        claim: the claim.
        answers: its rows, judged.
        thresholds: the query's.
        is_whole: the concern `search` costs nothing.
        equal_readings: topics that put the same families on topic, two or more together.
        audits: the reading that labels put right.
        untold: which units the records can't tell, and why: the reason where nothing is listed.
        others: what others counted.
        on_topic: gives what the records on topic have of each country, where they can't answer the claim.
        record_years: gives the first and the last year in which a record was published, there, too.
    """
    questions = [_question(name, answers, claim, thresholds, audits) for name in answers.judged]
    by_name = {entry["question"]: entry for entry in questions}
    answer = overall({name: (entry["verdict"], entry["points"]) for name, entry in by_name.items()})
    facts: dict[str, Any] = {
        **claim_facts(claim),
        "verdict": answer.verdict,
        "certainty": None if answer.points is None else certainty(answer.points),
        "points": answer.points,
        "scope": _WORLD if is_whole else _THESE,
        "rests_on": list(answer.rests_on),
        "as_said": _as_said(answer, by_name, answers, claim),
        "concerns": _overall_concerns(answer, by_name),
        "stopped": _stopped(answers),
        "questions": questions,
        "ways": [_way(name, row, answers) for name, row in answers.named.items()],
        "equal_readings": [list(group) for group in equal_readings],
        "nearest": _nearest(answers, claim),
        "misreadings": misreadings(claim, answers.shown),
        "thresholds": asdict(thresholds),
        "untold": dict(untold or {}),
        "published": published.evidence(others, claim, thresholds.candidates),
        "on_topic_sentence": on_topic() if answer.verdict == NOT_ASSESSABLE else "",
        "record_years": record_years() if answer.verdict == NOT_ASSESSABLE else [],
    }
    return _told(facts)


def _told(facts: dict[str, Any]) -> Entry:
    """Return an entry with its words added, which are read off all else that it holds."""
    entry = cast("Entry", facts)
    for question in entry["questions"]:
        question["line"] = sentences.line(entry, question)
    facts |= {
        "chip": sentences.chip(entry),
        "sentence": sentences.sentence(entry),
        "claimed_and_counted": sentences.claimed_and_counted(entry),
        "certainty_in_words": sentences.certainty_in_words(entry),
        "ways_in_words": sentences.ways_in_words(entry),
        "nearest_in_words": sentences.nearest_in_words(entry),
        "published_sentence": published_words.sentence(entry),
        "card": sentences.card(entry),
        "raise": remedies.raising(entry),
    }
    return entry


def claim_facts(claim: Claim) -> dict[str, Any]:
    """Return what the claim says, in figures as a ratio (of sides without a common unit) and in its own measure."""
    figure = claim.size if claim.limit is None else claim.limit
    said = {
        "id": claim.id,
        "quote": claim.quote,
        "year": claim.years[0] if claim.years[0] == claim.years[1] else claim.year_text,
        "years": list(claim.years),
        "left": list(claim.left),
        "right": list(claim.right),
        "measure": claim.measure,
        "read_as": echo(claim),
        "unread": list(claim.unread),
        "topic_offered": topic_offered(claim.unread),
        "says": claim.says,
        "ratio_claimed": figure,
        "tolerance": claim.margin,
        "said_on": claim.said_on.isoformat() if claim.said_on else None,
        "source": claim.source,
    }
    if claim.measure == RATIO or figure is None:
        return said
    return said | {"ratio_claimed": round(figure / (1 - figure), 9), "share_claimed": figure}


def _question(name: str, answers: Answers, claim: Claim, thresholds: Thresholds, audits: str | None) -> dict[str, Any]:
    """Return one question's entry of verdict.json, without its line."""
    found, rows = answers.results[name], answers.judged[name]
    verdict = judge(found, claim, thresholds)
    chosen = figure_of(found, verdict, claim)
    listed = [row for row in answers.listed if row.convention.question == name]
    shown = chosen.shown if chosen else _baseline(listed)
    points = None if chosen is None or verdict == OPEN else chosen.shown.points
    entry: dict[str, Any] = {
        "question": name,
        "asks": QUESTIONS[name],
        "verdict": verdict,
        "certainty": None if points is None else certainty(points),
        "points": points,
        "results": len(found),
        "judged": len(rows),
        "listed": len(listed),
        "figure": figures(shown, chosen.way) if chosen else None,
        **first_ends(found),
        "spec_id": shown.convention.spec_id,
    }
    counted = entry["figure"] or {}
    measures = ("left_n", "right_n", "ratio", "low", "high")
    of_share = ("share", "share_low", "share_high") if claim.measure == SHARE else ()
    entry |= {key: counted.get(key) for key in (*measures, *of_share)}
    entry |= spread(found, RATIO, shown)
    entry |= spread(found, SHARE, shown) if claim.measure == SHARE else {}
    entry |= parts(found, claim)
    entry["concerns"] = _concerns(name, shown) if chosen else []
    if chosen and chosen.shown.is_audited:
        entry |= _before_labels(chosen.shown, listed, audits)
    return entry


def _baseline(listed: Sequence[Specified]) -> Specified:
    """Return the row of a question that nothing is judged of: the first that counts anything, else the first."""
    return next((row for row in listed if row.counts_anything), listed[0])


def baselines(answers: Answers, claim: Claim, thresholds: Thresholds, audits: str | None) -> list[Specified]:
    """Return each question's row of counts.csv: that of its figure, or the classifier's own where that is audited."""
    rows = []
    for name, found in answers.results.items():
        chosen = figure_of(found, judge(found, claim, thresholds), claim)
        listed = [row for row in answers.listed if row.convention.question == name]
        row = chosen.shown if chosen else _baseline([one for one in listed if not one.is_audited] or listed)
        rows.append(unaudited(row, listed, audits) if row.is_audited else row)
    return rows


def unaudited(row: Specified, listed: Iterable[Specified], audits: str | None) -> Specified:
    """Return the classifier's own row of an audited row's convention."""
    own = {**row.convention.levels(), "topic": audits}
    return next(
        one for one in listed if one.convention.levels() == own and one.convention.as_of == row.convention.as_of
    )


def _before_labels(row: Specified, listed: Sequence[Specified], audits: str | None) -> dict[str, Figures]:
    return {"before_labels": figures(unaudited(row, listed, audits), None)}


def _concerns(question: str, row: Specified) -> list[Concern]:
    return [
        {
            "concern": one.name,
            "question": question,
            "side": one.side,
            "found": one.found,
            "needed": one.needed,
            "points": one.points,
            "documents": one.documents,
        }
        for one in row.concerns
    ]


def _overall_concerns(answer: Overall, by_name: Mapping[str, Mapping[str, Any]]) -> list[Concern]:
    """Return the concerns of the question whose points the overall answer takes, the first in the headline's order."""
    if answer.points is None:
        return []
    own = answer.points - answer.is_unanswered
    chosen = next(name for name in answer.rests_on if by_name[name]["points"] == own)
    concerns: list[Concern] = list(by_name[chosen]["concerns"])
    if answer.is_unanswered:
        left_out = [name for name in by_name if name not in answer.rests_on and name != "international"]
        needed = "an answer to each question, about as sure"
        concerns.append(
            {
                "concern": UNANSWERED,
                "question": left_out[0],
                "side": None,
                "found": ", ".join(left_out),
                "needed": needed,
                "points": 1,
                "documents": None,
            }
        )
    return concerns


def _as_said(
    answer: Overall, by_name: Mapping[str, Mapping[str, Any]], answers: Answers, claim: Claim
) -> Figures | None:
    """Return the headline's figure as seen on the day of the claim; None without one."""
    shown = next((figure for name in answer.rests_on if (figure := by_name[name]["figure"]) is not None), None)
    if shown is None or claim.said_on is None or shown["as_of"] == claim.said_on.isoformat():
        return None
    own = next(row.convention.levels() for row in answers.listed if row.convention.spec_id == shown["spec_id"])
    rows = [row for row in answers.listed if row.convention.as_of == claim.said_on]
    then = next((row for row in rows if row.convention.levels() == own and not row.stops), None)
    return figures(then, None) if then else None


def _stopped(answers: Answers) -> list[Stopped]:
    counted: dict[tuple[str, str], int] = {}
    for row in answers.listed:
        for reason in row.stops:
            key = (reason, row.convention.question)
            counted[key] = counted.get(key, 0) + 1
    return [{"reason": reason, "question": question, "n": n} for (reason, question), n in counted.items()]


def _way(name: str, row: Specified, answers: Answers) -> Way:
    counted = figures(row, name)
    tells = row.points is not None and row.points <= _MOST_POINTS and row.counts_anything
    fields = ("way", "spec_id", "in_words", "left_n", "right_n", "ratio", "share")
    return cast(
        "Way",
        {
            **{field: counted[field] for field in fields if field in counted},  # type: ignore[literal-required]
            "question": row.convention.question,
            "points": row.points,
            "certainty": None if row.points is None else certainty(row.points),
            "stopped": bool(row.stops),
            "reason": answers.reason(row),
            "judged": answers.is_judged(row),
            "near": is_near(row) if tells and row.claim.size is not None else None,
            "stands": stands(row) if tells else None,
        },
    )


def _nearest(answers: Answers, claim: Claim) -> list[Near]:
    """Return the judged results whose measures come nearest to the claimed size, and whether they are near."""
    if claim.size is None:
        return []
    target, kind = claim.size, claim.measure
    measured = [
        (abs(float(value) - target), question, one)
        for question, found in answers.results.items()
        for one in found
        if (value := size.value(one.shown, kind)) is not None
    ]
    order = sorted(measured, key=lambda each: (round(each[0], 9), each[2].shown.convention.spec_id))
    names = ("spec_id", "ratio", "share", "left_n", "right_n", "in_words")
    near = []
    for _, question, one in order[:_NEAREST]:
        counted = figures(one.shown, one.way)
        own = {name: counted[name] for name in names if name in counted}  # type: ignore[literal-required]
        near.append(cast("Near", {**own, "question": question, "near": one.is_near}))
    return near
