"""A sentence from a newspaper as a claim: two sides, what compares them, a size, years; the rest is echoed as not read.

The parts of a comparison (`items`) are written as one letter each, and the orders in which they make one are listed
in `sizes` and `shares`: `SRSb` is "China outnumbered Japan by 73%". A sentence of any other order is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from patentscope.errors import QueryError
from patentscope.query.sentences import questions, shares, sizes, turns
from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.countries import nearest
from patentscope.query.sentences.items import Cutter
from patentscope.query.sentences.parts import COUNT, VERSUS, WHILE, Item, Parts
from patentscope.query.sentences.said import EXAMPLES, Said, in_grammar, refuse
from patentscope.query.sentences.sizes import Reading
from patentscope.query.sentences.times import Clock
from patentscope.query.sentences.tokens import WORD, Token, tokens_of
from patentscope.query.sentences.unread import unread

_SIDES = 2


def read(text: str, clock: Clock) -> Said:
    """Return what a sentence says.

    Raises:
        QueryError: where it is no comparison that can be read, or can be read in more than one way.
    """
    tokens = tokens_of(text)
    parts = Cutter(text, tokens, clock).cut()
    try:
        readings = _readings(text, tokens, parts, clock)
    except QueryError:
        questions.of_names(text, tokens, parts)
        raise
    said = readings[0].said
    questions.of_names(text, tokens, parts, said)
    questions.of_years(text, tokens, parts, said)
    questions.of_sizes(text, tokens, readings)
    questions.of_sides(text, tokens, parts, said)
    questions.of_before(text, parts, said)
    return said


def _readings(text: str, tokens: tuple[Token, ...], parts: Parts, clock: Clock) -> list[Reading]:
    """Return what the sentence may say, with its years and what was not read; refuse one that says nothing."""
    plain = turns.in_plain_order(parts.items, tokens)
    counted = turns.of_counts(parts.items, tokens) if parts.each is None else []
    found = counted or shares.readings(plain, tokens) or sizes.readings(plain, tokens)
    if not found:
        _no_comparison(text, tokens, parts)
    if turns.contradict(parts.items, found[0].said):
        item = next(item for item in parts.items if item.symbol == COUNT)
        questions.fail(text, tokens, item, "the numbers of patents say the other way round; give one of both")
    if not parts.spans:
        _no_year(text, found[0].said, clock)
    skipped = unread(text, tokens, parts)
    years = parts.spans[0][1].years
    return [replace(one, said=replace(one.said, years=years, unread=skipped)) for one in found]


def _no_year(text: str, said: Said, clock: Clock) -> NoReturn:
    """Refuse a sentence without a year, with one as an example."""
    year = clock.last_whole_year
    example = in_grammar(replace(said, years=(year, year)))
    expected = f"it names no year; add one, as in `{example}`, or `since 2015`, or `from 2015 to 2020`"
    refuse(text, len(text.rstrip()), expected)


def _no_comparison(text: str, tokens: tuple[Token, ...], parts: Parts) -> NoReturn:
    """Refuse a sentence whose parts make no comparison, with what it lacks or has too much."""
    if clause := next((item for item in parts.items if item.symbol == WHILE), None):
        questions.fail(text, tokens, clause, words.REFUSED["while"])
    sides = [item for item in parts.items if item.side]
    amounts = [item for item in parts.items if item.amount]
    if len(amounts) > 1:
        said = " and ".join(repr(_text(text, tokens, item)) for item in amounts)
        questions.fail(text, tokens, amounts[1], f"two sizes, {said}; a claim has one: keep one of them")
    if len(sides) > _SIDES:
        expected = "a third set of countries; a comparison has two: join countries by `and`, or take one out"
        questions.fail(text, tokens, sides[_SIDES], expected)
    if against := next((item for item in parts.items if item.symbol == VERSUS), None):
        questions.fail(text, tokens, against, words.REFUSED["compared"])
    end = len(text.rstrip())
    if len(sides) < _SIDES:
        found = f"one side only, {_text(text, tokens, sides[0])!r}" if sides else "no country"
        like = _like(tokens, parts)
        refuse(text, end, f"a comparison has two sides{like}; write it like {EXAMPLES}", found=found)
    refuse(text, end, f"what compares the two sides can't be read; write it like {EXAMPLES}", found="no comparison")


def _text(text: str, tokens: tuple[Token, ...], item: Item) -> str:
    return text[tokens[item.start].start : tokens[item.end - 1].end]


def _like(tokens: tuple[Token, ...], parts: Parts) -> str:
    """Return which of the unknown words may be countries."""
    unknown = [tokens[at].text for at in sorted(parts.others) if tokens[at].kind == WORD]
    known = [f"is {word!r} {' or '.join(names)}?" for word in unknown if (names := nearest(word))]
    return f" ({' '.join(known[:3])})" if known else ""
