"""METHODS.md's landscape, counted by hand there and by the program here."""

from __future__ import annotations

import csv
import importlib.util
import re
from typing import TYPE_CHECKING, Any

import pytest

from patentscope import Query, Run, run
from patentscope.aggregate.claims.specified import certainty
from patentscope.aggregate.indicators.table import indicators
from patentscope.aggregate.stored import landscape, query_of
from patentscope.query.convention import Convention
from patentscope.records import store

from factories import CLAIM, QUERY, day, make_landscape, make_publication, table_of
from places import ROOT

if TYPE_CHECKING:
    from patentscope import Publication

_NOT_ON_TOPIC = "CN118000007A"


def _tables() -> dict[str, list[dict[str, str]]]:
    """Return the Markdown tables of METHODS.md's section 7, by the name of their first column."""
    text = (ROOT / "METHODS.md").read_text(encoding="utf-8").split("## 7.")[1].split("## 8.")[0]
    found = {}
    for block in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines()]
        found[rows[0][0]] = [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]
    return found


def _publication(row: dict[str, str]) -> Publication:
    priority = row["priority"].split()
    return make_publication(
        row["publication"],
        application_number=row["application"],
        priorities=[(priority[0], priority[1])] if len(priority) > 1 else [],
        filing_date=row["filed"],
        publication_date=day(row["published"] if row["published"] != "-" else None),
        applicants=[] if row["applicants"] == "-" else row["applicants"].split(", "),
        cpc=("C22B59/00",) if row["publication"] == _NOT_ON_TOPIC else ("C22B59/00", "C22B7/00"),
    )


@pytest.fixture(scope="module")
def hand_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on the page's publications, from a parquet file to the report."""
    folder = tmp_path_factory.mktemp("hand")
    store.write(store.to_table([_publication(row) for row in _tables()["publication"]]), folder / "hand.parquet")
    return run(Query.parse(QUERY), inputs=[folder / "hand.parquet"], as_of=day("2026-06-30"), out=folder / "run")


@pytest.mark.parametrize("row", _tables()["convention"], ids=lambda row: row["convention"])
def test_hand_count(hand_run: Run, row: dict[str, str]) -> None:
    """curve.csv says what METHODS.md counts by hand, to the last digit."""
    unit, basis, share, date, documents = row["convention"].split(", ")
    with hand_run.folder.file("curve.csv").open(encoding="utf-8") as stream:
        found = [
            entry
            for entry in csv.DictReader(stream)
            if (entry["unit"], entry["basis"], entry["share"], entry["date"], entry["documents"])
            == (unit, basis, share, date, documents)
            and (entry["international"], entry["as_of"]) == ("all", "2026-06-30")
        ]
    assert len(found) == 1
    names = {"left": "left_n", "right": "right_n", "overlap": "overlap_n", "imputed": "imputed_n"}
    names |= {"unknown": "unknown_n", "ratio": "ratio", "low": "low", "high": "high"}
    assert {name: found[0][column] for name, column in names.items()} == {name: row[name] for name in names}


@pytest.fixture(scope="module")
def measured() -> dict[tuple[str, str], dict[str, Any]]:
    """The indicators of the page's publications on the day that METHODS.md says, by name and side."""
    publications = [_publication(row) for row in _tables()["publication"]]
    with make_landscape(publications, today=day("2031-06-30"), off_topic=[_NOT_ON_TOPIC]) as land:
        table = indicators(land, [CLAIM], table_of(publications), {}, least=1)
    return {(row["indicator"], row["side"]): row for row in table.to_dict(orient="records") if row["claim_id"]}


@pytest.mark.parametrize("row", _tables()["indicator"], ids=lambda row: row["indicator"])
def test_indicator_by_hand(measured: dict[tuple[str, str], dict[str, Any]], row: dict[str, str]) -> None:
    """Each indicator of both sides is what METHODS.md counts by hand."""
    for side in ("left", "right"):
        found = measured[row["indicator"], side]
        ends = f"({found['low']:.6f} to {found['high']:.6f})"
        assert f"{found['value']:.6f} {ends} of {found['n']}" == row[side]


