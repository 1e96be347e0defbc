"""The shipped queries: every one sound, none of them needed by the program, which is wired to no topic."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from patentscope import Query, Run, run
from patentscope.classify.decide import decide
from patentscope.classify.features import build_features
from patentscope.classify.texts import FamilyTexts
from patentscope.classify.weak_labels import RECYCLING, rules, votes, weak_label
from patentscope.classify.words.lexicon import Lexicon
from patentscope.fetch.bigquery.sql import statement
from patentscope.fetch.by_hand import ALL, searches
from patentscope.fetch.sample import read_labels
from patentscope.query.edition import edition, remarks
from patentscope.records import store

from factories import day, make_publication
from places import REAL, ROOT

if TYPE_CHECKING:
    from patentscope import Publication

QUERIES = sorted((ROOT / "queries").glob("*.toml"))
LIST = REAL / "envtech" / "ENVTECH_univoco.csv"
OURS = "an example of ours, not a published claim"
WIND = ROOT / "queries" / "offshore-wind-foundations.toml"
BATTERIES = ROOT / "queries" / "lithium-ion-battery-recycling.toml"
ANY_TOPIC = {"classes_and_terms", "same_sentence", "no_process", "other_material", "off_topic"}
PARTS = ("ballast", "grout", "coating", "flange", "ladder", "sensor", "skirt", "anode", "cable", "hatch")


@pytest.fixture(scope="module")
def wind_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the query on offshore wind on made records: China files 40 a year, Denmark and Germany 10 each."""
    folder = tmp_path_factory.mktemp("wind")
    store.write(store.to_table(wind_records()), folder / "made.parquet")
    return run(Query.load(WIND), inputs=[folder / "made.parquet"], as_of=day("2026-06-30"), out=folder / "run")


def wind_records() -> list[Publication]:
    """Return twelve years of foundations of offshore wind turbines, with near misses and other things beside them."""
    kinds = (
        ("Monopile foundation of an offshore wind turbine with a {}", ("F03D13/25", "E02D27/52")),
        ("Wind turbine blade with a {}", ("F03D1/06",)),
        ("Floating platform for a swimming pool with a {}", ("B63B35/44",)),
        ("Coffee machine with a {}", ("A47J31/00",)),
    )
    rows = []
    for year in range(2012, 2024):
        for office, size in (("CN", 40), ("DE", 10), ("DK", 10)):
            for i in range(size + 6):
                title, classes = kinds[0] if i < size else kinds[1 + i % 3]
                rows.append(
                    make_publication(
                        f"{office}{year}{i:06d}A",
                        application_number=f"{office}{year}1{year % 100}{i:05d}",
                        filing_date=f"{year}-03-01",
                        publication_date=f"{year + 1}-09-01",
                        title=title.format(f"{PARTS[i % 10]} {i}"),
                        title_language="en",
                        cpc=classes,
                        applicants=[office],
                        inventors=[office],
                    )
                )
    return rows


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_loads_and_is_named_like_its_file(path) -> None:
    """Each query passes as it is, has every axis, and at least five readings with the classifier as the last."""
    query = Query.load(path)
    assert query.name == path.stem
    assert all(len(levels) > 1 for levels in query.axes.values())
    assert len(query.readings) > 4
    assert query.readings[-1].members == ("classifier",)
    assert not re.search(r"(?<![\w.:/-])/(work|tmp|home|root|mnt|Users)/", path.read_text(encoding="utf-8"))


def test_there_are_topics_far_apart() -> None:
    """Three queries are shipped, on three topics, of which one has no recycling in it."""
    groups = {path.stem: set(Query.load(path).classes) for path in QUERIES}
    assert len(groups) >= 3
    assert sum(RECYCLING in names for names in groups.values()) == 2


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_symbol_has_a_title(path) -> None:
    """Each class symbol of each query is in the scheme, has its official title, and stands in its group once."""
    query = Query.load(path)
    stated = edition(query)
    assert stated["absent"] == {}
    assert remarks(query) == []
    for group, symbols in query.classes.items():
        assert len(set(symbols)) == len(symbols), group
        assert [symbol for symbol in symbols if symbol not in stated["titles"]] == []


