"""Numbers in words, the same on the page, on a terminal and in files.

A comparison is a percentage where one side has between three eighths of the other and double, and a multiple or a
fraction beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, log10

_LEVEL = Fraction(1, 20)
_LEAST_PERCENT, _MOST_PERCENT = Fraction(3, 8), 2
_TWICE = (Fraction(39, 20), Fraction(41, 20))
_PARTS = ("third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_FIRST_PART = 3
_ONE_FOR = "one for every "
LEVEL, FRACTION, FEWER, MORE, TIMES, NONE, BEYOND = "level", "fraction", "fewer", "more", "times", "none", "beyond"


def count(number: float, *, is_audited: bool = False) -> str:
    """Return a count: in full, to one decimal where units are shared out, and about where labels estimate it.

    >>> count(16499), count(40.25), count(59.7, is_audited=True), count(0.02), count(0)
    ('16,499', '40.2', 'about 60', 'under 0.1', '0')
    """
    if is_audited:
        return f"about {number:,.0f}" if number >= 1 or not number else "under 1"
    if number == floor(number):
        return f"{number:,.0f}"
    return f"{number:,.1f}" if round(number, 1) else "under 0.1"


def percent(part: float) -> str:
    """Return a part in per cent; none that isn't whole is called nothing or all.

    >>> percent(0.634), percent(0.004), percent(0.999), percent(1), percent(0)
    ('63 %', '0.4 %', 'over 99 %', '100 %', '0 %')
    """
    hundredths = part * 100
    if round(hundredths) in {0, 100} and part not in {0, 1}:
        if part > 0.5:  # noqa: PLR2004 - the nearer end
            return "over 99 %" if part < 1 else "100 %"
        return f"{hundredths:.1f} %" if round(hundredths, 1) else "under 0.1 %"
    return f"{hundredths:.0f} %"


def percents(counts: Sequence[float]) -> list[str]:
    """Return parts of a whole in whole per cents that add up to 100: those with the largest remainders are raised.

    A part that comes to nothing, or to all, without being it is called under 1 % or over 99 %.

    >>> percents([28.4, 42.8, 28.8]), percents([1, 999])
    (['28 %', '43 %', '29 %'], ['under 1 %', 'over 99 %'])
    """
    total = sum(counts)
    exact = [100 * n / total for n in counts]
    whole = [floor(part) for part in exact]
    largest = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in largest[: 100 - sum(whole)]:
        whole[place] += 1
    close = {0: "under 1 %", 100: "over 99 %"}
    return [
        close[part] if part in close and n not in {0, total} else f"{part} %"
        for part, n in zip(whole, counts, strict=True)
    ]


def two_figures(number: float) -> str:
    """Return a ratio to two figures, a whole one without its decimal.

    >>> two_figures(4.53), two_figures(3.02), two_figures(123.4), two_figures(1650.2), two_figures(9.97)
    ('4.5', '3', '120', '1,700', '10')
    """
    rounded = round(number, 1 - floor(log10(number))) if number else 0.0
    return f"{rounded:,.0f}" if rounded == floor(rounded) else f"{rounded:,.1f}"


def part_named(ratio: float) -> str:
    """Return a ratio that is one part of a whole by its name, empty for any other.

    >>> part_named(0.333333333), part_named(0.1), part_named(0.3)
    ('a third', 'a tenth', '')
    """
    parts = {round(1 / n, 6): f"a{'n' * (name[0] == 'e')} {name}" for n, name in enumerate(_PARTS, _FIRST_PART)}
    return parts.get(round(ratio, 6), "")


def band(ratio: float | Fraction | None) -> str:
    """Return in which words a ratio is told; None is an infinite one."""
    if ratio is None:
        return BEYOND
    exact = Fraction(ratio)
    if not exact:
        return NONE
    if abs(exact - 1) <= _LEVEL:
        return LEVEL
    if exact < _LEAST_PERCENT:
        return FRACTION
    if exact < 1:
        return FEWER
    return MORE if exact < _TWICE[0] else TIMES


def ratio_in_words(ratio: float | Fraction) -> str:
    """Return how many a ratio over 0 makes: `40 % fewer`, `4.5 times as many`.

    >>> [ratio_in_words(ratio) for ratio in (0.6, 1.47, 1.02, 2.03, 4.53)]
    ['40 % fewer', '47 % more', 'about as many', 'twice as many', '4.5 times as many']
    >>> [ratio_in_words(ratio) for ratio in (0.34, 0.083, 0.0294)]
    ['about a third as many', 'about a twelfth as many', 'one for every 34']
    """
    exact = Fraction(ratio)
    kind = band(exact)
    if kind == LEVEL:
        return "about as many"
    if kind in {FEWER, MORE}:
        return f"{abs(float(exact) - 1) * 100:.0f} % {kind}"
    if kind == FRACTION:
        return _fraction(exact)
    return "twice as many" if exact <= _TWICE[1] else f"{two_figures(float(exact))} times as many"


def _fraction(ratio: Fraction) -> str:
    """Return a ratio under three eighths as one part of so many."""
    whole = round(1 / ratio)
    place = whole - _FIRST_PART
    if place >= len(_PARTS):
        return f"{_ONE_FOR}{whole:,}"
    name = _PARTS[place]
    return f"about {'an' if name.startswith('e') else 'a'} {name} as many"


def compared(left: float, right: float, *, none_left: str = "none", none_right: str = "none") -> str:
    """Return how many the left side has against the right: `40 % fewer`, `about a twelfth as many`.

    Args:
        left: units of the left side, 0 or more.
        right: likewise.
        none_left: what is said where the left side has none, `none of China`.
        none_right: where the right side has none.

    >>> compared(495, 824), compared(443, 102), compared(50, 0, none_right="none of Australia")
    ('40 % fewer', '4.3 times as many', 'none of Australia')
    """
    if not right:
        return none_right if left else "none of either"
    # Counts that are shared out are known to six decimals.
    ratio = Fraction(str(left)) / Fraction(str(right))
    return ratio_in_words(ratio) if ratio else none_left


def against(left: float, right: float, name: str) -> str:
    """Return the same with what the left side is held against: `40 % fewer than Japan`; both sides over 0.

    >>> against(6, 10, "Japan"), against(45, 10, "Japan"), against(1, 34, "Japan")
    ('40 % fewer than Japan', '4.5 times as many as Japan', 'one for every 34 of Japan')
    """
    return joined(compared(left, right), name)


def joined(words: str, name: str) -> str:
    """Return a size in words with what it is held against: `more than twice as many as Japan`."""
    joint = " of " if words.startswith(_ONE_FOR) else " than " if words.endswith(("fewer", "more")) else " as "
    return f"{words}{joint}{name}"


def span(low: float | None, high: float | None, *, none_left: str = "none", none_right: str = "none") -> str:
    """Return the ends of a range of ratios in words: `3.2 to 4.4 times`, `40 % fewer to 3 times as many`.

    None is an infinite end, which is told as *none_right*; an end of 0 as *none_left*.

    >>> span(3.2, 4.4), span(0.6, 0.8), span(1.2, 1.7), span(0.6, 3), span(2, 4.4)
    ('3.2 to 4.4 times', '20 % to 40 % fewer', '20 % to 70 % more', '40 % fewer to 3 times as many', '2 to 4.4 times')
    """
    kinds = band(low), band(high)
    ends = [_end(low, none_left, none_right), _end(high, none_left, none_right)]
    if ends[0] == ends[1]:
        return ends[0]
    if kinds == (TIMES, TIMES) and low is not None and high is not None:
        near_two = [2.0 if ratio <= _TWICE[1] else ratio for ratio in (low, high)]
        return f"{two_figures(near_two[0])} to {two_figures(near_two[1])} times"
    if kinds[0] == kinds[1] and kinds[0] in {FEWER, MORE}:
        ascending = sorted(ends, key=lambda words: int(words.split()[0]))
        return f"{ascending[0].removesuffix(f' {kinds[0]}')} to {ascending[1]}"
    if all(end.startswith(_ONE_FOR) for end in ends):
        return f"{ends[1]} to {ends[0].removeprefix(_ONE_FOR)}"
    if kinds == (FRACTION, FRACTION) and not ends[0].startswith(_ONE_FOR):
        ends = [ends[0].removesuffix(" as many"), ends[1].removeprefix("about ")]
    return f"{ends[0]} to {ends[1]}"


def _end(ratio: float | None, none_left: str, none_right: str) -> str:
    if ratio is None:
        return none_right
    return ratio_in_words(ratio) if ratio else none_left
