"""What others counted by year, in small pictures beside each other: the nearest topics, where our records can't say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.published import Held, by_series, hold
from patentscope.aggregate.answers.series import Series
from patentscope.aggregate.answers.words.published_words import of_convention, unit_words
from patentscope.query.published import NARROWER, NEIGHBOUR, SAME, WIDER, YES, Published
from patentscope.query.side_names import label, listed
from patentscope.report.charts.findings import AMONG, Compared, Course, in_short
from patentscope.report.charts.lines import (
    Plane,
    name_beside,
    plane,
    pointed_at,
    points,
    ring,
    side_dots,
    side_lines,
)
from patentscope.report.charts.picture import Form, Picture, Words, pictured, placed, written
from patentscope.report.charts.style import INK, SOFT, TINT
from patentscope.report.run_tables import RunTables

FORMS = {"narrow": Form("narrow", 352, 190, type=12)}
#: So many series are drawn, each with so many years that give both sides; no year is drawn that is longer ago.
MOST, _FEWEST, _BACK, _NAMED = 3, 3, 26, 2
_RELATIONS = {SAME: "This topic", NARROWER: "Narrower topic", NEIGHBOUR: "Neighbouring topic", WIDER: "Wider topic"}
#: What a table's note says of a year that isn't whole.
UNFINISHED = "the year is incomplete"
#: Pixels from which on a gap has room for words in full, and for a few.
_ROOM, _LITTLE = 84, 36


@dataclass(frozen=True)
class _Small:
    """One series by year: what verdict.json says of it, and its rows that give both sides, in their order."""

    series: Series
    held: Sequence[Held]
    claim: Entry

    def rows(self, *, whole: bool) -> list[Held]:
        """Return the years that are whole, or the others: unfinished ones, and those that lack many countries."""
        return [one for one in self.held if _is_whole(one.row) is whole]

    @property
    def last(self) -> int:
        """The last year that is drawn."""
        return _year(self.held[-1])


def smalls(tables: RunTables, claim: Entry) -> list[Picture]:
    """Return up to three pictures of series that give both sides by year, nearest topic first, one for each topic."""
    chosen = _chosen(tables, claim)
    first = min((_year(small.held[0]) for small in chosen), default=0)
    return [_picture(small, first) for small in chosen]


def _chosen(tables: RunTables, claim: Entry) -> list[_Small]:
    rows = {(mine[0].series, mine[0].relation): mine for mine in by_series(tables.published)}
    found: dict[str, _Small] = {}
    for series in claim["published"]:
        mine = rows.get((series["series"], series["relation"]), [])
        small = _Small(series, _by_year(mine, claim), claim)
        if len(small.rows(whole=True)) >= _FEWEST and series["topic"] not in found and _tells(small, claim):
            found[series["topic"]] = small
    return list(found.values())[:MOST]


def _by_year(rows: Sequence[Published], claim: Entry) -> list[Held]:
    """Return the rows of single years, up to the claim's last, that give both sides."""
    last = claim["years"][1]
    single = [
        row for row in rows if row.years and row.years[0] == row.years[1] and last - _BACK <= row.years[0] <= last
    ]
    held = [hold(row, (claim["left"], claim["right"])) for row in single]
    return [one for one in held if one.left is not None and one.right is not None and not one.bound]


def _tells(small: _Small, claim: Entry) -> bool:
    """Say whether its years together have enough units to be told."""
    units = sum((one.left or 0) + (one.right or 0) for one in small.held)
    return units >= claim["thresholds"]["candidates"]


def _is_whole(row: Published) -> bool:
    return row.codes_missing != YES and not row.note.lower().startswith(UNFINISHED)


def _year(held: Held) -> int:
    return held.row.years[0] if held.row.years else 0


def _columns(held: Sequence[Held]) -> tuple[list[int], list[float], list[float]]:
    return (
        [_year(one) for one in held],
        [float(one.left or 0) for one in held],
        [float(one.right or 0) for one in held],
    )


def _picture(small: _Small, first: int) -> Picture:
    series, claim = small.series, small.claim
    compared = Compared(claim["left"], claim["right"])
    found = in_short(Course(*_columns(small.rows(whole=True))), compared)
    topic = series["topic"].partition(" (")[0]
    topic = f"{'All ' * (series['relation'] == WIDER and not topic.startswith('all '))}{topic}"
    unit = unit_words(series["unit"]).strip()
    rows: list[list[str | float | None]] = [
        [
            f"{_year(one)}{'' if _is_whole(one.row) else ' (not whole)'}",
            float(one.left or 0),
            float(one.right or 0),
        ]
        for one in small.held
    ]
    return Picture(
        f"{topic[0].upper()}{topic[1:]}: {found}" if found else f"{topic[0].upper()}{topic[1:]}, year by year",
        f"{_RELATIONS[series['relation']]}. {_how(small, unit)}",
        FORMS,
        lambda form: _draw(small, first, form, unit or "Count"),
        ["Year", label(claim["left"], claim["right"]), label(claim["right"], claim["left"])],
        rows,
        series["source"],
    )


