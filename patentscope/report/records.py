"""What the page says of the records: sources, flow, counts, classifier, classes, and the publications themselves."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from patentscope.offices import UNKNOWN
from patentscope.report.table import NOTHING, Cell, Table, figure, language_of, numeric, percent, shortened
from patentscope.symbols import covered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from patentscope.charts.run_tables import RunTables

MOST_RECORDS = 1000
PAGE = "https://patents.google.com/patent/{number}"


def sources(tables: RunTables) -> Table:
    """Return who answered, when, and under which licence."""
    rows = [
        [
            {"text": entry["title"], "more": f"{entry['name']}, {entry['kind']}", "verbatim": "yes"},
            entry["retrieved"] or "not stated",
            figure(entry["records"]),
            {"text": entry["licence"], "verbatim": "yes"},
            {True: "proven", False: "not proven"}.get(entry["proven_complete"], "not asked of such a source"),
            {"text": entry["note"] or NOTHING, "verbatim": "yes"},
            {"text": entry["sha256"][:16], "mark": "code"},
        ]
        for entry in tables.state["sources"]
    ]
    head = ["source", "retrieved", "records", "licence", "completeness", "note", "SHA-256 begins"]
    return Table("Sources, dates and licences", head, rows, numeric(2), name="sources")


def flow(tables: RunTables) -> list[Table]:
    """Return the ledger: rows in and out by stage, then what was left out or kept with a gap, by country."""
    stages = [entry for entry in tables.state["stages"] if entry["stage"] != "report"]
    rows = [
        [
            stage["stage"],
            stage["unit"],
            figure(stage["rows_in"]),
            figure(stage["rows_out"]),
            figure(sum(loss["count"] for loss in stage["dropped"])),
            "; ".join(_plain_notes(stage["notes"])) or NOTHING,
        ]
        for stage in stages
    ]
    head = ["stage", "a row is a", "rows in", "rows out", "left out", "notes"]
    found = [Table("The flow of records: rows in = rows out + left out", head, rows, numeric(2, 3, 4), name="flow")]
    for kind, what in (("dropped", "Left out"), ("gaps", "Kept with a gap")):
        losses = [(stage["stage"], loss) for stage in stages for loss in stage[kind]]
        if losses:
            found.append(_losses(f"{what}, by reason and country", losses, f"flow-{what.split()[0]}"))
    return found


def _losses(caption: str, losses: Sequence[tuple[str, Mapping[str, Any]]], name: str) -> Table:
    """Return losses crossed by country, the largest countries first."""
    frame = pd.DataFrame([{"stage": stage, **loss} for stage, loss in losses])
    sums = frame.groupby("country")["count"].sum()
    countries = sorted(sums.index, key=lambda code: (code == UNKNOWN, -sums[code], code))
    rows: list[list[Cell]] = []
    for stage, reason in dict.fromkeys(zip(frame["stage"], frame["reason"], strict=True)):
        part = frame[frame["stage"].eq(stage) & frame["reason"].eq(reason)]
        here = dict(zip(part["country"], part["count"], strict=True))
        first = [name for names in part["first"] for name in names][:2]
        figures = [figure(int(here.get(code, 0))) for code in countries]
        title = {"text": reason, "more": f"{stage}; such as {', '.join(first)}" if first else stage}
        rows.append([title, figure(int(part["count"].sum())), *figures])
    return Table(caption, ["reason", "all", *countries], rows, frozenset(range(1, len(countries) + 2)), name=name)


def _plain_notes(notes: Mapping[str, Any]) -> list[str]:
    """Return those of a stage's notes that are a figure or a word; the longer ones are told elsewhere on the page."""
    return [
        f"{name} {figure(value) if isinstance(value, (int, float)) else value}"
        for name, value in notes.items()
        if isinstance(value, (int, float, str))
    ]


def classifier(tables: RunTables) -> dict[str, Any]:
    """Return whether the classifier was trained and why not, its rules, its card, and how it agrees with the labels."""
    judged = tables.classifier
    rules = [{str(name): value for name, value in rule.items()} for rule in judged["rules"]]
    columns = list(dict.fromkeys(name for rule in rules for name in rule))
    body = [[_cell(rule.get(name)) for name in columns] for rule in rules]
    card = [[str(name), _cell(value)] for name, value in (judged["card"] or {}).items()]
    return {
        "trained": judged["trained"],
        "why_not": judged["why_not"],
        "rules": Table("Rules: each may say in or out, or abstain", columns, body, frozenset()) if rules else None,
        "card": Table("The model's card", ["entry", "value"], card) if card else None,
        "labels": _labels(judged["labels"]) if judged["labels"] else None,
    }


def _cell(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: NOTHING}[value]
    if isinstance(value, (int, float)):
        return figure(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_cell(entry)}" for name, entry in value.items())
    if isinstance(value, list):
        return ", ".join(_cell(entry) for entry in value)
    return shortened(str(value))


def _labels(rows: Sequence[Mapping[str, Any]]) -> Table:
    body = []
    for row in rows:
        shares = [
            NOTHING
            if row[name] is None
            else f"{percent(row[name])} ({percent(row[name + '_low'])} to {percent(row[name + '_high'])})"
            for name in ("precision", "recall")
        ]
        kept = [f"{row[f'{label}_chosen']} of {row[f'{label}_chosen'] + row[f'{label}_left']}" for label in _LABELS]
        body.append([row["reading"], *kept, figure(row["undecided"]), *shares])
    head = ["reading", *(f"chosen of those labelled {label}" for label in _LABELS), "undecided", "precision", "recall"]
    caption = "Readings against one reader's labels: a convenience sample, not an audit of any country (95 % Wilson)"
    return Table(caption, head, body, numeric(1, 2, 3, 4))


