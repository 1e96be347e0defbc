"""Years as claims name them, `in 2024`, `since 2015`, `last year`, and what is no span of whole years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from patentscope.query.sentences.numbers import number_at
from patentscope.query.sentences.tokens import NUMBER, Token
from patentscope.query.sentences.word_lists import words

Years = tuple[int, int]
FIRST_YEAR, LAST_YEAR = 1790, 2100
_TO = {"to", "through", "until", "till", "and", "-", ".."}
_SPANNING = {"in", "over", "during", "within", "for", "across", "throughout", "of"}
_OPEN_ENDED = {"until", "till", "by", "before", "after", "to", "through", "as", "between", "about", "around", "circa"}
_BEFORE_A_YEAR = _SPANNING | _OPEN_ENDED | {"since", "from"}
_PAST = {"last", "past", "previous", "preceding"}
_YEARS = {"years": 1, "decade": 10, "decades": 10}
_NOT_WHOLE = words("years", "not_whole")
_ORDINALS = {"first", "second", "third", "fourth", "final", "latter", "last"}
_PARTS = {"half", "quarter"}
_INSIDE_A_PART = _NOT_WHOLE | _ORDINALS | _PARTS | {"of", "the", ",", "to", "and"}
#: Behind a number of four digits these make it one of patents: `2000 more patents`.
_COUNTED = {"more", "fewer", "less"}
_DECADE = 10


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
    """Years that a claim names.

    Attributes:
        years: first and last.
        length: so many tokens name them.
        asks: why these words name no one span of whole years; empty where they do.
        meant: the spans that could be meant then.
    """

    years: Years
    length: int
    asks: str = ""
    meant: tuple[Years, ...] = ()


def span_at(tokens: Sequence[Token], at: int, clock: Clock) -> Span | None:
    """Return the span of years that the tokens from *at* on name, words such as `in` and `between` included."""
    if at >= len(tokens):
        return None
    word = tokens[at].key
    part = _part_of_year(tokens, at) if word in _ORDINALS | _NOT_WHOLE else None
    if part or (part := _years_to(tokens, at) or _relative(tokens, at, clock)):
        return part
    place = _behind_lead(tokens, at)
    if place >= len(tokens):
        return None
    if place > at and (decade := _decade(tokens[place].key)):
        return _of_decade(word, decade, place + 1 - at, clock)
    first = year_of(tokens[place])
    is_counted = place == at and set(_keys(tokens, at + 1, 1)) & _COUNTED
    return None if first is None or is_counted else _from(word, first, tokens, (at, place + 1), clock)


def _behind_lead(tokens: Sequence[Token], at: int) -> int:
    """Return the place behind `in`, `as of` or `in the year`, before which no year stands."""
    place = at + (tokens[at].key in _BEFORE_A_YEAR) + (_keys(tokens, at, 2) == ["as", "of"])
    while at < place < len(tokens) and tokens[place].key in {"the", "year", "years"}:
        place += 1
    return place


def _keys(tokens: Sequence[Token], at: int, many: int) -> list[str]:
    return [token.key for token in tokens[at : at + many]]


def year_of(token: Token) -> int | None:
    """Return the year that a number of four digits is; None for any other."""
    is_year = token.kind == NUMBER and len(token.key) == 4 and token.key.isdecimal()  # noqa: PLR2004
    return int(token.key) if is_year and FIRST_YEAR <= int(token.key) <= LAST_YEAR else None


def _from(word: str, first: int, tokens: Sequence[Token], place: tuple[int, int], clock: Clock) -> Span:
    """Return the span that begins with the year *first*; *place* is where its words begin, and what is behind it."""
    start, at = place
    last, behind = _end(tokens, at, first)
    if last is not None and word not in _OPEN_ENDED - {"between"}:
        if tokens[at].key == "and" and word != "between":
            together = ((first, last),) if last == first + 1 else ()
            return Span((first, last), behind - start, "which years?", ((first, first), (last, last), *together))
        return Span((first, last), behind - start)
    whole = clock.last_whole_year
    if word == "since" and first > whole:
        return Span((first, first), at - start, f"{first} was not over yet; a year that was?", ((whole, whole),))
    asks, *meant = _open_ended(word, first, whole)
    return Span((first, whole) if word == "since" else (first, first), at - start, asks, tuple(meant))


def _open_ended(word: str, first: int, whole: int) -> tuple[str, *tuple[Years, ...]]:
    """Return what is asked of a year behind such a word as `by` or `after`, and the spans that may be meant."""
    if word == "from":
        return "until when?", (first, first), (first, max(first, whole))
    if word == "after":
        return "until when?", (first + 1, max(first + 1, whole))
    if word == "before":
        return "from when?", (first - _DECADE, first - 1)
    return ("that year, or several?", (first, first), (first - _DECADE + 1, first)) if word in _OPEN_ENDED else ("",)


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


def _decade(word: str) -> Years | None:
    """Return the years of `2010s`."""
    if len(word) == 5 and word.endswith("0s") and word[:4].isdecimal():  # noqa: PLR2004
        return int(word[:4]), int(word[:4]) + _DECADE - 1
    return None


def _of_decade(word: str, decade: Years, length: int, clock: Clock) -> Span:
    """Return the span of a decade; behind such a word as `since` or `by` it is asked which years are meant."""
    if word in _SPANNING:
        return Span(decade, length)
    (first, last), whole = decade, clock.last_whole_year
    from_then = (decade, (first, max(last, whole)))
    before, after = (first - _DECADE, first - 1), (last + 1, max(last + 1, whole))
    others = {"since": from_then, "from": from_then, "before": (before,), "after": (after,)}
    return Span(decade, length, "which years?", others.get(word, (decade,)))


def _relative(tokens: Sequence[Token], at: int, clock: Clock) -> Span | None:
    """Return what `last year`, `this year` or `over the past five years` means on the day that the claim was made."""
    start = at
    at += tokens[at].key in _SPANNING
    at += _keys(tokens, at, 1) == ["the"]
    keys = _keys(tokens, at, 4)
    whole = clock.last_whole_year
    if keys[:2] in (["this", "year"], ["current", "year"]):
        return Span((0, 0), at + 2 - start, "a year that is not over can't be judged; a whole one?", ((whole, whole),))
    if not keys or keys[0] not in _PAST:
        return None
    many, length = 1, 2
    if keys[1:2] != ["year"]:
        counted = number_at(tokens, at + 1)
        number, n = (int(counted[0]), counted[1]) if counted else (1, 0)
        unit = _keys(tokens, at + 1 + n, 1)
        if not unit or unit[0] not in _YEARS or (unit[0] != "decade" and counted is None):
            return None
        many, length = number * _YEARS[unit[0]], 2 + n
    length += at - start
    if clock.said_on is None:
        asks = "which year is that? say when the claim was made, `--said-on 2025-10-31`, or is it"
        return Span((0, 0), length, asks, ((whole - many + 1, whole),))
    last = clock.said_on.year - 1
    return Span((last - many + 1, last), length)


def _years_to(tokens: Sequence[Token], at: int) -> Span | None:
    """Return `in the five years to 2020` and `over the decade to 2020`, of which that year is the last."""
    start = at
    at += tokens[at].key in _SPANNING
    if _keys(tokens, at, 1) != ["the"]:
        return None
    counted = number_at(tokens, at + 1)
    number, n = (int(counted[0]), counted[1]) if counted else (1, 0)
    unit, joint = (*_keys(tokens, at + 1 + n, 2), "", "")[:2]
    end = at + 3 + n
    last = year_of(tokens[end]) if end < len(tokens) else None
    is_known = unit in _YEARS and (counted or unit == "decade") and joint in {"to", "through", "until", "ending"}
    if last is None or not is_known:
        return None
    return Span((last - number * _YEARS[unit] + 1, last), end + 1 - start)


def _part_of_year(tokens: Sequence[Token], at: int) -> Span | None:
    """Return what `the first half of 2024` asks back, with the words up to the year."""
    behind = tokens[at + 1].key if at + 1 < len(tokens) else ""
    if tokens[at].key in _ORDINALS and behind not in _PARTS | _NOT_WHOLE:
        return None
    for place in range(at + 1, len(tokens)):
        year = year_of(tokens[place])
        if year is not None:
            return Span((year, year), place + 1 - at, "counts are of whole years; is it", ((year, year),))
        is_day = tokens[place].kind == NUMBER and len(tokens[place].key) <= 2  # noqa: PLR2004
        if not is_day and tokens[place].key not in _INSIDE_A_PART:
            return None
    return None
