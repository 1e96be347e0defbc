"""Candidates of a query, selected from a collection that is read where it lies."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from patentscope import Query, run
from patentscope.aggregate.stored import landscape, query_of
from patentscope.classify import readings
from patentscope.classify.class_symbols import NO_Y02, ClassSymbols, class_hits
from patentscope.classify.features import build_features
from patentscope.cli import main
from patentscope.engines.duckdb import DuckEngine
from patentscope.errors import FileFormatError, QueryError, RecordError, UsageError
from patentscope.fetch.askable import askable
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.select import select
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store
from patentscope.records.intake import NO_CANDIDATE, merge

from factories import QUERY, bytes_of, make_publication, table_of
from worlds.topical import ANY_TERM, OTHERS, TOPIC, TOPIC_QUERY, WRITTEN, topical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope.records.imported import Imported
    from patentscope.records.publication import Publication


def asking(cache: Path | None = None) -> Asking:
    """Return who is asked, with a cache of its own."""
    return Asking(cache or Path(tempfile.mkdtemp()))


def selected(publications: Sequence[Publication], query: Query = TOPIC_QUERY) -> Imported:
    """Return the candidates among *publications*, written to one file first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.parquet"
        store.write(store.to_table(publications), path)
        return select(query, [path], asking(Path(folder)))


def numbers_of(found: Imported) -> list[str]:
    """Return the publication numbers of what was selected, in order."""
    return sorted(found.table.column("publication_number").to_pylist())


def taken(publications: Sequence[Publication], query: Query) -> list[str]:
    """Return the publications of families that any reading that can be asked takes as a run does, but for its scope."""
    table = table_of(publications)
    family_id = table.column("family_id").to_pandas()
    rows = table.select(["title", "title_original", "abstract"]).to_pandas()
    texts = rows.melt()["value"].groupby(list(family_id) * 3).agg(lambda held: list(held.dropna()))
    families = pd.Series(sorted(family_id.unique()))
    listed = [symbol for group in query.classes.values() for symbol in group]
    symbols = ClassSymbols.of(table, query.scheme).met(family_id, families, listed)
    hits = class_hits(symbols, query.classes)
    plain = hits[[name for name in hits.columns if not name.endswith(NO_Y02)]]
    decided = build_features(texts[families], query.terms, plain)[0].filter(like="terms_")
    asked = [replace(reading, name=reading.name.partition("+")[0]) for reading in askable(query)]
    is_met = readings.in_topic(asked, hits, decided).any(axis=1).to_numpy(bool)
    met = family_id.isin(families[is_met])
    return sorted(table.column("publication_number").to_pandas()[met])


def test_candidates_are_the_families_that_a_run_takes() -> None:
    """By classes and terms, of several members together, with a stated family or none: those families, and no other."""
    made = topical(500)
    found = selected(made)
    assert numbers_of(found) == taken(made, TOPIC_QUERY)
    assert 50 < found.table.num_rows < 450
    assert found.rows_in == 500 == found.table.num_rows + sum(loss.count for loss in found.set_aside)


def test_a_family_that_is_named_by_its_members_is_taken_whole() -> None:
    """What names the same members comes with the one of them that meets a reading."""
    named = {"family_members": ("lens:2", "lens:1")}
    made = [
        make_publication("US1A", cpc=("C22B59/00", "C22B7/006"), **named),
        make_publication("US2A", cpc=(), **named),
        make_publication("US3A", cpc=(), family_members=("lens:3",)),
    ]
    assert numbers_of(selected(made)) == ["US1A", "US2A"]


def test_a_term_is_found_however_it_is_written() -> None:
    """Each writing of each term makes a candidate; what only looks like a term makes none."""
    texts = dict(enumerate([*WRITTEN, *OTHERS], start=1000))
    made = [make_publication(f"US{n}A", title=text, family_id=str(n), cpc=()) for n, text in texts.items()]
    found = selected(made, ANY_TERM)
    assert [texts[int(number[2:-1])] for number in numbers_of(found)] == list(WRITTEN)


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


