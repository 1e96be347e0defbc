"""The records of a worked answer: so many families a year of each country, their shares by quota, never by chance.

A group's families lie evenly over the year, and every year has the same pattern of days and options, so that a year by
filing and a year by publication hold the same families, and every share is met to the family (rounded half up). Which
families have an option is drawn once for each country and option; the draws are independent of one another, but for
utility models, which are taken from families that are filed at home alone, and grants, which are taken from inventions
and published at every office of the family that grants.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from itertools import count

from patentscope.records.publication import Party, Priority, Publication

#: Months from the first filing to the filings at other offices, and to a grant's publication.
ABROAD, GRANTED = 12, 36
_FIRST = {"CN": "A", "JP": "A", "KR": "A"}
_GRANT = {"CN": "B", "EP": "B1", "KR": "B1", "AU": "B2", "US": "B2", "JP": "B2"}
_UTILITY = {"CN": "U", "KR": "U"}
SYMBOLS = ("C22B59/00", "C22B7/00")
WORDS = "Recycling of scrap: a rare earth is recovered from magnets."


@dataclass(frozen=True)
class Option:
    """What *part* of a group's families have; *what* is one of the phrases of `answer_text`, with what it names."""

    part: float
    what: str
    names: tuple[str, ...] = ()
    number: float = 1.0


@dataclass(frozen=True)
class Group:
    """Families first filed in each of *years* at one office: *size* a year."""

    country: str
    size: int
    years: tuple[int, int]
    options: tuple[Option, ...] = ()


@dataclass
class Family:
    """One family: where and by whom, and what befalls it."""

    name: str
    home: str
    filed: dt.date
    published_after: int
    owners: tuple[str | None, ...]
    inventors: tuple[str | None, ...]
    abroad: tuple[str, ...] = ()
    only_at: tuple[str, ...] = ()
    is_utility: bool = False
    is_granted: bool = False
    abstract: bool = True
    classes: bool = True
    older: int = 0
    outside: set[str] = field(default_factory=set)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of another month; days are 28 at most."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)


def quota(part: float, of: int) -> int:
    """Return a share of a number of families, rounded half up."""
    return int(part * of + 0.5 + 1e-9)


def families(groups: tuple[Group, ...], published_after: int) -> list[Family]:
    """Return every family of the world."""
    serial = count(1)
    found = []
    for place, group in enumerate(groups):
        chosen = [_chosen(group, option, place, number) for number, option in enumerate(group.options)]
        chosen = _apart(group, chosen)
        for year in range(group.years[0], group.years[1] + 1):
            for index in range(group.size):
                month, part = divmod((index + 0.5) * 12 / group.size, 1)
                made = Family(
                    name=f"{next(serial):06d}",
                    home=group.country,
                    filed=dt.date(year, int(month) + 1, 1 + int(part * 28)),
                    published_after=published_after,
                    owners=(group.country,),
                    inventors=(group.country,),
                )
                for option, picked in zip(group.options, chosen, strict=True):
                    if index in picked:
                        _have(made, option, picked[index])
                found.append(made)
    return found


def _chosen(group: Group, option: Option, place: int, number: int) -> dict[int, tuple[str, ...]]:
    """Return which families of a year have an option, by their place in it, with the offices that each is also at."""
    order = list(range(group.size))
    draw = random.Random(f"{place} {number}")  # noqa: S311 - a made-up world, not a secret
    draw.shuffle(order)
    picked = order[: quota(option.part, group.size)]
    offices: dict[int, tuple[str, ...]] = dict.fromkeys(picked, ())
    if option.what == "also at":
        for office in option.names:
            if office != group.country:
                draw.shuffle(picked)
                for index in picked[: quota(option.number, len(picked))]:
                    offices[index] += (office,)
    return offices


