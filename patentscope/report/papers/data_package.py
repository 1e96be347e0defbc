"""A run's tables as a Frictionless data package: hashes, schemas, sources, licences, and the query that was asked."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any

from patentscope.provenance.run_folder import RunFolder
from patentscope.query.query import Query
from patentscope.records.offices import office_codes

#: By table: what it holds, and the columns that tell its rows apart.
_TABLES = {
    "counts": ("each question's figure, by country and year", ("question", "country", "year")),
    "curve": ("one row per claim and specification", ("claim_id", "spec_id")),
    "sensitivity": ("placebo years and other comparator sets", ("claim_id", "spec_id")),
    "influence": ("what each choice does to the ratio, by claim and question", ("claim_id", "question", "axis")),
    "indicators": ("what else each side can be compared by", ("claim_id", "side", "indicator")),
    "search-log": ("what each symbol and term of the query finds", ("reading", "kind", "name", "symbol_or_term")),
    "applicant-names": (
        "every applicant's name as found, what it was joined to by which rule, and the owner's sector",
        ("joined", "name as found"),
    ),
    "known": ("the documents of a searcher's list, and what became of each", ("line",)),
    "stated": ("what sources state when asked for counts alone", ("source", "part", "office", "year")),
    "published": ("what others counted, by series and year; facts with their sources", ()),
    "labels": ("what readers said of the families drawn", ("aim", "family_id")),
}
_FILES = {
    "publications": ("publications.parquet", "one row per publication"),
    "families": ("families.parquet", "the application and families of each publication"),
    "documents": ("documents.parquet", "publications as counting reads them: dates, kinds, families as numbers"),
    "priorities": ("priorities.parquet", "the priorities of each simple family, by its number"),
    "party_sets": ("party_sets.parquet", "the distinct sets of parties that documents.parquet names by number"),
    "named_members": ("named_members.parquet", "members of simple families that a source names and no record is of"),
    "scores": ("scores.parquet", "what each reading of the topic says of a simple family"),
    "holdings": ("holdings.parquet", "whose each simple family is, and how that is known"),
    "family_sets": ("family_sets.parquet", "the same, as numbers of party sets"),
    "family_party_sets": ("family_party_sets.parquet", "the party sets that family_sets.parquet names by number"),
    "by_year": ("by-year.parquet", "both sides of each claim by year, one row per way to count and year"),
    "verdict": ("verdict.json", "the claims, their answers and how sure they are"),
    "classifier": ("classifier.json", "the classifier's card and rules"),
    "tables": ("tables.xlsx", "every table of the page, one sheet each"),
}
_COLUMNS = {
    "n": ("number", "units counted; `unknown` among the countries is a row of its own"),
    "spec_id": ("string", "hash of the specification; `patentscope show RUN --spec ID` lists what is behind it"),
    "as_of": ("date", "only publications dated on or before it are counted"),
    "left_n": ("number", "units of the left side, each once"),
    "right_n": ("number", "units of the right side, each once"),
    "overlap_n": ("number", "units of both sides, counted in both"),
    "imputed_n": ("number", "units of the year, in any country, known by the priority office alone"),
    "unknown_n": ("number", "units of the year without a known country, on neither side"),
    "ratio": ("number", "left_n / right_n; empty where right_n is 0"),
    "low": ("number", "the ratio with all that is unknown or imputed on the right"),
    "high": ("number", "the ratio with all that is unknown or imputed on the left; empty without an upper bound"),
    "points": (
        "integer",
        "what its concerns cost: 0 high, 1 or 2 moderate, 3 or 4 low, more very low; empty if stopped",
    ),
    "certainty": ("string", "the same in words"),
    "stopped": ("boolean", "whether something stops it altogether: it is counted, and never judged"),
    "judged": ("boolean", "whether the answer rests on it"),
    "found": ("boolean", "whether the document is in the records; empty for a line that asks for none"),
    "reason": ("string", "why it is stopped, or not judged, and what no interval covers"),
    "value": ("number", "the indicator of the side; empty where it can't be told"),
    "coverage": ("number", "of the side's families in the cohort, the part whose needed field is known"),
    "variance_share": ("number", "of the log ratio's sum of squares, the part between the axis's levels"),
    "median_factor": ("number", "between the ratios of pairs that differ in this axis alone"),
    "median_log_change": ("number", "its natural logarithm"),
    "median_ratio_change": ("number", "the ratios' difference, over the same pairs"),
    **dict.fromkeys(
        (
            "families",
            "only_here",
            "levels",
            "specifications",
            "results",
            "left_empty",
            "right_empty",
            "pairs",
            "stratum_families",
            "stratum_drawn",
            "row",
            "line",
        ),
        ("integer", ""),
    ),
}

_OF_INDICATORS = {
    "n": "families whose needed field is known",
    "low": "the value with all the others at its low end",
    "high": "the value with all the others at its high end",
}


def data_package(folder: RunFolder, query: Query) -> dict[str, Any]:
    """Return the package's descriptor; labels.csv and known.csv are in it where a run has them."""
    state = folder.state
    tables = [_table(folder, name) for name in _TABLES if folder.file(f"{name}.csv").is_file()]
    files = [_file(folder.file(path), name, text) for name, (path, text) in _FILES.items()]
    licences = sorted({source["licence"] for source in state["sources"]})
    return {
        "profile": "data-package",
        "name": query.name,
        "title": query.title,
        "version": state["tool"]["version"],
        "as_of": state["as_of"],
        "query": query.text,
        "sources": [
            {name: source[name] for name in ("title", "retrieved", "licence", "sha256", "records")}
            for source in state["sources"]
        ],
        "licenses": [{"name": "see-sources", "title": text} for text in licences],
        "resources": [*tables, *files],
    }


def _file(path: Path, name: str, description: str) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    form = path.suffix.removeprefix(".")
    head = {"name": name, "type": "file", "path": path.name, "description": description, "format": form}
    return head | {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _table(folder: RunFolder, name: str) -> dict[str, Any]:
    description, key = _TABLES[name]
    path = folder.file(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream), [])
    schema = {"fields": [_field(column, name) for column in header], "missingValues": [""]}
    schema |= {"primaryKey": list(key)} if key else {}
    about = {"type": "table", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}
    return _file(path, name, description) | about


def _field(column: str, table: str) -> dict[str, str]:
    if table == "indicators" and column in _OF_INDICATORS:
        return {"name": column, "type": "number", "description": _OF_INDICATORS[column]}
    # A claim's year may be a span (2015..2020); in counts.csv it is one year.
    one_year = column == "year" and table in {"counts", "stated"}
    kind, text = ("integer", "") if one_year else _COLUMNS.get(column, ("string", ""))
    if table == "published" and (column == "total" or column in office_codes()):
        kind, text = "number", "as published"
    return {"name": column, "type": kind} | ({"description": text} if text else {})
