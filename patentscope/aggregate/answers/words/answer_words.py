"""What stands around the headline: claim and count in short, what was counted, how far fair ways to count agree."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.aggregate.answers.entry import MIXED, NOT_ASSESSABLE, OPEN, Entry, Figures, Question, Way
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words, headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.headlines import WAYS, WAYS_IN_SHORT, by_question
from patentscope.aggregate.answers.words.sentences import ways_in_words
from patentscope.query import side_names as sides
from patentscope.query.convention import IN_WORDS, topic_in_words

_MANY, _BOTH = 10, 2
#: A figure that differs by this factor is another one.
_NOTABLE = 1.1


def counted_in_short(entry: Entry) -> str:
    """Return what was counted, without the counts that the headline has: `40 % fewer`; of a mixed answer both ways."""
    shown = _shown(entry)
    if not shown:
        return "nothing that could be judged"
    if len(shown) == 1:
        return words.counted(entry, shown[0][1])
    told = zip(shown, headlines.ways_apart(shown[0], shown[1]), strict=True)
    return "; ".join(f"{words.counted(entry, found[1])}{how.partition(',')[0] or how}" for found, how in told)


def _shown(entry: Entry) -> list[tuple[Question, Figures]]:
    """Return the figures of the headline, each with its question: none, one, or of a mixed answer two."""
    first = headlines.headline(entry)
    if entry["verdict"] == NOT_ASSESSABLE or first is None or first["figure"] is None:
        return []
    two = headlines.two_figures(entry) if entry["verdict"] == MIXED else None
    return list(two) if two else [(first, first["figure"])]


def what_it_counts(entry: Entry) -> str:
    """Return as a sentence which way to count the headline's figure, or each of its two, is; empty without one."""
    shown = _shown(entry)
    if not shown:
        return ""
    if len(shown) == 1:
        figure = shown[0][1]
        way = f"{WAYS[figure['way']]}: " if figure["way"] else ""
        return f"The headline counts {way}{without_topic(figure)}{_nearest_way(entry, figure)}."
    apart = [how.strip(" ,").partition(",")[0] for how in headlines.ways_apart(shown[0], shown[1])]
    told = [
        f"{name}, {_how(figure).removeprefix(name.removeprefix('as ')).lstrip()}{_nearest_way(entry, figure)}"
        for name, (_, figure) in zip(apart, shown, strict=True)
    ]
    return f"{told[0][0].upper()}{told[0][1:]}; {told[1]}."


def _how(figure: Figures) -> str:
    return WAYS[figure["way"]] if figure["way"] else without_topic(figure)


def _nearest_way(entry: Entry, figure: Figures) -> str:
    """Return which recognised way to count a figure is but for its date; empty where it is one, or none is."""
    own = IN_WORDS["date"][figure["date"]]
    by_date = [figure["in_words"].replace(own, other) for other in IN_WORDS["date"].values() if other != own]
    near = [way for way in entry["ways"] if way["in_words"] in by_date and not way["stopped"]]
    if figure["way"] or not near:
        return ""
    return f" (nearest: {short_in_text(near[0]['way'])})"


def at_the_claim(entry: Entry) -> str:
    """Return what the headline's figure was on the day of the claim, where that is notably another; else empty."""
    first, then = headlines.headline(entry), entry["as_said"]
    if first is None or first["figure"] is None or then is None or not _is_other(first["figure"], then):
        return ""
    return f"Seen on {concern_words.day(then['as_of'])}, the day of the claim: {words.against(entry, then)}."


def _is_other(now: Figures, then: Figures) -> bool:
    """Say whether two figures differ by a tenth or more, or in which side leads."""
    pairs = [(figure["left_n"], figure["right_n"]) for figure in (now, then)]
    if any(not all(pair) for pair in pairs):
        return [bool(left) for left, _ in pairs] != [bool(right) for _, right in pairs]
    one, other = (left / right for left, right in pairs)
    return (one > 1) is not (other > 1) or max(one / other, other / one) >= _NOTABLE


def without_topic(figure: Figures) -> str:
    """Return a figure's way to count, without its topic definition and the day on which the records were seen."""
    return figure["in_words"].removesuffix(f", {topic_in_words(figure['topic'])}, as seen on {figure['as_of']}")


