"""One USPTO grant or application read as a publication, whatever its generation."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element

from patentscope.files.written_date import compact_date
from patentscope.files.xml.redbook_dialects import Dialect
from patentscope.files.xml.safe_xml import text_of
from patentscope.records.publication import Party, Priority, Publication

_NUMBER = re.compile(r"([A-Z]*)0*(\d+)")
_IPC_SHAPES = (
    re.compile(r"([A-H]\d\d[A-Z])\s*0*(\d{1,4})/\s*(\d{2,6})"),
    re.compile(r"([A-H]\d\d[A-Z])([\d ]{3})(\d{2,6})"),
)
_US_LISTS = frozenset({"document-id", "DOC"})
_PARTS = ("section", "class", "subclass", "main-group", "subgroup")


def publication_of(
    dialect: Dialect, front: _Element, abstract: _Element | None, source: str, origin: str
) -> Publication | None:
    """Return the bibliographic data and the abstract of one document as a publication; None where it has no number."""
    match = _NUMBER.fullmatch("".join(_text(front, dialect.number).split()))
    if match is None:
        return None
    kind = _text(front, dialect.kind)
    priorities = _priorities(dialect, front)
    title = _text(front, dialect.title)
    summary = " ".join(text_of(part) for part in abstract if part.tag != "heading") if abstract is not None else ""
    application = "".join(_text(front, dialect.application).split())
    return Publication(
        publication_number=f"US{match[1]}{match[2]}{kind}",
        office="US",
        kind=kind or None,
        publication_date=compact_date(_text(front, dialect.published)),
        filing_date=compact_date(_text(front, dialect.filed)),
        priority_date=min((entry.date for entry in priorities if entry.date), default=None),
        application_number=f"US{application}" if application else None,
        priorities=priorities,
        title=title or None,
        title_language="en" if title else None,
        abstract=summary or None,
        abstract_language="en" if summary else None,
        cpc=_symbols(front, dialect.cpc),
        ipc=_symbols(front, dialect.ipc),
        applicants=_applicants(dialect, front),
        inventors=_inventors(dialect, front),
        source=source,
        origin=origin,
    )


def _text(element: _Element, path: str) -> str:
    child = element.find(path)
    return text_of(child) if child is not None else ""


def _all(front: _Element, paths: tuple[str, ...]) -> list[_Element]:
    return [entry for path in paths for entry in front.iterfind(path)]


def _first(element: _Element, paths: tuple[str, ...]) -> str:
    return next(filter(None, (_text(element, path) for path in paths)), "")


def _priorities(dialect: Dialect, front: _Element) -> tuple[Priority, ...]:
    """Return foreign priorities, provisional applications and the parents of continuations: what the date rests on."""
    priorities: dict[str, Priority] = {}
    for claim in _all(front, dialect.priorities):
        number = "".join(_first(claim, dialect.priority_number).split())
        country = _first(claim, dialect.priority_country)
        date = compact_date(_first(claim, dialect.priority_date))
        if number and not number.startswith("PCT"):
            # Provisional and parent applications stand in lists of US applications, and often name no country.
            number = f"{country or ('US' if claim.tag in _US_LISTS else '')}{number}"
        if number or date:
            priorities.setdefault(number or str(date), Priority(number, date))
    return tuple(priorities.values())


def _symbols(front: _Element, paths: tuple[str, ...]) -> tuple[str, ...]:
    symbols = []
    for entry in _all(front, paths):
        parts = [(entry.findtext(name) or "").strip() for name in _PARTS]
        symbols.append("{}{}{}{}/{}".format(*parts) if all(parts) else older_ipc(text_of(entry)))
    return tuple(dict.fromkeys(filter(None, symbols)))


@lru_cache(maxsize=65536)
def older_ipc(text: str) -> str:
    """Return an IPC symbol of before 2006, whose main group has leading zeros, or no stroke after its three columns.

    >>> older_ipc("A61B005/00"), older_ipc("G06F 1516"), older_ipc("H01L 21302")
    ('A61B5/00', 'G06F15/16', 'H01L21/302')
    """
    for shape in _IPC_SHAPES:
        if match := shape.fullmatch(text.strip()):
            return f"{match[1]}{match[2].strip().lstrip('0')}/{match[3]}"
    return "".join(text.split())


def _applicants(dialect: Dialect, front: _Element) -> tuple[Party, ...]:
    """Return the applicants; before 2013 these were the inventors, and the owner was named as assignee."""
    stated = _all(front, dialect.applicants)
    owners = [entry for entry in stated if entry.get("app-type") != "applicant-inventor"]
    assignees = _all(front, dialect.assignees)
    return _parties(dialect, owners) or _parties(dialect, assignees) or _parties(dialect, stated)


def _inventors(dialect: Dialect, front: _Element) -> tuple[Party, ...]:
    both = [entry for entry in _all(front, dialect.applicants) if entry.get("app-type") == "applicant-inventor"]
    return _parties(dialect, _all(front, dialect.inventors)) or _parties(dialect, both)


def _parties(dialect: Dialect, entries: list[_Element]) -> tuple[Party, ...]:
    named = [Party(_name(dialect, entry), _country(dialect, entry)) for entry in entries]
    return tuple(party for party in named if party.name or party.country)


def _name(dialect: Dialect, entry: _Element) -> str:
    """Return an organization's name, else a person's, the family name first."""
    for paths in dialect.names:
        family, *given = (_text(entry, path) for path in paths)
        if name := ", ".join(filter(None, (family, " ".join(filter(None, given))))):
            return name
    return ""


def _country(dialect: Dialect, entry: _Element) -> str | None:
    """Return the residence, else the address; a US address names its state in place of the country."""
    for path in dialect.countries:
        code = _text(entry, path).upper()
        if len(code) == 2 and code.isalpha():  # noqa: PLR2004 - "unknown" and "omitted" are written here too
            return code
    return "US" if any(_text(entry, path) for path in dialect.states) else None
