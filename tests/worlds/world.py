"""A made-up world of patents, and a second, plain way to count it: loops over lists, straight from the definitions.

Nothing here imports the package's counting: families, countries by steps, vintages, units and sums are worked out anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

OFFICES = ["CN", "CN", "CN", "US", "US", "JP", "JP", "AU", "KR", "DE", "EP", "WO"]
REGIONAL = {"EP", "WO"}
TOPICS = ("strict", "wide")
_FIRST = {"CN": "A", "US": "A1", "EP": "A1", "WO": "A1"}
_GRANT = {"CN": "B", "US": "B2", "JP": "B2", "EP": "B1"}
_SILENT = {"CN": 0.5, "JP": 0.3}
Key = tuple[str, dt.date]


@dataclass(frozen=True)
class Doc:
    """One publication: `claims` are the priorities that it states, (application number, date) each."""

    number: str
    office: str
    kind: str
    application: str
    filed: dt.date
    published: dt.date | None
    claims: tuple[Key, ...]
    applicants: tuple[str | None, ...]
    inventors: tuple[str | None, ...]

    @property
    def priorities(self) -> tuple[Key, ...]:
        """What it claims; a document that claims nothing has its own application as its priority."""
        return self.claims or ((self.application, self.filed),)

    @property
    def claimed(self) -> dt.date:
        """Its earliest priority's date."""
        return min(date for _, date in self.priorities)

    def known(self, role: str) -> list[str]:
        """Its parties of known country, in their order."""
        return [country for country in getattr(self, role) if country]


@dataclass
class World:
    """All documents; simple and extended families as sets of document numbers, by their first one's."""

    docs: list[Doc]
    topics: dict[str, set[str]] = field(default_factory=dict)
    family: dict[str, str] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Group the documents: by equal sets of priorities, then by applications that families have in common."""
        sets: dict[str, set[str]] = {}
        for doc in self.docs:
            sets.setdefault(doc.application, set()).update(key for key, _ in doc.priorities)
        by_set: dict[frozenset[str], list[Doc]] = {}
        for doc in self.docs:
            by_set.setdefault(frozenset(sets[doc.application]), []).append(doc)
        groups = []
        for keys, docs in by_set.items():
            name = min(doc.number for doc in docs)
            self.family |= {doc.number: name for doc in docs}
            groups.append(({name}, set(keys) | {doc.application for doc in docs}))
        merged = list(_closure(groups))
        extended = {name: min(names) for names in merged for name in names}
        self.extended = {number: extended[name] for number, name in self.family.items()}

    def members(self, family: str) -> list[Doc]:
        """The documents of a simple family."""
        return [doc for doc in self.docs if self.family[doc.number] == family]


def _closure(groups: list[tuple[set[str], set[str]]]) -> Iterator[set[str]]:
    """Yield names whose keys overlap, directly or through others, by trying until nothing overlaps."""
    rest = [(set(names), set(keys)) for names, keys in groups]
    while rest:
        names, keys = rest.pop()
        grew = True
        while grew:
            touching = [other for other in rest if keys & other[1]]
            grew = bool(touching)
            for other in touching:
                names |= other[0]
                keys |= other[1]
                rest.remove(other)
        yield names


def make_world(seed: int, size: int = 45) -> World:
    """Return a world of about *size* inventions: silent parties, provisional filings, follow-ups, continuations."""
    random = Random(seed)  # noqa: S311 - a made-up world, not a secret
    docs: list[Doc] = []
    for serial in range(size):
        docs += _invention(random, serial, docs)
    world = World(docs)
    for topic, share in zip(TOPICS, (0.6, 0.85), strict=True):
        world.topics[topic] = {name for name in sorted(set(world.family.values())) if random.random() < share}
    return world


def _invention(random: Random, serial: int, earlier: list[Doc]) -> list[Doc]:
    """Return the documents of one invention: its first filing, if it is published, and what follows."""
    office = random.choice(OFFICES)
    filed = dt.date(2022, 6, 1) + dt.timedelta(days=random.randrange(1000))
    home = office if office not in REGIONAL else random.choice(["DE", "US", "CN"])
    told = (random.random() < 0.65, random.random() < 0.65)  # whether it names applicants, and inventors, at all
    number = f"{office}{90000000 + serial * 10}"
    claims: list[Key] = [(number, filed)]
    docs = []
    if random.random() < 0.25 and earlier:  # a continuation of something earlier
        parent = random.choice(earlier)
        claims = [*parent.priorities[:1], (number, filed)]
    if random.random() < 0.15:  # a second first filing on the same day or a little later
        other = random.choice(["CN", "US", "JP"])
        claims.append((f"{other}{91000000 + serial * 10}", filed + dt.timedelta(days=random.choice([0, 40]))))
    if random.random() < 0.85:
        kind = "U" if office in {"CN", "JP"} and random.random() < 0.25 else _FIRST.get(office, "A")
        own = () if random.random() < 0.3 else tuple(key for key in claims if key[0] != number)
        docs += _application(random, office, number, filed, own, (home, *told), kind)
    for place, other in enumerate(
        random.sample(["CN", "US", "JP", "EP", "AU", "WO", "KR"], random.choice([0, 0, 1, 2, 3, 5])), 1
    ):
        later = filed + dt.timedelta(days=random.randrange(30, 366))
        kind = _FIRST.get(other, "A")
        name = f"{other}{92000000 + serial * 10 + place}"
        docs += _application(random, other, name, later, tuple(claims), (home, *told), kind)
    return docs


def _application(
    random: Random,
    office: str,
    number: str,
    filed: dt.date,
    claims: tuple[Key, ...],
    told: tuple[str, bool, bool],
    kind: str,
) -> list[Doc]:
    """Return an application's publications: the first, and in two of five cases a grant; *told*: home, who is named."""
    published = filed + dt.timedelta(days=random.randrange(60, 560))
    dates = [published if random.random() < 0.95 else None]
    kinds = [kind]
    if kind != "U" and office != "WO" and random.random() < 0.4:
        dates.append(published + dt.timedelta(days=random.randrange(100, 700)))
        kinds.append(_GRANT.get(office, "B"))
    docs = []
    for code, date in zip(kinds, dates, strict=True):
        applicants, inventors = (_parties(random, office, told[0]) if names else () for names in told[1:])
        docs.append(Doc(f"{number}{code}", office, code, number, filed, date, claims, applicants, inventors))
    return docs


