"""What several test files need: one finished run on the sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from patentscope import Query, Run, run

ROOT = Path(__file__).resolve().parent.parent
QUERY = ROOT / "queries" / "rare-earth-recycling.toml"


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of the shipped query on the embedded sample."""
    return run(Query.load(QUERY), sample=True, out=tmp_path_factory.mktemp("sample"))
