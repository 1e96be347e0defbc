"""One offline HTML page from a run's tables, charts, verdicts and provenance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Any

import altair as alt
import jinja2
import pandas as pd
from altair.utils import schemapi
from markupsafe import Markup, escape

from patentscope.aggregate.answers.entry import Entry
from patentscope.provenance.state import dated
from patentscope.query.convention import QUESTIONS
from patentscope.report import spreadsheets
from patentscope.report.charts.all_charts import for_specialists, name_of, pictures_of
from patentscope.report.charts.curve import GUTTER
from patentscope.report.charts.style import on_page
from patentscope.report.page import embed
from patentscope.report.page.drawn import Drawn, drawn, specs_of
from patentscope.report.page.lists import specification_lists
from patentscope.report.page.stills import drawing
from patentscope.report.reader.about import about
from patentscope.report.reader.answer import warnings
from patentscope.report.reader.view import reader_view
from patentscope.report.run_tables import RunTables
from patentscope.report.sections import (
    claim_card,
    claims,
    completeness,
    confusion,
    counts,
    finds,
    owners,
    publications,
    published_figures,
    records,
    specifications,
)
from patentscope.report.sections.claim_card import CARDS
from patentscope.report.sections.table import Table
from patentscope.report.wording import of_chart, unbroken, wording

_LONGEST_NAME = 60
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Page:
    """A page and its tables, in their order; the applicants' names, joined and as found, are too many for it."""

    text: str
    tables: list[Table]
    names: Table


def make(tables: RunTables) -> Page:
    """Return a run's page with its tables; the same folder gives the same bytes."""
    said = wording(tables.untold)
    with schemapi.debug_mode(False):  # the tests validate every chart; a page need not wait for it
        pictures = pictures_of(tables)
        specs = {name: specs_of(picture, said) for name, picture in pictures.items()}
        with drawing([spec for forms in specs.values() for spec in forms.values()]) as wait:
            charts = {name: figure_of(name, chart, said) for name, chart in for_specialists(tables).items()}
            shown = _shown(tables, charts)
            svgs = iter(wait())
    made = {
        name: drawn(name, pictures[name], tables.query.name, forms, dict(zip(forms, svgs, strict=False)), said)
        for name, forms in specs.items()
    }
    shown["readers"] = [
        reader | _pictures(claim, made) for reader, claim in zip(shown["readers"], tables.claims, strict=True)
    ]
    named: dict[str, Table] = {}
    text = _written(tables, {"charts": charts, **with_names(shown, named, said)})
    there = {*re.findall(r'id="table-([^"]+)"', text), CARDS}
    return Page(text, [table for name, table in named.items() if name in there], owners.names_table(tables))


def _written(tables: RunTables, shown: Mapping[str, Any]) -> str:
    """Return the page's text, with all that is *shown* and what stands on every page."""
    vega, own = embed.bundle(), embed.own()
    return (
        _environment(tuple(sorted(tables.untold)))
        .get_template("page.html.j2")
        .render(
            state=tables.state,
            query=tables.query,
            asks=QUESTIONS,
            css=Markup(embed.sheets()),  # noqa: S704 - our own file
            script=Markup(own),  # noqa: S704 - our own files
            vega=embed.zipped(vega),
            lists=specification_lists(tables),
            policy=_POLICY.format(scripts=" ".join(map(embed.fingerprint, (vega, own)))),
            **shown,
        )
    )


def get_ready() -> None:
    """Do what the first page takes and others don't: templates are compiled, Altair looks for its data's libraries."""
    for template in embed.templates():
        _environment(()).get_template(template)
    alt.Chart(pd.DataFrame({"x": [1.0]})).mark_bar().encode(x="x:Q").to_dict(validate=False)


@lru_cache(maxsize=2)
def _environment(untold: tuple[str, ...]) -> jinja2.Environment:
    """Return what fills the templates, our own words put into those of a run whose records can't tell *untold*."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(embed.shipped),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=unbroken,
    )
    environment.filters |= {"said": wording(untold), "code": with_code, "embedded": embed.embedded}
    return environment


def _shown(tables: RunTables, charts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what the page shows besides its pictures."""
    return {
        "readers": [reader_view(tables, claim) for claim in tables.claims],
        "warnings": warnings(tables),
        "about": None if tables.claims else about(tables, None),
        "claims": [_claim(tables, claim, charts) for claim in tables.claims],
        **_sections(tables),
    }


