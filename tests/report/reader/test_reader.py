"""The reader's part: what stands in it are the entry's own figures, each in its place, in words that readers know."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from patentscope import Query, run
from patentscope.aggregate.answers.words import answer_words, evidence_words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query.side_names import label
from patentscope.records import store
from patentscope.report.reader.answer import answer, warnings
from patentscope.report.reader.coloured import coloured
from patentscope.report.reader.moves import misread, moves
from patentscope.report.reader.others import others
from patentscope.report.reader.own import own
from patentscope.report.reader.strip import strip
from patentscope.report.reader.view import reader_view
from patentscope.report.run_tables import RunTables

from factories import TODAY, claim, make_publication, query_text

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope import Publication, Run
    from patentscope.aggregate.answers.entry import Entry

BANNED = (
    r"\b(?:specifications?|gates?|baselines?|spec_id|admissible|conventions?|vintages?|medians?"
    r"|judged|stopped|multiverse|readings?|markets?)\b"
)


@pytest.fixture(scope="module")
def made(made_run: Run) -> RunTables:
    """The made run's tables, whose claim is answered."""
    return RunTables.read(made_run.folder)


@pytest.fixture(scope="module")
def sample(sample_run: Run) -> RunTables:
    """The sample run's tables, of which nothing is judged."""
    return RunTables.read(sample_run.folder)


def tables_of(folder: Path, rows: list[Publication], claims: list[dict[str, object]], **facts: Any) -> RunTables:
    """Return the tables of a small run of *rows*, held against *claims*."""
    folder.mkdir(exist_ok=True)
    path = folder / "in.parquet"
    store.write(store.to_table(rows), path)
    query = Query.parse(query_text(classes={"recycling": ["C22B7/00="]}, claims=claims))
    return RunTables.read(run(query, inputs=[path], as_of=TODAY, out=folder / "run", **facts).folder)


def filings(office: str, n: int, **facts: Any) -> list[Publication]:
    """Return *n* inventions first filed at an office in 2023, published in 2024."""
    dates = {"priority_date": "2023-03-01", "filing_date": "2023-03-01", "publication_date": "2024-09-01"}
    return [
        make_publication(
            f"{office}202400{place:04}A", **{"applicants": [office], "inventors": [office], **dates, **facts}
        )
        for place in range(n)
    ]


def text_of(page: str) -> str:
    """Return the words of a page before what is for specialists, blanks squeezed."""
    part = page[page.index("<main") : page.index('id="for-specialists"')]
    part = re.sub(r"<(script|style|svg|code)\b.*?</\1>", " ", part, flags=re.DOTALL)
    part = re.sub(r"</?(?:span|b|cite|a|strong)\b[^>]*>", "", part)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", part)))


def page_of(done: Run) -> str:
    """Return a run's page."""
    return done.folder.file("report.html").read_text(encoding="utf-8")


def test_the_answer_stands_in_the_readers_part(made_run: Run, made: RunTables) -> None:
    """Quote, source, answer, claimed size, points lost, every reason and what would make it surer are told."""
    (entry,) = made.claims
    text = text_of(page_of(made_run))
    wanted = [entry["quote"], entry["source"], entry["chip"], entry["sentence"], answer_words.ways_title(entry)]
    wanted += [f"Evidence: {entry['certainty']}", evidence_words.points(entry), answer_words.spread(entry)]
    wanted += [reason.text for reason in evidence_words.of_answer(entry)]
    wanted += [re.sub("`", "", step["text"]) for step in entry["raise"]]
    wanted += [source["title"] for source in made.state["sources"]]
    assert [part for part in wanted if re.sub(r"\s+", " ", part) not in text] == []
    assert "Why not" not in text


def test_without_an_answer_the_evidence_is_told_and_what_would_settle_it(sample_run: Run, sample: RunTables) -> None:
    """Nothing judged: what the records have, what others counted, why not, and the commands that would settle it."""
    (entry,) = sample.claims
    page = page_of(sample_run)
    text = text_of(page)
    on_topic = entry["on_topic_sentence"].replace("(topic definition “terms”)", "by words in the text")
    for part in (entry["sentence"], on_topic, entry["published_sentence"], "Why not"):
        assert re.sub(r"\s+", " ", part) in text
    assert "A demonstration on the embedded sample" in text[:400]
    assert all(step["command"] in html.unescape(page) for step in entry["raise"] if step["command"])
    assert "Evidence:" not in text
    view = reader_view(sample, entry)
    assert view["moves"] is view["misread"] is view["headline"] is None


