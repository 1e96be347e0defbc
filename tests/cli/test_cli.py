"""The command line: verbs, exit codes, and what is said where."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from patentscope import Run
from patentscope.cli import main
from patentscope.cli.printing import table_lines
from patentscope.fetch.catalogue import NETWORK
from patentscope.fetch.ops.card import KEY_NAMES
from patentscope.provenance.run_folder import RunFolder
from patentscope.records import store

from factories import QUERY, make_publication
from places import QUERY as SHIPPED
from processes import ended, start


def test_check_prints_a_verdict(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` holds another claim against the run, and exits 0 whatever the verdict; `--json` has its parts."""
    assert main(["check", str(sample_run.path), "CN > US in 2010..2020"]) == 0
    out = capsys.readouterr().out
    assert "\n  Can't be checked\n" in out
    assert "how China compared with the United States in 2010 to 2020" in out
    assert main(["check", str(sample_run.path), "CN > US+AU+JP by 73% in 2024", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["ratio_claimed"], result["verdict"]) == (1.73, "not assessable")
    names = [entry["question"] for entry in result["questions"]]
    assert names == ["market", "ownership", "invention", "international"]


def test_show_counts_what_counts_csv_says(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """For every cell of counts.csv, `show` lists publications of as many units."""
    counts = sample_run.counts
    for _, row in counts[counts["question"] == "market"].head(6).iterrows():
        arguments = ["show", str(sample_run.path), "--question", "market", "--country", row["country"]]
        assert main([*arguments, "--year", str(row["year"]), "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert shown["n"] == float(row["n"])
        assert shown["publications"]


def test_show_by_spec_counts_what_the_curve_says(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """For a specification of the curve, `show` finds the right side's units, country by country."""
    curve = sample_run.curve
    mine = curve[(curve["claim_id"] == "china-73") & (curve["basis"] == "priority")]
    row = mine[mine["right_n"].astype(float) > 1].iloc[0]
    total = 0.0
    for country in ("US", "AU", "JP"):
        arguments = ["show", str(sample_run.path), "--spec", row["spec_id"], "--country", country, "--year", "2024"]
        assert main([*arguments, "--json"]) == 0
        total += json.loads(capsys.readouterr().out)["n"]
    assert total == float(row["right_n"])


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("run no-such.toml --sample", 2, "no-such.toml: 1 fault"),
        ("run QUERY", 3, "EPO_OPS_KEY and EPO_OPS_SECRET are not set"),
        (
            "run QUERY --input no-such.parquet",
            1,
            "no such file\nThe searches to export by hand:\n  patentscope sources",
        ),
        ("run QUERY --sample --as-of 9999-12-31", 2, "that day is still to come"),
        ("check no-such-run 'CN > US in 2024'", 2, "no run at this path"),
        ("show no-such-run", 2, "no run at this path"),
        ("report no-such-run", 2, "no run at this path"),
        ("check RUN 'China leads'", 2, "write it like"),
        ("show RUN --spec zzz", 2, "0 ways to count"),
        ("show RUN --question fame", 2, "this run has market, ownership"),
        ("show RUN --way oecds", 2, "this run has first_filings, oecd"),
        ("show RUN --country CN+Atlantis", 2, "expected a code such as CN"),
        ("show RUN --country QQ", 2, "expected a code such as CN"),
    ],
)
def test_a_user_s_mistake_is_one_plain_message(
    command: str,
    code: int,
    words: str,
    sample_run: Run,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mistake gives its exit code and a message with what would work on stderr, nothing on stdout, no traceback."""
    monkeypatch.chdir(tmp_path)
    for pair in KEY_NAMES:
        monkeypatch.delenv(pair[0], raising=False)
    assert main(shlex.split(command.replace("QUERY", str(SHIPPED)).replace("RUN", str(sample_run.path)))) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_show_takes_the_unknown(sample_run: Run) -> None:
    """`unknown` is a country of counts.csv, too."""
    assert main(["show", str(sample_run.path), "--country", "unknown"]) == 0


def test_a_faulty_query_lists_its_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All faults of a query file are on stderr, one a line."""
    path = tmp_path / "bad.toml"
    text = QUERY.replace("year = 2024", "year = 1").replace('left = ["CN"]', 'left = ["US"]')
    path.write_text(text, encoding="utf-8")
    assert main(["run", str(path), "--sample"]) == 2
    err = capsys.readouterr().err
    assert all(words in err for words in ("2 faults", "claims[0].year", "must not overlap"))


def test_run_prints_results_to_stdout_only(sample_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run prints its records, verdict and report on stdout, and on stderr what was not done again."""
    shutil.copytree(sample_run.path, tmp_path / "r")
    command = ["run", str(SHIPPED), "--sample", "--out", str(tmp_path / "r")]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "Can't be checked" in out
    assert "report.html" in out
    assert re.match(r"233 publications of \d+ inventions, \d+ of them on topic; retrieved ", out)
    assert "class_strict" not in out
    assert err == "Unchanged, so not done again: publications, holdings, classify, counts, report\n"
    assert main([*command, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["skipped"] == ["publications", "holdings", "classify", "counts", "report"]
    assert err == ""


def test_report_opens_its_page_and_says_so_where_it_can_not(copied: RunFolder, tmp_path: Path) -> None:
    """`report --open` hands the page's file to the user's browser; where there is none it says so, and is done."""
    browser, kept = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f"#!/bin/sh\nprintf %s $1 > {kept}\n", encoding="utf-8")
    browser.chmod(0o755)
    none = {"PATH": str(tmp_path / "nothing"), "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    said = ended(start(tmp_path, "report", str(copied.path), "--open", **none, BROWSER=f"{browser} %s"))
    assert kept.read_text(encoding="utf-8") == copied.file("report.html").resolve().as_uri()
    assert "No browser" not in said
    said = ended(start(tmp_path, "report", str(copied.path), "--open", **none, BROWSER=str(tmp_path / "absent")))
    assert "No browser could be opened from here" in said
    assert f"Report: {copied.file('report.html')}" in said


def test_a_table_fits_a_terminal_and_is_not_folded_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns stand under each other, wide characters counted twice, numbers to the right; only a terminal folds."""
    for is_terminal in (False, True):
        stream = io.StringIO()
        stream.isatty = lambda value=is_terminal: value  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stdout", stream)
        monkeypatch.setenv("COLUMNS", "40")
        lines = table_lines([("稀土", 7, "word " * 30), ("ab", 1234, "[b]c :x:")], "name", "n", "text", indent=2)
        written = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
        assert written[-1] == "  ab    1,234  [b]c :x:"
        assert written[1].startswith("  稀土      7  word word")
        assert (len(written) == 3) is not is_terminal
        assert not is_terminal or max(map(len, written)) <= 40


def test_a_run_without_anything_on_topic_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Records that no reading takes are counted as such, so that a wrong export is not taken for a finding."""
    off_topic = make_publication("CN118000001A", title="Hinge", cpc=("E05D3/02",), publication_date="2024-05-01")
    store.write(store.to_table([off_topic]), tmp_path / "p")
    (tmp_path / "q.toml").write_text(QUERY, encoding="utf-8")
    assert main(["run", str(tmp_path / "q.toml"), "--input", str(tmp_path / "p"), "--out", str(tmp_path / "r")]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert re.match(r"1 publications of 1 inventions, 0 of them on topic; ", first)
    assert second.startswith("  None is on topic: ")


def test_an_option_given_twice_takes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--input A --input B` reads both files: what was named first is never silently left out."""
    (tmp_path / "q.toml").write_text(QUERY, encoding="utf-8")
    words = ["run", str(tmp_path / "q.toml"), "--out", str(tmp_path / "r")]
    for name in ("first", "second"):
        store.write(store.to_table([make_publication(publication_date="2024-05-01")]), tmp_path / name)
        words += ["--input", str(tmp_path / name)]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("2 publications of 2 inventions")


def test_files_of_one_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two exports that are called the same are named with their folders, and nothing of the path above them."""
    (tmp_path / "q.toml").write_text(QUERY, encoding="utf-8")
    paths = [tmp_path / folder / "export.parquet" for folder in ("lens", "espacenet")]
    for path in paths:
        path.parent.mkdir()
        store.write(store.to_table([make_publication(publication_date="2024-05-01")]), path)
    words = ["run", str(tmp_path / "q.toml"), "--input", *map(str, paths), "--out", str(tmp_path / "r")]
    assert main(words) == 0
    assert "\n2 sources: 2 rows, not known whether the search is whole\n" in capsys.readouterr().out
    assert main([*words, "--verbose"]) == 0
    out = capsys.readouterr().out
    assert "\nlens/export.parquet: 1 rows" in out
    assert "\nespacenet/export.parquet: 1 rows" in out


@pytest.mark.parametrize(
    "words",
    [
        "verify RUN",
        "diff RUN RUN",
        "show RUN",
        "check RUN 'CN > US in 2015'",
        "report RUN",
        "label draw RUN --per-country 2 --out s.csv",
        "import RUN/publications.parquet --out o.parquet",
        "sources",
        "new heat-pumps",
        "completion zsh",
        "fetch QUERY --sql",
        "evaluate --labelled l.csv --text text --label label --positive yes --folds 2",
    ],
    ids=lambda words: words.split(" ", maxsplit=1)[0],
)
def test_json_everywhere(
    words: str,
    sample_run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With `--json` every verb prints one JSON document on stdout and nothing else there."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample_run.path, "run")
    lines = [f"{'yes' if i % 2 else 'no'},{'rare earth magnet' if i % 2 else 'door hinge'} {i % 7}" for i in range(80)]
    Path("l.csv").write_text("\n".join(["label,text", *lines]), encoding="utf-8")
    arguments = shlex.split(words.replace("RUN", "run").replace("QUERY", str(SHIPPED)))
    assert main([*arguments, "--json"]) == 0, capsys.readouterr().err
    assert json.loads(capsys.readouterr().out)


def test_sources_lists_what_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sources` names who can be asked; with no query at hand it says how to come to one, and what it names works."""
    monkeypatch.chdir(tmp_path)
    assert main(["sources", "--json"]) == 0
    names = [entry["name"] for entry in json.loads(capsys.readouterr().out)]
    assert names == ["sample", *NETWORK, "files", "by hand"]
    assert main(["sources"]) == 0
    out = capsys.readouterr().out
    assert "--sample" in out
    assert "`patentscope new NAME` writes a query" in out
    assert main(["new", "heat-pumps"]) == 0
    assert main(["sources", "--query", capsys.readouterr().out.strip()]) == 0
    assert "saved as lens-cn.csv" in capsys.readouterr().out


def test_no_command_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command the help is printed, and the exit code says that nothing was done."""
    assert main([]) == 2
    assert "examples:" in capsys.readouterr().out


def test_charts_are_saved_and_offered(sample_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`report --charts` saves each chart as SVG and PNG; `run.charts` gives the same ones to a notebook."""
    assert main(["report", str(sample_run.path), "--charts", str(tmp_path), "--json"]) == 0
    saved = json.loads(capsys.readouterr().out)["charts"]
    names = sample_run.charts.names
    assert sorted(Path(path).name for path in saved) == sorted(f"{n}.{s}" for n in names for s in ("svg", "png"))
    assert (tmp_path / "published-1.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "published-1.png").read_bytes().startswith(b"\x89PNG")
    assert sample_run.charts.trend("market").to_dict()["config"]
    with pytest.raises(AttributeError, match="it has published"):
        sample_run.charts.nothing()
