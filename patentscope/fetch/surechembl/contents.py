"""A whole document of SureChEMBL's batches as a publication: classes, parties with countries, priorities, family, text.

The shape is that which two public programs typed in September 2026; SureChEMBL's own description leaves it open. So any
part may be missing, null, or one object in place of a list.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from patentscope.fetch.surechembl.document import date_of, name_of, symbols_of, text_of
from patentscope.files.languages import Texts, english_first, original_of
from patentscope.records.publication import Party, Priority, Publication, normal_publication_number, split_number

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_COUNTRY = re.compile(r"[A-Z]{2}")
_FAMILY = re.compile(r"0*[1-9]\d{0,17}")


def publication_of(entry: Any, source: str, origin: str) -> Publication | None:  # noqa: ANN401 - as JSON has it
    """Return an *entry* of a batch as a publication; None where it has no number, or no contents.

    Applicants are the document's own; its assignees stand for them where it names none. A family is taken where one
    number is given; several leave it unknown.
    """
    documents = each(entry, "contents", "patentDocument", "bibliographicData")
    number = number_of(entry)
    if number is None or not documents:
        return None
    bibliographic, (office, kind) = documents[0], split_number(number)
    filed = each(bibliographic, "applicationReference", "documentIdList")
    priorities = _priorities(bibliographic)
    titles = _texts(each(bibliographic, "technicalData", "inventionTitles"), "title")
    abstracts = _texts(each(entry, "contents", "patentDocument", "abstracts"), "section", "content")
    (language, title), (abstract_language, abstract) = english_first(titles), english_first(abstracts)
    families = {text for text in map(text_of, each(entry, "contents", "patentDocument", "family")) if text}
    family = families.pop() if len(families) == 1 else ""
    has_family = _FAMILY.fullmatch(family or "") is not None
    published = each(bibliographic, "publicationReference", "documentId", "date")
    return Publication(
        publication_number=number,
        office=office,
        kind=kind,
        publication_date=next(filter(None, map(date_of, published)), None),
        filing_date=next(filter(None, (date_of(one.get("date")) for one in filed if isinstance(one, dict))), None),
        priority_date=min(filter(None, (one.date for one in priorities)), default=None),
        application_number=next(filter(None, map(_number, filed)), None),
        priorities=tuple(one for one in priorities if one.number),
        family_id=family if has_family else None,
        family_source="source" if has_family else None,
        title=title,
        title_language=language,
        title_original=original_of(titles, office),
        abstract=abstract,
        abstract_language=abstract_language,
        cpc=_symbols(bibliographic, "classificationsCpc", "classificationCpc"),
        ipc=_symbols(bibliographic, "classificationsIpcr", "classificationIpcr"),
        applicants=_parties(bibliographic, "applicants", "applicant")
        or _parties(bibliographic, "assignees", "assignee"),
        inventors=_parties(bibliographic, "inventors", "inventor"),
        source=source,
        origin=origin,
    )


def number_of(entry: Any) -> str | None:  # noqa: ANN401 - as JSON has it
    """Return the publication number that an entry of a batch goes by; None where it has none."""
    reference = ("contents", "patentDocument", "bibliographicData", "publicationReference", "ucid")
    stated = [*each(entry, "doc_id"), *each(entry, *reference)]
    return next(filter(None, (name_of({"docId": text}) for text in stated)), None)


def each(value: object, *path: str) -> list[Any]:
    """Return all that stands at *path*, whether lists, single objects or nothing stand on the way."""
    found = [value]
    for name in path:
        inner = [one.get(name) for one in found if isinstance(one, dict)]
        found = [one for some in inner for one in (some if isinstance(some, list) else [some]) if one is not None]
    return found


def _first(value: object, *path: str) -> str:
    return next(filter(None, map(text_of, each(value, *path))), "") or ""


def _number(document: object) -> str | None:
    """Return an application's number as the Lens writes it: office, number, kind; None without office or number."""
    office = (_first(document, "country", "content") or _first(document, "country")).upper()
    number, kind = _first(document, "docNumber"), _first(document, "kind")
    if not office or not number:
        return None
    return f"{'' if number.startswith(office) else office}{number}{'' if number.endswith(kind) else kind}"


def _priorities(bibliographic: object) -> list[Priority]:
    """Return the distinct priorities; one without a number has a date alone."""
    claimed = each(bibliographic, "priorityClaims", "priorityClaims")
    found: dict[tuple[str, dt.date | None], Priority] = {}
    for claim in claimed:
        documents = each(claim, "documentId")
        number = next(filter(None, map(_number, documents)), None)
        number = number or normal_publication_number(_first(claim, "ucid"))
        date = next(filter(None, (date_of(text) for text in each(claim, "documentId", "date"))), None)
        if number or date:
            found.setdefault((number, date), Priority(number, date))
    return list(found.values())


def _texts(entries: list[Any], *path: str) -> Texts:
    """Return the texts of *entries* with their languages, in each language one; markup is left out."""
    texts: dict[str | None, list[str]] = {}
    for entry in entries:
        text = " ".join(_MARKUP.sub(" ", " ".join(filter(None, map(text_of, each(entry, *path))))).split())
        if text:
            texts.setdefault(_first(entry, "lang").lower() or None, []).append(text)
    return [(language, some[0]) for language, some in texts.items()]


def _symbols(bibliographic: object, *path: str) -> tuple[str, ...]:
    """Return class symbols; of an entry that names its scheme, only the CPC's and the IPC's own."""
    entries = [entry for entry in each(bibliographic, "technicalData", *path) if isinstance(entry, dict)]
    named = ((_first(entry, "scheme").upper(), entry) for entry in entries)
    kept = [entry for scheme, entry in named if not scheme or scheme.startswith(("CPC", "IPC"))]
    return symbols_of(text_of(text) for entry in kept for text in each(entry, "classification"))


def _parties(bibliographic: object, role: str, one: str) -> tuple[Party, ...]:
    """Return the parties of a *role*, each once, however many forms of its name are given.

    A party that comes in several formats has one sequence number in all of them. Where numbers are missing, or come
    twice within a format, names alone tell parties apart. The form that states a country goes before others.
    """
    entries = each(bibliographic, "parties", role, one)
    places = [(_first(entry, "format"), _first(entry, "sequence")) for entry in entries]
    is_numbered = all(sequence for _, sequence in places) and len(set(places)) == len(places)
    found: dict[str, Party] = {}
    for entry, (_, sequence) in zip(entries, places, strict=True):
        book = next(iter(each(entry, "addressbook")), None)
        name = _first(book, "name") or " ".join(filter(None, (_first(book, "lastName"), _first(book, "firstName"))))
        stated = (_first(book, "address", "country", "content") or _first(book, "address", "country")).upper()
        country = stated if _COUNTRY.fullmatch(stated) else None
        key = sequence if is_numbered else name
        if (name or country) and (key not in found or (country and not found[key].country)):
            found[key] = Party(name, country)
    return tuple(found.values())
