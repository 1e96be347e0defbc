"""What lowers the certainty of a count: each concern with its finding, and the points that it costs.

A finding is the median over the rows that are *alike*: they agree in question, basis, date, documents, international
level and vintage, and in being audited, and differ in topic, unit and share. So no single definition of the topic
decides how sure a count is, and a definition that is listed twice changes nothing (METHODS, section 6).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from statistics import median

from patentscope.aggregate.audit.correct import Cover
from patentscope.aggregate.claims.specified import Concern, Specified, firsts
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.counts.tally import Amount
from patentscope.query.claim import ALL_OTHERS, Claim, side_text
from patentscope.query.query import Thresholds

SEARCH, WINDOW, COUNTRIES, PUBLICATION = "search", "window", "countries", "publication"
NUMBER, SIGHT, TOPIC, UNANSWERED = "number", "sight", "topic", "unanswered"
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Grounds:
    """What concerns are read off, beside the rows themselves.

    Attributes:
        limits: what is known of the data as a whole.
        thresholds: the query's.
        sights: by topic, for each need of its reading, the share of each side's families that have it; None for a side
            without families.
        cover: what was labelled for the claim's years, if anything.
    """

    limits: DataLimits
    thresholds: Thresholds
    sights: Mapping[str, Mapping[str, tuple[float | None, float | None]]]
    cover: Cover | None = None


def weigh(rows: Sequence[Specified], grounds: Grounds) -> list[Specified]:
    """Return *rows*, all those of one claim in their listed order, with their concerns; stopped ones as they are."""
    groups: dict[Hashable, list[Specified]] = {}
    first: dict[Hashable, str] = {}
    for row in rows:
        first.setdefault(_but_documents(row), row.convention.documents)
        if not row.stops:
            groups.setdefault(_alike(row), []).append(row)
    found = {key: _of_group(alike, grounds) for key, alike in groups.items()}
    shared = {}
    for key, alike in groups.items():
        level = first[_but_documents(alike[0])]
        shared[key] = _no_better(found[key], found.get((*_but_documents(alike[0]), level), found[key]), level)
    first_of = {row.convention.topic: row for row in rows}
    own = {topic: _sight(row.claim, topic, grounds) for topic, row in first_of.items()}

    @cache
    def concerns(key: Hashable, topic: str) -> tuple[Concern, ...]:
        return _ordered(*shared[key], own[topic])

    return [row if row.stops else replace(row, concerns=concerns(_alike(row), row.convention.topic)) for row in rows]


def _alike(row: Specified) -> tuple[Hashable, ...]:
    return (*_but_documents(row), row.convention.documents)


def _but_documents(row: Specified) -> tuple[Hashable, ...]:
    c = row.convention
    return c.question, c.basis, c.date, c.international, c.as_of, row.is_audited


def _ordered(*concerns: Concern) -> tuple[Concern, ...]:
    order = (SEARCH, WINDOW, COUNTRIES, PUBLICATION, NUMBER, SIGHT, TOPIC)
    return tuple(sorted(concerns, key=lambda concern: order.index(concern.name)))


def _of_group(alike: Sequence[Specified], grounds: Grounds) -> list[Concern]:
    """Return the concerns that rows which are alike share; rows of one result count once, as the first listed."""
    judged = [row for row in alike if not row.is_wider] or alike
    distinct = firsts(judged, lambda row: row.result)
    t, head = grounds.thresholds, distinct[0]
    limits = grounds.limits
    return [
        Concern(SEARCH, limits.search_points, limits.search_found, "a search that is whole, and proven to be"),
        _window(distinct, t),
        _countries(distinct, t),
        _publication(distinct, t),
        _number(median(Fraction(row.units) for row in distinct), t),
        _topic(head, grounds),
    ]


def _no_better(concerns: list[Concern], at_first: list[Concern], documents: str) -> list[Concern]:
    """Return *concerns*, none of fewer points than at the first level of documents, which is *documents*."""
    pairs = zip(concerns, at_first, strict=True)
    return [replace(first, documents=documents) if first.points > mine.points else mine for mine, first in pairs]


def _sides(claim: Claim) -> tuple[str, str]:
    return side_text(claim.left), side_text(claim.right)


def _worse(rows: Sequence[Specified], parts: Iterable[tuple[Fraction, Fraction]]) -> tuple[float, str]:
    """Return the median over *rows* of the worse side's part, and the side that is the worse by its own median."""
    pairs = list(parts)
    worst = float(median(max(pair) for pair in pairs))
    left, right = (median(pair[place] for pair in pairs) for place in (0, 1))
    return worst, _sides(rows[0].claim)[right > left]


