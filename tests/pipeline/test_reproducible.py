"""The same query, data and version give the same bytes, whatever the language, clock, seed, threads and place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factories import CLASSIFIER, claim, query_text
from places import ROOT
from processes import files

PACKAGE = ROOT / "patentscope"
#: With what the text classifier needs to be trained, so that its sums are among the bytes.
QUERY = query_text(
    classes={"rare_earth": ["C22B59", "C01F17"], "recycling": ["C22B7", "B09B", "Y02P10/20", "Y02W30/84"]},
    terms={
        "en": {
            "rare_earth": ["rare earth", "neodymium", "lanthanum", "magnet"],
            "recycling": ["recycle", "recover", "scrap", "waste"],
        }
    },
    readings={"terms": {}, **CLASSIFIER},
    claims=[claim(year=2019, right=["US"], exceeds_by=None)],
)
#: Every variation differs from the others in all that a second machine may differ in.
VARIATIONS: dict[str, dict[str, str]] = {
    "plain": {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"},
    "tr": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2",
           "OPENBLAS_CORETYPE": "Prescott"},
    "de": {"LANG": "de_DE.ISO-8859-1", "TZ": "America/St_Johns", "PYTHONHASHSEED": "random", "PYTHONUTF8": "0",
           "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "COLUMNS": "40"},
    "bare": {"LC_ALL": "POSIX", "TZ": "", "PYTHONHASHSEED": "4294967295", "PYTHONOPTIMIZE": "1", "HOME": "/nonexistent",
             "OMP_NUM_THREADS": "7"},
}  # fmt: skip


def run_in(folder: Path, package: Path, variation: dict[str, str]) -> dict[str, bytes]:
    """Run the small query in *folder* with the package at *package*; return the run's files."""
    folder.mkdir(parents=True)
    (folder / "small.toml").write_text(QUERY, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "SYSTEMROOT") if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(package.parent), **variation}
    code = "import sys; from patentscope import cli; print(cli.__file__, flush=True); sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "run", "small.toml", "--sample", "--out", "out"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(str(package)), done
    assert done.returncode == 0, done.stderr
    return files(folder / "out")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The run's files where nothing is special."""
    return run_in(tmp_path_factory.mktemp("plain") / "run", PACKAGE, VARIATIONS["plain"])


@pytest.mark.parametrize("name", [name for name in VARIATIONS if name != "plain"])
def test_locale_zone_seed_threads_and_place_change_no_byte(plain: dict[str, bytes], tmp_path: Path, name: str) -> None:
    """In Turkish on Kiritimati on an old processor, in ISO-8859-1 in Newfoundland, with no home: the same bytes.

    The last is installed in another folder, with files touched at another time.
    """
    package = PACKAGE
    if name == "bare":
        package = tmp_path / "elsewhere" / "patentscope"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
    found = run_in(tmp_path / "a b é" / name, package, VARIATIONS[name])
    assert sorted(found) == sorted(plain)
    assert b'"trained": true' in plain["classifier.json"]
    assert [part for part in plain if plain[part] != found[part]] == []


def test_nothing_of_the_place_is_written(plain: dict[str, bytes]) -> None:
    """No file of a run but timings.json holds the folder, the home, the user or the host it was made in."""
    telltales = [str(ROOT), str(Path.home()), os.environ.get("USER", ""), os.uname().nodename, "/tmp/"]  # noqa: S108
    for name, raw in plain.items():
        for word in telltales:
            assert len(word) < 6 or word.encode() not in raw, (name, word)
