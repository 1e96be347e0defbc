"""A sentence cut into the parts of a comparison: sides, sizes, years, what compares, and the words between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.amounts import ODDS, PART, PERCENT, Amount, amount_at
from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.said import EQUAL, MORE, refuse
from patentscope.query.sentences.sides import Side, side_at
from patentscope.query.sentences.times import Clock, Span, span_at
from patentscope.query.sentences.tokens import NUMBER, SIGN, Token

#: The symbols of the parts; `sentence` has the orders in which they make a comparison.
SIDE, RELATION, PASSIVE, COMPARED, THAN, AS_MANY, AS = "S", "R", "P", "c", "t", "a", "A"
LEAD = "L"
TIMES, PARTS, PERCENTS, RATIO_OF, BY, ACCOUNT, ORIGIN, AMONG = "m", "f", "p", "d", "b", "k", "o", "g"
_KINDS = {"times": TIMES, PART: PARTS, PERCENT: PERCENTS, ODDS: RATIO_OF}
_AFTER_BY = {"a", "margin", "of", "some", "whopping", "staggering", "full", "ratio", "the"}
_PUNCTUATION = set(",.:;!?\"'“”‘’()[]«»„*&-+/") | {".."}
_MOST_WORDS = 6
_LONGEST_ACRONYM = 3
_OFFICES = {"pct", "wipo", "epo"}
_NEARLY = {"nearly", "almost", "roughly"}


@dataclass(frozen=True)
class Item:
    """A part of a comparison: its symbol, its place among the tokens, and what it says."""

    symbol: str
    start: int
    end: int
    side: Side | None = None
    amount: Amount | None = None
    sign: str = ""


@dataclass
class Parts:
    """What a sentence holds.

    Attributes:
        items: the parts of the comparison, in their order.
        spans: years, with their places.
        fillers: places of words that say nothing of the comparison.
        others: places of words that are not known.
        each: the place of a word such as `both`, None for none.
        is_crossing: the left side is said to have been behind before.
    """

    items: list[Item] = field(default_factory=list)
    spans: list[tuple[int, Span]] = field(default_factory=list)
    fillers: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    each: int | None = None
    is_crossing: bool = False

    @property
    def symbols(self) -> str:
        """The items' symbols, one letter each."""
        return "".join(item.symbol for item in self.items)


