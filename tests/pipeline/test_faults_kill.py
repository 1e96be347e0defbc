"""Kill -9 in the middle of a stage and of a write: what `fuzz/kills.py` does two hundred times, a few times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from patentscope.provenance.run_folder import FILES

import kills


def test_a_killed_run_is_whole_as_far_as_it_goes_and_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    """One run killed in four stages one after the other: every file is whole each time, and the end is the same."""
    with kills.works(tmp_path, ["run"]) as (work,):
        kills.learn(work)
        work.clear()
        chance, struck = random.Random(3), []  # noqa: S311 - seeded on purpose
        for stage in ("publications", "classify", "counts", "report"):
            struck.append(kills.kill_once(work, stage, chance))
            kills.check_killed(work)
        kills.check_resumed(work)
    assert sum(map(bool, struck)) >= 2, struck
    assert set(work.expected) >= {name for names in FILES.values() for name in names}


@pytest.mark.parametrize("name", ["fetch", "import"])
def test_a_killed_fetch_and_a_killed_import_leave_nothing_half(tmp_path: Path, name: str) -> None:
    """Killed while it asks, or while it reads and writes: no half answer, no half file, and the same bytes after it."""
    with kills.works(tmp_path, [name]) as (work,):
        kills.learn(work)
        assert kills.strike(work, kills.START, random.Random(5)) or work.files()  # noqa: S311 - as above
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"planted-" not in path.read_bytes(), path


def test_a_half_file_under_a_final_name_would_be_seen(tmp_path: Path) -> None:
    """The check itself sees a file that is cut short, and one that the resume would make otherwise."""
    with kills.works(tmp_path, ["import"]) as (work,):
        kills.learn(work)
        path = tmp_path / work.results
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(kills.FaultError, match="half-written"):
            kills.check_killed(work)
