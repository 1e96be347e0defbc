"""What of a sentence is no part of its comparison, as phrases; and the names in it that could be meant as countries."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.countries import nearest
from patentscope.query.sentences.items import Parts
from patentscope.query.sentences.said import refuse
from patentscope.query.sentences.tokens import SIGN, Token

_JOINTS = {",", "and", "or", "+", "&"}
_ARTICLES = {"the", "a", "an", "all", "these", "such"}


def unread(text: str, tokens: Sequence[Token], parts: Parts) -> tuple[str, ...]:
    """Return the phrases that hold words which are not known, in their order, with the preposition before them.

    Raises:
        QueryError: where such a word stands where a country would.
    """
    phrases = []
    for first, last in _runs(tokens, parts):
        start = first
        while start and start - 1 in parts.fillers and tokens[start - 1].key in _ARTICLES:
            start -= 1
        if start and start - 1 in parts.fillers and tokens[start - 1].key in words.PREPOSITIONS:
            start -= 1
        else:
            start = first
        if last + 1 < len(tokens) and tokens[last + 1].key in words.PATENTS:
            start = first
        if not {token.key for token in tokens[first : last + 1]} & {*words.SOURCES, "according"}:
            _no_names(text, tokens, parts, (start, first, last))
        phrases.append(text[tokens[start].start : tokens[last].end])
    return tuple(dict.fromkeys(phrases))


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


def _no_names(text: str, tokens: Sequence[Token], parts: Parts, place: tuple[int, int, int]) -> None:
    """Refuse a name that stands where a country would: joined to one, or with no sign of a topic."""
    start, first, last = place
    is_headline = _is_headline(tokens)
    behind = tokens[last + 1].key if last + 1 < len(tokens) else ""
    is_topic = (start < first and tokens[start].key in words.TOPICAL) or behind in words.PATENTS
    for at in range(first, last + 1):
        is_name = tokens[at].text[:1].isupper() and (at > 0 or not is_topic)
        is_joined = at in {first, last} and _is_joined(tokens, parts, at)
        if is_joined and (is_name or nearest(tokens[at].text)):
            _no_country(text, tokens[at])
        is_begun = at == 0 and not (behind == "of" and last + 2 in {item.start for item in parts.items if item.side})
        if is_name and not (is_topic or is_headline or is_begun) and at in parts.others:
            _no_country(text, tokens[at])


def _no_country(text: str, token: Token) -> None:
    close = nearest(token.text)
    like = f"; is it {' or '.join(close)}?" if close else "; take it out, if it is none"
    refuse(text, token.start, f"no country is known by this name{like}", found=repr(token.text))


def _is_joined(tokens: Sequence[Token], parts: Parts, at: int) -> bool:
    """Say whether a word is listed with a country: `Japn and Korea`, `Korea and Japn`."""
    starts = {item.start for item in parts.items if item.side}
    ends = {item.end for item in parts.items if item.side}
    after, before = at + 1, at - 1
    joined_after = joined_before = False
    while after < len(tokens) and tokens[after].key in _JOINTS | {"the"}:
        joined_after |= tokens[after].key in _JOINTS
        after += 1
    while before >= 0 and tokens[before].key in _JOINTS | {"the"}:
        joined_before |= tokens[before].key in _JOINTS
        before -= 1
    is_list = any(tokens[one].key in _JOINTS - {","} for one in (*range(before + 1, at), *range(at + 1, after)))
    return is_list and ((joined_after and after in starts) or (joined_before and before + 1 in ends))


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Say whether most words begin with a capital, so that one tells no name."""
    letters = [token.text for token in tokens if token.text[:1].isalpha() and len(token.text) > 3]  # noqa: PLR2004
    return sum(text[0].isupper() for text in letters) * 2 > len(letters)
