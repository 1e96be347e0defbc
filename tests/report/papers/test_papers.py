"""What goes with a number: the reporting sheet, the data package, the ClaimReview."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from patentscope import Query, Run, run
from patentscope.records import store
from patentscope.report.charts.all_charts import all_charts
from patentscope.report.papers.record_flow import record_flow
from patentscope.report.papers.write import Review, claim_reviews
from patentscope.report.run_tables import RunTables

from factories import PLAIN, make_publication
from places import QUERY as SHIPPED
from shown import hold_figures

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope.provenance.run_folder import RunFolder


@pytest.fixture(scope="module")
def sheet(sample_run: Run) -> str:
    """The sample run's reporting sheet."""
    return sample_run.folder.file("reporting.md").read_text(encoding="utf-8")


def answers(sheet: str, item: str) -> str:
    """Return what stands under an item of the sheet."""
    return re.split(r"^## ", re.split(rf"^## \d+\. {item}\n", sheet, flags=re.MULTILINE)[1], flags=re.MULTILINE)[0]


def test_every_item_of_the_checklist_is_answered(sheet: str, sample_run: Run) -> None:
    """Each item that stands on top has its section; the facts are those of the run."""
    listed = re.findall(r"^\d+\. (.+)$", sheet, flags=re.MULTILINE)
    sections = re.findall(r"^## \d+\. (.+)$", sheet, flags=re.MULTILINE)
    assert listed == sections
    (source,) = sample_run.folder.state["sources"]
    for item, fact in (
        ("Databases and dates", f"{source['title']} ({source['kind']}), {source['retrieved']}, 233 records"),
        ("Classes and their version", "no source states the edition"),
        ("Classes and their version", "rare_earth: C22B59, C01F17"),
        ("Unit", "family, application, publication"),
        ("Duplicates", "one record per publication number"),
        ("Baseline of each question", f"[{sample_run.verdicts[0]['questions'][0]['spec_id']}]"),
        ("Date basis", "priority, filing, publication"),
        ("Country rule", "7 the priority office"),
        ("Languages", "titles by language: "),
        ("Screening", "no reader screened the records"),
        ("Limits", "sample: a convenience sample, no census"),
        ("Limits", "none of them has a measured error"),
        ("Specifications stopped", "china-73, market: the records are the embedded sample"),
        ("Verdicts", "china-73: Can't be checked. These records can't say how China compared"),
        ("Query, verbatim", SHIPPED.read_text(encoding="utf-8").rstrip()),
    ):
        assert fact in answers(sheet, item), item
    assert all(text.strip() for text in re.split(r"^## .+$", sheet, flags=re.MULTILINE))


def test_flow_counts_what_the_tables_hold(sample_run: Run) -> None:
    """Each step of the flow adds up by country, and follows from the step before it and the ledger's losses."""
    flow = record_flow(sample_run.folder, Query.load(SHIPPED), RunTables.read(sample_run.folder).records)
    steps = {step.what: step for step in flow}
    assert tuple(flow[0].counts) == ("CN", "US", "AU", "JP", "others", "unknown")
    kept, visible = steps["publications kept"], steps["publications visible on 2026-11-23"]
    assert kept.total == steps["records given by the sources"].total == len(sample_run.publications)
    lost = [step for what, step in steps.items() if what.startswith("publications left out")]
    assert visible.total == kept.total - sum(step.total or 0 for step in lost)
    for column in flow[0].counts:
        assert visible.counts[column] == kept.counts[column] - sum(step.counts[column] for step in lost)
    for step in flow:
        if step.by == "office" and step.total is not None:
            assert sum(step.counts.values()) == step.total
    offices = sample_run.publications["office"]
    assert kept.counts["CN"] == (offices == "CN").sum()
    families = [step for step in flow if step.by == "country of first filing"]
    assert all(sum(step.counts.values()) >= (step.total or 0) > 0 for step in families)


def test_flow_reaches_the_figures_of_counts_csv(tmp_path: Path) -> None:
    """A duplicate and an undated record are left out by name, and the last lines are the claim year's counts."""
    rows = [
        make_publication(f"CN11810000{i}A", filing_date="2024-01-02", publication_date="2024-08-01") for i in range(3)
    ]
    rows += [make_publication("US2024000001A1", filing_date="2024-01-02"), rows[0]]
    store.write(store.to_table(rows), tmp_path / "in.parquet")
    done = run(Query.parse(PLAIN), inputs=[tmp_path / "in.parquet"], out=tmp_path / "run")
    lines = answers((done.path / "reporting.md").read_text(encoding="utf-8"), "Flow of records by country")
    assert "| records given by the sources | office | 5 | 4 | 1 | 0 | 0 | 0 | 0 |" in lines
    assert (
        "| records left out: merged with another record of the same document | office | 1 | 1 | 0 | 0 | 0 | 0 | 0 |"
        in lines
    )
    assert (
        "| publications left out: no publication date, so in no vintage | office | 1 | 0 | 1 | 0 | 0 | 0 | 0 |" in lines
    )
    assert "| counted for invention, 2024 (family, strict) | priority |  | 3 | 0 | 0 | 0 | 0 | 0 |" in lines


def _is_valid(path: Path) -> bool:
    """Say whether frictionless finds the package and its tables valid: in its own process, for it leaves files open."""
    command = [sys.executable, "-m", "frictionless", "validate", path.name, "--json"]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
    return bool(json.loads(done.stdout)["valid"])


