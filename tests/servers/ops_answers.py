"""What the small OPS on loopback answers with: made records, as the real one writes them, and its CQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from patentscope.records.scheme import Scheme

from servers.boolean import Test, compiled

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
    'xmlns:ops="http://ops.epo.org">'
)
_TAIL = "</ops:world-patent-data>"


@dataclass(frozen=True)
class Record:
    """One made publication, as far as searches, bibliographies and families look at it."""

    office: str
    number: str
    kind: str
    published: str
    title: str = "Recovery of rare earth metals from magnet scrap"
    cpc: tuple[str, ...] = ("C22B59/00", "C22B7/006")
    applicant: str = "ACME"
    country: str | None = None
    family: str = ""
    extended: str = ""

    @property
    def name(self) -> str:
        """The publication number."""
        return f"{self.office}{self.number}{self.kind}"

    @property
    def simple(self) -> str:
        """The simple family's id."""
        return self.family or self.number


def search_answer(hits: list[Record], first: int, last: int, lie: int, *, with_biblio: bool) -> str:
    """Return a page of a search, with the documents or with the numbers only; *lie* more hits are stated than are."""
    page = hits[first - 1 : last]
    if with_biblio:
        body = "".join(f"<exchange-documents>{_document(record)}</exchange-documents>" for record in page)
    else:
        body = "".join(
            f'<ops:publication-reference family-id="{r.simple}">{_docdb(r)}</ops:publication-reference>' for r in page
        )
    return (
        f'{_HEAD}<ops:biblio-search total-result-count="{len(hits) + lie}">'
        f'<ops:query syntax="CQL">x</ops:query><ops:range begin="{first}" end="{last}"/>'
        f"<ops:search-result>{body}</ops:search-result></ops:biblio-search>{_TAIL}"
    )


def family_answer(asked: Record, members: list[Record], *, bare: set[str], is_cut: bool) -> str:
    """Return the extended family of *asked*: every member with its document, those in *bare* without.

    Where OPS cuts a large family off, the second half is missing.
    """
    shown = members[: len(members) // 2] if is_cut else members
    body = "".join(
        f'<ops:family-member family-id="{r.simple}">{_reference(r)}<application-reference doc-id="1">'
        f'<document-id document-id-type="docdb"><country>{r.office}</country><doc-number>2023{r.number}</doc-number>'
        "<kind>A</kind><date>20230102</date></document-id></application-reference>"
        f"{'' if r.name in bare else _document(r)}</ops:family-member>"
        for r in shown
    )
    cut = ' truncatedFamily="true"' if is_cut else ""
    return (
        f'{_HEAD}<ops:patent-family legal="false" total-result-count="{len(shown)}"{cut}>'
        f"<ops:publication-reference>{_docdb(asked)}</ops:publication-reference>{body}</ops:patent-family>{_TAIL}"
    )


def _reference(r: Record) -> str:
    return f"<publication-reference>{_docdb(r, r.published)}</publication-reference>"


def _docdb(r: Record, date: str = "") -> str:
    return (
        f'<document-id document-id-type="docdb"><country>{r.office}</country><doc-number>{r.number}</doc-number>'
        f"<kind>{r.kind}</kind>{f'<date>{date}</date>' if date else ''}</document-id>"
    )


def _document(r: Record) -> str:
    symbols = "".join(
        f'<patent-classification sequence="{i}"><classification-scheme office="EP" scheme="CPCI"/>'
        f"<section>{s[0]}</section><class>{s[1:3]}</class><subclass>{s[3]}</subclass>"
        f"<main-group>{s[4:].split('/')[0]}</main-group><subgroup>{s.split('/')[1]}</subgroup>"
        "<classification-value>I</classification-value></patent-classification>"
        for i, s in enumerate(r.cpc, start=1)
    )
    suffix = f"\u2002[{r.country}]" if r.country else ""
    return (
        f'<exchange-document country="{r.office}" doc-number="{r.number}" kind="{r.kind}" '
        f'family-id="{r.simple}"><bibliographic-data>{_reference(r)}'
        f"<patent-classifications>{symbols}</patent-classifications>"
        f'<application-reference><document-id document-id-type="docdb"><country>{r.office}</country>'
        f"<doc-number>2023{r.number}</doc-number><kind>A</kind></document-id>"
        f'<document-id document-id-type="epodoc"><doc-number>{r.office}2023{r.number}</doc-number>'
        "<date>20230102</date></document-id></application-reference>"
        f'<parties><applicants><applicant sequence="1" data-format="epodoc"><applicant-name><name>{r.applicant}{suffix}'
        "</name></applicant-name></applicant></applicants></parties>"
        f'<invention-title lang="en">{r.title}</invention-title></bibliographic-data></exchange-document>'
    )


def meets(cql: str) -> Test:
    """Return what says whether a record meets a search in the CQL that the program writes."""
    return compiled(cql, r'[a-z]+(?:>=|=)(?:/low )?(?:"[^"]*"|[^\s()]+)', _atom)


def _atom(atom: str) -> Test:
    index, _, wanted = atom.partition("=")
    wanted = wanted.strip('"')
    word = re.compile(rf"\b{re.escape(wanted.rstrip('*'))}", re.IGNORECASE)
    tests: dict[str, Test] = {
        "pd>": lambda record: record.published >= wanted,
        "pd": lambda record: record.published.startswith(wanted),
        "pn": lambda record: record.office == wanted,
        "cpc": lambda record: any(_covers(wanted, symbol) for symbol in record.cpc),
        "ipc": lambda _: False,
        "ta": lambda record: word.search(record.title) is not None,
    }
    return tests[index]


def _covers(wanted: str, symbol: str) -> bool:
    if wanted.startswith("/low "):
        return symbol in _under(wanted.removeprefix("/low "))
    return symbol == wanted or ("/" not in wanted and symbol.startswith(wanted))


@cache
def _under(symbol: str) -> frozenset[str]:
    return frozenset(Scheme.shipped().under(symbol))