def test_readers_meet_no_word_that_they_fail_on(made_run: Run, sample_run: Run) -> None:
    """Before what is for specialists no technical term stands, and no side by its codes."""
    for done in (made_run, sample_run):
        text = text_of(page_of(done)).replace("Basel Convention", "")
        assert re.findall(rf".{{0,40}}{BANNED}.{{0,40}}", text, re.IGNORECASE) == []
        assert re.findall(r".{0,40}US\+AU\+JP.{0,40}", text) == []


def test_the_strip_has_every_way_with_its_own_counts(made: RunTables) -> None:
    """Each recognised way is a card with the counts of verdict.json; of each side of the tie one stands in front."""
    (entry,) = made.claims
    cards = strip(made, entry)
    assert cards is not None
    assert len(cards["cards"]) == len(entry["ways"]) == 6
    given = {tuple(pair["n"] for pair in card["pairs"]) for card in cards["cards"]}
    assert given == {(numbers.count(way["left_n"]), numbers.count(way["right_n"])) for way in entry["ways"]}
    for card in cards["cards"]:
        assert max(pair["width"] for pair in card["pairs"]) == pytest.approx(100)


def stood(stands: str | None, way: str, *, near: bool = False) -> dict[str, Any]:
    """Return a recognised way as an entry has it, where it stands and whether it comes near the claim."""
    return {"way": way, "stands": stands, "near": near, "judged": True, "stopped": False}


@pytest.mark.parametrize(
    ("ways", "title"),
    [
        (
            [stood("behind", "first_filings"), stood("ahead", "quick_search", near=True), stood("behind", "owners")],
            "One of three recognised ways to count puts China ahead, close to the claim: search hits",
        ),
        (
            [stood("ahead", "first_filings"), stood("ahead", "owners", near=True)],
            "All two recognised ways to count put China ahead; close to the claim: owners",
        ),
        (
            [stood("behind", "owners"), stood(None, "oecd")],
            "Not even the one recognised way to count puts China ahead; too little to tell: 1",
        ),
        ([stood("behind", "owners"), stood("behind", "oecd")], "None of two recognised ways to count puts China ahead"),
        (
            [stood("ahead", "owners"), stood("behind", "oecd"), stood("ahead", "quick_search")],
            "Two of three recognised ways to count put China ahead",
        ),
    ],
)
def test_the_strips_title_counts_the_ways(made: RunTables, ways: list[dict[str, Any]], title: str) -> None:
    """How many of those that can tell put the left side ahead, which one where it is alone, and which come close."""
    entry: Entry = {**made.claims[0], "ways": ways}  # type: ignore[typeddict-item]
    assert answer_words.ways_title(entry) == title


def test_choices_that_decide_are_those_that_turn_the_answer(made: RunTables) -> None:
    """A choice decides only if a fair option alone puts the other side ahead; each row moves by a tenth or more."""
    (entry,) = made.claims
    found = moves(made, entry)
    assert found is not None
    for row in found["rows"]:
        factors = [row["factor"], row["typical"].removeprefix("typically ")]
        assert "to none" in factors or max(float(factor.removeprefix("×")) for factor in factors) >= 1.1
        sides = {option["side"] for option in row["options"] if option["turns"]}
        assert len(sides - {""}) <= 1
    turning = [row for row in found["rows"] if row["turns"]]
    said = found["title"].split(" ")[0].lower()
    assert said == {0: "no", 1: "one", 2: "two", 3: "three"}[len(turning)]


def test_a_title_of_a_limit_says_in_how_many_ways_it_is_kept(made: RunTables) -> None:
    """A claim of over so much: its size stands in the title, with the ways that can't be counted apart."""
    ways = [stood("behind", "first_filings"), stood("behind", "owners"), stood(None, "international")]
    ways.append({**stood(None, "oecd"), "stopped": True})
    limit: Entry = {**made.claims[0], "ways": ways, "says": "more", "ratio_claimed": 2.0}  # type: ignore[typeddict-item]
    rest = "; too little to tell: 1; can't be counted: 1"
    three = "the United States, Australia and Japan together"
    none = f"In none of two recognised ways has China more than twice as many as {three}{rest}"
    assert answer_words.ways_title(limit) == none
    ways[0]["stands"] = "ahead"
    one = f"In one of two recognised ways, China has more than twice as many as {three}{rest}"
    assert answer_words.ways_title(limit) == one


def test_the_day_of_the_claim_is_told_where_it_changes_the_figure(made: RunTables) -> None:
    """Seen on that day another figure: it is told with its counts; about the same one is not."""
    figure = {"left_n": 129, "right_n": 201, "is_audited": False, "as_of": "2026-11-29"}
    entry: Any = {**made.claims[0], "questions": [{**made.claims[0]["questions"][0], "figure": figure}]}
    entry["rests_on"] = [entry["questions"][0]["question"]]
    entry["as_said"] = {**figure, "left_n": 127, "right_n": 128, "as_of": "2025-10-31"}
    assert answer_words.at_the_claim(entry) == "Seen on 31 October 2025, the day of the claim: 127 against 128."
    entry["as_said"] |= {"right_n": 199}
    assert answer_words.at_the_claim(entry) == ""


