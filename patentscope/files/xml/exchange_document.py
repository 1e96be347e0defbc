"""One exchange document of the EPO (as OPS answers it, as DOCDB files hold it) read as a publication.

Both dialects are one schema with two habits. OPS puts several `document-id` into one reference, told apart by
`document-id-type`, and a party's country behind its name; DOCDB repeats the reference itself, told apart by
`data-format`, and has a `residence`. Tags come with the exchange namespace or without, often mixed in one document,
so they are told by their local names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from lxml.etree import _Element

from patentscope.files.languages import Texts, english_first, original_of
from patentscope.files.written_date import compact_date
from patentscope.files.xml.exchange_classes import cpc_of, ipc_of
from patentscope.files.xml.safe_xml import LOCAL, text_of
from patentscope.records.publication import Party, Priority, Publication

_NUMBER_FORMATS = ("docdb", "epodoc", "original", "")
_DATE_FORMATS = ("epodoc", "docdb", "original", "")
#: EPODOC has the country suffix, DOCDB the residence.
_PARTY_FORMATS = ("epodoc", "docdb", "docdba", "intermediate", "original", "")
_SUFFIX = 4  # "[FI]"
_LONGEST_PLACE = 9


class MarkupFirstError(Exception):
    """A text begins with markup, so that the blanks that were left out of the tree may have stood between words."""


class _Ids(dict[str, _Element]):
    """The numbers and dates of one document in several formats; each is read when it is asked for."""

    def parts(self, form: str) -> dict[str, str]:
        """Return what a format says, by tag."""
        return {LOCAL[part.tag]: part.text or "" for part in self[form]} if form in self else {}

    def number(self, forms: Iterable[str] = _NUMBER_FORMATS) -> str | None:
        """Return the number, with office and kind where these stand apart, in the first of *forms* that has one."""
        for form in forms:
            parts = self.parts(form)
            if serial := parts.get("doc-number", "").strip():
                return f"{parts.get('country', '').strip()}{serial}{parts.get('kind', '').strip()}".replace(" ", "")
        return None

    def date(self, forms: Iterable[str] = _DATE_FORMATS) -> dt.date | None:
        """Return the date in the first of *forms* that has one."""
        for form in forms:
            if date := compact_date(self.parts(form).get("date")):
                return date
        return None


class _Facts:
    """What was found in one document so far."""

    def __init__(self, *, has_blanks: bool) -> None:
        self.has_blanks = has_blanks
        self.publication = _Ids()
        self.application = _Ids()
        self.priorities: dict[str, _Ids] = {}
        self.languages: list[str] = []
        self.titles: Texts = []
        self.abstracts: Texts = []
        self.cpc: list[str] = []
        self.ipc: list[str] = []
        self.parties: dict[str, tuple[Party, ...]] = {}


def fault_of(document: _Element) -> str | None:
    """Return why *document* is no record to keep, or None where it is one."""
    status = document.get("status", "")
    if status == "not found":
        return "the office holds no such document (status: not found)"
    return "deleted by the office (status: D)" if status in {"D", "DV"} else None


def publication_of(document: _Element, source: str, origin: str, *, has_blanks: bool = True) -> Publication | None:
    """Return an `exchange-document` or a bare `family-member` as a publication; None where it has no number.

    Raises:
        MarkupFirstError: where blanks between elements were left out (not *has_blanks*), and may be missing in a text.
    """
    facts = _Facts(has_blanks=has_blanks)
    _each(facts, document)
    get, parent = document.get, document.getparent()
    office, serial, kind = get("country"), get("doc-number"), get("kind")
    if office and serial:
        number: str | None = f"{office}{serial}{kind or ''}".replace(" ", "")
    else:
        number = facts.publication.number()
        parts = facts.publication.parts("docdb") or facts.publication.parts("")
        office, kind = (parts.get(name, "").strip() or None for name in ("country", "kind"))
    if not number:
        return None
    family = get("family-id") or (parent.get("family-id") if parent is not None else None) or None
    language, title = english_first(facts.titles)
    abstract_language, abstract = english_first(facts.abstracts)
    priorities = tuple(filter(None, map(_priority, facts.priorities.values())))
    # By place, in the order of the class: naming twenty-one arguments costs a twentieth of a document's time.
    return Publication(
        number,
        office or None,
        kind or None,
        facts.publication.date() or compact_date(get("date-publ")),
        facts.application.date(),
        min([entry.date for entry in priorities if entry.date], default=None),
        facts.application.number(),
        priorities,
        family,
        "source" if family else None,
        title,
        language,
        original_of(facts.titles, office, next(iter(facts.languages), None)),
        abstract,
        abstract_language,
        tuple(dict.fromkeys(facts.cpc)),
        tuple(dict.fromkeys(facts.ipc)),
        facts.parties.get("applicants", ()),
        facts.parties.get("inventors", ()),
        source,
        origin,
    )


def _priority(ids: _Ids) -> Priority | None:
    """Return a priority; None where no format says anything."""
    number, date = ids.number() or "", ids.date()
    return Priority(number, date) if number or date or ids.number(ids) or ids.date(ids) else None


def _each(facts: _Facts, element: _Element) -> None:
    for child in element:
        if (reader := _READERS.get(LOCAL[child.tag])) is not None:
            reader(facts, child)


def _ids(into: _Ids, reference: _Element) -> None:
    """Note a reference's numbers and dates in *into*, by format."""
    for entry in reference:
        if LOCAL[entry.tag] == "document-id":
            into.setdefault(entry.get("document-id-type") or reference.get("data-format") or "", entry)


