"""The reporting sheet: what was searched, how it was counted and what it can't tell, filled from the run itself.

It follows the spirit of the published checklists for patent landscapes (RIPL, Nature Biotechnology, nbt.4291; WIPO,
Guidelines for Preparing Patent Landscape Reports, 2015); its items are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import concern_words, published_words
from patentscope.aggregate.audit import labels
from patentscope.aggregate.audit.reader import AUDIT
from patentscope.aggregate.holdings.attribute import HOW_KNOWN
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.search import CUT, UNKNOWN, told
from patentscope.provenance.search import in_words as source_in_words
from patentscope.provenance.state import StageEntry, State, dated
from patentscope.query.convention import QUESTIONS
from patentscope.query.query import AUDITED, CLASSIFIER, RECORDS, Query, Reading
from patentscope.records.offices import office_codes
from patentscope.report.papers.record_flow import Step, record_flow
from patentscope.report.records import Records
from patentscope.report.wording import untold_units, wording


def reporting(folder: RunFolder, query: Query, records: Records, claims: Sequence[Entry]) -> str:
    """Return the reporting sheet as Markdown: a checklist with an answer to every item, then the query verbatim."""
    state = folder.state
    said = wording(untold_units(folder))
    ours = _counted(folder, query) | _read(folder, query, records) | _found(folder, query, claims)
    items = _asked(state, query) | {title: list(map(said, lines)) for title, lines in ours.items()}
    items["What others counted"] = [line for claim in claims for line in _others(claim)]
    parts = [f"# Reporting sheet: {query.title}\n", "Filled by patentscope from the run's own files.\n"]
    parts += [f"{place}. {title}" for place, title in enumerate([*items, "Query, verbatim"], 1)]
    parts.append("")
    for place, (title, lines) in enumerate(items.items(), 1):
        parts.append(f"## {place}. {title}\n")
        parts += [line if line.startswith("|") else f"- {_one_line(line)}" for line in lines] or ["- none"]
        parts.append("")
    fence = "`" * 4
    parts += [f"## {len(items) + 1}. Query, verbatim\n", f"{fence}toml", query.text.rstrip(), fence]
    return "\n".join(parts) + "\n"


#: The answers to each item, by its title.
Items: TypeAlias = dict[str, list[str]]


def _asked(state: State, query: Query) -> Items:
    """Return the items on what was searched, and where."""
    sources = [
        f"{source['title']} ({source['kind']}), {source['retrieved'] or 'date not stated'}, {source['records']} "
        f"records, licence: {source['licence']}, SHA-256 {source['sha256']}. {source['note']}"
        for source in state["sources"]
    ]
    searched = [
        f"{source['name']}, its own search: {source['search']}" for source in state["sources"] if source["search"]
    ]
    slices = [
        f"{source['name']}: {len(pieces)} searches, {sum(piece['received'] or 0 for piece in pieces):,} of "
        f"{sum(piece['stated'] or 0 for piece in pieces):,} stated hits received"
        for source in state["sources"]
        if (pieces := [piece for piece in source["slices"] if "unit" not in piece])
    ]
    scheme = "symbols as the sources gave them on the dates above; no source states the edition of CPC or IPC. "
    scheme += f"What stands under a symbol is read in CPC {state['scheme']['edition']}"
    return {
        "Question": [query.title, *(f"{claim.id}: “{claim.quote}”" for claim in query.claims)],
        "Databases and dates": sources + searched + slices,
        "Whether the searches are whole": told(state),
        "Date of the data": [f"{dated(state)}; nothing published after {state['as_of']} is counted"],
        "Classes and their version": [*(f"{g}: {', '.join(symbols)}" for g, symbols in query.classes.items()), scheme],
        "Terms": [
            f"{language}, {group}: {', '.join(terms)}"
            for language, groups in query.terms.items()
            for group, terms in groups.items()
        ],
        "Readings of the topic": [_in_words(reading) for reading in query.readings],
    }


def _screening(query: Query) -> str:
    """Return by what families are put on topic, whatever the reading."""
    asked = {member.partition(".")[0] for reading in query.readings for member in reading.members}
    words = {
        "classes": "classes",
        "terms": "terms",
        CLASSIFIER: "a classifier trained on weak labels",
        RECORDS: "whatever was given",
    }
    *before, last = (words[member] for member in words if member in asked)
    return f"by {', '.join(before)} and {last}" if before else f"by {last}"


def _in_words(reading: Reading) -> str:
    parts = [
        f"{what} of {', '.join(members)}" for what, members in (("all", reading.all), ("any", reading.any)) if members
    ]
    return f"{reading.name}: {' and '.join(parts)}{'; Y02 symbols ignored' if reading.without_y02 else ''}"


def _counted(folder: RunFolder, query: Query) -> Items:
    """Return the items on how was counted; the first level of an axis is its baseline."""
    untold = untold_units(folder)
    axes = {axis: ", ".join(level for level in levels if level not in untold) for axis, levels in query.axes.items()}
    steps = "; ".join(f"{step} {words}" for step, words in HOW_KNOWN.items() if step)
    return {
        "Unit": [axes["unit"]],
        "Duplicates": ["one record per publication number is kept, the fuller one; merges are in the flow below"],
        "Date basis": [axes["date"], "a unit without a date is in no year, and in the flow below"],
        "Country rule": [
            axes["basis"],
            f"applicants and inventors as stated; else by steps (de Rassenfosse et al. 2013): {steps}",
            "what no step knows is unknown: on neither side of a claim, and in the bounds of every ratio",
        ],
        "Shared units": [axes["share"], "the sides of a claim are unions: a unit counts once on each"],
        "Kinds of document": [axes["documents"]],
        "International": [axes["international"]],
        "Baseline of each question": [f"{name}: {text}" for name, text in _notes(folder, "baselines").items()],
    }


def _read(folder: RunFolder, query: Query, records: Records) -> Items:
    """Return the items on languages, screening, and the flow of records by country."""
    language = "case when title is not null then coalesce(title_language, 'not stated') end"
    named = dict(records.pairs(f"select {language}, count(*) from publication group by 1 order by 1"))
    untitled = named.pop(None, 0)
    labelled = folder.state.get("labels", {}).get("notes", {}).get("labels", {})
    readers = [f"labels by readers: {n} for {aim}" for aim, n in labelled.items()] or ["no reader screened the records"]
    # The stage that writes this sheet is in the ledger only after it.
    stages = [stage for stage in folder.state["stages"] if stage["stage"] != "report"]
    return {
        "Languages": [
            "terms in English (lemmas), Chinese and Japanese (characters); other languages by class only",
            f"titles by language: {', '.join(f'{name} {n:,}' for name, n in named.items())}; none {untitled:,}",
        ],
        "Screening": [_screening(query), *readers],
        "Flow of records by country": _table(record_flow(folder, query, records)),
        "Ledger: rows in = rows out + left out": [line for stage in stages for line in _stage(stage)],
    }


def _found(folder: RunFolder, query: Query, claims: Sequence[Entry]) -> Items:
    """Return the items on what came out, and on what it can't tell."""
    state = folder.state
    concerns = [
        f"{claim['id']}, {row['question']}: {row['concern']} {row['points']}: {concern_words.in_words(claim, row)}; "
        f"needed: {row['needed']}"
        for claim in claims
        for entry in claim["questions"]
        for row in entry["concerns"]
        if row["points"]
    ]
    stopped = [
        f"{claim['id']}, {row['question']}: {row['reason']}; {row['n']:,} specifications"
        for claim in claims
        for row in claim["stopped"]
    ]
    pruned = [
        f"{claim}: {count} combinations, {reason}"
        for claim, reasons in _notes(folder, "pruned").items()
        for reason, count in reasons.items()
    ]
    return {
        "Specifications pruned before counting": pruned,
        "Verdicts": [line for claim in claims for line in _answer(claim)],
        "Certainty: concerns that cost points": concerns,
        "Specifications stopped": stopped,
        "Thresholds": [f"{name} = {value}" for name, value in vars(query.thresholds).items()],
        "Limits": _limits(folder, tells_families="family" not in untold_units(folder)),
        "Program": [f"patentscope {state['tool']['version']}", f"code and shipped tables {state['code']}"],
    }


