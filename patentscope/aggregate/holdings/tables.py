"""The engine's tables from publications to units: a value for each step, with the names of what the step made.

`prepared.load` makes `document`, `claim`, `shared_claim`, `priority_office` and `topic`, once; `attribute.hold` a
`Vintage` of them, `units.gather` a `Gathered` of that, `units.narrow` the `Units` of that, which all counts read. Every
other name that SQL speaks of is made and read within one function.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from patentscope.engines.engine import Engine


@dataclass(frozen=True)
class Vintage:
    """What was visible on the date *as_of*."""

    as_of: dt.date

    @property
    def documents(self) -> str:
        """The rows of `document` that were published by then."""
        return f"visible_{self.as_of:%Y%m%d}"

    @property
    def holdings(self) -> str:
        """One row per simple family: whose it is, and how we know.

        Columns: family; applicant_set, inventor_set, priority_set (numbers of party sets); applicant_step,
        inventor_step (`attribute.HOW_KNOWN`); international (two_offices, pct, triadic as bits 1, 2, 4).
        """
        return f"holding_{self.as_of:%Y%m%d}"


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
    """One vintage's units, under every level of documents; a unit's *topic* is its holder's."""

    vintage: Vintage
    unit: str
    topic: Topic

    @property
    def name(self) -> str:
        """What tells these tables from those of other units, vintages and topics."""
        return f"{self.unit}_{self.topic.table}_{self.vintage.as_of:%Y%m%d}"

    @property
    def dates(self) -> str:
        """One row per unit: unit, holder, claimed_0, filed_0, published_0, claimed_1, ...

        Its holder is the simple or extended family whose countries and topic it has; the dates are its earliest under
        each level of documents, null where it has no publication there.
        """
        return f"gathered_{self.name}"

    @property
    def offices(self) -> str:
        """One row per unit and office: unit, holder, office, and the earliest publications there, published_0, ..."""
        return f"gathered_office_{self.name}"

    @property
    def topics(self) -> str:
        """One row per holder: holder, and the topic's columns."""
        return f"topical_{self.name}"

    def drop(self, engine: Engine) -> None:
        """Let go of the tables."""
        engine.drop(self.dates, self.offices, self.topics)


@dataclass(frozen=True)
class Units:
    """What one *level* of documents (0, 1 or 2) leaves of gathered units, ready to be counted."""

    gathered: Gathered
    level: int

    @property
    def dates(self) -> str:
        """One row per unit: unit, holder, priority, filing, publication."""
        return f"unit_date_{self.level}_{self.gathered.name}"

    @property
    def offices(self) -> str:
        """One row per unit and office: unit, holder, office, published."""
        return f"unit_office_{self.level}_{self.gathered.name}"

    @property
    def holders(self) -> str:
        """One row per holder: holder, the topic's columns, and those of `Vintage.holdings` but for family.

        An extended family is on topic, and international, if one of its simple families is; its countries are the union
        of theirs.
        """
        return f"holder_{self.level}_{self.gathered.name}"

    @property
    def families(self) -> str:
        """One row per simple family that is left of an extended one: extended, family, claimed; else no table, ""."""
        return f"left_family_{self.level}_{self.gathered.name}" if self.gathered.unit == "extended_family" else ""

    def drop(self, engine: Engine) -> None:
        """Let go of the tables."""
        engine.drop(*filter(None, (self.dates, self.offices, self.holders, self.families)))
