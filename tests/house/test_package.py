"""The package: what travels in the wheel and in the source archive, and what is needed to run it."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from places import ROOT


def tracked() -> list[str]:
    """Return the paths of all files that the repository holds, or is about to."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted(path for path in done.stdout.splitlines() if (ROOT / path).is_file())


def built(folder: Path, umask: int, zone: str) -> Path:
    """Return a folder with the wheel and the source archive, built from a copy of the repository's files."""
    for path in tracked():
        copy = folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / path).read_bytes())
        copy.chmod(0o666 & ~umask)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist")]
    settings = os.environ | {"SOURCE_DATE_EPOCH": "1700000000", "TZ": zone}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=settings, umask=umask)
    return folder / "dist"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive."""
    return built(tmp_path_factory.mktemp("one"), 0o022, "UTC")


@pytest.fixture(scope="module")
def wheel(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel holds, unpacked as an installer does."""
    (path,) = dist.glob("*.whl")
    folder = tmp_path_factory.mktemp("wheel")
    shutil.unpack_archive(path, folder, "zip")
    return folder


def test_the_archives_are_the_same_bytes_twice(dist: Path, tmp_path: Path) -> None:
    """Another folder, umask and time zone give the same wheel and source archive."""
    again = built(tmp_path / "elsewhere", 0o077, "Pacific/Kiritimati")
    assert [path.suffix for path in sorted(dist.iterdir())] == [".whl", ".gz"]
    for path in dist.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_everything_travels_and_nothing_else(dist: Path, wheel: Path) -> None:
    """The wheel has every file of the package and every query, the source archive every file of the repository."""
    inside = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    ours = {path for path in tracked() if path.startswith("patentscope/")}
    ours |= {f"patentscope/data/{path}" for path in tracked() if path.startswith("queries/")}
    assert {path for path in inside if not re.match(r"patentscope-[\w.]+\.dist-info/", path)} == ours
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {*tracked(), "PKG-INFO"}


def test_the_wheel_alone_runs(wheel: Path, tmp_path: Path) -> None:
    """From an empty folder, a shipped query runs by its name; so do the first commands of the README."""

    def say(*words: str) -> str:
        command = [sys.executable, "-m", "patentscope", *words]
        settings = os.environ | {"PYTHONPATH": str(wheel), "PYTHONSAFEPATH": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    name = "rare-earth-recycling"
    assert f"runs/{name}/report.html" in say("run", name, "--sample")
    run = json.loads((tmp_path / "runs" / name / "run.json").read_text(encoding="utf-8"))
    assert run["query"]["text"] == (ROOT / "queries" / f"{name}.toml").read_text(encoding="utf-8")
    assert (tmp_path / "runs" / name / "published.csv").is_file()
    assert "China" in say("check", name, "JP > CN in 2000..2010")
    assert say("show", name, "--side", "right")
    assert "patentscope run" in say("sources", "--query", name)
    copy = say("new", "--from", name).strip()
    assert json.loads(say("run", copy, "--sample", "--json"))["skipped"]
    assert say("completion", "bash")


def test_the_bill_names_what_is_installed_with_the_wheel(dist: Path, tmp_path: Path) -> None:
    """The bill is sound CycloneDX 1.6, and the same twice: what the wheel needs, pinned and licensed, and no tool."""
    settings = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    texts = []
    for name in ("one", "two"):
        shutil.copytree(dist, tmp_path / name)
        command = [sys.executable, str(ROOT / ".ci" / "bill.py"), str(tmp_path / name), *sys.path]
        subprocess.run(command, check=True, env=settings)
        (path,) = (tmp_path / name).glob("patentscope-*.cdx.json")
        texts.append(path.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(texts[0]) is None
    bill = json.loads(texts[0])
    (digest,) = bill["metadata"]["component"]["hashes"]
    (archive,) = dist.glob("*.whl")
    assert digest["content"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert {part["name"] for part in bill["components"] if not part.get("licenses")} == set()
    pinned = dict(line.lower().split("==") for line in (ROOT / "constraints.txt").read_text().splitlines()[1:])
    named = {part["name"].lower(): part["version"] for part in bill["components"]}
    assert {name for name in named if name.replace(".", "-") not in pinned and name not in pinned} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert names_of(project["dependencies"]) <= named.keys()
    assert not {"pytest", "ruff", "hatchling", "pyspark"} & named.keys()


def test_one_version_is_written_everywhere() -> None:
    """pyproject.toml, CITATION.cff and the newest heading of the changelog name one version, and the heading a day."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    newest = re.search(r"^## (\S+) \((.+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited
    assert newest
    assert {cited[1], newest[1]} == {project["version"]}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d|unreleased", newest[2])


def test_the_workflow_runs_pinned_actions_and_may_only_read() -> None:
    """Every action is pinned to a commit, with its version beside it; the token may read, and nothing else."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.+)", text)
    assert uses
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses)
    assert re.findall(r"permissions:\n((?:  .+\n)+)", text) == ["  contents: read\n"]
    assert ".ci/run" in text


def imported() -> set[str]:
    """Return the top names of all modules that the package imports, its own and Python's left out."""
    names = set()
    for path in (ROOT / "patentscope").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"patentscope", "__future__"}


def names_of(requirements: Iterable[str]) -> set[str]:
    """Return the names of the packages that are required, those of extras left out."""
    return {re.split(r"[^\w.-]", entry)[0].lower() for entry in requirements if "extra ==" not in entry}


def test_what_is_needed_is_imported_and_nothing_else() -> None:
    """Every requirement is imported somewhere in the package; every import is required, if only by a requirement."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = names_of([*project["dependencies"], *extras["bigquery"], *extras["spark"]])
    brought = names_of(entry for name in needed for entry in importlib.metadata.requires(name) or ())
    homes = importlib.metadata.packages_distributions()
    found = {module: {name.lower() for name in homes.get(module, ())} for module in imported()}
    assert needed - set().union(*found.values()) == {"spacy-lookups-data"}  # spaCy finds its tables there
    assert {module for module, names in found.items() if not names & (needed | brought)} == set()
