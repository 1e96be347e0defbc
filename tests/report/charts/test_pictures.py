"""The pictures that readers see: drawn in every form, in the page's colours, from the figures that files hold."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import vl_convert

from patentscope.query.convention import AXES
from patentscope.report.charts.all_charts import charts_of, pictures_of
from patentscope.report.charts.headline import headline
from patentscope.report.charts.picture import Words, placed, ticks
from patentscope.report.charts.published_small import smalls
from patentscope.report.charts.results import distinct, results
from patentscope.report.charts.style import COLOURS, TONES, on_page, tone
from patentscope.report.charts.swarm import packing
from patentscope.report.page.drawn import drawn, specs_of
from patentscope.report.page.stills import svgs_of
from patentscope.report.run_tables import RunTables

from places import ROOT
from worlds.entries import make_entry, make_figures, make_question
from worlds.others import make_row

if TYPE_CHECKING:
    from patentscope import Run
    from patentscope.aggregate.answers.entry import Entry, Question
    from patentscope.report.charts.picture import Picture

SPEC = "0123456789ab"
AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="session")
def made(made_run: Run) -> RunTables:
    """The made run's tables, which answer its claim."""
    return RunTables.read(made_run.folder)


@pytest.fixture(scope="session")
def sample(sample_run: Run) -> RunTables:
    """The sample's tables, which answer none."""
    return RunTables.read(sample_run.folder)


def with_years(
    tables: RunTables, left: list[int], right: list[int], part: list[float | None] | None = None, first: int = 2018
) -> RunTables:
    """Return tables in which one way to count has these counts from *first* on, and these published parts."""
    seen = [*(part or []), *[1.0] * len(left)][: len(left)] if part is None else part
    years = {"claim_id": "china-73", "spec_id": SPEC, "year": range(first, first + len(left))}
    by_year = pd.DataFrame({**years, "left_n": left, "right_n": right, "left_published": seen, "right_published": seen})
    way = {axis: "all" if axis == "international" else "whole" if axis == "share" else "x" for axis in AXES}
    curve = pd.DataFrame([{"claim_id": "china-73", "spec_id": SPEC, **way, "topic": "strict", "as_of": str(AS_OF)}])
    return replace(tables, by_year=by_year.astype({"left_published": float}), curve=curve, as_of=AS_OF, kept={})


def claimed(left: float = 40, right: float = 80, **given: Any) -> Any:
    """Return the entry of a claim on 2024 with one answered question."""
    figure = make_figures(left, right, spec_id=SPEC)
    return make_entry("contradicted", make_question("invention", "contradicted", figure), **given)


LATER = [1.0] * 7 + [0.6, 0.02]
CASES: dict[str, tuple[list[int], list[int], list[float | None], dict[str, Any]]] = {
    "size": ([40] * 7 + [30, 1], [80] * 7 + [50, 1], LATER, {}),
    "behind then ahead": ([9, 20, 40, 60, 90, 95, 99, 80, 2], [50] * 9, LATER, {}),
    "none on the right": ([4] * 7 + [3, 0], [0] * 9, LATER, {}),
    "none on the left": ([0] * 9, [400_000] * 7 + [2, 0], LATER, {}),
    "a year of which most is there": ([40] * 9, [80] * 9, [1.0] * 6 + [0.93, 0.6, 0.02], {}),
    "year not published": ([40] * 9, [80] * 9, [1.0] * 6 + [0.5, 0.3, 0.0], {}),
    "published part unknown": ([40] * 9, [80] * 9, [None] * 9, {}),
    "far away": ([4] * 9, [80] * 9, LATER, {"ratio_claimed": 30.0}),
    "no size": ([40] * 9, [80] * 9, LATER, {"ratio_claimed": None, "says": "more"}),
    "a limit": ([40] * 9, [80] * 9, LATER, {"ratio_claimed": 2.0, "says": "more"}),
    "a share": ([40] * 9, [80] * 9, LATER, {"measure": "share", "ratio_claimed": None, "share_claimed": 0.6}),
    "years": ([40] * 9, [80] * 9, LATER, {"year": "2020..2024", "years": [2020, 2024]}),
    "all others": ([40] * 9, [80] * 9, LATER, {"right": ["*"]}),
    "many on both sides": ([40] * 9, [44] * 9, LATER, {"left": ["CN", "KR", "JP"], "right": ["US", "AU", "DE"]}),
    "one year": ([40], [80], [1.0], {"year": 2018, "years": [2018, 2018]}),
}


