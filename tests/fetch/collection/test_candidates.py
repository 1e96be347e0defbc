"""Candidates of a query, selected by an engine from a collection that is read where it lies."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope import Query, run
from patentscope.classify import readings
from patentscope.classify.features import build_features, scopes
from patentscope.classify.words.chunks import lemma_of, words_of_lemma
from patentscope.classify.words.lexicon import Lexicon
from patentscope.classify.words.spellings import Expressions
from patentscope.classify.words.unicode_forms import marks
from patentscope.cli import main
from patentscope.engines.engine import DuckEngine
from patentscope.errors import FileFormatError, QueryError, RecordError, UsageError
from patentscope.fetch.askable import askable
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.select import select
from patentscope.records import store
from patentscope.records.intake import NO_CANDIDATE, merge
from patentscope.records.symbols import covers

from factories import QUERY, bytes_of, make_publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.records.imported import Imported
    from patentscope.records.publication import Publication

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no Java here, which Spark needs")

TERMS = {
    "a": ("rare earth", "mouse", "Nd2Fe14B", "REE", "fine", "10 kg", "稀土", "ガラス", "NdFeB磁石"),
    "b": ("recycle", "end-of-life", "axis", "cell", "spent", "not", "naïve", "回收", "リサイクル", "スクラップ"),
}
TOPIC = f"""
name = "candidates"
[scope]
years = [2015, 2025]
[topic.classes]
a = ["C22B59", "C01F17=", "C04B18/04"]
b = ["C22B7/006", "B09B", "C22B1/005="]
y = ["Y02P10/20"]
[topic.terms.en]
a = {json.dumps(TERMS["a"], ensure_ascii=False)}
b = {json.dumps(TERMS["b"], ensure_ascii=False)}
[topic.readings]
classes = {{ all = ["classes.a", "classes.b"] }}
terms = {{ all = ["terms.a", "terms.b"] }}
either = {{ all = ["classes.a"], any = ["terms.b", "classes.y"] }}
"terms+eol" = {{ all = ["terms.a"], any = ["terms.b"] }}
strict_no_y02 = {{ all = ["classes.b", "classes.y"] }}
learnt = {{ all = ["classifier"] }}
"""
TOPIC_QUERY = Query.parse(TOPIC)
SYMBOLS = (
    *("C22B59/00", "c22b 59/10", "C22B  59", "C22B590/00", "C01F17/00", "C01F17", "C01F17/10", "C04B18/0427"),
    *("C22B7/00", "C22B7/006", "B09B3/40", "B 09 B", "C22B1/005", "C22B1/0056", "Y02P10/20", "Y02P 10/205", "none"),
)
#: Of every Latin letter and figure, the characters that become it, or begin with it.
DISGUISES: dict[str, list[str]] = {}
for _point in [*range(0x80, 0xD800), *range(0xF900, 0x1F200)]:
    _plain = unicodedata.normalize("NFKC", chr(_point)).lower()
    if _plain != chr(_point).lower() or len(_plain) > 1:
        for _end in {_plain, _plain[:1], _plain[-1:]} if any(map(str.isalnum, _plain)) else set():
            DISGUISES.setdefault(_end, []).append(chr(_point))
#: Words that hold a term's word, or nearly do, as a text may have them.
HELD = (
    *("cannot", "dont", "10kg", "10㎏", "tree", "unrecycled", "10 ㎏", "㋷サイ㋗ル", "リサ㋑クル", "㍉リサイクル"),
    *(
        "ｶﾞﾗｽ",
        "カ゛ラス",
        "ﾘｻｲｸﾙ",
        "回 收",
        "稀\u3000土",
        "スクラッフ\u309a",
        "Nd₂Fe⑭B",
        "nai\u0308ve",
        "NAI\u0308VE",
        "waste.Arecycled",
        "㏘xree",
    ),
)
BETWEEN = (
    "",
    " ",
    " ",
    " ",
    "-",
    "\u2010",
    "\u00a0",
    "\u3000",
    "\u2212",
    ", ",
    ". ",
    "/",
    "'",
    "の",
    "磁",
    "\u0301",
    "_",
    "7",
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a text of the terms' words, inflected, in any case, some of their letters in other characters."""
    words = [part for term in (*TERMS["a"], *TERMS["b"]) for part in (*term.replace("-", " ").split(), term)]
    words += [form for word in words for form in sorted(words_of_lemma(lemma_of(word)))]
    words += HELD
    parts = []
    for _ in range(draw(st.integers(1, 5))):
        word = draw(st.sampled_from(words))
        for _ in range(draw(st.integers(0, 2))):
            known = [key for key in DISGUISES if key in word.lower()]
            if known:
                key = draw(st.sampled_from(sorted(known)))
                at = word.lower().index(key)
                word = word[:at] + draw(st.sampled_from(DISGUISES[key])) + word[at + len(key) :]
        parts += [draw(st.sampled_from([word, word, word.upper(), word.title()])), draw(st.sampled_from(BETWEEN))]
    return "".join(parts)


