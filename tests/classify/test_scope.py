"""A reading's scope takes families whose texts state such a feed, and leaves open what they leave open."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope import Query, Run, run
from patentscope.classify.features import build_features, feeds, scopes
from patentscope.classify.readings import in_topic, scope_is_open
from patentscope.errors import QueryError
from patentscope.fetch.by_hand import searches
from patentscope.query.query import SCOPES, Reading
from patentscope.records import store

from factories import QUERY, day, make_publication

KINDS = {"eol", "scrap", "byproduct"}
ASKED = """[topic.readings]
terms = { all = ["terms.rare_earth"] }
"terms+eol" = { all = ["terms.rare_earth"] }
"terms+scrap" = { all = ["terms.rare_earth"] }
"terms+byproduct" = { all = ["terms.rare_earth"] }
"strict_no_y02+eol" = { all = ["classes.rare_earth", "classes.recycling"] }
"classifier+eol" = { all = ["classifier"] }
strict = {"""


def scoped_query(**changes: str) -> Query:
    """Return the test query with a reading of every scope."""
    text = QUERY.replace("[topic.readings]\nstrict = {", ASKED)
    for old, new in changes.items():
        text = text.replace(old, new)
    return Query.parse(text)


def scopes_of(*texts: str) -> dict[str, bool | None]:
    """Return what the scopes say of one family with these texts, None for what they leave open."""
    found = scopes(build_features([list(texts)], {}, pd.DataFrame(index=[0]))[0]).iloc[0]
    return {scope: None if pd.isna(found[f"scope_{scope}"]) else bool(found[f"scope_{scope}"]) for scope in SCOPES}


EOL, PRODUCTION, BY_PRODUCT = (
    dict(zip(SCOPES, answers, strict=True))
    for answers in ((True, True, True), (False, True, True), (False, False, True))
)
SCRAP, WASTE = (dict(zip(SCOPES, answers, strict=True)) for answers in ((None, True, True), (None, None, True)))
ORE, SILENT = dict.fromkeys(SCOPES, False), dict.fromkeys(SCOPES)


@pytest.mark.parametrize(
    ("expected", "texts"),
    [
        (EOL, ("Magnets of end-of-life motors", "废旧磁体", "使用済み磁石")),
        (PRODUCTION, ("Grinding swarf of magnets", "磁体边角料", "磁石の研削屑", "Production scrap of magnets")),
        (BY_PRODUCT, ("Rare earths from red mud", "赤泥中提取钪", "石炭灰からの希土類", "Magnets in coal waste")),
        (SCRAP, ("Magnet scrap", "钕铁硼废料", "磁石スクラップ")),
        (WASTE, ("Industrial waste that holds rare earths", "含稀土固废", "希土類を含む廃棄物")),
        (ORE, ("Rare earths from monazite ore", "稀土精矿", "希土類鉱石")),
        (SILENT, ("Recycling of rare earths", "稀土的回收", "希土類のリサイクル", "")),
        (SILENT, ("Waste heat of a rare earth furnace", "用稀土处理废水", "希土類による廃水の処理")),
    ],
)
def test_each_feed_in_each_language(expected, texts):
    """A word decides the scopes that hold all or none of what it may mean, and leaves the others open."""
    assert {text: scopes_of(text) for text in texts} == dict.fromkeys(texts, expected)


def test_two_feeds_are_both_stated():
    """Who takes ore or old magnets takes old magnets; scrap beside swarf stays open, for it may be another."""
    assert scopes_of("Rare earths from ore", "or from discarded magnets") == EOL
    assert scopes_of("Magnet scrap and grinding swarf") == SCRAP
    assert scopes_of("Scrap or ore") == SCRAP


@given(st.sets(st.sampled_from(sorted(feeds()))))
def test_wider_scopes_hold_narrower_ones(stated):
    """What a scope takes a wider one takes, and what it refuses a narrower one refuses; without a feed all is open."""
    found = scopes(pd.DataFrame([{name: name in stated for name in feeds()}])).iloc[0]
    answers = [found[f"scope_{scope}"] for scope in ("eol", "scrap", "byproduct")]
    takes = [bool(not pd.isna(answer) and answer) for answer in answers]
    refuses = [bool(not pd.isna(answer) and not answer) for answer in answers]
    assert takes == sorted(takes)
    assert refuses == sorted(refuses, reverse=True)
    assert bool(found["states_feed"]) == bool(stated)
    assert all(map(pd.isna, answers)) == (not stated)


def test_words_mean_kinds_that_scopes_know():
    """Every list of feeds states kinds of waste that some scope takes, and the widest scope takes all of them."""
    assert set().union(*feeds().values()) == KINDS == set(SCOPES["byproduct"])
    assert set(SCOPES["eol"]) < set(SCOPES["scrap"]) < set(SCOPES["byproduct"])


def test_a_name_states_the_scope():
    """The scope is what stands after the plus, and Y02 symbols are ignored where that stands before it."""
    query = scoped_query()
    by_name = {reading.name: reading for reading in query.readings}
    assert by_name["terms+scrap"].scope == "scrap"
    assert by_name["terms"].scope == by_name["strict"].scope == ""
    assert by_name["strict_no_y02+eol"].without_y02
    assert not by_name["terms+eol"].without_y02


@pytest.mark.parametrize("name", ["strict+eof", "strict+", "strict+eol+scrap", "strict+eol_no_y02", "strict+EOL"])
def test_an_unknown_scope_is_refused(name):
    """A name with any other scope is a fault that lists those there are."""
    with pytest.raises(QueryError, match=r"\+eol, \+scrap, \+byproduct"):
        Query.parse(QUERY.replace("strict = {", f'"{name}" = {{'))


def test_the_audited_reading_has_no_scope():
    """Labels say whether a family is on topic, so they put right the plain classifier, and none of its scopes."""
    assert scoped_query().audited is None
    both = scoped_query(**{'"classifier+eol" =': 'classifier = { all = ["classifier"] }\n"classifier+eol" ='})
    assert both.audited == Reading("classifier", ("classifier",), ())
    with pytest.raises(QueryError, match="leave it out"):
        Query.parse(QUERY.replace("strict = {", '"classifier_audited+eol" = {'))


def test_a_scope_asks_for_nothing_more():
    """A search by hand is the same with a scope as without: texts are read where they arrive."""
    query = scoped_query()
    assert [one.text for one in searches(query, ["terms+eol"])] == [one.text for one in searches(query, ["terms"])]


def test_open_is_not_in_and_not_out():
    """A family that meets the rest of a reading and leaves its feed open is unknown; one that does not is out."""
    readings = [
        Reading("a", ("classes.x",), ()),
        Reading("a+eol", ("classes.x",), ()),
        Reading("c+eol", ("classifier",), ()),
    ]
    hits = pd.DataFrame({"x": [True, True, True, True, False]})
    decided = pd.DataFrame(
        {
            "scope_eol": pd.array([True, False, None, None, None], "boolean"),
            "in_classifier": pd.array([True, True, None, True, False], "boolean"),
        }
    )
    topic = in_topic(readings, hits, decided)
    assert topic["a"].tolist() == [True, True, True, True, False]
    assert topic["a+eol"].astype(object).where(topic["a+eol"].notna(), None).tolist() == [
        True,
        False,
        None,
        None,
        False,
    ]
    left_open = {one.name: scope_is_open(one, hits, decided) for one in readings[1:]}
    assert list(left_open["a+eol"][left_open["a+eol"]].index) == [2, 3]
    assert list(left_open["c+eol"][left_open["c+eol"]].index) == [3]  # the third has no score: that is another reason


TITLES = {
    "old": "Rare earths from discarded magnets",
    "swarf": "Rare earths from grinding swarf",
    "mud": "Rare earths from red mud",
    "scrap": "Rare earths from magnet scrap",
    "ore": "Rare earths from monazite ore",
    "silent": "Separation of rare earths",
}


@pytest.fixture(scope="module")
def scoped_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with a reading of every scope on thirty families of each of six feeds, half Chinese, half American."""
    rows = [
        make_publication(
            f"{office}{2024000000 + 1000 * place + i}A1",
            title=f"{title} ({i})",
            publication_date="2024-06-01",
            filing_date="2024-01-01",
            applicants=[office],
        )
        for place, title in enumerate(TITLES.values())
        for office in ("CN", "US")
        for i in range(15)
    ]
    folder = tmp_path_factory.mktemp("scope")
    store.write(store.to_table(rows), folder / "made.parquet")
    return run(scoped_query(), inputs=[folder / "made.parquet"], as_of=day("2026-06-30"), out=folder / "run")


def test_scores_say_what_was_decided(scoped_run: Run):
    """scores.parquet has which feeds each family's texts state, and what each scope and each reading make of them."""
    scores = store.read(scoped_run.folder.file("scores.parquet")).to_pandas()
    assert {"feed_end_of_life", "feed_scrap", "states_feed", *(f"scope_{scope}" for scope in SCOPES)} <= set(scores)
    counted = {name: scores[f"in_topic_{name}"].fillna(value=False).sum() for name in ("terms", *_scoped())}
    assert counted == {"terms": 180, "terms+eol": 30, "terms+scrap": 90, "terms+byproduct": 120}
    unknown = {name: scores[f"in_topic_{name}"].isna().sum() for name in _scoped()}
    assert unknown == {"terms+eol": 60, "terms+scrap": 30, "terms+byproduct": 30}


def test_the_ledger_lists_by_country_what_is_left_open(scoped_run: Run):
    """Every family that a reading's scope leaves open stands in the ledger, under that reading and its country."""
    (stage,) = (entry for entry in scoped_run.folder.state["stages"] if entry["stage"] == "classify")
    listed = {(gap["reason"].split(":")[0], gap["country"]): gap["count"] for gap in stage["gaps"]}
    expected = {"terms+eol": 30, "terms+scrap": 15, "terms+byproduct": 15, "strict_no_y02+eol": 30}
    assert {key: n for key, n in listed.items() if key[0] != "classifier+eol"} == {
        (name, country): n for name, n in expected.items() for country in ("CN", "US")
    }
    assert all("leave its scope open" in gap["reason"] and gap["first"] for gap in stage["gaps"])


def _scoped() -> list[str]:
    return [f"terms+{scope}" for scope in SCOPES]


def test_scopes_are_counted_as_readings_of_their_own(scoped_run: Run):
    """Every scope has its rows in curve.csv, with the units that it takes and no others."""
    curve = scoped_run.curve
    rows = curve[curve["unit"].eq("family") & curve["basis"].eq("office") & curve["date"].eq("publication")]
    rows = rows[rows["documents"].eq("inventions") & rows["as_of"].eq("2026-06-30")].set_index("topic")
    assert rows.loc[["terms", *_scoped(), "strict", "strict_no_y02+eol"], "left_n"].astype(int).to_dict() == {
        "terms": 90,
        "terms+eol": 15,
        "terms+scrap": 45,
        "terms+byproduct": 60,
        "strict": 90,
        "strict_no_y02+eol": 15,
    }


def test_the_page_says_how_many_are_open(scoped_run: Run):
    """The page names each scope's rule, and the families that it could not decide."""
    text = scoped_run.folder.file("report.html").read_text(encoding="utf-8")
    assert "a text that states a feed of eol or scrap" in text
    rules = json.loads(scoped_run.folder.file("classifier.json").read_text(encoding="utf-8"))["rules"]
    assert {"waste_feed", "output"} <= {rule["rule"] for rule in rules}


def test_a_scope_needs_no_terms(tmp_path):
    """A query by classes alone, in one group, has scopes too."""
    text = QUERY.replace('[topic.terms.en]\nrare_earth = ["rare earth"]\nrecycling = ["recycle"]\n', "")
    text = text.replace('recycling = ["C22B7"]\n', "").replace(
        'all = ["classes.rare_earth", "classes.recycling"]', 'all = ["classes.rare_earth"]'
    )
    text = text.replace("strict = {", '"strict+eol" = {')
    records = [
        make_publication(title=title, publication_date="2024-06-01", filing_date="2024-01-01")
        for title in ("Discarded magnets", "Magnets", None)
    ]
    store.write(store.to_table(records), tmp_path / "made.parquet")
    done = run(Query.parse(text), inputs=[tmp_path / "made.parquet"], as_of=day("2026-06-30"), out=tmp_path / "run")
    answers = store.read(done.folder.file("scores.parquet")).to_pandas()["in_topic_strict+eol"]
    assert (answers.fillna(value=False).sum(), answers.isna().sum()) == (1, 2)