def _how(small: _Small, unit: str) -> str:
    """Return what is counted, by what and in which years, as far as its source says, and which years are not whole."""
    by, (dated, joined) = AMONG.get(small.series["question"] or "", ""), of_convention(small.series["convention"])
    late = [str(_year(one)) for one in small.rows(whole=False)]
    granted = "granted " * (unit == "inventions" and dated.endswith("grant"))
    said = f"{granted}{unit or 'counts'} {by}{f' and {dated}' if by and dated else dated and f'by {dated}'}".strip()
    said += f"; {joined}" if joined else ""
    if late:
        said += f"; {f'{late[0]} to {late[-1]}' if len(late) > _NAMED else listed(late)} not whole"
    return f"{said[0].upper()}{said[1:]}."


def _draw(small: _Small, first: int, form: Form, unit: str) -> alt.LayerChart:
    claim = small.claim
    end = claim["years"][1]
    whole, late = small.rows(whole=True), small.rows(whole=False)
    years, left, right = _columns(whole)
    most = max(*_columns(small.held)[1], *_columns(small.held)[2])
    plot, margins, step = plane(form, first, end + 0.6, most, 16)
    x, y = plot.channels([end, small.last, first], step)
    lines, hollow = points(years, left, right), points(*_columns(late))
    layers: list[Any] = [*_gap(small, plot, x, y), side_lines(lines, x, y, 2.4)]
    layers += [side_dots(hollow, x, y, 34, is_hollow=True)] if hollow else []
    layers.append(side_dots("now", x, y, 60, is_hollow=False))
    turn = _turn(years, left, right)
    layers += [ring(turn[0], turn[1], x, y)] if turn else []
    names = label(claim["left"], claim["right"]), label(claim["right"], claim["left"])
    layers.append(pointed_at([*lines, *hollow], x, y, names, unit.capitalize()))
    marks = [*plot.along(years, left), *plot.along(years, right)]
    found = [
        name_beside(plot, names[1], years, right, left, left=False),
        name_beside(plot, names[0], years, left, right, left=True),
        *_turn_words(turn, names, plot, form),
        *_gap_words(small, plot, form),
    ]
    within = (0, -margins[1], plot.width + margins[2], plot.height - 1)
    chart = pictured([*layers, *written(placed(found, within, marks), form)], form, margins)
    chart.datasets = {"now": [row for row in lines if row["year"] == years[-1]]}
    return chart


def readings(small: Picture) -> list[list[float]]:
    """Return what a reader may look up: year, left, right, and 1 for a whole year, in the order of the years."""
    return [
        [int(str(year)[:4]), float(left or 0), float(right or 0), 0 if str(year)[4:] else 1]
        for year, left, right in small.rows
    ]


def _gap(small: _Small, plot: Plane, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the shade over the years that nobody counted, up to the claim's, and the claim's year."""
    end = small.claim["years"][1]
    claims = alt.Chart(alt.InlineData(values=[{"year": end, "n": 0, "top": plot.top}]))
    rule = claims.mark_rule(color=SOFT, strokeDash=[2, 3]).encode(x=x, y=y, y2=alt.Y2("top:Q"))
    if small.last >= end:
        return [rule]
    shade = alt.Chart(alt.InlineData(values=[{"year": small.last + 0.5, "to": end, "n": 0, "top": plot.top}]))
    return [shade.mark_rect(color=TINT).encode(x=x, x2=alt.X2("to:Q"), y=y, y2=alt.Y2("top:Q")), rule]


def _gap_words(small: _Small, plot: Plane, form: Form) -> list[Words]:
    end, last = small.claim["years"][1], small.last
    wide = plot.x(end) - plot.x(last + 0.5)
    if last >= end or wide < _LITTLE:
        return []
    said = f"no published\ncount after\n{last}" if wide >= _ROOM else "none\nsince"
    middle = (plot.x(end) + plot.x(last + 0.5)) / 2
    places = [(middle, plot.height * part) for part in (0.45, 0.25, 0.6, 0.1)]
    return [Words(said, places, SOFT, 400, "center", form.type)]


def _turn(years: Sequence[int], left: Sequence[float], right: Sequence[float]) -> tuple[float, float, str] | None:
    """Return where the lead last changed, or the one year that was level, and what is said there; None without."""
    course = Course(years, left, right)
    signs, since = course.signs, course.since
    level = [place for place, sign in enumerate(signs) if not sign and left[place]]
    if -signs[-1] not in signs and len(level) == 1 and signs[-1]:
        return years[level[0]], left[level[0]], f"level in {years[level[0]]}"
    if not since or not signs[-1] or -signs[-1] not in signs:
        return None
    before, after = (left[place] - right[place] for place in (since - 1, since))
    part = before / (before - after)
    year = years[since - 1] + part * (years[since] - years[since - 1])
    return (
        year,
        left[since - 1] + part * (left[since] - left[since - 1]),
        f"{'{0}' if after > 0 else '{1}'} ahead from {years[since]}",
    )


def _turn_words(turn: tuple[float, float, str] | None, names: tuple[str, str], plot: Plane, form: Form) -> list[Words]:
    if turn is None:
        return []
    x, y = plot.x(turn[0]), plot.y(turn[1])
    said = turn[2].format(*names)
    ends = max(x - 10, len(said) * form.type * 0.53 + 6)
    places = [(ends, y + by) for by in (-16, -30, 18, -46, -64)]
    return [Words(said, places, INK, 400, "right", form.type)]
