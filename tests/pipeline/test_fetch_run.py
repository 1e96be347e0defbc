"""From a search at OPS to the report: killed and resumed, then replayed offline byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from factories import bytes_of
from servers.ops import Moods, serve
from worlds.ops_search import CLAIM, SMALL, records


def command(*arguments: str, folder: Path, base: str = "", key: bool = True) -> subprocess.Popen[str]:
    """Start the program in *folder*, with a key and a base address or without."""
    environment = {name: value for name, value in os.environ.items() if "OPS" not in name}
    if base:
        environment["PATENTSCOPE_OPS_URL"] = base
    if key:
        environment |= {"EPO_OPS_KEY": "planted-key", "EPO_OPS_SECRET": "planted-secret"}
    return subprocess.Popen(
        [sys.executable, "-m", "patentscope", *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def done(process: subprocess.Popen[str]) -> str:
    """Wait for the program, and return what it printed; it must have succeeded."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def test_killed_resumed_and_replayed(tmp_path: Path) -> None:
    """A killed fetch loses at most the request in flight; the run is proven complete, and the same again offline."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    made = records(2200)
    with serve(made) as (base, state):
        first = command("fetch", "small.toml", folder=tmp_path, base=base)
        while state.requests < 12 and first.poll() is None:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        assert state.requests >= 12
        account = json.loads(done(command("fetch", "small.toml", "--json", folder=tmp_path, base=base)))
        asked_twice = [path for path, times in state.asked.items() if times > 1]
        assert len(asked_twice) <= 1
        assert account[0]["proven_complete"] is True
        done(command("run", "small.toml", "--source", "ops", "--out", "a", folder=tmp_path, base=base))
        assert max(state.asked.values()) <= 2
    done(command("run", "small.toml", "--offline", "--out", "b", folder=tmp_path, base=base, key=False))
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
    reasons = {row["gate"] for row in json.loads((tmp_path / "a" / "verdict.json").read_text())["claims"][0]["gates"]}
    assert "family members" in reasons
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"planted-" not in path.read_bytes(), path


def test_family_members_from_search_to_report(tmp_path: Path) -> None:
    """With `--families` the members are counted and shown, what needs them is assessed, and offline it is the same."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    found = [replace(record, family=f"F{record.number}") for record in records(90)]
    others = [replace(record, office="EP", title="A hinge", cpc=("E05D3/02",)) for record in found]
    with serve(found + others, Moods(bare={others[0].name})) as (base, state):
        done(command("run", "small.toml", "--source", "ops", "--out", "a", folder=tmp_path, base=base))
        assert "family members" in gates(tmp_path / "a")
        process = command(
            "run", "small.toml", "--source", "ops", "--families", "--out", "a", folder=tmp_path, base=base
        )
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "90 families: at most 90 requests, about 2 minutes at 60 a minute" in err
        assert max(state.asked.values()) == 1
        fetched = done(command("fetch", "small.toml", "--families", folder=tmp_path, base=base))
    assert "90 of 90 simple families have all members" in fetched
    done(command("run", "small.toml", "--offline", "--families", "--out", "b", folder=tmp_path, base=base, key=False))
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert "family members" not in gates(tmp_path / "a")
    state_file = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    publications = next(stage for stage in state_file["stages"] if stage["stage"] == "publications")
    assert publications["rows_out"] == len(found) + len(others)
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "members of the families found" in page
    assert "EP 90" in page
    assert "not proven</td>" not in page


def gates(folder: Path) -> set[str]:
    """Return the gates that stopped the first claim's specifications."""
    claim = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["claims"][0]
    return {row["gate"] for row in claim["gates"] if not row["passed"]}


def test_offline_without_answers_names_the_first(tmp_path: Path) -> None:
    """With an empty cache, `--offline` fails with the question that has no answer, and no traceback."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    process = command("run", "small.toml", "--offline", folder=tmp_path, key=False)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "offline, and this question has no kept answer" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["--sample", "--source", "ops"], ["--source", "derwent"]])
def test_a_contradictory_or_unknown_choice_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    """The sample mixes with nothing; an unknown source is answered with the known ones."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    process = command("run", "small.toml", *arguments, folder=tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in err
