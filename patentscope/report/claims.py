"""What the page says of each claim: the verdict, the gates, the specifications nearest to it, other years and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentscope.charts.curve import AXES, choice, is_usable, stopped_by
from patentscope.charts.ratio import published_ratio, ratio_words
from patentscope.claim import side_text
from patentscope.convention import QUESTIONS
from patentscope.report.choices import choices
from patentscope.report.misread import misread_table
from patentscope.report.table import NOTHING, Cell, Table, figure, numeric, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentscope.charts.run_tables import RunTables

LISTED = 20
_CUES = {
    "supported": "✓",
    "direction right, size depends on the convention": "≈",
    "direction right, size not reproduced": "↗",
    "mixed": "±",
    "contradicted": "✗",
    "not assessable": "?",
}
#: Gates whose finding is a share, not a count.
_SHARES = {"coverage", "truncation", "truncation gap"}


def claim_view(tables: RunTables, claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template shows of one claim, its charts apart."""
    note = tables.note_of(dict(claim))
    left, right = side_text(tuple(claim["left"])), side_text(tuple(claim["right"]))
    rows = tables.curve[tables.curve["claim_id"].eq(claim["id"])]
    usable = is_usable(rows, illustration=bool(note))
    return {
        **claim,
        "note": note,
        "cue": _CUES.get(claim["verdict"], "?"),
        "kind": claim["verdict"].split(",")[0].replace(" ", "-"),
        "left_text": left,
        "right_text": right,
        "reads_as": _reads_as(claim, left, right),
        "verdicts": _verdicts(claim),
        "illustrated": _illustrated(claim) if note else None,
        "gates_table": _gates(claim),
        "choices_table": choices(
            tables.influence[tables.influence["claim_id"].eq(claim["id"])],
            [entry["question"] for entry in claim["questions"]],
        ),
        "misread_table": misread_table(claim["misreadings"]),
        "nearest_table": _nearest(claim),
        "listed": len(rows),
        "admissible": int(usable.sum()),
        "with_ratio": int(rows["ratio"].ne("").sum()),
        "most_counted": _most_counted(rows, left, right),
        "specifications": {
            entry["question"]: _specifications(rows[rows["question"].eq(entry["question"])], claim, note, (left, right))
            for entry in claim["questions"]
        },
    }


def _reads_as(claim: Mapping[str, Any], left: str, right: str) -> str:
    if claim["ratio_claimed"] is None:
        return f"{left} more than {right} in {claim['year']}; the claim names no size"
    ratio = claim["ratio_claimed"]
    return (
        f"{left} / ({right}) = {ratio:.2f} in {claim['year']}, {ratio / (1 + ratio):.1%} of the two sides together; "
        f"{ratio - claim['tolerance']:.2f} to {ratio + claim['tolerance']:.2f} counts as the claimed size"
    )


def _verdicts(claim: Mapping[str, Any]) -> Table:
    """Return the verdict question by question."""
    rows: list[list[Cell]] = []
    for entry in claim["questions"]:
        base = entry["baseline"] or {}
        span = NOTHING
        if entry["median_ratio"] is not None:
            ends = f"{figure(entry['min_ratio'])} to {figure(entry['max_ratio'])}"
            span = f"{figure(entry['median_ratio'])} ({ends})"
        cue = _CUES.get(entry["verdict"], "?")
        rows.append(
            [
                {"text": entry["question"], "more": QUESTIONS[entry["question"]]},
                {"text": f"{cue} {entry['verdict']}", "mark": entry["verdict"].split(",")[0].replace(" ", "-")},
                f"{entry['specifications']:,} of {entry['listed']:,}",
                span,
                percent(entry["share_left_ahead"]),
                percent(entry["share_at_claimed_size"]),
                f"{figure(base['ratio'])} = {figure(base['left_n'])} / {figure(base['right_n'])}" if base else NOTHING,
            ]
        )
    head = [
        *("question", "verdict", "ways to count admitted", "median ratio (range)"),
        *("left side ahead", "at the claimed size", "baseline"),
    ]
    return Table("The verdict, question by question", head, rows)


