"""What goes with a number: the reporting sheet, the data package and the ClaimReview, filled from the run itself.

The reporting sheet follows the spirit of the published checklists for patent landscapes (RIPL, Nature Biotechnology,
nbt.4291; WIPO, Guidelines for Preparing Patent Landscape Reports, 2015); its items are our own.
"""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

from patentscope.provenance import write_json, write_text

if TYPE_CHECKING:
    from patentscope.query import Query
    from patentscope.run_folder import RunFolder

_TABLES = {
    "counts": ("counts.csv", "each question's baseline, by country and year"),
    "curve": ("curve.csv", "one row per claim and specification"),
    "sensitivity": ("sensitivity.csv", "placebo years and other comparator sets"),
}
_NUMBERS = {"n", "left_n", "right_n", "overlap_n", "imputed_n", "unknown_n", "ratio", "low", "high"}


def write_all(folder: RunFolder, query: Query) -> None:
    """Write reporting.md, claimreview.json and datapackage.json into the run's folder."""
    judged = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))
    write_text(folder.file("reporting.md"), reporting(folder.state, query, judged))
    write_json(folder.file("claimreview.json"), claim_reviews(judged, folder.state))
    write_json(folder.file("datapackage.json"), data_package(folder, query))


def reporting(state: dict[str, Any], query: Query, judged: dict[str, Any]) -> str:
    """Return the reporting sheet as Markdown."""
    items = [
        ("Databases and dates", [_source_line(source) for source in state["sources"]]),
        ("Date of the data", [f"{state['as_of']}; nothing published later is counted"]),
        ("Question", [query.title]),
        ("Classes", [f"{group}: {', '.join(symbols)}" for group, symbols in query.classes.items()]),
        ("Terms", [f"{lang}, {g}: {', '.join(t)}" for lang, groups in query.terms.items() for g, t in groups.items()]),
        ("Readings of the topic", [_reading_line(reading) for reading in query.readings]),
        (
            "Unit, country, share, date, documents",
            [f"{axis}: {', '.join(levels)}" for axis, levels in query.axes.items()],
        ),
        ("Baseline of each question", [f"{q}: {text}" for q, text in _notes(state, "counts", "baselines").items()]),
        ("Duplicates", ["one record per publication number is kept, the fuller one; merges are counted below"]),
        (
            "Country of applicants and inventors",
            ["as stated; else the seven-step fallback of de Rassenfosse et al. 2013, its step kept on every holding"],
        ),
        ("Languages", ["terms in English (lemmas), Chinese and Japanese (characters); other languages by class only"]),
        ("Screening", ["by classes, terms and a classifier trained on weak labels; no reader screened the records"]),
        ("Flow of records", [line for stage in state["stages"] for line in _flow(stage)]),
        ("Specifications pruned", _pruned(state)),
        ("Verdicts", [f"{claim['id']}: {claim['verdict']}. {claim['sentence']}" for claim in judged["claims"]]),
        ("Thresholds", [f"{name} = {value}" for name, value in vars(query.thresholds).items()]),
        (
            "Limits",
            [
                "no published definition of the topic exists, so its readings differ, and none has a measured error",
                "a curve shows what choices do; it is no better estimate than any one of them",
            ],
        ),
    ]
    parts = [f"# Reporting sheet: {query.title}\n", "Filled by patentscope from run.json and verdict.json.\n"]
    for title, lines in items:
        parts.append(f"## {title}\n")
        parts += [f"- {_one_line(line)}" for line in lines] or ["- none"]
        parts.append("")
    fence = "`" * 4
    parts += ["## Query, verbatim\n", f"{fence}toml", query.text.rstrip(), fence]
    return "\n".join(parts) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _source_line(source: dict[str, Any]) -> str:
    asked = source["retrieved"] or "date not stated"
    return (
        f"{source['title']} ({source['kind']}), {asked}, {source['records']} records, licence: {source['licence']}, "
        f"SHA-256 {source['sha256']}. {source['note']}"
    )


def _reading_line(reading: Any) -> str:  # noqa: ANN401 - query.Reading, whose names are all that is used
    parts = [f"all of {', '.join(reading.all)}"] if reading.all else []
    parts += [f"any of {', '.join(reading.any)}"] if reading.any else []
    return f"{reading.name}: {' and '.join(parts)}{'; Y02 symbols ignored' if reading.without_y02 else ''}"


def _notes(state: dict[str, Any], stage: str, name: str) -> dict[str, Any]:
    found = [entry["notes"].get(name, {}) for entry in state["stages"] if entry["stage"] == stage]
    return dict(found[0]) if found else {}


def _pruned(state: dict[str, Any]) -> list[str]:
    return [
        f"{claim}: {count} combinations, {reason}"
        for claim, reasons in _notes(state, "counts", "pruned").items()
        for reason, count in reasons.items()
    ]


def _flow(stage: dict[str, Any]) -> list[str]:
    lines = [f"{stage['stage']}: {stage['rows_in']} in, {stage['rows_out']} out ({stage['unit']})"]
    for word, entries in (("left out", stage["dropped"]), ("kept with a gap", stage["gaps"])):
        reasons: dict[str, list[str]] = {}
        for loss in entries:
            reasons.setdefault(loss["reason"], []).append(f"{loss['country']} {loss['count']}")
        lines += [f"{stage['stage']}, {word}: {reason} ({', '.join(by)})" for reason, by in reasons.items()]
    return lines


def claim_reviews(judged: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """Return schema.org ClaimReview entries. The first appearance stays empty: it is not known."""
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "ClaimReview",
                "claimReviewed": claim["quote"],
                "datePublished": state["as_of"],
                "author": {"@type": "Organization", "name": "whoever publishes this run"},
                "itemReviewed": {
                    "@type": "Claim",
                    "datePublished": claim["said_on"],
                    "appearance": {"@type": "CreativeWork", "headline": claim["source"]},
                },
                "reviewRating": {"@type": "Rating", "alternateName": claim["verdict"]},
                "reviewBody": claim["sentence"],
            }
            for claim in judged["claims"]
            if not claim.get("illustration")
        ],
    }


def data_package(folder: RunFolder, query: Query) -> dict[str, Any]:
    """Return a Frictionless data package of the run's tables, with hashes, schemas, sources and licences."""
    return {
        "name": query.name,
        "title": query.title,
        "version": folder.state["tool"]["version"],
        "sources": [{"title": source["title"]} for source in folder.state["sources"]],
        "licenses": [
            {"name": "see-sources", "title": text}
            for text in sorted({source["licence"] for source in folder.state["sources"]})
        ],
        "resources": [_resource(folder, name, *entry) for name, entry in _TABLES.items()],
    }


def _resource(folder: RunFolder, name: str, file: str, description: str) -> dict[str, Any]:
    raw = folder.file(file).read_bytes()
    header = next(csv.reader(raw.decode("utf-8").splitlines()), [])
    fields = [{"name": column, "type": "number" if column in _NUMBERS else "string"} for column in header]
    return {
        "name": name,
        "path": file,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }
