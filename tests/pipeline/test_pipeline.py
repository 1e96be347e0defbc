"""From records to a run's folder: nothing lost, nothing done twice, the same bytes again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from patentscope import Query, Run, run
from patentscope.errors import FileFormatError, NotEnoughEvidence, RecordError, UsageError
from patentscope.provenance.run_folder import FILES, RunFolder, find_run
from patentscope.records import intake, store

from factories import PLAIN, bytes_of, make_publication
from shown import hold_figures

TITLES = ["一种从废稀土荧光粉中提取稀土的方法", "</script><script>alert(1)</script>"]


def write(folder: Path, publications: list, name: str = "in.parquet") -> Path:
    """Write publications to a parquet file and return its path."""
    store.write(store.to_table(publications), folder / name)
    return folder / name


def dated(number: str, **facts: object):
    """Return a publication with dates."""
    return make_publication(number, filing_date="2024-01-02", publication_date="2024-08-01", **facts)


def test_sample_is_not_assessable(sample_run: Run) -> None:
    """On the sample the one claim can't be checked, because it is the sample, and the answer says what to do next."""
    (claim,) = sample_run.verdicts
    assert (claim["verdict"], claim["certainty"], claim["card"]) == ("not assessable", None, None)
    assert all(entry["judged"] == entry["results"] == 0 for entry in claim["questions"])
    reason = "the records are the embedded sample, too small and too selective to judge a claim"
    assert {row["question"]: row["n"] for row in claim["stopped"] if row["reason"] == reason} == {
        entry["question"]: entry["listed"] for entry in claim["questions"]
    }
    assert claim["raise"]


def test_sample_s_figures_are_listed_by_show(sample_run: Run) -> None:
    """Nothing of the sample is judged; what each question counts first is what `show` lists, all the same."""
    assert hold_figures(sample_run.folder) == 2 * len(sample_run.verdicts[0]["questions"])


def test_sample_keeps_every_record(sample_run: Run) -> None:
    """All 233 records are kept, those without a title too."""
    publications = sample_run.publications
    assert len(publications) == 233
    entry = sample_run.folder.stage("publications")
    assert entry is not None
    assert (entry["rows_in"], entry["rows_out"]) == (233, 233)
    gaps = [gap for gap in entry["gaps"] if gap["reason"] == "no title"]
    assert sum(gap["count"] for gap in gaps) == publications["title"].isna().sum() > 0


def test_ledger_adds_up(sample_run: Run) -> None:
    """At every stage, rows in are rows out and rows left out by reason."""
    stages = sample_run.folder.state["stages"]
    assert [entry["stage"] for entry in stages] == list(FILES)
    for entry in stages:
        assert entry["rows_in"] == entry["rows_out"] + sum(loss["count"] for loss in entry["dropped"])


def test_curve_lists_what_the_contract_says(sample_run: Run) -> None:
    """The shipped query lists its six readings, each specification once, at both vintages."""
    curve = sample_run.curve
    mine = curve[curve["claim_id"] == "china-73"]
    assert mine["spec_id"].is_unique
    assert mine["topic"].nunique() == 6
    assert sorted(mine["as_of"].unique()) == ["2025-10-31", "2026-11-23"]
    assert len(mine) == 6 * 2 * 387
    assert curve["stopped"].all()
    assert not curve["judged"].any()


def test_again_does_only_what_changed(tmp_path: Path) -> None:
    """A second run skips every stage, a fresh one writes the same bytes; another claim makes counts and report anew."""
    source = write(tmp_path, [dated("CN118000001A", applicants=["CN"]), dated("US2024000001A1", applicants=["US"])])
    query = Query.parse(PLAIN)
    first = run(query, inputs=[source], out=tmp_path / "a")
    assert run(query, inputs=[source], out=tmp_path / "a").folder.skipped == list(FILES)
    other = run(query, inputs=[source], out=tmp_path / "b")
    assert bytes_of(first.path) == bytes_of(other.path)
    again = run(Query.parse(PLAIN.replace("year = 2024", "year = 2023")), inputs=[source], out=tmp_path / "a")
    assert again.folder.skipped == ["publications", "holdings", "classify"]


def test_a_run_of_an_earlier_version_is_named(copied: RunFolder) -> None:
    """A run whose files have another shape is not read as if they had this one; `run` makes it anew."""
    copied.state["shape"] -= 1
    copied.save()
    with pytest.raises(UsageError, match="an earlier version made this run; run the query again"):
        RunFolder.existing(copied.path)


def test_a_half_written_run_is_named_and_finished(tmp_path: Path) -> None:
    """A folder with a file missing is refused with the reason; running again makes the missing files."""
    query, source = Query.parse(PLAIN), write(tmp_path, [dated("CN118000001A")])
    folder = run(query, inputs=[source], out=tmp_path / "half").path
    whole = bytes_of(folder)
    (folder / "curve.csv").unlink()
    with pytest.raises(UsageError, match=r"half written \(curve.csv is missing\)"):
        find_run(str(folder))
    done = run(query, inputs=[source], out=folder)
    assert done.folder.skipped == ["publications", "holdings", "classify"]
    assert bytes_of(folder) == whole
    (folder / "run.json").write_text('{"stages": ', encoding="utf-8")
    with pytest.raises(UsageError, match="run the query again"):
        find_run(str(folder))


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on two files: one publication is in both, one says nothing of itself, two have titles of their own kind."""
    folder = tmp_path_factory.mktemp("merged")
    titled = [dated(f"CN11800000{i}A", title=title) for i, title in enumerate(TITLES)]
    bare = make_publication("CN117000009A", application_number=None, cpc=())
    thin, full = dated("CN118000003A", cpc=()), dated("CN 118000003 A", title="Recycling rare earth magnets")
    paths = [write(folder, [thin, *titled], "a.parquet"), write(folder, [full, bare], "b.parquet")]
    return run(Query.parse(PLAIN), inputs=paths, out=folder / "a")


def test_gaps_are_kept_and_counted(merged: Run) -> None:
    """A record without date, country, title and class stays, and each gap is in the ledger by office."""
    gaps = merged.folder.state["stages"][0]["gaps"]
    assert {gap["reason"] for gap in gaps if "CN117000009A" in gap["first"]} >= {
        *("no publication date", "no filing date", "no title", "no class"),
        *("no application number", "no country of applicants", "no country of inventors"),
    }
    assert "CN117000009A" in set(merged.publications["publication_number"])


def test_hostile_and_foreign_titles_survive(merged: Run) -> None:
    """A title in Chinese and one that holds a script's end come through unchanged, and inert in the page."""
    assert merged.publications["title"].tolist()[1:3] == TITLES
    assert "</script><script>alert(1)" not in (merged.path / "report.html").read_text(encoding="utf-8")


