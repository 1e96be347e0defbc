"""What stands around the headline: claim and count in short, what was counted, how far fair ways to count agree."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.aggregate.answers.entry import MIXED, NOT_ASSESSABLE, OPEN, Entry, Figures, Question, Way
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import headlines
from patentscope.aggregate.answers.words.headlines import BY_QUESTION, WAYS, WAYS_IN_SHORT
from patentscope.aggregate.answers.words.sentences import ways_in_words
from patentscope.query import side_names as sides
from patentscope.query.convention import topic_in_words

_MANY, _BOTH = 10, 2


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
    shown = [figure for _, figure in _shown(entry)]
    if not shown:
        return ""
    if len(shown) == 1:
        how = without_topic(shown[0])
        way = WAYS[shown[0]["way"]] if shown[0]["way"] else ""
        return f"The headline counts {f'{way} ({how})' if way else how}."
    ways = [WAYS[figure["way"]] if figure["way"] else without_topic(figure) for figure in shown]
    return f"The first figure counts {ways[0]}; the second, {ways[1]}."


def without_topic(figure: Figures) -> str:
    """Return a figure's way to count, without its topic definition and the day on which the records were seen."""
    return figure["in_words"].removesuffix(f", {topic_in_words(figure['topic'])}, as seen on {figure['as_of']}")


def spread(entry: Entry) -> str:
    """Return how far fair ways to count agree, and how many give the claim's size; empty where nothing is judged."""
    first = headlines.headline(entry)
    if not _shown(entry) or first is None:
        return ""
    by = BY_QUESTION[first["question"]]
    if entry["verdict"] == OPEN:
        said = words.range_in_words(entry, first)
        return f"{said[0].upper()}{said[1:]}."
    if first["results"] == 1:
        return f"Fair ways to count {by} give one result."
    inner = (
        (first.get("p10_share"), first.get("p90_share"))
        if words.is_share(entry)
        else (first["p10_ratio"], first["p90_ratio"])
    )
    few = "both" if first["results"] == _BOTH else f"all {sides.in_words(first['results'])}"
    which = "eight in ten" if first["results"] >= _MANY else few
    near = f"; {_near(entry, first)}" if entry["says"] == words.SIZE else ""
    return f"Counted {by}, {which} results of fair ways to count give {words.span(entry, inner)}{near}."


def _near(entry: Entry, question: Question) -> str:
    """Return how many results come near the claimed size."""
    part, results = question["share_near"] or 0, question["results"]
    if not part:
        return f"none gives the claim's {words.claimed(entry)}, or nearly"
    many = f"{part * 100:.0f} of 100" if round(part * 100) else "under 1 of 100"
    few = f"{round(part * results)} of the {sides.in_words(results)}"
    return f"{many if results >= _MANY else few} give the claim's {words.claimed(entry)}, or nearly"


def ways_title(entry: Entry) -> str:
    """Return what the recognised ways to count say together, as a title; empty without one."""
    told = [way for way in entry["ways"] if way["stands"] is not None]
    if not told or words.is_limit(entry) or not words.has_direction(entry):
        return ways_in_words(entry).removesuffix(".")
    stands = "behind" if words.is_turned(entry) else "ahead"
    so = [way for way in told if way["stands"] == stands]
    near = [way for way in told if way["near"]]
    untold = len(entry["ways"]) - len(told)
    rest = f"; too little to tell: {untold}" if untold else ""
    puts = f"put{'s' * (len(so) == 1 or not so or len(told) == 1)} {sides.in_sentence(entry['left'])} {stands}"
    return f"{_how_many(so, told)} {puts}{_named(so, near)}{rest}"


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
