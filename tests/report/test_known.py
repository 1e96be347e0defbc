"""Known documents: which are in a run's records, which readings take them, and why the others do not."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from patentscope import Query
from patentscope.cli import main
from patentscope.provenance.ledger import StageRecord
from patentscope.provenance.run_folder import FILES, RunFolder, find_run
from patentscope.provenance.state import State
from patentscope.query.edition import edition
from patentscope.query.query import Reading
from patentscope.records import store
from patentscope.report import known
from patentscope.runs.verify import verify
from patentscope.stages import Job, classify

from factories import TERMS, TODAY, make_publication, query_text, table_of
from places import QUERY

ASKED = Query.parse(
    query_text(
        classes={"rare_earth": ["C22B59"], "recycling": ["C22B7", "Y02P10/20"]},
        terms={"en": TERMS},
        readings={
            "strict_no_y02": {"all": ["classes.rare_earth", "classes.recycling"]},
            "either": {"any": ["classes.recycling", "terms.recycling"]},
            "eol": {"all": ["classes.rare_earth"]},
            "classifier": {"all": ["classifier"]},
        },
    ).replace("eol =", '"metal+eol" =')
)
RECORDS = [
    make_publication("CN118000001A", publication_date="2024-05-01", title="Recycling of rare earth"),
    make_publication("CN118000001B", publication_date="2025-05-01", application_number="CN202410000001"),
    make_publication("US2024000002A1", cpc=("C22B59/00", "Y02P10/20"), title="A magnet", abstract="Of iron."),
    make_publication("WO2024000003", cpc=(), title=None),
    make_publication("JP2024000004A", cpc=("H01F1/00",), publication_date="2026-12-01", title="A magnet"),
]
LIST = [
    "CN 118000001",  # 1: two documents
    "CN118000001B",  # 2
    "cn118000001a",  # 3: the one of line 1
    "US2024000002 B2",  # 4: another kind
    "US 2024/0000002 A1",  # 5: with its zero
    "WO2024000003A1",  # 6: the record has no kind
    "JP2024000004A",  # 7: not published yet
    "nonsense",  # 8
    "EP1234567A1",  # 9
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What became of the documents of `LIST`, by line."""
    lines = {str(line): number for line, number in enumerate(LIST, start=1)}
    state = State(sources=[], code="", stages=[], as_of=str(TODAY), scheme=edition(ASKED))
    state["known"] = {"file": "list.txt", "sha256": "", "lines": lines}
    folder = RunFolder(tmp_path_factory.mktemp("known"), state)
    store.write(table_of(RECORDS), folder.file("publications.parquet"))
    classify(Job(folder, ASKED, TODAY), StageRecord("classify", "simple family", ""))
    found = known.known(folder, ASKED)
    assert known.summary(found, folder, ASKED) == {
        "file": "list.txt",
        "documents": 7,
        "found": 5,
        "readings": {"strict": 3, "terms": 1, "strict_no_y02": 2, "either": 3, "metal+eol": 0, "classifier": 0},
        "not_found": ["US2024000002 B2", "EP1234567A1"],
        "wrong": [{"line": 8, "number": "nonsense"}],
        "repeated": 1,
    }
    return found.set_index("line")


def test_a_number_stands_for_one_document(table: pd.DataFrame) -> None:
    """Without a kind the earliest is taken and the others named; another kind is another document, no kind is any."""
    assert list(known.COLUMNS) == ["line", *table.columns]
    assert table["number"].tolist() == LIST
    assert table["found"].tolist() == ["true", "true", "", "false", "true", "true", "true", "", "false"]
    taken = table.loc[table["found"].eq("true"), "publication"].to_dict()
    assert taken == {
        1: "CN118000001A",
        2: "CN118000001B",
        5: "US2024000002A1",
        6: "WO2024000003",
        7: "JP2024000004A",
    }
    remarks = table.loc[table["remark"].ne(""), "remark"].to_dict()
    assert remarks == {
        1: "could be CN118000001A, CN118000001B: the earliest is taken",
        3: "the same document as in line 1",
        7: f"published after {TODAY}, so not counted yet",
        8: "no publication number; expected an office and a number, such as CN116904750A",
    }