def texts(spec: dict[str, Any]) -> list[str]:
    """Return the words that a picture places."""
    return [row["words"] for rows in spec["datasets"].values() for row in rows if "colour" in row]


def of_side(spec: dict[str, Any], side: str, mark: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows of a side that a picture draws with a mark that has these properties."""
    rows = []
    for layer in spec["layer"]:
        look = layer["mark"]
        if look["type"] == mark and all(look.get(key) == value for key, value in wanted.items()):
            rows += [row for row in spec["datasets"][layer["data"]["name"]] if row.get("side") == side]
    return rows


def drawings(tables: RunTables) -> list[tuple[str, dict[str, Any]]]:
    """Return every picture of a run in every form, checked against the schema."""
    return [
        (f"{name} {form}", picture.draw(size).to_dict())
        for name, picture in pictures_of(tables).items()
        for form, size in picture.forms.items()
    ]


def picture_of(case: str, tables: RunTables) -> Picture:
    """Return the headline of a case."""
    left, right, part, given = CASES[case]
    entry = claimed(left[min(6, len(left) - 1)], right[0]) | given  # type: ignore[operator]
    found = headline(with_years(tables, left, right, part), entry)
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_headline_is_drawn_in_every_form(case: str, made: RunTables) -> None:
    """Whatever a claim says: the specification is valid and drawn, its size is the form's, its words are clear."""
    found = picture_of(case, made)
    for form in found.forms.values():
        spec = found.draw(form).to_dict()
        svg = vl_convert.vegalite_to_svg(json.dumps(spec))
        assert f'width="{form.width}" height="{form.height}"' in svg
        assert "NaN" not in svg
        assert_apart(spec)
    assert found.title
    assert len(found.rows) >= 1


def assert_apart(spec: dict[str, Any]) -> None:
    """Check that no two words that a picture places lie upon each other."""
    rows = [row for found in spec["datasets"].values() for row in found if "colour" in row]
    boxes = [Words(row["words"], [], align=row["align"], weight=row["weight"], size=row["size"]) for row in rows]
    for place, row in enumerate(rows):
        one = boxes[place].box(row["x"], row["y"])
        for other, second in zip(rows[:place], boxes, strict=False):
            two = second.box(other["x"], other["y"])
            assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1], (row, other)


def test_lines_end_where_nine_tenths_are_published(made: RunTables) -> None:
    """Later years are hollow dots that say how much is there; of hardly any publication there is no dot, only a row."""
    found = picture_of("size", made)
    spec = found.draw(found.forms["wide"]).to_dict()
    assert [row["year"] for row in of_side(spec, "left", "line")] == list(range(2018, 2025))
    assert {row["year"] for row in of_side(spec, "left", "point", fill=COLOURS["paper"])} == {2025}
    assert texts(spec).count("2025: about 60 % published") == 2
    assert [row[0] for row in found.rows] == [str(year) for year in range(2018, 2027)]
    assert found.rows[7][1:] == [30, 50, "60 %", "60 %"]