@pytest.mark.real
@pytest.mark.skipif(not LIST.is_file(), reason=f"no list at {LIST}")
def test_the_oecd_s_classes_are_those_of_its_list() -> None:
    """Every symbol is on the cleaned list; its part about recycling is met, but for what is no class now."""
    listed = [re.sub(r"\s", "", line) for line in LIST.read_text(encoding="utf-8-sig").splitlines()]
    query = Query.load(ROOT / "queries" / "rare-earth-recycling.toml")
    oecd, scheme = query.classes["oecd"], query.scheme
    assert {symbol if "/" in symbol else f"{symbol}/00" for symbol in oecd} <= set(listed)
    part = listed[listed.index("A23K10/26") : listed.index("H01M10/54") + 1]
    part += [symbol for symbol in listed if re.match(r"Y02W30/[5-9]|Y02P10/20", symbol)]
    missed = set(part) - scheme.covered(oecd, part)
    assert [symbol for symbol in missed if scheme.nearest(symbol) is None] == []
    assert len(missed) == 8
    assert not any(above != symbol and scheme.covers(above, symbol) for above in oecd for symbol in oecd)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_terms_are_given_in_three_languages(path) -> None:
    """Each group has English, Chinese and Japanese words, none twice, in their scripts; 废 alone is too little."""
    terms = Query.load(path).terms
    assert len({frozenset(groups) for groups in terms.values()}) == 1
    for language, groups in terms.items():
        for words in groups.values():
            assert words
            assert len(set(words)) == len(words)
            latin = [word for word in words if word.isascii()]
            assert len(latin) == len(words) if language == "en" else len(latin) < len(words) / 2
            assert language == "en" or not any(len(word) == 1 for word in groups.get("recycling", ()))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_no_quote_is_invented(path) -> None:
    """A claim that nobody published is a question, and says that it is ours; the only other one is the article's."""
    for claim in Query.load(path).claims:
        if claim.id != "china-73":
            assert claim.source == OURS
            assert claim.quote.endswith("?")
            assert claim.said_on is None


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_can_be_asked_by_hand_and_at_bigquery(path) -> None:
    """For every office of its claims there is a search to paste, or of the world; the SQL has its classes."""
    query = Query.load(path)
    offices = {code for claim in query.claims for code in (*claim.left, *claim.right)}
    asked = {search.office for search in searches(query, [ALL])}
    assert asked == ({""} if "*" in offices else {"", "WO", "EP", *offices})
    sql = statement(query)
    read = {member.split(".")[1] for reading in query.readings for member in reading.members if "classes." in member}
    assert all(query.classes[group][0].split("/")[0] in sql for group in read)


@pytest.mark.parametrize(
    ("path", "text", "groups"),
    [
        (BATTERIES, "Process for recovering cobalt from spent lithium-ion batteries", {"lithium_ion", "recycling"}),
        (BATTERIES, "Relithiation of cathode material from LIBs", {"lithium_ion", "recycling"}),
        (BATTERIES, "一种退役磷酸铁锂电池正极材料的修复方法", {"lithium_ion", "recycling"}),
        (BATTERIES, "廃リチウムイオン電池からのコバルトの回収方法", {"lithium_ion", "recycling"}),
        (BATTERIES, "Electrolyte for a lithium secondary battery", {"lithium_ion"}),
        (BATTERIES, "Recycling of lead-acid batteries", {"recycling"}),
        (BATTERIES, "一种废水处理方法", set()),
        (WIND, "Suction bucket foundation for an offshore wind turbine", {"wind", "foundation"}),
        (WIND, "Semi-submersible floating platform for wind power generation", {"wind", "foundation"}),
        (WIND, "一种海上风电单桩基础及其施工方法", {"wind", "foundation"}),
        (WIND, "浮体式洋上風力発電装置", {"wind", "foundation"}),
        (WIND, "Cable protection in an offshore wind farm", {"wind"}),
        (WIND, "一种基于人工智能的充电桩平台", set()),
        (WIND, "Jacket for cooling a motor, on a foundation", set()),
    ],
)
def test_terms_find_what_they_are_for(path, text, groups) -> None:
    """Titles of the trade meet both parts of the topic; near misses meet one, and what is left out meets none."""
    found = Lexicon(Query.load(path).terms).hits([text])
    assert {name for name in found if found.loc[0, name]} == groups