def test_misreadings_are_of_100_results(made: RunTables) -> None:
    """Each row spans the lowest and the highest part of the results that give it, as verdict.json has them."""
    (entry,) = made.claims
    found = misread(entry)
    if found is None:
        assert not any(one["near"] for one in entry["misreadings"])
        return
    assert found["title"] == "Was it “73 % of”, not “73 % more”?"
    for (meant, _, of_100), reading in zip(found["rows"][1:], ("73 % of", "73 % share"), strict=True):
        parts = [round(100 * one["near"] / one["results"]) for one in entry["misreadings"] if one["reading"] == reading]
        assert of_100 == " to ".join(map(str, dict.fromkeys([min(parts), max(parts)]))), meant


def test_the_records_own_card_adds_up(sample: RunTables) -> None:
    """Bars and the rest make up all that is on topic, and each of the rest is said; other questions are told."""
    (entry,) = sample.claims
    card = own(sample, entry)
    assert card is not None
    bars = [int(pair["n"]) for pair in card["pairs"]]
    rest = [int(n) for n in re.findall(r"(\d+) (?:has|have|is|are|more) ", card["what"])]
    assert card["big"] == f"{sum(bars) + sum(rest)} inventions on topic" == "86 inventions on topic"
    assert rest == [43, 15, 5]
    assert "(where it was filed first)" in card["what"]
    by_owner, by_office = (
        [int(sample.counts[sample.counts["question"].eq(name) & sample.counts["country"].eq(code)]["n"].sum())
         for code in ("CN", "US", "AU", "JP")]
        for name in ("ownership", "market")
    )  # fmt: skip
    found = r"by (owner|where it was published)(?:, or first filing where none is stated)?: ([^;.]+)"
    told = dict(re.findall(found, card["what"].replace("By", "by")))
    counts = {name: [int(n) for n in re.findall(r"\d+", text)] for name, text in told.items()}
    assert counts == {"owner": by_owner, "where it was published": by_office}


def test_a_bound_is_drawn_from_what_is_given(sample: RunTables) -> None:
    """A total that lacks some countries: what is given has bars, all others have one, and who lacks is named."""
    (entry,) = sample.claims
    cards = strip(sample, entry)
    assert cards is not None
    (card,) = [one for one in cards["cards"] if one["big"].startswith("At least")]
    assert [(pair["name"], pair["n"]) for pair in card["pairs"]] == [
        ("China", "39,752"), ("United States", "2,516"), ("All others", "11,201")
    ]  # fmt: skip
    assert "Australia and Japan: not given" in card["what"]
    rows = others(entry)
    assert rows is not None
    said = {row["says"] for row in rows["rows"]}
    assert {one["big"][0].lower() + one["big"][1:] for one in cards["cards"][1:]} <= said


