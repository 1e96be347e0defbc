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
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from patentscope import Run
from patentscope.cli import main
from patentscope.cli.progress import Display, progress
from patentscope.fetch.ops.card import KEY_NAMES
from patentscope.files.import_files import import_files
from patentscope.provenance.progress import Progress
from patentscope.records.store import to_table, write

from factories import make_publication
from places import QUERY
from processes import start
from servers.ops import Moods, serve
from worlds.ops_search import CLAIM, SMALL, records

_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # whoever runs the tests


def lines(*told: tuple[float, Progress], until: float) -> list[str]:
    """Return the plain lines for what is *told* at its times, while a line may be written each second."""
    now, waiting = 0.0, list(told)
    stream = io.StringIO()
    display = Display(Console(file=stream), lambda: now)
    while now <= until:
        while waiting and waiting[0][0] <= now:
            display.tell(waiting.pop(0)[1])
        display.write_line()
        now += 1
    return stream.getvalue().splitlines()


@pytest.fixture
def ops_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A key, and a folder of one's own with a query in it."""
    monkeypatch.setenv("EPO_OPS_KEY", "key")
    monkeypatch.setenv("EPO_OPS_SECRET", "secret")
    monkeypatch.chdir(tmp_path)
    Path("a query.toml").write_text(SMALL + CLAIM, encoding="utf-8")


def test_rate_and_remaining_time() -> None:
    """200 of 1,000 in 10 seconds after the first 100 are 10 a second, and 80 seconds are left for the other 800."""
    told = [(at, Progress("search", 100 + 10 * at, 1000, "hits", "quota")) for at in (0, 10)]
    assert lines(*told, until=12) == ["0:00:10  search; 200 of 1,000 hits, 10 a second, 0:01:20 left; quota"]
    assert lines((0, Progress("search", 2)), (10, Progress("search", 3)), until=10)[0].endswith("; 3, 6 a minute")


def test_the_rate_is_that_of_the_last_minute() -> None:
    """What was kept comes at once and what is asked for slowly: the remaining time is not that of what was kept."""
    told = [(0, Progress("a", 0, 2000)), *((at, Progress("a", 1000 + at, 2000)) for at in range(1, 100))]
    assert re.search(r"1 a second, 0:1[45]:\d\d left", lines(*told, until=100)[-1])


def test_another_count_has_a_rate_of_its_own() -> None:
    """The rate lasts through a wait, which counts nothing itself, and not into another count."""
    told = [Progress("a", 0, 90), Progress("waiting 8 s"), Progress("a", 20, 90), Progress("b", 9)]
    written = lines(*zip((0, 1, 10, 71), told, strict=True), until=80)
    assert written == ["0:00:10  a; 20 of 90, 2 a second, 0:00:35 left", "0:01:11  b; 9"]


def test_a_pipe_gets_few_plain_lines() -> None:
    """Short work says nothing, ten minutes give ten lines without control codes, and a long wait is said once."""
    told = [(at, Progress("a [b] :x:", at, 600, beside="稀土" * 90)) for at in range(600)]
    assert lines(*told[:9], until=9) == []
    written = lines(*told, until=599)
    assert len(written) == 10
    assert all(line.isprintable() and "a [b] :x:; " in line and line.endswith("稀土" * 90) for line in written)
    assert len(lines((0, Progress("waiting 600 s, as OPS asks")), until=600)) == 1


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}])
def test_a_terminal_s_lines_fit(environment: dict[str, str]) -> None:
    """No line is wider than the terminal, wide characters counted twice; no colour where none is wanted."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=60, _environ={"TERM": "xterm-256color", **environment})
    display = Display(console)
    display.tell(Progress("x" * 70, is_notice=True))
    display.tell(Progress(f"reading {'稀土' * 40}", 10, 90, "kB", "limits " * 30))
    console.print(display.drawn())
    plain = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()).splitlines()
    assert plain[0] == "x" * 70
    assert len(plain) == 3
    assert all(sum(2 if "一" <= character <= "鿿" else 1 for character in line) <= 60 for line in plain[1:])
    assert "10 of 90 kB; limits" in plain[2]
    assert bool(re.search(r"\x1b\[[\d;]*3[0-8]", stream.getvalue())) is not bool(environment)


class Terminal:
    """A real terminal in place of stderr, and all that was written to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
        """Open it; *environment* is set."""
        self._written = b""
        self._ours, theirs = pty.openpty()
        monkeypatch.setattr("sys.stderr", os.fdopen(theirs, "w", encoding="utf-8"))
        for name, value in {"TERM": "xterm", "COLUMNS": "160", **environment}.items():
            monkeypatch.setenv(name, value)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError):  # Linux's way to say that the other end is closed
            while True:
                self._written += os.read(self._ours, 1 << 16)

    def closed(self) -> str:
        """Close it, and return all that was written."""
        sys.stderr.close()
        self._reader.join()
        os.close(self._ours)
        return self._written.decode()


