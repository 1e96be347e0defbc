"""What a sentence is asked back: where it can be read in several ways, each is given as a claim ready to paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from patentscope.query.sentences.countries import AMBIGUOUS, GROUP, ONE_BY_ONE, Named
from patentscope.query.sentences.parts import Item, Parts
from patentscope.query.sentences.said import Said, asked, in_grammar, refuse
from patentscope.query.sentences.sizes import Reading
from patentscope.query.sentences.tokens import Token

_UNDATED = (0, 0)


def of_names(text: str, tokens: Sequence[Token], parts: Parts, said: Said | None = None) -> None:
    """Ask back for names that are no one set of countries; *said* is what the sentence says, where it can be read."""
    for item in parts.items:
        for named in item.side.names if item.side else ():
            if named.kind == GROUP:
                _of_group(text, tokens, item, named, said)
            if named.kind == AMBIGUOUS:
                is_whole = said and said.left and (said.right or said.percent is not None)
                claims = [f"`{in_grammar(_with(said, named, code))}`" for code in named.codes if said and is_whole]
                fail(text, tokens, item, ": ".join(filter(None, (named.meant, " or ".join(claims)))))
            if named.kind == ONE_BY_ONE:
                together = f": `{in_grammar(said)}`" if said else ", `*`"
                expected = "ranks are not checked; name the one country to compare with, or all others together"
                fail(text, tokens, item, expected + together)


def _of_group(text: str, tokens: Sequence[Token], item: Item, named: Named, said: Said | None) -> None:
    expected = f"a group of countries is not counted as one: name {named.meant}"
    if named.codes and said is not None:
        expected += f"; ready to paste: `{in_grammar(_apart(said))}`"
    elif named.codes:
        expected += f"; its members: `{in_grammar(Said(named.codes, (), '>', _UNDATED)).partition(' > ')[0]}`"
    fail(text, tokens, item, expected)


def _with(said: Said, named: Named, code: str) -> Said:
    """Return the same with one of the countries that an ambiguous name may be."""
    first = named.codes[0]
    left, right = (tuple(code if one == first else one for one in side) for side in (said.left, said.right))
    return replace(said, left=left, right=right)


def _apart(said: Said) -> Said:
    """Return the same without the countries of one side among a group on the other."""
    if said.percent is not None:
        return said
    right = tuple(code for code in said.right if code not in said.left)
    return replace(said, right=right) if right else replace(said, left=tuple({*said.left} - {*said.right}))


def of_years(text: str, tokens: Sequence[Token], parts: Parts, said: Said) -> None:
    """Ask back for years that are no one span of whole years."""
    for at, span in parts.spans:
        place = (tokens[at].start, tokens[at + span.length - 1].end)
        if span.asks:
            asked(text, place, [("", replace(said, years=years)) for years in span.meant], why=span.asks)
    years = list(dict.fromkeys(span.years for _, span in parts.spans))
    if len(years) > 1:
        at, span = parts.spans[1]
        place = (tokens[at].start, tokens[at + span.length - 1].end)
        asked(text, place, [("", replace(said, years=each)) for each in years], why="which years?")


def of_sizes(text: str, tokens: Sequence[Token], readings: Sequence[Reading]) -> None:
    """Ask back for a size that can be read in two ways: "three times more" is three or four times as many."""
    if len(readings) > 1:
        item = readings[0].item
        place = (tokens[item.start].start, tokens[item.end - 1].end)
        asked(text, place, [(one.meaning, one.said) for one in readings])


def of_sides(text: str, tokens: Sequence[Token], parts: Parts, said: Said) -> None:
    """Ask back where countries are compared one by one, `both Japan and Korea`: together is another claim."""
    item = next((item for item in parts.items if item.side and item.side.is_each), None)
    if item is None and parts.each is None:
        return
    at, end = (item.start, item.end) if item else (parts.each or 0, (parts.each or 0) + 1)
    alone = [replace(said, right=(code,)) for code in said.right if len(said.right) > 1]
    if len(said.left) > 1:
        alone = [replace(said, left=(code,)) for code in said.left]
    meanings = [*(("one by one", one) for one in alone), ("together", said)]
    asked(text, (tokens[at].start, tokens[end - 1].end), meanings)


def of_before(text: str, parts: Parts, said: Said) -> None:
    """Ask back where a sentence also says that it was the other way round before: `overtook`, `for the first time`."""
    if parts.is_crossing:
        year = said.years[0] - 1
        before = Said(said.right, said.left, said.sign, (year, year))
        asked(text, (0, len(text)), [("", said), ("", before)], why="it says two things; check one at a time:")


def fail(text: str, tokens: Sequence[Token], item: Item, expected: str) -> NoReturn:
    """Refuse the sentence at one of its parts."""
    first, last = tokens[item.start], tokens[item.end - 1]
    refuse(text, first.start, expected, found=repr(text[first.start : last.end]))
