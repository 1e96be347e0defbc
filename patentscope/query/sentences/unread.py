"""What of a sentence is no part of its comparison, as phrases; and the names in it that could be meant as countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.countries import nearest
from patentscope.query.sentences.parts import AS_MANY, COMPARED, COUNT, EVERY, Parts
from patentscope.query.sentences.said import refuse
from patentscope.query.sentences.tokens import SIGN, Token

_JOINTS = {",", "and", "or", "+", "&"}
_ARTICLES = {"the", "a", "an", "all", "these", "such"}
_QUOTES = "'\"“”‘’«»"
_LONGEST_ACRONYM = 3


@dataclass(frozen=True)
class _Phrase:
    """A run of words that are not known, with the preposition before it.

    Attributes:
        start: the preposition, or the first unknown word; *first* and *last* are unknown words.
        is_topic: behind `in` or `on`, before `patents`, or before a colon that a headline begins with.
    """

    start: int
    first: int
    last: int
    is_topic: bool
    text: str


def unread(text: str, tokens: Sequence[Token], parts: Parts) -> tuple[str, ...]:
    """Return the phrases that hold words which are not known, in their order, with the preposition before them.

    Raises:
        QueryError: where such a word stands where a country would, or says what else is compared.
    """
    phrases = [_phrase(text, tokens, parts, run) for run in _runs(tokens, parts)]
    apart = [*_counts(text, tokens, parts), *_whose(tokens, parts)]
    for phrase in phrases:
        if not {token.key for token in tokens[phrase.first : phrase.last + 1]} & {*words.SOURCES, "according"}:
            _no_names(text, tokens, parts, phrase)
            _is_of_patents(text, tokens, parts, phrase)
    said = sorted([*apart, *((phrase.start, phrase.text) for phrase in phrases)])
    return tuple(dict.fromkeys(phrase for _, phrase in said))


def _counts(text: str, tokens: Sequence[Token], parts: Parts) -> list[tuple[int, str]]:
    """Return the numbers of patents with their places, but for those that are compared: "three for every one"."""
    counts = [] if EVERY in parts.symbols else [item for item in parts.items if item.symbol == COUNT]
    return [(item.start, text[tokens[item.start].start : tokens[item.end - 1].end]) for item in counts]


def _whose(tokens: Sequence[Token], parts: Parts) -> list[tuple[int, str]]:
    """Return the words for whose the patents are, with their places: nothing is counted of companies alone."""
    return [(at, one.text) for at, one in enumerate(tokens) if one.key in words.WHOSE and at not in parts.others]


def _runs(tokens: Sequence[Token], parts: Parts) -> list[tuple[int, int]]:
    """Return the first and the last unknown word of each run of words that no mark and no part interrupts."""
    runs: list[tuple[int, int]] = []
    is_open = False
    for at in range(len(tokens)):
        if at in parts.others and tokens[at].kind != SIGN:
            runs[-1:] = [(runs[-1][0], at)] if is_open else [*runs[-1:], (at, at)]
            is_open = True
        elif at not in parts.fillers:
            is_open = False
    return runs


def _phrase(text: str, tokens: Sequence[Token], parts: Parts, run: tuple[int, int]) -> _Phrase:
    first, last = run
    behind = tokens[last + 1].key if last + 1 < len(tokens) else ""
    is_verb = behind == "filing" and {token.key for token in tokens[last + 2 : last + 3]} & words.PATENTS
    is_of_patents = behind in words.PATENTS and not is_verb
    start = first
    while start and start - 1 in parts.fillers and tokens[start - 1].key in _ARTICLES:
        start -= 1
    is_led = start > 0 and start - 1 in parts.fillers and tokens[start - 1].key in words.PREPOSITIONS
    is_topic = is_of_patents or (is_led and tokens[start - 1].key in words.TOPICAL) or (first == 0 and behind == ":")
    start = start - 1 if is_led and not is_of_patents else first
    found = text[tokens[start].start : tokens[last].end].strip(_QUOTES)
    return _Phrase(start, first, last, is_topic, found)


def _no_names(text: str, tokens: Sequence[Token], parts: Parts, phrase: _Phrase) -> None:
    """Refuse a name that stands where a country would: joined to one, or with no sign of a topic."""
    sides = {item.start for item in parts.items if item.side}
    of_country = phrase.last + 2 in sides and tokens[phrase.last + 1].key == "of"
    is_loose = not (phrase.is_topic or _is_headline(tokens))
    for at in range(phrase.first, phrase.last + 1):
        word = tokens[at].text
        is_name = word[:1].isupper() and (at > 0 or not phrase.is_topic)
        if at in {phrase.first, phrase.last} and _is_joined(tokens, parts, at) and (is_name or nearest(word)):
            _no_country(text, tokens[at])
        is_acronym = word.isupper() and len(word) <= _LONGEST_ACRONYM
        if is_loose and is_name and not is_acronym and (at > 0 or of_country) and at in parts.others:
            _no_country(text, tokens[at])


def _is_of_patents(text: str, tokens: Sequence[Token], parts: Parts, phrase: _Phrase) -> None:
    """Refuse what may be compared and is no patents: "China's car output", "inventors had twice as many children"."""
    is_adverb = all(token.key.endswith("ly") for token in tokens[phrase.first : phrase.last + 1])
    if phrase.is_topic or is_adverb:
        return
    if _is_counted(tokens, parts, phrase):
        side = max((item.end for item in parts.items if item.side and item.end < phrase.first), default=0)
        before, behind = tokens[side : phrase.first], tokens[phrase.last + 1 : phrase.last + 3]
        is_named = any(token.key in words.FILES for token in before) or bool(behind and behind[0].key in words.BE)
        if tokens[phrase.first - 1].key == "patent":
            is_named = tokens[phrase.first].key in words.DOCUMENTS
    else:
        is_named = any(token.key in words.NAMING for token in tokens)
    if is_named:
        return
    expected = f"are patents compared? name them, as in `{phrase.text} patents`, if they are meant"
    refuse(text, tokens[phrase.first].start, expected, found=repr(phrase.text))


def _is_counted(tokens: Sequence[Token], parts: Parts, phrase: _Phrase) -> bool:
    """Say whether it is of the words of a phrase that there are `more`, or `as many`: `more Chinese universities`."""
    at = phrase.first - (tokens[phrase.first - 1].key == "patent")
    sides = {item.end: item.start for item in parts.items if item.side}
    return any(item.end == sides.get(at, at) and item.symbol in {COMPARED, AS_MANY} for item in parts.items)


def _no_country(text: str, token: Token) -> None:
    close = nearest(token.text)
    like = f"; is it {' or '.join(close)}?" if close else "; take it out, if it is none"
    refuse(text, token.start, f"no country is known by this name{like}", found=repr(token.text))


def _is_joined(tokens: Sequence[Token], parts: Parts, at: int) -> bool:
    """Say whether a word is listed with a country: `Japn and Korea`, `Korea and Japn`."""
    starts = {item.start for item in parts.items if item.side}
    ends = {item.end for item in parts.items if item.side}
    after, before = at + 1, at - 1
    while after < len(tokens) and tokens[after].key in _JOINTS | {"the"}:
        after += 1
    while before >= 0 and tokens[before].key in _JOINTS | {"the"}:
        before -= 1
    between = {token.key for token in (*tokens[before + 1 : at], *tokens[at + 1 : after])}
    is_list = bool(between & (_JOINTS - {","}))
    return is_list and ((after in starts and after > at + 1) or (before + 1 in ends and before + 1 < at))


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Say whether most words begin with a capital, so that one tells no name."""
    letters = [token.text for token in tokens if token.text[:1].isalpha() and len(token.text) > 3]  # noqa: PLR2004
    return sum(text[0].isupper() for text in letters) * 2 > len(letters)
