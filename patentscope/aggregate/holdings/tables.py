"""The engine's tables from publications to units: a value for each step, with what is to be read of it in SQL.

`prepared.load` makes `document`, `claim`, `named_member` and `topic`, once; `attribute.hold` a `Vintage` of them,
`units.gather` a `Gathered` of that, `units.narrow` the `Units` of that, which all counts read. Every other name that
SQL speaks of is made and read within one function, but for `holder_kind` (`patterns.Kinds`), which lags read, too.
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

    def known(self, alias: str) -> str:
        """Return the test in SQL for families that any column says something of."""
        return "(" + " or ".join(f"{alias}.{name} > 0" for name in self.columns) + ")"


TOPIC = Topic()


@dataclass(frozen=True)
class Gathered:
    """One vintage's units, under every level of documents; a unit's *topic* is its holder's.

    Each table is the name of a stored one, or SQL in brackets, which is carried out where it is read.

    Attributes:
        dates: one row per unit: unit; holder, the simple or extended family whose countries and topic it has;
            claimed_0, filed_0, published_0, claimed_1, ...: its earliest dates under each level of documents, if any.
            Where countries are named: mask_0, mask_1, ...: its offices as bits (`units.office_bit`); is_several: 1
            where its publications, of any level, are not all at one office.
        offices: one row per unit and office: unit, holder, office, and first published there, published_0, ...
        topics: one row per holder: holder, and the topic's columns.
        several: of the units with is_several, the rows of `offices`, each office as a bit, and their claimed_0, ...;
            empty where there are none.
        made: the stored ones.
    """

    vintage: Vintage
    unit: str
    topic: Topic
    dates: str
    offices: str
    topics: str
    several: str = ""
    made: tuple[str, ...] = ()


@dataclass(frozen=True)
class Units:
    """What one level of documents leaves of gathered units, ready to be counted; tables are as in `Gathered`.

    Attributes:
        place: the level's, in the names of the columns of `Gathered`.
        dates: one row per unit: unit, holder, priority, filing, publication.
        offices: one row per unit and office: unit, holder, office, published.
        holders: one row per holder: holder, the topic's columns, and those of `Vintage.holdings` but for family. An
            extended family is on topic, and international, if one of its simple families is; its countries are the
            union of theirs.
        made: the stored ones.
    """

    gathered: Gathered
    place: int
    dates: str
    offices: str
    holders: str
    made: tuple[str, ...] = ()
