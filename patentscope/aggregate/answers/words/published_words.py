"""What others counted, in plain words: countries and counts, nearest topic first; the claim's size is left out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, log10

from patentscope.aggregate.answers.entry import Entry, PublishedFigure, Series
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.published import ASKED, SAME, WIDER

_MOST_SENTENCES = 4
_AT_LEAST = "at least"
#: What a unit is called, by the word that it begins with; another unit stands in its source's own word.
_UNITS = {"family": "inventions", "application": "applications", "publication": "publications", "grant": "grants", "hit": "hits"}
_HOW_READ = {"recounted": "recounted", "quoted": "quoted"}
_BY_QUESTION = {"market": "by office", "ownership": "by owner", "invention": "by where it was invented"}


def sentence(entry: Entry) -> str:
    """Return what the published series show of the claim's sides, in four sentences at most; empty without a series."""
    said = list(_sentences(entry))[:_MOST_SENTENCES]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in said)


def _sentences(entry: Entry) -> Iterator[str]:
    """Yield the sentences, what matters most first."""
    every = entry["published"]
    if not every:
        return
    asked = [series for series in every if series["how_read"] == ASKED and series["relation"] == SAME]
    theirs = [series for series in every if series not in asked]
    met = [series for series in theirs if is_met(entry, series)]
    yield from _asked(entry, asked)
    if met:
        yield f"published for this topic and {words.years(entry)}: {_compared(entry, met[0])}"
    elif theirs:
        near = [series for series in theirs if series["relation"] != WIDER]
        compares = [series for series in near if says_something(series["figure"])]
        yield f"no published count is of this topic and year{_how_many(near, compares)}"
        yield from (f"{about(series)}: {_compared(entry, series)}" for series in _two(compares))
    yield from _contrast(entry, theirs)


def says_something(figure: PublishedFigure) -> bool:
    """Say whether a figure compares the two sides, be it by a bound."""
    return bool(figure["bound"]) or (figure["left_n"] is not None and figure["right_n"] is not None)


def is_met(entry: Entry, series: Series) -> bool:
    """Say whether a series is of the claim's topic and years, and compares its sides."""
    years = series["figure"]["years"] == [words.first_year(entry), words.last_year(entry)]
    return series["relation"] == SAME and years and says_something(series["figure"])


def _how_many(near: Sequence[Series], compares: Sequence[Series]) -> str:
    if not near:
        return ""
    count = f"{len(compares)} compare" if len(compares) > 1 else "one compares" if compares else "none compares"
    if len(near) == 1:
        return f"; one series is near it{'' if compares else ', and does not compare these countries'}"
    return f"; of the {len(near)} series near it, {count} these countries"


def _two(compares: Sequence[Series]) -> list[Series]:
    """Return the nearest series, and the next that puts the left side elsewhere, or simply the next."""
    if len(compares) < 2:  # noqa: PLR2004 - two are wanted
        return list(compares)
    first, *rest = compares
    stands = first["figure"]["stands"]
    other = [series for series in rest if series["figure"]["stands"] not in {stands, None}]
    return [first, (other or rest)[0]]


def _asked(entry: Entry, asked: Sequence[Series]) -> Iterator[str]:
    """Yield what the first series that was asked for states of the claim's countries, in its last year or the claim's."""
    told = next((series for series in asked if series["figure"]["counts"]), None)
    if told is None:
        return
    figure = told["figure"]
    counts = [
        f"{sides.names_of([code])} {_AT_LEAST + ' ' if code in figure['at_least'] else ''}{numbers.count(n)}"
        for code, n in figure["counts"].items()
    ]
    lacking = f"; it does not cover {sides.names_of(told['not_covered'])}" if told["not_covered"] else ""
    source = told["source"].partition(": ")[0]
    yield f"{source} states, for {told['topic']}, {years_of(figure)}: {sides.listed(counts)}{lacking}"


def _compared(entry: Entry, series: Series) -> str:
    """Return what a series says of both sides: `China 29 inventions, against 231 for Japan, by office (quoted)`."""
    figure, unit = series["figure"], unit_words(series["unit"])
    left, right = sides.in_sentence(entry["left"]), sides.in_sentence(entry["right"])
    if figure["left_n"] is not None and figure["right_n"] is not None:
        said = f"{left} {_count(figure, entry['left'], figure['left_n'])}{unit}, against "
        said += f"{_count(figure, entry['right'], figure['right_n'])} for {right}"
        if words.is_share(entry) and figure["left_n"] + figure["right_n"]:
            part = numbers.percent(figure["left_n"] / (figure["left_n"] + figure["right_n"]))
            said += f", which is {part} of both together"
    else:
        said = _bounded(figure, unit, left, right)
    aside = [_HOW_READ[series["how_read"]]] if series["how_read"] in _HOW_READ else []
    if series["question"] is None:
        aside.append("how countries are counted is not stated")
    elif series["question"] in _BY_QUESTION:
        said += f", {_BY_QUESTION[series['question']]}"
    if figure["codes_missing"] == "yes":
        aside.append("many countries are missing there, so it gives no direction")
    return f"{said} ({'; '.join(aside)})" if aside else said


