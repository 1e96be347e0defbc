"""What SureChEMBL's documents leave open, asked of the index itself: its first page's number, its spelling of classes.

Both are decided by rule from kept answers, so that the same answers always decide the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from patentscope.errors import FetchError
from patentscope.fetch.askable import any_of
from patentscope.fetch.listing import Listed
from patentscope.fetch.surechembl.document import Page, name_of
from patentscope.fetch.surechembl.solr import Spelling

#: Asks for one page: search, page number, items a page. None where SureChEMBL says that it can't carry it out.
Probe = Callable[[str, int, int], Page | None]

FIELDS = ("cpc", "ic")
_MOST_ATOMS = 40  # enough to see whether a spelling is understood


@dataclass(frozen=True)
class ByClass:
    """How classes are asked.

    Attributes:
        spellings: one for each field that is asked; none where classes can't be asked at all.
        lacks: what can't be asked as the query means it; empty where everything can.
    """

    spellings: tuple[Spelling, ...] = ()
    lacks: tuple[str, ...] = ()


def first_page(search: str, total: int, ask: Probe) -> int:
    """Return the number of the first page, 0 or 1, of a search with *total* hits, from its pages 0 to 2 of one item.

    Raises:
        FetchError: where the pages can't be told apart, so that none could be trusted.
    """
    if not total:
        return 1
    pages = [ask(search, page, 1) for page in (0, 1, 2)]
    shown = [[name_of(document) or "no number" for document in page.documents] if page else [] for page in pages]
    zeroth, first, second = shown
    if len(first) >= total:
        return 1
    if len(zeroth) >= total:
        return 0
    if first and second != first and (not zeroth or zeroth == first):
        return 1
    if zeroth and zeroth != first and (first != second or total <= 2):  # noqa: PLR2004 - then page 2 may be empty too
        return 0
    raise FetchError(
        "SureChEMBL's pages can't be told apart: pages 0, 1 and 2 of one search, one item each, show "
        f"{'; '.join(', '.join(names[:3]) or 'nothing' for names in shown)} of {total} hits. Expected that they differ"
    )


def by_class(symbols: Sequence[Listed], ask: Probe) -> ByClass:
    """Return how the class fields are to be asked, from how many hits each spelling of some *symbols* has.

    A field is asked in the spelling with wildcards that finds most. One that finds something only without them, or
    that SureChEMBL refuses, is named in `lacks`. One that merely finds nothing is asked like the other field.
    """
    by_field = {name: _of_field(name, symbols, ask) for name in FIELDS}
    chosen = {name: spelling for name, (spelling, _) in by_field.items() if spelling}
    lacks = [lack for _, lack in by_field.values() if lack]
    silent = [name for name, (spelling, lack) in by_field.items() if not spelling and not lack]
    if not chosen and not lacks:
        lacks.append("no spelling of the query's classes finds anything")
    like = next(iter(chosen.values()), Spelling("cpc", is_padded=True, has_wildcards=True))
    if chosen or len(silent) == len(FIELDS):
        chosen |= {name: replace(like, field=name) for name in silent}
    return ByClass(tuple(chosen[name] for name in FIELDS if name in chosen), tuple(lacks))


def _of_field(name: str, symbols: Sequence[Listed], ask: Probe) -> tuple[Spelling | None, str]:
    """Return one field's spelling, and what can't be asked of it."""
    covered = [one if name == "cpc" else one.in_ipc() for one in symbols]
    # Listed symbols are found without wildcards, and would hide that what only a wildcard asks for is not.
    asked = [replace(one, symbols=()) for one in covered if one.stem] or covered
    totals = {}
    for wildcards, padded in itertools.product((True, False), repeat=2):
        way = Spelling(name, padded, wildcards)
        atoms = [atom for one in asked for atom in way.atoms(one)]
        if not atoms:
            return None, ""
        page = ask(any_of(atoms[:_MOST_ATOMS]), 1, 1)
        totals[way] = -1 if page is None else page.total
    ways = sorted(totals, key=lambda way: (way.has_wildcards, totals[way]), reverse=True)
    best = next((way for way in ways if totals[way] > 0), None)
    if best:
        lack = f"the field {name} has no wildcards: what a subclass or main group holds is not asked for"
        return best, "" if best.has_wildcards else lack
    return None, f"the field {name} can't be asked" if min(totals.values()) < 0 else ""
