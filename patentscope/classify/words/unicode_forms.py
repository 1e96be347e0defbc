"""The characters that Unicode's NFKC form makes others of: full-width letters, ligatures, units, mathematical ones.

An engine that searches texts can't normalise them, so what is searched for is written in all of these characters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WIDE = 0xFEE0  # from a character of ASCII to its full-width form
_SURROGATES = range(0xD800, 0xE000)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class OtherForm:
    """A run of letters and figures that *characters*, single ones, become, perhaps with marks beside it.

    Attributes:
        run: in small letters.
        characters: those that become it.
        is_left: whether nothing stands before the run in what they become, so that letters before it join it.
        is_right: whether nothing stands after it.
    """

    run: str
    characters: frozenset[str]
    is_left: bool
    is_right: bool


def any_of(characters: Iterable[str]) -> str:
    r"""Return what stands between the brackets of an expression that takes one of *characters*.

    >>> any_of("abcｘ")
    'a-c\\x{FF58}'
    """
    points = sorted(map(ord, set(characters)))
    ranges: list[list[int]] = []
    for point in points:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(_written(first) + (f"-{_written(last)}" if last > first else "") for first, last in ranges)


def _written(point: int) -> str:
    character = chr(point)
    return character if character.isascii() and character.isalnum() else rf"\x{{{point:04X}}}"


@lru_cache(maxsize=1 << 14)
def like(character: str) -> str:
    """Return the expression for a letter or figure, in either case and in the characters that are no rarity.

    Of a Latin letter that is its full-width form; `other_forms` has the others. Of a figure, and of every other
    letter, all that begin with it: marks on a letter may be written apart.
    """
    if character.isascii() and character.isalpha():
        both = character.lower() + character.upper()
        return f"[{any_of(both + ''.join(chr(ord(one) + _WIDE) for one in both))}]"
    base = _base(character)
    found = _by_base().get(base, frozenset())
    if character.isdecimal():
        found = frozenset(one for one in found if len(_plain(one)) == 1)
    return f"[{any_of({*found, base, character})}]"


def _characters() -> Iterator[str]:
    return (chr(point) for point in range(sys.maxunicode + 1) if point not in _SURROGATES)


def _plain(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()


def _base(character: str) -> str:
    return unicodedata.normalize("NFKD", character).lower()[:1]


@lru_cache(maxsize=1)
def _by_base() -> dict[str, frozenset[str]]:
    """Return the characters by the first that they consist of, where that is another."""
    found: dict[str, set[str]] = {}
    for character in _characters():
        base = _base(character)
        if base != character:
            found.setdefault(base, set()).add(character)
    return {base: frozenset(characters) for base, characters in found.items()}


@lru_cache(maxsize=1)
def _changed() -> dict[str, str]:
    """Return what each character becomes, where that is another or several, in small letters."""
    return {one: _plain(one) for one in _characters() if not unicodedata.is_normalized("NFKC", one)}


def _has_like(character: str, written: str) -> bool:
    """Say whether `like` has *character* for what is *written*: for all single ones but the rarer Latin letters."""
    is_letter = written.isascii() and written.isalpha()
    return len(written) == 1 and (not is_letter or ord(character) - _WIDE in map(ord, (written, written.upper())))


@lru_cache(maxsize=1)
def other_forms() -> tuple[OtherForm, ...]:
    """Return the runs that single characters become, but for those that `like` has."""
    found: dict[tuple[str, bool, bool], set[str]] = {}
    for character, written in _changed().items():
        if _has_like(character, written):
            continue
        parts = re.split(r"([^\W_]+)", _CJK.sub(" ", written))
        for place in range(1, len(parts), 2):
            is_left = place == 1 and not parts[0]
            is_right = place == len(parts) - 2 and not parts[-1]
            found.setdefault((parts[place], is_left, is_right), set()).add(character)
    return tuple(OtherForm(run, frozenset(chars), left, right) for (run, left, right), chars in found.items())


@lru_cache(maxsize=1)
def full_stop() -> str:
    """Return the expression for a full stop, or a character that ends in one."""
    return f"[.{any_of(one for one, written in _changed().items() if written.endswith('.'))}]"


@lru_cache(maxsize=1)
def marks() -> str:
    """Return the expression for what says nothing among characters: blanks and marks that are no letter in disguise."""
    letters = (one for one, written in _changed().items() if any(map(str.isalnum, written)))
    telling = (one for one in letters if unicodedata.category(one)[0] not in "LN")
    return rf"[^\p{{L}}\p{{N}}{any_of(telling)}]+"


@lru_cache(maxsize=1)
def multiples() -> dict[str, frozenset[str]]:
    """Return the characters by what they become, marks apart, where that is more than a letter that `like` has."""
    found: dict[str, set[str]] = {}
    for character, written in _changed().items():
        bare = "".join(one for one in written if one.isalnum())
        if bare and not _has_like(character, bare):
            found.setdefault(bare, set()).add(character)
    return {bare: frozenset(characters) for bare, characters in found.items()}