def test_duplicates_are_merged_and_counted(merged: Run) -> None:
    """Of two records of one publication the fuller one is kept, across files, and the merge is in the ledger."""
    titles = merged.publications.set_index("publication_number")["title"]
    assert titles["CN118000003A"] == "Recycling rare earth magnets"
    (loss,) = merged.folder.state["stages"][0]["dropped"]
    assert (loss["reason"], loss["count"], loss["first"]) == (intake.MERGED, 1, ["CN118000003A"])


def test_too_many_bad_records_stop_the_run(tmp_path: Path) -> None:
    """Over one per cent of records without a number stops the run; a raised limit lets it pass, counted."""
    rows = [dated(f"CN1180000{i:02d}A") for i in range(20)]
    table = store.to_table(rows).to_pandas()
    table.loc[0, "publication_number"] = None
    table.to_parquet(tmp_path / "bad.parquet")
    with pytest.raises(RecordError, match=r"1 of 20 records are bad.*no publication number \(first: record 1\)"):
        run(Query.parse(PLAIN), inputs=[tmp_path / "bad.parquet"], out=tmp_path / "a")
    query = Query.parse(PLAIN.replace("[[claims]]", "[thresholds]\nbad_records = 0.1\n[[claims]]"))
    done = run(query, inputs=[tmp_path / "bad.parquet"], out=tmp_path / "a")
    assert len(done.publications) == 19


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    """A CSV, a missing file, and a parquet without numbers are refused by name, with what was expected."""
    (tmp_path / "x.csv").write_text("a,b\n", encoding="utf-8")
    query = Query.parse(PLAIN)
    with pytest.raises(FileFormatError, match=r"x\.csv"):
        run(query, inputs=[tmp_path / "x.csv"], out=tmp_path / "a")
    with pytest.raises(FileFormatError, match="no such file"):
        run(query, inputs=[tmp_path / "none.parquet"], out=tmp_path / "a")
    store.to_table([]).select(["title"]).to_pandas().to_parquet(tmp_path / "y.parquet")
    with pytest.raises(FileFormatError, match="no column `publication_number`"):
        run(query, inputs=[tmp_path / "y.parquet"], out=tmp_path / "a")


def test_nothing_to_run_on_says_what_works(tmp_path: Path) -> None:
    """Without data the error names what works; there is no silent fallback."""
    with pytest.raises(UsageError, match="--sample"):
        run(Query.parse(PLAIN), out=tmp_path / "a")
    with pytest.raises(NotEnoughEvidence, match="--retrieved"):
        run(Query.parse(PLAIN), inputs=[write(tmp_path, [make_publication("CN118000001A")])], out=tmp_path / "a")


def test_parquet_by_another_hand(tmp_path: Path) -> None:
    """Absent columns, empty strings, null lists, ISO text for dates and structs of one field are read as ours."""
    pd.DataFrame(
        {
            "publication_number": ["CN118000001A"],
            "title": [""],
            "publication_date": ["2024-08-01"],
            "cpc": [["C22B 59/00", "C22B   7/00", "C22B59/00"]],
            "applicants": [[{"name": "A"}]],
            "ipc": [None],
        }
    ).to_parquet(tmp_path / "x.parquet")
    done = run(Query.parse(PLAIN), inputs=[tmp_path / "x.parquet"], out=tmp_path / "a")
    row = done.publications.iloc[0]
    assert row["publication_date"] == dt.date(2024, 8, 1)
    assert (pd.isna(row["title"]), list(row["cpc"]), list(row["ipc"])) == (True, ["C22B59/00", "C22B7/00"], [])
    assert (row["office"], row["kind"]) == ("CN", "A")
    assert row["applicants"][0] == {"name": "A", "country": None}


def test_null_lists_and_null_parties_say_nothing() -> None:
    """A null list is an empty one, and a null party or symbol inside a list is none, whoever made the table."""
    row = {"publication_number": "CN118000001A", "cpc": None, "ipc": [None, "C22B7/00"], "applicants": [None]}
    found = intake.merge([pa.Table.from_pylist([row], schema=store.SCHEMA)], most_bad=0.0).table.to_pylist()[0]
    assert (found["cpc"], found["ipc"], found["applicants"], found["inventors"]) == ([], ["C22B7/00"], [], [])


def test_the_package_has_the_hashes_of_its_files(sample_run: Run) -> None:
    """Every file that datapackage.json names has the hash that stands there."""
    package = json.loads(sample_run.folder.file("datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        digest = hashlib.sha256(sample_run.folder.file(resource["path"]).read_bytes()).hexdigest()
        assert resource["hash"] == f"sha256:{digest}"