def test_what_the_claim_would_need_is_said(made: RunTables) -> None:
    """73 % more than 80 is 139 in whole inventions; a limit is passed, a share is of both; nothing without a size."""
    said = {case: texts(picture_of(case, made).draw(picture_of(case, made).forms["wide"]).to_dict()) for case in CASES}
    need = "what China would need for the claim to hold"
    assert f"139: {need}" in said["size"]
    assert f"161: {need}" in said["a limit"]
    assert f"120: {need}" in said["a share"]
    assert f"\u2191 2,400: {need}" in said["far away"]
    for case in ("no size", "years", "none on the right", "year not published"):
        assert not [words for words in said[case] if need in words], case
    assert "the claim\u2019s years" in said["years"]


def test_counts_stand_on_paper_alone_and_gaps_beside_them(made: RunTables) -> None:
    """The printed picture has the claim's counts; how much of its year is there is said wherever it isn't all."""
    found = picture_of("size", made)
    wide, paper = (texts(found.draw(found.forms[form]).to_dict()) for form in ("wide", "paper"))
    assert {"40", "80"} <= set(paper)
    assert not {"40", "80"} & set(wide)
    late = picture_of("a year of which most is there", made)
    assert texts(late.draw(late.forms["wide"]).to_dict()).count("93 % published") == 2
    assert texts(late.draw(late.forms["paper"]).to_dict()).count("40 (93 % published)") == 1


def test_a_title_rests_on_whole_years(made: RunTables) -> None:
    """Unfinished years, in which China fell back, change nothing in the title."""
    assert picture_of("behind then ahead", made).title == "China has been ahead of the three since 2021"


def test_shared_out_and_audited_headlines_say_what_the_lines_count(made: RunTables) -> None:
    """The lines count whole units as the records list them; the subtitle has the headline's own figures too."""
    tables = with_years(made, [40] * 7, [80] * 7)
    shared = tables.curve.assign(spec_id="f" * 12, share="fractional")
    tables = replace(tables, curve=pd.concat([tables.curve, shared]))
    figure = make_figures(38.5, 79.2, spec_id="f" * 12, share_level="fractional")
    found = headline(tables, make_entry("mixed", make_question("invention", "mixed", figure)))
    assert found is not None
    assert "whole for every country, the headline has 38.5 against 79.2" in found.subtitle
    audited = make_figures(33.1, 70.0, spec_id="a" * 12, is_audited=True)
    question = make_question("invention", "mixed", audited, before_labels=make_figures(40, 80, spec_id=SPEC))
    found = headline(tables, make_entry("mixed", question))
    assert found is not None
    assert "as the records list them, the headline has about 33 against about 70" in found.subtitle


def test_nothing_is_drawn_of_nothing(made: RunTables, sample: RunTables) -> None:
    """No headline where nothing is judged or the claim's years hold nothing; the sample has published counts."""
    assert headline(with_years(made, [5, 0], [5, 0], first=2023), claimed()) is None
    names = list(pictures_of(sample))
    assert names == ["published-1", "published-2", "published-3"]
    assert list(pictures_of(made)) == ["headline-china-73", "results-china-73"]


def test_headline_has_the_figures_of_the_answer(made: RunTables) -> None:
    """In the claim's year the table has the counts of the headline."""
    (claim,) = made.claims
    found = headline(made, claim)
    assert found is not None
    row = next(row for row in found.rows if row[0] == "2024")
    figure = next(one["figure"] for one in claim["questions"] if one["question"] == claim["rests_on"][0])
    assert figure is not None
    assert row[1:3] == [figure["left_n"], figure["right_n"]]