def test_what_a_family_lacks_is_said(table: pd.DataFrame) -> None:
    """By reading: no symbol, Y02 symbols alone, no word in what text there is, a scope left open, no score."""
    assert table.loc[1, "readings"] == "strict; terms; strict_no_y02; either"
    assert table.loc[5, "readings"] == "strict; either"
    why = table["why_not"]
    assert why[1] == "metal+eol: the text leaves open the scope; classifier: no classifier score"
    assert why[4] == "not in the records; of that number there is US2024000002A1"
    assert why[9] == "not in the records"
    assert why[5] == (
        "terms: no word of rare_earth in its title and abstract, no word of recycling in its title and abstract; "
        "strict_no_y02: only Y02 symbols of recycling; metal+eol: the text leaves open the scope; "
        "classifier: no classifier score"
    )
    assert why[6] == (
        "strict, strict_no_y02: no symbol of rare_earth, no symbol of recycling; terms: no title and no abstract; "
        "either: no symbol of recycling and no title and no abstract; metal+eol: no symbol of rare_earth; "
        "classifier: no classifier score; it has no symbols at all"
    )
    assert "either: no symbol of recycling and no word of recycling in its title (no abstract)" in why[7]
    assert why[7].endswith("; it has H01F1/00")


def test_a_score_under_the_threshold_is_never_rounded_up_to_it() -> None:
    """What misses the threshold by a hair is not told as having reached it."""
    reading, row = Reading("classifier", ("classifier",), ()), {"in_topic_classifier": False, "score": 0.4999}
    assert known.why_not(reading, row, pd.DataFrame()) == "classifier score 0.49"


def test_another_list_does_the_report_again_and_nothing_else(
    copied: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list is told on the terminal, in run.json and on the page; another, or none, leaves nothing of it behind."""
    numbers = Path(tmp_path / "known.txt")
    numbers.write_bytes("\ufeffJP5327409B2\r\nUS 9999999 B2\r\nwrong\r\n".encode())
    command = ["run", str(QUERY), "--sample", "--out", str(copied.path)]
    assert main([*command, "--known", str(numbers)]) == 0
    out, err = capsys.readouterr()
    assert "1 of 2 known documents are in the records; on topic: class_strict 1 (50%)" in out
    assert "Not in the records: US 9999999 B2\n" in out
    assert "known.txt, line 3: 'wrong' is no publication number" in err
    assert f"Unchanged, so not done again: {', '.join(list(FILES)[:-1])}" in err
    page = copied.file("report.html").read_text(encoding="utf-8")
    assert 'id="table-known-documents"' in page
    assert 'id="table-search-log"' in page
    assert verify(copied.path)["untouched"]
    assert any(row["file"] == "known.csv" and row["state"] == "as made" for row in verify(copied.path)["files"])

    numbers.write_text("JP5327409B2\n", encoding="utf-8")
    assert main([*command, "--known", str(numbers), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["skipped"] == list(FILES)[:-1]
    assert (document["known"]["documents"], document["known"]["found"]) == (1, 1)
    assert main([*command, "--known", str(numbers), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["skipped"], again["known"]) == (list(FILES), document["known"])

    assert main([*command, "--json"]) == 0
    assert "known" not in json.loads(capsys.readouterr().out)
    assert not copied.file("known.csv").exists()
    assert "known" not in find_run(str(copied.path)).state
    assert "table-known-documents" not in copied.file("report.html").read_text(encoding="utf-8")


def test_a_lost_list_s_table_is_made_again(copied: RunFolder, tmp_path: Path) -> None:
    """A run whose known.csv is gone is half written, and the same command finishes it."""
    (tmp_path / "known.txt").write_text("JP5327409B2\n", encoding="utf-8")
    command = ["run", str(QUERY), "--sample", "--out", str(copied.path), "--known", str(tmp_path / "known.txt")]
    assert main(command) == 0
    whole = copied.file("known.csv").read_bytes()
    copied.file("known.csv").unlink()
    with pytest.raises(Exception, match=r"half written \(known.csv is missing\)"):
        find_run(str(copied.path))
    assert main(command) == 0
    assert copied.file("known.csv").read_bytes() == whole


def test_a_list_without_a_number_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends before anything is done, with the file, the line and what was expected."""
    (tmp_path / "known.txt").write_text("wrong\n", encoding="utf-8")
    command = ["run", str(QUERY), "--sample", "--out", str(tmp_path / "run"), "--known", str(tmp_path / "known.txt")]
    assert main(command) == 1
    assert "known.txt: no publication number in it: found 'wrong' in line 1" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
