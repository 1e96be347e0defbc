"""Classification symbols: which CPC and IPC symbols a symbol of the query covers.

The rules are those of the CPC scheme's numbering: a subclass holds all its groups, a main group all its subgroups.
How subgroups nest is not in their digits but in the scheme's dots; `data/classes.csv` lists what we need of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from patentscope.records.reference import reference_rows

SYMBOL = re.compile(r"^([A-HY])(\d{2})([A-Z])(?:(\d{1,4})(?:/(\d{2,6}))?)?\Z", re.ASCII)
#: The IPC's edition and what follows it: `(2006.01)`.
_EDITION = re.compile(r"\(\d{4}\.\d\d\).*", re.DOTALL)
#: A symbol padded with zeros, as WIPO ST.8 has it in data: four figures of the main group, six of the subgroup.
_PADDED = re.compile(r"^([A-HY]\d{2}[A-Z])(\d{4})(\d{6})\Z", re.ASCII)
_WHAT_WORKS = "a symbol such as B09B, C22B7, C22B7/006 or C22B59/00="
#: Letters of other alphabets that look like Latin ones, and the classic slip of a letter O for a zero.
_LOOKALIKES = dict(zip("АВСЕНКМОРТХаеосрху", "ABCEHKMOPTXaeocpxy", strict=True))


@lru_cache(maxsize=1)
def scheme() -> dict[str, str]:
    """Return the listed symbols, each with the symbol that it stands under; empty for none."""
    return {row["symbol"]: row["parent"] for row in reference_rows("classes")}


@lru_cache(maxsize=65536)
def _above(symbol: str) -> frozenset[str]:
    """Return every listed symbol that *symbol* stands under."""
    parent = scheme().get(symbol)
    return frozenset() if not parent else _above(parent) | {parent}


def normal_symbol(text: str) -> str | None:
    """Return *text* as a symbol without blanks and padding, a main group as `C22B7/00`; None where it is no symbol.

    >>> normal_symbol("C22B   7/00"), normal_symbol("C22B 59/00 (2006.01)"), normal_symbol("H01M0010540000")
    ('C22B7/00', 'C22B59/00', 'H01M10/54')
    """
    bare = "".join(_EDITION.sub("", text).split()).upper()
    padded = _PADDED.match(bare)
    if padded:
        bare = padded[1] + (f"{padded[2]}/{padded[3].rstrip('0'):0<2}" if int(padded[2]) else "")
    match = SYMBOL.match(bare)
    if match is None:
        return None
    return f"{bare[:4]}{int(match[4])}/{match[5] or '00'}" if match[4] else bare


def fault_of(symbol: str) -> str | None:
    """Return what is wrong with a query's *symbol*, with what would work, or None where nothing is."""
    bare = symbol.removesuffix("=")
    for place, letter in enumerate(bare, start=1):
        if letter in _LOOKALIKES:
            return (
                f"character {place} is U+{ord(letter):04X}, which looks like the Latin letter "
                f"{_LOOKALIKES[letter]}; write it in ASCII"
            )
        if not letter.isascii():
            return f"character {place} is U+{ord(letter):04X}; a symbol is ASCII, such as {_WHAT_WORKS}"
    if SYMBOL.match(bare):
        return None
    repaired = bare[:1] + re.sub("[Oo]", "0", bare[1:3]) + bare[3:4] + re.sub("[Oo]", "0", bare[4:])
    if repaired != bare and SYMBOL.match(repaired):
        return f"it has a letter O where a zero belongs; write {repaired}"
    if normal_symbol(bare):
        return f"write it without blanks and in capitals: {normal_symbol(bare)}"
    return f"expected {_WHAT_WORKS}"


@lru_cache(maxsize=1024)
def _covering(pattern: str) -> tuple[str, frozenset[str]]:
    """Return what the symbols that *pattern* covers begin with (empty: nothing), and those covered beside them."""
    if pattern.endswith("="):
        return "", frozenset(filter(None, [normal_symbol(pattern[:-1])]))
    match = SYMBOL.match(pattern)
    if match is None:
        return "", frozenset()
    if not match[4]:
        return pattern, frozenset()
    if not match[5] or set(match[5]) == {"0"}:
        return f"{match[1]}{match[2]}{match[3]}{match[4]}/", frozenset()
    return pattern, frozenset(symbol for symbol in scheme() if pattern in _above(symbol))


def covers(pattern: str, symbol: str) -> bool:
    """Say whether the query's *pattern* covers the record's *symbol* (both ASCII, without blanks).

    A subclass covers all its groups; a main group (`C22B7`, `C22B7/00`) its subgroups, and never `C22B70`; a
    subgroup itself, the symbols that extend its digits, and its listed children. A trailing `=` means this symbol
    only.
    """
    return bool(covered([pattern], [symbol]))


def covered(patterns: Iterable[str], symbols: Iterable[str], *, without_y02: bool = False) -> frozenset[str]:
    """Return those of the distinct *symbols* that any of *patterns* covers; *without_y02* ignores every Y02 symbol."""
    wanted = [_covering(pattern) for pattern in patterns]
    begins = tuple(begin for begin, _ in wanted if begin)
    alone = frozenset().union(*(more for _, more in wanted))
    return frozenset(
        symbol
        for symbol in set(symbols)
        if not (without_y02 and symbol.startswith("Y02")) and (symbol in alone or symbol.startswith(begins))
    )
