"""Searches that the program writes, read back: atoms joined by AND, OR and NOT, in brackets, from left to right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Test = Callable[[Any], bool]


def compiled(search: str, pattern: str, atom: Callable[[str], Test]) -> Test:
    """Return what says whether a record meets *search*, whose atoms look like *pattern* and mean what *atom* says."""
    tokens = re.findall(rf"[()]|\b(?:AND|OR|NOT)\b(?!:)|{pattern}", search, re.IGNORECASE)
    assert "".join(tokens).replace(" ", "") == search.replace(" ", ""), f"the server can't read {search!r}"
    test, rest = _expression(tokens, atom)
    assert not rest, f"the server can't read {search!r} from {rest}"
    return test


def _expression(tokens: list[str], atom: Callable[[str], Test]) -> tuple[Test, list[str]]:
    test, tokens = _factor(tokens, atom)
    while tokens and tokens[0] != ")":
        word = tokens[0].upper()
        other, tokens = _factor(tokens[1:], atom)
        test = _JOIN[word](test, other)
    return test, tokens


_JOIN: dict[str, Callable[[Test, Test], Test]] = {
    "AND": lambda one, other: lambda record: one(record) and other(record),
    "OR": lambda one, other: lambda record: one(record) or other(record),
    "NOT": lambda one, other: lambda record: one(record) and not other(record),
}


def _factor(tokens: list[str], atom: Callable[[str], Test]) -> tuple[Test, list[str]]:
    if tokens[0].upper() == "NOT":
        test, rest = _factor(tokens[1:], atom)
        return lambda record: not test(record), rest
    if tokens[0] == "(":
        test, rest = _expression(tokens[1:], atom)
        return test, rest[1:]
    return atom(tokens[0]), tokens[1:]
