"""Counts side by side: the recognised ways to count, or, where nothing is judged, what there is to go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from patentscope.aggregate.answers.entry import MAIN_QUESTIONS, NOT_ASSESSABLE, Entry, Series, Way
from patentscope.aggregate.answers.words import answer_words
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.headlines import WAYS_IN_SHORT
from patentscope.aggregate.answers.words.published_words import bound_in_words, how, says_something, unit_words
from patentscope.aggregate.answers.words.reason_words import as_sentence
from patentscope.query import side_names as sides
from patentscope.query.convention import IN_WORDS
from patentscope.query.published import NARROWER, NEIGHBOUR, SAME, WIDER, YES
from patentscope.query.query import RECORDS
from patentscope.records.offices import UNKNOWN, countries, short_name
from patentscope.report.charts.curve import why
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

#: What each recognised way counts, in a line.
_COUNTS = {
    "first_filings": "Inventions, by country and year of first filing",
    "quick_search": "All documents, by office and year published",
    "owners": "Inventions, by owner, by year of first filing",
    "oecd": "Inventions, split by inventor, by year of first filing",
    "international": "Inventions at two offices or more, by year published",
    "office_statistics": "Applications, by office and year of filing",
}
_EMPTY: dict[str, Any] = {"side": "", "pairs": [], "off": ""}
_RELATIONS = {SAME: "This topic", NARROWER: "Narrower topic", NEIGHBOUR: "Neighbouring topic", WIDER: "Wider topic"}
_MOST_COUNTRIES, _MOST_PUBLISHED, _BY_YEAR = 4, 2, 3


def strip(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return the strip's title and its cards; None where there is nothing to show."""
    if claim["verdict"] != NOT_ASSESSABLE and not all(way["stopped"] for way in claim["ways"]):
        cards = [_way(claim, way) for way in _in_order(claim["ways"])]
        return {"title": answer_words.ways_title(claim), "cards": cards, "is_ways": True, **_columns(cards)}
    own = _own(tables, claim)
    published = [_published(claim, series) for series in _spans(tables, claim)]
    cards = [*([own] if own else []), *published]
    title = _title(own, len(published))
    return {"title": title, "cards": cards, "is_ways": False, **_columns(cards)} if cards else None


