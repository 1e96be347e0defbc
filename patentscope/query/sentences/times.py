"""Years as claims name them, `in 2024`, `since 2015`, `last year`, and what is no span of whole years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.tokens import NUMBER, Token

FIRST_YEAR, LAST_YEAR = 1790, 2100
_TO = {"to", "through", "until", "till", "and", "-", ".."}
_PAST = {"last", "past", "previous", "preceding"}
_YEARS = {"years": 1, "decade": 10, "decades": 10}
_BEFORE_A_SPAN = {"in", "over", "during", "within", "for", "across", "throughout"}
_NOT_WHOLE = {
    *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november"),
    *("december", "early", "mid", "late", "end", "beginning", "start", "fiscal", "fy", "month", "months", "week"),
    *("weeks", "day", "days", "q1", "q2", "q3", "q4", "h1", "h2", "semester", "summer", "spring", "autumn", "winter"),
}
_ORDINALS = {"first", "second", "third", "fourth", "final", "latter", "last"}
_OPEN_ENDED = {"until", "till", "by", "before", "after", "to", "through", "than"}
_ABOUT = {"about", "around", "circa"}


@dataclass(frozen=True)
class Clock:
    """The days that relative years are counted from.

    Attributes:
        today: no year after it can be claimed.
        said_on: the day on which the claim was made; None where it is not known.
    """

    today: dt.date
    said_on: dt.date | None = None

    @property
    def last_whole_year(self) -> int:
        """The last year that was over when the claim was made, or is over today where nobody knows when that was."""
        return min(self.today, self.said_on or self.today).year - 1


@dataclass(frozen=True)
class Span:
    """Years that a claim names, or, in *fault*, why these words name none, with what would work."""

    years: tuple[int, int]
    length: int
    fault: str = ""


def span_at(tokens: Sequence[Token], at: int, clock: Clock) -> Span | None:
    """Return the span of years that the tokens from *at* on name, words such as `in` and `between` included."""
    start = at
    words = [token.key for token in tokens[at : at + 5]]
    if not words:
        return None
    if words[0] in _ORDINALS | _NOT_WHOLE and (part := _part_of_year(tokens, at)):
        return part
    if words[0] in _BEFORE_A_SPAN and words[1:2] == ["the"] and (decade := _decade(words[2:])):
        return Span(decade, 3)
    relative = _relative(tokens, at, clock)
    if relative:
        return relative
    if (
        words[0]
        in {"since", "between", "from", "in", "during", "of", "over", "for", "throughout", "as"} | _OPEN_ENDED | _ABOUT
    ):
        at += 2 if words[:2] == ["as", "of"] else 1
    at += at < len(tokens) and at > start and tokens[at].key in {"the", "year", "years"}
    at += at < len(tokens) and at > start and tokens[at].key in {"year", "years"}
    first = year_of(tokens[at]) if at < len(tokens) else None
    if first is None:
        return None
    return _from(words[0], first, tokens, at + 1, start, clock)


def year_of(token: Token) -> int | None:
    """Return the year that a number of four digits is; None for any other."""
    is_year = token.kind == NUMBER and len(token.key) == 4 and token.key.isdecimal()  # noqa: PLR2004
    return int(token.key) if is_year and FIRST_YEAR <= int(token.key) <= LAST_YEAR else None


def _from(word: str, first: int, tokens: Sequence[Token], at: int, start: int, clock: Clock) -> Span:
    """Return the span that begins with the year *first*, whose end may stand from *at* on."""
    last, behind = _end(tokens, at, first)
    length = behind - start
    if last is not None and word in {"from", "between", "in", "of", "over", "for", "during", "throughout", "since"} | {
        str(first)
    }:
        joint = tokens[at].key
        if joint == "and" and word != "between":
            return _asked(first, last, length)
        return Span((first, last), length)
    length = at - start
    if word == "since":
        return _since(first, length, clock)
    if word == "from":
        return Span(
            (first, first), length, f"say the end, too: `from {first} to {clock.last_whole_year}` or `since {first}`"
        )
    if word in {"until", "till", "to", "through", "by", "before", "after", "as", "between", "than"} | _ABOUT:
        span = f"`in {first - 9}..{first}`"
        return Span((first, first), length, f"is it that year, `in {first}`, or several, such as {span}?")
    return Span((first, first), length)


def _asked(first: int, last: int, length: int) -> Span:
    together = f", or together, `in {first}..{last}`?" if last == first + 1 else "?"
    return Span((first, last), length, f"is it one year, `in {first}` or `in {last}`{together}")


def _end(tokens: Sequence[Token], at: int, first: int) -> tuple[int | None, int]:
    """Return the last year of a span and the place behind it: `2020`, or the `20` of `2015-20`."""
    if at + 1 >= len(tokens) or tokens[at].key not in _TO:
        return None, at
    token = tokens[at + 1]
    last = year_of(token)
    if last is None and tokens[at].key == "-" and token.key.isdecimal() and len(token.key) == 2:  # noqa: PLR2004
        last = first // 100 * 100 + int(token.key)
        last = last if last > first else None
    return (last, at + 2) if last is not None else (None, at)


def _since(first: int, length: int, clock: Clock) -> Span:
    last = clock.last_whole_year
    fault = "" if first <= last else f"{first} was not over yet; name a year: `in {last}`"
    return Span((first, max(first, last)), length, fault)


def _decade(words: Sequence[str]) -> tuple[int, int] | None:
    word = words[0] if words else ""
    if len(word) == 5 and word.endswith("0s") and word[:4].isdecimal():  # noqa: PLR2004
        return int(word[:4]), int(word[:4]) + 9
    return None


def _relative(tokens: Sequence[Token], at: int, clock: Clock) -> Span | None:
    """Return what `last year`, `this year` or `over the past five years` means on the day that the claim was made."""
    words = [token.key for token in tokens[at : at + 7]]
    lead = 1 if words[0] in _BEFORE_A_SPAN else 0
    lead += words[lead : lead + 1] == ["the"]
    words = words[lead:]
    if words[:2] in (["this", "year"], ["current", "year"]):
        return Span(
            (0, 0), lead + 2, f"a year that is not over can't be judged; name a whole one: `in {clock.last_whole_year}`"
        )
    if not words or words[0] not in _PAST:
        return None
    if words[1:2] == ["year"]:
        length, many = lead + 2, 1
    else:
        counted = number_at(tokens, at + lead + 1)
        many, n = (int(counted[0]), counted[1]) if counted else (1, 0)
        unit = words[1 + n : 2 + n]
        if not unit or unit[0] not in _YEARS or (unit[0] == "years" and not counted):
            return None
        length, many = lead + 2 + n, many * _YEARS[unit[0]]
    if clock.said_on is None:
        last = clock.last_whole_year
        span = f"in {last}" if many == 1 else f"in {last - many + 1}..{last}"
        return Span(
            (0, 0),
            length,
            f"which year is that? say when the claim was made, `--said-on 2025-10-31`, or write `{span}`",
        )
    last = clock.said_on.year - 1
    return Span((last - many + 1, last), length)


def _part_of_year(tokens: Sequence[Token], at: int) -> Span | None:
    """Return the fault of a half, a quarter or a month of a year, with the words up to the year."""
    is_ordinal = tokens[at].key in _ORDINALS
    for place in range(at + 1, min(at + 6, len(tokens))):
        key = tokens[place].key
        if is_ordinal and place == at + 1 and key not in {"half", "quarter", *_NOT_WHOLE}:
            number = number_at(tokens, place)
            if number is None:
                return None
        year = year_of(tokens[place])
        if year is not None:
            return Span((year, year), place + 1 - at, f"counts are of whole years; write `in {year}`, if that is meant")
    return None
