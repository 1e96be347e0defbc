"""One record of The Lens as a publication. Any part of a record may be missing."""

from __future__ import annotations

from patentscope.fetch.loose_json import Json, entries, iso_date, within, word
from patentscope.files.languages import Texts, english_first, original_of
from patentscope.records.publication import Party, Priority, Publication


def publication_of(record: Json, source: str, origin: str) -> Publication | None:
    """Return *record* as a publication; None where it has no office or no number.

    A party's country is its `residence`, which The Lens leaves out where DOCDB has none (most Chinese documents).
    The members of the simple family are named by their Lens IDs, as in the Lens's CSV exports, and by their numbers.
    """
    reference = within(record, "biblio", "publication_reference")
    office, number, kind = (
        word(record, name) or word(reference, name) for name in ("jurisdiction", "doc_number", "kind")
    )
    if not office or not number:
        return None
    filed = within(record, "biblio", "application_reference")
    claims = entries(record, "biblio", "priority_claims", "claims")
    numbered = dict.fromkeys((_number(claim), iso_date(claim, "date")) for claim in claims)
    first = iso_date(within(record, "biblio", "priority_claims", "earliest_claim"), "date")
    titles, abstracts = _texts(record, "biblio", "invention_title"), _texts(record, "abstract")
    (language, title), (abstract_language, abstract) = english_first(titles), english_first(abstracts)
    members, offices = _family(record)
    return Publication(
        publication_number=f"{office}{number}{kind}",
        office=office,
        kind=kind or None,
        publication_date=iso_date(record, "date_published") or iso_date(reference, "date"),
        filing_date=iso_date(filed, "date"),
        priority_date=first or min(filter(None, (iso_date(claim, "date") for claim in claims)), default=None),
        application_number=_number(filed),
        priorities=tuple(Priority(name, date) for name, date in numbered if name),
        family_members=members,
        family_offices=offices,
        title=title,
        title_language=language,
        title_original=original_of(titles, office, word(record, "lang").lower() or None),
        abstract=abstract,
        abstract_language=abstract_language,
        cpc=_symbols(record, "classifications_cpc"),
        ipc=_symbols(record, "classifications_ipcr"),
        applicants=_parties(record, "applicants"),
        inventors=_parties(record, "inventors"),
        source=source,
        origin=origin,
    )


def _family(record: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the members of the simple family, by Lens ID and by number, and their offices; nobody if none is named."""
    members = entries(record, "families", "simple_family", "members")
    ids = [word(one, "lens_id") for one in [record, *members]] if members else []
    documents = [within(member, "document_id") for member in members]
    named = [*(f"lens:{name}" for name in ids if name), *filter(None, map(_number, documents))]
    offices = filter(None, (word(document, "jurisdiction") for document in documents))
    return tuple(dict.fromkeys(named)), tuple(dict.fromkeys(offices))


def _number(document: Json) -> str | None:
    """Return a document's number as the Lens's exports write it: office, number, kind."""
    office, number = word(document, "jurisdiction"), word(document, "doc_number")
    return f"{office}{number}{word(document, 'kind')}" if office and number else None


def _texts(record: Json, *path: str) -> Texts:
    texts = [(word(entry, "lang").lower() or None, word(entry, "text")) for entry in entries(record, *path)]
    return [entry for entry in texts if entry[1]]


def _symbols(record: Json, scheme: str) -> tuple[str, ...]:
    listed = entries(record, "biblio", scheme, "classifications")
    return tuple(dict.fromkeys(filter(None, (word(entry, "symbol").replace(" ", "") for entry in listed))))


def _parties(record: Json, role: str) -> tuple[Party, ...]:
    listed = entries(record, "biblio", "parties", role)
    named = [(word(within(entry, "extracted_name"), "value"), word(entry, "residence").upper()) for entry in listed]
    return tuple(Party(name, country or None) for name, country in named if name or country)
