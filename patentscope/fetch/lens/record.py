"""One record of The Lens as a publication. Any part of a record may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentscope.files.languages import english_first, original_of
from patentscope.files.written_date import compact_date
from patentscope.records.publication import Party, Priority, Publication

if TYPE_CHECKING:
    import datetime as dt

    from patentscope.files.languages import Texts

Json = dict[str, Any]


def publication_of(record: Json, source: str, origin: str) -> Publication | None:
    """Return *record* as a publication; None where it has no office or no number.

    A party's country is its `residence`, which The Lens leaves out where DOCDB has none (most Chinese documents).
    The simple family is known by the first of its members' Lens IDs, as in the Lens's CSV exports.
    """
    reference = _within(record, "biblio", "publication_reference")
    office, number, kind = (
        _word(record, name) or _word(reference, name) for name in ("jurisdiction", "doc_number", "kind")
    )
    if not office or not number:
        return None
    filed = _within(record, "biblio", "application_reference")
    claims = _entries(record, "biblio", "priority_claims", "claims")
    priorities = _priorities(claims)
    first = _date(_within(record, "biblio", "priority_claims", "earliest_claim"), "date")
    titles, abstracts = _texts(record, "biblio", "invention_title"), _texts(record, "abstract")
    language, title = english_first(titles)
    abstract_language, abstract = english_first(abstracts)
    family = _family(record)
    return Publication(
        publication_number=f"{office}{number}{kind}",
        office=office,
        kind=kind or None,
        publication_date=_date(record, "date_published") or _date(reference, "date"),
        filing_date=_date(filed, "date"),
        priority_date=first or min(filter(None, (_date(claim, "date") for claim in claims)), default=None),
        application_number=_number(filed),
        priorities=priorities,
        family_id=family,
        family_source="source" if family else None,
        title=title,
        title_language=language,
        title_original=original_of(titles, office, _word(record, "lang").lower() or None),
        abstract=abstract,
        abstract_language=abstract_language,
        cpc=_symbols(record, "classifications_cpc"),
        ipc=_symbols(record, "classifications_ipcr"),
        applicants=_parties(record, "applicants"),
        inventors=_parties(record, "inventors"),
        source=source,
        origin=origin,
    )


def _within(record: Json, *path: str) -> Json:
    """Return the object at *path*; an empty one where there is none."""
    for name in path:
        found = record.get(name)
        record = found if isinstance(found, dict) else {}
    return record


def _entries(record: Json, *path: str) -> list[Json]:
    """Return the objects of the list at *path*."""
    found = _within(record, *path[:-1]).get(path[-1])
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _word(record: Json, name: str) -> str:
    value = record.get(name)
    return " ".join(str(value).split()) if type(value) in {str, int} else ""


def _date(record: Json, name: str) -> dt.date | None:
    """Return an ISO date; None for a year alone and for what is none."""
    return compact_date(_word(record, name)[:10].replace("-", ""))


def _number(document: Json) -> str | None:
    """Return an application's number as the Lens's exports write it: office, number, kind."""
    office, number = _word(document, "jurisdiction"), _word(document, "doc_number")
    return f"{office}{number}{_word(document, 'kind')}" if office and number else None


def _priorities(claims: list[Json]) -> tuple[Priority, ...]:
    numbered = [(_number(claim), _date(claim, "date")) for claim in claims]
    return tuple(Priority(number, date) for number, date in dict.fromkeys(numbered) if number)


def _family(record: Json) -> str | None:
    members = _entries(record, "families", "simple_family", "members")
    first = min(filter(None, (_word(member, "lens_id") for member in members)), default=None)
    return f"lens:{first}" if first else None


def _texts(record: Json, *path: str) -> Texts:
    found = [(_word(entry, "lang").lower() or None, _word(entry, "text")) for entry in _entries(record, *path)]
    return [entry for entry in found if entry[1]]


def _symbols(record: Json, scheme: str) -> tuple[str, ...]:
    listed = _entries(record, "biblio", scheme, "classifications")
    return tuple(dict.fromkeys(filter(None, (_word(entry, "symbol").replace(" ", "") for entry in listed))))


def _parties(record: Json, role: str) -> tuple[Party, ...]:
    listed = _entries(record, "biblio", "parties", role)
    named = [(_word(_within(entry, "extracted_name"), "value"), _word(entry, "residence").upper()) for entry in listed]
    return tuple(Party(name, country or None) for name, country in named if name or country)
