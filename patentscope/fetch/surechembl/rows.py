"""Which rows of SureChEMBL's bulk file a query asks for, and what they are as publications.

The rule is that of a search: a row is a candidate where its own classes and title meet one of the query's readings.
What is on topic is decided later, over whole families.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import Fault, FetchError, QueryError
from patentscope.fetch.askable import askable, english_stem, groups
from patentscope.fetch.surechembl.document import parties_of, symbol_of
from patentscope.records.publication import Publication, normal_publication_number, split_number
from patentscope.records.symbols import covers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from patentscope.query.query import Query, Reading

    Mask = npt.NDArray[np.bool_]

COLUMNS = ("patent_number", "country", "publication_date", "family_id", "cpc", "ipcr", "assignee", "title")
_CLASS_COLUMNS = ("cpc", "ipcr")
_FIRST_YEAR = 1790  # the file has 0001-01-01 where it knows no date
_MOST_UNREAD = 0.5
_EXAMPLES = 3
_MOST_TEXTS = 500_000  # remembered from one row group to the next


@dataclass
class Wanted:
    """What a query wants of the file.

    Attributes:
        classes: the symbols of each group of classes that a reading names.
        terms: an RE2 pattern for each group of English terms that a reading names.
        first_year: rows published before it are left out; rows without a date are not.
        readings: for each reading what a row must meet: of every group at least one of its members.
    """

    classes: dict[str, tuple[str, ...]]
    terms: dict[str, str]
    first_year: int
    readings: list[list[list[str]]] = field(default_factory=list)
    _groups: dict[str, frozenset[str] | None] = field(default_factory=dict)

    @classmethod
    def by(cls, query: Query) -> Wanted:
        """Return what *query* wants.

        Raises:
            QueryError: where no reading asks for anything that the file has.
        """
        readings = askable(query)
        members = sorted({member for reading in readings for member in reading.members})
        names = {kind: [one.removeprefix(kind) for one in members if one.startswith(kind)] for kind in _KINDS}
        english = {name: query.terms["en"].get(name, ()) for name in names["terms."]}
        wanted = cls(
            {name: query.classes[name] for name in names["classes."]},
            {name: pattern_of(words) for name, words in english.items() if words},
            query.years[0],
        )
        wanted.readings = [asked for asked in map(wanted._groups_of, readings) if asked]
        if not wanted.readings:
            expected = "a reading by classes or English terms; the file has classes and titles only"
            raise QueryError(query.name, [Fault("topic.readings", "none", expected)])
        return wanted

    def as_json(self) -> dict[str, Any]:
        """Return all that decides which rows are kept."""
        return {name: getattr(self, name) for name in ("classes", "terms", "first_year", "readings")}

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

    def _groups_of(self, reading: Reading) -> list[list[str]]:
        """Return what a row must meet for *reading*; what the file can't tell is left out, so that more is kept."""
        known = {*(f"classes.{name}" for name in self.classes), *(f"terms.{name}" for name in self.terms)}
        asked = [[one for one in group if one in known] for group in groups(reading)]
        return [group for group in asked if group]

    def _met_classes(self, table: pa.Table) -> tuple[dict[str, Mask], int]:
        """Return for each group of classes which rows hold one of them; and how many hold what is no symbol."""
        met = {f"classes.{name}": np.zeros(table.num_rows, dtype=bool) for name in self.classes}
        unread = np.zeros(table.num_rows, dtype=bool)
        for column in _CLASS_COLUMNS:
            lists = table.column(column).combine_chunks()
            texts = pc.list_flatten(lists)
            rows = pc.list_parent_indices(lists).filter(texts.is_valid()).to_numpy()
            codes = texts.drop_null().dictionary_encode()
            found = self._groups_by_text(codes.dictionary.to_pylist(), column)
            places = codes.indices.to_numpy()
            unread[rows[np.array([covering is None for covering in found], dtype=bool)[places]]] = True
            for name in self.classes:
                is_hit = np.array([name in (covering or ()) for covering in found], dtype=bool)
                met[f"classes.{name}"][rows[is_hit[places]]] = True
        return met, int(unread.sum())

    def _groups_by_text(self, texts: Sequence[str], column: str) -> list[frozenset[str] | None]:
        """Return for each distinct text the groups of classes that cover it; None where it is no symbol."""
        if len(self._groups) > _MOST_TEXTS:
            self._groups.clear()
        for text in texts:
            if text not in self._groups:
                symbol = symbol_of(text)
                self._groups[text] = self._covering(symbol) if symbol else None
        unread = [text for text in texts if self._groups[text] is None]
        if len(unread) > _MOST_UNREAD * len(texts):
            raise FetchError(
                f"SureChEMBL's file: {len(unread)} of {len(texts)} distinct symbols in the column `{column}` are none, "
                f"such as {', '.join(map(repr, unread[:_EXAMPLES]))}; expected such as 'C22B 59/00'"
            )
        return [self._groups[text] for text in texts]

    def _covering(self, symbol: str) -> frozenset[str]:
        found = (name for name, wanted in self.classes.items() if any(covers(one, symbol) for one in wanted))
        return frozenset(found)


_KINDS = ("classes.", "terms.")


def pattern_of(terms: Sequence[str]) -> str:
    r"""Return an RE2 pattern for any of some English terms, with the inflections that a search would find.

    >>> print(pattern_of(["recycle", "rare earth", "REE"]))
    \b(?:recycl\w*|rare\W+earth\w*|REE)\b
    """
    words = [re.findall(r"[A-Za-z0-9]+", term) for term in terms]
    found = [r"\W+".join([*some[:-1], english_stem(some[-1]).replace("*", r"\w*")]) for some in words if some]
    return rf"\b(?:{'|'.join(dict.fromkeys(found))})\b"


def publication_of(row: Mapping[str, Any], source: str, origin: str) -> Publication | None:
    """Return a row, its date in ISO form, as a publication; None where it has no number."""
    number = normal_publication_number(row["patent_number"] or "")
    if not number:
        return None
    office, kind = split_number(number)
    published = dt.date.fromisoformat(row["publication_date"]) if row["publication_date"] else None
    family = row["family_id"]
    has_family = family is not None and family > 0  # -1 stands for none
    return Publication(
        publication_number=number,
        office=row["country"] or office,
        kind=kind,
        publication_date=published if published and published.year >= _FIRST_YEAR else None,
        family_id=str(family) if has_family else None,
        family_source="source" if has_family else None,
        title=row["title"] or None,
        cpc=_symbols(row["cpc"]),
        ipc=_symbols(row["ipcr"]),
        applicants=parties_of(row["assignee"]),
        source=source,
        origin=origin,
    )


def _symbols(texts: Sequence[str | None] | None) -> tuple[str, ...]:
    # What can't be read goes on as it is: the run writes it down as a gap.
    return tuple(dict.fromkeys(symbol_of(text) or text for text in texts or () if text))
