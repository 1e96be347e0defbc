"""Every distinct result of fair ways to count: a dot each, a row for each question, on an axis in the claim's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from patentscope.aggregate.answers.entry import Entry, Question
from patentscope.aggregate.answers.words import claim_words, headlines
from patentscope.aggregate.answers.words.number_words import percent, ratio_in_words
from patentscope.query.side_names import brief, is_plural, listed
from patentscope.report.charts.findings import AMONG
from patentscope.report.charts.picture import Form, Picture, Words, pictured, placed, source_line, written
from patentscope.report.charts.style import INK, SOFT, Rows
from patentscope.report.charts.swarm import (
    HEAD,
    ROW,
    Axis,
    axis_of,
    dot_layer,
    ground_layers,
    packing,
    radius_of,
    ring_layers,
)
from patentscope.report.charts.undecided import undecided
from patentscope.report.run_tables import RunTables

_HALF, _TIE = 50.0, 100.0
#: Places of the axis of a ratio with their words, the ones that matter most first.
_RATIOS = {
    100: ("as many", "equal"),
    50: ("half", "half"),
    20: ("a fifth", "a fifth"),
    300: ("3 times", "3×"),
    1000: ("10 times", "10×"),
    5: ("a twentieth", "1:20"),
    500: ("5 times", "5×"),
    200: ("twice", "2×"),
    100 / 3: ("a third", "a third"),
    10: ("a tenth", "a tenth"),
    5000: ("50 times", "50×"),
    2: ("1 for 50", "1:50"),
}
_SHARES = {50: ("half", "half"), 0: ("none", "0"), 100: ("all", "all"), 25: ("25 %", "25 %"), 75: ("75 %", "75 %")}
_ALIKE = ["question", "left_n", "right_n", "overlap_n", "low", "high"]
#: How wide a letter of a heading is against its size.
_LETTER = 0.48
#: Up to so many results are told one by one, more of them out of a hundred.
_FEW = 20
_ABOUT_HALF, _NEARLY = (0.4, 0.6), 0.95
_NONE = "none of the"


def results(tables: RunTables, claim: Entry) -> Picture | None:
    """Return every distinct judged result of a claim; None where nothing is judged."""
    questions = [question for question in claim["questions"] if question["figure"]]
    chosen = headlines.headline(claim)
    if not questions or chosen is None:
        return None
    order = sorted(questions, key=lambda one: _ORDER.index(one["question"]))
    dots = distinct(tables.curve[tables.curve["claim_id"].eq(claim["id"])], claim)
    forms = {
        "wide": Form("wide", 610, ROW * len(order) + 26),
        "narrow": Form("narrow", 358, ROW * len(order) + 26, type=12),
    }
    heads = ["Question", "Results", "Fair ways to count", "Lowest", "Highest", f"{brief(claim['left'])} ahead"]
    rows: list[list[str | float | None]] = [
        [
            claim_words.asks(one["question"]),
            one["results"],
            one["judged"],
            *_ends(claim, one),
            _many(one["share_ahead"] or 0.0, one["results"]),
        ]
        for one in order
    ]
    n, ways = len(dots), int(dots["n"].sum())
    said = f"A dot each: {n:,} results that count different patents, from {ways:,} fair ways to count."
    said += " Hollow: can't be told." * bool(dots["is_open"].any())
    drawing = _Drawing(claim, order, dots, chosen)
    return Picture(_title(claim, order), said, forms, drawing.draw, heads, rows, source_line(tables))


_ORDER = ("invention", "ownership", "market", "international")


def distinct(curve: pd.DataFrame, claim: Entry) -> pd.DataFrame:
    """Return the distinct judged results of one claim's rows of curve.csv.

    Returns:
        spec_id (of the first way that gives it), question, value (left per 100 right; for a share per 100 of both;
        infinite where the right side has none), left, right, n (how many ways give it), is_open (it tells nothing).
    """
    judged = curve[curve["judged"].astype(str).str.lower().eq("true")].drop_duplicates("spec_id")
    judged = judged.assign(is_open=undecided(judged, claim).ne(""))
    judged = judged.assign(**{name: pd.to_numeric(judged[name]) for name in _ALIKE[1:]})
    alike = judged.groupby(_ALIKE, sort=False, as_index=False, dropna=False)
    table = alike.agg(spec_id=("spec_id", "first"), n=("spec_id", "size"), is_open=("is_open", "first"))
    left, right, both = (table[name] for name in ("left_n", "right_n", "overlap_n"))
    of = left + right - both if claim_words.is_share(claim) else right
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 100 * left.to_numpy(float) / of.to_numpy(float)
    table = table.assign(value=value, left=left, right=right)
    return table[["spec_id", "question", "value", "left", "right", "n", "is_open"]]


def _ends(claim: Entry, one: Question) -> list[str | None]:
    if claim_words.is_share(claim):
        return [None if end is None else percent(end) for end in (one.get("min_share"), one.get("max_share"))]
    ends = one["min_ratio"], one["max_ratio"]
    return ["none on the right" if end is None else ratio_in_words(end) if end else "none" for end in ends]


def _many(part: float, n: int) -> str:
    """Return a part of so many results as a count of few, else of a hundred; no part of many is called none or all.

    >>> _many(0.5, 4), _many(0.88, 300), _many(0.997, 342), _many(0.003, 342)
    ('2 of 4', '88 of 100', 'all but 1 of 342', '1 of 342')
    """
    k, of_100 = round(part * n), round(part * 100)
    if n <= _FEW or (of_100 == 0 and k):
        return f"{k} of {n:,}"
    return f"all but {n - k} of {n:,}" if of_100 == 100 and k < n else f"{of_100} of 100"  # noqa: PLR2004 - all


def _title(claim: Entry, order: Sequence[Question]) -> str:
    """Return in how many results the left side is ahead, where it is otherwise, and what can't be told."""
    mine = brief(claim["left"], claim["right"])
    verb = "are" if is_plural(claim["left"]) else "is"
    told = [one for one in order if one["share_open"] != 1]
    if not told:
        return f"Whether {mine} {verb} {_mark(claim)} can't be told"
    if len(told) == len(order):
        return _told(claim, order, f"{mine[0].upper()}{mine[1:]} {verb}")
    untold = listed([AMONG[one["question"]] for one in order if one not in told])
    alone = f" {AMONG[told[0]['question']]}" if len(told) == 1 else ""
    return f"{_told(claim, told, f'{mine[0].upper()}{mine[1:]} {verb}')}{alone}; {untold} it can't be told"