def test_without_a_published_count_that_is_said(tmp_path: Path) -> None:
    """A run that knows no published count says so; records of other years say of which they are."""
    tables = tables_of(tmp_path, filings("CN", 40) + filings("US", 20), [claim(year=1985)], complete=[])
    (entry,) = tables.claims
    text = text_of((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    assert "No published count was found." in text
    assert "in 1985: nothing is counted on either side, as they were published in 2024." in entry["sentence"]
    assert "Published 1 September 2024;" in text


def test_owners_that_no_record_states_are_not_counted_in_the_card(sample_run: Run) -> None:
    """Where every owner's country is that of the first filing, the card says that none is stated."""
    silent = RunTables.read(sample_run.folder)
    silent.records.make("stated", "select * from holding")
    silent.records.make("holding", "select * replace (how_known * 0 + 7 as how_known) from stated")
    card = own(silent, silent.claims[0])
    assert card is not None
    assert "By owner: no country is stated; by where it was published: China 5" in card["what"]


def test_every_published_series_is_told_once(made: RunTables) -> None:
    """What others counted: each series in one row, nearest first, and beside an answer no more than five at once."""
    (entry,) = made.claims
    found = others(entry)
    assert found is not None
    assert len(found["rows"]) == len(entry["published"])
    assert 0 < len(found["near"]) <= 5
    assert all(row["says"] for row in found["rows"])
    older = [row["topic"] for row in found["rows"] if "older edition" in row["relation"]]
    assert sorted(older) == ["Environmental technology (WIPO field 24)", "Materials and metallurgy (WIPO field 20)"]


def test_names_are_coloured_and_nothing_else_is_read_as_html(made: RunTables) -> None:
    """Both sides' names stand in elements of their colour; what a text holds besides is text."""
    entry: Entry = {**made.claims[0], "left": ["CN"], "right": ["US", "AU"]}
    said = str(coloured("China <b> had none of the United States or Australia, China's own", entry))
    assert said.count('<span class="left">China</span>') == 2
    assert '<span class="right">United States or Australia</span>' in said
    assert "&lt;b&gt;" in said
    others_named = coloured("China against all other countries", {**entry, "right": ["*"]})
    assert '<span class="right">all other countries</span>' in others_named


def test_a_cut_list_and_an_unknown_search_are_said_first(tmp_path: Path) -> None:
    """A list that ends before its stated total is called cut; a search of which nobody says that it is whole, so."""
    rows = filings("CN", 40) + filings("US", 20)
    cut = tables_of(tmp_path / "cut", rows, [claim(year=2023)], stated_total=100)
    assert [title for title, _ in warnings(cut)] == ["Cut list."]
    unknown = tables_of(tmp_path / "unknown", rows, [claim(year=2023)])
    assert [title for title, _ in warnings(unknown)] == ["Search not known to be whole."]
    whole = tables_of(tmp_path / "whole", rows, [claim(year=2023)], complete=[])
    assert warnings(whole) == []


def test_a_side_of_nothing_is_told_in_words(tmp_path: Path) -> None:
    """Nothing on the right: the figure is said as none of that country, and no bar has a length."""
    tables = tables_of(tmp_path, filings("CN", 40), [claim(year=2023, right=["AU"], exceeds_by=None)], complete=[])
    (entry,) = tables.claims
    assert answer(tables, entry)["counted"] == "none of Australia"
    cards = strip(tables, entry)
    assert cards is not None
    assert [pair["width"] for pair in cards["cards"][0]["pairs"]] == [100, 0]


def test_records_without_countries_give_a_page_all_the_same(tmp_path: Path) -> None:
    """No owner, inventor or priority of a known country: what is left by office is told, nothing is guessed."""
    rows = [
        make_publication(f"{office}202300{place:04}A", publication_date="2023-05-01", priority_date="2021-01-01")
        for place in range(40)
        for office in ("US", "CN")
    ]
    tables = tables_of(tmp_path, rows, [claim(year=2023)])
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "What these records are" in text_of(page)
    assert tables.claims[0]["verdict"] != "supported"


def test_a_share_claim_is_told_in_per_cent(tmp_path: Path) -> None:
    """The cards and the choices give shares, with both sides' counts beside them."""
    none = dict.fromkeys(("year", "left", "right", "exceeds_by"))
    said = claim(quote="China has most", says="share of CN > 60% in 2023", **none)
    tables = tables_of(tmp_path, filings("CN", 60) + filings("US", 20) + filings("JP", 20), [said], complete=[])
    (entry,) = tables.claims
    cards = strip(tables, entry)
    assert cards is not None
    assert all(re.fullmatch(r"\d+ %|Can't be counted", card["big"]) for card in cards["cards"])
    assert cards["cards"][0]["big"] == "60 %"
    assert label(entry["right"], entry["left"]) == "All others"


def test_a_query_without_claims_tells_what_its_records_are(tmp_path: Path) -> None:
    """No claim: the title, the years, the records and their topic definitions, and no block of an answer."""
    path = tmp_path / "in.parquet"
    store.write(store.to_table(filings("CN", 5)), path)
    query = Query.parse(query_text(classes={"recycling": ["C22B7/00="]}))
    text = text_of(page_of(run(query, inputs=[path], as_of=TODAY, out=tmp_path / "run")))
    assert "The query holds no claim" in text
    assert "What these records are" in text
    assert "To quote" not in text


def test_several_claims_have_a_part_each(tmp_path: Path) -> None:
    """Two claims: a switch names both, each has its own part, and no id stands twice."""
    rows = filings("CN", 40) + filings("US", 20) + filings("JP", 10)
    path = tmp_path / "in.parquet"
    store.write(store.to_table(rows), path)
    claims = [claim("one", year=2023), claim("two", year=2023, left=["US"], right=["JP"], quote="The US leads Japan")]
    query = Query.parse(query_text(classes={"recycling": ["C22B7/00="]}, claims=claims))
    page = page_of(run(query, inputs=[path], as_of=TODAY, out=tmp_path / "run"))
    assert re.findall(r'<div class="reader" id="claim-(\w+)"', page) == ["one", "two"]
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert {name for name in ids if ids.count(name) > 1} == set()
    assert page.count('<a href="#claim-') == 2