READINGS = 'terms = { all = ["terms.rare_earth", "terms.recycling"] }\nlearnt = { all = ["classifier"] }\n'
WORLD_QUERY = (
    QUERY.replace("[axes]", f"{READINGS}[axes]")
    .replace('["family", "application", "publication"]', '["family"]')
    .replace('["all", "two_offices", "pct", "triadic"]', '["all", "triadic"]')
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
    """Several files of several row groups give the same as one, in a folder or by a pattern."""
    query = Query.load(place / "query.toml")
    whole = select(query, [place / "world.parquet"], asking())
    assert whole.source.selection
    assert (whole.source.selection.rows, whole.source.selection.kept, whole.source.selection.families) == (50, 26, 25)
    folder = place / "parts"
    for inputs in ([folder], [f"{folder}/**/*.parquet"], [folder / "a.parquet", folder / "more"]):
        assert result(select(query, inputs, asking())) == result(whole)
    assert select(query, [folder], asking()).source.sha256 != whole.source.sha256


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
    assert numbers_of(found) == ["CN1A", "US2A1", "US2B2"]
    assert found.source.selection
    assert found.source.selection.without_family == 4
    assert "4 rows state no family" in found.source.note


#: Selects from the files named, one after another; says by how many kB the last one raised the process's peak.
_GROWTH = r"""
import re, sys
from pathlib import Path
from patentscope import Query
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.select import select
peaks = []
for path in sys.argv[2:]:
    found = select(Query.load(sys.argv[1]), [Path(path)], Asking(Path(path + ".cache")))
    assert found.source.selection.kept == 1, found.source.selection
    peaks.append(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]))
print(peaks[-1] - peaks[0])
"""


def test_memory_does_not_grow_with_the_texts(place: Path, tmp_path: Path) -> None:
    """120 MB more of texts, of which one is a candidate's, take far less than they do when read at once."""
    paths = []
    for count in (20_000, 80_000):
        places = np.arange(count)
        # Texts of 2 kB, no two the same, of few and long words: a long word is read once.
        words = [np.where(places >> bit & 1, "lanthanum" * 13, "recycling" * 13) for bit in range(17)]
        text = pc.binary_join_element_wise(*map(pa.array, words), " ")
        number = pc.binary_join_element_wise("US", pa.array(places).cast(pa.string()), "A", "")
        title = np.where(places == count // 2, "rare earths, recycled", "a chair")
        paths.append(str(tmp_path / f"{count}.parquet"))
        pq.write_table(pa.table({"publication_number": number, "title": title, "abstract": text}), paths[-1])
    command = [sys.executable, "-c", _GROWTH, str(place / "query.toml"), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 240_000  # 984 MB was measured where everything was read at once


def test_a_query_of_the_classifier_alone_has_no_candidates(place: Path) -> None:
    """Where no reading asks for anything, nothing is read, and the fault says what is missing."""
    query = Query.load(place / "query.toml")
    with pytest.raises(QueryError, match="only the classifier"):
        select(replace(query, readings=query.readings[-1:]), [place / "world.parquet"], asking())


def test_every_family_is_a_candidate_of_a_reading_of_every_record(place: Path) -> None:
    """Where a reading takes every record, all rows with a number are read, and the rest is accounted for."""
    text = TOPIC.replace('learnt = { all = ["classifier"] }', 'given = { all = ["records"] }')
    query = Query.parse(text)
    found = select(query, [place / "world.parquet"], asking())
    rows = pq.read_table(place / "world.parquet", columns=["publication_number"]).column(0)
    numbered = sum(bool(number and number.strip()) for number in rows.to_pylist())
    assert found.table.num_rows == numbered
    assert sum(loss.count for loss in found.set_aside) == len(rows) - numbered


def test_only_our_own_parquet_can_be_selected_from(place: Path, tmp_path: Path) -> None:
    """Whatever else is named is refused, with what works; a damaged file is named."""
    query = Query.load(place / "query.toml")
    (tmp_path / "lens.csv").write_text("Lens ID,Title\n1,x\n", encoding="utf-8")
    for name, columns in (
        ("bq", {"publication_number": ["US-1-A"], "publication_date": [20240101]}),
        ("other", {"number": ["US1A"]}),
        ("text", {"publication_number": ["US1A"], "cpc": ["C22B59"]}),
        ("noise", {"publication_number": [f"US{place}A" for place in range(5000)]}),
    ):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    whole = (tmp_path / "noise.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-40])
    (tmp_path / "noise.parquet").write_bytes(whole[:500] + bytes(2000) + whole[2500:])
    for name, fault, what in (
        ("lens.csv", UsageError, "no parquet.*patentscope import"),
        ("bq.parquet", UsageError, "BigQuery.*patentscope import"),
        ("other.parquet", UsageError, "no column.*patentscope import"),
        ("text.parquet", FileFormatError, "`cpc` is string"),
        ("cut.parquet", FileFormatError, "cut.parquet: not a readable"),
        ("noise.parquet", FileFormatError, "noise.parquet: can't be read"),
        ("none.parquet", FileFormatError, "no such file"),
        ("*.arrow", FileFormatError, "no such file"),
    ):
        with pytest.raises(fault, match=what):
            select(query, [f"{tmp_path}/{name}"], asking())
    with pytest.raises(UsageError, match=r"s3a://bucket/world is an address.*mount or copy"):
        select(query, ["s3a://bucket/world"], asking())
    with pytest.raises(UsageError, match="--input"):
        run(query, sample=True, candidates=True, out=tmp_path / "run")


def test_columns_that_hold_nothing_are_none(tmp_path: Path) -> None:
    """A file with a number, a title and columns of nulls alone is judged by what it has."""
    columns = {
        "publication_number": ["US1A", "US2A"],
        "title": ["recycled rare earths", "a chair"],
        "cpc": pa.nulls(2),
        "ipc": pa.array([None, []], pa.list_(pa.null())),
        "office": pa.nulls(2),
        "publication_date": ["2024-05-05", ""],
        "texts": ["ours", "theirs"],
    }
    pq.write_table(pa.table(columns), tmp_path / "few.parquet")
    found = select(TOPIC_QUERY, [tmp_path / "few.parquet"], asking())
    assert numbers_of(found) == ["US1A"]
    assert found.table.schema.equals(store.SCHEMA)
    assert [(loss.country, loss.count, loss.first) for loss in found.set_aside] == [("US", 1, ("US2A",))]
    assert found.latest == dt.date(2024, 5, 5)


def test_what_was_selected_is_kept(place: Path, tmp_path: Path) -> None:
    """The same collection and topic are not read twice; another topic is, and so is what was damaged since."""
    query, told = Query.load(place / "query.toml"), []
    keeping = replace(asking(tmp_path), progress=told.append)

    def reads() -> int:
        return sum("reading 1 files" in one.what for one in told)

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

    Whatever engine selects, DuckDB counts. Again, the run does nothing; without the option it takes in everything anew.
    """
    monkeypatch.chdir(tmp_path)
    given = ["run", str(place / "query.toml"), "--input", str(place / "parts"), "--candidates", "--out", "some"]
    assert main(given) == 0
    out = capsys.readouterr().out
    assert "50 rows in the collection, 26 of them of inventions that may be on topic" in out
    assert "26 publications of 25 inventions" in out
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
    assert "not done again: publications, holdings, classify, counts, report" in capsys.readouterr().err
    assert bytes_of(Path("some")) == before
    folder = RunFolder.open(Path("some"))
    asked, today = query_of(folder)
    with landscape(folder, replace(asked, engine="spark"), today) as land:
        assert isinstance(land.engine, DuckEngine)
    counted = cells(Path("some"))
    assert len(counted) > 100
    assert len({cell[1] for cell in counted.values()}) > 3
    assert main(["run", str(place / "query.toml"), "--input", str(place / "world.parquet"), "--out", "some"]) == 0
    assert "not done again" not in capsys.readouterr().err
    assert json.loads(Path("some/run.json").read_text(encoding="utf-8"))["stages"][0]["rows_out"] == 50
    assert cells(Path("some")) == counted
