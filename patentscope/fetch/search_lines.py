"""What an exported file says of its own search: in words, and held against the searches that a query prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, combinations, groupby
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import parse_qsl

from patentscope.fetch import by_hand
from patentscope.fetch.askable import searchable
from patentscope.query.query import Query
from patentscope.records.offices import office_codes, short_name

#: With so many readings, every choice of them is tried; with more, each alone and all together.
_MOST_READINGS = 6
_LONGEST = 300
_COUNTRY = "country:"
# Espacenet, in the form that searches are compared in; beside `or` or `not` an office doesn't narrow for sure.
_PUBLISHED_AT = re.compile(r'\bpn="?([a-z]{2})"?(?!\w)')
_ELSE = re.compile(r"\b(?:or|not)\b")
#: The site whose export doesn't say what it was searched for.
_SILENT = "Lens"
# What only says how a list is shown.
_SHOWN = frozenset({"num", "sort", "page", "oq", "clustered", "hl", "peid", "dups"})
_FIELD = re.compile(r"\b(country|before|after|assignee|inventor|language|status|type|litigation):(\S+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"/[a-z]{2}(?![\w/])")
# Espacenet: `364 results found for ta = pizza`, in the interface's language.
_FOUND_FOR = re.compile(
    r"^\D{0,20}\d[\d.,'\s]*(?:treffer|results?|résultats?|resultados?|risultati)\b\D*?\b(?:for|für|pour|para|per)\s+",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(\d{4})-?(\d{2})-?(\d{2})\b")
_DATES = re.compile(r'\b(?:before|after):\S+|\bpd\s*(?:[<>]?=|within)\s*(?:"[^"]*"|\S+)', re.IGNORECASE)


class _Searched(NamedTuple):
    """A search in one form: what is asked, and the fields that narrow it."""

    asked: str
    narrowed: frozenset[str]


def in_words(search: str) -> str:
    """Return a file's own line on its search, as a reader takes it in: percent signs decoded, parameters named."""
    if not search.startswith("http"):
        return _shortened(_FOUND_FOR.sub("", search))
    asked, narrowed = _address(search)
    return _shortened(", ".join([*map(_similar, asked), *(field.replace(":", " ") for field in narrowed)]) or search)


def is_once_a_family(search: str) -> bool:
    """Say whether a file's own line is the address of a list in which Google shows a family once.

    It does so unless told otherwise (its help, "Search results page"); `dups=language` in the address is the other way.
    """
    shown = parse_qsl(search.partition("?")[2])
    return search.startswith("https://patents.google.") and ("dups", "language") not in shown


class Printed:
    """The searches that `check` or `sources --query` prints for a query, for whichever readings it is asked."""

    def __init__(self, query: Query) -> None:
        """Print them."""
        together = [list(group) for chosen in _printed(query) for _, group in groupby(chosen, attrgetter("site"))]
        self._forms = {_form(search.text) for group in together for search in group}
        self._together = [{_undated(search.text): search for search in group} for group in together]
        self._undated = {form for group in self._together for form in group}

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self._forms)

    def holds(self, search: str) -> bool | None:
        """Say whether a file's own *search* is one of them; None where it is but for its dates."""
        text = _readable(search)
        return _form(text) in self._forms or (None if _undated(text) in self._undated else False)

    def lacking(self, given: Iterable[str]) -> list[str]:
        """Name those printed for one site, of which some are among the searches *given* and these are not.

        Only all of them together find what the query asks for. Whatever their dates are, each counts as given.
        """
        there = {_undated(_readable(search)) for search in given}
        begun = [group for group in self._together if there & {*group}]
        lists = ([_name(search) for form, search in group.items() if form not in there] for group in begun)
        return min(lists, key=len, default=[])

    def offices(self, search: str) -> set[str]:
        """Return the offices that a file's own *search* was narrowed to; empty where to none, or it can't be told."""
        form = _undated(_readable(search))
        if ours := {group[form].office for group in self._together if form in group}:
            return ours & office_codes()
        named = [field.removeprefix(_COUNTRY) for field in form.narrowed if field.startswith(_COUNTRY)]
        if not _ELSE.search(form.asked):
            named += _PUBLISHED_AT.findall(form.asked)
        return {code.upper() for codes in named for code in codes.split(",")} & office_codes()


def _undated(text: str) -> _Searched:
    return _form(_DATES.sub("", text))


def _name(search: by_hand.Search) -> str:
    """Return whose publications a printed search finds, as `check` and `sources` head it."""
    which = f" ({search.number} of {search.of})" if search.of > 1 else ""
    return f"{short_name(search.office) if search.office else 'all countries'}{which}"


def _printed(query: Query) -> Iterator[list[by_hand.Search]]:
    """Yield the searches that a file may name: for each choice of the readings that can be searched for; or none."""
    names = [reading.name for reading in searchable(query)]
    sizes = range(1, len(names) + 1) if len(names) <= _MOST_READINGS else (1, len(names))
    for size in sizes:
        for chosen in combinations(names, size):
            yield [search for search in by_hand.searches(query, chosen) if search.site != _SILENT]


def _readable(search: str) -> str:
    """Return a search as it may be typed."""
    if not search.startswith("http"):
        return _FOUND_FOR.sub("", search)
    asked, narrowed = _address(search)
    return " ".join([*asked, *narrowed])


def _address(search: str) -> tuple[list[str], list[str]]:
    """Return what Google's address asks, and what narrows it, such as `country:US` and `before:filing:2024-12-31`."""
    given = [(name, _dated(value)) for name, value in parse_qsl(search.partition("?")[2]) if name not in _SHOWN]
    asked = [value if name == "q" else f"~{value}" for name, value in given if name in {"q", "similar"}]
    return asked, [f"{name}:{value}" for name, value in given if name not in {"q", "similar"}]


def _form(search: str) -> _Searched:
    """Return a search in a form that equals another's if both ask the same: case, blanks and outer brackets apart."""
    text = _dated(search).translate({ord(mark): '"' for mark in "“”„"})
    narrowed = frozenset(f"{name}:{value}".casefold().rstrip(")") for name, value in _FIELD.findall(text))
    text = re.sub(r"\band\b", " ", _FIELD.sub(" ", text).casefold())  # what stands side by side is asked together
    return _Searched(_bare(re.sub(r"\s*([=<>()])\s*", r"\1", " ".join(text.split()))), narrowed)


def _bare(text: str) -> str:
    """Return *text* without the brackets around all of it."""
    depths = list(accumulate((character == "(") - (character == ")") for character in text))
    while text.startswith("(") and 0 in depths and depths.index(0) == len(text) - 1:
        text, depths = text[1:-1], [depth - 1 for depth in depths[1:-1]]
    return text


def _similar(asked: str) -> str:
    """Return a question for what is similar to documents in words, any other as it stands."""
    return re.sub(r"~\s*(?:patent/)?", "similar to ", _LANGUAGE.sub("", asked)) if "~" in asked else asked


def _dated(text: str) -> str:
    return _DAY.sub(r"\1-\2-\3", text)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"