def _answer(claim: Entry) -> list[str]:
    """Return a claim's answer: as a whole with its certainty, then by question."""
    words = (
        claim["sentence"],
        claim["on_topic_sentence"],
        claim["claimed_and_counted"],
        claim["certainty_in_words"],
        claim["ways_in_words"],
    )
    lines = [f"{claim['chip']}. {' '.join(filter(None, words))}", *(entry["line"] for entry in claim["questions"])]
    return [f"{claim['id']}: {line}" for line in (*lines, claim["nearest_in_words"]) if line]


def _others(claim: Entry) -> list[str]:
    """Return what others counted beside a claim, series by series; none of it enters a count."""
    series = [
        f"{one['series']} ({one['relation']}, {one['how_read']}), {published_words.about(one)}: {one['convention']}; "
        f"{one['source']}. {one['note']}"
        for one in claim["published"]
    ]
    said = claim["published_sentence"]
    return [f"{claim['id']}: {line}" for line in ([said] if said else []) + series]


def _limits(folder: RunFolder, *, tells_families: bool) -> list[str]:
    """Return what the run can't tell, from what its sources lack and from whether its error was measured."""
    is_audited = len(labels.stored(folder, AUDIT)) > 0
    measured = f"only {AUDITED} has a measured error" if is_audited else "none of them has a measured error"
    limits = [f"no published definition of the topic exists, so its readings differ, and {measured}"]
    for source in folder.state["sources"]:
        name = source["name"]
        limits += [f"{name}: a convenience sample, no census"] if source["is_sample"] else []
        limits += [f"{name}: {_covered(source['lacks_offices'])}"] if source["lacks_offices"] else []
        limits += [source_in_words(source)] if source["status"] in {CUT, UNKNOWN} else []
        if tells_families and not source["has_family_members"]:
            limits.append(f"{name}: holds only the members of a family that match")
    limits.append("a curve shows what choices do; it is no better estimate than any one of them")
    limits.append(f"the questions are never pooled: {'; '.join(f'{name}, {asks}' for name, asks in QUESTIONS.items())}")
    return limits


