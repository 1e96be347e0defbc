"""The engine's tables from publications to units: a value for each step, with the names of what the step made.

`prepared.load` makes `document`, `claim`, `shared_claim`, `priority_office` and `topic`, once; `attribute.hold` a
`Vintage` of them, `units.gather` a `Gathered` of that, `units.narrow` the `Units` of that, which all counts read. Every
other name that SQL speaks of is made and read within one function.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Vintage:
    """What was visible on the date *as_of*.

    Attributes:
        documents: the rows of `document` that were published by then.
        holdings: one row per simple family, whose it is, and how we know: family; applicant_set, inventor_set,
            priority_set (numbers of party sets); applicant_step, inventor_step (`attribute.HOW_KNOWN`); international
            (two_offices, pct, triadic as bits 1, 2, 4).
    """

    as_of: dt.date
    documents: str
    holdings: str


@dataclass(frozen=True)
class Topic:
    """A table that says of every simple family (`family`) what it is on, in one or several *columns*.

    `topic` comes first: one bit per reading. What labels add is a column each (`correct.LABELLED`).
    """

    table: str = "topic"
    columns: tuple[str, ...] = ("topic",)

    def said(self, alias: str) -> str:
        """Return the columns of *alias* in SQL."""
        return ", ".join(f"{alias}.{name}" for name in self.columns)

    def least(self, alias: str) -> str:
        """Return the least of each column of *alias* in SQL: what rows of one unit say, who all say the same."""
        return ", ".join(f"min({alias}.{name}) as {name}" for name in self.columns)

    def known(self, alias: str) -> str:
        """Return the test in SQL for families that any column says something of."""
        return "(" + " or ".join(f"{alias}.{name} > 0" for name in self.columns) + ")"


TOPIC = Topic()


@dataclass(frozen=True)
class Gathered:
    """One vintage's units, under every level of documents; a unit's *topic* is its holder's.

    Attributes:
        name: tells these tables from those of other units, vintages and topics.
        dates: one row per unit: unit; holder, the simple or extended family whose countries and topic it has;
            claimed_0, filed_0, published_0, claimed_1, ...: its earliest dates under each level of documents, if any.
        offices: one row per unit and office: unit, holder, office, and first published there, published_0, ...
        topics: one row per holder: holder, and the topic's columns.
    """

    vintage: Vintage
    unit: str
    topic: Topic
    name: str
    dates: str
    offices: str
    topics: str


@dataclass(frozen=True)
class Units:
    """What one level of documents leaves of gathered units, ready to be counted.

    Attributes:
        place: the level's, in the names of the columns of `Gathered`.
        dates: one row per unit: unit, holder, priority, filing, publication.
        offices: one row per unit and office: unit, holder, office, published.
        holders: one row per holder: holder, the topic's columns, and those of `Vintage.holdings` but for family. An
            extended family is on topic, and international, if one of its simple families is; its countries are the
            union of theirs.
    """

    gathered: Gathered
    place: int
    dates: str
    offices: str
    holders: str
