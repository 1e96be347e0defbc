"""What moves the answer: each choice alone, and what the claim's figure is often taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log
from typing import Any

from patentscope.aggregate.answers.entry import Entry, Figures
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import concern_words, headlines
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query import side_names as sides
from patentscope.query.claim import SHARE
from patentscope.query.convention import CHOICES
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

#: A choice that moves the ratio by less moves nothing that a reader would see.
_MOVES = 1.1
#: What each choice is, as a row is headed, and in a sentence.
_ASKS = {
    "topic": ("What counts as on topic", "what counts as on topic"),
    "unit": ("Invention, application or publication", "whether copies of an invention count"),
    "basis": ("Whose country", "whose country counts"),
    "share": ("How shared ones are split", "how shared ones are split"),
    "date": ("By which date", "which date counts"),
    "documents": ("Which documents", "which documents count"),
    "international": ("Filed abroad or not", "whether it was filed abroad"),
    "as_of": ("The day on which it is seen", "the day on which it is seen"),
}
_LEVELS = {
    "unit": {"family": "inventions", "application": "applications", "publication": "publications",
             "extended_family": "groups of related inventions"},
    "basis": {"priority": "first filing", "applicant": "owner", "inventor": "inventor", "office": "office"},
    "share": {"whole": "whole", "fractional": "split", "first": "first named"},
    "date": {"priority": "first filed", "filing": "filed", "publication": "published", "grant": "granted"},
    "documents": {"inventions": "without utility models", "inventions+utility_models": "utility models too",
                  "grants": "granted only"},
    "international": {"all": "all", "two_offices": "two offices or more", "pct": "with a world application",
                      "triadic": "in Europe, Japan and the US"},
}  # fmt: skip


@dataclass(frozen=True)
class _Option:
    """What the headline's way to count gives with one choice changed.

    `factor` is that between both ratios, infinite beside a side of nothing, 1 where unknown countries decide who leads
    or too little is counted; `turns` says that the other side leads.
    """

    text: str
    side: str
    factor: float
    is_fair: bool
    is_enough: bool
    is_open: bool
    turns: bool


@dataclass(frozen=True)
class _Choice:
    """One choice: its options, fair ones first, and the factor by which it typically changes a fair result."""

    axis: str
    options: Sequence[_Option]
    typical: float

    @property
    def most(self) -> float:
        """The largest factor that a fair option makes of the headline."""
        return max((one.factor for one in self.options if one.is_fair), default=1.0)

    @property
    def moves(self) -> bool:
        """Whether fair options, or fair results in general, move by it."""
        return max(self.typical, self.most) >= _MOVES

    @property
    def moves_weakly(self) -> bool:
        """Whether it moves only what weaker evidence counts, or what can't be told."""
        return not self.moves and any(one.factor >= _MOVES or one.is_open for one in self.options)

    @property
    def decides(self) -> bool:
        """Whether a fair option turns who leads."""
        return any(one.turns and one.is_fair for one in self.options)


