"""The searches that a reader without any key can paste into a site's own search box, and what its export then lacks.

One search per site and office, for one reading of the query or the union of several; in several where it would be too
long. The sites' search languages are written as their help pages and public examples show them; they were not tried
against the sites (docs/sources/files.md says what each rests on).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote_plus

from patentscope.errors import UsageError
from patentscope.fetch.askable import MOST_LETTERS, any_of, askable, atoms, in_pieces
from patentscope.fetch.listing import Listed, any_in_field, lens_atoms
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import Query, Reading

#: In place of readings' names: all that can be searched for.
ALL = "all"
ASK = (
    "Without any key, export by hand. An export answers only the readings that were searched for: one by default, "
    "others with `--reading NAME ...`, all with `--reading all` (long searches). A search too long for its site is cut "
    "into several; a document that more than one of them finds counts once."
)


class Site(NamedTuple):
    """A site's search language, and the limits of its export.

    Attributes:
        name: the site.
        address: where the search is pasted.
        classes: writes what one class symbol of the query covers.
        any_class: writes `any of these symbols`, as `classes` wrote them.
        terms: writes `any of these terms in title or abstract`.
        ends: the office and the publication years, from the first to the last, as a pattern.
        by_year: whether its export is so small that each publication year is asked for by itself.
        remark: how many rows it gives, and how to ask for them.
        lacks: what its export doesn't have.
        unseen: what that means for the hits of a search that holds the first of each pair.
        most: letters of a search once it stands in the site's address; a guess on the safe side, as no site names any.
    """

    name: str
    address: str
    classes: Callable[[Listed], list[str]]
    any_class: Callable[[Sequence[str]], str]
    terms: Callable[[Sequence[str]], str]
    ends: str
    by_year: bool
    remark: str
    lacks: str
    unseen: tuple[tuple[str, str], ...] = ()
    most: int = MOST_LETTERS


class _Atom(NamedTuple):
    """A class symbol as the site writes it, or a term as the query has it."""

    text: str
    is_term: bool


def _quoted(term: str) -> str:
    return f'"{term}"' if re.search(r"\W", term) else term


def _google_classes(wanted: Listed) -> list[str]:
    """Return a symbol as Google Patents has it: what stands under it is asked for by `/low`."""
    return [f"CPC={wanted.full}{'' if wanted.is_alone else '/low'}"]


def _espacenet_classes(wanted: Listed) -> list[str]:
    """Return a symbol as Espacenet has it: `cl` is CPC and IPC; subclasses and main groups find what they hold.

    `/low` is for CPC alone, so what stands under a subgroup of the IPC is listed. Indexing codes under a main group
    (B29B2017/0089, under B29B17/00) are found by `/low`, too.
    """
    stem, in_ipc = wanted.stem.removesuffix("/"), wanted.in_ipc()
    if wanted.is_alone or (stem and not wanted.symbols):
        return [f'cl = "{stem or wanted.full}"']
    return [f'cpc = "{wanted.full}/low"', *(f'ipc = "{one}"' for one in ([stem] if in_ipc.stem else in_ipc.symbols))]


def _any(written: Sequence[str]) -> str:
    return f"({' OR '.join(written)})"


def _in_fields(title: str, abstract: str) -> Callable[[Sequence[str]], str]:
    def written(terms: Sequence[str]) -> str:
        listed = " OR ".join(map(_quoted, terms))
        return f"({title}({listed}) OR {abstract}({listed}))"

    return written


def _espacenet_terms(terms: Sequence[str]) -> str:
    words = " ".join(term for term in terms if _quoted(term) == term)
    asked = [f'ta any "{words}"'] if words else []
    asked += [f'ta = "{term}"' for term in terms if _quoted(term) != term]
    return f"({' OR '.join(asked)})"


#: A publication of a family may be years after its first: so many before a claim's year tell most of them.
_YEARS_BEFORE = 5

SITES = (
    Site(
        "Lens",
        "https://www.lens.org/lens/search/patent/structured (Query text editor)",
        lens_atoms,
        lambda written: f"({any_in_field(written)})",
        _in_fields("title:", "abstract:"),
        "jurisdiction:{office} AND date_published:[{first}-01-01 TO *]",
        by_year=False,
        remark="Export, CSV, all fields: 1,000 rows without an account, 50,000 with a free one; beyond, by year.",
        lacks="country of applicant and inventor, members of a family that don't match",
    ),
    Site(
        "Google Patents",
        "https://patents.google.com/advanced",
        _google_classes,
        _any,
        _in_fields("TI=", "AB="),
        "country:{office} after:publication:{first}0101 before:publication:{behind}0101",
        by_year=True,
        remark="Download (CSV), one per publication year. A list of 1,000 rows was cut there: ask month by month.",
        lacks="class, country of applicant and inventor, abstract, family, priority number",
        unseen=(
            ("CPC=", "It has no class, so a hit of CPC= can't be seen to be on topic by classes; terms see its title."),
            (
                "AB=",
                "It has no abstract, so a hit of AB= alone can't be seen to be on topic; TI= alone finds what can.",
            ),
        ),
    ),
    Site(
        "Espacenet",
        "https://worldwide.espacenet.com/patent/search (Advanced search, Query)",
        _espacenet_classes,
        _any,
        _espacenet_terms,
        'pn = "{office}" AND pd >= "{first}-01-01" AND pd <= "{last}-12-31"',
        by_year=True,
        remark="Download, CSV, one per publication year. A list of 500 rows was cut there: ask month by month.",
        lacks="abstract, countries that the office doesn't give, members of a family that don't match",
        unseen=(
            (
                "(ta ",
                "It has no abstract, so a hit by its abstract alone can't be seen to be on topic; ti finds what can.",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Search:
    """One search to paste: where, for which office, its text, the export's name, and which of how many it is."""

    site: str
    office: str
    text: str
    file: str
    number: int = 1
    of: int = 1


