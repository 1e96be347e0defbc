"""A second, plain way to count a made world: loops over lists, dicts and sets, straight from the definitions.

Nothing here imports the package's counting: countries by steps, vintages, units and sums are worked out anew.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from worlds.world import REGIONAL, Doc, InForce, World


@dataclass(frozen=True)
class Holding:
    """Whose a family is: parties of known country in order, and the step at which they were found (0 for none)."""

    parties: tuple[str, ...]
    step: int


def _old_before(world: World) -> dt.date:
    """Return the day 30 months before that by which one in a hundred documents was published."""
    days = sorted(doc.published for doc in world.docs if doc.published)
    begun = days[-(-len(days) // 100) - 1]
    months = begun.year * 12 + begun.month - 1 - 30
    return dt.date(months // 12, months % 12 + 1, min(begun.day, monthrange(months // 12, months % 12 + 1)[1]))


class Vintage:
    """What could be seen on a date: documents in time, whose each family is, and which borders it had crossed."""

    def __init__(self, world: World, as_of: dt.date) -> None:
        """Look at what was published by then."""
        self.world = world
        seen = (doc for doc in world.docs if doc.published and doc.published <= as_of)
        self.docs = sorted(seen, key=lambda doc: (doc.published, doc.number))
        self.by_family: dict[str, list[Doc]] = {}
        for doc in self.docs:
            self.by_family.setdefault(world.family[doc.number], []).append(doc)
        self.old_before = _old_before(world)
        self.holdings = {
            (family, basis): self._holding(family, basis)
            for family in self.by_family
            for basis in ("priority", "applicant", "inventor")
        }

    def first_priorities(self, family: str) -> set[InForce]:
        """The earliest priority of a family, several where they are of one day."""
        every = {one for doc in self.by_family[family] for one in doc.priorities}
        first = min(one.order for one in every)
        return {one for one in every if one.order == first}

    def _holding(self, family: str, basis: str) -> Holding:
        first = self.first_priorities(family)
        offices = tuple(sorted({one.office for one in first if one.office}))
        if basis == "priority":
            return Holding(offices, 1)
        docs = self.by_family[family]
        numbers = {one.application for one in first}
        origin = {doc.application for doc in docs if doc.application in numbers}
        if not origin:
            days = {(one.office, one.date) for one in first if one.office and one.date}
            origin = {doc.application for doc in docs if (doc.office, doc.filed) in days}
        sharing = self._sharing(family)
        kin = [doc for doc in self.docs if self.world.family[doc.number] in sharing]
        roles = ("applicants", "inventors") if basis == "applicant" else ("inventors", "applicants")
        for start, role in zip((1, 4), roles, strict=True):
            places = (
                [doc for doc in docs if doc.application in origin],
                [doc for doc in docs if doc.application not in origin],
                kin,
            )
            for step, place in enumerate(places, start):
                for doc in place:
                    if doc.known(role):
                        return Holding(tuple(doc.known(role)), step)
        countries = tuple(code for code in offices if code not in REGIONAL)
        return Holding(countries, 7 if countries else 0)

    def _sharing(self, family: str) -> set[str]:
        """The families with a common priority, and those of an application that is claimed, one way or the other."""
        return {name for name in self.by_family if name != family and self._links(family) & self._links(name)}

    def _links(self, family: str) -> set[str]:
        docs = self.by_family[family]
        return {doc.application for doc in docs} | {one.application for doc in docs for one in doc.priorities}

    def crossed(self, family: str, level: str) -> bool:
        """Say whether a family had crossed borders."""
        offices = {doc.office for doc in self.by_family.get(family, [])}
        return {
            "all": True,
            "two_offices": len(offices) > 1,
            "pct": "WO" in offices,
            "triadic": {"EP", "JP", "US"} <= offices,
        }[level]


def _in_documents(doc: Doc, level: str) -> bool:
    """Say whether a document gives a unit; one without a kind counts as an invention, a design never."""
    is_model, is_grant, is_design = (doc.kind[:1] == letter for letter in "UBS")
    is_grant |= (doc.office, doc.kind) == ("US", "A")  # all are of before 2001
    counts = {"inventions": not is_model, "inventions+utility_models": True, "grants": is_grant}
    return counts[level] and not is_design


@cache
def _units(vintage: Vintage, unit: str, documents: str) -> dict[str, tuple[Doc, ...]]:
    world = vintage.world
    name = {
        "family": lambda doc: world.family[doc.number],
        "application": lambda doc: doc.application,
        "publication": lambda doc: doc.number,
        "extended_family": lambda doc: world.extended[doc.number],
    }[unit]
    found: dict[str, list[Doc]] = {}
    for doc in vintage.docs:
        if _in_documents(doc, documents):
            found.setdefault(name(doc), []).append(doc)
    return {key: tuple(docs) for key, docs in found.items()}


@cache
def _families(vintage: Vintage, docs: tuple[Doc, ...]) -> list[str]:
    """Return the simple families of documents, the one with the earliest visible publication first."""
    mine = {vintage.world.family[doc.number] for doc in docs}
    return list(dict.fromkeys(name for doc in vintage.docs if (name := vintage.world.family[doc.number]) in mine))


@cache
def _kin(vintage: Vintage, unit: str, docs: tuple[Doc, ...]) -> list[str]:
    """Return the simple families that decide a unit's topic and borders: all of an extended family's."""
    world = vintage.world
    if unit != "extended_family":
        return _families(vintage, docs)
    mine = world.extended[docs[0].number]
    return sorted({world.family[number] for number, name in world.extended.items() if name == mine})


def _parts(vintage: Vintage, families: list[str], basis: str) -> tuple[dict[str, Fraction], bool]:
    """Return a unit's countries with their fractions, the mean over families that know any; and whether by step 7."""
    known = [holding for name in families if (holding := vintage.holdings[name, basis]).parties]
    parts: dict[str, Fraction] = {}
    for holding in known:
        for country in holding.parties:
            parts[country] = parts.get(country, Fraction(0)) + Fraction(1, len(holding.parties) * len(known))
    return parts, any(holding.step == 7 for holding in known)