def with_code(text: str) -> Markup:
    """Return *text* for a page, with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def with_names(value: Any, named: dict[str, Table], said: Callable[[str], str] = str) -> Any:  # noqa: ANN401 - as given
    """Return *value* with a name for every table in it, and put the tables into *named*, in their order.

    The name is the table's own, or one from its caption; no name comes twice. *said* puts what we say of a table into
    the run's words.
    """
    if isinstance(value, Table):
        value = replace(value, caption=said(value.caption), head=list(map(said, value.head)), note=said(value.note))
        first = name_of(value.name or value.caption)[:_LONGEST_NAME].strip("-")
        names = chain([first], (f"{first}-{place}" for place in count(2)))
        name = next(name for name in names if name not in named and name != spreadsheets.CONTENTS)
        named[name] = replace(value, name=name)
        return named[name]
    if isinstance(value, Drawn):
        return replace(value, table=with_names(value.table, named))
    if isinstance(value, dict):
        return {key: with_names(entry, named, said) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(with_names(entry, named, said) for entry in value)
    return value


def _sections(tables: RunTables) -> dict[str, Any]:
    questions = [question for question in QUESTIONS if question in set(tables.counts["question"])]
    cards, rows = claim_card.cards(tables), publications.records(tables)
    return {
        "cards": cards,
        "cards_table": claim_card.cards_table(cards),
        "is_sample": tables.is_sample,
        "dated": dated(tables.state),
        "sources": records.sources(tables),
        "examples": {question: counts.example(tables, question) for question in questions},
        "commands": records.commands(tables),
        "counts": {question: counts.counts_table(tables, question) for question in questions},
        "sensitivity": specifications.sensitivity(tables),
        "published": published_figures.series_table(tables),
        "published_figures": published_figures.figures_table(tables),
        "offices": counts.offices_table(tables),
        "models": counts.models_table(tables),
        "flow_of_rights": owners.flow_table(tables, counts.named_first(tables)),
        "applicants": owners.applicants_tables(tables),
        "known": {basis: counts.known_table(tables, basis) for basis in ("applicant", "inventor")},
        "flow": records.flow(tables),
        "completeness": completeness.completeness(tables),
        "files": records.files(tables),
        "classifier": records.classifier(tables),
        "confusion": confusion.confusion(tables),
        "is_audited": len(tables.audit_labels) > 0,
        "classes": records.classes(tables),
        "finds": finds.finds(tables),
        "known_documents": finds.known(tables),
        "readings": records.readings(tables),
        "records": rows,
        "publications_listed": publications.records_table(rows),
        "publications": tables.records.sizes(tables.as_of)[0],
        "families": None if "family" in tables.untold else tables.records.sizes(tables.as_of)[1],
    }


def _pictures(claim: Entry, pictures: Mapping[str, Drawn]) -> dict[str, Any]:
    """Return a claim's pictures for readers: its headline, else up to three published counts, and its results."""
    name = str(claim["id"])
    prefixes = name_of("published", name), "published"
    small = [[made for key, made in pictures.items() if re.fullmatch(rf"{prefix}-\d", key)] for prefix in prefixes]
    shown = pictures.get(name_of("headline", name))
    return {
        "headline": shown,
        "smalls": [] if shown else small[0] or small[1],
        "results": pictures.get(name_of("results", name)),
    }


def _claim(tables: RunTables, claim: Entry, charts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a claim with its charts: a curve per question, the counts behind them."""
    names = {entry["question"]: name_of("curve", claim["id"], entry["question"]) for entry in claim["questions"]}
    return claims.claim_view(tables, claim) | {
        "anchor": name_of("claim", claim["id"]),
        "counted": charts.get(name_of("counted", claim["id"])),
        "curve_names": names,
        "curves": {question: charts.get(name) for question, name in names.items()},
    }


def figure_of(name: str, chart: alt.TopLevelMixin, said: Callable[[str], str] = str) -> dict[str, Any]:
    """Return a chart for the page: title and subtitle as text, and its specification, which takes the page's width.

    *said* puts its titles into the run's words.
    """
    spec = of_chart(chart.to_dict(validate=False), said)
    title = spec.pop("title", {"text": name})
    spec.pop("$schema")
    spec["config"]["background"] = None  # the page's own ground
    subtitle = list(title.get("subtitle", []))
    spec["description"] = ". ".join([title["text"], *subtitle])
    fits = "vconcat" in spec
    spec |= {"usermeta": {"gutter": GUTTER}} if fits else {"width": "container"}
    if name == "office-by-year":
        spec["usermeta"] = {"dense": True}
    spec["datasets"] = {key: embed.packed(embed.by_column(rows)) for key, rows in spec.get("datasets", {}).items()}
    return {
        "name": name,
        "title": title["text"],
        "subtitle": subtitle,
        "fits": fits,
        "spec": embed.zipped(on_page(embed.as_json(spec))),
    }