def _illustrated(claim: Mapping[str, Any]) -> Table:
    rows = [
        [entry["question"], f"{entry['specifications']:,} of {entry['listed']:,}", figure(entry["median_ratio"])]
        for entry in claim["illustration"]["questions"]
    ]
    head = ["question", "would be admitted", "median ratio"]
    caption = f"What the machine would read, if the records were no sample ({claim['illustration']['note']})"
    return Table(caption, head, rows, numeric(1, 2))


def _gates(claim: Mapping[str, Any]) -> Table:
    """Return the gates against the questions: the worst that was found, and how many ways to count it stopped."""
    questions = [entry["question"] for entry in claim["questions"]]
    found = {(row["gate"], row["country"], row["question"]): row for row in claim["gates"]}
    rows: list[list[Cell]] = []
    for gate, country in dict.fromkeys((row["gate"], row["country"]) for row in claim["gates"]):
        here = [found.get((gate, country, question)) for question in questions]
        needed = next(row["needed"] for row in here if row)
        title = {"text": gate, "more": country or "both sides"}
        rows.append([title, needed, *(_gate_cell(row) for row in here)])
    return Table(
        "Gates by question: the worst finding over all ways to count, and how many it stopped",
        ["gate and side", "needed", *questions],
        rows,
    )


def _gate_cell(row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return {"text": "does not apply", "mark": "quiet"}
    value = row["found"]
    if value is None:
        worst = "can't be estimated"
    elif isinstance(value, str):
        worst = value
    else:
        worst = percent(value) if row["gate"] in _SHARES else figure(value)
    if row["passed"]:
        return {"text": "✓ passed", "mark": "passed", "more": f"worst: {worst}"}
    return {"text": "✗ failed", "mark": "failed", "more": f"worst: {worst}; stops {row['stopped']:,} of {row['of']:,}"}


def _nearest(claim: Mapping[str, Any]) -> Table | None:
    rows = [[entry["spec_id"], figure(entry["ratio"]), entry["in_words"]] for entry in claim["nearest"]]
    if not rows:
        return None
    return Table("Admissible ways to count that come nearest to the claim", ["spec_id", "ratio", "convention"], rows)


def _most_counted(rows: pd.DataFrame, left: str, right: str) -> str:
    """Return the largest counts that any specification gives, as a sentence."""
    if rows.empty:
        return "No specification was counted."
    most = [float(pd.to_numeric(rows[name]).max()) for name in ("left_n", "right_n")]
    return f"The largest count under any of them is {figure(most[0])} for {left} and {figure(most[1])} for {right}."


def _specifications(rows: pd.DataFrame, claim: Mapping[str, Any], note: str, sides: tuple[str, str]) -> Table:
    """Return the specifications to list: admissible ones first, then by how near they come to the claim."""
    ratio = pd.to_numeric(rows["ratio"], errors="coerce")
    target = claim["ratio_claimed"] or 1.0
    order = rows.assign(usable=is_usable(rows, illustration=bool(note)), far=(ratio - target).abs().round(9))
    order = order.sort_values(["usable", "far", "spec_id"], ascending=[False, True, True], na_position="last")
    varied = [axis for axis in AXES if len(set(rows[axis])) > 1]
    shown = []
    for row in order.head(LISTED).to_dict(orient="records"):
        state = "✓ admissible" if row["usable"] else f"✗ {stopped_by(row['reason'])}"
        ends = f"{figure_of(row['low'])} to {figure_of(row['high'], 'no upper end')}" if row["ratio"] else NOTHING
        counts = [figure_of(row[name]) for name in ("left_n", "right_n", "overlap_n", "unknown_n")]
        words = "; ".join(choice(axis, row[axis]) for axis in varied)
        shown.append([row["spec_id"], figure_of(row["ratio"]), ends, *counts, words, state])
    same = "; ".join(choice(axis, rows[axis].iloc[0]) for axis in AXES if axis not in varied and len(rows))
    head = ["spec_id", "ratio", "low to high", *sides, "in both", "unknown", "choices", "gates"]
    note_text = f"The same in all of them: {same}." if same else ""
    caption = f"{len(shown)} of {len(rows):,} specifications, admissible ones first, then nearest to the claim"
    return Table(caption, head, shown, numeric(1, 2, 3, 4, 5, 6), note_text)


def figure_of(text: str, nothing: str = NOTHING) -> str:
    """Return a figure of curve.csv as the page writes it; *nothing* where it is empty."""
    return figure(float(text)) if text else nothing


def sensitivity(tables: RunTables) -> Table | None:
    """Return other years and other comparator sets, one row per question, or None where the run has none."""
    rows = [
        [
            {"text": row["claim_id"], "more": row["question"]},
            row["year"],
            f"{row['left']} / {row['right']}",
            f"{figure_of(row['left_n'])} / {figure_of(row['right_n'])}",
            figure_of(row["ratio"]),
            "✓ admissible" if row["admissible"] == "true" else f"✗ {stopped_by(row['reason'])}",
        ]
        for row in tables.sensitivity.to_dict(orient="records")
    ]
    if not rows:
        return None
    head = ["variant and question", "year", "sides", "counts", "ratio", "gates"]
    return Table("Other years and other comparator sets, each by its question's baseline", head, rows, numeric(3, 4))


def published_tables(tables: RunTables) -> tuple[Table, Table]:
    """Return the published figures that name all countries of the first claim, with their ratio, and the others."""
    claim = next(iter(tables.claims), None)
    sides = (claim["left"], claim["right"]) if claim else ([], [])
    codes = [*sides[0], *sides[1]]
    full: list[list[Cell]] = []
    lacking: list[list[Cell]] = []
    for row in tables.published:
        ratio = published_ratio(row, *sides)
        source = _source_of(row)
        about = {"text": row["topic"], "more": f"{row['years'] or 'years not stated'}; {row['unit']}"}
        rule = {"text": row["convention"], "more": f"country: {row['country_rule']}"}
        note = {"text": row["note"], "more": f"{'read at the source' if row['source_kind'] == 'read' else 'quoted'}"}
        if ratio is not None:
            counts = [figure(int(row[code])) for code in codes]
            known = {
                "yes": {"text": "○ missing codes, not a convention", "mark": "failed"},
                "no": {"text": "● codes complete", "mark": "passed"},
            }.get(row["codes_missing"], {"text": "not known", "mark": "quiet"})
            full.append([row["id"], *counts, figure(ratio), known, about, rule, source, note])
        else:
            lacks = [side_text((code,)) for code in codes if not row.get(code)]
            given = ", ".join(f"{code} {int(row[code]):,}" for code in _COUNTS if row[code]) or "no figures"
            lacking.append([row["id"], ", ".join(lacks), given, about, rule, source, note])
    head = ["id", *codes, ratio_words(*sides), "codes", "topic", "convention", "source", "note"]
    other = ["id", "does not give", "gives", "topic", "convention", "source", "note"]
    return (
        Table("Published figures that name every country of the claim", head, full, numeric(*range(1, len(codes) + 2))),
        Table("Published figures that can't be put on the axis", other, lacking),
    )


_COUNTS = ("CN", "US", "AU", "JP", "KR", "EP", "WO", "other", "total")


def _source_of(row: Mapping[str, str]) -> dict[str, str]:
    text = f"{row['author']}: {row['title']}{', ' + row['year'] if row['year'] else ''}"
    if row["address"].startswith(("https://", "http://")):
        return {"text": text, "href": row["address"]}
    return {"text": text, "more": row["address"]} if row["address"] else {"text": text}