def test_every_distinct_judged_result_is_one_dot(made: RunTables) -> None:
    """As many dots a question as verdict.json has results, of as many ways; each at its value, its way among them."""
    (claim,) = made.claims
    found = results(made, claim)
    assert found is not None
    spec = found.draw(found.forms["wide"]).to_dict()
    dots = pd.DataFrame(spec["datasets"]["dots"])
    for one in claim["questions"]:
        mine = dots[dots["question"].eq(one["question"])]
        assert len(mine) == one["results"]
        assert mine["n"].sum() == one["judged"]
    rows = made.curve.drop_duplicates("spec_id").set_index("spec_id").loc[dots["spec_id"]]
    assert rows["judged"].eq("true").all()
    left, right = (pd.to_numeric(rows[name]).to_numpy(float) for name in ("left_n", "right_n"))
    inside = (dots["value"] > spec["usermeta"]["least"]) & (dots["value"] < spec["usermeta"]["most"])
    assert inside.sum() > 20
    assert np.allclose((dots["value"] * right)[inside], (100 * left)[inside], rtol=1e-4)
    (ring,) = spec["datasets"]["chosen"]
    assert ring["words"] == "the headline"
    assert ring["question"] == claim["rests_on"][0]


def test_results_of_a_share_are_of_both_sides() -> None:
    """A unit of both sides counts once in the share, and equal rows are one result."""
    row = {
        "question": "market",
        "left_n": "60",
        "right_n": "50",
        "overlap_n": "10",
        "low": "1",
        "high": "1",
        "unknown_n": "0",
        "topic": "strict",
        "reason": "",
        "judged": "true",
    }
    claim = claimed(measure="share", ratio_claimed=None, share_claimed=0.6)
    table = distinct(pd.DataFrame([row | {"spec_id": "a"}, row | {"spec_id": "b"}]), claim)
    assert table[["spec_id", "value", "n", "is_open"]].to_numpy().tolist() == [["a", 60.0, 2, False]]


def test_results_without_a_right_side_stand_at_the_edge(made: RunTables) -> None:
    """An infinite ratio is drawn at the end of the axis, none at its beginning."""
    row = {"claim_id": "china-73", "question": "invention", "overlap_n": "0", "low": "", "high": "", "judged": "true"}
    row |= {"unknown_n": "0", "topic": "strict", "reason": ""}
    ways = [row | {"spec_id": f"{place:012}", "left_n": left, "right_n": right} for place, (left, right) in
            enumerate([("5", "0"), ("0", "5"), ("5", "5")])]  # fmt: skip
    found = results(replace(made, curve=pd.DataFrame(ways), kept={}), claimed(5, 5, ratio_claimed=None, says="more"))
    assert found is not None
    spec = found.draw(found.forms["wide"]).to_dict()
    values = [dot["value"] for dot in spec["datasets"]["dots"]]
    assert values == [spec["usermeta"]["least"], 100.0, spec["usermeta"]["most"]]


def _asked(question: str, ahead: float, n: int = 100, untold: float = 0.0) -> Question:
    figure = make_figures(40, 80, spec_id=SPEC)
    return make_question(question, "mixed", figure, share_ahead=ahead, share_open=untold, results=n)


@pytest.mark.parametrize(
    ("asked", "title", "ahead"),
    [
        (
            [_asked("invention", 0.0, 1, 1.0), _asked("market", 0.0, 1)],
            (
                "China is not ahead in the one result by where protection is sought; "
                "by where they were invented it can't be told"
            ),
            ["can't be told", "China ahead in 0 of 1 result"],
        ),
        ([_asked("invention", 0.0, 1, 1.0)], "Whether China is ahead can't be told", ["can't be told"]),
        (
            [_asked("invention", 0.997, 342), _asked("ownership", 0.996, 250), _asked("market", 0.88),
             _asked("international", 1.0)],
            "China is ahead in nearly all results, but in 88 of 100 by where protection is sought",
            ["China ahead in all but 1 of 342 results", "China ahead in all but 1 of 250 results",
             "China ahead in 88 of 100 results", "China ahead in 100 of 100 results"],
        ),
        (
            [_asked("invention", 0.53), _asked("ownership", 0.5, 100, 0.03), _asked("international", 0.0)],
            "China is ahead in about half of the results, but not among what was filed abroad",
            ["China ahead in 53 of 100 results", "China ahead in 50 of 100 results, 3 open",
             "China ahead in 0 of 100 results"],
        ),
        ([_asked("invention", 1.0), _asked("market", 1.0)], "China is ahead in all results, whatever is asked", []),
    ],
)  # fmt: skip
def test_titles_of_results_keep_what_is_open_apart(
    asked: list[Question], title: str, ahead: list[str], made: RunTables
) -> None:
    """What can't be told is neither ahead nor behind; nearly all isn't most, and all but one isn't all."""
    found = results(made, make_entry("mixed", *asked))
    assert found is not None
    assert found.title == title
    assert set(ahead) <= set(texts(found.draw(found.forms["wide"]).to_dict()))


