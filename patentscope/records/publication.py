"""The one thing we count: a published patent document, and the forms its numbers take.

Applications and families are derived from publications (`families.py`); every source gives publications.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

_PUBLICATION = re.compile(r"^([A-Z]{2})([A-Z]{0,2}\d+)([A-Z]\d{0,2})?$")
#: A US number of 2001 or later that has a zero more after its year than DOCDB writes.
LONG_US = r"^US(200[1-9]|20[1-9]\d|2[1-9]\d\d|[3-9]\d{3})0(\d{6})([A-Z]\d{0,2})?$"
_LONG_US = re.compile(LONG_US)


@dataclass(frozen=True)
class Party:
    """An applicant or an inventor; `country` is null where the source does not state it."""

    name: str
    country: str | None = None


@dataclass(frozen=True)
class Priority:
    """A claimed priority: the application number as the source writes it (with its office code) and its date."""

    number: str
    date: dt.date | None = None


@dataclass(frozen=True)
class Publication:
    """One published document. Null (None, an empty tuple) where the source does not say; never a guess.

    `family_members` are the members of its simple family that the source names, itself among them: publication
    numbers, or the source's own ids behind its name (`lens:173-916-513-011-404`); `family_offices` their offices.
    """

    publication_number: str
    office: str | None = None
    kind: str | None = None
    publication_date: dt.date | None = None
    filing_date: dt.date | None = None
    priority_date: dt.date | None = None
    application_number: str | None = None
    priorities: tuple[Priority, ...] = ()
    family_id: str | None = None
    family_source: str | None = None
    title: str | None = None
    title_language: str | None = None
    title_original: str | None = None
    abstract: str | None = None
    abstract_language: str | None = None
    cpc: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    applicants: tuple[Party, ...] = field(default=())
    inventors: tuple[Party, ...] = field(default=())
    source: str | None = None
    origin: str | None = None
    family_members: tuple[str, ...] = ()
    family_offices: tuple[str, ...] = ()


def normal_publication_number(number: str) -> str:
    """Return a publication number in DOCDB form, without blanks and punctuation.

    An 11-digit US number of 2001 or later loses the one zero after the year; nothing else is stripped.

    >>> normal_publication_number("US 2012/0057518 A1")
    'US2012057518A1'
    """
    bare = re.sub(r"[\s./,\-]", "", unicodedata.normalize("NFKC", number)).upper()
    match = _LONG_US.match(bare)
    return f"US{match[1]}{match[2]}{match[3] or ''}" if match else bare


def split_number(number: str) -> tuple[str | None, str | None]:
    """Return the office and the kind code that a normalised publication *number* shows; None for what it lacks."""
    match = _PUBLICATION.match(number)
    if match is None:
        return (number[:2] if re.match(r"^[A-Z]{2}[A-Z0-9]", number) else None), None
    return match[1], match[3]
