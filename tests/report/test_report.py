"""The page: what it must say, what it must never do, and the charts as data."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

from patentscope.aggregate.answers.words.concern_words import in_words
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts import all_charts, curve
from patentscope.report.charts.counted_families import counted as counted_families
from patentscope.report.charts.how_known import steps_by_country
from patentscope.report.charts.offices import INVENTION, MODEL, models_by_office
from patentscope.report.charts.trend import first_incomplete, grouped, leading, trend
from patentscope.report.page import embed
from patentscope.report.page import page as report
from patentscope.report.page.page import with_code
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.choices import choices
from patentscope.report.sections.published_figures import figures_table
from patentscope.report.sections.table import figure, language_of, shortened
from patentscope.runs.evidence import show

if TYPE_CHECKING:
    from patentscope import Run

HOSTILE = (
    '</script><script>alert(1)</script><img src=x onerror=alert(2)> "quotes" \u202eright to left\u2028 {{ 7 * 7 }}'
)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, its headings, its scripts' text."""

    def __init__(self, text: str) -> None:
        """Read *text*."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        """Check that elements are closed in the order in which they were opened."""
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        """Keep text, a script's apart."""
        if self.open and self.open[-1] == "script":
            attrs, text = self.scripts[-1]
            self.scripts[-1] = (attrs, text + data)
        elif not self.open or self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of one kind."""
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def text(self) -> str:
        """What a reader reads, blanks squeezed."""
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="session")
def text(sample_run: Run) -> str:
    """The sample run's page."""
    return sample_run.folder.file("report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page(text: str) -> Page:
    """The sample run's page, read."""
    return Page(text)


@pytest.fixture(scope="session")
def tables(sample_run: Run) -> RunTables:
    """The sample run's tables."""
    return RunTables.read(sample_run.folder)


@pytest.fixture(scope="session")
def drawn(sample_run: Run) -> dict[str, dict[str, Any]]:
    """Every chart of the sample run, checked against the Vega-Lite schema."""
    return {name: chart.to_dict() for name, chart in all_charts.all_charts(sample_run.folder).items()}


@pytest.fixture(scope="session")
def made_drawn(made_run: Run) -> dict[str, dict[str, Any]]:
    """Every chart of the made run, which answers its claim, checked against the Vega-Lite schema."""
    return {name: chart.to_dict() for name, chart in all_charts.all_charts(made_run.folder).items()}


@pytest.fixture(scope="session")
def made_page(made_run: Run) -> Page:
    """The made run's page, read."""
    return Page(made_run.folder.file("report.html").read_text(encoding="utf-8"))


def squeezed(text: str) -> str:
    """Return *text* as a page's words have it: blanks squeezed, and no marks of code."""
    return re.sub(r"\s+", " ", text.replace("`", ""))


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a chart's largest data set."""
    return max(spec["datasets"].values(), key=len)


def rows_with(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of a chart that have a column *name*."""
    return [row for rows in spec["datasets"].values() for row in rows if name in row]


# ---- what the page says ----------------------------------------------------------------------------------------------


def test_page_speaks_to_readers(made_run: Run, sample_run: Run) -> None:
    """We say no word that readers fail on, and only files and commands name a side by its codes."""
    failing = r"\b(?:gates?|admissible|admitted|illustrations?|medians?|baselines?|multiverse)\b"
    for run in (made_run, sample_run):
        text = run.folder.file("report.html").read_text(encoding="utf-8")
        text = re.sub(r'<table id="table-sensitivity".*?</table>', " ", text, flags=re.DOTALL)
        text = re.sub(r"<(script|style|pre|bdi|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
        said = html.unescape(re.sub(r"<[^>]+>", " ", text))
        assert re.findall(rf".{{0,40}}{failing}.{{0,40}}", said, re.IGNORECASE) == []
        assert re.findall(r".{0,40}US\+AU\+JP.{0,40}", said) == []


def test_recognised_ways_and_questions_have_all_their_figures(made_run: Run) -> None:
    """Both tables have a row for each entry of verdict.json, with its counts and its ratio to three figures."""
    tables = {table.name: table for table in report.make(RunTables.read(made_run.folder)).tables}
    (claim,) = RunTables.read(made_run.folder).claims
    ways = tables["china-73-ways"].rows
    assert [row[1:4] for row in ways] == [
        [figure(way["left_n"]), figure(way["right_n"]), figure(way["ratio"])] for way in claim["ways"]
    ]
    assert len(ways) == 6
    questions = tables["china-73-questions"].rows
    assert [row[6:9] for row in questions] == [
        [figure(entry["left_n"]), figure(entry["right_n"]), figure(entry["ratio"])] for entry in claim["questions"]
    ]
    assert [row[3:6] for row in questions] == [
        [figure(entry[name]) for name in ("results", "judged", "listed")]  # type: ignore[literal-required]
        for entry in claim["questions"]
    ]


def test_commands_in_a_sentence_are_code() -> None:
    """What stands between backticks is code on the page; everything else, a tag or a lone backtick, is as written."""
    assert with_code("say (`--complete`) & <b>`") == "say (<code>--complete</code>) &amp; &lt;b&gt;`"


def test_sample_is_never_taken_for_the_world(page: Page, drawn: dict[str, dict[str, Any]]) -> None:
    """The warning stands on top, and nothing that is stopped is drawn: a sentence says why."""
    assert "A demonstration on the embedded sample" in page.text[:400]
    assert not [name for name in drawn if name.startswith(("curve", "counted", "headline", "results"))]
    assert page.text.count("ways to count were stopped, so there is nothing to compare") == 4


def test_every_published_figure_is_in_the_page(page: Page, tables: RunTables) -> None:
    """Each series is listed with its source and note, each figure in a table; the addresses are links."""
    links = {attrs["href"] for attrs in page.all("a")}
    assert len(figures_table(tables).rows) == len(tables.published) == 171
    for row in tables.published:
        assert row.series in page.text
        assert squeezed(row.title) in page.text
        assert squeezed(row.note) in page.text
        if row.address.startswith("http"):
            assert row.address in links


def test_every_record_has_page_source_date_and_licence(page: Page, tables: RunTables, sample_run: Run) -> None:
    """All of the sample's publications are listed with their public pages; origin and licence, which all share."""
    links = [attrs["href"] for attrs in page.all("a") if str(attrs["href"]).startswith("https://patents.google.com/")]
    assert sorted(links) == sorted(
        f"https://patents.google.com/patent/{number}" for number in sample_run.publications["publication_number"]
    )
    (source,) = tables.state["sources"]
    shared = f"All listed here are from {source['name']}, {source['retrieved']}; licence: {source['licence']}."
    assert shared in page.text


def test_titles_in_other_languages_say_so(text: str) -> None:
    """Chinese and Japanese titles carry their language, so that they are read aloud and drawn as what they are."""
    assert re.search(r'<bdi lang="zh">[^<]*稀土', text)
    assert '<bdi lang="ja">' in text


def test_ledger_figures_are_in_the_page(page: Page, tables: RunTables) -> None:
    """Every reason of the ledger, and every stage's rows, can be read."""
    for stage in tables.state["stages"]:
        for loss in [*stage["dropped"], *stage["gaps"]]:
            assert loss["reason"] in page.text


def test_concerns_stand_with_what_was_found_and_needed(made_run: Run, made_page: Page) -> None:
    """Every concern stands in the page with what it needs; one that costs points in words; the sums are right."""
    (claim,) = RunTables.read(made_run.folder).claims
    for row in [one for entry in (claim, *claim["questions"]) for one in entry["concerns"]]:
        assert squeezed(row["needed"]) in made_page.text
        if row["points"]:
            assert squeezed(in_words(claim, row)) in made_page.text
    table = next(
        table for table in report.make(RunTables.read(made_run.folder)).tables if table.name == "china-73-concerns"
    )
    judged = [entry for entry in claim["questions"] if entry["figure"]]
    assert table.rows[-1][1:] == [{"text": str(one["points"]), "more": one["certainty"]} for one in (*judged, claim)]


@pytest.mark.parametrize("name", ["made_run", "sample_run"])
def test_what_stopped_ways_to_count_is_told_with_how_many(name: str, request: pytest.FixtureRequest) -> None:
    """Every reason stands with the number of ways to count that it stopped, question by question."""
    run = request.getfixturevalue(name)
    (claim,) = RunTables.read(run.folder).claims
    table = next(table for table in report.make(RunTables.read(run.folder)).tables if table.name == "china-73-stopped")
    questions = [entry["question"] for entry in claim["questions"]]
    found = {(row[0], question): n for row in table.rows for question, n in zip(questions, row[1:], strict=True)}
    assert {key: n for key, n in found.items() if n != "0"} == {
        (row["reason"], row["question"]): figure(row["n"]) for row in claim["stopped"]
    }


# ---- what it must never do -------------------------------------------------------------------------------------------


def test_nothing_is_loaded_from_anywhere(page: Page) -> None:
    """No element loads anything, and the policy forbids what might."""
    for tag, attrs in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base"}
        assert "src" not in attrs
        assert not any(name.startswith("on") for name in attrs)
    (policy,) = [attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'")
    assert "unsafe-eval" not in str(policy)
    assert "unsafe-inline" not in str(policy).split("style-src")[0]


def test_page_is_one_file_of_a_size_to_be_sent(text: str) -> None:
    """All of it is under 1.5 MB."""
    assert len(text.encode()) < 1_500_000


def test_page_is_well_formed_and_can_be_walked_by_ear(page: Page) -> None:
    """One main heading, no level skipped, one landmark of each kind, every table with caption and heads, ids unique."""
    assert not page.open
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [tag for tag, _ in page.elements].count("main") == 1
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    names = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(names) == len(set(names))
    assert page.all("html") == [{"lang": "en"}]
    for attrs in page.all("div"):
        if attrs.get("class") == "chart":
            assert attrs["role"] == "img"
            assert attrs["aria-label"]
        if str(attrs.get("class")).startswith("scroll"):
            assert attrs["tabindex"] == "0"
            assert attrs["aria-label"]


def test_hostile_titles_are_inert(copied: RunFolder, page: Page) -> None:
    """A title that tries to end a script, to open an element or to fill a template stays a text; long ones are cut."""
    folder = copied
    table = store.read(folder.file("publications.parquet"))
    titles = [HOSTILE, "x" * 10_000, "稀土" * 20, *table.column("title").to_pylist()[3:]]
    place, parties = (table.schema.get_field_index(name) for name in ("title", "applicants"))
    kind = table.schema.field(parties).type
    table = table.set_column(place, "title", pa.array(titles, pa.string()))
    named = pa.array([[{"name": HOSTILE, "country": None}]] * table.num_rows, kind)
    store.write(table.set_column(parties, "applicants", named), folder.file("publications.parquet"))
    state = folder.state
    state["sources"][0] |= {"title": HOSTILE, "licence": HOSTILE, "note": HOSTILE}
    claims = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))
    claims["claims"][0] |= {"quote": HOSTILE, "source": HOSTILE}
    folder.file("verdict.json").write_text(json.dumps(claims), encoding="utf-8")
    spoilt_text = report.make(RunTables.read(folder)).text
    spoilt = Page(spoilt_text)
    assert len(spoilt.scripts) == len(page.scripts)
    assert not spoilt.all("img")
    assert "<script>alert" not in spoilt_text
    assert "{{ 7 * 7 }}" in spoilt.text
    assert spoilt.text.count("alert(1)") >= 4
    assert "10,000 characters in publications.parquet" in spoilt.text
    assert "x" * 301 not in spoilt_text


def test_embedded_json_can_not_end_its_block() -> None:
    """Nothing that HTML or JavaScript reads is left in embedded JSON, and it is still the same JSON."""
    value = {"title": HOSTILE, "more": ["<!--", "]]>", "&lt;", "\u2029"]}
    packed = embed.embedded(value)
    assert not set("<>&\u2028\u2029") & set(packed)
    assert json.loads(packed) == value


# ---- charts as data --------------------------------------------------------------------------------------------------


def test_curve_draws_ranks_in_the_order_of_the_ratio(made_drawn: dict[str, dict[str, Any]], made_run: Run) -> None:
    """Ranks go with the ratio; judged, counted and stopped ones are marked as such; no more points than promised."""
    rows = rows_of(made_drawn["curve-china-73-market"])
    ratios = [float(row["ratio"]) for row in rows]
    assert ratios == sorted(ratios)
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    part = made_run.curve[made_run.curve["question"].eq("market") & made_run.curve["ratio"].notna()]
    for standing, is_judged, is_stopped in (
        (curve.JUDGED, True, False),
        (curve.COUNTED, False, False),
        (0, False, True),
    ):
        wanted = part.loc[part["judged"].eq(is_judged) & part["stopped"].eq(is_stopped), "spec_id"]
        assert {row["spec_id"] for row in rows if row["standing"] == standing} == set(wanted)
    assert all(len(rows_of(spec)) <= curve.MOST_POINTS for key, spec in made_drawn.items() if key.startswith("curve"))


def specifications(count: int) -> pd.DataFrame:
    """Return *count* made-up rows of curve.csv for one question."""
    levels = dict.fromkeys(curve.AXES, "a")
    rows = [
        {"claim_id": "c", "spec_id": f"s{place:05}", "question": "market", **levels, "unit": "ab"[place % 2]}
        | {"left_n": str(place), "right_n": "10", "overlap_n": "0", "imputed_n": "0", "unknown_n": "0"}
        | {"ratio": f"{place / 10:.6f}", "low": f"{place / 20:.6f}", "high": ""}
        | {"points": "2", "certainty": "moderate", "stopped": "false", "judged": "true" if place % 3 else "false"}
        | {"reason": "definition error not measured"}
        for place in range(count)
    ]
    return pd.DataFrame(rows)


def test_big_curve_is_thinned_evenly_and_says_so() -> None:
    """Of 9,000 specifications the promised number is drawn, the last among them, and the subtitle says how many."""
    chart = all_charts.curve(specifications(9000), 1.73, 0.1)
    assert chart is not None
    spec = chart.to_dict()
    rows = rows_of(spec)
    assert len(rows) <= curve.MOST_POINTS
    assert rows[-1]["rank"] == 9000
    assert any("evenly" in line for line in spec["title"]["subtitle"])
    assert any(
        line.startswith("9,000 ways to count: 6,000 judged, 3,000 counted and not judged;")
        for line in spec["title"]["subtitle"]
    )


def test_ratio_of_zero_is_drawn_at_the_foot_and_none_is_not_drawn() -> None:
    """A logarithmic axis has no zero: such a point stands at the foot, marked; with none above it there is no curve."""
    chart = all_charts.curve(specifications(30), 1.73, 0.1)
    assert chart is not None
    zero = next(row for row in rows_of(chart.to_dict()) if float(row["ratio"]) == 0)
    assert zero["zero"] == 1
    assert zero["y"] > 0
    assert zero["high"] == "no upper end"
    assert all_charts.curve(specifications(30).assign(ratio=""), 1.73, 0.1) is None
    assert all_charts.curve(specifications(30).assign(ratio="0.0"), 1.73, 0.1) is None
    assert all_charts.curve(specifications(30).assign(stopped="true", judged="false"), 1.73, 0.1) is None


def test_trend_keeps_unknown_and_sums_up_the_small(tables: RunTables) -> None:
    """Countries beyond the named ones become `other`; unknown stays itself; no unit of the years goes missing."""
    rows = pd.DataFrame({"country": [*"ABCDEFGHIJ", "unknown"], "year": 2020, "n": range(1, 12)})
    named = leading(rows, ["A"], 7)
    assert named == ["A", "J", "I", "H", "G", "F", "E"]
    sums = grouped(rows, named, ["year"])
    assert dict(zip(sums["country"], sums["n"], strict=True))["unknown"] == 11
    assert sums["n"].sum() == rows["n"].sum()
    counts = tables.counts[tables.counts["question"].eq("ownership")]
    drawn_rows = rows_with(trend(counts, (2010, 2025)).to_dict(), "n")
    assert sum(row["n"] for row in drawn_rows) == counts.loc[counts["year"].between(2010, 2025), "n"].sum()
    assert {row["country"] for row in drawn_rows} >= {"unknown"}


def test_incomplete_years_follow_from_eighteen_months(tables: RunTables) -> None:
    """In November 2026 the priority year 2025 is not complete, 2024 is; by publication only the year itself isn't."""
    assert first_incomplete("priority", tables.as_of.replace(year=2026, month=11)) == 2025
    assert first_incomplete("filing", tables.as_of.replace(year=2026, month=5)) == 2024
    assert first_incomplete("publication", tables.as_of.replace(year=2026, month=11)) == 2026


def test_families_beneath_a_chart_are_those_of_the_data_s_own_date(tables: RunTables) -> None:
    """A question that counts.csv has as of an earlier date is drawn from what is there today, and says so."""
    rows = tables.counts.assign(as_of="2025-10-31")
    held = counted_families(replace(tables, counts=rows, kept={}), "market")
    assert held is not None
    assert held.convention.as_of == tables.as_of


@pytest.mark.parametrize("basis", ["applicant", "inventor"])
def test_steps_are_those_of_the_families_that_the_baseline_counts(
    tables: RunTables, sample_run: Run, basis: str
) -> None:
    """By country, the bars of how countries are known are the families that `show` finds by their spec_id."""
    held = counted_families(tables, all_charts.BASES[basis], basis=basis)
    assert held is not None
    sums = steps_by_country(held.holdings(basis)).groupby("country")["n"].sum()
    for country in ("CN", "US", UNKNOWN):
        assert sums.get(country, 0) == show(sample_run.folder, country=country, spec=held.convention.spec_id).n


def test_utility_models_are_the_difference_between_two_conventions(made_run: Run) -> None:
    """By office, the families drawn apart are what the level with utility models has more than the one without."""
    found = models_by_office(RunTables.read(made_run.folder))
    assert found is not None
    rows, conventions = found
    assert rows.loc[rows["what"].eq(MODEL), "n"].sum() > 0
    sums = rows.set_index(["country", "what"])["n"]
    ids = {what: convention.spec_id for what, convention in conventions.items()}
    for office in ("CN", "JP"):
        without, with_models = (show(made_run.folder, country=office, spec=ids[w]).n for w in (INVENTION, MODEL))
        assert sums.get((office, INVENTION), 0) == without
        assert sums.get((office, INVENTION), 0) + sums.get((office, MODEL), 0) == with_models


def test_every_figure_of_a_chart_names_its_specification(made_drawn: dict[str, dict[str, Any]], made_run: Run) -> None:
    """Every bar, cell and point that shows a count or a ratio carries a spec_id, and the subtitle names it too."""
    listed = RunTables.read(made_run.folder).listed
    for name, spec in made_drawn.items():
        if name.startswith("published"):  # what others counted
            continue
        # A picture for readers draws the claim's own year and size beside the counts.
        counted = {"side"} if name.startswith("headline") else {"n", "ratio"}
        rows = [row for rows in spec["datasets"].values() for row in rows if counted & set(row)]
        assert all(row["spec_id"].split()[0] in listed for row in rows), name
        if rows and not name.startswith(("curve", "counted", "headline", "results")):
            assert set(re.findall(r"\b[0-9a-f]{12}\b", " ".join(spec["title"]["subtitle"]))) >= {
                row["spec_id"] for row in rows
            }


def test_no_chart_holds_more_rows_than_readers_can_take(
    drawn: dict[str, dict[str, Any]], made_drawn: dict[str, dict[str, Any]]
) -> None:
    """No chart has over 5,000 rows, and each has a title and a subtitle that says how was counted."""
    for spec in (*drawn.values(), *made_drawn.values()):
        assert all(len(rows) <= 5000 for rows in spec.get("datasets", {}).values())
        assert spec["title"]["text"]
        assert spec["title"]["subtitle"]


def test_choices_are_listed_by_how_much_they_move() -> None:
    """What influence.csv says stands in the page's table, the choice that moves the ratio most on top."""
    row = {"question": "market", "variance_share": "0.250000", "pairs": "2"}
    rows = [{**row, "axis": "date", "median_factor": "1.100000"}, {**row, "axis": "unit", "median_factor": "2.000000"}]
    rows.append({**row, "axis": "share", "median_factor": ""})
    table = choices(pd.DataFrame(rows), ["market", "ownership"])
    assert table is not None
    assert [line[0] for line in table.rows] == ["what is counted", "which year"]
    assert table.rows[0][1] == {"text": "×2.00", "more": "2 pairs; 25% of the variance"}
    assert table.rows[0][2]["text"] == "no pairs"
    assert choices(pd.DataFrame(rows[2:]), ["market"]) is None


def test_packed_rows_unpack_to_themselves() -> None:
    """What the page stores by column gives back the same rows."""
    rows = [{"a": 1, "b": "x"}, {"a": 1.5, "b": None}, {"a": 1, "b": "x"}]
    packed = embed.packed(embed.by_column(rows))
    columns = packed["packed"]
    again = [{name: column[0][column[1][place]] for name, column in columns.items()} for place in range(packed["rows"])]
    assert again == rows


# ---- runs with little in them ----------------------------------------------------------------------------------------


def emptied(folder: RunFolder, *names: str) -> None:
    """Leave only the head of some tables of a run."""
    for name in names:
        path = folder.file(name)
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def test_query_without_claims_gives_a_page_of_counts(copied: RunFolder) -> None:
    """Without a claim there is no verdict and no curve; the rest stands."""
    folder = copied
    emptied(folder, "curve.csv", "sensitivity.csv")
    judged = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))
    folder.file("verdict.json").write_text(json.dumps(judged | {"claims": []}), encoding="utf-8")
    found = Page(report.make(RunTables.read(folder)).text)
    assert "holds no claim" in found.text
    assert not [attrs for attrs in found.all("div") if str(attrs.get("id")).startswith("chart-curve")]
    assert [attrs for attrs in found.all("div") if str(attrs.get("id")).startswith("chart-trend")]


