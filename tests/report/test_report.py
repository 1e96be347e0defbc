"""The page: what it must say, what it must never do, and the charts as data."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store
from patentscope.records.offices import UNKNOWN
from patentscope.report.charts import all_charts, curve, ratio
from patentscope.report.charts.counted_families import counted as counted_families
from patentscope.report.charts.how_known import steps_by_country
from patentscope.report.charts.offices import INVENTION, MODEL, models_by_office
from patentscope.report.charts.trend import first_incomplete, grouped, leading, trend
from patentscope.report.page import embed
from patentscope.report.page import page as report
from patentscope.report.page.page import with_code
from patentscope.report.run_tables import RunTables, shipped
from patentscope.report.sections.choices import choices, would_change
from patentscope.report.sections.table import figure, language_of, shortened
from patentscope.runs.evidence import show

if TYPE_CHECKING:
    from patentscope import Run

ILLUSTRATION = "illustration: a convenience sample, not a count of the world"
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


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a chart's largest data set."""
    return max(spec["datasets"].values(), key=len)


def rows_with(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of a chart that have a column *name*."""
    return [row for rows in spec["datasets"].values() for row in rows if name in row]


# ---- what the page says ----------------------------------------------------------------------------------------------


def test_first_screen_says_verdict_quote_and_what_would_decide(page: Page, tables: RunTables) -> None:
    """Quote, verdict, sentence, remedies, data date and sources stand before the first curve."""
    claim = tables.claims[0]
    first = page.text[: page.text.index("On this page")]
    wanted = [claim["quote"], claim["verdict"], claim["sentence"], claim["source"], str(tables.as_of)]
    for part in [*wanted, *claim["would_decide"], *(source["title"] for source in tables.state["sources"])]:
        assert re.sub(r"\s+", " ", part) in first


def test_commands_in_a_sentence_are_code() -> None:
    """What stands between backticks is code on the page; everything else, a tag or a lone backtick, is as written."""
    assert with_code("say (`--complete`) & <b>`") == "say (<code>--complete</code>) &amp; &lt;b&gt;`"


def test_what_would_change_the_answer_is_the_choice_that_moves_it_most() -> None:
    """By question the two choices of the largest median factor; none that moves nothing, none without a pair."""
    columns = ["question", "axis", "median_factor"]
    rows = pd.DataFrame(
        [("market", "unit", "2.4"), ("market", "date", "1.1"), ("market", "topic", "1.3"), ("market", "basis", ""),
         ("ownership", "unit", "1.000000"), ("invention", "share", "1.5")],
        columns=columns,
    )  # fmt: skip
    assert would_change(rows, ["market", "ownership", "invention"]) == [
        "market: unit counted (×2.40), then reading of the topic (×1.30)",
        "invention: sharing between parties (×1.50)",
    ]
    assert would_change(rows, []) == []


def test_sample_is_never_taken_for_the_world(page: Page, drawn: dict[str, dict[str, Any]]) -> None:
    """The warning stands on top, and the illustration's mark at its section, at its curves and in their titles."""
    assert "A demonstration on the embedded sample" in page.text[:400]
    curves = [name for name in drawn if name.startswith("curve-china-73-all-years")]
    assert curves
    assert page.text.count(ILLUSTRATION) >= len(curves) + 2
    assert all(ILLUSTRATION in drawn[name]["title"]["text"] for name in curves)
    assert not any(name.startswith("overview-china-73-all-years") for name in drawn), "an illustration has no verdict"


def test_every_published_row_is_in_the_page(page: Page) -> None:
    """Each published figure is listed with its source; the addresses are links."""
    links = {attrs["href"] for attrs in page.all("a")}
    for row in shipped("published_counts.csv"):
        assert row["id"] in page.text
        assert row["title"] in page.text
        if row["address"].startswith("http"):
            assert row["address"] in links


def test_every_record_has_page_source_date_and_licence(page: Page, tables: RunTables) -> None:
    """All of the sample's publications are listed, each with its public page, its source, the date and the licence."""
    links = [attrs["href"] for attrs in page.all("a") if str(attrs["href"]).startswith("https://patents.google.com/")]
    assert sorted(links) == sorted(
        f"https://patents.google.com/patent/{number}" for number in tables.publications["publication_number"]
    )
    (source,) = tables.state["sources"]
    assert page.text.count(source["licence"]) >= len(links)
    assert page.text.count(f"{source['name']}, {source['retrieved']}") >= len(links)


def test_titles_in_other_languages_say_so(text: str) -> None:
    """Chinese and Japanese titles carry their language, so that they are read aloud and drawn as what they are."""
    assert re.search(r'<bdi lang="zh">[^<]*稀土', text)
    assert '<bdi lang="ja">' in text


def test_ledger_figures_are_in_the_page(page: Page, tables: RunTables) -> None:
    """Every reason of the ledger, and every stage's rows, can be read."""
    for stage in tables.state["stages"]:
        for loss in [*stage["dropped"], *stage["gaps"]]:
            assert loss["reason"] in page.text


def test_failed_gates_are_named_with_found_and_needed(page: Page, tables: RunTables) -> None:
    """Every gate of every claim stands in the page with what it needs; a failed one says how much it stopped."""
    for claim in tables.claims:
        for row in claim["gates"]:
            assert row["needed"] in page.text
            if not row["passed"]:
                assert f"stops {row['stopped']:,} of {row['of']:,}" in page.text


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
    spoilt_text = report.make(folder).text
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


def test_published_figures_on_the_axis_are_the_rows_with_four_countries(drawn: dict[str, dict[str, Any]]) -> None:
    """Every row that names all four countries is a point at CN / (US + AU + JP), with the claim's line beside it."""
    values = drawn["published"]["datasets"].values()
    points = {row["id"]: row for rows in values for row in rows if "id" in row}
    expected = {}
    for row in shipped("published_counts.csv"):
        if row["CN"] and row["US"] and row["AU"] and row["JP"]:
            expected[row["id"]] = int(row["CN"]) / (int(row["US"]) + int(row["AU"]) + int(row["JP"]))
    assert {name: row["ratio"] for name, row in points.items()} == pytest.approx(expected, abs=1e-4)
    assert {name for name, row in points.items() if row["missing"]} == {"patlib-2025-applicant-as-stored"}
    lines = {row["what"]: row["at"] for rows in values for row in rows if "what" in row}
    assert lines == {"equal": 1.0, "claimed": 1.73}


def test_curve_draws_ranks_in_the_order_of_the_ratio(drawn: dict[str, dict[str, Any]], tables: RunTables) -> None:
    """Ranks go with the ratio; what a gate stopped is not marked admissible; no more points than promised."""
    name = "curve-china-73-all-years-market"
    rows = rows_of(drawn[name])
    ratios = [float(row["ratio"]) for row in rows]
    assert ratios == sorted(ratios)
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    part = tables.curve[tables.curve["claim_id"].eq("china-73-all-years") & tables.curve["question"].eq("market")]
    usable = set(part.loc[part["reason"].eq(curve.SAMPLE_ONLY), "spec_id"])
    assert {row["spec_id"] for row in rows if row["usable"]} == usable
    assert all(len(rows_of(spec)) <= curve.MOST_POINTS for key, spec in drawn.items() if key.startswith("curve"))


def specifications(count: int) -> pd.DataFrame:
    """Return *count* made-up rows of curve.csv for one question."""
    levels = dict.fromkeys(curve.AXES, "a")
    rows = [
        {"claim_id": "c", "spec_id": f"s{place:05}", "question": "market", **levels, "unit": "ab"[place % 2]}
        | {"left_n": str(place), "right_n": "10", "overlap_n": "0", "imputed_n": "0", "unknown_n": "0"}
        | {"ratio": f"{place / 10:.6f}", "low": f"{place / 20:.6f}", "high": ""}
        | {"admissible": "true" if place % 3 else "false", "reason": "definition error not measured"}
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
    assert any(line.startswith("9,000 specifications") for line in spec["title"]["subtitle"])


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


def test_trend_keeps_unknown_and_sums_up_the_small(tables: RunTables) -> None:
    """Countries beyond the named ones become `other`; unknown stays itself; no unit of the years goes missing."""
    rows = pd.DataFrame({"country": [*"ABCDEFGHIJ", "unknown"], "year": 2020, "n": range(1, 12)})
    named = leading(rows, ["A"], 7)
    assert named == ["A", "J", "I", "H", "G", "F", "E"]
    sums = grouped(rows, named, ["year"])
    assert dict(zip(sums["country"], sums["n"], strict=True))["unknown"] == 11
    assert sums["n"].sum() == rows["n"].sum()
    counts = tables.counts[tables.counts["question"].eq("ownership")]
    drawn_rows = rows_with(trend(counts, (2010, 2025), as_of=tables.as_of).to_dict(), "n")
    assert sum(row["n"] for row in drawn_rows) == counts.loc[counts["year"].between(2010, 2025), "n"].sum()
    assert {row["country"] for row in drawn_rows} >= {"unknown"}


def test_incomplete_years_follow_from_eighteen_months(tables: RunTables) -> None:
    """In November 2026 the priority year 2025 is not complete, 2024 is; by publication only the year itself isn't."""
    assert first_incomplete("priority", tables.as_of.replace(year=2026, month=11)) == 2025
    assert first_incomplete("filing", tables.as_of.replace(year=2026, month=5)) == 2024
    assert first_incomplete("publication", tables.as_of.replace(year=2026, month=11)) == 2026


@pytest.mark.parametrize("basis", ["applicant", "inventor"])
def test_steps_are_those_of_the_families_that_the_baseline_counts(
    tables: RunTables, sample_run: Run, basis: str
) -> None:
    """By country, the bars of how countries are known are the families that `show` finds by their spec_id."""
    held = counted_families(tables, all_charts.BASES[basis], basis=basis)
    assert held is not None
    sums = steps_by_country(held.holdings, basis).groupby("country")["n"].sum()
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


def test_every_figure_of_a_chart_names_its_specification(drawn: dict[str, dict[str, Any]], tables: RunTables) -> None:
    """Every bar, cell and point that shows a count or a ratio carries a spec_id, and the subtitle names it too."""
    for name, spec in drawn.items():
        if name == "published":
            continue
        rows = [row for rows in spec["datasets"].values() for row in rows if {"n", "ratio"} & set(row)]
        assert all(row["spec_id"].split()[0] in tables.listed for row in rows), name
        if rows and not name.startswith(("curve", "counted")):
            assert set(re.findall(r"\b[0-9a-f]{12}\b", " ".join(spec["title"]["subtitle"]))) >= {
                row["spec_id"] for row in rows
            }


def test_no_chart_holds_more_rows_than_readers_can_take(drawn: dict[str, dict[str, Any]]) -> None:
    """No chart has over 5,000 rows, and each has a title and a subtitle with its convention."""
    for spec in drawn.values():
        assert all(len(rows) <= 5000 for rows in spec.get("datasets", {}).values())
        assert spec["title"]["text"]
        assert spec["title"]["subtitle"]


def test_overview_shows_what_a_verdict_rests_on() -> None:
    """An assessed question has its range and its median, one that wasn't its reason; all carry the claim's line."""
    question = {"question": "market", "verdict": "mixed", "specifications": 40, "listed": 90}
    assessed = question | {"median_ratio": 2.0, "min_ratio": 0.001, "max_ratio": 900.0}
    empty = {"question": "ownership", "verdict": "not assessable", "specifications": 0, "listed": 90}
    chart = ratio.overview([assessed, empty | dict.fromkeys(("median_ratio", "min_ratio", "max_ratio"))], 1.73, 0.1)
    (rows,) = [found for found in chart.to_dict()["datasets"].values() if "median" in found[0]]
    assert rows[0]["median"] == 2.0
    assert 0 < rows[0]["least"] < 1
    assert rows[1]["median"] is None
    assert rows[0]["words"] == "market: 2 (0.001 to 900)"
    assert "not assessable (0 of 90)" in rows[1]["words"]


def test_choices_are_listed_by_how_much_they_move() -> None:
    """What influence.csv says stands in the page's table, the choice that moves the ratio most on top."""
    row = {"question": "market", "variance_share": "0.250000", "pairs": "2"}
    rows = [{**row, "axis": "date", "median_factor": "1.100000"}, {**row, "axis": "unit", "median_factor": "2.000000"}]
    rows.append({**row, "axis": "share", "median_factor": ""})
    table = choices(pd.DataFrame(rows), ["market", "ownership"])
    assert table is not None
    assert [line[0] for line in table.rows] == ["unit counted", "which year"]
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
    found = Page(report.make(folder).text)
    assert "holds no claim" in found.text
    assert not [attrs for attrs in found.all("div") if str(attrs.get("id")).startswith("chart-curve")]
    assert [attrs for attrs in found.all("div") if str(attrs.get("id")).startswith("chart-trend")]


def test_nothing_on_topic_gives_a_page_that_says_so(copied: RunFolder) -> None:
    """With nothing on topic every chart without data gives way to a sentence."""
    folder = copied
    emptied(folder, "counts.csv")
    rows = pd.read_csv(folder.file("curve.csv"), dtype=str, keep_default_na=False)
    blank = rows.assign(ratio="", low="", high="", left_n="0", right_n="0", admissible="false")
    blank.to_csv(folder.file("curve.csv"), index=False)
    scores = store.read(folder.file("scores.parquet")).to_pandas()
    readings = [name for name in scores.columns if name.startswith("in_topic_")]
    scores[readings] = False
    store.write(pa.Table.from_pandas(scores, preserve_index=False), folder.file("scores.parquet"))
    found = Page(report.make(folder).text).text
    for part in ("Nothing is on topic", "No curve: in none of its", "No family on topic", "is 0 for CN"):
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
