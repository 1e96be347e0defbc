"""What others counted, in plain words: countries and counts, nearest topic first, and nothing of the claim's size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor, log10

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.series import PublishedFigure, Series
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.published import ASKED, QUOTED, SAME, WIDER

AT_LEAST, AT_MOST = "at least", "at most"
AHEAD, BEHIND, LEVEL = "ahead", "behind", "level"
_MOST_SENTENCES = 4
#: What a unit is called, by the word that it begins with; another unit stands in its source's own word.
_UNITS = {
    "family": "inventions",
    "application": "applications",
    "publication": "publications",
    "grant": "grants",
    "hit": "hits",
}
_BY_QUESTION = {
    "market": "by office",
    "ownership": "by owner's country",
    "invention": "by where they were invented",
    "international": "among what was filed abroad",
}


def sentence(entry: Entry) -> str:
    """Return what the published series show of the claim's sides, in four sentences at most; empty without a series."""
    said = list(_sentences(entry))[:_MOST_SENTENCES]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in said)


def _sentences(entry: Entry) -> Iterator[str]:
    """Yield the sentences, what matters most first."""
    asked = [series for series in entry["published"] if is_asked(series)]
    theirs = [series for series in entry["published"] if not is_asked(series)]
    stated = list(_asked(asked))
    yield from stated
    met = next((series for series in theirs if _is_met(entry, series)), None)
    if met is not None:
        yield f"published for this topic and {words.years(entry)}: {_compared(entry, met)}"
    elif theirs:
        yield f"no {'other ' * bool(stated)}published count is of this topic and year"
        yield from _near(entry, [series for series in theirs if series["relation"] != WIDER])
    yield from _contrast(entry, theirs)


def is_asked(series: Series) -> bool:
    """Say whether a series is what a source stated when it was asked for counts alone."""
    return series["how_read"] == ASKED and series["relation"] == SAME


def says_something(figure: PublishedFigure) -> bool:
    """Say whether a figure compares the two sides, be it by a bound."""
    return bool(figure["bound"]) or (figure["left_n"] is not None and figure["right_n"] is not None)


def _is_met(entry: Entry, series: Series) -> bool:
    """Say whether a series is of the claim's topic and years, and compares its sides."""
    is_of_years = series["figure"]["years"] == [words.first_year(entry), words.last_year(entry)]
    return series["relation"] == SAME and is_of_years and says_something(series["figure"])


def _asked(asked: Iterable[Series]) -> Iterator[str]:
    """Yield what the first series that a source was asked for states of the claim's countries."""
    told = next((series for series in asked if series["figure"]["counts"]), None)
    if told is None:
        return
    figure = told["figure"]
    counts = [f"{sides.names_of([code])} {_count(figure, [code], n)}" for code, n in figure["counts"].items()]
    lacking = f"; it does not cover {sides.names_of(told['not_covered'])}" if told["not_covered"] else ""
    source = told["source"].partition(": ")[0]
    yield f"asked for counts alone, {source} states for {about(told)}: {sides.listed(counts)}{lacking}"


def _near(entry: Entry, near: Sequence[Series]) -> Iterator[str]:
    """Yield the nearest series, and the next that puts the left side elsewhere, or simply the next."""
    compares = [series for series in near if says_something(series["figure"])]
    how_many = f"of the {len(near)} series near it," if len(near) > 1 else "the one series near it"
    if near and not compares:
        yield f"{how_many} {'none compares' if len(near) > 1 else 'does not compare'} these countries"
    if not compares:
        return
    first, *rest = compares
    named = f"{how_many} the nearest that compares these countries" if len(near) > 1 else how_many
    yield f"{named} is of {about(first)}: {_compared(entry, first)}"
    if rest:
        other = (one for one in rest if one["figure"]["stands"] not in {first["figure"]["stands"], None})
        chosen = next(other, rest[0])
        yield f"{'the next' if chosen is rest[0] else 'another'} is of {about(chosen)}: {_compared(entry, chosen)}"


