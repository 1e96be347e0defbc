"""A small grammar of the sites' search languages: parses a search, and says whether it finds a publication.

Brackets hold one operator, so that no rule of precedence matters; a blank joins at the top of a Google search only.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from patentscope.fetch.by_hand import Search

_VALUE = r'"[^"()]+"|[\w/\\*.-]+'
_TOKENS = {
    "Lens": (
        r"(?P<field>(?:title|abstract|jurisdiction|date_published|class_cpc\.symbol|class_ipcr\.symbol):)"
        rf"|(?P<value>\[\d{{4}}-01-01 TO \*\]|{_VALUE})"
    ),
    "Google Patents": (
        r"(?P<field>(?:TI|AB|CPC)=)|(?P<value>country:[A-Z]{2}\b|after:publication:\d{4}0101\b|" + _VALUE + ")"
    ),
    "Espacenet": r'(?P<field>(?:cpc|ipc|cl|ta|pn|pd)\s(?:=|any|all|>=)\s)|(?P<value>"[^"()]+")',
}
_MARKS = r"(?P<open>\()|(?P<close>\))|(?P<joint>(?:AND|OR)\b)"
Tree = tuple[str, list[Any]]


def parsed(search: Search) -> Tree:
    """Return a search as a tree: (`AND` or `OR`, parts), where a leaf is (field, [value])."""
    tokens, place, text = [], 0, search.text
    pattern = re.compile(rf"\s*(?:{_MARKS}|{_TOKENS[search.site]})")
    while place < len(text):
        match = pattern.match(text, place)
        assert match, f"{text[place:]!r} is no {search.site} search"
        tokens.append((str(match.lastgroup), match[0].strip()))
        place = match.end()
    tree, rest = _level(tokens, "", may_be_bare=search.site == "Google Patents")
    assert not rest, f"left over in {text!r}: {rest}"
    return tree


def _level(tokens: list[tuple[str, str]], field: str, *, may_be_bare: bool) -> tuple[Tree, list[tuple[str, str]]]:
    """Parse what stands between two brackets, or at the top."""
    parts, joints = [], set()
    while True:
        part, tokens = _part(tokens, field)
        parts.append(part)
        if not tokens or tokens[0][0] == "close":
            assert len(joints) <= 1, f"two operators in one bracket: {joints}"
            return (next(iter(joints), "AND"), parts), tokens
        if tokens[0][0] == "joint":
            joints.add(tokens[0][1])
            tokens = tokens[1:]
        else:
            assert may_be_bare or field.startswith(("TI", "AB"))
            joints.add("AND")


def _part(tokens: list[tuple[str, str]], field: str) -> tuple[Tree, list[tuple[str, str]]]:
    kind, text = tokens[0]
    if kind == "field":
        assert not field
        return _part(tokens[1:], text)
    if kind == "open":
        inside, rest = _level(tokens[1:], field, may_be_bare=False)
        assert rest[0][0] == "close"
        return inside, rest[1:]
    assert kind == "value", tokens
    return (field, [text]), tokens[1:]


def terms_of(text: str) -> Counter[str]:
    """Return how many terms an Espacenet search has by field, a phrase as so many as it has words."""
    found = Counter[str]()
    for field, value in re.findall(r'\b([a-z]+) (?:=|any|all|>=) "([^"]*)"', text):
        found[field] += len(value.split())
    return found


def finds(search: Search, title: str, abstract: str, office: str, year: int) -> bool:
    """Say whether a search finds a publication of an office and a year."""

    def found(tree: Tree) -> bool:
        name, parts = tree
        if name in {"AND", "OR"}:
            return (all if name == "AND" else any)(map(found, parts))
        field, _, relation = name.strip().partition(" ")
        value = parts[0].strip('"')
        if first := re.search(r"\d{4}(?=-01-01|0101)", value):
            return year >= int(first[0])
        if field in {"jurisdiction:", "pn"} or value.startswith("country:"):
            return bool(value.removeprefix("country:") == office)
        texts = {"title:": [title], "TI=": [title], "abstract:": [abstract], "AB=": [abstract]}
        words = value.split() if relation in {"any", "all"} else [value]
        return any((any if relation == "any" else all)(_occurs(word, text) for word in words)
                   for text in texts.get(field, [title, abstract]))  # fmt: skip

    return found(parsed(search))


def _occurs(term: str, text: str) -> bool:
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", term)))
    return re.search(rf"\b{words}{'' if term.endswith('*') else chr(92) + 'b'}", text, re.IGNORECASE) is not None
