"""The audited reading, counted by hand: one set of labels put right under several conventions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd
import pytest

from patentscope.aggregate.claims.size import is_near
from patentscope.aggregate.claims.specified import Specified

from factories import CLAIM
from worlds.audited import LABELS, _labels, counted, without_priorities


@pytest.mark.parametrize(
    ("choices", "left", "right"),
    [
        # The classifier has 3 and 2. The first family goes from both sides, the third comes to the left, each for two
        # of the Chinese stratum; the sixth comes to the right, for itself.
        ({}, 3 - 2 + 2, 2 - 2 + 1),
        # Half of the first family is on either side.
        ({"share": "fractional"}, Fraction(5, 2) - 1 + 2, Fraction(3, 2) - 1 + 1),
        # By country of first filing the first family is China's alone.
        ({"basis": "priority"}, 3 - 2 + 2, 1 + 1),
        # It has two applications, in China and in the US, and both are off the topic.
        ({"unit": "application"}, 4 - 4 + 2, 3 - 4 + 1),
        ({"basis": "office"}, 3 - 2 + 2, 2 - 2 + 1),
        ({"unit": "publication", "basis": "office"}, 3 - 2 + 2, 2 - 2 + 1),
    ],
)
def test_one_set_of_labels_serves_every_convention(choices: dict, left: Fraction, right: Fraction) -> None:
    """Each label counts by what its family adds to each side under the convention, times what it stands for."""
    entry = counted(_labels(), **choices)
    assert (entry.tally.left, entry.tally.right) == (left, right)
    assert entry.ratio == (Fraction(left, right) if right else None)


def test_the_interval_holds_what_the_unread_may_be() -> None:
    """Two of four Chinese families were read: the two others leave doubt. With all read there is none."""
    half = counted(_labels(), basis="priority")
    low, high = half.bounds
    assert low is not None
    assert high is not None
    assert low < half.ratio < high
    others = tuple(
        (document, label, "CN, any score", 4, 4)
        for document, label in zip(
            ("CN202400001A1", "CN202400002A1", "CN202400003A1", "CN202400004A1"), ("out", "in", "in", "in"), strict=True
        )
    )
    whole = counted(_labels((*others, *LABELS[2:])), basis="priority")
    assert (whole.bounds, whole.ratio) == ((Fraction(3, 2), Fraction(3, 2)), Fraction(3, 2))


@pytest.mark.parametrize(("claimed", "is_old"), [(dt.date(2020, 1, 15), True), (dt.date(2024, 1, 15), False)])
def test_labels_put_right_what_may_have_been_published_before(claimed: dt.date, is_old: bool) -> None:
    """Where all families are of old priority, so is all that is counted, labels included; else nothing is."""
    made = [replace(one, priority_date=claimed) for one in without_priorities()]
    claim = CLAIM.over((2025, 2025), name="test")
    tally = counted(_labels(years="2025..2025", made=made), claim, made, date="publication").tally
    assert (tally.left, tally.right) == (3, 1)
    assert (tally.left_old, tally.right_old) == ((3, 1) if is_old else (0, 0))


def test_without_priorities_the_draw_goes_by_first_office() -> None:
    """A landscape without priority countries, drawn by first office, gives the same totals, interval and labels read.

    By hand as above: 3 - 2 + 2 against 2 - 2 + 1. Taken for a draw by priority country, the same families would all be
    newcomers of no country, and no country of the claim would have a label.
    """
    made = without_priorities()
    by_office = tuple((number, label, f"{stratum}, by first office", *n) for number, label, stratum, *n in LABELS)
    entry, known = counted(_labels(by_office, made=made), made=made), counted(_labels())
    assert (entry.tally.left, entry.tally.right) == (known.tally.left, known.tally.right) == (3, 1)
    assert _topic(entry) == _topic(known) == ("CN", 2, 1)
    assert _topic(counted(_labels(made=made), made=made)) == ("CN", 0, 1)


def _topic(entry: Specified) -> tuple[str | None, float | str | None, int]:
    """Return the country with the fewest labels, how many it has, and what that costs."""
    (concern,) = [one for one in entry.concerns if one.name == "topic"]
    return concern.side, concern.found, concern.points


def test_labels_count_by_priority_country() -> None:
    """Two of four Chinese families are too few; all of them do, as in the US; the others have none to read."""
    assert _topic(counted(_labels())) == ("CN", 2, 1)
    others = tuple((f"CN20240000{place}A1", "in", "CN, any score", 4, 4) for place in (2, 4))
    every = tuple((number, label, stratum, n, n) for number, label, stratum, n, _ in LABELS)
    assert _topic(counted(_labels((*every, *others))))[1:] == (0, 0)


EXTENDED = "labels are of simple families, of which an extended one holds several"


@pytest.mark.parametrize(
    ("labels", "choices", "words"),
    [
        (_labels(years="2022..2023"), {}, "labels were drawn for 2022 to 2023, not for 2024"),
        (_labels(), {"unit": "extended_family"}, EXTENDED),
    ],
)
def test_what_the_labels_were_not_drawn_for(labels: pd.DataFrame, choices: dict, words: str) -> None:
    """Another year, and families of families, are not what was labelled: the row stays, and says so."""
    entry = counted(labels, **choices)
    assert entry.stops == (words,)
    assert (entry.points, entry.concerns) == (None, ())


def test_drawn_families_that_are_gone_add_nothing() -> None:
    """A label whose family the data no longer hold stays in the draw, and adds to no side."""
    gone = (("CN000", "in", "CN, any score", 4, 2), *LABELS[1:])
    entry = counted(_labels(gone))
    assert (entry.tally.left, entry.tally.right) == (3 + 2, 2 + 1)


def test_what_came_after_the_draw_may_be_all_right_or_all_wrong() -> None:
    """The Chinese families were three when they were drawn, all of them read; the fourth may be on topic or off it."""
    then = tuple((f"CN20240000{i}A1", label, "CN, any score", 3, 3) for i, label in ((1, "out"), (2, "in"), (3, "in")))
    entry = counted(_labels((*then, *LABELS[2:])), basis="priority")
    assert (entry.tally.left, entry.tally.right) == (3, 2)
    assert [float(end) for end in entry.bounds if end is not None] == pytest.approx([2 / 2, 4 / 2], abs=1e-5)


@dataclass
class Audited:
    """An audited specification, as far as `near` looks at it."""

    ratio: Fraction
    bounds: tuple[Fraction | None, Fraction | None]
    is_audited: bool = True


@pytest.mark.parametrize(
    ("ratio", "low", "high", "is_it"),
    [
        ("1.73", "1.5", "2", True),
        ("1.83", "1.5", "2", True),
        ("1.9", "1.7", "2.2", False),
        ("1.7", "1.5", "1.72", False),
        ("1.73", "1.5", "", False),
    ],
)
def test_an_audited_count_is_near_where_its_interval_holds_the_size_too(
    ratio: str, low: str, high: str, is_it: bool
) -> None:
    """The estimate lies within the tolerance of 1.73, and the labels' interval holds 1.73."""
    entry = Audited(Fraction(ratio), (Fraction(low), Fraction(high) if high else None))
    assert is_near(entry, "ratio", 1.73, 0.10) is is_it