def test_counts_agree_with_the_curve(hand_run: Run) -> None:
    """counts.csv of the invention question adds up to the sides of its figure."""
    counts = hand_run.counts
    rows = counts[(counts["question"] == "invention") & (counts["year"] == 2024)]
    by_country = dict(zip(rows["country"], rows["n"].astype(float), strict=True))
    assert by_country == {"CN": 2.0, "US": 1.0}


@pytest.mark.parametrize("row", _tables()["way"], ids=lambda row: row["way"])
def test_points_by_hand(hand_run: Run, row: dict[str, str]) -> None:
    """Each concern costs each way to count the points that METHODS.md finds by hand."""
    query, today = query_of(hand_run.folder)
    with landscape(hand_run.folder, query, today) as land:
        (answers,) = land.survey(query.claims, vary=False).answers.values()
    unit, basis, share, date, documents = row["way"].split(", ")
    wanted = Convention("strict", unit, basis, share, date, documents, "all", today)
    (found,) = [entry for entry in answers.listed if entry.convention == wanted]
    assert {one.name: str(one.points) for one in found.concerns} == {
        name: points for name, points in row.items() if name not in {"way", "certainty"}
    }
    assert certainty(found.points) == row["certainty"]


@pytest.mark.parametrize("row", _tables()["question"], ids=lambda row: row["question"])
def test_answer_by_hand(hand_run: Run, row: dict[str, str]) -> None:
    """Each question has the results, verdict, figure and sum of points that METHODS.md finds by hand."""
    (claim,) = hand_run.verdicts
    (found,) = [entry for entry in claim["questions"] if entry["question"] == row["question"]]
    points = {one["concern"]: one["points"] for one in found["concerns"] if one["points"]}
    assert found["points"] == sum(points.values())
    terms = " + ".join(f"{name} {n}" for name, n in points.items())
    assert row == {
        "question": found["question"],
        "results": str(found["results"]),
        "ahead": f"{found['share_ahead']:.6f}",
        "near": f"{found['share_near']:.6f}",
        "verdict": found["verdict"],
        "figure": f"{found['left_n']:g} : {found['right_n']:g}",
        "certainty": f"{terms} = {found['points']}: {found['certainty']}",
    }


def test_the_answer_overall_by_hand(hand_run: Run) -> None:
    """Three questions of equal points that don't agree: mixed, very low, in these records, with what was listed."""
    (claim,) = hand_run.verdicts
    assert (claim["verdict"], claim["points"], claim["certainty"]) == ("mixed", 5, "very low")
    assert (claim["scope"], set(claim["rests_on"])) == ("these records", {"market", "ownership", "invention"})
    curve = hand_run.curve
    assert {q["question"]: q["listed"] for q in claim["questions"]} == curve["question"].value_counts().to_dict()
    assert not curve["stopped"].any()
    judged = curve[curve["judged"]]
    assert judged.groupby("question")["points"].unique().map(list).to_dict() == {
        **{question: [5] for question in ("invention", "market", "ownership")},
        "international": [7],
    }


def test_undated_publication_is_named(hand_run: Run) -> None:
    """The document without a publication date is in the ledger, by office and by name."""
    entry = hand_run.folder.stage("holdings")
    assert entry is not None
    undated = [loss for loss in entry["dropped"] if loss["reason"].startswith("no publication date")]
    assert [(loss["country"], loss["count"], loss["first"]) for loss in undated] == [("JP", 1, ["JP2025000008A"])]


def test_worked_answers_are_listed() -> None:
    """METHODS.md lists every worked answer as `python docs/worked.py` does: thirty at least, each with its answer."""
    spec = importlib.util.spec_from_file_location("worked", ROOT / "docs" / "worked.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.table()
    assert table.count("\n") >= 30
    assert f"\n{table}\n" in (ROOT / "METHODS.md").read_text(encoding="utf-8"), "run: python docs/worked.py"