def test_nothing_on_topic_gives_a_page_that_says_so(copied: RunFolder) -> None:
    """With nothing on topic every chart without data gives way to a sentence."""
    folder = copied
    emptied(folder, "counts.csv")
    rows = pd.read_csv(folder.file("curve.csv"), dtype=str, keep_default_na=False)
    blank = rows.assign(ratio="", low="", high="", left_n="0", right_n="0", stopped="false", judged="false")
    blank.to_csv(folder.file("curve.csv"), index=False)
    scores = store.read(folder.file("scores.parquet")).to_pandas()
    readings = [name for name in scores.columns if name.startswith("in_topic_")]
    scores[readings] = False
    store.write(pa.Table.from_pandas(scores, preserve_index=False), folder.file("scores.parquet"))
    found = Page(report.make(RunTables.read(folder)).text).text
    for part in ("Nothing is on topic", "No curve: none of the", "No family on topic", "is 0 of China"):
        assert part in found


def test_figures_are_written_in_one_way() -> None:
    """Thousands are set apart, fractions have three digits, nothing is a dash, and no title is longer than its cell."""
    assert [figure(value) for value in (1234, 0.16666, 1234.5, None, float("nan"), "")] == [
        *("1,234", "0.167", "1,234", "–", "–", "–")
    ]
    assert shortened("a\x00b\x1bc") == "a\ufffdb\ufffdc"
    assert [language_of("稀土の回収"), language_of("稀土", None, "JP"), language_of("稀土"), language_of("Отходы")] == [
        *("ja", "ja", "zh", "ru")
    ]
    assert language_of("text", "en") == "en"
    assert language_of("text", 'x" onclick="') == ""
