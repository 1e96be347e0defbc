"""The EPO's exchange documents as OPS answers them and as DOCDB files hold them: one schema, one parser.

Nothing outside the bytes is read: no DTD, no entity, no network. A document that declares entities is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree
from lxml.etree import _Element

from patentscope.errors import FileFormatError
from patentscope.files.container import Member, heads, members, unpacking
from patentscope.files.spool import Aside, FileAccount, gathered
from patentscope.files.written_date import compact_date
from patentscope.files.xml.exchange_classes import Shortened, shortened
from patentscope.files.xml.exchange_document import MarkupFirstError, fault_of, publication_of
from patentscope.files.xml.safe_xml import LOCAL, SAFE, free, looks_like, parsed, refuse_entities
from patentscope.provenance.ledger import Loss
from patentscope.records.imported import Imported
from patentscope.records.publication import Publication

_ROOTS = frozenset({"world-patent-data", "exchange-documents", "exchange-document", "patent-family"})
_ROOT = re.compile(rb"<(?:\w+:)?(?:world-patent-data|exchange-documents?|patent-family)[\s>/]")
_RECORDS = ("{*}exchange-document", "{*}family-member")
_LONGEST_TOTAL = 12
#: Gives the bytes that are parsed in place of a file's own.
Reader = Callable[[IO[bytes]], IO[bytes] | Shortened]
_LICENCE = "EPO terms: may be analysed and its counts published; the records as such not to be made available"
_OPS_NOTE = "An answer of OPS: a search gives one publication per application, and only the family members that match."
_DOCDB_NOTE = "A DOCDB file; a weekly front file holds what changed in that week, and no other family members."


def publications_of(xml: bytes, *, source: str, origin: str) -> tuple[list[Publication], list[Loss]]:
    """Return the publications in one answer held in memory, and what was set aside.

    Args:
        xml: an answer of OPS with biblio, or a family answer; a list of mere numbers gives none.
        source: the source's name, kept in every record.
        origin: the hash of the answer, kept in every record.

    Raises:
        FileFormatError: where *xml* is broken, declares entities, or is another kind of document.
    """
    try:
        return _held(shortened(xml), source, origin, has_blanks=False)
    except (MarkupFirstError, FileFormatError):  # an error is to name the answer's own line
        return _held(xml, source, origin, has_blanks=True)


def _held(xml: bytes, source: str, origin: str, *, has_blanks: bool) -> tuple[list[Publication], list[Loss]]:
    root, aside = _parsed(xml, f"the answer {origin}", keep_blanks=has_blanks), Aside()
    numbered = enumerate((document for record in root.iter(_RECORDS) for document in _documents(record)), start=1)
    found = [_read(record, source, origin, aside, place, has_blanks=has_blanks) for place, record in numbered]
    return list(filter(None, found)), aside.losses()


def total_of(xml: bytes) -> int | None:
    """Return how many hits the search has, as the answer states it (OPS stops counting at 10,000); None if it doesn't.

    Raises:
        FileFormatError: as `publications_of`.
    """
    for search in _parsed(xml, "the answer").iter("{*}biblio-search"):
        stated = search.get("total-result-count", "")
        return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= _LONGEST_TOTAL else None
    return None


def is_whole_family(xml: bytes) -> bool:
    """Say whether a family answer holds as many members as it states, and OPS did not cut a large family off.

    Raises:
        FileFormatError: as `publications_of`.
    """
    for family in _parsed(xml, "the answer").iter("{*}patent-family"):
        held = sum(1 for _ in family.iterchildren("{*}family-member"))
        return bool(family.get("total-result-count") == str(held) and family.get("truncatedFamily") != "true")
    return False


def recognises(head: bytes, path: Path) -> bool:
    """Say whether a file that begins with *head* is exchange XML, or a gzip or zip of it; its name says nothing."""
    return any(map(_is_exchange, heads(head, path)))


def _is_exchange(head: bytes) -> bool:
    return _ROOT.search(head.replace(b"\0", b"")) is not None  # UTF-16 has a zero beside every letter of a tag


def read(path: Path) -> Imported:
    """Read a file of exchange documents (plain, gzip, or a zip of several), in memory that does not grow with it.

    Raises:
        FileFormatError: where it is damaged, cut off, no XML, another kind of XML, or declares entities.
    """
    with unpacking(str(path)):
        try:
            return _read_file(path, Shortened)
        except FileFormatError:
            return _read_file(path, lambda stream: stream)  # an error is to name the file's own line


def _read_file(path: Path, reader: Reader) -> Imported:
    reading, account = _Reading(reader), FileAccount(path)
    table, told = gathered(_publications(path, account, reading))
    if not table.num_rows + account.count and not reading.is_bulk:
        raise FileFormatError(
            f"{path}: an answer of OPS without bibliographic data; found {reading.numbers} mere publication numbers, "
            "expected exchange documents. Ask OPS again with the constituent /biblio"
        )
    notes = {
        "XML files": str(reading.members),
        "stated and found differ": "; ".join(reading.unequal),
        "members that are no exchange XML": ", ".join(reading.skipped),
    }
    account.notes = {name: text for name, text in notes.items() if text}
    return account.imported(
        table,
        "docdb_xml" if reading.is_bulk else "ops_xml",
        told=told,
        what="a DOCDB file" if reading.is_bulk else "answers of EPO OPS",
        encoding=reading.encoding,
        retrieved=max(reading.dates, default=None),
        licence=_LICENCE,
        note=_DOCDB_NOTE if reading.is_bulk else _OPS_NOTE,
        has_family_members=reading.is_bulk,
    )


@dataclass
class _Reading:
    """What a file said of itself while it was read, through *reader*."""

    reader: Reader
    encoding: str = "utf-8"
    is_bulk: bool = True
    numbers: int = 0
    members: int = 0
    dates: list[dt.date] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def note(self, root: _Element, where: str, seen: int) -> None:
        """Write down what the root says: the day of the exchange, and how many documents it should hold."""
        self.members += 1
        self.encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
        self.is_bulk = self.is_bulk and LOCAL[root.tag] == "exchange-documents"
        self.numbers += sum(1 for _ in root.iterfind(".//{*}search-result/{*}publication-reference"))
        self.dates += filter(None, [compact_date(root.get("date-of-exchange"))])
        stated = root.get("no-of-documents", "")
        if stated.isdecimal() and stated.lstrip("0") != str(seen or ""):
            self.unequal.append(f"{where}: {stated[:20]} documents stated, {seen} found")


def _publications(path: Path, account: FileAccount, reading: _Reading) -> Iterator[Publication]:
    for member in members(path):
        head = member.head()
        if _is_exchange(head):
            yield from _streamed(member, account, reading)
        elif member.where == str(path):
            raise FileFormatError(f"{path}: {looks_like(head)}; expected exchange documents of OPS or DOCDB")
        else:
            reading.skipped.append(member.where.rpartition(": ")[2])
    if not reading.members:
        raise FileFormatError(
            f"{path}: none of its {len(reading.skipped)} members is exchange XML ({', '.join(reading.skipped[:5])})"
        )


def _streamed(member: Member, account: FileAccount, reading: _Reading) -> Iterator[Publication]:
    """Yield the publications of one XML stream; every record is freed before the next is read."""
    events = etree.iterparse(reading.reader(member.stream), events=("end",), tag=_RECORDS, **SAFE)
    seen = 0
    try:
        for _, record in events:
            refuse_entities(record, member.where)
            member.record_ended()
            documents = _documents(record)
            for document in documents:
                seen += 1
                if publication := _read(document, *account.names, account, seen):
                    yield publication
            if documents:
                free(record)
    except etree.XMLSyntaxError as error:
        raise FileFormatError(f"{member.where}: after {seen} documents: {error.msg or 'no XML'}") from error
    root = events.root
    if root is None or LOCAL[root.tag] not in _ROOTS:
        raise FileFormatError(f"{member.where}: found <{root.tag if root is not None else ''}>, no exchange documents")
    reading.note(root, member.where, seen)


def _parsed(xml: bytes, where: str, *, keep_blanks: bool = True) -> _Element:
    root = parsed(xml, where, keep_blanks=keep_blanks)
    if LOCAL[root.tag] not in _ROOTS:
        text = " ".join(" ".join(root.itertext()).split())[:200]
        raise FileFormatError(f"{where}: found <{LOCAL[root.tag]}> ({text}), expected exchange documents")
    return root


def _documents(record: _Element) -> list[_Element]:
    """Return the documents of a record; a family member whose document says nothing is one itself."""
    if LOCAL[record.tag] == "exchange-document":
        parent = record.getparent()
        is_members = parent is not None and LOCAL[parent.tag] == "family-member"
        return [] if is_members else [record]  # it is read with its member
    inside = record.iterchildren("{*}exchange-document")
    return [document for document in inside if document.find("{*}bibliographic-data/*") is not None] or [record]


def _read(
    record: _Element, source: str, origin: str, aside: Aside, place: int, *, has_blanks: bool = True
) -> Publication | None:
    fault = fault_of(record)
    publication = None if fault else publication_of(record, source, origin, has_blanks=has_blanks)
    if publication is None:
        name = "".join(record.get(part, "") for part in ("country", "doc-number", "kind")) or f"document {place}"
        aside.add(fault or "no publication number", record.get("country"), name)
    return publication
