"""From a search at OPS to the report: killed and resumed, then replayed offline byte for byte."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from factories import bytes_of
from processes import here, start
from servers.ops import Moods, serve
from worlds.ops_search import CLAIM, SMALL, records

MEMBERS = "family members are not known"
KEYS = {"EPO_OPS_KEY": "planted-key", "EPO_OPS_SECRET": "planted-secret"}
NO_KEYS = dict.fromkeys(("EPO_OPS_KEY", "EPO_OPS_SECRET", "OPS_KEY", "OPS_SECRET"))


def test_killed_resumed_and_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A killed fetch loses at most the request in flight; the run is proven complete, and the same again offline."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    made = records(1500)
    with serve(made) as (base, state):
        address = {"PATENTSCOPE_OPS_URL": base, **KEYS}
        first = start(tmp_path, "fetch", "small.toml", **address)
        while state.requests < 12 and first.poll() is None:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        assert state.requests >= 12
        account = here(capsys, tmp_path, "fetch", "small.toml", "--json", **address)
        asked_twice = [path for path, times in state.asked.items() if times > 1]
        assert len(asked_twice) <= 1
        assert '"status": "complete"' in account
        here(capsys, tmp_path, "run", "small.toml", "--source", "ops", "--out", "a", **address)
        assert max(state.asked.values()) <= 2
    here(capsys, tmp_path, "run", "small.toml", "--offline", "--out", "b", **NO_KEYS, PATENTSCOPE_OPS_URL=base)
    assert "report.html" in bytes_of(tmp_path / "a")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    state_file = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    (source,) = state_file["sources"]
    assert sum(piece["received"] for piece in source["slices"]) >= len(made)
    publications = next(stage for stage in state_file["stages"] if stage["stage"] == "publications")
    assert publications["rows_out"] == len(made)
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "Completeness of the fetch" in page
    assert "complete</td>" in page
    assert MEMBERS in stopped(tmp_path / "a")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"planted-" not in path.read_bytes(), path


def test_family_members_from_search_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--families` the members are counted and shown, what needs them is assessed, and offline it is the same."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    found = [replace(record, family=f"F{record.number}") for record in records(90)]
    others = [replace(record, office="EP", title="A hinge", cpc=("E05D3/02",)) for record in found]
    with serve(found + others, Moods(bare={others[0].name})) as (base, state):
        words = ("run", "small.toml", "--source", "ops", "--out", "a")
        here(capsys, tmp_path, *words, PATENTSCOPE_OPS_URL=base, **KEYS)
        assert MEMBERS in stopped(tmp_path / "a")
        told = here(capsys, tmp_path, *words, "--families", PATENTSCOPE_OPS_URL=base, **KEYS)
        assert "90 families: at most 90 requests, about 2 minutes at 60 a minute" in told
        assert max(state.asked.values()) == 1
        fetched = here(capsys, tmp_path, "fetch", "small.toml", "--families", PATENTSCOPE_OPS_URL=base, **KEYS)
    assert "90 of 90 simple families have all members" in fetched
    words = ("run", "small.toml", "--offline", "--families", "--out", "b")
    here(capsys, tmp_path, *words, PATENTSCOPE_OPS_URL=base, **NO_KEYS)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert MEMBERS not in stopped(tmp_path / "a")
    state_file = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    publications = next(stage for stage in state_file["stages"] if stage["stage"] == "publications")
    assert publications["rows_out"] == len(found) + len(others)
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "members of the families found" in page
    assert "EP 90" in page
    assert "not proven</td>" not in page


def stopped(folder: Path) -> set[str]:
    """Return why ways to count the first claim were stopped."""
    claim = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["claims"][0]
    return {row["reason"] for row in claim["stopped"]}


def test_offline_without_answers_names_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With an empty cache, `--offline` fails with the question that has no answer."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    said = here(capsys, tmp_path, "run", "small.toml", "--offline", code=1, **NO_KEYS)
    assert "offline, and this question has no kept answer" in said


@pytest.mark.parametrize("arguments", [["--sample", "--source", "ops"], ["--source", "derwent"]])
def test_a_contradictory_or_unknown_choice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """The sample mixes with nothing; an unknown source is answered with the known ones."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    here(capsys, tmp_path, "run", "small.toml", *arguments, code=2, **KEYS)
