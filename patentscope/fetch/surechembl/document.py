"""What SureChEMBL answers, read: the envelope of a search, its documents, and class symbols in the ways it writes them.

The shape of an answer is described by others who asked, not by SureChEMBL itself: so nothing is taken for granted, and
what is not as expected is an error or a document set aside, never a blank record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patentscope.errors import FetchError
from patentscope.fetch.loose_json import Json, parsed, within
from patentscope.files.languages import Texts, english_first, original_of
from patentscope.files.written_date import compact_date
from patentscope.records.publication import Party, Publication, normal_publication_number, split_number
from patentscope.records.symbols import normal_symbol

NO_NUMBER = "a document without a publication number"
_LONGEST_TOTAL = 12
_NOTHING = frozenset({"", "null", "none"})
_NUMBER = re.compile(r"[A-Z]{2}[A-Z]*\d[A-Z\d]*")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_PADDED = re.compile(r"([A-HY]\d{2}[A-Z])(\d{4})(\d{2,6})")
#: A symbol, and behind it nothing or the columns of level, version and position that IPC and CPC texts may have.
_WRITTEN = re.compile(r"([A-HY]\d{2}[A-Z]) *(\d{1,4})/(\d{2,6})(?![\d/])")


@dataclass(frozen=True)
class Page:
    """One page of a search: the total that is stated for the whole search, and the page's documents as they came."""

    total: int
    documents: list[Any]


def page_of(body: bytes) -> Page:
    """Return an answer's page.

    Raises:
        FetchError: quoting a status other than OK or an error message, or saying what is missing.
    """
    answer = parsed(body, strict=False)
    if not isinstance(answer, dict):
        raise FetchError(f"SureChEMBL answered no JSON object: {_short(body)}")
    if refusal := _refusal(answer):
        raise FetchError(f"SureChEMBL answered {refusal}")
    results = within(answer, "data", "results")
    total, documents = str(results.get("total_hits")), results.get("documents") or []
    if total.isdecimal() and len(total) <= _LONGEST_TOTAL and isinstance(documents, list):
        return Page(int(total), documents)
    raise FetchError(f"SureChEMBL stated no total, or no list of documents: {_short(body)}")


def is_page(body: bytes) -> bool:
    """Say whether an answer is a page of results."""
    try:
        page_of(body)
    except FetchError:
        return False
    return True


def is_error(body: bytes) -> bool:
    """Say whether an answer is SureChEMBL's own word that it could not carry a search out."""
    answer = parsed(body, strict=False)
    return isinstance(answer, dict) and "status" in answer and bool(_refusal(answer))


def _refusal(answer: Mapping[str, Any]) -> str:
    """Return the status and the message of an answer that is not in order; empty where it is."""
    status, message = str(answer.get("status")), answer.get("error_message") or answer.get("errorMessage")
    return "" if status.upper() == "OK" and not message else f"{status}: {message or 'no reason given'}"


def name_of(document: Any) -> str | None:  # noqa: ANN401 - as JSON has it
    """Return what tells a document from others, its number as SureChEMBL writes it; None where it has none."""
    if not isinstance(document, dict):
        return None
    stated = _text(document.get("docId")) or _text(within(document, "metadata").get("pn"))
    number = normal_publication_number((stated or "").split(" ")[0])
    return number if _NUMBER.fullmatch(number) else None


def publication_of(document: Any, source: str, origin: str) -> Publication | None:  # noqa: ANN401 - as JSON has it
    """Return a document of a search as a publication; None where it has no number.

    Assignees stand for applicants. Nothing that the answer does not say is filled in: neither classes nor families.
    """
    number = name_of(document)
    if number is None:
        return None
    metadata = within(document, "metadata")
    office, kind = split_number(number)
    titles = _titles(metadata.get("titles"))
    language, title = english_first(titles)
    published = _DATE.fullmatch(_text(metadata.get("pd")) or "")
    return Publication(
        publication_number=number,
        office=office,
        kind=kind,
        publication_date=compact_date("".join(published.groups())) if published else None,
        title=title,
        title_language=language,
        title_original=original_of(titles, office),
        cpc=_symbols(document, "cpc"),
        ipc=tuple(dict.fromkeys([*_symbols(document, "ipcr"), *_symbols(document, "ic"), *_symbols(document, "ipc")])),
        applicants=parties_of(document.get("pa") or metadata.get("pa")),
        source=source,
        origin=origin,
    )


def parties_of(stated: object) -> tuple[Party, ...]:
    """Return assignees, whose countries SureChEMBL does not state; one text is one assignee."""
    names = (_text(entry) for entry in (stated if isinstance(stated, list) else [stated]))
    return tuple(Party(name) for name in dict.fromkeys(names) if name)


def symbol_of(text: str) -> str | None:
    """Return a class symbol as we write it, from any of the ways in which SureChEMBL may; None where it is none.

    >>> symbol_of("C22B  59/00        20060101AFI20100101BHEP"), symbol_of("C22B00590021"), symbol_of("C22B")
    ('C22B59/00', 'C22B59/0021', 'C22B')
    """
    bare = text.strip()
    match = _PADDED.fullmatch(bare) or _WRITTEN.match(bare)
    return f"{match[1]}{int(match[2])}/{match[3]}" if match else normal_symbol(bare)


def _symbols(document: Json, name: str) -> tuple[str, ...]:
    stated = document.get(name) or within(document, "metadata").get(name)
    texts = (_text(entry) for entry in (stated if isinstance(stated, list) else [stated]))
    # What can't be read goes on as it is: the run writes it down as a gap.
    return tuple(dict.fromkeys(symbol_of(text) or text for text in texts if text))


def _titles(stated: object) -> Texts:
    """Return (language, text) of `[{"lang": "EN", "titles": ["..."]}]`."""
    found: Texts = []
    for entry in stated if isinstance(stated, list) else []:
        if isinstance(entry, dict):
            texts = entry.get("titles")
            language = (_text(entry.get("lang")) or "").lower() or None
            found += [(language, text) for text in map(_text, texts if isinstance(texts, list) else [texts]) if text]
    return found


def _text(value: object) -> str | None:
    """Return a text on one line; None for what says nothing, `null` written out included."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    text = " ".join(str(value).split())
    return None if text.lower() in _NOTHING else text


def _short(body: bytes) -> str:
    return " ".join(body[:300].decode("utf-8", "replace").split())[:200] or "an empty body"
