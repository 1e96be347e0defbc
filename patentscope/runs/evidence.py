"""The publications behind a number: from a claim's side, or a country, and its years back to the documents."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.aggregate.counts import tally
from patentscope.aggregate.stored import landscape, query_of
from patentscope.errors import UsageError
from patentscope.query.claim import Claim, parse_claim
from patentscope.query.echo import canonical
from patentscope.query.query import AUDITED
from patentscope.records import store
from patentscope.records.offices import UNKNOWN, country_named, office_codes
from patentscope.runs import asked

if TYPE_CHECKING:
    import datetime as dt

    from patentscope.aggregate.answers.entry import Entry
    from patentscope.provenance.run_folder import RunFolder
    from patentscope.query.convention import Convention

PAGE = "https://patents.google.com/patent/{number}"
LEFT, RIGHT = "left", "right"
Years = tuple[int, int]
#: What a unit is called in families.parquet.
_ID = {
    "family": "family_id",
    "application": "application_id",
    "publication": "publication_number",
    "extended_family": "extended_family_id",
}


@dataclass(frozen=True)
class Evidence:
    """What stands behind a number.

    Attributes:
        convention: how it is counted.
        countries: what it counts, as codes: together, each unit once; `("*",)` for all but those on the claim's left,
            None for every country and `unknown`.
        years: first and last, both counted; None for all.
        n: the number, exact; the sum of what the units add to it.
        units: one row per unit: unit (its id) and part, what it adds; where no country was asked for, the first ones,
            if no more than those were.
        publications: one row each, those of a unit together, with its `unit` and a public page.
        is_audited: the figure that was asked for is put right by labels; the list, and `n`, are the classifier's own.
        after_labels: what the labels make of `n`, where it is a figure of curve.csv.
    """

    convention: Convention
    countries: tuple[str, ...] | None
    years: Years | None
    n: Fraction
    units: pd.DataFrame
    publications: pd.DataFrame
    is_audited: bool = False
    after_labels: float | None = None


def check(folder: RunFolder, text: str, *, tolerance: float | None = None, said_on: dt.date | None = None) -> Entry:
    """Hold the claim that *text* states (`parse_claim`) against a run; the result is as verdict.json has it.

    *tolerance* is absolute, on the ratio or the share; 6 % of the claimed size where it is not given. *said_on* is the
    day of the claim: it is counted as of that day, too.

    Raises:
        QueryError: where the claim can't be read, or its sides overlap.
    """
    claim = parse_claim(text, tolerance=tolerance, said_on=said_on)
    query, today = query_of(folder)
    with landscape(folder, query, today) as land:
        entry = land.assess(claim, counts=pd.read_csv(folder.file("counts.csv"), dtype=str, keep_default_na=False))
    if entry["card"]:  # the run has no claim of this name
        stated = f"--claim {shlex.quote(canonical(claim))} "
        entry["card"]["show"] = [one.replace(f"--claim {claim.id} ", stated) for one in entry["card"]["show"]]
    return entry


def show(
    folder: RunFolder,
    *,
    claim: str | None = None,
    country: str | None = None,
    side: str | None = None,
    year: int | Years | None = None,
    spec: str | None = None,
    way: str | None = None,
    question: str | None = None,
    most: int | None = None,
) -> Evidence:
    """Return the publications behind a number of a run.

    They are those of a *side* (`left`, `right`) of a *claim*: one of the query's by its id, the first where none is
    named, or any claim in words. Or those of a *country*, or of several as `US+AU+JP`, a code or a name each. *year* is
    one, or the first and the last; without it, a side has the claim's years, all else every year.

    Counted by the specification *spec* (a `spec_id` or its beginning), by a recognised *way*, or as the figure of
    *question* is; where none of them is given, as the answer's own figure is. Where labels have put that figure right,
    the list is that of the classifier's own reading. Where neither a side nor a country is asked for, no more than the
    first *most* units are listed.

    Raises:
        UsageError: where what is asked for is not in the run.
        QueryError: where a claim in words can't be read.
    """
    if country is not None and side is not None:
        raise UsageError(f"--country {country} and --side {side}: ask for one of them")
    query, today = query_of(folder)
    about = asked.about(folder, query, claim)
    chosen = asked.chosen(folder, query, about, spec=spec, way=way, question=question)
    years = (year, year) if isinstance(year, int) else year
    left: tuple[str, ...] = ()
    if side is None:
        countries = _codes(country)
    else:
        sides = _sides(about.claim, side)
        countries, left = sides[side], sides[LEFT]
        years = years or (about.claim.years if about.claim else None)
    listed = chosen
    if chosen.topic == AUDITED and query.audited is not None:
        listed = replace(chosen, topic=query.audited.name)
    with landscape(folder, query, today) as land:
        rows, of_all = land.first_units(listed, years, most if countries is None else None)
        parts = tally.on_side(rows, listed.share, countries, left)
        behind = land.publications_behind(listed, list(parts.index))
    units, publications = _described(folder, listed.unit, parts, behind)
    after = None
    if listed != chosen and side is not None and about.claim is not None and years == about.claim.years:
        after = asked.counted(folder, about.claim, chosen).get(side)
    # Of every country together, a unit is one.
    n = sum(parts, Fraction(0)) if countries is not None else Fraction(of_all)
    return Evidence(listed, countries, years, n, units, publications, listed != chosen, after)


def _codes(country: str | None) -> tuple[str, ...] | None:
    """Return the codes that *country* names, joined by `+`; None for None."""
    if country is None:
        return None
    known = {UNKNOWN, *office_codes()}
    named = [part.strip() for part in country.split("+")]
    codes = [country_named(part) or (part if part == UNKNOWN else part.upper()) for part in named]
    wrong = [part for part, code in zip(named, codes, strict=True) if code not in known]
    if wrong:
        raise UsageError(
            f"--country {wrong[0]}: expected a code such as CN, US or EP, a country's name, several joined by + "
            "(US+AU+JP), or `unknown`"
        )
    return tuple(dict.fromkeys(codes))


def _sides(claim: Claim | None, side: str) -> dict[str, tuple[str, ...]]:
    if claim is None:
        raise UsageError(
            f"--side {side}: the query of this run has no claim, so there are no sides; ask for --country CN, or "
            'write a claim: --claim "CN > US in 2024"'
        )
    sides = {LEFT: claim.left, RIGHT: claim.right}
    if side not in sides:
        raise UsageError(f"--side {side}: expected {LEFT} or {RIGHT}")
    return sides


def _described(
    folder: RunFolder, unit: str, parts: pd.Series, behind: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the units with what each adds, and what a reader needs of each of their publications."""
    places, named = behind["pub"].to_numpy(), _ID[unit]
    columns = ["publication_number", "publication_date", "office", "family_id", "title", "title_language", "source"]
    table: pd.DataFrame = store.rows(folder.file("publications.parquet"), places, columns).to_pandas()
    ids = store.rows(folder.file("families.parquet"), places, [named]).column(0).to_pandas()
    table.insert(0, "unit", ids.to_numpy())
    pages = [PAGE.format(number=number) for number in table["publication_number"]]
    first = ~behind["unit"].duplicated().to_numpy()
    added = parts.loc[behind["unit"][first]].to_numpy()
    units = pd.DataFrame({"unit": ids.to_numpy()[first], "part": added}, dtype=object)
    return units, table.assign(page=pages)
