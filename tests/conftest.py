"""What several test files need: one finished run on the sample."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from patentscope import Query, Run, run
from patentscope.provenance.run_folder import RunFolder

import browser
import page_checks
from places import QUERY, ROOT

# No clock decides whether a test passes; what is tried is the same every time.
settings.register_profile("patentscope", deadline=None, derandomize=True)
settings.load_profile("patentscope")


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of the shipped query on the embedded sample."""
    return run(Query.load(QUERY), sample=True, out=tmp_path_factory.mktemp("sample"))


@pytest.fixture
def copied(sample_run: Run, tmp_path: Path) -> RunFolder:
    """The folder of a copy of the sample run, which a test may spoil."""
    return RunFolder.existing(Path(shutil.copytree(sample_run.path, tmp_path / "copy")))


@pytest.fixture(scope="session")
def made_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of the shipped query on 1,500 made publications: utility models, silent parties, many offices."""
    spec = importlib.util.spec_from_file_location("landscape", ROOT / "benchmarks" / "landscape.py")
    assert spec is not None
    assert spec.loader is not None
    landscape = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(landscape)
    path = tmp_path_factory.mktemp("made")
    landscape.write(path / "made.parquet", 1500, seed=7)
    return run(Query.load(QUERY), inputs=[path / "made.parquet"], out=path / "run")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """A headless Chromium; without one the tests are skipped, where CI is set they fail."""
    program = browser.find()
    if program is None:
        message = f"no Chromium here (looked for {', '.join(browser.NAMES)}): the page was not tried in a browser"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with browser.Browser(program, tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def opened(chromium: browser.Browser, made_run: Run) -> browser.Browser:
    """The page of the made run, which answers its claim, opened afresh from its file, its first charts drawn."""
    return _open(chromium, made_run)


@pytest.fixture
def opened_sample(chromium: browser.Browser, sample_run: Run) -> browser.Browser:
    """The sample run's page, likewise."""
    return _open(chromium, sample_run)


@pytest.fixture
def unfolded(opened: browser.Browser) -> browser.Browser:
    """The made run's page with every part open, all in it drawn and listed."""
    page_checks.unfold(opened)
    return opened


def _open(chromium: browser.Browser, run: Run) -> browser.Browser:
    chromium.size(1280)
    chromium.dark(on=False)
    chromium.logged.clear()
    chromium.asked.clear()
    chromium.open(run.folder.file("report.html").resolve().as_uri())
    chromium.wait_for(browser.READY)
    return chromium
