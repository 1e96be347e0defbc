"""Progress: what a terminal shows, what a pipe gets, and what Ctrl-C leaves."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patentscope import Run
from patentscope.cli import main
from patentscope.cli.progress import Progress
from patentscope.fetch.ops.access import KEY_NAMES
from patentscope.files.import_files import import_files
from patentscope.records.store import to_table, write

from factories import make_publication
from places import QUERY
from servers.ops import Moods, serve
from worlds.ops_search import CLAIM, SMALL, records


def shown(told: list[tuple[float, str]], *, until: float, is_live: bool = False) -> str:
    """Return what is written when *told* is told at its times, and the clock ticks each second in between."""
    stream = io.StringIO()
    bar = Progress(stream, is_live=is_live)
    waiting = list(told)
    for second in range(int(until) + 1):
        while waiting and waiting[0][0] <= second:
            bar.tell(*reversed(waiting.pop(0)))
        bar.tick(float(second))
    bar.end()
    return stream.getvalue()


def on_terminal(arguments: list[str], folder: Path, base: str = "", **environment: str) -> str:
    """Return all that a command writes to a terminal of 24 lines by 80 columns."""
    ours, theirs = pty.openpty()
    set_in = {"TERM": "xterm", "EPO_OPS_KEY": "key", "EPO_OPS_SECRET": "secret", "PATENTSCOPE_OPS_URL": base}
    command = [sys.executable, "-m", "patentscope", *arguments]
    process = subprocess.Popen(
        command, cwd=folder, env=os.environ | set_in | environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # Linux's way to say that the other end is closed
            part = b""
        if not part:
            break
        written += part
    os.close(ours)
    assert process.wait(timeout=60) == 0, written.decode()
    return written.decode()


def test_rate_and_remaining_time() -> None:
    """200 of 1,000 in 10 seconds after the first 100 are 10 a second, and 80 seconds are left for the other 800."""
    out = shown(
        [(0, "search: 100 of 1,000; 1.0 of about 450 MB this hour"), (10, "search: 200 of 1,000; quota")], until=12
    )
    assert out == "0:10  search: 200 of 1,000, 10 a second, 1:20 left; quota\n"


def test_the_rate_is_that_of_the_last_minute() -> None:
    """What was kept comes at once and what is asked for slowly: the remaining time is not that of what was kept."""
    told = [(0.0, "a: 0 of 2,000"), (1.0, "a: 1,000 of 2,000")]
    told += [(1.0 + place, f"a: {1000 + place} of 2,000") for place in range(1, 100)]
    last = shown(told, until=100).splitlines()[-1]
    assert "1 a second" in last
    assert re.search(r"1[45]:\d\d left", last)


def test_slices_add_up() -> None:
    """A search cut into slices counts on from one to the next; a notice begins a new count."""
    bar = Progress(io.StringIO(), is_live=False)
    for second, text in enumerate(("s 2020: 800 of 800", "s 2021: 700 of 700", "s 2022: 100 of 900")):
        bar.tell(text, float(second * 10))
    assert bar._in_words() == "s 2022: 100 of 900, 40 a second, 0:20 left, 1,600 in all"
    bar.notice("90 families: at most 90 requests")
    bar.tell("families: 1 of 90", 31.0)
    bar.tell("families: 2 of 90", 33.0)
    assert bar._in_words() == "families: 2 of 90, 30 a minute, 2:56 left"


@pytest.mark.parametrize(
    "text", ["counts, stage 4/5", "waiting 30 s, as OPS asks; 0.05 of 4 GB this week", "0.05 of 4 GB"]
)
def test_a_quota_is_no_count(text: str) -> None:
    """What merely looks like a count gets no rate."""
    bar = Progress(io.StringIO(), is_live=False)
    bar.tell(text, 0.0)
    bar.tell(text, 5.0)
    assert bar._in_words() == text


def test_a_pipe_gets_few_plain_lines() -> None:
    """Elsewhere than on a terminal short work says nothing, and ten minutes give ten lines without control codes."""
    assert shown([(float(at), f"a: {at} of 9") for at in range(9)], until=9) == ""
    out = shown([(float(at), f"a: {at} of 600") for at in range(600)], until=599)
    assert len(out.splitlines()) == 10
    assert not re.search(r"[\r\x1b]", out)


def test_nothing_new_is_not_said_again() -> None:
    """A pipe hears of a long wait once."""
    assert shown([(0.0, "waiting 600 s, as OPS asks")], until=600).count("\n") == 1


def test_a_terminal_s_lines_fit_and_are_taken_back() -> None:
    """No line is wider than the terminal, wide characters counted twice; in the end nothing is left."""
    stream = io.StringIO()
    bar = Progress(stream, is_live=True)
    bar.tell(f"files: 10 of 90 kB, reading {'稀土' * 40}; {'limits ' * 30}", 0.0)
    bar.tick(0.5)
    drawn = stream.getvalue().split("\n")
    assert len(drawn) == 2
    assert all(sum(2 if "一" <= character <= "鿿" else 1 for character in line) <= 79 for line in drawn)
    bar.tick(0.9)
    bar.end()
    assert stream.getvalue().endswith("\r\x1b[1A\x1b[J")


@pytest.mark.parametrize("no_colour", ["", "1"])
def test_a_terminal_shows_rate_and_quota(no_colour: str, tmp_path: Path) -> None:
    """On a real terminal a fetch shows its count, rate and remaining time, the quota used, and never a colour."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    with serve(records(500), Moods(slow=dict.fromkeys(range(1, 20), 0.6))) as (base, _):
        written = on_terminal(["fetch", "small.toml"], tmp_path, base, NO_COLOR=no_colour)
    assert re.search(r"\d:\d\d  \w+/1 all: [1-4]00 of 500, \d+ a second, 0:0\d left", written)
    assert "search green, 100000 a minute; 0.0 of about 450 MB this hour; " in written
    assert "ops: 1000 records, complete" in written
    assert not re.search(r"\x1b\[[\d;]*m", written)