def _columns(cards: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many characters the longest name and the longest count of a strip have, so that bars begin alike."""
    pairs = [pair for card in cards for pair in card["pairs"]]
    return {name: max((len(pair[key]) for pair in pairs), default=0) for name, key in (("names", "name"), ("ns", "n"))}


def _in_order(ways: Sequence[Way]) -> list[Way]:
    """Return the ways with the first of each side of the tie in front, so that the strip shows whether they disagree.

    Those that tell nothing go last.
    """
    fronts = [next((way for way in ways if way["stands"] == side), None) for side in ("ahead", "behind")]
    return sorted(ways, key=lambda way: (way["stands"] is None, way["stopped"], way not in fronts))


def _way(claim: Entry, way: Way) -> dict[str, Any]:
    """Return the card of a recognised way to count: its name, what it gives, both counts, what it counts."""
    card: dict[str, Any] = {"name": WAYS_IN_SHORT[way["way"]], "what": _COUNTS[way["way"]], **_EMPTY}
    if way["stopped"]:
        return card | {"big": "Can't be counted", "off": as_sentence(why(way["reason"])).removesuffix(".")}
    if way["stands"] is None:
        card["off"] = "Too little to tell"
    elif not way["judged"]:
        card["off"] = "Weaker evidence"
    counts = (way["left_n"], way["right_n"])
    leads = "" if counts[0] == counts[1] or way["stands"] is None else "left" if counts[0] > counts[1] else "right"
    is_share = words.is_share(claim) and any(counts)
    big = numbers.percent(way.get("share") or 0) if is_share else _compared(claim, *counts)
    short = big.removesuffix(" as many") if big.startswith(("about a ", "about an ")) else big
    return card | {"big": short[0].upper() + short[1:], "side": leads, "pairs": _pair(claim, *counts)}


def _compared(claim: Entry, left: float, right: float) -> str:
    none = sides.none_of(claim["left"]), sides.none_of(claim["right"])
    return numbers.compared(left, right, none_left=none[0], none_right=none[1])


def _pair(claim: Entry, left: float, right: float, *, more: float = 0) -> list[dict[str, Any]]:
    """Return both sides as named bars of one scale; *more* is what the right side may have beside *right*."""
    most = max(left, right + more) or 1
    names = sides.label(claim["left"], claim["right"]), sides.label(claim["right"], claim["left"])
    upper = f" to {numbers.count(right + more)}" if more else ""
    said = numbers.count(left), f"{numbers.count(right)}{upper}"
    return [
        {"side": "left", "name": names[0], "n": said[0], "width": 100 * left / most, "more": 0},
        {"side": "right", "name": names[1], "n": said[1], "width": 100 * right / most, "more": 100 * more / most},
    ]


def _title(own: dict[str, Any] | None, published: int) -> str:
    parts = ["these records"] if own else []
    if published:
        parts.append(f"{sides.in_words(published)} published count{'s' * (published > 1)} of nearby topics")
    return f"What there is: {sides.listed(parts)}"


def _own(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return the card of what the records on topic have of each country, all years together; None without any.

    Countries stand one by one: a sum would count what two of them share twice.
    """
    said = wording(tables.untold)
    for question in MAIN_QUESTIONS:
        rows = tables.counts[tables.counts["question"].eq(question) & ~tables.counts["topic"].isin(tables.query.wider)]
        sums = Counter(dict(rows.groupby("country")["n"].sum()))
        named = _named(claim, sums)
        if not any(sums[code] for code in named):
            continue
        convention = tables.conventions[question]
        most, unknown = max(sums[code] for code in named), sums[UNKNOWN]
        unit = words.UNITS[convention.unit, convention.documents]
        return {
            "name": f"These records{': a sample' * tables.is_sample}, all years",
            "big": _on_topic(tables, convention.topic, unit),
            "side": "",
            "off": "",
            "pairs": [
                {
                    "side": "left" if code in claim["left"] else "right",
                    "name": short_name(code),
                    "n": numbers.count(sums[code]),
                    "width": float(100 * sums[code] / most),
                    "more": 0,
                }
                for code in named
            ],
            "what": said(f"{unit[0].upper()}{unit[1:]},{IN_WORDS['basis'][convention.basis]}")
            + (f"; {numbers.count(unknown)} more of unknown country" if unknown else ""),
        }
    return None


def _named(claim: Entry, sums: Counter[str]) -> list[str]:
    """Return the claim's countries; where it is held against all others, those with the most stand for them."""
    if not sides.is_all_others(claim["right"]):
        return [*claim["left"], *claim["right"]]
    others = sorted(set(sums) & countries() - set(claim["left"]), key=lambda code: (-sums[code], code))
    return [*claim["left"], *others[: _MOST_COUNTRIES - 1]]


def _on_topic(tables: RunTables, topic: str, unit: str) -> str:
    """Return how many inventions, or publications, a topic definition takes in; the unit alone where neither is it."""
    column = f"in_topic_{topic}"
    if unit not in {"inventions", "publications"} or column not in tables.scores:
        return f"{unit[0].upper()}{unit[1:]}"
    n = int(tables.scores[column].eq(other=True).sum())
    on_topic = "" if topic == RECORDS else " on topic"
    if unit == "publications" and "family" not in tables.untold:
        taken = tables.scores.loc[tables.scores[column].eq(other=True), "family_id"]
        n = int(tables.publications["family_id"].isin(taken).sum())
    return f"{n:,} {unit if n != 1 else unit.removesuffix('s')}{on_topic}"


def years_title(tables: RunTables, claim: Entry) -> str:
    """Return what stands above the published counts by year: whether any reaches the claim's years."""
    by_year = _by_year(tables)
    last = [one["last_year"] or 0 for one in claim["published"] if one["series"] in by_year]
    if last and max(last) < words.last_year(claim):
        return f"No published count by year reaches {words.last_year(claim)}; the last ends in {max(last)}"
    return "What others counted, year by year"


def _by_year(tables: RunTables) -> set[str]:
    """Return the published series that are by year: these are drawn as charts."""
    years = Counter(row.series for row in tables.published if row.years and row.years[0] == row.years[1])
    return {series for series, n in years.items() if n >= _BY_YEAR}


def _spans(tables: RunTables, claim: Entry) -> list[Series]:
    """Return the nearest published series that compare the sides and aren't by year."""
    by_year = _by_year(tables)
    near = [one for one in claim["published"] if one["relation"] != WIDER and one["series"] not in by_year]
    return [one for one in near if says_something(one["figure"]) and one["figure"]["codes_missing"] != YES][
        :_MOST_PUBLISHED
    ]


def _published(claim: Entry, series: Series) -> dict[str, Any]:
    """Return the card of a published series: what it says of the sides, by a bound where one isn't given whole."""
    figure = series["figure"]
    left, right = figure["left_n"], figure["right_n"]
    card: dict[str, Any] = {"name": series["topic"][0].upper() + series["topic"][1:], **_EMPTY}
    if left is not None and right is not None:
        is_sum = series["question"] == "market" and len(claim["right"]) > 1
        big = f"{numbers.compared(left, right)}{', or more' if is_sum else ''}"
        note = " One filed in several of them counts at each." if is_sum else ""
        card |= {"side": "left" if left > right else "right", "pairs": _pair(claim, left, right)}
    else:
        known = sum(n for code, n in figure["counts"].items() if code in claim["right"])
        total = figure["total"] or 0
        big, note = f"{bound_in_words(figure)} as many", " The bar's open end is what all the other countries have."
        if left is not None:
            card |= {"side": "left", "pairs": _pair(claim, left, known, more=total - left - known)}
    unit = unit_words(series["unit"]).strip()
    what = f"{_RELATIONS[series['relation']]}. {unit[:1].upper()}{unit[1:]}, {how(series)}.{note}"
    source = series["source"].partition(": ")[0]
    return card | {"big": big[0].upper() + big[1:], "what": f"{what} {source}"}