def searches(query: Query, readings: Sequence[str] = ()) -> list[Search]:
    """Return the searches by site and office, for the offices that the query's claims are about.

    An export answers only the *readings* that were searched for: by default the baseline, the first of the query. A
    site with a small export is asked for one publication year: that of the claim, to be changed for the others
    (`years_to_export`).
    """
    named = [code for claim in query.claims for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    offices = dict.fromkeys(named or ("CN", "US", "JP", "AU"))
    year = _counted(query)[1]
    chosen = _chosen(query, readings)
    all_searches = []
    for site in SITES:
        first, last = (year, year) if site.by_year else query.years
        for office in offices:
            ends = site.ends.format(office=office, first=first, last=last, behind=last + 1)
            name = "-".join([site.name.split()[0].lower(), office.lower(), *([str(year)] if site.by_year else [])])
            texts = [
                f"{any_of(union)} AND {ends}"
                for union in _unions(query, chosen, site, room=site.most - len(quote_plus(ends)))
            ]
            all_searches += [
                Search(site.name, office, text, f"{name}{f'-{place}' if len(texts) > 1 else ''}.csv", place, len(texts))
                for place, text in enumerate(texts, start=1)
            ]
    return all_searches


def published_from(query: Query) -> int:
    """Return the first publication year to export, so that the years that are counted are whole; there is no last one.

    What was filed in a year is published in it or later; whether its publication in a year was the first, only those
    of the years before tell.
    """
    first = _counted(query)[0]
    return first - _YEARS_BEFORE if "publication" in query.axes["date"] else first


def years_to_export(query: Query) -> str:
    """Return in words which publication years to export, where each is an export of its own, and why these."""
    first, last = _counted(query)
    counted = f"{first}" if first == last else f"{first} to {last}"
    start, dates = published_from(query), query.axes["date"]
    reasons = f" What was filed in {counted} is published then or later." * (dates != ("publication",))
    reasons += f" Earlier publications tell what was new in {counted}." * (start < first)
    charts = f" The charts begin in {query.years[0]}: for them, export from that year on." * (query.years[0] < start)
    sites = ", ".join(site.name for site in SITES if site.by_year)
    return (
        f"Where each publication year is an export of its own ({sites}), export those from {start} to this one. "
        f"The searches are for {last}: change their dates. Counted is {counted}, by date of {', '.join(dates)}."
        f"{reasons}{charts}"
    )


def _counted(query: Query) -> tuple[int, int]:
    """Return the first and the last year of the claims; of a query without any, those of its charts."""
    years = [year for claim in query.claims for year in claim.years] or query.years
    return min(years), max(years)


def _chosen(query: Query, names: Sequence[str]) -> list[Reading]:
    """Return the readings to search for; with `ALL` every one that asks for something."""
    known = {reading.name: reading for reading in askable(query)}
    if ALL in names:
        return list(known.values())
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"reading {', '.join(unknown)}: those that can be searched for are {', '.join(known)}")
    return [known[name] for name in names] or [next(iter(known.values()))]


def _unions(query: Query, readings: Sequence[Reading], site: Site, room: int) -> list[list[str]]:
    """Return what to search for as unions that fit *room*: readings together where they do, cut where one does not."""

    def fits(union: Sequence[str]) -> bool:
        return len(quote_plus(f"{any_of(union)} AND ")) <= room

    unions: list[list[str]] = []
    for text in dict.fromkeys(text for reading in readings for text in _pieces(query, reading, site, fits)):
        if unions and fits([*unions[-1], text]):
            unions[-1].append(text)
        else:
            unions.append([text])
    return unions


def _pieces(query: Query, reading: Reading, site: Site, fits: Callable[[Sequence[str]], bool]) -> list[str]:
    """Return the searches for one reading, cut by its symbols and terms where it is too long for the site."""

    def any_atom(group: Sequence[_Atom]) -> str:
        symbols, terms = ([atom.text for atom in group if atom.is_term is is_term] for is_term in (False, True))
        return any_of([*([site.any_class(symbols)] if symbols else []), *([site.terms(terms)] if terms else [])])

    def text(piece: Sequence[Sequence[_Atom]]) -> str:
        asked = list(map(any_atom, piece))
        return f"({' AND '.join(asked)})" if len(asked) > 1 else asked[0]

    wanted = atoms(
        query,
        reading,
        lambda wanted: [_Atom(one, is_term=False) for one in site.classes(wanted)],
        lambda term: [_Atom(term, is_term=True)],
    )
    return list(map(text, in_pieces(wanted, lambda piece: fits([text(piece)])))) if wanted else []
