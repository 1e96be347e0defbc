"""The query as SureChEMBL is asked it: Solr text from classes and terms, checked here before it costs a request.

Fields are those of SureChEMBL's list of Solr fields. How the index writes a class symbol is not in that list; the index
has the fields of IFI CLAIMS Direct, whose documentation writes A61K 9/28 as the tokens A, A61, A61K, A61K0009 and
A61K000928. So there is more than one spelling of a class, and which of them finds anything is asked
(`probe`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from patentscope.errors import Fault, QueryError
from patentscope.fetch import askable
from patentscope.fetch.askable import MOST_LETTERS, any_of, fits_in_address, in_field
from patentscope.fetch.listing import Listed
from patentscope.fetch.periods import Period
from patentscope.query.query import Query, Reading

_FIELDS = frozenset({"cpc", "ic", "ttl", "ab", "pd", "pnctry"})
_FIELD = re.compile(r"\b([a-z]+):")
_QUOTED = re.compile(r'"[^"]*"')
_CLASSES = "classes."


@dataclass(frozen=True)
class Spelling:
    """How a class field is asked.

    Attributes:
        field: `cpc`, or `ic` for the IPC.
        is_padded: the main group has four digits and no slash (C22B0059), as IFI CLAIMS writes it.
        has_wildcards: a trailing `*` stands for all in a subclass or main group; without it only what the index has
            as a word of its own is found.
    """

    field: str
    is_padded: bool
    has_wildcards: bool

    def __str__(self) -> str:
        """Show the spelling on an example."""
        return self.atoms(Listed("C22B59", "C22B59/", ()))[0]

    def atoms(self, wanted: Listed) -> list[str]:
        r"""Return how this field is asked for what a symbol covers.

        >>> wanted = Listed("C22B59", "C22B59/", ("C22B7/006",))
        >>> [Spelling("cpc", padded, True).atoms(wanted) for padded in (True, False)]
        [['cpc:C22B0059*', 'cpc:C22B0007006'], ['cpc:C22B59\\/*', 'cpc:"C22B7/006"']]
        >>> [Spelling("ic", padded, False).atoms(wanted)[0] for padded in (True, False)]
        ['ic:C22B0059', 'ic:"C22B59/00"']
        """
        begun = [self._begun(wanted.stem)] if wanted.stem else []
        return [f"{self.field}:{one}" for one in (*begun, *map(self._one, wanted.symbols))]

    def _begun(self, stem: str) -> str:
        """Return the word for all that begins with a subclass or main group."""
        if not self.has_wildcards:
            return self._one(f"{stem}00") if stem.endswith("/") and not self.is_padded else self._padded(stem)
        # A bare slash would begin a regular expression.
        return f"{self._padded(stem) if self.is_padded else stem.replace('/', chr(92) + '/')}*"

    def _one(self, symbol: str) -> str:
        return self._padded(symbol) if self.is_padded else f'"{symbol}"'

    def _padded(self, symbol: str) -> str:
        group, _, subgroup = symbol[4:].partition("/")
        return f"{symbol[:4]}{group.zfill(4) if group else ''}{subgroup}"


def searches(query: Query, spellings: Sequence[Spelling]) -> list[tuple[str, str]]:
    """Return the searches whose union is the query's pool of candidates: name and text, each checked.

    Without *spellings* the classes are left out: a reading that needs them is not asked for, and one that has them
    among its alternatives is asked for by its terms (`with_classes` names both).

    Raises:
        QueryError: where no reading asks for anything, or a search would be malformed.
    """
    names: dict[str, str] = {}
    for reading in askable.askable(query):
        if not spellings and any(member.startswith(_CLASSES) for member in reading.all):
            continue
        for place, search in enumerate(_searches(query, reading, spellings), start=1):
            check(search)
            names.setdefault(search, f"{reading.name}/{place}")
    return [(name, search) for search, name in names.items()]


def with_classes(query: Query) -> list[str]:
    """Return the names of the readings that have classes among their members."""
    return [one.name for one in askable.askable(query) if any(member.startswith(_CLASSES) for member in one.members)]


def class_atoms(wanted: Listed, spellings: Iterable[Spelling]) -> list[str]:
    """Return how what a symbol covers is asked for, in every spelling."""
    return [atom for one in spellings for atom in one.atoms(wanted if one.field == "cpc" else wanted.in_ipc())]


def term_atoms(term: str) -> list[str]:
    """Return how an English term is asked for in title and abstract, inflections included where that is safe.

    >>> term_atoms("recycle"), term_atoms("rare earth")
    (['ttl:recycl*', 'ab:recycl*'], ['ttl:"rare earth"', 'ab:"rare earth"'])
    """
    return [in_field(f"{field}:", term) for field in ("ttl", "ab")]


def _searches(query: Query, reading: Reading, spellings: Sequence[Spelling]) -> list[str]:
    """Return the searches of one reading: its groups in pieces short enough, each piece with each of the others'."""
    wanted = askable.atoms(query, reading, lambda symbol: class_atoms(symbol, spellings), term_atoms)
    if not wanted:
        return []
    return list(map(_text, askable.in_pieces(wanted, lambda piece: fits_in_address(_text(piece)))))


def _text(piece: Sequence[Sequence[str]]) -> str:
    return " AND ".join(map(any_of, piece))


def published(period: Period) -> str:
    """Return what asks for the publication dates of *period*; an open end is a day that never comes."""
    last = f"{period.last:%Y%m%d}" if period.last else "99991231"
    return f"pd:[{period.first:%Y%m%d} TO {last}]"


def check(search: str) -> None:
    """Raise where *search* would not be understood, or would be too long to send.

    Raises:
        QueryError: naming what was found and what was expected.
    """
    faults = askable.faults_of(search, "Solr", _FIELD, _FIELDS)
    if re.search(r':(?:[*?)\s]|$|"\s*")', search):
        faults.append(Fault("Solr", "a field without a word, or one that begins with a wildcard", "begin with letters"))
    if re.search(r"\b(?:and|or|not|to)\b", _QUOTED.sub('""', search)):
        faults.append(Fault("Solr", "an operator in small letters", "write AND, OR, NOT and TO in capitals"))
    if not search or not fits_in_address(search):
        letters = f"{len(quote_plus(search))} letters in an address"
        faults.append(Fault("Solr", letters, f"1 to {MOST_LETTERS} in one search"))
    if faults:
        raise QueryError(f"the search {search[:80]!r}", faults)
