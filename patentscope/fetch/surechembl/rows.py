"""Which rows of SureChEMBL's bulk file a query asks for, and what they are as publications.

The rule is that of a search: a row is a candidate where its own classes and title meet one of the query's readings.
What is on topic is decided later, over whole families.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import Fault, FetchError, QueryError
from patentscope.fetch.askable import askable, english_stem, groups
from patentscope.fetch.surechembl.document import parties_of, symbol_of, symbols_of
from patentscope.query.query import Query
from patentscope.query.term import parted
from patentscope.records.publication import Publication, normal_publication_number, split_number
from patentscope.records.scheme import Scheme

COLUMNS = ("patent_number", "country", "publication_date", "family_id", "cpc", "ipcr", "assignee", "title")
_FIRST_YEAR = 1790  # the file has 0001-01-01 where it knows no date
_MOST_UNREAD = 0.5


@dataclass(frozen=True)
class Wanted:
    """What a query wants of the file.

    Attributes:
        classes: the symbols of each group of classes that a reading names.
        terms: an RE2 pattern for each group of English terms that a reading names.
        first_year: rows published before it are left out; rows without a date are not.
        readings: for each reading what a row must meet: of every group at least one of its members.
        scheme: the CPC scheme that classes are read in.
        read: the groups that each symbol met so far is in, None for what is no symbol: most come again.
    """

    classes: dict[str, tuple[str, ...]]
    terms: dict[str, str]
    first_year: int
    readings: list[list[list[str]]]
    scheme: Scheme
    read: dict[str, frozenset[str] | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def by(cls, query: Query) -> Wanted:
        """Return what *query* wants.

        Raises:
            QueryError: where no reading asks for anything that the file has.
        """
        named = askable(query)
        members = [member.split(".", 1) for member in sorted({member for one in named for member in one.members})]
        english = {name: query.terms["en"].get(name, ()) for kind, name in members if kind == "terms"}
        terms = {name: pattern_of(words) for name, words in english.items() if words}
        classes = {name: query.classes[name] for kind, name in members if kind == "classes"}
        # What the file can't tell is left out, so that more is kept.
        known = {*(f"classes.{name}" for name in classes), *(f"terms.{name}" for name in terms)}
        asked = [[[one for one in group if one in known] for group in groups(reading)] for reading in named]
        readings = [wanted for reading in asked if (wanted := [group for group in reading if group])]
        if not readings:
            expected = "a reading by classes or English terms; the file has classes and titles only"
            raise QueryError(query.name, [Fault("topic.readings", "none", expected)])
        return cls(classes, terms, query.years[0], readings, query.scheme)

    @property
    def stated(self) -> list[Any]:
        """What it says, as JSON holds it."""
        edition = [self.scheme.edition, self.scheme.sha256]
        return [self.classes, self.terms, self.first_year, self.readings, edition]

    def rows(self, table: pa.Table) -> tuple[pa.Table, int]:
        """Return the rows of *table* that are wanted, and how many rows have a class symbol that can't be read.

        Raises:
            FetchError: where most of the class symbols are not written as class symbols are.
        """
        met, unread = self._met_classes(table)
        for name, pattern in self.terms.items():
            hits = pc.match_substring_regex(table.column("title"), pattern, ignore_case=True)
            met[f"terms.{name}"] = pc.fill_null(hits, fill_value=False).to_numpy()
        mask = np.zeros(table.num_rows, dtype=bool)
        for asked in self.readings:
            mask |= np.logical_and.reduce([np.logical_or.reduce([met[one] for one in group]) for group in asked])
        years = pc.year(table.column("publication_date").cast(pa.date32())).to_numpy().astype(float)
        mask &= np.isnan(years) | (years < _FIRST_YEAR) | (years >= self.first_year)
        return table.filter(pa.array(mask)), unread

    def _met_classes(self, table: pa.Table) -> tuple[dict[str, npt.NDArray[np.bool_]], int]:
        """Return for each group of classes which rows hold one of them; and how many hold what is no symbol."""
        met = {f"classes.{name}": np.zeros(table.num_rows, dtype=bool) for name in self.classes}
        unread = np.zeros(table.num_rows, dtype=bool)
        for column in ("cpc", "ipcr"):
            lists = table.column(column).combine_chunks()
            texts = pc.list_flatten(lists)
            rows = pc.list_parent_indices(lists).filter(texts.is_valid()).to_numpy()
            codes = texts.drop_null().dictionary_encode()
            written = codes.dictionary.to_pylist()
            covering = self._groups_of(written)
            is_unread = np.array([group_names is None for group_names in covering], dtype=bool)
            if is_unread.sum() > _MOST_UNREAD * len(written):
                such_as = ", ".join(repr(written[place]) for place in np.flatnonzero(is_unread)[:3])
                raise FetchError(
                    f"SureChEMBL's file: {is_unread.sum()} of {len(written)} distinct symbols in the column `{column}` "
                    f"are none, such as {such_as}; expected such as 'C22B 59/00'"
                )
            places = codes.indices.to_numpy()
            unread[rows[is_unread[places]]] = True
            for name in self.classes:
                is_hit = np.array([name in (group_names or ()) for group_names in covering], dtype=bool)
                met[f"classes.{name}"][rows[is_hit[places]]] = True
        return met, int(unread.sum())

    def _groups_of(self, written: Sequence[str]) -> list[frozenset[str] | None]:
        """Return for each symbol, as the file writes it, the groups that cover it; None for what is no symbol."""
        new = {text: symbol_of(text) for text in written if text not in self.read}
        symbols = list(filter(None, new.values()))
        covered = {name: self.scheme.covered(wanted, symbols) for name, wanted in self.classes.items()} if new else {}
        for text, symbol in new.items():
            groups_met = frozenset(name for name, those in covered.items() if symbol in those)
            self.read[text] = groups_met if symbol else None
        return [self.read[text] for text in written]


def pattern_of(terms: Sequence[str]) -> str:
    r"""Return an RE2 pattern for any of some English terms, with the inflections that a search would find.

    >>> print(pattern_of(["recycle", "rare earth", "REE", "rare metal recover*"]))
    \b(?:recycl\w*|rare\W+earth\w*|REE|rare\W+metal\W+recover\w*)\b
    """
    patterns = []
    for before, begins in map(parted, terms):
        words = re.findall(r"[A-Za-z0-9]+", before)
        words[-1:] = [*words[-1:], f"{begins}*"] if begins else map(english_stem, words[-1:])
        patterns += [r"\W+".join(words).replace("*", r"\w*")] if words else []
    return rf"\b(?:{'|'.join(dict.fromkeys(patterns))})\b"


def publication_of(row: Mapping[str, Any], source: str, origin: str) -> Publication | None:
    """Return a row, its date in ISO form, as a publication; None where it has no number."""
    number = normal_publication_number(row["patent_number"] or "")
    if not number:
        return None
    office, kind = split_number(number)
    published = dt.date.fromisoformat(row["publication_date"]) if row["publication_date"] else None
    has_family = (row["family_id"] or -1) > 0  # -1 stands for none
    return Publication(
        publication_number=number,
        office=row["country"] or office,
        kind=kind,
        publication_date=published if published and published.year >= _FIRST_YEAR else None,
        family_id=str(row["family_id"]) if has_family else None,
        family_source="source" if has_family else None,
        title=row["title"] or None,
        cpc=symbols_of(row["cpc"] or ()),
        ipc=symbols_of(row["ipcr"] or ()),
        applicants=parties_of(row["assignee"]),
        source=source,
        origin=origin,
    )
