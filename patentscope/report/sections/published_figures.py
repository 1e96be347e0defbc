"""What others counted: their series beside the claim's sides, nearest topic first, and every figure as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.published import by_series
from patentscope.aggregate.answers.series import Series
from patentscope.aggregate.answers.words.published_words import bound_in_words, years_of
from patentscope.query.published import ASKED, NARROWER, NEIGHBOUR, NO, SAME, WIDER, YES, Published
from patentscope.query.side_names import short
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, figure

#: Others' words, as they wrote them.
_THEIRS = {"verbatim": "yes"}
_RELATIONS = {SAME: "this topic", NARROWER: "narrower topic", NEIGHBOUR: "neighbouring topic", WIDER: "wider topic"}
_CODES = {
    YES: {"text": "○ missing codes, not a way to count", "mark": "failed"},
    NO: {"text": "● codes complete", "mark": "passed"},
}
_UNKNOWN = {"text": "not known", "mark": "quiet"}


def series_table(tables: RunTables) -> Table:
    """Return what each published series says of the first claim's sides; without rows where there is no claim."""
    claims = tables.claims[:1]
    rows = [_series(one) for claim in claims for one in claim["published"]]
    left, right = tables.sides_of(claims[0]) if claims else ("left", "right")
    head = [
        *("series", "topic", "years", left, right, "times as many", "ahead since", "codes"),
        *("counted how", "source", "note"),
    ]
    note = "Sums of countries' counts: nobody published what both sides share. They enter none of the run's counts."
    return Table("What others counted, nearest topic first", head, rows, range(3, 7), note, "published")


def _series(series: Series) -> list[Cell]:
    counted = series["figure"]
    lacks = [short([code]) for code in series["lacks"]]
    codes = _CODES.get(counted["codes_missing"], _UNKNOWN)
    gaps = {"more": f"does not give {', '.join(lacks)}"} if lacks else {}
    asks = series["question"] or "country rule not stated"
    # Where the last year has too few units to be told by, a lead in it is none to speak of.
    since = series["ahead_since"] if counted["years"] == [series["last_year"]] * 2 else None
    return [
        series["series"],
        {"text": series["topic"], "more": _RELATIONS[series["relation"]]} | _THEIRS,
        years_of(counted) or "not stated",
        figure(counted["left_n"]),
        figure(counted["right_n"]),
        bound_in_words(counted) or figure(counted["ratio"]),
        str(since or NOTHING),
        codes | gaps,
        {"text": series["convention"], "more": "; ".join(filter(None, (series["unit"], asks)))} | _THEIRS,
        _source_of(series) | _THEIRS,
        {"text": series["note"], "more": series["how_read"]} | _THEIRS,
    ]


def _source_of(series: Series) -> dict[str, str]:
    text, address = series["source"], series["address"]
    if address.startswith(("https://", "http://")):
        return {"text": text, "href": address}
    return {"text": text, "more": address} if address else {"text": text}


def figures_table(tables: RunTables) -> Table:
    """Return every published figure, by series and year, with a column for each country that any of them gives."""
    rows = [row for mine in by_series(tables.published) for row in mine]
    codes = _codes(tables.claims, rows)
    cells = [_figures(row, codes) for row in rows]
    head = ["series", "years", *codes, "total"]
    return Table("What others counted, figure by figure", head, cells, range(2, len(head)), name="published-figures")


def _codes(claims: Sequence[Entry], rows: Sequence[Published]) -> list[str]:
    """Return the countries that any row gives, the first claim's own before the others."""
    given = list(dict.fromkeys(code for row in rows for code in row.counts))
    own = [code for claim in claims[:1] for code in (*claim["left"], *claim["right"])]
    return sorted(given, key=lambda code: own.index(code) if code in own else len(own))


def _figures(row: Published, codes: Sequence[str]) -> list[Cell]:
    years = " to ".join(map(str, dict.fromkeys(row.years or ()))) or "not stated"
    given = {code: f"{'at least ' * (code in row.at_least)}{figure(float(n))}" for code, n in row.counts.items()}
    total = NOTHING if row.total is None else figure(float(row.total))
    name = {"text": row.series, "more": "asked"} if row.how_read == ASKED else row.series
    return [name, years, *(given.get(code, NOTHING) for code in codes), total]