def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path) -> None:
    """Where the cursor can't be moved it is not moved."""
    written = on_terminal(["run", str(QUERY), "--sample", "--out", "r"], tmp_path, "", TERM="dumb")
    assert "\x1b" not in written


def test_import_tells_of_its_files(tmp_path: Path) -> None:
    """An import counts the files that it reads by their size."""
    write(to_table([make_publication("CN118000001A")]), tmp_path / "a.parquet")
    write(to_table([make_publication("JP2024000001A")]), tmp_path / "b.parquet")
    told: list[str] = []
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    import_files(paths, tmp_path / "out.parquet", form=None, most_bad=0.01, progress=told.append)
    counts = [re.fullmatch(r"files: (\d+) of (\d+) kB; reading .*\.parquet", text) for text in told[:2]]
    assert all(counts)
    first, second = ([int(number) for number in count.groups()] for count in counts if count)
    assert first == [0, 2 * second[0]] == [0, second[1]]
    assert told[2:] == ["merging what the files hold"]


def start(arguments: list[str], folder: Path, base: str = "") -> subprocess.Popen[str]:
    """Start the program as a shell does: Ctrl-C is not ignored, whoever runs the tests."""
    set_in = {"EPO_OPS_KEY": "key", "EPO_OPS_SECRET": "secret", "PATENTSCOPE_OPS_URL": base}
    return subprocess.Popen(
        [sys.executable, "-m", "patentscope", *arguments],
        cwd=folder,
        env=os.environ | set_in,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else is in it
    )


def interrupt(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """Press Ctrl-C, and return what was said and the words of the command that goes on."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert "Traceback" not in err
    *_, last = err.splitlines()
    program, *words = shlex.split(last)
    assert program == "patentscope"
    return err, words


def test_ctrl_c_in_a_fetch(tmp_path: Path) -> None:
    """An interrupted fetch exits with 130, says what is kept, and the command that it names asks for nothing twice."""
    (tmp_path / "a query.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    with serve(records(2200)) as (base, state):
        process = start(["fetch", "a query.toml", "--json"], tmp_path, base)
        while state.requests < 12 and process.poll() is None:
            time.sleep(0.02)
        err, words = interrupt(process)
        assert "interrupted; every answer received so far is kept in cache. To go on:" in err
        before = state.requests
        done = start(words, tmp_path, base)
        out, err = done.communicate(timeout=120)
        assert done.returncode == 0, err
        assert json.loads(out)[0]["proven_complete"] is True
        assert before >= 12
        assert sum(times - 1 for times in state.asked.values()) <= 1  # the one in flight


def test_ctrl_c_in_a_run(sample_run: Run, tmp_path: Path) -> None:
    """An interrupted run exits with 130; the command that it names does the rest, and ends as one that was not."""
    process = start(["run", str(QUERY), "--sample", "--out", "r"], tmp_path)
    while not (tmp_path / "r" / "scores.parquet").is_file() and process.poll() is None:
        time.sleep(0.02)
    err, words = interrupt(process)
    assert "the stages that were done in the run's folder" in err
    done = start([*words, "--json"], tmp_path)
    out, err = done.communicate(timeout=120)
    assert done.returncode == 0, err
    assert "publications" in json.loads(out)["skipped"]
    for name in ("verdict.json", "curve.csv", "report.html"):
        assert (tmp_path / "r" / name).read_bytes() == sample_run.folder.file(name).read_bytes()


def test_a_quota_names_the_command_that_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fetch that meets a quota exits with 1 and says when, and with which command, to go on."""
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    with serve(records(500), Moods(quota_after=3)) as (base, _):
        for name, value in (("KEY", "key"), ("SECRET", "secret")):
            monkeypatch.setenv(f"EPO_OPS_{name}", value)
        monkeypatch.setenv("PATENTSCOPE_OPS_URL", base)
        assert main(["fetch", "small.toml", "--source", "ops", "--cache", "My answers"]) == 1
    err = capsys.readouterr().err
    assert re.search(r"go on after 2\d{3}-\d\d-\d\d \d\d:\d\d UTC", err)
    assert err.endswith(
        "kept in My answers. To go on:\n  patentscope fetch small.toml --source ops --cache 'My answers'\n"
    )


def test_without_a_key_the_way_without_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing key exits with 3, and the command that prints the searches to export by hand is there to be copied."""
    for pair in KEY_NAMES:
        monkeypatch.delenv(pair[0], raising=False)
    assert main(["fetch", str(QUERY), "--source", "ops", "--cache", str(tmp_path)]) == 3
    *_, last = capsys.readouterr().err.splitlines()
    assert main(shlex.split(last)[1:]) == 0
    assert "saved as lens-cn.csv" in capsys.readouterr().out
