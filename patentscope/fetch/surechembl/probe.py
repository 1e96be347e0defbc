"""What SureChEMBL's documents leave open, asked of the index itself: its first page's number, its spelling of classes.

Both are decided by rule from kept answers, so that the same answers always decide the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from patentscope.errors import FetchError
from patentscope.fetch.askable import any_of
from patentscope.fetch.surechembl.document import Page, name_of
from patentscope.fetch.surechembl.solr import Spelling, class_atoms

#: Asks for one page: search, page number, items a page. None where SureChEMBL says that it can't carry it out.
Probe = Callable[[str, int, int], "Page | None"]

FIELDS = ("cpc", "ic")
_MOST_ATOMS = 40  # enough to see whether a spelling is understood
_LEAST_FOR_THREE_PAGES = 3


@dataclass(frozen=True)
class ByClass:
    """How classes are asked.

    Attributes:
        spellings: one for each field that is asked; none where classes can't be asked at all.
        lacks: what can't be asked as the query means it; empty where everything can.
    """

    spellings: tuple[Spelling, ...]
    lacks: tuple[str, ...]


def first_page(search: str, total: int, ask: Probe) -> int:
    """Return the number of a search's first page, 0 or 1, from its pages 0, 1 and 2 of one item each.

    Args:
        search: one with *total* hits, as many as can be had.
        total: as it was stated.
        ask: asks for a page.

    Raises:
        FetchError: where the pages can't be told apart, so that none could be trusted.
    """
    if not total:
        return 1
    shown = [_names(ask(search, page, 1)) for page in (0, 1, 2)]
    zeroth, first, second = shown
    if len(first) >= total:
        return 1
    if len(zeroth) >= total:
        return 0
    turns = first != second or total < _LEAST_FOR_THREE_PAGES
    if first and second != first and (not zeroth or zeroth == first):
        return 1
    if zeroth and zeroth != first and turns:
        return 0
    raise FetchError(
        "SureChEMBL's pages can't be told apart: pages 0, 1 and 2 of one search, one item each, show "
        f"{'; '.join(', '.join(names[:3]) or 'nothing' for names in shown)} of {total} hits. Expected that they differ"
    )


def by_class(symbols: Sequence[str], ask: Probe) -> ByClass:
    """Return how the class fields are to be asked, from how many hits each spelling of some *symbols* has.

    A field is asked in the spelling with wildcards that finds most. One that finds something only without them, or
    that SureChEMBL refuses, is named in `lacks`. One that merely finds nothing is asked like the other field.
    """
    chosen: dict[str, Spelling] = {}
    lacks: list[str] = []
    silent = []
    for name in FIELDS:
        spelling, lack = _of_field(name, symbols, ask)
        if lack:
            lacks.append(lack)
        if spelling:
            chosen[name] = spelling
        elif not lack:
            silent.append(name)
    if not chosen and not lacks:
        lacks.append("no spelling of the query's classes finds anything")
    like = next(iter(chosen.values()), Spelling("cpc", is_padded=True, has_wildcards=True))
    if chosen or len(silent) == len(FIELDS):
        chosen |= {name: Spelling(name, like.is_padded, like.has_wildcards) for name in silent}
    return ByClass(tuple(chosen[name] for name in FIELDS if name in chosen), tuple(lacks))


def _of_field(name: str, symbols: Sequence[str], ask: Probe) -> tuple[Spelling | None, str]:
    """Return one field's spelling, and what can't be asked of it."""
    ways = [Spelling(name, padded, wildcards) for wildcards in (True, False) for padded in (True, False)]
    found = {}
    for way in ways:
        atoms = [atom for symbol in symbols for atom in class_atoms(symbol, [way])]
        if not atoms:
            return None, ""
        page = ask(any_of(atoms[:_MOST_ATOMS]), 1, 1)
        found[way] = -1 if page is None else page.total
    best = max(ways[:2], key=lambda way: found[way])
    if found[best] > 0:
        return best, ""
    exact = max(ways[2:], key=lambda way: found[way])
    if found[exact] > 0:
        return exact, f"the field {name} has no wildcards: what lies below a subgroup is not asked for"
    refused = any(total < 0 for total in found.values())
    return None, f"the field {name} can't be asked" if refused else ""


def _names(page: Page | None) -> list[str]:
    """Return the numbers of a page's documents; none where there is no such page."""
    return [] if page is None else [name_of(document) or "no number" for document in page.documents]