def _covered(lacking: Sequence[str]) -> str:
    covered = sorted(office_codes() - set(lacking))
    is_short = len(covered) < len(lacking)
    return f"covers {', '.join(covered)} only" if is_short else f"does not cover {', '.join(lacking)}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _table(steps: Sequence[Step]) -> list[str]:
    head = ["step", "by", "all", *steps[0].counts]
    rows = [[what, by, "" if total is None else f"{total:,}"] for what, by, total, _ in steps]
    for row, step in zip(rows, steps, strict=True):
        row += [f"{count:,.6g}" if count % 1 else f"{int(count):,}" for count in step.counts.values()]
    cells = [head, ["---", "---", *["---:"] * (len(head) - 2)], *rows]
    return [f"| {' | '.join(_one_line(cell).replace('|', '/') for cell in row)} |" for row in cells]


def _notes(folder: RunFolder, name: str) -> dict[str, Any]:
    entry = folder.stage("counts")
    return entry["notes"].get(name, {}) if entry else {}


def _stage(stage: StageEntry) -> list[str]:
    lines = [f"{stage['stage']}: {stage['rows_in']} in, {stage['rows_out']} out ({stage['unit']})"]
    for word, entries in (("left out", stage["dropped"]), ("kept with a gap", stage["gaps"])):
        reasons: dict[str, list[str]] = {}
        for loss in entries:
            reasons.setdefault(loss["reason"], []).append(f"{loss['country']} {loss['count']}")
        lines += [f"{stage['stage']}, {word}: {reason} ({', '.join(by)})" for reason, by in reasons.items()]
    return lines