def test_the_ring_s_words_stand_clear_of_dots_and_words(made: RunTables) -> None:
    """They stand in the heading of their row, between its question and how often the left side is ahead."""
    found = results(made, made.claims[0])
    assert found is not None
    for form in found.forms.values():
        spec = found.draw(form).to_dict()
        words = max(("the headline", "your choice"), key=len)
        for begins, ends in spec["usermeta"]["rooms"].values():
            assert ends - begins > len(words) * form.type * 0.55
        (chosen,) = spec["datasets"]["chosen"]
        assert [chosen["begins"], chosen["ends"]] == list(spec["usermeta"]["rooms"][chosen["question"]])


def test_dots_never_lie_upon_each_other() -> None:
    """A thousand dots are packed in their order, none nearer to another than their width, unless the row is full."""
    x = np.sort(np.random.default_rng(7).normal(300, 80, 1000))
    y = packing(x, 5.0, 1e9)
    gap = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(1000, dtype=bool)]
    assert gap.min() >= 5 - 1e-6
    assert np.abs(packing(x, 5.0, 25.0)).max() == pytest.approx(25)


def published_claim(*rows: Any, **series: Any) -> tuple[Any, Entry]:
    """Return published rows, and a claim beside them."""
    one = {"series": "s", "topic": "t", "relation": "same", "question": "market", "unit": "family", "source": "A: T"}
    one |= {"convention": "by x"} | series
    return rows, make_entry("not assessable", published=[one], thresholds={"candidates": 10})


def test_published_years_that_are_not_whole_are_hollow(made: RunTables) -> None:
    """A year of which the table's note says that it is incomplete, or that lacks countries, is a dot without a line."""
    years = [make_row(year, CN=9, US=5, AU=1, JP=1) for year in range(2010, 2014)]
    late = make_row(2014, CN=1, US=5, AU=1, JP=1, note="The year is incomplete.")
    gone = make_row(2015, CN=1, US=0, AU=0, JP=0, codes_missing="yes")
    rows, claim = published_claim(*years, late, gone)
    (found,) = smalls(replace(made, published=rows, kept={}), claim)
    spec = found.draw(found.forms["narrow"]).to_dict()
    assert [row["year"] for row in of_side(spec, "left", "line")] == [2010, 2011, 2012, 2013]
    assert [row["year"] for row in of_side(spec, "left", "point", fill=COLOURS["paper"])] == [2014, 2015]
    assert found.title == "T: China ahead in every year since 2010"
    assert found.subtitle.endswith("2014 and 2015 not whole.")
    assert [row[0] for row in found.rows][-2:] == ["2014 (not whole)", "2015 (not whole)"]
    assert "no published\ncount after\n2015" in texts(spec)


def test_only_counts_of_both_sides_by_year_are_drawn(made: RunTables) -> None:
    """A bound, a span of years, a lacking country and too few years make no picture."""
    for rows in (
        [make_row((2010, 2014), CN=9, US=5, AU=1, JP=1)],
        [make_row(year, CN=9, US=5, AU=1) for year in range(2010, 2014)],
        [make_row(year, CN=9, total=30) for year in range(2010, 2014)],
        [make_row(year, CN=9, US=5, AU=1, JP=1) for year in (2010, 2011)],
    ):
        given, claim = published_claim(*rows)
        assert smalls(replace(made, published=given, kept={}), claim) == []


