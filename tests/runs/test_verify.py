"""`verify` finds what was touched since a run was made, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patentscope import Run
from patentscope.cli import main
from patentscope.errors import UsageError
from patentscope.provenance.run_folder import FILES, RunFolder
from patentscope.runs.verify import verify


def states(path: Path) -> dict[str, str]:
    """Return what `verify` says of each file."""
    return {row["file"]: row["state"] for row in verify(path)["files"]}


def test_an_untouched_run_is_as_made(sample_run: Run) -> None:
    """Every file that a stage wrote, and run.json itself, stand as they were written."""
    found = verify(sample_run.path)
    assert found["untouched"]
    assert found["made_by_this_version"]
    written = {name for names in FILES.values() for name in names}
    assert written < {row["file"] for row in found["files"]}


@pytest.mark.parametrize("name", [*FILES["counts"], *FILES["report"], "publications.parquet", "run.json"])
def test_one_changed_byte_is_found(copied: RunFolder, name: str) -> None:
    """Whichever file is changed, it is named, and no other."""
    path = copied.path
    if name == "run.json":
        state = json.loads((path / name).read_text(encoding="utf-8"))
        state["as_of"] = "1999-01-01"
        (path / name).write_text(json.dumps(state), encoding="utf-8")
    else:
        raw = (path / name).read_bytes()
        (path / name).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    found = verify(path)
    assert not found["untouched"]
    assert [row["file"] for row in found["files"] if row["state"] == "changed"] == [name]


def test_missing_and_foreign_files_are_named(copied: RunFolder) -> None:
    """A file that is gone is missing, and made again; one that no stage wrote is not of the run, nor touches it."""
    path = copied.path
    (path / "notes.txt").write_text("mine", encoding="utf-8")
    assert verify(path)["untouched"]
    (path / "curve.csv").unlink()
    assert states(path)["notes.txt"] == "not of this run"
    assert states(path)["curve.csv"] == "missing"
    assert not copied.is_current("counts", copied.state["stages"][3]["hash_in"])
    assert copied.is_current("report", copied.state["stages"][4]["hash_in"])


def test_the_command_says_it_with_its_exit_code(
    sample_run: Run, copied: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0 for an untouched run; 1, with the file's name, for a touched one."""
    assert main(["verify", str(sample_run.path)]) == 0
    path = copied.path
    (path / "counts.csv").write_text("country,year,n\nCN,2024,999\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(path)]) == 1
    assert "counts.csv: changed" in capsys.readouterr().out
    assert main(["verify", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["untouched"] is False


def test_no_run_is_a_clear_error(tmp_path: Path) -> None:
    """A folder without run.json has nothing to be held against."""
    with pytest.raises(UsageError, match=r"no run\.json"):
        verify(tmp_path)
