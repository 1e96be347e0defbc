"""What a query's symbol covers, as a search language is asked for it that knows nothing of the scheme's levels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from patentscope.errors import Fault, QueryError
from patentscope.records.scheme import Scheme
from patentscope.records.symbols import SYMBOL, normal_symbol

#: Y tags, and indexing codes such as B29B2017/0089: no edition of the IPC has them.
_ONLY_CPC = re.compile(r"Y|[A-H]\d{2}[A-Z]2\d{3}/")


@dataclass(frozen=True)
class Listed:
    """What a query's symbol covers.

    Attributes:
        asked: the symbol as the query has it; a trailing `=` means it alone.
        stem: what all of it begins with, where that is a subclass (`C22B`) or a main group (`C22B7/`); else empty.
        symbols: what it covers beside the stem, one by one.
    """

    asked: str
    stem: str
    symbols: tuple[str, ...]

    @property
    def is_alone(self) -> bool:
        """Whether only this very symbol is wanted."""
        return self.asked.endswith("=")

    @property
    def full(self) -> str:
        """The symbol as records write it: a main group as `C22B7/00`."""
        return normal_symbol(self.asked.removesuffix("=")) or self.asked

    def in_ipc(self) -> Listed:
        """Return as much of it as the IPC can hold: no Y tags, and no indexing codes of the CPC."""
        stem = "" if _ONLY_CPC.match(self.stem) else self.stem
        return replace(self, stem=stem, symbols=tuple(one for one in self.symbols if not _ONLY_CPC.match(one)))


@lru_cache(maxsize=4096)
def listed(symbol: str, scheme: Scheme) -> Listed:
    """Return what the query's *symbol* covers in *scheme*.

    Only a subclass and a main group hold all that begins like them. What stands under a subgroup is not told by its
    digits, nor are the indexing codes under a main group (B29B2017/0089 stands under B29B17/00).

    >>> listed("C22B7", Scheme.shipped()), listed("H01M10/54", Scheme.shipped())
    (Listed(asked='C22B7', stem='C22B7/', symbols=()), Listed(asked='H01M10/54', stem='', symbols=('H01M10/54',)))

    Raises:
        QueryError: where it is no symbol.
    """
    match = SYMBOL.match(normal_symbol(symbol.removesuffix("=")) or "")
    if match is None:
        raise QueryError("query", [Fault("topic.classes", repr(symbol), "expected a symbol such as C22B7/00")])
    if not match[4]:
        return Listed(symbol, *(("", (match[0],)) if symbol.endswith("=") else (match[0], ())))
    is_main_group = set(match[5]) == {"0"} and not symbol.endswith("=")
    stem = f"{match[0].partition('/')[0]}/" if is_main_group else ""
    return Listed(symbol, stem, tuple(one for one in scheme.under(symbol) if not (stem and one.startswith(stem))))


def lens_atoms(wanted: Listed) -> list[str]:
    r"""Return how The Lens is asked for what a symbol covers, in CPC and in IPC.

    Its documentation shows `class_cpc.symbol:Y02E10\/70`. That a trailing `*` finds what begins so is no more than
    the query language's own rule and other users' practice: unverified here.

    >>> lens_atoms(Listed("C22B7", "C22B7/", ()))
    ['class_cpc.symbol:C22B7\\/*', 'class_ipcr.symbol:C22B7\\/*']
    """
    fields = (("class_cpc", wanted), ("class_ipcr", wanted.in_ipc()))
    # A slash starts a regular expression in Lucene's language, so it is escaped.
    return [
        f"{field}.symbol:{one}".replace("/", r"\/")
        for field, of in fields
        for one in (*([f"{of.stem}*"] if of.stem else []), *of.symbols)
    ]


def any_in_field(atoms: Iterable[str]) -> str:
    """Return a search for any of *atoms*, which are `field:value`, with each field written once."""
    values: dict[str, list[str]] = {}
    for atom in atoms:
        field, _, value = atom.partition(":")
        values.setdefault(field, []).append(value)
    return " OR ".join(f"{field}:({' OR '.join(some)})" for field, some in values.items())