def test_nearest_topics_are_drawn_once_each(sample: RunTables) -> None:
    """Up to three series in the order of verdict.json, one for a topic; the title states what the figures show."""
    found = smalls(sample, sample.claims[0])
    assert [one.title for one in found] == [
        "Rare earths recovered from electronic waste: China drew level once, in 2009",
        "All materials and metallurgy: China ahead since 2011",
        "All environmental technology: China ahead since 2012",
    ]


@pytest.mark.parametrize("run", ["made", "sample"])
def test_only_the_page_s_colours_are_used(run: str, request: pytest.FixtureRequest) -> None:
    """Every colour of every chart is of tokens.css or a tone of one, and has a variable on the page."""
    tables: RunTables = request.getfixturevalue(run)
    allowed = {*COLOURS.values(), *(tone(colour, part) for colour in COLOURS.values() for part in TONES)}
    for name, chart in charts_of(tables).items():
        text = json.dumps(chart.to_dict())
        assert set(re.findall(r"#[0-9a-f]{6}\b", text)) <= allowed, name
        assert not re.findall(r'"(?:white|black|red|blue|grey|gray|orange|teal)"', text), name
        assert not re.findall(r"#[0-9a-f]{6}\b", on_page(text)), name
    sheet = (ROOT / "patentscope" / "report" / "page" / "tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", sheet.partition("@media")[0]))
    assert {name: light[name] for name in COLOURS} == COLOURS


@pytest.mark.parametrize("run", ["made", "sample"])
def test_pictures_of_a_run_are_valid_and_clear(run: str, request: pytest.FixtureRequest) -> None:
    """In every form the words of a run's own pictures are apart, and stills have the page's variables, no colour."""
    tables: RunTables = request.getfixturevalue(run)
    for _, spec in drawings(tables):
        assert_apart(spec)
    for name, picture in pictures_of(tables).items():
        specs = specs_of(picture)
        made = drawn(name, picture, "run", specs, dict(zip(specs, svgs_of(list(specs.values())), strict=True)))
        for still in made.stills:
            assert not re.findall(r"#[0-9a-f]{6}\b", still.svg)
            assert "var(--" in still.svg
        assert made.table.rows
        assert made.file == f"run-{name}"


def test_pictures_alone_have_title_and_source(made: RunTables) -> None:
    """What `run.charts` gives needs no page: title, subtitle, source and literal colours are in it."""
    (claim,) = made.claims
    found = headline(made, claim)
    assert found is not None
    svg = vl_convert.vegalite_to_svg(json.dumps(found.alone().to_dict()))
    assert found.title in svg
    assert "Counted by patentscope" in svg
    assert "var(" not in svg


def test_words_go_where_there_is_room() -> None:
    """Words move on to their next place where others stand, away from marks, and are left out where none is free."""
    within = (0.0, 0.0, 200.0, 40.0)
    one, two = Words("first", [(10, 10)]), Words("second", [(10, 12), (10, 30)])
    rows = placed([one, two, Words("third", [(12, 10)])], within)
    assert [(row["words"], row["y"]) for row in rows] == [("first", 10), ("second", 30)]
    assert placed([two], within, [(20.0, 12.0)])[0]["y"] == 30
    assert placed([Words("outside", [(190, 10)])], within) == []


@pytest.mark.parametrize("most", [1, 3, 7, 36, 99, 240, 1426, 16_499, 400_000])
def test_ticks_reach_the_most_in_round_steps(most: int) -> None:
    """From 0 in even steps up to the most, few enough to read."""
    found = ticks(most)
    assert found[0] == 0
    assert found[-2] < most <= found[-1]
    assert 2 <= len(found) <= 8
    assert len(set(np.diff(found))) == 1
