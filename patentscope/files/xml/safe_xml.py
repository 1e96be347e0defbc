"""XML from strangers: read from its own bytes only, with no DTD, no entity and no network."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml.etree import _Element

from patentscope.errors import FileFormatError

_MOST_TAGS = 4096
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "collect_ids": False,
    "remove_comments": True,
    "remove_pis": True,
}


def parsed(xml: bytes, where: str, *, keep_blanks: bool = True) -> _Element:
    """Return the root of a document held in memory.

    Without the blank text between elements, a third of an answer's nodes, parsing takes two thirds of the time; but
    `<p><b>rare</b> <i>earth</i></p>` then reads as one word.

    Raises:
        FileFormatError: where it is broken, no XML, or uses entities; *where* names it.
    """
    try:
        root = etree.fromstring(xml, etree.XMLParser(**SAFE, remove_blank_text=not keep_blanks))
    except etree.XMLSyntaxError as error:
        raise FileFormatError(f"{where}: {looks_like(xml)}, which is no readable XML ({error.msg})") from error
    refuse_entities(root, where)
    return root


def looks_like(head: bytes) -> str:
    """Return what a file that is not the expected one seems to be, by its first bytes."""
    if re.search(rb"<(!doctype\s+)?html", head, re.IGNORECASE):
        return "found an HTML page, perhaps an error message saved in place of the data"
    return f"found {head[:40]!r}" if head.strip() else "found nothing"


def refuse_entities(record: _Element, where: str) -> None:
    """Refuse a document with entities of its own: what they stand for would be missing from the text.

    Raises:
        FileFormatError: where its DTD declares one, or *record* uses one.
    """
    dtd = record.getroottree().docinfo.internalDTD
    if dtd is None:
        return
    entity = next(dtd.iterentities(), None) or next(record.iter(etree.Entity), None)
    if entity is not None:
        raise FileFormatError(f"{where}: it uses the entity &{entity.name};, and entities are not followed: refused")


def free(record: _Element) -> None:
    """Empty *record* and drop what stands before it, at every level: the tree stays as small as one document."""
    record.clear()
    above: _Element | None = record
    while above is not None and (parent := above.getparent()) is not None:
        while above.getprevious() is not None:
            del parent[0]
        above = parent


class _LocalNames(dict[object, str]):
    """Local names of the tags seen: looking one up costs a third of a cached call, and there is one for each node."""

    def __missing__(self, tag: object) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < _MOST_TAGS:
            self[tag] = name
        return name


#: Gives a tag's local name; a comment or an entity has none.
LOCAL = _LocalNames()


def text_of(element: _Element) -> str:
    """Return an element's whole text, its markup left out, blanks and line ends made single blanks."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    # Where all is printable, the only blank is the plain one.
    return text.strip(" ") if "  " not in text and text.isprintable() else " ".join(text.split())
