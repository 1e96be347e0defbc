"""The notebook: it is committed without results, and goes from the query to the curve when it is executed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from patentscope.query.convention import QUESTIONS

from places import QUERY, ROOT

NOTEBOOK = ROOT / "docs" / "from-query-to-curve.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after all its cells were executed by Jupyter's own kernel, in a folder laid out as the project's."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "docs").mkdir()
    (desk / "queries").mkdir()
    for path in QUERY.parent.glob(f"{QUERY.stem}.*"):
        shutil.copy(path, desk / "queries")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(desk / "jupyter"))
        client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(desk / "docs")}})
        client.execute()
    assert (desk / "runs" / "notebook" / "report.html").is_file()
    return notebook


def outputs(notebook: Any, cell: str) -> list[Any]:
    """Return what a cell gave, by its id."""
    (found,) = [entry for entry in notebook.cells if entry.id == cell]
    return list(found.outputs)


def shown(notebook: Any, cell: str) -> dict[str, Any]:
    """Return what a cell shows, by media type."""
    return dict(outputs(notebook, cell)[-1].data)


def test_committed_without_results() -> None:
    """The file holds no output, no count of executions, and no path of the machine that wrote it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    assert not re.search(r"/(home|root|mnt|Users)/", NOTEBOOK.read_text(encoding="utf-8"))


def test_its_chart_needs_no_network(executed: Any) -> None:
    """A chart is drawn as a picture that any notebook shows, with words in it, and nothing to be loaded."""
    picture = shown(executed, "curve")["image/svg+xml"]
    assert picture.startswith("<svg")
    assert "claimed 1.73" in picture
    assert "rank of the ratio" in picture
    assert "Where it was invented: every way to count" in picture
    assert not re.search(r"(href|src)=.https?:", picture)


def test_it_shows_verdicts_and_tables(executed: Any) -> None:
    """The run shows its claims as sentences; questions, curve and publications are tables with rows in them."""
    for kind in ("text/html", "text/plain"):
        text = shown(executed, "run")[kind].replace("&#x27;", "'")
        assert "Can't be checked" in text, kind
        assert all(f"{asks[0].upper()}{asks[1:]}: " in text for asks in QUESTIONS.values()), kind
    assert shown(executed, "run")["text/plain"].count("\n") > len(QUESTIONS)
    for cell in ("readings", "questions", "curve-table"):
        assert shown(executed, cell)["text/html"].count("<tr") > 2, cell
    assert "Holds in these records" in shown(executed, "made")["text/plain"]
    assert shown(executed, "show")["text/plain"].startswith("(10.0,")
    assert "Japan was ahead in 2020: 40, against 10 for Australia" in shown(executed, "check")["text/plain"]


def test_nothing_warns(executed: Any) -> None:
    """No cell writes to stderr."""
    written = [out for cell in executed.cells for out in cell.get("outputs", []) if out.get("name") == "stderr"]
    assert written == []


def test_it_names_files_that_are_there() -> None:
    """Links in the text, and the query that is loaded, lead somewhere."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    for target in [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'load\(\\"([^"\\]+)', text)]:
        assert Path(NOTEBOOK.parent / target).is_file(), target
