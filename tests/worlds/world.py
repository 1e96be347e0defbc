"""Made-up worlds of patents: silent parties, provisional filings, follow-ups, continuations, and records with gaps.

Nothing here imports the package: families are worked out anew, by trying (`plain_count` counts them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

OFFICES = ["CN", "CN", "CN", "US", "US", "JP", "JP", "AU", "KR", "DE", "EP", "WO"]
REGIONAL = {"EP", "WO"}
TOPICS = ("strict", "wide")
_FIRST = {"CN": "A", "US": "A1", "EP": "A1", "WO": "A1"}
_GRANT = {"CN": "B", "US": "B2", "JP": "B2", "EP": "B1"}
_SILENT = {"CN": 0.5, "JP": 0.3}
#: A priority as a document states it: application number and date, either of which may be lacking.
Key = tuple[str | None, dt.date | None]
#: What stands for the application behind a priority without a number, before its document's own application.
UNKNOWN = "unknown@"
LATE = dt.date.max


@dataclass(frozen=True)
class InForce:
    """One priority in force: its application, its office if known, its date if known, and whether it is an entry."""

    application: str
    office: str | None
    date: dt.date | None
    is_entry: bool = True

    @property
    def order(self) -> tuple[dt.date, bool]:
        """What the earliest has least of; an entry comes before a bare date of the same day, and dated ones first."""
        return self.date or LATE, not self.is_entry


@dataclass(frozen=True)
class Doc:
    """One publication: `claims` are the priorities that it states, `bare` a priority date beside them."""

    number: str
    office: str
    kind: str
    application: str
    filed: dt.date | None
    published: dt.date | None
    claims: tuple[Key, ...]
    applicants: tuple[str | None, ...]
    inventors: tuple[str | None, ...]
    bare: dt.date | None = None

    @property
    def priorities(self) -> tuple[InForce, ...]:
        """What it claims, by entry or by a bare earlier date; else its own application is its priority."""
        entries = [key for key in self.claims if any(key)]
        stated = self.bare if not any(date for _, date in entries) else None
        if entries:
            return tuple(
                InForce(number, number[:2] if number[:2].isalpha() else None, date or stated)
                if number
                else InForce(UNKNOWN + self.application, None, date)
                for number, date in entries
            )
        if self.bare and (self.filed is None or self.bare < self.filed):
            return (InForce(UNKNOWN + self.application, None, self.bare, is_entry=False),)
        return (InForce(self.application, self.office, self.filed),)

    @property
    def claimed(self) -> dt.date | None:
        """Its earliest priority's date, if any is known."""
        return min((one.date for one in self.priorities if one.date), default=None)

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
            sets.setdefault(doc.application, set()).update(one.application for one in doc.priorities)
        by_set: dict[frozenset[str], list[Doc]] = {}
        for doc in self.docs:
            # A document that shows no claim adds nothing to what another of its application claims.
            keys = sets[doc.application] - {doc.application} or {doc.application}
            by_set.setdefault(frozenset(keys), []).append(doc)
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
    return _on_topic(random, docs)


def _on_topic(random: Random, docs: list[Doc]) -> World:
    world = World(docs)
    for topic, share in zip(TOPICS, (0.6, 0.85), strict=True):
        world.topics[topic] = {name for name in sorted(set(world.family.values())) if random.random() < share}
    return world


def make_rough_world(seed: int, size: int = 30) -> World:
    """Return a world with all that records lack or have too much of.

    Dates of any century and none, designs and documents without a kind, priorities without a number or a date, bare
    priority dates, applications that claim one which itself claims another, documents of an application that don't say
    the same.
    """
    random = Random(seed)  # noqa: S311 - a made-up world, not a secret
    docs = make_world(seed, size).docs
    back = {doc.application: random.choice([0, 0, 0, 60, 100, 130]) for doc in docs}
    docs = [_earlier(doc, back[doc.application]) for doc in docs]
    return _on_topic(random, [_roughened(random, place, doc, docs) for place, doc in enumerate(docs)])


def _earlier(doc: Doc, years: int) -> Doc:
    """Return a document with all its dates moved back; a US patent of before 2001 has the kind code A."""

    def moved(date: dt.date | None) -> dt.date | None:
        return date and (date - dt.timedelta(days=365 * years))

    claims = tuple((number, moved(date)) for number, date in doc.claims)
    if years and (doc.office, doc.kind) == ("US", "B2"):
        doc = replace(doc, number=f"{doc.application}A", kind="A")
    return replace(doc, filed=moved(doc.filed), published=moved(doc.published), claims=claims)


def _roughened(random: Random, place: int, doc: Doc, docs: list[Doc]) -> Doc:
    """Return a document of which something is lacking, or otherwise than usual."""
    lot = random.random()
    claims = list(doc.claims)
    bare = None
    if claims and lot < 0.5:
        which = random.randrange(len(claims))
        number, date = claims[which]
        claims[which] = random.choice([(None, date), (number, None), (number, None), (None, None), (number[2:], date)])
        bare = random.choice([None, None, date])
    elif claims and lot < 0.6:
        claims = [(number, None) for number, _ in claims]
        bare = random.choice([None, docs[place].filed])
    elif lot < 0.7:
        claims, bare = [], doc.filed and (doc.filed - dt.timedelta(days=random.choice([-9, 0, 200, 9000])))
    elif lot < 0.85:
        other = random.choice(docs)
        claims.append((other.application, random.choice([other.filed, None])))
    changes = {"claims": tuple(claims), "bare": bare, "filed": doc.filed if random.random() < 0.9 else None}
    lot = random.random()
    if lot < 0.08:
        changes |= {"number": f"{doc.office}{95000000 + place}", "kind": ""}
    elif lot < 0.16 and doc.office in {"CN", "KR"}:
        changes |= {"number": f"{doc.office}{96000000 + place}S", "kind": "S"}
    return replace(doc, **changes)


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
        claims = [*((one.application, one.date) for one in parent.priorities[:1]), (number, filed)]
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