def spread(entry: Entry) -> str:
    """Return how far fair ways to count agree, and how many give the claim's size; empty where nothing is judged."""
    first = headlines.headline(entry)
    if not _shown(entry) or first is None:
        return ""
    by = by_question(entry, first["question"])
    if entry["verdict"] == OPEN:
        said = words.range_in_words(entry, first)
        return f"{said[0].upper()}{said[1:]}."
    if first["results"] == 1:
        return f"All fair ways to count {by} give that one result."
    inner = (
        (first.get("p10_share"), first.get("p90_share"))
        if words.is_share(entry)
        else (first["p10_ratio"], first["p90_ratio"])
    )
    few = "both" if first["results"] == _BOTH else f"all {sides.in_words(first['results'])}"
    which = "eight in ten" if first["results"] >= _MANY else few
    near = f"; {_near(entry, first)}" if entry["says"] == words.SIZE else ""
    what = "fair results" if first["results"] >= _MANY else "results of fair ways"
    every = ", any unit or topic," if first["results"] >= _MANY else ""
    return f"{by[0].upper()}{by[1:]}{every or ','} {which} {what} give {words.span(entry, inner)}{near}."


def _near(entry: Entry, question: Question) -> str:
    """Return how many results come near the claimed size."""
    part, results = question["share_near"] or 0, question["results"]
    if not part:
        return f"none gives the claim's {words.claimed(entry)}, or nearly"
    many = f"{part * 100:.0f} of 100" if round(part * 100) else "under 1 of 100"
    few = f"{round(part * results)} of the {sides.in_words(results)}"
    return f"{many if results >= _MANY else few} the claim's {words.claimed(entry)}, or nearly"


def ways_title(entry: Entry) -> str:
    """Return what the recognised ways to count say together, as a title; empty without one."""
    told = [way for way in entry["ways"] if way["stands"] is not None]
    if not told or not words.has_direction(entry):
        return ways_in_words(entry).removesuffix(".")
    stands = "behind" if words.is_turned(entry) else "ahead"
    so = [way for way in told if way["stands"] == stands]
    near = [way for way in told if way["near"]]
    rest = _untold(entry["ways"])
    if words.is_limit(entry):
        return f"{_limit_kept(entry, so, told)}{rest}"
    puts = f"put{'s' * (len(so) == 1 or not so or len(told) == 1)} {sides.in_sentence(entry['left'])} {stands}"
    return f"{_how_many(so, told)} {puts}{_named(so, near)}{rest}"


def _untold(ways: Sequence[Way]) -> str:
    """Return how many ways say nothing: those that can't be counted, and those that count too little."""
    stopped = sum(1 for way in ways if way["stopped"])
    few = sum(1 for way in ways if way["stands"] is None) - stopped
    return f"; too little to tell: {few}" * bool(few) + f"; can't be counted: {stopped}" * bool(stopped)


def _limit_kept(entry: Entry, so: Sequence[Way], told: Sequence[Way]) -> str:
    """Return in how many ways a claim's limit is kept: `In none of three recognised ways has China over 60 %`."""
    has, size = "have" if sides.is_plural(entry["left"]) else "has", words.claimed(entry)
    size = size if words.is_share(entry) else numbers.joined(size, sides.in_sentence(entry["right"]))
    mine = sides.in_sentence(entry["left"])
    if len(told) == 1:
        return f"By the one recognised way, {mine} {has} {'not ' * (not so)}{size}"
    if not so:
        return f"In none of {sides.in_words(len(told))} recognised ways {has} {mine} {size}"
    many = "all" if len(so) == len(told) else f"{sides.in_words(len(so))} of"
    return f"In {many} {sides.in_words(len(told))} recognised ways, {mine} {has} {size}"


def _how_many(so: Sequence[Way], told: Sequence[Way]) -> str:
    if len(told) == 1:
        return "The one recognised way to count" if so else "Not even the one recognised way to count"
    of = sides.in_words(len(told))
    if len(so) == len(told):
        return f"All {of} recognised ways to count"
    return f"{sides.in_words(len(so)).capitalize() if so else 'None'} of {of} recognised ways to count"


def _named(so: Sequence[Way], near: Sequence[Way]) -> str:
    """Return which way it is where it is one alone, and which come close to the claim."""
    names = [short_in_text(way["way"]) for way in near]
    if len(so) == 1 and near == list(so):
        return f", close to the claim: {names[0]}"
    alone = f": {short_in_text(so[0]['way'])}" if len(so) == 1 else ""
    return f"{alone}; close to the claim: {sides.listed(names)}" if near else alone


def short_in_text(way: str) -> str:
    """Return the short name of a recognised way as a sentence has it: `search hits`."""
    name = WAYS_IN_SHORT[way]
    return f"{name[0].lower()}{name[1:]}"


def quotation(entry: Entry) -> str:
    """Return the answer as prose to quote: the headline's first figure, or why there is none, and the claim's."""
    first = headlines.headline(entry)
    if not _shown(entry) or first is None or first["figure"] is None:
        return entry["sentence"]
    return f"{headlines.counted(entry, first, first['figure'])} The claim says {words.claimed(entry)}."
