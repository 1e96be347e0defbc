"""What others published: their figures, on the claim's countries where they name them all, beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patentscope.aggregate.answers.entry import Entry
from patentscope.query.side_names import short
from patentscope.report.charts.ratio import published_ratio
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, figure


def published_tables(tables: RunTables) -> tuple[Table, Table]:
    """Return the published figures that name all countries of the first claim, with their ratio, and the others."""
    claim = next(iter(tables.claims), None)
    sides = (claim["left"], claim["right"]) if claim else ([], [])
    codes = [*sides[0], *sides[1]]
    full = _ours(tables, claim, codes) if claim and tables.published else []
    lacking: list[list[Cell]] = []
    for row in tables.published:
        ratio = published_ratio(row, *sides)
        read = "read at the source" if row["source_kind"] == "read" else "quoted"
        words: list[Cell] = [
            {"text": row["topic"], "more": f"{row['years'] or 'years not stated'}; {row['unit']}"} | _THEIRS,
            {"text": row["convention"], "more": f"country: {row['country_rule']}"} | _THEIRS,
            _source_of(row) | _THEIRS,
            {"text": row["note"], "more": read} | _THEIRS,
        ]
        if ratio is not None:
            counts = [figure(int(row[code])) for code in codes]
            known = {
                "yes": {"text": "○ missing codes, not a way to count", "mark": "failed"},
                "no": {"text": "● codes complete", "mark": "passed"},
            }.get(row["codes_missing"], {"text": "not known", "mark": "quiet"})
            full.append([row["id"], *counts, figure(ratio), known, *words])
        else:
            lacks = [short([code]) for code in codes if not row.get(code)]
            given = ", ".join(f"{code} {int(row[code]):,}" for code in _COUNTS if row[code]) or "no figures"
            lacking.append([row["id"], ", ".join(lacks), given, *words])
    head = ["id", *codes, "times as many", "codes", "topic", "counted how", "source", "note"]
    other = ["id", "does not give", "gives", "topic", "counted how", "source", "note"]
    caption, places = "Published figures that name every country of the claim", range(1, len(codes) + 2)
    return (
        Table(caption, head, full, places, name="published"),
        Table("Published figures that can't be put on the axis", other, lacking, name="published-others"),
    )


def _ours(tables: RunTables, claim: Entry, codes: Sequence[str]) -> list[list[Cell]]:
    """Return this run's own figures as rows among the published ones; a row that says so where there is none."""
    rows: list[list[Cell]] = []
    for row in tables.figures_of(claim):
        counts = [figure(row["left_n"]) if [code] == claim["left"] else NOTHING for code in codes]
        rule = {"text": row["in_words"], "more": row["spec_id"]}
        note = f"this run: {figure(row['left_n'])} / {figure(row['right_n'])}, a unit of several countries counted once"
        known = {"text": "◆ with what is unknown as bounds", "mark": "passed"}
        head = {"text": "ours", "more": row["asks"]}
        rows.append([head, *counts, figure(row["ratio"]), known, tables.query.title, rule, "this run", note])
    if not rows:
        silent: list[Cell] = [NOTHING] * len(codes)
        why = "these records answer no question, so there is no figure of ours to stand beside these"
        rows.append(["ours", *silent, NOTHING, NOTHING, tables.query.title, NOTHING, "this run", why])
    return rows


#: Others' words, as they wrote them.
_THEIRS = {"verbatim": "yes"}
_COUNTS = ("CN", "US", "AU", "JP", "KR", "EP", "WO", "other", "total")


def _source_of(row: Mapping[str, str]) -> dict[str, str]:
    text = f"{row['author']}: {row['title']}{', ' + row['year'] if row['year'] else ''}"
    if row["address"].startswith(("https://", "http://")):
        return {"text": text, "href": row["address"]}
    return {"text": text, "more": row["address"]} if row["address"] else {"text": text}