def _count(figure: PublishedFigure, codes: Sequence[str], n: float) -> str:
    return f"{_AT_LEAST + ' ' if set(codes) & set(figure['at_least']) else ''}{numbers.count(n)}"


def _bounded(figure: PublishedFigure, unit: str, left: str, right: str) -> str:
    """Return what a total leaves for the side of which a country isn't given."""
    total = numbers.count(figure["total"] or 0)
    known, name, other = (
        (figure["left_n"], left, right) if figure["left_n"] is not None else (figure["right_n"], right, left)
    )
    rest = numbers.count((figure["total"] or 0) - (known or 0))
    said = f"{name} {numbers.count(known or 0)} of {total}{unit}"
    if figure["bound"] == _AT_LEAST and figure["stands"] == "ahead":
        return f"{said}, {bound_in_words(figure)} as many as {right} could have"
    return f"{said}, which leaves {rest} at most for {other}"


def bound_in_words(figure: PublishedFigure) -> str:
    """Return a bound of a ratio to two figures, never past it: `at least 3.5 times`; empty where it is none."""
    if not figure["bound"] or figure["ratio"] is None:
        return ""
    return f"{figure['bound']} {_cut(figure['ratio'], is_up=figure['bound'] != _AT_LEAST)} times"


def _cut(ratio: float, *, is_up: bool) -> str:
    """Return a ratio to two figures, cut off towards where it still holds."""
    if not ratio:
        return "0"
    step = Fraction(10) ** (floor(log10(ratio)) - 1)
    cut = (ceil if is_up else floor)(Fraction(str(ratio)) / step) * step
    return f"{float(cut):,.10g}"


def about(series: Series) -> str:
    """Return what a series is of: its topic and the years of its figure."""
    return ", ".join(filter(None, (series["topic"], years_of(series["figure"]))))


def years_of(figure: PublishedFigure) -> str:
    """Return the years of a figure: `2012`, `1980 to 2012`; empty where they aren't known."""
    return " to ".join(map(str, dict.fromkeys(figure["years"] or [])))


def unit_words(unit: str) -> str:
    """Return a published unit as it follows a count, with a blank before it; empty where it isn't stated.

    >>> unit_words("family"), unit_words("grant at the USPTO"), unit_words("patent"), unit_words("")
    (' inventions', ' grants at the USPTO', ' (patent)', '')
    """
    first = re.match(r"[a-z]+", unit)
    if first and first[0] in _UNITS:
        return f" {_UNITS[first[0]]}{unit[first.end():]}"
    return f" ({unit})" if unit else ""


def _contrast(entry: Entry, every: Sequence[Series]) -> Iterator[str]:
    """Yield how the sign turns with the way of counting: two series of one topic and year that disagree."""
    for one in every:
        for other in every:
            stands = one["figure"]["stands"], other["figure"]["stands"]
            if stands == ("ahead", "behind") and _alike(one, other):
                yield _turns(entry, one, other, every)
                return


def _alike(one: Series, other: Series) -> bool:
    same = one["topic"] == other["topic"] and one["figure"]["years"] == other["figure"]["years"]
    return same and None not in (*_both(one["figure"]), *_both(other["figure"]))


def _both(figure: PublishedFigure) -> tuple[float | None, float | None]:
    return figure["left_n"], figure["right_n"]


def _turns(entry: Entry, ahead: Series, behind: Series, every: Sequence[Series]) -> str:
    left = sides.in_sentence(entry["left"])
    topic = f"{ahead['topic']}{', a wider topic,' if ahead['relation'] == WIDER else ''}"
    since = sorted(
        {
            series["ahead_since"]
            for series in every
            if series["ahead_since"] and series["topic"] == ahead["topic"] and series["unit"] == ahead["unit"]
        }
    )
    from_when = f" since {sides.listed(list(map(str, since)), 'or')}, by edition," if len(since) > 1 else ""
    from_when = f" since {since[0]}" if len(since) == 1 else from_when
    pairs = [f"{numbers.count(n or 0)} against {numbers.count(m or 0)}" for n, m in map(_both_of, (ahead, behind))]
    units = [unit_words(series["unit"]) or f" {_BY_QUESTION.get(series['question'] or '', '')}" for series in (ahead, behind)]
    if units[0] == units[1]:
        units = [f" {_BY_QUESTION.get(series['question'] or '', 'in another way')}" for series in (ahead, behind)]
    return (
        f"the sign turns with the way of counting: in {topic} {left} {sides.present(entry['left'])} ahead{from_when} "
        f"as{units[0]} ({years_of(ahead['figure'])}: {pairs[0]}) and behind as{units[1]} ({pairs[1]})"
    )


def _both_of(series: Series) -> tuple[float | None, float | None]:
    return _both(series["figure"])
