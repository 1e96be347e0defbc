"""USPTO Red Book files: many XML documents in one file, one after the other, grants or applications since 2001.

Only the bibliographic data and the abstract of a document are parsed. Its description is passed over, so that a
grant with a sequence listing of many megabytes costs no more than its bytes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from html.entities import html5
from pathlib import Path

from patentscope.errors import FileFormatError
from patentscope.files.container import HEAD, Member, heads, members, unpacking
from patentscope.files.spool import FileAccount, gathered
from patentscope.files.xml.redbook_dialects import DIALECTS
from patentscope.files.xml.redbook_document import publication_of
from patentscope.files.xml.safe_xml import looks_like, parsed
from patentscope.records.imported import Imported
from patentscope.records.offices import office_codes
from patentscope.records.publication import Publication

_ROOT = re.compile(rb"<(us-patent-grant|us-patent-application|patent-application-publication|PATDOC|sequence-cwu)[\s>]")
_ENTITY = re.compile(r"&([A-Za-z][\w.]*);")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_PER_DOCUMENT = 160 << 20  # grants with tables and sequence listings are the longest documents known
_BLOCK = 1 << 20
_EMPTY_TAG = re.compile(r"<([A-Z][\w-]*)(\s[^<>]*)?(?<!/)>")
_LICENCE = "USPTO bulk data, public domain in the United States"
_NOTE = (
    "US documents only, without family numbers. CPC from about 2013 on; before 2013 an applicant is the assignee, "
    "where one is named, else the inventors; provisional and parent applications count as priorities."
)


def recognises(head: bytes, path: Path) -> bool:
    """Say whether a file that begins with *head* is USPTO XML, or a gzip or zip of it; its name says nothing."""
    return any(_ROOT.search(start) for start in heads(head, path))


def read(path: Path) -> Imported:
    """Read a Red Book file (plain, gzip or zip): a document that is cut off or broken is set aside and counted.

    Raises:
        FileFormatError: where the file is damaged, or holds no such documents.
    """
    with unpacking(str(path)):
        account = FileAccount(path)
        account.notes = {"encoding": "utf-8", "other documents": "0"}
        table, told = gathered(_publications(path, account))
    if not table.num_rows + account.count:
        raise FileFormatError(f"{path}: found no grant and no application in it; expected USPTO Red Book XML")
    return account.imported(
        table,
        "uspto_xml",
        told=told,
        what="a USPTO Red Book file",
        encoding=account.notes.pop("encoding"),
        licence=_LICENCE,
        note=_NOTE,
        lacks_offices=tuple(sorted(office_codes() - {"US"})),
        has_family_members=False,
    )


def _publications(path: Path, account: FileAccount) -> Iterator[Publication]:
    for member in members(path, _MOST_PER_DOCUMENT):
        head = member.head()
        if not _ROOT.search(head):
            if member.where == str(path):
                raise FileFormatError(f"{path}: {looks_like(head)}; expected USPTO Red Book XML")
            passed_over = filter(None, (account.notes.get("other members"), member.where))
            account.notes["other members"] = ", ".join(passed_over)[:400]
            continue
        for place, document in enumerate(_documents(member), start=1):
            if publication := _read(document, f"{member.where}: document {place}", account):
                yield publication


def _documents(member: Member) -> Iterator[bytes]:
    """Yield the documents of one stream, each from its XML declaration (or else DOCTYPE) to the next one's."""
    first = member.head()[:HEAD]
    mark = next((mark for mark in (b"<?xml ", b"<!DOCTYPE") if mark in first), b"<PATDOC")
    window, searched = bytearray(), 1
    while block := member.stream.read(_BLOCK):
        window += block
        while (end := window.find(mark, searched)) > 0:
            yield bytes(window[:end])
            del window[:end]
            searched = 1
            member.record_ended()
        searched = max(1, len(window) - len(mark))
    if window.strip():
        yield bytes(window)


def _read(document: bytes, where: str, account: FileAccount) -> Publication | None:
    roots = [root.decode() for root in _ROOT.findall(document)] or ([""] if document.strip() else [])
    if roots[:1] == ["sequence-cwu"]:
        account.notes["other documents"] = str(int(account.notes["other documents"]) + 1)
        return None
    publication, fault = None, "the document is no readable XML"
    if len(roots) > 1:
        fault = "documents run into each other"
    elif any(roots) and f"</{roots[0]}>".encode() not in document[-_BLOCK:]:
        fault = "the document is cut off"
    elif any(roots):
        with contextlib.suppress(FileFormatError):
            publication = _publication(roots[0], document, where, account)
            fault = "no publication number"
    for _ in roots if publication is None else ():
        account.add(fault, "US", where)
    return publication


def _publication(root: str, document: bytes, where: str, account: FileAccount) -> Publication | None:
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        account.notes["encoding"] = "cp1252"
        text = document.decode("cp1252", errors="replace")
    dialect = DIALECTS[root]
    front_tag = dialect.front.format(root.rpartition("-")[2])
    front = _part(text, front_tag)
    if front is None:
        raise FileFormatError(f"{where}: no <{front_tag}>")
    abstract = _part(text, dialect.abstract)
    summary = parsed(_plain(abstract), where) if abstract else None
    return publication_of(dialect, parsed(_plain(front), where), summary, *account.names)


def _part(text: str, tag: str) -> str | None:
    """Return one element, from its start tag to its end tag; None where it is absent or not closed."""
    start = re.search(rf"<{tag}[\s>]", text)
    end = text.find(f"</{tag}>", start.end()) if start else -1
    return text[start.start() : end + len(tag) + 3] if start and end > 0 else None


def _plain(element: str) -> bytes:
    """Write named entities as the characters that they stand for everywhere, and close SGML's empty tags.

    No DTD is read, so an entity that a file defines for itself stays the text that it is.
    """
    element = _ENTITY.sub(_character, element)
    empty = {tag for tag, _ in _EMPTY_TAG.findall(element) if f"</{tag}>" not in element}
    if empty:
        element = re.sub(rf"<({'|'.join(sorted(empty))})(\s[^<>]*)?(?<!/)>", r"<\1\2/>", element)
    return element.encode()


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name in _XML_ENTITIES:
        return entity[0]
    character = html5.get(f"{name};")
    return f"&amp;{name};" if character is None else character.replace("&", "&amp;").replace("<", "&lt;")
