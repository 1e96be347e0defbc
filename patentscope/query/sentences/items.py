"""A sentence cut into the parts of a comparison: sides, sizes, years, what compares, and the words between them."""

from __future__ import annotations

from dataclasses import replace

from patentscope.query.sentences import parts as kinds
from patentscope.query.sentences import sources
from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import ODDS, PART, PERCENT, amount_at
from patentscope.query.sentences.counts import count_at, every_at
from patentscope.query.sentences.parts import Item, Parts
from patentscope.query.sentences.passed_over import Words
from patentscope.query.sentences.said import EQUAL, MORE
from patentscope.query.sentences.sides import side_at
from patentscope.query.sentences.times import span_at
from patentscope.query.sentences.tokens import NUMBER

_ENDS = set(",.;")
_KINDS = {"times": kinds.TIMES, PART: kinds.PARTS, PERCENT: kinds.PERCENTS, ODDS: kinds.RATIO_OF}
_AFTER_BY = {"a", "margin", "of", "some", "whopping", "staggering", "full", "ratio", "the"}
_OFFICES = {"pct", "wipo", "epo"}
#: Before the first country of a sentence these begin a part that the other side follows.
_LEADING = {"as", "than", "to", "with"}
_BEFORE_A_SIDE = {"the", "just", "only", "a", "mere"}