@st.composite
def worlds(draw: st.DrawFn) -> list[Publication]:
    """Return publications in stated families, of which any may be on topic by what several members say together."""
    made = []
    for place in range(draw(st.integers(1, 8))):
        members = draw(st.lists(st.sampled_from(SYMBOLS), max_size=3))
        said = draw(st.lists(texts(), max_size=3))
        title, original, abstract = (*said, None, None, None)[:3]
        made.append(
            make_publication(
                f"CN{place + 1:08d}A",
                family_id=str(draw(st.integers(1, 4))),
                cpc=tuple(members[:2]),
                ipc=tuple(members[2:]),
                title=title,
                title_original=original,
                abstract=abstract,
            )
        )
    return made


def asking(cache: Path | None = None) -> Asking:
    """Return who is asked, with a cache of its own."""
    return Asking(cache or Path(tempfile.mkdtemp()))


def selected(publications: Sequence[Publication], query: Query = TOPIC_QUERY, engine: str = "duckdb") -> Imported:
    """Return the candidates among *publications*, written to one file first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.parquet"
        store.write(store.to_table(publications), path)
        return select(replace(query, engine=engine), [path], asking(Path(folder)))


def taken(publications: Sequence[Publication], query: Query = TOPIC_QUERY) -> set[str]:
    """Return the families that any reading that can be asked takes, as a run decides it."""
    table = merge([store.to_table(publications)], most_bad=0.01).table
    family_id = table.column("family_id").to_pandas()
    with tempfile.TemporaryDirectory() as folder:
        store.write(table, Path(folder) / "publications.parquet")
        families = readings.family_texts(Path(folder) / "publications.parquet", family_id)
    hits = readings.class_hits(table, family_id, families["family_id"], query.classes)
    plain = hits[[name for name in hits.columns if not name.endswith(readings.NO_Y02)]]
    features = build_features(families["texts"], query.terms, plain)
    decided = pd.concat([features.filter(like="terms_"), scopes(features)], axis=1)
    topic = readings.in_topic(askable(query), hits, decided)
    return set(families["family_id"][topic.fillna(value=False).any(axis=1).to_numpy(bool)])


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_every_family_that_a_reading_takes_is_a_candidate(publications: list[Publication]) -> None:
    """Whatever classes and texts say, and however they are written: no reading takes a family that was left out."""
    found = selected(publications)
    families = set(found.table.column("family_id").to_pylist())
    assert taken(publications) <= families
    members = sum(one.family_id in families for one in publications)
    assert found.table.num_rows == members
    assert found.rows_in == len(publications) == members + sum(loss.count for loss in found.set_aside)


def missed(said: Sequence[str]) -> list[str]:
    """Return the texts in which the lexicon finds a term, and the term's expressions, on the engine itself, don't."""
    lexicon = Lexicon({"en": {group: list(terms) for group, terms in TERMS.items()}})
    hits = lexicon.hits([unicodedata.normalize("NFKC", text) for text in said])
    lost = []
    with DuckEngine() as engine:
        engine.put("said", pd.DataFrame({"text": said}))
        for group, terms in TERMS.items():
            found = Expressions.of(terms)
            bare = f"regexp_replace(text, '{marks()}', '', 'g')"
            wanted = (("text", found.words), ("text", found.hidden), (bare, found.characters))
            met = " or ".join(f"regexp_matches({text}, '{one}')" for text, one in wanted if one)
            rows = engine.frame(f"select {met} as met from said")["met"].to_numpy(bool)
            lost += [text for text, hit, is_met in zip(said, hits[group], rows, strict=True) if hit and not is_met]
    return lost


@settings(max_examples=25, deadline=None)
@given(st.lists(texts(), min_size=40, max_size=40))
def test_what_the_lexicon_finds_the_expressions_find(said: list[str]) -> None:
    """Every text in which the lexicon finds a term is one that the term's expressions take."""
    assert not missed(said)


