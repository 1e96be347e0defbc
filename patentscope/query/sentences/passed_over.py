"""The words between the parts of a comparison: passed over, not read, or such that the sentence is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from patentscope.query.sentences import parts as kinds
from patentscope.query.sentences import vocabulary as words
from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.parts import Parts
from patentscope.query.sentences.said import EQUAL, refuse
from patentscope.query.sentences.sides import side_at
from patentscope.query.sentences.times import Clock
from patentscope.query.sentences.tokens import NUMBER, SIGN, Token

_PUNCTUATION = set(",.:;!?\"'“”‘’()[]«»„*&-+/") | {".."}
_LONGEST_ACRONYM = 3
_ONE_OWNER = {"inventor", "applicant"}
_NEARLY = {"nearly", "almost", "roughly"}


class Words:
    """A sentence, the place that has been reached in it, and what was found so far."""

    def __init__(self, text: str, tokens: Sequence[Token], clock: Clock) -> None:
        """Begin at the first of a text's tokens."""
        self.text = text
        self.tokens = tokens
        self.clock = clock
        self.place = 0
        self.parts = Parts()

    def keys(self, count: int, start: int | None = None) -> tuple[str, ...]:
        """The next words."""
        at = self.place if start is None else start
        return tuple(token.key for token in self.tokens[at : at + count])

    def fail(self, expected: str, at: int | None = None) -> NoReturn:
        """Refuse the sentence at a token."""
        token = self.tokens[self.place if at is None else at]
        refuse(self.text, token.start, expected, found=repr(self.text[token.start : token.end]))

    def pass_word(self) -> None:
        """Pass over one word that is no part of a comparison.

        Raises:
            QueryError: where the sentence says something else with it than it would without.
        """
        token = self.tokens[self.place]
        self._check()
        if token.key in words.EACH:
            self.parts.each = self.place
        elif token.kind == SIGN and token.key in _PUNCTUATION:
            self._mark()
        elif length := self._saying_nothing():
            self.parts.fillers |= set(range(self.place, self.place + length))
            self.place += length - 1
        elif self._is_in_compound() or self._is_acronym() or self._is_large():
            self.parts.others.add(self.place)
        elif self._belongs_to_side() or (token.key in _ONE_OWNER and kinds.EVERY in self.parts.symbols):
            self.parts.fillers.add(self.place)
        elif token.key in words.REFUSED or token.key.endswith("n't"):
            self.fail(words.REFUSED.get(token.key, words.DENIES))
        elif token.kind == SIGN:
            self.fail("this sign is not known in a sentence; take it out")
        else:
            (self.parts.fillers if token.key in words.FILLER else self.parts.others).add(self.place)
        self.place += 1

    def _check(self) -> None:
        """Refuse a number that is none of patents, and owners where they are counted, or from elsewhere."""
        token = self.tokens[self.place]
        if token.kind == NUMBER:
            self.fail(words.LARGE)
        if self.keys(2) == ("up", "to"):
            self.fail(words.REFUSED["nearly"])
        if token.key in words.OWNERS and not token.is_owner and self._is_counted():
            self.fail(words.REFUSED["per"])
        if token.key in words.ABROAD and set(self.keys(1, self.place + 1)) & words.OWNERS:
            self.fail(words.REFUSED["offices"])

    def _mark(self) -> None:
        """Pass over a mark; one that ends a sentence must end the text."""
        token = self.tokens[self.place]
        rest = self.tokens[self.place + 1 :]
        is_end = (token.key in {".", "!", "?"} and self.keys(1, self.place - 1) != ("vs",)) or (
            token.key == ";" and kinds.COUNT not in self.parts.symbols
        )
        if is_end and any(one.kind != SIGN for one in rest):
            self.fail("one sentence is read at a time; give the one that compares countries")

    def _saying_nothing(self) -> int:
        """Return the length of `in terms of`, or of the words before a country such as `its closest rival`."""
        if length := next((n for n in (4, 3, 2) if self.keys(n) in words.SAYING_NOTHING), 0):
            return length
        at = self.place + (self.keys(1)[0] in {"its", "their"})
        while at > self.place and self.keys(1, at) and self.keys(1, at)[0] in words.RIVALS | words.OWNERS:
            at += 1
        return at - self.place if at > self.place and side_at(self.tokens, at) else 0

    def _is_counted(self) -> bool:
        """Say whether it is of this word that there are `more`, or `as many`: `more Chinese firms`."""
        items = self.parts.items
        at = items[-1].start if items and items[-1].side and items[-1].end == self.place else self.place
        is_counted = any(item.end == at and item.symbol in {kinds.COMPARED, kinds.AS_MANY} for item in items)
        return is_counted and self.keys(1)[0] != "ones" and not set(self.keys(1, self.place + 1)) & words.PATENTS

    def _is_large(self) -> bool:
        """Say whether it is the `thousands` of `thousands of patents`, and no difference: `by thousands`."""
        is_number = words.REFUSED.get(self.keys(1)[0]) == words.LARGE and self.keys(1, self.place + 1) == ("of",)
        before = self.keys(2, self.place - 2) if self.place > 1 else ()
        return is_number and before[-1:] != ("by",) and (before[-1:] != ("of",) or before[0] in {"tens", "hundreds"})

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
