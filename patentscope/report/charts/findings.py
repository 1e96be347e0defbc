"""What two lines by year show, as a sentence: who is ahead at the end, since when, at which levels; nothing beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from patentscope.aggregate.answers.words.number_words import two_figures
from patentscope.query.side_names import brief, is_plural, listed

#: So many years make a course; so many are needed to say that it stood still.
_FEWEST, _STEADY = 3, 6
#: How far a year of a side that stands still may lie from its mean, and how few units have none to stand at.
_NEAR, _LEAST = 0.1, 20
#: From so many on, changes of the lead are counted, unless the last lead has lasted so many years.
_CHANGES, _LASTING = 4, 5
_NAMED = 2


#: By what inventions are counted where a question is asked.
AMONG = {
    "invention": "by where they were invented",
    "ownership": "by who owns them",
    "market": "by where protection is sought",
    "international": "among what was filed abroad",
}


@dataclass(frozen=True)
class Course:
    """Both sides of a claim by year: whole years only, in their order."""

    years: Sequence[int]
    left: Sequence[float]
    right: Sequence[float]

    @property
    def signs(self) -> list[int]:
        """Who is ahead in each year: 1 the left side, -1 the right one, 0 neither."""
        return [(mine > theirs) - (mine < theirs) for mine, theirs in zip(self.left, self.right, strict=True)]

    @property
    def since(self) -> int:
        """The place of the year from which on the same side has been ahead, or neither, to the end."""
        signs = self.signs
        return max((place + 1 for place, sign in enumerate(signs) if sign != signs[-1]), default=0)

    @property
    def changes(self) -> int:
        """How often the lead changed; years in which both were level change none."""
        return sum(before != after for before, after in pairwise(filter(None, self.signs)))


@dataclass(frozen=True)
class Compared:
    """The codes of a claim's left and right, and what their units are called."""

    left: Sequence[str]
    right: Sequence[str]
    unit: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """How a sentence names them."""
        return brief(self.left, self.right), brief(self.right, self.left)

    def has(self, *, left: bool) -> str:
        """Return the verb of one side."""
        return "have" if is_plural(self.left if left else self.right) else "has"


def finding(course: Course, sides: Compared) -> str:
    """Return the finding as a sentence without its stop; empty where there are too few years, or nothing is counted.

    >>> finding(Course([2010, 2011, 2012], [1, 5, 9], [3, 4, 5]), Compared(["CN"], ["US", "JP"]))
    'China has been ahead of the two since 2011'
    """
    if len(course.years) < _FEWEST or (not any(course.left) and not any(course.right)):
        return ""
    end, first = course.signs[-1], course.years[0]
    mine, theirs = sides.names
    if not end:
        return _said(f"{mine} and {theirs} were level in {course.years[-1]}")
    if course.changes >= _CHANGES and len(course.years) - course.since < _LASTING:
        return _said(f"{mine} and {theirs} have changed places {course.changes} times since {first}")
    return _said(_led(course, sides))


def _led(course: Course, sides: Compared) -> str:
    """Return who is ahead at the end and since when; of two that stood still, at which levels."""
    end, since, first = course.signs[-1], course.since, course.years[0]
    mine, theirs = sides.names
    leader, other = (mine, theirs) if end > 0 else (theirs, mine)
    level = _level(course, end)
    if level:
        return f"{other} drew level with {leader} {level}"
    if since and since == len(course.years) - 1:
        return f"{leader} {'passed' if -end in course.signs else 'moved ahead of'} {other} in {course.years[-1]}"
    if not since and sides.unit and _is_steady(course.left) and _is_steady(course.right):
        near = [two_figures(float(np.mean(side))) for side in (course.left, course.right)]
        stood = f"{mine} {sides.has(left=True)} stood near {near[0]} {sides.unit} a year since {first}"
        return f"{stood}, {theirs} near {near[1]}"
    when = f"since {course.years[since]}" if since else f"in every year since {first}"
    return f"{leader} {sides.has(left=end > 0)} been ahead of {other} {when}"


def in_short(course: Course, sides: Compared) -> str:
    """Return the same after a topic and a colon: `China ahead since 2011`."""
    said = finding(course, sides)
    mine, theirs = sides.names
    for name, other in ((mine, theirs), (theirs, mine)):
        for has in ("has", "have"):
            said = said.replace(f"{_said(name)} {has} been ahead of {other}", f"{_said(name)} ahead")
        said = said.replace(f"drew level with {other}", "drew level")
    return said


def _level(course: Course, end: int) -> str:
    """Return the one or two years in which the side that was never ahead drew level, if those are all."""
    counted = [year for year, n, sign in zip(course.years, course.left, course.signs, strict=True) if n and not sign]
    if -end in course.signs or not counted or len(counted) > _NAMED:
        return ""
    return f"{'once, ' * (len(counted) == 1)}in {listed([str(year) for year in counted])}"


def _is_steady(side: Sequence[float]) -> bool:
    """Say whether a side stands still: every year within a tenth of its mean, and the line through them, too.

    From the first year to the last that line goes up or down by less than a tenth of the mean.
    """
    values = np.asarray(side, float)
    mean = float(values.mean())
    if len(values) < _STEADY or mean < _LEAST:
        return False
    slope, _ = np.polyfit(np.arange(len(values)), values, 1)
    return bool((abs(values - mean) <= _NEAR * mean).all() and abs(slope) * (len(values) - 1) < _NEAR * mean)


def _said(text: str) -> str:
    return text[:1].upper() + text[1:]
