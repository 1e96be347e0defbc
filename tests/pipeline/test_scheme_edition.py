"""A query that names another edition of the CPC scheme: what it changes, what run.json says, when it is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patentscope import Query, Run, pipeline, run
from patentscope.cli import main
from patentscope.errors import QueryError, UsageError
from patentscope.provenance.progress import Progress
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store

from factories import PLAIN, make_publication
from worlds.title_lists import GROUPS, sections, write_list

LIST = "CPCTitleList202605.zip"
MADE = [
    *(
        make_publication(f"US1000000{n}A", publication_date="2024-08-01", cpc=("C22B59/10", "C22B7/99"))
        for n in range(3)
    ),
    make_publication("US20000000A", publication_date="2024-08-01", cpc=("C22B59/10", "C22B7/001")),
    make_publication("US30000000A", publication_date="2024-08-01", cpc=("C22B59/10", "C22B7/005")),
]
#: C22B7/005 stands under C22B7/001 in the small list, and beside it in the next edition.
MOVED = tuple((symbol, "1" if symbol == "C22B7/005" else level) for symbol, level in GROUPS)


def query_in(folder: Path, *symbols: str, scheme: str = LIST) -> Query:
    """Return the query whose one group is *symbols*, loaded from a file in *folder* that names the list."""
    text = PLAIN.replace(
        "[topic.classes]", f'[topic]\nscheme = "{scheme}"\n[topic.classes]\nsome = {json.dumps(symbols)}'
    )
    text = text.replace("[topic.readings]", '[topic.readings]\nsome = { all = ["classes.some"] }')
    (folder / "query.toml").write_text(text, encoding="utf-8")
    return Query.load(folder / "query.toml")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A parquet file of five made publications; the list lies beside it."""
    store.write(store.to_table(MADE), tmp_path / "in.parquet")
    write_list(tmp_path / LIST, sections())
    return tmp_path / "in.parquet"


def counted(done: Run) -> int:
    """Return how many families the run puts into the reading `some`."""
    stage = done.folder.stage("classify")
    assert stage is not None
    return int(stage["notes"]["families in some"])


def test_a_run_reads_classes_in_the_edition_that_the_query_names(source: Path, tmp_path: Path) -> None:
    """The tree of that list decides, run.json names it with its hash, and the page shows its titles."""
    done = run(query_in(tmp_path, "C22B7/001"), inputs=[source], out=tmp_path / "run")
    assert counted(done) == 2
    scheme = done.folder.state["scheme"]
    assert {name: scheme[name] for name in ("edition", "file", "symbols")} == {
        "edition": "2026.05",
        "file": LIST,
        "symbols": sum(text.count("\n") for text in sections().values()),
    }
    assert len(scheme["sha256"]) == 64
    assert scheme["titles"]["C22B7/001"] == "Title of C22B7/001"
    page = (done.path / "report.html").read_text(encoding="utf-8")
    assert "Title of C22B7/001" in page
    assert "CPC 2026.05" in page
    stage = done.folder.stage("classify")
    assert stage is not None
    gaps = [(gap["country"], gap["count"]) for gap in stage["gaps"] if "not in CPC 2026.05" in gap["reason"]]
    assert gaps == [("C22B7", 3)]


def test_the_next_edition_under_the_same_name_is_read_again(source: Path, tmp_path: Path) -> None:
    """The file's content enters the hash of the stage: unchanged it is skipped, with another tree done again."""
    query = query_in(tmp_path, "C22B7/001")
    assert counted(run(query, inputs=[source], out=tmp_path / "run")) == 2
    assert "classify" in run(query, inputs=[source], out=tmp_path / "run").folder.skipped
    write_list(tmp_path / LIST, sections(MOVED))
    again = run(query_in(tmp_path, "C22B7/001"), inputs=[source], out=tmp_path / "run")
    assert "publications" in again.folder.skipped
    assert "classify" not in again.folder.skipped
    assert counted(again) == 1


def test_counting_again_needs_the_file_only_where_classes_are_read_again(source: Path, tmp_path: Path) -> None:
    """Without the list a finished run is counted and shown again; where its classes must be read, the error says so."""
    done = run(query_in(tmp_path, "C22B7/001"), inputs=[source], out=tmp_path / "run")
    (tmp_path / LIST).unlink()
    pipeline.count_again(RunFolder.existing(done.path))
    assert main(["report", str(done.path)]) == 0
    folder = RunFolder.existing(done.path)
    folder.state["stages"] = [entry for entry in folder.state["stages"] if entry["stage"] != "classify"]
    folder.save()
    with pytest.raises(UsageError, match=rf"{LIST}: nothing at this path.*copy the file"):
        pipeline.count_again(folder)
    write_list(done.path / LIST, sections(MOVED))
    with pytest.raises(UsageError, match="found another file"):
        pipeline.count_again(folder)
    write_list(done.path / LIST, sections())
    assert counted(pipeline.count_again(folder)) == 2


def test_a_list_that_is_missing_is_a_fault_of_the_query(tmp_path: Path) -> None:
    """A query whose list isn't beside it says where it was looked for, and what would work."""
    with pytest.raises(QueryError, match=r"topic\.scheme: found nothing at .*none\.zip; expected the list"):
        query_in(tmp_path, "C22B7/001", scheme="none.zip")


def test_a_symbol_that_the_scheme_does_not_hold_is_a_remark(source: Path, tmp_path: Path) -> None:
    """It is no fault: the run says so, names the nearest symbol there is, and counts those that hold it."""
    told: list[Progress] = []
    done = run(query_in(tmp_path, "C22B7/99"), inputs=[source], out=tmp_path / "run", progress=told.append)
    (notice,) = [one.what for one in told if one.is_notice and "C22B7/99 " in one.what]
    assert "C22B7/99 is not in CPC 2026.05" in notice
    assert "The nearest that the scheme holds is C22B7/00" in notice
    assert done.folder.state["scheme"]["absent"]["C22B7/99"] == "C22B7/00"
    assert counted(done) == 3
