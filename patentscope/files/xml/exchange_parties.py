"""The applicants and inventors of an exchange document, each once, with the country that the document states."""

from __future__ import annotations

from lxml.etree import _Element

from patentscope.files.xml.exchange_classes import local
from patentscope.records.publication import Party

#: One format of the parties is read: each repeats the same people. EPODOC has the country suffix, DOCDB the residence.
_PARTY_FORMATS = ("epodoc", "docdb", "docdba", "intermediate", "original", "")
_SUFFIX = 4  # "[FI]"
_LONGEST_PLACE = 9


def text_of(element: _Element) -> str:
    """Return an element's whole text, its markup left out, blanks and line ends made single blanks."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


def parties_of(block: _Element) -> tuple[Party, ...]:
    """Return the parties of one role, in one of the formats that repeat them, by their sequence."""
    by_format: dict[str, list[_Element]] = {}
    for entry in block:
        by_format.setdefault(entry.get("data-format", ""), []).append(entry)
    for form in (*_PARTY_FORMATS, *by_format):
        entries = by_format.get(form, ())
        parties = [party for entry in sorted(entries, key=_sequence) if (party := _party(entry)) is not None]
        if parties:
            return tuple(parties)
    return ()


def _sequence(entry: _Element) -> int:
    place = entry.get("sequence", "")
    return int(place) if place.isdecimal() and len(place) <= _LONGEST_PLACE else 0


def _party(entry: _Element) -> Party | None:
    """Return a party; its country may be a residence, or stand behind the name, as in `SIEMENS AG [DE]`.

    A name without either has no stated country: it is never the office's.
    """
    name, country = "", None
    for part in entry.iter("{*}name", "{*}country"):
        if local(part.tag) == "name":
            name = name or text_of(part)
        else:
            country = (part.text or "").strip() or None
    if name[-1:] == "]" and name[-_SUFFIX:-3] == "[" and name[-3:-1].isalpha():
        name, country = name[:-_SUFFIX], name[-3:-1].upper()
    name = name.rstrip(" ,")
    return Party(name, country) if name or country else None