def _compared(entry: Entry, series: Series) -> str:
    """Return what a series says of both sides: `China has 29 inventions, against 231 for Japan, by office (quoted)`."""
    figure, unit = series["figure"], unit_words(series["unit"])
    left, right = figure["left_n"], figure["right_n"]
    if left is None or right is None:
        said = _bounded(entry, figure, unit)
    else:
        said = f"{_has(entry['left'])} {_count(figure, entry['left'], left)}{unit}, against "
        said += f"{_count(figure, entry['right'], right)} for {sides.in_sentence(entry['right'])}"
        if words.is_share(entry) and left + right:
            said += f", which is {numbers.percent(left / (left + right))} of both"
    how = f", {_BY_QUESTION[series['question']]}" if series["question"] else ""
    aside = ["quoted"] * (series["how_read"] == QUOTED)
    aside += ["country rule not stated"] * (not series["question"])
    aside += ["many countries are missing there, so that it gives no direction"] * (figure["codes_missing"] == "yes")
    return f"{said}{how} ({'; '.join(aside)})" if aside else f"{said}{how}"


def _has(codes: Sequence[str]) -> str:
    return f"{sides.in_sentence(codes)} {'have' if sides.is_plural(codes) else 'has'}"


def _is(codes: Sequence[str]) -> str:
    return f"{sides.in_sentence(codes)} {sides.present(codes)}"


def _count(figure: PublishedFigure, codes: Sequence[str], n: float) -> str:
    return f"{f'{AT_LEAST} ' if set(codes) & set(figure['at_least']) else ''}{numbers.count(n)}"


def _bounded(entry: Entry, figure: PublishedFigure, unit: str) -> str:
    """Return what a total leaves for the side of which a country isn't given."""
    is_left = figure["left_n"] is not None
    known, total = (figure["left_n"] if is_left else figure["right_n"]) or 0, figure["total"] or 0
    codes, others = (entry["left"], entry["right"]) if is_left else (entry["right"], entry["left"])
    said = f"{_has(codes)} {numbers.count(known)} of {numbers.count(total)}{unit}"
    if is_left and (figure["ratio"] or 0) > 1:
        return f"{said}, {bound_in_words(figure)} as many as {sides.in_sentence(others)} could have"
    return f"{said}, which leaves {numbers.count(total - known)} at most for {sides.in_sentence(others)}"


def bound_in_words(figure: PublishedFigure) -> str:
    """Return a bound of a ratio to two figures, never past it: `at least 3.5 times`; empty where there is none."""
    if not figure["bound"] or figure["ratio"] is None:
        return ""
    exact = Fraction(str(figure["ratio"]))
    step = Fraction(10) ** (floor(log10(exact)) - 1) if exact else Fraction(1)
    cut = (floor if figure["bound"] == AT_LEAST else ceil)(exact / step) * step
    return f"{figure['bound']} {float(cut):,.10g} times"


def ratio_of(entry: Entry, series: Series) -> str:
    """Return how many the left side has beside the right one: `a quarter as many, or more`; empty where it can't tell.

    A sum over offices counts what was filed at several of them at each, so that one office has at least so many.
    """
    figure = series["figure"]
    left, right = figure["left_n"], figure["right_n"]
    if figure["bound"]:
        return f"{bound_in_words(figure)} as many"
    if left is None or right is None:
        return ""
    is_sum = series["question"] == "market" and len(entry["right"]) > len(entry["left"]) == 1
    said = numbers.compared(
        left, right, none_left=sides.none_of(entry["left"]), none_right=sides.none_of(entry["right"])
    )
    return f"{said}, or more" if is_sum and left and right else said


def about(series: Series) -> str:
    """Return what a series is told by: its topic, and the years of its figure."""
    return ", ".join(filter(None, (series["topic"], years_of(series["figure"]))))


def how(series: Series) -> str:
    """Return the years of a series' figure, and by what it counts, where that is stated: `2010, by office`."""
    return ", ".join(filter(None, (years_of(series["figure"]), _BY_QUESTION.get(series["question"] or ""))))