class Cutter:
    """Cuts a sentence from left to right; what stands first in `_one` goes first."""

    def __init__(self, text: str, tokens: Sequence[Token], clock: Clock) -> None:
        """Begin at the first of a text's tokens."""
        self.text = text
        self.tokens = tokens
        self.clock = clock
        self.place = 0
        self.parts = Parts()

    def cut(self) -> Parts:
        """Return the parts of the whole sentence.

        Raises:
            QueryError: at a word that says something which no comparison of numbers can say.
        """
        self._source()
        while self.place < len(self.tokens):
            self._one()
        return self.parts

    def keys(self, count: int, start: int | None = None) -> tuple[str, ...]:
        """The next words."""
        at = self.place if start is None else start
        return tuple(token.key for token in self.tokens[at : at + count])

    def fail(self, expected: str, at: int | None = None) -> NoReturn:
        """Refuse the sentence at a token."""
        token = self.tokens[self.place if at is None else at]
        refuse(self.text, token.start, expected, found=repr(self.text[token.start : token.end]))

    def _one(self) -> None:
        for step in (self._attribution, self._span, self._by, self._side, self._share, self._compared, self._amount):
            if step():
                return
        self._word()

    def _take(self, symbol: str, length: int, **said: object) -> bool:
        end = self.place + length
        self.parts.items.append(Item(symbol, self.place, end, **said))  # type: ignore[arg-type]
        self.place = end
        return True

    def _source(self) -> None:
        """Pass over who says so at the beginning: `Figures from WIPO show that`."""
        for at, token in enumerate(self.tokens[: _MOST_WORDS * 2]):
            if token.key in words.SOURCES and at > 0:
                if any(span_at(self.tokens, one, self.clock) for one in range(at)):
                    return
                self.parts.others |= set(range(at + 1))
                self.place = at + 1
                if self.keys(1) in {("that",), (":",), (",",)}:
                    self.parts.others.add(self.place)
                    self.place += 1
                return
            if token.kind in {NUMBER, SIGN} or (token.key,) in words.RELATIONS or token.key in words.COMPARED:
                return

    def _attribution(self) -> bool:
        """Pass over `according to WIPO`, up to the next comma."""
        if self.keys(2) != ("according", "to"):
            return False
        while self.place < len(self.tokens) and self.tokens[self.place].key not in {",", "."}:
            if self.tokens[self.place].kind == NUMBER:
                self.fail("a number in who says so could be a year of the comparison; take it out")
            self.parts.others.add(self.place)
            self.place += 1
        return True

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
                return self._take(BY, skipped + amount.length, amount=amount)
            if self.tokens[self.place + skipped].key not in _AFTER_BY:
                return False
            skipped += 1
        return False

    def _side(self) -> bool:
        if self.keys(1)[0] in _OFFICES and set(self.keys(1, self.place + 1)) & words.PATENTS:
            return False
        side = side_at(self.tokens, self.place)
        return side is not None and self._take(SIDE, side.length, side=side)

    def _share(self) -> bool:
        """Take what makes a part of all: `share`, `accounted for`, `came from`, `among`."""
        first, second = (*self.keys(2), "", "")[:2]
        if first == "among":
            return self._take(AMONG, 1)
        for length in (3, 2, 1):
            if self.keys(length) in words.ORIGINS:
                return self._take(ORIGIN, length)
            if self.keys(length) in words.ACCOUNTS:
                return self._take(ACCOUNT, length)
        before = self.tokens[self.place - 1].key if self.place else ""
        if before in words.BE and first in words.FILED and second in {"by", "from", "in"}:
            if span_at(self.tokens, self.place + 1, self.clock) or amount_at(self.tokens, self.place + 2):
                return False
            return self._take(ORIGIN, 2)
        return False

    def _compared(self) -> bool:
        if self.keys(4) == ("for", "the", "first", "time"):
            self.parts.is_crossing = True
            self.parts.fillers |= set(range(self.place, self.place + 4))
            self.place += 4
            return True
        for length in (3, 2, 1):
            phrase = self.keys(length)
            sign = words.RELATIONS.get(phrase)
            if phrase in words.LEADS:
                return self._take(LEAD, length, sign=MORE)
            if sign:
                self.parts.is_crossing |= phrase in words.CROSSINGS
                return self._take(PASSIVE if self._is_passive(phrase) else RELATION, length, sign=sign)
        return self._degree()

    def _degree(self) -> bool:
        """Take `more`, `than`, `as many` and the `as` behind it."""
        if self.keys(2) in words.AS_MANY:
            return self._take(AS_MANY, 2)
        if self.keys(3) == ("the", "same", "number"):
            return self._take(AS_MANY, 3)
        key = self.keys(1)[0]
        if key in words.COMPARED and not (amount_at(self.tokens, self.place)):
            return self._take(COMPARED, 1, sign=words.COMPARED[key])
        if key == "than" or (
            self.keys(2) in {("compared", "with"), ("compared", "to")} and COMPARED in self.parts.symbols
        ):
            return self._take(THAN, 1 if key == "than" else 2)
        if key == "as" and self.parts.symbols.count(AS_MANY) > self.parts.symbols.count(AS):
            return self._take(AS, 1)
        return False

    def _is_passive(self, phrase: tuple[str, ...]) -> bool:
        before = {token.key for token in self.tokens[max(0, self.place - 2) : self.place]}
        is_participle = phrase[-1].endswith(("ed", "en", "one")) or phrase == ("led",)
        return bool(before & words.BE) and is_participle

    def _amount(self) -> bool:
        amount = amount_at(self.tokens, self.place)
        return amount is not None and self._take(_KINDS[amount.kind], amount.length, amount=amount)

    def _word(self) -> None:
        token = self.tokens[self.place]
        if token.kind == NUMBER:
            self.fail(words.LARGE)
        if self.keys(2) == ("up", "to"):
            self.fail(words.REFUSED["nearly"])
        if token.key in words.EACH:
            self.parts.each = self.place
        elif token.kind == SIGN and token.key in _PUNCTUATION:
            self._mark()
        elif self.keys(2) == ("between", "them"):
            self.parts.fillers |= {self.place, self.place + 1}
            self.place += 1
        elif self._is_in_compound() or self._is_acronym():
            self.parts.others.add(self.place)
        elif self._belongs_to_side():
            self.parts.fillers.add(self.place)
        elif token.key in words.REFUSED or token.key.endswith("n't"):
            self.fail(words.REFUSED.get(token.key, words.DENIES))
        elif token.kind == SIGN:
            self.fail("this sign is not known in a sentence; take it out")
        else:
            (self.parts.fillers if token.key in words.FILLER else self.parts.others).add(self.place)
        self.place += 1

    def _mark(self) -> None:
        """Pass over a mark; one that ends a sentence must end the text."""
        token = self.tokens[self.place]
        rest = self.tokens[self.place + 1 :]
        if token.key in {".", ";", "!", "?"} and any(one.kind != SIGN for one in rest):
            self.fail("one sentence is read at a time; give the one that compares countries")

    def _is_in_compound(self) -> bool:
        return self.keys(2) in words.TOPICS or (self.place > 0 and self.keys(2, self.place - 1) in words.TOPICS)

    def _is_acronym(self) -> bool:
        """Say whether a word in capitals is none of the small words that it looks like: IT, OR, IN."""
        text = self.tokens[self.place].text
        return 1 < len(text) <= _LONGEST_ACRONYM and text.isupper() and not self.text.isupper()

    def _belongs_to_side(self) -> bool:
        """Say whether it is the `their` of `their Japanese rivals`, or the `three` of `the three countries`."""
        if self.keys(1)[0] in _NEARLY:
            return any(words.RELATIONS.get(self.keys(n, self.place + 1)) == EQUAL for n in (1, 2, 3, 4))
        if self.keys(1)[0] in {"its", "their"}:
            return side_at(self.tokens, self.place + 1) is not None
        number = number_at(self.tokens, self.place)
        if number is None:
            return False
        at = self.place + number[1]
        while at < len(self.tokens) and self.tokens[at].key in words.FILLER | {",", ":", "other"}:
            at += 1
        beside = [side_at(self.tokens, at), *(item.side for item in self.parts.items[-1:])]
        if number[0] != 1 and not any(side and len(side.names) == number[0] for side in beside):
            self.fail(words.LARGE)
        return True
