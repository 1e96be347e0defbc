"""A full disk, a folder that can't be written to, a clock that jumps, two runs at once: named, nothing half-written.

After each fault the same command once more gives the bytes of an undisturbed run.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from patentscope import Query, run
from patentscope.errors import WriteError
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store

from factories import PLAIN, day, make_publication
from processes import ended, files, start
from servers.ops import serve
from worlds.ops_search import SMALL, fetch, records

RUN = ("run", "small.toml", "--input", "in.parquet", "--as-of", "2000-06-30", "--out", "out")
_LIMITED = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit("
_LIMITED += "resource.RLIMIT_FSIZE, ({0}, {0})); "
_FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def filled(folder: Path) -> Path:
    """Return *folder* with a query and twenty publications in it."""
    (folder / "small.toml").write_text(PLAIN, encoding="utf-8")
    dates = {"filing_date": "1999-01-02", "publication_date": "1999-08-01"}
    rows = [make_publication(f"{'CN' if i % 3 else 'US'}1180000{i:02d}A", **dates) for i in range(20)]
    store.write(store.to_table(rows), folder / "in.parquet")
    return folder


def run_in(folder: Path, out: str = "out") -> dict[str, bytes]:
    """Do in this process what `RUN` does in one of its own, and return the files of the run."""
    run(Query.parse(PLAIN), inputs=[folder / "in.parquet"], as_of=day("2000-06-30"), out=folder / out)
    return files(folder / out)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a run that nothing happened to."""
    return run_in(filled(tmp_path_factory.mktemp("undisturbed")))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the query and its data in it."""
    return filled(tmp_path)


def test_a_full_disk_names_the_file_and_leaves_no_half(place: Path, undisturbed: dict[str, bytes]) -> None:
    """Where a file can't be written to its end, it is named, with exit code 1; room made, the same command finishes."""
    largest = max(len(raw) for name, raw in undisturbed.items() if name != "report.html")
    for room in (4_000, largest + 1):
        said = ended(start(place, *RUN, before=_LIMITED.format(room)), code=1)
        assert "can't be written" in said
        assert str(next(name for name in undisturbed if f"out/{name}:" in said))
        left = files(place / "out")
        assert not [name for name in left if name.endswith(".part")]
        assert all(raw == undisturbed[name] for name, raw in left.items() if name != "run.json")
    assert "classify" in ended(start(place, *RUN, "--json"))
    assert files(place / "out") == undisturbed


def test_a_full_disk_while_texts_are_put_aside(place: Path, undisturbed: dict[str, bytes]) -> None:
    """Where the temporary files' disk fills, the message says so and what to do, and the run's folder isn't begun."""
    on_disk = "from patentscope.records import texts; texts._IN_MEMORY = 1; "
    said = ended(start(place, *RUN, before=on_disk + _LIMITED.format(500), TMPDIR=str(place)), code=1)
    assert f"{place}: a temporary file can't be written" in said
    assert "set TMPDIR" in said
    assert sorted(files(place)) == ["in.parquet", "small.toml"]
    ended(start(place, *RUN, before=on_disk))
    assert files(place / "out") == undisturbed