def _year(docs: Iterable[Doc], date: str) -> int:
    """Return the year of documents' earliest date, 0 where none is known."""
    days = {"priority": [d.claimed for d in docs], "filing": [d.filed for d in docs]}
    known = [day for day in days.get(date, [d.published for d in docs]) if day]
    return min(known).year if known else 0


def _is_old(vintage: Vintage, docs: Iterable[Doc], date: str) -> bool:
    """Say whether a unit may have been published before the records begin; only publication dates ask."""
    claimed = [doc.claimed for doc in docs if doc.claimed]
    return date in {"publication", "grant"} and bool(claimed) and min(claimed) < vintage.old_before


@dataclass
class Sums:
    """What the second way counts, as `tally.Tally` names it."""

    left: Fraction = Fraction(0)
    right: Fraction = Fraction(0)
    overlap: int = 0
    imputed: int = 0
    unknown: int = 0
    left_imputed: Fraction = Fraction(0)
    right_imputed: Fraction = Fraction(0)
    imputed_here: int = 0
    left_old: Fraction = Fraction(0)
    right_old: Fraction = Fraction(0)


def count(vintage: Vintage, convention: Any, left: Iterable[str], right: Iterable[str], years: tuple[int, int]) -> Sums:
    """Count one convention for two sets of countries (`*` for all others) over *years*, unit by unit."""
    sums, sides = Sums(), (set(left), set(right))
    for docs in _units(vintage, convention.unit, convention.documents).values():
        kin = _kin(vintage, convention.unit, docs)
        on_topic = vintage.world.topics[convention.topic]
        if not on_topic & set(kin) or not any(vintage.crossed(name, convention.international) for name in kin):
            continue
        if convention.basis == "office":
            parts, imputed = _offices(docs, convention.date, years), False
            if parts is None:
                continue
        else:
            if not years[0] <= _year(docs, convention.date) <= years[1]:
                continue
            parts, imputed = _parts(vintage, _families(vintage, docs), convention.basis)
            if convention.share == "first" and parts:
                found = (vintage.holdings[name, convention.basis] for name in _families(vintage, docs))
                parts = {next(holding.parties[0] for holding in found if holding.parties): Fraction(1)}
        is_old = _is_old(vintage, docs, convention.date)
        _add(sums, parts, sides, convention.share, imputed=imputed, is_old=is_old)
    return sums


def _offices(docs: Iterable[Doc], date: str, years: tuple[int, int]) -> dict[str, Fraction] | None:
    """Return the offices at which a unit counts in *years*: by the earliest publication there, or the unit's date."""
    by_office: dict[str, list[Doc]] = {}
    for doc in docs:
        by_office.setdefault(doc.office, []).append(doc)
    if date in {"publication", "grant"}:
        found = [code for code, mine in by_office.items() if years[0] <= _year(mine, date) <= years[1]]
        return dict.fromkeys(found, Fraction(1)) or None
    return dict.fromkeys(by_office, Fraction(1)) if years[0] <= _year(docs, date) <= years[1] else None


def _add(
    sums: Sums,
    parts: dict[str, Fraction],
    sides: tuple[set[str], set[str]],
    share: str,
    *,
    imputed: bool,
    is_old: bool,
) -> None:
    if not parts:
        sums.unknown += 1
        return
    found = []
    for side in sides:
        inside = [part for code, part in parts.items() if (code not in sides[0] if side == {"*"} else code in side)]
        found.append(sum(inside, Fraction(0)) if share == "fractional" else Fraction(bool(inside)))
    sums.left += found[0]
    sums.right += found[1]
    sums.overlap += share == "whole" and all(found)
    if is_old:
        sums.left_old += found[0]
        sums.right_old += found[1]
    if imputed:
        sums.imputed += 1
        sums.left_imputed += found[0]
        sums.right_imputed += found[1]
        sums.imputed_here += any(found)