def years_of(figure: PublishedFigure) -> str:
    """Return the years of a figure: `2012`, `1980 to 2012`; empty where they aren't known."""
    return " to ".join(map(str, dict.fromkeys(figure["years"] or [])))


def of_convention(text: str) -> tuple[str, str]:
    """Return by which year a convention counts, and which countries it joins; empty what it doesn't say.

    >>> of_convention("INPADOC families by year of the family's first grant, whole world; China with Hong Kong; shared")
    ('year of first grant', 'China with Hong Kong')
    """
    dated = re.search(r"\byear of (?:the family's )?((?:the )?[a-z ]+)", text)
    joined = re.search(r"(?:^|; )([A-Z][\w ]* with [A-Z][\w ]*)(?:;|$)", text)
    return f"year of {dated[1].strip()}" if dated else "", joined[1] if joined else ""


def unit_words(unit: str) -> str:
    """Return a published unit as it follows a count, with a blank before it; empty where it isn't stated.

    >>> unit_words("family"), unit_words("grant at the USPTO"), unit_words("patent"), unit_words("")
    (' inventions', ' grants at the USPTO', ' (patent)', '')
    """
    first = re.match(r"[a-z]+", unit)
    if first and first[0] in _UNITS:
        return f" {_UNITS[first[0]]}{unit[first.end() :]}"
    return f" ({unit})" if unit else ""


def _contrast(entry: Entry, every: Sequence[Series]) -> Iterator[str]:
    """Yield how the sign turns with the way of counting: the first two series of one topic that disagree on a year.

    Older editions are passed over.
    """
    newest = [series for series in every if not is_older(series, every)]
    for ahead, behind in product(newest, newest):
        stands = ahead["figure"]["stands"], behind["figure"]["stands"]
        if stands == (AHEAD, BEHIND) and _meet(ahead, behind) and not _is_bound(ahead, behind):
            wider = ", a wider topic," if ahead["relation"] == WIDER else ""
            since, present = ahead["ahead_since"], sides.present(entry["left"])
            stand = f"{_has(entry['left'])} been ahead since {since}" if since else f"{_is(entry['left'])} ahead"
            ways = _ways_apart(ahead, behind)
            other = f"{present} behind" if since else "behind"
            yield (
                f"in {ahead['topic']}{wider} the sign turns with the way of counting: {stand} {ways[0]} "
                f"({_against(ahead['figure'])}), and {other} {ways[1]} ({_against(behind['figure'])})"
            )
            return


def is_older(series: Series, every: Iterable[Series]) -> bool:
    """Say whether a series is an older edition of another: same author, topic, unit and question, that goes on longer.

    Both give some year, so that they'd tell two figures of one thing.
    """
    return any(
        _kind(one) == _kind(series)
        and one["years"] is not None
        and series["years"] is not None
        and one["years"][0] <= series["years"][1] < one["years"][1]
        for one in every
    )


def _kind(series: Series) -> tuple[str, ...]:
    author = series["source"].partition(": ")[0]
    return author, series["topic"], series["relation"], series["unit"], series["question"] or "", series["how_read"]


def _against(figure: PublishedFigure) -> str:
    return f"{years_of(figure)}: {numbers.count(figure['left_n'] or 0)} against {numbers.count(figure['right_n'] or 0)}"


def _meet(ahead: Series, behind: Series) -> bool:
    """Say whether two series are of one topic, and the first puts the left side ahead in the second one's year, too."""
    years, last = behind["figure"]["years"], ahead["figure"]["years"]
    since = ahead["ahead_since"]
    is_within = bool(since and years and last) and (since or 0) <= (years or [0])[0] <= (last or [0])[-1]
    return ahead["topic"] == behind["topic"] and (years == last or is_within)


def _is_bound(*every: Series) -> bool:
    return any(series["figure"]["bound"] for series in every)


def _ways_apart(*two: Series) -> list[str]:
    """Return what tells two series apart: their units, else their questions."""
    units = [f"in{unit_words(series['unit']) or ' what it counts'}" for series in two]
    if units[0] != units[1]:
        return units
    return [_BY_QUESTION.get(series["question"] or "", "in another way") for series in two]