class Cutter(Words):
    """Cuts a sentence from left to right; what stands first in `_one` goes first."""

    def cut(self) -> Parts:
        """Return the parts of the whole sentence.

        Raises:
            QueryError: at a word that says something which no comparison of numbers can say.
        """
        self.place = sources.first_words(self.tokens, self.clock)
        self.parts.others |= set(range(self.place))
        while self.place < len(self.tokens):
            self._one()
        return self.parts

    def _one(self) -> None:
        counted = (self._source, self._span, self._by, self._every, self._count, self._against)
        for step in (*counted, self._side, self._share, self._compared, self._amount):
            if step():
                return
        self.pass_word()

    def _take(self, symbol: str, length: int, **said: object) -> bool:
        end = self.place + length
        self.parts.items.append(Item(symbol, self.place, end, **said))  # type: ignore[arg-type]
        self.place = end
        return True

    def _source(self) -> bool:
        """Pass over who says so."""
        length = sources.length_at(self.tokens, self.place)
        places = range(self.place, self.place + length)
        for place in places:
            if self.tokens[place].kind == NUMBER:
                self.fail("a number in who says so could be a year of the comparison; take it out", place)
        self.parts.others |= set(places)
        self.place += length
        return length > 0

    def _span(self) -> bool:
        span = span_at(self.tokens, self.place, self.clock)
        if span is None:
            return False
        self.parts.spans.append((self.place, span))
        self.place += span.length
        return True

    def _by(self) -> bool:
        """Take `by 73%` and `by a factor of three`."""
        if self.keys(1) != ("by",):
            return False
        skipped = 1
        while self.place + skipped < len(self.tokens):
            amount = amount_at(self.tokens, self.place + skipped)
            if amount and amount.length:
                return self._take(kinds.BY, skipped + amount.length, amount=amount)
            if self.tokens[self.place + skipped].key not in _AFTER_BY:
                return False
            skipped += 1
        return False

    def _every(self) -> bool:
        """Take `for every` and `the ratio of`."""
        every = every_at(self.tokens, self.place)
        if every:
            return self._take(kinds.EVERY, every.length, number=every.value)
        is_ratio = self.keys(2) == ("ratio", "of") and kinds.SIDE not in self.parts.symbols
        return is_ratio and self._take(kinds.RATIO, 2)

    def _count(self) -> bool:
        """Take a number of patents."""
        last = self.parts.items[-1:]
        is_compared = any(item.symbol == kinds.VERSUS and item.end == self.place for item in last)
        is_compared |= any(item.symbol == kinds.COUNT and item.end == self.place - 1 for item in last)
        count = count_at(self.tokens, self.place, is_compared=is_compared)
        return count is not None and self._take(kinds.COUNT, count.length, number=count.value)

    def _against(self) -> bool:
        """Take what sets one side against the other: `compared with`, `versus`, `while`."""
        if self.keys(1)[0] in words.WHILE:
            return self._take(kinds.WHILE, 1)
        length = next((n for n in (3, 2, 1) if self.keys(n) in words.VERSUS), 0)
        if not length or (self.keys(1) == ("against",) and not self._is_set_against()):
            return False
        symbols = set(self.parts.symbols)
        is_than = {kinds.COMPARED, kinds.AS_MANY} & symbols and not {kinds.THAN, kinds.AS} & symbols
        return self._take(kinds.THAN if is_than else kinds.VERSUS, length)

    def _is_set_against(self) -> bool:
        """Say whether a number or a country is behind `against`, and no topic: `drugs against malaria`."""
        at = self.place + 1
        while self.keys(1, at) and self.keys(1, at)[0] in _BEFORE_A_SIDE:
            at += 1
        return side_at(self.tokens, at) is not None or count_at(self.tokens, at, is_compared=True) is not None

    def _side(self) -> bool:
        if self.keys(1)[0] in _OFFICES and set(self.keys(1, self.place + 1)) & words.PATENTS:
            return False
        symbols = set(self.parts.symbols)
        is_begun = bool(symbols & {kinds.VERSUS, kinds.WHILE} or set(self.keys(1, self.place - 1)) & _LEADING)
        side = side_at(self.tokens, self.place, is_led=is_begun and kinds.SIDE not in symbols)
        return side is not None and self._take(kinds.SIDE, side.length, side=side)

    def _share(self) -> bool:
        """Take what makes a part of all: `share`, `accounted for`, `came from`, `among`."""
        first, second = (*self.keys(2), "", "")[:2]
        if first == "among" or (first in words.CLAIMED | {"behind"} and self._is_of_a_part()):
            return self._take(kinds.AMONG if first == "among" else kinds.ACCOUNT, 1)
        for length in (3, 2, 1):
            if self.keys(length) in words.ORIGINS:
                return self._take(kinds.ORIGIN, length)
            if self.keys(length) in words.ACCOUNTS:
                return self._take(kinds.ACCOUNT, length)
        before = self.tokens[self.place - 1].key if self.place else ""
        if before in words.BE and first in words.FILED and second in {"by", "from", "in"}:
            if span_at(self.tokens, self.place + 1, self.clock) or amount_at(self.tokens, self.place + 2):
                return False
            return self._take(kinds.ORIGIN, 2)
        return False

    def _is_of_a_part(self) -> bool:
        """Say whether it is the `claimed` of "China claimed 60% of all patents"."""
        amount = amount_at(self.tokens, self.place + 1)
        is_theirs = self.keys(1)[0] == "behind" or any(item.end == self.place for item in self.parts.items[-1:])
        return amount is not None and is_theirs and self.keys(1, self.place + 1 + amount.length) == ("of",)

    def _compared(self) -> bool:
        if self.keys(4) == ("for", "the", "first", "time"):
            self.parts.is_crossing = True
            self.parts.fillers |= set(range(self.place, self.place + 4))
            self.place += 4
            return True
        for length in (5, 4, 3, 2, 1):
            phrase = self.keys(length)
            sign = words.RELATIONS.get(phrase)
            if phrase in words.LEADS:
                return self._take(kinds.LEAD, length, sign=MORE)
            if sign:
                self.parts.is_crossing |= phrase in words.CROSSINGS
                if self._goes_on(sign):
                    return self._extend(length)
                return self._take(kinds.PASSIVE if self._is_passive(phrase) else kinds.RELATION, length, sign=sign)
        return self._degree()

    def _goes_on(self, sign: str) -> bool:
        """Say whether it says the same again, as the `behind` of `lags well behind`."""
        last = self.parts.items[-1:]
        said = [item for item in last if item.symbol == kinds.RELATION and item.sign == sign != EQUAL]
        return any(set(range(item.end, self.place)) <= self.parts.fillers for item in said)

    def _extend(self, length: int) -> bool:
        self.place += length
        self.parts.items[-1] = replace(self.parts.items[-1], end=self.place)
        return True

    def _degree(self) -> bool:
        """Take `more`, `than`, `as many` and the `as` behind it."""
        if length := self._as_many() or self._that_many():
            return self._take(kinds.AS_MANY, length)
        key = self.keys(1)[0]
        if key in words.COMPARED and not (amount_at(self.tokens, self.place)):
            return self._take(kinds.COMPARED, 1, sign=words.COMPARED[key])
        if key == "than":
            return self._take(kinds.THAN, 1)
        if key == "as" and self.parts.symbols.count(kinds.AS_MANY) > self.parts.symbols.count(kinds.AS):
            return self._take(kinds.AS, 1)
        return False

    def _as_many(self) -> int:
        return 2 if self.keys(2) in words.AS_MANY else 3 if self.keys(3) == ("the", "same", "number") else 0

    def _that_many(self) -> int:
        """Return the length of `that` where it is the number of patents before: "Germany half that number"."""
        is_size = any(item.amount and item.end == self.place for item in self.parts.items[-1:])
        if not is_size or kinds.COUNT not in self.parts.symbols:
            return 0
        is_last = self.keys(1) == ("that",) and set(self.keys(1, self.place + 1)) <= _ENDS
        return 2 if self.keys(2) in words.THAT_MANY else int(is_last)

    def _is_passive(self, phrase: tuple[str, ...]) -> bool:
        before = {token.key for token in self.tokens[max(0, self.place - 2) : self.place]}
        is_participle = phrase[-1].endswith(("ed", "en", "one")) or phrase == ("led",)
        return bool(before & words.BE) and is_participle

    def _amount(self) -> bool:
        amount = amount_at(self.tokens, self.place)
        return amount is not None and self._take(_KINDS[amount.kind], amount.length, amount=amount)