def _part(of: Amount, whole: Amount) -> Fraction:
    return Fraction(of, whole) if whole else Fraction(0)


def _window(rows: Sequence[Specified], t: Thresholds) -> Concern:
    """Weigh how many units were filed first so long ago that their first publication may lie before the records."""
    needed = f"at most {t.window * 100:g} % first filed over 30 months before the records begin"
    if rows[0].convention.date != "publication":
        return Concern(WINDOW, 0, "counted by another date", needed)
    parts = ((_part(r.tally.left_old, r.tally.left), _part(r.tally.right_old, r.tally.right)) for r in rows)
    found, side = _worse(rows, parts)
    points = int(found > t.window + _ROUNDING)
    return Concern(WINDOW, points, round(found, 6), needed, side if found else None)


def _countries(rows: Sequence[Specified], t: Thresholds) -> Concern:
    """Weigh how many units have no stated country: known by the priority office alone, or not at all."""
    parts = []
    for row in rows:
        tally = row.tally
        left = _part(tally.left_imputed + tally.unknown, tally.left + tally.unknown) if tally.left else Fraction(0)
        right = _part(tally.right_imputed + tally.unknown, tally.right + tally.unknown) if tally.right else Fraction(0)
        parts.append((left, right))
    found, side = _worse(rows, parts)
    points = (found > t.coverage + _ROUNDING) + (found > t.coverage_most + _ROUNDING)
    needed = f"at most {t.coverage * 100:g} % without a stated country"
    return Concern(COUNTRIES, points, round(found, 6), needed, side if found else None)


def _publication(rows: Sequence[Specified], t: Thresholds) -> Concern:
    """Weigh how much of the claim's last year has been published, on each side."""
    needed = f"at least {t.truncation_full * 100:g} % of the year's filings published, on both sides alike"
    if any(None in row.visible for row in rows):
        return Concern(PUBLICATION, 2, None, needed)
    left, right = (median(float(row.visible[place] or 0) for row in rows) for place in (0, 1))
    least, gap = min(left, right), abs(left - right)
    if gap > t.truncation_gap + _ROUNDING or least < t.truncation - _ROUNDING:
        points = 2
    else:
        points = int(least < t.truncation_full - _ROUNDING)
    side = None if left == right else _sides(rows[0].claim)[right < left]
    return Concern(PUBLICATION, points, round(least, 6), needed, side)


def _number(units: float | Amount, t: Thresholds) -> Concern:
    points = 0 if units >= t.many else 1 if units >= t.candidates else 3
    return Concern(NUMBER, points, round(float(units), 6), f"at least {t.many} on both sides together")


def _sight(claim: Claim, topic: str, grounds: Grounds) -> Concern:
    """Weigh what a reading needs to see against what the records of each side show; of several needs the worst."""
    most = grounds.thresholds.sight
    worst, side = 0.0, None
    for shares in grounds.sights.get(topic, {}).values():
        left, right = shares
        if left is not None and right is not None and abs(left - right) > worst:
            worst, side = abs(left - right), _sides(claim)[right < left]
    needed = f"what the definition reads is there alike on both sides, at most {most * 100:g} % apart"
    return Concern(SIGHT, int(worst > most + _ROUNDING), round(worst, 6), needed, side)


def _topic(row: Specified, grounds: Grounds) -> Concern:
    """Weigh whether a reader's labels measure how well the topic is told, in each of the claim's countries."""
    least = grounds.thresholds.labels
    needed = f"{least} read in each country, or all"
    if not row.is_audited or grounds.cover is None:
        return Concern(TOPIC, 1, "nobody has read a sample of it", needed)
    labelled = {code: _labelled(code, row.claim, grounds.cover) for code in (*row.claim.left, *row.claim.right)}
    code = min(labelled, key=lambda one: (_is_read(*labelled[one], least), labelled[one][0]))
    is_read = _is_read(*labelled[code], least) and any(read for read, _ in labelled.values())
    return Concern(TOPIC, int(not is_read), float(labelled[code][0]), needed, None if is_read else side_text((code,)))


def _is_read(read: int, families: int, least: int) -> bool:
    return read >= min(least, families)


def _labelled(code: str, claim: Claim, cover: Cover) -> tuple[int, int]:
    """Return how many families of a country (of all others for `*`) a reader labelled, and how many there are."""
    codes = set(cover.families) - set(claim.left) if code == ALL_OTHERS else {code}
    return sum(cover.read.get(one, 0) for one in codes), sum(cover.families.get(one, 0) for one in codes)
