"""What the page says of the records: sources, flow, counts, classifier, classes, and the publications themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from patentscope.aggregate.audit.reader import IN, OUT
from patentscope.provenance.search import in_words
from patentscope.query.commands import check_line
from patentscope.query.convention import TOPICS_IN_WORDS
from patentscope.query.made import WORDS, is_made, topic_of
from patentscope.query.query import CLASSIFIER, RECORDS, SCOPES, Query, Reading
from patentscope.records.offices import UNKNOWN
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Cell, Table, figure, percent, shortened, with_interval
from patentscope.report.wording import is_of, is_of_application, wording


def commands(tables: RunTables) -> list[tuple[str, str]]:
    """Return the commands that repeat the run or go behind its numbers, each with what it gives."""
    claim = next(iter(tables.claims), None)
    left, right = map("+".join, (claim["left"], claim["right"]) if claim else (["CN"], ["*"]))
    year = claim["year"] if claim else tables.query.years[1]
    given = f"run QUERY.toml {'--sample' if tables.is_sample else '--input FILE'}"
    if tables.claims and is_made(tables.query.text):
        given = check_line(tables.query.claims[0], topic_of(tables.query), "FILE").removeprefix("patentscope ")
    given += " --candidates" if any(source.get("selection") for source in tables.state["sources"]) else ""
    given += " --known NUMBERS.txt" if "known" in tables.state else ""
    return [
        (f"patentscope {given} --out RUN", "the same folder, byte for byte"),
        ("patentscope report RUN", "this page again"),
        (f'patentscope check RUN "{left} > {right} in {year}"', "any claim against these records"),
        (f"patentscope show RUN --country CODE --year {tables.query.years[1]}", "the publications behind a number"),
        ("patentscope show RUN --spec SPEC_ID", "the publications behind a way to count"),
        ("patentscope verify RUN", "whether a file of the run was touched"),
        ("patentscope diff RUN OTHER_RUN", "what changed between two runs, by reason"),
        ("patentscope sources", "who can be asked"),
    ]


def sources(tables: RunTables) -> Table:
    """Return who answered, when, and under which licence."""
    rows: list[list[Cell]] = [
        [
            {"text": entry["title"], "more": f"{entry['name']}, {entry['kind']}", "verbatim": "yes"},
            entry["retrieved"] or "not stated",
            figure(entry["records"]),
            {"text": entry["licence"], "verbatim": "yes"},
            "; ".join([in_words(entry).removeprefix(f"{entry['name']}: "), *entry["remarks"]]),
            {"text": entry["note"] or NOTHING, "verbatim": "yes"},
            {"text": entry["sha256"][:16], "mark": "code"},
        ]
        for entry in tables.state["sources"]
    ]
    head = ["source", "retrieved", "records", "licence", "whole", "note", "SHA-256 begins"]
    return Table("Sources, dates and licences", head, rows, {2}, name="sources")


def flow(tables: RunTables) -> list[Table]:
    """Return the ledger: rows in and out by stage, then what was left out or kept with a gap, by country."""
    stages = [entry for entry in tables.state["stages"] if entry["stage"] != "report"]
    said = wording(tables.untold)
    rows = [
        [
            stage["stage"],
            said(stage["unit"]),
            figure(stage["rows_in"]),
            figure(stage["rows_out"]),
            figure(sum(loss["count"] for loss in stage["dropped"])),
            # The longer notes are told elsewhere on the page; of units that can't be told there is nothing to say.
            "; ".join(
                f"{_note(name)} {value if isinstance(value, str) else figure(value)}"
                for name, value in stage["notes"].items()
                if isinstance(value, (int, float, str)) and not is_of(name, tables.untold)
            )
            or NOTHING,
        ]
        for stage in stages
    ]
    head = ["stage", "a row is a", "rows in", "rows out", "left out", "notes"]
    ledger = [Table("The flow of records: rows in = rows out + left out", head, rows, {2, 3, 4}, name="flow")]
    kinds = {
        what: [
            {"stage": stage["stage"], **loss, "reason": said(loss["reason"])}
            for stage in stages
            for loss in (stage["dropped"] if what == "Left out" else stage["gaps"])
            if not is_of_application(loss["reason"], tables.untold)
        ]
        for what in ("Left out", "Kept with a gap")
    }
    for what, losses in kinds.items():
        if losses:
            ledger.append(_losses(f"{what}, by reason and country", losses, f"flow-{what.split()[0]}"))
    return ledger


def files(tables: RunTables) -> Table:
    """Return every file that the stages made, with what its hash begins with; the page and what goes with it apart."""
    rows: list[list[Cell]] = [
        [name, stage["stage"], {"text": sha256, "mark": "code"}]
        for stage in tables.state["stages"]
        if stage["stage"] != "report"
        for name, sha256 in stage["files"].items()
    ]
    note = "patentscope verify RUN computes them again, with those of the page and the papers."
    return Table("The files of the run", ["file", "made by the stage", "SHA-256 begins"], rows, note=note, name="files")


def _note(name: str) -> str:
    """Return the name of a note as readers take it: `families in records` are those of a topic definition."""
    what, _, topic = name.partition(" in ")
    return f"{what}, {TOPICS_IN_WORDS[topic]}:" if topic in TOPICS_IN_WORDS else name


def _losses(caption: str, losses: Sequence[Mapping[str, Any]], name: str) -> Table:
    """Return losses crossed by country, the largest countries first."""
    frame = pd.DataFrame(losses)
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
    return Table(caption, ["reason", "all", *countries], rows, range(1, len(countries) + 2), name=name)


def classifier(tables: RunTables) -> dict[str, Any]:
    """Return whether the classifier was trained and why not, its rules, its card, and how it agrees with the labels."""
    judged = tables.classifier
    card = [[str(name), _cell(value)] for name, value in (judged["card"] or {}).items()]
    return {
        "is_asked": any(CLASSIFIER in reading.members for reading in tables.query.readings),
        "trained": judged["trained"],
        "why_not": judged["why_not"],
        "rules": _rules(tables) if judged["rules"] else None,
        "card": Table("The model's card", ["entry", "value"], card) if card else None,
        "labels": _labels(judged["labels"]) if judged["labels"] else None,
    }


def _rules(tables: RunTables) -> Table:
    """Return what each rule says and why, how often, and how often it is right where a reader labelled families."""
    labels, is_audit = tables.reader_labels
    truth = labels[labels.isin([IN, OUT])].eq(IN)
    cast = tables.labelled
    body = []
    for rule in tables.classifier["rules"]:
        known = truth[cast[f"rule_{rule['rule']}"].reindex(truth.index, fill_value=0).ne(0)]
        right = int(known.eq(rule["vote"] > 0).sum())
        shares = [f"{rule[name]:.1%}" for name in ("coverage", "overlap", "conflict")]
        said = {"text": rule["rule"], "more": rule["why"]}
        heard = [figure(len(known)), percent(right / len(known) if len(known) else None)]
        body.append([said, "in" if rule["vote"] > 0 else "out", figure(rule["families"]), *shares, *heard])
    head = ["rule", "says", "families", "coverage", "overlap", "conflict", "labelled", "right"]
    note = "Overlap and conflict: the share of families on which another rule speaks too, or says the opposite."
    if len(truth):
        whose = "the families that a reader labelled" if is_audit else "the sample's labelled families"
        note += f" Labelled and right: of {whose}, borderline ones left out, each family counting once."
    return Table("Rules: each says in or out, or abstains", head, body, range(2, len(head)), note)


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
        shares = [with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in ("precision", "recall")]
        kept = [f"{row[f'{label}_chosen']} of {row[f'{label}_chosen'] + row[f'{label}_left']}" for label in _LABELS]
        body.append([row["reading"], *kept, figure(row["undecided"]), *shares])
    head = [
        "topic definition",
        *(f"chosen of those labelled {label}" for label in _LABELS),
        "undecided",
        "precision",
        "recall",
    ]
    caption = (
        "Topic definitions against one reader's labels: a convenience sample, not an audit of any country (95 % Wilson)"
    )
    return Table(caption, head, body, {1, 2, 3, 4})


_LABELS = ("in", "borderline", "out")


def classes(tables: RunTables) -> Table | None:
    """Return the query's classes: the official title, where it is known, and how many publications hold the class.

    None where the query has none.
    """
    if not tables.query.classes:
        return None
    scheme, (stage,) = tables.state["scheme"], [one for one in tables.state["stages"] if one["stage"] == "classify"]
    holders = stage["notes"]["publications by class"]
    body: list[list[Cell]] = []
    for group, listed in tables.query.classes.items():
        for pattern in listed:
            title: Cell = {"text": scheme["titles"].get(pattern, NOTHING), "verbatim": "yes"}
            if pattern in scheme["absent"]:
                title = f"not in CPC {scheme['edition']}; the nearest there is {scheme['absent'][pattern]}"
            body.append([pattern, group, title, figure(holders[pattern])])
    head = ["symbol", "group", "official title", "publications here"]
    caption = f"Classes of the query; a symbol stands for all that is under it in CPC {scheme['edition']}"
    return Table(caption, head, body, {3}, name="classes")


def _rules_of(reading: Reading, query: Query) -> Iterator[str]:
    """Yield what a reading asks of a family, its scope left aside."""
    if reading.takes_all:
        yield "all that was given"
        return
    if reading.name == WORDS and is_made(query.text):
        yield f"texts that hold each of: {topic_of(query)} (one of those between commas)"
        return
    for which, members in (("all", reading.all), ("any", reading.any)):
        named = ["every record given" if member == RECORDS else member for member in members]
        if named:
            yield f"{which} of {', '.join(named)}"


def readings(tables: RunTables) -> Table:
    """Return the readings of the topic and how many families each takes."""
    body = []
    for reading in tables.query.readings:
        parts = list(_rules_of(reading, tables.query))
        parts += [f"a text that states a feed of {' or '.join(SCOPES[reading.scope])}"] if reading.scope else []
        taken, open_ones = tables.records.taken(reading.name)
        rule = f"{' and '.join(parts)}{'; Y02 symbols ignored' if reading.without_y02 else ''}"
        name = TOPICS_IN_WORDS.get(reading.name, reading.name)
        body.append([name, rule, figure(taken), figure(open_ones)])
    head = ["topic definition", "rule", "families in", "undecided"]
    return Table("Topic definitions", head, body, {2, 3}, name="readings")
