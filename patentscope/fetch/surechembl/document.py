"""What SureChEMBL answers, read: the envelope of a search, its documents, and class symbols in the ways it writes them.

The shape of an answer is described by others who asked, not by SureChEMBL itself: so nothing is taken for granted, and
what is not as expected is an error or a document set aside, never a blank record.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from patentscope.errors import FetchError
from patentscope.fetch.loose_json import entries, parsed, within, word
from patentscope.files.languages import english_first, original_of
from patentscope.files.written_date import compact_date
from patentscope.records.publication import Party, Publication, normal_publication_number, split_number
from patentscope.records.symbols import normal_symbol

NO_NUMBER = "a document without a publication number"
_NOTHING = frozenset({"", "null", "none"})
_NUMBER = re.compile(r"[A-Z]{2}[A-Z]*\d[A-Z\d]*")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_PADDED = re.compile(r"([A-HY]\d{2}[A-Z])(\d{4})(\d{2,6})")
#: A symbol, and behind it nothing or the columns of level, version and position that IPC and CPC texts may have.
_WRITTEN = re.compile(r"([A-HY]\d{2}[A-Z]) *(\d{1,4})/(\d{2,6})(?![\d/])")


class Refused(FetchError):  # noqa: N818 - a state, not a malfunction
    """SureChEMBL's own word that it could not carry a search out."""


class Page(NamedTuple):
    """One page of a search: the total that is stated for the whole search, and the page's documents as they came."""

    total: int
    documents: list[Any]


def page_of(body: bytes) -> Page:
    """Return an answer's page.

    Raises:
        Refused: quoting a status other than OK, or an error message.
        FetchError: saying what is missing.
    """
    answer = _answered(body)
    results = within(answer, "data", "results")
    total, documents = str(results.get("total_hits")), results.get("documents") or []
    if re.fullmatch(r"\d{1,12}", total) and isinstance(documents, list):
        return Page(int(total), documents)
    raise FetchError(f"SureChEMBL stated no total, or no list of documents: {_short(body)}")


def batch_of(body: bytes) -> list[Any]:
    """Return the entries of a batch of whole documents, as they came.

    Raises:
        Refused: as `page_of`.
        FetchError: where there is no list of documents.
    """
    entries = _answered(body).get("data", "")
    if isinstance(entries, list) or entries is None:
        return entries or []
    if isinstance(entries, dict) and "doc_id" in entries:
        return [entries]
    raise FetchError(f"SureChEMBL gave no list of whole documents: {_short(body)}")


def _answered(body: bytes) -> dict[str, Any]:
    """Return the envelope of an answer whose status is OK; raises as `page_of`."""
    answer = parsed(body, strict=False)
    if not isinstance(answer, dict) or "status" not in answer:
        raise FetchError(f"SureChEMBL answered no JSON object with a status: {_short(body) or 'an empty body'}")
    message = answer.get("error_message") or answer.get("errorMessage")
    if message or str(answer["status"]).upper() != "OK":
        raise Refused(f"SureChEMBL answered {answer['status']}: {message or 'no reason given'}")
    return answer


def _short(body: bytes) -> str:
    return " ".join(body[:300].decode("utf-8", "replace").split())[:200]


def is_page(body: bytes, *, or_refused: bool = False) -> bool:
    """Say whether an answer is a page of results; *or_refused*: or SureChEMBL's word that it can't give one."""
    try:
        page_of(body)
    except Refused:
        return or_refused
    except FetchError:
        return False
    return True


def name_of(document: Any) -> str | None:  # noqa: ANN401 - as JSON has it
    """Return what tells a document from others, its number as SureChEMBL writes it; None where it has none."""
    number = normal_publication_number(id_of(document))
    return number if _NUMBER.fullmatch(number) else None


def id_of(document: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Return a document's own id, by which SureChEMBL is asked for it: `US-20120057518-A1`; empty where it has none."""
    if not isinstance(document, dict):
        return ""
    stated = text_of(document.get("docId")) or text_of(within(document, "metadata").get("pn"))
    return (stated or "").split(" ")[0]


def date_of(stated: object) -> dt.date | None:
    """Return a date, written 2012-03-07 or 20120307; None for anything else."""
    match = _DATE.fullmatch(text_of(stated) or "")
    return compact_date("".join(match.groups())) if match else None


def publication_of(document: Any, source: str, origin: str) -> Publication | None:  # noqa: ANN401 - as JSON has it
    """Return a document of a search as a publication; None where it has no number.

    Assignees stand for applicants. Nothing that the answer does not say is filled in: neither classes nor families.
    """
    number = name_of(document)
    if number is None:
        return None
    metadata = within(document, "metadata")
    office, kind = split_number(number)
    titles = [
        ((text_of(entry.get("lang")) or "").lower() or None, text)
        for entry in entries(metadata, "titles")
        for text in _texts(entry.get("titles"))
    ]
    language, title = english_first(titles)
    return Publication(
        publication_number=number,
        office=office,
        kind=kind,
        publication_date=date_of(metadata.get("pd")),
        title=title,
        title_language=language,
        title_original=original_of(titles, office),
        cpc=symbols_of(_texts(document.get("cpc") or metadata.get("cpc"))),
        ipc=symbols_of(
            text for name in ("ipcr", "ic", "ipc") for text in _texts(document.get(name) or metadata.get(name))
        ),
        applicants=parties_of(document.get("pa") or metadata.get("pa")),
        source=source,
        origin=origin,
    )


def parties_of(stated: object) -> tuple[Party, ...]:
    """Return assignees, whose countries SureChEMBL does not state; one text is one assignee."""
    return tuple(map(Party, dict.fromkeys(_texts(stated))))


def symbol_of(text: str) -> str | None:
    """Return a class symbol as we write it, from any of the ways in which SureChEMBL may; None where it is none.

    >>> symbol_of("C22B  59/00        20060101AFI20100101BHEP"), symbol_of("C22B00590021"), symbol_of("C22B")
    ('C22B59/00', 'C22B59/0021', 'C22B')
    """
    bare = text.strip()
    match = _PADDED.fullmatch(bare) or _WRITTEN.match(bare)
    return f"{match[1]}{int(match[2])}/{match[3]}" if match else normal_symbol(bare)


def symbols_of(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return class symbols as we write them; what can't be read goes on as it is: the run writes it down as a gap."""
    return tuple(dict.fromkeys(symbol_of(text) or text for text in texts if text))


def text_of(value: object) -> str | None:
    """Return a text on one line; None for what says nothing, `null` written out included."""
    text = word({"": value}, "")
    return None if text.lower() in _NOTHING else text


def _texts(stated: object) -> list[str]:
    """Return the texts of a list, or the one text that stands in place of a list."""
    return [text for text in map(text_of, stated if isinstance(stated, list) else [stated]) if text]