def _told(claim: Entry, order: Sequence[Question], said: str) -> str:
    """Return the title as far as it can be told; *said* is the left side with its verb."""
    if sum(one["results"] for one in order) == 1:
        return f"{said} {'' if order[0]['share_ahead'] else 'not '}{_mark(claim)} in the one result"
    by_part: dict[str, list[Question]] = {}
    for one in order:
        by_part.setdefault(_how_many(one["share_ahead"] or 0.0), []).append(one)
    for some, rest in (("nearly all", "all"), ("hardly any of the", _NONE)):
        if some in by_part and rest in by_part:
            by_part[some] += by_part.pop(rest)
    main, *others = sorted(by_part, key=lambda part: -len(by_part[part]))
    if not others:
        return f"{said} {_mark(claim)} in {main} results{', whatever is asked' * (len(order) > 1)}"
    if len(others) > 1:
        mine = brief(claim["left"], claim["right"])
        return f"How often {mine} {said.rsplit(maxsplit=1)[-1]} {_mark(claim)} depends on what is asked"
    asked = by_part[others[0]]
    named = listed([AMONG[one["question"]] for one in asked])
    part = _many(asked[0]["share_ahead"] or 0.0, asked[0]["results"]) if len(asked) == 1 else others[0]
    return f"{said} {_mark(claim)} in {main} results, but {'not' if others[0] == _NONE else f'in {part}'} {named}"


def _how_many(part: float) -> str:
    """Return a part of all results in words that stand before `results`."""
    if part in {0.0, 1.0}:
        return "all" if part else _NONE
    if part >= _NEARLY or part <= 1 - _NEARLY:
        return "nearly all" if part >= _NEARLY else "hardly any of the"
    return "most" if part > _ABOUT_HALF[1] else "few" if part < _ABOUT_HALF[0] else "about half of the"


def _mark(claim: Entry) -> str:
    """Return what a result is called that verdict.json counts as ahead: above the claim's limit where it names one."""
    return "above the claim" if claim_words.is_limit(claim) and claim["ratio_claimed"] != 1 else "ahead"


