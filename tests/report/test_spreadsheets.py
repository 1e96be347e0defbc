"""What a run leaves to take away: every table in one workbook, and the cards of the figures to quote."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from patentscope.provenance.run_folder import FILES, RunFolder
from patentscope.records import store
from patentscope.report import spreadsheets
from patentscope.report.page import page as report
from patentscope.report.run_tables import RunTables
from patentscope.report.sections import claim_card
from patentscope.report.sections.table import Table, figure, harmless, percent
from patentscope.report.write import write_report

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope import Run

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", "\t=1", "＠x"]


def sheets(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the cells of a workbook by sheet: place, type (`n` for a number) and text; no formula may be there."""
    found = {}
    with zipfile.ZipFile(path) as book:
        named = etree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        for place, sheet in enumerate(named, 1):
            root = etree.fromstring(book.read(f"xl/worksheets/sheet{place}.xml"))
            assert not list(root.iter(f"{_MAIN}f")), "a formula"
            found[str(sheet.get("name"))] = [
                {"place": cell.get("r"), "type": cell.get("t", "n"), "text": "".join(cell.itertext())}
                for cell in root.iter(f"{_MAIN}c")
            ]
    return found


def test_every_table_of_the_page_is_a_sheet(sample_run: Run) -> None:
    """No table of the page is missing in the workbook and its contents; the names of applicants lie beside it."""
    page = report.make(RunTables.read(sample_run.folder))
    names = [table.name for table in page.tables]
    assert len(names) == len(set(names)) > 30
    assert {*re.findall(r'<table id="table-([^"]+)"', page.text), "number-cards"} == set(names)
    book = sheets(sample_run.path / "tables.xlsx")
    listed = [cell["text"] for cell in book["contents"] if str(cell["place"]).startswith("A")]
    assert listed[-len(names) :] == names
    assert len(book) == len(names) + 1
    assert [path.name for path in sample_run.path.iterdir() if path.is_dir()] == []
    package = json.loads((sample_run.path / "datapackage.json").read_text(encoding="utf-8"))
    assert {"tables.xlsx", "applicant-names.csv"} <= {entry["path"] for entry in package["resources"]}


def test_files_hold_the_numbers_that_the_page_rounds(sample_run: Run) -> None:
    """A figure is a number in CSV and XLSX, with all its digits; a dash is an empty cell."""
    table = Table("t", ["name", "n"], [["a", figure(1234567)], ["b", figure(1 / 3)], ["c", percent(None)]], name="t")
    assert spreadsheets.as_csv(table) == "name,n\na,1234567\nb,0.3333333333\nc,\n"
    cells = {str(cell["place"]): cell for cell in sheets(sample_run.path / "tables.xlsx")["readings"]}
    scores = store.read(sample_run.path / "scores.parquet").to_pandas()
    names = [name for name in scores.columns if name.startswith("in_topic_")]
    for row, name in enumerate(names, 5):
        assert f"in_topic_{cells[f'A{row}']['text']}" == name
        assert cells[f"A{row}"]["type"] != "n"
        assert cells[f"C{row}"]["type"] == "n"
        assert int(str(cells[f"C{row}"]["text"])) == scores[name].fillna(value=False).astype(bool).sum()


@given(st.lists(st.one_of(st.sampled_from(FORMULAS), st.text()), min_size=1, max_size=5))
def test_no_cell_of_a_csv_is_a_formula(texts: list[str]) -> None:
    """Whatever a cell says, no cell begins as a formula does, and the text is still there."""
    table = Table("t", ["head"] * len(texts), [texts], name="t")
    (_, row) = csv.reader(io.StringIO(spreadsheets.as_csv(table), newline=""), lineterminator="\n")
    assert not any(cell[:1] in {*"=+-@＝＋－＠\t\r\n"} for cell in row if cell)
    kept = ["" if text == "–" else re.sub(r"\r\n?", "\n", harmless(text)) for text in texts]
    assert [cell if cell == text else cell.removeprefix("'") for cell, text in zip(row, kept, strict=True)] == kept


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path, sample_run: Run) -> None:
    """Texts that look like formulas, numbers or links are texts, and a cell that is too long says that it was cut."""
    texts = [*FORMULAS, "12", "https://example.org/", "x" * 40_000]
    path = tmp_path / "t.xlsx"
    spreadsheets.write_workbook(
        path, [Table("t", ["h"] * len(texts), [texts], name="t")], RunTables.read(sample_run.folder).as_of
    )
    ((_, cells),) = sheets(path).items()
    assert all(cell["type"] == "inlineStr" for cell in cells)
    assert "40,000 characters" in str(cells[-1]["text"])
    with zipfile.ZipFile(path) as book:
        assert not [name for name in book.namelist() if "_rels/sheet" in name]


def test_second_writing_gives_the_same_bytes(sample_run: Run, copied: RunFolder) -> None:
    """No clock is in the page, its tables or the papers beside it."""
    time.sleep(2.1)  # ZIP counts in steps of two seconds
    write_report(copied)
    for name in FILES["report"]:
        assert copied.file(name).read_bytes() == sample_run.folder.file(name).read_bytes(), name


def test_run_that_can_judge_nothing_has_a_card_that_refuses(sample_run: Run) -> None:
    """Without an assessable question there is no figure to quote, and the card says why; the sample is named."""
    (made,) = claim_card.cards(RunTables.read(sample_run.folder))
    assert made["figure"] == "no figure can be quoted from this run"
    assert "sample" in made["caveat"]
    assert tuple(made) == claim_card.LINES


def test_cards_have_all_that_belongs_to_a_figure(made_run: Run) -> None:
    """Each question has a card with its figure and range, certainty, how it was counted, and how to see behind it."""
    tables = RunTables.read(made_run.folder)
    made = claim_card.cards(tables)
    (claim,) = tables.claims
    first = claim["card"]
    assert first is not None
    questions = {entry["asks"]: entry for entry in claim["questions"]}
    assert sorted(card["question"] for card in made) == sorted(questions)
    assert (made[0]["figure"], made[0]["range"], made[0]["evidence"]) == (
        *(first["figure"], first["range"], first["certainty_sum"]),
    )
    assert made[0]["records"].split("\n") == first["show"]
    for card in made:
        entry = questions[card["question"]]
        assert entry["spec_id"] in card["counted as"]
        assert card["range"] in entry["line"]
        shown = [f"--spec {entry['spec_id']} --side {side} --year 2024" for side in ("left", "right")]
        assert [command.partition("--claim china-73 ")[2] for command in card["records"].split("\n")] == shown
        assert (claim["sentence"] if card == made[0] else entry["line"]) in card["caveat"]
        assert tables.state["sources"][0]["licence"] in card["sources"]
        assert card["dates"] == f"newest record {tables.as_of}; retrieved: not stated"
        assert card["searches"] == "made.parquet: 1,500 rows, not known whether the search is whole"