def test_data_package_validates(sample_run: Run, copied: RunFolder) -> None:
    """Frictionless finds the sample run's package valid, and no longer once a figure in a table is touched."""
    assert _is_valid(sample_run.path / "datapackage.json")
    path = copied.file("counts.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(",1,", ",one,", 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert not _is_valid(copied.file("datapackage.json"))


def test_data_package_names_every_table(sample_run: Run) -> None:
    """The descriptor has every table with its columns, the query, and when and under which licence it was retrieved."""
    package = json.loads((sample_run.path / "datapackage.json").read_text(encoding="utf-8"))
    by_name = {resource["name"]: resource for resource in package["resources"]}
    for name in ("counts", "curve", "sensitivity", "influence", "applicant-names"):
        with (sample_run.path / f"{name}.csv").open(encoding="utf-8") as stream:
            header = stream.readline().strip().split(",")
        assert [field["name"] for field in by_name[name]["schema"]["fields"]] == header
        assert set(by_name[name]["schema"]["primaryKey"]) <= set(header)
    assert {"publications", "families", "scores", "holdings", "verdict"} <= set(by_name)
    assert package["query"] == SHIPPED.read_text(encoding="utf-8")
    assert package["sources"][0]["retrieved"] == "2026-11-23"
    assert package["sources"][0]["licence"]


def test_claim_review_leaves_open_what_is_not_known(sample_run: Run) -> None:
    """The first appearance is not named, and nothing else is made up."""
    found = json.loads((sample_run.path / "claimreview.json").read_text(encoding="utf-8"))
    (review,) = found["@graph"]
    assert found["@context"] == "https://schema.org"
    assert review["claimReviewed"].startswith("Last year, China's patents")
    assert review["itemReviewed"] == {
        "@type": "Claim",
        "datePublished": "2025-10-31",
        "appearance": {
            "@type": "CreativeWork",
            "headline": "The Rare Earth Game: Why the U.S. Struggles While China Holds the Upper Hand",
        },
    }
    judged = sample_run.verdicts[0]
    said = f"{judged['sentence']} {judged['claimed_and_counted']}"
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "Can't be checked", "ratingExplanation": said}
    bare: dict[str, Any] = {**sample_run.verdicts[0], "said_on": None, "source": ""}
    (review,) = claim_reviews({"claims": [bare]}, sample_run.folder.state, Review())["@graph"]
    assert review["itemReviewed"] == {"@type": "Claim"}


def test_review_gives_the_figure_of_the_headline(made_run: Run) -> None:
    """The rating explains itself in the headline's words; each question's line stands in the body, with the figure."""
    (review,) = json.loads((made_run.path / "claimreview.json").read_text(encoding="utf-8"))["@graph"]
    (judged,) = made_run.verdicts
    assert review["reviewRating"]["alternateName"] == judged["chip"]
    assert judged["sentence"] in review["reviewRating"]["ratingExplanation"]
    assert judged["claimed_and_counted"] in review["reviewRating"]["ratingExplanation"]
    assert all(judged["card"][name] in review["reviewBody"] for name in ("figure", "range"))
    assert all(entry["line"] in review["reviewBody"] for entry in judged["questions"])
    assert judged["certainty_in_words"] in review["reviewBody"]


def test_every_figure_has_its_publications(made_run: Run) -> None:
    """The sides of each question's figure, and of the card's, are what `show` lists for them."""
    (claim,) = made_run.verdicts
    assert hold_figures(made_run.folder) == 2 * len(claim["questions"]) + 2


def test_sheet_tells_what_costs_points(made_run: Run) -> None:
    """Each concern that costs points stands with what was found and needed, by question."""
    sheet = made_run.folder.file("reporting.md").read_text(encoding="utf-8")
    listed = answers(sheet, "Certainty: concerns that cost points")
    (judged,) = made_run.verdicts
    costly = [row for entry in judged["questions"] for row in entry["concerns"] if row["points"]]
    assert listed.count("; needed: ") == len(costly) > 0
    for row in costly:
        assert f"china-73, {row['question']}: {row['concern']} {row['points']}: " in listed


def test_claim_review_has_no_date_of_its_own_until_one_is_given(sample_run: Run) -> None:
    """`datePublished` is the reviewer's; the records' own date and whether each search is whole are always there."""
    judged, state = {"claims": sample_run.verdicts}, sample_run.folder.state
    (review,) = claim_reviews(judged, state, Review())["@graph"]
    assert {"datePublished", "url"}.isdisjoint(review)
    assert review["reviewBody"].endswith("The records: retrieved 2026-11-23.")
    assert [entry["description"] for entry in review["isBasedOn"]] == ["sample: 233 rows, a sample, not a search"]
    said = Review("The Daily", "https://example.org/claim", dt.date(2026, 11, 27))
    (review,) = claim_reviews(judged, state, said)["@graph"]
    assert (review["datePublished"], review["url"]) == ("2026-11-27", "https://example.org/claim")
    assert review["author"]["name"] == "The Daily"


def test_every_point_of_a_curve_has_its_specification(made_run: Run) -> None:
    """Each point drawn carries a spec_id of curve.csv with its ratio, and shows it when pointed at."""
    ratios = dict(zip(made_run.curve["spec_id"], made_run.curve["ratio"], strict=True))
    drawn = {name: chart.to_dict() for name, chart in all_charts(made_run.folder).items() if name.startswith("curve")}
    assert drawn
    for spec in drawn.values():
        for row in max(spec["datasets"].values(), key=len):
            assert float(row["ratio"]) == pytest.approx(ratios[row["spec_id"]], rel=5e-3)
        assert '"title": "spec_id"' in json.dumps(spec)
