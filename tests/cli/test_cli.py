"""The command line: verbs, exit codes, and what is said where."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from patentscope import Run
from patentscope.cli import main
from patentscope.cli.parser import make_parser
from patentscope.fetch.catalogue import NETWORK
from patentscope.fetch.ops.access import KEY_NAMES
from patentscope.records import store

from factories import QUERY, make_publication
from places import QUERY as SHIPPED
from places import ROOT

VERBS = [
    *("run", "fetch", "import", "report", "check", "show", "diff", "verify", "sources"),
    *("label", "evaluate", "new", "completion"),
]


def test_check_prints_a_verdict(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` holds another claim against the run, and exits 0 whatever the verdict."""
    assert main(["check", str(sample_run.path), "CN > US in 2010..2020"]) == 0
    out = capsys.readouterr().out
    assert "Not assessable" in out
    assert "CN against US in 2010..2020" in out


def test_check_json_is_one_document(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints one JSON document on stdout and nothing else there."""
    assert main(["check", str(sample_run.path), "CN > US+AU+JP by 73% in 2024", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["ratio_claimed"], result["verdict"]) == (1.73, "not assessable")
    theirs = [(q["question"], q["listed"]) for q in result["questions"]]
    assert [name for name, _ in theirs] == ["market", "ownership", "invention", "international"]


def test_show_counts_what_counts_csv_says(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """For every cell of counts.csv, `show` lists publications of as many units."""
    counts = sample_run.counts
    for _, row in counts[counts["question"] == "market"].head(6).iterrows():
        arguments = ["show", str(sample_run.path), "--question", "market", "--country", row["country"]]
        assert main([*arguments, "--year", str(row["year"]), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["n"] == float(row["n"])
        assert found["publications"]


def test_show_by_spec_counts_what_the_curve_says(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """For a specification of the curve, `show` finds the right side's units, country by country."""
    curve = sample_run.curve
    mine = curve[(curve["claim_id"] == "china-73") & (curve["basis"] == "priority")]
    row = mine[mine["right_n"].astype(float) > 1].iloc[0]
    found = 0.0
    for country in ("US", "AU", "JP"):
        arguments = ["show", str(sample_run.path), "--spec", row["spec_id"], "--country", country, "--year", "2024"]
        assert main([*arguments, "--json"]) == 0
        found += json.loads(capsys.readouterr().out)["n"]
    assert found == float(row["right_n"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "no-such.toml", "--sample"], 2, "no-such.toml: 1 fault"),
        (["run", str(SHIPPED)], 3, "EPO_OPS_KEY and EPO_OPS_SECRET are not set"),
        (["run", str(SHIPPED), "--input", "no-such.parquet"], 1, "no such file"),
        (["check", "no-such-run", "CN > US in 2024"], 2, "no run at this path"),
        (["show", "no-such-run"], 2, "no run at this path"),
        (["report", "no-such-run"], 2, "no run at this path"),
    ],
)
def test_a_user_s_mistake_is_one_plain_message(
    arguments: list[str],
    code: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mistake gives its exit code and a message on stderr, nothing on stdout, and no traceback."""
    monkeypatch.chdir(tmp_path)
    for pair in KEY_NAMES:
        monkeypatch.delenv(pair[0], raising=False)
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_mistakes_against_a_run(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A faulty claim, an unknown specification and an unknown question name what would work."""
    run = str(sample_run.path)
    for arguments, words in (
        (["check", run, "China leads"], "write it like"),
        (["show", run, "--spec", "zzz"], "0 specifications"),
        (["show", run, "--question", "fame"], "this run answers"),
    ):
        assert main(arguments) == 2
        assert words in capsys.readouterr().err


def test_a_faulty_query_lists_its_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All faults of a query file are on stderr, one a line."""
    path = tmp_path / "bad.toml"
    text = QUERY.replace("year = 2024", "year = 1").replace('left = ["CN"]', 'left = ["US"]')
    path.write_text(text, encoding="utf-8")
    assert main(["run", str(path), "--sample"]) == 2
    err = capsys.readouterr().err
    assert "2 faults" in err
    assert "claims[0].year" in err
    assert "must not overlap" in err


def test_run_prints_results_to_stdout_only(tmp_path: Path) -> None:
    """In a pipe a run prints its records, verdict and report on stdout, and on stderr at most a plain line a minute."""
    command = [sys.executable, "-m", "patentscope", "run", str(SHIPPED), "--sample", "--out", str(tmp_path / "r")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "Not assessable" in done.stdout
    assert "report.html" in done.stdout
    assert re.match(r"233 publications in \d+ simple families; on topic: class_strict \d+, ", done.stdout)
    assert all(re.match(r"\d+:\d\d:\d\d  ", line) for line in done.stderr.splitlines())
    assert not re.search(r"[\r\x1b]", done.stderr)
    again = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(again.stdout)["skipped"] == ["publications", "classify", "holdings", "counts", "report"]


def test_a_run_without_anything_on_topic_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Records that no reading takes are counted as such, so that a wrong export is not taken for a finding."""
    off_topic = make_publication("CN118000001A", title="Hinge", cpc=("E05D3/02",), publication_date="2024-05-01")
    store.write(store.to_table([off_topic]), tmp_path / "p")
    (tmp_path / "q.toml").write_text(QUERY, encoding="utf-8")
    assert main(["run", str(tmp_path / "q.toml"), "--input", str(tmp_path / "p"), "--out", str(tmp_path / "r")]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert re.fullmatch(r"1 publications in 1 simple families; on topic: strict 0(, \w+ 0)*", first)
    assert second.startswith("  None is on topic: ")


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


def test_help_is_light() -> None:
    """`--help` imports none of the heavy libraries."""
    code = "import sys, patentscope.cli as c\ntry: c.main(['-h'])\nexcept SystemExit: print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("pandas", "numpy", "spacy", "sklearn", "altair", "duckdb", "pyarrow"):
        assert f"'{heavy}'" not in done.stdout


def test_every_command_has_help_and_is_in_the_readme() -> None:
    """Each verb has a help text and stands in the README; none is promised that isn't there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^patentscope (\w+)", text, flags=re.MULTILINE))
    help_text = make_parser().format_help()
    assert shown == set(VERBS)
    for verb in VERBS:
        assert re.search(rf"^    {verb}\s+\w", help_text, flags=re.MULTILINE)


def test_sources_lists_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    """`sources` names the sample and files, with how to use each."""
    assert main(["sources"]) == 0
    assert "--sample" in capsys.readouterr().out
    assert main(["sources", "--json"]) == 0
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == [
        "sample",
        *NETWORK,
        "files",
        "by hand",
    ]


def test_sources_away_from_a_clone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no query at hand, `sources` says how to come to one, and what it names works."""
    monkeypatch.chdir(tmp_path)
    assert main(["sources"]) == 0
    assert "`patentscope new NAME` writes a query" in capsys.readouterr().out
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
    assert (tmp_path / "published.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "published.png").read_bytes().startswith(b"\x89PNG")
    assert sample_run.charts.curve("market").to_dict()["config"]
    with pytest.raises(AttributeError, match="it has overview"):
        sample_run.charts.nothing()


def test_show_refuses_a_country_that_is_no_code(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A name, or a code that no office has, is a fault with exit code 2 and no count of 0; `unknown` is one."""
    for word in ("China", "QQ"):
        assert main(["show", str(sample_run.path), "--country", word]) == 2
        assert "expected a code such as CN" in capsys.readouterr().err
    assert main(["show", str(sample_run.path), "--country", "unknown"]) == 0