def test_another_topic_runs_to_a_verdict(wind_run: Run) -> None:
    """A query without any group about rare earths or recycling is counted, classified and judged."""
    claim = wind_run.verdicts[0]
    assert claim["verdict"] == "supported"
    assert {entry["question"]: entry["verdict"] for entry in claim["questions"]}["ownership"] == "supported"
    curve = wind_run.curve
    mine = curve[curve["claim_id"].eq(claim["id"])]
    query = Query.load(WIND)
    assert set(mine["topic"]) == {reading.name for reading in query.readings}
    assert set(mine.loc[mine["judged"], "topic"]) == set(mine["topic"]) - query.wider
    assert set(mine.loc[mine["judged"], "ratio"].round(6)) == {2.0}
    assert mine.loc[mine["topic"].isin(query.wider) & ~mine["stopped"], "reason"].str.startswith("a wider topic").all()


def test_another_topic_is_taught_by_rules_of_any_topic(wind_run: Run) -> None:
    """The classifier is trained, and no rule about waste, ore or what sounds like recycling has a say."""
    told = json.loads(wind_run.folder.file("classifier.json").read_text(encoding="utf-8"))
    assert told["trained"]
    assert {rule["rule"] for rule in told["rules"]} == ANY_TOPIC
    assert told["labels"] == []


def test_another_topic_s_page_speaks_of_nothing_else(wind_run: Run) -> None:
    """The page of another topic has no figures on rare earths, and no word of them or of recycling."""
    text = wind_run.folder.file("report.html").read_text(encoding="utf-8")
    shown, query = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL).split('aria-label="The query file"')
    assert re.findall("What others published", shown) == []
    assert re.findall(r"(?i)rare.earths?|recycl\w*", shown) == []
    assert "no group called `recycling`" in query
    assert "published" not in wind_run.charts.names


def test_the_sample_s_labels_are_for_its_own_question(sample_run: Run) -> None:
    """Readers' labels on rare earths are held against a query that asks about them, and no other."""
    told = json.loads(sample_run.folder.file("classifier.json").read_text(encoding="utf-8"))
    assert {row["reading"] for row in told["labels"]} == set(sample_run.curve["topic"])
    assert read_labels(Query.load(BATTERIES).classes) == {}
    assert read_labels(Query.load(WIND).classes) == {}


def test_batteries_run_on_the_sample(tmp_path) -> None:
    """On records of another topic the query finds what little there is, and refuses a verdict."""
    done = run(Query.load(BATTERIES), sample=True, out=tmp_path / "run")
    assert {claim["verdict"] for claim in done.verdicts} == {"not assessable"}
    scores = store.read(done.folder.file("scores.parquet")).to_pandas()
    assert 0 < scores["in_topic_terms"].sum() < 20
    told = json.loads(done.folder.file("classifier.json").read_text(encoding="utf-8"))
    assert {rule["rule"] for rule in told["rules"]} == {rule.name for rule in rules()}


def test_words_of_recycling_vote_for_recycling_only() -> None:
    """A wind turbine in seawater, beside waste, is voted on by the rules of its own topic alone."""
    terms = {"en": {"wind": ["wind turbine"], "foundation": ["monopile"]}}
    classes = pd.DataFrame([{"wind": True, "foundation": True}])
    features = build_features([["Monopile of a wind turbine in seawater, beside a waste pipe"]], terms, classes)[0]
    cast = votes(features, "foundation")
    assert {name.removeprefix("rule_") for name in cast} == ANY_TOPIC
    assert weak_label(cast).tolist() == [1]
    assert votes(features).loc[0, "rule_waste_feed"] == 1


def test_a_topic_of_one_group_can_be_learned() -> None:
    """With one group only, a family is on topic where class and text agree, and off where both are silent."""
    rows = [(f"Heat pump with a {part} {i}", True) for i, part in enumerate(PARTS * 2)]
    rows += [(f"Coffee machine with a {part} {i}", False) for i, part in enumerate(PARTS * 2)]
    families = pd.DataFrame({"family_id": [f"F{i:03}" for i in range(len(rows))], "texts": [[row[0]] for row in rows]})
    hits = pd.DataFrame({"heat_pump": [row[1] for row in rows]})
    decision = decide(FamilyTexts.of(families), {"en": {"heat_pump": ["heat pump"]}}, hits)
    assert decision.table["weak_label"].tolist() == [1] * 20 + [0] * 20
    assert decision.trained
    assert decision.table["in_classifier"].tolist() == [True] * 20 + [False] * 20