_LABELS = ("in", "borderline", "out")


def classes(tables: RunTables) -> Table:
    """Return the query's classes: title, whether it is verified, and how many publications hold the class."""
    symbols = pd.concat([tables.publications["cpc"].explode(), tables.publications["ipc"].explode()])
    held = pd.DataFrame({"symbol": symbols, "number": tables.publications["publication_number"].reindex(symbols.index)})
    held = held.dropna().drop_duplicates()
    distinct = held["symbol"].unique()
    body: list[list[Cell]] = []
    for group, patterns in tables.query.classes.items():
        for pattern in patterns:
            symbol = pattern.rstrip("=")
            known = tables.classes.get(symbol) or tables.classes.get(f"{symbol}/00") or {}
            wanted = covered([pattern], distinct, without_y02=False)
            n = held.loc[held["symbol"].isin(wanted), "number"].nunique()
            verified = {"yes": {"text": "✓ official", "mark": "passed"}}.get(
                known.get("verified", ""), {"text": "not verified", "mark": "quiet"}
            )
            title = {"text": known.get("title") or "no title shipped", "verbatim": "yes"}
            body.append([pattern, group, title, verified, figure(n)])
    head = ["symbol", "group", "title", "title verified", "publications here"]
    caption = "Classes of the query; a symbol stands for its subgroups too"
    return Table(caption, head, body, numeric(4), name="classes")


def readings(tables: RunTables) -> Table:
    """Return the readings of the topic and how many families each takes."""
    body = []
    for reading in tables.query.readings:
        parts = [f"all of {', '.join(reading.all)}"] if reading.all else []
        parts += [f"any of {', '.join(reading.any)}"] if reading.any else []
        chosen = tables.scores[f"in_topic_{reading.name}"]
        n = int(chosen.fillna(value=False).astype(bool).sum())
        rule = f"{' and '.join(parts)}{'; Y02 symbols ignored' if reading.without_y02 else ''}"
        body.append([reading.name, rule, figure(n), figure(int(chosen.isna().sum()))])
    return Table(
        "Readings of the topic", ["reading", "rule", "families in", "undecided"], body, numeric(2, 3), name="readings"
    )


def records(tables: RunTables) -> list[dict[str, Any]]:
    """Return the first thousand publications, on-topic ones first, each with its page, source, date and licence."""
    names = [reading.name for reading in tables.query.readings]
    scores = tables.scores.set_index("family_id")
    frame = tables.publications
    met = {name: frame["family_id"].map(scores[f"in_topic_{name}"]).fillna(value=False).astype(bool) for name in names}
    hits = pd.DataFrame(met, index=frame.index)
    order = frame.assign(hits=-hits.sum(axis=1)).sort_values(["hits", "publication_number"])
    known = {entry["name"]: entry for entry in tables.state["sources"]}
    by_hash = {entry["sha256"][:16]: entry for entry in tables.state["sources"]}
    listed = order.index[:MOST_RECORDS]
    parties = tables.applicants.take(listed.to_numpy()).to_pylist()
    found = []
    for row, met_by, named in zip(_rows(order.loc[listed]), _rows(hits.loc[listed]), parties, strict=True):
        source = known.get(row["source"]) or by_hash.get(row["origin"]) or {}
        found.append(_record(row, [name for name in names if met_by[name]], source, named or []))
    return found


def records_table(found: Sequence[Mapping[str, Any]]) -> Table:
    """Return the same publications as a table to take away; the page shows them as a list of its own."""
    head = ["number", "titles", "applicants", "office", "dates", "family", "on topic", "source", "retrieved", "licence"]
    rows: list[list[Cell]] = [
        [
            {"text": row["number"], "more": row["page"]},
            " / ".join(title["text"] for title in row["titles"]),
            "; ".join(party["text"] for party in row["applicants"]),
            row["office"],
            "; ".join(f"{name} {date}" for name, date in row["dates"]),
            row["family"],
            ", ".join(row["topics"]),
            *(row[name] for name in ("source", "retrieved", "licence")),
        ]
        for row in found
    ]
    return Table("Publications, with source, date of retrieval and licence", head, rows, name="publications")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dictionaries; a null text, which pandas hands out as a float, is None."""
    return [
        {str(name): None if isinstance(value, float) and isnan(value) else value for name, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]


def _record(
    row: Mapping[str, Any], topics: Sequence[str], source: Mapping[str, Any], parties: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    titles = []
    for title, language in ((row["title"], row["title_language"]), (row["title_original"], None)):
        if isinstance(title, str) and title:
            titles.append({"text": shortened(title), "lang": language_of(title, language, row["office"])})
    dates = [(name, row[f"{name}_date"]) for name in ("publication", "filing", "priority")]
    return {
        "number": row["publication_number"],
        "page": PAGE.format(number=quote(row["publication_number"], safe="")),
        "titles": titles,
        "applicants": [
            {"text": shortened(party["name"]), "lang": language_of(party["name"], None, row["office"])}
            for party in parties
            if party["name"]
        ],
        "office": row["office"] or NOTHING,
        "dates": [(name, str(date)) for name, date in dates if date is not None and not pd.isna(date)],
        "family": row["family_id"],
        "topics": list(topics),
        "source": source.get("name") or row["source"] or NOTHING,
        "retrieved": source.get("retrieved") or "date not stated",
        "licence": source.get("licence") or "not stated",
    }