def test_every_form_and_every_character_is_found() -> None:
    """Each inflection of each term, and each term with each of its letters in each other character, is taken."""
    said = []
    for term in (*TERMS["a"], *TERMS["b"]):
        said += [term.replace(word, form) for word in term.split() for form in words_of_lemma(lemma_of(word))]
        for key in (key for key in DISGUISES if key in term.lower()):
            at = term.lower().index(key)
            said += [term[:at] + other + term[at + len(key) :] for other in DISGUISES[key]]
    assert {"mice", "axes", "ﬁne", "ℝEE", "℃ell", "rⓔcycle", "ﾘサイクル"} <= {*said}
    assert len(said) > 1500
    assert not missed([*said, *HELD])


def test_expressions_do_not_take_everything() -> None:
    """A word within another, a unit beside a figure and a trade mark beside a word are no term of the query."""
    plain = [
        "a tree of degrees",
        "refinery",
        "axially unrecycled",
        "heated to 500℃ at 10⁵ Pa",
        "Foo™ bar",
        "土地回转",
        "ララリサ",
    ]
    made = [
        make_publication(f"US{place}A", title=text, family_id=str(place), cpc=()) for place, text in enumerate(plain)
    ]
    both = Query.parse(
        TOPIC.replace('terms = { all = ["terms.a", "terms.b"] }', 'terms = { any = ["terms.a", "terms.b"] }')
    )
    assert selected(made, both).table.num_rows == 0


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("pattern", ["C22B59", "C22B7/006", "C22B7/00=", "C01F17=", "B09B", "C04B18/04", "C22B1/005="])
def test_a_class_is_found_however_it_is_written(pattern: str, symbol: str) -> None:
    """A symbol that the reading of classes takes is taken, in any writing; one that it leaves is left."""
    query = Query.parse(TOPIC.replace('"C22B59", "C01F17=", "C04B18/04"', f'"{pattern}"').replace(', "classes.b"', ""))
    only = replace(query, readings=query.readings[:1])
    made = make_publication("US1A", cpc=(symbol,), family_id="1")
    (normal,) = merge([store.to_table([made])], most_bad=0.01).table.column("cpc").to_pylist()
    is_taken = bool(normal) and covers(pattern, normal[0])
    assert selected([made], only).table.num_rows == is_taken


def world() -> list[Publication]:
    """Return a collection of four offices: on topic by classes, by terms, by two members together, and not at all."""
    made = []
    for place in range(48):
        office, topic = ("CN", "US", "JP", "AU")[place % 4], place // 4 % 4
        facts = {
            "office": office,
            "application_number": f"{office}2023{place:06d}",
            "publication_date": f"2024-{1 + place % 12:02d}-10",
            "filing_date": "2023-06-01",
            "applicants": [office],
            "inventors": [office],
        }
        on_topic = [
            {"cpc": ("C22B59/00", "C22B 7/00")},
            {"cpc": (), "title": "Recycling of RARE-EARTHS", "abstract": "From scrap."},
            {"cpc": ("G06F17/00",), "title": "A computer"},
            {"cpc": ("C22B59/10",), "title": "Leaching"},
        ][topic]
        made.append(make_publication(f"{office}{1000 + place}A", family_id=str(9000 + place), **facts, **on_topic))
    # The process stands in another member, of another office, and of a time when nothing was counted.
    made.append(make_publication("JP5555A", family_id="9012", cpc=("C22B7/00",), publication_date="1999-01-01"))
    made.append(make_publication("DE7777A", family_id="9008", cpc=(), publication_date="2025-11-30"))
    return made


