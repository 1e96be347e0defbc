"""DuckDB as the engine: what does not fit into memory goes to disk, and nothing of it stays there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from patentscope.engines.duckdb import MEMORY, DuckEngine
from patentscope.errors import UsageError


def test_what_does_not_fit_is_spilled_and_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of twice the memory allowed is made all the same, and its overflow is gone when the engine is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(MEMORY, "60MB")
    rows = 8_000_000
    with DuckEngine() as engine:
        engine.make("wide", f"select range as a, hash(range) as b from range({rows})")
        spilled = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
        found = engine.frame("select count(*) as n, count(distinct a) as m from wide")
    assert found.to_dict(orient="records") == [{"n": rows, "m": rows}]
    assert spilled > 10_000_000
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_amount_of_memory_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable, its value and an amount that would work stand in the message."""
    monkeypatch.setenv(MEMORY, "a lot")
    with pytest.raises(UsageError, match="PATENTSCOPE_MEMORY=a lot: expected an amount such as 4GB"):
        DuckEngine()
