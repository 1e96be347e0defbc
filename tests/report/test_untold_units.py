"""Records that don't tell what a family or an application is: neither is counted, and neither is spoken of."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patentscope import Query, run
from patentscope.cli import main
from patentscope.query.convention import AXES
from patentscope.records import store
from patentscope.runs.evidence import check

from factories import TODAY, claim, make_publication, query_text
from places import REAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentscope import Publication, Run

UNITS = ["family", "application", "publication", "extended_family"]
BOTH = {"family", "extended_family"}


def hit(number: str, **facts: object) -> Publication:
    """Return a record as a list of hits has it: a number, dates and applicants, nothing that links it to others."""
    dates = {"priority_date": "2023-05-01", "filing_date": "2024-02-01", "publication_date": "2024-08-01"}
    return make_publication(number, applicants=["CN"], **{"application_number": None, **dates, **facts})


def counted(folder: Path, rows: Sequence[Publication], units: Sequence[str] = UNITS) -> Run:
    """Run a query that lists every level on *rows*."""
    axes = {axis: list(levels) for axis, levels in AXES.items()} | {"unit": list(units)}
    path = folder / "in.parquet"
    store.write(store.to_table(rows), path)
    query = Query.parse(query_text(axes=axes, claims=[claim()], classes={"recycling": ["C22B7/00="]}))
    return run(query, inputs=[path], as_of=TODAY, out=folder / "run")


US = [hit(f"US202400000{n}A1") for n in range(4)]
NUMBERED = [hit(f"US202410000{n}A1", application_number=f"US1800000{n}") for n in range(4)]
EP = [hit(f"EP400000{n // 2}{'AB'[n % 2]}1") for n in range(4)]
STATED = [hit(f"US202420000{n}A1", family_id=str(n)) for n in range(4)]


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        (US, {"publication"}),
        (EP, {"publication", "application"}),
        (STATED, {"publication", *BOTH}),
        (NUMBERED, {"publication", "application", *BOTH}),
        ([*US, *NUMBERED], {"publication", "application", *BOTH}),
        ([*US, *NUMBERED[:3]], {"publication"}),
        ([hit("US2024300000A1", priorities=[("CN202310000001", None)])], {"publication", *BOTH}),
        ([hit("US2024300000A1", priorities=[(None, "2023-05-01")])], {"publication"}),
    ],
)
def test_a_unit_is_listed_where_half_of_the_records_tell_it(
    tmp_path: Path, rows: list[Publication], units: set[str]
) -> None:
    """The units of the curve are those that the records tell; the others are pruned for a reason that is kept."""
    done = counted(tmp_path, rows)
    assert set(done.curve["unit"]) == units
    entry = done.folder.stage("counts")
    assert entry is not None
    untold = entry["notes"]["units that the records can't tell"]
    assert set(untold) == set(UNITS) - units
    assert set(untold.values()) <= set(entry["notes"]["pruned"]["test"])


def test_an_application_is_known_by_its_number_at_an_office_that_keeps_one(tmp_path: Path) -> None:
    """Two European documents of one number are one application, though neither states which."""
    done = counted(tmp_path, EP)
    rows = done.curve[done.curve["unit"].eq("application") & done.curve["basis"].eq("applicant")]
    assert set(rows.loc[rows["date"].eq("filing") & rows["documents"].eq("inventions"), "left_n"].astype(int)) == {2}


def test_check_lists_what_the_run_lists(tmp_path: Path) -> None:
    """A further claim on such a run is held against the same units."""
    done = counted(tmp_path, US)
    listed = {entry["question"]: entry["listed"] for entry in check(done.folder, "CN > US in 2024")["questions"]}
    today = done.curve[done.curve["as_of"].eq(str(TODAY))]
    assert listed == today.groupby("question").size().to_dict() != {}


def test_records_that_leave_no_unit_are_not_assessable(tmp_path: Path) -> None:
    """Asked for families alone, such records leave nothing to count: the answer says why, the page is written."""
    done = counted(tmp_path, US, ["family"])
    (judged,) = done.verdicts
    assert judged["verdict"] == "not assessable"
    assert "under half of the records on topic say what belongs to one invention" in judged["sentence"]
    assert done.curve.empty
    assert (done.path / "report.html").is_file()
    checked = check(done.folder, "CN > US in 2024")["sentence"]
    assert checked.startswith("These records can't say how China compared with the United States in 2024: under half")


def visible(path: Path) -> str:
    """Return the words of a page that our own text says: without scripts, titles, the query and sources' notes."""
    page = path.read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|pre|bdi)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def spoken_of(text: str) -> list[str]:
    """Return where *text* speaks of families or applications; the name of an option or of a file does not."""
    return re.findall(r".{0,60}(?<!-)\b(?:famil\w+|applications?)\b(?!\.parquet).{0,60}", text, re.IGNORECASE)


def test_nothing_speaks_of_units_that_the_records_cannot_tell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Page, charts, reporting sheet and terminal say publications, and count them; fixed text is the query alone."""
    done = counted(tmp_path, US)
    capsys.readouterr()
    query = tmp_path / "q.toml"
    query.write_text(done.folder.state["query"]["text"], encoding="utf-8")
    again = ["run", str(query), "--input", str(tmp_path / "in.parquet"), "--out", str(done.path)]
    assert main([*again, "--as-of", str(TODAY)]) == 0
    terminal = capsys.readouterr().out
    assert "4 publications, 4 of them on topic" in terminal
    sheet = (done.path / "reporting.md").read_text(encoding="utf-8").partition("Query, verbatim\n\n")[0]
    page = (done.path / "report.html").read_text(encoding="utf-8")
    for text in (terminal, visible(done.path / "report.html"), sheet.rpartition("## ")[0]):
        assert spoken_of(text) == []
    assert not re.search(r'"title":"[^"]*famil', page, re.IGNORECASE)


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((REAL / "google_patents").glob("*.csv")), ids=lambda path: path.stem)
def test_a_list_of_hits_is_counted_as_publications(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a Google Patents export neither unit is listed, nor spoken of but in what the source says of itself."""
    query = tmp_path / "q.toml"
    terms = {"en": {"any": ["system", "method", "device"]}}
    readings = {"any": {"all": ["terms.any"]}, "terms": {}}
    axes = {"unit": ["family", "application", "publication"], "basis": ["priority", "office"]}
    text = query_text(classes={}, terms=terms, readings=readings, claims=[claim(year=2021, said_on=None)], axes=axes)
    query.write_text(text, encoding="utf-8")
    assert main(["run", str(query), "--input", str(path), "--out", str(tmp_path / "run")]) == 0
    assert spoken_of(capsys.readouterr().out) == []
    curve = (tmp_path / "run" / "curve.csv").read_text(encoding="utf-8")
    assert ",publication,office," in curve
    assert not re.search(r",(family|application),", curve)
    page = visible(tmp_path / "run" / "report.html")
    assert [text for text in spoken_of(page) if "Google Patents exports have no class" not in text] == []
