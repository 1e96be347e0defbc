"""The answer to a claim, by question and overall: from distinct results among the best counts that the records allow.

A curve shows what choices do; it is no better estimate than any one of its results. The rule is deterministic, counts
results and not labels, and refuses only where nothing can be counted (METHODS, section 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patentscope.aggregate.answers import results as held
from patentscope.aggregate.answers.entry import (
    CONTRADICTED,
    MAIN_QUESTIONS,
    MIXED,
    NOT_ASSESSABLE,
    OPEN,
    SIZE_DEPENDS,
    SIZE_NOT_REPRODUCED,
    SUPPORTED,
)
from patentscope.aggregate.answers.results import AHEAD, BEHIND, Result
from patentscope.aggregate.answers.ways import WAYS
from patentscope.query.claim import Claim
from patentscope.query.query import Thresholds

#: The questions in the order in which a headline takes its figure.
HEADLINE = (*MAIN_QUESTIONS, "international")
_RIGHT = frozenset({SUPPORTED, SIZE_DEPENDS, SIZE_NOT_REPRODUCED})
_SOME_OPEN = 0.2


@dataclass(frozen=True)
class Shares:
    """The shares of results that put the left side ahead and behind, leave it open, and come near the claimed size."""

    ahead: float
    behind: float
    open: float
    near: float


def shares(found: Sequence[Result]) -> Shares:
    """Return the shares of the results *found*, of which there is at least one."""

    def part(count: int) -> float:
        return count / len(found)

    by = {where: part(sum(one.stands == where for one in found)) for where in (AHEAD, BEHIND, held.OPEN)}
    return Shares(by[AHEAD], by[BEHIND], by[held.OPEN], part(sum(one.is_near for one in found)))


def judge(found: Sequence[Result], claim: Claim, thresholds: Thresholds) -> str:
    """Return the verdict on one question from its distinct results."""
    if not found:
        return NOT_ASSESSABLE
    s, t = shares(found), thresholds
    ahead, behind = (s.behind, s.ahead) if claim.is_turned else (s.ahead, s.behind)
    is_open = s.open + max(ahead, behind) >= t.ahead
    depends = s.near >= t.near_some or any(one.way and one.is_near for one in found)
    if claim.size is not None and s.near >= t.near:
        verdict = SUPPORTED
    elif not claim.has_direction:
        verdict = MIXED if depends else OPEN if s.open > _SOME_OPEN and is_open else CONTRADICTED
    elif behind >= t.behind:
        verdict = CONTRADICTED
    elif ahead >= t.ahead:
        verdict = SUPPORTED if claim.size is None else SIZE_DEPENDS if depends else SIZE_NOT_REPRODUCED
    else:
        verdict = OPEN if s.open > 0 and is_open else MIXED
    return verdict


def figure_of(found: Sequence[Result], verdict: str, claim: Claim) -> Result | None:
    """Return the result whose figure is shown: the first that bears the answer out, with a named way before others."""
    bearing = [one for one in found if _bears_out(one, verdict, claim)] or found
    return first_named(bearing)


def first_named(found: Sequence[Result]) -> Result | None:
    """Return the first of *found*, in the order of the ways with a name, then in its own; None where there is none."""
    order = list(WAYS)
    return min(found, key=lambda one: order.index(one.way) if one.way else len(order), default=None)


def _bears_out(one: Result, verdict: str, claim: Claim) -> bool:
    ahead, behind = (BEHIND, AHEAD) if claim.is_turned else (AHEAD, BEHIND)
    if verdict == SUPPORTED:
        return one.is_near if claim.size is not None else one.stands == ahead
    if verdict == CONTRADICTED:
        return one.stands == behind if claim.has_direction else not one.is_near
    return one.stands == ahead if verdict in {SIZE_DEPENDS, SIZE_NOT_REPRODUCED} else True


@dataclass(frozen=True)
class Overall:
    """The answer over all questions: its verdict, its points, and the questions that it rests on, headline first."""

    verdict: str
    points: int | None
    rests_on: tuple[str, ...]
    is_unanswered: bool = False


def overall(questions: Mapping[str, tuple[str, int | None]]) -> Overall:
    """Return the answer over *questions*, by name the verdict and points of each that lists any row."""
    main = {name: questions[name] for name in MAIN_QUESTIONS if name in questions}
    if all(verdict == NOT_ASSESSABLE for verdict, _ in main.values()):
        pool = {name: one for name, one in questions.items() if name not in MAIN_QUESTIONS}
    else:
        pool = main
    answered = {
        name: points
        for name, (verdict, points) in pool.items()
        if verdict not in {OPEN, NOT_ASSESSABLE} and points is not None
    }
    if not answered:
        is_open = tuple(name for name in HEADLINE if name in pool and pool[name][0] == OPEN)
        return Overall(OPEN if is_open else NOT_ASSESSABLE, None, is_open)
    best = min(answered.values())
    among = [name for name in HEADLINE if name in answered and answered[name] <= best + 1]
    verdicts = {pool[name][0] for name in among}
    if len(verdicts) == 1:
        verdict, points = pool[among[0]][0], best
    else:
        verdict = SIZE_DEPENDS if verdicts <= _RIGHT else MIXED
        points = max(answered[name] for name in among)
    is_unanswered = any(name not in among for name in main)
    return Overall(verdict, points + is_unanswered, tuple(among), is_unanswered)