def _apart(group: Group, chosen: list[dict[int, tuple[str, ...]]]) -> list[dict[int, tuple[str, ...]]]:
    """Return the choices with utility models kept from families that are abroad, and grants from utility models."""
    kept = list(chosen)
    taken: dict[str, set[int]] = {"also at": set(), "utility models": set()}
    for what, excluded in (("also at", ()), ("utility models", ("also at",)), ("granted", ("utility models",))):
        for number, option in enumerate(group.options):
            if option.what != what:
                continue
            out = set().union(*(taken[name] for name in excluded)) if excluded else set()
            order = [index for index in [*chosen[number], *range(group.size)] if index not in out]
            wanted = list(dict.fromkeys(order))[: quota(option.part, group.size)]
            kept[number] = {index: chosen[number].get(index, ()) for index in wanted}
            if what in taken:
                taken[what] |= set(kept[number])
    return kept


def _have(made: Family, option: Option, offices: tuple[str, ...]) -> None:
    """Give a family what an option says."""
    if option.what == "also at":
        made.abroad = offices
    elif option.what == "outside":
        made.outside.update(option.names)
    elif option.what == "owned with":
        made.owners += option.names
    elif option.what in _NAMES:
        setattr(made, _NAMES[option.what], option.names)
    elif option.what in _NUMBERS:
        setattr(made, _NUMBERS[option.what], int(option.number))
    else:
        for attribute, value in _FACTS[option.what].items():
            setattr(made, attribute, value)


#: What an option sets: to the names that it lists, to its number, or to what it says.
_NAMES = {"owned by": "owners", "invented in": "inventors", "at only": "only_at"}
_NUMBERS = {"published after": "published_after", "with a priority older by": "older"}
_FACTS: dict[str, dict[str, object]] = {
    "granted": {"is_granted": True},
    "utility models": {"is_utility": True},
    "without countries": {"owners": (None,), "inventors": (None,)},
    "without abstracts": {"abstract": False},
    "without classes": {"classes": False},
}


def publications(world: list[Family]) -> list[Publication]:
    """Return the documents of the families, a family's first filing before those abroad and its grant last."""
    made = []
    for family in world:
        home, own = next(iter(family.only_at), family.home), f"{family.home}{family.filed.year}X{family.name}"
        kind = _UTILITY[home] if family.is_utility else _FIRST.get(home, "A1")
        claims = (Priority(own, family.filed),)
        if family.older:
            claims = (Priority(f"{own}P", months_later(family.filed, -family.older)), *claims)
        at_home = home == family.home
        first = (home, kind, own if at_home else f"{home}{own}", family.filed, family.published_after)
        rows = [first] + [
            (office, _FIRST.get(office, "A1"), f"{office}{own}", months_later(family.filed, ABROAD), 18)
            for office in family.abroad
        ]
        if family.is_granted:
            rows += [
                (office, _GRANT[office], application, filed, GRANTED)
                for office, _, application, filed, _ in rows
                if office in _GRANT
            ]
        made += [_document(family, *row, claims) for row in rows]
    return made


def _document(
    family: Family, office: str, kind: str, application: str, filed: dt.date, after: int, claims: tuple[Priority, ...]
) -> Publication:
    return Publication(
        publication_number=f"{office}{10_000_000 + int(family.name)}{kind}",
        office=office,
        kind=kind,
        application_number=application,
        filing_date=filed,
        publication_date=months_later(family.filed, after),
        priorities=claims,
        family_id=f"F{family.name}",
        title="Recycling of rare earths" if "words" not in family.outside else "Another matter",
        title_language="en",
        abstract=(WORDS if "words" not in family.outside else "Another matter.") if family.abstract else None,
        abstract_language="en" if family.abstract else None,
        cpc=(SYMBOLS if "classes" not in family.outside else ("A01B1/00",)) if family.classes else (),
        applicants=tuple(Party("Owner", country) for country in family.owners),
        inventors=tuple(Party("Inventor", country) for country in family.inventors),
    )
