"""The searches that a reader without any key can paste into a site's own search box, and what its export then lacks.

One search per site and office, for one reading of the query or the union of several. The sites' search languages are
written as their help pages and public examples show them; they were not tried against the sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from patentscope.errors import UsageError
from patentscope.fetch.askable import any_of, groups
from patentscope.query.claim import ALL_OTHERS
from patentscope.query.query import CLASSIFIER, Query, Reading

#: In place of readings' names: all that can be searched for.
ALL = "all"
ASK = (
    "Without any key, export by hand. An export answers only the readings that were searched for: one by default, "
    "others with `--reading NAME ...`, all with `--reading all` (long searches)."
)


class Site(NamedTuple):
    """A site's search language, and the limits of its export.

    Attributes:
        name: the site.
        address: where the search is pasted.
        symbol: writes one class symbol with what is below it.
        symbols: what any of the written symbols is asked in.
        terms: writes `any of these terms in title or abstract`.
        ends: the office and the publication years, from the first to the last, as a pattern.
        by_year: whether its export is so small that each publication year is asked for by itself.
        remark: how many rows it gives, and how to ask for them.
        lacks: what its export doesn't have.
    """

    name: str
    address: str
    symbol: Callable[[str], str]
    symbols: str
    terms: Callable[[Sequence[str]], str]
    ends: str
    by_year: bool
    remark: str
    lacks: str


def _quoted(term: str) -> str:
    return f'"{term}"' if re.search(r"\W", term) else term


def _lens_symbol(symbol: str) -> str:
    # A slash starts a regular expression in Lucene's language, so it is escaped; a group covers its subgroups by `*`.
    is_main_group = bool(re.fullmatch(r"[A-HY]\d{2}[A-Z]\d+", symbol))
    below = "" if symbol.endswith("=") else "/*" if is_main_group else "*"
    return f"{symbol.removesuffix('=')}{below}".replace("/", r"\/")


def _low(symbol: str) -> str:
    """Return a symbol as Google Patents and Espacenet have it: what is below it is asked for by `/low`."""
    return symbol.removesuffix("=") if symbol.endswith("=") else f"{symbol}/low"


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


SITES = (
    Site(
        "Lens",
        "https://www.lens.org/lens/search/patent/structured (Query text editor)",
        _lens_symbol,
        "(class_cpc.symbol:({0}) OR class_ipcr.symbol:({0}))",
        _in_fields("title:", "abstract:"),
        "jurisdiction:{office} AND date_published:[{first}-01-01 TO *]",
        by_year=False,
        remark="Export, CSV, all fields: 1,000 rows without an account, 50,000 with a free one; beyond, by year.",
        lacks="country of applicant and inventor, members of a family that don't match",
    ),
    Site(
        "Google Patents",
        "https://patents.google.com/advanced",
        lambda symbol: f"CPC={_low(symbol)}",
        "({0})",
        _in_fields("TI=", "AB="),
        "country:{office} after:publication:{first}0101 before:publication:{behind}0101",
        by_year=True,
        remark="Download (CSV), one per publication year. A list of 1,000 rows was cut there: ask month by month.",
        lacks="class, country of applicant and inventor, abstract, family, priority number",
    ),
    Site(
        "Espacenet",
        "https://worldwide.espacenet.com/patent/search (Advanced search, Query)",
        lambda symbol: f'cl = "{_low(symbol)}"',
        "({0})",
        _espacenet_terms,
        'pn = "{office}" AND pd >= "{first}-01-01" AND pd <= "{last}-12-31"',
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
    all_searches = []
    for site in SITES:
        first, last = (year, year) if site.by_year else query.years
        union = any_of(list(dict.fromkeys(_reading(query, reading, site) for reading in chosen)))
        for office in offices:
            ends = site.ends.format(office=office, first=first, last=last, behind=last + 1)
            name = "-".join([site.name.split()[0].lower(), office.lower(), *([str(year)] if site.by_year else [])])
            all_searches.append(Search(site.name, office, f"{union} AND {ends}", f"{name}.csv"))
    return all_searches


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


def _reading(query: Query, reading: Reading, site: Site) -> str:
    def member(name: str) -> str:
        kind, group = name.split(".", 1)
        if kind == "classes":
            return site.symbols.format(" OR ".join(map(site.symbol, query.classes[group])))
        return site.terms(query.terms["en"].get(group, ()))

    pieces = [any_of(list(map(member, group))) for group in groups(reading)]
    return f"({' AND '.join(pieces)})" if len(pieces) > 1 else pieces[0]
