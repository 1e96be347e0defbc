"""A sentence from a newspaper as a claim: two sides, what compares them, a size, years; the rest is echoed as not read.

The parts of a comparison (`items`) are written as one letter each, and the orders in which they make one are listed
in `sizes` and `shares`: `SRSb` is "China outnumbered Japan by 73%". A sentence of any other order is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from patentscope.errors import QueryError
from patentscope.query.sentences import shares, sizes
from patentscope.query.sentences.countries import AMBIGUOUS, GROUP, ONE_BY_ONE, Named, nearest
from patentscope.query.sentences.items import Cutter, Item
from patentscope.query.sentences.said import EXAMPLES, Said, asked, in_grammar, refuse
from patentscope.query.sentences.sizes import Reading
from patentscope.query.sentences.times import Clock
from patentscope.query.sentences.tokens import WORD, tokens_of
from patentscope.query.sentences.unread import unread

_UNDATED = (0, 0)


def read(text: str, clock: Clock) -> Said:
    """Return what a sentence says.

    Raises:
        QueryError: where it is no comparison that can be read, or can be read in more than one way.
    """
    sentence = _Sentence(text, clock)
    sentence.names_known()
    try:
        readings = sentence.readings()
    except QueryError:
        sentence.no_groups()
        raise
    sentence.no_groups(readings[0].said)
    sentence.one_reading(readings)
    return readings[0].said


class _Sentence:
    """A sentence on its way to a claim."""

    def __init__(self, text: str, clock: Clock) -> None:
        self.text = text
        self.clock = clock
        self.tokens = tokens_of(text)
        self.parts = Cutter(text, self.tokens, clock).cut()

    def readings(self) -> list[Reading]:
        """Return what the sentence may say, with its years and what was not read; refuse one that says nothing."""
        found = shares.readings(self.parts.items, self.tokens) or sizes.readings(self.parts.items, self.tokens)
        if not found:
            self._no_comparison()
        years = self._years(found[0].said)
        skipped = unread(self.text, self.tokens, self.parts)
        return [replace(one, said=replace(one.said, years=years, unread=skipped)) for one in found]

    def one_reading(self, readings: list[Reading]) -> None:
        """Ask back where there are several readings, each as a claim ready to paste."""
        if len(readings) > 1:
            item = readings[0].item
            place = (self.tokens[item.start].start, self.tokens[item.end - 1].end)
            asked(self.text, place, [(one.meaning, one.said) for one in readings])
        self._one_by_one(readings[0].said)
        self._crossing(readings[0].said)

    def names_known(self) -> None:
        """Refuse a name that may be several, or others one by one."""
        for named, item in self._named():
            if named.kind in {AMBIGUOUS, ONE_BY_ONE}:
                self._fail(item, named.meant)

    def _named(self) -> list[tuple[Named, Item]]:
        return [(named, item) for item in self.parts.items if item.side for named in item.side.names]

    def _fail(self, item: Item, expected: str) -> NoReturn:
        first, last = self.tokens[item.start], self.tokens[item.end - 1]
        refuse(self.text, first.start, expected, found=repr(self.text[first.start : last.end]))

    def no_groups(self, said: Said | None = None) -> None:
        """Refuse a group of countries: with the claim on its members, or with what could be meant."""
        for named, item in self._named():
            if named.kind != GROUP:
                continue
            expected = f"a group of countries is not counted as one: name them ({named.meant})"
            if named.codes and said is not None:
                expected += f"; ready to paste: `{in_grammar(_apart(said))}`"
            elif named.codes:
                expected += f"; its members: `{in_grammar(Said(named.codes, (), '>', _UNDATED)).partition(' > ')[0]}`"
            self._fail(item, expected)

    def _years(self, said: Said) -> tuple[int, int]:
        """Return the sentence's years; refuse none, and several that are no span."""
        spans = list(dict.fromkeys(span.years for _, span in self.parts.spans))
        if not spans:
            year = self.clock.last_whole_year
            example = in_grammar(replace(said, years=(year, year)))
            expected = f"it names no year; add one, as in `{example}`, or `since 2015`, or `from 2015 to 2020`"
            refuse(self.text, len(self.text.rstrip()), expected)
        if len(spans) > 1:
            at, span = self.parts.spans[1]
            meanings = [("", replace(said, years=years)) for years in spans]
            asked(self.text, (self.tokens[at].start, self.tokens[at + span.length - 1].end), meanings)
        return spans[0]

    def _one_by_one(self, said: Said) -> None:
        """Ask back where countries are compared one by one, `both Japan and Korea`: together is another claim."""
        item = next((item for item in self.parts.items if item.side and item.side.is_each), None)
        each = self.parts.each
        if item is None and each is None:
            return
        at = item.start if item else each or 0
        end = item.end if item else at + 1
        alone = [("one by one", replace(said, right=(code,))) for code in said.right if len(said.right) > 1]
        if len(said.left) > 1:
            alone = [("one by one", replace(said, left=(code,))) for code in said.left]
        asked(self.text, (self.tokens[at].start, self.tokens[end - 1].end), [*alone, ("together", said)])

    def _crossing(self, said: Said) -> None:
        """Ask back where it also says that it was the other way round before."""
        if not self.parts.is_crossing:
            return
        first = said.years[0]
        before = Said(said.right, said.left, said.sign, (first - 1, first - 1))
        meanings = [("more in these years", said), ("fewer the year before", before)]
        asked(self.text, (0, len(self.text)), meanings, why="it says two things; check one at a time")

    def _no_comparison(self) -> NoReturn:
        """Refuse a sentence whose parts make no comparison, with what it lacks."""
        sides = [item for item in self.parts.items if item.side]
        amounts = [item for item in self.parts.items if item.amount]
        end = len(self.text.rstrip())
        if len(amounts) > 1:
            self._fail(amounts[1], "a second size; a claim has one: keep one of them")
        if len(sides) > 2:
            self._fail(sides[2], "a third set of countries; a comparison has two: join a set by `and`, or take one out")
        if len(sides) < 2:
            found = "one country or set of countries only" if sides else "no country"
            refuse(self.text, end, f"a comparison names two{self._like()}; write it like {EXAMPLES}", found=found)
        refuse(self.text, end, f"what compares the two can't be read; write it like {EXAMPLES}", found="no comparison")

    def _like(self) -> str:
        """Return which of the unknown words may be countries."""
        unknown = [self.tokens[at] for at in sorted(self.parts.others) if self.tokens[at].kind == WORD]
        close = {token.text: nearest(token.text) for token in unknown}
        known = [f"is {word!r} {' or '.join(names)}?" for word, names in close.items() if names]
        return f" ({' '.join(known[:3])})" if known else ""


def _apart(said: Said) -> Said:
    """Return the same without the countries of the left side among a group on the right."""
    return said if said.percent is not None else replace(said, right=tuple(c for c in said.right if c not in said.left))