@dataclass(frozen=True)
class _Drawing:
    """What is drawn: the claim, its answered questions in their order, the dots, and the headline's question."""

    claim: Entry
    order: Sequence[Question]
    dots: pd.DataFrame
    chosen: Question

    def draw(self, form: Form) -> alt.LayerChart:
        """Return the picture in one form."""
        is_share = claim_words.is_share(self.claim)
        value = claim_words.claimed_value(self.claim)
        claimed = None if value is None or (not is_share and value == 1) else value * 100
        axis = axis_of(self.dots["value"], claimed, form.width, is_share=is_share)
        tie, height = (_HALF if is_share else _TIE), ROW * len(self.order)
        x = axis.channel()
        y = alt.Y("py:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
        layers = [*ground_layers(axis, tie, claimed, height, x, y), dot_layer(tie, form, x, y)]
        layers += ring_layers(x, y, form)
        words = placed(self._words(axis, tie, claimed, form, height), (-2, -4, form.width + 2, height + 26))
        chart = pictured([*layers, *written(words, form)], form, (0, 0, 0, 26))
        chart.datasets = {"dots": Rows(self._packed(axis, form)), "chosen": self._at(axis, form)}
        rows = {one["question"]: ROW * place + HEAD + (ROW - HEAD) / 2 for place, one in enumerate(self.order)}
        rooms = self._rooms(form)
        chart.usermeta = {
            "rows": rows,
            "rooms": rooms,
            "least": axis.least,
            "most": axis.most,
            "of": "both" if is_share else "right",
        }
        return chart

    def _rooms(self, form: Form) -> dict[str, tuple[float, float]]:
        """Return by question from where to where its heading has room for what the ring is."""
        begins = [len(claim_words.asks(one["question"])) * form.type * _LETTER + 4 for one in self.order]
        ends = [form.width - len(self._ahead(one, form)) * form.type * _LETTER - 4 for one in self.order]
        return dict(zip((one["question"] for one in self.order), zip(begins, ends, strict=True), strict=True))

    def _packed(self, axis: Axis, form: Form) -> list[dict[Any, Any]]:
        """Return a row for each dot: which way to count gives it, its value within the axis, and its height."""
        radius = radius_of(form)
        table = self.dots[self.dots["value"].notna()]
        parts = []
        for place, one in enumerate(self.order):
            mine = table[table["question"].eq(one["question"])].sort_values(["value", "spec_id"])
            packed = packing(axis.x(mine["value"].to_numpy(float)), 2 * radius + 0.3, (ROW - HEAD) / 2 - radius - 1)
            parts.append(mine.assign(py=(ROW * place + HEAD + (ROW - HEAD) / 2 + packed).round(1)))
        rows = pd.concat(parts)
        rows["value"] = rows["value"].clip(axis.least, axis.most).round(4)
        dots: list[dict[Any, Any]] = rows[
            ["spec_id", "question", "value", "left", "right", "n", "is_open", "py"]
        ].to_dict(orient="records")
        return dots

    def _at(self, axis: Axis, form: Form) -> list[dict[str, Any]]:
        """Return where the headline's result stands."""
        own, figure = self.dots[self.dots["question"].eq(self.chosen["question"])], self.chosen["figure"]
        if figure is None:
            return []
        same = own[own["left"].eq(figure["left_n"]) & own["right"].eq(figure["right_n"])]
        place = [one["question"] for one in self.order].index(self.chosen["question"])
        value = float(same["value"].iloc[0]) if len(same) else 100 * (figure["ratio"] or np.inf)
        shown: dict[str, Any] = {"question": self.chosen["question"]}
        shown |= {"value": float(np.clip(value, axis.least, axis.most))}
        room = self._rooms(form)[self.chosen["question"]]
        shown |= {"py": ROW * place + HEAD + (ROW - HEAD) / 2, "begins": room[0], "ends": room[1]}
        return [shown | {"words": "the headline", "fair": True}]

    def _words(self, axis: Axis, tie: float, claimed: float | None, form: Form, height: int) -> list[Words]:
        found = []
        for place, one in enumerate(self.order):
            at = ROW * place + HEAD / 2
            name = claim_words.asks(one["question"])
            found.append(Words(name, [(0, at)], INK, 700, "left", form.type, 0))
            found.append(Words(self._ahead(one, form), [(form.width, at)], SOFT, 400, "right", form.type, 0))
        named = dict(_SHARES if axis.is_share else _RATIOS)
        ticks = [(tie, named.pop(int(tie))[form.is_narrow])]
        if claimed is not None:
            ticks.append((claimed, "claim" if form.is_narrow else _claimed(self.claim)))
        ticks += [(value, words[form.is_narrow]) for value, words in named.items()]
        for value, words in ticks:
            if axis.least <= value <= axis.most:
                at = float(axis.x(value))
                half = len(words) * form.type * 0.28
                at = min(max(at, half + 2), form.width - half - 2)
                found.append(Words(words, [(at, height + 14)], SOFT, 400, "center", form.type, 0))
        return found

    def _ahead(self, one: Question, form: Form) -> str:
        """Return in how many results the left side is ahead, as verdict.json counts them, and how many are open."""
        n, untold = one["results"], round((one["share_open"] or 0.0) * one["results"])
        if untold == n:
            return "can't be told"
        many = f"{_mark(self.claim)} in {_many(one['share_ahead'] or 0.0, n)}"
        rest = f", {untold:,} open" if untold else ""
        if form.is_narrow:
            return f"{many}{rest}"
        mine = brief(self.claim["left"], self.claim["right"])
        return f"{mine[0].upper()}{mine[1:]} {many} result{'s' * (n != 1)}{rest}"


def _claimed(claim: Entry) -> str:
    """Return the claim's size as the axis has it: `claim +73 %`."""
    value = claim_words.claimed_value(claim) or 0.0
    if claim_words.is_share(claim):
        return f"claim {percent(value)}"
    said = claim_words.claimed(claim)
    sign = "+" if value > 1 else "\u2212"
    return f"claim {sign}{abs(value - 1) * 100:.0f}\u00a0%" if "%" in said else f"claim {value:g}×"
