"""What readers call the definitions of the topic: read off what each of them asks, or as the query names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from patentscope.query.query import AUDITED, CLASSIFIER, RECORDS, Query, Reading
from patentscope.query.side_names import listed

_ALONE = {"classes": "Patent classes", "terms": "Words in the text", CLASSIFIER: "Text model", RECORDS: "Every record"}
_BESIDE = {"classes": "classes", "terms": "words", CLASSIFIER: "text model", RECORDS: "every record"}
_SCOPES = {
    "eol": "from used products only",
    "scrap": "from used products and scrap only",
    "byproduct": "from used products, scrap and by-products only",
}
_NO_TAGS = "without green-tech tags"
#: A name of so few letters is an abbreviation.
_LONGEST_ABBREVIATION = 4


def topic_names(query: Query) -> dict[str, str]:
    """Return a name of every definition, by the reading's own; that which labels add is among them.

    No two have the same: those that ask for the same kinds of things are told apart by their own names.
    """
    told = {reading.name: _named(reading, query) for reading in query.readings}
    often = Counter(told.values())
    names = {name: said if often[said] == 1 else f"{said} ({_plain(name)})" for name, said in told.items()}
    return {**names, AUDITED: f"{names.get(CLASSIFIER, _ALONE[CLASSIFIER])}, put right by labels", **query.names}


def in_a_sentence(name: str) -> str:
    """Return a name within a sentence: an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _named(reading: Reading, query: Query) -> str:
    said = _asked(reading, query)
    twins = [
        one for one in query.readings if (one.all, one.any, one.scope) == (reading.all, reading.any, reading.scope)
    ]
    if reading.without_y02:
        alone = any(not twin.without_y02 for twin in twins)
        said = f"{_NO_TAGS[0].upper()}{_NO_TAGS[1:]}" if alone else f"{said} {_NO_TAGS}"
    if reading.scope:
        said = f"{said}, {_SCOPES[reading.scope]}"
    return f"Wider: {in_a_sentence(said)}" if reading.name in query.wider else said


def _asked(reading: Reading, query: Query) -> str:
    """Return what a reading looks at: classes, words, the text model, or several of them."""
    if reading.takes_all:
        return "Every record given"
    kinds = list(dict.fromkeys(member.partition(".")[0] for member in reading.members))
    groups = _groups(reading)
    own = "" if groups == _usual(query.readings) else listed([_plain(group) for group in groups]) if groups else ""
    if len(kinds) == 1:
        return f"{_capital(own)} classes" if own else _ALONE[kinds[0]]
    said = [f"{own} classes".strip() if kind == "classes" else _BESIDE[kind] for kind in kinds]
    return _capital(" + ".join(said) if reading.all else " or ".join(said))


def _groups(reading: Reading) -> list[str]:
    return [name for kind, _, name in (member.partition(".") for member in reading.members) if kind == "classes"]


def _usual(readings: Sequence[Reading]) -> list[str]:
    """Return the groups of classes that the first reading with any asks for: these go without a name."""
    return next((groups for groups in map(_groups, readings) if groups), [])


def _plain(name: str) -> str:
    return name.upper() if len(name) <= _LONGEST_ABBREVIATION else name.replace("_", " ")


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