def _priority_claim(facts: _Facts, element: _Element) -> None:
    # The formats of one priority share a sequence number, in OPS within one element, in DOCDB over several.
    place = element.get("sequence") or f"unnumbered {len(facts.priorities)}"
    _ids(facts.priorities.setdefault(place, _Ids()), element)


def _invention_title(facts: _Facts, element: _Element) -> None:
    if text := _whole_text(facts, element):
        facts.titles.append((_language(element), text))


def _whole_text(facts: _Facts, element: _Element) -> str:
    """Return the text of a title or a paragraph."""
    if not facts.has_blanks and len(element) and not element.text:
        raise MarkupFirstError
    return text_of(element)


def _language(element: _Element) -> str | None:
    """Return a text's language; `ol` only says "the original language"."""
    language = element.get("lang", "").lower()
    return None if language in {"", "ol"} else language


def _abstract(facts: _Facts, element: _Element) -> None:
    # Paragraphs are joined by a blank; words beside them, or without any, would be lost if only they were read.
    has_paragraphs = (
        len(element) and not (element.text or "").strip() and all(LOCAL[part.tag] == "p" for part in element)
    )
    parts = element if has_paragraphs else [element]
    text = " ".join(filter(None, [_whole_text(facts, part) for part in parts]))
    if text:
        facts.abstracts.append((_language(element), text))


def _parties(facts: _Facts, element: _Element) -> None:
    """Read the parties of one role, by their sequence, in one of the formats: each repeats the same people."""
    by_format: dict[str, list[_Element]] = {}
    for entry in element:
        by_format.setdefault(entry.get("data-format", ""), []).append(entry)
    parties: list[Party] = []
    for form in (*_PARTY_FORMATS, *by_format):
        entries = sorted(by_format.get(form, ()), key=_sequence)
        parties = [party for entry in entries if (party := _party(entry)) is not None]
        if parties:
            break
    facts.parties[LOCAL[element.tag]] = tuple(parties)


def _sequence(entry: _Element) -> int:
    place = entry.get("sequence", "")
    return int(place) if place.isdecimal() and len(place) <= _LONGEST_PLACE else 0


def _party(entry: _Element) -> Party | None:
    """Return a party; its country may be a residence, or stand behind the name, as in `SIEMENS AG [DE]`.

    A name without either has no stated country: it is never the office's.
    """
    name, country = _stated(entry)
    if name[-1:] == "]" and name[-_SUFFIX:-3] == "[" and name[-3:-1].isalpha():
        name, country = name[:-_SUFFIX], name[-3:-1].upper()
    name = name.rstrip(" ,")
    return Party(name, country) if name or country else None


def _stated(entry: _Element) -> tuple[str, str | None]:
    """Return the first name and the last country below *entry*."""
    name, country = "", None
    for part in entry.iterdescendants():
        tag = LOCAL[part.tag]
        if tag == "name":
            name = name or text_of(part)
        elif tag == "country":
            country = (part.text or "").strip() or country
    return name, country


_READERS: dict[str, Callable[[_Facts, _Element], None]] = {
    "bibliographic-data": _each,
    "publication-reference": lambda facts, element: _ids(facts.publication, element),
    "application-reference": lambda facts, element: _ids(facts.application, element),
    "priority-claims": _each,
    "priority-claim": _priority_claim,
    "parties": _each,
    "applicants": _parties,
    "inventors": _parties,
    "invention-title": _invention_title,
    "abstract": _abstract,
    "patent-classifications": lambda facts, element: facts.cpc.extend(cpc_of(element)),
    "classifications-ipcr": lambda facts, element: facts.ipc.extend(ipc_of(element)),
    "classification-ipc": lambda facts, element: facts.ipc.extend(ipc_of(element)),
    "language-of-publication": lambda facts, element: facts.languages.append((element.text or "").strip().lower()),
}