def _parties(random: Random, office: str, home: str) -> tuple[str | None, ...]:
    """Return countries in order, None for a party whose country isn't stated."""
    if random.random() < 0.15:
        return ()
    silent = _SILENT.get(office, 0.15)
    found = [random.choice([home, home, home, "CN", "US", "JP", "KR"]) for _ in range(random.choice([1, 1, 2, 3]))]
    return tuple(None if random.random() < silent else country for country in found)


# ---- the second way to count -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holding:
    """Whose a family is: parties of known country in order, and the step at which they were found (0 for none)."""

    parties: tuple[str, ...]
    step: int


class Vintage:
    """What could be seen on a date: documents, whose each family is, and which borders it had crossed."""

    def __init__(self, world: World, as_of: dt.date) -> None:
        """Look at what was published by then."""
        self.world = world
        self.docs = [doc for doc in world.docs if doc.published and doc.published <= as_of]
        self.by_family: dict[str, list[Doc]] = {}
        for doc in sorted(self.docs, key=lambda doc: (doc.published, doc.number)):
            self.by_family.setdefault(world.family[doc.number], []).append(doc)
        self.holdings = {
            (family, basis): self._holding(family, basis)
            for family in self.by_family
            for basis in ("priority", "applicant", "inventor")
        }

    def first_priorities(self, family: str) -> list[Key]:
        """The earliest priority of a family, several where they are of one day."""
        keys = {key for doc in self.by_family[family] for key in doc.priorities}
        first = min(date for _, date in keys)
        return sorted(key for key in keys if key[1] == first)

    def _holding(self, family: str, basis: str) -> Holding:
        first = self.first_priorities(family)
        offices = tuple(dict.fromkeys(number[:2] for number, _ in first))
        if basis == "priority":
            return Holding(offices, 1)
        docs = self.by_family[family]
        numbers = {number for number, _ in first}
        origin = {doc.application for doc in docs if doc.application in numbers}
        if not origin:
            days = {(number[:2], date) for number, date in first}
            origin = {doc.application for doc in docs if (doc.office, doc.filed) in days}
        mine = {key for doc in docs for key, _ in doc.priorities}
        kin = [
            doc
            for doc in sorted(self.docs, key=lambda doc: (doc.published, doc.number))
            if self.world.family[doc.number] in self._sharing(family, mine)
        ]
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

    def _sharing(self, family: str, keys: set[str]) -> set[str]:
        return {
            name
            for name, docs in self.by_family.items()
            if name != family and keys & {key for doc in docs for key, _ in doc.priorities}
        }

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
    is_model, is_grant = doc.kind[0] in "UY", doc.kind[0] == "B"
    return {"inventions": not is_model, "inventions+utility_models": True, "grants": is_grant}[level]


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
    return sorted({vintage.world.family[doc.number] for doc in docs})


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


def _years(docs: list[Doc], date: str) -> int:
    days = {"priority": [d.claimed for d in docs], "filing": [d.filed for d in docs]}
    return min(days.get(date, [d.published for d in docs if d.published])).year


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
    imputed_here: Fraction = Fraction(0)


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
            if not years[0] <= _years(docs, convention.date) <= years[1]:
                continue
            parts, imputed = _parts(vintage, _families(vintage, docs), convention.basis)
            if convention.share == "first" and parts:
                holding = vintage.holdings[_families(vintage, docs)[0], convention.basis]
                parts = {holding.parties[0]: Fraction(1)}
        _add(sums, parts, sides, convention.share, imputed=imputed)
    return sums


def _offices(docs: list[Doc], date: str, years: tuple[int, int]) -> dict[str, Fraction] | None:
    """Return the offices at which a unit counts in *years*: by the earliest publication there, or the unit's date."""
    by_office: dict[str, list[Doc]] = {}
    for doc in docs:
        by_office.setdefault(doc.office, []).append(doc)
    if date in {"publication", "grant"}:
        found = [code for code, mine in by_office.items() if years[0] <= _years(mine, date) <= years[1]]
        return dict.fromkeys(found, Fraction(1)) or None
    return dict.fromkeys(by_office, Fraction(1)) if years[0] <= _years(docs, date) <= years[1] else None


def _add(
    sums: Sums, parts: dict[str, Fraction], sides: tuple[set[str], set[str]], share: str, *, imputed: bool
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
    if imputed:
        sums.imputed += 1
        sums.left_imputed += found[0]
        sums.right_imputed += found[1]
        sums.imputed_here += max(found) if share == "whole" else sum(found)
