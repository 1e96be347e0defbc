"""Charts of a run: a table goes in, an Altair chart comes out, its convention in the subtitle."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import altair as alt

from patentscope.aggregate.answers.entry import Entry
from patentscope.provenance.run_folder import RunFolder
from patentscope.report.charts.applicants import applicants, names, ranking
from patentscope.report.charts.counted_families import counted as counted_families
from patentscope.report.charts.curve import curve, ranked
from patentscope.report.charts.flow import flow, owners_and_offices
from patentscope.report.charts.headline import headline
from patentscope.report.charts.how_known import how_known, steps_by_country
from patentscope.report.charts.offices import models_by_office, office_by_year, utility_models
from patentscope.report.charts.picture import Picture
from patentscope.report.charts.published_small import smalls
from patentscope.report.charts.ratio import counted
from patentscope.report.charts.results import results
from patentscope.report.charts.trend import Sides, trend
from patentscope.report.run_tables import RunTables

__all__ = [
    "all_charts",
    "applicants",
    "counted",
    "curve",
    "flow",
    "how_known",
    "office_by_year",
    "save_all",
    "trend",
    "utility_models",
]

#: Whose country may have to be looked for, and the question whose baseline says among which families.
BASES = {"applicant": "ownership", "inventor": "invention"}


def all_charts(folder: RunFolder) -> dict[str, alt.TopLevelMixin]:
    """Return every chart of a run by name, in the order of the page."""
    return charts_of(RunTables.read(folder))


def save_all(folder: RunFolder, directory: Path) -> list[Path]:
    """Save every chart of a run in *directory* as SVG and PNG (no browser needed), and return the files."""
    directory.mkdir(parents=True, exist_ok=True)
    saved = []
    for name, chart in all_charts(folder).items():
        for suffix, scale in (("svg", 1), ("png", 2)):
            saved.append(directory / f"{name}.{suffix}")
            chart.save(saved[-1], scale_factor=scale)
    return saved


def charts_of(tables: RunTables) -> dict[str, alt.TopLevelMixin]:
    """Return every chart that *tables* give by name, in the order of the page."""
    return {name: picture.alone() for name, picture in pictures_of(tables).items()} | for_specialists(tables)


def pictures_of(tables: RunTables) -> dict[str, Picture]:
    """Return what readers see, by name: by claim its headline and its results, or where none is, published counts."""
    pictures: dict[str, Picture | None] = {}
    for claim in tables.claims:
        name = str(claim["id"])
        made = headline(tables, claim)
        pictures[name_of("headline", name)] = made
        if made is None:
            first = len(tables.claims) == 1 or claim is tables.claims[0]
            parts = () if first else (name,)
            pictures |= {name_of("published", *parts, str(n)): one for n, one in enumerate(smalls(tables, claim), 1)}
        pictures[name_of("results", name)] = results(tables, claim)
    return {name: made for name, made in pictures.items() if made is not None}


def for_specialists(tables: RunTables) -> dict[str, alt.TopLevelMixin]:
    """Return the other charts by name, in the order of the page."""
    charts: dict[str, alt.TopLevelMixin] = {}
    claims = tables.claims
    for claim in claims:
        charts |= _claim_charts(tables, claim)
    sides: Sides = (claims[0]["left"], claims[0]["right"]) if claims else ([], [])
    first, years = [*sides[0], *sides[1]], tables.query.years
    inside = tables.counts["year"].between(*years)
    by_question = {
        str(question): rows
        for question, rows in tables.counts.groupby("question", sort=False)
        if inside[rows.index].any()
    }
    charts |= {f"trend-{question}": trend(rows, years, sides=sides) for question, rows in by_question.items()}
    if "market" in by_question:
        charts["office-by-year"] = office_by_year(by_question["market"], years, first=first)
    models = models_by_office(tables)
    if models is not None and len(models[0]):
        charts["utility-models"] = utility_models(*models)
    pairs = owners_and_offices(tables, first)
    if pairs is not None and len(pairs[0]):
        charts["flow"] = flow(*pairs, sides=sides)
    named = names(tables)
    if named is not None and len(named[0]):
        charts["applicants"] = applicants(tables.once("ranking", lambda: ranking(named[0])), named[1])
    for basis, question in BASES.items():
        held = counted_families(tables, question, basis=basis)
        if held is not None and len(steps_by_country(found := held.holdings(basis))):
            charts[f"how-known-{basis}"] = how_known(found, basis, held.convention)
    return charts


def name_of(*parts: str) -> str:
    """Return a chart's name from its parts, safe as the name of a file and as an id in a page."""
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(parts)).strip("-").lower()


def _claim_charts(tables: RunTables, claim: Entry) -> dict[str, alt.TopLevelMixin]:
    """Return one claim's charts for specialists: a curve per question, the counts; none of what is stopped."""
    charts: dict[str, alt.TopLevelMixin] = {}
    name, size, tolerance = str(claim["id"]), claim["ratio_claimed"], claim["tolerance"]
    left, right = tables.sides_of(claim)
    rows = tables.curve[tables.curve["claim_id"].eq(name)]
    for question in (entry["question"] for entry in claim["questions"]):
        part = rows[rows["question"].eq(question)]
        table = tables.once(("ranked", name, question), partial(ranked, part))
        drawn = curve(part, size, tolerance, sides=f"{left} against {right}", table=table)
        if drawn is not None:
            charts[name_of("curve", name, question)] = drawn
    going = rows[rows["stopped"].ne("true")]
    if len(going):
        charts[name_of("counted", name)] = counted(going, size, left, right)
    return charts
