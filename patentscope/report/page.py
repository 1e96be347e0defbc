"""One offline HTML page from a run's tables, charts, verdicts and provenance."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
import vl_convert
from markupsafe import Markup

from patentscope.charts.curve import GUTTER
from patentscope.charts.every import charts_of, name_of
from patentscope.charts.run_tables import RunTables
from patentscope.convention import QUESTIONS
from patentscope.report import claims, counts, fetch, quality, records

if TYPE_CHECKING:
    import altair as alt

    from patentscope.run_folder import RunFolder

#: Inside a script block these could end it, or break a line of JavaScript.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def render(folder: RunFolder) -> str:
    """Return a run's page; the same folder gives the same bytes."""
    tables = RunTables.read(folder)
    charts = {name: figure_of(name, chart) for name, chart in charts_of(tables).items()}
    scripts = [bundle(), _shipped("page.js")]
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_shipped),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.j2").render(
        state=tables.state,
        query=tables.query,
        claims=[_claim(tables, claim, charts) for claim in tables.claims],
        charts=charts,
        asks=QUESTIONS,
        css=Markup(_shipped("page.css")),  # noqa: S704 - our own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own file and the pinned bundle
        policy=_POLICY.format(scripts=" ".join(_fingerprint(script) for script in scripts)),
        **_sections(tables),
    )


def _sections(tables: RunTables) -> dict[str, Any]:
    """Return what the sections beneath the claims show."""
    questions = list(dict.fromkeys(tables.counts["question"]))
    full, lacking = claims.published_tables(tables)
    return {
        "is_sample": tables.is_sample,
        "as_of": tables.as_of.isoformat(),
        "sources": records.sources(tables),
        "counts": {question: counts.counts_table(tables, question) for question in questions},
        "sensitivity": claims.sensitivity(tables),
        "published": full,
        "published_lacking": lacking,
        "offices": counts.offices_table(tables),
        "known": {basis: counts.known_table(tables, basis) for basis in ("applicant", "inventor")},
        "flow": records.flow(tables),
        "completeness": fetch.completeness(tables),
        "classifier": records.classifier(tables),
        "confusion": quality.confusion(tables),
        "is_audited": len(tables.audit_labels) > 0,
        "classes": records.classes(tables),
        "readings": records.readings(tables),
        "records": records.records(tables),
        "publications": len(tables.publications),
        "families": int(tables.publications["family_id"].nunique()),
    }


def _claim(tables: RunTables, claim: dict[str, Any], charts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a claim with its charts: the overview, a curve per question, the counts behind them."""
    view = claims.claim_view(tables, claim)
    view["anchor"] = name_of("claim", claim["id"])
    view["overview"] = charts.get(name_of("overview", claim["id"]))
    view["counted"] = charts.get(name_of("counted", claim["id"]))
    view["curves"] = {
        entry["question"]: charts.get(name_of("curve", claim["id"], entry["question"])) for entry in claim["questions"]
    }
    return view


def figure_of(name: str, chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return a chart for the page: title and subtitle as text, and its specification, which takes the page's width."""
    spec = chart.to_dict(validate=False)  # the tests validate every chart; a page need not wait for it
    title = spec.pop("title", {"text": name, "subtitle": []})
    for key in ("$schema", "config"):
        spec.pop(key, None)
    subtitle = list(title.get("subtitle", []))
    spec["description"] = ". ".join([title["text"], *subtitle])
    if "vconcat" in spec:
        spec["usermeta"] = {"gutter": GUTTER}
    else:
        spec["width"] = "container"
    spec["datasets"] = {key: packed(rows) for key, rows in spec.get("datasets", {}).items()}
    return {"name": name, "title": title["text"], "subtitle": subtitle, "spec": embedded(spec)}


def packed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a chart's rows by column, each column's distinct values once: a third of the size (see page.js)."""
    columns = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row.get(name) for row in rows]
        distinct = {json.dumps(value): value for value in values}
        places = {key: place for place, key in enumerate(distinct)}
        columns[name] = [list(distinct.values()), [places[json.dumps(value)] for value in values]]
    return {"packed": columns, "rows": len(rows)}


def embedded(value: object) -> Markup:
    """Return *value* as JSON that can stand in a script block: nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - every character that HTML reads is escaped


@lru_cache(maxsize=1)
def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, shut up in a function so that its names stay its own."""
    code = vl_convert.javascript_bundle().replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{code}\n}})();"


def _fingerprint(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _shipped(name: str) -> str:
    return resources.files("patentscope.report").joinpath(name).read_text(encoding="utf-8")
