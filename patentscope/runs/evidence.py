"""The publications behind a number: from a specification, a country and a year back to the documents."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.counts import tally
from patentscope.aggregate.landscape import landscape, query_of
from patentscope.errors import UsageError
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.claim import parse_claim
from patentscope.query.convention import Convention
from patentscope.records import store
from patentscope.records.offices import UNKNOWN, office_codes

PAGE = "https://patents.google.com/patent/{number}"


@dataclass(frozen=True)
class Evidence:
    """What stands behind a number: the convention, the number itself, and the publications, one row each."""

    convention: Convention
    country: str | None
    year: int | None
    n: float
    units: int
    publications: pd.DataFrame


def check(folder: RunFolder, text: str, *, tolerance: float | None = None) -> Entry:
    """Hold the claim that *text* (by `claim_grammar`) states against a run; the result is as verdict.json has it.

    *tolerance* is absolute, on the ratio or the share; 6 % of the claimed size where it is not given.

    Raises:
        QueryError: where the claim can't be read, or its sides overlap.
    """
    claim = parse_claim(text, tolerance=tolerance)
    query, today = query_of(folder)
    with landscape(folder, query, today) as land:
        return land.assess(claim)


def conventions(folder: RunFolder) -> dict[str, Convention]:
    """Return every specification of a run by its id."""
    return {
        row["spec_id"]: Convention.of(row, dt.date.fromisoformat(row["as_of"]))
        for name in ("curve.csv", "sensitivity.csv")
        for row in _rows(folder, name)
    }


def _rows(folder: RunFolder, name: str) -> list[dict[str, str]]:
    with folder.file(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _baseline(folder: RunFolder, question: str | None) -> Convention:
    """Return the convention of counts.csv for *question*, the first one where none is named."""
    rows = {row["question"]: row for row in _rows(folder, "counts.csv")}
    if not rows:
        raise UsageError(f"{folder.path}: counts.csv is empty: nothing is on topic, so no number has records")
    if question is not None and question not in rows:
        raise UsageError(f"question {question!r}: this run answers {', '.join(rows)}")
    return Convention.of(rows[question or next(iter(rows))], dt.date.fromisoformat(folder.state["as_of"]))


def show(
    folder: RunFolder,
    *,
    country: str | None = None,
    year: int | None = None,
    spec: str | None = None,
    question: str | None = None,
) -> Evidence:
    """Return the publications behind a number of a run: of one *country* (as in counts.csv) and *year*, or of all.

    Counted under *spec*, a `spec_id` or its beginning; where it is not given, under the baseline of *question*.

    Raises:
        UsageError: where no specification, or more than one, has that id, or *country* is no code.
    """
    if country is not None and country not in {UNKNOWN, *office_codes()}:
        raise UsageError(
            f"--country {country}: expected a code such as CN, US, EP, or `unknown`; it counts nothing else"
        )
    if spec is None:
        convention = _baseline(folder, question)
    else:
        matching = {key: value for key, value in conventions(folder).items() if key.startswith(spec)}
        if len(matching) != 1:
            raise UsageError(f"--spec {spec}: {len(matching)} specifications of curve.csv have an id that begins so")
        convention = next(iter(matching.values()))
    query, today = query_of(folder)
    with landscape(folder, query, today) as land:
        rows = land.units(convention)
        rows = rows[rows["year"].eq(year)] if year is not None else rows
        rows = rows[rows["is_first"]] if convention.share == "first" else rows
        rows = rows[rows["country"].eq(country)] if country is not None else rows
        table = tally.by_country(rows, convention.share)
        units = sorted(rows["unit"].unique())
        n = float(sum(table["n"])) if country is not None else float(len(units))
        behind = land.publications_behind(convention, units)
    return Evidence(convention, country, year, n, len(units), _described(folder, behind["publication_number"]))


def _described(folder: RunFolder, numbers: pd.Series) -> pd.DataFrame:
    """Return what a reader needs of each publication, with its public page."""
    columns = ["publication_number", "publication_date", "office", "family_id", "title", "title_language", "source"]
    table: pd.DataFrame = store.read(folder.file("publications.parquet"), columns).to_pandas()
    chosen: pd.DataFrame = table[table["publication_number"].isin(set(numbers))].reset_index(drop=True)
    return chosen.assign(page=[PAGE.format(number=number) for number in chosen["publication_number"]])
