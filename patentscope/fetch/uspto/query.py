"""The query as the USPTO's Open Data Portal is asked it: text with fields, from classes, title words and dates.

The forms used are those of the portal's interface description (open API, patent search): fields, AND, OR, NOT, phrases
in quotes, a trailing `*`, and ranges of days. How its index cuts class symbols into words is not described.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from patentscope.errors import Fault, QueryError
from patentscope.fetch import askable
from patentscope.fetch.askable import MOST_CLAUSES, in_field
from patentscope.fetch.listing import Listed
from patentscope.fetch.periods import Period, parts_of, whole
from patentscope.query.query import Query

_META = "applicationMetaData"
_CPC = f"{_META}.cpcClassificationBag"
_TITLE = f"{_META}.inventionTitle"
_PUBLISHED = f"{_META}.earliestPublicationDate"
_GRANTED = f"{_META}.grantDate"
#: What is wanted of an application.
FIELDS = (
    "applicationNumberText",
    "foreignPriorityBag",
    "parentContinuityBag",
    *(
        f"{_META}.{name}"
        for name in (
            "applicantBag",
            "cpcClassificationBag",
            "earliestPublicationDate",
            "earliestPublicationNumber",
            "filingDate",
            "firstApplicantName",
            "grantDate",
            "inventionTitle",
            "inventorBag",
            "patentNumber",
        )
    ),
)


def searches(query: Query) -> list[tuple[str, str]]:
    """Return the searches whose union is the query's pool of candidates: name and search, without dates.

    Words are looked for in titles: the portal has no abstracts.

    Raises:
        QueryError: where no reading can be asked.
    """
    names: dict[str, str] = {}
    for reading in askable.askable(query):
        atoms = askable.atoms(query, reading, class_atoms, lambda term: [in_field(f"{_TITLE}:", term)])
        found = list(filter(None, map(_text, in_pieces(atoms))))
        for place, search in enumerate(found, start=1):
            names.setdefault(search, reading.name if len(found) == 1 else f"{reading.name}/{place}")
    if not names:
        raise QueryError(query.name, [Fault("topic", "no class and no English term in any reading", "expected some")])
    return [(name, search) for search, name in names.items()]


def in_pieces(atoms: Sequence[Sequence[str]]) -> list[tuple[Sequence[str], ...]]:
    """Return groups of atoms in pieces short enough for a search; the portal names no limit of its own."""
    return askable.in_pieces(atoms, lambda piece: sum(map(len, piece)) <= MOST_CLAUSES)


def _text(piece: Sequence[Sequence[str]]) -> str:
    return " AND ".join(f"({' OR '.join(group)})" for group in piece)


def of_years(search: str, years: tuple[int, int]) -> str:
    """Return *search* for applications that were published or granted in the first of *years* or later."""
    period = whole(years)
    return f"({search}) AND ({_within(_PUBLISHED, period)} OR {_within(_GRANTED, period)})"


def by_document(search: str, years: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Cut *search* in two: what was published in these *years*, and what was only granted in them."""
    period = whole(years)
    yield "published", f"({search}) AND {_within(_PUBLISHED, period)}"
    yield "granted", f"({search}) AND {_within(_GRANTED, period)} AND NOT {_within(_PUBLISHED, period)}"


def by_period(where: str, search: str, years: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Cut a piece called `published` or `granted`, or a period of it, by the date that its name tells."""
    document, _, name = where.partition(" ")
    field = _PUBLISHED if document == "published" else _GRANTED
    for period in parts_of(name, years):
        yield f"{document} {period.name}", f"({search}) AND {_within(field, period)}"


def body(search: str, first: int, size: int) -> bytes:
    """Return the body that asks for *size* applications of *search*, from the one numbered *first* (from 0) on."""
    page, order = {"offset": first, "limit": size}, [{"field": "applicationNumberText", "order": "asc"}]
    return json.dumps({"q": search, "pagination": page, "sort": order, "fields": FIELDS}).encode()


def class_atoms(wanted: Listed) -> list[str]:
    r"""Return how what a symbol covers is asked for, blanks escaped or in quotes.

    The portal writes symbols with the main group in four columns (`C22B   7/006`). If its index keeps them whole, the
    atom with the wildcard finds what begins so; if it cuts them into words, the phrase finds those words in a row.
    Which of the two it does is unverified, so a main group is asked for in both ways; the other one finds nothing.

    >>> class_atoms(Listed("C22B59", "C22B59/", ()))[1], class_atoms(Listed("B09B", "B09B", ()))
    ('applicationMetaData.cpcClassificationBag:"C22B  59"', ['applicationMetaData.cpcClassificationBag:B09B*'])
    """
    return [f"{_CPC}:{text}" for text in (*_begun(wanted.stem), *(f'"{_columns(one)}"' for one in wanted.symbols))]


def _begun(stem: str) -> list[str]:
    """Return the words for all that begins with a subclass or main group."""
    if not stem.endswith("/"):
        return [f"{stem}*"] if stem else []
    begins = _columns(stem)
    return [f"{begins.replace('/', chr(92) + '/').replace(' ', chr(92) + ' ')}*", f'"{begins.removesuffix("/")}"']


def _columns(symbol: str) -> str:
    """Return a symbol as the portal writes it."""
    group, slash, subgroup = symbol[4:].partition("/")
    return f"{symbol[:4]}{group:>4}{slash}{subgroup}" if group else symbol


def _within(field: str, period: Period) -> str:
    # Ranges are described with two ends; this day stands for none.
    return f"{field}:[{period.first} TO {period.last or '2099-12-31'}]"