def test_a_full_disk_in_the_middle_of_a_fetch_keeps_what_came(tmp_path: Path) -> None:
    """Answers that were kept before the disk was full are not asked for again."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    with serve(records(300)) as (base, state):
        keys = {"PATENTSCOPE_OPS_URL": base, "EPO_OPS_KEY": "k", "EPO_OPS_SECRET": "s"}
        said = ended(start(tmp_path, "fetch", "small.toml", before=_LIMITED.format(2_000), **keys), code=1)
        assert "cache/ops/" in said
        assert "can't be written" in said
        assert not list((tmp_path / "cache").rglob("*.part"))
        told = json.loads(ended(start(tmp_path, "fetch", "small.toml", "--json", **keys)))
    assert told[0]["status"] == "complete"
    assert sorted(state.asked.values())[-2:] == [1, 2]  # the one whose answer had no room


def _immutable(folder: Path) -> Callable[[], object] | None:
    """Make a folder one that nobody can write to, root included; return what undoes it, or None where that fails."""
    chattr = shutil.which("chattr")
    if os.geteuid():
        folder.chmod(0o555)
        return lambda: folder.chmod(0o755)
    if chattr is None or subprocess.run([chattr, "+i", str(folder)], check=False, capture_output=True).returncode:
        return None
    return lambda: subprocess.run([chattr, "-i", str(folder)], check=True)


def test_a_read_only_folder_is_named(place: Path, undisturbed: dict[str, bytes]) -> None:
    """A run's folder that may not be written to, and one that can't be made, are named; then the run is as ever."""
    (place / "out").mkdir()
    undo = _immutable(place / "out")
    if undo is None:
        pytest.skip("nothing here can make a folder read-only for root")
    try:
        with pytest.raises(WriteError, match=r"out/publications.parquet: can't be written"):
            run_in(place)
        with pytest.raises(WriteError, match="out/b: can't be made a folder"):
            run_in(place, "out/b")
    finally:
        undo()
    assert run_in(place) == undisturbed


def test_a_file_in_the_folders_place_is_named(place: Path) -> None:
    """Where the run's folder is a file, the message says so, and the file is left as it was."""
    (place / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteError, match="out: can't be made a folder"):
        run_in(place)
    assert (place / "out").read_text(encoding="utf-8") == "mine"


def test_two_runs_of_one_folder_do_not_mix(place: Path, undisturbed: dict[str, bytes]) -> None:
    """Of two runs into one folder one is told that the other is at work; what stands in the end is a whole run."""
    pair = [start(place, *RUN) for _ in range(2)]
    ends = [(process.communicate(timeout=240), process.returncode) for process in pair]
    assert {code for _, code in ends} <= {0, 1}
    assert 0 in {code for _, code in ends}
    assert all("another run is at work in this folder" in err for (_, err), code in ends if code)
    assert files(place / "out") == undisturbed


def test_a_folder_that_is_being_written_to_is_left_alone(place: Path, undisturbed: dict[str, bytes]) -> None:
    """While another process holds the folder a run is refused, nothing in it is touched; a killed one holds nothing."""
    RunFolder.open(place / "out")
    holder = os.open(place / "out", os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(WriteError, match="out: another run is at work"):
        run_in(place)
    assert files(place / "out") == {}
    os.close(holder)
    assert run_in(place) == undisturbed


def test_two_fetches_into_one_cache_at_once(tmp_path: Path) -> None:
    """Two processes fill one cache: both end well, prove complete, and what they leave answers offline as one would."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    with serve(records(300)) as (base, state):
        keys = {"PATENTSCOPE_OPS_URL": base, "EPO_OPS_KEY": "k", "EPO_OPS_SECRET": "s"}
        pair = [start(tmp_path, "fetch", "small.toml", "--json", **keys) for _ in range(2)]
        told = [json.loads(ended(process)) for process in pair]
        asked = dict(state.asked)
        alone = json.loads(ended(start(tmp_path, "fetch", "small.toml", "--json", "--cache", "other", **keys)))
    assert max(asked.values()) <= 2
    assert told[0] == told[1] == alone
    assert not list((tmp_path / "cache").rglob("*.part"))
    again = [fetch(base, tmp_path / name, offline=True)[0] for name in ("cache", "other")]
    assert again[0].equals(again[1])


@pytest.mark.skipif(_FAKETIME is None, reason="no libfaketime here to set a process's clock with")
@pytest.mark.parametrize("clock", ["@2001-02-03 04:05:06", "@2099-12-31 23:59:50 x5"])
def test_a_clock_that_is_wrong_changes_no_result(place: Path, undisturbed: dict[str, bytes], clock: str) -> None:
    """In another century, or over a new year's eve at five times the pace: the same bytes, but for timings.json."""
    ended(start(place, *RUN, LD_PRELOAD=str(_FAKETIME), FAKETIME=clock, FAKETIME_DONT_FAKE_MONOTONIC="0"))
    assert files(place / "out") == undisturbed
