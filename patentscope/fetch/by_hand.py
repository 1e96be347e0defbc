"""The searches that a reader without any key can paste into a site's own search box, and what its export then lacks.

One search per site and office, for one reading of the query or the union of several. The sites' search languages are
written as their help pages and public examples show them; they were not tried against the sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentscope.errors import UsageError
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import CLASSIFIER

if TYPE_CHECKING:
    from patentscope.query.query import Query, Reading


#: In place of readings' names: all that can be searched for.
ALL = "all"
ASK = (
    "Without any key, export by hand. An export answers only the readings that were searched for: one by default, "
    "others with `--reading NAME ...`, all with `--reading all` (long searches)."
)


@dataclass(frozen=True)
class Site:
    """A site's search language, and the limits of its export.

    Attributes:
        name: the site.
        address: where the search is pasted.
        symbols: writes `any of these class symbols, or below them`.
        terms: writes `any of these terms in title or abstract`.
        ends: writes the office and the publication years, the first and the last.
        by_year: whether its export is so small that each publication year is asked for by itself.
        remark: how many rows it gives, and how to ask for them.
        lacks: what its export doesn't have.
    """

    name: str
    address: str
    symbols: Callable[[Sequence[str]], str]
    terms: Callable[[Sequence[str]], str]
    ends: Callable[[str, int, int], str]
    by_year: bool
    remark: str
    lacks: str


_WORDS = '"{}"'


def _quoted(term: str) -> str:
    return f'"{term}"' if re.search(r"\W", term) else term


def _lens_symbols(symbols: Sequence[str]) -> str:
    # A slash starts a regular expression in Lucene's language, so it is escaped; a group covers its subgroups by `*`.
    listed = " OR ".join(map(_lens_symbol, symbols))
    return f"(class_cpc.symbol:({listed}) OR class_ipcr.symbol:({listed}))"


def _lens_symbol(symbol: str) -> str:
    if symbol.endswith("="):
        return symbol.removesuffix("=").replace("/", r"\/")
    is_main_group = bool(re.fullmatch(r"[A-HY]\d{2}[A-Z]\d+", symbol))
    return f"{symbol}/*".replace("/", r"\/") if is_main_group else f"{symbol}*".replace("/", r"\/")


def _lens_terms(terms: Sequence[str]) -> str:
    listed = " OR ".join(map(_quoted, terms))
    return f"(title:({listed}) OR abstract:({listed}))"


def _google_symbols(symbols: Sequence[str]) -> str:
    listed = [f"CPC={s.removesuffix('=')}" + ("" if s.endswith("=") else "/low") for s in symbols]
    return f"({' OR '.join(listed)})"


def _google_terms(terms: Sequence[str]) -> str:
    listed = " OR ".join(map(_quoted, terms))
    return f"(TI=({listed}) OR AB=({listed}))"


def _espacenet_symbols(symbols: Sequence[str]) -> str:
    listed = [f'cl = "{s.removesuffix("=")}"' if s.endswith("=") else f'cl = "{s}/low"' for s in symbols]
    return f"({' OR '.join(listed)})"


def _espacenet_terms(terms: Sequence[str]) -> str:
    words = " ".join(term for term in terms if _quoted(term) == term)
    phrases = [f'ta = "{term}"' for term in terms if _quoted(term) != term]
    return f"({' OR '.join([f'ta any {_WORDS.format(words)}', *phrases] if words else phrases)})"


SITES = (
    Site(
        "Lens",
        "https://www.lens.org/lens/search/patent/structured (Query text editor)",
        _lens_symbols,
        _lens_terms,
        lambda office, first, _: f"jurisdiction:{office} AND date_published:[{first}-01-01 TO *]",
        by_year=False,
        remark="Export, CSV, all fields: 1,000 rows without an account, 50,000 with a free one; beyond, by year.",
        lacks="country of applicant and inventor, members of a family that don't match",
    ),
    Site(
        "Google Patents",
        "https://patents.google.com/advanced",
        _google_symbols,
        _google_terms,
        lambda office, first, last: f"country:{office} after:publication:{first}0101 before:publication:{last + 1}0101",
        by_year=True,
        remark="Download (CSV), one per publication year. A list of 1,000 rows was cut there: ask month by month.",
        lacks="class, country of applicant and inventor, abstract, family, priority number",
    ),
    Site(
        "Espacenet",
        "https://worldwide.espacenet.com/patent/search (Advanced search, Query)",
        _espacenet_symbols,
        _espacenet_terms,
        lambda office, first, last: f'pn = "{office}" AND pd >= "{first}-01-01" AND pd <= "{last}-12-31"',
        by_year=True,
        remark="Download, CSV, one per publication year. A list of 500 rows was cut there: ask month by month.",
        lacks="countries that the office doesn't give, members of a family that don't match",
    ),
)


@dataclass(frozen=True)
class Search:
    """One search to paste: where, for which office, its text, and the name to save the export under."""

    site: str
    office: str
    text: str
    file: str


def searches(query: Query, readings: Sequence[str] = ()) -> list[Search]:
    """Return the searches by site and office, for the offices that the query's claims are about.

    An export answers only the *readings* that were searched for: by default the baseline, the first of the query. A
    site with a small export is asked for one publication year: that of the claim, to be changed for the others.
    """
    named = [code for claim in query.claims for code in (*claim.left, *claim.right) if code != ALL_OTHERS]
    offices = dict.fromkeys(named or ("CN", "US", "JP", "AU"))
    year = query.claims[0].years[1] if query.claims else query.years[1]
    chosen = _chosen(query, readings)
    found = []
    for site in SITES:
        first, last = (year, year) if site.by_year else query.years
        for office in offices:
            text = f"{_union(query, chosen, site)} AND {site.ends(office, first, last)}"
            name = "-".join([site.name.split()[0].lower(), office.lower(), *([str(year)] if site.by_year else [])])
            found.append(Search(site.name, office, text, f"{name}.csv"))
    return found


def _chosen(query: Query, names: Sequence[str]) -> list[Reading]:
    """Return the readings that can be searched for; the classifier's own asks for nothing."""
    searchable = {reading.name: reading for reading in query.readings if CLASSIFIER not in reading.members}
    if ALL in names:
        return list(searchable.values())
    unknown = [name for name in names if name not in searchable]
    if unknown or not searchable:
        raise UsageError(
            f"reading {', '.join(unknown) or 'by classes or terms'}: found {', '.join(searchable) or 'none'}"
        )
    return [searchable[name] for name in names] or [next(iter(searchable.values()))]


def _union(query: Query, readings: Sequence[Reading], site: Site) -> str:
    texts = list(dict.fromkeys(_reading(query, reading, site) for reading in readings))
    return f"({' OR '.join(texts)})" if len(texts) > 1 else texts[0]


def _reading(query: Query, reading: Reading, site: Site) -> str:
    def member(name: str) -> str:
        kind, group = name.split(".", 1)
        if kind == "classes":
            return site.symbols(query.classes[group])
        return site.terms(query.terms["en"].get(group, ()))

    pieces = [member(name) for name in reading.all]
    if reading.any:
        pieces.append(f"({' OR '.join(member(name) for name in reading.any)})")
    return f"({' AND '.join(pieces)})" if len(pieces) > 1 else pieces[0]
