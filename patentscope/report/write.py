"""The page of a run, its tables to take away, and the papers that go with its numbers."""

from __future__ import annotations

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.writing import write_text
from patentscope.report import spreadsheets
from patentscope.report.page import page, stills
from patentscope.report.papers import write as papers
from patentscope.report.run_tables import RunTables

_NOBODY = papers.Review()


def get_ready() -> None:
    """Do ahead what needs no run: compile templates, draw and write for the first time."""
    page.get_ready()
    spreadsheets.get_ready()


def write_report(folder: RunFolder, review: papers.Review = _NOBODY) -> None:
    """Write the page of a run, its tables to take away and the papers that go with its numbers, *review* in them."""
    stills.begin()
    tables = RunTables.read(folder)
    made = page.make(tables)
    write_text(folder.file("report.html"), made.text)
    spreadsheets.write(folder, made.tables, made.names)
    papers.write_all(folder, tables, review)