def moves(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return what each choice alone makes of the headline, largest first, and which of them decide who leads.

    Fair counts go before those of weaker evidence, which are named as such; options of too few units are left out. None
    where nothing is judged, or no choice is left.
    """
    first = headlines.headline(claim)
    if first is None or first["figure"] is None:
        return None
    of_question = tables.influence["claim_id"].eq(claim["id"]) & tables.influence["question"].eq(first["question"])
    rows = tables.influence[of_question & tables.influence["median_factor"].ne("")]
    typical = {str(row["axis"]): float(row["median_factor"]) for _, row in rows.iterrows()}
    options = _options(tables, claim, first["figure"])
    choices = [_Choice(axis, options.get(axis, []), typical.get(axis, 1.0)) for axis in {**typical, **options}]
    if not choices:
        return None
    large = sorted((one for one in choices if one.moves), key=lambda one: -max(one.most, one.typical))
    weak = [one for one in choices if one.moves_weakly]
    widest = max((log(one.most) for one in large if 1 < one.most < inf), default=1.0)
    return {
        "title": _title(claim, large, weak),
        "by": headlines.BY_QUESTION[first["question"]],
        "rows": [_row(one, widest) for one in large],
        "rest": " ".join(
            [
                *(["Each choice alone: ×, what it makes of the headline; typically, of a fair result."] * bool(large)),
                *_weak(weak),
                *_small([one for one in choices if one not in large and one not in weak]),
            ]
        ),
    }


def _row(choice: _Choice, widest: float) -> dict[str, Any]:
    told = [one for one in choice.options if one.is_enough]
    weak = next((one for one in told if not one.is_fair), None)
    return {
        "name": _ASKS[choice.axis][0],
        "options": [
            {"text": f"{'on weaker evidence ' * (one is weak)}{one.text}", "side": one.side, "turns": one.turns}
            for one in told
        ],
        "turns": choice.decides,
        "factor": "to none" if choice.most == inf else f"×{choice.most:.1f}",
        "typical": f"typically ×{choice.typical:.1f}",
        "width": 100 * min(log(choice.most) / widest, 1),
    }


def _title(claim: Entry, large: Sequence[_Choice], weak: Sequence[_Choice]) -> str:
    """Return which choices decide who leads, or that none does, and which one moves the number most."""
    what = "who leads" if words.has_direction(claim) and not words.is_limit(claim) else "the answer"
    deciding = [one.axis for one in large if one.decides]
    if deciding:
        named = sides.listed([_ASKS[axis][1] for axis in deciding])
        n = sides.in_words(len(deciding)).capitalize()
        return f"{n} choice{'s' * (len(deciding) > 1)} decide{'s' * (len(deciding) == 1)} {what}: {named}"
    if large:
        among = " among fair counts" * any(option.turns for one in [*large, *weak] for option in one.options)
        return f"No single choice{among} changes {what}; most depends on {_ASKS[large[0].axis][1]}"
    if weak:
        return "No choice among fair counts moves the number by a tenth; others do, on weaker evidence"
    return "No choice moves the number by a tenth"


def _weak(choices: Sequence[_Choice]) -> list[str]:
    """Return what choices make of the headline that move only what weaker evidence counts; none without any."""
    told = [
        f"{_ASKS[one.axis][1]}: {', '.join(option.text for option in one.options if option.is_enough)}"
        for one in choices
    ]
    return [f"On weaker evidence only, {'; '.join(told)}."] if told else []


def _small(choices: Sequence[_Choice]) -> list[str]:
    """Return which choices move nothing; those of too few units can't tell."""
    if not choices:
        return []
    named = sides.listed([_ASKS[one.axis][1] for one in choices])
    few = any(not option.is_enough for one in choices for option in one.options)
    enough = ", where enough is counted" if few else ""
    return [f"{named[0].upper()}{named[1:]}: under ×1.1{' each' if len(choices) > 1 else ''}{enough}."]


def _options(tables: RunTables, claim: Entry, figure: Figures) -> dict[str, list[_Option]]:
    """Return by choice what the headline's way to count gives with that one changed, fair options first."""
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
    own = rows[rows["spec_id"].eq(figure["spec_id"])]
    if own.empty:
        return {}
    first = own.iloc[0].to_dict()
    differ = rows[list(CHOICES)].ne(own.iloc[0][list(CHOICES)])
    counted = rows[differ.sum(axis=1).eq(1) & rows["stopped"].eq("false") & ~rows["topic"].isin(tables.query.wider)]
    found: dict[str, list[_Option]] = {}
    for row in counted.to_dict(orient="records"):
        axis = next(name for name in CHOICES if row[name] != first[name])
        found.setdefault(axis, []).append(_option(tables, claim, axis, row, first))
    return {axis: sorted(options, key=lambda one: not one.is_fair) for axis, options in found.items()}


def _option(tables: RunTables, claim: Entry, axis: str, row: Mapping[Any, Any], first: Mapping[Any, Any]) -> _Option:
    left, right = float(row["left_n"]), float(row["right_n"])
    stands, stood = _side(claim, left, right), _side(claim, float(first["left_n"]), float(first["right_n"]))
    is_open = _is_open(claim, row) and not _is_open(claim, first)
    is_enough = left + right - float(row["overlap_n"]) >= claim["thresholds"]["candidates"]
    measured = "can't be told" if is_open else _measured(claim, row, left, right)
    return _Option(
        text=f"{_level(tables, axis, str(row[axis]))} {measured}",
        side="left" if left > right else "right" if right > left else "",
        factor=_factor(row, first) if is_enough and not is_open else 1.0,
        is_fair=row["judged"] == "true",
        is_enough=is_enough,
        is_open=is_open and is_enough,
        turns=is_enough and not is_open and None not in {stood, stands} and stood is not stands,
    )


def _is_open(claim: Entry, row: Mapping[Any, Any]) -> bool:
    """Say whether the units of unknown country decide where the left side stands."""
    left, right, unknown = (float(row[name]) for name in ("left_n", "right_n", "unknown_n"))
    return _side(claim, left + unknown, right) is not _side(claim, left, right + unknown)


def _factor(row: Mapping[Any, Any], first: Mapping[Any, Any]) -> float:
    """Return the factor between two rows' ratios, 1 or more; infinite where only one of them has an empty side."""
    one, other = ((float(each["left_n"]), float(each["right_n"])) for each in (row, first))
    if 0 in {*one, *other}:
        return 1.0 if [*map(bool, one)] == [*map(bool, other)] else inf
    return exp(abs(log(one[0] / one[1]) - log(other[0] / other[1])))


def _side(claim: Entry, left: float, right: float) -> bool | None:
    """Say whether counts are over the claim's limit, or its tie; None where they are just at it."""
    limit = words.claimed_value(claim) if words.is_limit(claim) else None
    if words.is_share(claim):
        measure, limit = (left / (left + right) if left + right else 0.0), 0.5 if limit is None else limit
        return None if measure == limit else measure > limit
    limit = 1.0 if limit is None else limit
    return None if left == limit * right else left > limit * right


def _measured(claim: Entry, row: Mapping[Any, Any], left: float, right: float) -> str:
    if words.is_share(claim):
        both = left + right - float(row["overlap_n"])
        return numbers.percent(left / both) if both else "none"
    none = {f"none_{side}": "none" if side == "left" else sides.none_of(claim["right"]) for side in ("left", "right")}
    return numbers.compared(left, right, **none)


def _level(tables: RunTables, axis: str, level: str) -> str:
    """Return one level of a choice in a few words."""
    if axis == "topic":
        return in_a_sentence(topic_names(tables.query)[level])
    if axis == "as_of":
        return f"on {concern_words.day(level)}"
    return wording(tables.untold)(_LEVELS[axis][level])


def misread(claim: Entry) -> dict[str, Any] | None:
    """Return what the claim's figure is often taken for, and how many of 100 results would give it.

    None where no result gives any of that.
    """
    entries = [one for one in claim["misreadings"] if one["results"]]
    judged = [one for one in claim["questions"] if one["judged"]]
    if not any(one["near"] for one in entries):
        return None
    size = entries[0]["ratio_or_share"]
    percent = f"{size * 100:g} %"
    rows = [(f"{percent} more, as printed", words.claimed(claim), _of_100([one["share_near"] for one in judged]))]
    for reading in dict.fromkeys(one["reading"] for one in entries):
        mine = [one for one in entries if one["reading"] == reading]
        is_share = mine[0]["measure"] == SHARE
        ratio = size / (1 - size) if is_share else size
        meant = f"{percent} of both together" if is_share else f"{percent} of their number"
        rows.append((meant, numbers.ratio_in_words(ratio), _of_100([one["near"] / one["results"] for one in mine])))
    has = "have" if sides.is_plural(claim["left"]) else "has"
    return {
        "title": f"Was it “{percent} of”, not “{percent} more”?",
        "head": ("If it meant", f"{sides.label(claim['left'], claim['right'])} {has}", "Of 100"),
        "rows": rows,
        "n": sides.in_words(len(judged)),
        "is_one": len(judged) == 1,
    }


def _of_100(parts: Sequence[float | None]) -> str:
    """Return the lowest and the highest of some shares, of 100."""
    of_100 = [round(100 * part) for part in parts if part is not None]
    return " to ".join(map(str, dict.fromkeys([min(of_100), max(of_100)])))