@pytest.mark.usefixtures("ops_key")
def test_a_terminal_shows_rate_and_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real terminal a fetch shows its count, rate, remaining time and the quota used, and takes them back."""
    with serve(records(500), Moods(slow=dict.fromkeys(range(1, 20), 0.45))) as (base, _):
        terminal = Terminal(monkeypatch, PATENTSCOPE_OPS_URL=base, NO_COLOR="1")
        assert main(["fetch", "a query.toml"]) == 0
    written = terminal.closed()
    assert re.search(r"\d:\d\d:\d\d +\w+/1 ", written)
    assert re.search(r"[1-4]00 of 500 hits, \d+ a second, 0:00:0\d left", written)
    assert "search green, 100000 a minute; 0.0 of about 450 MB this hour; " in written
    assert written.endswith("\x1b[?25h\r\x1b[1A\x1b[2K\x1b[1A\x1b[2K")


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cursor can't be moved it is not moved; notices are written all the same."""
    terminal = Terminal(monkeypatch, TERM="dumb")
    with progress() as tell:
        tell(Progress("a", 1, 2))
        tell(Progress("3 GiB would be read", is_notice=True))
    assert terminal.closed() == "3 GiB would be read\r\n"


def test_import_tells_of_its_files(tmp_path: Path) -> None:
    """An import counts the files that it reads by their size."""
    write(to_table([make_publication("CN118000001A")]), tmp_path / "a.parquet")
    write(to_table([make_publication("JP2024000001A")]), tmp_path / "b.parquet")
    told: list[Progress] = []
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    import_files(paths, tmp_path / "out.parquet", form=None, most_bad=0.01, progress=told.append)
    size = told[1].done
    assert size
    assert told == [
        Progress(f"reading {paths[0]}", 0, 2 * size, "kB"),
        Progress(f"reading {paths[1]}", size, 2 * size, "kB"),
        Progress("merging what the files hold"),
    ]


def interrupt(process: subprocess.Popen[str]) -> tuple[str, list[str]]:
    """Press Ctrl-C, and return what was said and the words of the command that goes on."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert "Traceback" not in err
    program, *words = shlex.split(err.splitlines()[-1])
    assert program == "patentscope"
    return err, words


@pytest.mark.usefixtures("ops_key")
def test_ctrl_c_in_a_fetch(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted fetch exits with 130, says what is kept, and the command that it names asks for nothing twice."""
    with serve(records(2200)) as (base, state):
        monkeypatch.setenv("PATENTSCOPE_OPS_URL", base)
        process = start(tmp_path, "fetch", "a query.toml", "--json", before=_CTRL_C)
        while state.requests < 12 and process.poll() is None:
            time.sleep(0.02)
        err, words = interrupt(process)
        assert "interrupted; every answer received so far is kept in cache. To go on:" in err
        assert state.requests >= 12
        assert main(words) == 0
    assert json.loads(capsys.readouterr().out)[0]["status"] == "complete"
    assert sum(times - 1 for times in state.asked.values()) <= 1  # the one in flight


def test_ctrl_c_in_a_run(
    sample_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted run exits with 130; the command that it names does the rest, and ends as one that was not."""
    process = start(tmp_path, "run", str(QUERY), "--sample", "--out", "r", before=_CTRL_C)
    while not (tmp_path / "r" / "scores.parquet").is_file() and process.poll() is None:
        time.sleep(0.02)
    err, words = interrupt(process)
    assert "the stages that were done in the run's folder" in err
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--json"]) == 0
    assert "publications" in json.loads(capsys.readouterr().out)["skipped"]
    for name in ("verdict.json", "curve.csv", "report.html"):
        assert (tmp_path / "r" / name).read_bytes() == sample_run.folder.file(name).read_bytes()


@pytest.mark.usefixtures("ops_key")
def test_a_quota_names_the_command_that_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fetch that meets a quota exits with 1 and says when, and with which command, to go on."""
    with serve(records(500), Moods(quota_after=3)) as (base, _):
        monkeypatch.setenv("PATENTSCOPE_OPS_URL", base)
        assert main(["fetch", "a query.toml", "--source", "ops", "--cache", "My answers"]) == 1
    err = capsys.readouterr().err
    assert re.search(r"go on after 2\d{3}-\d\d-\d\d \d\d:\d\d UTC", err)
    assert err.endswith(
        "kept in My answers. To go on:\n  patentscope fetch 'a query.toml' --source ops --cache 'My answers'\n"
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
