"""A run takes what others counted along, shows it, and lets it change nothing that it counts itself."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import escape

from patentscope.cli import main
from patentscope.errors import QueryError
from patentscope.pipeline import run
from patentscope.query.query import Query
from patentscope.runs.evidence import check
from patentscope.runs.verify import verify

from factories import TERMS, claim, query_text
from worlds.others import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope.report.run import Run

#: Our own counts, and all else that a published table must not touch.
COUNTED = ("counts.csv", "curve.csv", "sensitivity.csv", "influence.csv", "scores.parquet", "holdings.parquet")
OTHERS = ("published", "published_sentence")
TEXT = query_text("small", terms={"en": TERMS}, claims=[claim(), claim("older", year=2015)])
ROWS = [{"years": str(year), "CN": str(year - 2000), "US": "10", "AU": "1", "JP": "4"} for year in range(2010, 2021)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a query that names a table of eleven years."""
    folder = tmp_path_factory.mktemp("published")
    write_table(folder / "t.csv", *ROWS)
    (folder / "bare.toml").write_text(TEXT, encoding="utf-8")
    (folder / "q.toml").write_text(f'{TEXT}[published]\nfile = "t.csv"\n', encoding="utf-8")
    return folder


def ran(folder: Path, query: str, out: str = "run") -> Run:
    """Run a query of *folder* on the sample."""
    return run(Query.load(folder / query), sample=True, cache=folder / "cache", out=folder / out)


def claims_of(run: Run) -> list[dict[str, Any]]:
    """Return the claims of a run's verdict.json."""
    claims: list[dict[str, Any]] = json.loads(run.folder.file("verdict.json").read_text(encoding="utf-8"))["claims"]
    return claims


def test_what_others_counted_changes_no_count(folder: Path) -> None:
    """With and without the table every count has the same bytes, and verdict.json says the same of all else."""
    bare, full = ran(folder, "bare.toml", "bare"), ran(folder, "q.toml")
    for name in COUNTED:
        assert bare.folder.file(name).read_bytes() == full.folder.file(name).read_bytes(), name
    for one, other in zip(claims_of(bare), claims_of(full), strict=True):
        assert (one["published"], one["published_sentence"]) == ([], "")
        assert [series["series"] for series in other["published"]] == ["s"]
        assert {key: value for key, value in one.items() if key not in OTHERS} == {
            key: value for key, value in other.items() if key not in OTHERS
        }
    assert "published" not in bare.folder.state
    assert not bare.folder.file("published.csv").exists()


def test_a_run_keeps_the_table_and_says_what_it_shows(folder: Path) -> None:
    """published.csv is the table, sealed and described; claims of other years are told by their own year."""
    made = ran(folder, "q.toml")
    assert made.folder.file("published.csv").read_bytes() == (folder / "t.csv").read_bytes()
    files = verify(made.path)
    assert files["untouched"]
    assert {row["file"]: row["state"] for row in files["files"]}["published.csv"] == "as made"
    package = json.loads(made.folder.file("datapackage.json").read_text(encoding="utf-8"))
    (table,) = [one for one in package["resources"] if one["name"] == "published"]
    assert {field["name"]: field["type"] for field in table["schema"]["fields"]}["CN"] == "number"
    first, older = claims_of(made)
    assert (first["published"][0]["ratio_last"], first["published"][0]["ahead_since"]) == (round(20 / 15, 6), 2016)
    assert older["published_sentence"].startswith("Published for this topic and 2015: China has 15, against 15 for")
    sheet = made.folder.file("reporting.md").read_text(encoding="utf-8")
    assert older["published_sentence"] in sheet
    page = made.folder.file("report.html").read_text(encoding="utf-8")
    assert first["on_topic_sentence"]
    for part in (first["published_sentence"], first["on_topic_sentence"]):
        assert str(escape(part)) in page


def test_counts_on_topic_are_those_of_the_table(folder: Path) -> None:
    """What is said of the records on topic adds up counts.csv over all years, for the run's claims and for others."""
    made = ran(folder, "q.toml")
    rows = csv.DictReader(io.StringIO(made.folder.file("counts.csv").read_text(encoding="utf-8")))
    sums: dict[str, int] = {}
    for row in rows:
        if row["question"] == "invention":
            sums[row["country"]] = sums.get(row["country"], 0) + int(row["n"])
    assert sums["US"]
    for entry in (*claims_of(made), check(made.folder, "CN > US+AU+JP in 2013")):
        said = entry["on_topic_sentence"]
        assert (
            f"China {sums.get('CN', 0)}, the United States {sums['US']}, Australia {sums.get('AU', 0)} and Japan"
            in said
        )


def test_any_claim_has_its_evidence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` tells what others counted of any claim, in JSON and in words, before it says why there is no answer."""
    made = ran(folder, "q.toml")
    entry = check(made.folder, "CN > US in 2012..2014")
    assert entry["published"][0]["figure"]["left_n"] == 12 + 13 + 14
    assert entry["published_sentence"].startswith("Published for this topic and 2012 to 2014: China has 39, against 30")
    assert main(["check", str(made.path), "CN > US in 2012..2014"]) == 0
    told = capsys.readouterr().out
    order = [
        " ".join(told.split()).index(part) for part in (entry["on_topic_sentence"], "Published for", entry["sentence"])
    ]
    assert order == sorted(order)


def test_another_table_is_counted_beside_again(folder: Path) -> None:
    """A changed table makes counts and report new, no stage before them; a query without one lets it go."""
    ran(folder, "q.toml", "again")
    write_table(folder / "t.csv", *ROWS[:-1])
    made = ran(folder, "q.toml", "again")
    assert made.folder.skipped == ["publications", "holdings", "classify"]
    assert claims_of(made)[0]["published"][0]["last_year"] == 2019
    assert ran(folder, "q.toml", "again").folder.skipped[-1] == "report"
    (folder / "q2.toml").write_text(TEXT, encoding="utf-8")
    assert not ran(folder, "q2.toml", "again").folder.file("published.csv").exists()
    write_table(folder / "t.csv", *ROWS)


def test_a_bad_table_stops_the_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table with faults is refused with all of them, exit code 2, and no folder is made."""
    write_table(folder / "bad.csv", {"relation": "near"}, {"years": "x"})
    (folder / "bad.toml").write_text(f'{TEXT}[published]\nfile = "bad.csv"\n', encoding="utf-8")
    with pytest.raises(QueryError, match=r"(?s)line 2, column relation.*line 3, column years"):
        ran(folder, "bad.toml", "bad")
    assert not (folder / "bad").exists()
    assert main(["run", str(folder / "bad.toml"), "--sample", "--out", str(folder / "bad")]) == 2
    assert "line 3, column years: found 'x'" in capsys.readouterr().err