WORLD_QUERY = QUERY.replace(
    "[axes]", 'terms = { all = ["terms.rare_earth", "terms.recycling"] }\nlearnt = { all = ["classifier"] }\n[axes]'
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the query, the world as one file, and as several of several row groups, one without abstracts."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "query.toml").write_text(WORLD_QUERY, encoding="utf-8")
    table = store.to_table(world())
    store.write(table, folder / "world.parquet")
    (folder / "parts" / "more").mkdir(parents=True)
    pq.write_table(table.slice(0, 20), folder / "parts" / "a.parquet", row_group_size=7)
    pq.write_table(table.slice(20, 25), folder / "parts" / "more" / "b.parquet", row_group_size=4)
    pq.write_table(table.slice(45).drop_columns(["abstract", "ipc"]), folder / "parts" / "more" / "c.parquet")
    return folder


def result(found: Imported) -> tuple[list[dict[str, object]], list[tuple[str, str, int]], object]:
    """Return a selection's rows in order, its ledger, and its figures."""
    rows = sorted(found.table.to_pylist(), key=lambda row: str(row["publication_number"]))
    return rows, [(loss.reason, loss.country, loss.count) for loss in found.set_aside], found.source.selection


def test_a_folder_is_read_as_the_one_file_is(place: Path) -> None:
    """Several files of several row groups give the same as one: in a folder, by a pattern, and by an address."""
    query = Query.load(place / "query.toml")
    whole = select(query, [place / "world.parquet"], asking())
    assert whole.source.selection
    assert (whole.source.selection.rows, whole.source.selection.kept, whole.source.selection.families) == (50, 26, 25)
    folder = place / "parts"
    addresses = [path.resolve().as_uri() for path in sorted(folder.rglob("*.parquet"))]
    for inputs in ([folder], [f"{folder}/**/*.parquet"], [folder / "a.parquet", folder / "more"], addresses):
        assert result(select(query, inputs, asking())) == result(whole)
    assert select(query, [folder], asking()).source.sha256 != whole.source.sha256
    assert len(select(query, addresses, asking()).source.sha256) == 64


@needs_java
def test_spark_selects_as_duckdb_does(place: Path) -> None:
    """The same rows, ledger and figures on Spark as on DuckDB, to the last row, of texts in any characters."""
    query = Query.load(place / "query.toml")
    ours, theirs = (
        result(select(replace(query, engine=engine), [place / "parts"], asking())) for engine in ("duckdb", "spark")
    )
    assert theirs == ours
    draw = np.random.default_rng(0)
    disguised = [word for words in DISGUISES.values() for word in words]
    made = []
    for number in range(400):
        words = draw.choice([*TERMS["a"], *TERMS["b"], *disguised, *BETWEEN, "ſ", "İ", "\u212a"], 6)
        text = draw.choice(BETWEEN).join(map(str, words))
        facts = {"family_id": [None, str(number // 3)][number % 2], "application_number": f"CN2020{number // 2:09d}.X"}
        claims = [(f"US{number // 5}A1", None), ("JP 2020-1", None)][: number % 3]
        cpc = tuple(map(str, draw.choice(SYMBOLS, 1)))
        made.append(make_publication(f"CN{number}A", title=text, cpc=cpc, priorities=claims, **facts))
    ours, theirs = (result(selected(made, engine=engine)) for engine in ("duckdb", "spark"))
    assert theirs == ours
    assert 20 < len(ours[0]) < 380


def test_the_ledger_holds_every_row(place: Path, tmp_path: Path) -> None:
    """Rows in = rows out + left out, by reason and office; what is no candidate is no bad record, what is bad is."""
    numberless = [replace(one, publication_number=" ") for one in world()[:2]]
    table = store.to_table([*world(), *numberless])
    store.write(table, tmp_path / "world.parquet")
    found = select(Query.load(place / "query.toml"), [tmp_path / "world.parquet"], asking())
    assert found.rows_in == 52 == found.table.num_rows + sum(loss.count for loss in found.set_aside)
    left = {(loss.reason, loss.country): loss.count for loss in found.set_aside}
    assert left == {
        ("no publication number", "CN"): 1,
        ("no publication number", "US"): 1,
        **{(NO_CANDIDATE, office): count for office, count in (("AU", 6), ("CN", 5), ("DE", 1), ("JP", 6), ("US", 6))},
    }
    assert merge([found.table], most_bad=2 / 52, set_aside=found.set_aside).rows_in == 52
    with pytest.raises(RecordError, match="2 of 52 records are bad"):
        merge([found.table], most_bad=0.01, set_aside=found.set_aside)


def test_rows_without_a_family_are_held_together_by_priorities() -> None:
    """A first filing and its follow-ups are one family without an id, too, for all that is written: it is counted."""
    first = make_publication("CN1A", application_number="CN202310000001.7", cpc=("C22B59/00",))
    later = make_publication("US2A1", application_number="US18/000002", cpc=(), priorities=[("CN202310000001 A", None)])
    grant = make_publication(
        "US2B2", application_number="US18000002", cpc=("B09B3/00",), priorities=[("CN 202310000001", None)]
    )
    alone = make_publication("CN3A", application_number="CN202310000003", cpc=("C22B59/00",))
    found = selected([first, later, grant, alone])
    assert sorted(found.table.column("publication_number").to_pylist()) == ["CN1A", "US2A1", "US2B2"]
    assert found.source.selection
    assert found.source.selection.without_family == 4
    assert "4 rows state no family" in found.source.note


def test_a_query_of_the_classifier_alone_has_no_candidates(place: Path) -> None:
    """Where no reading asks for anything, nothing is read, and the fault says what is missing."""
    query = Query.load(place / "query.toml")
    only = replace(query, readings=query.readings[-1:])
    with pytest.raises(QueryError, match="only the classifier"):
        select(only, [place / "world.parquet"], asking())


def test_only_our_own_parquet_can_be_selected_from(place: Path, tmp_path: Path) -> None:
    """Whatever else is named is refused, with what works."""
    query = Query.load(place / "query.toml")
    (tmp_path / "lens.csv").write_text("Lens ID,Title\n1,x\n", encoding="utf-8")
    pq.write_table(
        pa.table({"publication_number": ["US-1-A"], "publication_date": [20240101]}), tmp_path / "bq.parquet"
    )
    pq.write_table(pa.table({"number": ["US1A"]}), tmp_path / "other.parquet")
    for name, what in (("lens.csv", "no parquet"), ("bq.parquet", "BigQuery"), ("other.parquet", "no column")):
        with pytest.raises(UsageError, match=rf"{what}.*patentscope import"):
            select(query, [tmp_path / name], asking())
    pq.write_table(pa.table({"publication_number": ["US1A"], "cpc": ["C22B59"]}), tmp_path / "text.parquet")
    with pytest.raises(FileFormatError, match="`cpc` is string"):
        select(query, [tmp_path / "text.parquet"], asking())
    (tmp_path / "damaged.parquet").write_bytes((place / "world.parquet").read_bytes()[:-40])
    with pytest.raises(FileFormatError, match="damaged"):
        select(query, [tmp_path / "damaged.parquet"], asking())
    for missing in (tmp_path / "none.parquet", f"{tmp_path}/*.arrow", (tmp_path / "none.parquet").as_uri()):
        with pytest.raises(FileFormatError):
            select(query, [missing], asking())
    with pytest.raises(UsageError, match="--input"):
        run(query, sample=True, candidates=True, out=tmp_path / "run")


def test_columns_that_hold_nothing_are_none(tmp_path: Path) -> None:
    """A file with a number, a title and columns of nulls alone is judged by what it has."""
    pq.write_table(
        pa.table(
            {
                "publication_number": ["US1A", "US2A"],
                "title": ["recycled rare earths", "a chair"],
                "cpc": pa.nulls(2),
                "ipc": pa.array([None, []], pa.list_(pa.null())),
                "office": pa.nulls(2),
                "publication_date": ["2024-05-05", ""],
                "texts": ["ours", "theirs"],
            }
        ),
        tmp_path / "few.parquet",
    )
    found = select(TOPIC_QUERY, [tmp_path / "few.parquet"], asking())
    assert found.table.column("publication_number").to_pylist() == ["US1A"]
    assert found.table.schema.equals(store.SCHEMA)
    assert [(loss.country, loss.count, loss.first) for loss in found.set_aside] == [("US", 1, ("US2A",))]
    assert found.latest == dt.date(2024, 5, 5)


def test_what_was_selected_is_kept(place: Path, tmp_path: Path) -> None:
    """The same collection and topic are not read twice; another topic is, and so is what was damaged since."""
    query, told = Query.load(place / "query.toml"), []
    keeping = replace(asking(tmp_path), progress=told.append)

    def reads() -> int:
        return sum("duckdb reads" in one.what for one in told)

    first = result(select(query, [place / "world.parquet"], keeping))
    assert result(select(query, [place / "world.parquet"], keeping)) == first
    assert reads() == 1
    (kept,) = (tmp_path / "candidates").glob("*.parquet")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert result(select(query, [place / "world.parquet"], keeping)) == first
    assert reads() == 2
    other = Query.parse(WORLD_QUERY.replace('"rare earth"', '"leach"'))
    assert result(select(other, [place / "world.parquet"], keeping)) != first
    assert reads() == 3


def cells(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return what curve.csv counts for the readings of classes and terms, by specification."""
    table = pd.read_csv(folder / "curve.csv", dtype=str, keep_default_na=False)
    table = table[table["topic"].isin(["strict", "terms"])]
    columns = ["as_of", "left_n", "right_n", "overlap_n", "imputed_n", "unknown_n", "ratio", "low", "high"]
    return dict(zip(table["spec_id"], table[columns].itertuples(index=False, name=None), strict=True))


def test_a_run_on_candidates_counts_as_one_on_all(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By classes and by terms the verdict's numbers are those of a run on everything, as of the same date.

    Again, the run does nothing; without the option it takes in everything anew.
    """
    monkeypatch.chdir(tmp_path)
    given = ["run", str(place / "query.toml"), "--input", str(place / "parts"), "--candidates", "--out", "some"]
    assert main(given) == 0
    out = capsys.readouterr().out
    assert "50 rows in the collection, 26 of them of families that may meet a reading" in out
    assert "26 publications in 25 simple families" in out
    ledger = json.loads(Path("some/run.json").read_text(encoding="utf-8"))
    taken_in = ledger["stages"][0]
    assert taken_in["rows_in"] == 50 == taken_in["rows_out"] + sum(loss["count"] for loss in taken_in["dropped"])
    assert taken_in["notes"]["rows of the collection that state no family"] == 0
    assert ledger["sources"][0]["records"] == 50
    assert ledger["sources"][0]["note"].startswith("Of 50 rows 26 were read: those of the 25 families")
    page = Path("some/report.html").read_text(encoding="utf-8")
    assert NO_CANDIDATE in page
    assert "--input FILE --candidates" in page
    before = bytes_of(Path("some"))
    assert main(given) == 0
    assert "not done again: publications, classify, holdings, counts, report" in capsys.readouterr().err
    assert bytes_of(Path("some")) == before
    whole = ["run", str(place / "query.toml"), "--input", str(place / "world.parquet"), "--out", "all"]
    assert main(whole) == 0
    assert cells(Path("some")) == cells(Path("all"))
    assert len(cells(Path("all"))) > 100
    assert len({cell[1] for cell in cells(Path("all")).values()}) > 3
    assert main([*whole[:-1], "some"]) == 0
    assert "not done again" not in capsys.readouterr().err
    assert json.loads(Path("some/run.json").read_text(encoding="utf-8"))["stages"][0]["rows_out"] == 50
