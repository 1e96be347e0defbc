"""Kill -9 in the middle of a stage and of a write: what `fuzz/kills.py` does two hundred times, a few times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from patentscope.provenance.run_folder import FILES

import kills


def test_a_killed_run_is_whole_as_far_as_it_goes_and_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    """One run killed in three stages one after the other: every file is whole each time, and the end is the same."""
    with kills.works(tmp_path, ["run"]) as (work,):
        kills.learn(work)
        work.clear()
        chance, struck = random.Random(3), []  # noqa: S311 - seeded on purpose
        for stage in ("publications", "counts", "report"):
            struck.append(kills.kill_once(work, stage, chance))
            kills.check_killed(work)
        kills.check_resumed(work)
    assert sum(map(bool, struck)) >= 2, struck
    assert set(work.expected) >= {name for names in FILES.values() for name in names}


@pytest.mark.parametrize(("name", "result"), [("fetch", "counts.csv"), ("import", "many.parquet")])
def test_a_killed_fetch_and_a_killed_import_leave_nothing_half(tmp_path: Path, name: str, result: str) -> None:
    """Killed while it asks, or while it reads and writes: no half file, the same bytes after it; a half one is seen."""
    with kills.works(tmp_path, [name], rows=4000, hits=200) as (work,):
        kills.learn(work)
        assert kills.strike(work, kills.START, random.Random(5)) or work.files()  # noqa: S311 - as above
        path = next(tmp_path.rglob(result))
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(kills.FaultError, match="half-written"):
            kills.check_killed(work)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"planted-" not in path.read_bytes(), path
