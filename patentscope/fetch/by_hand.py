"""The searches that a reader without any key can paste into a site's own search box, and the files that they become.

At the Lens one search finds the publications of the whole world, and so the families that every question needs. The
lists of Google Patents and Espacenet are short and show a family once, so they are asked office by office: where
protection is sought is told by the publications of the claim's own offices; whose a family is, and where it was
invented, by one publication of it, which most families have at an office of the claim, at the EPO (EP) or as an
international application (WO). Against all others (`*`) only the whole world will do.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from patentscope.errors import UsageError
from patentscope.fetch.askable import any_of, askable, atoms, in_pieces
from patentscope.fetch.sites import SITES, Site
from patentscope.query.claim import ALL_OTHERS, YEARS_BEFORE
from patentscope.query.commands import check_line, quoted
from patentscope.query.echo import canonical, echo
from patentscope.query.query import Query, Reading

#: In place of readings' names: all that can be searched for.
ALL = "all"
#: Nobody pastes more than so many searches at one site.
_MOST_SEARCHES = 24
_WORLD = ""


class _Atom(NamedTuple):
    """A class symbol as the site writes it, or a term as the query has it."""

    text: str
    is_term: bool


@dataclass(frozen=True)
class Search:
    """One search to paste.

    Attributes:
        site: where, by name; *address*, where that is.
        office: whose publications it finds; empty for all offices.
        text: what to paste.
        file: the name to save its export under.
        rows_at_once: how many rows the site exports at once.
        years: the first and the last publication year; None for no last one.
        if_more_than: it is to be made only if the site's search of all offices finds more than so many.
        number: which of how many (*of*) into which a search was cut that is too long for the site.
        is_within: whether it keeps the site's limit of terms.
    """

    site: str
    address: str
    office: str
    text: str
    file: str
    rows_at_once: int
    years: tuple[int, int | None]
    if_more_than: int | None = None
    number: int = 1
    of: int = 1
    is_within: bool = True


def searches(query: Query, readings: Sequence[str] = ()) -> list[Search]:
    """Return the searches by site and office, for the offices that the query's claims are about.

    An export answers only the *readings* that were searched for: by default the baseline, the first of the query.
    """
    chosen = _chosen(query, readings)
    return [search for site in SITES for search in _at(site, query, chosen)]


def to_paste(query: Query, *, claim_text: str, topic: str, said_on: dt.date | None) -> dict[str, Any]:
    """Return the `searches` for a query made of a `claim` and a *topic*, and the command to run `next` on their files.

    None is longer than its site takes, and nobody is asked to paste dozens: of a site that would need so many, for a
    long topic or for many countries, there are none.

    Raises:
        UsageError: where a part of the topic has no English word.
    """
    parts = [member.partition(".")[2] for member in askable(query)[0].members]
    if silent := [part for part in parts if not query.terms["en"].get(part)]:
        raise UsageError(
            f"--topic {quoted(topic)}: the sites are searched in English; add an English word to {', '.join(silent)}, "
            f"such as {quoted(f'rare earth, {silent[0]}')}"
        )
    found = searches(query)
    needed = Counter((search.site, search.if_more_than) for search in found)
    kept = [
        search for search in found if search.is_within and needed[search.site, search.if_more_than] <= _MOST_SEARCHES
    ]
    told = [{name: value for name, value in asdict(search).items() if name != "is_within"} for search in kept]
    claim = replace(query.claims[0], quote=claim_text, said_on=said_on)
    about = {"quote": claim_text, "short": canonical(claim), "read_as": echo(claim), "unread": list(claim.unread)}
    sides = {name: getattr(claim, name) for name in ("years", "left", "right", "says")}
    return {
        "claim": {**about, **sides, "ratio_claimed": claim.ratio},
        "searches": told,
        "next": check_line(claim, topic, kept[0].file),
    }


def first_year(query: Query) -> int:
    """Return the first publication year to search for, so that all years counted and charted are whole; none is last.

    What was filed in a year is published in it or later; whether its publication in a year was the first, only those
    of the years before tell.
    """
    first = _counted(query)[0]
    return min(first - YEARS_BEFORE if "publication" in query.axes["date"] else first, query.years[0])


def why_these_years(query: Query) -> str:
    """Return in words why the searches begin in `first_year`, and have no last one."""
    start, (first, last) = first_year(query), _counted(query)
    counted = f"{first}" if first == last else f"{first} to {last}"
    begin = f"The searches begin in {start}"
    if start < first and "publication" in query.axes["date"]:
        begin += (
            f", {first - start} years before {first}: without the years before, an invention that was published again "
            f"in {first} would look new"
        )
    later = f" They have no last date: what was filed in {counted} is published then or years later."
    return f"{begin}.{later * (query.axes['date'] != ('publication',))}"


def _counted(query: Query) -> tuple[int, int]:
    """Return the first and the last year of the claims; of a query without any, those of its charts."""
    years = [year for claim in query.claims for year in claim.years] or query.years
    return min(years), max(years)


def _offices(query: Query, site: Site) -> list[str]:
    """Return the offices to ask for at a site one by one: those of the claims, and those beside; none for the world."""
    named = [code for claim in query.claims for code in (*claim.left, *claim.right)]
    if ALL_OTHERS in named:
        return []
    return list(dict.fromkeys([*(named or ("CN", "US", "JP", "AU")), *site.beside]))


def _at(site: Site, query: Query, readings: Sequence[Reading]) -> Iterator[Search]:
    """Yield the searches at one site: of the world where it takes that, or nothing else will do, and by office."""
    offices, first = _offices(query, site), first_year(query)
    asked = [*([_WORLD] if site.is_whole or not offices else []), *offices]
    ends = {office: _ends(site, office, first) for office in asked}
    topic = list(map(any_of, _unions(query, readings, site, max(ends.values(), key=len), max(len(offices), 1))))
    for office in asked:
        texts = [text + ends[office] for text in topic]
        name = "-".join([site.name.split()[0].lower(), *([office.lower()] if office else [])])
        for place, text in enumerate(texts, start=1):
            yield Search(
                site.name,
                site.address,
                office,
                text,
                f"{name}{f'-{place}' if len(texts) > 1 else ''}.csv",
                site.rows,
                (first, None),
                site.rows if site.is_whole and office else None,
                place,
                len(texts),
                site.takes(text),
            )


def _ends(site: Site, office: str, first: int) -> str:
    """Return what narrows a topic to an office, or to the world, and to what was published in a year or later."""
    conditions = [*([site.office.format(office=office)] if office else []), site.since.format(first=first)]
    return site.joint + site.joint.join(conditions)


def _chosen(query: Query, names: Sequence[str]) -> list[Reading]:
    """Return the readings to search for; with `ALL` every one that asks for something."""
    known = {reading.name: reading for reading in askable(query)}
    if ALL in names:
        return list(known.values())
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"reading {', '.join(unknown)}: those that can be searched for are {', '.join(known)}")
    return [known[name] for name in names] or [next(iter(known.values()))]


def _unions(query: Query, readings: Sequence[Reading], site: Site, ends: str, offices: int) -> list[list[str]]:
    """Return what to search for as unions that fit the site: readings together where they do, cut where one does not.

    Where so many pieces would have to be pasted for each of the *offices* that nobody would, the site's limit of terms
    is let go, and only its length is kept.
    """

    def short(union: Sequence[str]) -> bool:
        return site.fits(any_of(union) + ends)

    def fits(union: Sequence[str]) -> bool:
        return site.takes(any_of(union) + ends) and short(union)

    found = _cut(query, readings, site, fits)
    return found if len(found) * offices <= _MOST_SEARCHES else _cut(query, readings, site, short)


def _cut(
    query: Query, readings: Sequence[Reading], site: Site, fits: Callable[[Sequence[str]], bool]
) -> list[list[str]]:
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
